"""Properties of taking a kernel apart into the fewest outer products that are near enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import CheckFailed, Student, expect
from course_utils.grading.properties.numbers import expect_numbers

Array = NDArray[Any]
Random = np.random.Generator
Shape = tuple[int, int]
STRENGTHS = ((5.0, 2.0, 1.0), (3.0, 2.5, 0.5, 0.1), (40.0, 10.0, 9.0, 0.4))


# Task 9: separable_terms


def _directions(rng: Random, size: int, count: int) -> Array:
    """Draw orthonormal vectors, by taking away from each one what the others have of it already."""
    found: list[Array] = []
    while len(found) < count:
        vector = rng.normal(size=size)
        for _ in range(2):  # the second time takes the rounding errors of the first away
            for other in found:
                vector = vector - np.sum(vector * other) * other
        length = np.sqrt(np.sum(vector**2))
        found += [vector / length] if length > 0.1 else []
    return np.array(found)


def _kernel(rng: Random, shape: Shape, strengths: Sequence[float]) -> Array:
    """Add outer products whose sizes are known, so that the error without some of them is known, too."""
    left, right = (_directions(rng, size, len(strengths)) for size in shape)
    return np.asarray(np.einsum("t,tp,tq->pq", strengths, left, right))


def _share(strengths: Sequence[float], terms: int) -> float:
    """Return the relative error of the best sum of some terms."""
    squares = np.square(strengths)
    return float(np.sqrt(squares[terms:].sum() / squares.sum()))


def _fewest(strengths: Sequence[float], error: float, left: Callable[[Array], Any] | None = None) -> int:
    """Count the terms that are needed, by some measure of what is left."""
    if left is None:
        return next(n for n in range(len(strengths) + 1) if _share(strengths, n) <= error)
    s = np.array(strengths)
    return next(n for n in range(len(s) + 1) if left(s[n:]) <= error * left(s))


def _expect_terms(
    student: Student, kernel: Array, strengths: Sequence[float], error: float, *, fewest: bool = True
) -> None:
    got = student(kernel, error)
    sentence = "separable_terms must return (columns, rows)"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    columns = _expect_terms_in_rows(got[0], None, kernel.shape[0], "columns")
    rows = _expect_terms_in_rows(got[1], len(columns), kernel.shape[1], "rows")
    off = _distance(np.einsum("tp,tq->pq", columns, rows), kernel)
    count = _fewest(strengths, error)
    come = f"the error is {off:.4g} with your {_written(len(columns))}, and {error:.4g} is allowed"
    enough = _cause_of_sum(columns, rows, kernel) if len(columns) >= count else ""
    other = _cause_of_number(len(columns), kernel, strengths, error)
    expect(off <= error * (1 + 1e-9), f"{come}{enough or other}")
    expect(len(columns) <= count or not fewest, f"{_written(count)} would do: {come}{other}")


def _expect_terms_in_rows(value: Any, terms: int | None, length: int, what: str) -> Array:
    """Fail unless a value holds a term in each row; say so where each one is a column."""
    try:
        return expect_numbers(value, (terms, length), what)
    except CheckFailed as error:
        turned = isinstance(value, np.ndarray) and value.ndim == 2 and len(value) == length
        cause = "\ncause     each term is a column; it must be a row: transpose the array" if turned else ""
        raise CheckFailed(str(error).replace("(units, ", "(terms, ") + cause) from None


def _distance(total: Array, kernel: Array) -> float:
    return float(np.sqrt(np.sum((total - kernel) ** 2) / np.sum(np.square(kernel, dtype=float))))


def _written(terms: int) -> str:
    return "1 term" if terms == 1 else f"{terms} terms"


def _cause_of_sum(columns: Array, rows: Array, kernel: Array) -> str:
    """Name the mistake where there are terms enough, but what they hold is wrong."""
    sizes = np.sqrt(np.sum(columns**2, axis=1) * np.sum(rows**2, axis=1))
    total = np.einsum("tp,tq->pq", columns, rows)
    squares = np.einsum("tp,tq->pq", columns / sizes[:, None] ** 0.5, rows) if sizes.all() else total
    causes = {
        "columns and rows are exchanged": total.shape == kernel.T.shape and _distance(total.T, kernel) < 0.5,
        "each term has the size 1: multiply it by its singular value": np.allclose(sizes, 1),
        "each term has its singular value twice, in the column and in the row": (
            _distance(squares, kernel) < 1e-3
        ),
        "look at U and V again: u_i is the column U[:, i], and v_i is the row V[i]": True,
    }
    return next((f"\ncause     {sentence}" for sentence, holds in causes.items() if holds), "")


def _cause_of_number(terms: int, kernel: Array, strengths: Sequence[float], error: float) -> str:
    """Name each mistake that leads to this number of terms."""
    right, s = _fewest(strengths, error), np.array(strengths)
    counts = {
        "the error is relative: divide by the root of the sum of all squares": (
            next(n for n in range(len(s) + 1) if np.sqrt(np.sum(s[n:] ** 2)) <= error)
        ),
        "the roots of the sums of squares are missing": _fewest(
            strengths, error, lambda part: np.sum(part**2)
        ),
        "the singular values are added up in place of their squares": _fewest(strengths, error, np.sum),
        "only the next singular value is compared; all that are left out count": int(
            np.count_nonzero(s > error * s[0])
        ),
        "all the terms came; the singular values say how many are needed": min(kernel.shape),
    }
    found = [sentence for sentence, count in counts.items() if count == terms != right]
    found = (
        found or ["one term too many"] * (terms == right + 1) or ["one term too few"] * (terms == right - 1)
    )
    return f"\ncause     {'; or '.join(found)}" if found else ""


def finds_the_terms_of_a_sum(student: Student, rng: Random) -> None:
    """finds the one term of an outer product, and the two of a sum of two"""
    for shape, strengths in (((3, 3), (2.0,)), ((4, 4), (3.0, 1.0)), ((5, 5), (2.0, 1.9, 0.3))):
        for error in (1e-6, 1e-9):
            _expect_terms(student, _kernel(rng, shape, strengths), strengths, error)


def stays_within_the_error(student: Student, rng: Random) -> None:
    """stays within the error that is allowed"""
    telling = (7.4, 1.7, 1.0, 0.9, 0.6)  # four terms; each usual mistake finds another number of them
    _expect_terms(student, _kernel(rng, (5, 5), telling), telling, 0.99 * _share(telling, 3), fewest=False)
    for strengths in STRENGTHS:
        kernel = _kernel(rng, (5, 5), strengths)
        for count in range(1, len(strengths)):
            _expect_terms(student, kernel, strengths, 0.99 * _share(strengths, count), fewest=False)


def takes_as_few_as_possible(student: Student, rng: Random) -> None:
    """takes no more terms than it must, at any scale"""
    for plain, scale in zip(STRENGTHS, (1.0, 1e-4, 1e5), strict=True):
        strengths = [scale * strength for strength in plain]
        kernel = _kernel(rng, (4, 4), strengths)
        for count in range(1, len(strengths)):
            _expect_terms(student, kernel, strengths, 1.01 * _share(strengths, count))


def takes_both_orientations(student: Student, rng: Random) -> None:
    """takes kernels higher than wide, wider than high, and of integers"""
    for shape in ((3, 6), (7, 3)):
        kernel = _kernel(rng, shape, STRENGTHS[0])
        for part in (1.01, 0.99):
            _expect_terms(student, kernel, STRENGTHS[0], part * _share(STRENGTHS[0], 2))
    for error in (0.35, 0.3):
        _expect_terms(student, np.array([[3, 0, 0], [0, 1, 0]]), (3, 1), error)
    _expect_terms(student, np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]), (6,), 1e-6)
