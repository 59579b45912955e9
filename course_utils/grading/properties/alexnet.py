"""Properties of AlexNet as a student writes it down: each layer is judged on the input that it should get."""

# Every check takes (student, rng), also where there are no inputs to draw.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.grading.authoring import CheckFailed, Student, expect
from course_utils.grading.properties.table_rows import Layer, Row, Shape, expect_row, row_of
from course_utils.grading.properties.whole_numbers import expect_int
from course_utils.grading.values import describe, name_type

Random = np.random.Generator
OPTIONS = {
    "conv": ("out_channels", "kernel", "stride", "padding", "groups"),
    "pool": ("kernel", "stride", "padding"),
    "dense": ("outputs",),
}
NEEDED = {"conv": ("out_channels", "kernel"), "pool": ("kernel",), "dense": ("outputs",)}


@dataclass(frozen=True)
class Expected:
    """A layer of the paper: its kind, its input's and its output's shape, weights, biases, connections."""

    kind: str
    in_shape: Shape
    shape: Shape
    weights: int
    biases: int
    connections: int

    @property
    def row(self) -> Row:
        """The numbers as a row of the table."""
        return {
            "shape": self.shape,
            "weights": self.weights,
            "biases": self.biases,
            "connections": self.connections,
        }


# Worked out by hand from the paper's numbers: for conv1 3 * 11 * 11 weights for each of 96 maps of 55 * 55.
ALEXNET = {
    "conv1": Expected("conv", (3, 227, 227), (96, 55, 55), 34_848, 96, 105_415_200),
    "pool1": Expected("pool", (96, 55, 55), (96, 27, 27), 0, 0, 629_856),
    "conv2": Expected("conv", (96, 27, 27), (256, 27, 27), 307_200, 256, 223_948_800),
    "pool2": Expected("pool", (256, 27, 27), (256, 13, 13), 0, 0, 389_376),
    "conv3": Expected("conv", (256, 13, 13), (384, 13, 13), 884_736, 384, 149_520_384),
    "conv4": Expected("conv", (384, 13, 13), (384, 13, 13), 663_552, 384, 112_140_288),
    "conv5": Expected("conv", (384, 13, 13), (256, 13, 13), 442_368, 256, 74_760_192),
    "pool5": Expected("pool", (256, 13, 13), (256, 6, 6), 0, 0, 82_944),
    "fc6": Expected("dense", (256, 6, 6), (4096,), 37_748_736, 4096, 37_748_736),
    "fc7": Expected("dense", (4096,), (4096,), 16_777_216, 4096, 16_777_216),
    "fc8": Expected("dense", (4096,), (1000,), 4_096_000, 1000, 4_096_000),
}


# Task 9: alexnet_layers


def _layers(student: Student) -> dict[str, Layer]:
    """Read the layers, by name, and refuse what is no description of a layer."""
    got = student()
    expect(isinstance(got, list | tuple), f"alexnet_layers must return a list, {name_type(got)} came")
    for layer in got:
        triple = isinstance(layer, list | tuple) and len(layer) == 3 and isinstance(layer[2], dict)
        expect(triple, f"each layer must be a triple (name, kind, options), {describe(layer)} came")
    names = [layer[0] for layer in got]
    expect(names == list(ALEXNET), f"the layers must be {list(ALEXNET)}, {describe(names)} came")
    return {layer[0]: tuple(layer) for layer in got}


def _refuse_kind(layer: Layer) -> None:
    name, kind, options = layer
    right = ALEXNET[name].kind
    expect(kind == right, f"{name} is of the kind {right!r}, {describe(kind)} came")
    unknown = [key for key in options if key not in OPTIONS[right]]
    expect(not unknown, f"{name} has options {unknown}, which {right!r} does not take")
    missing = [key for key in NEEDED[right] if key not in options]
    expect(not missing, f"{name} lacks the option {', '.join(map(repr, missing))}")
    for key, value in options.items():
        pair = key in ("kernel", "stride", "padding")
        fits = not pair or (isinstance(value, tuple | list) and len(value) == 2)
        expect(fits, f"the option {key!r} of {name} must be a pair (height, width), {describe(value)} came")
        for number in value if pair else (value,):
            expect_int(number, f"the option {key!r} of {name}")
            least = 0 if key == "padding" else 1
            expect(number >= least, f"the option {key!r} of {name} must be at least {least}")


