"""The backprop explorer: a computation graph, gone through step by step, forward and back."""

from collections.abc import Mapping
from functools import cache

import anywidget
from traitlets import Any, Bunch, Dict, TraitError, observe, validate

from course_utils.autograd import Tensor
from course_utils.plots.graph_record import read_graph
from course_utils.widgets.drawings import GraphPage, drawing, lay_out
from course_utils.widgets.graphs import GRAPHS, Graph
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, one_of, whole_number

OWN = "own"  # what a graph is called that was given as tensors
ITSELF = Graph("Your graph", dict)


class BackpropExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Go through a computation graph step by step: values forward, then the gradients back.

    .. math:: \bar v_i = \sum_{j \in Ch(v_i)} \bar v_j \, \partial v_j / \partial v_i

    The right arrow key takes the next step, the left one takes it back; Home goes to the start, End to the
    last step.

    Args:
        output: The tensor at the end of a graph of one's own, usually a loss; left out, the decks' graphs are
            offered in a list.
        names: Name to tensor, the output among them; a tensor without a name is folded into the next named
            one. Left out, every tensor is named by what it is.
        graph: The one of the decks' graphs to begin with: "logistic", "two_paths", "regularised" or
            "softmax".
        step: How many steps have been taken, from 0.

    Raises:
        traitlets.TraitError: If there is no such graph or step, also on later assignment, or if no graph can
            be read from output and names.

    Source:
        Toronto CSC 2515, lecture 6, the full backpropagation algorithm and its example.
    """

    _esm = javascript("backprop")
    _css = stylesheet()

    graph = Any("logistic").tag(sync=True)
    step = Checked(0, whole_number)
    _drawings = Dict().tag(sync=True)

    def __init__(
        self,
        output: Tensor | None = None,
        names: Mapping[str, Tensor] | None = None,
        *,
        graph: str | None = None,
        step: int = 0,
    ) -> None:
        self._pages = _read(output, names, graph)
        drawings = {name: drawing(page, GRAPHS.get(name, ITSELF)) for name, page in self._pages.items()}
        super().__init__(_drawings=drawings, graph=graph or next(iter(drawings)), step=step)

    @property
    def page(self) -> GraphPage:
        """The graph that is shown, with a place for everything."""
        return self._pages[self.graph]

    def words(self) -> str:
        """Say what the present step does, as the read-out in the browser says it.

        Returns:
            A sentence or two, and for the decks' graphs the line of the program on a line of its own.
        """
        return str(self._drawings[self.graph]["words"][self.step])

    @validate("graph")  # type: ignore[untyped-decorator]
    def _known(self, proposal: Bunch) -> str:
        return one_of(proposal["value"], self._pages, name="graph")

    @validate("step")  # type: ignore[untyped-decorator]
    def _reached(self, proposal: Bunch) -> int:
        one_of(self.graph, self._pages, name="graph")  # set together, the step may be looked at first
        step, last = proposal["value"], len(self.page.record.steps)
        if step > last:
            raise TraitError(f"step is {step} but this graph has {last} steps; choose one from 0 to {last}")
        return int(step)

    @observe("graph")  # type: ignore[untyped-decorator]
    def _keep_within(self, _: Bunch) -> None:
        self.set_trait("step", min(self.step, len(self.page.record.steps)))

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        return f"BackpropExplorer(graph={self.graph!r}, step={self.step})"


@cache
def _deck_graphs() -> dict[str, GraphPage]:
    named = {name: graph.build() for name, graph in GRAPHS.items()}
    return {name: lay_out(read_graph([*tensors.values()][-1], tensors)) for name, tensors in named.items()}


def _read(
    output: Tensor | None, names: Mapping[str, Tensor] | None, graph: str | None
) -> dict[str, GraphPage]:
    """Return name to graph: the one that was given, or the decks'."""
    if output is None and names is None:
        return _deck_graphs()
    if graph is not None:
        raise TraitError(f"graph is {graph!r} but output and names were given too; give one or the other")
    if output is None:
        raise TraitError("names were given without an output; give the tensor at the end of the graph first")
    try:
        return {OWN: lay_out(read_graph(output, names))}
    except (TypeError, ValueError) as error:
        raise TraitError(str(error)) from error
