"""What a student of lab 03 reads: the cause of the mistake that was made, whatever the inputs."""

from __future__ import annotations

import numpy as np
import pytest
from curated import ANSWERS, load_answers

from course_utils.grading.properties.formulas import Formula
from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
LAB = load_lab("03_backprop")
OWN_LIMIT = "cause     each entry got a limit of its own; "
CAUSES = {
    (
        "neuron_gradients",
        "central differences: measured, not derived",
    ): "cause     it is nearly right, as meas",
    ("neuron_gradients", "decay in place of decay * w"): "is decay * w: w is missing\n",
    ("numeric_gradient", "moves a whole row at once"): "cause     a whole row was moved at once; ",
    ("wrong_entries", "a limit for each entry, relative to it"): OWN_LIMIT,
    ("wrong_entries", "a tolerance that never falls below 1e-6"): "given is not used: it counts as 1e-6\n",
    (
        "logsumexp",
        "the first entry of each row in place of the largest",
    ): "m is the first entry of each row; ",
    ("logsumexp", "the last entry of each row in place of the largest"): "m is the last entry of each row; ",
    (
        "cross_entropy_backward",
        "the numbers of the classes taken away",
    ): "t holds the numbers of the classes; ",
    (
        "cross_entropy_backward",
        "float64 always, from the targets",
    ): "z_bar has dtype float64, expected float32",
    ("train", "the gradients are set back inside the loop over the batches"): "only the last batch counts: ",
    ("train", "divided by the rows again"): "cause     divided by the number of rows again; ",
    (
        "train",
        "a rule is wrong: the square is missing in the slope of tanh",
    ): "maybe a rule of tasks 5 to 12 is wrong: check them first\n",
}


def score_answer(task: str, words: str, seed: int) -> Score:
    answers = load_answers(ANSWERS / "lab_03_backprop.py")
    (found,) = (answer for answer in answers if (answer.task, answer.words) == (task, words))
    return score_function(LAB.by_name[task], found.function, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), CAUSES)
def test_report_names_the_cause(task: str, words: str, seed: int) -> None:
    assert CAUSES[task, words] in score_answer(task, words, seed).report() + "\n"


def test_function_that_is_given_is_shown_so_that_it_can_be_tried() -> None:
    report = score_answer("numeric_gradient", "forward differences", 0).report()
    shown = report.split("f = ")[1].split("\n          x = ")[0]
    text, *constants = (line.strip() for line in shown.splitlines())
    values = {name: eval(value, {"np": np}) for name, value in (line.split(" = ") for line in constants)}
    assert sorted(values) == ["a", "b", "w"]
    x = np.array([1.0, 0.5, 2.0])
    a, b, w = values["a"], values["b"], values["w"]
    assert eval(text, {"np": np, **values})(x) == np.sum(a * x**3 + b * x**2) + np.sum(w * x) ** 2


def test_formula_is_called_with_its_constants() -> None:
    assert Formula("lambda x, y: scale * (x + y)", scale=10.0)(1, 2) == 30
    assert repr(Formula("lambda x: scale * x", scale=1e6)) == "lambda x: scale * x\nscale = 1e+06"
