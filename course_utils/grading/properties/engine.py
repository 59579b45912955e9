"""Properties of training with an engine: the weights of each step, and what they read in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils import data
from course_utils.grading.authoring import CheckFailed, Student, expect, expect_array, expect_close
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
Weights = dict[str, Array]
STEP = 1e-30  # of a complex step, which loses no digits however small it is
CAUSE = "\ncause     "  # how a report's row with the cause begins
OTHER_CAUSE = "no usual mistake of train; maybe a rule of tasks 5 to 12 is wrong: check them first"
FROM_THE_OUTPUT = ("b_2", "W_2", "b_1", "W_1")  # a gradient that is wrong spoils those behind it
Mistakes = Callable[[], Mapping[str, Weights]]
Batches = list[tuple[Array, Array]]


def _scores(weights: Weights, x: Array) -> Array:
    """Compute the classes' scores; weights may be stacked along further axes in front."""
    h = np.tanh(np.einsum("bi,...iu->...bu", x, weights["W_1"]) + weights["b_1"][..., None, :])
    return np.asarray(np.einsum("...bu,...uk->...bk", h, weights["W_2"]) + weights["b_2"][..., None, :])


def _gradients(weights: Weights, batch: tuple[Array, Array]) -> Weights:
    """Differentiate the mean loss of a batch: each entry of a weight takes a complex step of its own."""
    x, t = batch
    gradients = {}
    for name, W in weights.items():
        stepped = W + 1j * STEP * np.eye(W.size).reshape(W.size, *W.shape)
        z = _scores(weights | {name: stepped}, x)
        losses = np.log(np.exp(z).sum(axis=-1)) - z[..., np.arange(len(t)), t]
        gradients[name] = losses.mean(axis=-1).imag.reshape(W.shape) / STEP
    return gradients


def _descend(batches: Batches, weights: Weights, steps: int, learning_rate: float) -> Weights:
    for _ in range(steps):
        parts = [_gradients(weights, batch) for batch in batches]
        weights = {
            name: W - learning_rate * np.mean([part[name] for part in parts], axis=0)
            for name, W in weights.items()
        }
    return weights


def _small_task(rng: Random, count: int) -> tuple[Batches, Weights]:
    """Draw batches of 5 examples with 2 inputs and 3 classes, and weights for 4 hidden units."""
    batches = [(rng.normal(size=(5, 2)), rng.integers(3, size=5)) for _ in range(count)]
    shapes = {"W_1": (2, 4), "b_1": (4,), "W_2": (4, 3), "b_2": (3,)}
    return batches, {name: rng.normal(size=shape) for name, shape in shapes.items()}


def _expect_weights(got: Any, want: Weights, mistakes: Mistakes, *, kind: str = "f") -> None:
    """Fail unless all weights are right; what likely mistakes give is worked out only then."""
    expect(isinstance(got, dict), f"train must return a dict of weights, {name_type(got)} came")
    expect(set(got) == set(want), f"the names must be {sorted(want)}, {sorted(map(str, got))} came")
    expect_array(got["W_1"], kind=kind, what='weights["W_1"]')
    try:
        for name in FROM_THE_OUTPUT:
            expect_close(got[name], want[name])
    except CheckFailed:
        _explain(got, want, mistakes())


def _explain(got: Weights, want: Weights, mistakes: Mapping[str, Weights]) -> None:
    """Fail with the mistake that gives what came, or else send the student to the rules."""
    for name in FROM_THE_OUTPUT:
        causes = {sentence: weights[name] for sentence, weights in mistakes.items()}
        try:
            expect_close(got[name], want[name], what=f'weights["{name}"]', causes=causes)
        except CheckFailed as error:
            known = CAUSE in str(error)
            raise CheckFailed(f"{error}" if known else f"{error}{CAUSE}{OTHER_CAUSE}") from None


# Task 14: train


def takes_one_exact_step(student: Student, rng: Random) -> None:
    """moves every weight by exactly one step of gradient descent, and keeps float32"""
    for dtype in (np.float64, np.float32):
        batches, weights = _small_task(rng, 1)
        batches = [(x.astype(dtype), t) for x, t in batches]
        weights = {name: W.astype(dtype) for name, W in weights.items()}
        got = student(batches, weights, steps=1, learning_rate=0.25)
        want = _descend(batches, weights, 1, 0.25)
        mistakes = partial(_mistakes_of_a_step, batches, weights)
        _expect_weights(got, want, mistakes, kind=np.dtype(dtype).name)


