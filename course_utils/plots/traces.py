"""Signals one above the other, and measured times with the sizes at which the fastest method changes."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.curves import error_curves
from course_utils.plots.inputs import Array, Interval, interval, named, pair, vector
from course_utils.plots.style import BLACK, BLUE, DASHES, mathematical, panels, style, whole_ticks

MOST_TRACES = 6
MOST_STEMS = 80  # samples; more stems run into one another
Trace: TypeAlias = ArrayLike | tuple[ArrayLike, ArrayLike]


@style()
def signals(
    traces: Mapping[str, Trace],
    *,
    x_label: str = "sample",
    y_label: str = "value",
    stems: bool = False,
    limits: Interval | None = None,
    title: str | None = None,
) -> Figure:
    """Draw signals one above the other, with one horizontal axis and one scale.

    Args:
        traces: Name to samples, shape (count,), or to a pair of arrays, places and samples, each (count,).
        x_label: What the horizontal axis shows, with its unit.
        y_label: What the vertical axes show, with their unit.
        stems: True to draw each sample as a stem, for short signals.
        limits: Low and high end of the horizontal axis; by default what the signals need.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are no traces or more than six, one is too long for stems, shapes do not fit, or
            a value is NaN.
    """
    if len(named(traces, "traces")) > MOST_TRACES:
        raise ValueError(
            f"traces has {len(traces)} entries but {MOST_TRACES} fit a page; draw several figures"
        )
    height = min(0.9 + 1.3 * len(traces), 6.3)
    fig, axes = panels(len(traces), 1, height=height, shared=True)
    for ax, (name, trace) in zip(axes, traces.items(), strict=True):
        places, samples = _read(trace, name)
        if stems and len(samples) > MOST_STEMS:
            raise ValueError(f"{name} has {len(samples)} samples, too many for stems; use stems=False")
        _draw(ax, places, samples, stems=stems)
        ax.set_title(mathematical(name), loc="left", fontsize=11)
        if limits is not None:
            ax.set_xlim(interval(limits))
        whole_ticks(ax.xaxis, places)
        whole_ticks(ax.yaxis, samples)
    axes[-1].set_xlabel(mathematical(x_label))
    fig.supylabel(mathematical(y_label), fontsize=11)
    if title:
        fig.suptitle(title)
    return fig


def _read(trace: Trace, name: str) -> tuple[Array, Array]:
    if isinstance(trace, tuple) and len(trace) == 2 and np.ndim(trace[0]) == 1:
        return pair(*trace, "x", name)
    samples = vector(trace, name)  # type: ignore[arg-type]
    return np.arange(float(len(samples))), samples


def _draw(ax: Axes, places: Array, samples: Array, *, stems: bool) -> None:
    if not stems:
        ax.plot(places, samples, color=BLUE, linewidth=1.3)
        return
    ax.axhline(0, color=BLACK, linewidth=0.8)
    ax.vlines(places, 0, samples, color=BLUE, linewidth=2)
    ax.plot(places, samples, "o", color=BLUE, markersize=6)
    ax.margins(y=0.15)  # so that no marker is cut off


@style()
def time_curves(
    x: ArrayLike,
    times: Mapping[str, ArrayLike],
    *,
    x_label: str,
    y_label: str = "time (ms)",
    title: str | None = None,
) -> Figure:
    """Draw measured times against a size on two logarithmic axes, and mark where the fastest method changes.

    The mark stands where the lines of the two methods cross between two measured sizes.

    Args:
        x: Sizes, increasing, shape (count,).
        times: Name of each method to its times, shape (count,).
        x_label: What the size is, with its unit.
        y_label: What the time is, with its unit.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If sizes do not increase, shapes do not fit, or a size or time is not positive.
    """
    sizes = vector(x, "x")
    if (np.diff(sizes) <= 0).any():
        raise ValueError(f"x must increase from one size to the next, but is {sizes.tolist()}; sort it first")
    for name, values in [("x", sizes), *named(times, "times").items()]:
        if (vector(values, name) <= 0).any():
            raise ValueError(f"{name} has the value {np.min(values):g} but sizes and times must be positive")
    fig = error_curves(sizes, times, x_label=x_label, y_label=y_label, title=title)
    (ax,) = fig.axes
    for number, (place, name) in enumerate(crossovers(sizes, times)):
        label = f"{name} is fastest\nfrom about {place:.{0 if place >= 10 else 1}f}"
        dashes = DASHES[1:][::-1][number % 3]
        ax.axvline(place, color=BLACK, linestyle=dashes, linewidth=1.4, label=label, zorder=1)
    for legend in list(fig.legends):  # made before the marks were there
        legend.remove()
    if len(ax.get_legend_handles_labels()[0]) > 1:
        fig.legend(loc="outside right upper")
    return fig


def crossovers(x: Array, times: Mapping[str, ArrayLike]) -> list[tuple[float, str]]:
    """Return where the fastest method changes, and which one it is from there on.

    Args:
        x: Sizes, increasing and positive, shape (count,).
        times: Name of each method to its times, positive, shape (count,).

    Returns:
        For each change the size at which the two methods' lines cross on logarithmic axes, and a name.
    """
    names = list(times)
    logs = np.log(np.stack([vector(times[name], name) for name in names]))
    fastest = logs.argmin(axis=0)
    found = []
    for k in np.flatnonzero(np.diff(fastest)):
        before, after = fastest[k], fastest[k + 1]
        ahead, behind = logs[after, k] - logs[before, k], logs[before, k + 1] - logs[after, k + 1]
        share = ahead / (ahead + behind)
        place = np.exp((1 - share) * np.log(x[k]) + share * np.log(x[k + 1]))
        found.append((float(place), names[after]))
    return found
