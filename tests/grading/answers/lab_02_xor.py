"""Wrong and right answers to the tasks of lab 02, as students write them."""

# Several answers to a task have the same name, that of the task.

import functools
import itertools
import math

import numpy as np
from curated import right, wrong

LAB = "02_xor"


# -------------------------------------------------------------------------------------------------- collapse


@right("collapse", "a list that grows, and whose last layer is replaced")
def collapse(layers):
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        W_before, b_before, bends = merged[-1]
        if bends == "identity":
            merged[-1] = W @ W_before, W @ b_before + b, activation
        else:
            merged.append((W, b, activation))
    return merged


@right("collapse", "the layer in work is put down when it bends, in lists")
def collapse(layers):
    done, W, b = [], None, None
    for number, (W_next, b_next, activation) in enumerate(layers, 1):
        W, b = (W_next, b_next) if W is None else (W_next @ W, W_next @ b + b_next)
        if activation != "identity" or number == len(layers):
            done.append([W, b, activation])
            W = None
    return done


@right("collapse", "the bias as a column of one larger matrix, from the last layer backwards")
def collapse(layers):
    merged, whole, name = [], None, None
    for W, b, activation in reversed(layers):
        square = np.block([[W, b[:, None]], [np.zeros(W.shape[1]), np.ones(1)]])
        if whole is not None and activation == "identity":
            whole = whole @ square
            continue
        if whole is not None:
            merged.insert(0, (whole[:-1, :-1], whole[:-1, -1], name))
        whole, name = square, activation
    return ((whole[:-1, :-1], whole[:-1, -1], name), *merged)


@right("collapse", "recursion, in float32")
def collapse(layers):
    def merge(first, *others):
        if not others:
            return [first]
        if first[2] != "identity":
            return [first, *merge(*others)]
        (W, b, _), (W_next, b_next, name) = first, others[0]
        return merge((W_next @ W, W_next @ b + b_next, name), *others[1:])

    return [(W.astype(np.float32), b.astype(np.float32), name) for W, b, name in merge(*layers)]


def merge_with(layers, join, *, bends=("relu", "tanh"), keep=lambda names: names[-1]):
    """Merge as asked, with a join of two pairs (W, b) that may be wrong."""
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        *before, name = merged[-1]
        if name in bends:
            merged.append((W, b, activation))
        else:
            merged[-1] = (*join(before, (W, b)), keep((name, activation)))
    return merged


def join_rightly(before, after):
    return after[0] @ before[0], after[0] @ before[1] + after[1]


@wrong("collapse", "the matrices are multiplied in the wrong order")
def collapse(layers):
    return merge_with(layers, lambda one, two: (one[0] @ two[0], two[0] @ one[1] + two[1]))


@wrong("collapse", "the biases are added up")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0] @ one[0], one[1] + two[1]))


@wrong("collapse", "only the last bias")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0] @ one[0], two[1]))


@wrong("collapse", "the later biases are forgotten")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0] @ one[0], two[0] @ one[1]))


@wrong("collapse", "no bias at all")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0] @ one[0], 0 * two[1]))


@wrong("collapse", "W is already new where the bias is carried")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0] @ one[0], two[0] @ one[0] @ one[1] + two[1]))


@wrong("collapse", "entry by entry")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0] * one[0], two[0] @ one[1] + two[1]))


@wrong("collapse", "the weights of the last layer only")
def collapse(layers):
    return merge_with(layers, lambda one, two: (two[0], two[0] @ one[1] + two[1]))


@wrong("collapse", "everything becomes one layer, as in the lecture")
def collapse(layers):
    return merge_with(layers, join_rightly, bends=())


@wrong("collapse", "one layer, not in a list")
def collapse(layers):
    return merge_with(layers, join_rightly)[0]


@wrong("collapse", "one pair (W, b), as in the lecture")
def collapse(layers):
    return merge_with(layers, join_rightly, bends=())[0][:2]


@wrong("collapse", "tanh does not count as a bend")
def collapse(layers):
    return merge_with(layers, join_rightly, bends=("relu",))


