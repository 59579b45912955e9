"""Properties of functions of one variable built from thresholds and ramps."""

# Every check takes (student, rng), also one whose inputs are fixed.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from course_utils.grading.authoring import Student, expect, expect_close
from course_utils.grading.properties.bits import expect_numbers

Array = NDArray[Any]
Random = np.random.Generator
Curve = Callable[[Array], Array]


# Task 7: steepness_for


def _causes(error: float, margin: float) -> dict[str, float]:
    right = float(-logit(error) / margin)
    return {
        "the sign is turned round": -right,
        "the margin was left out": right * margin,
        "multiplied by the margin; a larger margin needs less steepness": right * margin**2,
        "the fraction is 1 / error; it should be (1 - error) / error": float(-np.log(error) / margin),
        "the logarithm has base 10; here e is the base": right / float(np.log(10)),
    }


def finds_the_steepness(student: Student, rng: Random) -> None:
    """gives the steepness whose largest error outside the margin is the one that was asked for"""
    for error in (0.01, 0.2, float(rng.uniform(0.001, 0.4))):
        want = -float(logit(error))
        expect_close(student(error, 1.0), want, what="steepness", causes=_causes(error, 1.0))


def takes_the_margin(student: Student, rng: Random) -> None:
    """needs less steepness for a wider margin, and more for a narrower one"""
    for margin in (0.1, 2.5, float(rng.uniform(0.2, 0.8))):
        want = -float(logit(0.05)) / margin
        expect_close(student(0.05, margin), want, what="steepness", causes=_causes(0.05, margin))


def has_a_margin_of_one(student: Student, rng: Random) -> None:
    """takes a margin of 1 where none is given"""
    error = float(rng.uniform(0.01, 0.3))
    expect_close(student(error), -float(logit(error)), what="steepness", causes=_causes(error, 1.0))


# Tasks 8 and 10: box_weights, staircase


def _step_curve(got: Any, name: str) -> tuple[Curve, int]:
    """Turn (w, b) into the curve sum_k w_k [x > b_k], one step after another."""
    sentence = f"{name} must return (w, b): the output weights and the places of the steps"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    w = expect_numbers(got[0], (None,), "w")
    b = expect_numbers(got[1], (len(w),), "b")

    def curve(x: Array) -> Array:
        y = np.zeros(len(x))
        for weight, place in zip(w, b, strict=True):
            y += weight * (x > place)
        return y

    return curve, len(w)


def _expect_curve(curve: Curve, x: Array, t: Array) -> None:
    y = curve(x)
    wrong = np.flatnonzero(~np.isclose(y, t, rtol=1e-6, atol=1e-6))
    if len(wrong):
        k = wrong[0]
        expect(False, f"at x = {x[k]:.6g} your curve is {y[k]:.4g}, expected {t[k]:.4g}")


def _box_points(left: float, right: float, rng: Random) -> Array:
    edges = [left - 5, left - 1e-6, left, left + 1e-6, right - 1e-6, right, right + 1e-6, right + 5]
    return np.concatenate([edges, rng.uniform(left - 1, right + 1, size=20)])


def is_the_box(student: Student, rng: Random) -> None:
    """is 1 from left to right and 0 elsewhere, for any left and right"""
    for left, right in ((1.0, 2.0), (-3.0, 0.5), (float(rng.uniform(0, 1)), float(rng.uniform(2, 3)))):
        curve, _ = _step_curve(student(left, right, 1.0), "box_weights")
        x = _box_points(left, right, rng)
        _expect_curve(curve, x, ((x > left) & (x <= right)).astype(float))


def has_the_height(student: Student, rng: Random) -> None:
    """has the height that is given, and 1 where none is given"""
    x = _box_points(-1.0, 1.5, rng)
    inside = ((x > -1.0) & (x <= 1.5)).astype(float)
    for height in (float(rng.uniform(2, 3)), -0.5):
        _expect_curve(_step_curve(student(-1.0, 1.5, height), "box_weights")[0], x, height * inside)
    _expect_curve(_step_curve(student(-1.0, 1.5), "box_weights")[0], x, inside)


def takes_two_units(student: Student, rng: Random) -> None:
    """needs two units"""
    curve, units = _step_curve(student(0.0, 2.0, 1.0), "box_weights")
    _expect_curve(curve, np.array([-1.0, 1.0, 3.0]), np.array([0.0, 1.0, 0.0]))
    expect(units == 2, f"your box has {units} units, two are enough")


