"""LeNet worked out from its parameters alone, with windows and sums in NumPy; and with likely mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]
SHAPES: Mapping[str, Shape] = {
    "the weights of C1": (6, 1, 5, 5),
    "the biases of C1": (6,),
    "the weights of C3": (16, 6, 5, 5),
    "the biases of C3": (16,),
    "the weights of F5": (120, 400),
    "the biases of F5": (120,),
    "the weights of F6": (84, 120),
    "the biases of F6": (84,),
    "the weights of the output": (10, 84),
    "the biases of the output": (10,),
}


def draw_parameters(rng: np.random.Generator) -> dict[Shape, Array]:
    """Draw parameters that keep every tanh away from its flat ends.

    Args:
        rng: Source of the numbers.

    Returns:
        The arrays by their shapes, which differ all.
    """
    drawn = {}
    for shape in SHAPES.values():
        spread = 0.5 if len(shape) == 1 else 1.5 / np.sqrt(np.prod(shape[1:]))
        drawn[shape] = rng.normal(scale=spread, size=shape).astype(np.float32).astype(float)
    return drawn


def relu(z: Array) -> Array:
    """Apply the rectified linear unit.

    Args:
        z: Any array.

    Returns:
        An array of the same shape.
    """
    return np.where(z > 0, z, 0.0)


def logistic(z: Array) -> Array:
    """Apply the logistic function.

    Args:
        z: Any array.

    Returns:
        An array of the same shape.
    """
    return np.asarray(1 / (1 + np.exp(-z)))


def softmax(z: Array) -> Array:
    """Turn scores into probabilities.

    Args:
        z: Scores, shape (batch, classes).

    Returns:
        Probabilities of the same shape.
    """
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def lenet(
    x: Array,
    parameters: Mapping[Shape, Array],
    *,
    phi: Callable[[Array], Array] = np.tanh,
    pool: Callable[..., Any] = np.mean,
    pool_first: bool = False,
    dense_phi: tuple[bool, bool] = (True, True),
    last: Callable[[Array], Array] = np.asarray,
    channels_last: bool = False,
) -> Array:
    """Work out LeNet's scores; the options are likely mistakes.

    Args:
        x: Images, shape (batch, 1, 28, 28).
        parameters: Arrays by their shapes.
        phi: The nonlinearity.
        pool: What is taken of the four entries of a pooling window.
        pool_first: Whether the nonlinearity comes after pooling.
        dense_phi: Whether there is a nonlinearity after F5, and after F6.
        last: What is done to the scores.
        channels_last: Whether maps are laid flat pixel by pixel rather than map by map.

    Returns:
        The scores, shape (batch, 10).
    """
    h = np.pad(x.astype(float), ((0, 0), (0, 0), (2, 2), (2, 2)))
    for shape in ((6, 1, 5, 5), (16, 6, 5, 5)):
        windows = sliding_window_view(h, (5, 5), axis=(2, 3))
        z = np.einsum("bcrsij,ocij->bors", windows, parameters[shape])
        z = z + parameters[shape[:1]][:, None, None]
        quarters = sliding_window_view(z if pool_first else phi(z), (2, 2), axis=(2, 3))[:, :, ::2, ::2]
        h = pool(quarters, axis=(4, 5))
        h = phi(h) if pool_first else h
    h = (np.moveaxis(h, 1, 3) if channels_last else h).reshape(len(x), -1)
    for outputs, inputs, bend in ((120, 400, dense_phi[0]), (84, 120, dense_phi[1])):
        z = np.einsum("bi,oi->bo", h, parameters[outputs, inputs]) + parameters[outputs,]
        h = phi(z) if bend else z
    return last(np.einsum("bi,oi->bo", h, parameters[10, 84]) + parameters[10,])
