"""Properties of a learning rate that rises and then falls along half a cosine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_utils.grading.authoring import Student, expect_close

Random = np.random.Generator
WHAT = "the learning rate"


def _rate(step: int, steps: int, peak: float, warmup: int = 0, floor: float = 0.0) -> float:
    """Work the rate out with the square of a sine, which falls from 1 to 0 as half a cosine does."""
    if step >= steps:
        return floor
    if step < warmup:
        return math.fsum([peak / warmup] * step)
    quarter = math.pi / 2 * (steps - step) / (steps - warmup)
    return floor + (peak - floor) * math.sin(quarter) ** 2


def _expect_rate(student: Student, step: int, steps: int, peak: float, **options: Any) -> None:
    got = student(step, steps, peak, **options)
    want = _rate(step, steps, peak, **options)
    causes = _mistakes(step, steps, peak, **options)
    wrong = {words: value for words, value in causes.items() if not math.isclose(value, want, rel_tol=1e-4)}
    expect_close(got, want, what=WHAT, rtol=1e-9, atol=1e-12 * peak, causes=wrong)


def _mistakes(step: int, steps: int, peak: float, warmup: int = 0, floor: float = 0.0) -> dict[str, float]:
    if step > steps:
        return _too_late(step, steps, peak, warmup, floor)
    return _too_early(step, warmup, peak, floor) if step < warmup else _off(step, steps, peak, warmup, floor)


def _fall(share: float, high: float, low: float) -> float:
    return low + (high - low) * (1 + math.cos(math.pi * share)) / 2


def _too_early(step: int, warmup: int, peak: float, floor: float) -> dict[str, float]:
    return {
        "the warm-up is one step ahead: it has step / warmup of the peak": peak * (step + 1) / warmup,
        "the warm-up is divided by one step too many": peak * step / (warmup + 1),
        "the warm-up is one step ahead, and one step too long": peak * (step + 1) / (warmup + 1),
        "the warm-up reaches the peak one step too early": peak * step / max(warmup - 1, 1),
        "// cuts the fraction off: divide with /": peak * step // warmup,
        "the warm-up begins at the floor; it begins at 0": floor + (peak - floor) * step / warmup,
        "the floor was added in the warm-up, too": floor + peak * step / warmup,
        "the peak came already: the warm-up is left out": peak,
        "the warm-up rises as a cosine; it is a straight line": peak
        * (1 - math.cos(math.pi * step / warmup))
        / 2,
    }


def _off(step: int, steps: int, peak: float, warmup: int, floor: float) -> dict[str, float]:
    length, after = steps - warmup, step - warmup
    share = after / length
    height = 1 + math.cos(math.pi * share)
    return {
        "the cosine is not halved: 1 + cos goes from 2 to 0": floor + (peak - floor) * height,
        "the cosine is not halved, and 1 is not added to it": floor
        + (peak - floor) * math.cos(math.pi * share),
        "only a quarter of the cosine was taken: the angle goes up to pi": floor
        + (peak - floor) * math.cos(math.pi * share / 2),
        "a whole turn of the cosine was taken: the angle goes up to pi": _fall(2 * share, peak, floor),
        "pi is missing in the cosine": _fall(share / math.pi, peak, floor),
        "the angle of the cosine was taken in degrees": _fall(share * 180 / math.pi, peak, floor),
        "the floor is missing: the rate falls to 0": _fall(share, peak, 0.0),
        "the floor was added to a cosine of the whole peak; it begins above the peak": floor
        + _fall(share, peak, 0.0),
        "the floor was taken as a share of the peak": _fall(share, peak, floor * peak),
        "the larger of cosine and floor came; the cosine itself ends at the floor": max(
            _fall(share, peak, 0.0), floor
        ),
        "the rate falls in a straight line, not along a cosine": peak + (floor - peak) * share,
        "the steps of the warm-up are in the cosine: count from its end": _fall(step / steps, peak, floor),
        "the steps are counted from the end of the warm-up, but divided by all steps": _fall(
            after / steps, peak, floor
        ),
        "the warm-up is taken away from the steps only, not from step": _fall(step / length, peak, floor),
        "the cosine is one step ahead": _fall((after + 1) / length, peak, floor),
        "the cosine is one step late": _fall((after - 1) / length, peak, floor),
        "the cosine ends one step too early": _fall(after / max(length - 1, 1), peak, floor),
        "the cosine ends one step too late": _fall(after / (length + 1), peak, floor),
        "the cosine rises from the floor; it falls to it": _fall(1 - share, peak, floor),
        "the peak came: it falls only up to there": peak,
    }


def _too_late(step: int, steps: int, peak: float, warmup: int, floor: float) -> dict[str, float]:
    share = (step - warmup) / (steps - warmup)
    return {
        "after the last step the cosine rises again; the rate stays at the floor": _fall(share, peak, floor),
        "after the last step the rate is 0; it stays at the floor": 0.0,
    }


# Task 3: learning_rate_at


def rises_in_a_straight_line(student: Student, rng: Random) -> None:
    """rises in a straight line from 0 to the peak, whatever the floor is"""
    for steps, warmup, floor in ((20, 5, 0.0), (30, 8, 0.125), (9, 1, 0.0), (40, 3, 0.25)):
        peak = float(rng.uniform(0.5, 2))
        for step in range(warmup):
            _expect_rate(student, step, steps, peak, warmup=warmup, floor=floor)


def falls_along_half_a_cosine(student: Student, rng: Random) -> None:
    """falls from the peak to the floor along half a cosine"""
    for steps, warmup, floor in ((17, 5, 0.25), (30, 4, 0.0625), (9, 3, 0.0), (5, 2, 0.125)):
        peak = float(rng.uniform(0.5, 2))
        for step in (*range(steps - 2, warmup, -1), steps - 1):
            _expect_rate(student, step, steps, peak, warmup=warmup, floor=floor)
    peak, floor = float(rng.uniform(0.5, 2)), 0.25
    for step, height in ((3, 1.0), (7, 0.75), (9, 0.5), (11, 0.25), (15, 0.0)):  # cosines known by heart
        want = floor + (peak - floor) * height
        expect_close(student(step, 15, peak, 3, floor), want, what=WHAT, rtol=1e-9)


def has_exact_ends(student: Student, rng: Random) -> None:
    """is 0 at step 0, the peak at the end of the warm-up, the floor at the last step and after it"""
    for steps, warmup, floor in ((12, 4, 0.125), (7, 6, 0.0), (2, 1, 0.25)):
        peak = float(rng.uniform(0.5, 2))
        for step in (0, warmup, steps, steps + 1, steps + 5, 3 * steps):
            _expect_rate(student, step, steps, peak, warmup=warmup, floor=floor)


def needs_no_warm_up(student: Student, rng: Random) -> None:
    """begins at the peak where there is no warm-up, and ends at 0 where no floor is given"""
    for steps in (1, 8, 13):
        peak = float(rng.uniform(0.5, 2))
        for step in range(steps + 2):
            _expect_rate(student, step, steps, peak)
            _expect_rate(student, step, steps, peak, warmup=0, floor=0.125)
    for step in range(9):
        _expect_rate(student, step, 8, 0.75, warmup=3)
