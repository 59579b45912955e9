"""The page of a computation graph: everything in inches, and whether it fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.plots.graph_layout import Place, place_nodes, route_edges
from course_utils.plots.graph_record import GraphRecord
from course_utils.plots.graph_words import symbol
from course_utils.plots.inputs import Array
from course_utils.plots.style import DPI

MOST = 60  # nodes
NARROWEST, WIDEST, HIGHEST = 7.2, 8.9, 6.4  # inches, so that the figure fits a notebook's cell
COLUMN = (0.5, 2.3)  # inches between two columns' nodes at least, and from a column to the next at most
STEEPEST = 0.7  # of the height of all rows: a column is as far as that from the next, where there is room
ROW = (0.44, 0.95)  # inches from one row to the next, at least and at most
RADIUS = 0.23  # inches
RING = 0.055  # inches from a node's outline to the ring of one that fans out
NAMES, LABEL_SIZE = (12, 10), 9.5  # points; the second for names that are words
TITLE, LEGEND, WORDS, MARGIN = 0.4, 0.4, 0.56, 0.34  # inches


@dataclass(frozen=True)
class Sheet:
    """Where everything of the graph is on the page, in inches from its lower left corner.

    Args:
        width: Width of the page.
        height: Height of the page.
        radius: Half the height of a node.
        half: Name to half the width of its node.
        places: Name to the middle of its node.
        routes: Parent and child to the corners of their edge, shape (corners, 2), from outline to outline.
    """

    width: float
    height: float
    radius: float
    half: dict[str, float]
    places: dict[str, Place]
    routes: dict[tuple[str, str], Array]


@lru_cache(maxsize=4096)  # the steps of one graph measure the same numbers again and again
def text_size(text: str, points: float) -> tuple[float, float]:
    """Return the width and the height of a text in inches.

    Args:
        text: What is written.
        points: Size of the letters.

    Returns:
        Width and height.
    """
    box = Figure(dpi=DPI).text(0, 0, text, fontsize=points).get_window_extent()
    return float(box.width) / DPI, float(box.height) / DPI


def name_size(name: str) -> float:
    """Return the size of a name's letters in points, smaller for a word."""
    return NAMES[0] if symbol(name) != name else NAMES[1]


def make_sheet(record: GraphRecord, *, left: float, title: bool, words: bool, room: bool) -> Sheet:
    """Scale the layout to the page.

    Args:
        record: The graph.
        left: Inches that are needed at the left of the first column.
        title: Whether there is a title above.
        words: Whether there are two lines of words below.
        room: Whether numbers stand on the edges.

    Returns:
        The sheet.

    Raises:
        ValueError: If the graph is too large to be read on one page.
    """
    nodes = len(record.nodes)
    _refuse_many(nodes)
    places = place_nodes(record)
    half = {node.name: _half_width(node.name) for node in record.nodes}
    routes = route_edges(record)
    levels = [y for route in routes.values() for _, y in route]  # an edge may pass above all nodes
    rows, lowest = max(levels) - min(levels), min(levels)
    above, below = MARGIN + TITLE * title, MARGIN + LEGEND * room + WORDS * words
    row = _row_step(rows, HIGHEST - above - below - 2 * RADIUS, nodes)
    widest = [max(half[name] for name in column) for column in _columns(places)]
    most = max(COLUMN[1], STEEPEST * row * rows)
    across = _column_places(widest, WIDEST - left - widest[-1] - MARGIN, nodes, most=most, room=room)
    used = left + across[-1] + widest[-1] + MARGIN
    width, height = max(NARROWEST, used), row * rows + above + below + 2 * RADIUS
    corner = np.array([left + (width - used) / 2, below + RADIUS - row * lowest])
    radius = min(RADIUS, 0.45 * row)
    at = {name: _place(_on_page([place], across, row, corner)) for name, place in places.items()}
    lines = {ends: _on_page(_through_columns(route), across, row, corner) for ends, route in routes.items()}
    clipped = {(a, b): _clipped(line, half[a], half[b], radius) for (a, b), line in lines.items()}
    return Sheet(width, height, radius, half, at, clipped)


