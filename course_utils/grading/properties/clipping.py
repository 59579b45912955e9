"""Properties of clipping: several gradients are scaled together until their common norm is small enough."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.kept_types import expect_float32, without_fractions
from course_utils.grading.properties.named_parts import Parts, expect_parts
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
SHAPES: tuple[tuple[int, ...], ...] = ((3, 2), (2,), (2, 1, 3))


def _norm(gradients: list[Array]) -> float:
    return math.hypot(*(float(value) for gradient in gradients for value in gradient.ravel()))


def _with_norm(rng: Random, norm: float, shapes: tuple[tuple[int, ...], ...] = SHAPES) -> list[Array]:
    """Draw gradients of different sizes whose norm together is given."""
    drawn = [rng.normal(size=shape) * rng.uniform(0.5, 4) for shape in shapes]
    return [gradient * (norm / _norm(drawn)) for gradient in drawn]


def _expect_clipped(student: Student, gradients: list[Array], limit: float, factor: float) -> None:
    got = student(gradients, limit)
    listed = isinstance(got, tuple | list) and len(got) == len(gradients)
    wanted = f"a list with an array for each of the {len(gradients)} gradients"
    expect(listed, f"clip_by_norm must return {wanted}, {name_type(got)} came")
    plain = [gradient.astype(float) for gradient in gradients]
    names = tuple(f"gradients[{place}]" for place in range(len(gradients)))
    for name, came, gradient in zip(names, got, gradients, strict=True):
        if gradient.dtype == np.float32:
            expect_float32(came, name)
    right = tuple(factor * gradient for gradient in plain)
    cut = without_fractions(right, gradients[0].dtype)
    expect_parts(got, right, what=names, mistakes=lambda: _mistakes(plain, limit) | cut, rtol=1e-5)


def _mistakes(gradients: list[Array], limit: float) -> dict[str, Parts]:
    norms = [max(_norm([gradient]), 1e-300) for gradient in gradients]
    norm = max(_norm(gradients), 1e-300)
    entries = np.concatenate([gradient.ravel() for gradient in gradients])
    sizes = {
        "the norms were added; add the squares of all entries, then take the root": sum(norms),
        "the root is missing in the norm": norm**2,
        "the entries were added before they were squared; square each entry": math.hypot(
            *(float(gradient.sum()) for gradient in gradients)
        ),
        "the mean of the squares was taken; the norm has their sum": norm / math.sqrt(entries.size),
        "the sizes of the entries were added; add their squares, and take the root": float(
            np.abs(entries).sum()
        ),
        "the largest entry was taken for the norm": float(np.abs(entries).max()),
        "the largest norm of one array was taken for that of all": max(norms),
        "only the first gradient is in the norm": norms[0],
        "only the last gradient is in the norm": norms[-1],
    }

    def scaled(factor: float) -> Parts:
        return tuple(factor * gradient for gradient in gradients)

    return {
        "it was clipped although its norm is below the limit": scaled(limit / norm),
        "each gradient was clipped on its own: one factor for all keeps the direction": tuple(
            min(1.0, limit / own) * gradient for own, gradient in zip(norms, gradients, strict=True)
        ),
        "each gradient was brought to the limit on its own: one factor for all": tuple(
            limit / own * gradient for own, gradient in zip(norms, gradients, strict=True)
        ),
        "the entries were cut off at the limit; they are all scaled by one factor": tuple(
            np.clip(gradient, -limit, limit) for gradient in gradients
        ),
        "nothing was clipped": tuple(gradients),
        "the limit is missing: the norm became 1": scaled(1 / norm),
        "the limit is missing: the norm became 1 where it was larger": scaled(min(1.0, 1 / norm)),
        "they were divided by the limit; multiply by limit / norm": scaled(1 / limit),
        "the factor is upside down: it is limit / norm": scaled(norm / limit),
        **{words: scaled(min(1.0, limit / max(size, 1e-300))) for words, size in sizes.items()},
    }


# Task 9: clip_by_norm


def scales_by_the_common_norm(student: Student, rng: Random) -> None:
    """scales all gradients by one factor, so that their common norm is the limit"""
    for norm, limit in ((8.0, 2.0), (3.0, 2.5), (40.0, 0.5)):
        gradients = _with_norm(rng, norm)
        _expect_clipped(student, gradients, limit, limit / norm)
        _expect_clipped(student, gradients[:1], limit, min(1.0, limit / _norm(gradients[:1])))
    _expect_clipped(student, [np.array([3.0]), np.array([[4.0]])], 2.5, 0.5)


def leaves_small_gradients_alone(student: Student, rng: Random) -> None:
    """leaves gradients alone whose common norm is within the limit, zeros too"""
    for norm, limit in ((0.5, 2.0), (3.0, 3.5), (2.0, 40.0)):
        _expect_clipped(student, _with_norm(rng, norm), limit, 1.0)
    _expect_clipped(student, [np.array([3.0, 0.0]), np.array([[4.0]])], 5.0, 1.0)
    _expect_clipped(student, [np.zeros((2, 3)), np.zeros(2)], 1.0, 1.0)
    expect(not student.warned, "the values are right, but NumPy warned of a division by 0")


def clips_what_is_large_together(student: Student, rng: Random) -> None:
    """clips gradients that are large only together, each of them being within the limit"""
    for limit in (2.0, 0.5):
        drawn = [rng.normal(size=shape) for shape in (*SHAPES, (5,))]
        parts = [gradient * (0.9 * limit / _norm([gradient])) for gradient in drawn]
        _expect_clipped(student, parts, limit, 1 / 1.8)  # the root of four times 0.9 squared


def clips_float32_and_integers(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers and any number of gradients"""
    for norm in (9.0, 1.0):
        single = [gradient.astype(np.float32) for gradient in _with_norm(rng, norm)]
        _expect_clipped(student, single, 3.0, min(1.0, 3.0 / norm))
    _expect_clipped(student, [np.array([2, -4]), np.array([[4]])], 3.0, 0.5)
    many = _with_norm(rng, 10.0, ((2,),) * 7)
    _expect_clipped(student, many, 4.0, 0.4)
