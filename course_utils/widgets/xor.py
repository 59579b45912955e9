"""The XOR explorer: two hidden units' lines, and where they put the four points."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import anywidget
import numpy as np
from numpy.typing import NDArray
from traitlets import TraitError

from course_utils.data import xor
from course_utils.reference import dense, logistic
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, number, numbers, rounded

SOLVED = ((1.0, 1.0, -0.5), (1.0, 1.0, -1.5))  # OR and AND
SLOPE = math.sqrt(2)
# The same two lines, turned by 45 degrees each way about the square's centre: one upright, one level.
TURNED = ((SLOPE, 0.0, 0.5 - SLOPE / 2), (0.0, SLOPE, -0.5 - SLOPE / 2))
OUTPUT_WEIGHTS, OUTPUT_BIAS = (1.0, -1.0), -0.5


def two_lines(value: Any, *, name: str) -> tuple[tuple[float, ...], ...]:
    """Return two lines as tuples (w_1, w_2, b).

    Args:
        value: The lines, shape (2, 3).
        name: What they are called in the message.

    Returns:
        The lines, one for each hidden unit.

    Raises:
        TraitError: If there are not two, one is not three finite numbers, or one has no direction.
    """
    if not isinstance(value, (Sequence, np.ndarray)) or len(value) != 2:
        raise TraitError(f"{name} is {value!r} but must be two lines (w_1, w_2, b), one for each hidden unit")
    lines = tuple(numbers(line, count=3, name="a line (w_1, w_2, b)") for line in value)
    if any(w_1 == w_2 == 0 for w_1, w_2, _ in lines):
        raise TraitError("a line has w_1 = w_2 = 0 but needs a direction; give a weight that is not 0")
    return lines


def unit_number(value: Any, *, name: str) -> int:
    """Return the number of a hidden unit.

    Args:
        value: 1 or 2.
        name: What it is called in the message.

    Returns:
        The number.

    Raises:
        TraitError: If it is neither.
    """
    if value not in (1, 2):
        raise TraitError(f"{name} is {value!r} but must be 1 for h_1 or 2 for h_2")
    return int(value)


class XorExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Show XOR's four points in the input plane and in the plane of two hidden units; let the units move.

    The hidden units are h_k = logistic(s (w_k \cdot x + b_k)) with steepness s; the output is
    y = [h_1 - h_2 - 0.5 > 0]. Arrow keys turn and shift the line of the chosen unit; a slider sets s.

    Args:
        lines: (w_1, w_2, b) of each hidden unit, shape (2, 3); the default leaves one point wrong.
        steepness: s, from 1 to 50; at 50 a unit is close to a hard threshold.

    Raises:
        traitlets.TraitError: If a number is not finite, a line has no direction, or s is out of range; also
            on later assignment.

    Source:
        Toronto deck, XOR with hard thresholds and the logistic function as a soft threshold.
    """

    _esm = javascript("xor")
    _css = stylesheet()

    lines = Checked(TURNED, two_lines)
    steepness = Checked(10.0, partial(number, low=1, high=50))
    chosen = Checked(1, unit_number)

    def __init__(self, *, lines: Sequence[Sequence[float]] = TURNED, steepness: float = 10.0) -> None:
        super().__init__(lines=lines, steepness=steepness)

    @classmethod
    def solved(cls, *, steepness: float = 10.0) -> "XorExplorer":
        """Start from the hand-made solution: h_1 is OR, h_2 is AND.

        Args:
            steepness: s, from 1 to 50.

        Returns:
            An explorer with lines x_1 + x_2 - 0.5 = 0 and x_1 + x_2 - 1.5 = 0.
        """
        return cls(lines=SOLVED, steepness=steepness)

    def hidden(self) -> NDArray[np.float64]:
        r"""Compute where the four points land, h_k = logistic(s (w_k \cdot x + b_k)).

        Returns:
            h of the points 00, 01, 10, 11, shape (4, 2).
        """
        units = np.array(self.lines)
        return np.asarray(
            logistic(self.steepness * dense(xor()[0], units[:, :2], units[:, 2])), dtype=np.float64
        )

    def right(self) -> NDArray[np.bool_]:
        """Say which points the output line h_1 - h_2 - 0.5 = 0 puts on their side.

        Returns:
            True where y equals t, for 00, 01, 10, 11, shape (4,).
        """
        score = self.hidden() @ np.array(OUTPUT_WEIGHTS) + OUTPUT_BIAS
        return np.asarray((score > 0) == (xor()[1] == 1), dtype=np.bool_)

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        return f"XorExplorer(lines={rounded(self.lines)}, steepness={rounded(self.steepness)})"
