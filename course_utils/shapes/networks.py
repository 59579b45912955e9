"""Count each layer of a network that is described by its layers' options."""

from collections.abc import Iterable, Iterator, Sequence

from course_utils.shapes.counts import LayerRow
from course_utils.shapes.layers import Layer
from course_utils.shapes.numbers import naming, shape_of


def count_network(layers: Iterable[Layer], input_shape: Sequence[int]) -> tuple[LayerRow, ...]:
    """Count what each layer of a described network is made of.

    Args:
        layers: Descriptions in the order in which the layers follow, such as ``Conv(6, 5)`` and ``Pool(2)``.
        input_shape: Shape of one example, (channels, *sizes) or (features,).

    Returns:
        One row a layer, for one example. A layer without a name gets its kind and its place, from 1.

    Raises:
        TypeError: If a layer is no description, or a number is not an integer.
        ValueError: If a layer does not fit what the layer before puts out.

    Source:
        Toronto CSC 2515, size of a conv net.
    """
    return tuple(
        LayerRow(name, layer.what, layer.output_shape(shape), layer.count(shape))
        for name, layer, shape in walk(layers, input_shape)
    )


def walk(layers: Iterable[Layer], input_shape: Sequence[int]) -> Iterator[tuple[str, Layer, tuple[int, ...]]]:
    """Go through a described network with the shape that each layer reads.

    Args:
        layers: Descriptions in the order in which the layers follow.
        input_shape: Shape of one example, (channels, *sizes) or (features,).

    Yields:
        The name of a layer, its description, and the shape of its input.

    Raises:
        TypeError: If a layer is no description, or a number is not an integer.
        ValueError: If a layer does not fit what the layer before puts out.
    """
    shape = shape_of(input_shape)
    if isinstance(layers, Layer) or not isinstance(layers, Iterable):
        raise TypeError(
            f"layers must be a list of descriptions, but layers={layers!r:.60}; write [...] around it"
        )
    for place, layer in enumerate(layers, start=1):
        if not isinstance(layer, Layer):
            raise TypeError(
                f"layer {place} is {layer!r:.60} but a description is expected, such as Conv(6, 5); "
                "a module of torch is counted by count_module"
            )
        with naming(f"layer {place}, "):
            output = layer.output_shape(shape)
        yield layer.name or f"{layer.what} {place}", layer, shape
        shape = output
