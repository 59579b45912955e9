"""Bars: a value for each name."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.inputs import Array, drawable, named, same_count, vector
from course_utils.plots.style import CLASS_COLOURS, HATCHES, panels, style, whole_ticks


@style()
def bars(
    names: Sequence[str],
    values: ArrayLike | Mapping[str, ArrayLike],
    *,
    y_label: str,
    x_label: str = "",
    log: bool = False,
    title: str | None = None,
) -> Figure:
    """Draw a bar for each name, with its value above it; several series stand side by side.

    Args:
        names: Name of each bar.
        values: Heights, shape (count,), or series name to such heights.
        y_label: What the height is, with its unit.
        x_label: What the names are.
        log: True for a logarithmic vertical axis.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If the number of names and values differ, or a value is NaN.
    """
    series = values if isinstance(values, Mapping) else {"values": values}
    width = 0.8 / len(named(series, "values"))
    fig, (ax,) = panels(1, 1, height=4.0)
    for index, (name, heights) in enumerate(series.items()):
        tall = vector(heights, name)
        same_count(names, len(tall), "names", "values")
        drawable(tall, name, "log" if log else "linear")
        place = np.arange(len(tall)) + (index - (len(series) - 1) / 2) * width
        colour, hatch = CLASS_COLOURS[index % 4], HATCHES[index % 4]
        drawn = ax.bar(place, tall, width * 0.94, color=colour, hatch=hatch, edgecolor="white", label=name)
        ax.bar_label(drawn, _labels(tall), padding=2, fontsize=9)
    ax.set_yscale("log" if log else "linear")
    whole_ticks(ax.yaxis, np.concatenate([vector(heights, name) for name, heights in series.items()]))
    ax.set_xticks(range(len(names)), names)
    ax.margins(y=0.1)
    ax.grid(False, axis="x")
    ax.set(xlabel=x_label, ylabel=y_label, title=title or "")
    if len(series) > 1:
        fig.legend(loc="outside right upper")
    return fig


def _labels(values: Array) -> list[str]:
    """Write values with as many decimals as all of them need, three at most."""
    for decimals in range(4):
        if np.allclose(values, values.round(decimals), rtol=0, atol=1e-9):
            return [f"{value:,.{decimals}f}" for value in values]
    smallest = np.abs(values[values != 0]).min()
    return [f"{value:,.3f}" if smallest >= 0.001 else f"{value:.2g}" for value in values]
