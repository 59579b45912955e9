"""Grids of cells that hold numbers or symbols: what they accept, how they are filled, written and marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.images import MAPS, common_scale
from course_utils.plots.paper import text_width, written
from course_utils.plots.style import BLACK, mathematical, series_look

KINDS = ("plain", *MAPS)
LINE = "#777777"  # between cells
EMPTY = "#F2F2F2"  # a cell that has no number yet
MOST_MARKS = 16  # looks that differ
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """Cells with what is written in them.

    Args:
        texts: What each cell holds, shape (rows, columns).
        fills: Colour of each cell, shape (rows, columns, 3).
        shape: Shape of the array that it shows, which has one axis or two.
    """

    texts: NDArray[np.str_]
    fills: NDArray[np.float64]
    shape: tuple[int, ...]


def read_grid(values: ArrayLike, name: str, *, kind: str = "plain", decimals: int = 2) -> Grid:
    """Check an array and say what each of its cells shows.

    Args:
        values: Numbers (NaN for an empty cell) or symbols, shape (rows, columns) or (columns,).
        name: What it is called in a message.
        kind: "plain", "grey", "weights" or "magnitude": how numbers tint their cells.
        decimals: Most digits after the point.

    Returns:
        The grid.

    Raises:
        ValueError: If it has another number of axes, no cells, an infinite number, or `kind` is unknown.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r} but must be one of {', '.join(KINDS)}")
    array = np.asarray(values)
    if array.ndim not in (1, 2) or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape} but must be (rows, columns) or (columns,)")
    flat = np.atleast_2d(array)
    if flat.dtype.kind in "US":
        return Grid(flat.astype(str), _fills(np.where(flat == "", np.nan, 0.0), "plain"), array.shape)
    numbers = flat.astype(np.float64)
    if np.isinf(numbers).any():
        raise ValueError(
            f"{name} has {np.isinf(numbers).sum()} infinite values; a cell holds a number or NaN"
        )
    texts = np.array([[written(number, decimals) for number in row] for row in numbers])
    return Grid(texts, _fills(numbers, kind, flat.dtype), array.shape)


def _fills(numbers: NDArray[np.float64], kind: str, dtype: Any = None) -> NDArray[np.float64]:
    known = np.isfinite(numbers)
    colours = np.ones((*numbers.shape, 3))
    if kind != "plain" and known.any():
        tint = mpl.colormaps[MAPS[kind]]
        ends = common_scale([numbers[known].astype(dtype)], kind)
        colours = tint(Normalize(*ends)(np.where(known, numbers, 0.0)))[..., :3]
    colours[~known] = to_rgb(EMPTY)
    return np.asarray(colours)


def chosen_cells(index: Any, grid: Grid, name: str) -> Mask:
    """Return which cells an index chooses, as NumPy would.

    Args:
        index: What would stand in brackets behind the array: numbers, slices or a mask.
        grid: The grid.
        name: What the mark is called in a message.

    Returns:
        A mask of shape (rows, columns).

    Raises:
        ValueError: If the index does not fit the array or chooses nothing.
    """
    mask = np.zeros(grid.shape, dtype=bool)
    try:
        mask[index] = True
    except (IndexError, ValueError, TypeError):
        raise ValueError(
            f"{name} chooses {index!r}, which does not fit a grid of shape {grid.shape}; "
            "write it as an index of that array"
        ) from None
    if not mask.any():
        raise ValueError(f"{name} chooses no cell of a grid of shape {grid.shape}; choose at least one")
    return np.atleast_2d(mask)


def widest(grids: Sequence[Grid], size: float) -> float:
    """Return the width in inches of the widest text in the cells of all grids."""
    return max(text_width(str(text), size) for grid in grids for text in np.unique(grid.texts))


def draw_grid(ax: Axes, grid: Grid, left: float, top: float, side: float, *, size: float) -> None:
    """Draw the cells of a grid and write what they hold.

    Args:
        ax: Axes of a page, in inches.
        grid: What to draw.
        left: Left edge in inches.
        top: Upper edge in inches.
        side: Side of a cell in inches.
        size: Size of the text in points.
    """
    for (row, column), text in np.ndenumerate(grid.texts):
        fill = grid.fills[row, column]
        corner = (left + column * side, top + row * side)
        ax.add_patch(
            Rectangle(corner, side, side, facecolor=tuple(fill), edgecolor=LINE, linewidth=0.8, zorder=1)
        )
        write(ax, str(text), corner[0] + side / 2, corner[1] + side / 2, size=size, colour=ink(fill))


def ink(fill: NDArray[np.float64]) -> str:
    """Return black or white, whichever has the higher contrast on a colour.

    Args:
        fill: Red, green and blue from 0 to 1, shape (3,).

    Returns:
        A colour.

    Source: WCAG 2.2, relative luminance and contrast ratio.
    """
    linear = np.where(fill <= 0.04045, fill / 12.92, ((fill + 0.055) / 1.055) ** 2.4)
    return BLACK if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else "white"


def write(
    ax: Axes, text: str, x: float, y: float, *, size: float, colour: str = BLACK, at: Any = "center"
) -> None:
    """Write a text on a page.

    Args:
        ax: Axes of a page, in inches.
        text: What to write; symbols such as x_1 become mathematics.
        x: Place from the left in inches.
        y: Height of its middle, from the top, in inches.
        size: Size in points.
        colour: Its colour.
        at: Which part of it stands at x: "left", "center" or "right".
    """
    if text:
        words = mathematical(text)
        height = "center" if "\n" in words or "$" in words else "center_baseline"
        ax.text(x, y, words, fontsize=size, color=colour, ha=at, va=height, zorder=5)


def mark_cells(
    ax: Axes, mask: Mask, left: float, top: float, side: float, *, look: int = 0, depth: int = 0
) -> None:
    """Outline chosen cells in the colour and dash of a mark, and tint them.

    A mark that is a block gets one outline, any other an outline for each cell.

    Args:
        ax: Axes of a page, in inches.
        mask: Which cells, shape (rows, columns).
        left: Left edge of the grid in inches.
        top: Upper edge of the grid in inches.
        side: Side of a cell in inches.
        look: Number of the mark.
        depth: How far inside its cells the outline lies, so that those of windows that overlap stay apart.
    """
    colour, dashes = series_look(look)
    inset = 0.025 + 0.035 * (depth % 3)
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    blocks = [(int(rows[0]), int(columns[0]), len(rows), len(columns))]
    if not mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all():
        blocks = [(row, column, 1, 1) for row, column in np.argwhere(mask).tolist()]
    for row, column, height, width in blocks:
        corner = (left + column * side, top + row * side)
        ax.add_patch(Rectangle(corner, width * side, height * side, color=colour, alpha=0.16, lw=0, zorder=2))
        ax.add_patch(
            Rectangle(
                (corner[0] + inset, corner[1] + inset),
                width * side - 2 * inset,
                height * side - 2 * inset,
                fill=False,
                edgecolor=colour,
                linestyle=dashes,
                linewidth=2.4,
                zorder=3,
            )
        )
