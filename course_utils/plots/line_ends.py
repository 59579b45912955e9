"""Names written at the ends of curves, and marks where a curve has no value to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from course_utils.plots.inputs import Array
from course_utils.plots.style import mathematical

SIZE = 10  # points
LINE = 1.3  # height of a line of text, in sizes
LONGEST = 16  # characters of a name in one line
FEW = 20  # points; with so few each has a marker
GAP_COLOUR = "#E6E6E6"
AWAY = 1.05  # of the axes' width: where the names stand


@dataclass(frozen=True)
class Ending:
    """Where a curve ends, and what is written there.

    Args:
        name: What is written.
        colour: Colour of the curve.
        dashes: Its line style.
        marker: Its marker, or "" when it has none.
        x: Horizontal place of its last point, in the unit of the axis.
        y: Vertical place of its last point, in the unit of the axis; NaN when no point could be drawn.
    """

    name: str
    colour: str
    dashes: str
    marker: str
    x: float
    y: float


def draw_with_gaps(
    ax: Axes, x: Array, y: Array, *, name: str, look: tuple[str, str, str], level: int = 0
) -> Ending:
    """Draw a curve; where a value is NaN or infinite, leave a grey gap with a cross at the foot of the axes.

    Args:
        ax: Axes to draw in.
        x: Places, increasing, shape (count,).
        y: Values, shape (count,).
        name: What is written at its end.
        look: Colour, line style, and marker, which stands at every point of a short curve and at some of a
            long one.
        level: How many curves stand before it, so that their crosses stand above one another.

    Returns:
        Where it ends.
    """
    colour, dashes, marker = look
    good = np.isfinite(y)
    alone = good & ~np.append(good[1:], False) & ~np.append(False, good[:-1])  # a line needs two points
    some = np.arange(len(x)) % max(1, len(x) // 8) == 0 if len(x) > FEW else np.ones(len(x), dtype=bool)
    ax.plot(
        x,
        np.where(good, y, np.nan),
        color=colour,
        linestyle=dashes,
        marker=marker,
        markersize=5,
        markevery=np.flatnonzero(some | alone).tolist(),
    )
    for first, last in _runs(~good):
        ax.axvspan(x[first] - _half(x), x[last] + _half(x), color=GAP_COLOUR, linewidth=0, zorder=0.5)
        foot = 0.05 + 0.07 * (level % 6)
        transform = ax.get_xaxis_transform()
        ax.plot(x[first], foot, "x", color=colour, markersize=8, markeredgewidth=2, transform=transform)
    end = int(np.flatnonzero(good)[-1]) if good.any() else -1
    return Ending(name, *look, float(x[end]), float(y[end]) if good.any() else np.nan)


def _half(x: Array) -> float:
    return 0.5 * float(np.diff(x).min()) if len(x) > 1 else 0.5


def _runs(bad: np.ndarray) -> list[tuple[int, int]]:
    """Return the first and the last place of each unbroken run of True."""
    edges = np.diff(np.concatenate([[0], bad.astype(int), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return list(zip(starts.tolist(), (stops - 1).tolist(), strict=True))


def number_axis(axis: Axis, *, most: int = 8) -> None:
    """Put the ticks of an axis that counts from 1 at whole numbers, one at least and about `most`."""
    axis.set_major_locator(MaxNLocator(most, integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))


def gap_handle(words: str) -> Line2D:
    """Return a legend entry for the crosses of gaps."""
    return Line2D(
        [], [], color="#4D4D4D", marker="x", markersize=8, markeredgewidth=2, ls="none", label=words
    )


def name_lines(fig: Figure, ax: Axes, *, most: int) -> None:
    """Write the names of labelled lines at their ends, in place of a legend.

    Args:
        fig: The figure.
        ax: Its axes, whose lines have labels.
        most: How many names are readable there.

    Raises:
        ValueError: If there are more lines than that.
    """
    lines = [line for line in ax.lines if not str(line.get_label()).startswith("_")]
    if len(lines) > most:
        raise ValueError(
            f"there are {len(lines)} curves but {most} names are readable at their ends; draw several figures"
        )
    for legend in list(fig.legends):
        legend.remove()
    endings = []
    for line in lines:
        x, y = np.asarray(line.get_xydata(), dtype=np.float64)[-1].tolist()
        marker = "" if line.get_marker() in ("None", None) else str(line.get_marker())
        look = (str(line.get_color()), str(line.get_linestyle()), marker)
        endings.append(Ending(str(line.get_label()), *look, x, y))
    label_ends(fig, [(ax, endings)])


def label_ends(fig: Figure, endings: Sequence[tuple[Axes, Sequence[Ending]]]) -> None:
    """Write the name of each curve beside its axes, as near to its end as the other names allow.

    Args:
        fig: The figure, complete but for these names.
        endings: For each axes the ends of its curves.
    """
    fig.draw_without_rendering()  # only then is it known how tall the axes are and where a value lies
    for ax, several in endings:
        if not several:
            continue
        names = [fill(one.name if np.isfinite(one.y) else f"{one.name}: none", LONGEST) for one in several]
        tall = ax.get_window_extent().height / fig.dpi
        heights = np.array([(name.count("\n") + 1) * LINE * SIZE / 72 / tall for name in names])
        targets = np.array([_height(ax, one) for one in several])
        for one, name, place in zip(several, names, spread(targets, heights), strict=True):
            _write(ax, one, mathematical(name), float(place))


def _height(ax: Axes, ending: Ending) -> float:
    """Return how high a curve ends, as a share of the axes' height."""
    if not np.isfinite(ending.y):
        return 0.0
    return float(ax.transAxes.inverted().transform(ax.transData.transform((ending.x, ending.y)))[1])


