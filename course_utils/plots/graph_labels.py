"""Where the numbers of a computation graph stand: beside what they belong to, clear of all else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from course_utils.plots.graph_layers import depths
from course_utils.plots.graph_layout import Place
from course_utils.plots.graph_record import Edge, GraphRecord, Node
from course_utils.plots.graph_sheet import LABEL_SIZE, RING, Sheet, text_size
from course_utils.plots.graph_words import Values, bar, written, written_sum
from course_utils.plots.inputs import Array

GAP = 0.04  # inches between a label and what it belongs to
SHARES = np.linspace(0.16, 0.84, 18)  # of the way along an edge
AWAY = 0.06, 0.24  # how far a label moves from an end for each edge more that meets there, and at most
PADDING = np.array([0.04, 0.01])  # inches at the sides of a label, and above and below it
SIDE = 0.55  # inches at the left of the first column: half a node, and margins
PASSES = 4
OVERLAP, CROSSED, OUTSIDE = 1000.0, 4.0, 1e6  # per square inch, per inch of line, and once


@dataclass(frozen=True)
class Label:
    """A number that is to be written.

    Args:
        kind: "value" flows forward, "bar" flows back.
        owner: The node's name, or parent and child of the edge.
        text: What is written.
        size: Width and height in inches.
        candidates: Middles where it may stand, the best first.
    """

    kind: Literal["value", "bar"]
    owner: str | tuple[str, str]
    text: str
    size: Place
    candidates: tuple[Place, ...] = field(repr=False)


def node_texts(record: GraphRecord, node: Node) -> dict[Literal["value", "bar"], str]:
    """Return what stands beside a node: its value and, where it needs one, its bar, at fan-out as a sum.

    Args:
        record: The graph.
        node: One of its nodes.

    Returns:
        "value" and "bar" to their texts.
    """
    texts: dict[Literal["value", "bar"], str] = {"value": _stacked(node.value)}
    if node.name.split(" (")[0] == texts["value"]:
        texts = {}  # a constant that goes by its value
    if node.bar is not None:
        shares = [edge.contribution for edge in record.children(node.name) if edge.contribution is not None]
        scalar = node.bar.size == 1
        total = written_sum(shares, node.bar) if len(shares) > 1 and scalar else _stacked(node.bar)
        addition = f" sum of {len(shares)}," if len(shares) > 1 and not scalar else ""
        texts["bar"] = f"{bar(node.name)} ={addition} {total}"
    return texts


def _stacked(values: Values) -> str:
    """Write an array's shape and, below it, its entries if they are few."""
    return written(values).removeprefix("shape ").replace(": ", "\n")


def left_of_inputs(record: GraphRecord, kinds: Collection[str]) -> float:
    """Return the inches that the first column needs at its left for what stands there.

    Args:
        record: The graph.
        kinds: What is shown: "value", "bar", both, or nothing.

    Returns:
        The distance from the margin to the middles of the first column's nodes.
    """
    column = depths(record)
    first = [node_texts(record, node) for node in record.nodes if column[node.name] == 0]
    shown = [text for texts in first for kind, text in texts.items() if kind in kinds]
    return SIDE + max((text_size(text, LABEL_SIZE)[0] for text in shown), default=0.0)


def make_labels(record: GraphRecord, sheet: Sheet) -> list[Label]:
    """List all numbers of the graph with the places where each may stand.

    Args:
        record: The graph.
        sheet: Its page.

    Returns:
        The labels, those of the nodes first.
    """
    labels = []
    for node in record.nodes:
        for kind, text in node_texts(record, node).items():
            size = text_size(text, LABEL_SIZE)
            labels.append(Label(kind, node.name, text, size, _beside(sheet, node, kind, size)))
    for edge in record.edges:
        flows = {"value": edge.value, "bar": edge.contribution}
        for kind in ("value", "bar"):
            flow = flows[kind]
            if flow is not None:
                text = str(flow.shape) if flow.ndim else written(flow)
                size = text_size(text, LABEL_SIZE)
                route = sheet.routes[edge.parent, edge.child]
                places = _along(route, size, _best(record, edge), above=kind == "value")
                labels.append(Label(kind, (edge.parent, edge.child), text, size, places))
    return labels


