"""Sheets of number cells for the static twins: the same places and colours as in the browser, in pixels."""

from functools import cache
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath

from course_utils.plots.style import BLACK, BLUE, DPI, GREEN, PURPLE, VERMILLION
from course_utils.widgets.terms import short

INPUT, KERNEL, PRODUCT, OUTPUT = BLUE, VERMILLION, PURPLE, GREEN  # what each colour means
FAINT = "#6E6E6E"  # what counts as 0
PALE = 0.17  # opacity of a cell's fill
SIZE, SMALLEST = 14.0, 9.0  # pixels of a text
Box: TypeAlias = tuple[float, float, float, float]  # left, top, width, height


def blank_sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a white page whose units are pixels, from its top left corner.

    Args:
        width: Its width in pixels.
        height: Its height in pixels.

    Returns:
        The figure and its one axes.
    """
    fig = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.set_axis_off()
    return fig, ax


@cache
def relative_width(words: str, *, bold: bool = False) -> float:
    """Measure how wide words are.

    Args:
        words: What is written, on one line.
        bold: True for bold letters.

    Returns:
        Their width over the size of the letters.
    """
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    return float(TextPath((0, 0), words, size=100, prop=font).get_extents().x1) / 100


def write(
    ax: Axes,
    words: str,
    place: tuple[float, float],
    *,
    size: float = SIZE,
    room: float | None = None,
    align: Any = "center",
    bold: bool = False,
    colour: str = BLACK,
) -> None:
    """Write words on a sheet, smaller if they would not fit.

    Args:
        ax: A sheet's axes.
        words: What is written.
        place: Left and top of the point that it is aligned to, in pixels; its middle in height.
        size: Its size in pixels.
        room: How wide it may be, in pixels; None if that does not matter.
        align: "left", "center" or "right".
        bold: True for bold letters.
        colour: Its colour.
    """
    fitting = size if room is None else min(size, room / relative_width(words, bold=bold))
    points, weight = max(SMALLEST, fitting) * 72 / DPI, "bold" if bold else "normal"
    look = {"fontsize": points, "color": colour, "weight": weight, "ha": align, "va": "center_baseline"}
    ax.text(place[0], place[1], words, **look)


def frame(ax: Axes, box: Box, colour: str, width: float, *, dashes: Any = "-", fill: Any = "none") -> None:
    """Draw a rectangle.

    Args:
        ax: A sheet's axes.
        box: Where, in pixels.
        colour: Colour of its outline.
        width: Width of its outline in pixels.
        dashes: Line style of its outline.
        fill: Colour of its inside.
    """
    left, top, across, down = box
    look = {"edgecolor": colour, "facecolor": fill, "linewidth": width * 72 / DPI, "linestyle": dashes}
    ax.add_patch(Rectangle((left, top), across, down, **look))


def cell(
    ax: Axes,
    value: float | None,
    box: Box,
    colour: str,
    *,
    thick: bool = False,
    fill: Any = None,
    ink: str = BLACK,
) -> None:
    """Draw a cell with its number; with fewer decimals only where not even small letters fit.

    Args:
        ax: A sheet's axes.
        value: The number, or None for a cell that is still empty.
        box: Where, in pixels.
        colour: Colour of its outline and, paler, of its inside.
        thick: True to mark it.
        fill: Another colour for its inside.
        ink: Colour of the number.
    """
    if value is None:
        frame(ax, box, colour, 1.2, dashes=(0, (2.5, 2.5)))
        return
    frame(ax, box, colour, 3.5 if thick else 1.2, fill=(colour, PALE) if fill is None else fill)
    left, top, across, down = box
    texts = [short(value, decimals) for decimals in (3, 2, 1, 0)]
    most = (across - 3) / SMALLEST
    words = next((text for text in texts if relative_width(text) <= most), texts[-1])
    bold = thick and relative_width(words, bold=True) <= most
    middle = (left + across / 2, top + down / 2)
    write(ax, words, middle, room=across - 3, bold=bold, colour=ink)
