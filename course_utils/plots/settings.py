"""Curves over a setting: means with bands, and the schedules of a learning rate."""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.curves import error_curves, function_curves
from course_utils.plots.inputs import finite, named, pair, positive
from course_utils.plots.line_ends import name_lines
from course_utils.plots.style import style

MOST = 6  # names at the ends of curves
SAMPLES = 801  # points at which a schedule is drawn


@style()
def setting_curves(
    x: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    x_label: str,
    y_label: str,
    spread: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
    log: bool | Literal["x", "y"] = False,
    title: str | None = None,
) -> Figure:
    """Draw how something measured changes with a setting, a named curve for each method, with its spread.

    Args:
        x: The settings, increasing, shape (count,).
        curves: Name to means or medians, shape (count,); at most six.
        x_label: What the settings are, with their unit.
        y_label: What was measured, with its unit.
        spread: Name of a curve to the low and the high end of its band, each (count,).
        log: True for two logarithmic axes, "x" or "y" for one, False for none.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no curve or more than six, shapes do not fit, settings do not increase, a
            value is NaN, a band has no curve or its low end above its high one, or a value on a logarithmic
            axis is not positive.
    """
    settings = finite(x, "x")
    if settings.ndim != 1 or (np.diff(settings) <= 0).any():
        raise ValueError(
            f"x must increase from one setting to the next, but is {settings.tolist()}; sort it first"
        )
    fig = error_curves(
        settings, named(curves, "curves"), x_label=x_label, y_label=y_label, log=log, title=title
    )
    (ax,) = fig.axes
    colours = {str(line.get_label()): str(line.get_color()) for line in ax.lines}
    for name, band in (spread or {}).items():
        if name not in colours:
            raise ValueError(
                f"spread has {name!r} but the curves are {', '.join(map(repr, colours))}; name one of them"
            )
        _band(ax, settings, band, name, colours[name])
    name_lines(fig, ax, most=MOST)
    return fig


def _band(ax: Axes, x: ArrayLike, band: tuple[ArrayLike, ArrayLike], name: str, colour: str) -> None:
    if len(band) != 2:
        raise ValueError(f"spread[{name!r}] has {len(band)} entries but must be two arrays, (low, high)")
    places, low = pair(x, band[0], "x", f"the low end of {name}")
    _, high = pair(x, band[1], "x", f"the high end of {name}")
    if (low > high).any():
        worst = int(np.argmax(low - high))
        raise ValueError(
            f"the band of {name} has its low end {low[worst]:g} above its high end {high[worst]:g}; "
            "give (low, high)"
        )
    ax.fill_between(places, low, high, color=colour, alpha=0.18, linewidth=0, zorder=1.5)


@style()
def schedule_curves(
    schedules: Mapping[str, Callable[[float], float]], *, epochs: int, title: str | None = None
) -> Figure:
    """Draw the factor that each schedule puts on the learning rate, from the start of training to its end.

    Args:
        schedules: Name to a function from a time in epochs to a factor; at most six.
        epochs: How many epochs the training has.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        TypeError: If a schedule is not a function.
        ValueError: If there is no schedule or more than six, `epochs` is not a whole number of at least 1, or
            a factor is NaN or no number.
    """
    times = np.linspace(0, positive(epochs, "epochs"), SAMPLES)
    sampled = {}
    for name, schedule in named(schedules, "schedules").items():
        if not callable(schedule):
            raise TypeError(
                f"the schedule {name!r} is {type(schedule).__name__} but must be a function from a time in "
                "epochs to a factor"
            )
        sampled[name] = (times, [schedule(float(time)) for time in times])
    fig = function_curves(
        sampled,
        limits=(0, epochs),
        x_label="time (epochs)",
        y_label="factor on the learning rate",
        title=title,
    )
    (ax,) = fig.axes
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    name_lines(fig, ax, most=MOST)
    return fig
