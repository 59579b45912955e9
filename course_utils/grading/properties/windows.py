"""Properties of windows that slide over images, and of the gradients that come back from them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, count_windows, lay_windows
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.option_mistakes import (
    FIRST_KEPT,
    LAST_KEPT,
    pad,
    wrong_cuts,
    wrong_paddings,
    wrong_strides,
)
from course_utils.grading.properties.second_calls import SQUARE, call_or_explain, equal, square

Array = NDArray[Any]
Random = np.random.Generator
Case = tuple[tuple[int, ...], Pair, Pair, Pair]  # shape of x, kernel, stride, padding


def distinct(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw an array whose entries all differ by 0.1 or more, of both signs.

    Args:
        rng: Source of the order.
        shape: Shape of the array.

    Returns:
        The array, float64.
    """
    size = int(np.prod(shape))
    return np.asarray((rng.permutation(size).reshape(shape) - size // 2) / 10 + 0.05)


def options(stride: Pair, padding: Pair) -> dict[str, Pair]:
    """Name the options that are not the default ones: the others are left out.

    Args:
        stride: Steps down and across.
        padding: Zeros on both sides of the rows and of the columns.

    Returns:
        Keyword arguments.
    """
    return ({"stride": stride} if stride != ONE else {}) | ({"padding": padding} if padding != NONE else {})


# Task 1: windows


def _windows(x: Array, kernel: Pair, stride: Pair, padding: Pair, after: Pair | None = None) -> Any:
    """Take all windows; NaN, which explains nothing, where the kernel does not fit."""
    size = count_windows(x.shape, kernel, stride, padding, after)
    return lay_windows(x.shape, kernel, size, stride, padding).take(x) if min(size) else np.nan


def _causes_of_windows(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> dict[str, Any]:
    want = _windows(x, kernel, stride, padding)
    neighbours = _windows(x, kernel, ONE, padding)[:, :, : want.shape[2], : want.shape[3]]
    rest = [-(x.shape[a + 2] + 2 * padding[a] - kernel[a]) % stride[a] for a in (0, 1)]
    down, across = stride
    return {
        "height and width of the kernel are exchanged": _windows(x, kernel[::-1], stride, padding),
        "the kernel's height was taken for its width, too": _windows(x, (kernel[0],) * 2, stride, padding),
        **wrong_strides(lambda steps: _windows(x, kernel, steps, padding), stride),
        **wrong_paddings(lambda before, after: _windows(x, kernel, stride, before, after), padding),
        "each window is turned round: entry (0, 0) is its upper left one": want[..., ::-1, ::-1],
        "each window is transposed: its rows and its columns are exchanged": np.swapaxes(want, -1, -2),
        "the windows are neighbours: the stride was used for their number only": neighbours,
        "the windows lie side by side; the steps are 1 if no stride is given": _windows(
            x, kernel, kernel, padding
        ),
        "a window that reaches beyond the border came, too: it is left out": _windows(
            x, kernel, stride, padding, (padding[0] + rest[0], padding[1] + rest[1])
        ),
        "the last windows down and across are missing: the formula ends in + 1": want[:, :, :-1, :-1],
        "the stride took pixels away; it moves the window, whose entries stay neighbours": _windows(
            pad(x, padding)[:, :, ::down, ::across], kernel, ONE, NONE
        ),
        "the padding does not hold zeros": _windows(pad(x, padding, mode="edge"), kernel, stride, NONE),
        "the axes stand in another order: first the place of the window, then the place in it": np.moveaxis(
            want, (4, 5), (2, 3)
        ),
    }


def _expect_windows(student: Student, rng: Random, cases: Iterable[Case]) -> None:
    for shape, kernel, stride, padding in cases:
        x = distinct(rng, shape)
        want = _windows(x, kernel, stride, padding)
        causes = partial(_causes_of_windows, x, kernel, stride, padding)
        got = student(x, kernel, **options(stride, padding))
        expect_close_or_explain(got, want, what="the array of windows", causes=causes)


def takes_every_window(student: Student, rng: Random) -> None:
    """takes every window of every image and channel, by steps of 1 if none are given"""
    shapes = (((1, 1, 4, 5), (2, 3)), ((2, 3, 4, 5), (3, 2)), ((3, 2, 5, 3), (1, 3)), ((2, 2, 3, 4), (3, 4)))
    _expect_windows(student, rng, [(shape, kernel, ONE, NONE) for shape, kernel in shapes])


def moves_by_the_stride(student: Student, rng: Random) -> None:
    """moves by the stride, down and across, and leaves out what does not fit"""
    cases = (
        ((2, 1, 6, 7), (2, 3), (2, 1), NONE),
        ((1, 2, 5, 8), (3, 2), (1, 3), NONE),
        ((2, 2, 8, 6), (2, 1), (3, 2), NONE),
        ((1, 1, 4, 5), (3, 3), (2, 3), NONE),
    )
    _expect_windows(student, rng, cases)


def pads_both_sides_with_zeros(student: Student, rng: Random) -> None:
    """puts zeros on both sides: above and below, left and right"""
    cases = (
        ((1, 2, 3, 4), (2, 2), ONE, (1, 0)),
        ((2, 1, 4, 3), (2, 3), ONE, (0, 2)),
        ((2, 2, 3, 5), (3, 2), (2, 3), (2, 1)),
        ((1, 1, 3, 3), (5, 4), (1, 2), (1, 2)),
    )
    _expect_windows(student, rng, cases)


def windows_keep_the_type(student: Student, rng: Random) -> None:
    """keeps the type of the numbers: float32, and integers"""
    for dtype in (np.float32, np.uint8, np.int64):
        x = rng.permutation(2 * 3 * 4 * 3).reshape(2, 3, 4, 3).astype(dtype)
        got = student(x, (2, 2), (1, 2), (1, 0))
        expect_array(got, kind=np.dtype(dtype).name, what="the array of windows")
        expect_close(got, _windows(x, (2, 2), (1, 2), (1, 0)), what="the array of windows")


# Task 2: windows_backward


def _put_back(y_bar: Array, x: Array, stride: Pair, padding: Pair, *, keep: str = "all") -> Array:
    laid = lay_windows(x.shape, y_bar.shape[4:], y_bar.shape[2:4], stride, padding)
    return laid.put_back(y_bar, x.shape, keep=keep)


def _causes_of_sums(y_bar: Array, x: Array, stride: Pair, padding: Pair) -> dict[str, Any]:
    right = _put_back(y_bar, x, stride, padding)
    count = _put_back(np.ones_like(y_bar), x, stride, padding)
    padded = _put_back(y_bar, pad(x, padding), stride, NONE)
    used = tuple((y_bar.shape[a + 2] - 1) * stride[a] + y_bar.shape[a + 4] - padding[a] for a in (0, 1))
    return {
        FIRST_KEPT: _put_back(y_bar, x, stride, padding, keep="first"),
        LAST_KEPT: _put_back(y_bar, x, stride, padding, keep="last"),
        "the mean over the windows came; their sum is wanted": right / np.maximum(count, 1),
        **wrong_strides(lambda steps: _put_back(y_bar, x, steps, padding), stride),
        **wrong_cuts(padded, x.shape, padding),
        "the rows and columns that no window took are missing: x_bar has the shape of x": right[
            :, :, : used[0], : used[1]
        ],
        "each window is turned round": _put_back(y_bar[..., ::-1, ::-1], x, stride, padding),
    }


def _expect_sums(student: Student, rng: Random, cases: Iterable[Case]) -> None:
    for shape, kernel, stride, padding in cases:
        x = distinct(rng, shape)
        y_bar = rng.normal(size=(*shape[:2], *count_windows(shape, kernel, stride, padding), *kernel))
        want = _put_back(y_bar, x, stride, padding)
        causes = partial(_causes_of_sums, y_bar, x, stride, padding)
        shows = {SQUARE: partial(_expect_square_sums, student, y_bar, x, stride, padding)}
        got = call_or_explain(student, y_bar, x, kernel, shows=shows, **options(stride, padding))
        expect_close_or_explain(got, want, what="x_bar", causes=causes)


def _expect_square_sums(student: Student, y_bar: Array, x: Array, stride: Pair, padding: Pair) -> None:
    x, kernel, stride, padding = square(x), equal(y_bar.shape[4:]), equal(stride), equal(padding)
    y_bar = np.resize(y_bar, (*x.shape[:2], *count_windows(x.shape, kernel, stride, padding), *kernel))
    got = student(y_bar, x, kernel, **options(stride, padding))
    expect_close(got, _put_back(y_bar, x, stride, padding))


def puts_each_window_back(student: Student, rng: Random) -> None:
    """puts each window's gradient back where it came from, if windows lie side by side"""
    cases = (
        ((1, 1, 4, 6), (2, 3), (2, 3), NONE),
        ((2, 3, 6, 4), (3, 1), (3, 1), NONE),
        ((2, 1, 3, 5), (3, 5), ONE, NONE),
    )
    _expect_sums(student, rng, cases)


def adds_where_windows_overlap(student: Student, rng: Random) -> None:
    """adds where windows overlap"""
    cases = (
        ((1, 1, 1, 3), (1, 2), ONE, NONE),
        ((2, 2, 4, 5), (3, 2), ONE, NONE),
        ((1, 3, 5, 7), (3, 3), (1, 2), NONE),
        ((2, 1, 8, 5), (5, 2), (3, 1), NONE),
    )
    _expect_sums(student, rng, cases)


def leaves_zero_what_no_window_took(student: Student, rng: Random) -> None:
    """gives zero where no window was: between them, and at the lower and right border"""
    cases = (
        ((2, 2, 6, 8), (2, 2), (2, 3), NONE),
        ((1, 1, 7, 6), (2, 3), (4, 2), NONE),
        ((1, 2, 5, 4), (2, 1), (2, 2), NONE),
    )
    _expect_sums(student, rng, cases)


def cuts_the_padding_off(student: Student, rng: Random) -> None:
    """cuts the padding off on both sides, also where only rows or only columns are padded"""
    cases = (
        ((1, 2, 3, 4), (2, 3), ONE, (1, 0)),
        ((2, 1, 4, 3), (2, 2), ONE, (0, 1)),
        ((1, 1, 4, 5), (3, 3), (2, 1), (2, 1)),
        ((2, 2, 5, 3), (3, 2), (3, 2), (1, 2)),
        ((1, 2, 3, 4), (3, 2), ONE, (0, 2)),
    )
    _expect_sums(student, rng, cases)


def sums_have_the_type_of_y_bar(student: Student, rng: Random) -> None:
    """gives numbers of the type of y_bar: float32, and floats also where x holds integers"""
    for dtype, kind in ((np.float32, np.float32), (np.float64, np.int64), (np.float32, np.uint8)):
        x = rng.integers(0, 9, size=(1, 2, 4, 3)).astype(kind)
        y_bar = rng.normal(size=(1, 2, 5, 2, 2, 2)).astype(dtype)
        got = student(y_bar, x, (2, 2), (1, 1), (1, 0))
        expect_array(got, kind=np.dtype(dtype).name, what="x_bar")
        expect_close(got, _put_back(y_bar, x, ONE, (1, 0)), what="x_bar")
