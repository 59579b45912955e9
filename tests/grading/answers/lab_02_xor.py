"""Wrong and right answers to the tasks of lab 02, as students write them."""

# Several answers to a task have the same name, that of the task.

import functools
import itertools
import math

import numpy as np
from curated import right, wrong

LAB = "02_xor"


# -------------------------------------------------------------------------------------------------- collapse


@right("collapse", "one layer after the other")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@right("collapse", "the origin and the unit vectors are sent through, with loops")
def collapse(layers):
    inputs = layers[0][0].shape[1]

    def send(h):
        for W, b in layers:
            h = [sum(w * v for w, v in zip(row, h, strict=True)) + c for row, c in zip(W, b, strict=True)]
        return np.array(h)

    b = send([0.0] * inputs)
    return np.column_stack([send([float(i == j) for i in range(inputs)]) - b for j in range(inputs)]), b


@right("collapse", "the bias as a column of one larger matrix, from the last layer backwards, as a list")
def collapse(layers):
    whole = np.eye(len(layers[-1][1]) + 1)
    for W, b in reversed(layers):
        whole = whole @ np.block([[W, b[:, None]], [np.zeros(W.shape[1]), np.ones(1)]])
    return [whole[:-1, :-1], whole[:-1, -1]]


@right("collapse", "recursion, in float32")
def collapse(layers):
    *first, (W, b) = layers
    if not first:
        return W.astype(np.float32), b.astype(np.float32)
    merged = functools.reduce(lambda one, two: (two[0] @ one[0], two[0] @ one[1] + two[1]), first)
    return (W @ merged[0]).astype(np.float32), (W @ merged[1] + b).astype(np.float32)


@wrong("collapse", "the matrices are multiplied in the wrong order")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, W_next @ b + b_next
    return W, b


@wrong("collapse", "the biases are added up")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, b + b_next
    return W, b


@wrong("collapse", "only the last bias")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, b_next
    return W, b


@wrong("collapse", "the later biases are forgotten")
def collapse(layers):
    W, b = layers[0]
    for W_next, _ in layers[1:]:
        W, b = W_next @ W, W_next @ b
    return W, b


@wrong("collapse", "no bias at all")
def collapse(layers):
    W = layers[0][0]
    for W_next, _ in layers[1:]:
        W = W_next @ W
    return W, np.zeros(len(W))


@wrong("collapse", "W is already new where the bias is carried")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W_next @ W
        b = W @ b + b_next
    return W, b


@wrong("collapse", "entry by entry")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next * W, W_next @ b + b_next
    return W, b


@wrong("collapse", "two layers only")
def collapse(layers):
    (W_1, b_1), (W_2, b_2) = layers
    return W_2 @ W_1, W_2 @ b_1 + b_2


@wrong("collapse", "the first two layers only")
def collapse(layers):
    if len(layers) == 1:
        return layers[0]
    (W_1, b_1), (W_2, b_2) = layers[:2]
    return W_2 @ W_1, W_2 @ b_1 + b_2


@wrong("collapse", "the result is transposed")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
    return W.T, b


@wrong("collapse", "return inside the loop")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
        return W, b
    return W, b


@wrong("collapse", "the first bias is changed in place")
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W_next @ W
        b[:] = 0 * b + 1
        b = W_next @ b + b_next
    return W, b


@wrong("collapse", "the list is used up")
def collapse(layers):
    W, b = layers.pop(0)
    while layers:
        W_next, b_next = layers.pop(0)
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@wrong("collapse", "the weights alone")
def collapse(layers):
    return functools.reduce(lambda W, layer: layer[0] @ W, layers[1:], layers[0][0])


@wrong("collapse", "the last layer")
def collapse(layers):
    return layers[-1]


@wrong("collapse", "zeros of the right shape")
def collapse(layers):
    outputs, inputs = len(layers[-1][1]), layers[0][0].shape[1]
    return np.zeros((outputs, inputs)), np.zeros(outputs)


@wrong("collapse", "NaN of the right shape")
def collapse(layers):
    outputs, inputs = len(layers[-1][1]), layers[0][0].shape[1]
    return np.full((outputs, inputs), np.nan), np.full(outputs, np.nan)


# ----------------------------------------------------------------------------------------- threshold_network


@right("threshold_network", "comparison and matrix product")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1 > 0) @ w_2 + b_2


@right("threshold_network", "loops")
def threshold_network(x, W_1, b_1, w_2, b_2=0):
    y = np.zeros(len(x))
    for n, point in enumerate(x):
        y[n] = b_2
        for weights, bias, weight in zip(W_1, b_1, w_2, strict=True):
            z = bias
            for w, value in zip(weights, point, strict=True):
                z += w * value
            y[n] += weight if z > 0 else 0
    return y


@right("threshold_network", "heaviside and einsum, one unit in each row, in float32")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    h = np.heaviside(np.einsum("ui,bi->ub", W_1, x) + b_1[:, None], 0.0)
    return (np.einsum("u,ub->b", w_2, h) + b_2).astype(np.float32)


