"""What a student of lab 04 reads: the cause of the mistake; and that the numbers of the checks are right."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from curated import ANSWERS, load_answers

from course_utils.grading.authoring import CheckFailed, Student, expect_close
from course_utils.grading.local import watch
from course_utils.grading.properties import (
    adam,
    batch_norm,
    batch_norm_gradients,
    dropping,
    early_stops,
    momentum,
    schedules,
)
from course_utils.grading.properties.complex_step import gradients_of_arguments
from course_utils.grading.properties.kept_types import CUT_OFF, WIDENED
from course_utils.grading.properties.left_out import WORDS, expect_defaults
from course_utils.grading.properties.named_parts import expect_parts
from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
LAB = load_lab("04_training")
ANSWER = {
    (answer.task, answer.words): answer.function for answer in load_answers(ANSWERS / "lab_04_training.py")
}
CAUSES = {
    ("momentum_step", "plain gradient descent"): "the velocity is not used: this is plain gradient descent",
    (
        "momentum_step",
        "the velocity is not kept: the weights move by the gradient",
    ): "the weights moved by the gradient, not by the velocity",
    (
        "momentum_step",
        "dampened: the gradient times 1 - momentum",
    ): "the gradient was dampened by (1 - momentum)",
    ("momentum_step", "dampened, but not in the first step"): "the gradient was dampened by (1 - momentum)",
    ("momentum_step", "uphill"): "the weights went uphill",
    ("momentum_step", "the velocity points downhill"): "the velocity has the wrong sign",
    (
        "momentum_step",
        "the learning rate is in the velocity",
    ): "the learning rate is in the velocity; here it multiplies",
    ("momentum_step", "no first step: the velocity is 0 there"): "the first step was left out",
    ("momentum_step", "Nesterov's"): "it looks ahead, as Nesterov's momentum does",
    ("momentum_step", "momentum of 0.99 by default"): WORDS,
    ("momentum_step", "entry by entry into copies, which stay whole"): CUT_OFF,
    ("momentum_step", "always float64"): WIDENED,
    (
        "adam_step",
        "the correction as a root of NumPy's, which makes float64 of float32",
    ): WIDENED,
    ("adam_step", "one sum of squares for all weights"): "v is one sum for all weights",
    ("adam_step", "no bias correction"): "the bias is not corrected",
    ("adam_step", "only v is corrected"): "only v is corrected",
    (
        "adam_step",
        "corrected with the number of the step before",
    ): "the correction counts one step too few: ",
    (
        "adam_step",
        "corrected with the state's number, which is 0 in the first step",
    ): "the correction counts one step too few: ",
    ("adam_step", "corrected with the number of the next step"): "the correction counts one step too many: ",
    ("adam_step", "always corrected as in the first step"): "the correction is always that of the first",
    ("adam_step", "epsilon inside the root"): "epsilon stands under the root",
    ("adam_step", "(1 - beta_1) missing"): "(1 - beta_1) is missing",
    ("adam_step", "(1 - beta_2) missing"): "(1 - beta_2) is missing",
    (
        "adam_step",
        "the corrections in the learning rate, and epsilon as it is",
    ): "epsilon was added before the root of v was corrected",
    ("adam_step", "the learning rate is 0.01 by default"): WORDS,
    (
        "learning_rate_at",
        "the warm-up is one step ahead",
    ): "the warm-up is one step ahead: it has step / warmup",
    (
        "learning_rate_at",
        "the warm-up is divided by one step too many",
    ): "the warm-up is divided by one step too many",
    ("learning_rate_at", "whole divisions"): "// cuts the fraction off",
    ("learning_rate_at", "the cosine is not halved"): "the cosine is not halved",
    ("learning_rate_at", "the cosine ends one step too early"): "the cosine ends one step too early",
    ("learning_rate_at", "the larger of cosine and floor"): "the larger of cosine and floor came",
    (
        "learning_rate_at",
        "the cosine rises again after the last step",
    ): "after the last step the cosine rises again",
    ("dropout", "not scaled after training"): "it was not scaled: here the scaling comes after training",
    ("dropout", "scaled twice afterwards"): "it was scaled twice",
    (
        "dropout",
        "scaled twice: while training and afterwards",
    ): "the kept entries were multiplied by 1 - rate; here",
    (
        "dropout",
        "divided while training, and scaled afterwards, too",
    ): "the kept entries were divided by 1 - rate; here",
    ("dropout", "dropout at test time, too"): "entries were dropped; without a seed it is no training",
    ("dropout", "the rate is what is kept"): "the rate is the share to drop, and it was kept",
    ("dropout", "the rate is what is kept, but for 0"): "the rate is the share to drop, and it was kept",
    ("dropout", "one mask for the whole batch"): "all examples have the same entries dropped",
    ("dropout", "whole examples are dropped"): "each example is dropped or kept as a whole",
    ("dropout", "a fixed number of entries is dropped"): "a fixed number is drawn",
    ("dropout", "the seed is not used"): "draw from np.random.default_rng(seed)",
    ("dropout", "the seed is always 0"): "the seed is not used for the draw",
    ("dropout", "seed 0 counts as none"): "with a seed, it is training, seed 0 included",
    ("dropout_backward", "divided by the share that was kept"): "it was divided by 1 - rate",
    ("dropout_backward", "a mask of its own"): "other entries were dropped than the factors say",
    ("dropout_backward", "multiplied by the factors twice"): "it was multiplied by the factors twice",
    ("dropout_backward", "divided by the factors"): "the gradient was divided by the factors",
    (
        "dropout_backward",
        "the entries that were kept, without their places",
    ): "the entries that were kept were picked out",
    ("dropout_backward", "always float64"): WIDENED,
    ("batch_norm", "entry by entry into an array like x, which stays whole"): CUT_OFF,
    ("batch_norm", "the unbiased variance"): "divided by the number of examples less 1",
    ("batch_norm", "over the features of each example"): "each example was normalised; each feature is",
    ("batch_norm", "over the whole array"): "one mean and one variance were taken of all features",
    ("batch_norm", "epsilon outside the root"): "epsilon stands outside the root",
    ("batch_norm", "gamma forgotten"): "gamma is missing",
    ("batch_norm", "epsilon is 1e-3 by default"): WORDS,
    (
        "batch_norm",
        "the mean of the squares less the square of the mean",
    ): "loses its digits far from 0: use np.var",
    (
        "batch_norm_backward",
        "mean and variance as constants",
    ): "mean and variance were treated as constants",
    ("batch_norm_backward", "the variance as a constant"): "the variance was treated as a constant",
    (
        "batch_norm_backward",
        "a product of means",
    ): "a product of two means was taken for the mean of a product",
    ("batch_norm_backward", "gamma_bar with the output"): "y_bar was multiplied by the output",
    ("batch_norm_backward", "the mean as a constant"): "the mean was treated as a constant",
    ("batch_norm_backward", "gamma forgotten"): "gamma is missing",
    ("batch_norm_backward", "no epsilon on the way back"): "epsilon is missing",
    ("batch_norm_backward", "means over the features"): "means over the features were taken",
    ("early_stopping", "the patience is one epoch too long"): "off by one: it stops an epoch too late",
    ("early_stopping", "the patience is one epoch too short"): "off by one: it stops an epoch too early",
    ("early_stopping", "epochs are counted from 0"): "the epochs are counted from 0",
    ("early_stopping", "a tie overwrites the best epoch"): "a tie counts as better",
    ("early_stopping", "NaN counts as better"): "NaN counts as better",
    (
        "early_stopping",
        "the first epoch is taken as the best one, NaN or not",
    ): "the first epoch was taken as the best one",
    ("early_stopping", "min_change is not used"): "min_change is not used",
    ("early_stopping", "min_change with the wrong sign"): "min_change has the wrong sign",
    ("early_stopping", "compared with the epoch before"): "each loss was compared with the one before",
    (
        "early_stopping",
        "the lowest loss creeps down below changes that do not count",
    ): "the lowest loss moved by a change that was too small",
    (
        "early_stopping",
        "the lowest loss of all, and the patience after it",
    ): "the lowest of all losses was taken",
    ("early_stopping", "never stops"): "it never stopped",
    ("clip_by_norm", "each array on its own"): "each gradient was clipped on its own",
    ("clip_by_norm", "clipped when below, too"): "it was clipped although its norm is below the limit",
    ("clip_by_norm", "entry by entry"): "the entries were cut off at the limit",
    ("clip_by_norm", "the norms are added"): "the norms were added",
    ("clip_by_norm", "the root of a Python number, which makes float64 of float32"): WIDENED,
    ("clip_by_norm", "no root"): "the root is missing in the norm",
}
PARTIAL = {  # a mistake that touches one property costs one property
    ("momentum_step", "momentum of 0.99 by default"): 3,
    ("learning_rate_at", "the warm-up begins at the floor"): 2,
    ("dropout", "scaled twice afterwards"): 4,
    ("dropout", "a fixed number of entries is dropped"): 4,
    ("batch_norm", "epsilon outside the root"): 3,
    ("batch_norm_backward", "no epsilon on the way back"): 4.5,
    ("batch_norm_backward", "the variance as a constant"): 3,
    ("early_stopping", "a tie overwrites the best epoch"): 3,
    ("early_stopping", "NaN counts as better"): 3,
}


def score(task: str, function: Any, seed: int) -> Score:
    return score_function(LAB.by_name[task], function, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), CAUSES)
def test_report_names_the_cause(task: str, words: str, seed: int) -> None:
    report = score(task, ANSWER[task, words], seed).report()
    causes = [line for line in report.splitlines() if line.startswith("cause     ")]
    assert len(causes) == 1, report
    assert CAUSES[task, words] in causes[0]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), PARTIAL)
def test_mistake_of_one_kind_keeps_the_points_of_the_rest(task: str, words: str, seed: int) -> None:
    assert score(task, ANSWER[task, words], seed).points == PARTIAL[task, words]


def test_squares_of_sums_are_named_where_they_clip_too_little_or_too_much() -> None:
    report = score("clip_by_norm", ANSWER["clip_by_norm", "the squares of the sums"], 0).report()
    assert "cause     the entries were added before they were squared; square each entry" in report


def test_no_state_of_adam_after_one_step_tells_two_mistakes_apart() -> None:
    for words in (
        "the corrected means are kept as the state",
        "(1 - beta) missing twice, and no bias correction",
    ):
        report = score("adam_step", ANSWER["adam_step", words], 0).report()
        assert "(1 - beta_1) and (1 - beta_2) are missing; or the corrected means came as the state" in report


# ----------------------------------------------------------------------- the numbers of the checks are right


def weights_and_gradients(seed: int, steps: int = 6) -> tuple[Any, list[Any]]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(3, 2)), list(rng.normal(size=(steps, 3, 2)))


def torch_path(make: Any, w: Any, gradients: list[Any]) -> tuple[list[Any], Any]:
    """Return the weights after each step of one of PyTorch's optimisers, and its state at the end."""
    leaf = torch.tensor(w.copy(), requires_grad=True)
    optimiser, path = make([leaf]), []
    for w_bar in gradients:
        leaf.grad = torch.tensor(w_bar)
        optimiser.step()
        path.append(leaf.detach().numpy().copy())
    return path, optimiser.state[leaf]


