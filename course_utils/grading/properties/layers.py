"""Properties of a layer and of networks of two and more layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from course_utils.grading.authoring import CheckFailed, Student, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator
LayerList = list[tuple[Array, Array, str]]


# Task 5: dense


def _affine(x: Array, W: Array, b: Array) -> Array:
    z: Array = np.einsum("bi,oi->bo", x, W) + np.outer(np.ones(len(x)), b)
    return z


def _layer(rng: Random, batch: int, inputs: int, outputs: int) -> tuple[Array, Array, Array]:
    return rng.normal(size=(batch, inputs)), rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)


def weighs_the_inputs(student: Student, rng: Random) -> None:
    """sums the weighted inputs of each neuron, for every example"""
    for batch, inputs, outputs in ((2, 3, 3), (5, 3, 2), (3, 2, 4)):
        x, W, _ = _layer(rng, batch, inputs, outputs)
        b, square = np.zeros(outputs), inputs == outputs
        causes = {
            "W is (outputs, inputs), so the product needs its transpose": x @ W if square else math.nan,
            "the result is transposed: one row for each example is wanted": _affine(x, W, b).T,
            "all rows are the first example's": _affine(x[[0] * batch], W, b),
            "a ReLU was applied: z is the sum itself": np.maximum(_affine(x, W, b), 0),
        }
        expect_close(student(x, W, b), _affine(x, W, b), what="z", causes=causes)


def adds_the_bias(student: Student, rng: Random) -> None:
    """adds each neuron's bias to its output, in every row"""
    for batch, inputs, outputs in ((4, 3, 2), (3, 2, 3)):
        x, W, b = _layer(rng, batch, inputs, outputs)
        sums = _affine(x, W, 0 * b)
        first_row = np.arange(batch)[:, None] == 0
        causes = {
            "the bias was not added": sums,
            "the bias was subtracted": sums - b,
            "the bias was added to the first row only": sums + first_row * b,
            "one bias was added to all neurons": sums + b[0],
            "the sum of the biases was added to all neurons": sums + b.sum(),
            "example k got the bias of neuron k": sums + b[:, None] if batch == outputs else math.nan,
        }
        expect_close(student(x, W, b), _affine(x, W, b), what="z", causes=causes)


def keeps_both_axes(student: Student, rng: Random) -> None:
    """keeps both axes for a single example and for a single neuron"""
    for batch, inputs, outputs in ((1, 3, 2), (4, 2, 1)):
        x, W, b = _layer(rng, batch, inputs, outputs)
        b[:] = 0
        expect_close(student(x, W, b), _affine(x, W, b), what="z")


def layer_keeps_the_precision(student: Student, rng: Random) -> None:
    """gives float32 where x, W and b are float32, and float64 where they are float64"""
    for dtype in (np.float32, np.float64):
        x, W, b = (array.astype(dtype) for array in _layer(rng, 3, 4, 2))
        b[:] = 0
        got = expect_array(student(x, W, b), kind=x.dtype.name, what="z")
        expect_close(got, _affine(x, W, b), what="z")


# Task 6: two_layer

Finish = Callable[[Array], Array]


def _softmax(z: Array) -> Array:
    p: Array = np.exp(z) / np.exp(z).sum()
    return p


def _compare_two_layer(student: Student, rng: Random, finish: Finish, *goal: str, bias: float = 0) -> None:
    """Compare two networks with what they give, and with what the usual mistakes give."""
    for batch, inputs, hidden in ((4, 2, 3), (1, 3, 2)):
        x, W_1, b_1 = _layer(rng, batch, inputs, hidden)
        w_2, b_1, b_2 = rng.normal(size=hidden), bias * np.abs(b_1), bias * float(rng.uniform(0.5, 1.5))
        z_1 = _affine(x, W_1, b_1)
        z_2 = np.array([math.fsum(w_2 * np.tanh(row)) + b_2 for row in z_1])
        causes = {
            "the logistic function was applied, but the goal is regression": expit(z_2),
            "the logistic function is missing: the goal is classification": z_2,
            "b_2 was not added": finish(z_2 - b_2),
            "b_2 was added after the logistic function": expit(z_2 - b_2) + b_2,
            "b_1 was not added": finish(np.tanh(_affine(x, W_1, 0 * b_1)) @ w_2 + b_2),
            "neither bias was added": finish(np.tanh(_affine(x, W_1, 0 * b_1)) @ w_2),
            "there is no tanh between the two layers": finish(z_1 @ w_2 + b_2),
            "the hidden neurons are logistic, but should be tanh": finish(expit(z_1) @ w_2 + b_2),
            "the hidden neurons are ReLU, but should be tanh": finish(np.maximum(z_1, 0) @ w_2 + b_2),
            "tanh was applied to the output too": np.tanh(z_2),
            "labels came: 0 and 1 with nothing between": (z_2 > 0).astype(float),
            "1 - p came: the sign of z_2 is turned round": expit(-z_2),
            "a softmax over the batch came: each example has its own logistic": _softmax(z_2),
            "y should have one axis: (batch,)": finish(z_2)[:, None],
        }
        got = student(x, W_1, b_1, w_2, b_2, *goal)
        expect_close(got, finish(z_2), what="y", causes=causes)


