"""Pooling over windows of an image: maximum, average and L2, forward and backward."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray
from course_utils.reference.geometry import Option
from course_utils.reference.pool_windows import PoolWindows, read_pool


def max_pool2d(
    x: ArrayLike,
    kernel_size: Option,
    *,
    stride: Option | None = None,
    padding: Option = 0,
    dilation: Option = 1,
    ceil_mode: bool = False,
) -> FloatArray:
    r"""Take the largest value of each window.

    .. math:: y_{n,c,i,j} = \max_{u,v} x_{n,c,\, s i + d u,\, s j + d v}

    Args:
        x: Feature maps, shape (batch, channels, height, width).
        kernel_size: Size of a window; an integer, or (vertical, horizontal).
        stride: Distance s between neighbouring windows; by default a window's size, so that none overlap.
        padding: Places added at both ends of an axis, at most half a window; they are never the largest.
        dilation: Distance d between neighbouring places of a window.
        ceil_mode: True to keep a last window that reaches beyond the end.

    Returns:
        Shape (batch, channels, out_height, out_width).

    Raises:
        TypeError: If ``x`` does not hold real numbers, or an option is not an integer.
        ValueError: If ``x`` is empty or has other axes, an option is out of range, or the window is larger
            than the padded map.

    Source:
        Toronto CSC 2515 and Yale CPSC 452, pooling; signature: torch.nn.functional.max_pool2d.
    """
    x, pool = read_pool(x, kernel_size, stride, padding, dilation, ceil_mode)
    y: FloatArray = pool.windows(x, fill=-np.inf).max(axis=-1)
    return y


def max_pool2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    kernel_size: Option,
    *,
    stride: Option | None = None,
    padding: Option = 0,
    dilation: Option = 1,
    ceil_mode: bool = False,
) -> FloatArray:
    r"""Send each output's gradient to the place of the largest value of its window.

    .. math:: \bar x_{n,c,\, s i + d u^*,\, s j + d v^*} \mathrel{+}= \bar y_{n,c,i,j}

    Of several largest values the first one, row by row, gets the whole gradient, as in PyTorch. Where windows
    overlap, gradients add up. NaN counts as larger than any number.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, channels, out_height, out_width).
        x: Feature maps, as for `max_pool2d`.
        kernel_size: As for `max_pool2d`.
        stride: As for `max_pool2d`.
        padding: As for `max_pool2d`.
        dilation: As for `max_pool2d`.
        ceil_mode: As for `max_pool2d`.

    Returns:
        ``x_bar``, shape of ``x``.

    Raises:
        TypeError: As for `max_pool2d`.
        ValueError: As for `max_pool2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: backward through pooling.
    """
    x, pool = read_pool(x, kernel_size, stride, padding, dilation, ceil_mode)
    first = pool.first_largest(x)
    return pool.collect(y_bar, x, lambda place, y_bar: np.where(first == place, y_bar, 0))


def avg_pool2d(
    x: ArrayLike,
    kernel_size: Option,
    *,
    stride: Option | None = None,
    padding: Option = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> FloatArray:
    r"""Take the mean of each window.

    .. math:: y_{n,c,i,j} = \frac{1}{k_h k_w} \sum_{u,v} x_{n,c,\, s i + u,\, s j + v}

    Args:
        x: Feature maps, shape (batch, channels, height, width).
        kernel_size: Size of a window; an integer, or (vertical, horizontal).
        stride: Distance s between neighbouring windows; by default a window's size, so that none overlap.
        padding: Zeros at both ends of an axis, at most half a window.
        ceil_mode: True to keep a last window that reaches beyond the end; it counts what is there.
        count_include_pad: False to divide by the number of real values only.

    Returns:
        Shape (batch, channels, out_height, out_width).

    Raises:
        TypeError: If ``x`` does not hold real numbers, or an option is not an integer.
        ValueError: If ``x`` is empty or has other axes, an option is out of range, or the window is larger
            than the padded map.

    Source:
        Toronto CSC 2515 and Yale CPSC 452, pooling; signature: torch.nn.functional.avg_pool2d.
    """
    x, pool = read_pool(x, kernel_size, stride, padding, 1, ceil_mode)
    y: FloatArray = pool.windows(x, fill=0).sum(axis=-1) / pool.counts(count_include_pad, x.dtype)
    return y


def avg_pool2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    kernel_size: Option,
    *,
    stride: Option | None = None,
    padding: Option = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> FloatArray:
    r"""Share each output's gradient equally among the values of its window.

    .. math:: \bar x_{n,c,\, s i + u,\, s j + v} \mathrel{+}= \frac{1}{k_h k_w} \bar y_{n,c,i,j}

    Args:
        y_bar: Gradient with respect to the output, shape (batch, channels, out_height, out_width).
        x: Feature maps, as for `avg_pool2d`.
        kernel_size: As for `avg_pool2d`.
        stride: As for `avg_pool2d`.
        padding: As for `avg_pool2d`.
        ceil_mode: As for `avg_pool2d`.
        count_include_pad: As for `avg_pool2d`.

    Returns:
        ``x_bar``, shape of ``x``.

    Raises:
        TypeError: As for `avg_pool2d`.
        ValueError: As for `avg_pool2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: backward through pooling.
    """
    x, pool = read_pool(x, kernel_size, stride, padding, 1, ceil_mode)
    counts = pool.counts(count_include_pad, x.dtype)
    return pool.collect(y_bar, x, lambda place, y_bar: y_bar / counts)  # noqa: ARG005


def l2_pool2d(
    x: ArrayLike, kernel_size: Option, *, stride: Option | None = None, ceil_mode: bool = False
) -> FloatArray:
    r"""Take the length of each window, read as a vector.

    .. math:: y_{n,c,i,j} = \sqrt{\sum_{u,v} x_{n,c,\, s i + u,\, s j + v}^2}

    Args:
        x: Feature maps, shape (batch, channels, height, width).
        kernel_size: Size of a window; an integer, or (vertical, horizontal).
        stride: Distance s between neighbouring windows; by default a window's size, so that none overlap.
        ceil_mode: True to keep a last window that reaches beyond the end; the sum of its squares is scaled up
            to the number of values in a full window, as in PyTorch.

    Returns:
        Shape (batch, channels, out_height, out_width).

    Raises:
        TypeError: If ``x`` does not hold real numbers, or an option is not an integer.
        ValueError: If ``x`` is empty or has other axes, an option is out of range, or the window is larger
            than the map.

    Source:
        Yale CPSC 452, pooling; the same as torch.nn.functional.lp_pool2d with norm_type 2.
    """
    x, pool = read_pool(x, kernel_size, stride, 0, 1, ceil_mode)
    return _length(pool.windows(x, fill=0)) * _fullness(pool, x.dtype)


def l2_pool2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    kernel_size: Option,
    *,
    stride: Option | None = None,
    ceil_mode: bool = False,
) -> FloatArray:
    r"""Share each output's gradient among the values of its window, in proportion to them.

    .. math::
        \bar x_{n,c,\, s i + u,\, s j + v} \mathrel{+}=
        \frac{x_{n,c,\, s i + u,\, s j + v}}{y_{n,c,i,j}} \, \bar y_{n,c,i,j}

    A window of zeros has no slope; it gets the gradient 0.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, channels, out_height, out_width).
        x: Feature maps, as for `l2_pool2d`.
        kernel_size: As for `l2_pool2d`.
        stride: As for `l2_pool2d`.
        ceil_mode: As for `l2_pool2d`.

    Returns:
        ``x_bar``, shape of ``x``.

    Raises:
        TypeError: As for `l2_pool2d`.
        ValueError: As for `l2_pool2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: backward through pooling.
    """
    x, pool = read_pool(x, kernel_size, stride, 0, 1, ceil_mode)
    windows, scale = pool.windows(x, fill=0), _fullness(pool, x.dtype)
    length = _length(windows)[..., None]
    with np.errstate(invalid="ignore"):  # the slope at infinity is NaN
        slopes = windows / np.where(length == 0, 1, length)
    return pool.collect(y_bar, x, lambda place, y_bar: slopes[..., place] * scale * y_bar)


def _length(windows: FloatArray) -> FloatArray:
    """Return the root of the sum of squares along the last axis, also where squares would overflow."""
    largest = np.abs(windows).max(axis=-1)
    scale = np.where((largest == 0) | np.isinf(largest), 1, largest)
    with np.errstate(over="ignore"):  # beside an infinity
        squares = np.square(windows / scale[..., None]).sum(axis=-1)
    return np.asarray(np.sqrt(squares) * scale)


def _fullness(pool: PoolWindows, dtype: np.dtype[Any]) -> FloatArray:
    """Return what scales the length of a window that reaches beyond the end up to that of a full one."""
    full = dtype.type(prod(pool.geometry.kernel_size))
    return np.asarray(np.sqrt(full / pool.counts(True, dtype)))
