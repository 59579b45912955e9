"""What is known of a computation graph after a number of steps."""

from dataclasses import dataclass

from course_utils.plots.graph_record import Edge, GraphRecord, GraphStep


@dataclass(frozen=True, eq=False)
class GraphState:
    """A graph on the way through its steps.

    Args:
        taken: Number of steps that have been taken.
        valued: Names of the nodes whose value is known; inputs are given from the start.
        barred: Names of the nodes whose bar is known.
        next: The step that is to be taken now; None at the end.
    """

    taken: int
    valued: frozenset[str]
    barred: frozenset[str]
    next: GraphStep | None

    def uses(self, edge: Edge) -> bool:
        """Say whether the next step receives something along an edge."""
        if self.next is None:
            return False
        return self.next.node == (edge.child if self.next.phase == "forward" else edge.parent)


def state_after(record: GraphRecord, taken: int) -> GraphState:
    """Take a number of steps through a graph, first forward, then backward.

    Args:
        record: The graph.
        taken: Number of steps, from 0 to all of them.

    Returns:
        What is known then.

    Raises:
        ValueError: If the graph does not have as many steps.
    """
    if taken not in range(len(record.steps) + 1):
        raise ValueError(
            f"step is {taken} but this graph has steps 0 to {len(record.steps)}: choose one of these"
        )
    done = record.steps[:taken]
    inputs = {node.name for node in record.nodes if node.is_input}
    valued = inputs | {step.node for step in done if step.phase == "forward"}
    barred = {step.node for step in done if step.phase == "backward"}
    following = record.steps[taken] if taken < len(record.steps) else None
    return GraphState(taken, frozenset(valued), frozenset(barred), following)
