"""Properties of a diagnosis: what the losses of a training run say, by rules on what can be measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_equal

Array = NDArray[Any]
Random = np.random.Generator
History = tuple[list[float], list[float]]
DIVERGING, OVERFITTING, SLOW = "diverging", "overfitting", "learning rate too low"
UNDERFITTING, GOOD = "underfitting", "good"
KINDS = (DIVERGING, OVERFITTING, SLOW, UNDERFITTING, GOOD)

RIGHTLY = {
    DIVERGING: "rule 1 applies: a loss is NaN or infinite, or training ends above its first loss",
    OVERFITTING: "rule 2 applies: validation ends over 20% above its lowest mean of three epochs in a row",
    SLOW: "rule 3 applies: training ends above half of its first loss, and over 3% below the three before",
    UNDERFITTING: "rule 4 applies: training ends above half of its first loss, and not over 3% below that",
}
WRONGLY = {
    DIVERGING: "rule 1 does not apply: all losses are finite, and training does not end above its first loss",
    OVERFITTING: "rule 2 does not apply: validation ends near its lowest mean of three epochs in a row",
    SLOW: "rule 3 does not apply: training does not end above half of its first loss",
    UNDERFITTING: "rule 4 does not apply: training does not end above half of its first loss",
}


def _noisy(rng: Random, losses: Array) -> list[float]:
    """Let every loss but the first one be off by up to 0.4 %."""
    noise = rng.uniform(0.996, 1.004, size=len(losses))
    noise[0] = 1
    return [float(loss) for loss in losses * noise]


def _epochs(rng: Random) -> Array:
    return np.arange(rng.integers(15, 30), dtype=float)


def _slow(rng: Random, begin: float) -> History:
    """Draw losses that still fall, by at least 2.3 % an epoch, and have not come to the half."""
    epochs = np.arange(rng.integers(8, 15), dtype=float)
    losses = begin * np.exp(-rng.uniform(0.024, 0.04) * epochs)
    return _noisy(rng, losses), _noisy(rng, losses * rng.uniform(1.01, 1.1))


def _flat(rng: Random, begin: float) -> History:
    """Draw losses that fell at once to more than half, and no further."""
    epochs = _epochs(rng)
    level = rng.uniform(0.6, 0.9)
    losses = begin * (level + (1 - level) * np.exp(-1.5 * epochs))
    return _noisy(rng, losses), _noisy(rng, losses * rng.uniform(1.01, 1.1))


def _good(rng: Random, begin: float) -> History:
    """Draw losses that fall to less than two fifths, and a validation loss near its lowest in the end."""
    epochs = _epochs(rng)
    low = rng.uniform(0.02, 0.3)
    losses = begin * (low + (1 - low) * np.exp(-0.6 * epochs))
    gap = begin * rng.uniform(0.02, 0.1)
    return _noisy(rng, losses), _noisy(rng, losses + gap)


def _risen(rng: Random, begin: float) -> History:
    """Draw losses of which those of validation rise again, by 70 % or more; training may be good or not."""
    train, _ = (_good, _flat, _slow)[rng.integers(3)](rng, begin)
    bottom = int(rng.integers(1, len(train) - 5))
    fall = np.linspace(2, 1, bottom + 1)[:-1]
    rise = np.linspace(1, rng.uniform(1.7, 3), len(train) - bottom)
    return train, _noisy(rng, 0.9 * begin * np.concatenate([fall, rise]))


def _grown(rng: Random, begin: float) -> History:
    """Draw losses that end above the first one."""
    epochs = _epochs(rng)
    losses = begin * np.exp(rng.uniform(0.02, 0.4) * epochs)
    if rng.random() < 0.5:  # it fell first
        losses[1 : len(losses) // 2] = 0.5 * begin
    return _noisy(rng, losses), _noisy(rng, losses * rng.uniform(1.01, 1.1))


def _broken(rng: Random, begin: float) -> History:
    """Draw losses with NaN or infinity in them, at the end or in one epoch, of training or validation."""
    train, validation = _good(rng, begin)
    bad = float(rng.choice([np.nan, np.inf]))
    place = int(rng.integers(1, len(train) - 1))
    hit = (train, validation)[rng.integers(2)]
    end = len(hit) if rng.random() < 0.5 else place + 1
    hit[place:end] = [bad] * (end - place)
    return train, validation


def _expect_kinds(
    student: Student, rng: Random, draw: Callable[[Random, float], History], want: str, times: int = 12
) -> None:
    for _ in range(times):
        train, validation = draw(rng, float(rng.choice([0.7, 2.3, 40.0]) * rng.uniform(0.9, 1.1)))
        _expect_kind(student, train, validation, want)


def _expect_kind(student: Student, train: Sequence[float], validation: Sequence[float], want: str) -> None:
    got = student(list(train), list(validation))
    known = isinstance(got, str) and got in KINDS
    expect(known, f"the answer must be one of {', '.join(map(repr, KINDS))}; {got!r:.60} came")
    causes = {WRONGLY[got] if want == GOOD else RIGHTLY[want]: got} if got != want else None
    expect_equal(got, want, what="the diagnosis", causes=causes)


# Task 8: diagnose


def sees_divergence(student: Student, rng: Random) -> None:
    """sees a run that diverges, also by NaN or infinity in a single epoch"""
    _expect_kinds(student, rng, _grown, DIVERGING)
    _expect_kinds(student, rng, _broken, DIVERGING)


def sees_overfitting(student: Student, rng: Random) -> None:
    """sees overfitting, however training ends"""
    _expect_kinds(student, rng, _risen, OVERFITTING)


def tells_slow_from_stuck(student: Student, rng: Random) -> None:
    """tells a learning rate that is too low from a network that cannot learn more"""
    _expect_kinds(student, rng, _slow, SLOW)
    _expect_kinds(student, rng, _flat, UNDERFITTING)
    level = 3 * 2.0 ** int(
        rng.integers(-2, 3)
    )  # thirds of it are exact, so that all ways to take means agree
    _expect_kind(student, [level] * 9, [level] * 9, UNDERFITTING)  # it never learned anything
    for fall, want in ((0.98, UNDERFITTING), (0.96, SLOW)):  # on both sides of 3 %
        train = [2.0, *[1.5] * 3, *[fall * 1.5] * 3]
        _expect_kind(student, train, [1.0] * 7, want)


def leaves_a_good_run_alone(student: Student, rng: Random) -> None:
    """calls a good run good"""
    _expect_kinds(student, rng, _good, GOOD)
    _expect_kind(student, [2.0, *[1.0] * 7], [1.1] * 8, GOOD)  # half of the first loss is not above the half


def takes_means_over_three_epochs(student: Student, rng: Random) -> None:
    """takes means over three epochs: the last three, the three before them, the lowest three in a row"""
    scale = float(rng.uniform(0.5, 2))
    flat = [1.0] * 7
    cases: list[tuple[list[float], list[float], str]] = [
        ([2.0, 2.0, 2.0, 1.6, 0.5, 0.5, 1.7], flat, GOOD),
        ([2.0, 0.5, 0.5, 0.4, 1.7, 1.2, 0.4], flat, UNDERFITTING),
        ([2.3, 1.0, 2.2, 1.5, 1.1, 1.5, 1.5, 1.5], [1.0] * 8, SLOW),
        ([2.3, 1.0, 1.1, 1.5, 2.2, 0.9, 1.6, 2.0], [1.0] * 8, SLOW),
        ([2.0, *[0.1] * 6], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.75], OVERFITTING),
        ([2.0, *[0.1] * 6], [1.0, 1.0, 1.0, 1.0, 1.75, 1.0, 1.0], OVERFITTING),
        ([2.0, *[0.1] * 6], [1.0, 1.0, 1.0, 9.0, 1.0, 1.2, 1.25], GOOD),
        ([2.0, *[0.1] * 6], [1.3, 1.3, 0.9, 1.3, 1.2, 1.2, 1.2], GOOD),
        ([2.0, 1.0, 0.6, 0.4, 0.3, 0.2, 0.1], [2.0, 1.5, 1.1, 0.8, 0.6, 0.45, 0.3], GOOD),
        ([2.0, 1.0, 1.0, 1.0, 1.0, 1.5, 4.0], flat, DIVERGING),
        ([2.0, 1.0, 1.0, 9.0, 0.2, 0.2, 2.2], flat, GOOD),
    ]
    for train, validation, want in cases:
        _expect_kind(student, [scale * loss for loss in train], [scale * loss for loss in validation], want)