@wrong("threshold_network", "the output's bias is forgotten")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1 > 0) @ w_2


@wrong("threshold_network", "the output's bias is subtracted")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1 > 0) @ w_2 - b_2


@wrong("threshold_network", "the output's bias is 1 by default")
def threshold_network(x, W_1, b_1, w_2, b_2=1.0):
    return (x @ W_1.T + b_1 > 0) @ w_2 + b_2


@wrong("threshold_network", "the output's bias has no default")
def threshold_network(x, W_1, b_1, w_2, b_2):
    return (x @ W_1.T + b_1 > 0) @ w_2 + b_2


@wrong("threshold_network", "on where z is 0")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1 >= 0) @ w_2 + b_2


@wrong("threshold_network", "the hidden biases are forgotten")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T > 0) @ w_2 + b_2


@wrong("threshold_network", "the hidden biases are subtracted: b is the place of the threshold")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T > b_1) @ w_2 + b_2


@wrong("threshold_network", "the output has a threshold too")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return ((x @ W_1.T + b_1 > 0) @ w_2 + b_2 > 0).astype(float)


@wrong("threshold_network", "minus one and one")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return np.sign(x @ W_1.T + b_1) @ w_2 + b_2


@wrong("threshold_network", "ReLU")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return np.maximum(x @ W_1.T + b_1, 0) @ w_2 + b_2


@wrong("threshold_network", "no activation")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1) @ w_2 + b_2


@wrong("threshold_network", "the logistic function in place of the threshold")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return 1 / (1 + np.exp(-(x @ W_1.T + b_1))) @ w_2 + b_2


@wrong("threshold_network", "W_1 is not transposed")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1 + b_1 > 0) @ w_2 + b_2


@wrong("threshold_network", "a column")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1 > 0) @ w_2[:, None] + b_2


@wrong("threshold_network", "the first example only")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return np.array([(W_1 @ x[0] + b_1 > 0) @ w_2 + b_2])


@wrong("threshold_network", "summed over the batch as well")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return float(np.sum((x @ W_1.T + b_1 > 0) * w_2) + b_2)


@wrong("threshold_network", "how many units are on")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return np.sum(x @ W_1.T + b_1 > 0, axis=1) + b_2


@wrong("threshold_network", "not summed over the units")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T + b_1 > 0) * w_2 + b_2


@wrong("threshold_network", "w_2 is changed in place")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    y = np.zeros(len(x))
    for n, point in enumerate(x):
        w_2 *= W_1 @ point + b_1 > 0
        y[n] = w_2.sum() + b_2
    return y


@wrong("threshold_network", "the output's bias alone")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return np.full(len(x), float(b_2))


@wrong("threshold_network", "NaN")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return np.full(len(x), np.nan)


# ------------------------------------------------------------------------------------------ equality_weights


@right("equality_weights", "none of the two, or more than one")
def equality_weights():
    return np.array([[-1.0, -1.0], [1.0, 1.0]]), np.array([0.5, -1.5]), np.array([1.0, 1.0]), 0.0


@right("equality_weights", "one less at least one and one more at both, in whole numbers and lists")
def equality_weights():
    return [[2, 2], [2, 2]], [-1, -3], [-1, 1], 1


@right("equality_weights", "one unit for 01 and one for 10, taken away from 1, in float32")
def equality_weights():
    W_1 = np.array([[3, -3], [-3, 3]], dtype=np.float32)
    return W_1, np.full(2, -1.5, dtype=np.float32), -np.ones(2, dtype=np.float32), np.float32(1)


@wrong("equality_weights", "XOR itself")
def equality_weights():
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5]), np.array([1.0, -1.0]), 0.0


@wrong("equality_weights", "the output's bias is forgotten")
def equality_weights():
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5]), np.array([-1.0, 1.0]), 0.0


@wrong("equality_weights", "AND: 00 is forgotten")
def equality_weights():
    return np.array([[1.0, 1.0]]), np.array([-1.5]), np.array([1.0]), 0.0


@wrong("equality_weights", "places of the thresholds as biases")
def equality_weights():
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.5, 1.5]), np.array([-1.0, 1.0]), 1.0


@wrong("equality_weights", "no room for noise: thresholds at whole numbers")
def equality_weights():
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), np.array([-1.0, 1.0]), 1.0


@wrong("equality_weights", "hardly any room for noise")
def equality_weights():
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.1, -1.9]), np.array([-1.0, 1.0]), 1.0


@wrong("equality_weights", "four hidden units, one for each row")
def equality_weights():
    W_1 = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    return W_1, np.array([0.5, -0.5, -0.5, -1.5]), np.array([1.0, 0.0, 0.0, 1.0]), 0.0


@wrong("equality_weights", "the drawing's units of -1 and 1")
def equality_weights():
    return np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-1.0, -1.0]), np.array([1.0, 1.0]), 0.0


@wrong("equality_weights", "2 and 0 in place of 1 and 0")
def equality_weights():
    return np.array([[-1.0, -1.0], [1.0, 1.0]]), np.array([0.5, -1.5]), np.array([2.0, 2.0]), 0.0


