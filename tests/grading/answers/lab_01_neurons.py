"""Wrong and right answers to the tasks of lab 01, as students write them."""

# Several answers to a task have the same name, that of the task.

import itertools
import math

import numpy as np
from curated import right, wrong
from scipy.special import expit

LAB = "01_neurons"


# ---------------------------------------------------------------------------------------------- weighted_sum


@right("weighted_sum", "dot product")
def weighted_sum(x, w, b):
    return w @ x + b


@right("weighted_sum", "a loop over the inputs")
def weighted_sum(x, w, b):
    z = b
    for x_j, w_j in zip(x, w, strict=True):
        z += x_j * w_j
    return z


@right("weighted_sum", "the bias as one more weight, in Python's own numbers")
def weighted_sum(x, w, b):
    return math.fsum(float(w_j) * float(x_j) for x_j, w_j in zip([*x, 1], [*w, b], strict=True))


@wrong("weighted_sum", "the bias is forgotten")
def weighted_sum(x, w, b):
    return np.dot(w, x)


@wrong("weighted_sum", "the bias is subtracted")
def weighted_sum(x, w, b):
    return np.dot(w, x) - b


@wrong("weighted_sum", "the products are not added up")
def weighted_sum(x, w, b):
    return w * x + b


@wrong("weighted_sum", "the bias is added to every product")
def weighted_sum(x, w, b):
    return np.sum(w * x + b)


@wrong("weighted_sum", "two sums multiplied")
def weighted_sum(x, w, b):
    return np.sum(w) * np.sum(x) + b


@wrong("weighted_sum", "only three inputs")
def weighted_sum(x, w, b):
    return w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + b


@wrong("weighted_sum", "the example by hand")
def weighted_sum(x, w, b):
    return 3


@wrong("weighted_sum", "the weights are squared")
def weighted_sum(x, w, b):
    return np.dot(w, w) + b


@wrong("weighted_sum", "printed in place of returned")
def weighted_sum(x, w, b):
    print(np.dot(w, x) + b)


@wrong("weighted_sum", "float16")
def weighted_sum(x, w, b):
    return np.float16(np.dot(w, x) + b)


@wrong("weighted_sum", "only the last product is kept")
def weighted_sum(x, w, b):
    for x_j, w_j in zip(x, w, strict=True):
        z = x_j * w_j
    return z + b


@wrong("weighted_sum", "ReLU applied")
def weighted_sum(x, w, b):
    return max(np.dot(w, x) + b, 0.0)


@wrong("weighted_sum", "the logistic function applied")
def weighted_sum(x, w, b):
    return 1 / (1 + np.exp(-(np.dot(w, x) + b)))


@wrong("weighted_sum", "the weights are multiplied in place")
def weighted_sum(x, w, b):
    w *= x
    return w.sum() + b


@wrong("weighted_sum", "an array of one entry")
def weighted_sum(x, w, b):
    return np.array([np.dot(w, x) + b])


# ---------------------------------------------------------------------------------------------- side_of_line


@right("side_of_line", "unsigned whole numbers")
def side_of_line(x, w, b=0.0):
    return (x @ w + b > 0).astype(np.uint8)


@right("side_of_line", "comparison and astype")
def side_of_line(x, w, b=0.0):
    return (x @ w + b > 0).astype(np.int64)


@right("side_of_line", "a loop over the points")
def side_of_line(x, w, b=0.0):
    labels = np.zeros(len(x), dtype=int)
    for index, point in enumerate(x):
        z = b
        for x_j, w_j in zip(point, w, strict=True):
            z += x_j * w_j
        if z > 0:
            labels[index] = 1
    return labels


@right("side_of_line", "where and einsum, in int32")
def side_of_line(x, w, b=0):
    return np.where(np.einsum("bi,i->b", x, w) <= -b, 0, 1).astype(np.int32)


@wrong("side_of_line", "the line itself gets 1")
def side_of_line(x, w, b=0.0):
    return (x @ w + b >= 0).astype(int)


