"""Wrong and right answers to the tasks of lab 03, as students write them."""

# Several answers to a task have the same name, that of the task.

import functools
import itertools
import math

import numpy as np
from curated import right, wrong
from scipy import special

LAB = "03_backprop"


# ------------------------------------------------------------------------------------------ neuron_gradients


@right("neuron_gradients", "bar by bar")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = np.tanh(w * x + b)
    z_bar = (y - t) * (1 - y * y)
    w_bar = z_bar * x
    w_bar += decay * w
    return w_bar, z_bar


@right("neuron_gradients", "Python's own numbers, as a list, with the slope as 1 / cosh^2")
def neuron_gradients(w, b, x, t, decay=0):
    z = float(w) * float(x) + float(b)
    z_bar = (math.tanh(z) - t) / math.cosh(z) ** 2
    return [x * z_bar + decay * w, z_bar]


@right("neuron_gradients", "tanh and its slope from exponentials")
def neuron_gradients(w, b, x, t, decay=0.0):
    up, down = np.exp(w * x + b), np.exp(-w * x - b)
    z_bar = ((up - down) / (up + down) - t) * 4 / (up + down) ** 2
    return decay * w + z_bar * x, z_bar


@right("neuron_gradients", "tanh from the logistic function")
def neuron_gradients(w, b, x, t, decay=0.0):
    h = 1 / (1 + math.exp(-2 * (w * x + b)))
    z_bar = (2 * h - 1 - t) * 4 * h * (1 - h)
    return x * z_bar + decay * w, z_bar


@wrong("neuron_gradients", "zeros")
def neuron_gradients(w, b, x, t, decay=0.0):
    return 0.0, 0.0


@wrong("neuron_gradients", "forward and backward with the logistic function, consistent with each other")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = special.expit(w * x + b)
    z_bar = (y - t) * y * (1 - y)
    return z_bar * x + decay * w, z_bar


@wrong("neuron_gradients", "the sign is turned round twice, in y_bar and in the penalty")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = np.tanh(w * x + b)
    z_bar = -(t - y) * -(1 - y**2)
    return z_bar * x - decay * w, z_bar


@wrong("neuron_gradients", "the penalty overwrites what came through z")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = np.tanh(w * x + b)
    z_bar = (y - t) * (1 - y**2)
    return decay * w if decay else z_bar * x, z_bar


@wrong("neuron_gradients", "the penalty is forgotten")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = np.tanh(w * x + b)
    z_bar = (y - t) * (1 - y**2)
    return z_bar * x, z_bar


@wrong("neuron_gradients", "the bias is penalised too")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = np.tanh(w * x + b)
    z_bar = (y - t) * (1 - y**2)
    return z_bar * x + decay * w, z_bar + decay * b


@wrong("neuron_gradients", "the slope of tanh is missing")
def neuron_gradients(w, b, x, t, decay=0.0):
    y_bar = np.tanh(w * x + b) - t
    return y_bar * x + decay * w, y_bar


@wrong("neuron_gradients", "decay is 1 by default")
def neuron_gradients(w, b, x, t, decay=1.0):
    y = np.tanh(w * x + b)
    z_bar = (y - t) * (1 - y**2)
    return z_bar * x + decay * w, z_bar


@wrong("neuron_gradients", "forward differences with a coarse step")
def neuron_gradients(w, b, x, t, decay=0.0):
    def loss(w, b):
        return (np.tanh(w * x + b) - t) ** 2 / 2 + decay * w**2 / 2

    return (loss(w + 1e-3, b) - loss(w, b)) / 1e-3, (loss(w, b + 1e-3) - loss(w, b)) / 1e-3


@wrong("neuron_gradients", "central differences: measured, not derived")
def neuron_gradients(w, b, x, t, decay=0.0):
    def loss(w, b):
        return (np.tanh(w * x + b) - t) ** 2 / 2 + decay * w**2 / 2

    s = 1e-5
    return (loss(w + s, b) - loss(w - s, b)) / (2 * s), (loss(w, b + s) - loss(w, b - s)) / (2 * s)


@wrong("neuron_gradients", "decay in place of decay * w")
def neuron_gradients(w, b, x, t, decay=0.0):
    y = np.tanh(w * x + b)
    z_bar = (y - t) * (1 - y**2)
    return z_bar * x + decay, z_bar


# ------------------------------------------------------------------------------------------ numeric_gradient


@right("numeric_gradient", "a loop over the places")
def numeric_gradient(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.astype(float), x.astype(float)
        up[place] += step
        down[place] -= step
        gradient[place] = (f(up) - f(down)) / (2 * step)
    return gradient


@right("numeric_gradient", "one working copy, moved and put back")
def numeric_gradient(f, x, step=1e-5):
    work = np.array(x, dtype=float)
    flat, slopes = work.reshape(-1), []
    for i in range(flat.size):
        before = flat[i]
        flat[i] = before + step
        high = f(work)
        flat[i] = before - step
        slopes.append((high - f(work)) / step / 2)
        flat[i] = before
    return np.array(slopes, dtype=float).reshape(x.shape)


@wrong("numeric_gradient", "forward differences")
def numeric_gradient(f, x, step=1e-5):
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + move) - f(x)) / step for move in moves], x.shape)


@wrong("numeric_gradient", "divided by the step, not by two steps")
def numeric_gradient(f, x, step=1e-5):
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + move) - f(x - move)) / step for move in moves], x.shape)


@wrong("numeric_gradient", "changes x in place and leaves it moved")
def numeric_gradient(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += step
        high = f(x)
        x[place] -= 2 * step
        gradient[place] = (high - f(x)) / (2 * step)
    return gradient


@wrong("numeric_gradient", "entries stay moved in a copy")
def numeric_gradient(f, x, step=1e-5):
    x, gradient = x.astype(float), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += step
        high = f(x)
        x[place] -= 2 * step
        gradient[place] = (high - f(x)) / (2 * step)
    return gradient


@wrong("numeric_gradient", "moves every entry at once")
def numeric_gradient(f, x, step=1e-5):
    return np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step))


