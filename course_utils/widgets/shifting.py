"""A digit in a blank field, its edge maps and what pooling leaves of them: the shift explorer's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from course_utils.data import digits
from course_utils.reference import avg_pool2d, conv2d, max_pool2d, relu

Maps = NDArray[np.float64]

FIELD, SIDE = 16, 8  # pixels along the blank field, and along a digit
START = (FIELD - SIDE) // 2  # first row and column of a digit that has not moved
CLEAREST = (55, 56, 50, 98, 14, 33, 65, 44, 28, 9)  # which of scikit-learn's digits stands for 0, 1, ... 9
FILTERS: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "left edges": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "upper edges": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "outline": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
}
POOLINGS = ("max", "average", "none")
POOL_SIZES = (2, 4, 8)


@dataclass(frozen=True)
class Changes:
    """Hold how much a shift has changed, as shares of the length of what was there first.

    Args:
        pixels: Pixels of the input that are not what they were.
        feature_maps: Change of the feature maps, place by place.
        moved_along: Difference from the first feature maps, moved as far as the digit.
        pooled: Change of the pooled maps.
        global_pool: Change of the numbers that pooling over the whole maps leaves; None without pooling.
    """

    pixels: int
    feature_maps: float
    moved_along: float
    pooled: float
    global_pool: float | None


@cache
def digit_image(digit: int) -> NDArray[np.int64]:
    """Load one clearly written digit of scikit-learn's bundled set.

    Args:
        digit: From 0 to 9.

    Returns:
        Brightness from 0 to 255, shape (8, 8), read-only.
    """
    pixels: NDArray[np.int64] = digits().images[CLEAREST[digit]].astype(np.int64)
    pixels.flags.writeable = False  # every explorer shares it
    return pixels


def moved(image: NDArray[np.generic], shift: tuple[int, int]) -> Maps:
    r"""Move an image in its field, :math:`y_{i,j} = x_{i-a,j-b}`; what leaves the field is lost.

    Args:
        image: Shape (height, width).
        shift: Rows down and columns to the right (a, b), up to the image's own size.

    Returns:
        The moved image with zeros where nothing came, shape (height, width).
    """
    height, width = image.shape
    down, right = shift
    room = np.zeros((3 * height, 3 * width))
    room[height : 2 * height, width : 2 * width] = image
    return room[height - down : 2 * height - down, width - right : 2 * width - right].copy()


def digit_in_field(digit: int, shift: tuple[int, int]) -> Maps:
    """Put a digit into the blank field.

    Args:
        digit: From 0 to 9.
        shift: Rows down and columns to the right, from the middle.

    Returns:
        Brightness x, shape (16, 16).
    """
    field = np.zeros((FIELD, FIELD))
    field[START : START + SIDE, START : START + SIDE] = digit_image(digit)
    return moved(field, shift)


def feature_maps(x: Maps) -> Maps:
    r"""Look for edges, :math:`h_k = \max(0, x \star W_k)`, with zeros around the field.

    Args:
        x: Brightness, shape (16, 16).

    Returns:
        One map for each of `FILTERS`, shape (3, 16, 16).
    """
    W = np.array(list(FILTERS.values()), dtype=np.float64)[:, np.newaxis]
    return np.asarray(relu(conv2d(x[np.newaxis, np.newaxis], W, padding=1)[0]), dtype=np.float64)


def pooled_maps(h: Maps, pooling: str, size: int) -> Maps:
    """Pool feature maps over squares that lie side by side.

    Args:
        h: Feature maps, shape (maps, height, width).
        pooling: "max", "average" or "none".
        size: Side of a square.

    Returns:
        Shape (maps, height / size, width / size); without pooling the maps themselves.
    """
    if pooling == "none":
        return h
    pool = max_pool2d if pooling == "max" else avg_pool2d
    return np.asarray(pool(h[np.newaxis], size)[0], dtype=np.float64)


def relative_change(now: Maps, first: Maps) -> float:
    r"""Compute :math:`\lVert a - b \rVert / \lVert b \rVert`.

    Args:
        now: Numbers a.
        first: Numbers b, of the same shape, not all zero.

    Returns:
        The change as a share of the first length.
    """
    return float(np.linalg.norm(now - first) / np.linalg.norm(first))


def measure(digit: int, shift: tuple[int, int], pooling: str, size: int) -> Changes:
    """Compare everything with what it was before the digit moved.

    Args:
        digit: From 0 to 9.
        shift: Rows down and columns to the right.
        pooling: "max", "average" or "none".
        size: Side of a pooling square.

    Returns:
        The changes.
    """
    x, x_first = digit_in_field(digit, shift), digit_in_field(digit, (0, 0))
    h, h_first = feature_maps(x), feature_maps(x_first)
    whole = None
    if pooling != "none":
        whole = relative_change(pooled_maps(h, pooling, FIELD), pooled_maps(h_first, pooling, FIELD))
    return Changes(
        pixels=int((x != x_first).sum()),
        feature_maps=relative_change(h, h_first),
        moved_along=relative_change(h, np.stack([moved(one, shift) for one in h_first])),
        pooled=relative_change(pooled_maps(h, pooling, size), pooled_maps(h_first, pooling, size)),
        global_pool=whole,
    )