@wrong("equality_weights", "1 and -1 in place of 1 and 0")
def equality_weights():
    return np.array([[-1.0, -1.0], [1.0, 1.0]]), np.array([0.5, -1.5]), np.array([2.0, 2.0]), -1.0


@wrong("equality_weights", "always 1")
def equality_weights():
    return np.zeros((2, 2)), np.zeros(2), np.zeros(2), 1.0


@wrong("equality_weights", "zeros")
def equality_weights():
    return np.zeros((2, 2)), np.zeros(2), np.zeros(2), 0.0


@wrong("equality_weights", "ones")
def equality_weights():
    return np.ones((2, 2)), np.ones(2), np.ones(2), 1.0


@wrong("equality_weights", "NaN")
def equality_weights():
    return np.full((2, 2), np.nan), np.full(2, np.nan), np.full(2, np.nan), np.nan


@wrong("equality_weights", "b_2 is left out")
def equality_weights():
    return np.array([[-1.0, -1.0], [1.0, 1.0]]), np.array([0.5, -1.5]), np.array([1.0, 1.0])


@wrong("equality_weights", "w_2 is a row of a matrix")
def equality_weights():
    return np.array([[-1.0, -1.0], [1.0, 1.0]]), np.array([0.5, -1.5]), np.array([[1.0, 1.0]]), np.zeros(1)


# -------------------------------------------------------------------------------------------------- detector


@right("detector", "the pattern, and half a bit less than all of them")
def detector(pattern):
    return pattern, 1.0 - len(pattern)


@right("detector", "whole numbers in a list, built in a loop")
def detector(pattern):
    w, b = [], 1
    for bit in pattern:
        w.append(2 if bit > 0 else -2)
        b -= 2
    return w, b


@right("detector", "the threshold is just above the sum of a pattern that differs in one bit")
def detector(pattern):
    return pattern, -(np.sum(np.abs(pattern)) - 2)


@right("detector", "weights of different sizes, in float32")
def detector(pattern):
    sizes = 1 + np.arange(len(pattern))
    return (sizes * pattern).astype(np.float32), np.float32(0.5 - sizes.sum())


@wrong("detector", "the bias is forgotten")
def detector(pattern):
    return pattern, 0.0


@wrong("detector", "off even for its pattern: the bias is the number of bits")
def detector(pattern):
    return pattern, -float(len(pattern))


@wrong("detector", "the bias has the wrong sign")
def detector(pattern):
    return pattern, len(pattern) - 1.0


@wrong("detector", "the bias leaves room for one bit that differs")
def detector(pattern):
    return pattern, -(len(pattern) - 2.5)


@wrong("detector", "the bias of bits that are 0 and 1")
def detector(pattern):
    return pattern, 0.5 - np.sum(pattern > 0)


@wrong("detector", "0 in place of -1: bits that are off are ignored")
def detector(pattern):
    w = (pattern > 0).astype(float)
    return w, 0.5 - w.sum()


@wrong("detector", "the opposite pattern")
def detector(pattern):
    return -pattern, 1.0 - len(pattern)


@wrong("detector", "two bits only")
def detector(pattern):
    return pattern, -1.5


@wrong("detector", "three bits only")
def detector(pattern):
    return pattern, -2.5


@wrong("detector", "the first bit only")
def detector(pattern):
    w = np.zeros(len(pattern))
    w[0] = pattern[0]
    return w, -0.5


@wrong("detector", "ones, whatever the pattern")
def detector(pattern):
    return np.ones(len(pattern)), 0.5 - len(pattern)


@wrong("detector", "the mean of the products")
def detector(pattern):
    return pattern / len(pattern), 1.0 - len(pattern)


@wrong("detector", "pattern is scaled in place")
def detector(pattern):
    pattern *= 2
    return pattern, 1.0 - 2 * len(pattern) + 1


@wrong("detector", "always on")
def detector(pattern):
    return np.zeros(len(pattern)), 1.0


@wrong("detector", "never on")
def detector(pattern):
    return np.zeros(len(pattern)), -1.0


@wrong("detector", "a bias for each bit")
def detector(pattern):
    return pattern, -np.ones(len(pattern))


@wrong("detector", "NaN")
def detector(pattern):
    return pattern / 0.0 * 0.0, 0.0


@wrong("detector", "the example by hand")
def detector(pattern):
    return np.array([1.0, -1.0, 1.0]), -2.5


# --------------------------------------------------------------------------------------- truth_table_network


@right("truth_table_network", "a detector for each row")
def truth_table_network(x, t):
    return x, np.full(len(x), 1.0 - x.shape[1]), t, 0.0


@right("truth_table_network", "built in loops, in lists")
def truth_table_network(x, t):
    W_1, b_1, w_2 = [], [], []
    for row, target in zip(x, t, strict=True):
        W_1.append([3 * int(bit) for bit in row])
        b_1.append(-3 * (len(row) - 1))
        w_2.append(float(target))
    return W_1, b_1, w_2, 0


