"""Properties of functions of one variable built from thresholds, and of their steepness."""

# Every check takes (student, rng), also one whose inputs are fixed.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from course_utils.grading.authoring import Student, expect, expect_close
from course_utils.grading.properties.curves import Curve, Drawn, Wanted, expect_curve, one_for_each
from course_utils.grading.properties.numbers import expect_numbers

Array = NDArray[Any]
Random = np.random.Generator
TURNED = "the places have a minus sign; b holds the places themselves, without it"


# Task 7: steepness_for


def _expect_steepness(got: Any, error: float, margin: float, more: Mapping[str, float]) -> None:
    right = float(-logit(error) / margin)
    causes = {
        **more,
        "the sign is turned round": -right,
        "twice too much: the margin is the distance from 0 to one side": 2 * right,
        "the fraction is 1 / error; it should be (1 - error) / error": float(-np.log(error) / margin),
        "the logarithm has base 10; here e is the base": right / float(np.log(10)),
    }
    if margin != 1:  # with a margin of 1 these two are right
        causes["the margin was left out"] = right * margin
        causes["multiplied by the margin; a larger margin needs less steepness"] = right * margin**2
    causes["the steepness is rounded, or found by trying; return it unrounded"] = _round_like(got, right)
    expect_close(got, right, what="steepness", causes=causes)


def _round_like(got: Any, right: float) -> float:
    """Round to as many digits as brings the number nearest to what came."""
    rounded = [right, *(round(right, digits) for digits in range(4))]
    number = isinstance(got, int | float | np.number)
    return min(rounded, key=lambda value: abs(value - got)) if number else right


def finds_the_steepness(student: Student, rng: Random) -> None:
    """gives the steepness whose largest error outside the margin is the one that was asked for"""
    for error in (0.01, 0.2, float(rng.uniform(0.001, 0.4))):
        _expect_steepness(student(error, margin=1.0), error, 1.0, {})


def takes_the_margin(student: Student, rng: Random) -> None:
    """needs less steepness for a wider margin, and more for a narrower one"""
    for margin in (0.1, 2.5, float(rng.uniform(0.2, 0.8))):
        _expect_steepness(student(0.05, margin=margin), 0.05, margin, {})


def has_a_margin_of_one(student: Student, rng: Random) -> None:
    """takes a margin of 1 where none is given, and only there"""
    error = float(rng.uniform(0.01, 0.3))
    half = {"the margin is 0.5 where none is given; it should be 1": -2 * float(logit(error))}
    _expect_steepness(student(error), error, 1.0, half)
    _expect_steepness(student(error, margin=2.0), error, 2.0, {})


# Tasks 8 and 10: box_weights, staircase


def _add_steps(w: Any, b: Any) -> Curve:
    """Return the curve sum_k w_k [x > b_k]."""
    return lambda x: np.asarray(((x[:, None] > np.asarray(b)) * np.asarray(w)).sum(axis=1))


def _read_steps(got: Any, name: str) -> Drawn:
    sentence = f"{name} must return (w, b): the output weights and the places of the steps"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    w = expect_numbers(got[0], (None,), "w")
    b = one_for_each(w, got[1], "b")
    return Drawn(_add_steps(w, b), b[w != 0], len(w))


def _box_points(left: float, right: float, rng: Random) -> Array:
    edges = [left - 5, left - 1e-6, left, left + 1e-6, right - 1e-6, right, right + 1e-6, right + 5]
    return np.concatenate([edges, rng.uniform(left - 1, right + 1, size=20)])


def _box(left: float, right: float, height: float) -> Wanted:
    ends, turned = (left, right), (-left, -right)
    return Wanted(
        curve=lambda x: np.where((left < x) & (x <= right), height, 0.0),
        places=np.array(ends),
        turned=TURNED,
        astray="a unit switches on at x = {}, where the box neither begins nor ends",
        causes={
            "the curve goes up at left, and never comes down again": [_add_steps([height], [left])],
            "the curve goes up twice; at right it must come down": [_add_steps([height, height], ends)],
            "the height was left out: it is always 1": [_add_steps([1, -1], ends)],
            "the curve goes up by the height, but down by 1": [_add_steps([height, -1], ends)],
            TURNED: [_add_steps([height, -height], turned), _add_steps([-height, height], turned)],
            "the second place is the width; it must be right": [
                _add_steps([height, -height], [left, right - left])
            ],
            "w and b are exchanged": [_add_steps(ends, [height, -height])],
        },
    )


