"""Judges of mutants that are other right answers: what a task promises, tried on inputs of their own.

A judge gets the function as a check does, and a source of random numbers, many times over. It raises
`CheckFailed` where the promise is broken. No judge shares code with a check or with a solution.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from course_utils.grading.failures import CheckFailed
from course_utils.grading.student import Student

Random = np.random.Generator
Judge = Callable[[Student, Random], None]


def promise(kept: Any, sentence: str) -> None:
    if not kept:
        raise CheckFailed(sentence)


def network_output(weights: Any, point: Any) -> float:
    """Work one example out, unit by unit, in Python's own numbers."""
    W_1, b_1, w_2, b_2 = weights
    promise(len(W_1) == len(b_1) == len(w_2), "the parts belong to different numbers of units")
    output = float(b_2)
    for row, bias, weight in zip(W_1, b_1, w_2, strict=True):
        promise(len(row) == len(point), "a unit has not one weight for each input")
        z = sum(float(w) * float(value) for w, value in zip(row, point, strict=True)) + float(bias)
        output += float(weight) if z > 0 else 0.0
    return output


def gives(weights: Any, point: Any, target: float) -> None:
    output = network_output(weights, point)
    promise(abs(output - target) < 1e-9, f"{output} for {np.round(point, 3)}, expected {target}")


@functools.cache
def zeros_and_ones() -> tuple[Any, Any]:
    digits = load_digits(n_class=2)
    return digits.data / 16, digits.target


def zero_minus_one(student: Student, rng: Random) -> None:
    """The digits of scikit-learn: nine in ten on the right side; and f keeps straight lines straight."""
    x, labels = zeros_and_ones()
    z = student(x)
    right = np.where(labels == 0, z > 0, z < 0)
    for label in (0, 1):
        share = right[labels == label].mean()
        promise(share >= 0.9, f"{share:.0%} of the digits {label} are on the right side")
    one, other, part = rng.uniform(size=64), rng.uniform(size=64), rng.uniform()
    ends, between = student(np.stack([one, other])), student((part * one + (1 - part) * other)[None])
    straight = part * ends[0] + (1 - part) * ends[1]
    promise(abs(between[0] - straight) < 1e-9, "it is no weighted sum plus a bias")


def equality_weights(student: Student, rng: Random) -> None:
    weights = student()
    promise(len(weights[1]) <= 2, "more than two hidden units")
    for a, b in itertools.product((0, 1), repeat=2):
        for noise in (np.zeros(2), rng.uniform(-0.1, 0.1, size=2)):
            gives(weights, np.array([a, b]) + noise, float(a == b))


def detector(student: Student, rng: Random) -> None:
    pattern = rng.choice([-1.0, 1.0], size=rng.integers(1, 7))
    w, b = student(pattern.copy())
    promise(len(w) == len(pattern), "not one weight for each bit")
    for row in itertools.product((-1, 1), repeat=len(pattern)):
        on = sum(float(weight) * bit for weight, bit in zip(w, row, strict=True)) + float(b) > 0
        promise(on == (row == tuple(pattern)), f"wrong for the pattern {pattern} and the row {row}")


def truth_table_network(student: Student, rng: Random) -> None:
    bits = int(rng.integers(1, 6))
    rows = rng.permutation(list(itertools.product((-1.0, 1.0), repeat=bits)))
    rows = rows[: rng.integers(1, len(rows) + 1)]
    targets = rng.normal(size=len(rows))
    weights = student(rows.copy(), targets.copy())
    promise(len(weights[1]) <= len(rows), "more hidden units than rows")
    for row, target in zip(rows, targets, strict=True):
        gives(weights, row, target)


def parity_network(student: Student, rng: Random) -> None:
    bits = int(rng.integers(1, 21))
    weights = student(bits)
    promise(len(weights[1]) <= bits, "more hidden units than bits")
    for _ in range(5):
        ones = rng.permutation(bits) < rng.integers(0, bits + 1)
        gives(weights, np.where(ones, 1, -1), float(np.count_nonzero(ones) % 2))


def box_weights(student: Student, rng: Random) -> None:
    left, right = np.sort(rng.normal(scale=3, size=2))
    height = float(rng.normal())
    w, b = student(float(left), float(right), height=height)
    promise(len(w) == len(b) <= 2, "more than two units")
    for x in (left - 1, left, (left + right) / 2, right, right + 1, rng.normal(scale=3)):
        y = sum(float(weight) for weight, place in zip(w, b, strict=True) if x > place)
        promise(abs(y - (height if left < x <= right else 0)) < 1e-9, f"{y} at {x}")


def relu_tent(student: Student, rng: Random) -> None:
    left, height = float(rng.normal(scale=3)), float(rng.normal(scale=2))
    peak = left + float(rng.uniform(0.2, 4))
    right = peak + float(rng.uniform(0.2, 4))
    w, v, b = student(left, peak, right, height=height)
    promise(len(w) == len(v) == len(b) <= 3, "more than three units")
    for x in (left - 9, left, peak, right, right + 9, *rng.uniform(left - 1, right + 1, size=8)):
        y = sum(float(c) * max(0.0, float(a) * x + float(d)) for c, a, d in zip(w, v, b, strict=True))
        share = min((x - left) / (peak - left), (right - x) / (right - peak))  # 1 at the peak, 0 at both ends
        promise(abs(y - height * max(0.0, share)) < 1e-8, f"{y} at {x}, expected {height * max(0.0, share)}")


