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
from course_utils.grading.properties.pooling import OVERLAPPING, SIDE_BY_SIDE, Case, stride_of
from course_utils.grading.properties.windows import distinct

Array = NDArray[Any]
Random = np.random.Generator
Shares = Callable[[Array], Array]  # a window to the share of its gradient that each entry gets


def _send_back(
    y_bar: Array, x: Array, kernel: Pair, stride: Pair, shares: Shares, *, keep: str = "all"
) -> Array:
    """Give every window's gradient back to its entries, one window after another, or the last one's only."""
    x_bar = np.zeros(x.shape)
    places = list(np.ndindex(y_bar.shape))
    for n, c, r, s in places if keep != "first" else places[::-1]:
        top, left = r * stride[0], s * stride[1]
        rows, columns = slice(top, top + kernel[0]), slice(left, left + kernel[1])
        share = shares(x[n, c, rows, columns])
        before = x_bar[n, c, rows, columns]
        given = y_bar[n, c, r, s] * share
        kept = {"all": before + given, "whole": given}
        x_bar[n, c, rows, columns] = kept.get(keep, np.where(share, given, before))
    return x_bar


def _one(window: Array, place: Any) -> Array:
    share = np.zeros(window.size)
    share[place] = 1
    return share.reshape(window.shape)


def _first(window: Array) -> Array:
    """Point at the first of the largest entries, row by row."""
    ordered = list(window.flat)
    return _one(window, ordered.index(max(ordered)))


def _last(window: Array) -> Array:
    return _one(window, [k for k, value in enumerate(window.flat) if value == window.max()][-1])


def _all(window: Array) -> Array:
    return np.where(window == window.max(), 1.0, 0.0)


def _even(window: Array) -> Array:
    return np.full(window.shape, 1 / window.size)


# Tasks 8 and 9: max_pool2d_backward, avg_pool2d_backward


def _expect_sent_back(
    student: Student, rng: Random, cases: Iterable[Case], right: Shares, draw: Callable[..., Array]
) -> None:
    for shape, kernel, given in cases:
        x, (stride, named) = draw(rng, shape), stride_of(kernel, given)
        y_bar = rng.normal(size=(*shape[:2], *count_windows(shape, kernel, stride, NONE)))
        y_bar += np.sign(y_bar)
        want = _send_back(y_bar, x, kernel, stride, right)
        causes = partial(_causes, y_bar, x, kernel, stride, right)
        expect_close_or_explain(student(y_bar, x, kernel, **named), want, what="x_bar", causes=causes)


IN_A_TIE: dict[str, Shares] = {
    "a tie was counted twice: only the first of the largest entries gets the gradient": _all,
    "a tie was shared out: only the first of the largest entries gets the gradient": lambda window: (
        _all(window) / _all(window).sum()
    ),
    "in a tie the last of the largest entries came; it is the first one, row by row": _last,
    "in a tie the columns were read first; it is the first one, row by row": lambda window: (
        _first(window.T).T
    ),
    "the smallest entry of each window got the gradient": lambda window: _first(-window),
    "every entry got a share; only the largest one reaches the output": _even,
    "every entry got the whole gradient; only the largest one reaches the output": np.ones_like,
}
IN_A_MEAN: dict[str, Shares] = {
    "every entry got the whole gradient; each reaches the mean by its share": np.ones_like,
    "the largest entry got everything; the mean has a share for each": _first,
    "the share is 1 / height of the kernel; the window has height * width entries": lambda window: np.full(
        window.shape, 1 / len(window)
    ),
    "the share is 1 / height squared; the window has height * width entries": lambda window: np.full(
        window.shape, 1 / len(window) ** 2
    ),
    "the share is 1 / width of the kernel; the window has height * width entries": lambda window: np.full(
        window.shape, 1 / window.shape[1]
    ),
}


def _send_beyond(
    y_bar: Array, x: Array, kernel: Pair, stride: Pair, shares: Shares, *, keep: str = "all"
) -> Array:
    """Send back by a stride that may lead beyond the border: what arrives there is cut off."""
    needed = [(y_bar.shape[axis + 2] - 1) * stride[axis] + kernel[axis] for axis in (0, 1)]
    beyond = [(0, max(0, most - length)) for most, length in zip(needed, x.shape[2:], strict=True)]
    wide = np.pad(x, [(0, 0), (0, 0), *beyond], constant_values=x.min() - 1)
    x_bar = _send_back(y_bar, wide, kernel, stride, shares, keep=keep)
    return x_bar[:, :, : x.shape[2], : x.shape[3]]