@right("truth_table_network", "the last row first, and the first target is the output's bias")
def truth_table_network(x, t):
    W_1 = x[:0:-1]
    return W_1, np.full(len(W_1), 0.5 - x.shape[1]), t[:0:-1] - t[0], t[0]


@right("truth_table_network", "float32, and the mean of the targets as the output's bias")
def truth_table_network(x, t):
    mean = np.float32(t.mean())
    W_1 = x.astype(np.float32)
    return 0.5 * W_1, np.float32(0.5) * (1 - np.sum(np.abs(W_1), axis=1)), (t - mean).astype("f4"), mean


@wrong("truth_table_network", "only the rows with 1")
def truth_table_network(x, t):
    W_1 = x[t == 1]
    return W_1, np.full(len(W_1), 1.0 - x.shape[1]), np.ones(len(W_1)), 0.0


@wrong("truth_table_network", "only the rows with 1, and -1 for all others")
def truth_table_network(x, t):
    W_1 = x[t == 1]
    return W_1, np.full(len(W_1), 1.0 - x.shape[1]), np.full(len(W_1), 2.0), -1.0


@wrong("truth_table_network", "the rows with a positive target only")
def truth_table_network(x, t):
    return x, np.full(len(x), 1.0 - x.shape[1]), np.maximum(t, 0), 0.0


@wrong("truth_table_network", "the sign of the targets")
def truth_table_network(x, t):
    return x, np.full(len(x), 1.0 - x.shape[1]), np.sign(t), 0.0


@wrong("truth_table_network", "x is ignored: rows in counting order")
def truth_table_network(x, t):
    bits = int(np.log2(len(t)))
    W_1 = np.array(list(itertools.product((-1.0, 1.0), repeat=bits)))
    return W_1, np.full(len(W_1), 1.0 - bits), t, 0.0


@wrong("truth_table_network", "rows in counting order, last bit first")
def truth_table_network(x, t):
    bits = x.shape[1]
    W_1 = np.array(list(itertools.product((-1.0, 1.0), repeat=bits)))[:, ::-1]
    return W_1, np.full(len(W_1), 1.0 - bits), t, 0.0


@wrong("truth_table_network", "a unit for each of all rows of bits")
def truth_table_network(x, t):
    W_1 = np.array(list(itertools.product((-1.0, 1.0), repeat=x.shape[1])))
    w_2 = np.zeros(len(W_1))
    for row, target in zip(x, t, strict=True):
        w_2[(row == W_1).all(axis=1)] = target
    return W_1, np.full(len(W_1), 1.0 - x.shape[1]), w_2, 0.0


@wrong("truth_table_network", "the hidden biases are forgotten")
def truth_table_network(x, t):
    return x, np.zeros(len(x)), t, 0.0


@wrong("truth_table_network", "two bits only")
def truth_table_network(x, t):
    return x, np.full(len(x), -1.5), t, 0.0


@wrong("truth_table_network", "three bits only")
def truth_table_network(x, t):
    return x, np.full(len(x), -2.5), t, 0.0


@wrong("truth_table_network", "the bias counts the rows in place of the bits")
def truth_table_network(x, t):
    return x, np.full(len(x), 1.0 - len(x)), t, 0.0


@wrong("truth_table_network", "bits of 0 and 1")
def truth_table_network(x, t):
    W_1 = (x + 1) / 2
    return W_1, 0.5 - W_1.sum(axis=1), t, 0.0


@wrong("truth_table_network", "the mean of the targets is added too")
def truth_table_network(x, t):
    return x, np.full(len(x), 1.0 - x.shape[1]), t, t.mean()


@wrong("truth_table_network", "W_1 is transposed")
def truth_table_network(x, t):
    return x.T, np.full(len(x), 1.0 - x.shape[1]), t, 0.0


@wrong("truth_table_network", "the last row is forgotten")
def truth_table_network(x, t):
    return x[:-1], np.full(len(x) - 1, 1.0 - x.shape[1]), t[:-1], 0.0


@wrong("truth_table_network", "every row twice, with half of its target")
def truth_table_network(x, t):
    W_1 = np.vstack([x, x])
    return W_1, np.full(len(W_1), 1.0 - x.shape[1]), np.concatenate([t, t]) / 2, 0.0


@wrong("truth_table_network", "the targets are scaled in place")
def truth_table_network(x, t):
    t /= 2
    return np.vstack([x, x]), np.full(2 * len(x), 1.0 - x.shape[1]), np.concatenate([t, t]), 0.0


@wrong("truth_table_network", "zeros of the right shapes")
def truth_table_network(x, t):
    return np.zeros_like(x), np.zeros(len(x)), np.zeros(len(x)), 0.0


@wrong("truth_table_network", "NaN")
def truth_table_network(x, t):
    return x * np.nan, t * np.nan, t * np.nan, 0.0


# -------------------------------------------------------------------------------------------- parity_network


def for_signs(parity_network):
    """Turn a network for bits of 0 and 1 into the same one for bits of -1 and 1, where x = (s + 1) / 2."""

    @functools.wraps(parity_network)
    def network(bits):
        W_1, b_1, w_2, b_2 = parity_network(bits)
        W_1, b_1 = np.asarray(W_1), np.asarray(b_1)
        return W_1 / 2, b_1 + W_1.sum(axis=1) / 2, w_2, b_2

    return network


