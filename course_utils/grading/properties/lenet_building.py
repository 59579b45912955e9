"""Properties of a network that is built: LeNet's parameters, its scores, and its first weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.lenet_forward import (
    SHAPES,
    Shape,
    draw_parameters,
    lenet,
    logistic,
    relu,
    softmax,
)
from course_utils.grading.properties.torch_values import expect_network, scores_of
from course_utils.grading.tensors import as_array

Array = NDArray[Any]
Random = np.random.Generator
WRONG_SHAPES: Mapping[Shape, str] = {
    (120, 256): "C1 is not padded by 2: the maps of S4 have 4 x 4 pixels in place of 5 x 5",
    (120, 576): "C1 or C3 is padded by too much: the maps of S4 have 6 x 6 pixels in place of 5 x 5",
    (120, 784): "C3 is padded as well: the maps of S4 have 7 x 7 pixels in place of 5 x 5",
    (120, 16): "F5 reads one number a map; lay the maps flat before it",
    (120, 16, 5, 5): "F5 is a convolution here; lay the maps flat and write a linear layer",
    (16, 1, 5, 5): "each map of C3 reads one map of S2; it must read all six",
    (6, 3, 5, 5): "C1 reads three channels; the images are grey",
    (6, 1, 3, 3): "the filters of C1 are 3 x 3 in place of 5 x 5",
    (10, 120): "F6 is missing",
}


def _parameters(got: Any) -> list[Any]:
    return list(expect_network(got).parameters())


def _shapes(got: Any) -> Counter[Shape]:
    return Counter(tuple(parameter.shape) for parameter in _parameters(got))


# Task 1: build_lenet


def has_lenets_parameters(student: Student, rng: Random) -> None:
    """has LeNet's weights and biases, each in its shape"""
    got = student(seed=int(rng.integers(100)))
    found = _shapes(got)
    missing = [f"{name} {shape}" for name, shape in SHAPES.items() if not found[shape]]
    surplus = list((found - Counter(SHAPES.values())).elements())
    causes = [WRONG_SHAPES[shape] for shape in surplus if shape in WRONG_SHAPES]
    if missing and not surplus and all("biases" in name for name in missing):
        causes = ["a layer has no bias"]
    rows = f"missing: {', '.join(missing) or 'nothing'}; there is, but should not be: {surplus or 'nothing'}"
    cause = f"\ncause     {causes[0]}" if causes else ""
    expect(not missing and not surplus, f"the parameters are not LeNet's; {rows}{cause}")
    kinds = {str(parameter.dtype) for parameter in _parameters(got)}
    expect(kinds == {"torch.float32"}, f"the parameters must be float32, {', '.join(sorted(kinds))} came")
    trained = all(parameter.requires_grad for parameter in _parameters(got))
    expect(trained, "every parameter must be trained: requires_grad is False for one of them")


def _with_parameters(got: Any, drawn: Mapping[Shape, Array]) -> Any:
    """Write drawn numbers into a student's network, where its parameters are LeNet's."""
    import torch

    same = _shapes(got) == Counter(SHAPES.values())
    expect(same, "not tried: the parameters are not LeNet's, see above")
    with torch.no_grad():
        for parameter in _parameters(got):
            parameter.copy_(torch.tensor(drawn[tuple(parameter.shape)]))
    return got


def _mistakes(x: Array, drawn: Mapping[Shape, Array]) -> dict[str, Array]:
    probabilities = "the network ends with a softmax; it must give the scores before it"
    ways: dict[str, dict[str, Any]] = {
        probabilities: {"last": softmax},
        "the network ends with the logarithm of a softmax; it must give the scores before it": {
            "last": lambda z: np.log(softmax(z))
        },
        "the scores go through a tanh; they must not": {"last": np.tanh},
        "ReLU in place of tanh": {"phi": relu},
        "the logistic function in place of tanh": {"phi": logistic},
        "the largest of each 2 x 2 in place of the mean": {"pool": np.max},
        "ReLU in place of tanh, and the largest in place of the mean": {"phi": relu, "pool": np.max},
        "tanh comes after pooling; it must come before": {"pool_first": True},
        "there is no tanh at all": {"phi": np.asarray},
        "there is no tanh after F5": {"dense_phi": (False, True)},
        "there is no tanh after F6": {"dense_phi": (True, False)},
        "there is no tanh after F5 and F6": {"dense_phi": (False, False)},
        "the maps are laid flat pixel by pixel; they must be laid flat map by map": {"channels_last": True},
    }
    return {sentence: lenet(x, drawn, **way) for sentence, way in ways.items()}


def _matched(got: Array, mistakes: Mapping[str, Array]) -> dict[str, Array]:
    """Keep the mistakes that give what came, but for the digits that float32 has not."""
    limit = 1e-5 * float(np.abs(got).max())
    return {words: got for words, value in mistakes.items() if np.allclose(got, value, rtol=1e-4, atol=limit)}


def _expect_scores(student: Student, rng: Random, batch: int) -> None:
    drawn = draw_parameters(rng)
    x = rng.uniform(size=(batch, 1, 28, 28)).astype(np.float32)
    got = scores_of(student, _with_parameters(student(seed=int(rng.integers(100))), drawn), x)
    expect_close_or_explain(
        got,
        lenet(x, drawn),
        what="what the network gives for other weights",
        causes=lambda: _matched(got, _mistakes(x, drawn)),
    )


def scores_a_batch(student: Student, rng: Random) -> None:
    """gives the scores of five images, with any weights"""
    _expect_scores(student, rng, 5)


def scores_one_image(student: Student, rng: Random) -> None:
    """gives the scores of a batch of one image"""
    _expect_scores(student, rng, 1)


def draws_weights_by_the_seed(student: Student, rng: Random) -> None:
    """draws other first weights for another seed, and the same for the same, 0 if none is given"""
    import torch

    def weights(**options: int) -> list[Array]:
        torch.manual_seed(int(rng.integers(1 << 30)))  # what was drawn before must not matter
        return [as_array(parameter) for parameter in _parameters(student(**options))]

    seed = int(rng.integers(1, 1000))
    first, again, other = weights(seed=seed), weights(seed=seed), weights(seed=seed + 1)
    expect(len(first) > 0, "the network has no parameters")
    expect(_alike(first, again), f"two networks built with the seed {seed} have different weights")
    named = zip(first, other, strict=True)
    stuck = [one.shape for one, two in named if one.ndim > 1 and np.array_equal(one, two)]
    sentence = f"with the seeds {seed} and {seed + 1} the weights of shape {stuck[:1]} are the same"
    expect(not stuck, f"{sentence}: draw all of them anew")
    expect(_alike(weights(), weights(seed=0)), "the seed is not 0 where none is given")


def _alike(one: list[Array], other: list[Array]) -> bool:
    same = (np.array_equal(a, b) for a, b in zip(one, other, strict=False))
    return len(one) == len(other) and all(same)
