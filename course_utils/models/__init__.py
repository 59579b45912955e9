"""The networks of the course and of the papers: described by rows of data, built by one builder."""

from course_utils.models.building import build_network
from course_utils.models.description import LayerDescription, NetworkDescription, describe_network
from course_utils.models.lenet import lenet5, workshop_network
from course_utils.models.looking import activations_of
from course_utils.models.maxout import Maxout
from course_utils.models.perceptrons import matching_perceptron, multilayer_perceptron, parameter_count
from course_utils.models.reading import network_from_yaml, network_to_yaml, read_network

__all__ = [
    "LayerDescription",
    "Maxout",
    "NetworkDescription",
    "activations_of",
    "build_network",
    "describe_network",
    "lenet5",
    "matching_perceptron",
    "multilayer_perceptron",
    "network_from_yaml",
    "network_to_yaml",
    "parameter_count",
    "read_network",
    "workshop_network",
]
