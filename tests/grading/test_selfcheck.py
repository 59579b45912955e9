from __future__ import annotations

import subprocess
import sys
import types
import zlib
from typing import Any

import numpy as np
import pytest

from course_utils.grading import CheckFailed, TaskOpen, open_lab
from course_utils.grading.authoring import Lab, Student, Task, expect_close, score, score_function
from course_utils.grading.selfcheck import SEED, Checker, lab_names, load_lab
from course_utils.grading.student import Outcome

SEEN: list[float] = []


def doubles(student: Student, rng: np.random.Generator) -> None:
    """Doubles its input."""
    x = float(rng.normal())
    SEEN.append(x)
    expect_close(student(x), 2 * x)


def is_odd(student: Student, rng: np.random.Generator) -> None:
    """Is an odd function."""
    expect_close(student(-1.0) + student(1.0), 0.0)


def keeps_zero(student: Student, rng: np.random.Generator) -> None:
    """Maps zero to zero."""
    expect_close(student(0.0), 0.0)


LAB = Lab(
    "91_tiny",
    (Task("double", ("x",), points=2, checks=(doubles, is_odd, keeps_zero)),),
    ("torch", "scipy.signal"),
)
check = Checker(LAB)


def double(x: float) -> float:
    return 2 * x


def identity(x: float) -> float:
    return x


def one_more(x: float) -> float:
    return 2 * x + 1


def stub(x: float) -> float:
    raise NotImplementedError


@pytest.fixture(autouse=True)
def _forget() -> None:
    SEEN.clear()


def test_unknown_lab_lists_the_known_ones_and_the_nearest() -> None:
    with pytest.raises(
        ValueError,
        match=r"there is no lab '01_neuron'; the labs are 01_neurons.*; did you mean '01_neurons'\?",
    ):
        open_lab("01_neuron")


def test_unknown_task_lists_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"lab '91_tiny' has no task 'duoble'; its tasks are double; did you mean"
    ):
        check("duoble", double)


@pytest.mark.parametrize("name", lab_names())
def test_every_lab_opens(name: str) -> None:
    checker = open_lab(name)
    assert checker.lab.name == name
    assert repr(checker).startswith(f"the checks of lab {name!r}: ")


def test_lab_is_found_among_the_modules_of_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("course_utils.grading.checks.91_tiny")
    module.LAB = LAB  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr("course_utils.grading.selfcheck.lab_names", lambda: ["91_tiny"])
    assert load_lab("91_tiny") is LAB


def test_inputs_are_the_same_each_time_and_in_each_process() -> None:
    check("double", double)
    check("double", double)
    [stream, *_] = np.random.default_rng(zlib.crc32(b"91_tiny/double")).spawn(3)
    first = stream.normal()
    assert SEEN[0] == SEEN[1] == first


def test_wrong_answer_raises_outside_grading_though_a_property_holds() -> None:
    with pytest.raises(CheckFailed, match="double fails: doubles its input"):
        check("double", identity)


def grade(monkeypatch: pytest.MonkeyPatch, function: Any, seed: str = "") -> Any:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv(SEED, seed)
    return check("double", function)


def test_grading_gives_full_points_as_a_plain_float(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    points = grade(monkeypatch, double, "5")
    assert points == 2.0
    assert type(points) is float
    assert capsys.readouterr().out == f"fresh inputs, {SEED}=5\n[ok] double: right (3 properties hold)\n"


def test_grading_gives_partial_points_and_prints_the_report(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert grade(monkeypatch, identity) == 1.33
    captured = capsys.readouterr()
    assert "[no] doubles its input\n[ok] is an odd function\n[ok] maps zero to zero" in captured.out
    assert captured.err == ""


def test_grading_raises_where_nothing_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CheckFailed, match="doubles its input"):
        grade(monkeypatch, one_more)
    with pytest.raises(TaskOpen, match="is open"):
        grade(monkeypatch, stub)


def test_grading_draws_fresh_inputs_unless_the_seed_is_given(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    grade(monkeypatch, double)
    used = capsys.readouterr().out.split("=")[1].split()[0]
    grade(monkeypatch, double)
    assert SEEN[0] != SEEN[1]
    grade(monkeypatch, double, used)
    assert SEEN[2] == SEEN[0]


@pytest.mark.parametrize("seed", ["today", "-1", "1.5", "²"])
def test_seed_that_is_no_whole_number_is_refused(monkeypatch: pytest.MonkeyPatch, seed: str) -> None:
    with pytest.raises(ValueError, match=f"{SEED} is '{seed}', expected a whole number"):
        grade(monkeypatch, double, seed)


def test_score_is_pure_and_says_each_property() -> None:
    task = LAB.by_name["double"]
    one, two = (score_function(task, identity, np.random.default_rng(3)) for _ in range(2))
    assert one == two
    assert (one.points, one.of, one.right, one.open) == (1.33, 2.0, False, False)
    assert [(entry.sentence, entry.ok) for entry in one.properties] == [
        ("doubles its input", False),
        ("is an odd function", True),
        ("maps zero to zero", True),
    ]
    assert "double fails: doubles its input" in one.properties[0].report
    assert one.properties[1].report == ""


def test_a_remote_function_can_take_the_students_place() -> None:
    def run(args: Any, kwargs: Any, seconds: float) -> Outcome:
        return Outcome(value=2 * args[0], seconds=0.001)

    result = score(LAB.by_name["double"], Student("double", ("x",), 10, run), np.random.default_rng(0))
    assert result.right
    assert result.points == 2.0


def test_function_that_is_open_for_one_input_only_is_wrong_not_open() -> None:
    def half(x: float) -> float:
        if x == 0:
            raise NotImplementedError
        return 2 * x

    result = score_function(LAB.by_name["double"], half, np.random.default_rng(0))
    assert (result.points, result.open) == (1.33, False)
    assert "is open" in result.report()


def test_task_without_checks_or_a_check_without_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="task 'f' has no checks: give at least one"):
        Task("f")
    with pytest.raises(ValueError, match="a check of task 'f' has no docstring"):
        Task("f", checks=(lambda _, __: None,))


def test_module_that_runs_in_a_students_kernel_loads_no_nbgrader() -> None:
    script = "import sys, course_utils.grading, course_utils.grading.authoring; "
    script += "print([m for m in ('nbgrader', 'nbclient', 'nbformat', 'torch', 'scipy') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"