@wrong("numeric_gradient", "copies of the same dtype: integers do not move")
def numeric_gradient(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (f(up) - f(down)) / (2 * step)
    return gradient


@wrong("numeric_gradient", "vectors only")
def numeric_gradient(f, x, step=1e-5):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.astype(float), x.astype(float)
        up[i] += step
        down[i] -= step
        gradient[i] = (f(up) - f(down)) / (2 * step)
    return gradient


@wrong("numeric_gradient", "the step is always 1e-5")
def numeric_gradient(f, x, step=1e-5):
    moves = 1e-5 * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + move) - f(x - move)) / 2e-5 for move in moves], x.shape)


@wrong("numeric_gradient", "another default step")
def numeric_gradient(f, x, step=1e-6):
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + move) - f(x - move)) / (2 * step) for move in moves], x.shape)


@wrong("numeric_gradient", "flat")
def numeric_gradient(f, x, step=1e-5):
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + move) - f(x - move)) / (2 * step) for move in moves])


@wrong("numeric_gradient", "a step relative to each entry")
def numeric_gradient(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down, move = x.astype(float), x.astype(float), step * (1 + abs(x[place]))
        up[place] += move
        down[place] -= move
        gradient[place] = (f(up) - f(down)) / (2 * move)
    return gradient


@wrong("numeric_gradient", "moves a whole row at once")
def numeric_gradient(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape[:1]):
        up, down = x.astype(float), x.astype(float)
        up[i] += step
        down[i] -= step
        gradient[i] = (f(up) - f(down)) / (2 * step)
    return gradient


# --------------------------------------------------------------------------------------------- wrong_entries


def central(f, x, step=1e-5):
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + move) - f(x - move)) / (2 * step) for move in moves], x.shape)


@right("wrong_entries", "what is not right is wrong")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, dtype=bool)
    n = central(f, x)
    return np.logical_not(abs(x_bar - n) <= tolerance * abs(n).max())


@right("wrong_entries", "a loop, with NaN asked for, and a step of another size")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    answer, n = np.full(x.shape, True), central(f, x, step=3e-6)
    limit = tolerance * max(abs(value) for value in n.ravel())
    for place in np.ndindex(x.shape if x_bar.shape == x.shape else (0,)):
        answer[place] = math.isnan(x_bar[place]) or abs(x_bar[place] - n[place]) > limit
    return answer


@wrong("wrong_entries", "always says right")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    return np.zeros(x.shape, bool)


@wrong("wrong_entries", "always says wrong")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    return np.ones(x.shape, bool)


@wrong("wrong_entries", "compares norms: one answer for all entries")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    off = abs(np.linalg.norm(x_bar) - np.linalg.norm(n))
    return np.full(x.shape, not off <= tolerance * np.linalg.norm(n))


@wrong("wrong_entries", "the norm of the difference: says that, not where")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return np.full(x.shape, not np.abs(x_bar - n).max() <= tolerance * np.abs(n).max())


@wrong("wrong_entries", "an absolute tolerance")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    return ~(np.abs(x_bar - central(f, x)) <= tolerance)


@wrong("wrong_entries", "np.isclose, whose absolute tolerance hides small gradients")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    return ~np.isclose(x_bar, central(f, x), rtol=tolerance)


@wrong("wrong_entries", "a limit for each entry, relative to it")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return ~(np.abs(x_bar - n) <= tolerance * np.abs(n))


@wrong("wrong_entries", "a tolerance that never falls below 1e-6")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return ~(np.abs(x_bar - n) <= max(tolerance, 1e-6) * np.abs(n).max())


@wrong("wrong_entries", "forward differences, whose error exceeds the tolerance")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    moves = 1e-5 * np.eye(x.size).reshape(x.size, *x.shape)
    n = np.reshape([(f(x + move) - f(x)) / 1e-5 for move in moves], x.shape)
    return ~(np.abs(x_bar - n) <= tolerance * np.abs(n).max())


@wrong("wrong_entries", "NaN passes")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return np.abs(x_bar - n) > tolerance * np.abs(n).max()


@wrong("wrong_entries", "NaN in one entry makes everything wrong: the scale is taken from the claim")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    return ~(np.abs(x_bar - central(f, x)) <= tolerance * np.abs(x_bar).max())


@wrong("wrong_entries", "a claim of another shape is repeated until it fits")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    n = central(f, x)
    try:
        return ~(np.abs(np.broadcast_to(x_bar, x.shape) - n) <= tolerance * np.abs(n).max())
    except ValueError:
        return np.ones(x.shape, bool)


@wrong("wrong_entries", "the number of entries is compared, not the shape")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.size != x.size:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return ~(np.abs(x_bar.reshape(x.shape) - n) <= tolerance * np.abs(n).max())


@wrong("wrong_entries", "signs are lost: sizes are compared")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return ~(np.abs(np.abs(x_bar) - np.abs(n)) <= tolerance * np.abs(n).max())


@wrong("wrong_entries", "a claim of zeros counts as right, since a gradient of 0 cannot be compared")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.ones(x.shape, bool)
    n = central(f, x)
    return ~((np.abs(x_bar - n) <= tolerance * np.abs(n).max()) | (x_bar == 0))


@wrong("wrong_entries", "True and False exchanged")
def wrong_entries(f, x, x_bar, tolerance=1e-6):
    if x_bar.shape != x.shape:
        return np.zeros(x.shape, bool)
    n = central(f, x)
    return np.abs(x_bar - n) <= tolerance * np.abs(n).max()


# ----------------------------------------------------------------------------------------------- unbroadcast


@right("unbroadcast", "one axis after the other")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


@right("unbroadcast", "one sum over the axes that differ from the padded shape, then a new shape")
def unbroadcast(gradient, shape):
    padded = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (n, m) in enumerate(zip(gradient.shape, padded, strict=True)) if n != m)
    return np.asarray(np.sum(gradient, axis=axes)).reshape(shape)


@right("unbroadcast", "each entry is added where it came from")
def unbroadcast(gradient, shape):
    total = np.zeros(shape, gradient.dtype)
    places = np.broadcast_to(np.arange(total.size).reshape(shape), gradient.shape)
    np.add.at(total.reshape(-1), places.reshape(-1), gradient.reshape(-1))
    return total


