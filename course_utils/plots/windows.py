"""The sliding window, stopped at chosen steps: the window, its products, their sum and the output so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.cells import chosen_cells, draw_grid, mark_cells, read_grid, widest, write
from course_utils.plots.inputs import positive
from course_utils.plots.paper import fits, page, products, text_width, written
from course_utils.plots.sliding import Pair, Slide, chosen_steps, slide_over
from course_utils.plots.style import style

SIDES = (
    0.48,
    0.45,
    0.42,
    0.39,
    0.36,
    0.54,
    0.6,
)  # inches, tried in this order; the last two hold long numbers
SIZES = (11.5, 10.0, 9.0)  # points of the numbers, as large as the cells allow
SMALL = 9.0  # points of the kernel's entries in the corners
PRODUCTS = 9.5  # points
PAD = 0.12  # inches that a cell has beside its number, for the outline of the window
ARROW = 0.4  # inches between x and the output
SPACE = 0.35  # inches between two panels
HEADING = 0.34  # inches above the cells
LINE = 0.2  # inches from one line of products to the next
DARK = "#9A4400"  # vermillion, dark enough for small text on a tint
OUTSIDE = "#E4E4E4"  # a zero of the padding


@style()
def window_steps(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    steps: Sequence[Pair] | None = None,
    flip: bool = False,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    columns: int = 2,
    title: str | None = None,
) -> Figure:
    r"""Draw a panel for each step of a sliding window, with its products and the output filled so far.

    $y_{ij} = \sum_{m,n} x_{si+dm-p,\,sj+dn-p}\, k_{mn}$ with stride s, dilation d and padding p; `flip` turns
    the kernel by 180 degrees first, which makes it a convolution.

    Args:
        x: Numbers, shape (height, width).
        kernel: Numbers, shape (kernel_height, kernel_width).
        steps: The outputs to stop at, each (row, column); by default the first two, the middle and the last.
        flip: True to convolve, False to correlate.
        stride: Cells from one window to the next, or one number for each axis.
        padding: Zeros added at each side, or one number for each axis.
        dilation: Cells from one entry of the kernel to the next, or one number for each axis.
        columns: Panels in a row, at most; fewer where they would be too small to read.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If an array does not have two axes, the kernel does not fit the padded input, a step is no
            output, an option is out of range, or the cells do not fit a page.
    """
    slide = slide_over(x, kernel, flip=flip, stride=stride, padding=padding, dilation=dilation)
    stops = chosen_steps(steps, slide.output.shape)
    sheet = _sheet(slide, len(stops), min(positive(columns, "columns"), len(stops)))
    across, (wide, tall) = sheet.across, sheet.panel
    fig, ax, left, top = page(
        across * (wide + SPACE) - SPACE, ceil(len(stops) / across) * (tall + 0.15), title
    )
    for number, step in enumerate(stops):
        corner = (left + number % across * (wide + SPACE), top + number // across * (tall + 0.15))
        _draw(ax, slide, step, corner, sheet)
    return fig


@dataclass(frozen=True)
class Sheet:
    """How large the cells and the panels are.

    Args:
        side: Side of a cell in inches.
        size: Size of the numbers in points.
        panel: Width and height of a panel in inches.
        across: Panels in a row.
    """

    side: float
    size: float
    panel: tuple[float, float]
    across: int


def _sheet(slide: Slide, count: int, most: int) -> Sheet:
    """Return the most panels in a row, and then the first size of cells, that fit the page."""
    grids = [read_grid(slide.x, "x"), read_grid(slide.output, "output")]
    corner = widest([read_grid(slide.kernel, "kernel")], SMALL) + text_width("×", SMALL)
    sums = max(text_width(line, PRODUCTS) for step in slide.steps() for line in _sum(slide, step))
    for across, side, size in product(range(most, 0, -1), SIDES, SIZES):
        right = max(slide.output.shape[1] * side, sums)
        beside = slide.output.shape[0] * side + 0.12 + LINE * len(slide.kernel)
        panel = (slide.x.shape[1] * side + ARROW + right, HEADING + max(len(slide.x) * side, beside))
        readable = side >= max(widest(grids, size), corner) + PAD
        if readable and fits(across * (panel[0] + SPACE) - SPACE, ceil(count / across) * (panel[1] + 0.15)):
            return Sheet(side, size, panel, across)
    raise ValueError(
        f"{count} panels of an input of {slide.x.shape[0]} x {slide.x.shape[1]} cells do not fit a page; "
        "give fewer steps or a smaller x"
    )


def _sum(slide: Slide, step: Pair) -> list[str]:
    """Write the sum of products of a step, one line for each row of the kernel."""
    window = slide.x[np.ix_(*slide.window(step))]
    lines = [products(left, right) for left, right in zip(window, slide.kernel, strict=True)]
    lines = [lines[0], *(f"+ {line}" for line in lines[1:])]
    return [*lines[:-1], f"{lines[-1]} = {written(float(slide.output[step]))}"]


def _draw(ax: Axes, slide: Slide, step: Pair, corner: tuple[float, float], sheet: Sheet) -> None:
    left, top = corner[0], corner[1] + HEADING
    side = sheet.side
    right = left + slide.x.shape[1] * side + ARROW
    write(ax, f"output ({step[0]}, {step[1]})", left, top - 0.14, size=11, at="left")
    _input(ax, slide, step, left, top, sheet)
    middle = top + slide.output.shape[0] * side / 2
    write(ax, "→", right - ARROW / 2, middle, size=14)
    sofar = np.where(
        np.arange(slide.output.size) <= np.ravel_multi_index(step, slide.output.shape), 1.0, np.nan
    )
    grid = read_grid(slide.output * sofar.reshape(slide.output.shape), "output")
    draw_grid(ax, grid, right, top, side, size=sheet.size)
    mark_cells(ax, chosen_cells(step, grid, "step"), right, top, side)
    below = top + slide.output.shape[0] * side + 0.12
    for number, line in enumerate(_sum(slide, step)):
        write(ax, line, right, below + LINE * (number + 0.5), size=PRODUCTS, at="left")


def _input(ax: Axes, slide: Slide, step: Pair, left: float, top: float, sheet: Sheet) -> None:
    grid = read_grid(slide.x, "x")
    rows, columns = slide.window(step)
    under = np.zeros(slide.x.shape, dtype=bool)
    under[np.ix_(rows, columns)] = True
    inside = np.zeros(slide.x.shape, dtype=bool)
    inside[tuple(slice(p, n - p) for p, n in zip(slide.padding, slide.x.shape, strict=True))] = True
    fills = np.where(inside[..., None], grid.fills, to_rgb(OUTSIDE))
    texts = np.where(under, "", grid.texts)
    draw_grid(ax, replace(grid, texts=texts, fills=fills), left, top, sheet.side, size=sheet.size)
    mark_cells(ax, under, left, top, sheet.side)
    for (m, n), weight in np.ndenumerate(slide.kernel):
        x, y = left + (int(columns[n]) + 0.5) * sheet.side, top + int(rows[m]) * sheet.side
        write(ax, str(grid.texts[rows[m], columns[n]]), x, y + 0.33 * sheet.side, size=sheet.size)
        write(ax, f"×{written(float(weight))}", x, y + 0.73 * sheet.side, size=SMALL, colour=DARK)
