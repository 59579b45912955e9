"""What a stride or a padding that was mistaken gives, for any layer that has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.properties.conv_connections import NONE, ONE, Pair

Array = NDArray[Any]
FIRST_KEPT = "where windows overlap, one overwrote the others: add them, with +="
LAST_KEPT = (
    "where windows overlap, the last one overwrote the others: add them "
    "(with arrays of indices, += adds once at each place; np.add.at adds all)"
)


def wrong_strides(compute: Callable[[Pair], Any], stride: Pair) -> dict[str, Any]:
    """Compute with strides that were mistaken.

    Args:
        compute: Takes a stride, returns what the layer gives with it.
        stride: The right one, steps down and across.

    Returns:
        A sentence for each mistake, and what it gives.
    """
    down, across = stride
    return {
        "the steps down and across are exchanged": compute((across, down)),
        "the step down was taken across, too": compute((down, down)),
        "the stride is ignored": compute(ONE),
    }


def wrong_paddings(compute: Callable[[Pair, Pair], Any], padding: Pair) -> dict[str, Any]:
    """Compute with paddings that were mistaken.

    Args:
        compute: Takes the padding above and left, and that below and right; returns what the layer gives.
        padding: The right one, of rows and of columns.

    Returns:
        A sentence for each mistake, and what it gives.
    """
    p, q = padding
    return {
        "only one side is padded: above and left": compute(padding, NONE),
        "only one side is padded: below and right": compute(NONE, padding),
        "the padding of the rows and that of the columns are exchanged": compute((q, p), (q, p)),
        "the rows' padding was taken for the columns, too": compute((p, p), (p, p)),
        "the padding is ignored": compute(NONE, NONE),
    }


def wrong_cuts(padded: Array, shape: tuple[int, ...], padding: Pair) -> dict[str, Any]:
    """Cut the padding off a gradient in mistaken ways.

    Args:
        padded: The gradient of the padded input.
        shape: Shape of the input itself.
        padding: Its padding, of rows and of columns.

    Returns:
        A sentence for each mistake, and what it gives.
    """
    (height, width), (p, q) = shape[2:], padding
    return {
        "the padding is still there: cut it off on both sides": padded,
        "the padding was cut off above and left only": padded[:, :, p:, q:],
        "the padding was cut off below and right only: the zeros above and left are still there": padded[
            :, :, :height, :width
        ],
        "the padding of the rows and that of the columns are exchanged": padded[
            :, :, q : q + height, p : p + width
        ],
        "a slice such as p:-p is empty where p is 0": padded[:, :, p:-p, q:-q],
    }


def pad(x: Array, padding: Pair, **how: Any) -> Array:
    """Pad both sides of the rows and of the columns, with zeros if nothing else is said.

    Args:
        x: The input, (batch, channels, height, width).
        padding: Zeros on both sides of the rows, and of the columns.
        **how: Further arguments of `np.pad`.

    Returns:
        The padded input.
    """
    p, q = padding
    return np.pad(x, [(0, 0), (0, 0), (p, p), (q, q)], **how)