@wrong("side_of_line", "the labels are exchanged")
def side_of_line(x, w, b=0.0):
    return (x @ w + b <= 0).astype(int)


@wrong("side_of_line", "the bias is forgotten")
def side_of_line(x, w, b=0.0):
    return (x @ w > 0).astype(int)


@wrong("side_of_line", "the bias is subtracted")
def side_of_line(x, w, b=0.0):
    return (x @ w - b > 0).astype(int)


@wrong("side_of_line", "b has no default")
def side_of_line(x, w, b):
    return (x @ w + b > 0).astype(int)


@wrong("side_of_line", "b is 1 by default")
def side_of_line(x, w, b=1.0):
    return (x @ w + b > 0).astype(int)


@wrong("side_of_line", "one point only")
def side_of_line(x, w, b=0.0):
    return int(np.dot(x[0], w) + b > 0)


@wrong("side_of_line", "two inputs only")
def side_of_line(x, w, b=0.0):
    return (x[:, 0] * w[0] + x[:, 1] * w[1] + b > 0).astype(int)


@wrong("side_of_line", "true and false")
def side_of_line(x, w, b=0.0):
    return x @ w + b > 0


@wrong("side_of_line", "minus one and one")
def side_of_line(x, w, b=0.0):
    return np.sign(x @ w + b).astype(int)


@wrong("side_of_line", "floats")
def side_of_line(x, w, b=0.0):
    return np.heaviside(x @ w + b, 0)


@wrong("side_of_line", "a label larger than 0.5 of z")
def side_of_line(x, w, b=0.0):
    return (x @ w + b > 0.5).astype(int)


@wrong("side_of_line", "a column")
def side_of_line(x, w, b=0.0):
    return (x @ w.reshape(-1, 1) + b > 0).astype(int)


@wrong("side_of_line", "squeezed, so that one point loses its axis")
def side_of_line(x, w, b=0.0):
    return np.squeeze((x @ w + b > 0).astype(int))


# -------------------------------------------------------------------------------------------------- logistic


