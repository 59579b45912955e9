"""What a step through a computation graph is, in sentences."""

from collections.abc import Sequence
from typing import TypeAlias

from course_utils.plots.graph_words import Values, written, written_sum

Received: TypeAlias = Sequence[tuple[str, Values]]

LISTED = 6  # of what a node receives or passes on; the rest is counted


def forward_sentence(name: str, received: Received, value: Values, operation: str) -> str:
    """Say what a node receives from its parents and what it computes.

    Args:
        name: Name of the node.
        received: Each parent and its value.
        value: What the node computes.
        operation: The operations, such as "mul, add".

    Returns:
        One sentence.
    """
    given = _listed([f"{parent} = {written(sent)}" for parent, sent in received])
    applied = _listed(operation.split(", "))
    return f"{name} receives {given} and computes {applied}: {name} = {written(value)}."


def backward_sentence(name: str, received: Received, bar: Values, passed: Received, *, is_input: bool) -> str:
    """Say what a node receives from its children, what that adds up to, and what it passes to its parents.

    Args:
        name: Name of the node.
        received: Each child and its contribution; none for the output.
        bar: The node's gradient.
        passed: Each parent that needs a gradient and its contribution.
        is_input: Whether the node is computed from no other.

    Returns:
        Two sentences.
    """
    given = _listed([f"{written(share)} from {child}" for child, share in received])
    if not received:
        first = f"{name} is the output: its bar is {written(bar)}."
    elif len(received) == 1:
        first = f"{name} receives {given}, which is its bar."
    else:
        total = written_sum([share for _, share in received], bar)
        first = f"{name} receives {given}: its bar is {total}."
    onward = _listed([f"{written(share)} to {parent}" for parent, share in passed])
    last = (
        f"passes {onward}"
        if passed
        else "is an input, where the way back ends"
        if is_input
        else "passes nothing on"
    )
    return f"{first} It {last}."


def _listed(items: Sequence[str]) -> str:
    if len(items) > LISTED:
        items = [*items[: LISTED - 1], f"{len(items) - LISTED + 1} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
