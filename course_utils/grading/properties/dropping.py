"""Properties of dropout: which entries are dropped while training, and what stands for that afterwards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.kept_types import expect_float32
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
CHANCE = 1e-12  # that a right answer fails a check of shares
SHAPES: tuple[tuple[int, ...], ...] = ((5,), (2, 3), (3, 1, 4))
CAUSE = "\ncause     "


def _margin(tosses: int) -> float:
    """Bound how far a share of independent tosses may be from its probability (Hoeffding's inequality)."""
    return math.sqrt(math.log(2 / CHANCE) / (2 * tosses))


def _expect_pair(got: Any, x: Array) -> tuple[Array, Any]:
    pair = isinstance(got, tuple | list) and len(got) == 2
    expect(pair, f"dropout must return (y, factors), {name_type(got)} came")
    return expect_array(got[0], shape=x.shape, what="y"), got[1]


def _drop(student: Student, x: Array, rate: float, seed: int) -> Array:
    """Return which entries were kept, after a check that the others are 0, and that nothing was scaled."""
    y, factors = _expect_pair(student(x, rate=rate, seed=seed), x)
    kept = np.asarray(y != 0)  # no entry of x is 0
    causes = {
        "nothing was dropped: with a seed, it is training, seed 0 included": (1 - rate) * x,
        "the kept entries were divided by 1 - rate; here, the scaling comes after training": kept
        * x
        / (1 - rate or 1),
        "the kept entries were multiplied by 1 - rate; here, the scaling comes after training": kept
        * x
        * (1 - rate),
        "the kept entries were multiplied by the rate": kept * x * rate,
        "the kept entries are 1; they are those of x": kept.astype(x.dtype),
    }
    wrong = {words: value for words, value in causes.items() if not np.allclose(value, kept * x)}
    expect_close(y, kept * x, what="y", causes=wrong)
    _expect_factors(factors, kept.astype(float))
    return kept


def _expect_factors(factors: Any, want: Array) -> None:
    """Fail unless the factors are, entry by entry, what x was multiplied by; one number may stand for all."""
    array = np.asarray(factors)
    expect(array.dtype.kind in "biuf", f"factors must be an array or a number, {name_type(factors)} came")
    expect(
        array.shape in (want.shape, ()),
        f"factors has shape {array.shape}, expected {want.shape}, or a number",
    )
    causes = {"True and False are exchanged in the factors: 1 stands for an entry that is kept": 1 - want}
    full = np.broadcast_to(array.astype(float), want.shape)
    expect_close(full, want, what="factors", causes=causes if np.ptp(want) else {})


# Task 4: dropout


def scales_after_training(student: Student, rng: Random) -> None:
    """multiplies every entry by 1 - rate after training, drops none, and has a rate of 0.5"""
    for shape, rate in zip(((8, 6), *SHAPES, (2, 2)), (0.4, 0.25, 0.2, 0.7, 0.0), strict=True):
        _expect_scaled(student, rng.uniform(1, 2, size=shape), rate)
    _expect_scaled(student, rng.uniform(1, 2, size=(2, 3)).astype(np.float32), 0.2)
    _expect_scaled(student, rng.permutation(np.arange(1, 7)), 0.25)
    x = rng.uniform(1, 2, size=(2, 2))
    y, _ = _expect_pair(student(x), x)
    words = "the rate is not 0.5 where it is left out"
    expect_close(y, x / 2, what="y", causes={words: x * float(np.mean(y / x))})


def _expect_scaled(student: Student, x: Array, rate: float) -> None:
    y, factors = _expect_pair(student(x, rate=rate), x)
    kept = y != 0
    causes = {
        "it was not scaled: here the scaling comes after training (PyTorch divides in training)": x,
        "multiplied by the rate; the share that is kept is 1 - rate": rate * x,
        "divided by 1 - rate; after training there is too much, not too little": x / (1 - rate),
        "it was scaled twice": (1 - rate) ** 2 * x,
        "entries were dropped; without a seed it is no training": kept * x,
        "entries were dropped, and scaled, too; without a seed it is no training": kept * x * (1 - rate),
        "entries were dropped, and divided by 1 - rate; without a seed it is no training": kept
        * x
        / (1 - rate),
        "the fractions were cut off: a whole number cannot hold 1 - rate": np.zeros_like(x),
    }
    wrong = {words: value for words, value in causes.items() if not np.allclose(value, (1 - rate) * x)}
    if x.dtype == np.float32:
        expect_float32(y, "y")
    expect_close(y, (1 - rate) * x, what="y", causes=wrong)
    _expect_factors(factors, np.full(x.shape, 1 - rate))


def keeps_or_drops_while_training(student: Student, rng: Random) -> None:
    """sets entries to 0 or leaves them as they are while training, and says which; a rate of 0 drops none"""
    for shape, rate in zip((*SHAPES, (6, 7)), (0.25, 0.5, 0.75, 0.5), strict=True):
        x = rng.uniform(1, 2, size=shape)
        for seed in (0, int(rng.integers(1, 10**6))):
            _drop(student, x, rate, seed)
            kept = _drop(student, x, 0.0, seed)
            _expect_all(kept)
    x = rng.uniform(1, 2, size=(4, 5)).astype(np.float32)
    _drop(student, x, 0.5, 3)
    expect_float32(student(x, rate=0.5, seed=3)[0], "y")


def _expect_all(kept: Array) -> None:
    cause = "a uniform number from 0 to 1 is below the rate as often as the rate says: rng.random(x.shape)"
    cause = cause if kept.any() else "the rate is the share to drop, and it was kept"
    expect(bool(kept.all()), f"with a rate of 0 all entries stay, and some were dropped{CAUSE}{cause}")


def drops_the_right_share(student: Student, rng: Random) -> None:
    """drops the share of the entries that the rate says, half of them by default"""
    x = np.ones((100, 200))
    for rate in (0.2, 0.7):
        kept = _drop(student, x, rate, int(rng.integers(10**6)))
        causes = {
            "the rate is the share to drop, and it was kept": 1 - rate,
            "the rate is not used: it counts as 0.5": 0.5,
        }
        _expect_share(kept, rate, f"share that was dropped at rate {rate}", causes)
    y, _ = _expect_pair(student(x, seed=int(rng.integers(10**6))), x)
    _expect_share(np.asarray(y != 0), 0.5, "share that was dropped where no rate is given", {})


def _expect_share(kept: Array, rate: float, what: str, causes: dict[str, float]) -> None:
    dropped, margin = float(1 - kept.mean()), _margin(kept.size)
    found = [_pattern(kept), *(words for words, value in causes.items() if abs(dropped - value) <= margin)]
    cause = next((f"{CAUSE}{words}" for words in found if words), "")
    limits = f"{rate:.3f} was expected, give or take {margin:.3f}"
    expect(abs(dropped - rate) <= margin, f"{what}: {dropped:.3f} came, {limits}{cause}")


def _pattern(kept: Array) -> str:
    """Say whether one toss decided for several entries."""
    if (kept == kept[:1]).all():
        return (
            "all examples have the same entries dropped: each entry needs a toss of its own, x.shape of them"
        )
    if (kept == kept[:, :1]).all():
        return (
            "each example is dropped or kept as a whole: each entry needs a toss of its own, x.shape of them"
        )
    return ""


def follows_the_seed(student: Student, rng: Random) -> None:
    """drops the same entries for the same seed, and others for another seed"""
    x, first = np.ones((12, 20)), int(rng.integers(10**6))
    one, again, other = (_drop(student, x, 0.5, seed) for seed in (first, first, first + 1))
    words = "draw from np.random.default_rng(seed)"
    expect(bool((one == again).all()), f"the same seed dropped other entries the second time{CAUSE}{words}")
    words = "the seed is not used for the draw: np.random.default_rng(seed)"
    expect(bool((one != other).any()), f"two seeds dropped the same entries{CAUSE}{words}")


def tosses_for_each_entry(student: Student, rng: Random) -> None:
    """tosses anew for each entry: not for whole examples or features, and never a fixed number"""
    x, rate = np.ones((100, 200)), 0.4
    kept = _drop(student, x, rate, int(rng.integers(10**6)))
    right, margin = rate**2 + (1 - rate) ** 2, _margin(x.size // 2)
    for one, other in ((kept[::2], kept[1::2]), (kept[:, ::2], kept[:, 1::2])):
        alike = float(np.mean(one == other))
        cause = f"{CAUSE}{_pattern(kept)}" if _pattern(kept) else ""
        limits = f"{right:.3f} was expected, give or take {margin:.3f}"
        what = "share of neighbours that were both dropped or both kept"
        expect(abs(alike - right) <= margin, f"{what}: {alike:.3f} came, {limits}{cause}")
    small = np.ones((2, 5))
    counts = {int(_drop(student, small, 0.5, seed).sum()) for seed in range(50)}
    words = "a fixed number is drawn; each entry needs a toss of its own"
    what = f"{min(counts)} of 10 entries were kept in each of 50 calls with other seeds"
    expect(len(counts) > 1, f"{what}{CAUSE}{words}")