@wrong("unbroadcast", "nothing is summed")
def unbroadcast(gradient, shape):
    return gradient


@wrong("unbroadcast", "zeros of the right shape")
def unbroadcast(gradient, shape):
    return np.zeros(shape)


@wrong("unbroadcast", "only axes in front")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient


@wrong("unbroadcast", "only axes of length 1")
def unbroadcast(gradient, shape):
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


@wrong("unbroadcast", "keepdims is lost")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient.sum(axis=tuple(i for i, length in enumerate(shape) if length == 1))


@wrong("unbroadcast", "the mean over the repetitions")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.mean(axis=0)
    return gradient.mean(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


@wrong("unbroadcast", "one of the repetitions")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient[0]
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.take([0], axis=axis)
    return gradient


@wrong("unbroadcast", "missing axes are looked for at the end")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=-1)
    return gradient.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


@wrong("unbroadcast", "an axis is summed where the length differs, aligned on the left")
def unbroadcast(gradient, shape):
    axes = tuple(i for i, n in enumerate(gradient.shape) if i >= len(shape) or shape[i] != n)
    return gradient.sum(axis=axes).reshape(shape)


@wrong("unbroadcast", "a new shape without a sum, cut to size")
def unbroadcast(gradient, shape):
    return gradient.ravel()[: math.prod(shape)].reshape(shape)


@wrong("unbroadcast", "summed as float64")
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0, dtype=float)
    repeated = tuple(i for i, length in enumerate(shape) if length == 1)
    return gradient.sum(axis=repeated, keepdims=True, dtype=float)


# ------------------------------------------------------------------------------- add_backward, mul_backward


