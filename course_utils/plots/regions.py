"""Regions: what a classifier, a unit or a network says everywhere in a plane."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.inputs import (
    Array,
    Box,
    Function,
    Limits,
    Line,
    box,
    evaluate,
    named,
    plane_points,
    positive,
)
from course_utils.plots.marks import CLASSES, around, draw_lines, draw_points, dress, legend
from course_utils.plots.style import (
    BLACK,
    PALE_BLUE,
    PALE_VERMILLION,
    drop_empty,
    mathematical,
    panels,
    style,
)

SIDE = 211  # cells along each side of a surface; a prime, so that few centres lie exactly on a simple line


def decision_region(
    predict: Function,
    x: ArrayLike,
    t: ArrayLike,
    *,
    limits: Limits | None = None,
    title: str | None = None,
    labels: tuple[str, str] = ("x_1", "x_2"),
    level: float = 0.5,
    lines: Sequence[Line] | None = None,
    names: Sequence[str] | None = None,
    classes: Sequence[str] = CLASSES,
) -> Figure:
    """Draw which side of a classifier each part of the plane is on, with its boundary and the points.

    Args:
        predict: Takes points (count, 2), returns scores (count,); a score above `level` means class 1.
        x: Points, shape (batch, 2).
        t: Class labels 0 or 1, shape (batch,).
        limits: (low, high) of both axes, or one such pair each; by default around the points.
        title: Title of the figure.
        labels: What the axes show.
        level: Score at the boundary.
        lines: For each hidden unit w of shape (2,), b, and its name.
        names: A name to write beside each point.
        classes: What the classes are called.

    Returns:
        The figure.

    Raises:
        ValueError: If shapes do not fit, a value is NaN, or a label is not 0 or 1.
    """
    return decision_regions(
        {title or "": predict},
        x,
        t,
        limits=limits,
        labels=labels,
        level=level,
        lines=lines,
        names=names,
        classes=classes,
    )


@style()
def decision_regions(
    predicts: Mapping[str, Function],
    x: ArrayLike,
    t: ArrayLike,
    *,
    limits: Limits | None = None,
    title: str | None = None,
    labels: tuple[str, str] = ("x_1", "x_2"),
    level: float = 0.5,
    lines: Sequence[Line] | None = None,
    names: Sequence[str] | None = None,
    classes: Sequence[str] = CLASSES,
    columns: int = 3,
) -> Figure:
    """Draw the decision regions of several classifiers of the same points, a panel each on one scale.

    Args:
        predicts: Title to a function from points (count, 2) to scores (count,).
        x: Points, shape (batch, 2).
        t: Class labels 0 or 1, shape (batch,).
        limits: (low, high) of both axes, or one such pair each; by default around the points.
        title: Title of the figure.
        labels: What the axes show.
        level: Score at the boundary.
        lines: For each unit w of shape (2,), b, and its name, drawn in every panel.
        names: A name to write beside each point.
        classes: What the classes are called.
        columns: Number of panels in a row.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no classifier, shapes do not fit, a value is NaN, or a label is not 0 or 1.
    """
    where, label = plane_points(x, t, classes=2)
    ends = box(limits) if limits is not None else around(where)
    across = min(positive(columns, "columns"), len(named(predicts, "predicts")))
    rows = math.ceil(len(predicts) / across)
    size = {1: (7.5 if lines else 6.7, 4.6), 2: (8.5, 3.6 * rows + 0.7)}.get(across, (9.0, 2.7 * rows + 0.8))
    fig, axes = panels(rows, across, width=size[0], height=size[1], shared=True, square=True)
    for ax, (name, predict) in zip(axes, predicts.items(), strict=False):
        _fill(ax, predict, ends, level, name or "predict")
        draw_lines(ax, lines or (), ends)
        draw_points(ax, where, label, names=names, classes=classes, ends=ends)
        dress(ax, ends, labels, name, outer=across > 1)
    drop_empty(axes, len(predicts), across)
    if title:
        fig.suptitle(title)
    legend(fig, axes[: len(predicts)], lines, below=across > 1)
    return fig


@style()
def response_surface(
    function: Function,
    *,
    limits: Limits,
    lines: Sequence[Line] | None = None,
    x: ArrayLike | None = None,
    t: ArrayLike | None = None,
    title: str | None = None,
    labels: tuple[str, str] = ("x_1", "x_2"),
    names: Sequence[str] | None = None,
    level: float = 0.5,
    bar_label: str = "y",
    value_limits: tuple[float, float] | None = None,
) -> Figure:
    """Draw the output of a unit or a network over the plane, with the contour where it crosses `level`.

    Args:
        function: Takes points (count, 2), returns outputs (count,).
        limits: (low, high) of both axes, or one such pair each.
        lines: For each unit w of shape (2,), b, and its name.
        x: Points to draw on top, shape (batch, 2).
        t: Their class labels 0 or 1, shape (batch,); all 0 by default.
        title: Title of the figure.
        labels: What the axes show.
        names: A name to write beside each point.
        level: Output at the contour.
        bar_label: What the output is called beside its scale.
        value_limits: Ends of the colour scale; by default the lowest and highest output.

    Returns:
        The figure.

    Raises:
        ValueError: If shapes do not fit, a value is NaN, or limits do not increase.
    """
    ends = box(limits)
    fig, (ax,) = panels(1, 1, height=4.6, width=8.0 if lines else 7.0, square=True)
    values = _surface(function, ends, "function")
    low, high = value_limits if value_limits is not None else (values.min(), values.max())
    drawn = ax.imshow(
        values, extent=(*ends[0], *ends[1]), origin="lower", cmap="viridis", vmin=low, vmax=high
    )
    if values.min() < level < values.max():
        across, up = _axes(ends)
        ax.contour(across, up, values, levels=[level], colors="white", linewidths=3.5, zorder=2.2)
        ax.contour(across, up, values, levels=[level], colors=BLACK, linewidths=1.5, zorder=2.4)
        ax.plot([], [], color=BLACK, linewidth=1.5, label=f"{mathematical(bar_label)} = {level:g}")
    draw_lines(ax, lines or (), ends, halo=True)
    if x is not None:
        where, label = plane_points(x, np.zeros(len(np.asarray(x))) if t is None else t, classes=2)
        draw_points(ax, where, label, names=names, classes=CLASSES, ends=ends)
    dress(ax, ends, labels, title)
    ax.grid(False)
    fig.colorbar(drawn, cax=ax.inset_axes((1.05, 0, 0.05, 1)), label=mathematical(bar_label))
    legend(fig, ax, lines)
    return fig


def _axes(ends: Box) -> tuple[Array, Array]:
    across, up = (np.linspace(*side, SIDE + 1) for side in ends)
    return (across[1:] + across[:-1]) / 2, (up[1:] + up[:-1]) / 2


def _surface(function: Function, ends: Box, name: str) -> Array:
    grid = np.stack(np.meshgrid(*_axes(ends)), axis=-1)  # (SIDE, SIDE, 2)
    return evaluate(function, grid.reshape(-1, 2), name).reshape(SIDE, SIDE)


def _fill(ax: Axes, predict: Function, ends: Box, level: float, name: str) -> None:
    scores = _surface(predict, ends, name)
    across, up = _axes(ends)
    levels = [min(scores.min(), level) - 1, level, max(scores.max(), level) + 1]
    ax.contourf(across, up, scores, levels=levels, colors=[PALE_BLUE, PALE_VERMILLION], hatches=["", "//"])
    if scores.min() < level < scores.max():
        ax.contour(across, up, scores, levels=[level], colors=BLACK, linewidths=1.8)
        ax.plot([], [], color=BLACK, linewidth=1.8, label="decision boundary")
