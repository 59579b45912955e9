"""Properties of using a trained network: its scores, loss and accuracy, in evaluation mode."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_close
from course_utils.grading.properties.small_networks import Normed, normed_network
from course_utils.grading.properties.torch_values import as_input, expect_number, expect_tensor
from course_utils.grading.tensors import as_array
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator


def _state(normed: Normed) -> dict[str, Array]:
    return {name: as_array(value) for name, value in normed.network.state_dict().items()}


def _expect_scores(got: Any, normed: Normed, x: Array) -> None:
    y = expect_tensor(got, kind="float64", what="the tensor of scores")
    want = normed.scores(x)
    causes = {
        "the scores went through a softmax": np.exp(want) / np.exp(want).sum(axis=1, keepdims=True),
        "these are the scores of the last batch alone": want[-(len(x) % 4 or 4) :],
        "these are the scores of the first batch alone": want[:4],
    }
    causes = {sentence: value for sentence, value in causes.items() if value.shape == y.shape}
    expect_close(y, want, rtol=1e-7, what="the tensor of scores", causes=causes)


# Task 4: predict


def scores_in_evaluation_mode(student: Student, rng: Random) -> None:
    """gives the scores in evaluation mode, whatever mode the network came in"""
    for training in (True, False):
        normed, x = normed_network(rng), rng.normal(size=(6, 4))
        normed.network.train(training)
        got = student(normed.network, as_input(x), 6)
        modes = normed.network.diary.trained
        expect(not any(modes), "the network, or a layer of it, ran in training mode: call model.eval() first")
        _expect_scores(got, normed, x)


def leaves_the_network_as_it_was(student: Student, rng: Random) -> None:
    """leaves the network in the mode in which it came, and its weights and statistics as they are"""
    for training in (True, False):
        normed, x = normed_network(rng), rng.normal(size=(5, 4))
        normed.network.train(training)
        before = _state(normed)
        student(normed.network, as_input(x))
        names = ("evaluation", "training")
        came, left = names[training], names[bool(normed.network.training)]
        expect(came == left, f"the network came in {came} mode and was left in {left} mode")
        parts = {layer.training for layer in normed.network}
        expect(
            parts == {training}, f"the network came in {came} mode, but a layer of it was left in the other"
        )
        changed = [name for name, value in _state(normed).items() if not np.array_equal(value, before[name])]
        expect(not changed, f"these parts of the network changed: {', '.join(changed)}")


def keeps_no_graph(student: Student, rng: Random) -> None:
    """runs the network without keeping what a backward pass would need"""
    normed, x = normed_network(rng), rng.normal(size=(9, 4))
    got = student(normed.network, as_input(x), 4)
    expect_tensor(got, shape=(9, 3), what="the tensor of scores")
    sentence = "a backward pass was prepared for, which takes memory: write `with torch.no_grad():`"
    expect(not any(normed.network.diary.graphs), sentence)
    expect(not got.requires_grad, "the scores carry a gradient: write `with torch.no_grad():`")


def goes_batch_by_batch(student: Student, rng: Random) -> None:
    """gives the network no more examples at a time than it may, 100 if nothing is said, and all in order"""
    for count, batch in ((11, 4), (8, 4), (3, 5), (1, 1)):
        normed, x = normed_network(rng), rng.normal(size=(count, 4))
        got = student(normed.network, as_input(x), batch=batch)
        _expect_sizes(normed, [min(batch, count - i) for i in range(0, count, batch)])
        _expect_scores(got, normed, x)
    normed, x = normed_network(rng), rng.normal(size=(230, 4))
    got = student(normed.network, as_input(x))
    _expect_sizes(normed, [100, 100, 30])
    _expect_scores(got, normed, x)


def _expect_sizes(normed: Normed, want: list[int]) -> None:
    got = normed.network.diary.sizes
    expect(got == want, f"the network was given {got} examples at a time, {want} were expected")


# Task 5: evaluate


def _figures(scores: Array, t: Array) -> tuple[Array, Array]:
    """Give each example's loss, and whether it is read right."""
    losses = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(t)), t]
    return losses, scores.argmax(axis=1) == t


