"""Properties of gradients that several sweeps add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_utils.grading.authoring import Student, expect, expect_close
from course_utils.grading.values import name_type

Random = np.random.Generator
Values = dict[str, Any]


# Task 13: accumulate


def _expect_sums(got: Any, want: Values, causes: Mapping[str, Mapping[str, Any]]) -> None:
    expect(isinstance(got, dict), f"accumulate must return a dict, {name_type(got)} came")
    missing, extra = sorted(want.keys() - got.keys()), sorted(got.keys() - want.keys(), key=str)
    expect(not missing, f"the parameters {missing} are missing in the result")
    expect(not extra, f"{extra} are no parameters: only the names in grads belong to the result")
    for name, right in want.items():
        if right is None:
            expect(
                got[name] is None, f"{name!r} has had no bar yet: it stays None, {name_type(got[name])} came"
            )
        else:
            expect_close(got[name], right, what=f'grads["{name}"]', causes=causes.get(name, {}))


def _draw_gradients(rng: Random, names: list[str]) -> Values:
    return {name: rng.normal(size=(len(name), index + 1)) for index, name in enumerate(names)}


def adds_to_what_is_there(student: Student, rng: Random) -> None:
    """adds each bar to the gradient that is there, in place of overwriting it"""
    for names in (["w"], ["W_1", "b_1", "W_2"]):
        grads, bars = _draw_gradients(rng, names), _draw_gradients(rng, names)
        causes = {
            name: {
                "the new gradient overwrote the old one: `.grad` adds up": bars[name],
                "the new gradient was not added": grads[name],
                "the mean came; the gradients add up": (grads[name] + bars[name]) / 2,
            }
            for name in names
        }
        _expect_sums(student(grads, bars), {name: grads[name] + bars[name] for name in names}, causes)


def begins_where_there_is_none(student: Student, rng: Random) -> None:
    """takes the bar alone where the gradient is None"""
    bars = _draw_gradients(rng, ["w", "b"])
    _expect_sums(student({"w": None, "b": None}, bars), bars, {})
    zero = np.zeros_like(bars["w"])
    _expect_sums(student({"w": zero, "b": None}, {**bars, "w": -zero}), {**bars, "w": zero}, {})
    _expect_sums(student({"w": None, "b": 1.0}, {"w": 0.5, "b": 2.0}), {"w": 0.5, "b": 3.0}, {})


def keeps_to_the_parameters(student: Student, rng: Random) -> None:
    """keeps a parameter that has no bar, and leaves out what is no parameter"""
    grads, bars = _draw_gradients(rng, ["w", "b", "c"]), _draw_gradients(rng, ["w", "z", "x"])
    want = {**grads, "w": grads["w"] + bars["w"], "v": None}
    _expect_sums(student({**grads, "v": None}, bars), want, {})
    _expect_sums(student({"v": None, "w": grads["w"]}, {}), {"v": None, "w": grads["w"]}, {})
