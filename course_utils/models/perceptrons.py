"""Multilayer perceptrons, and one with as many parameters as another network."""

from collections.abc import Sequence

from torch import nn

from course_utils.models.building import build_network
from course_utils.models.description import Row, describe_network
from course_utils.models.options import whole_number


def multilayer_perceptron(sizes: Sequence[int], activation: str = "relu") -> nn.Sequential:
    """Build a multilayer perceptron; images are flattened first.

    The weights are drawn as torch draws those of each layer, from its global seed.

    Args:
        sizes: Number of inputs, units of each hidden layer, number of outputs.
        activation: Function of the hidden layers, such as "relu", "tanh" or "logistic".

    Returns:
        The network, with layers flatten, dense_1, activation_1, dense_2, ..., output; it reads
        (batch, inputs), or images of that many pixels, and puts out (batch, outputs).

    Raises:
        TypeError: If a size is not an integer, or ``sizes`` no sequence.
        ValueError: If there are fewer than two sizes, one is smaller than 1, or the activation is not known.

    Source:
        Toronto CSC 2515, multilayer perceptrons.
    """
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        raise TypeError(f"sizes={sizes!r:.40} but a list of numbers is expected; give [784, 100, 10], say")
    if len(sizes) < 2:
        raise ValueError(
            f"sizes={list(sizes)} has {len(sizes)} entries but at least 2 are expected; "
            "give the number of inputs, then the units of each layer"
        )
    inputs, *hidden, outputs = (whole_number(size, "a size") for size in sizes)
    rows: list[Row] = [("flatten", "flatten", {})]
    for place, units in enumerate(hidden, start=1):
        rows.append((f"dense_{place}", "dense", {"units": units}))
        rows.append((f"activation_{place}", "activation", {"function": activation}))
    return build_network(describe_network((inputs,), [*rows, ("output", "dense", {"units": outputs})]))


def matching_perceptron(
    parameters: int, inputs: int, outputs: int, *, activation: str = "relu"
) -> nn.Sequential:
    r"""Build the perceptron with one hidden layer whose number of parameters is nearest to a given one.

    .. math:: \text{parameters} = \text{units} \cdot (\text{inputs} + 1 + \text{outputs}) + \text{outputs}

    Args:
        parameters: Number of weights and biases to come near to, such as those of a CNN.
        inputs: Number of inputs.
        outputs: Number of outputs.
        activation: Function of the hidden layer.

    Returns:
        The network; its parameters differ from what was asked by at most half of those of one hidden unit.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If a number is smaller than 1, or no network with a hidden unit has so few parameters.
    """
    inputs, outputs = whole_number(inputs, "inputs"), whole_number(outputs, "outputs")
    each = inputs + 1 + outputs
    if isinstance(parameters, bool) or not isinstance(parameters, int):
        raise TypeError(
            f"parameters={parameters!r:.40} but a whole number is expected; give parameter_count(model)"
        )
    if parameters < each + outputs:
        raise ValueError(
            f"parameters={parameters} but one hidden unit between {inputs} inputs and {outputs} outputs "
            f"takes {each + outputs}; give at least that many"
        )
    return multilayer_perceptron([inputs, round((parameters - outputs) / each), outputs], activation)


def parameter_count(model: nn.Module) -> int:
    """Count the parameters of a network; one that is used twice counts once.

    Args:
        model: Any module.

    Returns:
        Number of weights and biases, those that are not trained included.

    Raises:
        TypeError: If it is no module.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"model={model!r:.40} but a torch module is expected; give a network such as lenet5()"
        )
    return sum(parameter.numel() for parameter in model.parameters())