def _options(layer: Layer) -> dict[str, Any]:
    """Read a layer's options, with pairs that were written as lists."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in layer[2].items()}


def _row(layer: Layer) -> Row:
    """Count a layer as it was written, on the input that it should get."""
    _refuse_kind(layer)
    name, kind, _ = layer
    options, channels = _options(layer), ALEXNET[name].in_shape[0]
    maps, groups = options.get("out_channels", 0), options.get("groups", 1)
    both = f"{channels} channels and {maps} filters of {name} cannot both be put into {groups} equal groups"
    expect(channels % groups == maps % groups == 0, f"{both}; the paper's kernels say how many a group has")
    try:
        return row_of(kind, ALEXNET[name].in_shape, options)
    except ValueError:
        raise CheckFailed(
            f"the window of {name} does not fit into its input, {ALEXNET[name].in_shape}"
        ) from None


SAME = {"conv2": (2, 2), "conv3": (1, 1), "conv4": (1, 1), "conv5": (1, 1)}  # what keeps the maps' size
Slip = tuple[str, Callable[[str, dict[str, Any]], bool]]
SLIPS: tuple[Slip, ...] = (
    (
        "an image of 224 needs zeros around it, one of 227 does not",
        lambda name, options: name == "conv1" and options.get("padding", (0, 0)) != (0, 0),
    ),
    (
        "the kernel moves in steps of 4, downwards and to the right",
        lambda name, options: name == "conv1" and options.get("stride", (1, 1)) != (4, 4),
    ),
    (
        "the step is 2, less than the window of 3",
        lambda name, options: name[:4] == "pool" and options.get("stride", options["kernel"]) == (3, 3),
    ),
    (
        "a window is 3 by 3: it overlaps its neighbours, which shows in the connections",
        lambda name, options: name[:4] == "pool" and options["kernel"] == (2, 2),
    ),
    (
        "the paper's kernels are half as deep as there are maps: two groups",
        lambda name, options: name in ("conv2", "conv4", "conv5") and options.get("groups", 1) == 1,
    ),
    (
        "the kernels of this layer read all maps: no groups here",
        lambda name, options: name in ("conv1", "conv3") and options.get("groups", 1) != 1,
    ),
    (
        "the maps keep their size: other zeros are needed around them",
        lambda name, options: name in SAME and options.get("padding", (0, 0)) != SAME[name],
    ),
    (
        "the paper has another number of kernels here",
        lambda name, options: name[:4] == "conv" and options["out_channels"] != ALEXNET[name].biases,
    ),
    (
        "the paper has another number of units here",
        lambda name, options: name[:2] == "fc" and options["outputs"] != ALEXNET[name].biases,
    ),
)


def _expect_layer(layer: Layer, keys: tuple[str, ...]) -> None:
    """Compare a layer's row; where it differs, the report names the slips that are in the layer."""
    came, name = _row(layer), layer[0]
    found = [words for words, slipped in SLIPS if slipped(name, _options(layer))]
    causes = {"; ".join(found): came} if found else {}
    expect_row(came, ALEXNET[name].row, keys=keys, of=f" of {name}", causes=causes)


def lists_all_layers(student: Student, rng: Random) -> None:
    """lists the eleven layers in order, each of its kind, with the options that this kind takes"""
    for layer in _layers(student).values():
        _refuse_kind(layer)


def gives_the_first_convolution(student: Student, rng: Random) -> None:
    """gives conv1 the paper's 96 maps of 55 by 55, from an image of 227 by 227"""
    _expect_layer(_layers(student)["conv1"], ("shape", "weights", "biases", "connections"))


def pools_with_overlap(student: Student, rng: Random) -> None:
    """lets the windows of the three pooling layers overlap"""
    layers = _layers(student)
    for name in ("pool1", "pool2", "pool5"):
        _expect_layer(layers[name], ("shape", "connections"))


def gives_the_other_convolutions(student: Student, rng: Random) -> None:
    """gives conv2 to conv5 the paper's maps and the paper's weights, group by group"""
    layers = _layers(student)
    for name in ("conv2", "conv3", "conv4", "conv5"):
        _expect_layer(layers[name], ("shape", "weights", "biases", "connections"))


def gives_the_dense_layers(student: Student, rng: Random) -> None:
    """gives the three dense layers 4096, 4096 and 1000 units"""
    layers = _layers(student)
    for name in ("fc6", "fc7", "fc8"):
        _expect_layer(layers[name], ("shape", "weights", "biases"))