@wrong("collapse", "relu does not count as a bend")
def collapse(layers):
    return merge_with(layers, join_rightly, bends=("tanh",))


@wrong("collapse", "a merged layer has its first layer's activation")
def collapse(layers):
    merged = merge_with(layers, join_rightly)
    begins = [0, *(k + 1 for k, layer in enumerate(layers[:-1]) if layer[2] != "identity")]
    return [(W, b, layers[begin][2]) for (W, b, _), begin in zip(merged, begins, strict=True)]


@wrong("collapse", "the first layer's activation, and so all is merged that follows an identity")
def collapse(layers):
    return merge_with(layers, join_rightly, keep=lambda names: names[0])


@wrong("collapse", "every merged layer is called relu")
def collapse(layers):
    return merge_with(layers, join_rightly, keep=lambda names: "relu" if names else "")


@wrong("collapse", "an identity layer is merged into the one before it")
def collapse(layers):
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        W_before, b_before, _ = merged[-1]
        if activation == "identity":
            merged[-1] = W @ W_before, W @ b_before + b, activation
        else:
            merged.append((W, b, activation))
    return merged


@wrong("collapse", "an identity layer is merged into the one before it, whose activation stays")
def collapse(layers):
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        W_before, b_before, name = merged[-1]
        if activation == "identity":
            merged[-1] = W @ W_before, W @ b_before + b, name
        else:
            merged.append((W, b, activation))
    return merged


@wrong("collapse", "only identity with identity is merged")
def collapse(layers):
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        W_before, b_before, name = merged[-1]
        if name == activation == "identity":
            merged[-1] = W @ W_before, W @ b_before + b, activation
        else:
            merged.append((W, b, activation))
    return merged


@wrong("collapse", "two equal activations are merged, relu with relu too")
def collapse(layers):
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        W_before, b_before, name = merged[-1]
        if name in ("identity", activation):
            merged[-1] = W @ W_before, W @ b_before + b, activation
        else:
            merged.append((W, b, activation))
    return merged


@wrong("collapse", "identity layers are left out")
def collapse(layers):
    return [layer for layer in layers if layer[2] != "identity"] or layers[-1:]


@wrong("collapse", "the last layer is lost when it is identity")
def collapse(layers):
    merged = merge_with(layers, join_rightly)
    return merged[:-1] if merged[-1][2] == "identity" and len(merged) > 1 else merged


@wrong("collapse", "only the first two layers are looked at")
def collapse(layers):
    return merge_with(layers[:2], join_rightly) + list(layers[2:])


@wrong("collapse", "neighbours in pairs, once")
def collapse(layers):
    pairs = [layers[k : k + 2] for k in range(0, len(layers), 2)]
    return [layer for pair in pairs for layer in merge_with(pair, join_rightly)]


@wrong("collapse", "two layers are needed")
def collapse(layers):
    first, second, *others = layers
    if first[2] == "identity":
        return merge_with([(*join_rightly(first[:2], second[:2]), second[2]), *others], join_rightly)
    return [first, *merge_with([second, *others], join_rightly)]


@wrong("collapse", "nothing is merged")
def collapse(layers):
    return list(layers)


@wrong("collapse", "the weights are transposed")
def collapse(layers):
    return [(W.T, b, activation) for W, b, activation in merge_with(layers, join_rightly)]


@wrong("collapse", "return inside the loop")
def collapse(layers):
    merged = [layers[0]]
    for W, b, activation in layers[1:]:
        W_before, b_before, bends = merged[-1]
        if bends == "identity":
            merged[-1] = W @ W_before, W @ b_before + b, activation
        else:
            merged.append((W, b, activation))
        return merged
    return merged


@wrong("collapse", "the list is used up")
def collapse(layers):
    merged = [layers.pop(0)]
    while layers:
        merged = merge_with([*merged, layers.pop(0)], join_rightly)
    return merged


