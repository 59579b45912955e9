"""Properties of early stopping: histories of losses that are built around the answer."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from course_utils.grading.authoring import Student, expect, expect_equal
from course_utils.grading.properties.whole_numbers import explain_exactly
from course_utils.grading.values import name_type

Random = np.random.Generator
Answer = tuple[float, float]  # the epoch of the stop and the best one, or what came in its place
NAN, NEVER = math.nan, math.inf


def _expect_stop(
    student: Student, losses: list[float], answer: Answer, patience: int, min_change: float | None = None
) -> None:
    """Compare with the epochs that the history was built for; give min_change only where there is one."""
    given = {} if min_change is None else {"min_change": min_change}
    got = student(losses, patience, **given)
    pair = isinstance(got, tuple | list) and len(got) == 2
    expect(pair, f"early_stopping must return (stop, best), {name_type(got)} came")
    found = {words: rule(losses, patience, min_change or 0.0) for words, rule in MISTAKES.items()}
    causes = {words: value for words, value in found.items() if value != answer}
    plain = not any(isinstance(part, np.ndarray) for part in got)
    expect_equal(
        tuple(got),
        answer,
        what="(stop, best)",
        causes=explain_exactly(tuple(got), causes) if plain else {},
    )


def _stop(
    losses: list[float],
    patience: int,
    min_change: float,
    *,
    better: Callable[[float, float, float], bool] = lambda loss, lowest, change: loss < lowest - change,
    late: int = 0,
    previous: bool = False,
    creeping: bool = False,
    total: bool = False,
    lowest: float = NEVER,
    first: int = 0,
) -> Answer:
    """Follow the losses as a student may do it wrongly."""
    best, waited, epoch = first, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        improved = better(loss, lowest, min_change)
        best = epoch if improved else best
        waited = waited + (not improved) if total else epoch - best
        lowest = loss if improved or previous or (creeping and loss < lowest) else lowest
        if waited >= patience + late:
            break
    return epoch, best


def _lowest_of_all(losses: list[float], patience: int, min_change: float) -> Answer:
    known = [loss if loss == loss else NEVER for loss in losses]
    return _stop(losses, patience, min_change)[0], int(np.argmin(known)) + 1


def _after_the_lowest_of_all(losses: list[float], patience: int, _: float) -> Answer:
    best = int(np.argmin([loss if loss == loss else NEVER for loss in losses])) + 1
    return min(best + patience, len(losses)), best


def _from_0(losses: list[float], patience: int, min_change: float) -> Answer:
    stop, best = _stop(losses, patience, min_change)
    return stop - 1, best - 1


def _to_the_end(losses: list[float], _: int, min_change: float) -> Answer:
    return len(losses), _stop(losses, len(losses) + 1, min_change)[1]


def _exchanged(losses: list[float], patience: int, min_change: float) -> Answer:
    stop, best = _stop(losses, patience, min_change)
    return best, stop


def _with_the_loss(losses: list[float], patience: int, min_change: float) -> Answer:
    stop, best = _stop(losses, patience, min_change)
    return stop, losses[int(best) - 1]


MISTAKES: dict[str, Callable[[list[float], int, float], Answer]] = {
    "the epochs are counted from 0; the first one is 1": _from_0,
    "a tie counts as better: the best epoch was overwritten": lambda *given: _stop(
        *given, better=lambda loss, lowest, change: loss <= lowest - change
    ),
    "NaN counts as better": lambda *given: _stop(
        *given, better=lambda loss, lowest, change: not loss >= lowest - change
    ),
    "the first epoch was taken as the best one, but its loss may be NaN: begin at infinity": lambda *given: (
        _stop(*given, lowest=given[0][0], first=1)
    ),
    "nothing is lower than NaN, with which it began: begin at infinity": lambda *given: _stop(
        *given, lowest=given[0][0]
    ),
    "the best epoch is 1 where no loss was a number; it is 0": lambda *given: _stop(*given, first=1),
    "min_change is not used": lambda losses, patience, _: _stop(losses, patience, 0.0),
    "min_change has the wrong sign: a higher loss counts as better": lambda losses, patience, change: _stop(
        losses, patience, -change
    ),
    "the lowest loss moved by a change that was too small to count": lambda *given: _stop(
        *given, creeping=True
    ),
    "each loss was compared with the one before; compare with the best so far": lambda *given: _stop(
        *given, previous=True
    ),
    "min_change was taken as a share of the loss": lambda *given: _stop(
        *given, better=lambda loss, lowest, change: loss < lowest * (1 - change)
    ),
    "the patience is never set back: it begins anew at each best epoch": lambda *given: _stop(
        *given, total=True
    ),
    "the patience is off by one: it stops an epoch too late": lambda *given: _stop(*given, late=1),
    "the patience is off by one: it stops an epoch too early": lambda *given: _stop(*given, late=-1),
    "it never stopped: it went on to the last epoch": _to_the_end,
    "the best epoch came from all losses, those after the stop or too little lower included": _lowest_of_all,
    "the lowest of all losses was taken; training has to stop without the later ones": (
        _after_the_lowest_of_all
    ),
    "stop and best are exchanged": _exchanged,
    "the lowest loss came in place of its epoch": _with_the_loss,
}


def _descent(rng: Random, count: int, low: float = 4.0) -> list[float]:
    """Draw falling losses, in steps of at least 1/4; all are multiples of 1/8, so that nothing is rounded."""
    steps = rng.integers(2, 6, size=count) / 8
    return [float(value) for value in low + np.cumsum(steps)[::-1]]


def _worse(rng: Random, count: int, than: float) -> list[float]:
    return [float(than + step) for step in rng.integers(3, 9, size=count) / 8]


# Task 8: early_stopping


def stops_when_patience_is_over(student: Student, rng: Random) -> None:
    """stops after as many epochs without a better loss as patience says, and names the best epoch"""
    for fall, patience in ((3, 2), (5, 3), (1, 1), (2, 4)):
        losses = _descent(rng, fall)
        tail = _worse(rng, patience, losses[-1])
        later = [losses[-1] + 1, losses[-1] - 1, losses[-1] - 2]  # lower than the best, but after the stop
        later += [losses[-1], losses[-1] - 1] * 3  # so that going on beyond the stop has no end of its own
        _expect_stop(student, losses + tail + later, (fall + patience, fall), patience)
        _expect_stop(student, losses + tail, (fall + patience, fall), patience)


def begins_anew_at_each_best_epoch(student: Student, rng: Random) -> None:
    """begins to wait anew at each better loss, compares with the best one, and may run to the end"""
    for patience in (2, 3, 4):
        losses: list[float] = []
        for level in _descent(rng, 3, low=9.0):
            losses += [level, *sorted(_worse(rng, patience - 1, level), reverse=True)]
        best = len(losses) - patience + 1
        _expect_stop(student, losses, (len(losses), best), patience)
        hopeful = [losses[best - 1] + 2, losses[best - 1] + 1, losses[best - 1] + 0.5]
        _expect_stop(student, losses[:best] + hopeful * 2, (best + patience, best), patience)
    falling = _descent(rng, 5)
    _expect_stop(student, falling, (5, 5), 2)
    _expect_stop(student, [*falling, falling[-1] + 1], (6, 5), 2)


def lets_no_tie_and_no_small_change_count(student: Student, rng: Random) -> None:
    """lets no tie count as better, and no change up to min_change"""
    for patience in (2, 3):
        losses = _descent(rng, 3)
        low = losses[-1]
        _expect_stop(student, losses + [low] * (patience + 2), (3 + patience, 3), patience)
        steady = [8.0 - 0.5 * k for k in range(6)]
        _expect_stop(student, steady, (6, 6), patience, 0.25)
        small = [low - 0.125, low, low - 0.25][:patience]  # changes of at most min_change
        steep = [low + 2, low + 1, low, *small]
        _expect_stop(student, [*steep, low + 1, low - 3], (3 + patience, 3), patience, 0.25)
        creeping = [low - 0.125, low - 0.25, low - 0.375, low - 0.5, low - 0.625, low - 0.75]
        _expect_stop(student, [low, *creeping], (7, 7), 3, 0.25)
        _expect_stop(student, [low, low - 0.125, low - 0.125, low - 1], (4, 4), 3)


def never_takes_nan_for_better(student: Student, rng: Random) -> None:
    """never takes NaN for better; where no loss is a number, the best epoch is 0, before all training"""
    for patience in (2, 3):
        losses = _descent(rng, 4)
        low = losses[-1]
        _expect_stop(student, [*losses, *[NAN] * patience, low + 1, low - 1], (4 + patience, 4), patience)
        _expect_stop(student, [NAN, *losses], (5, 5), patience)
        _expect_stop(student, [losses[0], NAN, *losses[1:], NAN], (6, 5), patience)
        _expect_stop(student, [NAN] * (patience + 2), (patience, 0), patience)
    _expect_stop(student, [NEVER, NEVER, 3.0, NAN, 4.0], (5, 3), 3)
    _expect_stop(student, [NAN], (1, 0), 2)
