"""Time one training step with the course's engine, as a ratio to PyTorch and to an engine of single numbers.

Run `python benchmarks/engine_step.py [--steps N]`. The network is an MLP with 784 inputs, 128 ReLU units and
10 outputs; a step is forward, backward and update for a batch of 128 in float32, on one thread. The libraries
take turns, step by step, from the same weights; their first losses must agree, and the ratio is that of the
least times, which other programs disturb least. The engine of single numbers (one object a number, as
micrograd has them) takes one example, and its time counts 128 times.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from course_utils.autograd import Tensor, cross_entropy, no_grad

SIZES, BATCH, LEARNING_RATE = (784, 128, 10), 128, 0.1
GOAL_TORCH, GOAL_SCALAR = 5, 1000
WARM = 5  # steps that are not counted


@dataclass(eq=False)
class Number:
    """A single number that remembers its parents and its slope along each of them."""

    data: float
    parents: tuple[tuple[Number, float], ...] = ()
    grad: float = field(default=0.0)

    def __add__(self, other: Number) -> Number:
        return Number(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Number) -> Number:
        return Number(self.data * other.data, ((self, other.data), (other, self.data)))

    def relu(self) -> Number:
        return Number(max(self.data, 0.0), ((self, float(self.data > 0)),))

    def exp(self) -> Number:
        return Number(math.exp(self.data), ((self, math.exp(self.data)),))

    def log(self) -> Number:
        return Number(math.log(self.data), ((self, 1 / self.data),))

    def backward(self) -> None:
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            number, done = waiting.pop()
            if done:
                order.append(number)
            elif id(number) not in seen:
                seen.add(id(number))
                waiting += [(number, True), *((parent, False) for parent, _ in number.parents)]
        self.grad = 1.0
        for number in reversed(order):
            for parent, slope in number.parents:
                parent.grad += number.grad * slope


@dataclass(frozen=True)
class Task:
    """The batch and the first weights that all engines get."""

    x: np.ndarray
    t: np.ndarray
    weights: list[np.ndarray]


def make_task(rng: np.random.Generator) -> Task:
    x = rng.random((BATCH, SIZES[0]), dtype=np.float32)
    weights = []
    for inputs, outputs in pairwise(SIZES):
        weights += [rng.normal(size=(inputs, outputs)) * math.sqrt(2 / inputs), np.zeros(outputs)]
    return Task(x, rng.integers(0, SIZES[-1], BATCH), [w.astype(np.float32) for w in weights])


def engine_step(task: Task) -> Callable[[], float]:
    W_1, b_1, W_2, b_2 = parameters = [Tensor(w, requires_grad=True) for w in task.weights]

    def step() -> float:
        L = cross_entropy((Tensor(task.x) @ W_1 + b_1).relu() @ W_2 + b_2, task.t)
        L.backward()
        with no_grad():
            for parameter in parameters:
                parameter -= LEARNING_RATE * parameter.grad  # in place, as in PyTorch
                parameter.grad = None
        return L.item()

    return step


def torch_step(task: Task) -> Callable[[], float]:
    x, t = torch.from_numpy(task.x), torch.from_numpy(task.t)
    W_1, b_1, W_2, b_2 = parameters = [torch.tensor(w, requires_grad=True) for w in task.weights]

    def step() -> float:
        L = torch.nn.functional.cross_entropy((x @ W_1 + b_1).relu() @ W_2 + b_2, t)
        L.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= LEARNING_RATE * parameter.grad
                parameter.grad = None
        return L.item()

    return step


def layer(h: list[Number], W: list[list[Number]], b: list[Number]) -> list[Number]:
    outputs = []
    for column, bias in zip(zip(*W, strict=True), b, strict=True):
        total = bias
        for value, weight in zip(h, column, strict=True):
            total = total + value * weight
        outputs.append(total)
    return outputs


def scalar_step(task: Task, example: int = 0) -> float:
    """Take one example through forward and backward with single numbers, and return its loss."""
    wrap: Any = lambda a: [wrap(row) for row in a] if np.ndim(a) else Number(float(a))  # noqa: E731
    W_1, b_1, W_2, b_2 = (wrap(w) for w in task.weights)
    z = layer([unit.relu() for unit in layer(wrap(task.x[example]), W_1, b_1)], W_2, b_2)
    total = sum((unit.exp() for unit in z[1:]), start=z[0].exp())
    L = total.log() + z[task.t[example]] * Number(-1.0)
    L.backward()
    return L.data


def timed(step: Callable[[], float]) -> tuple[float, float]:
    start = time.perf_counter()
    L = step()
    return time.perf_counter() - start, L


def compare(steps: int) -> tuple[float, float]:
    """Return the least seconds of a step with the engine and with PyTorch, which take turns."""
    task, seconds = make_task(np.random.default_rng(0)), {"engine": [], "torch": []}
    ours, theirs = engine_step(task), torch_step(task)
    with threadpool_limits(1):
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        for step in range(steps + WARM):
            (engine, L), (other, expected) = timed(ours), timed(theirs)
            if step < WARM and abs(L - expected) > 1e-4 * expected:  # later, float32 drifts apart
                raise RuntimeError(f"the losses {L} and {expected} differ, so the times mean nothing")
            seconds["engine"].append(engine)
            seconds["torch"].append(other)
        torch.set_num_threads(threads)
    return min(seconds["engine"][WARM:]), min(seconds["torch"][WARM:])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=200, help="steps of each library")
    steps = parser.parse_args().steps
    engine, other = compare(steps)
    task = make_task(np.random.default_rng(0))
    scalar, _ = timed(lambda: scalar_step(task))
    slower, faster = engine / other, BATCH * scalar / engine
    print(f"engine         {1e3 * engine:9.2f} ms a step of {BATCH} examples, least of {steps}")
    print(
        f"PyTorch        {1e3 * other:9.2f} ms, the engine takes {slower:.2f} times as long (goal: under 5)"
    )
    print(f"single numbers {1e3 * BATCH * scalar:9.0f} ms, {BATCH} times {scalar:.2f} s for one example")
    print(f"               the engine is {faster:,.0f} times as fast (goal: over {GOAL_SCALAR:,})")
    return int(slower > GOAL_TORCH or faster < GOAL_SCALAR)


if __name__ == "__main__":
    raise SystemExit(main())
