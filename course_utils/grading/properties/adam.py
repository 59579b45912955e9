"""Properties of a step of Adam: two running means, their correction, and the step of the weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.adam_mistakes import mistakes_of_a_step
from course_utils.grading.properties.kept_types import expect_float32, without_fractions
from course_utils.grading.properties.left_out import expect_defaults
from course_utils.grading.properties.named_parts import Parts, expect_parts
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
TINY = 1e-12  # an epsilon that changes nothing where gradients are of ordinary size
PARTS = ("w", "m", "v", "step")
TRIALS = (((4,), 0.75, 0.5), ((2, 3), 0.5, 0.875), ((3, 1, 2), 0.25, 0.75))


@dataclass(frozen=True)
class Settings:
    """Options of Adam, with its defaults."""

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def options(self) -> dict[str, float]:
        """Return them as keyword arguments."""
        return dict(vars(self))


def _mean(values: list[Array], beta: float) -> Array:
    """Average over all steps so far, the weights falling by beta with each step since: the corrected mean."""
    weights = float(beta) ** np.arange(len(values))[::-1]
    return np.asarray(np.average(np.stack(values).astype(float), axis=0, weights=weights))


def _state(gradients: list[Array], settings: Settings) -> tuple[Array, Array, int]:
    """Return m, v and step after these gradients: the averages, less what their weights lack of 1."""
    k = len(gradients)
    m = _mean(gradients, settings.beta_1) * (1 - settings.beta_1**k)
    v = _mean([g.astype(float) ** 2 for g in gradients], settings.beta_2) * (1 - settings.beta_2**k)
    return m, v, k


def _next_weights(w: Array, gradients: list[Array], settings: Settings) -> Array:
    """Move by the mean gradient, in units of the root of the mean square, entry by entry."""
    mean = _mean(gradients, settings.beta_1)
    square = _mean([g.astype(float) ** 2 for g in gradients], settings.beta_2)
    moved = np.array(w, dtype=float)
    for place in np.ndindex(w.shape):
        moved[place] -= settings.learning_rate * mean[place] / (square[place] ** 0.5 + settings.epsilon)
    return moved


def _flat(got: Any) -> Any:
    """Take (w, (m, v, step)) apart."""
    pair = isinstance(got, tuple | list) and len(got) == 2
    expect(pair, f"adam_step must return (w, state), {name_type(got)} came")
    triple = isinstance(got[1], tuple | list) and len(got[1]) == 3
    expect(triple, f"the state must be (m, v, step), {name_type(got[1])} came")
    return (got[0], *got[1])


def _expect_step(
    student: Student, w: Array, gradients: list[Array], settings: Settings, *, default: bool = False
) -> None:
    """Give the last gradient, and the state after those before it; by default, no options."""
    *earlier, w_bar = gradients
    options = {} if default else settings.options()
    state: Any = None
    if earlier:
        m, v, k = _state(earlier, settings)
        state = (m.astype(w.dtype), v.astype(w.dtype), k)
    got = _flat(student(w, w_bar, state=state, **options) if earlier else student(w, w_bar, **options))
    want = (_next_weights(w, gradients, settings), *_state(gradients, settings))
    before = state or (np.zeros(w.shape), np.zeros(w.shape), 0)
    cut = without_fractions(want, w.dtype)

    def mistakes() -> dict[str, Parts]:
        return mistakes_of_a_step(w, w_bar, before, settings.options()) | cut

    expect_parts(got, want, what=PARTS, mistakes=mistakes)
    if w.dtype == np.float32:
        for name, part in zip(PARTS[:3], got[:3], strict=True):
            expect_float32(part, name)


# Task 2: adam_step


def takes_a_whole_first_step(student: Student, rng: Random) -> None:
    """moves each weight by about the learning rate in the first step, however large its gradient is"""
    for shape, beta_1, beta_2 in TRIALS:
        w, w_bar = rng.normal(size=(2, *shape))
        w_bar *= 10.0 ** rng.uniform(-2, 2, size=shape)
        _expect_step(student, w, [w_bar], Settings(0.125, beta_1, beta_2, TINY))


def keeps_two_means_and_the_count(student: Student, rng: Random) -> None:
    """fades m and v each at its own pace, corrects both by the number of the step, and counts it"""
    for (shape, beta_1, beta_2), count in zip(TRIALS, (3, 4, 6), strict=True):
        w, *gradients = rng.normal(size=(1 + count, *shape))
        _expect_step(student, w, gradients, Settings(0.25, beta_1, beta_2, TINY))


def adds_epsilon_outside_the_root(student: Student, rng: Random) -> None:
    """adds epsilon to the root, not under it, and stands gradients that are 0"""
    for epsilon in (0.25, 1e-3):
        w, *gradients = rng.normal(size=(3, 2, 2))
        _expect_step(student, w, gradients, Settings(0.5, 0.5, 0.75, epsilon))
    w = rng.normal(size=3)
    _expect_step(student, w, [np.array([0.0, 1e-3, -0.0])], Settings(0.5, 0.5, 0.75, 1e-3))


def has_the_defaults_of_adam(student: Student, rng: Random) -> None:
    """has the learning rate 0.001, the betas 0.9 and 0.999, and epsilon 1e-8, where these are left out"""
    for size in (1.0, 1e-8):
        w, *gradients = size * rng.normal(size=(4, 5))
        for steps in (gradients, gradients[:1]):
            expect_defaults(
                student,
                partial(_expect_step, student, w, steps, Settings(), default=True),
                partial(_expect_step, student, w, steps, Settings()),
            )


def keeps_float32_and_takes_integers(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers"""
    w, *gradients = rng.normal(size=(4, 2, 3)).astype(np.float32)
    settings = Settings(0.25, 0.5, 0.75, TINY)
    _expect_step(student, w, gradients[:1], settings)
    _expect_step(student, w, gradients, settings)
    whole = rng.permutation(np.arange(1, 7)).reshape(3, 2)
    _expect_step(student, whole, [-whole], settings)
