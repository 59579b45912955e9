"""Properties of backward rules where NumPy repeats a value to fit: of sums and of products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.complex_step import gradients_of_arguments

Array = NDArray[Any]
Random = np.random.Generator
Shape = tuple[int, ...]
Shapes = tuple[tuple[Shape, Shape], ...]


# Task 4: unbroadcast


def _gather(gradient: Array, shape: Shape) -> Array:
    """Add every entry of a gradient to the entry of the value that it was repeated from."""
    total = np.zeros(shape)
    for place in np.ndindex(gradient.shape):
        own = place[gradient.ndim - len(shape) :]
        total[tuple(min(i, length - 1) for i, length in zip(own, shape, strict=True))] += gradient[place]
    return total


def _expect_gathered(student: Student, rng: Random, pairs: Shapes, dtype: type = np.float64) -> None:
    for from_shape, shape in pairs:
        gradient: Array = rng.normal(size=from_shape).astype(dtype)
        want = _gather(gradient, shape)
        causes = {
            "the gradient came back as it was: nothing was summed": gradient,
            "the mean over the repetitions came; their sum is wanted": want * want.size / gradient.size,
            "an axis of length 1 was lost in the sum: see keepdims": np.squeeze(want),
            "everything was summed up": gradient.sum(),
            "the sum runs over the wrong axis: NumPy puts missing axes in front": gradient.sum(axis=-1),
            "one of the repetitions came; their sum is wanted": gradient[0],
        }
        got = student(gradient, shape)
        expect_close(got, want, what=f"the gradient for shape {shape}", causes=causes)
        if shape:
            expect_array(got, kind=np.dtype(dtype).name, what="the gradient")


def leaves_what_was_not_repeated(student: Student, rng: Random) -> None:
    """leaves a gradient as it is where nothing was repeated"""
    for shape in ((2, 3), (1, 4), (3, 1, 2)):
        for dtype in (np.float64, np.float32):
            _expect_gathered(student, rng, ((shape, shape),), dtype)


def sums_over_axes_in_front(student: Student, rng: Random) -> None:
    """sums over axes that were put in front"""
    _expect_gathered(student, rng, (((4, 3), (3,)), ((3, 3), (3,)), ((2, 4, 3), (3,)), ((2, 4, 3), (4, 3))))
    _expect_gathered(student, rng, (((5,), ()), ((2, 3), ())))


def sums_over_axes_of_length_one(student: Student, rng: Random) -> None:
    """sums over axes of length 1 that were repeated, and keeps them"""
    _expect_gathered(student, rng, (((4, 3), (4, 1)), ((4, 3), (1, 3)), ((4, 3), (1, 1)), ((3, 3), (3, 1))))
    _expect_gathered(student, rng, (((2, 4, 3), (2, 1, 3)), ((2, 4, 3), (1, 4, 1))))


def sums_over_both_at_once(student: Student, rng: Random) -> None:
    """sums over both kinds of axes at once, and keeps float32"""
    _expect_gathered(student, rng, (((2, 4, 3), (4, 1)), ((2, 4, 3), (1, 3)), ((4, 3), (1,))))
    _expect_gathered(student, rng, (((2, 5, 4, 3), (4, 1)), ((2, 1, 3), (1, 1)), ((2, 3, 3), (3, 1))))
    _expect_gathered(student, rng, (((4, 3), (3,)), ((4, 3), (4, 1)), ((2, 4, 3), (4, 1))), np.float32)


# Tasks 5 and 6: add_backward, mul_backward


def _draw_arguments(rng: Random, shape_a: Shape, shape_b: Shape) -> tuple[Array, Array, Array]:
    """Draw (y_bar, a, b), with a zero where there are several entries: nobody may divide by them."""
    a, b = np.array(rng.normal(size=shape_a)), np.array(rng.normal(size=shape_b))
    for value in (a, b):
        value.flat[: value.size > 2] = 0
    return np.array(rng.normal(size=np.broadcast_shapes(shape_a, shape_b))), a, b


def _expect_rule(
    student: Student, rng: Random, function: Callable[..., Any], shapes: Shapes, causes_of: Any
) -> None:
    for shape_a, shape_b in shapes:
        y_bar, a, b = _draw_arguments(rng, shape_a, shape_b)
        want = gradients_of_arguments(function, y_bar, (a, b))
        got = student(y_bar, a, b)
        expect(isinstance(got, tuple | list) and len(got) == 2, f"{student.name} must return (a_bar, b_bar)")
        for place, (own, other) in enumerate(((a, b), (b, a))):
            right = want[place]
            causes = causes_of(y_bar, own, other)
            causes |= {"a_bar and b_bar are exchanged": want[1 - place]}
            if right.size < y_bar.size:
                causes |= {"an axis of length 1 was lost in the sum": np.squeeze(right)}
            expect_close(got[place], right, what=("a_bar", "b_bar")[place], causes=causes)


def expect_float32(student: Student, got: Any) -> None:
    """Fail unless a rule gave two arrays of float32.

    To be called before the values are compared: with another dtype they may differ in late digits only.

    Args:
        student: The rule.
        got: What it returned for arrays of float32.

    Raises:
        CheckFailed: They are no pair of such arrays.
    """
    expect(isinstance(got, tuple | list) and len(got) == 2, f"{student.name} must return (a_bar, b_bar)")
    for name, part in zip(("a_bar", "b_bar"), got, strict=True):
        expect_array(part, kind="float32", what=name)


def _keeps_float32(student: Student, rng: Random, function: Callable[..., Any]) -> None:
    for shape_a, shape_b in (((2, 3), (3,)), ((3, 1), (2,))):
        y_bar, a, b = (value.astype(np.float32) for value in _draw_arguments(rng, shape_a, shape_b))
        got = student(y_bar, a, b)
        expect_float32(student, got)
        expect_close(got, gradients_of_arguments(function, y_bar, (a, b)), what=("a_bar", "b_bar"))


def _causes_of_sum(y_bar: Array, own: Array, other: Array) -> dict[str, Any]:
    repeated = y_bar.shape != own.shape
    return {
        "this is the rule of a product: for a sum the slope is 1": _gather(y_bar * other, own.shape),
        "the slope came without y_bar": np.ones(own.shape),
        "the repetitions are not summed: call unbroadcast": y_bar if repeated else np.nan,
    }


def _causes_of_product(y_bar: Array, own: Array, other: Array) -> dict[str, Any]:
    gathered, repeated = _gather(y_bar, own.shape), y_bar.shape != own.shape
    return {
        "each gradient needs the other factor, not its own": _gather(y_bar * own, own.shape),
        "the other factor is missing: this is the rule of a sum": gathered,
        "y_bar is missing": _gather(np.broadcast_to(other, y_bar.shape), own.shape),
        "the repetitions are not summed: call unbroadcast": y_bar * other if repeated else np.nan,
        "the mean over the repetitions came; their sum is wanted": _gather(y_bar * other, own.shape)
        * own.size
        / y_bar.size
        if repeated
        else np.nan,
        "sum after the multiplication, not before": gathered * other if repeated else np.nan,
    }


AGREE: Shapes = (((2, 3), (2, 3)), ((4,), (4,)), ((), ()))
ONE_REPEATED: Shapes = (((4, 3), (3,)), ((3,), (4, 3)), ((2, 3), (2, 1)), ((1, 3), (2, 3)), ((5,), ()))
BOTH_REPEATED: Shapes = (((4, 1), (1, 3)), ((4, 1), (3,)), ((2, 1, 3), (4, 1)))


def passes_the_gradient_on(student: Student, rng: Random) -> None:
    """passes the gradient on to both where the shapes agree"""
    _expect_rule(student, rng, np.add, AGREE, _causes_of_sum)


def sums_where_a_term_was_repeated(student: Student, rng: Random) -> None:
    """sums over the repetitions of either argument, which keeps its shape"""
    _expect_rule(student, rng, np.add, ONE_REPEATED, _causes_of_sum)


def sums_where_both_terms_were_repeated(student: Student, rng: Random) -> None:
    """works where both are repeated, and keeps float32"""
    _expect_rule(student, rng, np.add, BOTH_REPEATED, _causes_of_sum)
    _keeps_float32(student, rng, np.add)


def multiplies_by_the_other_factor(student: Student, rng: Random) -> None:
    """multiplies by the other factor where the shapes agree"""
    _expect_rule(student, rng, np.multiply, AGREE, _causes_of_product)


def sums_where_a_factor_was_repeated(student: Student, rng: Random) -> None:
    """multiplies, and then sums over the repetitions of either argument"""
    _expect_rule(student, rng, np.multiply, ONE_REPEATED, _causes_of_product)


def sums_where_both_factors_were_repeated(student: Student, rng: Random) -> None:
    """works where both factors are repeated, and keeps float32"""
    _expect_rule(student, rng, np.multiply, BOTH_REPEATED, _causes_of_product)
    _keeps_float32(student, rng, np.multiply)
