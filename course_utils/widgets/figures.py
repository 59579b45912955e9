"""Static twins: a figure of an explorer's present state, for a page without a kernel."""

import math

from matplotlib.figure import Figure

from course_utils.data import xor
from course_utils.plots import response_surface, style, two_planes
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