@right("logistic", "two formulas")
def logistic(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


@right("logistic", "by way of tanh")
def logistic(z):
    if z.dtype != np.float32:
        z = z.astype(np.float64)
    return (1 + np.tanh(z / 2)) / 2


@right("logistic", "a loop over all entries")
def logistic(z):
    h = np.empty(z.shape, dtype=np.float32 if z.dtype == np.float32 else np.float64)
    for index, value in np.ndenumerate(z):
        e = math.exp(-abs(float(value)))
        h[index] = 1 / (1 + e) if value >= 0 else e / (1 + e)
    return h


@right("logistic", "masks")
def logistic(z):
    z = z if z.dtype == np.float32 else z.astype(float)
    h = np.zeros_like(z)
    positive = z > 0
    h[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    h[~positive] = e / (1 + e)
    return h


@right("logistic", "one formula for each sign, the second from the first")
def logistic(z):
    h = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z < 0, 1 - h, h)


@right("logistic", "by way of the logarithm")
def logistic(z):
    return np.exp(-np.logaddexp(0, -z))


@wrong("logistic", "as the formula stands")
def logistic(z):
    return 1 / (1 + np.exp(-z))


@wrong("logistic", "brackets are missing")
def logistic(z):
    return 1 / 1 + np.exp(-z)


@wrong("logistic", "the other formula everywhere")
def logistic(z):
    return np.exp(z) / (1 + np.exp(z))


@wrong("logistic", "the sign is turned round")
def logistic(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, small, 1.0) / (1 + small)


@wrong("logistic", "both formulas are computed everywhere")
def logistic(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@wrong("logistic", "always float64")
def logistic(z):
    z = z.astype(np.float64)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


@wrong("logistic", "stored like z, so that integers are cut")
def logistic(z):
    h = np.empty_like(z)
    small = np.exp(-np.abs(z))
    h[:] = np.where(z >= 0, 1.0, small) / (1 + small)
    return h


@wrong("logistic", "float16")
def logistic(z):
    small = np.exp(-np.abs(z))
    return (np.where(z >= 0, 1.0, small) / (1 + small)).astype(np.float16)


@wrong("logistic", "cut off far from 0")
def logistic(z):
    z = np.clip(z, -5, 5)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


@wrong("logistic", "cut off at 25, where the value is 1.4e-11 and not yet 0")
def logistic(z):
    return 1 / (1 + np.exp(-np.clip(z, -25, 25)))


@wrong("logistic", "cut off at 30")
def logistic(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


@wrong("logistic", "always float32")
def logistic(z):
    small = np.exp(-np.abs(z))
    return (np.where(z >= 0, 1.0, small) / (1 + small)).astype(np.float32)


@wrong("logistic", "float32 for every float")
def logistic(z):
    small = np.exp(-np.abs(z))
    h = np.where(z >= 0, 1.0, small) / (1 + small)
    return h.astype(np.float32) if z.dtype.kind == "f" else h


@wrong("logistic", "the absolute value everywhere")
def logistic(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@wrong("logistic", "the form for z below 0 everywhere")
def logistic(z):
    small = np.exp(-np.abs(z))
    return small / (1 + small)


@wrong("logistic", "cut off in place")
def logistic(z):
    np.clip(z, -80, 80, out=z)
    return 1 / (1 + np.exp(-z))


@wrong("logistic", "tanh")
def logistic(z):
    return np.tanh(z)


@wrong("logistic", "the hard threshold")
def logistic(z):
    return (z > 0).astype(z.dtype)


@wrong("logistic", "zeros of the right shape")
def logistic(z):
    return 0.0 * z


@wrong("logistic", "a list with one axis")
def logistic(z):
    return np.array([1 / (1 + math.exp(-value)) if value > -700 else 0.0 for value in z.ravel()])


# ------------------------------------------------------------------------------------------ activation_slope


@right("activation_slope", "the formulas")
def activation_slope(z, activation):
    if activation == "relu":
        return (z > 0).astype(float)
    if activation == "logistic":
        h = 1 / (1 + np.exp(-z))
        return h * (1 - h)
    return 1 - np.tanh(z) ** 2


@right("activation_slope", "a table of functions")
def activation_slope(z, activation):
    slopes = {
        "relu": lambda z: np.heaviside(z, 0),
        "logistic": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        "tanh": lambda z: 1 / np.cosh(z) ** 2,
    }
    return slopes[activation](z)


@right("activation_slope", "central differences, with the corner of ReLU by hand")
def activation_slope(z, activation):
    functions = {"logistic": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}
    if activation == "relu":
        return np.where(z > 0, 1, 0)
    step = 1e-3  # of the fourth order: the error is about step**4
    f = functions[activation]
    return (8 * (f(z + step) - f(z - step)) - (f(z + 2 * step) - f(z - 2 * step))) / (12 * step)


@wrong("activation_slope", "values in place of slopes")
def activation_slope(z, activation):
    return {"relu": np.maximum(z, 0), "logistic": 1 / (1 + np.exp(-z)), "tanh": np.tanh(z)}[activation]


@wrong("activation_slope", "slope 1 at the corner")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z >= 0, 1.0, 0.0)
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h) if activation == "logistic" else 1 - np.tanh(z) ** 2


@wrong("activation_slope", "slope 1/2 at the corner")
def activation_slope(z, activation):
    if activation == "relu":
        return np.heaviside(z, 0.5)
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h) if activation == "logistic" else 1 - np.tanh(z) ** 2


@wrong("activation_slope", "z is squared, not tanh of z")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z > 0, 1.0, 0.0)
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h) if activation == "logistic" else 1 - np.tanh(z**2)


@wrong("activation_slope", "truth values in place of numbers")
def activation_slope(z, activation):
    if activation == "relu":
        return z > 0
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h) if activation == "logistic" else 1 - np.tanh(z) ** 2


@wrong("activation_slope", "h is z in the formula of the logistic function")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z > 0, 1.0, 0.0)
    return z * (1 - z) if activation == "logistic" else 1 - np.tanh(z) ** 2


