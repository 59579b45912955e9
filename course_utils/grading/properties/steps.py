"""Properties of functions of one variable built from thresholds and ramps."""

# Every check takes (student, rng), also one whose inputs are fixed.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from course_utils.grading.authoring import Student, expect, expect_close
from course_utils.grading.properties.numbers import expect_numbers, explain

Array = NDArray[Any]
Random = np.random.Generator
Curve = Callable[[Array], Array]


# Task 7: steepness_for


def _causes(error: float, margin: float) -> dict[str, float]:
    right = float(-logit(error) / margin)
    return {
        "the sign is turned round": -right,
        "the margin was left out": right * margin,
        "twice too much: the margin is the distance from 0 to one side": 2 * right,
        "multiplied by the margin; a larger margin needs less steepness": right * margin**2,
        "the fraction is 1 / error; it should be (1 - error) / error": float(-np.log(error) / margin),
        "the logarithm has base 10; here e is the base": right / float(np.log(10)),
    }


def finds_the_steepness(student: Student, rng: Random) -> None:
    """gives the steepness whose largest error outside the margin is the one that was asked for"""
    for error in (0.01, 0.2, float(rng.uniform(0.001, 0.4))):
        want = -float(logit(error))
        expect_close(student(error, margin=1.0), want, what="steepness", causes=_causes(error, 1.0))


def takes_the_margin(student: Student, rng: Random) -> None:
    """needs less steepness for a wider margin, and more for a narrower one"""
    for margin in (0.1, 2.5, float(rng.uniform(0.2, 0.8))):
        want = -float(logit(0.05)) / margin
        expect_close(student(0.05, margin=margin), want, what="steepness", causes=_causes(0.05, margin))


def has_a_margin_of_one(student: Student, rng: Random) -> None:
    """takes a margin of 1 where none is given, and only there"""
    error = float(rng.uniform(0.01, 0.3))
    want, default = -float(logit(error)), "the margin is 0.5 where none is given; it should be 1"
    expect_close(student(error), want, what="steepness", causes={default: 2 * want} | _causes(error, 1.0))
    expect_close(student(error, margin=2.0), want / 2, what="steepness", causes=_causes(error, 2.0))


# Tasks 8 and 10: box_weights, staircase


def _step_curve(got: Any, name: str) -> tuple[Curve, int]:
    """Turn (w, b) into the curve sum_k w_k [x > b_k], one step after another."""
    sentence = f"{name} must return (w, b): the output weights and the places of the steps"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    w = expect_numbers(got[0], (None,), "w")
    b = _one_for_each(w, got[1], "b")
    return lambda x: np.asarray(((x[:, None] > b) * w).sum(axis=1)), len(w)


def _one_for_each(w: Array, value: Any, what: str) -> Array:
    numbers = expect_numbers(value, (None,), what)
    sentence = f"w has {len(w)} entries and {what} has {len(numbers)}: every unit needs one of each"
    expect(len(numbers) == len(w), sentence)
    return numbers


def _expect_curve(curve: Curve, x: Array, t: Array, causes: Mapping[str, Array]) -> None:
    y = curve(x)
    usual = {"the curve is upside down": -t, "the curve is 0 everywhere": np.zeros(len(x))}
    wrong = np.flatnonzero(~np.isclose(y, t, rtol=1e-6, atol=1e-6))
    if len(wrong):
        k = wrong[0]
        problem = f"at x = {x[k]:.7g} your curve is {y[k]:.4g}, expected {t[k]:.4g}"
        expect(False, problem + explain(y, {**causes, **usual}))


def _box_points(left: float, right: float, rng: Random) -> Array:
    edges = [left - 5, left - 1e-6, left, left + 1e-6, right - 1e-6, right, right + 1e-6, right + 5]
    return np.concatenate([edges, rng.uniform(left - 1, right + 1, size=20)])