def summed(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient.sum(axis=tuple(i for i, length in enumerate(shape) if length == 1), keepdims=True)


@right("add_backward", "both unbroadcast")
def add_backward(y_bar, a, b):
    return summed(y_bar, a.shape), summed(y_bar, b.shape)


@right("add_backward", "a list, with copies, each only summed where needed")
def add_backward(y_bar, a, b):
    return [y_bar.copy() if v.shape == y_bar.shape else summed(y_bar, v.shape) for v in (a, b)]


@wrong("add_backward", "unbroadcast forgotten")
def add_backward(y_bar, a, b):
    return y_bar, y_bar


@wrong("add_backward", "only b is unbroadcast")
def add_backward(y_bar, a, b):
    return y_bar, summed(y_bar, b.shape)


@wrong("add_backward", "zeros")
def add_backward(y_bar, a, b):
    return np.zeros(a.shape), np.zeros(b.shape)


@wrong("add_backward", "the rule of a difference")
def add_backward(y_bar, a, b):
    return summed(y_bar, a.shape), -summed(y_bar, b.shape)


@wrong("add_backward", "ones: y_bar is not used")
def add_backward(y_bar, a, b):
    return summed(np.ones_like(y_bar), a.shape), summed(np.ones_like(y_bar), b.shape)


@wrong("add_backward", "the rule of a product, as if the forward were one too")
def add_backward(y_bar, a, b):
    return summed(y_bar * b, a.shape), summed(y_bar * a, b.shape)


@wrong("add_backward", "keepdims lost")
def add_backward(y_bar, a, b):
    return np.squeeze(summed(y_bar, a.shape)), np.squeeze(summed(y_bar, b.shape))


@wrong("add_backward", "exchanged")
def add_backward(y_bar, a, b):
    return summed(y_bar, b.shape), summed(y_bar, a.shape)


@wrong("add_backward", "added into the arguments' own memory")
def add_backward(y_bar, a, b):
    a *= 0
    a += summed(y_bar, a.shape)
    return a, summed(y_bar, b.shape)


@right("mul_backward", "products, then sums")
def mul_backward(y_bar, a, b):
    return summed(y_bar * b, a.shape), summed(y_bar * a, b.shape)


@right("mul_backward", "both repeated first, each entry added where it came from")
def mul_backward(y_bar, a, b):
    def gather(values, like):
        total = np.zeros(like.shape, values.dtype)
        places = np.broadcast_to(np.arange(total.size).reshape(like.shape), values.shape)
        np.add.at(total.reshape(-1), places.reshape(-1), values.reshape(-1))
        return total

    a_full, b_full = np.broadcast_arrays(a, b)
    return gather(np.multiply(b_full, y_bar), a), gather(np.multiply(a_full, y_bar), b)


@wrong("mul_backward", "unbroadcast forgotten")
def mul_backward(y_bar, a, b):
    return y_bar * b, y_bar * a


@wrong("mul_backward", "each its own factor")
def mul_backward(y_bar, a, b):
    return summed(y_bar * a, a.shape), summed(y_bar * b, b.shape)


@wrong("mul_backward", "summed before the multiplication")
def mul_backward(y_bar, a, b):
    return summed(y_bar, a.shape) * b, summed(y_bar, b.shape) * a


@wrong("mul_backward", "y_bar is not used")
def mul_backward(y_bar, a, b):
    return summed(np.broadcast_to(b, y_bar.shape), a.shape), summed(np.broadcast_to(a, y_bar.shape), b.shape)


@wrong("mul_backward", "the rule of a sum, consistent with a forward that adds")
def mul_backward(y_bar, a, b):
    return summed(y_bar, a.shape), summed(y_bar, b.shape)


@wrong("mul_backward", "zeros")
def mul_backward(y_bar, a, b):
    return np.zeros_like(a), np.zeros_like(b)


@wrong("mul_backward", "keepdims lost")
def mul_backward(y_bar, a, b):
    return np.squeeze(summed(y_bar * b, a.shape)), np.squeeze(summed(y_bar * a, b.shape))


@wrong("mul_backward", "the mean over the repetitions")
def mul_backward(y_bar, a, b):
    a_bar, b_bar = summed(y_bar * b, a.shape), summed(y_bar * a, b.shape)
    return a_bar * a.size / y_bar.size, b_bar * b.size / y_bar.size


@wrong("mul_backward", "the output divided by the own factor: NaN where that is 0")
def mul_backward(y_bar, a, b):
    with np.errstate(invalid="ignore"):
        return summed(y_bar * (a * b) / a, a.shape), summed(y_bar * (a * b) / b, b.shape)


@wrong("mul_backward", "computed in float64")
def mul_backward(y_bar, a, b):
    return summed(y_bar * b.astype(float), a.shape), summed(y_bar * a.astype(float), b.shape)


# ------------------------------------------------------------------------------------------- matmul_backward


@right("matmul_backward", "two products")
def matmul_backward(y_bar, a, b):
    return y_bar @ b.T, a.T @ y_bar


@right("matmul_backward", "einsum")
def matmul_backward(y_bar, a, b):
    return np.einsum("ik,jk->ij", y_bar, b), np.einsum("ij,ik->jk", a, y_bar)


@right("matmul_backward", "a sum of outer products, a column at a time")
def matmul_backward(y_bar, a, b):
    a_bar = sum(np.outer(y_bar[:, k], b[:, k]) for k in range(b.shape[1]))
    b_bar = sum(np.outer(a[i], y_bar[i]) for i in range(len(a)))
    return a_bar, b_bar


@wrong("matmul_backward", "not transposed where the shapes allow it")
def matmul_backward(y_bar, a, b):
    return (y_bar @ b if y_bar.shape[1] == b.shape[0] == b.shape[1] else y_bar @ b.T), a.T @ y_bar


@wrong("matmul_backward", "exchanged")
def matmul_backward(y_bar, a, b):
    return a.T @ y_bar, y_bar @ b.T


@wrong("matmul_backward", "the right gradient is transposed")
def matmul_backward(y_bar, a, b):
    return y_bar @ b.T, y_bar.T @ a


@wrong("matmul_backward", "zeros")
def matmul_backward(y_bar, a, b):
    return np.zeros_like(a), np.zeros_like(b)


@wrong("matmul_backward", "y_bar counts as 1")
def matmul_backward(y_bar, a, b):
    return np.ones_like(y_bar) @ b.T, a.T @ np.ones_like(y_bar)


@wrong("matmul_backward", "the mean over the rows")
def matmul_backward(y_bar, a, b):
    return y_bar @ b.T, a.T @ y_bar / len(a)


@wrong("matmul_backward", "the sign is turned round twice in one, once in the other")
def matmul_backward(y_bar, a, b):
    return -(-y_bar @ b.T), -a.T @ y_bar


@wrong("matmul_backward", "rounded to two digits")
def matmul_backward(y_bar, a, b):
    return (y_bar @ b.T).round(2), (a.T @ y_bar).round(2)


@wrong("matmul_backward", "only the left gradient")
def matmul_backward(y_bar, a, b):
    return y_bar @ b.T


# --------------------------------------------------------------------------------------------- tanh_backward


@right("tanh_backward", "from the output")
def tanh_backward(y_bar, x):
    y = np.tanh(x)
    return y_bar - y_bar * y * y


@right("tanh_backward", "as a difference of squares")
def tanh_backward(y_bar, x):
    return y_bar * (1 - np.tanh(x)) * (1 + np.tanh(x))


@right("tanh_backward", "with the exponential of negative numbers only")
def tanh_backward(y_bar, x):
    e = np.exp(-2 * np.abs(x))
    return y_bar * 4 * e / (1 + e) ** 2


@wrong("tanh_backward", "x is taken for the output")
def tanh_backward(y_bar, x):
    return y_bar * (1 - x**2)


@wrong("tanh_backward", "the square is missing")
def tanh_backward(y_bar, x):
    return y_bar * (1 - np.tanh(x))


@wrong("tanh_backward", "the slope of the logistic function")
def tanh_backward(y_bar, x):
    return y_bar * special.expit(x) * special.expit(-x)


@wrong("tanh_backward", "y_bar is missing")
def tanh_backward(y_bar, x):
    return 1 - np.tanh(x) ** 2


@wrong("tanh_backward", "zeros")
def tanh_backward(y_bar, x):
    return np.zeros_like(x)


@wrong("tanh_backward", "overflows: 1 / cosh^2")
def tanh_backward(y_bar, x):
    return y_bar / np.cosh(x) ** 2


@wrong("tanh_backward", "NaN for large inputs")
def tanh_backward(y_bar, x):
    y = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
    return y_bar * (1 - y**2)


@wrong("tanh_backward", "y_bar is changed in place")
def tanh_backward(y_bar, x):
    y_bar *= 1 - np.tanh(x) ** 2
    return y_bar


@wrong("tanh_backward", "float64 always")
def tanh_backward(y_bar, x):
    return y_bar * (1 - np.tanh(x.astype(float)) ** 2)


# ------------------------------------------------------------------------------------------------- logsumexp


@right("logsumexp", "the maximum taken out")
def logsumexp(z):
    m = z.max(axis=1, keepdims=True)
    return (m + np.log(np.exp(z - m).sum(axis=1, keepdims=True)))[:, 0]


@right("logsumexp", "NumPy's logaddexp")
def logsumexp(z):
    return np.logaddexp.reduce(z, axis=1)


@right("logsumexp", "row by row, the largest one first")
def logsumexp(z):
    result = np.empty(len(z), np.result_type(z.dtype, np.float32))
    for i, row in enumerate(z):
        largest, *others = sorted(row.tolist(), reverse=True)
        result[i] = largest + math.log1p(sum(math.exp(other - largest) for other in others))
    return result


@wrong("logsumexp", "the first form")
def logsumexp(z):
    return np.log(np.exp(z).sum(axis=1))


@wrong("logsumexp", "one maximum for the whole array")
def logsumexp(z):
    m = z.max()
    return m + np.log(np.exp(z - m).sum(axis=1))


@wrong("logsumexp", "the first entry of each row in place of the largest")
def logsumexp(z):
    m = z[:, 0]
    return m + np.log(np.exp(z - m[:, None]).sum(axis=1))


@wrong("logsumexp", "the last entry of each row in place of the largest")
def logsumexp(z):
    m = z[:, -1]
    return m + np.log(np.exp(z - m[:, None]).sum(axis=1))


@wrong("logsumexp", "one number for the whole array")
def logsumexp(z):
    m = z.max()
    return m + np.log(np.exp(z - m).sum())


@wrong("logsumexp", "down the columns")
def logsumexp(z):
    m = z.max(axis=0)
    return m + np.log(np.exp(z - m).sum(axis=0))


@wrong("logsumexp", "the maximum is not added again")
def logsumexp(z):
    return np.log(np.exp(z - z.max(axis=1)[:, None]).sum(axis=1))


@wrong("logsumexp", "the mean of the row in place of its maximum")
def logsumexp(z):
    m = z.mean(axis=1)
    return m + np.log(np.exp(z - m[:, None]).sum(axis=1))


@wrong("logsumexp", "keeps the axis")
def logsumexp(z):
    m = z.max(axis=1, keepdims=True)
    return m + np.log(np.exp(z - m).sum(axis=1, keepdims=True))


@wrong("logsumexp", "clipped, so that nothing overflows")
def logsumexp(z):
    return np.log(np.exp(np.clip(z, -500, 500)).sum(axis=1))


@wrong("logsumexp", "the maximum alone")
def logsumexp(z):
    return z.max(axis=1)


@wrong("logsumexp", "changes z in place")
def logsumexp(z):
    m = z.max(axis=1)
    z -= m[:, None]
    return m + np.log(np.exp(z).sum(axis=1))


@wrong("logsumexp", "float64 always")
def logsumexp(z):
    return special.logsumexp(z.astype(float), axis=1)


# ------------------------------------------------------------------------------------ cross_entropy_backward


def probabilities(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


@right("cross_entropy_backward", "probabilities less one-hot targets")
def cross_entropy_backward(L_bar, z, t):
    target = np.eye(z.shape[1], dtype=z.dtype)[t]
    return L_bar / len(z) * (probabilities(z) - target)


@right("cross_entropy_backward", "row by row")
def cross_entropy_backward(L_bar, z, t):
    z_bar = np.zeros_like(z)
    for n, (row, k) in enumerate(zip(z, t, strict=True)):
        p = np.exp(row - row.max())
        z_bar[n] = p / p.sum()
        z_bar[n, k] -= 1
    return z_bar * (L_bar / len(t))


@right("cross_entropy_backward", "two contributions, for the two terms of the loss")
def cross_entropy_backward(L_bar, z, t):
    first, second = probabilities(z), np.zeros_like(z)
    np.put_along_axis(second, t[:, None], -1, axis=1)
    return L_bar * np.add(first, second) / z.shape[0]


@wrong("cross_entropy_backward", "zeros")
def cross_entropy_backward(L_bar, z, t):
    return np.zeros_like(z)


@wrong("cross_entropy_backward", "the sum over the batch")
def cross_entropy_backward(L_bar, z, t):
    p = probabilities(z)
    p[np.arange(len(t)), t] -= 1
    return L_bar * p


@wrong("cross_entropy_backward", "L_bar is not used")
def cross_entropy_backward(L_bar, z, t):
    p = probabilities(z)
    p[np.arange(len(t)), t] -= 1
    return p / len(t)


@wrong("cross_entropy_backward", "the mean over all entries")
def cross_entropy_backward(L_bar, z, t):
    p = probabilities(z)
    p[np.arange(len(t)), t] -= 1
    return L_bar * p / p.size


@wrong("cross_entropy_backward", "the second term is missing")
def cross_entropy_backward(L_bar, z, t):
    return L_bar * probabilities(z) / len(t)


@wrong("cross_entropy_backward", "the sign is turned round")
def cross_entropy_backward(L_bar, z, t):
    p = -probabilities(z)
    p[np.arange(len(t)), t] += 1
    return L_bar * p / len(t)


@wrong("cross_entropy_backward", "1 is taken away from whole columns")
def cross_entropy_backward(L_bar, z, t):
    p = probabilities(z)
    p[:, t] -= 1
    return L_bar * p / len(t)


@wrong("cross_entropy_backward", "not stable")
def cross_entropy_backward(L_bar, z, t):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    p[np.arange(len(t)), t] -= 1
    return L_bar * p / len(t)


@wrong("cross_entropy_backward", "the first score of each row taken away, not the largest")
def cross_entropy_backward(L_bar, z, t):
    p = np.exp(z - z[:, :1])
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(t)), t] -= 1
    return L_bar * p / len(t)


