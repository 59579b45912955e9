"""What a student of lab 08 reads: the cause of the mistake that was made, whatever the inputs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from curated import ANSWERS, load_answers

from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
LAB = load_lab("08_lenet")
CAUSES = {
    ("build_lenet", "a softmax at the end"): "cause     the network ends with a softmax; ",
    ("build_lenet", "maximum in place of mean"): "cause     the largest of each 2 x 2 in place of the mean\n",
    ("build_lenet", "tanh after pooling"): "cause     tanh comes after pooling; it must come before\n",
    ("build_lenet", "C1 not padded"): "cause     C1 is not padded by 2: ",
    ("build_lenet", "the class in place of a network"): "the class LeNet, not a network: call it, LeNet()\n",
    (
        "build_lenet",
        "no forward method",
    ): "the network has no forward method, or one that is not written yet\n",
    ("build_lenet", "always the same seed"): "are the same: draw all of them anew\n",
    ("count_lenet", "square images only"): "cause     height and width are taken as equal",
    ("count_lenet", "pooling rounds up"): "cause     pooling leaves out a row or column that is left over; ",
    ("count_lenet", "biases counted among the weights"): "cause     the biases are counted as weights; ",
    ("count_lenet", "C3 padded as well"): "C3 is counted as if it were padded, too",
    ("train_epochs", "gradients never set back"): "cause     the gradients of earlier batches were added: ",
    (
        "train_epochs",
        "gradients set back after the step: what was there before counts",
    ): "cause     a gradient from before counts in the first step: ",
    ("train_epochs", "softmax before cross-entropy"): "cause     cross_entropy was given probabilities; ",
    ("train_epochs", "images in order, labels not"): "cause     the labels were left in their old order\n",
    ("train_epochs", "left in evaluation mode"): "cause     the network was in evaluation mode, ",
    ("train_epochs", "the mean of the batches' means"): "cause     this is the mean of the batches' means; ",
    ("train_epochs", "the learning rate applied twice: two steps"): "cause     the step was taken twice\n",
    ("train_epochs", "the losses as tensors with their graphs"): "came: take its .item()\n",
    ("predict", "left in evaluation mode"): "came in training mode and was left in evaluation mode\n",
    ("predict", "all examples at once"): "was given [11] examples at a time, [4, 4, 3] were expected\n",
    ("predict", "with gradients"): "a backward pass was prepared for, which takes memory: ",
    ("predict", "a NumPy array"): "the tensor of scores is no tensor but: array of shape (6, 3), float64\n",
    ("evaluate", "in training mode"): "cause     the network ran in training mode: use your predict\n",
    ("evaluate", "the number of right answers"): "cause     this is the number of right answers; ",
    ("evaluate", "accuracy first"): "cause     loss and accuracy are exchanged\n",
    ("confusion_matrix", "rows and columns exchanged"): "cause     rows and columns are exchanged: ",
    (
        "confusion_matrix",
        "a pair that repeats counted once",
    ): "cause     a pair that occurs twice was counted ",
    (
        "most_confused",
        "the diagonal counts, too",
    ): "cause     right answers, on the diagonal, are no mistakes\n",
    ("most_confused", "the last of several equal pairs"): "of several equal pairs the first one is wanted\n",
    ("diagnose", "the lowest single loss of validation"): "cause     rule 2 does not apply: ",
    ("diagnose", "NaN is not asked for"): "cause     rule 1 applies: a loss is NaN or infinite, ",
    ("diagnose", "other words"): "'good'; 'too slow' came\n",
    ("train_lenet", "untrained"): "cause     it reads those that it was trained on no better: ",
    (
        "train_lenet",
        "the most similar image that was given, kept as a part of the network",
    ): "the network keeps 392001 numbers, at most 100000 are allowed\n",
    (
        "train_lenet",
        "the most similar image that was given, kept beside the network",
    ): "the network reads as well with its weights mixed up: ",
    ("train_lenet", "the given images by heart, and nothing else"): "it has learned them by heart\n",
}


def score_answer(task: str, words: str, seed: int) -> Score:
    answers = load_answers(ANSWERS / "lab_08_lenet.py")
    (found,) = (answer for answer in answers if (answer.task, answer.words) == (task, words))
    return score_function(LAB.by_name[task], found.function, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), CAUSES)
def test_report_names_the_cause(task: str, words: str, seed: int) -> None:
    assert CAUSES[task, words] in score_answer(task, words, seed).report() + "\n"


def test_report_shows_tensors_and_networks_by_what_they_are() -> None:
    report = score_answer("predict", "with gradients", 0).report()
    assert "model = a network of type Sequential" in report
    assert "x = tensor of shape (9, 4), float64" in report


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("gradients never set back", 1 / 6),
        ("left in evaluation mode", 5 / 6),
        ("the mean of the batches' means", 5 / 6),
        ("softmax before cross-entropy", 0.0),
    ],
)
def test_loop_that_is_partly_right_gets_its_share(words: str, share: float) -> None:
    score = score_answer("train_epochs", words, 0)
    assert score.points == pytest.approx(share * score.of, abs=0.01)


def test_network_that_reads_nine_in_ten_gets_more_than_one_that_reads_nothing() -> None:
    untrained = score_answer("train_lenet", "untrained", 0)
    assert [entry.ok for entry in untrained.properties] == [True, False, False]
    assert untrained.points == 3


def test_loading_the_lab_loads_no_pytorch() -> None:
    script = (
        "import sys; from course_utils.grading.selfcheck import load_lab; load_lab('08_lenet'); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=120).returncode == 0
