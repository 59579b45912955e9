"""Profiles: a quantity of every layer of a network, on a logarithmic axis."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.inputs import Array, named
from course_utils.plots.line_ends import draw_with_gaps, gap_handle, label_ends, number_axis
from course_utils.plots.style import (
    BLACK,
    CLASS_COLOURS,
    DASHES,
    MARKERS,
    log_ticks,
    mathematical,
    panels,
    style,
)

MOST = 5  # curves
COLOURS = (*CLASS_COLOURS, BLACK)
SHAPES = (*MARKERS, "v")


@style()
def layer_profile(
    sizes: Mapping[str, ArrayLike],
    *,
    y_label: str,
    x_label: str = "layer",
    title: str | None = None,
) -> Figure:
    """Draw how large something is at each layer of a network, on a logarithmic axis, a curve a name.

    A value that is zero or not finite has no place on that axis; it leaves a grey gap with a cross.

    Args:
        sizes: Name to a size at each layer, from the first layer on, not negative, shape (layers,); at most
            five names.
        y_label: What the size is, with its unit.
        x_label: What is numbered from 1 along the horizontal axis.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no curve or more than five, one is empty, not a vector, or has a negative
            value.
    """
    if len(named(sizes, "sizes")) > MOST:
        raise ValueError(f"sizes has {len(sizes)} curves but {MOST} can be told apart; draw several figures")
    read = {name: _sizes(values, name) for name, values in sizes.items()}
    fig, (ax,) = panels(1, 1, height=4.0)
    ax.set_yscale("log")
    endings = []
    for number, (name, values) in enumerate(read.items()):
        layers, look = np.arange(1.0, len(values) + 1), (COLOURS[number], DASHES[number % 4], SHAPES[number])
        endings.append(draw_with_gaps(ax, layers, values, name=name, look=look, level=number))
    longest = max(len(values) for values in read.values())
    ax.set(
        xlabel=mathematical(x_label),
        ylabel=mathematical(y_label),
        title=title or "",
        xlim=(0.6, longest + 0.4),
    )
    number_axis(ax.xaxis, most=12)
    everything = np.concatenate(list(read.values()))
    if np.isfinite(everything).any():
        log_ticks(ax.yaxis, everything[np.isfinite(everything)])
    if not np.isfinite(everything).all():
        fig.legend(handles=[gap_handle("zero or not a finite number")], loc="outside lower center")
    label_ends(fig, [(ax, endings)])
    return fig


def _sizes(values: ArrayLike, name: str) -> Array:
    """Return the sizes of one curve, NaN where a logarithmic axis has no place for them."""
    array = np.array(values, dtype=np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{name} must be (layers,), a size for each layer, but has shape {array.shape}; ravel it first"
        )
    if (array < 0).any():
        raise ValueError(
            f"{name} has the value {array.min():g} but a size is not negative; take its magnitude"
        )
    return np.where(np.isfinite(array) & (array > 0), array, np.nan)
