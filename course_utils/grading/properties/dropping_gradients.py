"""Properties of the way back through dropout."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_close
from course_utils.grading.properties.kept_types import expect_float32

Array = NDArray[Any]
Random = np.random.Generator
SHAPES: tuple[tuple[int, ...], ...] = ((5,), (2, 3), (3, 1, 4))


# Task 5: dropout_backward


def _expect_back(student: Student, y_bar: Array, factors: Any) -> None:
    numbers = np.broadcast_to(np.asarray(factors, dtype=float), y_bar.shape)
    want, share = y_bar * numbers, float(numbers.mean())
    got = student(y_bar, factors)
    whole = (
        "everything was passed on: an entry that was dropped gets 0"
        if (numbers == 0).any()
        else "the gradient was not scaled: after training, too, it meets the factor that x met"
    )
    causes = {
        whole: y_bar,
        "it was passed on where the entry was dropped": y_bar * (1 - numbers),
        "y_bar is missing": numbers,
        "it was multiplied by the factors twice": want * numbers,
        "it was scaled by 1 - rate once more; the factors are all there is": want * share,
        "it was divided by 1 - rate; the factors are all there is": want / share,
        "the gradient was divided by the factors; it is multiplied, as x was": _divided(y_bar, numbers),
        "the entries that were kept were picked out, and the shape is lost: multiply": y_bar[numbers != 0],
    }
    if np.shape(got) == y_bar.shape:
        other = "other entries were dropped than the factors say: draw nothing anew"
        causes[other] = y_bar * (np.asarray(got) != 0)
    wrong = {words: value for words, value in causes.items() if not _same(value, want)}
    if y_bar.dtype == np.float32:
        expect_float32(got, "x_bar")
    expect_close(got, want, what="x_bar", causes=wrong)


def _divided(y_bar: Array, numbers: Array) -> Array:
    with np.errstate(all="ignore"):  # a factor may be 0
        return np.asarray(y_bar / numbers)


def _same(value: Any, want: Array) -> bool:
    return np.shape(value) == want.shape and np.allclose(value, want)


def _mask(rng: Random, shape: tuple[int, ...]) -> Array:
    """Draw which entries are kept, at least one of each kind."""
    kept = rng.uniform(size=shape) < 0.6
    kept.flat[:2] = rng.permutation([True, False])
    return kept


def passes_on_where_an_entry_was_kept(student: Student, rng: Random) -> None:
    """passes the gradient on where an entry was kept, unchanged, and gives 0 where it was dropped"""
    for shape in (*SHAPES, (4, 4)):
        kept = _mask(rng, shape)
        for factors in (kept, kept.astype(float)):
            _expect_back(student, rng.normal(size=shape), factors)
    _expect_back(student, rng.normal(size=(3, 4)), np.full((3, 4), True))


def scales_the_gradient_after_training(student: Student, rng: Random) -> None:
    """multiplies the gradient by 1 - rate where the factors are that number"""
    for shape, rate in zip(SHAPES, (0.25, 0.2, 0.7), strict=True):
        _expect_back(student, rng.normal(size=shape), 1 - rate)
        _expect_back(student, rng.normal(size=shape), np.full(shape, 1 - rate))


def gradients_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32"""
    y_bar = rng.normal(size=(3, 4)).astype(np.float32)
    _expect_back(student, y_bar, _mask(rng, y_bar.shape))
    _expect_back(student, y_bar, 0.75)
