"""How large the cells of matrices are that are drawn side by side, and whether numbers fit them."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from course_utils.plots.paper import TALLEST, TITLE, WIDEST, text_width

LARGEST_SIDE = 0.44  # inches
SMALLEST_SIDE = 0.01  # inches, one pixel
SIMILAR = 0.8  # of the largest possible side: cells as large are worth a row less
SIZES = (11.0, 9.0)  # points of the numbers
NAME = 0.25  # inches for a line of text above or below a matrix
ASIDE = 0.34  # inches for the text at the left of a matrix
SPACE = 0.25  # inches between two matrices
BAR = 1.0  # inches for the colour bar
FOOT = 0.3  # inches for the note below


@dataclass(frozen=True)
class Panel:
    """One matrix of the figure.

    Args:
        name: Its name, "" for none.
        note: What is counted, "" for nothing.
        texts: What would be written in each cell, shape (outputs, inputs).
        fills: Colour of each cell, shape (outputs, inputs, 3).
    """

    name: str
    note: str
    texts: NDArray[np.str_]
    fills: NDArray[np.float64]


@dataclass(frozen=True)
class Sheet:
    """How large everything is, in inches.

    Args:
        side: Side of a cell.
        size: Size of the numbers in points, None for no numbers.
        slot: Width and height of one matrix with its texts.
        across: Matrices in a row.
        width: Width of the drawing.
        height: Height of the drawing.
    """

    side: float
    size: float | None
    slot: tuple[float, float]
    across: int
    width: float
    height: float


def lay_out(panels: list[Panel], most: int, numbers: bool | None, *, barred: bool) -> Sheet:
    """Find the number of matrices in a row that makes their cells largest.

    Args:
        panels: The matrices.
        most: Matrices in a row, at most.
        numbers: True or False to force or leave out the numbers in the cells, None to write them if they fit.
        barred: True when a colour bar replaces numbers that are left out.

    Returns:
        The sizes.

    Raises:
        ValueError: If a matrix does not fit a page, or the numbers are forced and do not fit their cells.
    """
    words = max(max(text_width(panel.name, 11), text_width(panel.note, 10)) for panel in panels)
    extra = NAME * (1 + any(panel.name for panel in panels) + any(panel.note for panel in panels))
    across, side = _largest(panels, most, words=words, extra=extra, width=WIDEST)
    size = _size(panels, side, numbers)
    bar = BAR if barred and size is None else 0.0
    if bar:
        across, side = _largest(panels, most, words=words, extra=extra, width=WIDEST - bar)
    tall, wide = (max(panel.texts.shape[axis] for panel in panels) for axis in (0, 1))
    slot = (max(wide * side, words), tall * side + extra)
    width = across * (ASIDE + slot[0] + SPACE) - SPACE + bar
    return Sheet(side, size, slot, across, width, ceil(len(panels) / across) * (slot[1] + SPACE) + FOOT - 0.1)


def _largest(
    panels: list[Panel], most: int, *, words: float, extra: float, width: float
) -> tuple[int, float]:
    """Return the most matrices in a row that leave the cells nearly as large as can be, and their side."""
    tall, wide = (max(panel.texts.shape[axis] for panel in panels) for axis in (0, 1))
    sides: dict[int, float] = {}
    for down in range(ceil(len(panels) / most), len(panels) + 1):
        across = ceil(len(panels) / down)
        room = width / across - ASIDE - SPACE, (TALLEST - TITLE - FOOT) / down - SPACE - extra
        if across == 1 or words <= room[0]:
            sides.setdefault(across, min(LARGEST_SIDE, room[0] / wide, room[1] / tall))
    large = SIMILAR * max(sides.values())
    across = max(number for number, side in sides.items() if side >= large)
    if sides[across] < SMALLEST_SIDE:
        raise ValueError(f"a matrix of {tall} x {wide} does not fit a page; show a part of it")
    return across, sides[across]


def _size(panels: list[Panel], side: float, numbers: bool | None) -> float | None:
    """Return the size at which the numbers fit their cells, in points, or None to leave them out."""
    texts = {str(text) for panel in panels for text in np.unique(panel.texts)}
    fitting = [size for size in SIZES if max(text_width(text, size) for text in texts) + 0.05 <= side]
    if numbers and not fitting:
        raise ValueError(
            "numbers is True but they do not fit the cells; show a smaller matrix or leave them out"
        )
    return fitting[0] if fitting and numbers is not False and side >= 0.2 else None