@wrong("collapse", "the given list is changed")
def collapse(layers):
    k = 0
    while k < len(layers) - 1:
        if layers[k][2] == "identity":
            pair = join_rightly(layers[k][:2], layers[k + 1][:2])
            layers[k : k + 2] = [(*pair, layers[k + 1][2])]
        else:
            k += 1
    return layers


@wrong("collapse", "the first bias is changed in place")
def collapse(layers):
    layers[0][1][:] = 1
    return merge_with(layers, join_rightly)


@wrong("collapse", "pairs without the activation")
def collapse(layers):
    return [(W, b) for W, b, _ in merge_with(layers, join_rightly)]


@wrong("collapse", "zeros of the right shape")
def collapse(layers):
    return [(0 * W, 0 * b, activation) for W, b, activation in merge_with(layers, join_rightly)]


@wrong("collapse", "NaN of the right shape")
def collapse(layers):
    return [(np.nan * W, np.nan * b, activation) for W, b, activation in merge_with(layers, join_rightly)]


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


@wrong("threshold_network", "the hidden biases are subtracted: z has a minus sign")
def threshold_network(x, W_1, b_1, w_2, b_2=0.0):
    return (x @ W_1.T - b_1 > 0) @ w_2 + b_2


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


@wrong("steepness_for", "rounded to four decimals")
def steepness_for(error, margin=1.0):
    return round(float(np.log((1 - error) / error) / margin), 4)


@wrong("steepness_for", "rounded to two decimals")
def steepness_for(error, margin=1.0):
    return round(float(np.log((1 - error) / error) / margin), 2)


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


@wrong("box_weights", "the places have the wrong sign, and the height is ignored")
def box_weights(left, right, height=1.0):
    return np.array([1.0, -1.0]), np.array([-left, -right])


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


# ------------------------------------------------------------------------------------------------- relu_tent


@right("relu_tent", "the changes of the slope in the output weights")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak, right])


@right("relu_tent", "differences of slopes, units steeper by four, in lists, another order")
def relu_tent(left, peak, right, height=1):
    slopes = [0, height / (peak - left), -height / (right - peak), 0]
    w = [(after - before) / 4 for before, after in itertools.pairwise(slopes)]
    return w[::-1], [4] * 3, [-4 * right, -4 * peak, -4 * left]


@right("relu_tent", "units that fall, in float32")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    w = np.array([up, -(up + down), down], dtype=np.float32)
    return w, -np.ones(3, dtype=np.float32), np.array([left, peak, right])


@right("relu_tent", "the height in w, and the slopes in v")
def relu_tent(left, peak, right, height=1.0):
    v = 1 / np.array([peak - left, (peak - left) * (right - peak) / (right - left), right - peak])
    return height * np.array([1.0, -1.0, 1.0]), v, -v * np.array([left, peak, right])


@right("relu_tent", "a system of three equations for the weights")
def relu_tent(left, peak, right, height=1.0):
    places = np.array([left, peak, right])
    x = np.array([peak, right, right + 1.0])
    units = np.maximum(x[:, None] - places, 0)
    return np.linalg.solve(units, [height, 0.0, 0.0]), np.ones(3), -places


@wrong("relu_tent", "the lecture's box, with ramps that meet")
def relu_tent(left, peak, right, height=1.0):
    s = height / (peak - left)
    places = np.array([left, peak, peak, right])
    return np.array([1.0, -1.0, -1.0, 1.0]), np.full(4, s), -s * places


@wrong("relu_tent", "four units: two ramps, each of its own slope")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -up, -down, down]), np.ones(4), -np.array([left, peak, peak, right])


@wrong("relu_tent", "the weights are the slopes")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -down, 0.0]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "the weights are the slopes, and the last unit stops the fall")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -down, down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "both sides have the slope of the rise")
def relu_tent(left, peak, right, height=1.0):
    up = height / (peak - left)
    return np.array([up, -2 * up, up]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "both sides have half of the width")
def relu_tent(left, peak, right, height=1.0):
    slope = 2 * height / (right - left)
    return np.array([slope, -2 * slope, slope]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "symmetric: the peak is in the middle")
