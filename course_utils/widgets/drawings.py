"""A computation graph on its page, and when each of its numbers appears, as plain JSON for the browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from course_utils.plots.graph_labels import Label, left_of_inputs, make_labels, place_labels
from course_utils.plots.graph_layout import Place
from course_utils.plots.graph_record import Edge, GraphRecord, GraphStep
from course_utils.plots.graph_sheet import WORDS, Sheet, make_sheet
from course_utils.plots.graph_words import bar, symbol, written
from course_utils.plots.style import DPI
from course_utils.widgets.graphs import Graph

Drawing: TypeAlias = dict[str, Any]


@dataclass(frozen=True, eq=False)
class GraphPage:
    """A graph with a place for everything, and the step from which on it is known.

    Args:
        record: The graph.
        sheet: Its page.
        labels: Every number that is shown sooner or later, and its middle in inches.
        valued: Name to the step after which the value is known, 0 for an input.
        barred: Name to the step after which the gradient is known.
    """

    record: GraphRecord
    sheet: Sheet
    labels: Sequence[tuple[Label, Place]]
    valued: Mapping[str, int]
    barred: Mapping[str, int]

    def since(self, label: Label) -> int:
        """Return the step after which a number is shown: as soon as what it comes from is known."""
        if isinstance(label.owner, str):
            return self.valued[label.owner] if label.kind == "value" else self.barred[label.owner]
        parent, child = label.owner
        return self.valued[parent] if label.kind == "value" else self.barred[child]


def lay_out(record: GraphRecord) -> GraphPage:
    """Give everything of a graph its place, as `plots.computation_graph` does, and its time.

    Args:
        record: The graph.

    Returns:
        The graph on its page.

    Raises:
        ValueError: If the graph is too large to be read on one page.
    """
    left = left_of_inputs(record, ("value", "bar"))
    sheet = make_sheet(record, left=left, title=False, words=True, room=True)
    labels = make_labels(record, sheet)
    when: dict[str, dict[str, int]] = {"forward": {}, "backward": {}}
    for taken, step in enumerate(record.steps, start=1):
        when[step.phase][step.node] = taken
    valued = {node.name: 0 for node in record.nodes if node.is_input} | when["forward"]
    placed = list(zip(labels, place_labels(labels, sheet), strict=True))
    return GraphPage(record, sheet, placed, valued, when["backward"])


def drawing(page: GraphPage, graph: Graph) -> Drawing:
    """Write a graph down for the browser, which then draws it and goes through it alone.

    Args:
        page: The graph on its page.
        graph: What it is called, and the program's lines for its nodes, if they are known.

    Returns:
        Lengths in pixels from the upper left corner: "size" of the page, "radius" of a node; "nodes" (name,
        x, y, half the width, whether it has a ring), "edges" (parent, child, corners, steps after which its
        value and its contribution are known), "labels" (kind, owner, x, y, symbol with a bar, text, step
        after which it is shown), "steps" (phase, node), and "words" before the first step and after each.
    """
    record, sheet = page.record, page.sheet
    nodes = [
        [
            node.name,
            *_pixels(sheet, sheet.places[node.name]),
            _long(sheet.half[node.name]),
            record.fans_out(node.name),
        ]
        for node in record.nodes
    ]
    return {
        "title": graph.title,
        "size": [_long(sheet.width), _long(sheet.height - WORDS)],  # the words stand outside
        "radius": _long(sheet.radius),
        "nodes": nodes,
        "edges": [_edge(page, edge) for edge in record.edges],
        "labels": [_label(page, label, place) for label, place in page.labels],
        "steps": [[step.phase, step.node] for step in record.steps],
        "words": read_outs(record, graph),
    }


def read_outs(record: GraphRecord, graph: Graph) -> list[str]:
    """Say in words what each step does.

    Args:
        record: The graph.
        graph: The program's lines for its nodes, if they are known.

    Returns:
        What is given at the start and what a bar means, then what each step does; the line of the program
            stands on a line of its own.
    """
    count, output = len(record.steps), record.nodes[-1].name
    given = [f"{node.name} = {written(node.value, entries=1)}" for node in record.nodes if node.is_input]
    barred = next(node.name for node in record.nodes if node.bar is not None)
    meaning = (
        f"The bar of {barred}, in code {barred}_bar, is the gradient of {output} with respect to {barred}."
    )
    said = [f"Start, {count} steps to go. Given: {', '.join(given)}.\n{meaning}"]
    for taken, step in enumerate(record.steps, start=1):
        said.append(f"Step {taken} of {count}, {step.phase}: {step.text}{_line(step, graph)}")
    return said


def _line(step: GraphStep, graph: Graph) -> str:
    suffix, lines = ("", graph.lines) if step.phase == "forward" else ("_bar", graph.bars)
    return f"\n{step.node}{suffix} = {lines[step.node]}" if step.node in lines else ""


def _edge(page: GraphPage, edge: Edge) -> list[Any]:
    corners = [_pixels(page.sheet, corner) for corner in page.sheet.routes[edge.parent, edge.child]]
    returned = None if edge.contribution is None else page.barred[edge.child]
    return [edge.parent, edge.child, corners, page.valued[edge.parent], returned]


def _label(page: GraphPage, label: Label, place: Place) -> list[Any]:
    node = label.owner if isinstance(label.owner, str) else ""
    name = node if label.kind == "bar" and symbol(node) != node else ""  # set as mathematics by the browser
    text = label.text.removeprefix(bar(name)) if name else label.text
    owner = [label.owner] if node else list(label.owner)
    return [label.kind, owner, *_pixels(page.sheet, place), name, text, page.since(label)]


def _pixels(sheet: Sheet, place: Sequence[float]) -> list[float]:
    x, y = place
    return [_long(x), _long(sheet.height - y)]


def _long(inches: float) -> float:
    return round(float(inches) * DPI, 1)
