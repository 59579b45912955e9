"""Say exactly which inputs of a network an output sees."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from course_utils.shapes.numbers import per_axis, whole
from course_utils.shapes.reach import Reach

INPUT = -1  # the place of the network's input among the sources of a field


@dataclass(frozen=True)
class ReceptiveField:
    r"""Hold which inputs of the network the outputs of one layer see, along each axis after the channels.

    .. math:: \text{output } i \text{ sees inputs } i \cdot \text{step} + \text{offset} \ldots
        i \cdot \text{step} + \text{offset} + \text{size} - 1

    A formula with one step does not hold where layers read unevenly (a transposed convolution, pooling to a
    size that does not divide the input); there, as after a dense layer, the field is what all outputs see.

    Attributes:
        name: The layer's name.
        size: Inputs from the first to the last one that an output sees, zeros of the padding included.
        step: Distance between the fields of neighbouring outputs, in inputs; 0 if all see the same.
        offset: First input that the first output sees; negative if it lies in the padding.
        outputs: Number of outputs along each axis; 1 after a dense layer, which has no places any more.
        reaches: Which outputs of the layer before each output reads.
        sources: Places of the layers before, among all fields; -1 is the network's input.

    Source:
        DGIST, sparse interaction: the receptive field grows with depth; Araujo, Norris and Sim, Computing
        receptive fields of convolutional neural networks (2019), section 2.
    """

    name: str
    size: tuple[int, ...]
    step: tuple[int, ...]
    offset: tuple[int, ...]
    outputs: tuple[int, ...]
    reaches: tuple[Reach, ...] = field(repr=False)
    sources: tuple[int, ...] = field(repr=False)


def seen_inputs(
    fields: Sequence[ReceptiveField], index: int | tuple[int, ...]
) -> tuple[tuple[int, ...], ...]:
    """List the inputs of the network that an output of the last layer sees.

    Args:
        fields: Fields from the first layer on; ``fields[:3]`` asks for an output of the third layer.
        index: Place of the output: one number for all axes, or one an axis; 0 after a dense layer.

    Returns:
        Places of the inputs along each axis, ascending; an output in the padding of all layers sees none.

    Raises:
        TypeError: If ``fields`` are no receptive fields, or a number is not an integer.
        ValueError: If the layer has no such output, or the first layers are left out.
    """
    fields = _from_the_first(fields)
    last = fields[-1]
    places = [whole(place, "index", least=0) for place in per_axis(index, "index", len(last.outputs))]
    for place, count in zip(places, last.outputs, strict=True):
        if place >= count:
            raise ValueError(
                f"index={index} but {last.name} has {last.outputs} outputs, from 0 on; give a smaller one"
            )
    return tuple(tuple(sorted(places)) for places in trace(fields, [{place} for place in places]))


def input_window(
    fields: Sequence[ReceptiveField], index: int | tuple[int, ...]
) -> tuple[tuple[int, int], ...]:
    """Return the window of inputs of the network that an output of the last layer sees.

    Args:
        fields: Fields from the first layer on; ``fields[:3]`` asks for an output of the third layer.
        index: Place of the output: one number for all axes, or one an axis; 0 after a dense layer.

    Returns:
        For each axis the first input and one beyond the last, as in a slice; the padding is cut off.

    Raises:
        TypeError: If ``fields`` are no receptive fields, or a number is not an integer.
        ValueError: If the layer has no such output, or the first layers are left out.
    """
    return windows_around(seen_inputs(fields, index))


def windows_around(places: Iterable[Collection[int]]) -> tuple[tuple[int, int], ...]:
    """Return the smallest window around places, for each axis; (0, 0) around none."""
    return tuple((min(each), max(each) + 1) if each else (0, 0) for each in places)


def trace(fields: Sequence[ReceptiveField], wanted: Sequence[set[int]]) -> tuple[set[int], ...]:
    """Go back from outputs of the last layer to the inputs of the network that they see.

    Args:
        fields: Fields from the first layer on.
        wanted: Places of outputs of the last of them, a set an axis.

    Returns:
        Places of the inputs, a set an axis.
    """
    open_places: dict[int, list[set[int]]] = {len(fields) - 1: list(wanted)}
    for place in range(len(fields) - 1, INPUT, -1):
        if place not in open_places:
            continue  # a branch that does not lead to these outputs
        outputs = open_places.pop(place)
        read = [
            {tap for output in some for tap in reach.taps(output)}
            for some, reach in zip(outputs, fields[place].reaches, strict=True)
        ]
        if not all(read):
            continue  # nothing but padding along one axis is nothing but padding
        for source in fields[place].sources:
            sizes = None if source == INPUT else fields[source].outputs
            known = open_places.setdefault(source, [set() for _ in read])
            for axis, taps in enumerate(read):
                alone = sizes is not None and sizes[axis] == 1  # one value, used at every place
                known[axis] |= {0} if alone else taps
    return tuple(open_places.get(INPUT, [set() for _ in wanted]))


def _from_the_first(fields: Sequence[ReceptiveField]) -> tuple[ReceptiveField, ...]:
    """Return fields as a tuple, or say why they do not lead back to the input."""
    found = tuple(fields) if isinstance(fields, Sequence) else ()
    if not found or not all(isinstance(each, ReceptiveField) for each in found):
        raise TypeError(
            "fields must be those that receptive_fields returned, at least one; slice them as fields[:3]"
        )
    if any(source >= place for place, each in enumerate(found) for source in each.sources):
        raise ValueError(
            f"fields begins with {found[0].name}, not with the first layer; cut at the end only: fields[:3]"
        )
    return found
