"""Properties of one neuron: its sum, its line, its activation and that activation's slope."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from course_utils.grading.authoring import Student, expect, expect_array, expect_close, expect_equal

Array = NDArray[Any]
Random = np.random.Generator
ROUNDING = 1e-14  # a hundred times what float64 loses in numbers near 1, such as (1 + tanh(z / 2)) / 2


# Task 1: weighted_sum


def _sum_causes(x: Array, w: Array, b: float) -> dict[str, Any]:
    z = math.fsum(x * w) + b
    return {
        "only the last product came: a loop has to add each one, z = z + x[j] * w[j]": x[-1] * w[-1] + b,
        "a ReLU was applied: z is the sum itself": max(z, 0.0),
        "the logistic function was applied: z is the sum itself": float(expit(z)),
    }


def adds_up_the_products(student: Student, rng: Random) -> None:
    """multiplies each input by its weight and adds the products up"""
    for inputs, sign in ((3, -1), (1, 1), (6, -1)):  # of sums below 0, an activation shows
        x, w = rng.normal(size=inputs), rng.normal(size=inputs)
        w *= sign * np.sign(x @ w)
        causes = {
            "the products were not added up to one number": x * w,
            "the weights were not used": x.sum(),
            "inputs and weights were added up apart, before the product": x.sum() * w.sum(),
        }
        causes |= _sum_causes(x, w, 0.0)
        expect_close(student(x, w, 0.0), math.fsum(x * w), what="z", causes=causes)


def adds_the_bias_once(student: Student, rng: Random) -> None:
    """adds the bias once"""
    for b in (1.5, -2.25):
        x, w = rng.normal(size=4), rng.normal(size=4)
        products = math.fsum(x * w)
        causes = {
            "the bias was not added": products,
            "the bias was subtracted": products - b,
            "the bias was added to every product": products + 4 * b,
            "the bias was multiplied": products * b,
        }
        causes |= _sum_causes(x, w, b)
        expect_close(student(x, w, b), products + b, what="z", causes=causes)


# Task 2: side_of_line


def _points(rng: Random, batch: int, inputs: int, b: float) -> tuple[Array, Array, Array]:
    """Draw points whose z is known: near the line and far from it, on both of its sides."""
    w = rng.choice([-1, 1], size=inputs) * rng.uniform(0.5, 1.5, size=inputs)
    places = rng.permutation(batch)
    z = np.where(places % 2, -1, 1) * (0.3 + places // 2 % 3 + rng.uniform(-0.2, 0.2, size=batch))
    x = rng.normal(size=(batch, inputs))
    return x + np.outer((z - b - x @ w) / (w @ w), w), w, z


def labels_both_sides(student: Student, rng: Random) -> None:
    """gives 1 on the side where z > 0, and 0 on the other, for every row"""
    for batch, inputs, b in ((6, 2, 1.0), (9, 5, -1.0)):
        x, w, z = _points(rng, batch, inputs, b)
        causes = {
            "the two labels are exchanged": 1 - (z > 0),
            "the bias was not added": z - b > 0,
            "the bias was subtracted": z - 2 * b > 0,
            "z came in place of the label": z,
            "the labels are -1 and 1": np.sign(z),
        }
        expect_equal(student(x, w, b), (z > 0).astype(int), what="y", causes=causes)


def labels_the_line_itself(student: Student, rng: Random) -> None:
    """gives 0 to a point on the line"""
    w, steps = rng.integers(1, 5, size=2).astype(float), np.array([-2, -1, 1, 3])
    x = np.vstack([np.outer(steps, [w[1], -w[0]]), w, -w])
    want, order = np.array([0, 0, 0, 0, 1, 0]), rng.permutation(6)
    causes = {
        "a point on the line has z = 0: compare with > in place of >=": np.array([1, 1, 1, 1, 1, 0])[order]
    }
    expect_equal(student(x[order], w, 0.0), want[order], what="y", causes=causes)


def takes_no_bias_for_zero(student: Student, rng: Random) -> None:
    """takes the bias as 0 where it is left out"""
    x, w, z = _points(rng, 6, 3, 0.0)
    causes = {"b is not 0 where it is left out": z + 1 > 0, "the two labels are exchanged": 1 - (z > 0)}
    expect_equal(student(x, w), (z > 0).astype(int), what="y", causes=causes)


def returns_whole_numbers(student: Student, rng: Random) -> None:
    """returns one integer for each point, for a single point too"""
    for batch in (1, 4):
        x, w, z = _points(rng, batch, 3, 0.0)
        got = expect_array(student(x, w, 0.0), shape=(batch,), kind="i", what="y")
        expect_equal(got, (z > 0).astype(int), what="y")


# Task 3: logistic


def _logistic_causes(z: Array) -> dict[str, Any]:
    minus_z = np.minimum(-z.astype(float), 700)
    return {
        "the sign of z is turned round": expit(minus_z),
        "brackets are missing: 1 / 1 + e is not 1 / (1 + e)": 1 + np.exp(minus_z),
        "tanh came in place of the logistic function": np.tanh(z),
        "the hard threshold came: 0 and 1 with nothing between": (z > 0).astype(float),
        "the slope came, not the value": expit(z) * expit(minus_z),
        "1 / (1 + e**-|z|) came, which is right for z >= 0 only": expit(np.abs(z)),
        "e**-|z| / (1 + e**-|z|) came, which is right for z <= 0 only": expit(-np.abs(z)),
    }


def gives_values_for_any_shape(student: Student, rng: Random) -> None:
    """gives the value of every entry, whatever the shape"""
    for shape in ((5,), (2, 3), (2, 1, 4)):
        z = rng.uniform(-9, 9, size=shape)
        expect_close(student(z), expit(z), what="h", causes=_logistic_causes(z))


def stands_large_inputs(student: Student, rng: Random) -> None:
    """is right for |z| up to 1000, without a warning"""
    for dtype in (np.float64, np.float32):
        sizes = np.array([0.5, 2, 15, 95, 760, 1000]) * rng.uniform(0.95, 1, size=6)
        z = rng.permutation(np.concatenate([-sizes, sizes])).round(1).astype(dtype)
        # where h is tiny, a z that was cut off at a bound would pass with the usual tolerance
        tiny = {"right but for tiny h: do not cut z off at a bound, and add no small number": expit(z)}
        expect_close(student(z), expit(z), what="h", atol=ROUNDING, causes=_logistic_causes(z) | tiny)
        advice = "take the exponential of negative numbers only, which cannot overflow"
        expect(not student.warned, f"the values are right, but NumPy warned of an overflow: {advice}")


def keeps_the_precision(student: Student, rng: Random) -> None:
    """keeps float32 and float64"""
    for dtype in (np.float32, np.float64):
        z = rng.uniform(-6, 6, size=(2, 3)).astype(dtype)
        got = expect_array(student(z), kind=z.dtype.name, what="h")
        expect_close(got, expit(z), what="h", causes=_logistic_causes(z))


def takes_integers(student: Student, rng: Random) -> None:
    """gives float64 for integers"""
    z = rng.permutation(np.arange(-3, 4))
    causes = {"the result was stored as integers, which cuts off the fraction": expit(z).astype(int)}
    got = student(z)
    expect_close(got, expit(z), what="h", causes=causes | _logistic_causes(z))
    expect_array(got, shape=(7,), kind="float64", what="h")


# Task 4: activation_slope


def slope_of_relu(student: Student, rng: Random) -> None:
    """gives the slope of ReLU, which is 0 at the corner"""
    z = rng.permutation(np.array([-3.0, -0.5, 0.0, 0.5, 2.0, 4.0])).reshape(2, 3)
    want = np.array([[1.0 if value > 0 else 0.0 for value in row] for row in z])
    causes = {
        "at the corner, z = 0, the slope is 0 here": (z >= 0).astype(float),
        "at the corner, z = 0, the slope is 0 here, not 1/2": np.heaviside(z, 0.5),
        "the value came, not the slope": np.maximum(z, 0),
        "the slope is 0 on the left of the corner, not -1": np.sign(z),
    }
    got = student(z, "relu")
    expect_close(got, want, what="the slope", causes=causes)
    expect(
        np.asarray(got).dtype.kind in "iuf",
        "the slopes are numbers, 0 and 1, and False and True came: convert them",
    )


def slope_of_logistic(student: Student, rng: Random) -> None:
    """gives the slope of the logistic function"""
    for z in (rng.uniform(-4, 4, size=5), rng.uniform(-12, 12, size=(2, 3))):
        causes = {
            "the value came, not the slope": expit(z),
            "in h (1 - h) the value h = logistic(z) is needed, not z": z * (1 - z),
            "the slope of tanh came": 1 / np.cosh(z) ** 2,
            "h times h came: the second factor is 1 - h": expit(z) ** 2,
        }
        expect_close(student(z, "logistic"), expit(z) * expit(-z), what="the slope", causes=causes)


def slope_of_tanh(student: Student, rng: Random) -> None:
    """gives the slope of tanh"""
    for z in (rng.uniform(-2, 2, size=5), rng.uniform(-8, 8, size=(3, 2))):
        causes = {
            "the value came, not the slope": np.tanh(z),
            "the square is missing in 1 - h**2": 1 - np.tanh(z),
            "z was squared, not h: the formula is 1 - tanh(z)**2": 1 - np.tanh(z**2),
            "in 1 - h**2 the value h = tanh(z) is needed, not z": 1 - z**2,
            "the slope of the logistic function came": expit(z) * expit(-z),
            "h (1 - h) is the slope of the logistic function, not of tanh": np.tanh(z) * (1 - np.tanh(z)),
        }
        expect_close(student(z, "tanh"), 1 / np.cosh(z) ** 2, what="the slope", causes=causes)
