"""Layers of units and the connections between them: sparse or dense, tied or not, and what reaches what."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from course_utils.plots.cells import write
from course_utils.plots.connection_layout import NAME, SPACE, Look, Sheet, lay_out, notes_of, row_names
from course_utils.plots.fields import Mask, Network, Unit, read_network
from course_utils.plots.inputs import Array, same_count
from course_utils.plots.paper import page, text_width
from course_utils.plots.style import BLACK, BLUE, GREY, PALE_BLUE, series_look, style
from course_utils.plots.ties import MOST_LOOKS, tied

Networks: TypeAlias = Sequence[ArrayLike] | Mapping[str, Sequence[ArrayLike]]
Place: TypeAlias = tuple[float, float]
SIZES = (11.0, 10.0, 9.0)  # points of the units' names
FADED = "#CCCCCC"  # a connection that the marked unit does not use


@style()
def connection_diagram(
    networks: Networks,
    *,
    field_of: Unit | None = None,
    reach_of: Unit | None = None,
    names: Sequence[str] | None = None,
    shared: bool = True,
    title: str | None = None,
) -> Figure:
    """Draw layers of units upwards from the inputs, with every connection and its weight's colour and dash.

    Args:
        networks: The matrices of the layers, inputs first, each of shape (units above, units below) with 0
            where there is no connection and equal entries for one weight; or name to such a list.
        field_of: (layer, unit) whose receptive field is marked in all layers below it; layer 0 is the inputs.
        reach_of: (layer, unit) whose influence is marked in all layers above it.
        names: Name of each row of units, such as ["x", "h"]; its units are then named x_1, x_2, ...
        shared: True to draw each weight of a layer in its own colour and dash, False to draw all alike.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there is no layer, matrices do not fit each other, a marked unit does not exist, both
            marks are given, names do not fit, or a layer is too large to draw.
    """
    if field_of is not None and reach_of is not None:
        raise ValueError("field_of and reach_of are both given but a figure marks one; draw two figures")
    given = networks if isinstance(networks, Mapping) else {"": networks}
    if not given:
        raise ValueError("networks is empty but a figure needs at least one list of matrices")
    drawn = {name: read_network(layers, field_of, reach_of) for name, layers in given.items()}
    depths = {len(network.sizes) for network in drawn.values()}
    if len(depths) > 1:
        raise ValueError(f"the networks have {sorted(depths)} rows of units but must all have as many")
    given_names = None if names is None else same_count(names, max(depths), "names", "rows of units")
    look = Look(given_names, shared, field_of or reach_of, "sees" if field_of else "reaches")
    sheet = lay_out(drawn, look)
    fig, ax, left, top = page(sheet.width, sheet.height, title)
    for row, words in enumerate(row_names(look, max(depths))):
        write(ax, words, left, top + sheet.bottom - sheet.spacing / 2 - row * sheet.rise, size=10, at="left")
    left += sheet.before
    for (name, network), wide in zip(drawn.items(), sheet.slots, strict=True):
        _draw(ax, network, sheet, look, left=left, top=top, wide=wide)
        write(ax, name, left + wide / 2, top + 0.14, size=11)
        for line, text in enumerate(notes_of(network, look)):
            write(ax, text, left + wide / 2, top + sheet.bottom + NAME * (line + 0.8), size=10)
        left += wide + SPACE
    return fig


def _draw(
    ax: Axes, network: Network, sheet: Sheet, look: Look, *, left: float, top: float, wide: float
) -> None:
    middle, floor = left + wide / 2, top + sheet.bottom - sheet.spacing / 2
    places = [
        [(middle + (n - (size - 1) / 2) * sheet.spacing, floor - row * sheet.rise) for n in range(size)]
        for row, size in enumerate(network.sizes)
    ]
    for layer, matrix in enumerate(network.matrices):
        used = None
        if network.marked is not None:
            used = network.marked[layer + 1][:, None] & network.marked[layer]
        _edges(ax, matrix, places[layer : layer + 2], used, shared=look.shared)
    size = _size(look, network.sizes, sheet)
    for row, centres in enumerate(places):
        for number, centre in enumerate(centres):
            marked = network.marked is not None and bool(network.marked[row][number])
            colour = "white" if not marked else BLUE if look.unit == (row, number) else PALE_BLUE
            _unit(ax, centre, _radius(sheet), colour)
            if size:
                ink = "white" if colour == BLUE else BLACK
                write(ax, _name(look, row, number), *centre, size=size, colour=ink)


def _edges(ax: Axes, matrix: Array, places: list[list[Place]], used: Mask | None, *, shared: bool) -> None:
    numbers = tied(matrix)
    several = shared and int(numbers.max()) <= MOST_LOOKS
    for above, below in np.argwhere(numbers > 0):
        strong = used is not None and bool(used[above, below])
        plain = BLUE if strong else GREY
        colour, dashes = series_look(int(numbers[above, below]) - 1) if several else (plain, "-")
        start, end = places[0][below], places[1][above]
        ax.plot(
            (start[0], end[0]),
            (start[1], end[1]),
            color=FADED if used is not None and not strong else colour,
            linestyle=dashes,
            linewidth=1.8 if strong or (several and used is None) else 0.9,
            zorder=2 if strong else 1,
        )


def _unit(ax: Axes, centre: Place, radius: float, colour: str) -> None:
    thick = 1.2 if colour == "white" else 2.2
    edge = BLACK if colour == "white" else BLUE
    ax.add_patch(Circle(centre, radius, facecolor=colour, edgecolor=edge, linewidth=thick, zorder=3))


def _radius(sheet: Sheet) -> float:
    return min(0.21, 0.4 * sheet.spacing)


def _name(look: Look, row: int, number: int) -> str:
    if look.names is None:
        return ""
    letter, _, index = look.names[row].partition("_")
    return f"${letter}_{{{index + ',' if index else ''}{number + 1}}}$"


def _size(look: Look, sizes: list[int], sheet: Sheet) -> float | None:
    """Return the size at which the units' names fit their circles, in points, or None to leave them out."""
    names = [_name(look, row, number) for row, size in enumerate(sizes) for number in range(size)]
    for size in SIZES:
        if look.names and max(text_width(name, size) for name in names) <= 1.75 * _radius(sheet):
            return size
    return None
