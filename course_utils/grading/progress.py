"""Tell which tasks of a lab are solved, by running a copy of the student's notebook."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.grading.notebooks import (
    CELL_SECONDS,
    Reply,
    Run,
    called_with,
    duplicate_ids,
    find_notebook,
    is_as_released,
    is_graded,
    is_test,
    read_notebook,
    run_copy,
)

OPEN = ("TaskOpen", "NotImplementedError")


@dataclass(frozen=True)
class TaskStatus:
    """Where a student stands with one task.

    Attributes:
        name: The task's name.
        state: "solved", "partly", "wrong", "open" or "error"; "written" or "unwritten" where it is graded by
            hand.
        points: Points so far; none where it is graded by hand.
        of: Points there are.
        sentence: What is the matter, in one sentence; empty where nothing is.
    """

    name: str
    state: str
    points: float | None
    of: float
    sentence: str = ""


def lab_progress(notebook_path: Path | str, *, seconds: int = CELL_SECONDS) -> list[TaskStatus]:
    """Run a copy of a student's notebook and read the result of each task's check.

    Args:
        notebook_path: The notebook, or the lab's folder.
        seconds: Time limit of a cell in seconds.

    Returns:
        One entry for each graded cell, in the notebook's order.

    Raises:
        NotebookError: There is no such file, it is no notebook, or a notebook of no lab.
    """
    path = find_notebook(notebook_path)
    notebook = read_notebook(path)
    copied = duplicate_ids(notebook)
    run = run_copy(copy.deepcopy(notebook), path.resolve().parent, seconds=seconds)
    statuses = []
    for index, cell in enumerate(notebook.cells):
        if is_graded(cell.metadata):
            status = _judge_test(notebook, index, run) if is_test(cell) else _judge_written(cell)
            statuses.append(_mark_copy(status, cell, notebook, index, copied))
    return statuses


def _judge_written(cell: Any) -> TaskStatus:
    entry = cell.metadata["nbgrader"]
    unwritten = not cell.source.strip() or is_as_released(cell)
    state = "unwritten" if unwritten else "written"
    return TaskStatus(entry["grade_id"], state, None, float(entry.get("points", 0)))


def _judge_test(notebook: Any, index: int, run: Run) -> TaskStatus:
    cell, entry = notebook.cells[index], notebook.cells[index].metadata["nbgrader"]
    name = called_with(cell.source, "check") or entry["grade_id"].removeprefix("test_")
    of = float(entry.get("points", 0))
    reply = run.replies.get(index)
    before = _solution_before(notebook, index)
    if reply is None:
        return TaskStatus(name, "error", 0.0, of, run.broken or "this cell was not run")
    return _judge_reply(name, of, reply, run.replies.get(before) if before is not None else None)


def _judge_reply(name: str, of: float, reply: Reply, before: Reply | None) -> TaskStatus:
    if not reply.error:
        return TaskStatus(name, "solved", of, of)
    sentence = (reply.message.strip() or reply.error).splitlines()[0]
    if reply.error in OPEN:
        return TaskStatus(name, "open", 0.0, of, sentence)
    if reply.error == "CheckFailed":
        points = _points_from_ticks(reply.message, of)
        return TaskStatus(name, "partly" if points else "wrong", points, of, sentence)
    sentence = f"{reply.error}: {sentence}"
    if before is not None and before.error:
        sentence += f"; the cell above ended with {before.error}: {(before.message or ' ').splitlines()[0]}"
    return TaskStatus(name, "error", 0.0, of, sentence)


def _points_from_ticks(report: str, of: float) -> float:
    lines = report.splitlines()
    right, wrong = (sum(line.startswith(tick) for line in lines) for tick in ("[ok] ", "[no] "))
    return round(of * right / (right + wrong), 2) if right else 0.0


def _solution_before(notebook: Any, index: int) -> int | None:
    """Find the solution cell that a test cell belongs to: the last one above it."""
    for number in range(index - 1, -1, -1):
        entry = notebook.cells[number].metadata.get("nbgrader")
        if notebook.cells[number].cell_type == "code" and isinstance(entry, dict) and entry.get("solution"):
            return number
    return None


def _mark_copy(status: TaskStatus, cell: Any, notebook: Any, index: int, copied: set[str]) -> TaskStatus:
    before = _solution_before(notebook, index) if is_test(cell) else None
    ids = {cell.metadata["nbgrader"]["grade_id"]}
    ids |= {notebook.cells[before].metadata["nbgrader"].get("grade_id", "")} if before is not None else set()
    if not ids & copied:
        return status
    which = ", ".join(sorted(ids & copied))
    sentence = f"there are two cells with the id {which}: delete the copy, else the lab cannot be graded"
    return TaskStatus(status.name, "error", 0.0, status.of, sentence)