def _stairs(rng: Random, steps: int) -> tuple[Array, Array]:
    return np.cumsum(rng.uniform(0.3, 1.5, size=steps + 1)) - 2, rng.normal(size=steps)


def _height(x: Array, edges: Array, values: Array) -> Array:
    """Look the step of each x up: the height is values[k] on (edges[k], edges[k + 1]], else 0."""
    padded = np.concatenate([[0.0], values, [0.0]])
    return padded[np.searchsorted(edges, x, side="left")]


def follows_the_steps(student: Student, rng: Random) -> None:
    """has the right height on every step"""
    for steps in (1, 2, 5, 12):
        edges, values = _stairs(rng, steps)
        curve, _ = _step_curve(student(edges.copy(), values.copy()), "staircase")
        x = (edges[:-1] + edges[1:]) / 2
        _expect_curve(curve, x, values)


def begins_and_ends_at_zero(student: Student, rng: Random) -> None:
    """is 0 left of the first edge and right of the last one"""
    for steps in (1, 4):
        edges, values = _stairs(rng, steps)
        curve, _ = _step_curve(student(edges.copy(), values.copy()), "staircase")
        x = np.array(
            [edges[0] - 3, edges[0] - 1e-6, (edges[0] + edges[1]) / 2, edges[-1] + 1e-6, edges[-1] + 3]
        )
        _expect_curve(curve, x, np.array([0, 0, values[0], 0, 0]))


def steps_at_the_edges(student: Student, rng: Random) -> None:
    """takes its steps exactly at the edges, one unit at each"""
    edges, values = _stairs(rng, 6)
    curve, units = _step_curve(student(edges.copy(), values.copy()), "staircase")
    x = np.concatenate([edges, edges - 1e-6, edges + 1e-6])
    _expect_curve(curve, x, _height(x, edges, values))
    expect(units == len(edges), f"your staircase has {units} units for {len(edges)} edges")


# Task 9: relu_box


def _ramp_curve(got: Any) -> tuple[Curve, int]:
    """Turn (w, v, b) into the curve sum_k w_k relu(v_k x + b_k), one unit after another."""
    sentence = "relu_box must return (w, v, b): output weights, input weights and biases of the units"
    expect(isinstance(got, tuple | list) and len(got) == 3, sentence)
    w = expect_numbers(got[0], (None,), "w")
    v, b = expect_numbers(got[1], (len(w),), "v"), expect_numbers(got[2], (len(w),), "b")

    def curve(x: Array) -> Array:
        y = np.zeros(len(x))
        for weight, slope, bias in zip(w, v, b, strict=True):
            y += weight * np.where(slope * x + bias > 0, slope * x + bias, 0.0)
        return y

    return curve, len(w)


def _boxes(rng: Random) -> list[tuple[float, float, float]]:
    return [(1.0, 2.0, 4.0), (-2.0, 0.5, 10.0), (float(rng.uniform(0, 1)), float(rng.uniform(3, 4)), 1.5)]


def is_one_between_the_ramps(student: Student, rng: Random) -> None:
    """is 1 between the ramps"""
    for left, right, steepness in _boxes(rng):
        curve, _ = _ramp_curve(student(left, right, steepness))
        _expect_curve(curve, np.linspace(left + 1 / steepness, right, 9), np.ones(9))


def is_zero_outside(student: Student, rng: Random) -> None:
    """is 0 left of the first ramp and right of the second one, however far"""
    for left, right, steepness in _boxes(rng):
        curve, _ = _ramp_curve(student(left, right, steepness))
        x = np.array(
            [left - 50, left - 1, left, right + 1 / steepness, right + 1, right + 50, left + 1 / steepness]
        )
        _expect_curve(curve, x, np.array([0.0, 0, 0, 0, 0, 0, 1]))


def has_ramps_of_the_steepness(student: Student, rng: Random) -> None:
    """has ramps of the given steepness, beginning at left and at right"""
    for left, right, steepness in _boxes(rng):
        curve, _ = _ramp_curve(student(left, right, steepness))
        part = rng.uniform(0.05, 0.95, size=9)
        _expect_curve(curve, left + part / steepness, part)
        _expect_curve(curve, right + part / steepness, 1 - part)


def takes_four_units(student: Student, rng: Random) -> None:
    """needs no more than four units, and takes a steepness of 10 where none is given"""
    curve, units = _ramp_curve(student(1.0, 2.0))
    _expect_curve(curve, np.array([0.9, 1.05, 1.5, 2.05, 2.2]), np.array([0.0, 0.5, 1.0, 0.5, 0.0]))
    expect(units <= 4, f"your box has {units} units, four are enough")