@wrong("activation_slope", "the square is forgotten")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z > 0, 1.0, 0.0)
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h) if activation == "logistic" else 1 - np.tanh(z)


@wrong("activation_slope", "the name is ignored: always the logistic function")
def activation_slope(z, activation):
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h)


@wrong("activation_slope", "one formula for logistic and tanh")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z > 0, 1.0, 0.0)
    h = np.tanh(z) if activation == "tanh" else 1 / (1 + np.exp(-z))
    return h * (1 - h)


@wrong("activation_slope", "the sign is turned round")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z < 0, 1.0, 0.0)
    h = 1 / (1 + np.exp(-z))
    return h * (h - 1) if activation == "logistic" else np.tanh(z) ** 2 - 1


@wrong("activation_slope", "one-sided differences")
def activation_slope(z, activation):
    f = {"relu": lambda z: np.maximum(z, 0), "logistic": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}
    return (f[activation](z + 1e-2) - f[activation](z)) / 1e-2


@wrong("activation_slope", "z is overwritten")
def activation_slope(z, activation):
    if activation == "relu":
        z[z > 0] = 1
        z[z < 0] = 0
        return z
    h = 1 / (1 + np.exp(-z))
    return h * (1 - h) if activation == "logistic" else 1 - np.tanh(z) ** 2


@wrong("activation_slope", "tanh is not there")
def activation_slope(z, activation):
    if activation == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if activation == "logistic":
        h = 1 / (1 + np.exp(-z))
        return h * (1 - h)
    return None


# ----------------------------------------------------------------------------------------------------- dense


@right("dense", "matrix product")
def dense(x, W, b):
    return x @ W.T + b


@right("dense", "loops")
def dense(x, W, b):
    z = np.zeros((x.shape[0], W.shape[0]), dtype=x.dtype)
    for n in range(x.shape[0]):
        for i in range(W.shape[0]):
            z[n, i] = b[i]
            for j in range(x.shape[1]):
                z[n, i] += W[i, j] * x[n, j]
    return z


@right("dense", "einsum")
def dense(x, W, b):
    return np.einsum("oi,bi->bo", W, x) + b[np.newaxis, :]


@right("dense", "one example after the other, in float32 where that is given")
def dense(x, W, b):
    return np.stack([np.matmul(W, example) + b for example in x]).astype(x.dtype)


@wrong("dense", "the bias is forgotten")
def dense(x, W, b):
    return x @ W.T


@wrong("dense", "the bias is subtracted")
def dense(x, W, b):
    return x @ W.T - b


@wrong("dense", "W is not transposed")
def dense(x, W, b):
    return x @ W + b


@wrong("dense", "W is transposed only where it must be")
def dense(x, W, b):
    return (x @ W if W.shape[0] == x.shape[1] else x @ W.T) + b


@wrong("dense", "the result is transposed")
def dense(x, W, b):
    return W @ x.T + b[:, None]


@wrong("dense", "the first example only")
def dense(x, W, b):
    return W @ x[0] + b


@wrong("dense", "the first example in all rows")
def dense(x, W, b):
    return np.tile(W @ x[0] + b, (len(x), 1))


@wrong("dense", "the bias of the first neuron for all")
def dense(x, W, b):
    return x @ W.T + b[0]


@wrong("dense", "the bias is added in a loop, to the first row only")
def dense(x, W, b):
    z = x @ W.T
    z[0] += b
    return z


@wrong("dense", "ReLU applied")
def dense(x, W, b):
    return np.maximum(x @ W.T + b, 0)


@wrong("dense", "always float32")
def dense(x, W, b):
    return (x @ W.T + b).astype(np.float32)


@wrong("dense", "an accumulator in float64")
def dense(x, W, b):
    z = np.zeros((len(x), len(W)))
    for n, i in itertools.product(range(len(x)), range(len(W))):
        z[n, i] = W[i] @ x[n] + b[i]
    return z


