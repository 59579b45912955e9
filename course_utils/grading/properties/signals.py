"""Properties of convolutions of signals: as scaled copies, as products with a flipped filter, as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator

DECK = (np.array([2, -1, 1]), np.array([1, 1, 2]))
CUT_OFF = "the fractions were cut off: integers do not hold them, and np.result_type(a, b) does"


def _expect_table(got: Any, want: Array, dtype: Any, what: str, causes: Mapping[str, Any]) -> None:
    """Compare entry by entry; where floats were given, their dtype must have been kept."""
    expect_close(got, want, what=what, causes=causes)
    if np.dtype(dtype).kind == "f":
        expect_array(got, kind=np.dtype(dtype).name, what=what)


# Task 1: scaled_copies


def _copies(a: Array, b: Array) -> Array:
    """Look up what stands at place t of copy i, entry by entry."""
    table = np.zeros((len(a), len(a) + len(b) - 1))
    for i, t in np.ndindex(table.shape):
        table[i, t] = a[i] * b[t - i] if 0 <= t - i < len(b) else 0
    return table


def _causes_of_copies(a: Array, b: Array) -> dict[str, Array]:
    right = _copies(a, b)
    lying = np.array([np.roll(row, -i) for i, row in enumerate(right)])
    return {
        "the copies were not scaled by the entries of a": _copies(np.ones_like(a), b),
        "the copies were not moved: copy i begins at column i": lying,
        "the copies move to the left; copy i begins at column i": np.array(
            [np.roll(row, len(a) - 1 - i) for i, row in enumerate(lying)]
        ),
        "the copies are turned round: translate-and-scale flips nothing": _copies(a, b[::-1]),
        "the entries of a are taken from the last one": _copies(a[::-1], b),
        "a and b are exchanged: there is a row for each entry of a, and it holds b": _copies(b, a),
        "the column sums came; the table whose columns are summed is wanted": right.sum(axis=0),
        "one column too many": np.pad(right, ((0, 0), (0, 1))),
        CUT_OFF: np.trunc(right),
    }


def _expect_copies(student: Student, a: Array, b: Array) -> None:
    causes = _causes_of_copies(a, b)
    _expect_table(student(a, b), _copies(a, b), a.dtype, "the table", causes)


def moves_each_copy(student: Student, rng: Random) -> None:
    """moves the copy for a[i] by i places, and is 0 elsewhere"""
    for entries, length in ((3, 3), (4, 2), (2, 5)):
        _expect_copies(student, np.ones(entries), rng.normal(size=length))


def scales_each_copy(student: Student, rng: Random) -> None:
    """scales the copy in row i by a[i]"""
    _expect_copies(student, *DECK)
    for length in (3, 4):
        _expect_copies(student, rng.normal(size=length), rng.normal(size=length))


def makes_a_copy_for_each_entry(student: Student, rng: Random) -> None:
    """has a row for each entry of a, whichever of the two is longer"""
    for entries, length in ((5, 2), (2, 5), (1, 4), (4, 1), (1, 1)):
        _expect_copies(student, rng.normal(size=entries), rng.normal(size=length))


def copies_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers, also together with floats"""
    for dtype in (np.float32, np.int64):
        a, b = rng.uniform(-9, 9, size=3).astype(dtype), rng.uniform(-9, 9, size=4).astype(dtype)
        _expect_copies(student, a, b)
    _expect_copies(student, np.array([2, -1, 1]), rng.uniform(0.1, 0.9, size=3))


# Task 2: filter_products


def _products(a: Array, b: Array, *, full: bool) -> Array:
    """Pair a[place] with b[t - place] for each t, from the left to the right; beyond a stands 0."""
    rows = []
    for t in range(len(a) + len(b) - 1):
        places = range(t - len(b) + 1, t + 1)
        inside = [0 <= place < len(a) for place in places]
        row = [a[place] * b[t - place] if ok else 0 for place, ok in zip(places, inside, strict=True)]
        rows += [row] if full or all(inside) else []
    return np.array(rows, dtype=float).reshape(len(rows), len(b))


def _causes_of_products(a: Array, b: Array, *, full: bool) -> dict[str, Array]:
    right, every = _products(a, b, full=full), _products(a, b, full=True)
    low, high = every[: len(a)], every[len(b) - 1 :]
    unflipped = _products(a, b[::-1], full=full)
    if not len(right):
        return {"an empty list has no width: np.reshape(rows, (-1, len(b))) gives it one": np.zeros(0)}
    causes = {
        "b was not flipped": unflipped,
        "the windows of a were turned round: b is the filter, and b is flipped": right[:, ::-1],
        "a was flipped: b is the filter, and b is flipped": right[::-1, ::-1],
        "the filter moves from the right to the left": right[::-1],
        "the last window is missing": right[:-1],
        "the sums of the rows came; the products are wanted": right.sum(axis=1),
        "the sums came, of a filter that was not flipped": unflipped.sum(axis=1),
        CUT_OFF: np.trunc(right),
    }
    if len(b) > len(a):
        causes["a and b are exchanged: it is always b that is flipped"] = _products(b, a, full=full)
    if not full:
        return causes | {'this is the table of mode="full"': every}
    return causes | {
        'this is the table of mode="valid"': _products(a, b, full=False),
        "zeros were put in front only; they are needed behind a, too": low,
        "zeros were put behind only; they are needed in front of a, too": high,
        "too many zeros: the filter and a must meet in one entry at least": np.pad(every, ((1, 1), (0, 0))),
        "too few zeros: the filter and a may meet in one entry only": every[1:-1],
        "a is continued by its other end; beyond the ends stands 0": _wrapped(a, b),
    }


