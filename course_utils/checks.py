"""Check a gradient against the definition of the derivative."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64Array = NDArray[np.float64]


def central_differences(
    function: Callable[[Float64Array], Any], x: ArrayLike, *, step: float = 1e-5
) -> Float64Array:
    r"""Estimate the gradient of a scalar function, one entry of ``x`` at a time.

    .. math:: \frac{\partial L}{\partial x_i} \approx \frac{L(x + s e_i) - L(x - s e_i)}{2 s}

    The error of the formula falls with the square of the step ``s``, until rounding takes over; for
    functions of ordinary size in float64 the best step is near 1e-5.

    Args:
        function: Takes an array of the shape of ``x`` and returns one number; gets a fresh array.
        x: Where to differentiate, any shape; computed in float64.
        step: Distance ``s`` to each side, in the unit of ``x``.

    Returns:
        The estimated gradient, of the shape of ``x``.

    Raises:
        TypeError: If ``x`` does not hold real numbers.
        ValueError: If ``x`` is empty, the step is not positive, or the function returns more than one number.

    Source:
        Press et al., Numerical Recipes, section 5.7.
    """
    x = _float64(x, "x")
    if not step > 0:
        raise ValueError(f"step={step} but a difference needs a positive step; 1e-5 suits most functions")
    gradient = np.empty_like(x)
    for entry in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[entry] += step
        below[entry] -= step
        gradient[entry] = (_number(function(above)) - _number(function(below))) / (2 * step)
    return gradient


def assert_gradients_match(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *arguments: Any,
    rng: np.random.Generator,
    step: float = 1e-5,
    tolerance: float = 1e-6,
) -> None:
    r"""Assert that ``backward`` computes the gradients of ``forward``.

    A random :math:`\bar y` turns the output into one number, :math:`L = \sum \bar y \, f(x, W, \ldots)`,
    whose gradient ``backward(y_bar, *arguments)`` must return for each float argument, in their order.
    Arguments that are not floats (labels, names, layers) are passed on and not differentiated.

    Args:
        forward: The function, returning one array or number.
        backward: Its gradient function, ``backward(y_bar, *arguments)``.
        *arguments: What to call them with; float arrays and floats are computed in float64.
        rng: Draws ``y_bar``.
        step: Step of the central differences, in the unit of the arguments.
        tolerance: Largest difference accepted, relative to the gradient where that exceeds 1.

    Raises:
        AssertionError: If a gradient is missing, has another shape than its argument, or differs from the
            central differences in any entry; NaN never passes.
        ValueError: If no argument is a float array or a float.

    Source:
        Toronto CSC 2515, backpropagation: the bar notation; the check is standard practice.
    """
    values = [_float64(value, "argument") if _is_float(value) else value for value in arguments]
    places = [place for place, value in enumerate(arguments) if _is_float(value)]
    names = _argument_names(forward, len(arguments))
    if not places:
        raise ValueError(
            "none of the arguments holds floats, so there is nothing to differentiate; pass float arrays"
        )
    y_bar = rng.standard_normal(np.shape(forward(*_copies(values))))
    gradients = backward(y_bar.copy(), *_copies(values))
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    if len(gradients) != len(places):
        wanted = ", ".join(names[place] for place in places)
        raise AssertionError(
            f"backward returned {len(gradients)} gradients but forward has {len(places)} float arguments "
            f"({wanted}); return one for each, in that order"
        )
    for place, gradient in zip(places, gradients, strict=True):

        def scalar_loss(value: Float64Array, place: int = place) -> Any:
            changed = _copies(values)
            changed[place] = value
            return np.sum(y_bar * forward(*changed))

        numeric = central_differences(scalar_loss, values[place], step=step)
        _assert_close(gradient, numeric, names[place], tolerance)


def _assert_close(gradient: Any, numeric: Float64Array, name: str, tolerance: float) -> None:
    """Raise an AssertionError that names the worst entry, unless all entries agree."""
    gradient = np.asarray(gradient)
    if gradient.shape != numeric.shape:
        raise AssertionError(
            f"the gradient of {name} has shape {gradient.shape} but {name} has shape {numeric.shape}; "
            "a gradient has the shape of its argument"
        )
    with np.errstate(invalid="ignore"):  # inf - inf is NaN, which does not pass
        difference = np.abs(gradient - numeric)
    limit = tolerance * np.maximum(1, np.abs(numeric))
    if np.all(difference <= limit):  # False where either side is NaN
        return
    excess = np.where(np.isnan(difference), np.inf, difference - limit)
    entry = tuple(int(i) for i in np.unravel_index(np.argmax(excess), excess.shape))
    place = f"{name}[{', '.join(map(str, entry))}]" if entry else name
    raise AssertionError(
        f"the gradient of {place} is {float(gradient[entry]):.9g} but central differences give "
        f"{float(numeric[entry]):.9g} (tolerance {tolerance:g}); {np.sum(~(difference <= limit))} of "
        f"{numeric.size} entries of {name} differ"
    )


def _is_float(value: Any) -> bool:
    """Tell a float or a float array from everything else."""
    return isinstance(value, float | np.floating) or (
        isinstance(value, np.ndarray) and np.issubdtype(value.dtype, np.floating)
    )


def _copies(values: list[Any]) -> list[Any]:
    """Copy the arrays, so that a function that changes its arguments cannot hide a mistake."""
    return [value.copy() if isinstance(value, np.ndarray) else value for value in values]


def _float64(value: ArrayLike, name: str) -> Float64Array:
    """Return a float64 copy of an array of real numbers that is not empty."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        raise TypeError(
            f"{name} must hold real numbers, but its dtype is {array.dtype}; convert it to floats first"
        )
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}); give at least one entry")
    return np.array(array, dtype=np.float64)


def _number(value: Any) -> float:
    """Return what a scalar function returned as a float."""
    if np.shape(value) != ():
        raise ValueError(
            f"function returned shape {np.shape(value)} but must return one number; sum its entries"
        )
    return float(value)


def _argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """Return the names of a function's positional arguments, as far as it tells them."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some functions written in C do not tell
        parameters = []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [parameter.name for parameter in parameters if parameter.kind in kinds][:count]
    return names + [f"argument {place + 1}" for place in range(len(names), count)]
