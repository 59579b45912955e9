"""Properties of a function that merges layers as long as nothing bends between them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_close, expect_equal

Array = NDArray[Any]
Random = np.random.Generator
Layer = tuple[Array, Array, str]
TELLING = (
    "tanh",
    "relu",
    "identity",
    "identity",
    "relu",
    "identity",
)  # each likely mistake gives another list


def _draw_layers(rng: Random, sizes: Sequence[int], activations: Sequence[str]) -> list[Layer]:
    """Draw layers; `sizes` has the number of inputs first, then the units of each layer."""
    triples = zip(itertools.pairwise(sizes), activations, strict=True)
    return [(rng.normal(size=(units, n)), rng.normal(size=units), name) for (n, units), name in triples]


def _without_biases(layers: list[Layer]) -> list[Layer]:
    return [(W, np.zeros_like(b), activation) for W, b, activation in layers]


def _runs(layers: list[Layer]) -> list[list[Layer]]:
    """Cut the layers after each one that bends."""
    runs: list[list[Layer]] = [[]]
    for layer in layers:
        runs[-1].append(layer)
        if layer[2] != "identity":
            runs.append([])
    return [run for run in runs if run]


def _map_points(run: list[Layer], x: Array) -> Array:
    """Send points, one in each column, through the weights and biases of a run, one layer after another."""
    for W, b, _ in run:
        x = np.einsum("oi,ip->op", W, x) + b[:, None]
    return x


def _expect_merged(got: Any, layers: list[Layer]) -> None:
    """Compare each layer with what its run does to the origin and to the unit vectors."""
    expect(
        isinstance(got, tuple | list) and all(isinstance(e, tuple | list) and len(e) == 3 for e in got),
        "collapse must return a list of triples (W, b, activation), also where one layer is left",
    )
    runs, names = _runs(layers), [activation for *_, activation in layers]
    what, causes = f"the list of activations after merging {', '.join(names)}", _causes_of_activations(names)
    expect_equal(
        [layer[2] for layer in got],
        [run[-1][2] for run in runs],
        what=what,
        causes=causes,
    )
    for number, (layer, run) in enumerate(zip(got, runs, strict=True), 1):
        b = _map_points(run, np.zeros((run[0][0].shape[1], 1)))[:, 0]
        W = _map_points(run, np.eye(run[0][0].shape[1])) - b[:, None]
        of = f" of layer {number}" if len(runs) > 1 else ""
        expect_close(layer[0], W, what="W" + of, causes=_causes_of_weights(run))
        expect_close(layer[1], b, what="b" + of, causes=_causes_of_biases(run, b))


def _causes_of_activations(names: list[str]) -> dict[str, list[str]]:
    last = len(names) - 1
    begins = [0, *(k + 1 for k in range(last) if names[k] != "identity")]
    backwards = [k for k in range(last) if names[k + 1] != "identity"] + [last]  # where such runs end
    kept = [k for k in range(last) if (names[k], names[k + 1]) != ("identity", "identity")] + [last]
    chosen = {
        "nothing was merged": range(last + 1),
        "everything was merged; a layer whose activation bends (relu or tanh) is not": [last],
        "a merged layer keeps the activation of its last layer, not of its first": begins,
        "a merged layer took its first layer's activation, and was merged on; it keeps its last one's": (
            range(min(names.index("identity"), last) + 1) if "identity" in names else []
        ),
        "a layer was merged into the one before it because it is identity; merge it into the next": backwards,
        "only identity with identity was merged; a relu or tanh layer takes in an identity before it": kept,
        "tanh bends too: merge only layers that are identity": _ends(names, {"relu"}),
        "relu bends too: merge only layers that are identity": _ends(names, {"tanh"}),
        "the last layer is gone: it was left out, or merged into one that bends": _ends(
            names, {"relu", "tanh"}, -1
        ),
        "two layers that bend in the same way were merged; each of them stays": [
            k for k in range(last) if names[k] not in ("identity", names[k + 1])
        ]
        + [last],
    }
    return {sentence: [names[k] for k in places] for sentence, places in chosen.items()}


def _ends(names: list[str], bends: set[str], last: int | None = None) -> list[int]:
    last = len(names) - 1 if last is None else last
    return [k for k, name in enumerate(names) if name in bends or k == last]


def _causes_of_weights(run: list[Layer]) -> dict[str, Any]:
    weights = [W for W, *_ in run]
    if len(run) == 1:
        return {}
    sizes = {W.shape for W in weights}
    square = len({size for shape in sizes for size in shape}) == 1
    return {
        "only the last layer's weights are in it": weights[-1],
        "only the first layer's weights are in it": weights[0],
        "the weights were multiplied entry by entry; a matrix product is wanted": (
            np.prod(weights, axis=0) if len(sizes) == 1 else np.nan
        ),
        "the layers were multiplied in the wrong order: the last layer stands on the left": (
            np.linalg.multi_dot(weights) if square else np.nan
        ),
    }


def _causes_of_biases(run: list[Layer], right: Array) -> dict[str, Any]:
    if len(run) != 2:
        return {}
    (W_1, b_1, _), (W_2, b_2, _) = run
    same = len(b_1) == len(b_2)
    return {
        "the biases were forgotten": np.zeros_like(right),
        "only the last bias is in it: the first one passes through W_2 too": b_2,
        "the last bias is missing": right - b_2,
        "the first bias was added without passing through W_2": b_1 + b_2 if same else np.nan,
        "the first bias passed through the merged weights: compute b before W is replaced": (
            W_2 @ (W_1 @ b_1) + b_2 if same and W_1.shape == W_2.shape else np.nan
        ),
    }


def multiplies_the_weights(student: Student, rng: Random) -> None:
    """multiplies the weights in the right order when there are no biases"""
    for size in (3, 2, 4):  # square: a mistake in b must show as one, not as shapes that do not fit
        layers = _without_biases(_draw_layers(rng, (size,) * 3, ("identity",) * 2))
        _expect_merged(student(layers), layers)


def carries_the_biases(student: Student, rng: Random) -> None:
    """carries each bias through the next layer's weights"""
    for sizes in ((3, 3, 3), (4, 2, 3)):
        layers = _draw_layers(rng, sizes, ("identity",) * 2)
        _expect_merged(student(layers), layers)


def keeps_what_bends(student: Student, rng: Random) -> None:
    """merges a layer into the next where it is identity, and only there"""
    i, r, t = "identity", "relu", "tanh"
    for names in (TELLING, (i, r), (r, i), (i, i, t, i, r), (r, r, t, t), (i, t, i, i)):
        layers = _without_biases(_draw_layers(rng, (1,) * (len(names) + 1), names))  # short in a report
        _expect_merged(student(layers), layers)


def takes_any_number_of_layers(student: Student, rng: Random) -> None:
    """takes one layer as well as many"""
    for name in ("identity", "relu", "tanh"):
        layers = _draw_layers(rng, (3, 2), (name,))
        _expect_merged(student(layers), layers)
    for names in (("identity",) * 6, (*("identity",) * 5, "tanh"), TELLING):
        layers = _draw_layers(rng, (2, 5, 3, 4, 1, 2, 3), names)
        _expect_merged(student(layers), layers)
