"""The convolution of two short signals by hand, both ways: translate and scale, flip and filter."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.cells import draw_grid, mark_cells, read_grid, widest, write
from course_utils.plots.inputs import Array, vector
from course_utils.plots.paper import fits, page, products, text_width, written
from course_utils.plots.style import BLACK, style

METHODS = ("translate and scale", "flip and filter")
SIZES = (12.0, 10.0, 9.0)  # points of the numbers, tried in this order until the rows fit
WORDS = 11.0  # points of what stands beside a row
LEAST_SIDE = 0.42  # inches
GAP = 0.15  # inches between two rows of cells
RULE = 0.22  # inches more, above the result
HEAD = 0.3  # inches for the numbers of the places, above the cells


@dataclass(frozen=True)
class Row:
    """One row of the figure.

    Args:
        before: Text at its left.
        values: Numbers of its cells, NaN where it has no cell, shape (places,).
        after: Text at its right.
        looks: Number of the mark of each cell, NaN where it has none, shape (places,).
        rule: True to draw a line above it.
    """

    before: str
    values: Array
    after: str = ""
    looks: Array | None = None
    rule: bool = False


@dataclass(frozen=True)
class Layout:
    """How large the rows are, in inches, and their numbers, in points.

    Args:
        size: Size of the numbers in points.
        side: Side of a cell.
        before: Room for the texts at the left.
        width: Width of the drawing.
        height: Height of the drawing.
    """

    size: float
    side: float
    before: float
    width: float
    height: float


@style()
def signal_steps(
    a: ArrayLike,
    b: ArrayLike,
    *,
    method: str = "translate and scale",
    names: tuple[str, str] = ("a", "b"),
    title: str | None = None,
) -> Figure:
    r"""Draw every step of the convolution of two short signals, as rows of cells under one another.

    $(a * b)_t = \sum_\tau a_\tau b_{t-\tau}$. "translate and scale" stacks a copy of b for each entry of a,
    moved to its place and scaled by it; "flip and filter" moves the reversed b along a, a row for each t.

    Args:
        a: Numbers, shape (count,).
        b: Numbers, shape (other_count,).
        method: "translate and scale" or "flip and filter".
        names: What the two signals are called.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If a signal is not a vector, `method` is unknown, or the signals are too long for a page.
    """
    first, second = vector(a, "a"), vector(b, "b")
    if method not in METHODS:
        raise ValueError(f"method is {method!r} but must be one of {', '.join(METHODS)}")
    rows = (_copies if method == METHODS[0] else _filtered)(first, second, names)
    start = 0 if method == METHODS[0] else 1 - len(second)
    layout = _layout(rows)
    if layout is None:
        raise ValueError(
            f"a has {len(first)} entries and b has {len(second)}, too many for one page; show shorter signals"
        )
    fig, ax, left, top = page(layout.width, layout.height, title)
    _draw(ax, rows, left, top, layout=layout, start=start)
    return fig


def _layout(rows: list[Row]) -> Layout | None:
    grids = [read_grid(row.values, "row") for row in rows]
    before = max(text_width(row.before, WORDS) for row in rows) + GAP
    after = max(text_width(row.after, WORDS) for row in rows) + GAP
    for size in SIZES:
        side = max(LEAST_SIDE, widest(grids, size) + 0.14)
        width = before + side * len(rows[0].values) + after
        height = HEAD + len(rows) * (side + GAP) + 2 * RULE
        if fits(width, height):
            return Layout(size, side, before, width, height)
    return None


def _copies(a: Array, b: Array, names: tuple[str, str]) -> list[Row]:
    total = len(a) + len(b) - 1
    rows = [Row(names[0], _placed(a, 0, total), looks=_placed(np.arange(float(len(a))), 0, total))]
    rows.append(Row(names[1], _placed(b, 0, total)))
    for tau, scale in enumerate(a.tolist()):
        sign = "+ " if tau else ""
        number = f"({written(scale)})" if tau and scale < 0 else written(scale)
        text = f"{sign}{number} × {names[1]}, moved by {tau}"
        looks = _placed(np.full(len(b), tau), tau, total)
        rows.append(Row(text, _placed(scale * b, tau, total), looks=looks, rule=tau == 0))
    return [*rows, Row(f"{names[0]} ∗ {names[1]}", np.convolve(a, b), rule=True)]


def _filtered(a: Array, b: Array, names: tuple[str, str]) -> list[Row]:
    ahead, total = len(b) - 1, len(a) + 2 * (len(b) - 1)
    rows = [Row(names[0], _placed(a, ahead, total))]
    convolved = np.convolve(a, b)
    for t, value in enumerate(convolved.tolist()):
        taus = np.arange(max(0, t - ahead), min(len(a) - 1, t) + 1)
        text = f"{products(a[taus], b[t - taus])} = {written(value)}"
        looks = _placed(np.zeros(len(taus)), ahead + taus[0], total)
        label = f"{names[1]} reversed, t = {t}"
        rows.append(Row(label, _placed(b[::-1], t, total), after=text, looks=looks, rule=t == 0))
    return [*rows, Row(f"{names[0]} ∗ {names[1]}", _placed(convolved, ahead, total), rule=True)]


def _placed(values: Array, start: int, total: int) -> Array:
    row = np.full(total, np.nan)
    row[start : start + len(values)] = values
    return row


def _draw(ax: Axes, rows: list[Row], left: float, top: float, *, layout: Layout, start: int) -> None:
    first, side = left + layout.before, layout.side
    last = first + len(rows[0].values) * side
    write(ax, "place", first - GAP, top + 0.14, size=10, at="right")
    for place in range(len(rows[0].values)):
        write(ax, written(start + place), first + (place + 0.5) * side, top + 0.14, size=10)
    y = top + HEAD
    for row in rows:
        if row.rule:
            y += RULE
            ax.plot((first, last), (y - (GAP + RULE) / 2,) * 2, color=BLACK, linewidth=1.2)
        write(ax, row.before, first - GAP, y + side / 2, size=WORDS, at="right")
        write(ax, row.after, last + GAP, y + side / 2, size=WORDS, at="left")
        _cells(ax, row, first, y, layout)
        y += side + GAP


def _cells(ax: Axes, row: Row, left: float, top: float, layout: Layout) -> None:
    there = np.flatnonzero(np.isfinite(row.values))
    grid = read_grid(row.values[there], "row")
    draw_grid(ax, grid, left + there[0] * layout.side, top, layout.side, size=layout.size)
    looks = np.full(len(row.values), np.nan) if row.looks is None else row.looks
    for look in np.unique(looks[np.isfinite(looks)]):
        mark_cells(ax, np.atleast_2d(looks == look), left, top, layout.side, look=int(look))
