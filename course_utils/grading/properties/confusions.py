"""Properties of a table of mistakes, and of the pair of classes that are mistaken most often."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_equal
from course_utils.grading.properties.torch_values import as_input, expect_tensor
from course_utils.grading.properties.whole_numbers import expect_wholes

Array = NDArray[Any]
Random = np.random.Generator


def _count(t: Array, guesses: Array, classes: int) -> Array:
    counts = np.zeros((classes, classes), dtype=np.int64)
    for true, read in zip(t.tolist(), guesses.tolist(), strict=True):
        counts[true, read] = counts[true, read] + 1
    return counts


def _mistakes(t: Array, guesses: Array, classes: int) -> dict[str, Array]:
    right = _count(t, guesses, classes)
    largest = max(t.max(initial=0), guesses.max(initial=0)) + 1
    wrong_ones = right - np.diag(np.diag(right))
    causes = {
        "rows and columns are exchanged: the row is the true class": right.T,
        "a pair that occurs twice was counted once: counts[t, guesses] += 1 does that": (right > 0) * 1,
        "only the mistakes are counted; right answers belong on the diagonal": wrong_ones,
        "the table has no room for classes that do not occur": right[:largest, :largest],
    }
    return {words: value for words, value in causes.items() if not np.array_equal(value, right)}


def _expect_table(student: Student, t: Array, guesses: Array, classes: int, *, default: bool = False) -> None:
    options = {} if default else {"classes": classes}
    got = expect_tensor(student(as_input(t), as_input(guesses), **options), kind="i", what="the table")
    want = _count(t, guesses, classes)
    expect_equal(got.astype(np.int64), want, what="the table", causes=_mistakes(t, guesses, classes))


def _draw(rng: Random, count: int, classes: int) -> tuple[Array, Array]:
    """Draw true classes, and guesses of which about half are right."""
    t, guesses = rng.integers(classes, size=(2, count))
    return t, np.where(rng.random(count) < 0.5, t, guesses)


# Task 6: confusion_matrix


def counts_each_pair(student: Student, rng: Random) -> None:
    """counts how often each true class was read as each class"""
    classes = int(rng.integers(3, 6))
    _expect_table(student, *_draw(rng, 60, classes), classes)


def has_a_row_for_each_true_class(student: Student, rng: Random) -> None:
    """has a row for each true class and a column for each guess"""
    one, other = rng.choice(4, size=2, replace=False)
    _expect_table(student, np.full(7, one), np.full(7, other), 4)


def has_room_for_all_classes(student: Student, rng: Random) -> None:
    """has room for classes that do not occur, ten if nothing is said, and counts nothing of nothing"""
    t, guesses = _draw(rng, 12, 3)
    _expect_table(student, t, guesses, 10, default=True)
    _expect_table(student, t, guesses, int(rng.integers(4, 8)))
    _expect_table(student, t[:1], guesses[:1], 5)
    _expect_table(student, t[:0], guesses[:0], 3)


# Task 7: most_confused


def _pair_of(counts: Array) -> tuple[int, int]:
    """Find the pair by going through all of them."""
    best, pair = -1, (0, 0)
    for one in range(len(counts)):
        for other in range(one + 1, len(counts)):
            both = int(counts[one, other]) + int(counts[other, one])
            if both > best:
                best, pair = both, (one, other)
    return pair


def _expect_pair(student: Student, counts: Array, causes: dict[str, tuple[int, int]] | None = None) -> None:
    want = _pair_of(counts)
    off = counts - np.diag(np.diag(counts))
    row, column = (int(place) for place in np.unravel_index(off.argmax(), off.shape))
    top = int(np.diag(counts).argmax())
    usual = {
        "the smaller class comes first": want[::-1],
        "mistakes both ways count: i read as j, and j read as i": (min(row, column), max(row, column)),
        "this is the largest single entry: mistakes both ways count, and the smaller class comes first": (
            row,
            column,
        ),
        "right answers, on the diagonal, are no mistakes": (top, top),
    }
    expect_wholes(student(as_input(counts)), want, what="the pair", causes=usual | (causes or {}))


def adds_mistakes_both_ways(student: Student, rng: Random) -> None:
    """adds the mistakes both ways: i read as j, and j read as i"""
    for classes in (4, 10):
        counts = rng.integers(0, 4, size=(classes, classes))
        one, other, third = (int(place) for place in rng.choice(classes, size=3, replace=False))
        counts[one, other] = counts[other, one] = 7
        counts[other, third] = 10
        counts[third, other] = 0
        _expect_pair(student, counts)


def looks_past_right_answers(student: Student, rng: Random) -> None:
    """leaves right answers out, however many there are"""
    for _ in range(3):
        counts = rng.integers(0, 5, size=(5, 5)) + np.diag(rng.integers(20, 90, size=5))
        one, other = (int(place) for place in rng.choice(5, size=2, replace=False))
        counts[one, other] = 12
        _expect_pair(student, counts)


def names_the_smaller_class_first(student: Student, rng: Random) -> None:
    """names the smaller class first, and the first of several pairs that are equal"""
    classes = int(rng.integers(4, 8))
    counts = np.diag(rng.integers(20, 90, size=classes))
    counts[classes - 1, 0] = 3
    _expect_pair(student, counts)
    counts = rng.integers(0, 2, size=(classes, classes)) + np.diag(np.full(classes, 9))
    for one, other in ((1, 2), (0, classes - 1), (classes - 2, classes - 1)):
        counts[one, other], counts[other, one] = 6, 2
    later = (classes - 2, classes - 1)
    _expect_pair(student, counts, {"of several equal pairs the first one is wanted": later})
    two = np.array([[9, 0], [int(rng.integers(1, 9)), 8]])
    _expect_pair(student, two)