def answers_with_a_number(student: Student, rng: Random) -> None:
    """weighs up the tanh features and answers a regression with the sum itself"""
    _compare_two_layer(student, rng, lambda z_2: z_2, "regression")


def adds_both_biases(student: Student, rng: Random) -> None:
    """adds the biases of both layers"""
    _compare_two_layer(student, rng, lambda z_2: z_2, "regression", bias=1)


def answers_with_a_probability(student: Student, rng: Random) -> None:
    """answers a classification with a probability"""
    _compare_two_layer(student, rng, expit, "classification")
    try:
        _compare_two_layer(student, rng, expit, "classification", bias=1)
    except CheckFailed:
        if not _finishes_its_own_sum(student, rng):
            raise


def _finishes_its_own_sum(student: Student, rng: Random) -> bool:
    """Tell whether a bias is missing for both goals, which costs the property of the biases only."""
    given, network = student.given, (*_layer(rng, 4, 2, 3), rng.normal(size=3), float(rng.uniform(0.5, 1.5)))
    try:
        z_2 = expect_array(student(*network, "regression"), shape=(4,), kind="f")
        y = expect_array(student(*network, "classification"), shape=(4,), kind="f")
    except CheckFailed:
        return False
    finally:
        student.given = given  # a report shows the call that failed
    return np.allclose(y, expit(z_2), rtol=1e-6)


def takes_regression_by_default(student: Student, rng: Random) -> None:
    """takes the goal as regression where it is left out"""
    _compare_two_layer(student, rng, lambda z_2: z_2)


# Task 7: network

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "logistic": expit,
    "tanh": np.tanh,
}


def _network(x: Array, layers: LayerList) -> Array:
    for W, b, name in layers:
        x = ACTIVATIONS[name](_affine(x, W, b))
    return x


def _layers(rng: Random, sizes: tuple[int, ...], names: tuple[str, ...], *, bias: float = 0) -> LayerList:
    shapes = zip(sizes[1:], sizes[:-1], names, strict=True)
    return [(rng.normal(size=(m, n)), bias * rng.uniform(0.5, 1.5, size=m), name) for m, n, name in shapes]


def applies_the_activation(student: Student, rng: Random) -> None:
    """applies to a layer the activation that it names"""
    for name in ACTIVATIONS:
        x, layers = rng.normal(size=(4, 3)), _layers(rng, (3, 2), (name,))
        causes = {
            f"{other!r} was applied, but the layer names {name!r}": _network(x, [(*layers[0][:2], other)])
            for other in ACTIVATIONS
        }
        expect_close(student(x, layers), _network(x, layers), what="y", causes=causes)


def feeds_each_layer_to_the_next(student: Student, rng: Random) -> None:
    """gives each layer's output to the next one"""
    cases = [
        ((2, 2, 2), ("tanh", "identity")),
        ((3, 5, 2), ("relu", "logistic")),
        ((2, 4, 3, 5, 2), ("logistic", "relu", "identity", "tanh")),
    ]
    for sizes, names in cases:
        x, layers = rng.normal(size=(5, sizes[0])), _layers(rng, sizes, names)
        square = len(set(sizes)) == 1  # otherwise these two mistakes end in an error
        only_last, reverse = (
            _network(x, part) if square else math.nan for part in (layers[-1:], layers[::-1])
        )
        last, first = ([(W, b, name) for W, b, _ in layers] for name in (names[-1], names[0]))
        causes = {
            "each layer was given x, not the output before it": only_last,
            "the layers were applied last first": reverse,
            "only the first layer was applied": _network(x, layers[:1]),
            "the last layer was left out": _network(x, layers[:-1]),
            "the last layer's activation was applied in all": _network(x, last),
            "the first layer's activation was applied in all": _network(x, first),
        }
        expect_close(student(x, layers), _network(x, layers), what="y", causes=causes)


def adds_each_bias(student: Student, rng: Random) -> None:
    """adds each layer's own bias"""
    for sizes, names in (((3, 5, 2), ("tanh", "identity")), ((2, 4, 3, 2), ("relu", "logistic", "logistic"))):
        x, layers = rng.normal(size=(4, sizes[0])), _layers(rng, sizes, names, bias=1)
        without = [(W, 0 * b, name) for W, b, name in layers]
        causes = {
            "no bias was added": _network(x, without),
            "the last layer's bias was not added": _network(x, [*layers[:-1], without[-1]]),
            "the first layer's bias was not added": _network(x, [without[0], *layers[1:]]),
        }
        expect_close(student(x, layers), _network(x, layers), what="y", causes=causes)


def takes_the_smallest_cases(student: Student, rng: Random) -> None:
    """keeps both axes for one example or one output, and returns x where there are no layers"""
    for batch, outputs in ((1, 2), (4, 1)):
        x, layers = rng.normal(size=(batch, 3)), _layers(rng, (3, 4, outputs), ("tanh", "logistic"))
        expect_close(student(x, layers), _network(x, layers), what="y")
    expect_close(student(x, []), x, what="y")
