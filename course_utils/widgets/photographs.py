"""Photographs that are small enough to look at pixel by pixel: 96 rows of 128 pixels, in grey."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from course_utils.data import photograph

HEIGHT, WIDTH = 96, 128
LUMINANCE = (0.299, 0.587, 0.114)  # how much red, green and blue add to brightness (ITU-R BT.601)


@dataclass(frozen=True)
class Cut:
    """Which part of a photograph is shown, and how many of its pixels become one, along each axis.

    Args:
        top: First row.
        left: First column.
        block: Side of the square of pixels that is averaged.
    """

    top: int
    left: int
    block: int


CUTS = {
    "camera": Cut(24, 0, 4),
    "coins": Cut(8, 0, 3),
    "astronaut": Cut(0, 0, 4),
    "chelsea": Cut(6, 40, 3),
    "brick": Cut(0, 0, 4),
}


@cache
def small_photograph(name: str) -> NDArray[np.uint8]:
    """Load a photograph of scikit-image, cut to 3 : 4 and averaged over squares of pixels.

    Args:
        name: One of the names in `CUTS`.

    Returns:
        Brightness from 0 to 255, shape (96, 128), read-only.
    """
    image, cut = photograph(name).astype(np.float64), CUTS[name]
    grey = image @ LUMINANCE if image.ndim == 3 else image
    part = grey[cut.top : cut.top + HEIGHT * cut.block, cut.left : cut.left + WIDTH * cut.block]
    small = part.reshape(HEIGHT, cut.block, WIDTH, cut.block).mean(axis=(1, 3))
    pixels = np.asarray(np.rint(small), dtype=np.uint8)
    pixels.flags.writeable = False  # every explorer shares it
    return pixels
