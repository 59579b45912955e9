"""What is drawn on a plane: points by class, their names, and units' lines with the side they are on for."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from course_utils.plots.inputs import Array, Box, Line, finite, same_count
from course_utils.plots.style import BLACK, CLASS_COLOURS, CLASS_MARKERS, GREEN, PURPLE, mathematical

CLASSES = ("class 0", "class 1")
LINE_LOOKS = ((GREEN, "--"), (PURPLE, "-."), (BLACK, ":"), (GREEN, "-."), (PURPLE, ":"), (BLACK, "--"))
HALO = 5.0  # points; the white band under a line on a coloured surface
NEAR = 0.05  # of the plane's side: names of points closer than this are written as one
ARROW = 0.09  # of the plane's side


def around(where: Array) -> Box:
    """Return limits that leave room around points.

    Args:
        where: Points, shape (batch, 2).

    Returns:
        The ends of the horizontal and of the vertical axis, with one span.
    """
    low, high = where.min(axis=0), where.max(axis=0)
    span = high - low
    margin = 0.25 * float(span.max()) or 0.5
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return (left, right), (bottom, top)


def draw_points(
    ax: Axes,
    where: Array,
    label: NDArray[np.int64],
    *,
    names: Sequence[str] | None,
    classes: Sequence[str],
    ends: Box,
) -> None:
    """Draw points by class; few points are drawn larger, and names are written beside them.

    Args:
        ax: Axes to draw in.
        where: Points, shape (batch, 2).
        label: Class labels, shape (batch,).
        names: Name of each point, or None.
        classes: What the classes are called.
        ends: Ends of both axes.

    Raises:
        ValueError: If there is not one name for each point.
    """
    size = 130 if len(where) <= 16 else 45 if len(where) <= 120 else 18
    for index in np.unique(label):
        chosen = where[label == index]
        ax.scatter(
            chosen[:, 0],
            chosen[:, 1],
            s=size * (2.6 if index == 0 and _shared(where, label) else 1.0),
            color=CLASS_COLOURS[index],
            marker=CLASS_MARKERS[index],
            edgecolor="white",
            linewidth=1.0 if size > 20 else 0.4,
            label=classes[index],
            zorder=3 + 0.1 * index,
            clip_on=False,
        )
    if names is not None:
        _write_names(ax, where, same_count(names, len(where), "names", "points"), ends)


def _shared(where: Array, label: NDArray[np.int64]) -> bool:
    """Say whether points of both classes lie in one place, so that one must be drawn around the other."""
    return any((where[label == 0] == point).all(axis=1).any() for point in where[label == 1])


def _write_names(ax: Axes, where: Array, names: Sequence[str], ends: Box) -> None:
    spans = np.array([side[1] - side[0] for side in ends])
    groups: list[list[int]] = []
    for index in range(len(where)):
        near = [group for group in groups if (np.abs(where[group[0]] - where[index]) < NEAR * spans).all()]
        near[0].append(index) if near else groups.append([index])
    for group in groups:
        ax.annotate(
            ", ".join(names[index] for index in group),
            where[group].mean(axis=0),
            xytext=(9, 9),
            textcoords="offset points",
            fontsize=11,
            zorder=5,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )


def draw_lines(ax: Axes, lines: Sequence[Line], ends: Box, *, first: int = 0, halo: bool = False) -> None:
    r"""Draw the line $w \cdot x + b = 0$ of each unit, with an arrow to the side where $w \cdot x + b > 0$.

    A line that does not cross the plane, or does not exist because w is zero, appears in the legend alone.

    Args:
        ax: Axes to draw in.
        lines: For each unit w of shape (2,), b, and its name.
        ends: Ends of both axes.
        first: How many lines of the figure were drawn before these, so that no two look alike.
        halo: True to set the lines off from a coloured surface in white.

    Raises:
        ValueError: If w does not have shape (2,), or w or b is NaN.
    """
    for index, (w, b, name) in enumerate(lines, start=first):
        normal, shift = finite(w, "w"), finite(b, "b")
        if normal.shape != (2,) or shift.size != 1:
            raise ValueError(
                f"the line {name!r} needs w of shape (2,), a weight for each axis, and one b, "
                f"but w.shape={normal.shape} and b.shape={shift.shape}"
            )
        _draw_line(ax, normal, shift.item(), name, ends, index, halo=halo)


def _draw_line(ax: Axes, w: Array, b: float, name: str, ends: Box, index: int, *, halo: bool) -> None:
    colour, dashes = LINE_LOOKS[index % len(LINE_LOOKS)]
    segment = _clipped(w, b, ends) if w.any() else None
    if segment is None:
        note = "outside" if w.any() else "no line: w = 0"
        ax.plot([], [], color=colour, linestyle=dashes, label=f"{name} ({note})")
        return
    if halo:
        ax.plot(*segment.T, color="white", linewidth=HALO, zorder=2.3)
    ax.plot(*segment.T, color=colour, linestyle=dashes, label=name, zorder=2.5)
    start = segment[0] + (0.62, 0.38, 0.5)[index % 3] * (segment[1] - segment[0])
    _arrow(ax, start, w / np.linalg.norm(w), ends, colour, halo=halo)


def _clipped(w: Array, b: float, ends: Box) -> Array | None:
    """Return the two ends of the line inside the plane, shape (2, 2), or None where it does not cross."""
    foot, along = -b * w / (w @ w), np.array([-w[1], w[0]])
    low, high = -np.inf, np.inf
    for axis in range(2):
        edges = np.array(ends[axis]) - foot[axis]
        if along[axis] == 0:
            if edges[0] > 0 or edges[1] < 0:
                return None
            continue
        near, far = sorted(edges / along[axis])
        low, high = max(low, near), min(high, far)
    return np.stack([foot + low * along, foot + high * along]) if low < high else None


def _arrow(ax: Axes, start: Array, direction: Array, ends: Box, colour: str, *, halo: bool) -> None:
    length = ARROW * min(side[1] - side[0] for side in ends)
    look = {
        "arrowstyle": "-|>",
        "color": colour,
        "linewidth": 2,
        "shrinkA": 0,
        "shrinkB": 0,
        "mutation_scale": 16,
    }
    if halo:
        look["path_effects"] = [withStroke(linewidth=HALO, foreground="white")]
    tip = start + length * direction
    ax.annotate("", (tip[0], tip[1]), (start[0], start[1]), arrowprops=look, zorder=2.6)


def dress(ax: Axes, ends: Box, labels: tuple[str, str], title: str | None, *, outer: bool = False) -> None:
    """Give the plane its limits, axis labels and title, and one scale for both axes where that is readable.

    Args:
        ax: Axes of the plane.
        ends: Ends of both axes.
        labels: What the axes show.
        title: Title, or None.
        outer: True when this plane shares its axes with others, to label only those at the edge.
    """
    ax.set(xlim=ends[0], ylim=ends[1], title=title or "")
    ax.set(xlabel=mathematical(labels[0]), ylabel=mathematical(labels[1]))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    if outer:
        ax.label_outer()
    ratio = (ends[0][1] - ends[0][0]) / (ends[1][1] - ends[1][0])
    ax.set_aspect("equal" if 1 / 3 <= ratio <= 3 else "auto")


def legend(
    fig: Figure, axes: Axes | Sequence[Axes], lines: Sequence[Line] | None, *, below: bool = False
) -> None:
    """Put one legend outside the planes, which also says what the lines' arrows mean.

    Args:
        fig: The figure.
        axes: The axes whose marks it names; a mark of two planes is named once.
        lines: The units' lines, or None.
        below: True to put it under the planes, False to put it at their right.
    """
    several = [axes] if isinstance(axes, Axes) else axes
    found: dict[str, Artist] = {}
    for ax in several:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    found = dict(sorted(found.items(), key=lambda item: isinstance(item[1], Line2D)))
    if not found:
        return
    fig.legend(
        list(found.values()),
        [mathematical(label) for label in found],
        loc="outside lower center" if below else "outside right upper",
        ncols=min(len(found), 5) if below else 1,
        title="arrow: side where the unit is on" if lines else None,
    )
