"""Static twins: a figure of an explorer's present state, for a page without a kernel."""

import math
from dataclasses import replace
from textwrap import fill

from matplotlib.figure import Figure

from course_utils.data import xor
from course_utils.plots import response_surface, style, two_planes
from course_utils.plots.graph_drawing import draw_edge, draw_label, draw_legend, draw_node
from course_utils.plots.graph_sheet import LEGEND, WORDS, blank_page
from course_utils.plots.graph_state import state_after
from course_utils.plots.style import mathematical
from course_utils.widgets.backprop import BackpropExplorer
from course_utils.widgets.neuron import NeuronExplorer
from course_utils.widgets.xor import OUTPUT_BIAS, OUTPUT_WEIGHTS, XorExplorer

PLANE = (-3.0, 3.0)
SCALES = {
    "identity": (-6.0, 6.0),
    "relu": (0.0, 6.0),
    "softplus": (0.0, 6.0),
    "hard_threshold": (0.0, 1.0),
    "logistic": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
}


def neuron_figure(explorer: NeuronExplorer) -> Figure:
    r"""Draw what a neuron explorer now shows: the response, the decision line and the weight vector.

    .. math:: y = \phi(w \cdot x + b)

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure.
    """
    x, t = explorer.truth()
    fig = response_surface(
        explorer.response,
        limits=PLANE,
        lines=[(explorer.weights, explorer.bias, "w·x + b = 0")] if any(explorer.weights) else None,
        x=x if len(t) else None,
        t=t if len(t) else None,
        title=explorer.equation(),
        level=math.inf,  # the decision line is drawn already
        value_limits=SCALES[explorer.activation],
    )
    _draw_vector(fig, explorer.weights)
    return fig


def xor_figure(explorer: XorExplorer) -> Figure:
    r"""Draw what an XOR explorer now shows: two lines among the four points, and where the points land.

    .. math:: h_k = \sigma(s (w_k \cdot x + b_k)), \quad y = [h_1 - h_2 - 0.5 > 0]

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure; each point is named with its inputs and whether the output line has it right.
    """
    x, t = xor()
    right = explorer.right()
    words = [f"{a:.0f}{b:.0f} {'right' if ok else 'wrong'}" for (a, b), ok in zip(x, right, strict=True)]
    units = [
        ((w_1, w_2), b, name) for (w_1, w_2, b), name in zip(explorer.lines, ("$h_1$", "$h_2$"), strict=True)
    ]
    return two_planes(
        (x, t, units),
        (explorer.hidden(), t, [(OUTPUT_WEIGHTS, OUTPUT_BIAS, "output y")]),
        names=words,
        limits=((-0.5, 1.5), (-0.25, 1.25)),
        title=f"{int(right.sum())} of 4 points right, steepness {explorer.steepness:g}",
    )


@style()
def backprop_figure(explorer: BackpropExplorer) -> Figure:
    r"""Draw what a backprop explorer now shows: the graph after its step, and what that step did.

    .. math:: \bar v_i = \sum_{j \in Ch(v_i)} \bar v_j \, \partial v_j / \partial v_i

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure.
    """
    page, taken = explorer.page, explorer.step
    record, sheet = page.record, page.sheet
    last = record.steps[taken - 1] if taken else None  # marked in place of the next one
    state = replace(state_after(record, taken), next=last)
    fig, ax = blank_page(sheet)
    for edge in record.edges:
        draw_edge(ax, sheet, edge, state, values=True, bars=True)
    for node in record.nodes:
        phase = last.phase if last and last.node == node.name else None
        draw_node(ax, sheet, node, ring=record.fans_out(node.name), now=phase)
    for label, place in page.labels:
        if page.since(label) <= taken:
            draw_label(ax, label, place)
    draw_legend(ax, values=True, bars=True, ring=any(record.fans_out(node.name) for node in record.nodes))
    words = fill(explorer.words().split("\n")[0], round(13 * sheet.width))
    middle = sheet.width / 2, LEGEND + WORDS / 2
    ax.text(*middle, mathematical(words), fontsize=10, ha="center", va="center")
    return fig


@style()
def _draw_vector(fig: Figure, weights: tuple[float, float]) -> None:
    if not any(weights):
        return
    look = {
        "arrowstyle": "-|>",
        "color": "black",
        "linewidth": 2.5,
        "shrinkA": 0,
        "shrinkB": 0,
        "mutation_scale": 18,
    }
    fig.axes[0].annotate("", weights, (0.0, 0.0), arrowprops=look, zorder=4, annotation_clip=True)
    fig.axes[0].annotate(
        "w", weights, xytext=(6, 6), textcoords="offset points", zorder=4, annotation_clip=True
    )