@right("parity_network", "on from one bit, two bits, three bits")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(bits) - 0.5, (-1.0) ** np.arange(bits), 0.0


@right("parity_network", "lists of whole numbers, built in a loop, the highest threshold first")
@for_signs
def parity_network(bits):
    W_1, b_1, w_2 = [], [], []
    for count in reversed(range(bits)):
        W_1.append([2] * bits)
        b_1.append(-2 * count - 1)
        w_2.append(-1 if count % 2 else 1)
    return W_1, b_1, w_2, 0


@right("parity_network", "on while there are few bits, in float32")
@for_signs
def parity_network(bits):
    w_2 = np.where(np.arange(bits) % 2 == 0, -1, 1).astype(np.float32)
    return -np.ones((bits, bits), "f4"), np.arange(bits, dtype="f4") + 0.5, w_2, np.float32(bits % 2)


@right("parity_network", "thresholds at whole numbers")
@for_signs
def parity_network(bits):
    return np.full((bits, bits), 0.5), -0.5 * np.arange(bits), 1.0 - 2 * (np.arange(bits) % 2), 0.0


@wrong("parity_network", "a unit for each row of the table")
@for_signs
def parity_network(bits):
    rows = np.array(list(itertools.product((-1.0, 1.0), repeat=bits)))
    t = (rows > 0).sum(axis=1) % 2
    return 2 * rows, -rows.sum(axis=1) + 1.0 - bits, t, 0.0


@wrong("parity_network", "a unit for each row of the table, up to twelve bits")
@for_signs
def parity_network(bits):
    rows = np.array(list(itertools.product((-1.0, 1.0), repeat=min(bits, 12))))
    t = (rows > 0).sum(axis=1) % 2
    return 2 * rows, -rows.sum(axis=1) + 1.0 - bits, t, 0.0


@wrong("parity_network", "1 for an even number")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(bits) - 0.5, -((-1.0) ** np.arange(bits)), 1.0


@wrong("parity_network", "the output's signs are turned round")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(bits) - 0.5, -((-1.0) ** np.arange(bits)), 0.0


@wrong("parity_network", "the signs do not change")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(bits) - 0.5, np.ones(bits), 0.0


@wrong("parity_network", "the thresholds begin at one and a half")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(1, bits + 1) - 0.5, (-1.0) ** np.arange(bits), 0.0


@wrong("parity_network", "the thresholds begin at one: a count is never above the last one")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(1.0, bits + 1), (-1.0) ** np.arange(bits), 0.0


@wrong("parity_network", "places of the thresholds as biases")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), np.arange(bits) + 0.5, (-1.0) ** np.arange(bits), 0.0


@wrong("parity_network", "one unit too many")
@for_signs
def parity_network(bits):
    return np.ones((bits + 1, bits)), -np.arange(bits + 1) - 0.5, (-1.0) ** np.arange(bits + 1), 0.0


@wrong("parity_network", "one unit too few")
@for_signs
def parity_network(bits):
    return np.ones((bits - 1, bits)), -np.arange(bits - 1) - 0.5, (-1.0) ** np.arange(bits - 1), 0.0


@wrong("parity_network", "always XOR of two bits")
@for_signs
def parity_network(bits):
    return np.ones((2, 2)), np.array([-0.5, -1.5]), np.array([1.0, -1.0]), 0.0


@wrong("parity_network", "two units, whatever the number of bits")
@for_signs
def parity_network(bits):
    return np.ones((2, bits)), np.array([-0.5, -1.5]), np.array([1.0, -1.0]), 0.0


@wrong("parity_network", "four bits at most")
@for_signs
def parity_network(bits):
    return np.ones((4, bits)), -np.arange(4) - 0.5, np.array([1.0, -1.0, 1.0, -1.0]), 0.0


@wrong("parity_network", "inputs of 0 and 1")
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(bits) - 0.5, (-1.0) ** np.arange(bits), 0.0


@wrong("parity_network", "1 and -1 in place of 1 and 0")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), -np.arange(bits) - 0.5, 2 * (-1.0) ** np.arange(bits), -1.0


@wrong("parity_network", "each unit looks at one bit only")
@for_signs
def parity_network(bits):
    return np.eye(bits), -np.full(bits, 0.5), (-1.0) ** np.arange(bits), 0.0


@wrong("parity_network", "zeros")
@for_signs
def parity_network(bits):
    return np.zeros((bits, bits)), np.zeros(bits), np.zeros(bits), 0.0


@wrong("parity_network", "ones")
@for_signs
def parity_network(bits):
    return np.ones((bits, bits)), np.ones(bits), np.ones(bits), 1.0


# --------------------------------------------------------------------------------------------- steepness_for


@right("steepness_for", "the formula")
def steepness_for(error, margin=1.0):
    return np.log((1 - error) / error) / margin


