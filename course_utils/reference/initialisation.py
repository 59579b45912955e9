"""The first weights of a layer: normal numbers whose spread fits the number of its connections."""

from collections.abc import Sequence
from math import prod, sqrt

import numpy as np

from course_utils.reference.arguments import FloatArray
from course_utils.reference.settings import array_shape, check_random, non_negative


def initial_weights(shape: Sequence[int], scheme: str | float, generator: np.random.Generator) -> FloatArray:
    r"""Draw the first weights of a dense or convolutional layer.

    .. math::
        W \sim \mathcal{N}(0, \sigma^2), \qquad
        \sigma^2_\text{lecun} = \frac{1}{\text{fan-in}}, \qquad
        \sigma^2_\text{glorot} = \frac{2}{\text{fan-in} + \text{fan-out}}, \qquad
        \sigma^2_\text{he} = \frac{2}{\text{fan-in}}

    The fan-in is the number of connections into a unit, the fan-out that out of an input.

    Args:
        shape: Shape of the weights, (outputs, inputs) or (out_channels, in_channels, kernel_height, ...).
        scheme: ``"lecun"`` keeps the spread of signals in a linear layer, ``"glorot"`` that of signals and
            gradients as nearly as both can be kept, ``"he"`` makes up for ReLU's lost half; a number is the
            standard deviation itself.
        generator: Draws the weights; the same generator gives the same weights.

    Returns:
        The weights, float64.

    Raises:
        TypeError: If a size is not an integer, ``scheme`` is neither text nor a number, or ``generator`` no
            generator.
        ValueError: If the shape has fewer than two axes or a size below 1, the scheme is not known, or the
            standard deviation is negative or not finite.

    Source:
        LeCun et al. (1998), Efficient backprop, equation 16; Glorot and Bengio (2010), Understanding the
        difficulty of training deep feedforward neural networks, equation 12; He et al. (2015), Delving deep
        into rectifiers, equation 10.
    """
    check_random(generator)
    sizes = array_shape(shape)
    if len(sizes) < 2:
        raise ValueError(f"shape={sizes} has one axis but weights have two or more; give (outputs, inputs)")
    return _standard_deviation(sizes, scheme) * generator.standard_normal(sizes)


def _standard_deviation(sizes: tuple[int, ...], scheme: str | float) -> float:
    """Return the standard deviation that a scheme gives weights of these sizes."""
    outputs, inputs, *kernel = sizes
    fan_in, fan_out = inputs * prod(kernel), outputs * prod(kernel)
    variances = {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}
    if isinstance(scheme, str):
        if scheme not in variances:
            raise ValueError(
                f"unknown scheme {scheme!r}; the known ones are {', '.join(variances)}, or give a number"
            )
        return sqrt(variances[scheme])
    return non_negative(scheme, "scheme")
