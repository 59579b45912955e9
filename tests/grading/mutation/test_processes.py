"""Fresh processes with limits: whatever a mutant does, it ends, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from course_utils.grading.authoring import Student, Task, expect_close
from course_utils.grading.mutation.namespace import TaskCode
from course_utils.grading.mutation.processes import STATM, Processes, cores, start_method
from course_utils.grading.mutation.trials import Mutant, Trial, full_marks

pytestmark = pytest.mark.slow
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
METHODS = ["spawn"] if sys.platform == "win32" else ["fork", "spawn"]
WICKED = {
    "an endless loop": "while True: pass",
    "an endless loop that catches everything": (
        "while True:\n        try: time.sleep(9)\n        except BaseException: pass"
    ),
    "the process ends as if all were well": "os._exit(0)",
    "sys.exit": "sys.exit(0)",
    "more memory than there is": "return np.ones(10**11)",
    "a flood of prints": "while True: print('flood' * 10**5)",
    "a flood past Python": "os.write(1, b'flood' * 10**6); os.write(2, b'flood' * 10**6); return 3 * x",
    "an exception that is no Exception": "raise type('Escape', (BaseException,), {})()",
    "a KeyboardInterrupt": "raise KeyboardInterrupt",
    "a signal": "os.kill(os.getpid(), 9)",
    "a thread that never ends": "threading.Thread(target=time.sleep, args=(60,)).start(); return 3 * x",
    "endless recursion": "return double(x)",
}


def doubles(student: Student, rng: np.random.Generator) -> None:
    """doubles its input"""
    x = rng.normal(size=2)
    expect_close(student(x), x + x)


def code(body: str) -> TaskCode:
    imports = "import os, sys, threading, time\nimport numpy as np"
    return TaskCode((imports, f"def double(x):\n    {body}"), 1, "double")


def trial(body: str, *, seconds: float = 0.3, seeds: tuple[int, ...] = (0, 1)) -> Trial:
    task = Task("double", ("x",), checks=(doubles,), seconds=seconds)
    return Trial(Mutant("double", body, cell=f"def double(x):\n    {body}"), code(body), task, seeds)


@POSIX
@pytest.mark.parametrize("name", WICKED)
def test_whatever_a_mutant_does_it_is_killed_and_nothing_hangs(name: str, capfd: Any) -> None:
    (reply,) = Processes(workers=1, method="fork").call(full_marks, [trial(WICKED[name])], seconds=[6])
    assert reply.value is None
    assert capfd.readouterr() == ("", "")


@POSIX
def test_a_right_function_that_prints_and_threads_survives() -> None:
    body = "print('x'); threading.Thread(target=time.sleep, args=(60,)).start(); return 2 * x"
    (reply,) = Processes(workers=1, method="fork").call(full_marks, [trial(body)], seconds=[6])
    assert reply.value == 0


@pytest.mark.parametrize("method", METHODS)
def test_replies_come_in_the_order_of_the_items(method: str) -> None:
    naps = [0.4, 0.0, 0.2]
    done: list[tuple[int, int]] = []
    processes = Processes(workers=3, method=method)
    replies = processes.call(nap, naps, seconds=[60.0] * 3, advance=lambda *counts: done.append(counts))
    assert [reply.value for reply in replies] == naps
    assert done == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("method", METHODS)
def test_why_there_is_no_value(method: str) -> None:
    replies = Processes(workers=2, method=method).call(act, ["raise", "leave", "hang"], seconds=[60, 60, 1])
    assert [reply.problem for reply in replies] == [
        "ValueError: no such thing",
        "it ended without an answer",
        "it did not end in time",
    ]


@POSIX
def test_what_a_mutant_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    body = "import subprocess; child = subprocess.Popen(['sleep', '60'])"
    body += f"; open({str(note)!r}, 'w').write(str(child.pid)); return x"
    Processes(workers=1, method="fork").call(full_marks, [trial(body)], seconds=[10])
    assert ends(int(note.read_text()))


@pytest.mark.skipif(not STATM.exists(), reason="the limit on memory is Linux's")
def test_memory_is_limited_beyond_what_is_there_already() -> None:
    replies = Processes(workers=1).call(take, [1 << 20, 3 << 30], seconds=[30, 30])
    assert replies[0].value == 1 << 20
    assert replies[1].problem.startswith(("MemoryError", "_ArrayMemoryError"))


@POSIX
def test_an_interrupt_leaves_no_process_behind() -> None:
    script = (
        "from course_utils.grading.mutation import Processes\n"
        "import time\n"
        "print('ready', flush=True)\n"
        "Processes(workers=2, method='fork').call(time.sleep, [60, 60, 60], seconds=[60] * 3)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = wait_for(lambda: psutil.Process(parent.pid).children())
        parent.send_signal(2)
        _, errors = parent.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert len(children) == 2
    assert all(ends(child.pid) for child in children)


def test_defaults() -> None:
    assert start_method() in ("fork", "spawn")
    assert cores() >= 1


def test_windows_and_mac_start_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    assert start_method() == "spawn"
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["fork", "spawn"])
    monkeypatch.setattr("sys.platform", "darwin")
    assert start_method() == "spawn"
    monkeypatch.setattr("sys.platform", "linux")
    assert start_method() == "fork"


def test_a_mutant_must_be_found_out_for_every_seed() -> None:
    def big(student: Student, rng: np.random.Generator) -> None:
        """is right for some inputs only"""
        x = float(rng.uniform())
        expect_close(student(x), 2 * x if x > 0.4 else -1.0)

    task = Task("double", ("x",), checks=(big,), seconds=1)
    values = [float(np.random.default_rng(seed).spawn(1)[0].uniform()) for seed in range(20)]
    lucky = next(seed for seed, value in enumerate(values) if value > 0.4)
    unlucky = next(seed for seed, value in enumerate(values) if value < 0.4)
    attempt = trial("return 2 * x")
    assert full_marks(Trial(attempt.mutant, attempt.code, task, (unlucky,))) is None
    assert full_marks(Trial(attempt.mutant, attempt.code, task, (unlucky, lucky))) == lucky


def test_each_seed_meets_a_function_built_anew() -> None:
    body = "CALLS.append(x); return 2 * x if len(CALLS) > 1 else x"
    attempt = trial(body)
    counted = TaskCode((f"CALLS = []\n{attempt.code.pieces[1]}",), 0, "double")
    cell = counted.cell
    assert full_marks(Trial(Mutant("double", "counts", cell=cell), counted, attempt.task, (0, 1, 2))) is None


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def act(what: str) -> None:
    if what == "raise":
        raise ValueError("no such thing")
    if what == "leave":
        os._exit(0)
    time.sleep(60)


def take(size: int) -> int:
    return int(np.zeros(size, np.uint8).size)


def ends(pid: int) -> bool:
    def gone() -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return bool(wait_for(gone))


def wait_for(condition: Any) -> Any:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := condition():
            time.sleep(0.2)
            return condition()
        time.sleep(0.05)
    return found
