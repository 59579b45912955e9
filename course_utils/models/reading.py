"""Networks in YAML: read into a description, built, and written again."""

from pathlib import Path
from typing import Any

import yaml
from torch import nn

from course_utils.models.building import build_network
from course_utils.models.description import (
    EXAMPLE,
    LayerDescription,
    NetworkDescription,
    Row,
    check_description,
    describe_network,
)
from course_utils.models.documents import TEXT, load_document, yaml_text
from course_utils.models.kinds import KINDS
from course_utils.models.options import written
from course_utils.models.suggesting import nearest
from course_utils.shapes.numbers import naming

TOP_LEVEL = ("input", "layers")


def network_from_yaml(text_or_path: str | Path) -> nn.Sequential:
    """Build the network that YAML text describes; `read_network` says how such a text is written.

    The weights are drawn as torch draws those of each layer, from its global seed, in the order of the
    layers: after the same ``torch.manual_seed``, the same network written in Python has the same weights.

    Args:
        text_or_path: The text, or the path of a file (as a string it ends in .yaml or .yml).

    Returns:
        The network; a layer without a name is called by its kind and its place, such as conv_1.

    Raises:
        TypeError: As for `read_network`.
        ValueError: As for `read_network`.

    Source:
        Harvard IACS, Pylearn2: networks are specified in a program or in a separate YAML file.
    """
    return build_network(read_network(text_or_path))


def read_network(text_or_path: str | Path) -> NetworkDescription:
    """Read the description of a network from YAML text, and check every layer of it.

    The text gives the shape of one example and the layers in their order::

        input: [1, 28, 28]                   # channels, height, width; or a number of features
        layers:
          - conv: {maps: 10, kernel: 9}      # also stride, padding, dilation, groups, bias
          - max_pool: 2                      # also {size: 2, stride: 2, padding: 0}
          - activation: tanh
          - flatten
          - dropout: 0.5
          - dense: {units: 10, name: output} # every kind of layer takes a name

    Further kinds are average_pool, batch_norm and maxout (the number of neighbouring channels of which the
    largest is taken). A size is a number, or a list of one an axis. Sizes of inputs follow by themselves.
    The text is read by ``yaml.safe_load``: opening a file runs no code.

    Args:
        text_or_path: The text, or the path of a file (as a string it ends in .yaml or .yml).

    Returns:
        The description, with every option that was left out, and the shape after each layer.

    Raises:
        TypeError: If a part of the text is of the wrong type.
        ValueError: If the file does not exist, the text is no YAML, a key stands twice, a layer or an option
            is not known, missing or out of range, or a layer does not fit what the layer before puts out.

    Source:
        Harvard IACS, Pylearn2: networks are specified in a program or in a separate YAML file.
    """
    text, where = yaml_text(text_or_path)
    document = load_document(text, where)
    if document is None:
        raise ValueError(f"{where} is empty; {EXAMPLE}, and the layers below it")
    if not isinstance(document, dict):
        raise TypeError(
            f"{where} holds {written(document)} but a mapping with input and layers is expected; {EXAMPLE}, "
            "and end the name of a file in .yaml or .yml"
        )
    for key in document:
        if key not in TOP_LEVEL:
            raise ValueError(f"{where} has the key {written(key)}; {nearest(key, TOP_LEVEL)}")
    with naming("" if where == TEXT else f"{where}: "):
        return describe_network(document.get("input"), _rows(document.get("layers")))


def network_to_yaml(description: NetworkDescription) -> str:
    """Write a description as YAML text that `read_network` reads as an equal description.

    Args:
        description: The network, from `read_network` or `describe_network`.

    Returns:
        The text, without the options and names that a layer has by default.

    Raises:
        TypeError: If it is no description.
    """
    check_description(description)
    shape = description.input_shape
    lines = [f"input: {_flow(list(shape) if len(shape) > 1 else shape[0])}", "layers:"]
    for place, layer in enumerate(description.layers, start=1):
        lines.append(f"  - {_layer_text(layer, place)}")
    return "\n".join(lines) + "\n"


def _rows(layers: Any) -> list[Row]:
    """Turn the list of layers into rows: name, kind and options."""
    if layers is None:
        raise ValueError("the network has no layers; write layers: and below it `- dense: 10`, for example")
    if not isinstance(layers, list):
        raise TypeError(
            f"layers is {written(layers)} but a list is expected; begin each layer with a dash, `- dense: 10`"
        )
    return [_row(entry, place) for place, entry in enumerate(layers, start=1)]


def _row(entry: Any, place: int) -> Row:
    """Turn one entry of the list into a row."""
    if isinstance(entry, str):
        return "", entry, {}
    if not isinstance(entry, dict):
        raise TypeError(
            f"layer {place} is {written(entry)} but a kind of layer with its options is expected; "
            "write `- dense: 10`, for example"
        )
    if len(entry) != 1:
        raise ValueError(
            f"layer {place} has {len(entry)} keys ({', '.join(entry):.60}) but one kind of layer is "
            "expected; put its options into braces, such as `- conv: {maps: 10, kernel: 5}`"
        )
    ((kind, value),) = entry.items()
    options = value if isinstance(value, dict) else _short(kind, value, place)
    name = options.get("name", "")
    return name, kind, {option: given for option, given in options.items() if option != "name"}


def _short(kind: str, value: Any, place: int) -> dict[str, Any]:
    """Return the options of a layer that stands with one value only, or with none."""
    if value is None:
        return {}
    if kind in KINDS and not KINDS[kind].options:
        raise ValueError(
            f"layer {place} ({kind}): {written(value)} is given but it has no options; "
            f"write `{KINDS[kind].example}`"
        )
    return {KINDS[kind].options[0].name: value} if kind in KINDS else {}


def _layer_text(layer: LayerDescription, place: int) -> str:
    """Write one layer, as short as it can be read again."""
    kind, given = KINDS[layer.kind], dict(layer.options)
    chosen: dict[str, Any] = {}
    for option in kind.options:
        value = given[option.name]
        if value != (given[option.same_as] if option.same_as else option.default):
            chosen[option.name] = list(value) if isinstance(value, tuple) else value
    if layer.name != f"{layer.kind}_{place}":
        chosen["name"] = layer.name
    if not chosen:
        return layer.kind
    first = kind.options[0].name if kind.options else ""
    return f"{layer.kind}: {_flow(chosen[first] if list(chosen) == [first] else chosen)}"


def _flow(value: Any) -> str:
    """Write a value of YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=float("inf"))
    return text.removesuffix("\n").removesuffix("\n...")
