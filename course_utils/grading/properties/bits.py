"""Properties of networks of hard-threshold units that compute functions of bits."""

# Every check takes (student, rng), also one whose inputs are all there are.
# ruff: noqa: ARG001

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.composition import Weights, threshold_outputs
from course_utils.grading.properties.numbers import expect_numbers, explain

Array = NDArray[Any]
Random = np.random.Generator
MOST_UNITS = 1000  # a network with more is not tried out: 2 ** 20 units would take hours


def rows_of_bits(bits: int, low: int) -> Array:
    """List every row of bits once.

    Args:
        bits: How many bits a row has.
        low: What stands for a bit that is off: 0 or -1.

    Returns:
        All rows, shape (2 ** bits, bits).
    """
    return np.array(list(itertools.product((low, 1), repeat=bits)), dtype=float)


def _expect_network(got: Any, inputs: int) -> Weights:
    """Fail unless a result is (W_1, b_1, w_2, b_2) of a network with one hidden layer and one output."""
    sentence = "the result must be (W_1, b_1, w_2, b_2): hidden weights and biases, output weights and bias"
    expect(isinstance(got, tuple | list) and len(got) == 4, sentence)
    W_1 = expect_numbers(got[0], (None, inputs), "W_1")
    expect(len(W_1) <= MOST_UNITS, f"your network has {len(W_1)} hidden units for {inputs} inputs: too many")
    b_1 = expect_numbers(got[1], (len(W_1),), "b_1")
    w_2 = expect_numbers(got[2], (len(W_1),), "w_2")
    return W_1, b_1, w_2, float(expect_numbers(got[3], (), "b_2"))


def _write(row: Array) -> str:
    return "(" + ", ".join(f"{value:.3g}" for value in row) + ")"


def _expect_outputs(weights: Weights, x: Array, t: Array) -> None:
    y = threshold_outputs(weights, x)
    wrong = np.flatnonzero(~np.isclose(y, t, rtol=1e-6, atol=1e-6))
    if len(wrong):
        row = wrong[0]
        on = np.count_nonzero(np.einsum("ui,i->u", weights[0], x[row]) + weights[1] > 0)
        causes = {
            "1 and 0 are exchanged": 1 - t,
            "the output's bias is missing": t - 1,
            "the outputs are -1 and 1; 0 and 1 are wanted": 2 * t - 1,
            "the sign is turned round": -t,
            "no hidden unit is ever on: look at the hidden biases": np.full_like(y, weights[3]),
            "the output is the same for every input": np.full_like(y, y[0]),
        }
        problem = f"your network gives {y[row]:.4g} for the input {_write(x[row])}, expected {t[row]:.4g}"
        units = f"hidden units on there: {on} of {len(weights[1])}"
        cause = explain(y, causes) if np.ptp(t) else ""
        expect(False, f"{problem} ({units}; inputs that are wrong: {len(wrong)} of {len(x)}){cause}")


# Task 3: equality_weights

EQUAL = np.array([1.0, 0.0, 0.0, 1.0])


def answers_equality(student: Student, rng: Random) -> None:
    """gives 1 for 00 and 11, and 0 for 01 and 10"""
    _expect_outputs(_expect_network(student(), 2), rows_of_bits(2, 0), EQUAL)


def bears_noise(student: Student, rng: Random) -> None:
    """gives the same answers when each input is off by up to 0.1"""
    weights = _expect_network(student(), 2)
    for row, target in zip(rows_of_bits(2, 0), EQUAL, strict=True):
        corners = np.array(list(itertools.product((-0.1, 0.1), repeat=2)))
        moved = row + np.concatenate([corners, rng.uniform(-0.1, 0.1, size=(20, 2))])
        _expect_outputs(weights, moved, np.full(len(moved), target))


def is_compact(student: Student, rng: Random) -> None:
    """is right with no more than two hidden units"""
    units = len(_expect_network(student(), 2)[1])
    answers_equality(student, rng)
    expect(units <= 2, f"your network has {units} hidden units, two are enough")


# Task 4: detector


def _sums(got: Any, x: Array) -> Array:
    sentence = "detector must return (w, b): one weight for each bit, and a bias"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    w, b = expect_numbers(got[0], (x.shape[1],), "w"), expect_numbers(got[1], (), "b")
    return np.asarray(np.einsum("bi,i->b", x, w) + b)


