"""Losses of two weights, which can be drawn, and the path of an optimiser down one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array
from course_utils.reference.settings import count

Step = Callable[[FloatArray, FloatArray, Any], tuple[FloatArray, Any]]


@dataclass(frozen=True)
class Surface:
    """Hold a loss of two weights with its gradient.

    Attributes:
        name: What the surface is called.
        value: Computes the loss from points of shape (..., 2); shape (...).
        gradient: Computes the loss's gradient at points of shape (..., 2); same shape.
        minimum: The point (w_1, w_2) at which the loss is smallest.
    """

    name: str
    value: Callable[[ArrayLike], FloatArray]
    gradient: Callable[[ArrayLike], FloatArray]
    minimum: tuple[float, float]


def ravine_value(w: ArrayLike) -> FloatArray:
    r"""Compute the height of a ravine, forty times as steep across as along.

    .. math:: L = \tfrac{1}{2} (w_1^2 + 40 w_2^2)

    Args:
        w: Points, shape (..., 2).

    Returns:
        The loss at each point, shape (...).

    Raises:
        TypeError: If ``w`` does not hold real numbers.
        ValueError: If ``w`` is empty or its last axis is not 2 long.
    """
    w_1, w_2 = _coordinates(w)
    return np.asarray((w_1**2 + 40 * w_2**2) / 2)


def ravine_gradient(w: ArrayLike) -> FloatArray:
    r"""Compute the gradient of the ravine.

    .. math:: \bar w = (w_1, \; 40 w_2)

    Args:
        w: Points, shape (..., 2).

    Returns:
        The gradient at each point, shape (..., 2).

    Raises:
        TypeError: If ``w`` does not hold real numbers.
        ValueError: If ``w`` is empty or its last axis is not 2 long.
    """
    w_1, w_2 = _coordinates(w)
    return np.stack([w_1, 40 * w_2], axis=-1)


def saddle_value(w: ArrayLike) -> FloatArray:
    r"""Compute the height of a saddle at (0, 0) between two valleys, whose floors are at (0, 1) and (0, -1).

    .. math:: L = \tfrac{1}{2} w_1^2 - \tfrac{1}{2} w_2^2 + \tfrac{1}{4} w_2^4

    Args:
        w: Points, shape (..., 2).

    Returns:
        The loss at each point, shape (...).

    Raises:
        TypeError: If ``w`` does not hold real numbers.
        ValueError: If ``w`` is empty or its last axis is not 2 long.
    """
    w_1, w_2 = _coordinates(w)
    return np.asarray(w_1**2 / 2 - w_2**2 / 2 + w_2**4 / 4)


def saddle_gradient(w: ArrayLike) -> FloatArray:
    r"""Compute the gradient of the saddle; it is 0 at the saddle, too.

    .. math:: \bar w = (w_1, \; w_2^3 - w_2)

    Args:
        w: Points, shape (..., 2).

    Returns:
        The gradient at each point, shape (..., 2).

    Raises:
        TypeError: If ``w`` does not hold real numbers.
        ValueError: If ``w`` is empty or its last axis is not 2 long.
    """
    w_1, w_2 = _coordinates(w)
    return np.stack([w_1, w_2**3 - w_2], axis=-1)


def rosenbrock_value(w: ArrayLike) -> FloatArray:
    r"""Compute the height of Rosenbrock's valley: bent, narrow, and almost level along its floor.

    .. math:: L = (1 - w_1)^2 + 100 (w_2 - w_1^2)^2

    Args:
        w: Points, shape (..., 2).

    Returns:
        The loss at each point, shape (...).

    Raises:
        TypeError: If ``w`` does not hold real numbers.
        ValueError: If ``w`` is empty or its last axis is not 2 long.

    Source:
        Rosenbrock (1960), An automatic method for finding the greatest or least value of a function.
    """
    w_1, w_2 = _coordinates(w)
    return np.asarray((1 - w_1) ** 2 + 100 * (w_2 - w_1**2) ** 2)


def rosenbrock_gradient(w: ArrayLike) -> FloatArray:
    r"""Compute the gradient of Rosenbrock's valley.

    .. math:: \bar w = \bigl(-2 (1 - w_1) - 400 w_1 (w_2 - w_1^2), \; 200 (w_2 - w_1^2)\bigr)

    Args:
        w: Points, shape (..., 2).

    Returns:
        The gradient at each point, shape (..., 2).

    Raises:
        TypeError: If ``w`` does not hold real numbers.
        ValueError: If ``w`` is empty or its last axis is not 2 long.

    Source:
        Rosenbrock (1960), An automatic method for finding the greatest or least value of a function.
    """
    w_1, w_2 = _coordinates(w)
    off_the_floor = w_2 - w_1**2
    return np.stack([-2 * (1 - w_1) - 400 * w_1 * off_the_floor, 200 * off_the_floor], axis=-1)


ravine = Surface("ravine", ravine_value, ravine_gradient, (0.0, 0.0))
saddle = Surface("saddle", saddle_value, saddle_gradient, (0.0, 1.0))
rosenbrock = Surface("rosenbrock", rosenbrock_value, rosenbrock_gradient, (1.0, 1.0))


def follow(
    step: Step, gradient: Callable[[FloatArray], ArrayLike], start: ArrayLike, *, steps: int
) -> FloatArray:
    r"""Follow an optimiser from a starting point.

    .. math:: (w^{(k+1)}, s^{(k+1)}) = \text{step}\bigl(w^{(k)}, \bar w(w^{(k)}), s^{(k)}\bigr)

    Args:
        step: Returns the next weights and state from ``(w, w_bar, state)``; its settings are bound before,
            as in ``functools.partial(sgd_step, learning_rate=0.1)``.
        gradient: Computes the gradient at one point, such as ``ravine.gradient``.
        start: The first point, shape (size,); integers become floats.
        steps: Number of steps.

    Returns:
        The path with its start, shape (steps + 1, size).

    Raises:
        TypeError: If ``start`` does not hold real numbers or ``steps`` is not an integer.
        ValueError: If ``start`` is empty or has other axes, ``steps`` is smaller than 1, or the path leaves
            the finite numbers.
    """
    w, state = float_array(start, "start", axes=("size",)), None
    path = [w]
    for number in range(1, count(steps, "steps") + 1):
        with np.errstate(over="ignore", invalid="ignore"):  # a path that diverges is told in a sentence
            w, state = step(w, float_array(gradient(w), "gradient"), state)
        if not np.all(np.isfinite(w)):
            raise ValueError(
                f"the path diverged: step {number} of {steps} leads to {w}; take a smaller learning rate"
            )
        path.append(w)
    return np.stack(path)


def _coordinates(w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the first and the second coordinates of points."""
    w = float_array(w, "w")
    if w.shape[-1:] != (2,):
        raise ValueError(
            f"w must hold points of two weights, but w.shape={w.shape}; give points of shape (2,) or (..., 2)"
        )
    return w[..., 0], w[..., 1]
