"""Maxout: the largest of several linear functions."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array


def maxout(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Take the largest of each unit's linear functions, its pieces.

    .. math:: h_{no} = \max_k z_{kno}, \qquad z_{kno} = \sum_i x_{ni} W_{koi} + b_{ko}

    Seen from the maps, it is max pooling over several feature maps instead of over places. Seen from a unit,
    it is a convex function of straight pieces; ReLU is the one with two pieces, of which one is 0.

    Args:
        x: Inputs, shape (batch, inputs).
        W: Weights, shape (pieces, outputs, inputs).
        b: Biases, shape (pieces, outputs).

    Returns:
        Activations, shape (batch, outputs).

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.

    Source:
        Harvard, maxout; Goodfellow et al. (2013), Maxout networks, section 3.
    """
    x, W, b = _arguments(x, W, b)
    h: FloatArray = _pieces(x, W, b).max(axis=0)
    return h


def maxout_backward(
    h_bar: ArrayLike, x: ArrayLike, W: ArrayLike, b: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Pass a gradient back through the piece that was the largest.

    .. math::
        \bar z_{kno} &= \bar h_{no} \, [k = k^*_{no}], \qquad k^*_{no} = \operatorname{argmax}_k z_{kno} \\
        \bar x_{ni} &= \sum_{k, o} \bar z_{kno} W_{koi}, \qquad
        \bar W_{koi} = \sum_n \bar z_{kno} x_{ni}, \qquad \bar b_{ko} = \sum_n \bar z_{kno}

    Of several largest pieces the first gets the whole gradient.

    Args:
        h_bar: Gradient with respect to the activations, shape (batch, outputs).
        x: Inputs, shape (batch, inputs).
        W: Weights, shape (pieces, outputs, inputs).
        b: Biases, shape (pieces, outputs).

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, each of the shape of its argument.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.

    Source:
        Goodfellow et al. (2013), Maxout networks, section 3.
    """
    x, W, b = _arguments(x, W, b)
    h_bar = float_array(h_bar, "h_bar", axes=("batch", "outputs"))
    if h_bar.shape != (len(x), W.shape[1]):
        raise ValueError(
            f"h_bar must have the shape of the activations, but h_bar.shape={h_bar.shape} and "
            f"(batch, outputs) is {(len(x), W.shape[1])}; pass the gradient of this layer's h"
        )
    first_largest = _pieces(x, W, b).argmax(axis=0)
    piece = np.arange(len(W))[:, None, None]
    z_bar = np.where(piece == first_largest, h_bar, 0)  # (pieces, batch, outputs)
    return (z_bar @ W).sum(axis=0), z_bar.transpose(0, 2, 1) @ x, z_bar.sum(axis=1)


def _pieces(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    """Compute every linear function, shape (pieces, batch, outputs)."""
    return x @ W.transpose(0, 2, 1) + b[:, None, :]


def _arguments(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the arrays of a maxout layer, or say which two shapes do not fit."""
    x = float_array(x, "x", axes=("batch", "inputs"))
    W = float_array(W, "W", axes=("pieces", "outputs", "inputs"))
    b = float_array(b, "b", axes=("pieces", "outputs"))
    if x.shape[1] != W.shape[2]:
        raise ValueError(
            f"x has {x.shape[1]} features but W expects {W.shape[2]} (x.shape={x.shape}, W.shape={W.shape}); "
            "W has shape (pieces, outputs, inputs)"
        )
    if b.shape != W.shape[:2]:
        raise ValueError(
            f"b must have a bias for each piece of each unit, but b.shape={b.shape} and W.shape={W.shape}; "
            "b has shape (pieces, outputs)"
        )
    return x, W, b
