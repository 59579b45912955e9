"""One palette and one look for every figure of the course."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator
from numpy.typing import ArrayLike

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
BLACK = "#000000"

PALE_BLUE = "#D3E6F2"  # the side of a plane that belongs to class 0
PALE_VERMILLION = "#F9E0CD"  # the side that belongs to class 1
GREY = "#8C8C8C"  # axes, grids and edges that carry no value

CLASS_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE)
CLASS_MARKERS = ("o", "^", "s", "D")
DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D")
HATCHES = ("", "//", "..", "xx")

WIDTH = 8.0  # inches, at DPI what a JupyterLab cell shows without scaling
DPI = 100

RC: dict[Any, Any] = {
    "figure.dpi": DPI,
    "savefig.dpi": "figure",
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.title_fontsize": 10,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#4D4D4D",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.0,
    "hatch.color": "#EDBE9C",
    "hatch.linewidth": 0.8,
    "image.interpolation": "nearest",
    "figure.constrained_layout.w_pad": 0.08,
    "figure.constrained_layout.h_pad": 0.08,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the course's style inside this block, whatever was set before, and restore that afterwards.

    Usable with `with style():` and as a decorator, `@style()`. Matplotlib's backend is left as it is.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        yield


def series_look(index: int, name: str = "") -> tuple[str, str]:
    """Return the colour and the dashes of a curve: train blue, validation vermillion, truth black.

    Args:
        index: Place of the curve in its figure; the first sixteen places all look different.
        name: Name of the curve; the three names above have a look of their own.

    Returns:
        A colour and a Matplotlib line style.
    """
    fixed = {"train": (BLUE, "-"), "validation": (VERMILLION, "--"), "truth": (BLACK, "-")}
    if name in fixed:
        return fixed[name]
    count = len(CLASS_COLOURS)
    return CLASS_COLOURS[index % count], DASHES[(index + index // count) % count]


def panels(
    rows: int,
    columns: int,
    *,
    height: float,
    width: float = WIDTH,
    shared: bool = False,
    square: bool = False,
) -> tuple[Figure, list[Axes]]:
    """Make a figure with a grid of axes, without pyplot, so that nothing is shown twice or kept.

    Args:
        rows: Number of rows of axes.
        columns: Number of columns of axes.
        height: Height of the figure in inches.
        width: Width of the figure in inches.
        shared: True when all axes share their x and their y range.
        square: True when one unit is to be as long on both axes: the axes then move together.

    Returns:
        The figure, and its axes row by row.
    """
    fig = Figure(figsize=(width, height), dpi=DPI, layout="compressed" if square else "constrained")
    return fig, list(fig.subplots(rows, columns, squeeze=False, sharex=shared, sharey=shared).flat)


def drop_empty(axes: list[Axes], used: int, across: int) -> None:
    """Remove the axes of a grid that stay empty, and number the axes above them.

    Args:
        axes: All axes of the grid, row by row.
        used: How many of them hold something; the others are the last ones.
        across: Number of axes in a row.
    """
    for place in range(used, len(axes)):
        axes[place].remove()
        axes[place - across].tick_params(labelbottom=True)


def mathematical(label: str) -> str:
    """Set every symbol with an index, such as "x_1" or "h_2 = 0", as mathematics; leave other words alone."""
    if "$" in label:
        return label
    return re.sub(r"\b([A-Za-z])_([A-Za-z0-9]+)\b", r"$\1_{\2}$", label)


def whole_ticks(axis: Axis, values: ArrayLike) -> None:
    """Put the ticks of a linear axis at whole numbers if what it shows are counts."""
    if axis.get_scale() == "linear" and np.equal(np.mod(np.asarray(values, dtype=float), 1), 0).all():
        axis.set_major_locator(MaxNLocator(integer=True))


def log_ticks(axis: Axis, values: ArrayLike, *, settings: bool = False) -> None:
    """Label a logarithmic axis without crowding: a few settings each by itself, else powers of ten alone.

    Args:
        axis: The axis; a linear one is left as it is.
        values: What it shows, positive.
        settings: True when the values were chosen, so that a reader looks for each of them.
    """
    if axis.get_scale() != "log":
        return
    shown = np.unique(np.asarray(values, dtype=float))
    least_gap = np.log(shown[1:] / shown[:-1]).min(initial=np.inf)
    if settings and 2 <= len(shown) <= 10 and 14 * least_gap >= np.log(shown[-1] / shown[0]):
        axis.set_major_locator(FixedLocator(shown.tolist()))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    elif shown[-1] >= 10 * shown[0]:
        axis.set_minor_formatter(NullFormatter())
