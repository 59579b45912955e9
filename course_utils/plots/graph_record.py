"""A computation graph as plain values: what is computed from what, and what flows forward and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from course_utils.autograd import Tensor, reverse_sweep, topological_order, unbroadcast
from course_utils.plots.graph_names import drawn_names
from course_utils.plots.graph_narration import backward_sentence, forward_sentence
from course_utils.plots.graph_words import Values

Flows: TypeAlias = dict[tuple[str, str], Values]


@dataclass(frozen=True, eq=False)
class Node:
    """A quantity of the graph.

    Args:
        name: What it is called; no two nodes share a name.
        is_input: Whether it is computed from no other node.
        needs_gradient: Whether a gradient reaches it.
        value: Its value.
        bar: Gradient of the output with respect to it, shape of the value; None where none is needed.
        parents: Names of the nodes that it is computed from, in the order of the expression.
        operation: What computes it, such as "mul, add"; empty for an input.
    """

    name: str
    is_input: bool
    needs_gradient: bool
    value: Values
    bar: Values | None
    parents: tuple[str, ...]
    operation: str


@dataclass(frozen=True, eq=False)
class Edge:
    r"""What flows between a node and one that is computed from it.

    Args:
        parent: Name of the node at the start.
        child: Name of the node at the end.
        value: What flows forward: the parent's value.
        contribution: What flows back, :math:`\bar c \, \partial c / \partial p`, or None where nothing does.
    """

    parent: str
    child: str
    value: Values
    contribution: Values | None


@dataclass(frozen=True, eq=False)
class GraphStep:
    """One step through the graph: a node receives, computes, and passes on.

    Args:
        phase: "forward" or "backward".
        node: Name of the node whose turn it is.
        received: Forward each parent and its value, backward each child and its contribution.
        result: Forward the node's value, backward its bar.
        passed: Backward each parent that needs one and its contribution; forward nothing.
        text: The step in a sentence or two; where contributions add up, with the sum written out.
    """

    phase: Literal["forward", "backward"]
    node: str
    received: tuple[tuple[str, Values], ...]
    result: Values
    passed: tuple[tuple[str, Values], ...]
    text: str


@dataclass(frozen=True, eq=False)
class GraphRecord:
    """A computation graph, with no tensor in it.

    Args:
        nodes: Parents before children, else in the order of their names; the last one is the output.
        edges: In the order of the nodes that they lead to.
        steps: Forward through the nodes that are computed, then backward through those that need a gradient.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple[GraphStep, ...]

    def node(self, name: str) -> Node:
        """Return the node of this name, or raise ValueError if there is none."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise ValueError(
            f"the graph has no node {name!r}: choose one of {', '.join(node.name for node in self.nodes)}"
        )

    def children(self, name: str) -> tuple[Edge, ...]:
        """Return the edges that leave a node."""
        return tuple(edge for edge in self.edges if edge.parent == name)

    def fans_out(self, name: str) -> bool:
        """Say whether a node's bar is the sum of several contributions."""
        return sum(edge.contribution is not None for edge in self.children(name)) > 1


def read_graph(
    output: Tensor, names: Mapping[str, Tensor] | None = None, gradient: ArrayLike | None = None
) -> GraphRecord:
    r"""Read off a graph what flows through it; a tensor without a name is folded into the next named one.

    .. math:: \bar v_i = \sum_{j \in Ch(v_i)} \bar v_j \, \partial v_j / \partial v_i

    Args:
        output: The tensor at the end, usually a loss.
        names: Name to tensor, the output among them; None to name every tensor by what it is.
        gradient: The output's own gradient, of its shape; left out it is 1, for a tensor of one entry only.

    Returns:
        The nodes, the edges and the steps.

    Raises:
        TypeError: If the output or a named tensor is no Tensor.
        ValueError: If the output is a leaf, or the names do not fit the graph.

    Source:
        Toronto CSC 2515, lecture 6, the full backpropagation algorithm.
    """
    if not isinstance(output, Tensor):
        raise TypeError(f"output is {type(output).__name__} but must be a Tensor: give the end of the graph")
    if not output.parents:
        raise ValueError(
            f"output is a leaf, shape {output.shape}, so there is no graph: give what was computed from "
            "tensors with requires_grad=True"
        )
    order = topological_order(output)
    drawn = drawn_names(output, order, names)
    bars = {id(step.tensor): step.bar for step in reverse_sweep(output, gradient)}
    nodes = tuple(_node(each, order, drawn, bars.get(id(each))) for each in order if id(each) in drawn)
    nodes = nodes if names is None else _in_the_order_of(names, nodes)
    edges = _edges(nodes, _contributions(order, drawn, bars))
    return GraphRecord(nodes, edges, _steps(nodes, edges))


