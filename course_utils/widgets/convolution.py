"""The convolution explorer: two short signals, convolved step by step in two ways, and cross-correlated."""

from functools import partial
from typing import Any

import anywidget
import numpy as np
from numpy.typing import ArrayLike, NDArray
from traitlets import Bunch, TraitError, observe, validate

from course_utils.reference import convolve, correlate
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, one_of, whole_number
from course_utils.widgets.terms import array_within, factor, listed, plain, short

METHODS = ("translate and scale", "flip and filter", "cross-correlation")
TRANSLATE, FLIP, CORRELATE = METHODS
LONGEST, LARGEST = 6, 99.0


def signal(values: Any, *, name: str) -> tuple[float, ...]:
    """Return a signal as a tuple of floats.

    Args:
        values: Its numbers, shape (length,), length from 1 to 6.
        name: What it is called in the message.

    Returns:
        The numbers.

    Raises:
        TraitError: If they are not 1 to 6 finite numbers from -99 to 99.
    """
    wanted = f"1 to {LONGEST} numbers, such as (2, -1, 1)"
    return tuple(array_within(values, name=name, fits=_is_signal, wanted=wanted, largest=LARGEST).tolist())


def _is_signal(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 and 1 <= shape[0] <= LONGEST


class ConvolutionExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Convolve two short signals step by step, as a sum of moved copies or with a kernel that slides.

    .. math:: (a * b)_t = \sum_\tau a_\tau b_{t - \tau}

    The right arrow key takes the next step, the left one takes it back; Home goes to the start, End to the
    last step. A list chooses the method, and both signals can be rewritten.

    Args:
        a: The first signal, shape (length,), length from 1 to 6.
        b: The second signal, which is moved or slides, shape (length,), length from 1 to 6.
        method: "translate and scale", "flip and filter", or "cross-correlation", which slides b unflipped:
            \sum_\tau a_\tau b_{\tau - t}.
        step: How many steps have been taken, from 0.

    Raises:
        traitlets.TraitError: If a signal is not 1 to 6 numbers from -99 to 99, or there is no such method
            or step; also on later assignment.

    Source:
        Toronto CSC 2515, lecture 6, the two methods for (2, -1, 1) * (1, 1, 2); DGIST, cross-correlation.
    """

    _esm = javascript("convolution", "cells", "convolution_maths")
    _css = stylesheet("cells")

    a = Checked((2.0, -1.0, 1.0), signal)
    b = Checked((1.0, 1.0, 2.0), signal)
    method = Checked(TRANSLATE, partial(one_of, known=METHODS))
    step = Checked(0, whole_number)

    def __init__(
        self,
        a: ArrayLike = (2, -1, 1),
        b: ArrayLike = (1, 1, 2),
        *,
        method: str = TRANSLATE,
        step: int = 0,
    ) -> None:
        super().__init__(a=a, b=b, method=method, step=step)

    @property
    def steps(self) -> int:
        """How many steps the method takes: one for each number of a, or one for each place of the output."""
        return len(self.a) if self.method == TRANSLATE else len(self.places())

    def places(self) -> list[int]:
        """List where the output has numbers.

        Returns:
            Every t in order, from 0; for the cross-correlation from 1 minus the length of b.
        """
        first = 1 - len(self.b) if self.method == CORRELATE else 0
        return list(range(first, first + len(self.a) + len(self.b) - 1))

    def result(self) -> NDArray[np.float64]:
        r"""Compute the whole output, a * b or the cross-correlation of a and b.

        Returns:
            The numbers at `places()`, shape (len(a) + len(b) - 1,).
        """
        combine = correlate if self.method == CORRELATE else convolve
        return np.asarray(combine(np.array(self.a), np.array(self.b)), dtype=np.float64)

    def copies(self) -> NDArray[np.float64]:
        r"""Move b by \tau and scale it by a_\tau, for every \tau: their sum is a * b.

        Returns:
            The copies in order, shape (len(a), len(a) + len(b) - 1).
        """
        units = np.eye(len(self.a))  # a signal that is 1 at tau and 0 elsewhere moves b by tau
        moved = [convolve(unit, np.array(self.b)) for unit in units]
        return np.asarray(np.array(self.a)[:, None] * np.array(moved), dtype=np.float64)

    def factors(self) -> list[tuple[int, float, float]]:
        """List what the present step multiplies when b slides.

        Returns:
            tau, a at tau and the number of b under it, for each tau where both are; none at the start.
        """
        if self.step == 0 or self.method == TRANSLATE:
            return []
        t = self.places()[self.step - 1]
        under = [(tau, tau - t if self.method == CORRELATE else t - tau) for tau in range(len(self.a))]
        return [(tau, self.a[tau], self.b[k]) for tau, k in under if 0 <= k < len(self.b)]

    def so_far(self) -> NDArray[np.float64]:
        """Compute what the steps taken have given.

        Returns:
            The sum of the copies, shape (len(a) + len(b) - 1,), or the output's first numbers, shape (step,).
        """
        if self.method == TRANSLATE:
            return np.asarray(self.copies()[: self.step].sum(axis=0), dtype=np.float64)
        return self.result()[: self.step]

    def words(self) -> str:
        """Say what the present step does, as the read-out in the browser says it.

        Returns:
            One or two sentences with the step's numbers.
        """
        if self.step == 0:
            return f"Start, {self.steps} step{'s' * (self.steps > 1)} to go: {self._plan()}."
        name = "the cross-correlation" if self.method == CORRELATE else "a ∗ b"
        so_far = "sum so far" if self.method == TRANSLATE else "output so far"
        known = f"{name if self.step == self.steps else so_far} is {listed(self.so_far())}"
        return f"Step {self.step} of {self.steps}, {self._now()}; {known}."

    def _plan(self) -> str:
        if self.method == TRANSLATE:
            return "each adds a copy of b, moved by τ and scaled by the number of a at τ"
        if self.method == FLIP:
            return f"b is flipped to {listed(self.b[::-1])} and slides along a"
        return f"b stays {listed(self.b)}, not flipped, and slides along a"

    def _now(self) -> str:
        if self.method == TRANSLATE:
            tau = self.step - 1
            return f"τ = {tau}: {factor(self.a[tau])} · b, moved by {tau}, is {listed(self.copies()[tau])}"
        t = self.places()[self.step - 1]
        terms = " + ".join(f"{factor(a)}·{factor(b)}" for _, a, b in self.factors())
        return f"t = {short(t)}: {terms} = {short(self.result()[self.step - 1])}"

    @validate("step")  # type: ignore[untyped-decorator]
    def _reached(self, proposal: Bunch) -> int:
        step = int(proposal["value"])
        if step > self.steps:
            raise TraitError(
                f"step is {step} but this method has {self.steps} steps here; "
                f"choose one from 0 to {self.steps}"
            )
        return step

    @observe("a", "b", "method")  # type: ignore[untyped-decorator]
    def _keep_within(self, _: Bunch) -> None:
        self.set_trait("step", min(self.step, self.steps))

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        signals = f"{plain(self.a)}, {plain(self.b)}"
        return f"ConvolutionExplorer({signals}, method={self.method!r}, step={self.step})"
