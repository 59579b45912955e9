"""Properties of the backward rules of a matrix product, of tanh and of a classifier's loss."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.broadcasting import expect_float32
from course_utils.grading.properties.complex_step import complex_gradient, gradients_of_arguments

Array = NDArray[Any]
Random = np.random.Generator


# Task 7: matmul_backward


def _product(student: Student, rng: Random, sizes: tuple[int, int, int], index: int) -> None:
    rows, inner, columns = sizes
    a, b = rng.normal(size=(rows, inner)), rng.normal(size=(inner, columns))
    y_bar = rng.normal(size=(rows, columns))
    want = gradients_of_arguments(lambda a, b: np.einsum("ij,jk->ik", a, b), y_bar, (a, b))
    got = student(y_bar, a, b)
    expect(isinstance(got, tuple | list) and len(got) == 2, "matmul_backward must return (a_bar, b_bar)")
    causes = {
        "a_bar and b_bar are exchanged": want[1 - index],
        "y_bar is missing: its entries count as 1": gradients_of_arguments(
            lambda a, b: np.einsum("ij,jk->ik", a, b), np.ones((rows, columns)), (a, b)
        )[index],
    }
    expect_close(got[index], want[index], what=("a_bar", "b_bar")[index], causes=causes)


SIZES = ((5, 3, 2), (2, 4, 3), (1, 3, 1), (3, 1, 2))


def gives_the_left_gradient(student: Student, rng: Random) -> None:
    """gives the gradient of the left matrix"""
    for sizes in SIZES:
        _product(student, rng, sizes, 0)


def gives_the_right_gradient(student: Student, rng: Random) -> None:
    """gives the gradient of the right matrix"""
    for sizes in SIZES:
        _product(student, rng, sizes, 1)


def products_keep_float32(student: Student, rng: Random) -> None:
    """is right for square matrices too, and keeps float32"""
    a, b, y_bar = rng.normal(size=(3, 3, 3)).astype(np.float32)
    want = np.einsum("ik,jk->ij", y_bar, b), np.einsum("ij,ik->jk", a, y_bar)
    got = student(y_bar, a, b)
    expect_float32(student, got)
    expect_close(got, want, what=("a_bar", "b_bar"))


# Task 8: tanh_backward


def _slope_of_tanh(x: Array) -> Array:
    """Write the slope with exponentials of negative numbers only: it is 4 / (e^x + e^-x)^2."""
    small = np.exp(-2 * np.abs(x.astype(float)))
    return np.asarray(4 * small / (1 + small) ** 2)


def _expect_tanh(student: Student, y_bar: Array, x: Array) -> None:
    y, slope, got = np.tanh(x), _slope_of_tanh(x), student(y_bar, x)
    expect_array(got, kind=x.dtype.name, what="x_bar")
    causes = {
        "y_bar is missing": slope,
        "the slope is missing": y_bar,
        "in 1 - y**2 the output y = tanh(x) is needed, not x": y_bar * (1 - x**2),
        "the square is missing in 1 - y**2": y_bar * (1 - y),
        "tanh was taken twice: x is the input": y_bar * (1 - np.tanh(y) ** 2),
        "y (1 - y) is the slope of the logistic function, not of tanh": y_bar * y * (1 - y),
        "this is the slope of the logistic function": y_bar * special.expit(x) * special.expit(-x),
        "y_bar was multiplied by the value, not by the slope": y_bar * y,
    }
    expect_close(got, y_bar * slope, what="x_bar", causes=causes)


def multiplies_by_the_slope(student: Student, rng: Random) -> None:
    """multiplies what arrives by the slope at each entry, in any shape"""
    for shape in ((5,), (2, 3), (2, 1, 3)):
        _expect_tanh(student, rng.normal(size=shape), rng.uniform(-2, 2, size=shape))


def passes_nothing_where_it_is_saturated(student: Student, rng: Random) -> None:
    """passes everything on at 0 and next to nothing where the unit is saturated, and keeps float32"""
    for dtype in (np.float64, np.float32):
        x = rng.permutation(np.array([0.0, -0.01, 3, -3, 12, -12, 300, -1000])).astype(dtype)
        _expect_tanh(student, rng.normal(size=8).astype(dtype), x)
        expect(not student.warned, "the values are right, but NumPy warned of an overflow: use np.tanh")


# Task 9: logsumexp


def _expect_logarithms(student: Student, z: Array) -> None:
    with np.errstate(over="ignore", divide="ignore"):
        sums = np.exp(z.astype(float)).sum(axis=1)
        causes = {
            "the sums came, without the logarithm": sums,
            "the first form overflows, or all its exponentials are 0: take m out of each row": np.log(sums),
            "the sum runs over the rows; each row is to be summed": special.logsumexp(z, axis=0),
            "m was not added again after the logarithm": special.logsumexp(z, axis=1) - z.max(axis=1),
            "the largest entries came: the logarithm of the sum is missing": z.max(axis=1),
            "the mean of the exponentials was taken, not their sum": special.logsumexp(z, axis=1)
            - np.log(z.shape[1]),
            "m is the largest entry of the whole array; each row needs its own": _with(z.max(), z),
            "m is the first entry of each row; the largest one is needed": _with(z[:, :1], z),
            "m is the last entry of each row; the largest one is needed": _with(z[:, -1:], z),
        }
    got = student(z)
    if z.dtype == np.float32:
        expect_array(got, kind="float32", what="logsumexp(z)")
    expect_close(got, special.logsumexp(z.astype(float), axis=1), what="logsumexp(z)", causes=causes)


def _with(m: Any, z: Array) -> Array:
    """Take m out of each row, as z's own type of number does it: an exponential may overflow."""
    return np.asarray((m + np.log(np.exp(z - m).sum(axis=1, keepdims=True)))[:, 0])


