"""Small networks that checks hand to a student: what they are given, and in which mode, is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weights = dict[str, Array]
BOOST = 3.0  # by this the hidden units of a network that is told to are multiplied in training mode


@dataclass
class Diary:
    """What a network saw each time it was called.

    Attributes:
        sizes: How many examples it was given.
        trained: Whether it, or a layer of it, was in training mode.
        graphs: Whether PyTorch kept what a backward pass needs.
    """

    sizes: list[int] = field(default_factory=list)
    trained: list[bool] = field(default_factory=list)
    graphs: list[bool] = field(default_factory=list)


def draw_weights(rng: np.random.Generator, inputs: int = 4, units: int = 5, classes: int = 3) -> Weights:
    """Draw the weights of a network with one hidden layer.

    Args:
        rng: Source of the numbers.
        inputs: Number of inputs.
        units: Number of hidden units.
        classes: Number of scores.

    Returns:
        W_1 of shape (units, inputs), b_1, W_2 of shape (classes, units), b_2.
    """
    shapes = {"W_1": (units, inputs), "b_1": (units,), "W_2": (classes, units), "b_2": (classes,)}
    return {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}


def tanh_network(weights: Weights, *, boost: float = 1.0) -> Any:
    """Build a network with one hidden layer of tanh units in float64.

    Args:
        weights: W_1, b_1, W_2, b_2.
        boost: What the hidden units are multiplied by in training mode; nothing else differs between modes.

    Returns:
        The network, in training mode; its `diary` says what it saw.
    """
    from torch import nn

    network = nn.Sequential(*_layers(weights)).double()
    _load(network, weights)
    network.diary = Diary()  # type: ignore[assignment]
    network.register_forward_pre_hook(_write)
    if boost != 1.0:
        network[1].register_forward_hook(lambda layer, _, h: h * boost if layer.training else None)
    return network


def _layers(weights: Weights) -> list[Any]:
    from torch import nn

    (units, inputs), classes = weights["W_1"].shape, len(weights["W_2"])
    return [nn.Linear(inputs, units), nn.Tanh(), nn.Linear(units, classes)]


def _load(network: Any, weights: Weights) -> None:
    import torch

    with torch.no_grad():
        for parameter, name in zip(network.parameters(), ("W_1", "b_1", "W_2", "b_2"), strict=True):
            parameter.copy_(torch.tensor(weights[name]))


def _write(network: Any, given: tuple[Any, ...]) -> None:
    import torch

    network.diary.sizes.append(len(given[0]))
    network.diary.trained.append(any(part.training for part in network.modules()))
    network.diary.graphs.append(torch.is_grad_enabled())


def weights_of(network: Any) -> Weights:
    """Read the weights of a network with one hidden layer.

    Args:
        network: What `tanh_network` built.

    Returns:
        W_1, b_1, W_2, b_2.
    """
    from course_utils.grading.tensors import as_array

    names = ("W_1", "b_1", "W_2", "b_2")
    return {name: as_array(parameter) for name, parameter in zip(names, network.parameters(), strict=True)}


@dataclass(frozen=True)
class Normed:
    """A network with batch normalisation and dropout, and its parts.

    Attributes:
        network: Linear, BatchNorm1d, Tanh, Dropout, Linear; in float64.
        weights: W_1, b_1, W_2, b_2.
        statistics: Mean and variance that were kept, and the scale and shift learned; each (units,).
    """

    network: Any
    weights: Weights
    statistics: tuple[Array, Array, Array, Array]

    def scores(self, x: Array) -> Array:
        """Work out the scores in evaluation mode.

        Args:
            x: Examples, shape (batch, inputs).

        Returns:
            Scores, shape (batch, classes).
        """
        mean, variance, scale, shift = self.statistics
        z = np.einsum("bi,ui->bu", x, self.weights["W_1"]) + self.weights["b_1"]
        z = (z - mean) / np.sqrt(variance + self.network[1].eps) * scale + shift
        return np.asarray(np.einsum("bu,cu->bc", np.tanh(z), self.weights["W_2"]) + self.weights["b_2"])


def normed_network(rng: np.random.Generator) -> Normed:
    """Build a network whose answer depends on its mode, and in training mode on the batch.

    Args:
        rng: Source of its weights and statistics.

    Returns:
        The network with its parts; its `diary` says what it saw.
    """
    import torch
    from torch import nn

    weights = draw_weights(rng)
    first, bend, last = _layers(weights)
    units = len(weights["b_1"])
    _load(nn.Sequential(first, bend, last).double(), weights)
    network = nn.Sequential(first, nn.BatchNorm1d(units), bend, nn.Dropout(0.5), last).double()
    drawn = (
        rng.normal(size=units),
        rng.uniform(0.5, 2, units),
        rng.normal(size=units),
        rng.normal(size=units),
    )
    norm: Any = network[1]
    with torch.no_grad():
        for place, value in zip(
            (norm.running_mean, norm.running_var, norm.weight, norm.bias), drawn, strict=True
        ):
            place.copy_(torch.tensor(value))
    network.diary = Diary()  # type: ignore[assignment]
    network.register_forward_pre_hook(_write)
    return Normed(network, weights, drawn)
