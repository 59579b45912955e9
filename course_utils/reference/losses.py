"""Losses, each the mean over the examples of a batch, with the gradient of its first argument."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.activations import logistic, softplus
from course_utils.reference.arguments import (
    FloatArray,
    IntArray,
    check_no_nan,
    check_same_shape,
    float_array,
    integer_labels,
)


def squared_error(y: ArrayLike, t: ArrayLike) -> float:
    r"""Measure how far outputs are from their targets.

    .. math:: L = \frac{1}{N} \sum_{n=1}^{N} \frac{1}{2} \sum_k (y_{nk} - t_{nk})^2

    Args:
        y: Outputs, shape (batch, outputs) or (batch,).
        t: Targets, same shape.

    Returns:
        The mean loss of an example.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or holds NaN, or the shapes differ.

    Source:
        Toronto CSC 2515, backpropagation: L = (y - t)^2 / 2.
    """
    y, t = _outputs_and_targets(y, t)
    return float(np.sum((y - t) ** 2) / (2 * len(y)))


def squared_error_backward(L_bar: float, y: ArrayLike, t: ArrayLike) -> FloatArray:
    r"""Compute the gradient of the squared error with respect to the outputs.

    .. math:: \bar y = \bar L \, \frac{y - t}{N}

    Args:
        L_bar: Gradient with respect to the loss itself, 1 at the end of a network.
        y: Outputs, shape (batch, outputs) or (batch,).
        t: Targets, same shape.

    Returns:
        Gradient with respect to ``y``, same shape.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or holds NaN, or the shapes differ.

    Source:
        Toronto CSC 2515, backpropagation: y_bar = y - t, for one example.
    """
    y, t = _outputs_and_targets(y, t)
    y_bar: FloatArray = float(L_bar) * (y - t) / len(y)
    return y_bar


def logistic_cross_entropy(z: ArrayLike, t: ArrayLike) -> float:
    r"""Measure how surprised a logistic output is by its labels.

    .. math::
        y = \sigma(z), \qquad
        L = \frac{1}{N} \sum_{n=1}^{N} \bigl(-t_n \log y_n - (1 - t_n) \log(1 - y_n)\bigr)

    It takes the logits ``z``, not ``y``: where the logistic function saturates, ``log(1 - y)`` is lost.

    Args:
        z: Logits, shape (batch,) or (batch, outputs), whose losses are added for each example.
        t: Labels 0 or 1, same shape.

    Returns:
        The mean loss of an example.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or holds NaN, the shapes differ, or a label is neither 0 nor 1.

    Source:
        Toronto CSC 2515, linear classification: logistic cross-entropy.
    """
    z, t = _logits_and_labels(z, t)
    return float(
        np.sum(softplus((1 - 2 * t) * z)) / len(z)
    )  # -log y is softplus(-z), -log(1 - y) is softplus(z)


def logistic_cross_entropy_backward(L_bar: float, z: ArrayLike, t: ArrayLike) -> FloatArray:
    r"""Compute the gradient of the logistic cross-entropy with respect to the logits.

    .. math:: \bar z = \bar L \, \frac{\sigma(z) - t}{N}

    Args:
        L_bar: Gradient with respect to the loss itself, 1 at the end of a network.
        z: Logits, shape (batch,) or (batch, outputs).
        t: Labels 0 or 1, same shape.

    Returns:
        Gradient with respect to ``z``, same shape.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or holds NaN, the shapes differ, or a label is neither 0 nor 1.

    Source:
        Toronto CSC 2515, linear classification: dL/dz = y - t, for one example.
    """
    z, t = _logits_and_labels(z, t)
    z_bar: FloatArray = float(L_bar) * (logistic(z) - t) / len(z)
    return z_bar


def softmax(z: ArrayLike) -> FloatArray:
    r"""Turn the logits of several classes into probabilities.

    .. math:: p_k = \frac{e^{z_k}}{\sum_l e^{z_l}}

    Args:
        z: Logits, shape (batch, classes).

    Returns:
        Probabilities, same shape; each row adds up to 1.

    Raises:
        TypeError: If ``z`` does not hold real numbers.
        ValueError: If ``z`` is empty, has another number of axes, or holds NaN.

    Source:
        Toronto CSC 2515, backpropagation: softmax regression.
    """
    z = float_array(z, "z", axes=("batch", "classes"))
    check_no_nan(z, "z")
    e = np.exp(_largest_is_zero(z))
    p: FloatArray = e / e.sum(axis=1, keepdims=True)
    return p


def softmax_cross_entropy(z: ArrayLike, t: ArrayLike) -> float:
    r"""Measure how surprised a softmax output is by its labels.

    .. math:: L = \frac{1}{N} \sum_{n=1}^{N} -\log p_{n, t_n}, \qquad p = \operatorname{softmax}(z)

    Args:
        z: Logits, shape (batch, classes).
        t: Integer labels from 0 to ``classes - 1``, shape (batch,).

    Returns:
        The mean loss of an example.

    Raises:
        TypeError: If ``z`` does not hold real numbers or the labels are not integers.
        ValueError: If an array is empty, ``z`` holds NaN, the shapes do not fit, or a label is out of range.

    Source:
        Toronto CSC 2515, backpropagation: L = -sum_k t_k log y_k.
    """
    z, t = _logits_and_classes(z, t)
    shifted = _largest_is_zero(z)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return float(np.mean(log_sum - shifted[np.arange(len(z)), t]))


def softmax_cross_entropy_backward(L_bar: float, z: ArrayLike, t: ArrayLike) -> FloatArray:
    r"""Compute the gradient of the softmax cross-entropy with respect to the logits.

    .. math:: \bar z_{nk} = \bar L \, \frac{p_{nk} - [k = t_n]}{N}

    Args:
        L_bar: Gradient with respect to the loss itself, 1 at the end of a network.
        z: Logits, shape (batch, classes).
        t: Integer labels from 0 to ``classes - 1``, shape (batch,).

    Returns:
        Gradient with respect to ``z``, same shape.

    Raises:
        TypeError: If ``z`` does not hold real numbers or the labels are not integers.
        ValueError: If an array is empty, ``z`` holds NaN, the shapes do not fit, or a label is out of range.

    Source:
        Toronto CSC 2515, backpropagation: the gradient is y - t, for one example.
    """
    z, t = _logits_and_classes(z, t)
    z_bar = softmax(z)
    z_bar[np.arange(len(z)), t] -= 1
    return float(L_bar) * z_bar / len(z)


def _largest_is_zero(z: FloatArray) -> FloatArray:
    """Shift each row so that its largest logit is 0: the same probabilities, and no overflow."""
    shifted: FloatArray = z - z.max(axis=1, keepdims=True)
    return shifted


def _outputs_and_targets(y: ArrayLike, t: ArrayLike, name: str = "y") -> tuple[FloatArray, FloatArray]:
    """Return a loss's two arrays: of one shape, with a batch axis and without NaN."""
    y, t = float_array(y, name), float_array(t, "t")
    check_same_shape(y, name, t, "t")
    if y.ndim == 0:
        raise ValueError(
            f"{name} and t are single numbers but a loss needs a batch; give arrays of shape (1,)"
        )
    check_no_nan(y, name)
    check_no_nan(t, "t")
    return y, t.astype(y.dtype)  # so that integer labels do not turn float32 into float64


def _logits_and_labels(z: ArrayLike, t: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return logits and their labels, each 0 or 1."""
    z, t = _outputs_and_targets(z, t, name="z")
    wrong = t[(t != 0) & (t != 1)]
    if wrong.size:
        raise ValueError(
            f"t holds the label {wrong[0]:g} but a logistic output has labels 0 and 1; convert the labels"
        )
    return z, t


def _logits_and_classes(z: ArrayLike, t: ArrayLike) -> tuple[FloatArray, IntArray]:
    """Return the logits of several classes, and an integer label for each example."""
    z = float_array(z, "z", axes=("batch", "classes"))
    check_no_nan(z, "z")
    return z, integer_labels(t, "t", count=z.shape[0], classes=z.shape[1])
