"""Compute which inputs of a network an output sees, layer by layer: the receptive field."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from course_utils.shapes.layers import Layer
from course_utils.shapes.networks import walk
from course_utils.shapes.numbers import shape_of
from course_utils.shapes.reach import Reach, identity_reach, whole_reach
from course_utils.shapes.seeing import INPUT, ReceptiveField, trace, windows_around
from course_utils.shapes.windowless import Dense


def receptive_fields(layers: Iterable[Layer], input_shape: Sequence[int]) -> tuple[ReceptiveField, ...]:
    """Compute the receptive field after each layer of a described network.

    Args:
        layers: Descriptions in the order in which the layers follow.
        input_shape: Shape of one example, (channels, *sizes); (features,) counts as one axis.

    Returns:
        One field a layer.

    Raises:
        TypeError: If a layer is no description, or a number is not an integer.
        ValueError: If a layer does not fit what the layer before puts out.
    """
    fields: list[ReceptiveField] = []
    shape = shape_of(input_shape)
    outputs = shape  # read by a first layer on (features,) only; maps have places of their own
    for place, (name, layer, shape) in enumerate(walk(layers, input_shape)):
        reaches = reaches_of(layer, shape, outputs)
        fields.append(follow(fields, name, reaches, (place - 1,)))
        outputs = fields[-1].outputs
    return tuple(fields)


def reaches_of(layer: Layer, shape: tuple[int, ...], outputs: tuple[int, ...]) -> tuple[Reach, ...]:
    """Say which places of the layer before a layer reads, also where those places have been flattened.

    Args:
        layer: The layer's description.
        shape: Shape of its input for one example.
        outputs: Places of the layer before along each axis.

    Returns:
        One reach for each of these axes.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If the layer does not fit the shape.
    """
    reaches = layer.reaches(shape)
    if isinstance(layer, Dense):
        return tuple(whole_reach(size) for size in outputs)
    return reaches if len(shape) > 1 else tuple(identity_reach(size) for size in outputs)


def follow(
    fields: Sequence[ReceptiveField], name: str, reaches: tuple[Reach, ...], sources: tuple[int, ...]
) -> ReceptiveField:
    r"""Compute the field of a layer from those of the layers that it reads.

    .. math:: \text{size}' = \text{size} + d (k - 1) \cdot \text{step}, \qquad
        \text{step}' = s \cdot \text{step}, \qquad \text{offset}' = \text{offset} + o \cdot \text{step}

    Args:
        fields: Fields of the layers before.
        name: The layer's name.
        reaches: Which places of the layers before it reads, one an axis.
        sources: Places of the layers that it reads among ``fields``; -1 is the network's input.

    Returns:
        The layer's field.

    Source:
        Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks (2019), section 2.
    """
    outputs = tuple(reach.outputs for reach in reaches)
    bare = ReceptiveField(name, (), (), (), outputs, reaches, sources)
    together = windows_around(trace([*fields, bare], [set(range(count)) for count in outputs]))
    windows = (
        _by_formula(fields, reach, axis, sources) or (stop - start, 0, start)
        for axis, (reach, (start, stop)) in enumerate(zip(reaches, together, strict=True))
    )
    size, step, offset = zip(*windows, strict=True)
    return replace(bare, size=size, step=step, offset=offset)


def _by_formula(
    fields: Sequence[ReceptiveField], reach: Reach, axis: int, sources: tuple[int, ...]
) -> tuple[int, int, int] | None:
    """Return size, step and offset along one axis, or None if one step does not describe the windows."""
    befores = [
        (1, 1, 0)
        if place == INPUT
        else (fields[place].size[axis], fields[place].step[axis], fields[place].offset[axis])
        for place in sources
    ]
    steps = {step for _, step, _ in befores}
    if reach.stride == 0 or len(steps) > 1 or 0 in steps:
        return None
    (step,) = steps
    first = min(offset for _, _, offset in befores)
    size = max(offset + size for size, _, offset in befores) - first
    return size + (reach.span - 1) * step, reach.stride * step, first + reach.offset * step
