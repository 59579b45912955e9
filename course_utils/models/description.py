"""A described network as a value, and the checks that make one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from course_utils.models.kinds import KINDS, OTHER_KINDS, Kind
from course_utils.models.options import Value, whole_number, written
from course_utils.models.suggesting import nearest

Row = tuple[str, str, Mapping[str, Any]]
MOST_WEIGHTS = (
    1_000_000_000  # four gigabytes: a layer beyond it is a slip, and making it could end the kernel
)
RESERVED = frozenset(dir(nn.Sequential()))  # names that a module of torch has already, such as forward
EXAMPLE = "write input: [1, 28, 28] for (channels, height, width), or input: 784 for features"


@dataclass(frozen=True)
class LayerDescription:
    """Hold one layer of a described network.

    Attributes:
        kind: What it is, such as "conv".
        name: Its name in the network.
        options: Each option with its value, in the order of the kind's; those left out have their default.
    """

    kind: str
    name: str
    options: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class NetworkDescription:
    r"""Hold a network as `describe_network` and `read_network` return it: every layer checked.

    Attributes:
        input_shape: Shape of one example, (channels, \*sizes) or (features,).
        layers: The layers, from the input to the output.
        shapes: Shape of one example after each layer.
    """

    input_shape: tuple[int, ...]
    layers: tuple[LayerDescription, ...]
    shapes: tuple[tuple[int, ...], ...]


def describe_network(input_shape: Any, rows: Iterable[Row]) -> NetworkDescription:
    r"""Check the rows of a network, and follow the shape of an example through it.

    Args:
        input_shape: Shape of one example, (channels, \*sizes) or (features,); a number is one of features.
        rows: Name, kind and options of each layer; one whose name is empty gets its kind and its place.

    Returns:
        The description, with every option that was left out.

    Raises:
        TypeError: If an option is of the wrong type.
        ValueError: If a layer or an option is not known, is missing or out of range, a name stands twice, or
            a layer does not fit what the layer before puts out.

    Source:
        Harvard IACS, Pylearn2: networks are specified in a program or in a file.
    """
    shape = first = _input_shape(input_shape)
    layers: list[LayerDescription] = []
    shapes: list[tuple[int, ...]] = []
    for place, row in enumerate(rows, start=1):
        name, kind, options = _row(row, place)
        label = f"layer {place} ({kind:.40})"
        layer = LayerDescription(
            kind, _name(name, label) or f"{kind}_{place}", _options(kind, options, label)
        )
        if layer.name in (each.name for each in layers):
            raise ValueError(
                f"{label}: an earlier layer has the name {layer.name} as well; give each a name of its own"
            )
        shape = _shape_after(layer, shape, label)
        layers.append(layer)
        shapes.append(shape)
    if not layers:
        raise ValueError("the network has no layers; give at least one, such as `- dense: 10`")
    return NetworkDescription(first, tuple(layers), tuple(shapes))


def check_description(description: object) -> None:
    """Raise a TypeError unless a described network was given.

    Args:
        description: What the caller gave.

    Raises:
        TypeError: If it is anything else.
    """
    if not isinstance(description, NetworkDescription):
        raise TypeError(
            f"description={description!r:.40} but a NetworkDescription is expected; "
            "make one with read_network or describe_network"
        )


def _row(row: Any, place: int) -> Row:
    """Return a row, unless it is none."""
    if isinstance(row, tuple) and len(row) == 3 and isinstance(row[1], str) and isinstance(row[2], Mapping):
        return row
    raise TypeError(
        f"layer {place}: {written(row)} is no row; give its name, its kind and its options, such as "
        '("", "dense", {"units": 20})'
    )


def _input_shape(given: Any) -> tuple[int, ...]:
    """Return the shape of one example."""
    if given is None:
        raise ValueError(f"the shape of the input is missing; {EXAMPLE}")
    if not isinstance(given, list | tuple):
        return (whole_number(given, "input"),)
    if not 1 <= len(given) <= 4:
        raise ValueError(f"input has {len(given)} sizes but one to four are expected; {EXAMPLE}")
    return tuple(whole_number(entry, "a size of input") for entry in given)


def _name(given: Any, label: str) -> str:
    """Return the name of a layer, which may be empty."""
    if given == "":
        return ""
    if not isinstance(given, str) or not given.isidentifier() or given in RESERVED:
        raise ValueError(
            f"{label}: name={written(given)} cannot be the name of a layer; take a word of letters, digits "
            "and _ that torch does not use itself, such as c1"
        )
    return given


def _options(kind: str, given: Mapping[str, Any], label: str) -> tuple[tuple[str, Value], ...]:
    """Return all options of a layer, those left out with their default."""
    if kind not in KINDS:
        raise ValueError(f"{label}: there is no such kind of layer; {nearest(kind, KINDS, OTHER_KINDS)}")
    options, chosen = KINDS[kind].options, dict[str, Any]()
    names = [option.name for option in options]
    for name in given:
        if name not in names:
            raise ValueError(
                f"{label}: {written(name)} is no option of it; {nearest(name, [*names, 'name'])}"
            )
    for option in options:
        if option.name in given:
            chosen[option.name] = option.read(given[option.name], f"{label}: {option.name}")
        elif option.required:
            raise ValueError(
                f"{label}: the option {option.name} is missing; write `{KINDS[kind].example}`, for example"
            )
        else:
            chosen[option.name] = chosen[option.same_as] if option.same_as else option.default
    return tuple(chosen.items())


def _shape_after(layer: LayerDescription, shape: tuple[int, ...], label: str) -> tuple[int, ...]:
    """Return what a layer puts out for one example, or say why it does not fit its input."""
    kind = KINDS[layer.kind]
    _check_reads(kind, shape, label)
    sizes = kind.sizes(dict(layer.options), label)
    weights = sizes.count(shape).parameters
    if weights > MOST_WEIGHTS:
        raise ValueError(
            f"{label}: it would have {weights:,} weights for its input of shape {shape} but at most "
            f"{MOST_WEIGHTS:,} are made; make it, or its input, smaller"
        )
    return sizes.output_shape(shape)


def _check_reads(kind: Kind, shape: tuple[int, ...], label: str) -> None:
    """Raise a ValueError if a layer of features is given maps, or the other way round."""
    if kind.reads == "features" and len(shape) > 1:
        raise ValueError(
            f"{label}: its input has shape {shape} but it reads a single row of features; "
            "put `- flatten` before it"
        )
    if kind.reads == "maps" and len(shape) == 1:
        raise ValueError(
            f"{label}: its input is a row of {shape[0]} features but it reads maps; put it before "
            "flatten and dense, and write input: [channels, height, width]"
        )
