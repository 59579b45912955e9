"""What likely mistakes give, where pooling layers send gradients back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, count_windows
from course_utils.grading.properties.option_mistakes import FIRST_KEPT, LAST_KEPT
from course_utils.grading.properties.pool_shares import IN_A_MEAN, IN_A_TIE, Shares, even, send_back

Array = NDArray[Any]


def causes_of(y_bar: Array, x: Array, kernel: Pair, stride: Pair, right: Shares) -> dict[str, Any]:
    """Work out what likely mistakes give.

    Args:
        y_bar: The gradients, one for each window.
        x: The input of the layer.
        kernel: Height and width of a window.
        stride: Steps down and across.
        right: The right shares: `first` for maximum pooling, `even` for average pooling.

    Returns:
        A sentence for each mistake, and what it gives, where that is wrong.
    """
    given, want = (x, kernel, stride), send_back(y_bar, x, kernel, stride, right)
    count = np.maximum(send_back(np.ones_like(y_bar), *given, np.ones_like), 1)
    used = [(y_bar.shape[axis + 2] - 1) * stride[axis] + kernel[axis] for axis in (0, 1)]
    ways = IN_A_MEAN if right is even else IN_A_TIE
    causes = {
        **{words: send_back(y_bar, *given, shares) for words, shares in ways.items()},
        **_wrong_sums(y_bar, x, kernel, stride, right),
        **_wrong_steps(y_bar, x, kernel, stride, right),
        "the mean over the windows came where several meet; their sum is wanted": want / count,
        "the rows and columns that no window took are missing: x_bar has the shape of x": want[
            :, :, : used[0], : used[1]
        ],
        "y_bar is missing: its entries count as 1": send_back(np.ones_like(y_bar), *given, right),
    }
    return {words: value for words, value in causes.items() if not _same(value, want)}


def _wrong_sums(y_bar: Array, x: Array, kernel: Pair, stride: Pair, right: Shares) -> dict[str, Any]:
    overwrote = {
        FIRST_KEPT: "first",
        LAST_KEPT: "last",
        "where windows overlap, one overwrote the others, with zeros too: add them, with +=": "first whole",
        "where windows overlap, the last one overwrote the others, with zeros too: add them": "last whole",
    }
    return {words: send_back(y_bar, x, kernel, stride, right, keep=keep) for words, keep in overwrote.items()}


def _wrong_steps(y_bar: Array, x: Array, kernel: Pair, stride: Pair, right: Shares) -> dict[str, Any]:
    steps = {
        "the stride is ignored: the windows lie side by side": kernel,
        "the windows moved by 1; the stride is the kernel's size if it is left out": ONE,
        "the steps down and across are exchanged": stride[::-1],
        "the step down was taken across, too": (stride[0], stride[0]),
    }
    tiled = _side_by_side(y_bar, x, kernel, stride, right)
    return {words: _send_beyond(y_bar, x, kernel, step, right) for words, step in steps.items()} | {
        "the stride is ignored on the way back": _put_by_one(y_bar, x, kernel, stride, right),
        "each entry met one window only; where windows overlap, it is in several": _cut(tiled, x.shape),
        "the stride is ignored: each entry met one window only, as if they lay side by side": _cut(
            _side_by_side(y_bar, x, kernel, kernel, right), x.shape
        ),
        "the windows were taken to lie side by side; x_bar has the shape of x": tiled,
    }


def _put_by_one(y_bar: Array, x: Array, kernel: Pair, stride: Pair, shares: Shares) -> Array:
    """Look for the shares where the windows are, but put them back by steps of 1."""
    x_bar = np.zeros(x.shape)
    for n, c, r, s in np.ndindex(y_bar.shape):
        top, left = r * stride[0], s * stride[1]
        share = shares(x[n, c, top : top + kernel[0], left : left + kernel[1]])
        x_bar[n, c, r : r + kernel[0], s : s + kernel[1]] += y_bar[n, c, r, s] * share
    return x_bar


def _side_by_side(y_bar: Array, x: Array, kernel: Pair, stride: Pair, right: Shares) -> Array:
    """Repeat what came for each window, as np.kron does; for maxima, where the input is as large as they."""
    rows, columns = count_windows(x.shape, kernel, stride, NONE)
    y_bar, block = y_bar[:, :, :rows, :columns], np.ones((1, 1, *kernel))
    if right is even:
        return np.asarray(np.kron(y_bar, block) / block.size)
    largest = np.empty(y_bar.shape)
    for n, c, r, s in np.ndindex(y_bar.shape):
        top, left = r * stride[0], s * stride[1]
        largest[n, c, r, s] = x[n, c, top : top + kernel[0], left : left + kernel[1]].max()
    repeated = np.kron(largest, block)
    return np.asarray(np.kron(y_bar, block) * (repeated == _cut(x, repeated.shape)))


def _cut(array: Array, shape: tuple[int, ...]) -> Array:
    """Cut rows and columns off at the end, or put zeros there."""
    size = np.maximum(array.shape[2:], shape[2:])
    wide = np.zeros((*array.shape[:2], *size))
    wide[:, :, : array.shape[2], : array.shape[3]] = array
    return wide[:, :, : shape[2], : shape[3]]


def _send_beyond(y_bar: Array, x: Array, kernel: Pair, stride: Pair, shares: Shares) -> Array:
    """Send back by a stride that may lead beyond the border: what arrives there is cut off."""
    needed = [(y_bar.shape[axis + 2] - 1) * stride[axis] + kernel[axis] for axis in (0, 1)]
    beyond = [(0, max(0, most - length)) for most, length in zip(needed, x.shape[2:], strict=True)]
    wide = np.pad(x, [(0, 0), (0, 0), *beyond], constant_values=x.min() - 1)
    return send_back(y_bar, wide, kernel, stride, shares)[:, :, : x.shape[2], : x.shape[3]]


def _same(value: Any, want: Array) -> bool:
    return np.shape(value) == want.shape and np.allclose(value, want)
