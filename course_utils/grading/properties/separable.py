"""Properties of taking a kernel apart into a column and a row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import CheckFailed, Student, expect, expect_close
from course_utils.grading.properties.numbers import expect_numbers
from course_utils.grading.values import describe

Array = NDArray[Any]
Random = np.random.Generator


# Task 8: separate


def _product(column: Array, row: Array) -> Array:
    """Multiply every entry of a column by every entry of a row."""
    return np.array([[down * across for across in row] for down in column])


def _call(student: Student, kernel: Array) -> Any:
    """Call the function with an outer product, and say so where it is refused."""
    try:
        return student(kernel)
    except CheckFailed as error:
        refused = str(error).startswith(f"{student.name} raised ValueError")
        known = "the kernel is an outer product, but for rounding errors; " if refused else ""
        raise CheckFailed(f"{known}{error}") from None


def _expect_factors(student: Student, kernel: Array, atol: float = 1e-9) -> None:
    got = _call(student, kernel)
    expect(isinstance(got, tuple | list) and len(got) == 2, "separate must return (column, row)")
    if np.shape(got[0]) == kernel.shape[1:] and np.shape(got[1]) == kernel.shape[:1] != kernel.shape[1:]:
        raise CheckFailed(
            f"(column, row) must have {kernel.shape[0]} and {kernel.shape[1]} entries; they are exchanged"
        )
    column = expect_numbers(got[0], kernel.shape[:1], "column")
    row = expect_numbers(got[1], kernel.shape[1:], "row")
    largest = float(np.abs(kernel).max())
    product, right = _product(column, row) / largest, kernel / largest
    what = "the outer product of your column and row, divided by the kernel's largest entry"
    expect_close(product, right, what=what, atol=atol, causes=_causes(product, right))


def _causes(product: Array, right: Array) -> dict[str, Array]:
    place = np.unravel_index(np.abs(right).argmax(), right.shape)
    times = float(product[place] / right[place])
    causes = {"column and row are exchanged": right.T}
    if product.any():
        signs = np.abs(right) * np.sign(product)
        causes["a sign is lost: compare the signs with those of the kernel"] = signs
    if product.any() and abs(times - 1) > 1e-3:
        causes[f"it is {times:.4g} times the kernel: divide your column or your row by that"] = times * right
    return causes


def _drawn(rng: Random, size: int) -> Array:
    """Draw numbers of both signs, none of them near 0."""
    return rng.choice([-1.0, 1.0], size=size) * rng.uniform(0.5, 2, size=size)


def multiplies_to_the_kernel(student: Student, rng: Random) -> None:
    """gives a column and a row whose outer product is the kernel, square or not"""
    for height, width in ((3, 3), (2, 5), (4, 1), (1, 3)):
        _expect_factors(student, _product(_drawn(rng, height), _drawn(rng, width)))
    _expect_factors(student, np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]))


def stands_zeros(student: Student, rng: Random) -> None:
    """copes with zeros anywhere in the kernel, also in its first row and column"""
    down, across = np.array([1.0, 2.0, 1.0]), np.array([1.0, 0.0, -1.0])
    for kernel in (_product(down, across), _product(across, down), _product(-down, np.array([0, 0, 1.0]))):
        _expect_factors(student, kernel)
    hidden = np.zeros((4, 5))
    hidden[rng.integers(1, 4), rng.integers(1, 5)] = -3.0
    _expect_factors(student, hidden)
    _expect_factors(student, np.array([[0, 0, 0], [0, -2, -4]]))
    _expect_factors(student, _product(np.array([0, 0.001, 1.0]), np.array([0, 1.0, 1000.0, -3.0])))


def _refuses(student: Student, kernel: Array) -> None:
    """Fail unless separate raises ValueError for a kernel."""
    try:
        got = student(kernel)
        came = f"but {'a column and a row' if isinstance(got, tuple) else describe(got)} came"
    except CheckFailed as error:
        first = str(error).splitlines()[0]
        came = "" if first.startswith(f"{student.name} raised ValueError") else f"but {first}"
    expect(not came, f"no column and row give this kernel; expected ValueError, {came}")


def refuses_what_is_no_product(student: Student, rng: Random) -> None:
    """raises ValueError for a kernel that is no outer product, and for no other one"""
    _refuses(student, np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]]))
    _refuses(student, np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]))
    for shape in ((2, 2), (3, 5), (4, 2)):
        kernel = rng.normal(size=shape)
        kernel[:2, :2] += 3 * np.eye(2)
        _refuses(student, kernel)
    corners = np.zeros((3, 3))
    corners[0, 0] = corners[2, 2] = 1.0
    _refuses(student, corners)
    large = _product(_drawn(rng, 41), _drawn(rng, 50))
    large[tuple(rng.integers(large.shape))] += 5e-3  # so little that the mean over all entries hides it
    _refuses(student, large)
    _expect_factors(student, np.array([[1.0, 2.0], [3.0, 6.0]]))


def refuses_at_any_scale(student: Student, rng: Random) -> None:
    """refuses an entry that is off by a thousandth, and allows a ten-millionth, at any scale"""
    for scale in (1.0, 1e6, 1e-5, 1e4, 1e-8):
        kernel = scale * _product(_drawn(rng, 3), _drawn(rng, 4))
        _expect_factors(student, kernel)
        rounding = 1e-7 * np.abs(kernel).max() * rng.uniform(-1, 1, size=kernel.shape)
        _expect_factors(student, kernel + rounding, atol=1e-6)
        spoilt = kernel.copy()
        spoilt[tuple(rng.integers(kernel.shape))] += 1e-3 * np.abs(kernel).max()
        _refuses(student, spoilt)
