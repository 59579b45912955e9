"""Properties of the receptive field: what one unit sees of the input, and how far its neighbour's is away."""

from __future__ import annotations

import itertools
import math

import numpy as np

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.whole_numbers import expect_whole
from course_utils.grading.values import name_type

Random = np.random.Generator
Layers = list[tuple[int, int, int]]  # kernel, stride, dilation


# Task 3: receptive_field


def _reached(layers: Layers, unit: int) -> set[int]:
    """Return the places of the input that one unit of the last layer is computed from."""
    found = {unit}
    for kernel, stride, dilation in reversed(layers):
        found = {stride * place + dilation * tap for place in found for tap in range(kernel)}
    return found


def _field(layers: Layers) -> tuple[int, int]:
    seen, next_seen = _reached(layers, 0), _reached(layers, 1)
    return max(seen) - min(seen) + 1, min(next_seen) - min(seen)


def _spread(layers: Layers, jumps: list[int]) -> int:
    """Add what the kernels add if neighbours of each layer's input are that far apart, right or wrong."""
    return 1 + sum((k - 1) * d * jump for (k, _, d), jump in zip(layers, jumps, strict=True))


def _causes_of_size(layers: Layers) -> dict[str, int]:
    kernels, strides, _ = ([layer[part] for layer in layers] for part in range(3))
    right = list(itertools.accumulate(strides, lambda one, other: one * other, initial=1))
    ones, sums = [1] * len(layers), [max(1, sum(strides[:place])) for place in range(len(layers))]
    turned = list(itertools.accumulate(strides[::-1], lambda one, other: one * other, initial=1))
    if all(layer[1:] == (1, 1) for layer in layers):
        return {
            "the kernels were added up; two kernels of 3 see 5 entries, not 6": sum(kernels),
            "a kernel adds its entries less one, kernel - 1": 1 + sum(kernels),
            "size and step are exchanged": 1,
            "the kernels were multiplied": math.prod(kernels),
            "the first entry is missing: begin with 1": _field(layers)[0] - 1,
            "the strides before a layer multiply; theirs were added": _spread(layers, sums),
        }
    return {
        "a layer's own stride spreads the layers after it, not itself": _spread(layers, right[1:]),
        "the strides were left out": _spread(layers, ones),
        "the dilations were left out": _spread([(k, s, 1) for k, s, _ in layers], right[:-1]),
        "a spread kernel covers dilation * (kernel - 1) + 1 entries, not dilation * kernel": _spread(
            [(k * d, s, 1) for k, s, d in layers], right[:-1]
        ),
        "the layers were taken from the output to the input": _spread(layers[::-1], turned[:-1]),
        "the strides before a layer multiply; theirs were added": _spread(layers, sums),
        "only the stride of the layer just before counts; it is the product of all before": _spread(
            layers, [1, *strides][: len(layers)]
        ),
        "size and step are exchanged": _field(layers)[1],
        "the field goes from its first to its last entry; entries between them count, too": len(
            _reached(layers, 0)
        ),
    }


def _causes_of_step(layers: Layers) -> dict[str, int]:
    strides = [stride for _, stride, _ in layers]
    return {
        "the strides were added; they multiply": sum(strides),
        "this is the last layer's stride; the product of all is wanted": [1, *strides][-1],
        "the last layer's stride is missing": math.prod(strides[:-1]),
        "the strides were left out": 1,
        "only strides move neighbours apart; the dilations do not": math.prod(s * d for _, s, d in layers),
        "size and step are exchanged": _field(layers)[0],
    }


def _expect_part(student: Student, layers: Layers, part: int) -> None:
    got = student(layers)
    pair = isinstance(got, tuple | list) and len(got) == 2
    expect(pair, f"receptive_field must return (size, step), {name_type(got)} came")
    what = ("the size of the receptive field", "the step between neighbours")[part]
    causes = (_causes_of_size, _causes_of_step)[part](layers)
    expect_whole(got[part], _field(layers)[part], what=what, causes=causes)


def grows_with_depth(student: Student, rng: Random) -> None:
    """adds what each kernel adds at stride 1; without a layer a unit sees itself"""
    many: Layers = [(int(kernel), 1, 1) for kernel in rng.integers(1, 9, size=6)]
    for layers in ([(3, 1, 1)] * 2, [(5, 1, 1)], [(3, 1, 1), (5, 1, 1), (2, 1, 1)], many, []):
        _expect_part(student, layers, 0)


STRIDED: tuple[Layers, ...] = (
    [(3, 2, 1), (4, 3, 1), (3, 2, 1)],
    [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)],
    [(3, 2, 1), (3, 1, 1)],
    [(11, 4, 1), (3, 2, 1), (5, 1, 1)],
    [(2, 3, 1), (2, 1, 1)],
    [(3, 4, 1)],
)


def looks_farther_after_strides(student: Student, rng: Random) -> None:
    """lets the strides before a layer spread what it sees"""
    drawn: Layers = [(int(k), int(s), 1) for k, s in rng.integers(2, 5, size=(3, 2))]
    for layers in (*STRIDED, drawn):
        _expect_part(student, layers, 0)


def multiplies_the_strides(student: Student, rng: Random) -> None:
    """gives the step between neighbours: the product of all strides"""
    drawn: Layers = [(int(k), int(s), 1) for k, s in rng.integers(2, 5, size=(4, 2))]
    for layers in (*STRIDED, drawn, [(3, 1, 2)], []):
        _expect_part(student, layers, 1)


def sees_through_spread_kernels(student: Student, rng: Random) -> None:
    """spreads a kernel by its dilation"""
    drawn: Layers = [(int(k), int(s), int(d)) for k, s, d in rng.integers(2, 5, size=(3, 3))]
    for layers in ([(3, 2, 1), (4, 1, 3)], [(3, 1, 2)], [(3, 1, 1), (3, 1, 2), (3, 1, 4)], drawn):
        _expect_part(student, layers, 0)