@wrong("cross_entropy_backward", "the numbers of the classes taken away")
def cross_entropy_backward(L_bar, z, t):
    return (L_bar * (probabilities(z) - t[:, None]) / len(t)).astype(z.dtype)


@wrong("cross_entropy_backward", "float64 always, from the targets")
def cross_entropy_backward(L_bar, z, t):
    return L_bar * (probabilities(z) - np.eye(z.shape[1])[t]) / len(t)


@wrong("cross_entropy_backward", "probabilities over the batch")
def cross_entropy_backward(L_bar, z, t):
    p = probabilities(z.T).T
    p[np.arange(len(t)), t] -= 1
    return L_bar * p / len(t)


@wrong("cross_entropy_backward", "the gradient of a squared error on the probabilities, its own forward's")
def cross_entropy_backward(L_bar, z, t):
    p = probabilities(z)
    p_bar = p - np.eye(z.shape[1], dtype=z.dtype)[t]
    return L_bar * p * (p_bar - (p * p_bar).sum(axis=1, keepdims=True)) / len(t)


# ----------------------------------------------------------------------------------------- topological_order


@right("topological_order", "depth first with two kinds of entries on the stack")
def topological_order(parents, output):
    order, done, opened, stack = [], set(), set(), [(output, False)]
    while stack:
        name, finished = stack.pop()
        if finished:
            order.append(name)
            done.add(name)
        elif name not in done:
            if name in opened:
                raise ValueError("cycle")
            opened.add(name)
            stack.append((name, True))
            stack.extend((parent, False) for parent in parents[name])
    return order


@right("topological_order", "count the children that are still to come, from the output; turn round")
def topological_order(parents, output):
    needed, waiting = set(), [output]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += parents[name]
    children = dict.fromkeys(needed, 0)
    for name in needed:
        for parent in set(parents[name]):
            children[parent] += 1
    ready, order = [name for name in needed if children[name] == 0], []
    while ready:
        order.append(ready.pop())
        for parent in set(parents[order[-1]]):
            children[parent] -= 1
            if children[parent] == 0:
                ready.append(parent)
    if len(order) < len(needed):
        raise ValueError(f"{output} depends on itself")
    return order[::-1]


