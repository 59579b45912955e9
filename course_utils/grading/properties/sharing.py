"""Properties of the counts of weights and biases for the four ways of sharing them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import numpy as np

from course_utils.grading.authoring import Student
from course_utils.grading.properties.whole_numbers import expect_wholes

Random = np.random.Generator
Shape = tuple[int, int, int]
Pair = tuple[int, int]
NAMES = "(weights, biases)"


# Task 5: count_weights


def _grid(lengths: Iterable[int]) -> list[tuple[int, ...]]:
    return list(itertools.product(*map(range, lengths)))


def _filters(kind: str, out_shape: Shape, tile: Pair) -> set[tuple[int, ...]]:
    """Write on each unit of the output which filter it uses, and collect what was written."""
    written = set()
    for channel, row, column in _grid(out_shape):
        own, in_tile = (channel, row, column), (channel, row % tile[0], column % tile[1])
        written.add({"dense": own, "local": own, "tiled": in_tile, "conv": (channel,)}[kind])
    return written


def _count(kind: str, in_shape: Shape, out_shape: Shape, kernel: Pair, tile: Pair) -> Pair:
    filters = _filters(kind, out_shape, tile)
    window = _grid(in_shape if kind == "dense" else (in_shape[0], *kernel))
    return len({(own, entry) for own in filters for entry in window}), len(filters)


def _causes(kind: str, in_shape: Shape, out_shape: Shape, kernel: Pair, tile: Pair) -> dict[str, Pair]:
    weights, biases = _count(kind, in_shape, out_shape, kernel, tile)
    channels, maps, units = in_shape[0], out_shape[0], math.prod(out_shape)
    tiles = maps * math.ceil(out_shape[1] / tile[0]) * math.ceil(out_shape[2] / tile[1])
    others = {
        f"this is the count of the kind {other!r}, {kind!r} was asked for": _count(
            other, in_shape, out_shape, kernel, tile
        )
        for other in ("dense", "local", "tiled", "conv")
        if other != kind and (other != "tiled" or tile != (1, 1))
    }
    if kind == "tiled":
        others |= {
            "tiles were counted; each tile repeats the filters of the first one": (
                tiles * channels * math.prod(kernel),
                tiles,
            ),
            "the units were divided by those of a tile; each tile repeats the filters of the first one": (
                units // math.prod(tile) * channels * math.prod(kernel),
                units // math.prod(tile),
            ),
            "a tile has height times width filters for each channel": (
                maps * tile[0] * channels * math.prod(kernel),
                maps * tile[0],
            ),
            "the tile is 2 by 2 where it is left out; it should be one place": (4 * weights, 4 * biases),
        }
    return {
        "the biases are among the weights; count them apart": (weights + biases, biases),
        "a filter reads every channel of the input: multiply by them": (weights // channels, biases),
        "the channels of the output were left out": (weights // maps, biases // maps),
        "weights and biases are exchanged": (biases, weights),
        "the kernel's height was used for its width too": (
            weights // kernel[1] * kernel[0] if kind != "dense" else 0,
            biases,
        ),
        "one bias for each unit; a filter that is shared has one bias": (weights, units),
        "one bias for each channel; a filter that is not shared has its own": (weights, maps),
        "there is no bias": (weights, 0),
        **others,
    }


def _expect_count(
    student: Student, kind: str, in_shape: Shape, out_shape: Shape, kernel: Pair, tile: Pair | None = None
) -> None:
    given, cells = ({} if tile is None else {"tile": tile}), tile or (1, 1)
    want = _count(kind, in_shape, out_shape, kernel, cells)
    causes = _causes(kind, in_shape, out_shape, kernel, cells)
    got = student(kind, in_shape, out_shape, kernel, **given)
    expect_wholes(got, want, what=f"{NAMES} of the kind {kind!r}", causes=causes)


def _draw(rng: Random) -> tuple[Shape, Shape, Pair]:
    """Draw shapes in which no two numbers that could be mixed up are equal."""
    channels, kernel_height, kernel_width, maps, height, width = rng.permutation(np.arange(2, 8)).tolist()
    in_shape = (channels, height + kernel_height - 1, width + kernel_width - 1)
    return in_shape, (maps, height, width), (kernel_height, kernel_width)


def counts_all_pairs(student: Student, rng: Random) -> None:
    """gives for "dense" each pair of an input and a unit a weight, and each unit a bias"""
    _expect_count(student, "dense", (2, 4, 5), (3, 2, 5), (2, 3))
    in_shape, (maps, *_), kernel = _draw(rng)
    _expect_count(student, "dense", in_shape, (maps, 2, 1), kernel)


def counts_a_filter_for_each_unit(student: Student, rng: Random) -> None:
    """gives for "local" each unit a filter and a bias of its own"""
    _expect_count(student, "local", (5, 6, 4), (2, 4, 3), (3, 2))
    _expect_count(student, "local", (1, 6, 4), (1, 4, 3), (3, 2))
    _expect_count(student, "local", *_draw(rng), tile=(1, 2))


def counts_the_filters_of_one_tile(student: Student, rng: Random) -> None:
    """gives for "tiled" each place of a tile a filter and a bias; a tile is one place if it is left out"""
    _expect_count(student, "tiled", (5, 7, 10), (2, 5, 7), (3, 4), (2, 3))
    _expect_count(student, "tiled", (1, 6, 8), (1, 4, 6), (3, 3), (2, 3))
    _expect_count(student, "tiled", *_draw(rng), tile=(2, 1))
    _expect_count(student, "tiled", (2, 6, 8), (3, 4, 6), (3, 3))


def counts_one_filter_for_each_channel(student: Student, rng: Random) -> None:
    """gives for "conv" each channel of the output one filter and one bias, whatever the tile"""
    _expect_count(student, "conv", (5, 6, 4), (2, 4, 3), (3, 2))
    _expect_count(student, "conv", (1, 6, 4), (1, 4, 3), (3, 2))
    _expect_count(student, "conv", *_draw(rng), tile=(3, 2))


def counts_the_decks_examples(student: Student, rng: Random) -> None:  # noqa: ARG001
    """counts the examples of the text: 1.6 billion, 4 million and 10,000 weights; 520 and 23,550 in all"""
    image, square = (1, 200, 200), (10, 10)
    for kind, out_shape, want in (
        ("dense", image, (1_600_000_000, 40_000)),
        ("local", image, (4_000_000, 40_000)),
        ("conv", (100, 200, 200), (10_000, 100)),
    ):
        got = student(kind, image, out_shape, square)
        expect_wholes(got, want, what=f"{NAMES} of the kind {kind!r}")
    digit = (1, 28, 28)
    expect_wholes(student("conv", digit, (20, 24, 24), (5, 5)), (500, 20), what=NAMES)
    expect_wholes(student("dense", digit, (30, 1, 1), (28, 28)), (23_520, 30), what=NAMES)
