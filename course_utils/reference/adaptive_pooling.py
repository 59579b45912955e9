"""Pooling to a size that is given: windows stretch with the image, forward and backward."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_integer, float_array
from course_utils.reference.conv_arguments import output_gradient
from course_utils.reference.geometry import Option, per_axis

Cell = tuple[int, int, slice, slice]


def adaptive_avg_pool2d(x: ArrayLike, output_size: Option) -> FloatArray:
    r"""Take the mean of each window, so many windows that the output has the size that is wanted.

    .. math:: \text{window } i = \{\lfloor i\, n / m \rfloor, \ldots, \lceil (i + 1)\, n / m \rceil - 1\}

    Here n is the input's size along an axis and m the output's; neighbouring windows overlap by one where m
    does not divide n.

    Args:
        x: Feature maps, shape (batch, channels, height, width), of any size.
        output_size: Size of the output; an integer, or (height, width).

    Returns:
        Shape (batch, channels, *output_size).

    Raises:
        TypeError: If ``x`` does not hold real numbers, or a size is not an integer.
        ValueError: If ``x`` is empty or has other axes, or a size is smaller than 1.

    Source:
        DGIST, pooling for inputs of variable size; signature: torch.nn.functional.adaptive_avg_pool2d.
    """
    x, size = _arguments(x, output_size)
    y = np.empty((*x.shape[:2], *size), dtype=x.dtype)
    for i, j, rows, columns in _cells(x, size):
        y[:, :, i, j] = x[:, :, rows, columns].mean(axis=(2, 3))
    return y


def adaptive_avg_pool2d_backward(y_bar: ArrayLike, x: ArrayLike, output_size: Option) -> FloatArray:
    """Share each output's gradient equally among the values of its window.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, channels, *output_size).
        x: Feature maps, as for `adaptive_avg_pool2d`.
        output_size: As for `adaptive_avg_pool2d`.

    Returns:
        ``x_bar``, shape of ``x``.

    Raises:
        TypeError: As for `adaptive_avg_pool2d`.
        ValueError: As for `adaptive_avg_pool2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: backward through pooling.
    """
    x, size = _arguments(x, output_size)
    y_bar = output_gradient(y_bar, (*x.shape[:2], *size))
    x_bar = np.zeros(x.shape, dtype=np.result_type(x, y_bar))
    for i, j, rows, columns in _cells(x, size):
        count = (rows.stop - rows.start) * (columns.stop - columns.start)
        x_bar[:, :, rows, columns] += y_bar[:, :, i, j, None, None] / count
    return x_bar


def adaptive_max_pool2d(x: ArrayLike, output_size: Option) -> FloatArray:
    """Take the largest value of each window of `adaptive_avg_pool2d`.

    Args:
        x: Feature maps, shape (batch, channels, height, width), of any size.
        output_size: Size of the output; an integer, or (height, width).

    Returns:
        Shape (batch, channels, *output_size).

    Raises:
        TypeError: If ``x`` does not hold real numbers, or a size is not an integer.
        ValueError: If ``x`` is empty or has other axes, or a size is smaller than 1.

    Source:
        DGIST, pooling for inputs of variable size; signature: torch.nn.functional.adaptive_max_pool2d.
    """
    x, size = _arguments(x, output_size)
    y = np.empty((*x.shape[:2], *size), dtype=x.dtype)
    for i, j, rows, columns in _cells(x, size):
        y[:, :, i, j] = x[:, :, rows, columns].max(axis=(2, 3))
    return y


def adaptive_max_pool2d_backward(y_bar: ArrayLike, x: ArrayLike, output_size: Option) -> FloatArray:
    """Send each output's gradient to the largest value of its window, the first of several; NaN is largest.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, channels, *output_size).
        x: Feature maps, as for `adaptive_max_pool2d`.
        output_size: As for `adaptive_max_pool2d`.

    Returns:
        ``x_bar``, shape of ``x``.

    Raises:
        TypeError: As for `adaptive_max_pool2d`.
        ValueError: As for `adaptive_max_pool2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: backward through pooling.
    """
    x, size = _arguments(x, output_size)
    y_bar = output_gradient(y_bar, (*x.shape[:2], *size))
    x_bar = np.zeros(x.shape, dtype=np.result_type(x, y_bar))
    for i, j, rows, columns in _cells(x, size):
        window = x[:, :, rows, columns].reshape(*x.shape[:2], -1)
        first = np.arange(window.shape[2]) == window.argmax(axis=2, keepdims=True)
        part = np.where(first, y_bar[:, :, i, j, None], 0)
        x_bar[:, :, rows, columns] += part.reshape(x_bar[:, :, rows, columns].shape)
    return x_bar


def _arguments(x: ArrayLike, output_size: Option) -> tuple[FloatArray, tuple[int, int]]:
    """Return feature maps as floats, and the size of the output as a pair."""
    x = float_array(x, "x", axes=("batch", "channels", "height", "width"))
    height, width = per_axis(output_size, 2, "output_size")
    for size in (height, width):
        check_integer(size, "output_size")
        if size < 1:
            raise ValueError(
                f"output_size={output_size!r} but an output needs at least 1; give positive integers"
            )
    return x, (int(height), int(width))


def _cells(x: FloatArray, size: tuple[int, int]) -> Iterator[Cell]:
    """Yield each output's row and column, and the rows and columns of its window."""
    rows, columns = (_windows(n, m) for n, m in zip(x.shape[2:], size, strict=True))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            yield i, j, row, column


def _windows(inputs: int, outputs: int) -> list[slice]:
    """List the windows along one axis: each starts at floor(i n / m) and stops before ceil((i + 1) n / m)."""
    return [slice(i * inputs // outputs, -(-(i + 1) * inputs // outputs)) for i in range(outputs)]