@wrong("dense", "squeezed")
def dense(x, W, b):
    return np.squeeze(x @ W.T + b)


@wrong("dense", "zeros of the right shape")
def dense(x, W, b):
    return np.zeros((len(x), len(W)), dtype=x.dtype)


@wrong("dense", "NaN of the right shape")
def dense(x, W, b):
    return np.full((len(x), len(W)), np.nan, dtype=x.dtype)


@wrong("dense", "float16 on the way")
def dense(x, W, b):
    return (x.astype(np.float16) @ W.T.astype(np.float16) + b).astype(x.dtype)


@wrong("dense", "b is overwritten")
def dense(x, W, b):
    b += x[0] @ W.T
    return np.vstack([b, x[1:] @ W.T + b - x[0] @ W.T])


# ------------------------------------------------------------------------------------------------- two_layer


@right("two_layer", "matrix products")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@right("two_layer", "loops")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    y = np.zeros(len(x))
    for n, example in enumerate(x):
        y[n] = b_2
        for weights, bias, weight in zip(W_1, b_1, w_2, strict=True):
            y[n] += weight * math.tanh(sum(weights * example) + bias)
        if goal == "classification":
            y[n] = 1 / (1 + math.exp(-y[n]))
    return y


@right("two_layer", "einsum, and tanh for the probability")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    h_1 = np.tanh(np.einsum("bi,hi->bh", x, W_1) + b_1)
    z_2 = np.einsum("bh,h->b", h_1, w_2) + b_2
    return {"regression": z_2, "classification": 0.5 + 0.5 * np.tanh(0.5 * z_2)}[goal]


@wrong("two_layer", "no tanh between the layers")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = (x @ W_1.T + b_1) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "logistic hidden neurons")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = 1 / (1 + np.exp(-(x @ W_1.T + b_1))) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "the goal is ignored")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    return np.tanh(x @ W_1.T + b_1) @ w_2 + b_2


@wrong("two_layer", "classification by default")
def two_layer(x, W_1, b_1, w_2, b_2, goal="classification"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "the goals are exchanged")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "regression" else z_2


@wrong("two_layer", "the first bias is forgotten")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "the second bias is forgotten in classification")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2 + b_2


@wrong("two_layer", "the second bias is added after the logistic")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2
    return (1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2) + b_2


@wrong("two_layer", "the second bias is forgotten")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "tanh at the output too")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    y = np.tanh(np.tanh(x @ W_1.T + b_1) @ w_2 + b_2)
    return (y + 1) / 2 if goal == "classification" else y


@wrong("two_layer", "labels in place of probabilities")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2 + b_2
    return (z_2 > 0).astype(float) if goal == "classification" else z_2


@wrong("two_layer", "the probability of the other class")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2 + b_2
    return 1 - 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "a softmax over the batch")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2 + b_2
    return np.exp(z_2) / np.exp(z_2).sum() if goal == "classification" else z_2


@wrong("two_layer", "a column")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.tanh(x @ W_1.T + b_1) @ w_2[:, None] + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "a batch of one only")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    z_2 = np.array([np.tanh(W_1 @ x[0] + b_1) @ w_2 + b_2])
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


@wrong("two_layer", "the bias is added in place")
def two_layer(x, W_1, b_1, w_2, b_2, goal="regression"):
    b_1 += 0 * b_1 + 1
    z_2 = np.tanh(x @ W_1.T + b_1 - 1) @ w_2 + b_2
    return 1 / (1 + np.exp(-z_2)) if goal == "classification" else z_2


# --------------------------------------------------------------------------------------------------- network


def phi(z, name):
    """Apply an activation by its name."""
    if name == "relu":
        return np.maximum(z, 0)
    if name == "logistic":
        return 1 / (1 + np.exp(-z))
    return np.tanh(z) if name == "tanh" else z


@right("network", "a loop over the layers")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        h = phi(h @ W.T + b, activation)
    return h


