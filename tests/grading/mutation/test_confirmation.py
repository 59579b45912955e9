"""An equivalent is confirmed on random inputs: value, type, shape, dtype and the arguments that are left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.grading.failures import CheckFailed
from course_utils.grading.mutation.confirmation import (
    CALLS,
    Confirmation,
    confirm,
    difference,
    judged,
    load_judges,
)
from course_utils.grading.mutation.laboratory import _codes
from course_utils.grading.mutation.namespace import TaskCode
from course_utils.grading.mutation.outputs import Spoil
from course_utils.grading.mutation.trials import Mutant
from course_utils.grading.selfcheck import load_lab
from course_utils.grading.student import Outcome, Student
from course_utils.grading.tasks import Task

ROOT = Path(__file__).resolve().parents[3]
JUDGES = load_judges(Path(__file__).with_name("judges.py"))
REFERENCE = "def add(x, y):\n    return x + y"


def draws(student: Student, rng: np.random.Generator) -> None:
    """draws two arrays and looks at nothing"""
    student(rng.normal(size=3), rng.normal(size=3))


def request(cell: str) -> Confirmation:
    task = Task("add", ("x", "y"), checks=(draws,))
    return Confirmation(Mutant("add", "another text", cell=cell), TaskCode((REFERENCE,), 0, "add"), task)


@pytest.mark.parametrize(
    "body", ["return y + x", "return x - -y", "return (2 * x + 2 * y) / 2", "return x * (1 + 1e-16) + y"]
)
def test_the_same_to_the_last_bits(body: str) -> None:
    assert confirm(request(f"def add(x, y):\n    {body}")) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return x - y", "it returns array of shape (3,), float64"),
        ("return (x + y) * (1 + 1e-9)", "it returns array of shape (3,), float64"),
        ("return (x + y).astype('float32')", "the reference array of shape (3,), float64"),
        ("return (x + y)[None]", "it returns array of shape (1, 3), float64"),
        ("return list(x + y)", "it returns list of length 3"),
        ("x += y; return x", "it changes the arguments [0] in place, the reference []"),
        ("raise KeyError('x')", "add raised KeyError"),
        ("return x + y if x[0] < 2.3 else x", "it returns array"),
    ],
)
def test_what_differs_is_said(body: str, words: str) -> None:
    assert words in confirm(request(f"def add(x, y):\n    {body}"))


def test_checks_that_call_too_rarely_confirm_nothing() -> None:
    def silent(student: Student, rng: np.random.Generator) -> None:
        """never calls"""

    asked = replace(request(REFERENCE), task=Task("add", ("x", "y"), checks=(silent,)))
    assert confirm(asked) == f"the checks made 0 calls for {CALLS} seeds, {CALLS} calls are wanted"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.0, True),
        (1.0, np.array(1.0), False),
        (1, True, False),
        ((1.0, np.ones(2)), (1.0, np.ones(2)), True),
        ((1.0, np.ones(2)), (1.0, np.zeros(2)), False),
        ((1.0, 2.0), [1.0, 2.0], False),
        ([1.0], [1.0, 2.0], False),
        ({"a": 1.0}, {"a": 1.0}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        ({"a": 1.0}, {"a": 2.0}, False),
        (np.array([np.nan, 1]), np.array([np.nan, 1]), True),
        (np.array([np.inf, 1]), np.array([np.nan, 1]), False),
        (np.array([1, 2]), np.array([1, 3]), False),
        ("a", "a", True),
        ("a", "b", False),
        (None, None, True),
    ],
)
def test_values_are_compared_in_all_their_parts(one: Any, other: Any, same: bool) -> None:
    assert (difference(Outcome(value=one), Outcome(value=other)) == "") == same


def test_without_a_judge_nothing_is_another_right_answer(tmp_path: Path) -> None:
    asked = replace(request(REFERENCE), judges=tmp_path / "none.py")
    assert confirm(asked) == "there is no judge of add: write one, or list the mutant as 'same'"


@pytest.fixture(scope="module")
def codes() -> dict[str, tuple[Task, TaskCode]]:
    found = {}
    for name in ("01_neurons", "02_xor", "05_convolution", "08_lenet"):
        tasks = [task for task in load_lab(name).tasks if task.name in JUDGES]
        read = _codes(ROOT / "solutions" / name / f"{name}.ipynb", tasks)
        found |= {task.name: (task, read[task.name]) for task in tasks}
    return found


NETWORKS = {"build_lenet", "train_lenet"}
SIGN_FREE = {"separate", "separable_terms"}  # the minus of a column and that of its row cancel


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_accepts_the_reference_and_refuses_wrong_answers(name: str, codes: Any) -> None:
    task, code = codes[name]

    def verdict(spoil: Spoil | None) -> str:
        return judged(JUDGES[name], Confirmation(Mutant(name, "", spoil=spoil), code, task))

    assert verdict(None) == ""
    if name in NETWORKS:
        return  # a network is not spoiled entry by entry; the test below has others
    for kind in ("zeros", "negated", "NaN in every entry", "the last entry zero"):
        right = kind == "negated" and name in SIGN_FREE
        assert bool(verdict(Spoil(kind))) != right, kind


def test_every_judge_is_of_a_task(codes: Any) -> None:
    assert set(codes) == set(JUDGES)


def test_a_judge_speaks_by_check_failed() -> None:
    with pytest.raises(CheckFailed, match="more than two hidden units"):
        JUDGES["equality_weights"](
            lambda: (np.ones((3, 2)), np.ones(3), np.ones(3), 0.0), np.random.default_rng(0)
        )


def one_layer(seed: int = 0) -> Any:
    import torch

    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10)).eval()


def test_judges_of_networks_refuse_another_network_and_an_untrained_one() -> None:
    with pytest.raises(CheckFailed, match="not as many weights and biases as LeNet"):
        JUDGES["build_lenet"](one_layer, np.random.default_rng(0))
    with pytest.raises(CheckFailed, match="of 300 digits read right"):
        JUDGES["train_lenet"](lambda *_, seed=0: one_layer(seed), np.random.default_rng(0))
