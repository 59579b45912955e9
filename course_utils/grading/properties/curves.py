"""Curves that a student's units draw over one variable, and what explains a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import expect
from course_utils.grading.properties.numbers import expect_numbers

Array = NDArray[Any]
Curve = Callable[[Array], Array]


@dataclass(frozen=True)
class Drawn:
    """A curve that is a sum of units.

    Attributes:
        curve: Its values at given places.
        places: Where each unit switches on or bends the curve; units without a weight have none.
        units: How many units there are.
    """

    curve: Curve
    places: Array
    units: int


@dataclass(frozen=True)
class Wanted:
    """The curve that is right, and likely wrong ones.

    Attributes:
        curve: Its values at given places.
        places: Where it changes.
        causes: Likely mistakes: a sentence and the curves that this mistake gives.
        turned: What to say where the units are at minus these places.
        astray: What to say where a unit is elsewhere; `{}` stands for the place.
    """

    curve: Curve
    places: Array
    turned: str
    astray: str
    causes: Mapping[str, Sequence[Curve]] = field(default_factory=dict)


def one_for_each(w: Array, value: Any, what: str) -> Array:
    """Fail unless a value holds one finite number for each unit.

    Args:
        w: The units' output weights, shape (units,).
        value: What the student's function returned.
        what: Name of the value in the report.

    Returns:
        The numbers, shape (units,).

    Raises:
        CheckFailed: It is something else.
    """
    numbers = expect_numbers(value, (None,), what)
    sentence = f"w has {len(w)} entries and {what} has {len(numbers)}: every unit needs one of each"
    expect(len(numbers) == len(w), sentence)
    return numbers


def expect_curve(drawn: Drawn, wanted: Wanted, x: Array) -> None:
    """Fail unless two curves agree at given places.

    Args:
        drawn: The student's curve.
        wanted: The right one.
        x: Where they must agree, shape (places,).

    Raises:
        CheckFailed: They differ somewhere; the mistake is looked for at many other places too.
    """
    y, t = drawn.curve(x), wanted.curve(x)
    wrong = np.flatnonzero(~np.isclose(y, t, rtol=1e-6, atol=1e-5))  # float32 is right, too
    if len(wrong):
        k = wrong[0]
        problem = f"at x = {x[k]:.7g} your curve is {y[k]:.4g}, expected {t[k]:.4g}"
        reach = 2 * float(np.abs(wanted.places).max()) + 1  # minus the places, a likely mistake, lie within
        everywhere = np.concatenate([x, np.linspace(-reach, reach, 401)])
        cause = _find_cause(drawn, wanted, everywhere)
        expect(False, problem + (f"\ncause     {cause}" if cause else ""))


def _find_cause(drawn: Drawn, wanted: Wanted, x: Array) -> str:
    y, t = drawn.curve(x), wanted.curve(x)
    if not y.any():
        return "the curve is 0 at every x that was tried"
    for sentence, curves in wanted.causes.items():
        if any(np.allclose(y, curve(x), atol=1e-6) for curve in curves):
            return sentence
    highest = np.abs(t).argmax()
    times = y[highest] / t[highest]
    if times and np.allclose(y, times * t, atol=1e-6):
        return "the curve is upside down" if times < 0 else f"the curve is {times:.3g} times as high as asked"
    astray = [place for place in drawn.places if not np.isclose(wanted.places, place).any()]
    turned = [place for place in drawn.places if np.isclose(-wanted.places, place).any()]
    if astray and len(turned) == len(drawn.places) and np.ptp(turned) > 0:
        return wanted.turned
    return wanted.astray.format(f"{astray[0]:.4g}") if astray else ""