@right("network", "recursion")
def network(x, layers):
    if not layers:
        return x
    W, b, activation = layers[0]
    return network_of_the_rest(phi(np.einsum("bi,oi->bo", x, W) + b, activation), layers[1:])


def network_of_the_rest(x, layers):
    """Go on with the next layer, if there is one."""
    for W, b, activation in layers[:1]:
        return network_of_the_rest(phi(np.einsum("bi,oi->bo", x, W) + b, activation), layers[1:])
    return x


@right("network", "one example and one neuron at a time")
def network(x, layers):
    rows = []
    for example in x:
        h = [float(value) for value in example]
        for W, b, activation in layers:
            sums = [sum(w * v for w, v in zip(row, h, strict=True)) + c for row, c in zip(W, b, strict=True)]
            h = [float(phi(np.float64(z), activation)) for z in sums]
        rows.append(h)
    return np.array(rows)


@wrong("network", "biases in the first two layers only")
def network(x, layers):
    for number, (W, b, activation) in enumerate(layers):
        z = x @ W.T + (b if number < 2 else 0)
        steps = {"identity": z, "relu": np.maximum(z, 0), "logistic": expit(z), "tanh": np.tanh(z)}
        x = steps[activation]
    return x


@wrong("network", "no biases in ReLU and logistic layers")
def network(x, layers):
    for W, b, activation in layers:
        z = x @ W.T + (b if activation in ("tanh", "identity") else 0)
        steps = {"identity": z, "relu": np.maximum(z, 0), "logistic": expit(z), "tanh": np.tanh(z)}
        x = steps[activation]
    return x


@wrong("network", "every layer gets x")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        h = phi(x @ W.T + b, activation)
    return h


@wrong("network", "the first layer only: return inside the loop")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        return phi(h @ W.T + b, activation)
    return h


@wrong("network", "the activations are left out")
def network(x, layers):
    h = x
    for W, b, _ in layers:
        h = h @ W.T + b
    return h


@wrong("network", "always tanh")
def network(x, layers):
    h = x
    for W, b, _ in layers:
        h = np.tanh(h @ W.T + b)
    return h


@wrong("network", "the last layer is always linear")
def network(x, layers):
    h = x
    for index, (W, b, activation) in enumerate(layers):
        z = h @ W.T + b
        h = z if index == len(layers) - 1 else phi(z, activation)
    return h


@wrong("network", "the biases are left out")
def network(x, layers):
    h = x
    for W, _, activation in layers:
        h = phi(h @ W.T, activation)
    return h


@wrong("network", "the layers are applied last first")
def network(x, layers):
    h = x
    for W, b, activation in reversed(layers):
        h = phi(h @ W.T + b, activation)
    return h


@wrong("network", "two layers only")
def network(x, layers):
    (W_1, b_1, first), (W_2, b_2, second) = layers
    return phi(phi(x @ W_1.T + b_1, first) @ W_2.T + b_2, second)


@wrong("network", "W is not transposed")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        h = phi(h @ W + b, activation)
    return h


@wrong("network", "nothing is returned without layers")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        h = phi(h @ W.T + b, activation)
    return h if layers else None


@wrong("network", "a batch of one loses its axis")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        h = phi(h @ W.T + b, activation)
    return np.squeeze(h)


@wrong("network", "ReLU forgets its name: logistic instead")
def network(x, layers):
    h = x
    for W, b, activation in layers:
        h = phi(h @ W.T + b, "logistic" if activation == "relu" else activation)
    return h


@wrong("network", "the layers are used up")
def network(x, layers):
    h = x
    while layers:
        W, b, activation = layers.pop(0)
        h = phi(h @ W.T + b, activation)
    return h


@wrong("network", "x itself")
def network(x, layers):
    return x


@wrong("network", "never ends")
def network(x, layers):
    h, depth = x, 0
    while depth < len(layers):
        W, b, activation = layers[depth]
        z = h @ W.T + b
        phi(z, activation)
    return h


# --------------------------------------------------------------------------------------------- most_exciting


@right("most_exciting", "argsort of minus z")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argsort(-z)[:count]]


