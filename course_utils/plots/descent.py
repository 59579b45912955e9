"""Descent: the paths that optimisers take over a surface of two variables."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from course_utils.plots.inputs import Array, Box, Function, Interval, evaluate, finite, interval, named
from course_utils.plots.marks import dress
from course_utils.plots.style import BLACK, CLASS_COLOURS, DASHES, GREY, MARKERS, mathematical, panels, style

SIDE = 161  # points along each side of the surface
LEVELS = 12
MARKED = 16  # markers along a path
FAR = 1e3  # of the plane's side: a line to a point farther away has the direction of one to here
MOST = 5
COLOURS = (*CLASS_COLOURS, BLACK)
SHAPES = (*MARKERS, "v")
PALE = LinearSegmentedColormap.from_list("pale", ["#B9C2C9", "#FFFFFF"])  # grey: colours belong to the paths


@style()
def descent_paths(
    value: Function | ArrayLike,
    paths: Mapping[str, ArrayLike],
    *,
    minimum: ArrayLike | None = None,
    x_range: Interval,
    y_range: Interval,
    labels: tuple[str, str] = ("w_1", "w_2"),
    bar_label: str = "loss",
    title: str | None = None,
) -> Figure:
    """Draw a surface from above by its contours, and on it the path of each optimiser from start to end.

    Contours lie so that the areas between them are comparable: the floor of a ravine is as readable as its
    walls. A path that leaves the picture for good, or stops being finite, is drawn so far and says so.

    Args:
        value: Takes points (count, 2), returns values (count,); or values on an even grid over both ranges,
            shape (rows, columns), the first row at the low end of `y_range`.
        paths: Name of an optimiser to its points, the start first, shape (steps + 1, 2); at most five.
        minimum: Place of the minimum, shape (2,), or None.
        x_range: Low and high end of the horizontal axis.
        y_range: Low and high end of the vertical axis.
        labels: What the axes show.
        bar_label: What the value is, with its unit.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no path or more than five, a path is not (steps + 1, 2) or starts outside the
            ranges, the surface has another shape or NaN, or a range does not increase.
    """
    ends = interval(x_range, "x_range"), interval(y_range, "y_range")
    if len(named(paths, "paths")) > MOST:
        raise ValueError(f"paths has {len(paths)} entries but {MOST} can be told apart; draw several figures")
    read = {name: _path(points, name, ends) for name, points in paths.items()}
    fig, ax = _sheet(ends)
    _contours(ax, _surface(value, ends), ends, mathematical(bar_label))
    for number, (name, (points, fate)) in enumerate(read.items()):
        _draw(ax, points, number, name + fate, ended=not fate)
    if minimum is not None:
        place = _minimum(minimum)
        ax.plot(*place, "P", color=BLACK, markeredgecolor="white", markersize=10, label="minimum", zorder=5)
    dress(ax, ends, labels, title)
    ax.grid(False)
    fig.legend(loc="outside lower center", ncols=3, title="white circle: start; large marker: end")
    return fig


def _sheet(ends: Box) -> tuple[Figure, Axes]:
    """Make a page as tall as the plane needs, which `dress` will give one scale where that is readable."""
    fig, (ax,) = panels(1, 1, height=_tall(ends) + 1.7, width=7.4, square=True)
    return fig, ax


def _tall(ends: Box) -> float:
    """Return the height of the plane in inches."""
    ratio = (ends[0][1] - ends[0][0]) / (ends[1][1] - ends[1][0])
    return min(5.4 / ratio, 4.2) if 1 / 3 <= ratio <= 3 else 3.4


def _path(points: ArrayLike, name: str, ends: Box) -> tuple[Array, str]:
    """Return the points of a path up to where it leaves the picture for good, and what to say of that."""
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise ValueError(
            f"the path {name!r} must be (steps + 1, 2), the start first, but has shape {array.shape}"
        )
    low, high = np.array(ends).T
    inside = ((array >= low) & (array <= high)).all(axis=1)  # False for NaN
    if not inside[0]:
        raise ValueError(
            f"the path {name!r} starts at {array[0].tolist()}, outside x_range={ends[0]} and "
            f"y_range={ends[1]}; widen the ranges"
        )
    finite_steps = int(np.append(np.isfinite(array).all(axis=1), False).argmin())
    last = int(np.flatnonzero(inside[:finite_steps])[-1])
    if last + 1 == len(array):
        return array, ""
    if last + 1 == finite_steps:
        return array[:finite_steps], f" (not finite at step {last + 1})"
    beyond = np.clip(array[last + 1], low - FAR * (high - low), high + FAR * (high - low))
    return np.concatenate([array[: last + 1], beyond[None]]), f" (leaves at step {last + 1})"


def _surface(value: Function | ArrayLike, ends: Box) -> Array:
    if not callable(value):
        grid = finite(value, "value")
        if grid.ndim != 2 or min(grid.shape) < 2:
            raise ValueError(
                f"value must be a function or a grid (rows, columns) of at least 2 x 2, "
                f"but has shape {grid.shape}"
            )
        return grid
    x, y = (np.linspace(*end, SIDE) for end in ends)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return evaluate(value, points, "value").reshape(SIDE, SIDE)


def levels_of(surface: Array) -> Array:
    """Return the values of contours between which areas are comparable, closer where a valley has its floor.

    Args:
        surface: Values on a grid, shape (rows, columns).

    Returns:
        Increasing values from the lowest to the highest, shape (levels,).
    """
    inner = surface[1:-1, 1:-1]
    valley = inner.size > 0 and inner.min() <= surface.min()  # else it falls towards an edge
    shares = np.linspace(0, 1, LEVELS + 1) ** (2.0 if valley else 1.0)
    levels = np.unique(np.quantile(surface, shares))
    if len(levels) > 1:
        return levels
    return np.array([levels[0] - 0.5, levels[0] + 0.5])  # flat


def _contours(ax: Axes, surface: Array, ends: Box, label: str) -> None:
    y, x = (np.linspace(*end, count) for end, count in zip(ends[::-1], surface.shape, strict=True))
    levels = levels_of(surface)
    filled = ax.contourf(x, y, surface, levels=levels, cmap=PALE, norm=BoundaryNorm(levels, PALE.N))
    ax.contour(x, y, surface, levels=levels[1:-1], colors=GREY, linewidths=0.7, linestyles="solid")
    bar = ax.figure.colorbar(filled, cax=ax.inset_axes((1.04, 0, 0.04, 1)), spacing="uniform", label=label)
    ticks = levels if _tall(ends) > 2.5 else levels[::2]  # so that their numbers stay apart
    bar.set_ticks(ticks.tolist(), labels=[_level(level, float(np.ptp(levels))) for level in ticks])
    bar.ax.minorticks_off()


def _level(value: float, span: float) -> str:
    if abs(value) < 1e-4 * span:
        return "0"
    return (f"{value:,.0f}" if 100 <= abs(value) < 1e6 else f"{value:.2g}").replace("-", "−")


def _draw(ax: Axes, points: Array, number: int, name: str, *, ended: bool) -> None:
    colour, marker = COLOURS[number], SHAPES[number]
    ax.plot(
        *points.T,
        color=colour,
        linestyle=DASHES[number % 4],
        linewidth=1.8,
        marker=marker,
        markersize=4.5,
        markevery=max(1, len(points) // MARKED),
        label=mathematical(name),
        path_effects=[withStroke(linewidth=3.6, foreground="white")],
        zorder=3 + 0.1 * number,
    )
    if ended:  # the first is the largest, so that those that end in one place are all seen
        size = 15 - 2.2 * number
        ax.plot(*points[-1], marker=marker, color=colour, markersize=size, markeredgecolor="white", zorder=4)
    ax.plot(*points[0], marker="o", color="white", markeredgecolor=BLACK, markersize=9, zorder=4.5)


def _minimum(minimum: ArrayLike) -> Array:
    place = finite(minimum, "minimum")
    if place.shape != (2,):
        raise ValueError(
            f"minimum must be (2,), a place on the plane, but has shape {place.shape}; give x and y"
        )
    return place
