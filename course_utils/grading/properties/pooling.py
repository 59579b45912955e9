"""Properties of maximum and average pooling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, count_windows
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.windows import distinct

Array = NDArray[Any]
Random = np.random.Generator
Case = tuple[tuple[int, ...], Pair, Pair | None]  # shape of x, kernel, stride: None where it is left out
Summary = Callable[..., Any]


def _pool(x: Array, kernel: Pair, stride: Pair, summary: Summary) -> Any:
    """Take one window after another and sum it up; NaN where none fits."""
    size = count_windows(x.shape, kernel, stride, NONE)
    if not min(size):
        return np.nan
    y = np.zeros((*x.shape[:2], *size))
    for n, c, r, s in np.ndindex(y.shape):
        top, left = r * stride[0], s * stride[1]
        y[n, c, r, s] = summary(x[n, c, top : top + kernel[0], left : left + kernel[1]])
    return y


def _continued(x: Array, kernel: Pair, stride: Pair, **how: Any) -> Array:
    """Go on with the last row and column, or as `np.pad` is told, until no window reaches beyond."""
    rest = [(0, -(x.shape[axis + 2] - kernel[axis]) % stride[axis]) for axis in (0, 1)]
    return np.pad(x, [(0, 0), (0, 0), *rest], **({"mode": "edge"} | how))


def stride_of(kernel: Pair, stride: Pair | None) -> tuple[Pair, dict[str, Pair]]:
    """Say what the stride is, and how it is given.

    Args:
        kernel: Height and width of a window.
        stride: Steps down and across; None where they are left out, and are the window's size.

    Returns:
        The stride, and the keyword argument for it, if any.
    """
    return (kernel, {}) if stride is None else (stride, {"stride": stride})


# Task 7: pool2d

SIDE_BY_SIDE: tuple[Case, ...] = (
    ((1, 1, 4, 9), (2, 3), None),
    ((2, 3, 6, 4), (3, 1), None),
    ((1, 2, 5, 7), (2, 2), None),
)
OVERLAPPING: tuple[Case, ...] = (
    ((1, 2, 4, 5), (2, 3), (1, 1)),
    ((2, 1, 7, 6), (3, 2), (2, 1)),
    ((1, 1, 6, 8), (3, 3), (1, 2)),
    ((2, 1, 6, 5), (2, 1), (3, 2)),
)


def _expect_pooled(student: Student, rng: Random, cases: Iterable[Case], kind: str | None) -> None:
    right: Summary = np.mean if kind == "average" else np.max
    for shape, kernel, given in cases:
        x = distinct(rng, shape) - (100 if kind is None else 0)  # all negative: zeros would be larger
        stride, named = stride_of(kernel, given)
        causes = partial(_causes, x, kernel, stride, right)
        got = student(x, kernel, **named, **({"kind": kind} if kind else {}))
        expect_close_or_explain(got, _pool(x, kernel, stride, right), what="y", causes=causes)


def _causes(x: Array, kernel: Pair, stride: Pair, right: Summary) -> dict[str, Any]:
    want = _pool(x, kernel, stride, right)
    causes = {
        "the smallest of each window came, not the largest": _pool(x, kernel, stride, np.min),
        "the mean of each window came": _pool(x, kernel, stride, np.mean),
        "the largest of each window came; the mean is wanted": _pool(x, kernel, stride, np.max),
        "the sum of each window came": _pool(x, kernel, stride, np.sum),
        "the search for the largest began at 0; all entries may be negative": np.maximum(
            _pool(x, kernel, stride, np.max), 0
        ),
        "the height was taken for the width, too": _pool(x, (kernel[0],) * 2, (stride[0],) * 2, right),
        "windows that reach beyond the border came, too": _pool(
            _continued(x, kernel, stride), kernel, stride, right
        ),
        "windows that reach beyond the border were filled up with zeros; they are left out": _pool(
            _continued(x, kernel, stride, mode="constant"), kernel, stride, right
        ),
        "the channels were pooled together; each keeps its own": right(want, axis=1),
        "the channels were pooled together into one; each keeps its own": right(want, axis=1, keepdims=True),
        "the windows moved by 1; the stride is the kernel's size if it is left out": _pool(
            x, kernel, ONE, right
        ),
        "the stride is ignored: windows were laid side by side": _pool(x, kernel, kernel, right),
        "height and width of the kernel are exchanged": _pool(x, kernel[::-1], stride, right),
        "the steps down and across are exchanged": _pool(x, kernel, stride[::-1], right),
        "the step down was taken across, too": _pool(x, kernel, (stride[0], stride[0]), right),
    }
    return {words: value for words, value in causes.items() if not np.array_equal(value, want)}


def takes_the_largest(student: Student, rng: Random) -> None:
    """takes the largest of each window if no kind is given, the windows side by side if no stride is"""
    _expect_pooled(student, rng, SIDE_BY_SIDE, None)


def takes_the_mean(student: Student, rng: Random) -> None:
    """takes the mean of each window if "average" is the kind"""
    _expect_pooled(student, rng, SIDE_BY_SIDE, "average")


def pools_by_the_stride(student: Student, rng: Random) -> None:
    """moves by the stride, down and across, for both kinds"""
    _expect_pooled(student, rng, OVERLAPPING, "max")
    _expect_pooled(student, rng, OVERLAPPING, "average")


def pools_keep_the_type(student: Student, rng: Random) -> None:
    """keeps float32, gives the largest of integers as an integer, and their mean with its fraction"""
    for dtype, kind, want in (
        (np.float32, "max", "float32"),
        (np.float32, "average", "float32"),
        (np.uint8, "max", "uint8"),
        (np.int64, "average", "float64"),
    ):
        x = rng.permutation(2 * 2 * 5 * 4).reshape(2, 2, 5, 4).astype(dtype)
        got = student(x, (2, 3), (2, 1), kind)
        expect_array(got, kind=want, what="y")
        expect_close(got, _pool(x, (2, 3), (2, 1), np.max if kind == "max" else np.mean), what="y")
