"""Planes: points of several classes and the lines of units, in one plane or before and after a layer."""

from collections.abc import Sequence
from typing import TypeAlias

from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.inputs import (
    Limits,
    Line,
    box,
    plane_points,
)
from course_utils.plots.marks import CLASSES, around, draw_lines, draw_points, dress, legend
from course_utils.plots.style import panels, style

Plane: TypeAlias = tuple[ArrayLike, ArrayLike, Sequence[Line] | None]


@style()
def points(
    x: ArrayLike,
    t: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    lines: Sequence[Line] | None = None,
    limits: Limits | None = None,
    title: str | None = None,
    labels: tuple[str, str] = ("x_1", "x_2"),
    classes: Sequence[str] = CLASSES,
) -> Figure:
    r"""Draw points of a plane by class, and the lines $w \cdot x + b = 0$ of units.

    Args:
        x: Points, shape (batch, 2).
        t: Class labels from 0, shape (batch,).
        names: A name to write beside each point; points that coincide share one text.
        lines: For each unit w of shape (2,), b, and its name; an arrow points to the side where it is on.
        limits: (low, high) of both axes, or one such pair each; by default around the points.
        title: Title of the figure.
        labels: What the axes show.
        classes: What the classes are called.

    Returns:
        The figure.

    Raises:
        ValueError: If shapes do not fit, a value is NaN, or a label is not a class.
    """
    where, label = plane_points(x, t, classes=len(classes))
    ends = box(limits) if limits is not None else around(where)
    fig, (ax,) = panels(1, 1, height=4.6, width=7.5 if lines else 6.2, square=True)
    draw_lines(ax, lines or (), ends)
    draw_points(ax, where, label, names=names, classes=classes, ends=ends)
    dress(ax, ends, labels, title)
    legend(fig, ax, lines)
    return fig


@style()
def two_planes(
    left: Plane,
    right: Plane,
    *,
    names: Sequence[str] | None = None,
    titles: tuple[str, str] = ("input plane", "hidden plane"),
    labels: tuple[tuple[str, str], tuple[str, str]] = (("x_1", "x_2"), ("h_1", "h_2")),
    limits: tuple[Limits | None, Limits | None] = (None, None),
    title: str | None = None,
) -> Figure:
    """Draw the same points in two planes, before and after a hidden layer moved them.

    Args:
        left: Points (batch, 2), class labels (batch,), and lines as in `points` or None.
        right: The same points after the move, their labels, and the next unit's lines or None.
        names: Name of each point, written beside it in both planes; points that coincide share one text.
        titles: Titles of the two planes.
        labels: What the axes of each plane show.
        limits: Limits of each plane, as in `points`.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If the planes hold different numbers of points, or a plane is not as in `points`.
    """
    fig, axes = panels(1, 2, height=4.3, width=9.0, square=True)
    moved = [plane_points(plane[0], plane[1], classes=2) for plane in (left, right)]
    if len(moved[0][0]) != len(moved[1][0]):
        raise ValueError(
            f"both planes must hold the same points, but left has shape {moved[0][0].shape} "
            f"and right {moved[1][0].shape}"
        )
    offset = 0
    for side, (ax, plane) in enumerate(zip(axes, (left, right), strict=True)):
        where, label = moved[side]
        chosen = limits[side]
        ends = box(chosen) if chosen is not None else around(where)
        draw_lines(ax, plane[2] or (), ends, first=offset)
        offset += len(plane[2] or ())
        draw_points(ax, where, label, names=names, classes=CLASSES, ends=ends)
        dress(ax, ends, labels[side], titles[side])
    if title:
        fig.suptitle(title)
    legend(fig, axes, [*(left[2] or ()), *(right[2] or ())], below=True)
    return fig
