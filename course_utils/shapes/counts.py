"""Count the units, weights, biases and connections of a network from its sizes alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from course_utils.shapes.numbers import whole

MULTIPLY_ADDS_TO_TRAIN = 3  # each connection: one forward, one for the input's gradient, one for the weight's


@dataclass(frozen=True)
class LayerCount:
    """Hold what one layer is made of, for one example.

    Attributes:
        units: Number of outputs that the layer computes anew; none for a layer such as an activation, which
            works on the units of the layer before.
        weights: Number of different weights that are learned.
        biases: Number of biases that are learned.
        connections: Number of inputs that all units read together, zeros of a padding included. A dense layer
            uses each weight once, so it has as many connections as weights; one that shares them has more.
        unweighted: Number of the connections that have no weight, such as those of pooling.

    Source:
        Toronto CSC 2515, size of a conv net.
    """

    units: int
    weights: int
    biases: int
    connections: int
    unweighted: int = 0

    @property
    def parameters(self) -> int:
        """Number of values that are learned: the weights and the biases."""
        return self.weights + self.biases

    @property
    def multiply_adds(self) -> int:
        """Number of multiplications by a weight, each with its addition, of the forward pass."""
        return self.connections - self.unweighted

    @property
    def training_multiply_adds(self) -> int:
        """Number of multiply-adds of a step of training: one a connection forward, two backward."""
        return MULTIPLY_ADDS_TO_TRAIN * self.multiply_adds


@dataclass(frozen=True)
class LayerRow:
    """Hold one row of a network's table.

    Attributes:
        name: The layer's name.
        kind: What the layer is, in words.
        output_shape: Shape of its output for one example, (channels, *sizes) or (features,).
        count: What it is made of.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    count: LayerCount

    @property
    def units(self) -> int:
        """Number of outputs that the layer computes anew."""
        return self.count.units

    @property
    def weights(self) -> int:
        """Number of different weights that are learned."""
        return self.count.weights

    @property
    def biases(self) -> int:
        """Number of biases that are learned."""
        return self.count.biases

    @property
    def parameters(self) -> int:
        """Number of values that are learned: the weights and the biases."""
        return self.count.parameters

    @property
    def connections(self) -> int:
        """Number of inputs that all units read together."""
        return self.count.connections

    @property
    def multiply_adds(self) -> int:
        """Number of multiplications by a weight, each with its addition, of the forward pass."""
        return self.count.multiply_adds


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
    inputs, outputs = whole(inputs, "inputs"), whole(outputs, "outputs")
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


def total(counts: Iterable[LayerCount | LayerRow]) -> LayerCount:
    """Add the counts of several layers.

    Args:
        counts: Counts of the layers, or rows of a table; none at all add up to zero.

    Returns:
        The count of the whole network, whose units are those of its hidden layers and its output.
    """
    parts = tuple(part.count if isinstance(part, LayerRow) else part for part in counts)
    return LayerCount(
        units=sum(part.units for part in parts),
        weights=sum(part.weights for part in parts),
        biases=sum(part.biases for part in parts),
        connections=sum(part.connections for part in parts),
        unweighted=sum(part.unweighted for part in parts),
    )
