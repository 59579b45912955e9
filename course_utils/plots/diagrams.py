"""Networks as drawings: a column of units for each layer, their connections and their weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from course_utils.plots.inputs import Array, finite, same_count
from course_utils.plots.style import BLACK, BLUE, GREY, VERMILLION, mathematical, panels, style

MOST_UNITS = 8  # in a column; a larger layer shows its first FIRST units, dots, and its last unit
FIRST = 4
MOST_LABELS = 12  # numbers written on the connections between two layers
RADIUS = 0.3  # of a unit, where the next unit of its layer is 1 away
GAP = 2.6  # between two layers
SCALE = 1.0  # inches from one unit of a layer to the next, at most
Dashes: TypeAlias = Literal["-", "--", ":"]
Names: TypeAlias = Sequence[str | Sequence[str] | None]


@dataclass(frozen=True)
class Column:
    """Where the units of one layer are drawn.

    Args:
        x: Horizontal place of the layer.
        size: Number of units that the layer has.
        heights: Unit number to vertical place, for the units that are drawn.
    """

    x: float
    size: int
    heights: dict[int, float]


@style()
def network_diagram(
    sizes: Sequence[int],
    *,
    names: Names | None = None,
    weights: Sequence[ArrayLike] | None = None,
    biases: Sequence[ArrayLike] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw a fully connected network; weights colour, dash and number its connections.

    A positive weight is a solid blue line, a negative one dashed vermillion, wider the larger it is; zero is
    dotted.

    Args:
        sizes: Units in each layer, inputs first.
        names: For each layer its title, or a name for each of its units, or None.
        weights: For each layer after the inputs a matrix of shape (outputs, inputs).
        biases: For each layer after the inputs a vector of shape (outputs,).
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are fewer than two layers, a size is not positive, or names, weights or biases do
            not fit the sizes.
    """
    columns = _columns(sizes)
    matrices = _parameters(weights, [(b, a) for a, b in pairwise(sizes)], "weights")
    vectors = _parameters(biases, [(size,) for size in sizes[1:]], "biases")
    titled = any(isinstance(given, str) for given in _names(names, sizes))
    fig, ax, top = _sheet(
        columns, titled=titled, below=0.5 if matrices else 0.1, above=0.35 if title else 0.0
    )
    for layer, (before, after) in enumerate(pairwise(columns)):
        _connect(ax, before, after, matrices[layer] if matrices else None)
    for layer, column in enumerate(columns):
        bias = vectors[layer - 1] if vectors and layer else None
        _units(ax, column, _unit_names(_names(names, sizes)[layer], layer, column.size), bias)
        ax.text(column.x, top, _heading(_names(names, sizes)[layer], layer, sizes), ha="center", va="bottom")
    ax.set_title(title or "")
    if matrices:
        _legend(fig, matrices)
    return fig


def _columns(sizes: Sequence[int]) -> list[Column]:
    if len(sizes) < 2 or any(size != int(size) or size < 1 for size in sizes):
        raise ValueError(f"sizes is {list(sizes)} but must hold at least two layers of at least 1 unit each")
    return [_column(GAP * place, int(size)) for place, size in enumerate(sizes)]


def _column(x: float, size: int) -> Column:
    if size <= MOST_UNITS:
        return Column(x, size, {unit: (size - 1) / 2 - unit for unit in range(size)})
    shown = [*range(FIRST), size - 1]
    places = [*range(FIRST), FIRST + 0.8]
    middle = places[-1] / 2
    return Column(x, size, {unit: middle - place for unit, place in zip(shown, places, strict=True)})


def _names(names: Names | None, sizes: Sequence[int]) -> Names:
    if names is None:
        return [None] * len(sizes)
    if len(names) != len(sizes):
        raise ValueError(
            f"names has {len(names)} entries but there are {len(sizes)} layers; give one for each"
        )
    return names


def _sheet(columns: list[Column], *, titled: bool, below: float, above: float) -> tuple[Figure, Axes, float]:
    """Make axes of the network's own size, with room in inches for a legend below and a title above."""
    tallest = max(max(column.heights.values()) for column in columns)
    wide, tall = columns[-1].x + 2.2, 2 * tallest + (2.0 if titled else 1.7)
    scale = min(SCALE, 8.6 / wide, 5.4 / tall)
    fig, (ax,) = panels(
        1, 1, width=max(5.5, scale * wide + 0.3), height=scale * tall + below + above, square=True
    )
    ax.set(xlim=(-1.1, columns[-1].x + 1.1), ylim=(-tallest - 0.7, tall - tallest - 0.7))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return fig, ax, tallest + 0.62