def test_velocity_is_that_of_pytorch() -> None:
    w, gradients = weights_and_gradients(1)
    path, state = torch_path(lambda p: torch.optim.SGD(p, lr=0.3, momentum=0.8), w, gradients)
    for k, right in enumerate(path):
        w = w - 0.3 * momentum._sum_of_gradients(gradients[: k + 1], 0.8)
        np.testing.assert_allclose(w, right, atol=1e-12)
    velocity = momentum._sum_of_gradients(gradients, 0.8)
    np.testing.assert_allclose(velocity, state["momentum_buffer"], atol=1e-12)


def test_steps_of_adam_are_those_of_pytorch() -> None:
    w, gradients = weights_and_gradients(2)
    settings = adam.Settings(0.2, 0.7, 0.95, 1e-3)
    path, state = torch_path(lambda p: torch.optim.Adam(p, lr=0.2, betas=(0.7, 0.95), eps=1e-3), w, gradients)
    for k, right in enumerate(path):
        w = adam._next_weights(w, gradients[: k + 1], settings)
        np.testing.assert_allclose(w, right, atol=1e-12)
    m, v, count = adam._state(gradients, settings)
    np.testing.assert_allclose(m, state["exp_avg"], atol=1e-12)
    np.testing.assert_allclose(v, state["exp_avg_sq"], atol=1e-12)
    assert count == state["step"] == 6


