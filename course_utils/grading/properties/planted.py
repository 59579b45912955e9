"""Properties of a check for wrong gradients: what it trusts, what it finds, and how much it allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_equal
from course_utils.grading.properties.formulas import Formula

Array = NDArray[Any]
Random = np.random.Generator


# Task 3: wrong_entries


@dataclass(frozen=True)
class Claim:
    """A function, a place, the gradient there, and this gradient with a term missing."""

    f: Formula
    x: Array
    right: Array
    incomplete: Array


def _draw_claim(rng: Random, scale: float) -> Claim:
    w, v, x = rng.uniform(0.5, 1.5, size=(3, 2, 3)).round(2)
    f = Formula("lambda x: scale * np.sum(w * x**3 / 3 + v * x**2)", scale=scale, w=w, v=v)
    return Claim(f, x, scale * (w * x**2 + 2 * v * x), scale * w * x**2)


def _expect_marks(student: Student, claim: Claim, x_bar: Array, want: Array, bug: str) -> None:
    got = expect_array(student(claim.f, claim.x, x_bar), shape=want.shape, kind="b", what="the answer")
    causes = _causes_of_limits(claim.right, x_bar, 1e-6) if x_bar.shape == want.shape else {}
    causes |= {
        "nothing was found wrong": np.zeros(want.shape, bool),
        "everything was found wrong": np.ones(want.shape, bool),
        "True and False are exchanged": ~want,
    }
    expect_equal(got, want, what=f"the answer ({bug})", causes=causes)


def _causes_of_limits(n: Array, x_bar: Array, tolerance: float) -> dict[str, Array]:
    """Mark with other limits than the task's."""
    off = np.abs(x_bar - n)
    return {
        "each entry got a limit of its own; there is one, from the largest |n|": ~(
            off <= tolerance * np.abs(n)
        ),
        "np.isclose has a limit for each entry, and adds 1e-8; there is one limit, from the largest |n|": ~(
            off <= 1e-8 + tolerance * np.abs(n)
        ),
        "the limit is the tolerance itself; it is to be multiplied by the largest |n|": ~(off <= tolerance),
    }


def trusts_a_right_gradient(student: Student, rng: Random) -> None:
    """finds nothing wrong in a right gradient, however large or small the function is"""
    for scale in (1.0, 1e6, 1e-6, -1e3):
        claim = _draw_claim(rng, scale)
        nothing = np.zeros(claim.x.shape, bool)
        _expect_marks(student, claim, claim.right, nothing, f"a right gradient of size {scale:g}")
    x, zeros = rng.normal(size=4).round(2), np.zeros(4)
    constant = Claim(Formula("lambda x: 3.0 * x.size"), x, zeros, zeros)
    _expect_marks(student, constant, zeros, np.zeros(4, bool), "a constant has the gradient 0")


def finds_planted_bugs(student: Student, rng: Random) -> None:
    """finds a turned sign, a factor 2, a missing term and a single wrong entry, and says where"""
    for scale in (1.0, 1e6, 1e-6):
        claim = _draw_claim(rng, scale)
        right, shape = claim.right, claim.x.shape
        everywhere, place = np.ones(shape, bool), tuple(rng.integers(shape))
        one, single = right.copy(), np.zeros(shape, bool)
        one[place], single[place] = 1.01 * right[place], True
        two, turned = right.copy(), np.zeros(shape, bool)
        two[:, 1], turned[:, 1] = -right[:, 1], True
        bugs = {
            "one entry is 1% too large": (one, single),
            "the sign of column 1 is turned round": (two, turned),
            "every sign is turned round": (-right, everywhere),
            "a factor 2 too many": (2 * right, everywhere),
            "a term is missing": (claim.incomplete, everywhere),
            "zeros were claimed": (0 * right, everywhere),
            "the entries are in the wrong order": (right[::-1, ::-1], everywhere),
        }
        for bug, (x_bar, want) in bugs.items():
            _expect_marks(student, claim, x_bar, want, f"planted: {bug}, size {scale:g}")


def finds_nan_and_wrong_shapes(student: Student, rng: Random) -> None:
    """finds NaN, and a gradient of another shape wrong everywhere"""
    claim = _draw_claim(rng, 1.0)
    right, everywhere = claim.right, np.ones(claim.x.shape, bool)
    holed, want = right.copy(), ~everywhere
    holed[1, 2], want[1, 2] = np.nan, True
    _expect_marks(student, claim, holed, want, "planted: NaN in one entry")
    for x_bar in (right.ravel(), right.T.copy(), right[0], right[:, :1], right[None], np.array(2.0)):
        what = f"planted: shape {x_bar.shape} for x of shape {claim.x.shape}"
        _expect_marks(student, claim, x_bar, everywhere, what)
    flat, ones = np.array([1.5, -0.5, 0.25]), np.ones(3)
    total = Claim(Formula("lambda x: np.sum(x)"), flat, ones, ones)
    what = "planted: shape (1, 3) for x of shape (3,)"
    _expect_marks(student, total, np.ones((1, 3)), np.ones(3, bool), what)


def allows_what_the_tolerance_allows(student: Student, rng: Random) -> None:
    """allows the tolerance times the largest entry of the numeric gradient, 1e-6 times if it is left out"""
    for given in ({}, {"tolerance": 0.01}, {"tolerance": 1e-4}, {"tolerance": 1e-8}):
        tolerance = given.get("tolerance", 1e-6)
        n = rng.permutation(np.array([200.0, -300.0, 2.0, 0.5, -1.0, 0.0])).reshape(2, 3)
        sign = rng.choice([-1, 1], size=(2, 3))
        off = rng.permutation(np.array([0.3, 0.7, 1.5, 3.0, 0.0, 2.0])).reshape(2, 3)
        x, x_bar = rng.uniform(-0.1, 0.1, size=(2, 3)).round(2), n + sign * off * tolerance * 300
        got = expect_array(student(Formula("lambda x: np.sum(n * x)", n=n), x, x_bar, **given), kind="b")
        about = f"the answer (limit {tolerance:g} * 300)"
        causes = _causes_of_limits(n, x_bar, tolerance) | {
            "True and False are exchanged": off <= 1,
            "the tolerance that was given is not used: it counts as 1e-6": off * tolerance > 1e-6,
        }
        expect_equal(got, off > 1, what=about, causes=causes)
