"""Show which mutants of the labs' solutions their checks find out."""

import difflib
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from course_utils.cli.outcome import BadArgumentError, FailedError
from course_utils.cli.repository import root

if TYPE_CHECKING:
    from course_utils.grading.mutation import LabReport, TaskReport
    from course_utils.grading.tasks import Lab

LIST = Path("tests", "equivalents.txt")
JUDGES = Path("tests", "grading", "mutation", "judges.py")
WIDTH = 100  # characters of a table that goes to a file
COLUMNS = ("Task", "Mutants", "Killed", "Survived", "Equivalent", "Killed before the list")


def mutate(lab: str | None, *, task: str | None, jobs: str | None) -> int:
    """Mutate the solutions of one lab, or of every lab that is NumPy's alone.

    Args:
        lab: the lab's name or number; by default every lab that may not use PyTorch (mutants
            of the others train networks, which takes minutes).
        task: name of a task; all tasks by default.
        jobs: how many processes run at a time; as many as there are cores by default.

    Returns:
        0 if every mutant was killed or is a confirmed equivalent, else 1.

    Raises:
        BadArgumentError: there is no such lab or task, or no such number of processes.
        FailedError: a solution fails its own checks, or the list of equivalents cannot be read.
    """
    from course_utils.grading.mutation import read_equivalents

    labs = _chosen(lab, task)
    workers = _number(jobs)
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(soft_wrap=False, width=WIDTH)
    try:
        listed = read_equivalents(root() / LIST)
        _refuse_unknown([(entry.line, entry.lab, entry.task) for entry in listed])
        reports = [_run(each, task, workers, listed, console) for each in labs]
    except (ValueError, OSError) as error:
        raise FailedError(f"The mutants were not run: {error}") from error
    for report in reports:
        show(report, console)
    return 0 if all(report.passed for report in reports) else 1


def _run(
    lab: "Lab", task: str | None, workers: int, listed: Sequence[object], console: Console
) -> "LabReport":
    from threadpoolctl import threadpool_limits

    from course_utils.grading.mutation import Processes, mutate_lab

    with threadpool_limits(1), _bar(console) as bar:  # threads of many processes would wait for each other
        row = bar.add_task(lab.name, total=None) if bar else None

        def advance(done: int, total: int) -> None:
            if bar and row is not None:
                bar.update(row, completed=done, total=total, refresh=True)

        return mutate_lab(
            lab,
            root() / "solutions" / lab.name / f"{lab.name}.ipynb",
            tasks=[task] if task else (),
            listed=listed,  # type: ignore[arg-type]
            judges=root() / JUDGES,
            processes=Processes(workers=workers),
            advance=advance,
        )


def _bar(console: Console) -> AbstractContextManager[Progress | None]:
    """Make a progress bar for a terminal; it has no thread of its own, so that processes can fork."""
    if not console.is_terminal:
        return nullcontext()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, auto_refresh=False, transient=True)


def show(report: "LabReport", console: Console) -> None:
    """Print a lab's table, its survivors, and what is wrong with the list of equivalents.

    Args:
        report: what became of the mutants.
        console: where to print.
    """
    from course_utils.grading.mutation import LEAST_KILLED

    console.print(table(report))
    for task in report.tasks:
        for description, seed in task.survivors:
            line = f"survives: {report.lab} {task.task}: {description} (full marks for seed {seed})"
            console.print(escape(line), soft_wrap=True, style="red", highlight=False)
    for problem in report.problems:
        console.print(escape(f"{LIST.name}, {problem}"), soft_wrap=True, style="red", highlight=False)
    if report.whole and report.killed_share < LEAST_KILLED:
        sentence = (
            f"{report.lab}: {_percent(report.killed_share)} killed before the list, {LEAST_KILLED:.0%} wanted"
        )
        console.print(sentence, soft_wrap=True, style="red", highlight=False)


def table(report: "LabReport") -> Table:
    """Lay the tasks of a lab out.

    Args:
        report: what became of the mutants.

    Returns:
        A table with a row for each task, and one for all of them.
    """
    rows = Table(title=report.lab, title_justify="left")
    for name in COLUMNS:
        first = name == COLUMNS[0]
        rows.add_column(name, justify="left" if first else "right", no_wrap=first)
    for task in report.tasks:
        rows.add_row(task.task, *_numbers([task]))
    rows.add_section()
    rows.add_row("all tasks", *_numbers(report.tasks))
    return rows


def _numbers(tasks: "Sequence[TaskReport]") -> list[str]:
    mutants, killed = sum(task.mutants for task in tasks), sum(task.killed for task in tasks)
    equivalent = sum(len(task.equivalent) for task in tasks)
    survived = mutants - killed - equivalent
    share = killed / mutants if mutants else 1.0
    return [str(mutants), str(killed), str(survived), str(equivalent), _percent(share)]


def _percent(share: float) -> str:
    return f"{int(1000 * share) / 10} %"  # cut off: 100 % is said only of all


def _chosen(name: str | None, task: str | None) -> list["Lab"]:
    from course_utils.grading.selfcheck import Checker, lab_names, load_lab

    known = [lab for lab in lab_names() if (root() / "solutions" / lab / f"{lab}.ipynb").is_file()]
    if name is None:
        if task is not None:
            raise BadArgumentError("--task goes with a lab: course mutate LAB --task T.")
        return [lab for lab in map(load_lab, known) if "torch" in lab.forbidden]
    plain = Path(name.rstrip("/\\")).name.removesuffix(".ipynb")
    found = [lab for lab in known if plain == lab or (plain.isdecimal() and _leading(lab) == int(plain))]
    if not found:
        near = difflib.get_close_matches(plain, known, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise BadArgumentError(
            f"Unknown lab {name}: the labs are {', '.join(known) or 'not written yet'}{hint}"
        )
    lab = load_lab(found[0])
    try:
        Checker(lab).find(task) if task is not None else None
    except ValueError as error:
        raise BadArgumentError(str(error)) from error
    return [lab]


def _leading(lab: str) -> int:
    number = lab.split("_")[0]
    return int(number) if number.isdecimal() else -1


def _number(given: str | None) -> int:
    """Read how many processes run at a time; 0 is as many as there are cores."""
    if given is None:
        return 0
    if not (given.isascii() and given.isdecimal() and int(given) > 0):
        raise BadArgumentError(f"--jobs takes a number from 1 on, and {given} was given.")
    return int(given)


def _refuse_unknown(places: Sequence[tuple[int, str, str]]) -> None:
    """Refuse entries of the list for labs and tasks that do not exist."""
    from course_utils.grading.selfcheck import lab_names, load_lab

    for line, lab, task in places:
        known = list(load_lab(lab).by_name) if lab in lab_names() else []
        if task not in known:
            raise ValueError(f"{LIST.name}, line {line}: there is no task {task!r} in a lab {lab!r}")
