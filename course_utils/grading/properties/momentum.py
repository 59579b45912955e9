"""Properties of gradient descent with momentum: the weights and the velocity, step by step."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.kept_types import expect_float32, without_fractions
from course_utils.grading.properties.left_out import expect_defaults
from course_utils.grading.properties.named_parts import Parts, expect_parts
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
SHAPES: tuple[tuple[int, ...], ...] = ((4,), (2, 3), (3, 1, 2))
STEP = ("w", "v")


def _sum_of_gradients(gradients: list[Array], momentum: float) -> Array:
    """Add all gradients so far, each faded once for every step since: the velocity, without a recursion."""
    ages = np.arange(len(gradients))[::-1]
    return np.asarray(np.einsum("k,k...->...", float(momentum) ** ages, np.stack(gradients).astype(float)))


def _expect_step(
    student: Student, w: Array, gradients: list[Array], learning_rate: float, momentum: float
) -> None:
    """Give the last gradient, and the velocity of those before it."""
    *earlier, w_bar = gradients
    v = _sum_of_gradients(earlier, momentum).astype(w.dtype) if earlier else None
    got = (
        student(w, w_bar, learning_rate=learning_rate, momentum=momentum)
        if v is None
        else student(w, w_bar, v=v, learning_rate=learning_rate, momentum=momentum)
    )
    v_next = _sum_of_gradients(gradients, momentum)
    want = (w.astype(float) - learning_rate * v_next, v_next)
    before = np.zeros(w.shape) if v is None else v
    cut = without_fractions(want, w.dtype)

    def mistakes() -> dict[str, Parts]:
        return _mistakes(w, w_bar, before, learning_rate, momentum) | cut

    expect_parts(got, want, what=STEP, mistakes=mistakes)
    if w.dtype == np.float32:
        for name, part in zip(STEP, got, strict=True):
            expect_float32(part, name)


def _mistakes(w: Array, w_bar: Array, v: Array, learning_rate: float, momentum: float) -> dict[str, Parts]:
    right = momentum * v + w_bar
    dampened = momentum * v + (1 - momentum) * w_bar
    falling = momentum * v - w_bar
    scaled = momentum * v + learning_rate * w_bar

    def move(step: Array, kept: Array = right) -> Parts:
        return w - learning_rate * step, kept

    return {
        "the first step was left out: v is the gradient there": (w, np.zeros(w.shape)),
        "the velocity is not used: this is plain gradient descent": move(w_bar, w_bar),
        "the weights moved by the gradient, not by the velocity": move(w_bar),
        "the weights moved by the velocity of the step before": move(v),
        "the gradient was dampened by (1 - momentum); here it is added whole": move(dampened, dampened),
        "the weights went uphill: subtract the velocity": (w + learning_rate * right, right),
        "the velocity has the wrong sign: the gradient is added to it": (
            w + learning_rate * falling,
            falling,
        ),
        "the gradient was taken away from the velocity": move(falling, falling),
        "the learning rate is in the velocity; here it multiplies v when w moves": (w - scaled, scaled),
        "the learning rate is in the velocity, which has the wrong sign, too": (
            w + momentum * v - learning_rate * w_bar,
            momentum * v - learning_rate * w_bar,
        ),
        "the learning rate was used twice": move(scaled, scaled),
        "the learning rate is missing": (w - right, right),
        "the old velocity was not faded by momentum": move(v + w_bar, v + w_bar),
        "momentum fades the gradient, too": move(momentum * (v + w_bar), momentum * (v + w_bar)),
        "it looks ahead, as Nesterov's momentum does; here w moves by v": move(w_bar + momentum * right),
        "the old velocity came back, not the new one": move(right, v),
        "the gradient came back in place of the velocity": move(right, w_bar),
        "the velocity came back times the learning rate": move(right, learning_rate * right),
    }


# Task 1: momentum_step


def takes_a_first_step(student: Student, rng: Random) -> None:
    """takes a first step along the gradient, where there is no velocity yet"""
    for shape in SHAPES:
        w, w_bar = rng.normal(size=(2, *shape))
        _expect_step(student, w, [w_bar], float(rng.uniform(0.1, 0.5)), 0.75)


def keeps_its_velocity(student: Student, rng: Random) -> None:
    """adds the gradient to the faded velocity, and moves the weights by the sum"""
    for shape, momentum in zip(SHAPES, (0.5, 0.75, 0.875), strict=True):
        w, *gradients = rng.normal(size=(3, *shape))
        _expect_step(student, w, gradients, float(rng.uniform(0.1, 0.5)), momentum)
    w, *gradients = rng.normal(size=(6, 2, 2))
    _expect_step(student, w, gradients, 0.25, 0.0)


def goes_on_from_its_own_state(student: Student, rng: Random) -> None:
    """goes the right way over several steps, from what it returned itself, with its defaults"""
    w, *gradients = rng.normal(size=(7, 3))
    expect_defaults(
        student,
        lambda: _expect_path(student, w, gradients, {}),
        lambda: _expect_path(student, w, gradients, {"learning_rate": 0.1, "momentum": 0.9}),
    )


def _expect_path(student: Student, w: Array, gradients: list[Array], options: dict[str, float]) -> None:
    right = [_sum_of_gradients(gradients[: k + 1], 0.9) for k in range(len(gradients))]
    got: Any = student(w, gradients[0], **options)
    for k, w_bar in enumerate(gradients):
        if k:
            got = student(got[0], w_bar, got[1], **options)
        pair = isinstance(got, tuple | list) and len(got) == 2
        expect(pair, f"momentum_step must return (w, v), {name_type(got)} came")
        before = w - 0.1 * np.sum(right[:k], axis=0)
        v = right[k - 1] if k else np.zeros(3)
        want = (before - 0.1 * right[k], right[k])
        expect_parts(got, want, what=STEP, mistakes=partial(_mistakes, before, w_bar, v, 0.1, 0.9))


def keeps_float32_and_takes_integers(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers"""
    w, *gradients = rng.normal(size=(4, 2, 3)).astype(np.float32)
    _expect_step(student, w, gradients[:1], 0.25, 0.5)
    _expect_step(student, w, gradients, 0.25, 0.5)
    whole = rng.permutation(np.arange(-3, 3)).reshape(3, 2)
    _expect_step(student, whole, [whole[::-1].copy()], 0.25, 0.5)
