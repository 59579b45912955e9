"""Properties of a network that is trained: it is run on digits that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils import data
from course_utils.grading.authoring import CheckFailed, Student, expect
from course_utils.grading.properties.torch_values import as_input, expect_network, scores_of

Array = NDArray[Any]
Random = np.random.Generator
MOST = 100_000  # numbers that a network may keep


@lru_cache(maxsize=1)
def _digits() -> tuple[Array, Array]:
    """Load the bundled digits, enlarged to LeNet's size, from 0 to 1."""
    found = data.enlarge(data.digits(), (28, 28))
    return (found.images[:, None] / 255).astype(np.float32), found.labels


def _draw(rng: Random, seen: int) -> tuple[Array, Array, Array, Array]:
    """Draw digits to train on, and take all others to test on."""
    x, t = _digits()
    order = rng.permutation(len(t))
    return x[order[:seen]], t[order[:seen]], x[order[seen:]], t[order[seen:]]


def _train(student: Student, x: Array, t: Array, seed: int) -> Any:
    network = expect_network(student(as_input(x), as_input(t), seed=seed))
    kept = sum(part.numel() for part in (*network.parameters(), *network.buffers()))
    expect(kept <= MOST, f"the network keeps {kept} numbers, at most {MOST} are allowed")
    return network


def _count_right(student: Student, network: Any, x: Array, t: Array) -> int:
    return int((scores_of(student, network, x).argmax(axis=1) == t).sum())


@contextmanager
def _scrambled(network: Any, rng: Random) -> Iterator[None]:
    """Put the entries of every parameter in another order for a while."""
    import torch

    parts = [*network.parameters(), *network.buffers()]
    kept = [part.detach().clone() for part in parts]
    with torch.no_grad():
        try:
            for part, value in zip(parts, kept, strict=True):
                mixed = value.flatten()[as_input(rng.permutation(value.numel()))]
                part.copy_(mixed.reshape(value.shape))
            yield
        finally:
            for part, value in zip(parts, kept, strict=True):
                part.copy_(value)


def _expect_read(student: Student, rng: Random, seen: int, share: float, *, renamed: bool) -> None:
    x, t, x_new, t_new = _draw(rng, seen)
    names = rng.permutation(10) if renamed else np.arange(10)
    network = _train(student, x, names[t], int(rng.integers(100)))
    right, least = _count_right(student, network, x_new, names[t_new]), int(np.ceil(share * len(t_new)))
    if right < least:
        own = _count_right(student, network, x, names[t]) / seen
        raise CheckFailed(
            f"your network reads {right} of {len(t_new)} digits right that it was not trained on, "
            f"{least} are wanted\ncause     {_reason(own, right / len(t_new))}"
        )
    with _scrambled(network, rng):
        still = _count_right(student, network, x_new, names[t_new])
    sentence = "the network reads as well with its weights mixed up: what it has learned must be in them"
    expect(2 * still < len(t_new), sentence)


def _reason(own: float, new: float) -> str:
    """Guess from the shares of right answers on seen and on new images why the latter are few."""
    if own < 0.3:
        return "it reads those that it was trained on no better: it has hardly moved, or labels went astray"
    if own > new + 0.15:
        return f"of those that it was trained on it reads {own:.0%} right: it has learned them by heart"
    return f"of those that it was trained on it reads {own:.0%} right: train longer, or with another rate"


# Task 9: train_lenet


def hands_over_a_finished_network(student: Student, rng: Random) -> None:
    """hands a network over in evaluation mode, the same again for the same seed, 0 if none is given"""
    import torch

    x, t, x_new, _ = _draw(rng, 50)
    x_new, seed = x_new[:30], int(rng.integers(1, 1000))

    def network(**options: int) -> Any:
        torch.manual_seed(int(rng.integers(1 << 30)))  # what was drawn before must not matter
        return expect_network(student(as_input(x), as_input(t), **options))

    first = network(seed=seed)
    sentence = "the network was handed over in training mode: end with model.eval()"
    expect(not any(part.training for part in first.modules()), sentence)
    scores = scores_of(student, first, x_new)
    _expect_fixed(student, first, x_new, scores)
    again, other = (scores_of(student, network(seed=seed + more), x_new) for more in (0, 1))
    expect(_alike(again, scores), f"trained twice with the seed {seed}, two networks came")
    sentence = f"the seeds {seed} and {seed + 1} give the same network: draw weights and orders by the seed"
    expect(not _alike(other, scores), sentence)
    both = (scores_of(student, network(**options), x_new) for options in ({}, {"seed": 0}))
    expect(_alike(*both), "the seed is not 0 where none is given")


def _expect_fixed(student: Student, network: Any, x: Array, scores: Array) -> None:
    """Fail unless an image gets the same scores each time and in each company, and others get others."""
    expect(_alike(scores_of(student, network, x), scores), "the same images get other scores the second time")
    parts = [scores_of(student, network, part) for part in (x[:7], x[7:])]
    expect(_alike(np.concatenate(parts), scores), "the scores of an image depend on the others of its batch")
    expect(not _alike(scores, np.tile(scores[:1], (len(x), 1))), "every image gets the same scores")


def _alike(one: Array, other: Array) -> bool:
    return np.allclose(one, other, rtol=1e-3, atol=1e-3)


def learns_from_few(student: Student, rng: Random) -> None:
    """reads nine in ten new digits after 500 examples, also where the classes have other names"""
    _expect_read(student, rng, 500, 0.9, renamed=True)


def reads_new_digits(student: Student, rng: Random) -> None:
    """reads 95 in 100 new digits after 1200 examples"""
    _expect_read(student, rng, 1200, 0.95, renamed=False)
