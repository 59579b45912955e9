"""The convolution explorer's static twin: rows of cells, one column for each place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.plots import style
from course_utils.plots.style import BLACK
from course_utils.widgets.convolution import CORRELATE, FLIP, TRANSLATE, ConvolutionExplorer
from course_utils.widgets.sheets import (
    FAINT,
    INPUT,
    KERNEL,
    OUTPUT,
    PRODUCT,
    SIZE,
    Box,
    blank_sheet,
    cell,
    frame,
    write,
)
from course_utils.widgets.terms import factor, short

LABELS, RIGHT = 172, 64  # pixels for the words at the left, and for the sum at the right
ROW, TALL, TOP = 40, 34, 28  # pixels from one row of cells to the next, of a cell, and above the first
WIDEST, NARROWEST, WORDS = 800, 600, 56


@dataclass(frozen=True)
class Rows:
    """A sheet with a row of cells for each signal, and a column for each place from `first` on.

    Args:
        ax: The sheet's axes.
        first: Place of the first column.
        count: Number of columns.
        side: Pixels from one column to the next.
    """

    ax: Axes
    first: int
    count: int
    side: float

    def box(self, place: int, row: int) -> Box:
        """Return the rectangle of a cell, in pixels."""
        return (LABELS + (place - self.first) * self.side + 2, TOP + row * ROW, self.side - 4, TALL)

    def label(self, words: str, row: int, *, bold: bool = False) -> None:
        """Write what a row holds at its left."""
        place = (LABELS - 14, TOP + row * ROW + TALL / 2)
        write(self.ax, words, place, room=LABELS - 18, align="right", bold=bold)

    def axis(self, name: str, marked: int | None) -> None:
        """Number the places above the first row."""
        write(self.ax, name, (LABELS - 14, 14), size=13, align="right", colour=FAINT)
        for place in range(self.first, self.first + self.count):
            left, _, width, _ = self.box(place, 0)
            now = place == marked
            colour = BLACK if now else FAINT
            write(self.ax, short(place), (left + width / 2, 14), size=13, bold=now, colour=colour)

    def numbers(
        self,
        values: Sequence[float | None],
        start: int,
        row: int,
        colour: str,
        marked: Callable[[int], bool] = lambda _: False,
    ) -> None:
        """Draw a row's cells from a place on; None leaves one empty."""
        for place, value in enumerate(values, start=start):
            cell(self.ax, value, self.box(place, row), colour, thick=marked(place))

    def zeros(self, row: int, taken: range) -> None:
        """Write a faint 0 wherever a row has no cell."""
        for place in range(self.first, self.first + self.count):
            if place not in taken:
                left, top, width, height = self.box(place, row)
                write(self.ax, "0", (left + width / 2, top + height / 2), size=13, colour=FAINT)


@style()
def convolution_figure(explorer: ConvolutionExplorer) -> Figure:
    r"""Draw what a convolution explorer now shows: its signals, the step taken, and the output so far.

    .. math:: (a * b)_t = \sum_\tau a_\tau b_{t - \tau}

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure.
    """
    (length, other), copying = (len(explorer.a), len(explorer.b)), explorer.method == TRANSLATE
    first, count = (0, length + other - 1) if copying else (1 - other, length + 2 * (other - 1))
    side = min(54, (WIDEST - LABELS - RIGHT) // count)
    width = max(NARROWEST, LABELS + count * side + RIGHT)
    height = TOP + ROW * (length + 3 if copying else 4) + 6
    fig, ax = blank_sheet(width, height + WORDS)
    rows = Rows(ax, first, count, side)
    (_copies if copying else _sliding)(explorer, rows)
    words = fill(explorer.words(), int(width / 7.2))
    write(ax, words, (8, height + WORDS / 2 - 4), size=13, align="left")
    return fig


def _copies(explorer: ConvolutionExplorer, rows: Rows) -> None:
    tau, last = explorer.step - 1, len(explorer.a) + 2
    rows.axis("τ in a, t in the sum", None)
    rows.label("a", 0)
    rows.numbers(explorer.a, 0, 0, INPUT, lambda place: place == tau)
    rows.label("b", 1)
    rows.numbers(explorer.b, 0, 1, KERNEL)
    for k, copy in enumerate(explorer.copies()):
        _copy(explorer, rows, k, copy[k : k + len(explorer.b)].tolist())
    rule = TOP + last * ROW - 3
    rows.ax.plot([12, LABELS + rows.count * rows.side], [rule, rule], color=BLACK, linewidth=1.1)
    done = explorer.step == explorer.steps
    rows.label("a ∗ b" if done else "sum so far", last, bold=done)
    so_far = explorer.so_far().tolist() if explorer.step else [None] * rows.count
    rows.numbers(so_far, 0, last, OUTPUT)


def _copy(explorer: ConvolutionExplorer, rows: Rows, k: int, numbers: list[float]) -> None:
    if k >= explorer.step:
        rows.numbers([None] * len(numbers), k, 2 + k, PRODUCT)  # its place
        return
    now = k == explorer.step - 1
    rows.label(f"{'+ ' if k else ''}{factor(explorer.a[k])} · b, moved by {k}", 2 + k, bold=now)
    rows.zeros(2 + k, range(k, k + len(numbers)))
    rows.numbers(numbers, k, 2 + k, PRODUCT, lambda _: now)


def _sliding(explorer: ConvolutionExplorer, rows: Rows) -> None:
    places, step, other = explorer.places(), explorer.step, len(explorer.b)
    t = places[step - 1] if step else None
    used = [tau for tau, _, _ in explorer.factors()]
    rows.axis("τ in a, t in the output", t)
    rows.label("a", 0)
    rows.zeros(0, range(len(explorer.a)))
    rows.numbers(explorer.a, 0, 0, INPUT, used.__contains__)
    left = 0 if t is None else t - (0 if explorer.method == CORRELATE else other - 1)
    flipped = t is not None and explorer.method == FLIP
    rows.label(_name_of_b(t, flipped), 1)
    rows.numbers(explorer.b[::-1] if flipped else explorer.b, left, 1, KERNEL, used.__contains__)
    rows.label("products", 2)
    for tau, x, k in explorer.factors():
        rows.numbers([x * k], tau, 2, PRODUCT, used.__contains__)
    rows.label("cross-correlation" if explorer.method == CORRELATE else "a ∗ b", 3, bold=step == len(places))
    known = [*explorer.so_far().tolist(), *[None] * (len(places) - step)]
    rows.numbers(known, places[0], 3, OUTPUT, lambda place: place == t)
    if t is not None:
        _window(rows, left, other, float(explorer.so_far()[-1]))


def _name_of_b(t: int | None, flipped: bool) -> str:
    return "b" if t is None else f"b {'flipped' if flipped else 'unflipped'}, at t = {short(t)}"


def _window(rows: Rows, left: int, count: int, total: float) -> None:
    start, top, width, _ = rows.box(left, 0)
    box = (start - 4, top - 5, width + 8 + (count - 1) * rows.side, 3 * ROW + 1)
    frame(rows.ax, box, BLACK, 1.5, dashes=(0, (4.5, 3)))
    after, row, _, height = rows.box(left + count, 2)
    write(rows.ax, f"= {short(total)}", (after + 8, row + height / 2), size=SIZE, align="left", bold=True)
