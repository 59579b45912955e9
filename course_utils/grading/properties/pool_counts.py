"""Properties of the counts of a pooling layer: its maps, and what its windows read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_utils.grading.authoring import Student
from course_utils.grading.properties.table_rows import (
    Pair,
    Row,
    Shape,
    expect_row,
    pool_row,
    tried,
    turned,
    with_zeros_on_one_side,
)

Random = np.random.Generator


# Task 7: count_pool


def _causes_of_pool(
    in_shape: Shape, kernel: Pair, stride: Pair | None = None, padding: Pair = (0, 0)
) -> dict[str, Row]:
    right, steps, area = pool_row(in_shape, kernel, stride, padding), stride or kernel, math.prod(kernel)
    maps = right["shape"][1:]
    return {
        "the step is as long as the window if none is given, not 1": tried(
            pool_row, in_shape, kernel, (1, 1), padding
        ),
        "the step is as long as the window if none is given, not 2": tried(
            pool_row, in_shape, kernel, (2, 2), padding
        )
        if stride is None
        else {},
        "the stride was left out: the step is not always as long as the window": tried(
            pool_row, in_shape, kernel, kernel, padding
        ),
        "the padding was left out": tried(pool_row, in_shape, kernel, steps, (0, 0)),
        "the padding comes on both sides: it counts twice": tried(
            pool_row, with_zeros_on_one_side(in_shape, padding), kernel, steps
        ),
        "height and width of the window are exchanged": tried(
            pool_row, in_shape, turned(kernel), turned(kernel) if stride is None else stride, padding
        ),
        "height and width of the stride are exchanged": tried(
            pool_row, in_shape, kernel, turned(steps), padding
        ),
        "height and width of the padding are exchanged": tried(
            pool_row, in_shape, kernel, steps, turned(padding)
        ),
        "the channels are pooled apart from each other, and stay": {
            "shape": (1, *maps),
            "units": math.prod(maps),
        },
        "this counts the entries of the input; a window counts each of its own": {
            "connections": math.prod(in_shape)
        },
        "each unit reads its whole window": {"connections": right["units"]},
        "nothing is learned, and yet each unit reads its window": {"connections": 0},
        "a unit reads a window of its own channel only": {"connections": right["connections"] * in_shape[0]},
        "the windows of one channel were counted": {"connections": right["connections"] // in_shape[0]},
        "pooling learns nothing: it has no weights": {"weights": area},
        "pooling learns nothing: it has no biases": {"biases": in_shape[0]},
    }


def _expect_pool(
    student: Student, in_shape: Shape, kernel: Pair, keys: tuple[str, ...], **given: Any
) -> None:
    got = student(in_shape, kernel, **given)
    causes = _causes_of_pool(in_shape, kernel, **given)
    expect_row(got, pool_row(in_shape, kernel, **given), keys=keys, causes=causes)


def steps_by_the_window(student: Student, rng: Random) -> None:
    """takes steps as long as the window if no stride is given, and keeps the channels"""
    height, width = (int(number) for number in rng.integers(9, 20, size=2))
    for shape, kernel in (((3, 11, 20), (2, 3)), ((6, 28, 28), (2, 2)), ((2, height, width), (3, 2))):
        _expect_pool(student, shape, kernel, ("shape", "units"))


def steps_by_the_stride(student: Student, rng: Random) -> None:
    """takes the stride and the padding that are given, so that windows may overlap"""
    width = int(rng.integers(20, 30))
    for shape, kernel, given in (
        ((2, 9, 14), (3, 2), {"stride": (1, 3)}),
        ((96, 55, 55), (3, 3), {"stride": (2, 2)}),
        ((3, 8, 12), (3, 4), {"stride": (2, 1), "padding": (1, 2)}),
        ((4, 6, 9), (2, 3), {"padding": (1, 0)}),
        ((2, 7, width), (2, 4), {"stride": (3, 1), "padding": (0, 2)}),
    ):
        _expect_pool(student, shape, kernel, ("shape", "units"), **given)


def counts_what_windows_read(student: Student, rng: Random) -> None:
    """counts what each window reads, overlapping or not, and neither weights nor biases"""
    width = int(rng.integers(9, 20))
    for shape, kernel, given in (
        ((6, 28, 28), (2, 2), {}),
        ((3, 7, 11), (2, 3), {}),
        ((96, 55, 55), (3, 3), {"stride": (2, 2)}),
        ((2, 9, width), (3, 2), {"stride": (1, 3), "padding": (1, 0)}),
    ):
        _expect_pool(student, shape, kernel, ("weights", "biases", "connections"), **given)