def staircase(student: Student, rng: Random) -> None:
    edges = np.sort(rng.normal(scale=3, size=rng.integers(2, 12)))
    values = rng.normal(size=len(edges) - 1)
    w, b = student(edges.copy(), values.copy())
    promise(len(w) == len(b) <= len(edges), "more units than edges")
    for x in (edges[0] - 1, edges[-1] + 1, *edges, *rng.uniform(edges[0], edges[-1], size=8)):
        want = next((values[k] for k in range(len(values)) if edges[k] < x <= edges[k + 1]), 0.0)
        y = sum(float(weight) for weight, place in zip(w, b, strict=True) if x > place)
        promise(abs(y - want) < 1e-9, f"{y} at {x}, expected {want}")


def separate(student: Student, rng: Random) -> None:
    """The products of what came are the kernel; and a kernel that is a sum of two products is refused."""
    height, width = rng.integers(1, 7, size=2)
    down, across = rng.normal(size=height), rng.normal(size=width)
    down[0] = across[0] = 1.5
    kernel = np.einsum("p,q->pq", down, across)
    column, row = student(kernel.copy())
    promise(np.shape(column) == (height,) and np.shape(row) == (width,), "another shape")
    for p, q in np.ndindex(kernel.shape):
        off = abs(float(column[p]) * float(row[q]) - kernel[p, q])
        promise(off < 1e-9, f"the entry {p}, {q} is off by {off}")
    no_product = np.array([[1.0, 1.0], [1.0, rng.uniform(1.1, 2)]])
    try:
        student(no_product)
    except CheckFailed as error:
        promise("ValueError" in str(error), "an error of another kind")
    else:
        promise(False, "a kernel of rank 2 was not refused")


def separable_terms(student: Student, rng: Random) -> None:
    """The sum is within the error; the eigenvalues of W W^T say that one term less is not."""
    height, width = rng.integers(2, 7, size=2)
    kernel, error = rng.normal(size=(height, width)), float(rng.uniform(0.01, 0.9))
    columns, rows = student(kernel.copy(), error)
    promise(len(columns) == len(rows), "not as many columns as rows")
    total = np.zeros((height, width))
    for column, row in zip(columns, rows, strict=True):
        total += np.multiply.outer(column, row)
    squares = np.sort(np.linalg.eigvalsh(kernel @ kernel.T))[::-1].clip(0)
    off = np.square(total - kernel).sum()
    promise(off <= error**2 * squares.sum() * (1 + 1e-9), "the error is too large")
    fewer = squares[len(columns) - 1 :].sum()  # what one term less leaves at best
    promise(len(columns) > 0 and fewer > error**2 * squares.sum(), "one term less would do")


def build_lenet(student: Student, rng: Random) -> None:
    """All weights 0 but those of F6 and the output, all alike: the scores then follow by hand."""
    import torch

    seed = int(rng.integers(1, 10_000))
    networks = [student(seed=seed), student(seed=seed), student(seed=seed + 1)]
    parts = [[part.detach().clone() for part in network.parameters()] for network in networks]
    promise(sum(part.numel() for part in parts[0]) == 61_706, "not as many weights and biases as LeNet")
    promise(all(torch.equal(a, b) for a, b in zip(*parts[:2], strict=True)), "the seed does not decide")
    stuck = [torch.equal(a, b) for a, b in zip(parts[0], parts[2], strict=True)]
    promise(not any(stuck), "two seeds give the same weights")
    low, high = sorted(rng.uniform(-0.5, 0.5, size=2))
    with torch.no_grad():
        for part in networks[0].parameters():
            part.fill_(0)
            if part.shape in ((120,), (84,), (10,)):
                part.fill_(high)
            if part.shape in ((84, 120), (10, 84)):
                part.fill_(low / 10)
        scores = networks[0](torch.rand(int(rng.integers(1, 6)), 1, 28, 28)).double().numpy()
    F5 = np.tanh(high)
    F6 = np.tanh(120 * low / 10 * F5 + high)
    promise(np.allclose(scores, 84 * low / 10 * F6 + high, rtol=1e-4), "other scores than the formulas give")


@functools.cache
def large_digits() -> tuple[Any, Any]:
    """Draw the digits of scikit-learn on a grid of 28 x 28, by SciPy."""
    from scipy.ndimage import zoom

    digits = load_digits()
    large = zoom(digits.images / 16, (1, 3.5, 3.5), order=1, grid_mode=True, mode="nearest")
    return large[:, None].astype(np.float32), digits.target


READ: dict[int, Any] = {}  # a student's function: which new digits its network reads, from the first round


def train_lenet(student: Student, rng: Random) -> None:
    """85 in 100 of any 300 digits that were not trained on; training is done in the first round only."""
    import torch

    if id(student) not in READ:
        x, t = (torch.tensor(part) for part in large_digits())
        known = torch.arange(len(t)) % 3 == 0
        short = [student(x[:40], t[:40], seed=seed) for seed in (1, 1, 2)]
        network = student(x[known], t[known], seed=7)
        promise(not network.training, "it is in training mode")
        with torch.no_grad():
            one, same, other = (each(x[:20]) for each in short)
            READ[id(student)] = (network(x[~known]).argmax(dim=1) == t[~known]).numpy()
        promise(torch.equal(one, same), "the seed does not decide")
        promise(not torch.equal(one, other), "two seeds give the same network")
    right = int(rng.permutation(READ[id(student)])[:300].sum())
    promise(right >= 255, f"{right} of 300 digits read right")


JUDGES: dict[str, Judge] = {
    judge.__name__: judge
    for judge in (
        zero_minus_one,
        equality_weights,
        detector,
        truth_table_network,
        parity_network,
        box_weights,
        relu_tent,
        staircase,
        separate,
        separable_terms,
        build_lenet,
        train_lenet,
    )
}
