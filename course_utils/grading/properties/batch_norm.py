"""Properties of batch normalisation, forward: each feature's mean, its spread, and what is learned on top."""

from __future__ import annotations

import statistics
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.kept_types import expect_float32, without_fractions
from course_utils.grading.properties.left_out import expect_defaults

Array = NDArray[Any]
Random = np.random.Generator
TINY = 1e-12  # an epsilon that changes nothing where a feature has a spread
SHAPES = ((5, 3), (2, 4), (6, 1), (3, 3))


def _normalise(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """Normalise one column after another, with means and variances of exact fractions."""
    y = np.zeros(x.shape)
    for column in range(x.shape[1]):
        values = [Fraction(float(value)) for value in x[:, column]]
        centre = statistics.mean(values)
        spread = (float(statistics.pvariance(values)) + epsilon) ** 0.5
        for row, value in enumerate(values):
            y[row, column] = float(gamma[column]) * float(value - centre) / spread + float(beta[column])
    return y


def _expect_normalised(
    student: Student, x: Array, gamma: Array, beta: Array, epsilon: float | None = None
) -> None:
    got = student(x, gamma, beta) if epsilon is None else student(x, gamma, beta, epsilon=epsilon)
    used = 1e-5 if epsilon is None else epsilon
    want = _normalise(x, gamma, beta, used)
    if x.dtype == np.float32:
        expect_float32(got, "y")
    causes = _mistakes(x.astype(float), gamma, beta, used)
    causes |= {words: cut for words, (cut,) in without_fractions((want,), x.dtype).items()}
    wrong = {words: value for words, value in causes.items() if not _same(value, want)}
    expect_close(got, want, what="y", causes=wrong)


def _same(value: Any, want: Array) -> bool:
    return np.shape(value) == want.shape and np.allclose(value, want)


def _mistakes(x: Array, gamma: Array, beta: Array, epsilon: float) -> dict[str, Any]:
    centred, variance = x - x.mean(axis=0), x.var(axis=0)
    spread = np.sqrt(variance + epsilon)
    x_hat, unbiased = centred / spread, variance * len(x) / max(len(x) - 1, 1)
    rows = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)
    with np.errstate(all="ignore"):
        return {
            "the variance is divided by the number of examples less 1; here, by their number": gamma
            * centred
            / np.sqrt(unbiased + epsilon)
            + beta,
            "each example was normalised; each feature is, over the batch: axis=0": gamma * rows + beta,
            "one mean and one variance were taken of all features together: axis=0": gamma
            * (x - x.mean())
            / np.sqrt(x.var() + epsilon)
            + beta,
            "epsilon stands outside the root; it is added to the variance": gamma
            * centred
            / (np.sqrt(variance) + epsilon)
            + beta,
            "epsilon is missing": gamma * centred / np.sqrt(variance) + beta,
            "epsilon is not used: it counts as 1e-5": gamma * centred / np.sqrt(variance + 1e-5) + beta,
            "the root is missing: divide by the standard deviation, not by the variance": gamma
            * centred
            / (variance + epsilon)
            + beta,
            "the mean was not taken away": gamma * x / spread + beta,
            "the variance is not used: the mean alone was taken away": gamma * centred + beta,
            "gamma is missing": x_hat + beta,
            "beta is missing": gamma * x_hat,
            "gamma and beta are missing": x_hat,
            "gamma and beta are exchanged": beta * x_hat + gamma,
            "beta was added before gamma multiplies": gamma * (x_hat + beta),
            "the mean of the squares is not the variance: take the mean away first": gamma
            * centred
            / np.sqrt((x**2).mean(axis=0) + epsilon)
            + beta,
        }


# Task 6: batch_norm


def gives_each_feature_mean_0_and_spread_1(student: Student, rng: Random) -> None:
    """gives each feature the mean 0 and the standard deviation 1 over the batch"""
    for batch, features in SHAPES:
        x = rng.uniform(-2, 2, size=(batch, features)) * rng.uniform(1, 9, size=features)
        x += rng.uniform(-5, 5, size=features)
        _expect_normalised(student, x, np.ones(features), np.zeros(features), TINY)


def scales_and_shifts_each_feature(student: Student, rng: Random) -> None:
    """multiplies each feature by its gamma, and adds its beta"""
    for batch, features in SHAPES:
        x, gamma, beta = rng.normal(size=(batch, features)), *rng.uniform(1, 3, size=(2, features))
        _expect_normalised(student, x, gamma, -beta, TINY)


def adds_epsilon_to_the_variance(student: Student, rng: Random) -> None:
    """adds epsilon to the variance, 1e-5 if it is left out, and stands a feature that is constant"""
    for epsilon in (0.25, 2.0, 1e-2):
        x, gamma, beta = rng.normal(size=(4, 3)), *rng.normal(size=(2, 3))
        _expect_normalised(student, x, gamma, beta, epsilon)
    gamma, beta = rng.normal(size=(2, 3))
    x = rng.normal(size=(5, 3)) / 300
    expect_defaults(
        student,
        lambda: _expect_normalised(student, x, gamma, beta),
        lambda: _expect_normalised(student, x, gamma, beta, 1e-5),
    )
    constant = rng.normal(size=(4, 3))
    constant[:, 1] = rng.normal()
    _expect_normalised(student, constant, gamma, beta)
    _expect_normalised(student, rng.normal(size=(1, 3)), gamma, beta)


def stands_features_far_from_0(student: Student, rng: Random) -> None:
    """is right for features far from 0, keeps float32, and takes integers"""
    gamma, beta = rng.uniform(1, 2, size=(2, 3))
    x = rng.normal(size=(6, 3)) + rng.permutation([0.0, 1e6, -1e7])
    got = expect_array(student(x, gamma, beta, epsilon=TINY), shape=x.shape, kind="f", what="y")
    close = bool(np.allclose(got, _normalise(x, gamma, beta, TINY), rtol=1e-5, atol=1e-7))
    words = "the mean of the squares less the square of the mean loses its digits far from 0: use np.var"
    expect(close, f"y is not what was expected where a feature is near 1e6 or -1e7\ncause     {words}")
    single = [part.astype(np.float32) for part in (rng.normal(size=(6, 3)), gamma, beta)]
    _expect_normalised(student, single[0], single[1], single[2], TINY)
    _expect_normalised(student, rng.permutation(np.arange(12)).reshape(4, 3), gamma, beta, TINY)