def _write(ax: Axes, ending: Ending, name: str, place: float) -> None:
    """Write a name at the right of the axes, behind a marker of its curve and a thin line to its end."""
    where, tip = (AWAY - 0.01, place), (ending.x, ending.y)
    if np.isfinite(ending.y):
        look = {"arrowstyle": "-", "color": "#8C8C8C", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 3}
        ax.annotate("", tip, where, textcoords="axes fraction", annotation_clip=False, arrowprops=look)
    sample = [AWAY] if ending.marker else [AWAY - 0.01, AWAY + 0.03]
    key = Line2D(sample, [place] * len(sample), color=ending.colour, transform=ax.transAxes, clip_on=False)
    key.set(linestyle="-" if ending.marker else ending.dashes, marker=ending.marker, markersize=6, zorder=5)
    ax.add_artist(key)
    right = (sample[-1], place)
    ax.annotate(
        name,
        right,
        xytext=(7, 0),
        xycoords="axes fraction",
        textcoords="offset points",
        size=SIZE,
        va="center",
    )


def spread(targets: Array, heights: Array) -> Array:
    """Place labels one above the other, each as near as possible to where it should be, without overlap.

    Args:
        targets: Where the middle of each label should be, as a share of the axes' height, shape (count,).
        heights: How tall each label is, as such a share, shape (count,).

    Returns:
        Where the middle of each label goes, from 0 to 1 if all of them fit, shape (count,).
    """
    order = np.argsort(targets, kind="stable")
    tall = heights[order]
    above = np.concatenate([[0.0], np.cumsum((tall[1:] + tall[:-1]) / 2)])  # least distance from the lowest
    blocks: list[list[float]] = []
    for wish in targets[order] - above:
        blocks.append([float(wish)])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    shifts = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    lowest, highest = tall[0] / 2, 1 - tall[-1] / 2 - above[-1]
    placed = np.empty(len(targets))
    placed[order] = above + np.maximum(np.minimum(shifts, highest), min(lowest, (lowest + highest) / 2))
    return placed