def is_the_box(student: Student, rng: Random) -> None:
    """is 1 from left to right and 0 elsewhere, for any left and right"""
    for left, right in ((1.0, 2.5), (-3.0, 0.5), (float(rng.uniform(0, 1)), float(rng.uniform(2, 3)))):
        got = _read_steps(student(left, right, height=1.0), "box_weights")
        expect_curve(got, _box(left, right, 1.0), _box_points(left, right, rng))


def has_the_height(student: Student, rng: Random) -> None:
    """has the height that is given, and 1 where none is given"""
    x = _box_points(-1.0, 1.5, rng)
    for height in (float(rng.uniform(2, 3)), -0.5):
        got = _read_steps(student(-1.0, 1.5, height=height), "box_weights")
        expect_curve(got, _box(-1.0, 1.5, height), x)
    expect_curve(_read_steps(student(-1.0, 1.5), "box_weights"), _box(-1.0, 1.5, 1.0), x)


def takes_two_units(student: Student, rng: Random) -> None:
    """is right with no more than two units, whatever the height"""
    for left, right, height in ((0.5, 2.0, 2.5), (-4.0, -2.0, -3.0)):
        got = _read_steps(student(left, right, height=height), "box_weights")
        expect(got.units <= 2, f"your box has {got.units} units, two are enough")
        x = np.array([left - 1, (left + right) / 2, right + 1])
        expect_curve(got, _box(left, right, height), x)


def _stairs(rng: Random, steps: int) -> tuple[Array, Array]:
    return np.cumsum(rng.uniform(0.3, 1.5, size=steps + 1)) - 2, rng.normal(size=steps)


def _height(x: Array, edges: Array, heights: Array) -> Array:
    """Look the step of each x up: 0 until edges[0], then heights[k] right of edges[k]."""
    return np.concatenate([[0.0], heights])[np.searchsorted(edges, x, side="left")]


def _staircase(edges: Array, values: Array) -> Wanted:
    padded = np.concatenate([values, [0.0]])
    back = np.cumsum(padded)
    late, missing = np.concatenate([[0.0], values]), np.concatenate([values, values[-1:]])

    def stairs(heights: Array) -> Curve:
        return lambda x: _height(x, edges, heights)

    return Wanted(
        curve=stairs(padded),
        places=edges,
        turned=TURNED,
        astray="a unit switches on at x = {}, which is no edge",
        causes={
            "the last step down, back to 0, is missing": [stairs(missing)],
            "each weight is a height; it must be the difference from the step before": [
                stairs(np.append(back[:-1], end)) for end in (back[-1], 0.0, back[-1] - values[-1])
            ],
            "the steps are taken one edge too late": [stairs(late)],
            "the first step, up from 0, is missing": [stairs(np.append(0.0, padded[1:] - values[0]))],
            TURNED: [_add_steps(np.diff(padded, prepend=0), -edges)],
        },
    )


def follows_the_steps(student: Student, rng: Random) -> None:
    """has the right height on every step"""
    for steps in (2, 5, 12, 1):
        edges, values = _stairs(rng, steps)
        x = np.concatenate([edges[:-1] + part * np.diff(edges) for part in (0.1, 0.5, 0.9)])
        expect_curve(_read_steps(student(edges, values), "staircase"), _staircase(edges, values), x)


def begins_and_ends_at_zero(student: Student, rng: Random) -> None:
    """is 0 left of the first edge and right of the last one, and not between them"""
    for steps in (4, 1):
        edges, values = _stairs(rng, steps)
        outside = [edges[0] - 3, edges[0] - 1e-6, edges[-1] + 1e-6, edges[-1] + 3]
        inside = [edges[0] + 0.1, edges[1] - 0.1, edges[-2] + 0.1, edges[-1] - 0.1]
        got = _read_steps(student(edges, values), "staircase")
        expect_curve(got, _staircase(edges, values), np.array(outside + inside))


def steps_at_the_edges(student: Student, rng: Random) -> None:
    """takes its steps exactly at the edges, one unit at each"""
    edges, values = _stairs(rng, 6)
    got = _read_steps(student(edges, values), "staircase")
    expect(got.units <= len(edges), f"your staircase has {got.units} units for {len(edges)} edges")
    x = np.sort(np.concatenate([edges, edges - 1e-6, edges + 1e-6]))
    expect_curve(got, _staircase(edges, values), x)