def test_falling_rate_is_that_of_pytorch() -> None:
    optimiser = torch.optim.SGD([torch.zeros(1)], lr=0.75)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=9, eta_min=0.25)
    for step in range(4, 14):
        assert schedules._rate(step, 13, 0.75, warmup=4, floor=0.25) == pytest.approx(fall.get_last_lr()[0])
        optimiser.step()
        fall.step()
    rise = [schedules._rate(step, 13, 0.75, warmup=4, floor=0.25) for step in range(4)]
    assert rise == pytest.approx([0, 0.1875, 0.375, 0.5625])
    assert schedules._rate(40, 13, 0.75, warmup=4, floor=0.25) == 0.25


def test_normalised_batch_and_its_gradients_are_those_of_pytorch() -> None:
    rng = np.random.default_rng(3)
    x, y_bar = rng.normal(size=(2, 5, 3)) + 2
    gamma, beta = rng.normal(size=(2, 3))
    leaves = [torch.tensor(part, requires_grad=True) for part in (x, gamma, beta)]
    y = torch.nn.functional.batch_norm(leaves[0], None, None, *leaves[1:], training=True, eps=0.01)
    y.backward(torch.tensor(y_bar))
    np.testing.assert_allclose(batch_norm._normalise(x, gamma, beta, 0.01), y.detach(), atol=1e-12)
    found = gradients_of_arguments(
        lambda *parts: batch_norm_gradients._forward(*parts, 0.01), y_bar, (x, gamma, beta)
    )
    for got, leaf in zip(found, leaves, strict=True):
        np.testing.assert_allclose(got, leaf.grad, atol=1e-12)


