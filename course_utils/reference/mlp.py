"""The multilayer perceptron: dense layers and activations, composed, forward and backward."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_generator, check_same_shape, float_array
from course_utils.reference.dense import dense, dense_backward, weights_and_biases
from course_utils.reference.named_activations import activate, activate_backward, activation


@dataclass(frozen=True, eq=False)
class Layer:
    """Hold the weights of one layer and the name of its activation function.

    Attributes:
        W: Weights, shape (outputs, inputs).
        b: Biases, shape (outputs,).
        activation: One of the names in ``ACTIVATIONS``.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If the shapes do not fit, or the activation is not known.
    """

    W: FloatArray
    b: FloatArray
    activation: str

    def __post_init__(self) -> None:
        W, b = weights_and_biases(self.W, self.b)
        activation(self.activation)
        object.__setattr__(self, "W", W)  # a frozen dataclass sets its own fields like this
        object.__setattr__(self, "b", b)


def initialise_layers(
    sizes: Sequence[int], activations: Sequence[str], *, rng: np.random.Generator
) -> tuple[Layer, ...]:
    r"""Draw the first weights of a multilayer perceptron; the biases start at 0.

    The variance keeps signals about as large in every layer. ReLU and its soft form let about half of
    the signal through, so they get He's variance, the others Glorot's:

    .. math::
        W \sim \mathcal{N}\Bigl(0, \frac{2}{\text{inputs}}\Bigr)
        \quad\text{or}\quad
        W \sim \mathcal{N}\Bigl(0, \frac{2}{\text{inputs} + \text{outputs}}\Bigr)

    Args:
        sizes: Number of inputs, then the number of units of each layer.
        activations: Name of the activation of each layer, one fewer than ``sizes``.
        rng: Draws the weights; the same generator gives the same weights.

    Returns:
        The layers, from the first to the output.

    Raises:
        TypeError: If ``rng`` is not a generator.
        ValueError: If the numbers of sizes and activations do not fit, a size is smaller than 1, or an
            activation is not known.

    Source:
        He et al. (2015), Delving Deep into Rectifiers, equation 10; Glorot and Bengio (2010), Understanding
        the Difficulty of Training Deep Feedforward Neural Networks, equation 12.
    """
    if isinstance(activations, str) or len(activations) != len(sizes) - 1 or len(sizes) < 2:
        raise ValueError(
            f"sizes={tuple(sizes)} makes {max(len(sizes) - 1, 0)} layers but activations={activations!r}; "
            "give a list with the name of one activation for each layer"
        )
    check_generator(rng)
    layers = []
    for (inputs, outputs), name in zip(pairwise(sizes), activations, strict=True):
        if inputs < 1 or outputs < 1:
            raise ValueError(
                f"sizes={tuple(sizes)} holds a size smaller than 1; give each layer at least one unit"
            )
        variance = 2 / inputs if name in ("relu", "softplus") else 2 / (inputs + outputs)
        W = np.sqrt(variance) * rng.standard_normal((outputs, inputs))
        layers.append(Layer(W, np.zeros(outputs), name))
    return tuple(layers)


def hidden_activations(x: ArrayLike, layers: Sequence[Layer]) -> tuple[FloatArray, ...]:
    r"""Compute what every layer of a network hands to the next.

    .. math:: h^{(0)} = x, \qquad h^{(l)} = \phi^{(l)}\bigl(h^{(l-1)} W^{(l)\top} + b^{(l)}\bigr)

    Args:
        x: Inputs, shape (batch, inputs).
        layers: The network's layers, in order.

    Returns:
        Activations of each layer, shape (batch, units of the layer); the last are the network's outputs.

    Raises:
        TypeError: If ``x`` does not hold real numbers.
        ValueError: If there is no layer, ``x`` is empty, or the shapes do not fit.

    Source:
        Toronto CSC 2515, multilayer perceptrons: the network composes its layers' functions.
    """
    if not layers:
        raise ValueError(
            "layers is empty but a network needs at least one layer; initialise_layers makes them"
        )
    activations = []
    h = x
    for layer in layers:
        h = activate(dense(h, layer.W, layer.b), layer.activation)
        activations.append(h)
    return tuple(activations)


def mlp(x: ArrayLike, layers: Sequence[Layer]) -> FloatArray:
    r"""Compute the outputs of a multilayer perceptron.

    .. math::
        y = f^{(D)} \circ \dots \circ f^{(1)}(x), \qquad
        f^{(l)}(h) = \phi^{(l)}\bigl(h W^{(l)\top} + b^{(l)}\bigr)

    Args:
        x: Inputs, shape (batch, inputs).
        layers: The network's layers, in order.

    Returns:
        Outputs, shape (batch, outputs).

    Raises:
        TypeError: If ``x`` does not hold real numbers.
        ValueError: If there is no layer, ``x`` is empty, or the shapes do not fit.

    Source:
        Toronto CSC 2515, multilayer perceptrons: the composition of its layers.
    """
    return hidden_activations(x, layers)[-1]


def mlp_backward(
    y_bar: ArrayLike, x: ArrayLike, layers: Sequence[Layer]
) -> tuple[FloatArray, tuple[tuple[FloatArray, FloatArray], ...]]:
    r"""Pass a gradient back through a multilayer perceptron, from its outputs to its inputs.

    .. math:: \bar z = \bar h \odot \phi'(z), \qquad \bar W = \bar z^\top x, \qquad \bar x = \bar z W

    Args:
        y_bar: Gradient of the loss with respect to the outputs, shape (batch, outputs).
        x: Inputs, shape (batch, inputs).
        layers: The network's layers, in order.

    Returns:
        Gradient ``x_bar`` of the inputs, and a pair ``(W_bar, b_bar)`` for each layer, in the layers' order.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If there is no layer, an array is empty, or the shapes do not fit.

    Source:
        Toronto CSC 2515, backpropagation, vectorised form.
    """
    *hidden, y = hidden_activations(x, layers)
    inputs = [x, *hidden]  # what each layer was given
    h_bar = float_array(y_bar, "y_bar", axes=("batch", "outputs"))
    check_same_shape(h_bar, "y_bar", y, "y")
    gradients = []
    for layer, h in zip(reversed(layers), reversed(inputs), strict=True):
        z_bar = activate_backward(h_bar, dense(h, layer.W, layer.b), layer.activation)
        h_bar, W_bar, b_bar = dense_backward(z_bar, h, layer.W, layer.b)
        gradients.append((W_bar, b_bar))
    return h_bar, tuple(reversed(gradients))