@right("most_exciting", "sorted, with sums in loops")
def most_exciting(images, w, count=3):
    sums = []
    for image in images:
        total = 0.0
        for weight, pixel in zip(w, image.flatten(), strict=True):
            total += float(weight) * float(pixel)
        sums.append(total)
    order = sorted(range(len(images)), key=lambda index: sums[index], reverse=True)
    return np.array([images[index] for index in order[:count]])


@right("most_exciting", "the largest again and again")
def most_exciting(images, w, count=3):
    z = np.einsum("nhw,hw->n", images, w.reshape(images.shape[1:]))
    found = []
    for _ in range(count):
        found.append(images[np.argmax(z)])
        z[np.argmax(z)] = -np.inf
    return np.stack(found)


@right("most_exciting", "a partition, then sorted")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    chosen = np.argpartition(-z, count)[:count]
    return images[chosen[np.argsort(-z[chosen])]]


@right("most_exciting", "sums in float32")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1).astype(np.float32) @ w.astype(np.float32)
    return images[z.argsort()[::-1][:count]]


@wrong("most_exciting", "each image is centred first")
def most_exciting(images, w, count=3):
    x = images.reshape(len(images), -1).astype(float)
    return images[np.argsort(-((x - x.mean(axis=1, keepdims=True)) @ w))[:count]]


@wrong("most_exciting", "the smallest")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argsort(z)[:count]]


@wrong("most_exciting", "the largest last")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argsort(z)[-count:]]


@wrong("most_exciting", "by size without the sign")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argsort(-np.abs(z))[:count]]


@wrong("most_exciting", "the brightest, whatever the weights")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1).sum(axis=1)
    return images[np.argsort(-z.astype(float))[:count]]


@wrong("most_exciting", "flat images")
def most_exciting(images, w, count=3):
    x = images.reshape(len(images), -1)
    return x[np.argsort(-(x @ w))[:count]]


@wrong("most_exciting", "the places in place of the images")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return np.argsort(-z)[:count]


@wrong("most_exciting", "always three")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argsort(-z)[:3]]


@wrong("most_exciting", "one by default")
def most_exciting(images, w, count=1):
    z = images.reshape(len(images), -1) @ w
    return images[np.argsort(-z)[:count]]


@wrong("most_exciting", "scaled to [0, 1]")
def most_exciting(images, w, count=3):
    x = images / images.max()
    return x[np.argsort(-(x.reshape(len(x), -1) @ w))[:count]]


@wrong("most_exciting", "pixels read column by column")
def most_exciting(images, w, count=3):
    z = images.transpose(0, 2, 1).reshape(len(images), -1) @ w
    return images[np.argsort(-z)[:count]]


@wrong("most_exciting", "the largest again and again, with 0 for those that are taken")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    found = []
    for _ in range(count):
        found.append(images[z.argmax()])
        z[z.argmax()] = 0
    return np.stack(found)


@wrong("most_exciting", "only images with a positive sum")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    images, z = images[z > 0], z[z > 0]
    return images[np.argsort(-z)[:count]]


@wrong("most_exciting", "scaled to length 1, as in the lecture")
def most_exciting(images, w, count=3):
    x = images.reshape(len(images), -1).astype(float)
    return images[np.argsort(-(x @ w) / np.linalg.norm(x, axis=1))[:count]]


@wrong("most_exciting", "the largest ones, but not sorted")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argpartition(-z, count)[:count]]


@wrong("most_exciting", "the largest ones, taken from the end of a partition")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return images[np.argpartition(z, -count)[-count:][::-1]]


@wrong("most_exciting", "the pixels of several images mixed")
def most_exciting(images, w, count=3):
    z = images.reshape(-1, len(images)).T @ w
    return images[np.argsort(-z)[:count]]


@wrong("most_exciting", "the images multiplied by the weights")
def most_exciting(images, w, count=3):
    weighed = images * w.reshape(images.shape[1:])
    return weighed[np.argsort(-weighed.sum(axis=(1, 2)))[:count]]