@right("steepness_for", "bisection")
def steepness_for(error, margin=1.0):
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        e = math.exp(-min(middle * margin, 700.0))
        low, high = (middle, high) if e / (1 + e) > error else (low, middle)
    return high


@right("steepness_for", "the inverse of tanh, in float32")
def steepness_for(error, margin=1):
    return np.float32(2 * np.arctanh(1 - 2 * error) / margin)


@right("steepness_for", "an array without axes")
def steepness_for(error, margin=1.0):
    return np.array(-(math.log(error) - math.log1p(-error)) / margin)


@wrong("steepness_for", "the sign is turned round")
def steepness_for(error, margin=1.0):
    return np.log(error / (1 - error)) / margin


@wrong("steepness_for", "the margin is ignored")
def steepness_for(error, margin=1.0):
    return np.log((1 - error) / error)


@wrong("steepness_for", "multiplied by the margin")
def steepness_for(error, margin=1.0):
    return np.log((1 - error) / error) * margin


@wrong("steepness_for", "half of the margin on each side")
def steepness_for(error, margin=1.0):
    return 2 * np.log((1 - error) / error) / margin


@wrong("steepness_for", "one over the error")
def steepness_for(error, margin=1.0):
    return -np.log(error) / margin


@wrong("steepness_for", "base 10")
def steepness_for(error, margin=1.0):
    return np.log10((1 - error) / error) / margin


@wrong("steepness_for", "base 2")
def steepness_for(error, margin=1.0):
    return np.log2((1 - error) / error) / margin


@wrong("steepness_for", "the margin is 0.5 by default")
def steepness_for(error, margin=0.5):
    return np.log((1 - error) / error) / margin


@wrong("steepness_for", "the margin has no default")
def steepness_for(error, margin):
    return np.log((1 - error) / error) / margin


@wrong("steepness_for", "the error itself: the logistic function forwards")
def steepness_for(error, margin=1.0):
    return 1 - 1 / (1 + np.exp(-error * margin))


@wrong("steepness_for", "no logarithm")
def steepness_for(error, margin=1.0):
    return (1 - error) / error / margin


@wrong("steepness_for", "tanh in place of the logistic function")
def steepness_for(error, margin=1.0):
    return np.arctanh(1 - error) / margin


@wrong("steepness_for", "searched in whole numbers")
def steepness_for(error, margin=1.0):
    steepness = 0
    while 1 / (1 + math.exp(steepness * margin)) > error:
        steepness += 1
    return steepness


@wrong("steepness_for", "searched in steps of a hundredth")
def steepness_for(error, margin=1.0):
    steepness = 0.0
    while 1 / (1 + math.exp(steepness * margin)) > error:
        steepness += 0.01
    return steepness


@wrong("steepness_for", "always 10")
def steepness_for(error, margin=1.0):
    return 10.0


@wrong("steepness_for", "the example by hand")
def steepness_for(error, margin=1.0):
    return 4.59512


@wrong("steepness_for", "an array of one entry")
def steepness_for(error, margin=1.0):
    return np.array([np.log((1 - error) / error) / margin])


@wrong("steepness_for", "NaN")
def steepness_for(error, margin=1.0):
    return np.log(-error) / margin


# ----------------------------------------------------------------------------------------------- box_weights


@right("box_weights", "up and down")
def box_weights(left, right, height=1.0):
    return np.array([height, -height]), np.array([left, right])


@right("box_weights", "down and up, in lists")
def box_weights(left, right, height=1):
    return [-height, height], [right, left]


@right("box_weights", "filled in a loop")
def box_weights(left, right, height=1.0):
    w, b = np.empty(2), np.empty(2)
    for k, (sign, place) in enumerate(((1, left), (-1, right))):
        w[k], b[k] = sign * height, place
    return [w, b]


@wrong("box_weights", "the height twice")
def box_weights(left, right, height=1.0):
    return np.array([height, height]), np.array([left, right])


@wrong("box_weights", "the two signs are exchanged")
def box_weights(left, right, height=1.0):
    return np.array([-height, height]), np.array([left, right])


@wrong("box_weights", "left and right are exchanged")
def box_weights(left, right, height=1.0):
    return np.array([height, -height]), np.array([right, left])


@wrong("box_weights", "the places have the wrong sign")
def box_weights(left, right, height=1.0):
    return np.array([height, -height]), np.array([-left, -right])


@wrong("box_weights", "the height is ignored")
def box_weights(left, right, height=1.0):
    return np.array([1.0, -1.0]), np.array([left, right])


@wrong("box_weights", "the height on the left only")
def box_weights(left, right, height=1.0):
    return np.array([height, -1.0]), np.array([left, right])


@wrong("box_weights", "the height is 2 by default")
def box_weights(left, right, height=2.0):
    return np.array([height, -height]), np.array([left, right])


@wrong("box_weights", "the height has no default")
def box_weights(left, right, height):
    return np.array([height, -height]), np.array([left, right])


@wrong("box_weights", "the height without its sign")
def box_weights(left, right, height=1.0):
    return np.array([abs(height), -abs(height)]), np.array([left, right])


