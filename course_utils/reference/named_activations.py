"""Look activation functions up by name, and apply them forward and backward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from numpy.typing import ArrayLike

from course_utils.reference.activations import hard_threshold, identity, logistic, relu, softplus, tanh
from course_utils.reference.arguments import FloatArray, check_same_shape, float_array
from course_utils.reference.derivatives import (
    hard_threshold_derivative,
    identity_derivative,
    logistic_derivative,
    relu_derivative,
    softplus_derivative,
    tanh_derivative,
)


@dataclass(frozen=True)
class Activation:
    """Hold an activation function with what belongs to it.

    Attributes:
        name: Name by which layers ask for it.
        function: Computes ``h`` from ``z``.
        derivative: Computes the slope at ``z``.
        formula: The function in LaTeX.
    """

    name: str
    function: Callable[[ArrayLike], FloatArray]
    derivative: Callable[[ArrayLike], FloatArray]
    formula: str


_ACTIVATIONS = (
    Activation("identity", identity, identity_derivative, r"z"),
    Activation("relu", relu, relu_derivative, r"\max(0, z)"),
    Activation("softplus", softplus, softplus_derivative, r"\log(1 + e^z)"),
    Activation(
        "hard_threshold", hard_threshold, hard_threshold_derivative, r"1 \text{ if } z > 0 \text{ else } 0"
    ),
    Activation("logistic", logistic, logistic_derivative, r"\frac{1}{1 + e^{-z}}"),
    Activation("tanh", tanh, tanh_derivative, r"\frac{e^z - e^{-z}}{e^z + e^{-z}}"),
)
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({each.name: each for each in _ACTIVATIONS})


def activation(name: str) -> Activation:
    """Look an activation function up by its name.

    Args:
        name: One of the names in ``ACTIVATIONS``.

    Returns:
        The activation with its derivative and formula.

    Raises:
        ValueError: If the name is not known.
    """
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"unknown activation {name!r}; the known ones are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def activate(z: ArrayLike, name: str) -> FloatArray:
    r"""Apply an activation function by its name.

    .. math:: h = \phi(z)

    Args:
        z: Pre-activations, any shape.
        name: One of the names in ``ACTIVATIONS``.

    Returns:
        Activations, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If the name is not known or ``z`` is empty.

    Source:
        Toronto CSC 2515, multilayer perceptrons: h = phi(z).
    """
    return activation(name).function(z)


def activate_backward(h_bar: ArrayLike, z: ArrayLike, name: str) -> FloatArray:
    r"""Pass a gradient back through an activation function.

    .. math:: \bar z = \bar h \odot \phi'(z)

    Args:
        h_bar: Gradient of the loss with respect to the activations, shape of ``z``.
        z: Pre-activations, any shape.
        name: One of the names in ``ACTIVATIONS``.

    Returns:
        Gradient of the loss with respect to ``z``, same shape.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If the name is not known, an array is empty, or the shapes differ.

    Source:
        Toronto CSC 2515, backpropagation: z_bar = y_bar sigma'(z).
    """
    h_bar, z = float_array(h_bar, "h_bar"), float_array(z, "z")
    check_same_shape(h_bar, "h_bar", z, "z")
    z_bar: FloatArray = h_bar * activation(name).derivative(z)
    return z_bar