@right("topological_order", "generators in place of recursion")
def topological_order(parents, output):
    order, opened, walks = [], {output}, [(output, iter(parents[output]))]
    done = set()
    while walks:
        name, rest = walks[-1]
        parent = next(rest, None)
        if parent is None:
            walks.pop()
            done.add(name)
            order.append(name)
        elif parent not in opened:
            opened.add(parent)
            walks.append((parent, iter(parents[parent])))
        elif parent not in done:
            raise ValueError("cycle")
    return order


@right("topological_order", "one missing parent at a time, on the way from the output")
def topological_order(parents, output):
    order, way = {}, {output: None}
    while way:
        name = next(reversed(way))
        missing = next((parent for parent in parents[name] if parent not in order), None)
        if missing in way:
            raise ValueError(f"{missing} depends on itself")
        if missing is None:
            order[name] = way.pop(name)
        else:
            way[missing] = None
    return list(order)


@wrong("topological_order", "recursion, which dies on 10,000")
def topological_order(parents, output):
    order, done, opened = [], set(), set()

    def visit(name):
        if name in done:
            return
        if name in opened:
            raise ValueError("cycle")
        opened.add(name)
        for parent in parents[name]:
            visit(parent)
        done.add(name)
        order.append(name)

    visit(output)
    return order


@wrong("topological_order", "right for chains: breadth first, turned round")
def topological_order(parents, output):
    order, waiting = [], [output]
    while waiting:
        name = waiting.pop(0)
        if name not in order:
            order.append(name)
            waiting += parents[name]
        if len(order) > len(parents):
            raise ValueError("cycle")
    return order[::-1]


@wrong("topological_order", "depth first, each name when it is first seen, turned round")
def topological_order(parents, output):
    order, seen, waiting = [], set(), [output]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            order.append(name)
            waiting += parents[name]
    return order[::-1]


@wrong("topological_order", "the order in which they stand in the dict")
def topological_order(parents, output):
    needed, waiting = set(), [output]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += parents[name]
    return [name for name in parents if name in needed]


@wrong("topological_order", "everything, also what is not needed")
def topological_order(parents, output):
    left, order, done = dict(parents), [], set()
    while left:
        ready = [name for name in left if all(parent in done for parent in left[name])]
        if not ready:
            raise ValueError("cycle")
        for name in ready:
            del left[name]
        done |= set(ready)
        order += ready
    return order


@wrong("topological_order", "children first")
def topological_order(parents, output):
    order, opened, waiting = {}, set(), [output]
    while waiting:
        missing = [parent for parent in parents[waiting[-1]] if parent not in order]
        if missing and waiting[-1] in opened:
            raise ValueError("cycle")
        opened.add(waiting[-1])
        waiting += missing
        if not missing:
            order[waiting.pop()] = None
    return list(order)[::-1]


@wrong("topological_order", "a cycle is not noticed")
def topological_order(parents, output):
    order, opened, stack = [], set(), [(output, False)]
    while stack:
        name, finished = stack.pop()
        if finished:
            order.append(name)
        elif name not in opened:
            opened.add(name)
            stack.append((name, True))
            stack.extend((parent, False) for parent in parents[name] if parent not in opened)
    return order


@wrong("topological_order", "never ends on a cycle")
def topological_order(parents, output):
    order, waiting = {}, [output]
    while waiting:
        missing = [parent for parent in parents[waiting[-1]] if parent not in order]
        waiting += missing[:1]
        if not missing:
            order[waiting.pop()] = None
    return list(order)


@wrong("topological_order", "any value that is seen again counts as a cycle")
def topological_order(parents, output):
    order, seen, waiting = [], set(), [output]
    while waiting:
        name = waiting.pop()
        if name in seen:
            raise ValueError("cycle")
        seen.add(name)
        order.append(name)
        waiting += parents[name]
    return order[::-1]


@wrong("topological_order", "walks every way: too slow for a ladder")
def topological_order(parents, output):
    visits, level = [], [output]
    while level:
        visits += level
        level = [parent for name in level for parent in parents[name]]
        if len(visits) > 1_000_000:
            raise ValueError("cycle")
    return list(dict.fromkeys(reversed(visits)))


@wrong("topological_order", "many names that wait count as a cycle")
def topological_order(parents, output):
    order, waiting = {}, [output]
    while waiting:
        missing = [parent for parent in parents[waiting[-1]] if parent not in order]
        waiting += missing
        if len(waiting) > 20_000:
            raise ValueError("cycle")
        if not missing:
            order[waiting.pop()] = None
    return list(order)


@wrong("topological_order", "a cycle raises KeyError")
def topological_order(parents, output):
    order, opened, waiting = {}, set(), [output]
    while waiting:
        missing = [parent for parent in parents[waiting[-1]] if parent not in order]
        if missing and waiting[-1] in opened:
            raise KeyError("cycle")
        opened.add(waiting[-1])
        waiting += missing
        if not missing:
            order[waiting.pop()] = None
    return list(order)


@wrong("topological_order", "without the output")
def topological_order(parents, output):
    order, opened, waiting = {}, set(), [output]
    while waiting:
        missing = [parent for parent in parents[waiting[-1]] if parent not in order]
        if missing and waiting[-1] in opened:
            raise ValueError("cycle")
        opened.add(waiting[-1])
        waiting += missing
        if not missing:
            order[waiting.pop()] = None
    return list(order)[:-1]


# -------------------------------------------------------------------------------------------------- backward


@right("backward", "a dict of sums")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name not in bars:
            continue
        gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
        for argument, gradient in zip(arguments, gradients, strict=True):
            if gradient is not None:
                bars[argument] = bars[argument] + gradient if argument in bars else gradient
    return bars


