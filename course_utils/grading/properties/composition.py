"""Properties of linear layers in a row, and of a two-layer network of hard-threshold units."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator
Weights = tuple[Array, Array, Array, float]


# Task 1: collapse


def _linear_layers(rng: Random, sizes: tuple[int, ...]) -> list[tuple[Array, Array]]:
    pairs = itertools.pairwise(sizes)
    return [(rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)) for inputs, outputs in pairs]


def _map_points(layers: list[tuple[Array, Array]], x: Array) -> Array:
    """Send points, one in each column, through the layers one after another."""
    for W, b in layers:
        x = np.einsum("oi,ip->op", W, x) + b[:, None]
    return x


def _expect_one_layer(got: Any, layers: list[tuple[Array, Array]], causes_of_b: dict[str, Any]) -> None:
    """Compare one layer with what the layers do to the origin and to the unit vectors."""
    inputs = layers[0][0].shape[1]
    b = _map_points(layers, np.zeros((inputs, 1)))[:, 0]
    W = _map_points(layers, np.eye(inputs)) - b[:, None]
    expect(
        isinstance(got, tuple | list) and len(got) == 2,
        "collapse must return a pair (W, b): the weights and the biases of one layer",
    )
    expect_close(got[0], W, what="W", causes=_causes_of_weights(layers))
    expect_close(got[1], b, what="b", causes=causes_of_b)


def _causes_of_weights(layers: list[tuple[Array, Array]]) -> dict[str, Any]:
    product = np.prod([W for W, _ in layers], axis=0) if len({W.shape for W, _ in layers}) == 1 else np.nan
    return {
        "only the last layer's weights are in it": layers[-1][0],
        "only the first layer's weights are in it": layers[0][0],
        "the weights were multiplied entry by entry; a matrix product is wanted": product,
        "the layers were multiplied in the wrong order: the last layer stands on the left": _reversed(layers),
    }


def _reversed(layers: list[tuple[Array, Array]]) -> Any:
    square = len({size for W, _ in layers for size in W.shape}) == 1
    return np.linalg.multi_dot([W for W, _ in layers]) if square and len(layers) > 1 else np.nan


def multiplies_the_weights(student: Student, rng: Random) -> None:
    """multiplies the weights in the right order when there are no biases"""
    for sizes in ((3, 3, 3), (2, 4, 3)):
        layers = [(W, np.zeros(len(W))) for W, _ in _linear_layers(rng, sizes)]
        _expect_one_layer(student(layers), layers, {})


def carries_the_biases(student: Student, rng: Random) -> None:
    """carries each bias through all later layers"""
    for sizes in ((3, 3, 3), (4, 2, 3)):
        layers = _linear_layers(rng, sizes)
        (_, b_1), (W_2, b_2) = layers
        causes = {
            "the biases were forgotten": np.zeros_like(b_2),
            "only the last bias is in it: the first one passes through W_2 too": b_2,
            "the last bias is missing": W_2 @ b_1,
            "the first bias was added without passing through W_2": b_1 + b_2 if len(b_1) == len(b_2) else 0,
        }
        _expect_one_layer(student(layers), layers, causes)


def takes_any_number_of_layers(student: Student, rng: Random) -> None:
    """takes one layer as well as five"""
    for sizes in ((3, 2), (2, 5, 3, 4, 1, 2)):
        layers = _linear_layers(rng, sizes)
        _expect_one_layer(student(layers), layers, {})


# Task 2: threshold_network


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
    weights = (rng.normal(size=(units, inputs)), rng.normal(size=units), rng.normal(size=units), rng.normal())
    return weights, rng.normal(size=(batch, inputs))


def adds_up_the_units_that_are_on(student: Student, rng: Random) -> None:
    """adds up the output weights of the hidden units that are on, for every example"""
    for batch, inputs, units in ((6, 2, 4), (4, 3, 3), (1, 2, 3)):
        (W_1, b_1, w_2, _), x = _draw_network(rng, batch, inputs, units)
        b_1 = -np.median(np.einsum("bi,ui->ub", x, W_1), axis=1) + 0.1 * b_1
        want = threshold_outputs((W_1, b_1, w_2, 0.0), x)
        z = np.einsum("bi,ui->bu", x, W_1)
        causes = {
            "the hidden biases were forgotten": (z > 0) @ w_2,
            "the hidden biases were subtracted": (z > b_1) @ w_2,
            "the units that are on were counted; their weights w_2 are wanted": (z + b_1 > 0).sum(axis=1),
            "the hidden units are linear: the hard threshold is missing": (z + b_1) @ w_2,
            "the hidden units are ReLU units; a hard threshold is 1 or 0": np.maximum(z + b_1, 0) @ w_2,
            "the hidden units are logistic; a hard threshold is 1 or 0": 1 / (1 + np.exp(-z - b_1)) @ w_2,
            "the weights were not added up to one number for each example": (z + b_1 > 0) * w_2,
            "the thresholds give -1 where they should give 0": np.sign(z + b_1) @ w_2,
            "the output passes through a threshold too; here it is linear": (want > 0).astype(float),
        }
        expect_close(student(x, W_1, b_1, w_2, b_2=0.0), want, what="y", causes=causes)


def adds_the_output_bias(student: Student, rng: Random) -> None:
    """adds the output's bias, and takes it as 0 where it is left out"""
    (W_1, b_1, w_2, b_2), x = _draw_network(rng, 5, 2, 3)
    b_1 = -np.median(np.einsum("bi,ui->ub", x, W_1), axis=1) + 0.1 * b_1
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
