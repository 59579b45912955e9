"""Curves: functions, errors and losses."""

import math
from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.inputs import (
    Array,
    Function,
    Interval,
    drawable,
    evaluate,
    finite,
    interval,
    named,
    pair,
    positive,
)
from course_utils.plots.style import (
    BLACK,
    BLUE,
    MARKERS,
    VERMILLION,
    drop_empty,
    log_ticks,
    mathematical,
    panels,
    series_look,
    style,
    whole_ticks,
)

Curve: TypeAlias = Function | tuple[ArrayLike, ArrayLike]
Scale: TypeAlias = Literal["linear", "log"]
SAMPLES = 801  # points at which a function is drawn


@style()
def function_curves(
    curves: Mapping[str, Curve],
    *,
    limits: Interval,
    x_label: str,
    y_label: str,
    title: str | None = None,
    truth: Curve | None = None,
    data: tuple[ArrayLike, ArrayLike] | None = None,
    y_limits: Interval | None = None,
) -> Figure:
    """Draw functions of one variable in one pair of axes.

    Args:
        curves: Name to a function, from array (count,) to array (count,), or to a pair of arrays x and y,
            each (count,).
        limits: Low and high end of the horizontal axis.
        x_label: What the horizontal axis shows, with its unit.
        y_label: What the vertical axis shows, with its unit.
        title: Title of the figure.
        truth: The function that the curves approximate, drawn in black beneath them.
        data: Examples x and t, each (count,), drawn as grey dots.
        y_limits: Low and high end of the vertical axis; by default what the curves need.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no curve, shapes do not fit, a value is NaN, or limits do not increase.
    """
    low, high = interval(limits)
    fig, (ax,) = panels(1, 1, height=4.0)
    if data is not None:
        ax.plot(*pair(*data, "x", "t"), "o", color="#777777", markersize=4, linestyle="none", label="data")
    if truth is not None:
        ax.plot(*_sampled(truth, low, high, "truth"), color=BLACK, linewidth=3.5, alpha=0.9, label="truth")
    for index, (name, curve) in enumerate(named(curves, "curves").items()):
        colour, dashes = series_look(index, name)
        ax.plot(*_sampled(curve, low, high, name), color=colour, linestyle=dashes, label=name)
    ax.set(xlim=(low, high), ylim=y_limits and interval(y_limits, "y_limits"))
    return _finish(fig, ax, x_label, y_label, title)


@style()
def curve_grid(
    functions: Mapping[str, tuple[Function, Function]],
    *,
    limits: Interval,
    columns: int = 3,
    x_label: str = "z",
    title: str | None = None,
) -> Figure:
    """Draw a panel for each function, with its derivative, on one scale.

    Args:
        functions: Name to the function and its derivative, each array (count,) to array (count,).
        limits: Low and high end of the horizontal axis.
        columns: Number of panels in a row.
        x_label: What the horizontal axis shows.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no function, or one returns another shape or NaN.
    """
    low, high = interval(limits)
    across = min(positive(columns, "columns"), len(named(functions, "functions")))
    rows = math.ceil(len(functions) / across)
    fig, axes = panels(rows, across, height=0.6 + 2.2 * rows, shared=True)
    for ax, (name, (function, derivative)) in zip(axes, functions.items(), strict=False):
        ax.plot(*_sampled(function, low, high, name), color=BLUE, label="function")
        ax.plot(*_sampled(derivative, low, high, name), color=VERMILLION, linestyle="--", label="derivative")
        ax.set_title(name)
        ax.set_xlim(low, high)
    drop_empty(axes, len(functions), across)
    fig.supxlabel(mathematical(x_label), fontsize=11)
    if title:
        fig.suptitle(title)
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return fig


@style()
def error_curves(
    x: ArrayLike,
    errors: Mapping[str, ArrayLike],
    *,
    x_label: str,
    y_label: str,
    log: bool | Literal["x", "y"] = True,
    title: str | None = None,
) -> Figure:
    """Draw how an error (or a count) changes with a setting, a marked curve for each method.

    Args:
        x: The settings, shape (count,).
        errors: Name to errors, shape (count,).
        x_label: What the settings are, with their unit.
        y_label: What the error is, with its unit.
        log: True for two logarithmic axes, "x" or "y" for one, False for none.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If shapes do not fit, a value is NaN, or a value on a logarithmic axis is not positive.
    """
    scales = _scales(log)
    fig, (ax,) = panels(1, 1, height=4.0)
    for index, (name, values) in enumerate(named(errors, "errors").items()):
        settings, measured = pair(x, values, "x", name)
        drawable(settings, "x", scales[0])
        drawable(measured, name, scales[1])
        colour, dashes = series_look(index, name)
        ax.plot(
            settings,
            measured,
            color=colour,
            linestyle=dashes,
            marker=MARKERS[index % len(MARKERS)],
            label=name,
        )
    ax.set(xscale=scales[0], yscale=scales[1])
    whole_ticks(ax.xaxis, x)
    log_ticks(ax.xaxis, x, settings=True)
    log_ticks(ax.yaxis, np.array([line.get_ydata() for line in ax.lines]))
    return _finish(fig, ax, x_label, y_label, title)


@style()
def loss_curves(
    losses: Mapping[str, ArrayLike],
    *,
    x_label: str = "epoch",
    y_label: str = "loss (mean per example)",
    log: bool = False,
    title: str | None = None,
) -> Figure:
    """Draw losses against epochs; several runs under one name are drawn alike.

    Args:
        losses: Name to losses, shape (epochs,), or those of several runs, shape (runs, epochs).
        x_label: What the horizontal axis counts.
        y_label: What the loss is, with its unit.
        log: True for a logarithmic vertical axis.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are no losses, one is NaN, or one on a logarithmic axis is not positive.
    """
    fig, (ax,) = panels(1, 1, height=4.0)
    for index, (name, values) in enumerate(named(losses, "losses").items()):
        runs = np.atleast_2d(finite(values, name))
        if runs.ndim != 2:
            raise ValueError(f"{name} must be (epochs,) or (runs, epochs), but has shape {runs.shape}")
        drawable(runs, name, "log" if log else "linear")
        colour, dashes = series_look(index, name)
        drawn = ax.plot(
            np.arange(runs.shape[1]),
            runs.T,
            color=colour,
            linestyle=dashes,
            linewidth=2 if len(runs) == 1 else 1.2,
        )
        drawn[0].set_label(name)
    ax.set_yscale("log" if log else "linear")
    return _finish(fig, ax, x_label, y_label, title)


def _sampled(curve: Curve, low: float, high: float, name: str) -> tuple[Array, Array]:
    if isinstance(curve, tuple):
        return pair(*curve, "x", name)
    x = np.linspace(low, high, SAMPLES)
    return x, evaluate(curve, x, name)


def _scales(log: bool | Literal["x", "y"]) -> tuple[Scale, Scale]:
    if log not in (True, False, "x", "y"):
        raise ValueError(f'log is {log!r} but must be True, False, "x" or "y"')
    return "log" if log in (True, "x") else "linear", "log" if log in (True, "y") else "linear"


def _finish(fig: Figure, ax: Axes, x_label: str, y_label: str, title: str | None) -> Figure:
    ax.set(xlabel=mathematical(x_label), ylabel=mathematical(y_label), title=title or "")
    if len(ax.get_legend_handles_labels()[0]) > 1:
        fig.legend(loc="outside right upper")
    return fig
