"""Properties of the gradients that come back from maximum and from average pooling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, count_windows
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.pool_mistakes import causes_of
from course_utils.grading.properties.pool_shares import Shares, even, first, send_back
from course_utils.grading.properties.pooling import OVERLAPPING, SIDE_BY_SIDE, Case, stride_of
from course_utils.grading.properties.second_calls import SQUARE, call_or_explain, equal, square
from course_utils.grading.properties.windows import distinct

Array = NDArray[Any]
Random = np.random.Generator
LEFT_OUT = "it works if the stride is given: where it is left out, it is the kernel's size"


# Tasks 8 and 9: max_pool2d_backward, avg_pool2d_backward


def _expect_sent_back(
    student: Student, rng: Random, cases: Iterable[Case], right: Shares, draw: Callable[..., Array]
) -> None:
    for shape, kernel, given in cases:
        x, (stride, named) = draw(rng, shape), stride_of(kernel, given)
        y_bar = rng.normal(size=(*shape[:2], *count_windows(shape, kernel, stride, NONE)))
        y_bar += np.sign(y_bar)
        want = send_back(y_bar, x, kernel, stride, right)
        shows = {
            LEFT_OUT: partial(_expect_right, student, (y_bar, x, kernel, stride), want),
            SQUARE: partial(_expect_square, student, y_bar, x, kernel, given, right),
        }
        got = call_or_explain(student, y_bar, x, kernel, shows=shows, **named)
        causes = partial(causes_of, y_bar, x, kernel, stride, right)
        expect_close_or_explain(got, want, what="x_bar", causes=causes)


def _expect_right(student: Student, given: tuple[Any, ...], want: Array) -> None:
    expect_close(student(*given), want)


def _expect_square(
    student: Student, y_bar: Array, x: Array, kernel: Pair, given: Pair | None, right: Shares
) -> None:
    x, kernel = square(x), equal(kernel)
    stride, named = stride_of(kernel, given and equal(given))
    y_bar = np.resize(y_bar, (*x.shape[:2], *count_windows(x.shape, kernel, stride, NONE)))
    expect_close(student(y_bar, x, kernel, **named), send_back(y_bar, x, kernel, stride, right))


def _tied(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw from two values only, so that nearly every window has several largest entries."""
    return rng.choice([-1.5, -0.5], size=shape)


def _largest_last(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw entries that all differ, the largest of them in the lower right corner of the last image."""
    x = distinct(rng, shape)
    x[-1, -1, -1, -1] = x.max() + 1
    return x


def _largest_by_the_corner(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw entries for windows of 2 by 3: the largest stands right of the upper left one, or below it.

    Whoever exchanges its row and its column, or divides by the height, stays within the window.
    """
    x = distinct(rng, shape)
    right = np.indices((shape[2] // 2, shape[3] // 3)).sum(axis=0) % 2 == 0
    x[..., ::2, 1::3] += np.where(right, 10, 0)
    x[..., 1::2, ::3] += np.where(right, 0, 10)
    return x


def goes_to_the_largest(student: Student, rng: Random) -> None:
    """sends each gradient to the largest entry of its window"""
    _expect_sent_back(student, rng, SIDE_BY_SIDE[:1], first, _largest_by_the_corner)
    _expect_sent_back(student, rng, SIDE_BY_SIDE[:2], first, _largest_last)


def adds_where_a_largest_is_shared(student: Student, rng: Random) -> None:
    """adds where one entry is the largest of several windows"""
    _expect_sent_back(student, rng, (*OVERLAPPING[:3], ((1, 1, 1, 4), (1, 3), ONE)), first, distinct)


def gives_a_tie_to_the_first(student: Student, rng: Random) -> None:
    """gives the gradient to the first of several largest entries only, row by row"""
    cases = (*SIDE_BY_SIDE[:2], ((1, 2, 4, 6), (2, 2), None), ((2, 1, 5, 6), (3, 3), (1, 1)))
    _expect_sent_back(student, rng, cases, first, _tied)


def leaves_the_border_out(student: Student, rng: Random) -> None:
    """gives zero to the border that no window takes, and to what lies between windows"""
    cases = (((1, 2, 5, 7), (2, 3), None), ((2, 1, 6, 8), (2, 2), (3, 3)), ((1, 1, 7, 6), (3, 2), (2, 3)))
    _expect_sent_back(student, rng, cases, first, distinct)


def _keeps_the_type(student: Student, rng: Random, right: Shares) -> None:
    for dtype, kind in ((np.float32, np.float32), (np.float64, np.int64), (np.float32, np.uint8)):
        x = rng.permutation(40).reshape(1, 2, 4, 5).astype(kind)
        y_bar = rng.normal(size=(1, 2, 3, 2)).astype(dtype)
        got = student(y_bar, x, (2, 3), (1, 2))
        expect_array(got, kind=np.dtype(dtype).name, what="x_bar")
        expect_close(got, send_back(y_bar, x, (2, 3), (1, 2), right), what="x_bar")


def maxima_keep_the_type(student: Student, rng: Random) -> None:
    """gives numbers of the type of y_bar: float32, and floats also where x holds integers"""
    _keeps_the_type(student, rng, first)


def shares_out_evenly(student: Student, rng: Random) -> None:
    """shares each gradient out evenly over its window"""
    _expect_sent_back(student, rng, SIDE_BY_SIDE[:2], even, distinct)


def adds_the_shares(student: Student, rng: Random) -> None:
    """adds the shares that an entry gets from several windows"""
    _expect_sent_back(student, rng, (*OVERLAPPING[:3], ((1, 1, 1, 3), (1, 2), ONE)), even, distinct)


def shares_leave_the_border_out(student: Student, rng: Random) -> None:
    """gives zero to what no window takes, and keeps the type of y_bar"""
    cases = (((1, 2, 5, 7), (2, 3), None), ((2, 1, 6, 8), (2, 2), (3, 3)))
    _expect_sent_back(student, rng, cases, even, distinct)
    _keeps_the_type(student, rng, even)
