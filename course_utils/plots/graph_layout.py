"""Where a computation graph's nodes stand, and which way its edges go."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from course_utils.plots.graph_layers import Columns, Segment, Vertex, arrange, depths
from course_utils.plots.graph_record import GraphRecord

Place: TypeAlias = tuple[float, float]
Rows: TypeAlias = dict[Vertex, float]

NEAREST = 0.75  # rows between a node and an edge that passes it
APART = 2.0  # rows between two computed nodes of a short column beside a long one, at most
DENSE = 5  # nodes in the longest column, from which on rows are close
GRID = 0.5  # rows; every place is a multiple, so that the picture is level
SLACK = 0.02  # of the grid: what is nearly halfway between two of its lines goes up, all of it
SWEEPS = 200  # of moving every column to its best place
PULL = {"longest": 50.0, "other": 1.0, "input": 0.01}  # how much an edge wants to be level


def place_nodes(record: GraphRecord) -> dict[str, Place]:
    """Place the nodes in columns from left to right, the inputs at the left and the output at the right.

    A node stands one column after the last of its parents, an input one column before its first child. The
    longest way through the graph is as level as it can be, and few edges cross.

    Args:
        record: The graph.

    Returns:
        Name to (x, y): x the column, from 0; y in rows upwards, at least one row between two nodes of a
        column, the middle of the figure at 0.
    """
    depth = depths(record)
    rows = _rows(record, arrange(record))
    return {node.name: (float(depth[node.name]), rows[node.name]) for node in record.nodes}


def route_edges(record: GraphRecord) -> dict[tuple[str, str], tuple[Place, ...]]:
    """Lead every edge from its parent to its child past the nodes in between.

    Args:
        record: The graph.

    Returns:
        Parent and child to the corners of their edge, in the units of `place_nodes`, from the parent's
        place to the child's; only an edge that a node is in the way of has more than those two.
    """
    columns = arrange(record)
    rows = _rows(record, columns)
    depth = depths(record)
    routes = {}
    for edge in record.edges:
        passed = [
            (edge.parent, edge.child, place) for place in range(depth[edge.parent] + 1, depth[edge.child])
        ]
        ends = [(float(depth[name]), rows[name]) for name in (edge.parent, edge.child)]
        corners = [(float(place[2]), rows[place]) for place in passed]
        straight = all(_free(ends, place, columns, rows) for place in passed)
        routes[edge.parent, edge.child] = tuple(ends if straight else _bent([ends[0], *corners, ends[1]]))
    return routes


def _free(ends: Sequence[Place], passed: Vertex, columns: Columns, rows: Rows) -> bool:
    """Say whether a straight line passes a column in the same gap as its vertex there, and not too near."""
    (left, start), (right, end) = ends
    column = int(passed[2])
    at = start + (end - start) * (column - left) / (right - left)
    others = [vertex for vertex in columns.columns[column] if vertex != passed]
    return all(
        (at - rows[other]) * (rows[passed] - rows[other]) > 0
        and abs(at - rows[other]) >= (NEAREST if isinstance(other, str) else GRID / 2)
        for other in others
    )


def _bent(corners: Sequence[Place]) -> list[Place]:
    """Leave out the corners at which nothing turns."""
    kept = [corners[0]]
    for (_, before), (x, y), (_, after) in zip(corners, corners[1:], corners[2:], strict=False):
        if before + after != 2 * y:
            kept.append((x, y))
    return [*kept, corners[-1]]


def _rows(record: GraphRecord, columns: Columns) -> Rows:
    """Level the edges: column by column, each vertex goes where its edges pull it, if there is room."""
    pulls = _pulls(record, columns.segments)
    gaps = [_gaps(record, column, columns) for column in columns.columns]
    rows = {
        vertex: (len(column) - 1) / 2 - place
        for column in columns.columns
        for place, vertex in enumerate(column)
    }
    for _ in range(SWEEPS):
        for column, apart in zip(columns.columns, gaps, strict=True):
            rows |= _level(column, apart, pulls, rows)
    return _centred(rows, record.nodes[-1].name)


def _level(
    column: Sequence[Vertex],
    apart: Sequence[float],
    pulls: Mapping[Vertex, Mapping[Vertex, float]],
    rows: Mapping[Vertex, float],
) -> Rows:
    """Move one column to where its pulls balance, at the least distances: least squares with an order."""
    blocks: list[tuple[float, float, list[Vertex], float]] = []  # mean, weight, vertices, first one's offset
    offsets = [sum(apart[:place]) for place in range(len(column))]
    offset_of = dict(zip(column, offsets, strict=True))
    for vertex in column:
        weight = sum(pulls[vertex].values())
        mean = sum(pull * rows[other] for other, pull in pulls[vertex].items()) / weight + offset_of[vertex]
        block = (mean, weight, [vertex], 0.0)
        while blocks and blocks[-1][0] < block[0]:  # it would stand above the one before: move as one
            mean, weight, members, _ = blocks.pop()
            both = weight + block[1]
            block = ((mean * weight + block[0] * block[1]) / both, both, members + block[2], 0.0)
        blocks.append(block)
    return {vertex: mean - offset_of[vertex] for mean, _, members, _ in blocks for vertex in members}


def _pulls(record: GraphRecord, segments: Sequence[Segment]) -> dict[Vertex, dict[Vertex, float]]:
    depth, inputs = depths(record), {node.name for node in record.nodes if node.is_input}
    height: dict[str, int] = {}
    for node in reversed(record.nodes):
        height[node.name] = 1 + max((height[edge.child] for edge in record.children(node.name)), default=-1)
    pulls: dict[Vertex, dict[Vertex, float]] = {vertex: {} for segment in segments for vertex in segment}
    for a, b in segments:
        start = a if isinstance(a, str) else a[0]
        kind = "input" if start in inputs else "other"
        if isinstance(a, str) and isinstance(b, str) and kind == "other":
            kind = "longest" if depth[a] + 1 + height[b] == depth[record.nodes[-1].name] else "other"
        passing = sum(not isinstance(end, str) for end in (a, b))
        pulls[a][b] = pulls[b][a] = PULL[kind] * (1, 2, 8)[passing]
    return pulls


def _gaps(record: GraphRecord, column: Sequence[Vertex], columns: Columns) -> list[float]:
    """Return the least distance between each vertex of a column and the next."""
    inputs = {node.name for node in record.nodes if node.is_input}
    computed = [vertex for vertex in column if vertex not in inputs]
    tallest = max(map(len, columns.columns))
    dense = tallest >= DENSE or any(node.value.ndim for node in record.nodes if node.name in column)
    wide = min(APART, max(1.0, GRID * round((tallest - 1) / len(computed) / GRID))) if computed else 1.0
    gaps = []
    for a, b in pairwise(column):
        if not isinstance(a, str) and not isinstance(b, str):
            gaps.append(GRID)
            continue
        both = isinstance(a, str) and isinstance(b, str)
        below = 1.0 + GRID * (dense and both and a in computed)  # room for the numbers below a
        gaps.append(max(wide, below) if both and a in computed and b in computed else below)
    return gaps


def _centred(rows: Rows, output: str) -> Rows:
    """Put every row on the grid around the output's, which keeps the distances, and the middle at 0."""
    level = {vertex: GRID * round((row - rows[output]) / GRID + SLACK) for vertex, row in rows.items()}
    middle = (max(level.values()) + min(level.values())) / 2
    return {vertex: row - middle for vertex, row in level.items()}