def _beside(sheet: Sheet, node: Node, kind: Literal["value", "bar"], size: Place) -> tuple[Place, ...]:
    """Return places around a node: an input's at its left, others' values above and bars below."""
    (x, y), (width, height) = sheet.places[node.name], size
    side = 1 if kind == "value" else -1
    away = sheet.radius + RING + GAP + height / 2
    left = x - sheet.half[node.name] - RING - 2 * GAP - width / 2
    lifted = y + side * (height / 2 + 0.01 if node.needs_gradient else 0.0)
    over = [(x + shift * width, y + side * away) for shift in (0, -0.25, 0.25, -0.5, 0.5)]
    far = [
        (x + shift * width, y + side * (away + by))
        for by in (0.12, height + 0.05)
        for shift in (0, -0.4, 0.4)
    ]
    below = [(x, y - away), (x - width / 2, y - away)] if not node.needs_gradient else []
    return tuple([(left, lifted), *below, *over, *far] if node.is_input else [*over, *far])


def _best(record: GraphRecord, edge: Edge) -> float:
    """Return the share of its way at which an edge is most alone."""
    leaving, arriving = len(record.children(edge.parent)), len(record.node(edge.child).parents)
    return 0.5 + float(np.clip(AWAY[0] * (leaving - arriving), -AWAY[1], AWAY[1]))


def _along(route: Array, size: Place, best: float, *, above: bool) -> tuple[Place, ...]:
    """Return places along an edge, on one side of it."""
    pieces = np.diff(route, axis=0)
    lengths = np.hypot(*pieces.T)
    ends = np.cumsum(lengths)
    places = []
    for share in sorted(SHARES, key=lambda share: (round(abs(share - best), 6), share)):
        piece = int(np.searchsorted(ends, share * ends[-1]))
        direction = pieces[piece] / lengths[piece]
        at = route[piece] + (share * ends[-1] - ends[piece] + lengths[piece]) * direction
        normal = np.array([-direction[1], direction[0]])  # upwards, since edges go to the right
        reach = abs(normal[0]) * size[0] / 2 + abs(normal[1]) * size[1] / 2 + GAP + 0.02
        x, y = at + (1 if above else -1) * reach * normal
        places.append((float(x), float(y)))
    return tuple(places)


def place_labels(labels: Sequence[Label], sheet: Sheet) -> list[Place]:
    """Choose a place for every label: clear of nodes, lines and other labels as far as that is possible.

    Args:
        labels: What is to be written.
        sheet: The page.

    Returns:
        The middle of each label, in inches.
    """
    options = [_boxes(label) for label in labels]
    alone = [_alone(boxes, sheet) for boxes in options]
    chosen = np.full((len(labels), 4), -np.inf)  # a box that overlaps nothing
    picked = [0] * len(labels)
    for _ in range(PASSES):
        for place, boxes in enumerate(options):
            others = np.delete(chosen, place, axis=0)
            cost = alone[place] + OVERLAP * _overlap(boxes, others).sum(axis=1)
            picked[place] = int(np.argmin(cost))
            chosen[place] = boxes[picked[place]]
    return [label.candidates[index] for label, index in zip(labels, picked, strict=True)]


def _boxes(label: Label) -> Array:
    """Return left, bottom, right and top of a label at each of its places, shape (candidates, 4)."""
    middles, half = np.array(label.candidates), np.array(label.size) / 2 + PADDING
    return np.hstack([middles - half, middles + half])


def _alone(boxes: Array, sheet: Sheet) -> Array:
    """Return what each place costs whatever the other labels do, shape (candidates,)."""
    width = np.array([[sheet.half[name], sheet.radius] for name in sheet.places]) + RING
    middles = np.array(list(sheet.places.values()))
    nodes = np.hstack([middles - width, middles + width])
    starts = np.concatenate([route[:-1] for route in sheet.routes.values()])
    ends = np.concatenate([route[1:] for route in sheet.routes.values()])
    outside = (boxes[:, :2] < 0).any(axis=1) | (boxes[:, 2:] > [sheet.width, sheet.height]).any(axis=1)
    crossed = np.array([_crossed(box, starts, ends) for box in boxes])
    order = 0.05 * np.arange(len(boxes))
    return np.asarray(
        OVERLAP * _overlap(boxes, nodes).sum(axis=1) + CROSSED * crossed + OUTSIDE * outside + order
    )


def _overlap(boxes: Array, others: Array) -> Array:
    """Return the areas that each pair of boxes shares, shape (boxes, others)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2))


def _crossed(box: Array, starts: Array, ends: Array) -> float:
    """Return the length of all lines within a box."""
    along = ends - starts
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (box[:2] - starts) / along, (box[2:] - starts) / along
    level = along == 0
    within = (starts >= box[:2]) & (starts <= box[2:])
    low = np.where(level, np.where(within, 0, 2), np.minimum(first, second)).max(axis=1).clip(0, 1)
    high = np.where(level, np.where(within, 1, -1), np.maximum(first, second)).min(axis=1).clip(0, 1)
    return float((np.clip(high - low, 0, None) * np.hypot(*along.T)).sum())
