"""Properties of the weights of a tent: a rise and a fall of different slopes, made of ReLU units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.curves import Curve, Drawn, Wanted, expect_curve, one_for_each
from course_utils.grading.properties.numbers import expect_numbers

Array = NDArray[Any]
Random = np.random.Generator
Tent = tuple[float, float, float, float]  # left, peak, right, height


def _add_ramps(w: Any, v: Any, b: Any) -> Curve:
    """Return the curve sum_k w_k relu(v_k x + b_k)."""
    return lambda x: np.asarray((np.maximum(x[:, None] * v + np.asarray(b), 0) * np.asarray(w)).sum(axis=1))


def _read_ramps(got: Any) -> Drawn:
    sentence = "relu_tent must return (w, v, b): output weights, input weights and biases of the units"
    expect(isinstance(got, tuple | list) and len(got) == 3, sentence)
    w = expect_numbers(got[0], (None,), "w")
    v, b = one_for_each(w, got[1], "v"), one_for_each(w, got[2], "b")
    bends = (w != 0) & (v != 0)
    return Drawn(_add_ramps(w, v, b), -b[bends] / v[bends], len(w))


def _tent(tent: Tent) -> Wanted:
    left, peak, right, height = tent
    return Wanted(
        curve=lambda x: np.interp(x, [left, peak, right], [0, height, 0]),
        places=np.array(tent[:3]),
        turned="the units bend at minus the places: a unit bends at x = -b / v, so b is -v times the place",
        astray="a unit bends at x = {} (that is -b / v), where the tent is straight",
        causes=_causes_of_changes(tent) | _causes_of_slopes(tent) | _causes_of_units(tent),
    )


def _bending_at(tent: Tent) -> Callable[..., Curve]:
    """Return a function from the changes of the slope at left, at the peak and at right to the curve."""
    return lambda *changes: _add_ramps(changes, 1.0, -np.array(tent[: len(changes)]))


def _causes_of_slopes(tent: Tent) -> dict[str, Sequence[Curve]]:
    """List what comes of three units in the right places, with wrong slopes."""
    left, peak, right, height = tent
    bends, up, down = _bending_at(tent), height / (peak - left), height / (right - peak)
    same = (up, down, 2 * height / (right - left))
    turned = bends(1 / up, -1 / up - 1 / down, 1 / down)
    one = bends(up / height, -(up + down) / height, down / height)
    return {
        "rise and fall have the same slope in your weights; each side has its own": [
            bends(slope, -2 * slope, slope) for slope in same
        ],
        "the two slopes are exchanged": [bends(down, -up - down, up)],
        "the slopes were not divided by the widths of the sides": [bends(height, -2 * height, height)],
        "the slopes are turned round: a slope is height over width": [turned],
        "the height was left out: it is always 1": [one],
    }


def _causes_of_changes(tent: Tent) -> dict[str, Sequence[Curve]]:
    """List what comes of right slopes where their changes are wrong, or one of them is missing."""
    left, peak, right, height = tent
    bends, up, down = _bending_at(tent), height / (peak - left), height / (right - peak)
    return {
        "the weights are slopes; each must be the change of the slope at its place": [
            bends(up, -down, third) for third in (0, down, -down)
        ],
        "the curve goes on falling after right: the slope must change there too": [bends(up, -up - down)],
        "the curve is flat after the peak: the unit there must also begin the fall": [
            bends(up, -up, third) for third in (0, -down, down)
        ],
        "the curve goes on rising after the peak": [bends(up)],
    }


def _causes_of_units(tent: Tent) -> dict[str, Sequence[Curve]]:
    """List what comes of right slopes in units with wrong input weights or biases."""
    left, peak, right, height = tent
    up, down = height / (peak - left), height / (right - peak)
    changes, places = np.array([up, -up - down, down]), np.array([left, peak, right])
    signs, sizes = np.sign(changes), np.abs(changes)
    return {
        "w and v are exchanged: a negative v turns its unit round": [
            _add_ramps(1.0, changes, -changes * places),
            _add_ramps(1.0, changes, -places),
        ],
        "b is -place, but a unit bends at x = -b / v: b must be -v times the place": [
            _add_ramps(signs, sizes, -places),
            *(_add_ramps(changes / slope, slope, -places) for slope in (up, down)),
        ],
        "the slope is in v and in w: a unit's slope is w times v": [
            _add_ramps(changes, sizes, -sizes * places),
        ],
    }


def _tents(rng: Random) -> list[Tent]:
    left, (rise, fall) = float(rng.uniform(-1, 1)), rng.uniform(0.5, 3, size=2)
    drawn = (left, left + float(rise), left + float(rise + fall), 1.0)
    return [(1.0, 3.0, 7.0, 1.0), (-2.5, 1.5, 2.0, 1.0), drawn]


def rises_to_the_peak(student: Student, rng: Random) -> None:
    """rises in a straight line from 0 at left to the height at the peak"""
    for tent in _tents(rng):
        left, peak, right, height = tent
        got = student(left, peak, right, height=height)
        expect_curve(_read_ramps(got), _tent(tent), np.linspace(left, peak, 9))


def falls_to_the_right(student: Student, rng: Random) -> None:
    """falls in a straight line from the height at the peak to 0 at right"""
    for tent in _tents(rng):
        left, peak, right, height = tent
        got = student(left, peak, right, height=height)
        expect_curve(_read_ramps(got), _tent(tent), np.linspace(peak, right, 9))


def is_zero_outside(student: Student, rng: Random) -> None:
    """is 0 left of left and right of right, however far, and not between them"""
    for tent in _tents(rng):
        left, peak, right, height = tent
        got = student(left, peak, right, height=height)
        x = np.array([left - 50, left - 1, left, right, right + 1, right + 50, peak])
        expect_curve(_read_ramps(got), _tent(tent), x)


def has_the_height_with_three_units(student: Student, rng: Random) -> None:
    """has the height that is given, and 1 where none is given, with no more than three units"""
    left, peak, right, _ = _tents(rng)[-1]
    x = np.linspace(left - 1, right + 1, 41)
    for height in (float(rng.uniform(2, 3)), -0.5):
        got = _read_ramps(student(left, peak, right, height=height))
        expect(got.units <= 3, f"your tent has {got.units} units, three are enough")
        expect_curve(got, _tent((left, peak, right, height)), x)
    expect_curve(_read_ramps(student(left, peak, right)), _tent((left, peak, right, 1.0)), x)
