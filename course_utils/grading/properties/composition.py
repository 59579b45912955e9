"""Properties of a two-layer network of hard-threshold units."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator
Weights = tuple[Array, Array, Array, float]


def threshold_outputs(weights: Weights, x: Array) -> Array:
    """Compute a network of hard thresholds with a linear output, one example and one unit after another.

    Args:
        weights: W_1 (units, inputs), b_1 (units,), w_2 (units,), b_2.
        x: Inputs, shape (batch, inputs).

    Returns:
        Outputs, shape (batch,).
    """
    W_1, b_1, w_2, b_2 = weights
    y = np.full(len(x), float(b_2))
    for example, point in enumerate(x):
        for weights_of_unit, bias, weight in zip(W_1, b_1, w_2, strict=True):
            if sum(w * value for w, value in zip(weights_of_unit, point, strict=True)) + bias > 0:
                y[example] += weight
    return y


def _draw_network(rng: Random, batch: int, inputs: int, units: int) -> tuple[Weights, Array]:
    """Draw a network whose units are on for about half of six inputs, the first of which are the batch."""
    W_1, x = rng.normal(size=(units, inputs)), rng.normal(size=(6, inputs))
    b_1 = 0.1 * rng.normal(size=units) - np.median(np.einsum("bi,ui->ub", x, W_1), axis=1)
    return (W_1, b_1, rng.normal(size=units), rng.normal()), x[:batch]


def _causes(weights: Weights, x: Array) -> dict[str, Array]:
    """Work out what the likely mistakes give, without the output's bias."""
    W_1, b_1, w_2, _ = weights
    forwarded = np.einsum("bi,ui->bu", x, W_1)
    z = forwarded + b_1
    return {
        "the hidden biases were forgotten": (forwarded > 0) @ w_2,
        "the hidden biases were subtracted": (forwarded > b_1) @ w_2,
        "the units that are on were counted; their weights w_2 are wanted": (z > 0).sum(axis=1),
        "the hidden units are linear: the hard threshold is missing": z @ w_2,
        "the hidden units are ReLU units; a hard threshold is 1 or 0": np.maximum(z, 0) @ w_2,
        "the hidden units are logistic; a hard threshold is 1 or 0": 1 / (1 + np.exp(-z)) @ w_2,
        "the weights were not added up to one number for each example": (z > 0) * w_2,
        "the thresholds give -1 where they should give 0": np.sign(z) @ w_2,
        "the output passes through a threshold too; here it is linear": ((z > 0) @ w_2 > 0).astype(float),
    }


def _draw_telling_network(rng: Random, batch: int, inputs: int, units: int) -> tuple[Weights, Array]:
    """Draw networks until no two mistakes give the same, nor one of them what is right."""
    while True:
        weights, x = _draw_network(rng, batch, inputs, units)
        right = threshold_outputs((*weights[:3], 0.0), x)
        given = [np.zeros_like(right), right, *_causes(weights, x).values()]
        pairs = itertools.combinations([values for values in given if values.ndim == 1], 2)
        if not any(np.allclose(one, other) for one, other in pairs):
            return weights, x


def adds_up_the_units_that_are_on(student: Student, rng: Random) -> None:
    """adds up the output weights of the hidden units that are on, for every example"""
    for batch, inputs, units in ((6, 2, 4), (4, 3, 3), (1, 3, 12)):
        weights, x = _draw_telling_network(rng, batch, inputs, units)
        W_1, b_1, w_2, _ = weights
        want = threshold_outputs((W_1, b_1, w_2, 0.0), x)
        expect_close(student(x, W_1, b_1, w_2, b_2=0.0), want, what="y", causes=_causes(weights, x))


def adds_the_output_bias(student: Student, rng: Random) -> None:
    """adds the output's bias, and takes it as 0 where it is left out"""
    (W_1, b_1, w_2, b_2), x = _draw_network(rng, 5, 2, 3)
    b_1 = np.zeros_like(b_1)  # a mistake in the hidden biases costs the property above, and not this one
    without = threshold_outputs((W_1, b_1, w_2, 0.0), x)
    causes = {"the output's bias was not added": without, "the output's bias was subtracted": without - b_2}
    expect_close(student(x, W_1, b_1, w_2, b_2=b_2), without + b_2, what="y", causes=causes)
    causes = {"b_2 is 1 where it is left out; it should be 0": without + 1}
    expect_close(student(x, W_1, b_1, w_2), without, what="y without b_2", causes=causes)


def is_off_on_the_line(student: Student, rng: Random) -> None:
    """switches a unit off where its z is exactly 0"""
    w_2 = rng.uniform(1, 2, size=3)
    x = np.array([[1.0, 1.0], [3.0, 1.0], [0.0, 1.0]])  # on the line of all units, above it, below it
    W_1, b_1 = np.array([[1.0, 1.0], [1.0, -1.0], [2.0, 1.0]]), np.array([-2.0, 0.0, -3.0])
    want = np.array([0.0, w_2.sum(), 0.0])
    on = "units with z = 0 are on; the threshold wants z > 0"
    got = student(x, W_1, b_1, w_2, b_2=0.0)
    expect_array(got, what="y")
    expect_close(got, want, what="y", causes={on: np.array([w_2.sum(), w_2.sum(), 0.0])})
