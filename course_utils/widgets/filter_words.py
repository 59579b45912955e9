"""What the filter explorer says: the window's sum, and what is true of its kernel wherever it lies."""

import numpy as np
from numpy.typing import NDArray

from course_utils.widgets.filters import DISPLAYS
from course_utils.widgets.terms import short, summed

Numbers = NDArray[np.float64]


def grey(value: float, scale: tuple[float, float]) -> int:
    """Return the grey that shows a number.

    Args:
        value: The number.
        scale: The numbers that are shown black and white.

    Returns:
        From 0, black, to 255, white; 128 if both are the same number.
    """
    low, high = scale
    if low == high:
        return 128
    return int(255 * (min(max(value, low), high) - low) / (high - low) + 0.5)


def window_words(position: tuple[int, int], products: Numbers, divisor: float) -> str:
    """Say how the window gives its output pixel.

    Args:
        position: Row and column of the window's middle.
        products: Each pixel times the number of the kernel on it, shape (size, size).
        divisor: The sum is divided by it.

    Returns:
        Such as "Row 3, column 4: the products sum to 0 + 12 − 4 + 0 + 0 + 0 + 0 + 0 + 0 = 8."; of 25 products
        the sums of the five rows are written.
    """
    size, total = len(products), products.sum()
    what = "the products" if size == 3 else f"the {size} rows of products"
    terms = products.ravel() if size == 3 else products.sum(axis=1)
    divided = f"; {short(total)} / {short(divisor)} = {short(total / divisor)}" if divisor != 1 else ""
    row, column = position
    return f"Row {row}, column {column}: {what} sum to {summed(terms)} = {short(total)}{divided}."


def kernel_words(kernel: Numbers, divisor: float, display: str) -> str:
    """Say what is true of the kernel at every window, and how the output is shown.

    Args:
        kernel: Its numbers, shape (size, size).
        divisor: The sum of products is divided by it.
        display: One of `DISPLAYS`.

    Returns:
        Three sentences.
    """
    gain = short(kernel.sum() / divisor)
    flat = "keeps its brightness" if gain == "1" else f"is multiplied by {gain}"
    if np.array_equal(kernel, kernel[::-1, ::-1]):
        flip = "Flipping does not change this kernel, so convolution and cross-correlation agree."
    else:
        flip = "Flipping changes this kernel, so convolution and cross-correlation differ."
    return f"A flat area {flat}. {flip} Shown {DISPLAYS[display]}."
