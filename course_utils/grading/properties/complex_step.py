"""Exact derivatives without a backward rule: one imaginary step for each entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
STEP = 1e-30  # nothing is subtracted, so that the step may be as small as this


def complex_gradient(function: Callable[[Array], Any], x: Array) -> Array:
    r"""Differentiate a function that takes complex numbers too, entry by entry.

    .. math:: \partial f / \partial x_i = \operatorname{Im} f(x + i s e_i) / s

    Args:
        function: Takes an array like `x`, returns a number.
        x: Where to differentiate; any shape.

    Returns:
        The gradient, float64, of the shape of `x`.

    Source:
        Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions.
    """
    gradient = np.zeros(np.shape(x))
    for place in np.ndindex(gradient.shape):
        moved = np.array(x, dtype=complex)
        moved[place] += 1j * STEP
        gradient[place] = np.imag(function(moved)) / STEP
    return gradient


def gradients_of_arguments(
    function: Callable[..., Any], y_bar: Any, arguments: tuple[Array, ...]
) -> tuple[Array, ...]:
    r"""Differentiate the sum of `y_bar * function(*arguments)` with respect to each argument.

    Args:
        function: Takes arrays, also complex ones, returns an array.
        y_bar: Gradient of the function's output.
        arguments: Where to differentiate.

    Returns:
        One gradient for each argument, of its shape.
    """

    def weighed(place: int, x: Array) -> Any:
        given = [x if index == place else value for index, value in enumerate(arguments)]
        return np.sum(y_bar * function(*given))

    return tuple(
        complex_gradient(lambda x, place=place: weighed(place, x), value)  # type: ignore[misc]
        for place, value in enumerate(arguments)
    )
