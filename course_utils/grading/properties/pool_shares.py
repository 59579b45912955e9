"""Which entry of a pooling window gets which share of its gradient: the right one, and likely mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.properties.conv_connections import Pair

Array = NDArray[Any]
Shares = Callable[[Array], Array]  # a window to the share of its gradient that each entry gets


def send_back(
    y_bar: Array, x: Array, kernel: Pair, stride: Pair, shares: Shares, *, keep: str = "all"
) -> Array:
    """Give every window's gradient back to its entries, one window after another.

    Args:
        y_bar: The gradients, one for each window.
        x: The input of the layer.
        kernel: Height and width of a window.
        stride: Steps down and across.
        shares: Says of a window which share of its gradient each entry gets.
        keep: "all" adds; "last" and "first" keep what one window gave, "last whole" and "first whole" its
            zeros, too.

    Returns:
        The gradient of the input.
    """
    x_bar = np.zeros(x.shape)
    places = list(np.ndindex(y_bar.shape))
    for n, c, r, s in places[::-1] if keep.startswith("first") else places:
        top, left = r * stride[0], s * stride[1]
        rows, columns = slice(top, top + kernel[0]), slice(left, left + kernel[1])
        share = shares(x[n, c, rows, columns])
        before, given = x_bar[n, c, rows, columns], y_bar[n, c, r, s] * share
        one = given if keep.endswith("whole") else np.where(share, given, before)
        x_bar[n, c, rows, columns] = before + given if keep == "all" else one
    return x_bar


def first(window: Array) -> Array:
    """Give everything to the first of the largest entries, row by row.

    Args:
        window: The entries of one window.

    Returns:
        1 where it stands, and 0 elsewhere.
    """
    return _at(window, *divmod(_place(window), window.shape[1]))


def even(window: Array) -> Array:
    """Give every entry the same share.

    Args:
        window: The entries of one window.

    Returns:
        The shares, which add up to 1.
    """
    return np.full(window.shape, 1 / window.size)


def _place(window: Array) -> int:
    ordered = list(window.flat)
    return ordered.index(max(ordered))


def _at(window: Array, row: int, column: int) -> Array:
    """Point at one entry; at none where the window has no such row or column."""
    rows, columns = np.indices(window.shape)
    return np.where((rows == row) & (columns == column), 1.0, 0.0)


def _last(window: Array) -> Array:
    return first(window[::-1, ::-1])[::-1, ::-1]


def _all(window: Array) -> Array:
    return np.where(window == window.max(), 1.0, 0.0)


IN_A_TIE: dict[str, Shares] = {
    "a tie was counted twice: only the first of the largest entries gets the gradient": _all,
    "a tie was shared out: only the first of the largest entries gets the gradient": lambda window: (
        _all(window) / _all(window).sum()
    ),
    "in a tie the last of the largest entries came; it is the first one, row by row": _last,
    "in a tie the columns were read first; it is the first one, row by row": lambda window: first(window.T).T,
    "row and column of the largest entry are exchanged": lambda window: _at(
        window, *divmod(_place(window), window.shape[1])[::-1]
    ),
    "the place in the window was divided by its height; a row is as long as the width": lambda window: _at(
        window, *divmod(_place(window), window.shape[0])
    ),
    "the entry farthest from 0 got the gradient; it is for the largest": lambda window: first(abs(window)),
    "the smallest entry of each window got the gradient": lambda window: first(-window),
    "the gradient was multiplied by the largest entry, too": lambda window: first(window) * window,
    "every entry got a share; only the largest one reaches the output": even,
    "every entry got the whole gradient; only the largest one reaches the output": np.ones_like,
}
IN_A_MEAN: dict[str, Shares] = {
    "every entry got the whole gradient; each reaches the mean by its share": np.ones_like,
    "the largest entry got everything; the mean has a share for each": first,
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
