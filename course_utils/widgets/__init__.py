"""Explorers that are drawn in the browser and moved from the keyboard, and their static twins."""

from course_utils.widgets.backprop import BackpropExplorer
from course_utils.widgets.figures import backprop_figure, neuron_figure, xor_figure
from course_utils.widgets.neuron import NeuronExplorer
from course_utils.widgets.xor import XorExplorer

__all__ = [
    "BackpropExplorer",
    "NeuronExplorer",
    "XorExplorer",
    "backprop_figure",
    "neuron_figure",
    "xor_figure",
]
