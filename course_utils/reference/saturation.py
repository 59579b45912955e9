"""How large signals and gradients are in each layer of a deep network before its first step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course_utils.reference.dense import dense
from course_utils.reference.initialisation import initial_weights
from course_utils.reference.losses import squared_error_backward
from course_utils.reference.named_activations import activation as look_up
from course_utils.reference.settings import check_random, count


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """Hold the size of the signals and gradients in each layer, from the first to the last.

    Attributes:
        spread: Standard deviation of the activations h over all units and examples, shape (layers,).
        slope: Mean of the activation function's slope at z; near 0 where units saturate, shape (layers,).
        gradient: Root mean square of the loss's gradient with respect to z, shape (layers,).
    """

    spread: NDArray[np.float64]
    slope: NDArray[np.float64]
    gradient: NDArray[np.float64]


def layer_gradients(
    activation: str,
    *,
    layers: int = 10,
    units: int = 100,
    batch: int = 100,
    scheme: str | float,
    generator: np.random.Generator,
) -> LayerGradients:
    r"""Measure signals and gradients in each layer of a network with random weights.

    .. math::
        z^{(l)} = W^{(l)} h^{(l-1)}, \qquad h^{(l)} = \phi(z^{(l)}), \qquad
        \bar z^{(l)} = \bigl(W^{(l+1)\top} \bar z^{(l+1)}\bigr) \odot \phi'(z^{(l)})

    Inputs and targets are normal numbers of mean 0 and variance 1, the biases are 0, and the loss is the
    squared error of the last layer's activations. With one generator state, every activation function meets
    the same inputs and targets, and weights that differ by the scheme's factor only.

    Args:
        activation: ``"sigmoid"`` (or ``"logistic"``, the same), or another name in ``ACTIVATIONS``.
        layers: Number of layers, all with this activation.
        units: Number of inputs, and of units in each layer.
        batch: Number of examples.
        scheme: How the weights are drawn, as for `initial_weights`.
        generator: Draws the inputs, the targets and the weights.

    Returns:
        Spread of the activations, mean slope, and size of the gradient, layer by layer.

    Raises:
        TypeError: If a size is not an integer or ``generator`` is no generator.
        ValueError: If the activation or the scheme is not known, or a size is smaller than 1.

    Source:
        Harvard, nonlinear transformations: sigmoid, tanh, ReLU; measured as in Glorot and Bengio (2010),
        Understanding the difficulty of training deep feedforward neural networks, figures 6 and 7.
    """
    phi = look_up("logistic" if activation == "sigmoid" else activation)
    check_random(generator)
    layers, units, batch = count(layers, "layers"), count(units, "units"), count(batch, "batch")
    h, t = generator.standard_normal((2, batch, units))
    weights = [initial_weights((units, units), scheme, generator) for _ in range(layers)]
    no_bias = np.zeros(units)

    inputs, slopes = [h], []
    for W in weights:
        z = dense(inputs[-1], W, no_bias)
        inputs.append(phi.function(z))
        slopes.append(phi.derivative(z))

    h_bar = squared_error_backward(1.0, inputs[-1], t)
    gradients = []
    for W, slope in zip(reversed(weights), reversed(slopes), strict=True):
        gradients.append(h_bar * slope)
        h_bar = gradients[-1] @ W

    return LayerGradients(
        spread=np.array([np.std(h) for h in inputs[1:]]),
        slope=np.array([np.mean(slope) for slope in slopes]),
        gradient=np.array([np.sqrt(np.mean(z_bar**2)) for z_bar in reversed(gradients)]),
    )