@wrong("most_exciting", "images of 8 by 8 only")
def most_exciting(images, w, count=3):
    z = images.reshape(-1, 64) @ w
    return images[np.argsort(-z)[:count]]


@wrong("most_exciting", "sums in whole numbers of 8 bits")
def most_exciting(images, w, count=3):
    z = (images.reshape(len(images), -1) * w).astype(np.uint8).sum(axis=1, dtype=np.uint8)
    return images[np.argsort(-z.astype(int))[:count]]


@wrong("most_exciting", "one image loses its axis")
def most_exciting(images, w, count=3):
    z = images.reshape(len(images), -1) @ w
    return np.squeeze(images[np.argsort(-z)[:count]])


# -------------------------------------------------------------------------------------------- zero_minus_one


@right("zero_minus_one", "ink in the middle")
def zero_minus_one(x):
    w = np.zeros((8, 8))
    w[3:5, 3:5] = -1
    return x @ w.ravel() + 1.2


@right("zero_minus_one", "the ring against the middle, pixel by pixel")
def zero_minus_one(x):
    z = np.zeros(len(x))
    for n, image in enumerate(np.reshape(x, (-1, 8, 8))):
        for row in range(2, 6):
            z[n] += image[row, 2] + image[row, 5] - image[row, 3] - image[row, 4]
    return z - 0.5


@right("zero_minus_one", "four pixels by their places, in float32")
def zero_minus_one(x):
    return np.float32(10) * (np.float32(1.1) - x.astype(np.float32)[:, [27, 28, 35, 36]].sum(axis=1))


@wrong("zero_minus_one", "the sign is turned round")
def zero_minus_one(x):
    w = np.zeros((8, 8))
    w[3:5, 3:5] = 1
    return x @ w.ravel() - 1.2


@wrong("zero_minus_one", "no bias")
def zero_minus_one(x):
    w = np.zeros((8, 8))
    w[3:5, 3:5] = -1
    return x @ w.ravel()


@wrong("zero_minus_one", "a bias far too large")
def zero_minus_one(x):
    w = np.zeros((8, 8))
    w[3:5, 3:5] = -1
    return x @ w.ravel() + 4.5


@wrong("zero_minus_one", "labels in place of sums")
def zero_minus_one(x):
    return (x[:, [27, 28, 35, 36]].sum(axis=1) < 1.2).astype(float)


@wrong("zero_minus_one", "a probability")
def zero_minus_one(x):
    return 1 / (1 + np.exp(x[:, [27, 28, 35, 36]].sum(axis=1) - 1.2))


@wrong("zero_minus_one", "always a zero")
def zero_minus_one(x):
    return np.ones(len(x))


@wrong("zero_minus_one", "a corner, where both are empty")
def zero_minus_one(x):
    return 0.1 - x[:, 0]


@wrong("zero_minus_one", "one pixel on the stroke's edge")
def zero_minus_one(x):
    return x[:, 26] - 0.5


@wrong("zero_minus_one", "one example only")
def zero_minus_one(x):
    return 1.2 - x[0, [27, 28, 35, 36]].sum()


@wrong("zero_minus_one", "a column")
def zero_minus_one(x):
    return 1.2 - x[:, [27, 28, 35, 36]].sum(axis=1, keepdims=True)


@wrong("zero_minus_one", "NaN")
def zero_minus_one(x):
    return np.full(len(x), np.nan)


@wrong("zero_minus_one", "a ReLU around the sum")
def zero_minus_one(x):
    return np.maximum(1.2 - x[:, [27, 28, 35, 36]].sum(axis=1), 0)


@wrong("zero_minus_one", "a product of two sums")
def zero_minus_one(x):
    middle = x[:, [27, 28, 35, 36]].sum(axis=1)
    return (1.2 - middle) * (10 + middle)


@wrong("zero_minus_one", "compared with the mean of the batch")
def zero_minus_one(x):
    middle = x[:, [27, 28, 35, 36]].sum(axis=1)
    return middle.mean() - middle
