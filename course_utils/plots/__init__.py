"""Arrays in, figure out: the course's figures, in one palette, each leaving through `show` with its words."""

from course_utils.plots.computation_graphs import computation_graph, graph_steps
from course_utils.plots.counts import bars
from course_utils.plots.curves import curve_grid, error_curves, function_curves, loss_curves
from course_utils.plots.diagrams import network_diagram
from course_utils.plots.graph_layout import place_nodes, route_edges
from course_utils.plots.graph_record import GraphRecord, read_graph
from course_utils.plots.images import image_grid
from course_utils.plots.planes import points, two_planes
from course_utils.plots.regions import decision_region, decision_regions, response_surface
from course_utils.plots.show import show
from course_utils.plots.style import BLACK, BLUE, GREEN, PURPLE, VERMILLION, style

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "PURPLE",
    "VERMILLION",
    "GraphRecord",
    "bars",
    "computation_graph",
    "curve_grid",
    "decision_region",
    "decision_regions",
    "error_curves",
    "function_curves",
    "graph_steps",
    "image_grid",
    "loss_curves",
    "network_diagram",
    "place_nodes",
    "points",
    "read_graph",
    "response_surface",
    "route_edges",
    "show",
    "style",
    "two_planes",
]
