"""Explorers that are drawn in the browser and moved from the keyboard, and their static twins."""

from course_utils.widgets.figures import neuron_figure, xor_figure
from course_utils.widgets.neuron import NeuronExplorer
from course_utils.widgets.xor import XorExplorer

__all__ = ["NeuronExplorer", "XorExplorer", "neuron_figure", "xor_figure"]