@right("backward", "lists of contributions, summed when their step comes")
def backward(tape, values, rules):
    arrived, bars = {tape[-1][0]: [1.0]}, {}
    for name, operation, arguments in tape[::-1]:
        if name in arrived:
            bars[name] = functools.reduce(np.add, arrived.pop(name))
            given = [values[argument] for argument in arguments]
            for argument, part in zip(arguments, rules[operation](bars[name], *given), strict=True):
                if part is not None:
                    arrived.setdefault(argument, []).append(part)
    return bars | {name: functools.reduce(np.add, parts) for name, parts in arrived.items()}


@wrong("backward", "what arrives later overwrites")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars[argument] = gradient
    return bars


@wrong("backward", "only what arrives first is kept")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars.setdefault(argument, gradient)
    return bars


@wrong("backward", "a value used twice in one step counts once")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in dict(zip(arguments, gradients, strict=True)).items():
                if gradient is not None:
                    bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "adds in place to an array that two names share")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None and argument in bars:
                    bars[argument] += gradient
                elif gradient is not None:
                    bars[argument] = gradient
    return bars


@wrong("backward", "goes through the tape from its beginning")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in tape:
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "zeros")
def backward(tape, values, rules):
    return {name: np.zeros_like(value) for name, value in values.items()}


@wrong("backward", "zeros for dead ends")
def backward(tape, values, rules):
    bars = {name: np.zeros_like(value, dtype=float) for name, value in values.items()}
    bars[tape[-1][0]] = np.ones_like(values[tape[-1][0]])
    for name, operation, arguments in reversed(tape):
        gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
        for argument, gradient in zip(arguments, gradients, strict=True):
            if gradient is not None:
                bars[argument] = bars[argument] + gradient
    return bars


@wrong("backward", "dead ends begin with 1, as if each were an output")
def backward(tape, values, rules):
    bars = {}
    for name, operation, arguments in reversed(tape):
        bar = bars.setdefault(name, np.ones_like(values[name]))
        gradients = rules[operation](bar, *(values[argument] for argument in arguments))
        for argument, gradient in zip(arguments, gradients, strict=True):
            if gradient is not None:
                bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "None is not expected")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "recursion along every way")
def backward(tape, values, rules):
    made, bars = {name: (operation, arguments) for name, operation, arguments in tape}, {}

    def send(name, bar):
        bars[name] = bars.get(name, 0) + bar
        if name in made:
            operation, arguments = made[name]
            parts = rules[operation](bar, *(values[argument] for argument in arguments))
            for argument, part in zip(arguments, parts, strict=True):
                if part is not None:
                    send(argument, part)

    send(tape[-1][0], np.ones_like(values[tape[-1][0]]))
    return bars


@wrong("backward", "each step sends on 1 in place of its own gradient")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            one = np.ones_like(values[name])
            gradients = rules[operation](one, *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "the output's value in place of 1 begins")
