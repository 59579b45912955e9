"""Properties of functions that look at images through the weights of one neuron."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils import data
from course_utils.grading.authoring import (
    CheckFailed,
    Student,
    expect,
    expect_array,
    expect_close,
    expect_equal,
)

Array = NDArray[Any]
Random = np.random.Generator


# Task 8: most_exciting


def _ranked(images: Array, w: Array) -> Array:
    """Sort images by their weighted sums, the largest first."""
    sums = np.tensordot(images.astype(float), w.reshape(images.shape[1:]), 2)
    return images[sorted(range(len(images)), key=lambda index: -float(sums[index]))]


def _ranking_causes(images: Array, w: Array, count: int) -> dict[str, Any]:
    ranked = _ranked(images, w)
    flat = images.reshape(len(images), -1).astype(float)
    sums = flat @ w
    by_columns = images.transpose(0, 2, 1).reshape(len(images), -1) @ w
    by_scaled = sums / np.linalg.norm(flat, axis=1)
    by_centred = (flat - flat.mean(axis=1, keepdims=True)) @ w
    by_mixed = flat.reshape(-1, len(images)).T @ w
    return {
        "each image was centred before its sum": images[np.argsort(-by_centred)][:count],
        "each image was scaled to length 1 before its sum": images[np.argsort(-by_scaled)][:count],
        "the images with the smallest sums came": ranked[::-1][:count],
        "the right images came, but the smallest of them first": ranked[:count][::-1],
        "the first images came, in the order that was given": images[:count],
        "the weights were not used: the brightest images came": _ranked(images, np.ones_like(w))[:count],
        "the sums are compared without their sign": images[np.argsort(-np.abs(sums))][:count],
        "the pixels were read column by column": images[np.argsort(-by_columns)][:count],
        "reshape(-1, batch).T mixes the images' pixels; reshape(batch, -1) makes each image a row": (
            images[np.argsort(-by_mixed)][:count]
        ),
        "one image came again and again: one that is taken must get the sum -inf": ranked[[0] * count],
        "only images with a positive sum came": ranked[: min(count, int((sums > 0).sum()))],
        "the images came multiplied by the weights": ranked[:count] * w.reshape(images.shape[1:]),
        "the sums came, and not the images": np.sort(sums)[::-1][:count],
        "the places of the images came, and not the images": np.argsort(-sums)[:count],
        "the images are still flat": ranked[:count].reshape(count, -1),
    }


def _images_with(sums: Array, w: Array, rng: Random) -> Array:
    """Draw images of two rows whose weighted sums are known, by way of their first pixel."""
    flat = rng.uniform(size=(len(sums), len(w)))
    flat[:, 0] += (sums - flat @ w) / w[0]
    return flat.reshape(len(sums), 2, -1)


def _compare_ranking(student: Student, images: Array, w: Array, count: int) -> None:
    got, want = student(images, w, count), _ranked(images, w)[:count]
    causes = _ranking_causes(images, w, count)
    if isinstance(got, np.ndarray) and got.shape == want.shape:
        came, right = (sorted(image.tobytes() for image in part) for part in (got, want))
        causes["the right images came, but not sorted by their sums"] = got if came == right else None
    expect_close(got, want, causes=causes)


def puts_the_largest_first(student: Student, rng: Random) -> None:
    """returns the images with the largest sums, the largest first"""
    for height, width, count in ((2, 3, 4), (5, 2, 4)):
        w, half = rng.normal(size=height * width), rng.uniform(size=(4, height, width))
        w -= w.mean()  # so that an image and its negative have opposite sums
        _compare_ranking(student, rng.permutation(np.concatenate([half, 1 - half])), w, count)
    for batch, count in ((5, 3), (600, 400)):  # sums below 0; more than np.argpartition happens to sort
        w = -rng.uniform(0.5, 1.5, size=4)
        _compare_ranking(student, _images_with(-5.0 - rng.permutation(batch), w, rng), w, count)


def counts_as_it_is_told(student: Student, rng: Random) -> None:
    """returns three images where count is left out, and keeps three axes for one"""
    w, brightness = rng.permutation(np.linspace(0.5, 1.5, 6)), rng.permutation(7)
    images = 0.1 * rng.uniform(size=(7, 3, 2)) + brightness[:, None, None]
    images[brightness == 0] = w.reshape(3, 2) / 2  # the first if each image is scaled or centred before
    want = _ranked(images, w)
    expect_close(student(images, w), want[:3], causes=_ranking_causes(images, w, 3))
    expect_close(student(images, w, count=1), want[:1], causes=_ranking_causes(images, w, 1))


def leaves_digits_unchanged(student: Student, rng: Random) -> None:
    """finds real digits and returns them unchanged, in their own dtype"""
    images = data.digits().images[rng.choice(1797, size=40, replace=False)]
    w = rng.normal(size=images[0].size)
    got = student(images, w, 5)
    expect_equal(got, _ranked(images, w)[:5], causes=_ranking_causes(images, w, 5))
    expect_array(got, kind="uint8")


# Task 9: zero_minus_one


def tells_zeros_from_ones(student: Student, rng: Random) -> None:
    """is positive for nine in ten of the zeros, negative for nine in ten of the ones"""
    digits = data.digits()
    chosen = rng.permutation(np.flatnonzero(digits.labels < 2))
    x, labels = digits.images[chosen].reshape(len(chosen), -1) / 255, digits.labels[chosen]
    z = expect_array(student(x), shape=(len(chosen),), what="z")
    expect(bool(np.isfinite(z).all()), "there are infinite numbers or NaN in z")
    zeros, ones = z[labels == 0] > 0, z[labels == 1] < 0
    counts = f"{zeros.sum()} of {zeros.size} zeros and {ones.sum()} of {ones.size} ones are on the right side"
    advice = "raise" if zeros.mean() < ones.mean() else "lower"
    remedy = f"{advice} the bias, or choose pixels in which the two digits differ more"
    if max(zeros.mean(), ones.mean()) < 0.5:
        remedy = "turn the signs of all weights and of the bias round"
    elif z.min() >= 0:
        remedy = f"z is never negative; {remedy}"
        if not np.allclose(student(x / 2), (z + student(0 * x)) / 2, rtol=1e-4, atol=1e-6):
            remedy = "z is never negative; return the sum itself, without an activation"
    expect(min(zeros.mean(), ones.mean()) >= 0.9, f"{counts}, 90% of each are wanted: {remedy}")


def is_one_neuron(student: Student, rng: Random) -> None:
    """is one neuron: a weighted sum of the pixels plus a bias"""
    b = expect_array(student(np.zeros((1, 64))), shape=(1,), what="z")[0]
    w = expect_array(student(np.eye(64)), shape=(64,), what="z") - b
    expect(bool(np.isfinite(w).all() and np.ptp(w) > 0), "z is the same, or not a number, whatever the pixel")
    x = rng.uniform(size=(5, 64))
    want = np.array([math.fsum(row * w) + float(b) for row in x])
    causes = {
        "z was cut to 0 or 1: return the sum itself": (want > 0).astype(float),
        "only the sign came: return the sum itself": np.sign(want),
    }
    try:
        expect_close(student(x), want, what="z", causes=causes)
    except CheckFailed as error:
        problem = (
            "your function is no weighted sum plus a bias: what it gives for single pixels does not add up"
        )
        raise CheckFailed("\n".join([problem, *str(error).splitlines()[1:]])) from None
