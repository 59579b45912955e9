"""Properties of a neuron's gradients, of a gradient that is measured, and of a check for wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from course_utils.grading.authoring import Student, expect, expect_array, expect_close, expect_equal
from course_utils.grading.properties.complex_step import complex_gradient

Array = NDArray[Any]
Random = np.random.Generator
Function = Callable[[Array], Any]


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
        expect_close(_part(student(w, b, x, t), 1), right, what="b_bar", causes=causes)


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
        expect_close(_part(student(w, b, x, t), 0), right, what="w_bar", causes=causes)


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
            "the penalty's part was subtracted": loss[0] - decay * w,
        }
        expect_close(_part(got, 0), right, what="w_bar", causes=causes)
        bias = {"the bias does not occur in R: it has no penalty": loss[1] + decay * b}
        expect_close(_part(got, 1), loss[1], what="b_bar", causes=bias)


# Task 2: numeric_gradient


def _cubic(rng: Random, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Draw coefficients of a cubic function whose central difference is known for any step."""
    return rng.uniform(0.5, 1.5, shape), rng.normal(size=shape), rng.normal(size=shape)


def _expect_differences(student: Student, x: Array, rng: Random, step: float) -> None:
    a, b, w = _cubic(rng, x.shape)

    def f(x: Array) -> Any:
        return np.sum(a * x**3 + b * x**2) + np.sum(w * x) ** 2

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
    expect_close(student(f, x, step=step), want, what="the gradient", rtol=1e-7, atol=1e-8, causes=causes)


def measures_every_entry(student: Student, rng: Random) -> None:
    """measures every entry by central differences, with the step that is given"""
    for length, step in ((3, 0.1), (5, 0.25), (1, 0.5)):
        _expect_differences(student, rng.uniform(0.5, 2, size=length), rng, step)


def measures_in_any_shape(student: Student, rng: Random) -> None:
    """takes an array of any shape, also a single number, and gives the gradient in this shape"""
    for shape in ((2, 3), (3, 1, 2), ()):
        _expect_differences(student, np.array(rng.uniform(0.5, 2, size=shape)), rng, 0.2)


def has_a_step_of_a_hundred_thousandth(student: Student, rng: Random) -> None:
    """takes a step of 1e-5 where none is given"""
    phase, size = rng.uniform(-0.8, 0.8, size=(2, 2)), rng.uniform(1, 2, size=(2, 2))
    waves = {1e-5 * part: size * np.cos(phase) * np.sin(part) / part * 1e5 for part in (1, 0.1, 10, 100, 2)}
    want = waves.pop(1e-5)
    causes = {f"the step is {step:.3g} where none is given": wave for step, wave in waves.items()}
    got = student(lambda x: np.sum(size * np.sin(x * 1e5)), phase * 1e-5)
    expect_close(got, want, what="the gradient of a fast wave", causes=causes)


def moves_integers_too(student: Student, rng: Random) -> None:
    """takes an array of integers and gives floats"""
    x, w = rng.permutation(np.arange(1, 7)).reshape(3, 2), rng.normal(size=(3, 2))
    causes = {
        "the moves were stored in an array of integers, which cuts them off": w * (2 * x - 1) / 4e-5,
        "the moves were rounded away: x is an array of integers": np.zeros((3, 2)),
        "the result was stored as integers, which cuts off the fraction": (w * x).astype(int),
    }
    got = student(lambda x: float(np.sum(w * x**2)) / 2, x)
    expect_close(got, w * x, what="the gradient", rtol=1e-6, atol=1e-7, causes=causes)
    expect_array(got, shape=(3, 2), kind="float64", what="the gradient")


# Task 3: wrong_entries


def _claim(
    rng: Random, scale: float, shape: tuple[int, ...] = (2, 3)
) -> tuple[Function, Array, Array, Array]:
    """Draw a function, a place, the gradient there, and this gradient with a term missing."""
    w, v, x = rng.uniform(0.5, 1.5, size=(3, *shape))
    return (
        lambda x: scale * np.sum(w * x**3 / 3 + v * x**2),
        x,
        scale * (w * x**2 + 2 * v * x),
        scale * w * x**2,
    )


