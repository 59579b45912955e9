"""What a student of lab 02 reads: the cause of the mistake that was made, whatever the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from curated import ANSWERS, load_answers

from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
TURNED = "cause     the places have a minus sign; b holds the places themselves, without it\n"
ROUNDED = "cause     the steepness is rounded, or found by trying; return it unrounded\n"
CAUSES = {
    ("collapse", "the biases are added up"): "the first bias was added without passing through W_2\n",
    ("collapse", "W is already new where the bias is carried"): "compute b before W is replaced\n",
    ("collapse", "no bias at all"): "the biases were forgotten\n",
    ("collapse", "the matrices are multiplied in the wrong order"): "the last layer stands on the left\n",
    ("collapse", "everything becomes one layer, as in the lecture"): "cause     everything was merged; ",
    ("collapse", "nothing is merged"): "cause     nothing was merged\n",
    ("collapse", "tanh does not count as a bend"): "cause     tanh bends too: ",
    ("collapse", "relu does not count as a bend"): "cause     relu bends too: ",
    ("collapse", "a merged layer has its first layer's activation"): "keeps the activation of its last layer",
    (
        "collapse",
        "an identity layer is merged into the one before it",
    ): "it is identity; merge it into the next",
    (
        "collapse",
        "only identity with identity is merged",
    ): "cause     only identity with identity was merged; ",
    ("collapse", "the last layer is lost when it is identity"): "cause     the last layer is gone: ",
    (
        "collapse",
        "two equal activations are merged, relu with relu too",
    ): "bend in the same way were merged; ",
    ("collapse", "one pair (W, b), as in the lecture"): "collapse must return a list of triples (W, b, activ",
    ("threshold_network", "the hidden biases are forgotten"): "the hidden biases were forgotten\n",
    ("threshold_network", "the hidden biases are subtracted: z has a minus sign"): "biases were subtracted\n",
    ("threshold_network", "the output's bias alone"): "cause     every entry is zero\n",
    ("steepness_for", "rounded to four decimals"): ROUNDED,
    ("steepness_for", "rounded to two decimals"): ROUNDED,
    ("steepness_for", "searched in whole numbers"): ROUNDED,
    ("steepness_for", "the margin is ignored"): "cause     the margin was left out\n",
    ("steepness_for", "multiplied by the margin"): "cause     multiplied by the margin; ",
    ("box_weights", "the places have the wrong sign"): TURNED,
    ("box_weights", "the places have the wrong sign, and the height is ignored"): TURNED,
    ("box_weights", "the width in place of the right end"): "cause     the second place is the width; ",
    ("box_weights", "the height is 2 by default"): "cause     the curve is 2 times as high as asked\n",
    ("box_weights", "zeros"): "cause     the curve is 0 at every x that was tried\n",
    ("box_weights", "a tenth too far to the right"): "cause     a unit switches on at x = 2.6, where the box",
    ("relu_tent", "the biases have the wrong sign"): "cause     the units bend at minus the places: ",
    ("relu_tent", "the slopes in v are forgotten in the biases"): "b must be -v times the place\n",
    ("relu_tent", "w and v are exchanged"): "cause     w and v are exchanged: ",
    ("relu_tent", "w and v are exchanged, and the biases are minus the places"): "w and v are exchanged: ",
    ("relu_tent", "the third unit is missing"): "cause     the curve goes on falling after right: ",
    (
        "relu_tent",
        "the second and third place are widths",
    ): "cause     a unit bends at x = 2 (that is -b / v)",
    ("relu_tent", "the weights are the slopes"): "each must be the change of the slope at its place\n",
    (
        "relu_tent",
        "both sides have the slope of the rise",
    ): "rise and fall have the same slope in your weights",
    ("relu_tent", "the height is ignored"): "cause     the height was left out: it is always 1\n",
    ("relu_tent", "zeros"): "cause     the curve is 0 at every x that was tried\n",
    ("staircase", "the places have the wrong sign"): TURNED,
    ("staircase", "the places have the wrong sign, and the weights are the heights"): TURNED,
    ("staircase", "the first step is forgotten"): "cause     the first step, up from 0, is missing\n",
    ("staircase", "edges at equal distances"): "cause     a unit switches on at x = ",
    ("staircase", "zeros"): "cause     the curve is 0 at every x that was tried\n",
}
WRONG = {
    (answer.task, answer.words): answer.function
    for answer in load_answers(ANSWERS / "lab_02_xor.py")
    if not answer.is_right
}


def score_of(task: str, function: Any, seed: int) -> Score:
    return score_function(load_lab("02_xor").by_name[task], function, np.random.default_rng(seed))


@pytest.mark.parametrize(("task", "words"), CAUSES, ids=str)
def test_plausible_mistake_is_named(task: str, words: str) -> None:
    for seed in SEEDS:
        assert CAUSES[task, words] in score_of(task, WRONG[task, words], seed).report()


@pytest.mark.parametrize(
    ("task", "words", "points"),
    [
        ("collapse", "the biases are added up", 1.5),
        ("collapse", "W is already new where the bias is carried", 1.5),
        ("collapse", "everything becomes one layer, as in the lecture", 1.5),
        ("collapse", "two layers are needed", 2.25),
        ("threshold_network", "the hidden biases are subtracted: z has a minus sign", 1),
        ("relu_tent", "the third unit is missing", 2),
        ("relu_tent", "the height is ignored", 3),
        ("relu_tent", "all right, and six units", 3),
        ("relu_tent", "zeros", 0),
    ],
)
def test_mistake_costs_its_own_properties_only(task: str, words: str, points: float) -> None:
    for seed in SEEDS:
        assert score_of(task, WRONG[task, words], seed).points == points