def _causes(y_bar: Array, x: Array, kernel: Pair, stride: Pair, right: Shares) -> dict[str, Any]:
    given, want = (x, kernel, stride), _send_back(y_bar, x, kernel, stride, right)
    count = np.maximum(_send_back(np.ones_like(y_bar), *given, np.ones_like), 1)
    used = [(y_bar.shape[axis + 2] - 1) * stride[axis] + kernel[axis] for axis in (0, 1)]
    ways = IN_A_MEAN if right is _even else IN_A_TIE
    causes = _wrong_steps(y_bar, x, kernel, stride, right) | {
        "the mean over the windows came where several meet; their sum is wanted": want / count,
        "the rows and columns that no window took are missing: x_bar has the shape of x": want[
            :, :, : used[0], : used[1]
        ],
        "y_bar is missing: its entries count as 1": _send_back(np.ones_like(y_bar), *given, right),
        **{words: _send_back(y_bar, *given, shares) for words, shares in ways.items()},
    }
    return {words: value for words, value in causes.items() if not _same(value, want)}


def _wrong_steps(y_bar: Array, x: Array, kernel: Pair, stride: Pair, right: Shares) -> dict[str, Any]:
    overwrote = {
        "where windows overlap, one overwrote the others: add them, with +=": "first",
        "where windows overlap, the last one overwrote the others: add them": "last",
        "where windows overlap, the last one overwrote the others, with zeros too: add them": "whole",
    }
    steps = {
        "the stride is ignored: the windows lie side by side": kernel,
        "the windows moved by 1; the stride is the kernel's size if it is left out": ONE,
        "the steps down and across are exchanged": stride[::-1],
        "the step down was taken across, too": (stride[0], stride[0]),
    }
    kept = {
        words: _send_back(y_bar, x, kernel, stride, right, keep=keep) for words, keep in overwrote.items()
    }
    return kept | {words: _send_beyond(y_bar, x, kernel, step, right) for words, step in steps.items()}


def _same(value: Any, want: Array) -> bool:
    return np.shape(value) == want.shape and np.allclose(value, want)


def _tied(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw from two values only, so that nearly every window has several largest entries."""
    return rng.choice([-1.5, -0.5], size=shape)


def _largest_last(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw entries that all differ, the largest of them in the lower right corner of the last image."""
    x = distinct(rng, shape)
    x[-1, -1, -1, -1] = x.max() + 1
    return x


def goes_to_the_largest(student: Student, rng: Random) -> None:
    """sends each gradient to the largest entry of its window"""
    _expect_sent_back(student, rng, SIDE_BY_SIDE[:2], _first, _largest_last)


def adds_where_a_largest_is_shared(student: Student, rng: Random) -> None:
    """adds where one entry is the largest of several windows"""
    _expect_sent_back(student, rng, (*OVERLAPPING[:3], ((1, 1, 1, 4), (1, 3), ONE)), _first, distinct)


def gives_a_tie_to_the_first(student: Student, rng: Random) -> None:
    """gives the gradient to the first of several largest entries only, row by row"""
    cases = (*SIDE_BY_SIDE[:2], ((1, 2, 4, 6), (2, 2), None), ((2, 1, 5, 6), (3, 3), (1, 1)))
    _expect_sent_back(student, rng, cases, _first, _tied)


def leaves_the_border_out(student: Student, rng: Random) -> None:
    """gives zero to the border that no window takes, and to what lies between windows"""
    cases = (((1, 2, 5, 7), (2, 3), None), ((2, 1, 6, 8), (2, 2), (3, 3)), ((1, 1, 7, 6), (3, 2), (2, 3)))
    _expect_sent_back(student, rng, cases, _first, distinct)


def _keeps_the_type(student: Student, rng: Random, right: Shares) -> None:
    for dtype, kind in ((np.float32, np.float32), (np.float64, np.int64), (np.float32, np.uint8)):
        x = rng.permutation(40).reshape(1, 2, 4, 5).astype(kind)
        y_bar = rng.normal(size=(1, 2, 3, 2)).astype(dtype)
        got = student(y_bar, x, (2, 3), (1, 2))
        expect_array(got, kind=np.dtype(dtype).name, what="x_bar")
        expect_close(got, _send_back(y_bar, x, (2, 3), (1, 2), right), what="x_bar")


def maxima_keep_the_type(student: Student, rng: Random) -> None:
    """gives numbers of the type of y_bar: float32, and floats also where x holds integers"""
    _keeps_the_type(student, rng, _first)


def shares_out_evenly(student: Student, rng: Random) -> None:
    """shares each gradient out evenly over its window"""
    _expect_sent_back(student, rng, SIDE_BY_SIDE[:2], _even, distinct)


def adds_the_shares(student: Student, rng: Random) -> None:
    """adds the shares that an entry gets from several windows"""
    _expect_sent_back(student, rng, (*OVERLAPPING[:3], ((1, 1, 1, 3), (1, 2), ONE)), _even, distinct)


def shares_leave_the_border_out(student: Student, rng: Random) -> None:
    """gives zero to what no window takes, and keeps the type of y_bar"""
    cases = (((1, 2, 5, 7), (2, 3), None), ((2, 1, 6, 8), (2, 2), (3, 3)))
    _expect_sent_back(student, rng, cases, _even, distinct)
    _keeps_the_type(student, rng, _even)