def _expect_marks(student: Student, f: Function, x: Array, x_bar: Array, want: Array, bug: str) -> None:
    got = expect_array(student(f, x, x_bar), shape=x.shape, kind="b", what="the answer")
    causes = {
        "nothing was found wrong": np.zeros(x.shape, bool),
        "everything was found wrong": np.ones(x.shape, bool),
        "True and False are exchanged": ~want,
    }
    expect_equal(got, want, what=f"the answer ({bug})", causes=causes)


def trusts_a_right_gradient(student: Student, rng: Random) -> None:
    """finds nothing wrong in a right gradient, however large or small the function is"""
    for scale in (1.0, 1e6, 1e-6, -1e3):
        f, x, right, _ = _claim(rng, scale)
        _expect_marks(student, f, x, right, np.zeros(x.shape, bool), f"a right gradient of size {scale:g}")
    x = rng.normal(size=4)
    _expect_marks(
        student, lambda x: 3.0 * x.size, x, np.zeros(4), np.zeros(4, bool), "a constant has the gradient 0"
    )


def finds_planted_bugs(student: Student, rng: Random) -> None:
    """finds a turned sign, a factor 2, a missing term and a single wrong entry, and says where"""
    for scale in (1.0, 1e6, 1e-6):
        f, x, right, incomplete = _claim(rng, scale)
        everywhere, place = np.ones(x.shape, bool), tuple(rng.integers(x.shape))
        one, single = right.copy(), np.zeros(x.shape, bool)
        one[place], single[place] = 1.01 * right[place], True
        two, turned = right.copy(), np.zeros(x.shape, bool)
        two[:, 1], turned[:, 1] = -right[:, 1], True
        bugs = {
            "one entry is 1% too large": (one, single),
            "the sign of column 1 is turned round": (two, turned),
            "every sign is turned round": (-right, everywhere),
            "a factor 2 too many": (2 * right, everywhere),
            "a term is missing": (incomplete, everywhere),
            "zeros were claimed": (0 * right, everywhere),
            "the entries are in the wrong order": (right[::-1, ::-1], everywhere),
        }
        for bug, (x_bar, want) in bugs.items():
            _expect_marks(student, f, x, x_bar, want, f"planted: {bug}, size {scale:g}")


def finds_nan_and_wrong_shapes(student: Student, rng: Random) -> None:
    """finds NaN, and a gradient of another shape wrong everywhere"""
    f, x, right, _ = _claim(rng, 1.0)
    holed, want = right.copy(), np.zeros(x.shape, bool)
    holed[1, 2], want[1, 2] = np.nan, True
    _expect_marks(student, f, x, holed, want, "planted: NaN in one entry")
    for x_bar in (right.ravel(), right.T.copy(), right[0], right[:, :1], right[None], np.array(2.0)):
        what = f"planted: shape {x_bar.shape} for x of shape {x.shape}"
        _expect_marks(student, f, x, x_bar, np.ones(x.shape, bool), what)
    flat = np.array([1.5, -0.5, 0.25])
    ones, all_wrong = np.ones((1, 3)), np.ones(3, bool)
    _expect_marks(student, np.sum, flat, ones, all_wrong, "planted: shape (1, 3) for x of shape (3,)")


def allows_what_the_tolerance_allows(student: Student, rng: Random) -> None:
    """allows the tolerance times the largest entry of the numeric gradient, 1e-6 times if it is left out"""
    for given, tolerance in (({}, 1e-6), ({"tolerance": 0.01}, 0.01), ({"tolerance": 1e-4}, 1e-4)):
        size = rng.permutation(np.array([[200.0, -300.0, 2.0], [0.5, -1.0, 0.0]]).ravel()).reshape(2, 3)
        sign = rng.choice([-1, 1], size=(2, 3))
        off = rng.permutation(np.array([0.3, 0.7, 1.5, 3.0, 0.0, 2.0])).reshape(2, 3)
        x, x_bar = np.array(rng.uniform(-0.1, 0.1, size=(2, 3))), size + sign * off * tolerance * 300
        got = expect_array(student(lambda x, s=size: np.sum(s * x), x, x_bar, **given), kind="b")
        about = f"the answer (numeric gradient: {size.tolist()}; limit {tolerance:g} * 300)"
        causes = {"True and False are exchanged": off <= 1}
        expect_equal(got, off > 1, what=about, causes=causes)
