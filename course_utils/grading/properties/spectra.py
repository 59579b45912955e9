"""Properties of a convolution by Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator


# Task 7: convolve_fft


def _sum_of_products(a: Array, b: Array, shape: ArrayLike, sign: int = 1) -> Array:
    """Add each product where it belongs; what leaves the array comes in again at its other end."""
    y = np.zeros(np.atleast_1d(shape))
    for place in np.ndindex(*a.shape, *b.shape):
        one, other = place[: a.ndim], place[a.ndim :]
        goal = tuple((i + sign * p) % size for i, p, size in zip(one, other, y.shape, strict=True))
        y[goal] += float(a[one]) * float(b[other])
    return y


def _causes(a: Array, b: Array, right: Array) -> dict[str, Array]:
    longer = [max(pair) for pair in zip(a.shape, b.shape, strict=True)]
    causes = {
        "the end wraps round to the front: fill up with zeros to len(a) + len(b) - 1": _sum_of_products(
            a, b, longer
        ),
        "the last entry wraps round to the first: one zero more is needed": _sum_of_products(
            a, b, np.maximum(np.subtract(right.shape, 1), 1)
        ),
        "one zero too many: the result has len(a) + len(b) - 1 entries": np.pad(right, (0, 1)),
        "b was flipped: a product of transforms flips it already": _sum_of_products(
            a, np.flip(b), right.shape
        ),
        "one transform was conjugated: that gives a correlation": _sum_of_products(a, b, right.shape, -1),
        "the signs are lost: take the real parts, not the sizes": np.abs(right),
        "the way back was a transform forward: see np.fft.ifft": right.size
        * np.roll(np.flip(right), (1,) * a.ndim, range(a.ndim)),
    }
    causes["the way back is missing: these are waves, see np.fft.ifft"] = np.fft.fftn(right).real
    if right.shape[-1] > 1:
        even = np.fft.irfftn(np.fft.rfftn(right))
        causes["np.fft.irfft gives an even number of entries, unless it is told how many"] = even
    if a.ndim == 2:
        causes["only the last axis was transformed"] = _along_last(a, b, right.shape)
    return causes


def _along_last(a: Array, b: Array, shape: tuple[int, ...]) -> Array:
    """Multiply row by row where the rows were transformed, and their columns only filled up with zeros."""
    y = np.zeros(shape)
    for row in range(min(len(a), len(b))):
        y[row] = _sum_of_products(a[row], b[row], shape[1:])
    return y


def _expect_convolution(student: Student, a: Array, b: Array) -> None:
    right = _sum_of_products(a, b, np.add(a.shape, b.shape) - 1)
    got = student(a, b)
    expect_close(got, right, what="a * b", causes=_causes(a, b, right))
    kind = a.dtype.name if a.dtype.kind == "f" else "f"
    expect_array(got, kind=kind, what="a * b")


def does_not_wrap_round(student: Student, rng: Random) -> None:
    """convolves signals of any two lengths, without an end that wraps round"""
    _expect_convolution(student, np.array([2.0, -1, 1]), np.array([1.0, 1, 2]))
    for length, width in ((4, 4), (7, 2), (3, 6), (5, 1), (1, 1)):
        _expect_convolution(student, rng.normal(size=length), rng.normal(size=width))


def transforms_both_axes(student: Student, rng: Random) -> None:
    """convolves images along both axes, also what is not square"""
    for shape, kernel in (((3, 3), (2, 2)), ((4, 6), (3, 2)), ((5, 3), (1, 4)), ((2, 3), (4, 5))):
        _expect_convolution(student, rng.normal(size=shape), rng.normal(size=kernel))


def gives_real_numbers(student: Student, rng: Random) -> None:
    """gives real numbers, keeps float32, and takes integers"""
    for dtype in (np.float32, np.int64, np.uint8):
        for shape, kernel in (((6,), (3,)), ((3, 4), (2, 3))):
            a, b = (rng.uniform(0, 99, size=size).astype(dtype) for size in (shape, kernel))
            _expect_convolution(student, a, b)


def stands_large_kernels(student: Student, rng: Random) -> None:
    """convolves a picture of 600 by 500 with a kernel of 301 by 401 within the time"""
    column, row, down, across = (rng.normal(size=size) for size in (600, 500, 301, 401))
    want = np.outer(np.convolve(column, down), np.convolve(row, across))  # as both are outer products
    got = student(np.outer(column, row), np.outer(down, across))
    expect_close(got, want, what="a * b", rtol=1e-6, atol=1e-7)