def _wrapped(a: Array, b: Array) -> Array:
    size, width = len(a) + len(b) - 1, len(b)
    return np.array(
        [[a[(t - width + 1 + k) % len(a)] * b[width - 1 - k] for k in range(width)] for t in range(size)]
    )


def _expect_products(student: Student, a: Array, b: Array, mode: str = "") -> None:
    """Compare the tables; an empty mode is left out."""
    full = mode != "valid"
    given = {"mode": mode} if mode else {}
    want, causes = _products(a, b, full=full), _causes_of_products(a, b, full=full)
    dtype = a.dtype if want.size else np.int64  # an empty table may have any dtype
    _expect_table(student(a, b, **given), want, dtype, "the table", causes)


def flips_the_filter(student: Student, rng: Random) -> None:
    """multiplies by the flipped filter at each place where it lies inside a (mode "valid")"""
    _expect_products(student, *DECK, mode="valid")
    for length, width in ((5, 3), (6, 2), (4, 4), (3, 1)):
        _expect_products(student, rng.normal(size=length), rng.normal(size=width), "valid")


def goes_beyond_both_ends(student: Student, rng: Random) -> None:
    """goes on with zeros beyond both ends of a (mode "full", and no mode)"""
    for mode in ("full", ""):
        _expect_products(student, *DECK, mode=mode)
        for length, width in ((5, 3), (4, 2), (3, 3), (3, 1)):
            _expect_products(student, rng.normal(size=length), rng.normal(size=width), mode)


def has_no_place_for_a_longer_filter(student: Student, rng: Random) -> None:
    """still flips b where b is longer than a: no rows if valid, all of them if full"""
    for length, width in ((2, 5), (1, 3), (3, 4)):
        a, b = rng.normal(size=length), rng.normal(size=width)
        for mode in ("full", "valid", ""):
            _expect_products(student, a, b, mode)


def products_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers, also together with floats"""
    for dtype in (np.float32, np.int64):
        a, b = rng.uniform(-9, 9, size=5).astype(dtype), rng.uniform(-9, 9, size=3).astype(dtype)
        for mode in ("full", "valid"):
            _expect_products(student, a, b, mode)
    _expect_products(student, np.array([2, -1, 1]), rng.uniform(0.1, 0.9, size=2), "full")


# Task 3: toeplitz


def _band(a: Array, length: int) -> Array:
    """Read each column off a product: column j is a convolved with a 1 at place j."""
    matrix = np.zeros((len(a) + length - 1, length))
    for (place, value), j in ((pair, j) for pair in enumerate(a) for j in range(length)):
        matrix[place + j, j] = value
    return matrix


def _by_difference(a: Array, length: int, distance: Callable[[int], int]) -> Array:
    """Fill a matrix with entries of a, each at a function of i - j; elsewhere stands 0."""
    matrix = np.zeros((len(a) + length - 1, length))
    for i, j in np.ndindex(matrix.shape):
        place = distance(i - j)
        matrix[i, j] = a[place] if -len(a) <= place < len(a) else 0
    return matrix


def _expect_band(student: Student, a: Array, length: int) -> None:
    want = _band(a, length)
    round_length = _by_difference(a, length, lambda place: place % max(length, len(a)))[: max(length, len(a))]
    causes = {
        "a is turned round in each column: the matrix flips nothing": _band(a[::-1], length),
        "the columns move up; each one lies a place lower than the one on its left": want[:, ::-1],
        "what leaves the matrix below comes in again above; there must be rows for all of it": round_length,
        "there is a column for each entry of a; as many columns as `length` says are needed": _band(
            a, len(a)
        ),
        "the rows are missing where b sticks out of a": want[len(a) - 1 : length],
        "the last rows are missing": want[:length],
        "the places beyond the band hold entries of a: in a[i - j], a negative index counts from the end": (
            _by_difference(a, length, lambda place: place)
        ),
        "the matrix is symmetric; above the diagonal stands 0": _by_difference(a, length, abs),
    }
    if length >= len(a):
        other = "`length` is the length of b, not of a * b: the matrix needs more columns"
        causes[other] = _band(a, length - len(a) + 1)
    _expect_table(student(a, length), want, a.dtype, "the matrix", causes)


def is_banded(student: Student, rng: Random) -> None:
    """puts a into each column, one place lower each time, with 0 above and below"""
    _expect_band(student, DECK[1], 3)
    for length in (3, 4, 2):
        _expect_band(student, rng.normal(size=length), length)


def has_the_shape_of_the_task(student: Student, rng: Random) -> None:
    """has a column for each entry of b and a row for each entry of a * b, whichever is longer"""
    for entries, length in ((5, 2), (2, 5), (1, 4), (4, 1), (1, 1)):
        _expect_band(student, rng.normal(size=entries), length)


def matrix_keeps_float32(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers"""
    for dtype in (np.float32, np.int64):
        _expect_band(student, rng.uniform(-9, 9, size=3).astype(dtype), 4)