def backward(tape, values, rules):
    bars = {tape[-1][0]: values[tape[-1][0]]}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "the leaves only")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones_like(values[tape[-1][0]])}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            bar = bars.pop(name)
            gradients = rules[operation](bar, *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars[argument] = bars.get(argument, 0) + gradient
    return bars


@wrong("backward", "float64 always")
def backward(tape, values, rules):
    bars = {tape[-1][0]: np.ones(np.shape(values[tape[-1][0]]))}
    for name, operation, arguments in reversed(tape):
        if name in bars:
            gradients = rules[operation](bars[name], *(values[argument] for argument in arguments))
            for argument, gradient in zip(arguments, gradients, strict=True):
                if gradient is not None:
                    bars[argument] = bars.get(argument, 0) + gradient
    return bars


# ------------------------------------------------------------------------------------------------ accumulate


@right("accumulate", "three cases")
def accumulate(grads, bars):
    total = {}
    for name, grad in grads.items():
        if name not in bars:
            total[name] = grad
        elif grad is None:
            total[name] = bars[name]
        else:
            total[name] = grad + bars[name]
    return total


@right("accumulate", "a sum over what is there")
def accumulate(grads, bars):
    def add(*parts):
        there = [part for part in parts if part is not None]
        return functools.reduce(np.add, there) if there else None

    return {name: add(grads[name], bars.get(name)) for name in grads}


@wrong("accumulate", ".grad is overwritten")
def accumulate(grads, bars):
    return {name: bars.get(name, grad) for name, grad in grads.items()}


@wrong("accumulate", "the new one is dropped where there is an old one")
def accumulate(grads, bars):
    return {name: bars.get(name) if grad is None else grad for name, grad in grads.items()}


@wrong("accumulate", "added in place")
def accumulate(grads, bars):
    for name, grad in grads.items():
        if name in bars:
            if grad is None:
                grads[name] = bars[name]
            else:
                grad += bars[name]
    return grads


@wrong("accumulate", "names that are no parameters come in")
def accumulate(grads, bars):
    total = dict(grads)
    for name, bar in bars.items():
        total[name] = bar if total.get(name) is None else total[name] + bar
    return total


@wrong("accumulate", "a parameter without a bar is lost")
def accumulate(grads, bars):
    return {
        name: bars[name] if grads[name] is None else grads[name] + bars[name]
        for name in grads
        if name in bars
    }


@wrong("accumulate", "a parameter without a bar is set back")
def accumulate(grads, bars):
    return {
        name: None if name not in bars else bars[name] if grad is None else grad + bars[name]
        for name, grad in grads.items()
    }


@wrong("accumulate", "None counts as 0, also where nothing came")
def accumulate(grads, bars):
    return {name: (0 if grad is None else grad) + bars.get(name, 0) for name, grad in grads.items()}


@wrong("accumulate", "the mean")
def accumulate(grads, bars):
    total = dict(grads)
    for name in grads.keys() & bars.keys():
        total[name] = bars[name] if grads[name] is None else (grads[name] + bars[name]) / 2
    return total


@wrong("accumulate", "None is not expected")
def accumulate(grads, bars):
    return {name: grad + bars[name] if name in bars else grad for name, grad in grads.items()}


@wrong("accumulate", "zeros")
def accumulate(grads, bars):
    return {name: np.zeros_like(grad) for name, grad in grads.items()}


# ----------------------------------------------------------------------------------------------------- train


def loss_gradients(weights, x, t):
    """Return the gradients of the lab's network, written out."""
    h = np.tanh(x @ weights["W_1"] + weights["b_1"])
    y_bar = probabilities(h @ weights["W_2"] + weights["b_2"])
    y_bar[np.arange(len(t)), t] -= 1
    y_bar /= len(t)
    z_bar = y_bar @ weights["W_2"].T * (1 - h**2)
    return {"W_1": x.T @ z_bar, "b_1": z_bar.sum(axis=0), "W_2": h.T @ y_bar, "b_2": y_bar.sum(axis=0)}


def moved(weights, grads, rate):
    return {name: W - rate * grads[name] for name, W in weights.items()}


@right("train", "the gradients written out, a running sum")
def train(batches, weights, steps=100, learning_rate=0.5):
    for _ in range(steps):
        total = dict.fromkeys(weights, 0)
        for x, t in batches:
            bars = loss_gradients(weights, x, t)
            total = {name: total[name] + bars[name] for name in weights}
        weights = moved(weights, total, learning_rate / len(batches))
    return weights


@right("train", "all batches joined to one, since all are of one size")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        weights = moved(weights, loss_gradients(weights, x, t), learning_rate)
    return weights


@right("train", "copies of the weights, moved in place after all batches")
def train(batches, weights, steps=100, learning_rate=0.5):
    weights = {name: W.copy() for name, W in weights.items()}
    for _ in range(steps):
        sweeps = [loss_gradients(weights, x, t) for x, t in batches]
        for name, W in weights.items():
            W -= learning_rate * sum(bars[name] for bars in sweeps) / len(sweeps)
    return weights


@wrong("train", "the weights as they were")
def train(batches, weights, steps=100, learning_rate=0.5):
    return weights


@wrong("train", "uphill")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        weights = moved(weights, loss_gradients(weights, x, t), -learning_rate)
    return weights


@wrong("train", "the gradients are never set back")
def train(batches, weights, steps=100, learning_rate=0.5):
    total = dict.fromkeys(weights, 0)
    for _ in range(steps):
        for x, t in batches:
            bars = loss_gradients(weights, x, t)
            total = {name: total[name] + bars[name] for name in weights}
        weights = moved(weights, total, learning_rate / len(batches))
    return weights


@wrong("train", "the gradients are overwritten: only the last batch counts")
def train(batches, weights, steps=100, learning_rate=0.5):
    for _ in range(steps):
        for x, t in batches:
            bars = loss_gradients(weights, x, t)
        weights = moved(weights, bars, learning_rate)
    return weights


@wrong("train", "the gradients are set back inside the loop over the batches")
def train(batches, weights, steps=100, learning_rate=0.5):
    for _ in range(steps):
        for x, t in batches:
            total = dict.fromkeys(weights, 0)
            bars = loss_gradients(weights, x, t)
            total = {name: total[name] + bars[name] for name in weights}
        weights = moved(weights, total, learning_rate / len(batches))
    return weights


@wrong("train", "divided by the rows again")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        weights = moved(weights, loss_gradients(weights, x, t), learning_rate / len(batches[0][0]))
    return weights


@wrong("train", "a rule is wrong: the square is missing in the slope of tanh")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        h = np.tanh(x @ weights["W_1"] + weights["b_1"])
        y_bar = probabilities(h @ weights["W_2"] + weights["b_2"])
        y_bar[np.arange(len(t)), t] -= 1
        y_bar /= len(t)
        z_bar = y_bar @ weights["W_2"].T * (1 - h)
        bars = {"W_1": x.T @ z_bar, "b_1": z_bar.sum(0), "W_2": h.T @ y_bar, "b_2": y_bar.sum(0)}
        weights = moved(weights, bars, learning_rate)
    return weights


@wrong("train", "moves after every batch")
def train(batches, weights, steps=100, learning_rate=0.5):
    for _, (x, t) in itertools.product(range(steps), batches):
        weights = moved(weights, loss_gradients(weights, x, t), learning_rate)
    return weights


@wrong("train", "the sum over the batches")
def train(batches, weights, steps=100, learning_rate=0.5):
    for _ in range(steps):
        sweeps = [loss_gradients(weights, x, t) for x, t in batches]
        weights = moved(
            weights, {name: sum(bars[name] for bars in sweeps) for name in weights}, learning_rate
        )
    return weights


@wrong("train", "forward and backward with the logistic function, consistent with each other")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        h = special.expit(x @ weights["W_1"] + weights["b_1"])
        y_bar = probabilities(h @ weights["W_2"] + weights["b_2"])
        y_bar[np.arange(len(t)), t] -= 1
        y_bar /= len(t)
        z_bar = y_bar @ weights["W_2"].T * h * (1 - h)
        bars = {"W_1": x.T @ z_bar, "b_1": z_bar.sum(0), "W_2": h.T @ y_bar, "b_2": y_bar.sum(0)}
        weights = moved(weights, bars, learning_rate)
    return weights


@wrong("train", "the biases do not move")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        bars = loss_gradients(weights, x, t)
        weights = moved(weights, bars | {"b_1": 0, "b_2": 0}, learning_rate)
    return weights


@wrong("train", "the hidden layer does not move")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        bars = loss_gradients(weights, x, t)
        weights = moved(weights, bars | {"b_1": 0, "W_1": 0}, learning_rate)
    return weights


@wrong("train", "always 100 steps")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(100):
        weights = moved(weights, loss_gradients(weights, x, t), learning_rate)
    return weights


@wrong("train", "another default learning rate")
def train(batches, weights, steps=100, learning_rate=0.1):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        weights = moved(weights, loss_gradients(weights, x, t), learning_rate)
    return weights


@wrong("train", "the given arrays are moved in place")
def train(batches, weights, steps=100, learning_rate=0.5):
    x, t = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    for _ in range(steps):
        bars = loss_gradients(weights, x, t)
        for name, W in weights.items():
            W -= learning_rate * bars[name]
    return weights


@wrong("train", "weights that have nothing to do with the data, rightly shaped")
def train(batches, weights, steps=100, learning_rate=0.5):
    return {name: np.zeros_like(W) for name, W in weights.items()}
