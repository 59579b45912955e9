"""How a computation graph is drawn: nodes, arrows forward and back, and what they mean."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from course_utils.plots.graph_labels import Label
from course_utils.plots.graph_layout import Place
from course_utils.plots.graph_record import Edge, Node
from course_utils.plots.graph_sheet import LABEL_SIZE, RING, Sheet, name_size
from course_utils.plots.graph_state import GraphState
from course_utils.plots.graph_words import symbol
from course_utils.plots.inputs import Array
from course_utils.plots.style import BLACK, BLUE, GREY, PALE_BLUE, PALE_VERMILLION, VERMILLION

COLOURS = {"value": BLUE, "bar": VERMILLION}
FILLS = {"forward": PALE_BLUE, "backward": PALE_VERMILLION, None: "white"}
BESIDE = 0.03  # inches from the middle of an edge to the arrow of either direction
WIDTHS = (1.3, 2.4)  # points, of an arrow and of one that the next step uses
ROUNDED = 0.3  # inches before and after the corner of an edge
FORWARD: dict[str, Any] = {"arrowstyle": "-|>", "linestyle": "-"}
BACK: dict[str, Any] = {"arrowstyle": "->", "linestyle": (0, (4, 2))}


def draw_node(ax: Axes, sheet: Sheet, node: Node, *, ring: bool, now: str | None) -> None:
    """Draw a node with its name; a ring says that its bar is a sum, a fill that it is next.

    Args:
        ax: Axes in inches.
        sheet: The page.
        node: The node.
        ring: Whether it hands its value to several nodes that send a contribution back.
        now: "forward" or "backward" if the next step is this node's, else None.
    """
    (x, y), half, radius = sheet.places[node.name], sheet.half[node.name], sheet.radius
    if ring:
        _pill(
            ax, (x, y), half + RING, radius + RING, facecolor="white", linewidth=1.2, gid=f"ring {node.name}"
        )
    width = 2.6 if now else 1.5
    _pill(ax, (x, y), half, radius, facecolor=FILLS[now], linewidth=width, gid=f"node {node.name}")
    size = name_size(node.name)
    ax.text(x, y, symbol(node.name), fontsize=size, ha="center", va="center_baseline", zorder=5)


def _pill(ax: Axes, middle: Place, half: float, radius: float, **look: Any) -> None:
    """Draw two half circles and what joins them: a circle where the name is short."""
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    x = radius * np.cos(angle) + np.sign(np.cos(angle)) * (half - radius)
    outline = np.column_stack([x, radius * np.sin(angle)]) + middle
    ax.add_patch(Polygon(outline, edgecolor=BLACK, zorder=4, **look))


def draw_edge(ax: Axes, sheet: Sheet, edge: Edge, state: GraphState, *, values: bool, bars: bool) -> None:
    """Draw an edge: a solid arrow forward and, once a contribution came back, a dashed one below it.

    Args:
        ax: Axes in inches.
        sheet: The page.
        edge: The edge.
        state: Which values and bars are known; what the next step receives is drawn wider.
        values: Whether values are shown.
        bars: Whether gradients are shown.
    """
    route = sheet.routes[edge.parent, edge.child]
    phase = state.next.phase if state.next and state.uses(edge) else None
    flows_back = bars and edge.contribution is not None
    ahead = _shifted(route, BESIDE) if flows_back else route
    colour = BLUE if values and edge.parent in state.valued else GREY
    ends = f"{edge.parent} {edge.child}"
    _arrow(ax, ahead, color=colour, linewidth=WIDTHS[phase == "forward"], gid=f"forward {ends}", **FORWARD)
    if flows_back and edge.child in state.barred:
        width, behind = WIDTHS[phase == "backward"], _shifted(route, -BESIDE)[::-1]
        _arrow(ax, behind, color=VERMILLION, linewidth=width, gid=f"back {ends}", **BACK)


def _arrow(ax: Axes, route: Array, **look: Any) -> None:
    codes, points = [Path.MOVETO], [route[0]]
    for before, corner, after in zip(route, route[1:], route[2:], strict=False):
        enter, leave = (corner + _towards(corner, other) for other in (before, after))
        points += [enter, corner, leave]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    path = Path([*points, route[-1]], [*codes, Path.LINETO])
    ax.add_patch(FancyArrowPatch(path=path, mutation_scale=11, zorder=2, **look))


def _towards(corner: Array, other: Array) -> Array:
    way = other - corner
    return np.asarray(way * min(0.45, ROUNDED / np.hypot(*way)))


def _shifted(route: Array, distance: float) -> Array:
    """Move an edge sideways, up for a positive distance."""
    along = np.diff(route, axis=0)
    along /= np.hypot(*along.T)[:, None]
    mean = np.vstack([along[:1], along[:-1] + along[1:], along[-1:]])
    mean /= np.hypot(*mean.T)[:, None]
    return np.asarray(route + distance * np.column_stack([-mean[:, 1], mean[:, 0]]))


def draw_label(ax: Axes, label: Label, place: Place) -> None:
    """Write a number, blue for a value and vermillion for a gradient.

    Args:
        ax: Axes in inches.
        label: The number.
        place: Its middle.
    """
    look: dict[str, Any] = {
        "color": COLOURS[label.kind],
        "path_effects": [withStroke(linewidth=2.5, foreground="white")],
        "gid": f"{label.kind} {label.owner if isinstance(label.owner, str) else ' '.join(label.owner)}",
    }
    ax.text(*place, label.text, fontsize=LABEL_SIZE, ha="center", va="center", zorder=6, **look)


def draw_legend(ax: Axes, *, values: bool, bars: bool, ring: bool) -> None:
    """Say below the graph what the two kinds of arrows and the ring mean.

    Args:
        ax: Axes in inches.
        values: Whether values are shown.
        bars: Whether gradients are shown.
        ring: Whether a node has a ring.
    """
    entries: list[tuple[Any, str]] = []
    if values:
        entries.append((Line2D([], [], color=BLUE, linewidth=1.3), "value, forward →"))
    if bars:
        back = Line2D([], [], color=VERMILLION, linewidth=1.3, linestyle=BACK["linestyle"])
        entries.append((back, "← contribution, backward"))
    if bars and ring:
        look: dict[str, Any] = {"color": BLACK, "marker": "o", "linestyle": "none", "markerfacecolor": "none"}
        circles = tuple(Line2D([], [], markersize=size, **look) for size in (7, 11))
        entries.append((circles, "double ring: its bar is a sum"))
    if entries:
        handles, texts = zip(*entries, strict=True)
        one = {tuple: HandlerTuple(ndivide=1)}
        ax.legend(handles, texts, handler_map=one, loc="lower center", ncols=3, borderaxespad=0.3)