def _expect_box(got: Any, x: Array, left: float, right: float, height: float) -> None:
    begun, ended = (x > left).astype(float), (x > right).astype(float)
    causes = {
        "the curve goes up at left, and never comes down again": height * begun,
        "the curve goes up twice; at right it must come down": height * (begun + ended),
        "the height was left out: it is always 1": begun - ended,
        "the curve goes up by the height, but down by 1": height * begun - ended,
    }
    _expect_curve(_step_curve(got, "box_weights")[0], x, height * (begun - ended), causes)


def is_the_box(student: Student, rng: Random) -> None:
    """is 1 from left to right and 0 elsewhere, for any left and right"""
    for left, right in ((1.0, 2.0), (-3.0, 0.5), (float(rng.uniform(0, 1)), float(rng.uniform(2, 3)))):
        _expect_box(student(left, right, height=1.0), _box_points(left, right, rng), left, right, 1.0)


def has_the_height(student: Student, rng: Random) -> None:
    """has the height that is given, and 1 where none is given"""
    x = _box_points(-1.0, 1.5, rng)
    for height in (float(rng.uniform(2, 3)), -0.5):
        _expect_box(student(-1.0, 1.5, height=height), x, -1.0, 1.5, height)
    _expect_box(student(-1.0, 1.5), x, -1.0, 1.5, 1.0)


def takes_two_units(student: Student, rng: Random) -> None:
    """is right with no more than two units, whatever the height"""
    for left, right, height in ((0.5, 2.0, 2.5), (-4.0, -2.0, -3.0)):
        got, x = student(left, right, height=height), np.array([left - 1, (left + right) / 2, right + 1])
        units = _step_curve(got, "box_weights")[1]
        expect(units <= 2, f"your box has {units} units, two are enough")
        _expect_box(got, x, left, right, height)


def _stairs(rng: Random, steps: int) -> tuple[Array, Array]:
    return np.cumsum(rng.uniform(0.3, 1.5, size=steps + 1)) - 2, rng.normal(size=steps)


def _height(x: Array, edges: Array, heights: Array) -> Array:
    """Look the step of each x up: 0 until edges[0], then heights[k] right of edges[k]."""
    return np.concatenate([[0.0], heights])[np.searchsorted(edges, x, side="left")]


def _expect_stairs(got: Any, x: Array, edges: Array, values: Array) -> None:
    padded = np.concatenate([values, [0.0]])
    causes = {
        "the last step down, back to 0, is missing": np.concatenate([values, values[-1:]]),
        "each weight is a height; it must be the difference from the step before": np.cumsum(padded),
        "the steps are taken one edge too late": np.concatenate([[0.0], values]),
    }
    mistakes = {sentence: _height(x, edges, heights) for sentence, heights in causes.items()}
    _expect_curve(_step_curve(got, "staircase")[0], x, _height(x, edges, padded), mistakes)


def follows_the_steps(student: Student, rng: Random) -> None:
    """has the right height on every step"""
    for steps in (2, 5, 12, 1):
        edges, values = _stairs(rng, steps)
        x = np.concatenate([edges[:-1] + part * np.diff(edges) for part in (0.1, 0.5, 0.9)])
        _expect_stairs(student(edges, values), x, edges, values)


def begins_and_ends_at_zero(student: Student, rng: Random) -> None:
    """is 0 left of the first edge and right of the last one, and not between them"""
    for steps in (4, 1):
        edges, values = _stairs(rng, steps)
        outside = [edges[0] - 3, edges[0] - 1e-6, edges[-1] + 1e-6, edges[-1] + 3]
        inside = [edges[0] + 0.1, edges[1] - 0.1, edges[-2] + 0.1, edges[-1] - 0.1]
        _expect_stairs(student(edges, values), np.array(outside + inside), edges, values)


def steps_at_the_edges(student: Student, rng: Random) -> None:
    """takes its steps exactly at the edges, one unit at each"""
    edges, values = _stairs(rng, 6)
    got = student(edges, values)
    units = _step_curve(got, "staircase")[1]
    expect(units <= len(edges), f"your staircase has {units} units for {len(edges)} edges")
    _expect_stairs(got, np.sort(np.concatenate([edges, edges - 1e-6, edges + 1e-6])), edges, values)


# Task 9: relu_box


