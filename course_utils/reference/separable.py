"""Filters that fall apart into a column and a row, and sums of a few of them for those that do not."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_integer, float_array
from course_utils.reference.convolution import Mode, convolve


def separable_terms(kernel: ArrayLike, rank: int | None = None) -> tuple[FloatArray, FloatArray]:
    r"""Write a kernel as a sum of outer products, the largest first; cut off, it is the nearest such sum.

    .. math::
        K = \sum_r c_r\, q_r^\top, \qquad
        \Bigl\lVert K - \sum_{r \le R} c_r\, q_r^\top \Bigr\rVert_F^2 = \sum_{r > R} s_r^2

    Here ``s`` are the kernel's singular values. A kernel whose second one is 0 is separable: one term is all.

    Args:
        kernel: Shape (kernel_height, kernel_width).
        rank: Number R of terms; by default as many as the kernel's rank.

    Returns:
        Columns ``c``, shape (rank, kernel_height), and rows ``q``, shape (rank, kernel_width).

    Raises:
        TypeError: If ``kernel`` does not hold real numbers, or ``rank`` is not an integer.
        ValueError: If ``kernel`` is empty, has other axes or an entry that is not finite, or ``rank`` is out
            of range.

    Source:
        Harvard IACS, separable filters; Eckart and Young, The approximation of one matrix by another of lower
        rank (1936).
    """
    kernel = float_array(kernel, "kernel", axes=("kernel_height", "kernel_width"))
    wrong = int(np.sum(~np.isfinite(kernel)))
    if wrong:
        raise ValueError(
            f"kernel holds {wrong} NaN or infinities among its {kernel.size} entries, so it has no singular "
            "values; np.isfinite(kernel) shows where they are"
        )
    U, s, V = np.linalg.svd(kernel, full_matrices=False)
    if rank is None:
        rank = max(1, int(np.linalg.matrix_rank(kernel)))
    check_integer(rank, "rank")
    if not 1 <= rank <= len(s):
        raise ValueError(
            f"rank={rank} but a kernel of shape {kernel.shape} has 1 to {len(s)} terms; "
            "take a number in between"
        )
    root = np.sqrt(s[:rank, None])  # the size is shared equally between a column and its row
    return root * U.T[:rank], root * V[:rank]


def convolve_separable(x: ArrayLike, column: ArrayLike, row: ArrayLike, *, mode: Mode = "full") -> FloatArray:
    r"""Convolve an image with an outer product, by its column and then by its row.

    .. math:: x * (c\, q^\top) = (x * c) * q^\top

    For a kernel of k x k this takes 2 k multiplications a pixel in place of k^2.

    Args:
        x: Image, shape (height, width).
        column: c, shape (kernel_height,).
        row: q, shape (kernel_width,).
        mode: "full", "same" or "valid", as for `convolve`.

    Returns:
        The convolution of the image with ``np.outer(column, row)``.

    Raises:
        TypeError: If an array does not hold real numbers.
        ValueError: If an array is empty or has other axes, or the mode does not fit; see `convolve`.

    Source:
        Harvard IACS, separable filters; Sironi et al., Learning separable filters (2014).
    """
    x = float_array(x, "x", axes=("height", "width"))
    column = float_array(column, "column", axes=("kernel_height",))
    row = float_array(row, "row", axes=("kernel_width",))
    return convolve(convolve(x, column[:, None], mode=mode), row[None, :], mode=mode)
