"""Build the torch module of a described network: the only place that makes layers."""

from collections import OrderedDict

from torch import nn

from course_utils.models.description import NetworkDescription, check_description
from course_utils.models.kinds import KINDS


def build_network(description: NetworkDescription) -> nn.Sequential:
    """Build a described network; the sizes of all inputs follow from the description.

    The weights are drawn as torch draws those of each layer, from its global seed: call
    ``torch.manual_seed`` before, to get the same network again.

    Args:
        description: The network, from `describe_network` or `read_network`.

    Returns:
        The network, whose layers have the description's names.

    Raises:
        TypeError: If it is no description.
    """
    check_description(description)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    inputs = (description.input_shape, *description.shapes)
    for layer, shape in zip(description.layers, inputs, strict=False):  # the last shape is the output's
        layers[layer.name] = KINDS[layer.kind].module(dict(layer.options), shape)
    return nn.Sequential(layers)