def _node(tensor: Tensor, order: Sequence[Tensor], drawn: Mapping[int, str], bar: Values | None) -> Node:
    parents, folded = _fold(tensor, drawn)
    within = [each.operation for each in order if id(each) in folded and each.operation] if folded else []
    operation = ", ".join([*within, tensor.operation]) if parents else ""
    value, bar = _kept(tensor.data), None if bar is None else _kept(bar)
    return Node(drawn[id(tensor)], not parents, bar is not None, value, bar, parents, operation)


def _in_the_order_of(names: Mapping[str, Tensor], nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Order the nodes as they were named, as far as parents then still come before children."""
    found = {node.name: node for node in nodes}
    waiting = {name: found[name] for name in names}
    ordered: list[Node] = []
    while waiting:
        ready = next(node for node in waiting.values() if not any(name in waiting for name in node.parents))
        ordered.append(waiting.pop(ready.name))
    return tuple(ordered)


def _fold(tensor: Tensor, drawn: Mapping[int, str]) -> tuple[tuple[str, ...], set[int]]:
    """Return the next drawn tensors before this one, and the ``id`` of those without a name in between."""
    parents: dict[str, None] = {}  # in the order in which they are met
    folded: set[int] = set()
    waiting = list(reversed(tensor.parents))
    while waiting:
        each = waiting.pop()
        if id(each) in drawn:
            parents[drawn[id(each)]] = None
        elif id(each) not in folded:
            folded.add(id(each))
            waiting += reversed(each.parents)
    return tuple(parents), folded


def _contributions(order: Sequence[Tensor], drawn: Mapping[int, str], bars: Mapping[int, Values]) -> Flows:
    """Sweep back, keeping apart which drawn node a gradient comes from; one edge gets all that takes it."""
    arriving: dict[int, dict[str, Values]] = {}
    for tensor in reversed(order):
        received = arriving.get(id(tensor), {})
        if id(tensor) in drawn and id(tensor) in bars:  # a drawn node passes on its whole bar, in its name
            received = {drawn[id(tensor)]: bars[id(tensor)]}
        for parent, used, back in zip(tensor.parents, tensor.used, tensor.backs, strict=True):
            known = arriving.setdefault(id(parent), {})
            for child, bar in received.items() if parent.requires_grad else ():
                share = unbroadcast(np.asarray(back(bar)), used.shape)
                known[child] = known[child] + share if child in known else share
    places = {id(tensor): drawn[id(tensor)] for tensor in order if id(tensor) in drawn}
    return {
        (name, child): share for key, name in places.items() for child, share in arriving.get(key, {}).items()
    }


def _edges(nodes: Sequence[Node], contributions: Flows) -> tuple[Edge, ...]:
    values = {node.name: node.value for node in nodes}
    pairs = [(parent, node.name) for node in nodes for parent in node.parents]
    shares = {pair: _kept(contributions[pair]) if pair in contributions else None for pair in pairs}
    return tuple(Edge(*pair, values[pair[0]], shares[pair]) for pair in pairs)


def _steps(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[GraphStep, ...]:
    arriving: dict[str, list[Edge]] = {node.name: [] for node in nodes}
    leaving: dict[str, list[Edge]] = {node.name: [] for node in nodes}
    for edge in edges:
        arriving[edge.child].append(edge)
        leaving[edge.parent].append(edge)
    forward = [_forward(node, arriving[node.name]) for node in nodes if not node.is_input]
    priced = [(node, node.bar) for node in reversed(nodes) if node.bar is not None]
    return (
        *forward,
        *(_backward(node, bar, arriving[node.name], leaving[node.name]) for node, bar in priced),
    )


def _forward(node: Node, arriving: Sequence[Edge]) -> GraphStep:
    received = tuple((edge.parent, edge.value) for edge in arriving)
    text = forward_sentence(node.name, received, node.value, node.operation)
    return GraphStep("forward", node.name, received, node.value, (), text)


def _backward(node: Node, bar: Values, arriving: Sequence[Edge], leaving: Sequence[Edge]) -> GraphStep:
    received = tuple((edge.child, edge.contribution) for edge in leaving if edge.contribution is not None)
    passed = tuple((edge.parent, edge.contribution) for edge in arriving if edge.contribution is not None)
    text = backward_sentence(node.name, received, bar, passed, is_input=node.is_input)
    return GraphStep("backward", node.name, received, bar, passed, text)


def _kept(values: Values) -> Values:
    """Copy an array, so that what is recorded stays as it is."""
    copy = np.array(values)
    copy.flags.writeable = False
    return copy