def _parameters(
    values: Sequence[ArrayLike] | None, shapes: Sequence[tuple[int, ...]], name: str
) -> list[Array]:
    if values is None:
        return []
    if len(values) != len(shapes):
        raise ValueError(
            f"{name} has {len(values)} arrays but the sizes make {len(shapes)} layers after the inputs"
        )
    arrays = [finite(value, f"{name}[{layer}]") for layer, value in enumerate(values)]
    for layer, (array, shape) in enumerate(zip(arrays, shapes, strict=True)):
        if array.shape != shape:
            raise ValueError(f"{name}[{layer}] has shape {array.shape} but the sizes ask for {shape}")
    return arrays


def _connect(ax: Axes, before: Column, after: Column, W: Array | None) -> None:
    largest = float(np.abs(W).max()) if W is not None else 0.0
    labelled = W is not None and W.size <= MOST_LABELS
    for target, (unit, high) in enumerate(after.heights.items()):
        for source, low in before.heights.items():
            weight = None if W is None else float(W[unit, source])
            colour, dashes, width = _look(weight, largest)
            ax.plot(
                (before.x, after.x), (low, high), color=colour, linestyle=dashes, linewidth=width, zorder=1
            )
            if labelled and weight is not None:
                at = 0.27 if target % 2 == 0 else 0.36
                _number(ax, weight, before.x + at * GAP, low + at * (high - low), colour)


def _look(weight: float | None, largest: float) -> tuple[str, Dashes, float]:
    if weight is None:
        return GREY, "-", 0.8
    if weight == 0:
        return GREY, ":", 0.8
    width = 0.6 + 2.2 * abs(weight) / largest
    return (BLUE, "-", width) if weight > 0 else (VERMILLION, "--", width)


def _number(ax: Axes, value: float, x: float, y: float, colour: str) -> None:
    white = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
    ax.text(x, y, _signed(value), color=colour, fontsize=9, ha="center", va="center", bbox=white, zorder=2)


def _signed(value: float) -> str:
    text = f"{value:.2f}" if abs(value) >= 0.095 else f"{value:.2g}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def _unit_names(given: str | Sequence[str] | None, layer: int, size: int) -> list[str] | None:
    if given is None or isinstance(given, str):
        return None
    return same_count(given, size, f"names[{layer}]", "units")


def _units(ax: Axes, column: Column, names: list[str] | None, bias: Array | None) -> None:
    for unit, height in column.heights.items():
        ax.add_patch(
            Circle((column.x, height), RADIUS, facecolor="white", edgecolor=BLACK, linewidth=1.5, zorder=3)
        )
        if names is not None:
            ax.text(column.x, height, mathematical(names[unit]), ha="center", va="center", zorder=4)
        if bias is not None and len(column.heights) <= MOST_LABELS:
            text = f"b = {_signed(float(bias[unit]))}"
            ax.text(column.x, height - RADIUS - 0.03, text, ha="center", va="top", fontsize=9, zorder=4)
    if len(column.heights) < column.size:
        *_, above, last = column.heights.values()
        ax.plot(
            [column.x] * 3, (above + last) / 2 + np.array([-0.17, 0, 0.17]), "o", color=BLACK, markersize=3
        )


def _heading(given: str | Sequence[str] | None, layer: int, sizes: Sequence[int]) -> str:
    place = "inputs" if layer == 0 else "outputs" if layer == len(sizes) - 1 else "hidden units"
    if isinstance(given, str):
        return f"{given}\n({sizes[layer]})"
    return f"{sizes[layer]} {place.removesuffix('s') if sizes[layer] == 1 else place}"


def _legend(fig: Figure, matrices: list[Array]) -> None:
    looks = {"positive weight": 1.0, "negative weight": -1.0, "zero weight": 0.0}
    present = {float(sign) for W in matrices for sign in np.unique(np.sign(W))}
    handles = []
    for name, sign in looks.items():
        colour, dashes, _ = _look(sign, 1.0)
        if sign in present:
            handles.append(Line2D([], [], color=colour, linestyle=dashes, label=name))
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
