"""Count the units, weights, biases and connections of a network from its sizes alone."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class LayerCount:
    """Hold what one layer is made of.

    Attributes:
        units: Number of outputs of the layer.
        weights: Number of different weights that are learned.
        biases: Number of biases that are learned.
        connections: Number of multiplications by a weight for one example. A dense layer uses each weight
            once, so it has as many connections as weights; a layer that shares weights has more.
    """

    units: int
    weights: int
    biases: int
    connections: int

    @property
    def parameters(self) -> int:
        """Number of values that are learned: the weights and the biases."""
        return self.weights + self.biases


def count_dense(inputs: int, outputs: int) -> LayerCount:
    r"""Count what a fully connected layer is made of.

    .. math:: z = W x + b, \qquad W \in \mathbb{R}^{\text{outputs} \times \text{inputs}}

    Args:
        inputs: Number of inputs of each unit.
        outputs: Number of units.

    Returns:
        The layer's count: ``inputs * outputs`` weights and connections, ``outputs`` units and biases.

    Raises:
        TypeError: If a size is not an integer.
        ValueError: If a size is smaller than 1.

    Source:
        Toronto CSC 2515, multilayer perceptrons: N inputs and M outputs need an M x N weight matrix.
    """
    inputs, outputs = _size(inputs, "inputs"), _size(outputs, "outputs")
    weights = inputs * outputs
    return LayerCount(units=outputs, weights=weights, biases=outputs, connections=weights)


def count_mlp(sizes: Sequence[int]) -> tuple[LayerCount, ...]:
    """Count what each layer of a multilayer perceptron is made of.

    Args:
        sizes: Number of inputs, then the number of units of each layer; ``(784, 30, 10)`` has two layers.

    Returns:
        One count for each layer, from the first hidden layer to the output.

    Raises:
        TypeError: If a size is not an integer.
        ValueError: If there are fewer than two sizes, or one is smaller than 1.

    Source:
        Toronto CSC 2515, multilayer perceptrons.
    """
    if len(sizes) < 2:
        raise ValueError(
            f"sizes={tuple(sizes)} has {len(sizes)} entries but a network needs at least 2: "
            "give the number of inputs, then the units of each layer"
        )
    return tuple(count_dense(inputs, outputs) for inputs, outputs in pairwise(sizes))


def total(counts: Iterable[LayerCount]) -> LayerCount:
    """Add the counts of several layers.

    Args:
        counts: Counts of the layers; none at all add up to zero.

    Returns:
        The count of the whole network, whose units are those of its hidden layers and its output.
    """
    counts = tuple(counts)
    return LayerCount(
        units=sum(count.units for count in counts),
        weights=sum(count.weights for count in counts),
        biases=sum(count.biases for count in counts),
        connections=sum(count.connections for count in counts),
    )


def _size(value: int, name: str) -> int:
    """Return a size as an int, or say why it is none."""
    try:
        size = operator.index(value)
    except TypeError:
        size = None
    if size is None or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, but {name}={value!r}; give a whole number")
    if size < 1:
        raise ValueError(f"{name}={size} but a layer needs at least 1; give a positive integer")
    return size
