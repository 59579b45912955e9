"""From pieces of time to images a second, their spread, and ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.training.watch import Outcome


@dataclass(frozen=True)
class Spread:
    """Images a second: the slowest piece, the quartiles, the fastest piece."""

    least: float
    lower: float
    median: float
    upper: float
    most: float


def rates(outcome: Outcome) -> np.ndarray:
    """Return the images a second of each piece."""
    return np.array([piece.images / piece.seconds for piece in outcome.pieces])


def spread(outcome: Outcome) -> Spread:
    return Spread(*(float(value) for value in np.quantile(rates(outcome), [0, 0.25, 0.5, 0.75, 1])))


def ratio_by_rounds(one: Outcome, other: Outcome) -> float:
    """Return how many times as fast one is: the median over the rounds, each compared with itself.

    What else the machine does slows both sides of a round, and so leaves their ratio nearly as it was.
    """
    return float(np.median(rates(one) / rates(other)))


def ratio_of_best(one: Outcome, other: Outcome) -> float:
    """Return how many times as fast one is by the least times of both, which other programs disturb least."""
    return float(rates(one).max() / rates(other).max())


def faster(outcomes: dict[str, Outcome], keys: tuple[str, ...]) -> str | None:
    """Return the key of the one with the greatest median, or None if none of them took part."""
    there = [key for key in keys if key in outcomes]
    return max(there, key=lambda key: spread(outcomes[key]).median, default=None)


def reached(outcome: Outcome, accuracy: float) -> tuple[int, float] | None:
    """Return the first epoch whose accuracy is at least so high, and the seconds of training until then."""
    passed = (epoch for epoch, value in enumerate(outcome.accuracies) if value >= accuracy)
    epoch = next(passed, None)
    return None if epoch is None else (epoch + 1, outcome.seconds[epoch])


def accuracy_noise(outcomes: dict[str, Outcome], count: int) -> float:
    """Return by how much two equally good networks may differ on so many test images.

    Four standard deviations of the difference of two shares of right answers, each by chance.
    """
    share = float(np.mean([outcome.accuracies[-1] for outcome in outcomes.values()]))
    return 4 * float(np.sqrt(2 * share * (1 - share) / count))


def share_of_peak(outcome: Outcome, operations: float, peak_tera: float) -> float:
    """Return the share of a card's peak that the median piece used.

    Args:
        outcome: the pieces.
        operations: multiplications and additions for one image.
        peak_tera: the card's peak in tera-operations a second.
    """
    return spread(outcome).median * operations / (peak_tera * 1e12)
