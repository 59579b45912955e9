"""Grids of cells on a figure measured in inches: padding, what is read, what is not, and frames."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from course_utils.plots.style import BLUE, GREY
from course_utils.widgets.windows import Cells

Box = tuple[float, float, float, float]  # left, top, width and height in inches

ZEROS, LINE, INK = "#E9E9E9", "#C4C4C4", "#333333"


@dataclass(frozen=True)
class Placed:
    """Hold a grid's place on the page, in inches from the upper left corner.

    Args:
        size: Rows and columns.
        left: Left end of the grid without its padding.
        top: Upper end of the grid without its padding.
        cell: Side of a cell.
        zeros: Zeros before and after each axis.
    """

    size: tuple[int, int]
    left: float
    top: float
    cell: float
    zeros: tuple[int, int]

    def box(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> Box:
        """Return left, top, width and height around cells, from the first to the last one."""
        left, top = self.left + columns[0] * self.cell, self.top + rows[0] * self.cell
        width, height = columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0]
        return left, top, width * self.cell, height * self.cell

    @property
    def border(self) -> Box:
        """The box around the grid without its padding."""
        return self.box((0, self.size[0] - 1), (0, self.size[1] - 1))


def draw_grid(ax: Axes, grid: Placed, read: Cells, colour: str) -> None:
    """Draw a grid with its padding, and fill the cells that are read.

    Args:
        ax: Axes in inches, downwards.
        grid: The grid.
        read: Rows and columns that are read, padding included.
        colour: Their colour.
    """
    before, after = grid.zeros
    height, width = (length + before + after for length in grid.size)
    fills = np.full((height, width, 3), to_rgb(ZEROS))
    fills[before : height - after, before : width - after] = 1.0
    rows, columns = (np.array(part, dtype=int) + before for part in read)
    fills[np.ix_(rows, columns)] = to_rgb(colour)
    left, top, wide, high = grid.box((-before, height - before - 1), (-before, width - before - 1))
    ax.imshow(fills, extent=(left, left + wide, top + high, top), aspect="auto", zorder=1)
    if grid.cell >= 0.04:
        across, down = left + grid.cell * np.arange(width + 1), top + grid.cell * np.arange(height + 1)
        ax.vlines(across, top, top + high, color=LINE, linewidth=0.6, zorder=2)
        ax.hlines(down, left, left + wide, color=LINE, linewidth=0.6, zorder=2)


def draw_unread(ax: Axes, grid: Placed, unread: Cells) -> None:
    """Hatch rows and columns that no window reaches.

    Args:
        ax: Axes in inches, downwards.
        grid: The grid.
        unread: The rows and the columns.
    """
    rows, columns = unread
    height, width = grid.size
    boxes = [grid.box((row,), (0, width - 1)) for row in rows]
    boxes += [grid.box((0, height - 1), (column,)) for column in columns]
    for box in boxes:
        draw_box(ax, box, GREY, hatch="////")


def draw_box(
    ax: Axes, box: Box, colour: str, *, width: float = 0.0, dash: str = "-", hatch: str = ""
) -> None:
    """Draw a frame, or hatch what is inside.

    Args:
        ax: Axes in inches, downwards.
        box: Left, top, width and height.
        colour: Colour of the frame or the hatching.
        width: Width of the frame in points; 0 for none.
        dash: Its dashes.
        hatch: Pattern inside.
    """
    left, top, wide, high = box
    look: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": colour,
        "linewidth": width,
        "linestyle": dash,
        "hatch": hatch,
    }
    ax.add_patch(Rectangle((left, top), wide, high, zorder=4 if width else 2, **look))


def draw_cone(ax: Axes, read: Box, reader: Box) -> None:
    """Draw two lines from what is read to who reads it.

    Args:
        ax: Axes in inches, downwards.
        read: Box around what is read.
        reader: Box around what reads it.
    """
    for start, end in ((read[1], reader[1]), (read[1] + read[3], reader[1] + reader[3])):
        ax.plot([read[0] + read[2], reader[0]], [start, end], color=BLUE, linewidth=0.9, zorder=3)
