"""The fully connected layer, forward and backward."""

from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array


def dense(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Weigh and add the inputs of each unit, for every example of a batch.

    .. math:: z = x W^\top + b, \qquad z_{nj} = \sum_i x_{ni} W_{ji} + b_j

    Args:
        x: Inputs, shape (batch, inputs).
        W: Weights, shape (outputs, inputs), a row for each unit.
        b: Biases, shape (outputs,).

    Returns:
        Pre-activations, shape (batch, outputs).

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.

    Source:
        Toronto CSC 2515, multilayer perceptrons: y = phi(Wx + b).
    """
    x, W, b = _arguments(x, W, b)
    return x @ W.T + b


def dense_backward(
    z_bar: ArrayLike, x: ArrayLike, W: ArrayLike, b: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Pass a gradient back through a fully connected layer.

    .. math:: \bar x = \bar z W, \qquad \bar W = \bar z^\top x, \qquad \bar b = \sum_n \bar z_n

    Args:
        z_bar: Gradient of the loss with respect to the pre-activations, shape (batch, outputs).
        x: Inputs, shape (batch, inputs).
        W: Weights, shape (outputs, inputs).
        b: Biases, shape (outputs,).

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, each of the shape of its argument.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.

    Source:
        Toronto CSC 2515, backpropagation, vectorised form: W_bar = z_bar x^T, h_bar = W^T z_bar.
    """
    x, W, b = _arguments(x, W, b)
    z_bar = float_array(z_bar, "z_bar", axes=("batch", "outputs"))
    if z_bar.shape != (len(x), len(W)):
        raise ValueError(
            f"z_bar must have the shape of x @ W.T, but z_bar.shape={z_bar.shape} and (batch, outputs) is "
            f"{(len(x), len(W))} (x.shape={x.shape}, W.shape={W.shape}); pass the gradient of this layer's z"
        )
    return z_bar @ W, z_bar.T @ x, z_bar.sum(axis=0)


def weights_and_biases(W: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the weights and biases of one layer as arrays that fit together.

    Args:
        W: Weights, shape (outputs, inputs).
        b: Biases, shape (outputs,).

    Returns:
        Both as float arrays.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.
    """
    W = float_array(W, "W", axes=("outputs", "inputs"))
    b = float_array(b, "b", axes=("outputs",))
    if len(b) != len(W):
        raise ValueError(
            f"b has {len(b)} biases but W has {len(W)} units (b.shape={b.shape}, W.shape={W.shape}); "
            "give each unit one bias"
        )
    return W, b


def _arguments(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the arrays of a dense layer, or say which two shapes do not fit."""
    x = float_array(x, "x", axes=("batch", "inputs"))
    W, b = weights_and_biases(W, b)
    if x.shape[1] != W.shape[1]:
        raise ValueError(
            f"x has {x.shape[1]} features but W expects {W.shape[1]} (x.shape={x.shape}, W.shape={W.shape}); "
            "W has shape (outputs, inputs)"
        )
    return x, W, b
