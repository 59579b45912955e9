"""Learning rate schedules: from the time in epochs to a factor on the optimizer's own learning rates."""

import math
from collections.abc import Callable

Schedule = Callable[[float], float]


def constant() -> Schedule:
    """Keep the learning rate as it is.

    Returns:
        A function from epochs to a factor, here always 1.
    """
    return lambda _epochs: 1.0


def step_decay(every: float, factor: float = 0.1) -> Schedule:
    r"""Multiply the learning rate by a factor again and again.

    .. math:: f(e) = \text{factor}^{\lfloor e / \text{every} \rfloor}

    Args:
        every: epochs from one cut to the next.
        factor: what a cut multiplies by.

    Returns:
        A function from epochs to a factor.

    Raises:
        ValueError: If ``every`` or ``factor`` is not above 0.
    """
    _check_above_zero(every=every, factor=factor)
    return lambda epochs: factor ** math.floor(epochs / every + 1e-9)


def exponential(decay: float) -> Schedule:
    r"""Let the learning rate shrink by the same share each epoch.

    .. math:: f(e) = \text{decay}^{e}

    Args:
        decay: factor of one epoch, above 0 and at most 1.

    Returns:
        A function from epochs to a factor.

    Raises:
        ValueError: If the decay is outside that range.
    """
    if not 0 < decay <= 1:
        raise ValueError(f"decay={decay} must be above 0 and at most 1; 0.9 loses a tenth each epoch")
    return lambda epochs: float(decay**epochs)


def cosine(epochs: float, *, warmup: float = 0.0, floor: float = 0.0) -> Schedule:
    r"""Rise in a line for the warm-up, then fall along half a cosine wave.

    .. math:: f(e) = \text{floor} + (1 - \text{floor})\, \tfrac{1}{2}
        \left(1 + \cos \pi \frac{e - \text{warmup}}{\text{epochs} - \text{warmup}}\right)

    Args:
        epochs: length of the whole run in epochs; afterwards the factor stays at the floor.
        warmup: epochs of the rise from 0 to 1.
        floor: factor at the end.

    Returns:
        A function from epochs to a factor.

    Raises:
        ValueError: If the warm-up is not shorter than the run, or the floor not between 0 and 1.

    Source:
        Loshchilov and Hutter (2017), SGDR: Stochastic Gradient Descent with Warm Restarts, equation 5.
    """
    if not 0 <= warmup < epochs or not 0 <= floor <= 1:
        raise ValueError(
            f"cosine({epochs}, warmup={warmup}, floor={floor}) needs 0 <= warmup < epochs and floor between "
            "0 and 1; give the run's length in epochs first"
        )

    def factor(now: float) -> float:
        if now < warmup:
            return now / warmup
        place = min(1.0, (now - warmup) / (epochs - warmup))
        return floor + (1 - floor) * (1 + math.cos(math.pi * place)) / 2

    return factor


def one_cycle(epochs: float, *, peak_at: float = 0.3, start: float = 0.04, end: float = 0.0) -> Schedule:
    r"""Rise to the full learning rate, then fall below where it began, both along a cosine.

    Args:
        epochs: length of the whole run in epochs; afterwards the factor stays at ``end``.
        peak_at: share of the run at which the factor is 1, between 0 and 1.
        start: factor at the beginning.
        end: factor at the end.

    Returns:
        A function from epochs to a factor.

    Raises:
        ValueError: If the length is not above 0 or a share not between 0 and 1.

    Source:
        Smith and Topin (2018), Super-Convergence: Very Fast Training Using Large Learning Rates.
    """
    _check_above_zero(epochs=epochs)
    if not 0 < peak_at < 1 or not 0 <= start <= 1 or not 0 <= end <= 1:
        raise ValueError(
            f"one_cycle needs 0 < peak_at < 1 and start and end between 0 and 1, but peak_at={peak_at}, "
            f"start={start}, end={end}; they are shares of the run and of the full rate"
        )

    def factor(now: float) -> float:
        place = min(1.0, now / epochs)
        if place < peak_at:
            return start + (1 - start) * (1 - math.cos(math.pi * place / peak_at)) / 2
        return end + (1 - end) * (1 + math.cos(math.pi * (place - peak_at) / (1 - peak_at))) / 2

    return factor


def _check_above_zero(**settings: float) -> None:
    """Raise a ValueError for a setting that is not above 0."""
    for name, value in settings.items():
        if not value > 0:
            raise ValueError(f"{name}={value} must be above 0; it counts epochs or multiplies a rate")
