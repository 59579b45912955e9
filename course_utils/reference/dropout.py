"""Dropout: a random part of the inputs is set to zero while training."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_same_shape, float_array
from course_utils.reference.settings import array_shape, check_random, fraction


def dropout_mask(
    shape: Sequence[int] | int, rate: float, generator: np.random.Generator, *, scaled: bool = False
) -> FloatArray:
    r"""Draw which inputs are kept, each by its own toss of a coin.

    .. math::
        m_i = \begin{cases} 0 & \text{with probability } r \\ 1 & \text{otherwise} \end{cases}
        \qquad \text{scaled: } \frac{m_i}{1 - r}

    There are two ways to make up for the missing inputs. With zeros and ones, the weights that read them are
    multiplied by :math:`1 - r` after training. With a scaled mask the kept inputs grow while training, and
    nothing is left to do afterwards.

    Args:
        shape: Shape of the mask: that of the inputs, or of one example.
        rate: Probability r of dropping an input, at least 0 and less than 1.
        generator: Draws the mask; the same generator gives the same mask.
        scaled: True to divide the mask by the probability of keeping an input.

    Returns:
        The mask, float64.

    Raises:
        TypeError: If ``rate`` is not a number, a size not an integer, or ``generator`` no generator.
        ValueError: If ``rate`` or a size is out of range.

    Source:
        Harvard, dropout training: set a fraction of the inputs to zero, then scale W; Srivastava et al.
        (2014), Dropout: a simple way to prevent neural networks from overfitting, section 4.
    """
    check_random(generator)
    rate = fraction(rate, "rate")
    kept = generator.random(array_shape(shape)) >= rate
    return kept / (1 - rate) if scaled else kept.astype(np.float64)


def dropout(x: ArrayLike, mask: ArrayLike) -> FloatArray:
    r"""Set the inputs that a mask drops to zero.

    .. math:: y = m \odot x

    Args:
        x: Inputs, shape (batch, ...).
        mask: From `dropout_mask`, shape of ``x``; or of one example, which drops the same inputs in all.

    Returns:
        What is left, shape and precision of ``x``.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.

    Source:
        Harvard, dropout training; Srivastava et al. (2014), section 4.
    """
    x, mask = _inputs_and_mask(x, mask)
    return x * mask


def dropout_backward(y_bar: ArrayLike, x: ArrayLike, mask: ArrayLike) -> FloatArray:
    r"""Pass a gradient back to the inputs that were kept.

    .. math:: \bar x = m \odot \bar y

    Args:
        y_bar: Gradient with respect to the output, shape of ``x``.
        x: Inputs, shape (batch, ...).
        mask: The mask of the forward pass; it is drawn, not learned, and gets no gradient.

    Returns:
        ``x_bar``, shape of ``x``.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or the shapes do not fit.

    Source:
        Srivastava et al. (2014), section 5.1.
    """
    x, mask = _inputs_and_mask(x, mask)
    y_bar = float_array(y_bar, "y_bar")
    check_same_shape(y_bar, "y_bar", x, "x")
    return y_bar * mask


def _inputs_and_mask(x: ArrayLike, mask: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return inputs and a mask of their precision, for each example or one for all."""
    x, mask = float_array(x, "x"), float_array(mask, "mask")
    one_example = x.shape[1:] or x.shape
    if mask.shape not in (x.shape, one_example):
        raise ValueError(
            f"mask must have the shape of x or of one example, but mask.shape={mask.shape} and "
            f"x.shape={x.shape}; draw it with dropout_mask(x.shape, ...)"
        )
    return x, mask.astype(x.dtype, copy=False)
