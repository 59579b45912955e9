"""The learning-rate range test: where the loss falls fastest, and where training diverges."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.inputs import Array, vector
from course_utils.plots.style import BLACK, BLUE, GREEN, GREY, VERMILLION, log_ticks, panels, style

FEWEST = 5  # rates
WINDOW = 0.08  # of the steps: over how many the loss is averaged
FALL = 0.05  # of the loss at the start: a smaller fall is taken for noise
RISE = 0.1  # of the loss at the start: so far above it the training has diverged


@dataclass(frozen=True)
class RangeTest:
    """What a learning-rate range test shows.

    Args:
        smoothed: Loss averaged over neighbouring steps, up to where it stops being finite, shape (steps,).
        fastest: Step at which it falls fastest, or None if it falls by less than a twentieth.
        diverging: First step after the lowest loss at which the loss is a tenth above that at the start, or
            is not finite; None if there is none.
    """

    smoothed: Array
    fastest: int | None
    diverging: int | None


@style()
def learning_rate_plot(
    rates: ArrayLike, losses: ArrayLike, *, chosen: float | None = None, title: str | None = None
) -> Figure:
    """Draw the loss against a learning rate that grew during the test, where it falls fastest and diverges.

    Args:
        rates: Learning rates, increasing and positive, shape (steps,).
        losses: The loss at each, shape (steps,); NaN or infinite where training had diverged.
        chosen: The learning rate that is chosen, marked when given.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are fewer than five rates, they do not increase or are not positive, there is not
            one loss for each, the first loss is not finite, or `chosen` is not positive.
    """
    steps, measured = _read(rates, losses)
    test = range_test(steps, measured)
    fig, (ax,) = panels(1, 1, height=4.0)
    good = len(test.smoothed)
    ax.plot(steps[:good], measured[:good], ".", color=GREY, markersize=4, label="loss of one step")
    ax.plot(steps[:good], test.smoothed, color=BLUE, label="smoothed loss")
    if test.fastest is not None:
        _mark(ax, steps[test.fastest], "falls fastest at", GREEN, "--")
        ax.plot(steps[test.fastest], test.smoothed[test.fastest], "o", color=GREEN, markersize=8)
    if test.diverging is not None:
        _mark(ax, steps[test.diverging], "diverges from", VERMILLION, "-.")
        ax.axvspan(steps[test.diverging], steps[-1] * 1.0001, color=VERMILLION, alpha=0.12, linewidth=0)
    if chosen is not None:
        if not (np.isfinite(chosen) and chosen > 0):
            raise ValueError(f"chosen is {chosen} but must be a positive learning rate; choose one of rates")
        _mark(ax, float(chosen), "chosen:", BLACK, ":")
    shown = np.concatenate([test.smoothed[: test.diverging], measured[:good][: test.diverging]])
    low, high = float(shown.min()), float(shown.max())
    room = 0.1 * (high - low) or 0.1
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss (mean per example)", title=title or "")
    ax.set(ylim=(low - room, high + room))
    log_ticks(ax.xaxis, steps)
    fig.legend(loc="outside right upper")
    return fig


def _mark(ax: Axes, rate: float, words: str, colour: str, dashes: str) -> None:
    ax.axvline(rate, color=colour, linestyle=dashes, linewidth=1.6, label=f"{words} {rate:.2g}")


def _read(rates: ArrayLike, losses: ArrayLike) -> tuple[Array, Array]:
    steps, measured = vector(rates, "rates"), np.asarray(losses, dtype=np.float64)
    if measured.shape != steps.shape:
        raise ValueError(
            f"rates and losses must have one length, but rates.shape={steps.shape} "
            f"and losses.shape={measured.shape}"
        )
    if len(steps) < FEWEST:
        raise ValueError(
            f"rates has {len(steps)} entries but a curve needs at least {FEWEST}; take more steps"
        )
    if (steps <= 0).any() or (np.diff(steps) <= 0).any():
        raise ValueError("rates must be positive and increase from one step to the next; sort them first")
    if not np.isfinite(measured[0]):
        raise ValueError(
            f"the first loss is {measured[0]} but must be finite; start at a lower learning rate"
        )
    return steps, measured


def range_test(rates: Array, losses: Array) -> RangeTest:
    """Return where a loss falls fastest, against the logarithm of the learning rate, and where it diverges.

    Args:
        rates: Learning rates, increasing, shape (steps,).
        losses: The loss at each, the first one finite, shape (steps,).

    Returns:
        The smoothed loss and the two steps.

    Source: L. N. Smith, Cyclical learning rates for training neural networks (2017), section 3.3.
    """
    good = int(np.append(np.isfinite(losses), False).argmin())  # steps before the first that is not finite
    smoothed = _smoothed(losses[:good], round(WINDOW * len(losses) / 2))
    lowest, start = int(smoothed.argmin()), float(smoothed[0])
    above = np.flatnonzero(smoothed[lowest:] > start + RISE * abs(start))
    diverging = lowest + int(above[0]) if len(above) else good if good < len(losses) else None
    if start - smoothed[lowest] <= FALL * abs(start):
        return RangeTest(smoothed, None, diverging)
    slopes = np.gradient(smoothed, np.log(rates[:good]))
    return RangeTest(smoothed, int(slopes[: lowest + 1].argmin()), diverging)


def _smoothed(losses: Array, reach: int) -> Array:
    """Average each loss with `reach` neighbours on both sides, capped so that none drowns the others."""
    start = float(np.median(losses[: 2 * reach + 1]))
    ceiling = start + max(start - float(losses.min()), 0.5 * abs(start))
    capped = np.minimum(losses, ceiling)
    return np.array(
        [
            capped[max(0, step - near) : step + near + 1].mean()
            for step in range(len(capped))
            for near in [min(reach, step, len(capped) - 1 - step)]  # as many on both sides
        ]
    )