def blank_page(sheet: Sheet) -> tuple[Figure, Axes]:
    """Make a figure of the sheet's size and axes whose units are inches.

    Args:
        sheet: The page.

    Returns:
        The figure and its axes.
    """
    fig = Figure(figsize=(sheet.width, sheet.height), dpi=DPI)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, sheet.width), ylim=(0, sheet.height))
    ax.set_axis_off()
    return fig, ax


def _refuse_many(nodes: int) -> None:
    """Refuse a graph that no page could hold, before any work is done on its layout."""
    if nodes > MOST:
        raise ValueError(
            f"the graph has {nodes} nodes, but a page has room for about {MOST}: name fewer tensors, so that "
            "the others are folded into the next named one"
        )


def _half_width(name: str) -> float:
    return max(RADIUS, text_size(symbol(name), name_size(name))[0] / 2 + 0.09)


def _columns(places: Mapping[str, Place]) -> list[list[str]]:
    last = int(max(x for x, _ in places.values()))
    return [[name for name, (x, _) in places.items() if x == column] for column in range(last + 1)]


def _place(point: Array) -> Place:
    return float(point[0, 0]), float(point[0, 1])


def _column_places(
    columns: Sequence[float], available: float, nodes: int, *, most: float, room: bool
) -> Array:
    """Return the distance of each column from the first, all equal if there is room for that.

    Args:
        columns: Half the width of each column's widest node, in inches.
        available: Inches from the first column to the last, at most.
        nodes: Number of nodes, for the message.
        most: Inches from a column to the next, at most.
        room: Whether numbers stand between the columns.
    """
    least = np.array([a + b + (COLUMN[0] if room else COLUMN[0] / 2) for a, b in pairwise(columns)])
    if least.sum() > available:
        raise ValueError(
            f"the graph has {nodes} nodes in {len(columns)} columns, but a page has room for about "
            f"{1 + int(available / least.mean())} columns: name fewer tensors, so that the others are folded "
            f"into the next named one{', or leave out values and bars' * room}"
        )
    equal = min(max(most, least.max()), available / len(least))
    if equal >= least.max():
        return np.asarray(equal * np.arange(len(columns)))
    return np.concatenate([[0], np.cumsum(least + (available - least.sum()) / len(least))])


def _through_columns(route: Sequence[Place]) -> list[Place]:
    """Give a route a point at every column, since columns need not be equally far apart on the page."""
    x, y = np.transpose(route)
    every = np.arange(x[0], x[-1] + 1)
    return list(zip(every.tolist(), np.interp(every, x, y).tolist(), strict=True))


def _on_page(points: Sequence[Place], across: Array, row: float, corner: Array) -> Array:
    """Turn columns and rows into inches, shape (points, 2)."""
    x, y = np.transpose(points)
    return np.asarray(corner + np.column_stack([across[np.intp(x)], row * y]))


def _row_step(rows: float, available: float, nodes: int) -> float:
    if rows * ROW[0] > available:
        raise ValueError(
            f"the graph has {nodes} nodes, {rows + 1:.0f} below each other, but a page has room for "
            f"{1 + int(available / ROW[0])} rows: name fewer tensors, or compute with vectors"
        )
    return min(ROW[1], available / rows) if rows else ROW[1]


def _clipped(route: Array, start_half: float, end_half: float, radius: float) -> Array:
    """Let an edge begin and end at the outlines of its two nodes."""
    route = route.copy()
    route[0] = _outline(route[0], route[1], start_half, radius)
    route[-1] = _outline(route[-1], route[-2], end_half, radius)
    return route


def _outline(middle: Array, towards: Array, half: float, radius: float) -> Array:
    """Return where a line leaves a node, whose outline is two half circles and what joins them."""
    inside, outside = 0.0, 1.0
    for _ in range(30):
        share = (inside + outside) / 2
        x, y = share * (towards - middle)
        beside = max(abs(x) - (half - radius), 0.0)
        inside, outside = (share, outside) if np.hypot(beside, y) < radius + RING else (inside, share)
    return np.asarray(middle + inside * (towards - middle))