def _pair(got: Any) -> tuple[float, float]:
    pair = isinstance(got, tuple | list) and len(got) == 2
    expect(pair, f"a pair (loss, accuracy) was expected, {name_type(got)} came")
    return expect_number(got[0], "the loss"), expect_number(got[1], "the accuracy")


def _case(rng: Random, count: int) -> tuple[Normed, Array, Array]:
    """Draw a network, examples, and labels that it reads right and wrong in about equal parts."""
    normed, x = normed_network(rng), rng.normal(size=(count, 4))
    best = normed.scores(x).argmax(axis=1)
    wrong = rng.permutation(count) < max(1, count // 3)
    return normed, x, np.where(wrong, (best + 1) % 3, best)


def gives_the_mean_loss(student: Student, rng: Random) -> None:
    """gives the mean loss per example, also with a smaller last batch"""
    for count, batch in ((10, 4), (9, 9)):
        normed, x, t = _case(rng, count)
        loss, _ = _pair(student(normed.network, as_input(x), as_input(t), batch=batch))
        losses, right = _figures(normed.scores(x), t)
        parts = [losses[i : i + batch] for i in range(0, count, batch)]
        p = np.exp(normed.scores(x))
        causes = {
            "cross_entropy was given probabilities; it takes scores": _figures(
                p / p.sum(axis=1, keepdims=True), t
            )[0].mean(),
            "this is the mean of the batches' means; the last batch has fewer examples": np.mean(
                [part.mean() for part in parts]
            ),
            "this is the sum over the examples": losses.sum(),
            "this is the sum over the batches' means": sum(part.mean() for part in parts),
            "this is the loss of the last batch alone": parts[-1].mean(),
        }
        causes = {words: value for words, value in causes.items() if not np.isclose(value, losses.mean())}
        causes["loss and accuracy are exchanged"] = right.mean()
        if any(normed.network.diary.trained):
            causes = {"the network ran in training mode: use your predict": loss}
        expect_close(loss, losses.mean(), rtol=1e-7, what="the loss", causes=causes)


def gives_the_accuracy(student: Student, rng: Random) -> None:
    """gives the share of examples that are read right, also with a smaller last batch"""
    for count, batch in ((11, 4), (7, 7)):
        normed, x, t = _case(rng, count)
        _, accuracy = _pair(student(normed.network, as_input(x), as_input(t), batch=batch))
        _, right = _figures(normed.scores(x), t)
        parts = [right[i : i + batch] for i in range(0, count, batch)]
        causes = {
            "this is the number of right answers; the share was expected": right.sum(),
            "this is the share in per cent": 100 * right.mean(),
            "this is the share of wrong answers": 1 - right.mean(),
            "this is the mean of the batches' shares; the last batch has fewer examples": np.mean(
                [part.mean() for part in parts]
            ),
        }
        causes = {words: value for words, value in causes.items() if not np.isclose(value, right.mean())}
        if any(normed.network.diary.trained):
            causes = {"the network ran in training mode: use your predict": accuracy}
        expect_close(accuracy, right.mean(), rtol=1e-7, what="the accuracy", causes=causes)


def evaluates_in_evaluation_mode(student: Student, rng: Random) -> None:
    """measures in evaluation mode, batch by batch, and leaves the network as it was"""
    for count, batch in ((9, {"batch": 4}), (130, {})):
        normed, x, t = _case(rng, count)
        before = _state(normed)
        loss, accuracy = _pair(student(normed.network.train(), as_input(x), as_input(t), **batch))
        expect(not any(normed.network.diary.trained), "the network ran in training mode: use your predict")
        sizes = normed.network.diary.sizes
        most = batch.get("batch", 100)
        expect(
            max(sizes) == most, f"the network was given {sizes} examples at a time, at most {most} are wanted"
        )
        losses, right = _figures(normed.scores(x), t)
        expect_close(
            (loss, accuracy), (losses.mean(), right.mean()), rtol=1e-7, what=("the loss", "the accuracy")
        )
        expect(normed.network.training is True, "the network came in training mode and was left in the other")
        same = all(np.array_equal(value, before[name]) for name, value in _state(normed).items())
        expect(same, "a part of the network changed: weights or statistics")