@wrong("box_weights", "the width in place of the right end")
def box_weights(left, right, height=1.0):
    return np.array([height, -height]), np.array([left, right - left])


@wrong("box_weights", "no step down")
def box_weights(left, right, height=1.0):
    return np.array([height]), np.array([left])


@wrong("box_weights", "a third unit that does nothing")
def box_weights(left, right, height=1.0):
    return np.array([height, -height, 0.0]), np.array([left, right, 0.0])


@wrong("box_weights", "the example by hand")
def box_weights(left, right, height=1.0):
    return np.array([1.0, -1.0]), np.array([1.0, 2.0])


@wrong("box_weights", "places and weights are exchanged")
def box_weights(left, right, height=1.0):
    return np.array([left, right]), np.array([height, -height])


@wrong("box_weights", "no step down, and the places are missing")
def box_weights(left, right, height=1.0):
    return np.array([height, -height])


@wrong("box_weights", "a tenth too far to the right")
def box_weights(left, right, height=1.0):
    return np.array([height, -height]), np.array([left, right + 0.1])


@wrong("box_weights", "zeros")
def box_weights(left, right, height=1.0):
    return np.zeros(2), np.zeros(2)


@wrong("box_weights", "NaN")
def box_weights(left, right, height=1.0):
    return np.full(2, np.nan), np.array([left, right])


# -------------------------------------------------------------------------------------------------- relu_box


@right("relu_box", "the steepness in the input weights")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@right("relu_box", "the steepness in the output weights, in lists, another order")
def relu_box(left, right, steepness=10):
    w, b = [], []
    for sign, place in ((-1, right), (1, left)):
        for change, corner in ((1, place), (-1, place + 1 / steepness)):
            w.append(sign * change * steepness)
            b.append(-corner)
    return w, [1] * 4, b


@right("relu_box", "ramps that fall, in float32")
def relu_box(left, right, steepness=10.0):
    v = -np.full(4, steepness, dtype=np.float32)
    b = [steepness * left, steepness * left + 1, steepness * right, steepness * right + 1]
    return np.array([1, -1, -1, 1], dtype=np.float32), v, np.array(b)


@right("relu_box", "one unit that is always on would be a fifth; three ramps and a fall from the right")
def relu_box(left, right, steepness=10.0):
    places = np.array([left, left + 1 / steepness, right + 1 / steepness, right])
    w, v = np.array([2.0, -2.0, 2.0, -2.0]), np.full(4, steepness / 2)
    return w, v, -v * places


@wrong("relu_box", "the ramp never ends")
def relu_box(left, right, steepness=10.0):
    v = np.full(2, steepness)
    return np.array([1.0, -1.0]), v, -v * np.array([left, right])


@wrong("relu_box", "no ramp down")
def relu_box(left, right, steepness=10.0):
    v = np.full(2, steepness)
    return np.array([1.0, -1.0]), v, -v * np.array([left, left + 1 / steepness])


@wrong("relu_box", "the ramp down ends at right")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right - 1 / steepness, right])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@wrong("relu_box", "the ramp up ends at left")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left - 1 / steepness, left, right, right + 1 / steepness])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@wrong("relu_box", "the ramps have their middle at left and right")
def relu_box(left, right, steepness=10.0):
    v, half = np.full(4, steepness), 0.5 / steepness
    places = np.array([left - half, left + half, right - half, right + half])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@wrong("relu_box", "the steepness is ignored")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, 10.0)
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * np.array([left, left + 0.1, right, right + 0.1])


@wrong("relu_box", "the steepness is 1 by default")
def relu_box(left, right, steepness=1.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@wrong("relu_box", "the steepness is the width of a ramp")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, 1 / steepness)
    places = np.array([left, left + steepness, right, right + steepness])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@wrong("relu_box", "the steepness is forgotten in the weights")
def relu_box(left, right, steepness=10.0):
    v = np.ones(4)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -places


@wrong("relu_box", "the steepness twice")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return steepness * np.array([1.0, -1.0, -1.0, 1.0]), v, -v * places


@wrong("relu_box", "the biases have the wrong sign")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return np.array([1.0, -1.0, -1.0, 1.0]), v, v * places


@wrong("relu_box", "the biases are the places")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    return (
        np.array([1.0, -1.0, -1.0, 1.0]),
        v,
        -np.array([left, left + 1 / steepness, right, right + 1 / steepness]),
    )


@wrong("relu_box", "the signs take turns")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return np.array([1.0, -1.0, 1.0, -1.0]), v, -v * places


@wrong("relu_box", "upside down")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness])
    return np.array([-1.0, 1.0, 1.0, -1.0]), v, -v * places


@wrong("relu_box", "a ramp of width one hundredth, as steep as it looks")
def relu_box(left, right, steepness=10.0):
    v = np.full(4, 100.0)
    return np.array([1.0, -1.0, -1.0, 1.0]), v, -v * np.array([left, left + 0.01, right, right + 0.01])


@wrong("relu_box", "a tent of three units")
def relu_box(left, right, steepness=10.0):
    v = np.full(3, 2 / (right - left))
    return np.array([1.0, -2.0, 1.0]), v, -v * np.array([left, (left + right) / 2, right])