def relu_tent(left, peak, right, height=1.0):
    slope = 2 * height / (right - left)
    places = np.array([left, (left + right) / 2, right])
    return np.array([slope, -2 * slope, slope]), np.ones(3), -places


@wrong("relu_tent", "the third unit is missing")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -(up + down)]), np.ones(2), -np.array([left, peak])


@wrong("relu_tent", "the unit at the peak only stops the rise")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -up, -down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "up only")
def relu_tent(left, peak, right, height=1.0):
    return np.array([height / (peak - left)]), np.ones(1), np.array([-left])


@wrong("relu_tent", "the two slopes are exchanged")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (right - peak), height / (peak - left)
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "the slopes are the height")
def relu_tent(left, peak, right, height=1.0):
    return height * np.array([1.0, -2.0, 1.0]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "width over height")
def relu_tent(left, peak, right, height=1.0):
    up, down = (peak - left) / height, (right - peak) / height
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "the height is ignored")
def relu_tent(left, peak, right, height=1.0):
    up, down = 1 / (peak - left), 1 / (right - peak)
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "the height without its sign")
def relu_tent(left, peak, right, height=1.0):
    up, down = abs(height) / (peak - left), abs(height) / (right - peak)
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "the height is 2 by default")
def relu_tent(left, peak, right, height=2.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "the biases have the wrong sign")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -(up + down), down]), np.ones(3), np.array([left, peak, right])


@wrong("relu_tent", "w and v are exchanged")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    v = np.array([up, -(up + down), down])
    return np.ones(3), v, -v * np.array([left, peak, right])


@wrong("relu_tent", "w and v are exchanged, and the biases are minus the places")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.ones(3), np.array([up, -(up + down), down]), -np.array([left, peak, right])


@wrong("relu_tent", "the slopes in v are forgotten in the biases")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([1.0, -1.0, 1.0]), np.array([up, up + down, down]), -np.array([left, peak, right])


@wrong("relu_tent", "the slopes in v and in w")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    w = np.array([up, -(up + down), down])
    return w, np.abs(w), -np.abs(w) * np.array([left, peak, right])


@wrong("relu_tent", "the second and third place are widths")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -(up + down), down]), np.ones(3), -np.array([left, peak - left, right - peak])


@wrong("relu_tent", "upside down")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([-up, up + down, -down]), np.ones(3), -np.array([left, peak, right])


@wrong("relu_tent", "all right, and six units")
def relu_tent(left, peak, right, height=1.0):
    up, down = height / (peak - left), height / (right - peak)
    return np.array([up, -(up + down), down] * 2) / 2, np.ones(6), -np.array([left, peak, right] * 2)


@wrong("relu_tent", "a hard box of thresholds")
def relu_tent(left, peak, right, height=1.0):
    return np.array([height, -height]), np.array([left, right])


@wrong("relu_tent", "the tent of the example")
def relu_tent(left, peak, right, height=1.0):
    return np.array([2.0, -3.0, 1.0]), np.ones(3), -np.array([0.0, 1.0, 3.0])


@wrong("relu_tent", "always the height")
def relu_tent(left, peak, right, height=1.0):
    return np.array([height]), np.array([0.0]), np.array([1.0])


@wrong("relu_tent", "zeros")
def relu_tent(left, peak, right, height=1.0):
    return np.zeros(3), np.zeros(3), np.zeros(3)


@wrong("relu_tent", "ones")
def relu_tent(left, peak, right, height=1.0):
    return np.ones(3), np.ones(3), np.ones(3)


@wrong("relu_tent", "NaN")
def relu_tent(left, peak, right, height=1.0):
    return np.full(3, np.nan), np.ones(3), np.ones(3)


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


@wrong("staircase", "the places have the wrong sign")
def staircase(edges, values):
    return np.diff(values, prepend=0, append=0), -edges


@wrong("staircase", "the places have the wrong sign, and the weights are the heights")
def staircase(edges, values):
    return np.append(values, 0.0), -edges


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
