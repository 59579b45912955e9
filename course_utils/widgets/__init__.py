"""Explorers that are drawn in the browser and moved from the keyboard, and their static twins."""

from course_utils.widgets.backprop import BackpropExplorer
from course_utils.widgets.convolution import ConvolutionExplorer
from course_utils.widgets.convolution_figure import convolution_figure
from course_utils.widgets.digit import DigitExplorer
from course_utils.widgets.digit_figure import digit_figure, digit_words
from course_utils.widgets.figures import backprop_figure, neuron_figure, xor_figure
from course_utils.widgets.filter import FilterExplorer
from course_utils.widgets.filter_figure import filter_figure
from course_utils.widgets.geometry import GeometryExplorer
from course_utils.widgets.geometry_drawing import geometry_figure
from course_utils.widgets.neuron import NeuronExplorer
from course_utils.widgets.shift import ShiftExplorer
from course_utils.widgets.shift_drawing import shift_figure
from course_utils.widgets.xor import XorExplorer

__all__ = [
    "BackpropExplorer",
    "ConvolutionExplorer",
    "DigitExplorer",
    "FilterExplorer",
    "GeometryExplorer",
    "NeuronExplorer",
    "ShiftExplorer",
    "XorExplorer",
    "backprop_figure",
    "convolution_figure",
    "digit_figure",
    "digit_words",
    "filter_figure",
    "geometry_figure",
    "neuron_figure",
    "shift_figure",
    "xor_figure",
]
