"""The six activation functions h = phi(z), elementwise."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array


def identity(z: ArrayLike) -> FloatArray:
    r"""Return ``z`` itself: a linear unit.

    .. math:: \phi(z) = z

    Args:
        z: Pre-activations, any shape.

    Returns:
        A copy of ``z``, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: some activation functions.
    """
    return float_array(z, "z").copy()


def relu(z: ArrayLike) -> FloatArray:
    r"""Cut the negative part off: the rectified linear unit.

    .. math:: \phi(z) = \max(0, z)

    Args:
        z: Pre-activations, any shape.

    Returns:
        Activations of at least 0, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: some activation functions.
    """
    h: FloatArray = np.maximum(float_array(z, "z"), 0)
    return h


def softplus(z: ArrayLike) -> FloatArray:
    r"""Round the corner of ReLU off: the soft ReLU.

    .. math:: \phi(z) = \log(1 + e^z)

    Args:
        z: Pre-activations, any shape; large ones do not overflow.

    Returns:
        Positive activations, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: some activation functions.
    """
    z = float_array(z, "z")
    h: FloatArray = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))  # e^(-|z|) is at most 1; e^1000 overflows
    return h


def hard_threshold(z: ArrayLike) -> FloatArray:
    r"""Decide: 1 where ``z`` is positive, else 0.

    .. math:: \phi(z) = 1 \text{ if } z > 0, \text{ else } 0

    Args:
        z: Pre-activations, any shape; exactly 0 gives 0.

    Returns:
        Zeros and ones, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: some activation functions.
    """
    h: FloatArray = np.heaviside(float_array(z, "z"), 0)  # unlike z > 0, it lets NaN through
    return h


def logistic(z: ArrayLike) -> FloatArray:
    r"""Squash a number to a probability.

    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}}

    Args:
        z: Pre-activations, any shape; large ones do not overflow.

    Returns:
        Activations between 0 and 1, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: some activation functions.
    """
    z = float_array(z, "z")
    small = np.exp(-np.abs(z))  # e^(-|z|) is at most 1; e^(-z) overflows for z = -1000
    y: FloatArray = np.where(z >= 0, 1, small) / (1 + small)
    return y


def tanh(z: ArrayLike) -> FloatArray:
    r"""Squash a number to between -1 and 1: the hyperbolic tangent.

    .. math:: \phi(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}

    Args:
        z: Pre-activations, any shape.

    Returns:
        Activations between -1 and 1, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: some activation functions.
    """
    h: FloatArray = np.tanh(float_array(z, "z"))
    return h
