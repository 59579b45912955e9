"""The derivatives of the six activation functions, elementwise."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.activations import hard_threshold, logistic, tanh
from course_utils.reference.arguments import FloatArray, float_array


def identity_derivative(z: ArrayLike) -> FloatArray:
    r"""Differentiate the identity.

    .. math:: \phi'(z) = 1

    Args:
        z: Pre-activations, any shape.

    Returns:
        Ones, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, activation functions; the derivative by the rules of calculus.
    """
    return np.ones_like(float_array(z, "z"))


def relu_derivative(z: ArrayLike) -> FloatArray:
    r"""Differentiate ReLU.

    .. math:: \phi'(z) = 1 \text{ if } z > 0, \text{ else } 0

    Args:
        z: Pre-activations, any shape.

    Returns:
        Slopes, same shape; at the kink ``z = 0`` the slope is taken as 0, as PyTorch does.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, activation functions; the derivative by the rules of calculus.
    """
    return hard_threshold(z)


def softplus_derivative(z: ArrayLike) -> FloatArray:
    r"""Differentiate the soft ReLU: its slope is the logistic function.

    .. math:: \phi'(z) = \frac{e^z}{1 + e^z} = \sigma(z)

    Args:
        z: Pre-activations, any shape.

    Returns:
        Slopes between 0 and 1, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, activation functions; the derivative by the rules of calculus.
    """
    return logistic(z)


def hard_threshold_derivative(z: ArrayLike) -> FloatArray:
    r"""Differentiate the hard threshold: it is flat, so gradient descent learns nothing through it.

    .. math:: \phi'(z) = 0

    Args:
        z: Pre-activations, any shape.

    Returns:
        Zeros, same shape; at the jump ``z = 0`` there is no derivative, and 0 stands in.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, activation functions; the derivative by the rules of calculus.
    """
    return np.zeros_like(float_array(z, "z"))


def logistic_derivative(z: ArrayLike) -> FloatArray:
    r"""Differentiate the logistic function.

    .. math:: \sigma'(z) = \sigma(z)\,(1 - \sigma(z)) = \sigma(z)\,\sigma(-z)

    Args:
        z: Pre-activations, any shape.

    Returns:
        Slopes between 0 and 1/4, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, activation functions; the derivative by the rules of calculus.
    """
    z = float_array(z, "z")
    return logistic(z) * logistic(-z)  # 1 - logistic(40) is exactly 0 in float64, logistic(-40) is not


def tanh_derivative(z: ArrayLike) -> FloatArray:
    r"""Differentiate the hyperbolic tangent.

    .. math:: \phi'(z) = 1 - \tanh^2 z

    Args:
        z: Pre-activations, any shape.

    Returns:
        Slopes between 0 and 1, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty.

    Source:
        Toronto CSC 2515, activation functions; the derivative by the rules of calculus.
    """
    slope: FloatArray = 1 - tanh(z) ** 2
    return slope
