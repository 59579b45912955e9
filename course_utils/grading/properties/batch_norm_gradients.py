"""Properties of the way back through batch normalisation."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_close
from course_utils.grading.properties.complex_step import gradients_of_arguments
from course_utils.grading.properties.kept_types import expect_float32
from course_utils.grading.properties.left_out import expect_defaults
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
TINY = 1e-12  # an epsilon that changes nothing where a feature has a spread
SIZES = ((4, 3), (2, 5), (5, 2), (3, 3), (6, 1))
NAMES = ("x_bar", "gamma_bar", "beta_bar")


def _forward(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """Normalise column by column, in numbers that may be complex."""
    columns = []
    for values, factor, shift in zip(x.T, gamma, beta, strict=True):
        centre = sum(values) / len(values)
        squares = sum((value - centre) ** 2 for value in values) / len(values)
        columns.append([factor * (value - centre) * (squares + epsilon) ** -0.5 + shift for value in values])
    return np.array(columns).T


def _draw(rng: Random, batch: int, features: int) -> tuple[Array, ...]:
    """Draw y_bar, x, gamma and beta; every feature has a spread, and every mean of y_bar a size."""
    x = rng.normal(size=(batch, features)) * rng.uniform(0.5, 2, size=features) + rng.normal(size=features)
    y_bar = rng.normal(size=(batch, features)) + rng.choice([-1.0, 1.0], size=features)
    return y_bar, x, rng.uniform(1, 3, size=features), rng.normal(size=features)


def _expect_part(
    student: Student, place: int, given: tuple[Array, ...], epsilon: float | None = None
) -> None:
    used = 1e-5 if epsilon is None else epsilon
    y_bar, *arguments = (part.astype(float) for part in given)
    right = gradients_of_arguments(
        lambda x, gamma, beta: _forward(x, gamma, beta, used), y_bar, tuple(arguments)
    )
    got = student(*given) if epsilon is None else student(*given, epsilon=epsilon)
    expect(
        isinstance(got, tuple | list) and len(got) == 3,
        f"batch_norm_backward must return (x_bar, gamma_bar, beta_bar), {name_type(got)} came",
    )
    if given[0].dtype == np.float32:
        expect_float32(got[place], NAMES[place])
    find = (_mistakes_in_x, _mistakes_in_gamma, _mistakes_in_beta)[place]
    causes = find(y_bar, arguments[0], arguments[1], used)
    if place == 1:
        output = "y_bar was multiplied by the output; gamma meets the normalised x"
        causes[output] = (y_bar * _forward(arguments[0], arguments[1], arguments[2], used)).sum(axis=0)
    causes |= {
        f"{NAMES[place]} and {NAMES[other]} are exchanged": right[other]
        for other in range(3)
        if other != place
    }
    wrong = {words: value for words, value in causes.items() if not _same(value, right[place])}
    expect_close(got[place], right[place], what=NAMES[place], atol=1e-8, causes=wrong)


def _same(value: Any, want: Array) -> bool:
    return np.shape(value) == want.shape and np.allclose(value, want)


def _parts(x: Array, epsilon: float) -> tuple[Array, Array]:
    spread = np.sqrt(x.var(axis=0) + epsilon)
    return (x - x.mean(axis=0)) / spread, spread


def _mistakes_in_beta(y_bar: Array, _: Array, gamma: Array, __: float) -> dict[str, Any]:
    return {
        "the mean over the batch came; all that comes back is added: the sum": y_bar.mean(axis=0),
        "y_bar came without the sum over the batch": y_bar,
        "the sum ran over the features; it runs over the batch: axis=0": y_bar.sum(axis=1),
        "gamma multiplies it; beta is added after gamma": gamma * y_bar.sum(axis=0),
    }


def _mistakes_in_gamma(y_bar: Array, x: Array, gamma: Array, epsilon: float) -> dict[str, Any]:
    x_hat, spread = _parts(x, epsilon)
    unbiased = spread**2 - epsilon
    unbiased = np.sqrt(unbiased * len(x) / (len(x) - 1) + epsilon)
    without = np.sqrt(x.var(axis=0))
    return {
        "the mean over the batch came; all that comes back is added: the sum": (y_bar * x_hat).mean(axis=0),
        "the sum ran over the features; it runs over the batch: axis=0": (y_bar * x_hat).sum(axis=1),
        "it came without the sum over the batch": y_bar * x_hat,
        "y_bar was multiplied by x; gamma meets the normalised x": (y_bar * x).sum(axis=0),
        "gamma multiplies it; what gamma meets is the normalised x alone": gamma
        * (y_bar * x_hat).sum(axis=0),
        "y_bar was multiplied by the centred x; divide it by its spread": spread
        * (y_bar * x_hat).sum(axis=0),
        "y_bar is missing": x_hat.sum(axis=0),
        "epsilon is missing": spread / without * (y_bar * x_hat).sum(axis=0),
        "the variance is divided by the number of examples less 1; here, by their number": spread
        / unbiased
        * (y_bar * x_hat).sum(axis=0),
    }


def _mistakes_in_x(y_bar: Array, x: Array, gamma: Array, epsilon: float) -> dict[str, Any]:
    x_hat, spread = _parts(x, epsilon)
    whole = _through_both(gamma * y_bar, x_hat, spread)
    back, n = gamma * y_bar, len(x)
    by_mean, by_spread = back.mean(axis=0), x_hat * (back * x_hat).mean(axis=0)
    return {
        "mean and variance were treated as constants: x reaches y through both of them, too": back / spread,
        "the variance was treated as a constant; or a product of two means was taken for the mean of a"
        " product": (back - by_mean) / spread,
        "the mean was treated as a constant: x reaches y through it, too": (back - by_spread) / spread,
        "gamma is missing": _through_both(y_bar, x_hat, spread),
        "gamma was used twice": gamma * whole,
        "the sums over the batch were taken; both corrections are means": (back - n * by_mean - n * by_spread)
        / spread,
        "both corrections are added; they are taken away": (back + by_mean + by_spread) / spread,
        "the division by the spread is missing": whole * spread,
        "divided by the variance; the spread is its root": whole / spread,
        "x_hat is missing in the last term": (back - by_mean - (back * x_hat).mean(axis=0)) / spread,
        "x stands where the normalised x is needed": (back - by_mean - x * (back * x).mean(axis=0)) / spread,
        "means over the features were taken; they run over the batch: axis=0": (
            back - back.mean(axis=1, keepdims=True) - x_hat * (back * x_hat).mean(axis=1, keepdims=True)
        )
        / spread,
        "the variance is divided by the number of examples less 1; here, by their number": _unbiased(
            back, x, epsilon
        ),
        "epsilon is missing": _through_both(back, *_parts(x, 0.0)),
        "epsilon is not used: it counts as 1e-5": _through_both(back, *_parts(x, 1e-5)),
        "epsilon stands outside the root; it is added to the variance": _through_both(
            back, (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon), x.std(axis=0) + epsilon
        ),
    }


def _through_both(back: Array, x_hat: Array, spread: Array) -> Array:
    return np.asarray((back - back.mean(axis=0) - x_hat * (back * x_hat).mean(axis=0)) / spread)


def _unbiased(back: Array, x: Array, epsilon: float) -> Array:
    spread = np.sqrt(x.var(axis=0, ddof=1) + epsilon)
    return _through_both(back, (x - x.mean(axis=0)) / spread, spread)


# Task 7: batch_norm_backward


def gives_the_gradient_of_beta(student: Student, rng: Random) -> None:
    """gives the gradient of beta"""
    for sizes in SIZES:
        _expect_part(student, 2, _draw(rng, *sizes), TINY)


def gives_the_gradient_of_gamma(student: Student, rng: Random) -> None:
    """gives the gradient of gamma"""
    for sizes in SIZES:
        _expect_part(student, 1, _draw(rng, *sizes), TINY)


def gives_the_gradient_of_x(student: Student, rng: Random) -> None:
    """gives the gradient of x, which reaches y through the mean and the variance, too"""
    for sizes in SIZES:
        _expect_part(student, 0, _draw(rng, *sizes), TINY)


def uses_epsilon_on_the_way_back(student: Student, rng: Random) -> None:
    """uses epsilon on the way back, 1e-5 if it is left out, and keeps float32"""
    for epsilon in (0.5, 2.0):
        for place in (0, 1):
            _expect_part(student, place, _draw(rng, 4, 3), epsilon)
    y_bar, x, gamma, beta = _draw(rng, 5, 3)
    for place in range(3):
        small = (y_bar, x / 300, gamma, beta)
        expect_defaults(
            student,
            partial(_expect_part, student, place, small),
            partial(_expect_part, student, place, small, 1e-5),
        )
        single = tuple(part.astype(np.float32) for part in (y_bar, x, gamma, beta))
        _expect_part(student, place, single)