def _mistakes_of_a_step(batches: Batches, weights: Weights) -> dict[str, Weights]:
    return {
        "it did not move": weights,
        "the weights went uphill: subtract the gradient": _descend(batches, weights, 1, -0.25),
        "the learning rate is not used: it counts as 1": _descend(batches, weights, 1, 1.0),
        "the learning rate is not used: it is 0.5": _descend(batches, weights, 1, 0.5),
        "the sum over the rows was taken; the loss is their mean": _descend(batches, weights, 1, 1.25),
        "divided by the number of rows again; the loss is their mean already": _descend(
            batches, weights, 1, 0.25 / 5
        ),
        "a second step was taken": _descend(batches, weights, 2, 0.25),
    }


def collects_all_batches(student: Student, rng: Random) -> None:
    """takes the mean over all batches in each step, and begins anew at the next one"""
    for count, steps in ((3, 1), (3, 3), (2, 4)):
        batches, weights = _small_task(rng, count)
        got = student(batches, weights, steps=steps, learning_rate=0.2)
        want = _descend(batches, weights, steps, 0.2)
        _expect_weights(got, want, partial(_mistakes_with_batches, batches, weights, steps, 0.2))


def _mistakes_with_batches(
    batches: Batches, weights: Weights, steps: int, learning_rate: float
) -> dict[str, Weights]:
    given = (weights, steps, learning_rate)
    return {
        "the gradient of the last batch overwrote the others": _descend(batches[-1:], *given),
        "only the last batch counts: grads were set back inside the loop over the batches": _descend(
            batches[-1:], weights, steps, learning_rate / len(batches)
        ),
        "only the first batch was used": _descend(batches[:1], *given),
        "the sum over the batches is not divided by their number": _descend(
            batches, weights, steps, learning_rate * len(batches)
        ),
        "the weights moved after each batch": _moved_after_each(batches, *given),
        "the gradients were never set back: those of earlier steps are in them": _never_set_back(
            batches, *given
        ),
        "one step too few": _descend(batches, weights, steps - 1, learning_rate),
        "one step too many": _descend(batches, weights, steps + 1, learning_rate),
    }


def _moved_after_each(batches: Batches, weights: Weights, steps: int, learning_rate: float) -> Weights:
    for batch in batches * steps:
        weights = _descend([batch], weights, 1, learning_rate)
    return weights


def _never_set_back(batches: Batches, weights: Weights, steps: int, learning_rate: float) -> Weights:
    total: dict[str, Any] = dict.fromkeys(weights, 0.0)
    for _ in range(steps):
        for batch in batches:
            total = {name: total[name] + bar for name, bar in _gradients(weights, batch).items()}
        weights = {name: W - learning_rate * total[name] / len(batches) for name, W in weights.items()}
    return weights


def has_its_defaults(student: Student, rng: Random) -> None:
    """takes 100 steps and a learning rate of 0.5 where these are left out"""
    batches, weights = _small_task(rng, 1)
    _expect_weights(
        student(batches, weights),
        _descend(batches, weights, 100, 0.5),
        lambda: {"the learning rate is 1 where it is left out": _descend(batches, weights, 100, 1.0)},
    )
    _expect_weights(student(batches, weights, steps=3), _descend(batches, weights, 3, 0.5), dict)


def reads_digits(student: Student, rng: Random) -> None:
    """reads at least nine in ten handwritten digits that it has not seen"""
    digits = data.digits()
    order = rng.permutation(len(digits.labels))
    x, t = digits.images[order].reshape(-1, 64) / 255, digits.labels[order]
    weights = {"b_1": np.zeros(32), "b_2": np.zeros(10)}
    weights |= {"W_1": rng.normal(0, 0.2, size=(64, 32)), "W_2": rng.normal(0, 0.2, size=(32, 10))}
    got = student([(x[:300], t[:300]), (x[300:600], t[300:600])], weights, steps=100, learning_rate=1.0)
    expect(isinstance(got, dict) and set(got) == set(weights), f"the names must be {sorted(weights)}")
    for name, W in weights.items():
        W_got = expect_array(got[name], shape=W.shape, kind="f", what=f'weights["{name}"]')
        expect(bool(np.isfinite(W_got).all()), f'there are infinite numbers or NaN in weights["{name}"]')
    right = int((_scores(got, x[600:1000]).argmax(axis=1) == t[600:1000]).sum())
    expect(
        right >= 360,
        f"your weights read {right} of 400 digits right that were not trained on, 360 are wanted",
    )
