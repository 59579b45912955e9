"""Run all mutants of a lab, and settle the survivors with the list of equivalents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.grading.mutation.equivalents import Equivalent
from course_utils.grading.mutation.forkable import forkable
from course_utils.grading.mutation.namespace import TaskCode, task_codes
from course_utils.grading.mutation.processes import Processes
from course_utils.grading.mutation.settlement import Entries, Key, find_problems, key, refute
from course_utils.grading.mutation.sources import source_mutants
from course_utils.grading.mutation.trials import (
    Mutant,
    ReferenceWrongError,
    Trial,
    full_marks,
    probe,
    trial_of,
)
from course_utils.grading.notebooks import read_notebook
from course_utils.grading.tasks import Lab, Task

SEEDS = (0, 1, 2)
LEAST_KILLED = 0.95  # of a lab's mutants, before the list of equivalents
PATIENCE = 10  # times the time limit for a mutant that is known to be right, and took too long


@dataclass(frozen=True)
class TaskReport:
    """What became of one task's mutants.

    Attributes:
        task: Name of the task.
        mutants: How many there are.
        survivors: Those that no check found out, and that are not listed: description and seed.
        equivalent: Descriptions of the survivors that are listed and confirmed.
        unconfirmed: Descriptions of the survivors that are listed, but refuted.
    """

    task: str
    mutants: int
    survivors: tuple[tuple[str, int], ...]
    equivalent: tuple[str, ...]
    unconfirmed: tuple[str, ...]

    @property
    def killed(self) -> int:
        """How many mutants were found out for every seed."""
        return self.mutants - len(self.survivors) - len(self.equivalent) - len(self.unconfirmed)


@dataclass(frozen=True)
class LabReport:
    """What became of a lab's mutants.

    Attributes:
        lab: Name of the lab.
        tasks: A report for each task that was run.
        problems: What is wrong with the list of equivalents.
        whole: Whether these are all tasks of the lab, for which a least share must be killed before the list.
    """

    lab: str
    tasks: tuple[TaskReport, ...]
    problems: tuple[str, ...]
    whole: bool = True

    @property
    def killed_share(self) -> float:
        """Share of the mutants that were killed, before the list."""
        total = sum(task.mutants for task in self.tasks)
        return sum(task.killed for task in self.tasks) / total if total else 1.0

    @property
    def passed(self) -> bool:
        """Whether nothing is left to do."""
        done = not self.problems and not any(task.survivors for task in self.tasks)
        return done and (not self.whole or self.killed_share >= LEAST_KILLED)


def mutate_lab(
    lab: Lab,
    notebook: Path,
    *,
    tasks: Sequence[str] = (),
    seeds: Sequence[int] = SEEDS,
    listed: Sequence[Equivalent] = (),
    judges: Path | None = None,
    processes: Processes | None = None,
    advance: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> LabReport:
    """Run the mutants of a lab's solutions.

    Args:
        lab: The lab.
        notebook: The instructor's notebook, with the solutions.
        tasks: Names of the tasks; all by default.
        seeds: Seeds of the inputs; a mutant counts as killed if each of them finds it out.
        listed: Known equivalents; those of other labs and tasks are left aside.
        judges: Module with the judges of mutants that are listed as "also right".
        processes: How processes are started.
        advance: Called with how many mutants are done, and how many there are.

    Returns:
        The report; the same whatever the order in which processes end.

    Raises:
        ReferenceWrongError: A solution fails its own checks, or the notebook lacks a task.
    """
    chosen = [task for task in lab.tasks if not tasks or task.name in tasks]
    codes = _codes(notebook, chosen)
    apart = processes or Processes()
    entries = {(e.task, e.description): e for e in listed if e.lab == lab.name and e.task in codes}
    with forkable(piece for code in codes.values() for piece in code.pieces):
        trials = [trial for task in chosen for trial in _trials(task, codes[task.name], tuple(seeds))]
        survived = _survivors(trials, apart, advance)
        lost = [_patient(trial) for trial in trials if key(trial) in entries and key(trial) not in survived]
        survived |= _survivors(lost, apart, lambda done, total: None)  # noqa: ARG005
        refuted = refute([trial for trial in trials if key(trial) in survived], entries, judges, apart)
    reports = tuple(_report(task.name, trials, survived, entries, refuted) for task in chosen)
    problems = find_problems(entries, {key(trial) for trial in trials}, set(survived), refuted)
    return LabReport(lab.name, reports, problems, whole=len(chosen) == len(lab.tasks))


def _codes(notebook: Path, tasks: Sequence[Task]) -> dict[str, TaskCode]:
    codes = task_codes(read_notebook(notebook))
    for task in tasks:
        if task.name not in codes:
            sentence = (
                f"{notebook.name} has no check of task {task.name!r} below a solution: write both cells"
            )
            raise ReferenceWrongError(sentence)
    return {task.name: codes[task.name] for task in tasks}


def _trials(task: Task, code: TaskCode, seeds: tuple[int, ...]) -> list[Trial]:
    """List a task's mutants; the reference is run here first, which also loads what forked processes need."""
    found = probe(code, task, seeds)
    mutants = [Mutant(task.name, each.description, cell=each.code) for each in source_mutants(code.cell)]
    mutants += [Mutant(task.name, spoil.description, spoil=spoil) for spoil in found.spoils]
    return [trial_of(mutant, code, task, seeds, found) for mutant in mutants]


def _survivors(
    trials: Sequence[Trial], processes: Processes, advance: Callable[[int, int], None]
) -> dict[Key, int]:
    """Try every mutant; return those that got full marks, with the seed."""
    limits = [trial.seconds for trial in trials]
    replies = processes.call(full_marks, trials, seconds=limits, advance=advance)
    pairs = zip(trials, replies, strict=True)
    return {key(trial): reply.value for trial, reply in pairs if reply.value is not None}


def _patient(trial: Trial) -> Trial:
    """Give a mutant more time: a machine that stands still for a second must not make a right one wrong."""
    task = replace(trial.task, seconds=PATIENCE * trial.task.seconds)
    return replace(trial, task=task, seconds=PATIENCE * trial.seconds)


def _report(
    task: str,
    trials: Sequence[Trial],
    survived: Mapping[Key, int],
    entries: Entries,
    refuted: Mapping[Key, str],
) -> TaskReport:
    keys = [key(trial) for trial in trials if trial.task.name == task]
    alive = [each for each in keys if each in survived]
    return TaskReport(
        task,
        mutants=len(keys),
        survivors=tuple((each[1], survived[each]) for each in alive if each not in entries),
        equivalent=tuple(each[1] for each in alive if each in entries and each not in refuted),
        unconfirmed=tuple(each[1] for each in alive if each in refuted),
    )
