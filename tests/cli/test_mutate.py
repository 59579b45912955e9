"""course mutate: tables, survivors, exit codes, and one sentence for each mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from course_utils.cli import main
from course_utils.cli import mutate as verb
from course_utils.grading.mutation import LabReport, ReferenceWrongError, TaskReport

ROOT = Path(__file__).resolve().parents[2]
CLEAN = TaskReport("dense", mutants=40, survivors=(), equivalent=("line 1: x -> y",), unconfirmed=())
BAD = {
    "99": "Unknown lab 99: the labs are 01_neurons, 02_xor",
    "02_xr": "Unknown lab 02_xr: the labs are 01_neurons, 02_xor",
    "1 --task logstic": "lab '01_neurons' has no task 'logstic'; its tasks are weighted_sum, ",
    "--task logistic": "--task goes with a lab: course mutate LAB --task T.",
    "1 --jobs 0": "--jobs takes a number from 1 on, and 0 was given.",
    "1 --jobs many": "--jobs takes a number from 1 on, and many was given.",
    "1 --jobs -3": "--jobs takes a number from 1 on, and -3 was given.",
}


def answer(monkeypatch, *tasks, problems=()):
    """Let mutate_lab answer at once, and return what it was asked."""
    asked = []

    def mutate_lab(lab, notebook, **options):
        asked.append((lab.name, options["tasks"], options["processes"].workers))
        options["advance"](1, 2)
        return LabReport(lab.name, tasks, problems)

    monkeypatch.setattr("course_utils.grading.mutation.mutate_lab", mutate_lab)
    return asked


@pytest.mark.parametrize("words", BAD)
def test_bad_arguments_are_one_sentence(words, capsys):
    assert main(["mutate", *words.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(BAD[words])
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", ["02_xr", "1 --task logstic"])
def test_the_nearest_name_is_offered(words, capsys):
    main(["mutate", *words.split()])
    assert "; did you mean " in capsys.readouterr().err


def test_all_killed_is_a_table_and_0(monkeypatch, capsys):
    asked = answer(monkeypatch, CLEAN)
    assert main(["mutate", "01", "--jobs", "3", "--task", "dense"]) == 0
    out = capsys.readouterr().out
    assert asked == [("01_neurons", ["dense"], 3)]
    row = next(line for line in out.splitlines() if "│ dense" in line)
    assert [word.strip() for word in row.strip("│").split("│")] == ["dense", "40", "39", "0", "1", "97.5 %"]
    assert "all tasks" in out
    assert "\x1b" not in out  # nothing moves on a pipe


def test_without_a_lab_every_lab_of_numpy_is_tried(monkeypatch):
    asked = answer(monkeypatch, CLEAN)
    assert main(["mutate"]) == 0
    assert [name for name, _, _ in asked][:2] == ["01_neurons", "02_xor"]
    assert {(tuple(tasks), workers) for _, tasks, workers in asked} == {((), 0)}


def test_a_survivor_is_named_with_its_seed_and_fails(monkeypatch, capsys):
    survivors = (("line 1: x[0] -> x[1]", 2),)
    answer(monkeypatch, TaskReport("dense", mutants=40, survivors=survivors, equivalent=(), unconfirmed=()))
    assert main(["mutate", "1"]) == 1
    line = "survives: 01_neurons dense: line 1: x[0] -> x[1] (full marks for seed 2)\n"
    assert line in capsys.readouterr().out


def test_a_problem_of_the_list_fails(monkeypatch, capsys):
    answer(
        monkeypatch, CLEAN, problems=("line 3: 01_neurons dense: x: this mutant is killed now; delete it",)
    )
    assert main(["mutate", "1"]) == 1
    assert (
        "equivalents.txt, line 3: 01_neurons dense: x: this mutant is killed now; delete it\n"
        in capsys.readouterr().out
    )


def test_under_95_percent_before_the_list_fails(monkeypatch, capsys):
    equivalent = ("a", "b", "c")
    answer(monkeypatch, TaskReport("dense", mutants=40, survivors=(), equivalent=equivalent, unconfirmed=()))
    assert main(["mutate", "1"]) == 1
    assert "01_neurons: 92.5 % killed before the list, 95% wanted\n" in capsys.readouterr().out


def test_a_wrong_reference_is_one_sentence(monkeypatch, capsys):
    def wrong(*_, **__):
        raise ReferenceWrongError("the solution of dense fails its own checks for seed 0: no")

    monkeypatch.setattr("course_utils.grading.mutation.mutate_lab", wrong)
    assert main(["mutate", "1"]) == 1
    sentence = "The mutants were not run: the solution of dense fails its own checks for seed 0: no.\n"
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "nonsense",
            "equivalents.txt, line 1: expected a header such as [01_neurons: logistic], 'nonsense' came.\n",
        ),
        ("[1: a]\nx\n    same: y\n", "equivalents.txt, line 2: there is no task 'a' in a lab '1'.\n"),
    ],
)
def test_a_bad_list_is_one_sentence(monkeypatch, tmp_path, capsys, text, sentence):
    (tmp_path / "equivalents.txt").write_text(text)
    monkeypatch.setattr(verb, "LIST", tmp_path / "equivalents.txt")
    assert main(["mutate", "1"]) == 1
    assert capsys.readouterr().err == f"The mutants were not run: {sentence}"


def test_one_task_of_the_course_is_proven(capsys):
    assert main(["mutate", "1", "--task", "weighted_sum", "--jobs", "2"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "│ weighted_sum" in line)
    mutants, killed, survived, equivalent = (int(word) for word in row.split("│")[2:6])
    assert mutants > 20
    assert (mutants - killed, survived) == (equivalent, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX's terminals")
def test_on_a_terminal_there_is_a_bar_and_ctrl_c_leaves_no_process_behind():
    pty = pytest.importorskip("pty")  # not on Windows
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "course_utils.cli", "mutate", "2"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "NO_COLOR": ""}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=environment, cwd=ROOT
    ) as run:
        os.close(theirs)
        shown = b""
        while b"02_xor" not in shown or b"/" not in shown:
            shown += os.read(ours, 1000)
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    os.close(ours)
    assert run.returncode == 130
    assert errors == b"Stopped.\n"
    deadline = time.monotonic() + 20
    while (left := [child for child in children if lives(child)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


def lives(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