def is_on_for_its_pattern(student: Student, rng: Random) -> None:
    """is on for its own pattern, and its sum falls with every bit that is turned round"""
    for pattern in _patterns(rng):
        turned = pattern * (1 - 2 * np.eye(len(pattern)))
        z = _sums(student(pattern.copy()), np.vstack([pattern, turned]))
        name = _write(pattern)
        expect(z[0] > 0, f"the unit for {name} is off for its own pattern: its sum there is z = {z[0]:.4g}")
        higher = np.flatnonzero(z[1:] >= z[0])
        if len(higher):
            other = f"{_write(turned[higher[0]])}: z = {z[1:][higher[0]]:.4g}"
            expect(False, f"the sum is z = {z[0]:.4g} for {name}, and no smaller for {other}")


def is_off_for_all_others(student: Student, rng: Random) -> None:
    """is off for every other row of bits"""
    for pattern in _patterns(rng):
        rows = rows_of_bits(len(pattern), -1)
        others = rows[(rows != pattern).any(axis=1)]
        z = _sums(student(pattern.copy()), np.vstack([others, pattern]))
        expect(z[-1] > 0, "the unit is off even for its own pattern: then being off proves nothing")
        on = np.flatnonzero(z[:-1] > 0)
        if len(on):
            also = f"{_write(others[on[0]])} too, with z = {z[on[0]]:.4g}"
            expect(False, f"the unit for {_write(pattern)} is on for {also} (rows too many: {len(on)})")


def _patterns(rng: Random) -> list[Array]:
    drawn = [rng.choice([-1.0, 1.0], size=bits) for bits in (2, 3, 5, 7)]
    return [np.array([-1.0, -1.0, 1.0]), np.ones(4), *drawn, np.array([1.0]), np.array([-1.0])]


# Task 5: truth_table_network


def _expect_table(student: Student, x: Array, t: Array) -> None:
    _expect_outputs(_expect_network(student(x.copy(), t.copy()), x.shape[1]), x, t)


def computes_boolean_tables(student: Student, rng: Random) -> None:
    """computes any table of -1 and 1"""
    for bits in (2, 3, 4, 1):
        for _ in range(3):
            _expect_table(student, rows_of_bits(bits, -1), rng.choice([-1.0, 1.0], size=2**bits))


def computes_tables_of_numbers(student: Student, rng: Random) -> None:
    """computes any table of numbers"""
    for bits in (2, 3, 5):
        _expect_table(student, rows_of_bits(bits, -1), rng.normal(size=2**bits))


def takes_rows_in_any_order(student: Student, rng: Random) -> None:
    """takes the rows in any order, and a table with some rows missing"""
    for bits in (2, 4):
        x, t = rows_of_bits(bits, -1), rng.normal(size=2**bits)
        for chosen in (np.roll(np.arange(len(x)), 3), rng.permutation(len(x)), rng.permutation(len(x))[:3]):
            _expect_table(student, x[chosen], t[chosen])


def uses_a_unit_for_each_row(student: Student, rng: Random) -> None:
    """is right with no more hidden units than rows"""
    for bits, rows in ((2, 4), (4, 16), (4, 5)):
        chosen = rng.permutation(2**bits)[:rows]
        x, t = rows_of_bits(bits, -1)[chosen], rng.normal(size=rows)
        weights = _expect_network(student(x.copy(), t.copy()), bits)
        _expect_outputs(weights, x, t)
        units = len(weights[1])
        expect(units <= rows, f"your network has {units} hidden units for {rows} rows")


# Task 6: parity_network


def _parity(rows: Array) -> Array:
    """Multiply the bits: the product of -1 and 1 is -1 exactly if an odd number of them is -1."""
    odd_bits_off = np.prod(rows, axis=1) < 0
    return np.asarray(odd_bits_off ^ (rows.shape[1] % 2 == 1), dtype=float)


def computes_parity(student: Student, rng: Random) -> None:
    """gives 1 for an odd number of ones and 0 for an even one, up to 4 bits"""
    for bits in (2, 3, 4, 1):
        rows = rows_of_bits(bits, -1)
        _expect_outputs(_expect_network(student(bits), bits), rows, _parity(rows))


def computes_parity_of_more_bits(student: Student, rng: Random) -> None:
    """is right for 9 bits and for 20 as well"""
    for bits in (9, 20):
        rows = rng.choice([-1.0, 1.0], size=(60, bits))
        rows[:2] = -np.ones(bits), np.ones(bits)
        _expect_outputs(_expect_network(student(bits), bits), rows, _parity(rows))


def needs_a_unit_a_bit(student: Student, rng: Random) -> None:
    """is right with no more hidden units than bits"""
    for bits in (2, 3, 6):
        weights, rows = _expect_network(student(bits), bits), rows_of_bits(bits, -1)
        _expect_outputs(weights, rows, _parity(rows))
        expect(len(weights[1]) <= bits, f"your network has {len(weights[1])} hidden units for {bits} bits")
