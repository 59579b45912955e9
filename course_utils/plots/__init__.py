"""Arrays in, figure out: the course's figures, in one palette, each leaving through `show` with its words."""

from course_utils.plots.computation_graphs import computation_graph, graph_steps
from course_utils.plots.confusions import confusion_counts, confusion_matrix
from course_utils.plots.connections import connection_diagram
from course_utils.plots.counts import bars
from course_utils.plots.curves import curve_grid, error_curves, function_curves, loss_curves
from course_utils.plots.descent import descent_paths
from course_utils.plots.diagrams import network_diagram
from course_utils.plots.filters import filter_pairs
from course_utils.plots.gallery import feature_maps
from course_utils.plots.graph_layout import place_nodes, route_edges
from course_utils.plots.graph_record import GraphRecord, read_graph
from course_utils.plots.grids import number_grids
from course_utils.plots.images import image_grid
from course_utils.plots.labelled import labelled_images
from course_utils.plots.learning import learning_curves
from course_utils.plots.matrices import matrix_plot
from course_utils.plots.planes import points, two_planes
from course_utils.plots.profiles import layer_profile
from course_utils.plots.rates import learning_rate_plot
from course_utils.plots.regions import decision_region, decision_regions, response_surface
from course_utils.plots.settings import schedule_curves, setting_curves
from course_utils.plots.show import show
from course_utils.plots.signal_methods import signal_steps
from course_utils.plots.style import BLACK, BLUE, GREEN, PURPLE, VERMILLION, style
from course_utils.plots.tensor_boxes import layer_sizes
from course_utils.plots.traces import signals, time_curves
from course_utils.plots.windows import window_steps

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "PURPLE",
    "VERMILLION",
    "GraphRecord",
    "bars",
    "computation_graph",
    "confusion_counts",
    "confusion_matrix",
    "connection_diagram",
    "curve_grid",
    "decision_region",
    "decision_regions",
    "descent_paths",
    "error_curves",
    "feature_maps",
    "filter_pairs",
    "function_curves",
    "graph_steps",
    "image_grid",
    "labelled_images",
    "layer_profile",
    "layer_sizes",
    "learning_curves",
    "learning_rate_plot",
    "loss_curves",
    "matrix_plot",
    "network_diagram",
    "number_grids",
    "place_nodes",
    "points",
    "read_graph",
    "response_surface",
    "route_edges",
    "schedule_curves",
    "setting_curves",
    "show",
    "signal_steps",
    "signals",
    "style",
    "time_curves",
    "two_planes",
    "window_steps",
]