def sums_each_row(student: Student, rng: Random) -> None:
    """gives one number for each row, the logarithm of its sum of exponentials"""
    for shape in ((2, 3), (5, 2), (1, 4), (3, 1)):
        _expect_logarithms(student, rng.uniform(-2, 2, size=shape))


def stands_large_numbers(student: Student, rng: Random) -> None:
    """is right for rows near 1000, near -1000 and from 0 to 1000 in one array, without a warning"""
    z = rng.uniform(-3, 3, size=(4, 3)) + rng.permutation([1000.0, -1000.0, 0.0, 700.0])[:, None]
    z[0, 1] -= 3000
    _expect_logarithms(student, np.vstack([z, rng.permutation(1000.0 * np.eye(3))]))
    _expect_logarithms(student, np.array([[0.0, 1000.0], [1000.0, 0.0]]))
    expect(not student.warned, "the values are right, but NumPy warned: no exponential may exceed 1")


def logarithms_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers"""
    wide = [[0, 100], [100, 0]]  # float32 overflows at 89 already
    _expect_logarithms(student, np.vstack([rng.uniform(-4, 4, size=(3, 2)), wide]).astype(np.float32))
    _expect_logarithms(student, rng.permutation(np.arange(-3, 3)).reshape(2, 3))


# Task 10: cross_entropy_backward


def _loss(z: Array, t: Array) -> Any:
    """Compute the mean loss one example after another; z may be complex."""
    return sum(np.log(np.exp(row).sum()) - row[k] for row, k in zip(z, t, strict=True)) / len(t)


def _scores(rng: Random, batch: int, classes: int, first: int = 0) -> tuple[Array, Array]:
    """Draw scores, and true classes from a first one on."""
    return rng.uniform(-2, 2, size=(batch, classes)), rng.integers(first, classes, size=batch)


def _expect_loss_gradient(student: Student, L_bar: float, z: Array, t: Array) -> None:
    right = L_bar * complex_gradient(lambda z: _loss(z, t), z)
    p, true = special.softmax(z, axis=1), np.eye(z.shape[1])[t]
    causes = {
        "L_bar is missing": right / L_bar,
        "the loss is a mean over the rows: divide by their number": len(t) * right,
        "divided by all entries; the mean runs over the rows": right / z.shape[1],
        "divided by the number of classes; the mean runs over the rows": len(t) * right / z.shape[1],
        "the second term of the loss is missing: 1 is taken away in each row's true class": L_bar
        * p
        / len(t),
        "the probabilities are sums over the rows; each row must sum to 1": L_bar
        * (special.softmax(z, axis=0) - true)
        / len(t),
        "1 was taken away after the division by the number of rows": L_bar * (p / len(t) - true),
        "1 was taken away from whole columns": L_bar * (p - true.max(axis=0)) / len(t),
        "t holds the numbers of the classes; take 1 away, in the entry of each row's class": L_bar
        * (p - t[:, None])
        / len(t),
        "1 was taken away before the exponential; it belongs after it": L_bar * np.exp(-true) * p / len(t),
    }
    expect_close(student(L_bar, z, t), right, what="z_bar", causes=causes)


def is_right_for_one_example(student: Student, rng: Random) -> None:
    """gives the gradient of one example's scores"""
    for classes in (2, 4):
        # Class 0 would hide it where t itself is taken away.
        _expect_loss_gradient(student, 1.0, *_scores(rng, 1, classes, first=1))


def takes_the_mean_over_a_batch(student: Student, rng: Random) -> None:
    """takes the mean over a batch, of any number of classes"""
    for batch, classes in ((3, 5), (6, 2)):
        _expect_loss_gradient(student, 1.0, *_scores(rng, batch, classes))


def passes_on_what_arrives(student: Student, rng: Random) -> None:
    """multiplies by what arrives from later steps"""
    for L_bar in (0.5, -3.0, float(rng.uniform(2, 4))):
        _expect_loss_gradient(student, L_bar, *_scores(rng, 4, 3))


def stands_large_scores(student: Student, rng: Random) -> None:
    """is right for scores near 1000, near -1000 and from 0 to 1000, and keeps float32"""
    for dtype, far in ((np.float64, 1000.0), (np.float32, 100.0)):  # float32 overflows at 89 already
        z, t = _scores(rng, 8, 3)
        z[:5] += rng.permutation([far, -far, 0.0, far / 2, -1.0])[:, None]
        z[5:] += rng.permutation(far * np.eye(3))
        z = z.astype(dtype)
        want = 2.0 * (special.softmax(z.astype(float), axis=1) - np.eye(3)[t]) / 8
        got = expect_array(student(2.0, z, t), kind=np.dtype(dtype).name, what="z_bar")
        expect_close(got, want, what="z_bar")
        expect(not student.warned, "the values are right, but NumPy warned: call your logsumexp")
