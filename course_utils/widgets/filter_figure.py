"""The filter explorer's static twin: photograph and output, and under them the window's numbers."""

from collections.abc import Callable
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course_utils.plots import style
from course_utils.plots.style import BLACK
from course_utils.widgets.filter import FilterExplorer
from course_utils.widgets.filter_words import grey
from course_utils.widgets.photographs import HEIGHT, WIDTH
from course_utils.widgets.sheets import INPUT, KERNEL, OUTPUT, PRODUCT, blank_sheet, cell, frame, write
from course_utils.widgets.terms import short

ZOOM = 3  # pixels of the page for each of the photograph's
FIRST, TOP, GAP = 6, 26, 32  # pixels left of and above the photograph, and between it and the output
SECOND = FIRST + WIDTH * ZOOM + GAP  # left edge of the output
PAGE = SECOND + WIDTH * ZOOM + FIRST
BOTTOM = TOP + HEIGHT * ZOOM
GRIDS = BOTTOM + 52  # top of the cells
CELLS = {3: (52, 40), 5: (41, 26)}  # pixels of a cell, for each size of kernel
WORDS = 96
BORDER = 228  # grey where no window lies wholly on the photograph
Grid = NDArray[Any]


@style()
def filter_figure(explorer: FilterExplorer) -> Figure:
    r"""Draw what a filter explorer now shows: the photograph with its window, the sum, and the output.

    .. math:: y_{ij} = \frac{1}{d} \sum_s \sum_t k_{st} \, x_{i-s, j-t}

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure.
    """
    fig, ax = blank_sheet(PAGE, GRIDS + 138 + WORDS)
    _pictures(ax, explorer)
    convolving = explorer.operation == "convolution"
    at = _grid(
        ax, "pixels in the window", explorer.window(), FIRST, INPUT, lambda level: _on_grey(int(level))
    )
    write(ax, "×", (at + 12, GRIDS + 65), size=20)
    at = _grid(ax, f"kernel, {'' if convolving else 'not '}flipped", explorer.used(), at + 24, KERNEL)
    write(ax, "=", (at + 12, GRIDS + 65), size=20)
    at = _grid(ax, "products", explorer.products(), at + 24, PRODUCT)
    write(ax, "→", (at + 12, GRIDS + 65), size=20)
    _output_pixel(ax, explorer, at + 24)
    words = "\n".join(fill(line, 118) for line in explorer.words().split("\n"))
    write(ax, words, (FIRST, GRIDS + 138 + WORDS / 2), size=13, align="left")
    return fig


def shown(explorer: FilterExplorer) -> NDArray[np.uint8]:
    """Compute the greys of the output as it is shown.

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        Greys from 0 to 255, shape (96, 128); where no window lies wholly on the photograph, a pale one.
    """
    scale, reach = explorer.scale(), len(explorer.kernel) // 2
    page = np.full((HEIGHT, WIDTH), BORDER, dtype=np.uint8)
    greys = [[grey(value, scale) for value in row] for row in explorer.filtered().tolist()]
    page[reach : HEIGHT - reach, reach : WIDTH - reach] = greys
    return page


def _pictures(ax: Axes, explorer: FilterExplorer) -> None:
    reach, (low, high) = len(explorer.kernel) // 2, explorer.scale()
    titles = (
        f"Photograph: {explorer.photograph}, {HEIGHT} × {WIDTH} pixels",
        f"Output of the {explorer.operation}",
    )
    for left, image, title in zip((FIRST, SECOND), (explorer.pixels, shown(explorer)), titles, strict=True):
        extent = (left, left + WIDTH * ZOOM, BOTTOM, TOP)
        ax.imshow(image, cmap="gray", vmin=0, vmax=255, extent=extent, aspect="auto")
        write(ax, title, (left, 12), size=13, align="left", bold=True)
    _outline(ax, explorer.position, reach, FIRST, INPUT)
    _outline(ax, explorer.position, 0, SECOND, OUTPUT)
    scale = f"{explorer.display}: black is {short(low)}, white is {short(high)}"
    write(ax, scale, (SECOND, BOTTOM + 14), size=13, align="left")


def _outline(ax: Axes, position: tuple[int, int], reach: int, left: float, colour: str) -> None:
    (row, column), side = position, (2 * reach + 1) * ZOOM + 5
    box = (left + (column - reach) * ZOOM - 2.5, TOP + (row - reach) * ZOOM - 2.5, side, side)
    frame(ax, box, "#FFFFFF", 6)
    frame(ax, box, colour, 3)


def _grid(
    ax: Axes,
    title: str,
    values: Grid,
    left: float,
    colour: str,
    looks: Callable[[float], dict[str, Any]] = lambda _: {},
) -> float:
    count = len(values)
    width, height = CELLS[count]
    top = GRIDS + (130 - count * height) / 2
    write(ax, title, (left + count * width / 2, GRIDS - 14), size=13)
    for (row, column), value in np.ndenumerate(values):
        box = (left + column * width, top + row * height, width, height)
        cell(ax, float(value), box, colour, **looks(value))
    return left + count * width


def _output_pixel(ax: Axes, explorer: FilterExplorer, left: float) -> None:
    room = min(150.0, PAGE - left - FIRST)
    write(ax, "output pixel", (left + room / 2, GRIDS - 14), size=13)
    total = explorer.products().sum()
    lines = [f"{short(total)} /", f"{short(explorer.divisor)} ="] if explorer.divisor != 1 else []
    for place, line in enumerate(lines):
        write(ax, line, (left + room / 2, GRIDS + 8 + 18 * place), size=13)
    look = _on_grey(grey(explorer.output(), explorer.scale()))
    cell(ax, explorer.output(), (left, GRIDS + 43, room, 44), OUTPUT, thick=True, **look)


def _on_grey(level: int) -> dict[str, Any]:
    return {"fill": (level / 255,) * 3, "ink": BLACK if level > 127 else "#FFFFFF"}
