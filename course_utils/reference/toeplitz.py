"""Convolution as a product with one large, mostly empty matrix whose entries repeat."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_integer, float_array
from course_utils.reference.conv_arguments import number_of_groups
from course_utils.reference.conv_layers import conv2d
from course_utils.reference.geometry import Option, per_axis


def toeplitz_matrix(a: ArrayLike, length: int) -> FloatArray:
    r"""Build the matrix whose product with b is the full convolution a * b.

    .. math:: T_{t,\tau} = a_{t - \tau}, \qquad a * b = T b

    Each column is a copy of ``a``, one place further down than the one before: a banded Toeplitz matrix.

    Args:
        a: Signal, shape (size,).
        length: Number of entries of b.

    Returns:
        Shape (size + length - 1, length).

    Raises:
        TypeError: If ``a`` does not hold real numbers, or ``length`` is not an integer.
        ValueError: If ``a`` is empty or has other axes, or ``length`` is smaller than 1.

    Source:
        Toronto CSC 2515, convolutional networks: convolution as matrix multiplication.
    """
    a = float_array(a, "a", axes=("size",))
    length = _positive(length, "length")
    T = np.zeros((len(a) + length - 1, length), dtype=a.dtype)
    for column in range(length):
        T[column : column + len(a), column] = a
    return T


def block_toeplitz_matrix(kernel: ArrayLike, shape: Option) -> FloatArray:
    r"""Build the matrix whose product with an image, laid out row by row, is its full convolution.

    Its blocks are Toeplitz matrices of the kernel's rows, and the blocks repeat as the entries do in
    `toeplitz_matrix`.

    Args:
        kernel: Shape (kernel_height, kernel_width).
        shape: Height and width of the image; an integer for both.

    Returns:
        Shape (out_height * out_width, height * width), with out_height = height + kernel_height - 1.

    Raises:
        TypeError: If ``kernel`` does not hold real numbers, or a size is not an integer.
        ValueError: If ``kernel`` is empty or has other axes, or a size is smaller than 1.

    Source:
        Toronto CSC 2515, convolutional networks: convolution as matrix multiplication, in two dimensions.
    """
    kernel = float_array(kernel, "kernel", axes=("kernel_height", "kernel_width"))
    height, width = (_positive(size, "shape") for size in per_axis(shape, 2, "shape"))
    blocks = np.stack([toeplitz_matrix(row, width) for row in kernel])
    matrix = np.zeros((height + len(kernel) - 1, blocks.shape[1], height, width), dtype=kernel.dtype)
    for row in range(height):
        matrix[row : row + len(kernel), :, row] = blocks
    return matrix.reshape(-1, height * width)


def convolve_by_matrix(a: ArrayLike, b: ArrayLike) -> FloatArray:
    """Convolve by multiplying b with the Toeplitz matrix of a, or an image b with the block-Toeplitz matrix.

    Args:
        a: Signal or image.
        b: Kernel, with as many axes.

    Returns:
        The full convolution.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or has more than two axes, or they have different numbers of axes.

    Source:
        Toronto CSC 2515, convolutional networks: convolution as matrix multiplication.
    """
    a, b = float_array(a, "a"), float_array(b, "b")
    if a.ndim != b.ndim or a.ndim not in (1, 2):
        raise ValueError(
            f"a and b must both be signals or both be images, but a.shape={a.shape} and b.shape={b.shape}; "
            "reshape one of them"
        )
    if a.ndim == 1:
        return np.asarray(toeplitz_matrix(a, len(b)) @ b)
    size = tuple(n + k - 1 for n, k in zip(a.shape, b.shape, strict=True))
    return np.asarray(block_toeplitz_matrix(a, b.shape) @ b.reshape(-1)).reshape(size)


def conv2d_matrix(
    W: ArrayLike, size: Option, *, stride: Option = 1, padding: Any = 0, dilation: Option = 1, groups: int = 1
) -> FloatArray:
    r"""Build the fully connected layer that a convolution layer is: most weights zero, the others repeated.

    .. math:: \operatorname{flat}(\operatorname{conv2d}(x, W)) = M \operatorname{flat}(x)

    Column by column, it is what the layer makes of an image with a single 1.

    Args:
        W: Kernels, shape (out_channels, in_channels / groups, kernel_height, kernel_width).
        size: Height and width of the images; an integer for both.
        stride: As for `conv2d`.
        padding: As for `conv2d`.
        dilation: As for `conv2d`.
        groups: As for `conv2d`.

    Returns:
        Shape (out_channels * out_height * out_width, in_channels * height * width).

    Raises:
        TypeError: As for `conv2d`.
        ValueError: As for `conv2d`.

    Source:
        DGIST, an infinitely strong prior; Goodfellow et al., Deep Learning (2016), section 9.4.
    """
    W = float_array(W, "W", axes=("out_channels", "in_channels / groups", "kernel_height", "kernel_width"))
    height, width = (_positive(length, "size") for length in per_axis(size, 2, "size"))
    channels = W.shape[1] * number_of_groups(groups)
    single = np.eye(channels * height * width, dtype=W.dtype).reshape(-1, channels, height, width)
    y = conv2d(single, W, stride=stride, padding=padding, dilation=dilation, groups=groups)
    return y.reshape(len(single), -1).T


def _positive(value: int, name: str) -> int:
    check_integer(value, name)
    if value < 1:
        raise ValueError(f"{name}={value} but a signal or an image needs at least 1; give a positive integer")
    return int(value)
