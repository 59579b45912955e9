"""The neuron explorer: one unit's response over a plane, its decision line and its weight vector."""

from functools import partial

import anywidget
import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.data import xor
from course_utils.reference import ACTIVATIONS, activate, dense
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, number, numbers, one_of, rounded, signed

POINTS = ("none", "and", "or", "xor")


class NeuronExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Show one unit with two inputs, y = \phi(w \cdot x + b), and let its weights, bias and activation move.

    The browser draws the response over the plane [-3, 3] x [-3, 3], the decision line w.x + b = 0 and the
    weight vector at right angles to it. Arrow keys move the vector's tip, a slider sets b, and a list the
    activation.

    Args:
        weights: w, shape (2,).
        bias: b.
        activation: Name of one of the six activations of `course_utils.reference`.
        points: "and", "or" or "xor" to show that function's four points, "none" to show none.

    Raises:
        traitlets.TraitError: If a number is not finite or a name is not known; also on later assignment.

    Source:
        Toronto deck, the unit y = phi(w.x + b) and its activation functions.
    """

    _esm = javascript("neuron")
    _css = stylesheet()

    weights = Checked((1.0, 1.0), partial(numbers, count=2))
    bias = Checked(-0.5, number)
    activation = Checked("logistic", partial(one_of, known=tuple(ACTIVATIONS)))
    points = Checked("none", partial(one_of, known=POINTS))

    def __init__(
        self,
        *,
        weights: ArrayLike = (1.0, 1.0),
        bias: float = -0.5,
        activation: str = "logistic",
        points: str = "none",
    ) -> None:
        super().__init__(weights=weights, bias=bias, activation=activation, points=points)

    def response(self, x: ArrayLike) -> NDArray[np.float64]:
        r"""Evaluate the unit as it now stands, y = \phi(w \cdot x + b).

        Args:
            x: Inputs, shape (batch, 2).

        Returns:
            y, shape (batch,).
        """
        z = dense(np.asarray(x, dtype=np.float64), np.array([self.weights]), np.array([self.bias]))
        return np.asarray(activate(z[:, 0], self.activation), dtype=np.float64)

    def equation(self) -> str:
        """Write the unit out with its present numbers.

        Returns:
            One line, such as "y = logistic(1.00 x₁ + 1.00 x₂ − 0.50)".
        """
        (w_1, w_2), b = self.weights, self.bias
        first = signed(w_1).removeprefix("+ ").replace("− ", "−")
        return f"y = {self.activation}({first} x₁ {signed(w_2)} x₂ {signed(b)})"

    def truth(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """List the points that are shown with the unit, and their classes.

        Returns:
            x, shape (4, 2), and t, shape (4,); both with no rows when `points` is "none".
        """
        x, t = xor()
        if self.points == "none":
            return x[:0], t[:0]
        found = {"and": x.all(axis=1), "or": x.any(axis=1), "xor": t}[self.points]
        return x, np.asarray(found, dtype=np.int64)

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        return (
            f"NeuronExplorer(weights={rounded(self.weights)}, bias={rounded(self.bias)}, "
            f"activation={self.activation!r}, points={self.points!r})"
        )