def _ramp_curve(got: Any) -> tuple[Curve, int]:
    """Turn (w, v, b) into the curve sum_k w_k relu(v_k x + b_k), one unit after another."""
    sentence = "relu_box must return (w, v, b): output weights, input weights and biases of the units"
    expect(isinstance(got, tuple | list) and len(got) == 3, sentence)
    w = expect_numbers(got[0], (None,), "w")
    v, b = _one_for_each(w, got[1], "v"), _one_for_each(w, got[2], "b")
    return lambda x: np.asarray((np.maximum(x[:, None] * v + b, 0) * w).sum(axis=1)), len(w)


def _boxes(rng: Random) -> list[tuple[float, float, float]]:
    return [(1.0, 2.0, 4.0), (-2.0, 0.5, 10.0), (float(rng.uniform(0, 1)), float(rng.uniform(3, 4)), 1.5)]


def _ramp(x: Array, place: float, steepness: float) -> Array:
    return np.clip((x - place) * steepness, 0, 1)


def _expect_relu_box(got: Any, x: Array, left: float, right: float, steepness: float) -> None:
    def box(shift_left: float, shift_right: float) -> Array:
        up, down = left + shift_left / steepness, right + shift_right / steepness
        return _ramp(x, up, steepness) - _ramp(x, down, steepness)

    rising = np.maximum(x - left, 0) - np.maximum(x - right, 0)
    causes = {
        "the ramp down ends at right; it must begin there": box(0, -1),
        "the ramp up ends at left; it must begin there": box(-1, 0),
        "the ramps have their middle at left and right; they must begin there": box(-0.5, -0.5),
        "the curve goes up at left, and never comes down again": _ramp(x, left, steepness),
        "the ramp up never ends: a second unit must stop it": steepness * rising,
        "the steepness was left out: it is 10": _ramp(x, left, 10) - _ramp(x, right, 10),
        "the ramps have a steepness of 1": _ramp(x, left, 1) - _ramp(x, right, 1),
        "the height is 1 / steepness: a unit's slope is w times v": box(0, 0) / steepness,
        "the height is the steepness: a unit's slope is w times v": box(0, 0) * steepness,
    }
    _expect_curve(_ramp_curve(got)[0], x, box(0, 0), causes)


def is_one_between_the_ramps(student: Student, rng: Random) -> None:
    """is 1 between the ramps, and nowhere else"""
    for left, right, steepness in _boxes(rng):
        got = student(left, right, steepness=steepness)
        between = np.linspace(left + 1 / steepness, right, 9)
        on_ramps = [left - 1, left + 0.9 / steepness, right + 0.1 / steepness, right + 1]
        _expect_relu_box(got, np.concatenate([between, on_ramps]), left, right, steepness)


def is_zero_outside(student: Student, rng: Random) -> None:
    """is 0 left of the first ramp and right of the second one, however far, and not between them"""
    for left, right, steepness in _boxes(rng):
        got = student(left, right, steepness=steepness)
        end = right + 1 / steepness
        x = [left - 50, left - 1, left, end, end + 1, end + 50, left + 1 / steepness]
        _expect_relu_box(got, np.array(x), left, right, steepness)


def has_ramps_of_the_steepness(student: Student, rng: Random) -> None:
    """has ramps of the given steepness, beginning at left and at right"""
    for left, right, steepness in _boxes(rng):
        got = student(left, right, steepness=steepness)
        part = np.sort(rng.uniform(0.05, 0.95, size=9)) / steepness
        _expect_relu_box(got, np.concatenate([left + part, right + part]), left, right, steepness)


def takes_four_units(student: Student, rng: Random) -> None:
    """is right with no more than four units, and takes a steepness of 10 where none is given"""
    for left, right, given in ((1.0, 2.5, {}), (-3.0, 1.0, {"steepness": 0.5})):
        got = student(left, right, **given)
        units = _ramp_curve(got)[1]
        expect(units <= 4, f"your box has {units} units, four are enough")
        x = np.linspace(left - 1, right + 3, 41)
        _expect_relu_box(got, x, left, right, given.get("steepness", 10.0))
