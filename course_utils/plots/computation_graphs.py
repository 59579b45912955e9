"""The computation graph of an expression as a figure, whole or as it stands after a number of steps."""

from collections.abc import Collection, Mapping
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.autograd import Tensor
from course_utils.plots.graph_drawing import draw_edge, draw_label, draw_legend, draw_node
from course_utils.plots.graph_labels import left_of_inputs, make_labels, place_labels
from course_utils.plots.graph_record import GraphRecord, read_graph
from course_utils.plots.graph_sheet import LEGEND, TITLE, WORDS, Sheet, blank_page, make_sheet, text_size
from course_utils.plots.graph_state import GraphState, state_after
from course_utils.plots.style import mathematical, style

WORD_SIZE = 10  # points, of the sentence below the graph
CENTRED: dict[str, Any] = {"ha": "center", "va": "center"}


@style()
def computation_graph(
    output: Tensor,
    names: Mapping[str, Tensor] | None = None,
    *,
    bars: bool = True,
    values: bool = True,
    title: str | None = None,
    step: int | None = None,
) -> Figure:
    r"""Draw what a tensor was computed from, with the values going forward and the gradients coming back.

    .. math:: \bar v_i = \sum_{j \in Ch(v_i)} \bar v_j \, \partial v_j / \partial v_i

    Args:
        output: The tensor at the end of the graph, usually a loss.
        names: Name to tensor, the output among them; a tensor without a name is folded into the next named
            one. None names and draws every tensor.
        bars: Whether to show the gradients.
        values: Whether to show the values.
        title: Title of the figure.
        step: How many steps have been taken, first forward, then backward; the next node is filled and
            explained below. None shows the finished graph.

    Returns:
        The figure.

    Raises:
        TypeError: If the output or a named tensor is no Tensor.
        ValueError: If the names do not fit the graph, it is too large for a page, or it has no such step.

    Source:
        Toronto CSC 2515, lecture 6, the computation graphs of logistic least squares and of softmax.
    """
    record = read_graph(output, names)
    state = state_after(record, len(record.steps) if step is None else step)
    kinds = [kind for kind, shown in (("value", values), ("bar", bars)) if shown]
    left = left_of_inputs(record, kinds)
    sheet = make_sheet(record, left=left, title=title is not None, words=step is not None, room=bool(kinds))
    fig, ax = blank_page(sheet)
    _draw(ax, sheet, record, state, values=values, bars=bars)
    _write_numbers(ax, sheet, record, state, kinds)
    if title is not None:
        ax.text(sheet.width / 2, sheet.height - TITLE / 2, mathematical(title), fontsize=12, **CENTRED)
    if step is not None:
        words = _wrapped(_sentence(record, state), sheet.width - 0.3)
        ax.text(sheet.width / 2, LEGEND * bool(kinds) + WORDS / 2, words, fontsize=WORD_SIZE, **CENTRED)
    return fig


def graph_steps(output: Tensor, names: Mapping[str, Tensor] | None = None) -> int:
    """Count the steps through a graph, so that `step` of `computation_graph` goes from 0 to this number.

    Args:
        output: The tensor at the end of the graph.
        names: Name to tensor, as for `computation_graph`.

    Returns:
        The number of nodes that are computed, plus the number of those that need a gradient.

    Raises:
        TypeError: If the output or a named tensor is no Tensor.
        ValueError: If the names do not fit the graph.
    """
    return len(read_graph(output, names).steps)


def _draw(
    ax: Axes, sheet: Sheet, record: GraphRecord, state: GraphState, *, values: bool, bars: bool
) -> None:
    rings = {node.name for node in record.nodes if bars and record.fans_out(node.name)}
    for edge in record.edges:
        draw_edge(ax, sheet, edge, state, values=values, bars=bars)
    for node in record.nodes:
        phase = state.next.phase if state.next and state.next.node == node.name else None
        draw_node(ax, sheet, node, ring=node.name in rings, now=phase)
    draw_legend(ax, values=values, bars=bars, ring=bool(rings))


def _write_numbers(
    ax: Axes, sheet: Sheet, record: GraphRecord, state: GraphState, kinds: Collection[str]
) -> None:
    """Write what is known; all numbers are placed, so that none moves from one step to the next."""
    labels = [label for label in make_labels(record, sheet) if label.kind in kinds]
    for label, place in zip(labels, place_labels(labels, sheet), strict=True):
        source = label.owner if isinstance(label.owner, str) else label.owner[label.kind == "bar"]
        if source in (state.valued if label.kind == "value" else state.barred):
            draw_label(ax, label, place)


def _sentence(record: GraphRecord, state: GraphState) -> str:
    if state.next is None:
        return f"All {state.taken} steps are done."
    return f"Step {state.taken + 1} of {len(record.steps)}, {state.next.phase}: {state.next.text}"


def _wrapped(words: str, width: float) -> str:
    """Break words into two lines of at most this width in inches; what is longer even so is cut short."""
    for letters in range(round(20 * width), 20, -2):
        text = mathematical("\n".join(wrap(words, letters, max_lines=2, placeholder=" ...")))
        if text_size(text, WORD_SIZE)[0] <= width:
            break
    return text
