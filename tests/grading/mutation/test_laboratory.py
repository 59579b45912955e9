"""A lab with weak checks has exactly the survivors it should have, however its processes start and end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from course_utils.grading.mutation import (
    Equivalent,
    LabReport,
    Processes,
    ReferenceWrongError,
    laboratory,
    mutate_lab,
)

pytestmark = pytest.mark.slow
METHODS = ["spawn"] if sys.platform == "win32" else ["fork", "spawn"]
FAST = Processes(workers=2, method=METHODS[0])
SAME_AXIS = "line 2: axis=1 -> axis=-1"


def survivors(report: LabReport) -> dict[str, set[str]]:
    return {task.task: {name for name, _ in task.survivors} for task in report.tasks}


def entry(task: str, description: str, kind: str = "same", lab: str = "92_weak") -> Equivalent:
    return Equivalent(lab, task, description, kind, "a reason", 7)


def test_weak_checks_have_exactly_the_survivors_that_they_let_through(weak: Any, tmp_path: Path) -> None:
    counts: list[tuple[int, int]] = []
    report = mutate_lab(
        weak.LAB, weak.write_notebook(tmp_path), processes=FAST, advance=lambda *done: counts.append(done)
    )
    assert survivors(report) == weak.SURVIVORS
    assert not report.passed
    total = sum(task.mutants for task in report.tasks)
    assert [done for done, _ in counts] == list(range(1, total + 1))
    for task in report.tasks:
        assert task.killed == task.mutants - len(weak.SURVIVORS[task.task])
    assert report.killed_share == pytest.approx(1 - 5 / total)


def test_the_order_in_which_processes_end_changes_nothing(weak: Any, tmp_path: Path) -> None:
    path = weak.write_notebook(tmp_path)
    one, many = (mutate_lab(weak.LAB, path, processes=Processes(n, METHODS[0])) for n in (1, 5))
    assert one == many


@pytest.mark.parametrize("method", METHODS)
def test_fork_and_spawn_give_the_same_verdicts(weak: Any, tmp_path: Path, method: str) -> None:
    notebook = weak.write_notebook(tmp_path)
    task = weak.LAB.by_name["double"]
    trials = laboratory._trials(task, laboratory._codes(notebook, [task])["double"], (0, 1))
    chosen = {trial.mutant.description: trial for trial in trials}
    names = ["line 1: 2 * x -> 2 + x", "line 1: 2 * x -> 2 / x", "result: doubled"]
    found = laboratory._survivors([chosen[name] for name in names], Processes(3, method), lambda *_: None)
    assert found == {("double", "line 1: 2 * x -> 2 + x"): 0}


def test_one_task_alone(weak: Any, tmp_path: Path) -> None:
    report = mutate_lab(weak.LAB, weak.write_notebook(tmp_path), tasks=["double"], processes=FAST)
    assert [task.task for task in report.tasks] == ["double"]


def test_a_listed_equivalent_is_confirmed(weak: Any, tmp_path: Path) -> None:
    path, listed = (
        weak.write_notebook(tmp_path),
        [entry("row_sums", SAME_AXIS), entry("gone", "x", lab="other")],
    )
    report = mutate_lab(weak.LAB, path, tasks=["row_sums"], listed=listed, processes=FAST)
    (task,) = report.tasks
    assert (task.equivalent, task.survivors, task.unconfirmed) == ((SAME_AXIS,), (), ())
    assert report.problems == ()
    assert report.passed


def test_a_survivor_that_is_not_equivalent_is_refused_in_the_list(weak: Any, tmp_path: Path) -> None:
    wrong = "signature: (x, factor=3.0) -> (x, factor=0.0)"
    path, listed = weak.write_notebook(tmp_path), [entry("double", "line 1: 2 * x -> 2 + x", "also right")]
    report = mutate_lab(weak.LAB, path, tasks=["double"], listed=listed, processes=FAST)
    assert report.tasks[0].unconfirmed == ("line 1: 2 * x -> 2 + x",)
    assert not report.passed
    (problem,) = report.problems
    assert problem.startswith(
        "line 7: 92_weak double: line 1: 2 * x -> 2 + x: this mutant is not 'also right'"
    )
    assert "there is no judge of double" in problem
    assert wrong in weak.SURVIVORS["scale"]


def test_judges_decide_on_other_right_answers(weak: Any, tmp_path: Path) -> None:
    judges = tmp_path / "judges.py"
    judges.write_text(
        "from course_utils.grading.failures import CheckFailed\n"
        "def double(student, rng):\n"
        "    x = rng.normal(size=3)\n"
        "    if abs(student(x) - 2 * x).max() > 1e-9:\n"
        "        raise CheckFailed('it does not double')\n"
        "JUDGES = {'double': double}\n"
    )
    path, listed = weak.write_notebook(tmp_path), [entry("double", "line 1: 2 * x -> 2 + x", "also right")]
    report = mutate_lab(weak.LAB, path, tasks=["double"], listed=listed, judges=judges, processes=FAST)
    assert report.problems[0].endswith("this mutant is not 'also right': it does not double")


def test_a_judge_that_refuses_the_reference_confirms_nothing(weak: Any, tmp_path: Path) -> None:
    judges = tmp_path / "judges.py"
    judges.write_text(
        "from course_utils.grading.failures import CheckFailed\n"
        "def double(student, rng):\n    raise CheckFailed('nobody is right')\n"
        "JUDGES = {'double': double}\n"
    )
    path, listed = weak.write_notebook(tmp_path), [entry("double", "line 1: 2 * x -> 2 + x", "also right")]
    report = mutate_lab(weak.LAB, path, tasks=["double"], listed=listed, judges=judges, processes=FAST)
    assert "the judge refuses the reference, too (nobody is right)" in report.problems[0]


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        ("line 9: no -> yes", "there is no such mutant any more; delete the entry or describe it anew"),
        ("result: zeros", "this mutant is killed now; delete the entry"),
    ],
)
def test_a_stale_entry_is_a_problem(weak: Any, tmp_path: Path, description: str, sentence: str) -> None:
    path, listed = (
        weak.write_notebook(tmp_path),
        [entry("row_sums", SAME_AXIS), entry("row_sums", description)],
    )
    report = mutate_lab(weak.LAB, path, tasks=["row_sums"], listed=listed, processes=FAST)
    assert report.problems == (f"line 7: 92_weak row_sums: {description}: {sentence}",)
    assert not report.passed


def test_a_wrong_reference_is_one_sentence(weak: Any, tmp_path: Path) -> None:
    path = weak.write_notebook(tmp_path, double="def double(x):\n    return 5 * x")
    with pytest.raises(
        ReferenceWrongError, match=r"^the solution of double fails its own checks for seed 0: .*"
    ):
        mutate_lab(weak.LAB, path, processes=FAST)


def test_a_task_without_cells_is_one_sentence(weak: Any, tmp_path: Path) -> None:
    path = weak.write_notebook(tmp_path, double="")
    notebook = path.read_text().replace("check('double', double)", "pass")
    path.write_text(notebook)
    with pytest.raises(ReferenceWrongError, match="has no check of task 'double' below a solution"):
        mutate_lab(weak.LAB, path, processes=FAST)
