"""Properties of a neuron's gradients, and of a gradient that is measured."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.complex_step import complex_gradient
from course_utils.grading.properties.formulas import Formula

Array = NDArray[Any]
Random = np.random.Generator
EXACT = 1e-13  # rounding stays a hundred times below this, and the error of central differences far above


# Task 1: neuron_gradients


def _draw_neuron(rng: Random) -> tuple[float, float, float, float]:
    w, b, t = rng.choice([-1, 1], size=3) * rng.uniform(0.3, 1.2, size=3)
    return float(w), float(b), float(rng.uniform(1.3, 1.9)), float(t)


def _loss_gradients(w: float, b: float, x: float, t: float) -> Array:
    """Differentiate the loss without its penalty with respect to (w, b)."""
    return complex_gradient(lambda at: (np.tanh(at[0] * x + at[1]) - t) ** 2 / 2, np.array([w, b]))


def _with_logistic(w: float, b: float, x: float, t: float) -> float:
    y = float(expit(w * x + b))
    return (y - t) * y * (1 - y)


def _part(got: Any, index: int) -> Any:
    sentence = "neuron_gradients must return (w_bar, b_bar): two numbers"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    return got[index]


def _expect_exact(got: Any, right: Any, *, what: str, causes: dict[str, Any]) -> None:
    """Compare so closely that only a derivative that was derived holds, not one that was measured."""
    nearly = "it is nearly right, as measured derivatives are: write the derivative itself, bar by bar"
    expect_close(got, right, what=what, rtol=0, atol=EXACT, causes=causes | {nearly: right})


def gives_the_gradient_of_the_bias(student: Student, rng: Random) -> None:
    """gives the derivative with respect to the bias"""
    for _ in range(3):
        w, b, x, t = _draw_neuron(rng)
        right, y = _loss_gradients(w, b, x, t)[1], np.tanh(w * x + b)
        causes = {
            "the slope 1 - y**2 of tanh is missing": y - t,
            "the neuron was computed with the logistic function, not with tanh": _with_logistic(w, b, x, t),
            "t - y came; the derivative of (y - t)**2 / 2 with respect to y is y - t": -right,
            "the factor 1/2 of the loss was forgotten": 2 * right,
            "the square is missing in 1 - y**2": (y - t) * (1 - y),
            "y (1 - y) is the slope of the logistic function, not of tanh": (y - t) * y * (1 - y),
            "in 1 - y**2 the output y is needed, not z": (y - t) * (1 - (w * x + b) ** 2),
            "w_bar and b_bar are exchanged": right * x,
        }
        _expect_exact(_part(student(w, b, x, t), 1), right, what="b_bar", causes=causes)


def gives_the_gradient_of_the_weight(student: Student, rng: Random) -> None:
    """gives the derivative with respect to the weight, without a penalty where decay is left out"""
    for _ in range(3):
        w, b, x, t = _draw_neuron(rng)
        right, y = _loss_gradients(w, b, x, t)[0], np.tanh(w * x + b)
        causes = {
            "the factor x is missing: z = w x + b": right / x,
            "the factor is w; the derivative of w x with respect to w is x": right / x * w,
            "the slope 1 - y**2 of tanh is missing": (y - t) * x,
            "decay is 1 where it is left out; it should be 0": right + w,
        }
        _expect_exact(_part(student(w, b, x, t), 0), right, what="w_bar", causes=causes)


def adds_what_comes_through_the_penalty(student: Student, rng: Random) -> None:
    """adds what reaches the weight through the penalty"""
    for decay in (0.5, float(rng.uniform(1.5, 3))):
        w, b, x, t = _draw_neuron(rng)
        loss = _loss_gradients(w, b, x, t)
        got, right = student(w, b, x, t, decay=decay), loss[0] + decay * w
        causes = {
            "the penalty was left out": loss[0],
            "the penalty's part overwrote what came through z: both are added": decay * w,
            "decay is missing: the penalty in J is decay * R": loss[0] + w,
            "the derivative of w**2 / 2 is w": loss[0] + 2 * decay * w,
            "the penalty's value came, not its derivative": loss[0] + decay * w**2 / 2,
            "the derivative of decay * w**2 / 2 is decay * w: w is missing": loss[0] + decay,
            "the penalty's part was subtracted": loss[0] - decay * w,
        }
        _expect_exact(_part(got, 0), right, what="w_bar", causes=causes)
        bias = {"the bias does not occur in R: it has no penalty": loss[1] + decay * b}
        _expect_exact(_part(got, 1), loss[1], what="b_bar", causes=bias)


# Task 2: numeric_gradient


def _cubic(rng: Random, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Draw coefficients of a cubic function whose central difference is known for any step."""
    drawn = rng.uniform(0.5, 1.5, shape), rng.normal(size=shape), rng.normal(size=shape)
    a, b, w = (np.round(values, 2) for values in drawn)
    return a, b, w


