"""Show which tasks of the labs are solved."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course_utils.cli.outcome import FailedError
from course_utils.cli.repository import find_lab, labs, root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from course_utils.grading.progress import TaskStatus

STYLES = {"solved": "green", "written": "green", "partly": "yellow", "wrong": "red", "error": "red"}


def show_progress(lab: str | None) -> int:
    """Print a table of tasks for one lab, or for all of them.

    Args:
        lab: the lab's name, number or notebook; all labs by default.

    Returns:
        0; an unsolved task is no failure.

    Raises:
        BadArgumentError: there is no such lab.
        FailedError: the notebook cannot be read.
    """
    from course_utils.grading.progress import lab_progress

    paths = [find_lab(lab, root())] if lab else list(labs(root()).values())
    if not paths:
        raise FailedError("There is no lab in labs/ yet: run course release.")
    console = Console(soft_wrap=False)
    for path in paths:
        try:
            tasks = lab_progress(path)
        except (ValueError, RuntimeError, OSError) as error:
            raise FailedError(f"The progress of {path.name} is unknown: {error}") from error
        console.print(table(path, tasks))
    return 0


def table(path: Path, tasks: "Sequence[TaskStatus]") -> Table:
    """Lay the tasks of a lab out.

    Args:
        path: the lab's notebook.
        tasks: state of each task.

    Returns:
        A table with a row for each task.
    """
    solved = sum(task.state in ("solved", "written") for task in tasks)
    rows = Table(title=f"{path.stem}: {solved} of {len(tasks)} tasks done", title_justify="left")
    for name in ("Task", "State", "Points", "Note"):
        rows.add_column(name, justify="right" if name == "Points" else "left")
    for task in tasks:
        style = STYLES.get(task.state, "dim")
        points = f"{task.of:g} by hand" if task.points is None else f"{task.points:g} of {task.of:g}"
        usual = task.sentence.startswith(f"Task {task.name!r} is open")  # says no more than the state
        rows.add_row(task.name, f"[{style}]{task.state}[/]", points, "" if usual else escape(task.sentence))
    return rows
