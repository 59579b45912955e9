"""Convolution and cross-correlation of signals and images, and four ways to compute a full convolution."""

from itertools import product
from typing import Any, Literal, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from course_utils import shapes
from course_utils.reference.arguments import FloatArray, float_array
from course_utils.reference.geometry import Option, per_axis

Mode = Literal["full", "same", "valid"]


def convolve(a: ArrayLike, b: ArrayLike, *, mode: Mode = "full") -> FloatArray:
    r"""Convolve two signals or two images.

    .. math:: (a * b)_t = \sum_\tau a_\tau\, b_{t - \tau}

    For images, t and tau are pairs of indices.

    Args:
        a: Signal, shape (length,), or image, shape (height, width).
        b: Kernel, with as many axes.
        mode: "full" for every place where they overlap, size a + b - 1; "same" for its middle part, of the
            size of ``a`` (from entry (b - 1) // 2 on, as SciPy has it); "valid" for the places where ``b``
            lies inside ``a``, size a - b + 1.

    Returns:
        The convolution, with as many axes.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty, they have different numbers of axes or more than two, the mode is
            not known, or "valid" is asked for a kernel that is larger than ``a``.

    Source:
        Toronto CSC 2515, convolutional networks: the convolution operator.
    """
    a, b = _pair(a, b)
    before = [(size - 1) - (size - 1) // 2 for size in b.shape]
    return _slide(a, np.flip(b), mode, before)


def correlate(a: ArrayLike, b: ArrayLike, *, mode: Mode = "full") -> FloatArray:
    r"""Slide a kernel over a signal or an image without flipping it: the cross-correlation.

    .. math:: y_t = \sum_\tau b_\tau\, a_{t + \tau}

    Args:
        a: Signal, shape (length,), or image, shape (height, width).
        b: Kernel, with as many axes.
        mode: "full", "same" or "valid", as for `convolve`; for "same", an even kernel gets the odd zero
            after the end of ``a``, as in `conv2d`.

    Returns:
        The cross-correlation, with as many axes.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty, they have different numbers of axes or more than two, the mode is
            not known, or "valid" is asked for a kernel that is larger than ``a``.

    Source:
        DGIST, convolutional networks: cross-correlation, convolution with a flipped kernel.
    """
    a, b = _pair(a, b)
    before = [shapes.same_padding(size)[0] for size in b.shape]
    return _slide(a, b, mode, before)


def translate_and_scale(a: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Convolve by adding up copies of b, each moved to the place of an entry of a and scaled by it.

    Args:
        a: Signal or image.
        b: Kernel, with as many axes.

    Returns:
        The full convolution.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty, or they have different numbers of axes or more than two.

    Source:
        Toronto CSC 2515, convolutional networks, method 1: translate-and-scale.
    """
    a, b = _pair(a, b)
    y = np.zeros(_full_size(a, b), dtype=np.result_type(a, b))
    for place in np.ndindex(a.shape):
        moved = tuple(slice(start, start + size) for start, size in zip(place, b.shape, strict=True))
        y[moved] += a[place] * b
    return y


def flip_and_filter(a: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Convolve by flipping b, sliding it along a, and adding up the products at each stop.

    Args:
        a: Signal or image.
        b: Kernel, with as many axes.

    Returns:
        The full convolution.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty, or they have different numbers of axes or more than two.

    Source:
        Toronto CSC 2515, convolutional networks, method 2: flip-and-filter.
    """
    a, b = _pair(a, b)
    flipped = np.flip(b)
    padded = np.pad(a, [(size - 1, size - 1) for size in b.shape])
    y = np.zeros(_full_size(a, b), dtype=np.result_type(a, b))
    for place in np.ndindex(y.shape):
        window = tuple(slice(start, start + size) for start, size in zip(place, b.shape, strict=True))
        y[place] = (flipped * padded[window]).sum()
    return y


def im2col(x: ArrayLike, kernel_size: Option) -> FloatArray:
    """Lay every window of a signal or an image out in a column.

    Args:
        x: Signal, shape (length,), or image, shape (height, width).
        kernel_size: Size of a window; an integer, or one for each axis.

    Returns:
        Shape (places in a window, number of windows), both in the order of rows.

    Raises:
        TypeError: If ``x`` does not hold real numbers, or a size is not an integer.
        ValueError: If ``x`` is empty or has more than two axes, or a window is larger than ``x``.

    Source:
        Toronto CSC 2515, convolution as a matrix product; the name is MATLAB's.
    """
    x = _signal_or_image(x, "x")
    kernels = per_axis(kernel_size, x.ndim, "kernel_size")
    for size, kernel in zip(x.shape, kernels, strict=True):
        shapes.conv_output_size(size, kernel)  # raises where a window does not fit
    windows = sliding_window_view(x, kernels)
    places = int(np.prod(kernels))
    return windows.reshape(-1, places).T.copy()


def convolve_by_im2col(a: ArrayLike, b: ArrayLike) -> FloatArray:
    """Convolve by one matrix product: the flipped kernel as a row, times all windows as columns.

    Args:
        a: Signal or image.
        b: Kernel, with as many axes.

    Returns:
        The full convolution.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty, or they have different numbers of axes or more than two.

    Source:
        Toronto CSC 2515, convolution as a matrix product.
    """
    a, b = _pair(a, b)
    padded = np.pad(a, [(size - 1, size - 1) for size in b.shape])
    row = np.flip(b).reshape(1, -1)
    return (row @ im2col(padded, b.shape)).reshape(_full_size(a, b))


def convolve_by_fft(a: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Convolve by multiplying Fourier transforms.

    .. math:: \widehat{a * b} = \hat a \, \hat b

    Both are padded with zeros to the size of the result: the transform takes its input for one period of a
    signal without end, and without the zeros the end of the result would be added to its beginning.

    Args:
        a: Signal or image.
        b: Kernel, with as many axes.

    Returns:
        The full convolution, right to rounding.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty, or they have different numbers of axes or more than two.

    Source:
        Toronto CSC 2515, convolutional networks: matrix product against FFT; Press et al., Numerical Recipes,
        section 13.1.
    """
    a, b = _pair(a, b)
    size, axes = _full_size(a, b), range(a.ndim)
    spectrum = np.fft.rfftn(a, size, axes=axes) * np.fft.rfftn(b, size, axes=axes)
    y: FloatArray = np.fft.irfftn(spectrum, size, axes=axes)
    return y.astype(np.result_type(a, b), copy=False)


def _slide(a: FloatArray, kernel: FloatArray, mode: str, before: list[int]) -> FloatArray:
    """Slide a kernel over a as it is, with as many zeros around a as the mode wants."""
    if mode not in get_args(Mode):
        raise ValueError(f"mode={mode!r} but must be one of {', '.join(get_args(Mode))}")
    if mode == "valid" and any(k > n for n, k in zip(a.shape, kernel.shape, strict=True)):
        raise ValueError(
            f'mode="valid" needs a kernel no larger than a, but a.shape={a.shape}, b.shape={kernel.shape}; '
            'exchange them or take mode="full"'
        )
    if mode != "valid":
        zeros: Any = [(k - 1, k - 1) for k in kernel.shape]
        if mode == "same":
            zeros = [(start, k - 1 - start) for start, k in zip(before, kernel.shape, strict=True)]
        a = np.pad(a, zeros)
    size = [n - k + 1 for n, k in zip(a.shape, kernel.shape, strict=True)]
    y = np.zeros(size, dtype=np.result_type(a, kernel))
    for place in product(*map(range, kernel.shape)):
        seen = tuple(slice(start, start + size) for start, size in zip(place, y.shape, strict=True))
        y += kernel[place] * a[seen]
    return y


def _full_size(a: FloatArray, b: FloatArray) -> tuple[int, ...]:
    return tuple(n + k - 1 for n, k in zip(a.shape, b.shape, strict=True))


def _signal_or_image(value: ArrayLike, name: str) -> FloatArray:
    """Return an array of floats with one or two axes."""
    array = float_array(value, name)
    if array.ndim not in (1, 2):
        raise ValueError(
            f"{name} must be a signal or an image, with one or two axes, but {name}.shape={array.shape}; "
            "for batches and channels take conv2d"
        )
    return array


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return two signals or two images."""
    a, b = _signal_or_image(a, "a"), _signal_or_image(b, "b")
    if a.ndim != b.ndim:
        raise ValueError(
            f"a and b must have as many axes, but a.shape={a.shape} and b.shape={b.shape}; "
            "reshape one of them"
        )
    return a, b
