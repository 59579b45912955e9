"""The columns of a computation graph: which node stands in which, and in what order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from course_utils.plots.graph_record import GraphRecord

Vertex: TypeAlias = str | tuple[str, str, int]  # a node, or where an edge passes a column on its way
Segment: TypeAlias = tuple[Vertex, Vertex]

ROUNDS = 8  # sweeps over all columns; the graphs that can be drawn settle in two or three


@dataclass(frozen=True)
class Columns:
    """The nodes and the passing edges of each column, from the top, and what joins neighbouring columns.

    Args:
        columns: For each column its vertices from the top.
        segments: Pieces of edges, from a vertex to one of the next column.
    """

    columns: tuple[tuple[Vertex, ...], ...]
    segments: tuple[Segment, ...]


def depths(record: GraphRecord) -> dict[str, int]:
    """Return each node's column: its longest path from an input, or for an input that before its first child.

    Args:
        record: The graph.

    Returns:
        Name to column, from 0.
    """
    depth: dict[str, int] = {}
    for node in record.nodes:
        depth[node.name] = 1 + max((depth[parent] for parent in node.parents), default=-1)
    for node in record.nodes:
        if node.is_input:
            depth[node.name] = min(depth[edge.child] for edge in record.children(node.name)) - 1
    return depth


def arrange(record: GraphRecord) -> Columns:
    """Order the nodes of every column so that few edges cross.

    What crosses nothing either way stands as in a textbook: quantities on their way to a late column at the
    top, inputs that join late at the bottom, the others in the order of the expression.

    Args:
        record: The graph.

    Returns:
        The columns.
    """
    depth = depths(record)
    segments = _segments(record, depth)
    wanted = _textbook(record, depth, {vertex for segment in segments for vertex in segment})
    first = [sorted(column, key=wanted.__getitem__) for column in _split(wanted, depth)]
    starts = [first, _averaged(first, segments, 1), _averaged(first, segments, -1)]
    settled = [_settled(columns, segments, wanted) for columns in starts]
    best = min(settled, key=lambda columns: crossings(columns, segments))
    return Columns(tuple(map(tuple, best)), segments)


def crossings(columns: Sequence[Sequence[Vertex]], segments: Sequence[Segment]) -> int:
    """Count the pairs of segments that cross.

    Args:
        columns: For each column its vertices from the top.
        segments: Pieces of edges between neighbouring columns.

    Returns:
        The number of crossings.
    """
    row = {vertex: place for column in columns for place, vertex in enumerate(column)}
    where = {vertex: place for place, column in enumerate(columns) for vertex in column}
    found = 0
    for place, (a, b) in enumerate(segments):
        for c, d in segments[:place]:
            found += where[a] == where[c] and (row[a] - row[c]) * (row[b] - row[d]) < 0
    return found


def _segments(record: GraphRecord, depth: Mapping[str, int]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for edge in record.edges:
        passed = [
            (edge.parent, edge.child, place) for place in range(depth[edge.parent] + 1, depth[edge.child])
        ]
        segments += pairwise([edge.parent, *passed, edge.child])
    return tuple(segments)


def _textbook(
    record: GraphRecord, depth: Mapping[str, int], vertices: set[Vertex]
) -> dict[Vertex, tuple[int, int, int]]:
    """Return what sorts a column where crossings do not matter."""
    keys: dict[Vertex, tuple[int, int, int]] = {}
    for place, node in enumerate(record.nodes):
        reach = max((depth[edge.child] for edge in record.children(node.name)), default=0)
        keys[node.name] = (1, 0, place) if node.is_input else (0, -reach, place)
    for place, edge in enumerate(record.edges):
        for column in range(depth[edge.parent] + 1, depth[edge.child]):
            keys[edge.parent, edge.child, column] = (0, -depth[edge.child], place - len(record.edges))
    return {vertex: key for vertex, key in keys.items() if vertex in vertices}


def _split(vertices: Mapping[Vertex, object], depth: Mapping[str, int]) -> list[list[Vertex]]:
    columns: list[list[Vertex]] = [[] for _ in range(1 + max(depth.values()))]
    for vertex in vertices:
        columns[depth[vertex] if isinstance(vertex, str) else vertex[2]].append(vertex)
    return columns


def _averaged(
    columns: Sequence[Sequence[Vertex]], segments: Sequence[Segment], direction: int
) -> list[list[Vertex]]:
    """Sort each column by the mean row of its neighbours in the last one, going right (1) or left (-1)."""
    sorted_columns = [list(column) for column in columns]
    near: dict[Vertex, list[Vertex]] = {vertex: [] for column in columns for vertex in column}
    for a, b in segments:
        near[b if direction == 1 else a].append(a if direction == 1 else b)
    row: dict[Vertex, float] = {}
    for column in sorted_columns[::direction]:
        middle = {vertex: (place + 0.5) / len(column) for place, vertex in enumerate(column)}
        for vertex in column:
            if near[vertex]:
                middle[vertex] = sum(row[other] for other in near[vertex]) / len(near[vertex])
        column.sort(key=middle.__getitem__)
        row |= {vertex: (place + 0.5) / len(column) for place, vertex in enumerate(column)}
    return sorted_columns


def _settled(
    columns: list[list[Vertex]], segments: Sequence[Segment], wanted: Mapping[Vertex, tuple[int, int, int]]
) -> list[list[Vertex]]:
    """Sift every column, to and fro, until nothing moves."""
    for _ in range(ROUNDS):
        before = [list(column) for column in columns]
        for place in (*range(len(columns)), *reversed(range(len(columns) - 1))):
            _sift(columns, place, segments, wanted)
        if columns == before:
            break
    return columns


def _sift(
    columns: list[list[Vertex]],
    place: int,
    segments: Sequence[Segment],
    wanted: Mapping[Vertex, tuple[int, int, int]],
) -> None:
    """Move each vertex of a column to its best row, the others keeping their order."""
    cost = _cost(columns, place, segments, wanted)
    for vertex in sorted(columns[place], key=wanted.__getitem__):
        others = [other for other in columns[place] if other != vertex]
        orders = [[*others[:row], vertex, *others[row:]] for row in range(len(others) + 1)]
        columns[place] = min([columns[place], *orders], key=cost)


def _cost(
    columns: Sequence[Sequence[Vertex]],
    place: int,
    segments: Sequence[Segment],
    wanted: Mapping[Vertex, tuple[int, int, int]],
) -> Callable[[Sequence[Vertex]], tuple[int, int]]:
    """Return what an order of one column costs: crossings, and then the distance from a textbook's."""
    column = set(columns[place])
    near = [segment for segment in segments if column & set(segment)]

    def cost(order: Sequence[Vertex]) -> tuple[int, int]:
        tried = [*columns[:place], order, *columns[place + 1 :]]
        swaps = sum(wanted[a] > wanted[b] for row, b in enumerate(order) for a in order[:row])
        return crossings(tried, near), swaps

    return cost
