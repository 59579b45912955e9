"""Properties of a training loop: what it does to the weights, and the losses that it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import CheckFailed, Student, expect, expect_close
from course_utils.grading.properties.hand_descent import Loop
from course_utils.grading.properties.small_networks import (
    BOOST,
    Weights,
    draw_weights,
    tanh_network,
    weights_of,
)
from course_utils.grading.properties.torch_values import as_input, expect_number
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
EVALUATION = "the network was in evaluation mode, so that dropout would do nothing: call model.train()"
FROM_THE_OUTPUT = ("b_2", "W_2", "b_1", "W_1")  # a gradient that is wrong spoils those behind it


def _draw(rng: Random, count: int, epochs: int, read: int | None = None) -> tuple[Array, Array, Array]:
    """Draw examples, and an order for each epoch."""
    x, t = rng.normal(size=(count, 4)), rng.integers(3, size=count)
    return x, t, np.stack([rng.permutation(count)[:read] for _ in range(epochs)])


def _call(student: Student, network: Any, loop: Loop, **options: Any) -> Any:
    return student(network, as_input(loop.x), as_input(loop.t), as_input(loop.orders), **options)


def _expect_weights(
    network: Any, loop: Loop, weights: Weights, mistakes: Callable[[], Mapping[str, Loop]]
) -> None:
    """Fail unless the network has the weights that the loop gives; mistakes are run only where it has not."""
    got, want = weights_of(network), loop.run(weights)[0]
    for name in FROM_THE_OUTPUT:
        try:
            expect_close(got[name], want[name], rtol=1e-7, what=name)
        except CheckFailed:
            causes = {sentence: other.run(weights)[0][name] for sentence, other in mistakes().items()}
            expect_close(
                got[name],
                want[name],
                rtol=1e-7,
                what=f"{name} after training",
                causes={"the network has not been trained": weights[name]} | causes,
            )


# Task 3: train_epochs


def takes_one_step(student: Student, rng: Random) -> None:
    """moves the weights by exactly one step of gradient descent on a batch"""
    weights = draw_weights(rng)
    loop = Loop(*_draw(rng, 7, 1), batch=7, learning_rate=0.3)
    network = tanh_network(weights)
    _call(student, network, loop, batch=7, learning_rate=0.3)
    _expect_weights(
        network,
        loop,
        weights,
        lambda: {
            "cross_entropy was given probabilities; it takes scores, and does the softmax itself": replace(
                loop, softmax=True
            ),
            "the learning rate counts twice": replace(loop, learning_rate=0.09),
            "the step was taken twice": replace(loop, learning_rate=0.6),
            "the learning rate is 0.1, not the given one": replace(loop, learning_rate=0.1),
            "the sum over the batch was taken; the loss is the mean": replace(loop, summed=True),
            "the weights went uphill": replace(loop, learning_rate=-0.3),
            "the labels were left in their old order": replace(loop, labels="in their old order"),
        },
    )


def forgets_older_gradients(student: Student, rng: Random) -> None:
    """uses the gradient of the batch alone in each step, whatever was there before"""
    weights, stale = draw_weights(rng), float(rng.uniform(0.2, 0.5))
    loop = Loop(*_draw(rng, 9, 2), batch=3, learning_rate=0.2)
    network = tanh_network(weights)
    for parameter in network.parameters():
        parameter.grad = parameter.detach() * 0 + stale
    _call(student, network, loop, batch=3, learning_rate=0.2)
    _expect_weights(
        network,
        loop,
        weights,
        lambda: {
            "the gradients of earlier batches were added: they were never set back": replace(
                loop, keeps=True, stale=stale
            ),
            "the gradients were set back once, not for each batch": replace(loop, keeps=True),
            "a gradient from before counts in the first step: set it back before backward": replace(
                loop, stale=stale
            ),
        },
    )


def keeps_images_and_labels_together(student: Student, rng: Random) -> None:
    """reads images with their own labels, in the order that each epoch is given"""
    weights = draw_weights(rng)
    loop = Loop(*_draw(rng, 8, 3, 6), batch=3, learning_rate=0.2)
    network = tanh_network(weights)
    _call(student, network, loop, batch=3, learning_rate=0.2)
    again = np.repeat(loop.orders[:1], 3, axis=0)
    _expect_weights(
        network,
        loop,
        weights,
        lambda: {
            "the images were put in order, the labels were not": replace(loop, labels="in their old order"),
            "the order of the first epoch was used for all": replace(loop, orders=again),
            "the order was not used at all": replace(loop, orders=np.tile(np.arange(8), (3, 1))),
            "only one epoch was trained": replace(loop, orders=loop.orders[:1]),
        },
    )


def trains_in_training_mode(student: Student, rng: Random) -> None:
    """trains in training mode, also if the network comes in evaluation mode"""
    for training in (False, True):
        weights = draw_weights(rng)
        loop = Loop(*_draw(rng, 8, 2), batch=4, learning_rate=0.1, boost=BOOST)
        network = tanh_network(weights, boost=BOOST).train(training)
        _call(student, network, loop, batch=4, learning_rate=0.1)
        asleep = {EVALUATION: replace(loop, boost=1.0)}
        _expect_weights(network, loop, weights, lambda asleep=asleep: asleep)  # type: ignore[misc]


def takes_the_mean_over_examples(student: Student, rng: Random) -> None:
    """returns the mean loss per example of each epoch, also with a smaller last batch, and trains on that"""
    for count, read, batch in ((11, 11, 4), (9, 7, 6), (5, 5, 8)):
        weights = draw_weights(rng)
        loop = Loop(*_draw(rng, count, 3, read), batch=batch, learning_rate=0.5)
        network = tanh_network(weights)
        got = _call(student, network, loop, batch=batch, learning_rate=0.5)
        expect(
            isinstance(got, list),
            f"the losses must be a list, a number for each epoch; {name_type(got)} came",
        )
        expect(len(got) == 3, f"3 losses were expected, one an epoch; {len(got)} came")
        came = np.array([expect_number(loss, "a loss") for loss in got])
        epochs = loop.run(weights)[1]
        want = np.array([losses.mean() for losses in epochs])
        expect_close(
            came, want, rtol=1e-7, what="the list of losses", causes=_loss_mistakes(loop, weights, epochs)
        )
        _expect_weights(
            network,
            loop,
            weights,
            lambda loop=loop: {"the last, smaller batch was left out": replace(loop, cut=True)},  # type: ignore[misc]
        )


def _loss_mistakes(loop: Loop, weights: Weights, epochs: list[Array]) -> dict[str, Array]:
    size = loop.batch
    parts = [[losses[i : i + size] for i in range(0, len(losses), size)] for losses in epochs]
    causes = {
        "this is the mean of the batches' means; the last batch has fewer examples": [
            np.mean([part.mean() for part in each]) for each in parts
        ],
        "this is the loss of the last batch alone": [each[-1].mean() for each in parts],
        "this is the sum over the batches' means": [sum(part.mean() for part in each) for each in parts],
        "this is the sum over the examples": [losses.sum() for losses in epochs],
        "it is divided by the number of all examples, not of those that the epoch reads": [
            losses.sum() / len(loop.x) for losses in epochs
        ],
        "it is divided by the number of full batches": [
            sum(part.mean() for part in each) / max(1, loop.orders.shape[1] // size) for each in parts
        ],
    }
    if size <= loop.orders.shape[1]:
        fewer = replace(loop, cut=True).run(weights)[1]
        causes["the last, smaller batch was left out"] = [losses.mean() for losses in fewer]
    right = np.array([losses.mean() for losses in epochs])
    arrays = {sentence: np.array(values) for sentence, values in causes.items()}
    return {sentence: values for sentence, values in arrays.items() if not np.allclose(values, right)}


def has_its_defaults(student: Student, rng: Random) -> None:
    """takes batches of 32 and a learning rate of 0.1 where these are left out"""
    weights = draw_weights(rng)
    loop = Loop(*_draw(rng, 45, 2), batch=32, learning_rate=0.1)
    for options in ({}, {"batch": 32}, {"learning_rate": 0.1}):
        network = tanh_network(weights)
        _call(student, network, loop, **options)
        expect(
            network.diary.sizes[:2] == [32, 13],
            f"batches of {network.diary.sizes} examples came, 32 were wanted",
        )
        _expect_weights(network, loop, weights, dict)