def test_margin_is_met_by_all_but_a_trillionth_of_right_draws() -> None:
    tosses = 20_000
    assert 2 * math.exp(-2 * tosses * dropping._margin(tosses) ** 2) == pytest.approx(dropping.CHANCE)
    shares = np.random.default_rng(0).binomial(tosses, 0.3, size=10_000) / tosses
    assert np.abs(shares - 0.3).max() < dropping._margin(tosses) < 0.03


@pytest.mark.parametrize("words", [words for task, words in ANSWER if task == "dropout"][:3])
def test_right_dropout_passes_for_many_seeds(words: str) -> None:
    wrong = [seed for seed in range(100) if not score("dropout", ANSWER["dropout", words], seed).right]
    assert not wrong


def test_rule_that_explains_early_stops_is_right_where_no_mistake_is_made() -> None:
    student = watch("early_stopping", ("losses", "patience"), 10, lambda *a, **k: early_stops._stop(*a, **k))
    losses = [5.0, 4.0, 4.5, 4.0, 3.0]
    assert student(losses, 2, min_change=0.0) == (4, 2)
    assert student(losses, 3, min_change=0.0) == (5, 5)
    assert student(losses, 3, min_change=2.0) == (4, 1)


# -------------------------------------------------------------------------------------------------- helpers


def shifted(x: float, by: float = 1.0) -> float:
    return x + by


def student_of(function: Any) -> Student:
    return watch("shifted", ("x",), 1, function)


def test_wrong_default_is_named_and_what_was_given_stays() -> None:
    student = student_of(shifted)
    with pytest.raises(CheckFailed, match=f"5 came, 6 was expected\ncause     {WORDS}$"):
        expect_defaults(
            student,
            lambda: expect_close(student(4.0), 6.0),
            lambda: expect_close(student(4.0, by=2.0), 6.0),
        )
    assert student.given == {"x": 4.0}


def test_default_is_not_blamed_where_the_options_do_not_help() -> None:
    student = student_of(shifted)
    with pytest.raises(CheckFailed) as failed:
        expect_defaults(
            student,
            lambda: expect_close(student(4.0), 7.0),
            lambda: expect_close(student(4.0, by=2.0), 7.0),
        )
    assert "cause" not in str(failed.value)
    expect_defaults(student, lambda: expect_close(student(4.0), 5.0), lambda: pytest.fail("not needed"))


def test_mistake_that_explains_all_parts_comes_before_one_that_explains_a_part() -> None:
    def mistakes() -> dict[str, tuple[float, float]]:
        return {"half of it": (1.0, 9.0), "all of it": (1.0, 2.0), "nothing": (5.0, 6.0)}

    with pytest.raises(CheckFailed, match=r"(?s)^b is not what was expected.*cause     all of it$"):
        expect_parts((5.0, 2.0), (5.0, 6.0), what=("a", "b"), mistakes=mistakes)
    with pytest.raises(CheckFailed, match=r"(?s)^a is not what was expected.*cause     all of it$"):
        expect_parts((1.0, 2.0), (5.0, 6.0), what=("a", "b"), mistakes=mistakes)
    with pytest.raises(CheckFailed, match=r"(?s)^a is not what was expected.*cause     half of it$"):
        expect_parts((1.0, 7.0), (5.0, 6.0), what=("a", "b"), mistakes=mistakes)
    with pytest.raises(CheckFailed, match=r"a tuple \(a, b\) was expected"):
        expect_parts(3.0, (5.0, 6.0), what=("a", "b"), mistakes=lambda: pytest.fail("not needed"))
    expect_parts([5.0, 6.0], (5.0, 6.0), what=("a", "b"), mistakes=lambda: pytest.fail("not needed"))