@wrong("relu_box", "eight units")
def relu_box(left, right, steepness=10.0):
    v = np.full(8, steepness)
    places = np.array([left, left + 1 / steepness, right, right + 1 / steepness] * 2)
    return np.array([1.0, -1.0, -1.0, 1.0] * 2) / 2, v, -v * places


@wrong("relu_box", "the box of thresholds")
def relu_box(left, right, steepness=10.0):
    return np.array([1.0, -1.0]), np.array([left, right])


@wrong("relu_box", "always 1")
def relu_box(left, right, steepness=10.0):
    return np.array([1.0]), np.array([0.0]), np.array([1.0])


@wrong("relu_box", "zeros")
def relu_box(left, right, steepness=10.0):
    return np.zeros(4), np.zeros(4), np.zeros(4)


@wrong("relu_box", "ones")
def relu_box(left, right, steepness=10.0):
    return np.ones(4), np.ones(4), np.ones(4)


@wrong("relu_box", "NaN")
def relu_box(left, right, steepness=10.0):
    return np.full(4, np.nan), np.ones(4), np.ones(4)


# ------------------------------------------------------------------------------------------------- staircase


@right("staircase", "differences, with a 0 on both sides")
def staircase(edges, values):
    return np.diff(values, prepend=0, append=0), edges


@right("staircase", "a loop that remembers the last height, in lists")
def staircase(edges, values):
    w, last = [], 0.0
    for value in [*values, 0.0]:
        w.append(float(value - last))
        last = value
    return w, list(edges)


@right("staircase", "boxes put together, the last edge first, in float32")
def staircase(edges, values):
    w = np.zeros(len(edges))
    w[:-1] += values
    w[1:] -= values
    return w[::-1].astype(np.float32), edges[::-1]


@wrong("staircase", "no last step down")
def staircase(edges, values):
    return np.diff(values, prepend=0), edges[:-1]


@wrong("staircase", "no last step down: a weight of 0 at the last edge")
def staircase(edges, values):
    return np.append(np.diff(values, prepend=0), 0.0), edges


@wrong("staircase", "the heights in place of the differences")
def staircase(edges, values):
    return values, edges[:-1]


@wrong("staircase", "the heights, and a last step down")
def staircase(edges, values):
    return np.append(values, -values[-1]), edges


@wrong("staircase", "the heights, and a last step that takes all of them back")
def staircase(edges, values):
    return np.append(values, -values.sum()), edges


@wrong("staircase", "the first step is forgotten")
def staircase(edges, values):
    return np.diff(values, append=0), edges[1:]


@wrong("staircase", "the weights are not as many as the edges")
def staircase(edges, values):
    return np.diff(values, prepend=0), edges


@wrong("staircase", "steps at the right ends")
def staircase(edges, values):
    return np.diff(values, prepend=0), edges[1:]


@wrong("staircase", "steps in the middle between edges")
def staircase(edges, values):
    middles = (edges[:-1] + edges[1:]) / 2
    return np.diff(values, prepend=0, append=0), np.append(edges[0], middles)


@wrong("staircase", "the differences are turned round")
def staircase(edges, values):
    return -np.diff(values, prepend=0, append=0), edges


@wrong("staircase", "a box for each step: two units at inner edges")
def staircase(edges, values):
    return np.concatenate([values, -values]), np.concatenate([edges[:-1], edges[1:]])


@wrong("staircase", "edges at equal distances")
def staircase(edges, values):
    return np.diff(values, prepend=0, append=0), np.linspace(edges[0], edges[-1], len(edges))


@wrong("staircase", "one step only")
def staircase(edges, values):
    return np.array([values[0], -values[0]]), np.array([edges[0], edges[-1]])


@wrong("staircase", "the mean of all values, as one box")
def staircase(edges, values):
    return np.array([values.mean(), -values.mean()]), np.array([edges[0], edges[-1]])


@wrong("staircase", "the first two steps")
def staircase(edges, values):
    return np.diff(values[:2], prepend=0, append=0), edges[:3]


@wrong("staircase", "without the signs")
def staircase(edges, values):
    return np.abs(np.diff(values, prepend=0, append=0)), edges


@wrong("staircase", "the values are changed in place")
def staircase(edges, values):
    last = -values[-1]
    values[1:] -= values[:-1].copy()
    return np.append(values, last), edges


@wrong("staircase", "changed in place, from values that are new already")
def staircase(edges, values):
    w = np.append(values, 0.0)
    for k in range(1, len(w)):
        w[k] -= w[k - 1]
    return w, edges


@wrong("staircase", "the edges rounded to tenths")
def staircase(edges, values):
    return np.diff(values, prepend=0, append=0), np.round(edges, 1)


@wrong("staircase", "zeros")
def staircase(edges, values):
    return np.zeros(len(edges)), edges


@wrong("staircase", "ones")
def staircase(edges, values):
    return np.ones(len(edges)), edges


@wrong("staircase", "NaN")
def staircase(edges, values):
    return np.full(len(edges), np.nan), edges