def _expect_differences(student: Student, x: Array, rng: Random, step: float) -> None:
    a, b, w = _cubic(rng, x.shape)
    f = Formula("lambda x: np.sum(a * x**3 + b * x**2) + np.sum(w * x) ** 2", a=a, b=b, w=w)
    exact = 3 * a * x**2 + 2 * b * x + 2 * w * np.sum(w * x)
    want, half = exact + a * step**2, 3 * a * x * step + b * step + w**2 * step
    causes = {
        "these are forward differences: move both ways, f(x + s) - f(x - s)": want + half,
        "these are backward differences: move both ways, f(x + s) - f(x - s)": want - half,
        "f(x + s) - f(x - s) was divided by s; both moves together are 2 s": 2 * want,
        "the difference was not divided by 2 s": 2 * step * want,
        "every entry was moved at once; only one may move": np.full(x.shape, want.sum()),
        "an entry stayed moved while the next one was tried": want + 2 * step * w * (np.cumsum(w) - w)
        if x.ndim == 1
        else np.nan,
    }
    causes |= _causes_of_rows(want) if x.ndim > 1 else {}
    expect_close(student(f, x, step=step), want, what="the gradient", rtol=1e-7, atol=1e-8, causes=causes)


def _causes_of_rows(want: Array) -> dict[str, Any]:
    """Work out what comes where `x[i]` is moved, all entries of it at once."""
    sums = want.sum(axis=tuple(range(1, want.ndim)), keepdims=True)
    sentence = "a whole row was moved at once; only one entry may move"
    return {
        sentence: np.broadcast_to(sums, want.shape),
        f"{sentence}, and each has a place in the result: see np.ndindex": sums.ravel(),
    }


def measures_every_entry(student: Student, rng: Random) -> None:
    """measures every entry by central differences, with the step that is given"""
    for length, step in ((3, 0.1), (5, 0.25), (1, 0.5)):
        _expect_differences(student, rng.uniform(0.5, 2, size=length).round(2), rng, step)


def measures_in_any_shape(student: Student, rng: Random) -> None:
    """takes an array of any shape, also a single number, and gives the gradient in this shape"""
    for shape in ((2, 3), (3, 1, 2), ()):
        x = np.array(np.round(rng.uniform(0.5, 2, size=shape), 2))  # an array for () too, not a number
        _expect_differences(student, x, rng, 0.2)


def has_a_step_of_a_hundred_thousandth(student: Student, rng: Random) -> None:
    """takes a step of 1e-5 where none is given"""
    phase, size = rng.uniform(-0.8, 0.8, size=(2, 2)).round(2), rng.uniform(1, 2, size=(2, 2)).round(2)
    waves = {1e-5 * part: size * np.cos(phase) * np.sin(part) / part * 1e5 for part in (1, 0.1, 10, 100, 2)}
    want = waves.pop(1e-5)
    causes = {f"the step is {step:.3g} where none is given": wave for step, wave in waves.items()}
    got = student(Formula("lambda x: np.sum(w * np.sin(1e5 * x))", w=size), phase * 1e-5)
    expect_close(got, want, what="the gradient of a fast wave", causes=causes)


def moves_integers_too(student: Student, rng: Random) -> None:
    """takes an array of integers and gives floats"""
    x, w = rng.permutation(np.arange(1, 7)).reshape(3, 2), rng.normal(size=(3, 2)).round(2)
    causes = {
        "the moves were stored in an array of integers, which cuts them off": w * (2 * x - 1) / 4e-5,
        "the moves were rounded away: x is an array of integers": np.zeros((3, 2)),
        "the result was stored as integers, which cuts off the fraction": (w * x).astype(int),
    }
    got = student(Formula("lambda x: float(np.sum(w * x**2)) / 2", w=w), x)
    expect_close(got, w * x, what="the gradient", rtol=1e-6, atol=1e-7, causes=causes)
    expect_array(got, shape=(3, 2), kind="float64", what="the gradient")
