"""Properties of the counts of a convolutional layer: its maps, weights, biases and connections."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_utils.grading.authoring import Student
from course_utils.grading.properties.table_rows import (
    KEYS,
    Pair,
    Row,
    Shape,
    conv_row,
    expect_row,
    tried,
    turned,
    with_zeros_on_one_side,
)
from course_utils.grading.properties.whole_numbers import expect_refusal

Random = np.random.Generator
Case = tuple[Shape, dict[str, Any]]
NO_STRIDE, NO_PADDING = (1, 1), (0, 0)


# Task 6: count_conv


def _causes_of_conv(
    in_shape: Shape,
    out_channels: int,
    kernel: Pair,
    stride: Pair = NO_STRIDE,
    padding: Pair = NO_PADDING,
    groups: int = 1,
) -> dict[str, Row]:
    args = (out_channels, kernel, stride, padding, groups)
    right, (channels, *_) = conv_row(in_shape, *args), in_shape
    area, maps = math.prod(kernel), right["shape"][1:]
    return {
        "the padding was left out": tried(conv_row, in_shape, out_channels, kernel, stride, (0, 0), groups),
        "the padding comes on both sides: it counts twice": tried(
            conv_row, with_zeros_on_one_side(in_shape, padding), out_channels, kernel, stride, (0, 0), groups
        ),
        "the stride was left out": tried(conv_row, in_shape, out_channels, kernel, (1, 1), padding, groups),
        "the groups were left out: a filter reads the channels of its own group only": tried(
            conv_row, in_shape, out_channels, kernel, stride, padding
        ),
        "height and width of the kernel are exchanged": tried(
            conv_row, in_shape, out_channels, turned(kernel), stride, padding, groups
        ),
        "height and width of the stride are exchanged": tried(
            conv_row, in_shape, out_channels, kernel, turned(stride), padding, groups
        ),
        "height and width of the padding are exchanged": tried(
            conv_row, in_shape, out_channels, kernel, stride, turned(padding), groups
        ),
        "the height's numbers were used for the width too": tried(
            conv_row,
            in_shape,
            out_channels,
            (kernel[0], kernel[0]),
            (stride[0], stride[0]),
            (padding[0], padding[0]),
            groups,
        ),
        "one map was counted; there are out_channels of them": {"units": math.prod(maps)},
        "the shape must have the channels first": {"shape": (*maps, out_channels)},
        "height and width of the maps are exchanged": {"shape": (out_channels, *maps[::-1])},
        "the biases are among the weights; count them apart": {"weights": right["weights"] + out_channels},
        "a filter reads every channel of its group: multiply by them": {
            "weights": out_channels * area,
            "connections": right["units"] * area,
        },
        "one filter was counted; each channel of the output has its own": {
            "weights": right["weights"] // out_channels,
            "connections": right["connections"] // out_channels,
        },
        "the channels of the output were divided by the groups too": {
            "shape": (out_channels // groups, *maps),
            "units": right["units"] // groups,
            "weights": right["weights"] // groups,
            "connections": right["connections"] // groups,
        },
        "one bias for each unit; here a whole map shares one": {"biases": right["units"]},
        "one bias for each group; each map has one": {"biases": groups},
        "each filter has a bias, and it is shared by its whole map": {"biases": 0},
        "these are the weights; each of them is used at every place of the map": {
            "connections": right["weights"]
        },
        "weights times units; the weights of one filter are wanted": {
            "connections": right["weights"] * right["units"]
        },
        "the weights were multiplied by the places of the input; take those of the output": {
            "connections": right["weights"] * math.prod(in_shape[1:])
        },
        "the entries of the input were counted; the units are those of the output": {
            "connections": right["connections"] // right["units"] * math.prod(in_shape)
        },
        "the biases are among the connections; a bias reads no input": {
            "connections": right["connections"] + right["units"]
        },
        "these are the input's channels": {"biases": channels},
    }


def _expect_conv(student: Student, case: Case, keys: tuple[str, ...]) -> None:
    in_shape, options = case
    given = dict(options)
    args = (given.pop("out_channels"), given.pop("kernel"))
    got = student(in_shape, *args, **given)
    expect_row(
        got, conv_row(in_shape, *args, **given), keys=keys, causes=_causes_of_conv(in_shape, **options)
    )


def _draw_conv(rng: Random, **more: Any) -> Case:
    """Draw a layer in which neither the image nor the kernel is square."""
    channels, out_channels, high, wide = rng.permutation(np.arange(2, 6)).tolist()
    in_shape = (channels, int(rng.integers(12, 16)), int(rng.integers(17, 22)))
    return in_shape, {"out_channels": out_channels, "kernel": (high, wide), **more}


LENET_C1: Case = ((1, 32, 32), {"out_channels": 6, "kernel": (5, 5)})
SIX_FILTERS: Case = ((3, 32, 32), {"out_channels": 6, "kernel": (5, 5)})
NOT_SQUARE: Case = ((3, 8, 13), {"out_channels": 4, "kernel": (3, 5)})


def gives_shape_and_units(student: Student, rng: Random) -> None:
    """gives the shape of the maps, channels first, and the number of units in all of them"""
    for case in (LENET_C1, SIX_FILTERS, NOT_SQUARE, _draw_conv(rng)):
        _expect_conv(student, case, ("shape", "units"))


def moves_and_pads_by_pairs(student: Student, rng: Random) -> None:
    """takes stride and padding as pairs: downwards, to the right"""
    for more in (
        {"stride": (2, 3)},
        {"padding": (0, 3)},
        {"padding": (1, 0)},
        {"stride": (3, 1), "padding": (1, 2)},
        {"stride": (1, 2), "padding": (2, 1)},
    ):
        for case in ((NOT_SQUARE[0], NOT_SQUARE[1] | more), _draw_conv(rng, **more)):
            _expect_conv(student, case, ("shape", "units"))


def counts_weights_and_biases(student: Student, rng: Random) -> None:
    """counts the weights, and apart from them one bias for each map"""
    for case in (LENET_C1, SIX_FILTERS, NOT_SQUARE, _draw_conv(rng), _draw_conv(rng, stride=(2, 3))):
        _expect_conv(student, case, ("weights", "biases"))


def counts_connections(student: Student, rng: Random) -> None:
    """counts a connection for each use of a weight"""
    for case in (LENET_C1, SIX_FILTERS, NOT_SQUARE, _draw_conv(rng)):
        _expect_conv(student, case, ("connections",))


GROUPED: tuple[Case, ...] = (
    ((6, 5, 7), {"out_channels": 4, "kernel": (2, 3), "groups": 2}),
    ((3, 6, 4), {"out_channels": 3, "kernel": (1, 2), "groups": 3}),
    ((6, 7, 5), {"out_channels": 12, "kernel": (3, 2), "groups": 3, "stride": (1, 2), "padding": (2, 1)}),
)


def reads_one_group(student: Student, rng: Random) -> None:
    """lets a filter read one group's channels, and raises ValueError where channels do not divide"""
    for case in (*GROUPED, _draw_conv(rng, stride=(1, 2), padding=(2, 1))):
        _expect_conv(student, case, KEYS)
    for channels, out_channels, groups in ((3, 4, 2), (4, 3, 2), (6, 8, 3), (8, 6, 4)):
        why = f"{channels} channels and {out_channels} filters cannot both be put into {groups} equal groups"
        expect_refusal(student, (channels, 6, 7), out_channels, (2, 3), why=why, groups=groups)
