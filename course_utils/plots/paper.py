"""A page measured in inches, and how wide a text on it is: for drawings of cells and boxes."""

from functools import cache
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from course_utils.plots.inputs import Array
from course_utils.plots.style import DPI, mathematical

WIDEST = 8.4  # inches; a drawing and its margins are as wide as a cell of JupyterLab
NARROWEST = 5.4  # inches; a narrower drawing stands in the middle of a page this wide
TALLEST = 6.4  # inches; more does not fit a screen
SMALLEST = 9.0  # points; nothing on a page is written smaller
MARGIN = 0.12  # inches at the left and at the right
TITLE = 0.36  # inches that the title of a page takes


def page(width: float, height: float, title: str | None = None) -> tuple[Figure, Axes, float, float]:
    """Make a page whose units are inches, from the top left corner rightwards and downwards.

    Args:
        width: Width of the drawing in inches.
        height: Height of the drawing in inches.
        title: Title of the figure, or None; the page grows to hold it.

    Returns:
        The figure, its axes, and the place (left, top) in inches where the drawing begins.
    """
    across = max(width + 2 * MARGIN, NARROWEST, text_width(title or "", 12) + 2 * MARGIN)
    top = TITLE if title else 0.0
    across, down = (ceil(round(DPI * side, 6)) / DPI for side in (across, height + top))  # whole pixels
    fig = Figure(figsize=(across, down), dpi=DPI)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, across), ylim=(down, 0))
    ax.set_axis_off()
    if title:
        ax.text(across / 2, 0.22, mathematical(title), fontsize=12, ha="center", va="center")
    return fig, ax, (across - width) / 2, top


def fits(width: float, height: float) -> bool:
    """Say whether a drawing of this size, in inches, fits a page with a title."""
    return width <= WIDEST + 1e-9 and height <= TALLEST - TITLE + 1e-9


@cache
def text_width(text: str, size: float) -> float:
    """Return the width in inches of one or more lines of text, symbols such as x_1 set as mathematics.

    Args:
        text: What is written.
        size: Its size in points.

    Returns:
        The width of its longest line.
    """
    font = FontProperties(family="DejaVu Sans")
    lines = [mathematical(line) for line in text.split("\n") if line.strip()]
    drawn = [TextPath((0, 0), line, size=size, prop=font).get_extents() for line in lines]
    return max((float(extent.x1) for extent in drawn), default=0.0) / 72


def written(value: float, decimals: int = 2) -> str:
    """Write a number with as many decimals as it needs, at most `decimals`, and a true minus sign.

    Args:
        value: The number; NaN is written as nothing.
        decimals: Most digits after the point.

    Returns:
        Its text.
    """
    if np.isnan(value):
        return ""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−")


def products(left: Array, right: Array, decimals: int = 2) -> str:
    """Write the sum of products of two equally long vectors, such as "2·1 + (−1)·3".

    Args:
        left: First factors, shape (count,).
        right: Second factors, shape (count,).
        decimals: Most digits after the point.

    Returns:
        The sum as text, without its value.
    """
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return " + ".join(f"{_factor(first, decimals)}·{_factor(second, decimals)}" for first, second in pairs)


def _factor(value: float, decimals: int) -> str:
    text = written(value, decimals)
    return f"({text})" if text.startswith("−") else text
