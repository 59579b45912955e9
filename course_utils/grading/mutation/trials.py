"""Try a function of a lab on its task's checks: the reference itself, or a mutant of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_utils.grading.local import watch
from course_utils.grading.mutation.namespace import TaskCode
from course_utils.grading.mutation.outputs import CHANGED, Spoil, spoils
from course_utils.grading.student import Outcome, Student
from course_utils.grading.tasks import Task, score
from course_utils.grading.values import copy_value, is_same

Call = tuple[tuple[Any, ...], dict[str, Any], Any]  # arguments, keyword arguments, value
LEAST_SECONDS = 1.0  # a mutant's time limit for one seed, or this many times the reference's time
TIMES = 10.0
SHORTER = 4.0  # by this a mutant's limit is divided once it has not ended for a seed
SPARE = 60.0  # seconds to start a process and to load what it needs


class ReferenceWrongError(ValueError):
    """Say that a lab's own solution fails its checks, so that nothing can be learned from mutants."""


@dataclass(frozen=True)
class Mutant:
    """The reference with one thing changed: its text or what it returns.

    Attributes:
        task: Name of the task.
        description: What was changed, stable and unique in its task.
        cell: Text of the changed solution cell; None where the text is the reference's own.
        spoil: How the result is spoiled; None where it is not.
    """

    task: str
    description: str
    cell: str | None = None
    spoil: Spoil | None = None

    def build(self, code: TaskCode, arguments: tuple[str, ...]) -> Callable[..., Any]:
        """Build the function.

        Args:
            code: Code of the task.
            arguments: Names of the function's arguments, in order.

        Returns:
            The function that the checks are given.
        """
        function: Callable[..., Any] = code.build(self.cell)
        return self.spoil.wrap(function, arguments) if self.spoil else function


@dataclass(frozen=True)
class Trial:
    """One mutant, and how it is tried.

    Attributes:
        mutant: The mutant.
        code: Code of its task.
        task: Its task; `seconds` limits the mutant's own time for one seed.
        seeds: Seeds of the inputs.
        seconds: Time limit in seconds for all of it, the checks' own time included.
    """

    mutant: Mutant
    code: TaskCode
    task: Task
    seeds: tuple[int, ...]
    seconds: float = 60.0


def full_marks(trial: Trial) -> int | None:
    """Try a mutant, built anew for each seed, until it gets full marks.

    Args:
        trial: What to try.

    Returns:
        The first seed for which no check noticed anything; None where every seed found the mutant out.
    """
    task, seconds = trial.task, trial.task.seconds
    for seed in trial.seeds:
        student = None
        try:
            function = trial.mutant.build(trial.code, task.arguments)
            student = watch(task.name, task.arguments, seconds, function)
            run_checks(task, student, np.random.default_rng(seed))
        except BaseException:  # whatever a mutant raises, it was found out
            if student and student.left <= 0:
                seconds = task.seconds / SHORTER
            continue
        return seed
    return None


def run_checks(task: Task, student: Student, rng: np.random.Generator) -> None:
    """Run the checks on the streams of random numbers that `score` gives them, up to the first that fails.

    Args:
        task: The task.
        student: The function as the checks see it.
        rng: Source of the inputs.

    Raises:
        Exception: What the first failing check raised; nothing exactly where `score` finds all is right.
    """
    for check, stream in zip(task.checks, rng.spawn(len(task.checks)), strict=True):
        check(student, stream)


@dataclass(frozen=True)
class Probe:
    """What the reference did.

    Attributes:
        own: Its longest time in seconds for one seed.
        whole: The longest time for one seed with the checks' own time.
        spoils: The ways to spoil its results that change something, each in another way.
    """

    own: float
    whole: float
    spoils: tuple[Spoil, ...]


def probe(code: TaskCode, task: Task, seeds: Sequence[int]) -> Probe:
    """Run the reference through its checks.

    Args:
        code: Code of the task.
        task: The task.
        seeds: Seeds of the inputs.

    Returns:
        How long it took, and which ways to spoil its results are mutants at all.

    Raises:
        ReferenceWrongError: It fails a check.
    """
    runs: list[list[Call]] = []
    own = whole = 0.0
    for seed in seeds:
        runs.append([])
        student = recorded(
            task, code.build(), lambda args, kwargs, done: runs[-1].append((args, kwargs, done.value))
        )
        began = time.perf_counter()
        result = score(task, student, np.random.default_rng(seed))
        whole, own = max(whole, time.perf_counter() - began), max(own, student.seconds - student.left)
        if not result.right:
            report = " ".join(result.report().split())
            sentence = f"the solution of {task.name} fails its own checks for seed {seed}: {report}"
            raise ReferenceWrongError(sentence)
    ways = spoils([value for calls in runs for _, _, value in calls], task.arguments)
    return Probe(own, whole, tuple(_unlike(ways, task, runs)))


def trial_of(mutant: Mutant, code: TaskCode, task: Task, seeds: Sequence[int], found: Probe) -> Trial:
    """Say how a mutant is tried, with limits that a right function keeps on a busy machine, too.

    Args:
        mutant: The mutant.
        code: Code of its task.
        task: Its task.
        seeds: Seeds of the inputs.
        found: What the reference did.

    Returns:
        The trial.
    """
    own = max(LEAST_SECONDS, TIMES * found.own)
    seconds = len(seeds) * (own + TIMES * found.whole) + SPARE
    return Trial(mutant, code, replace(task, seconds=own), tuple(seeds), seconds)


def recorded(
    task: Task, function: Any, keep: Callable[[tuple[Any, ...], dict[str, Any], Outcome], None]
) -> Student:
    """Wrap a function for the checks, and keep what they give it and what it returns.

    Args:
        task: The task.
        function: The function.
        keep: Called with copies of the arguments, of the keyword arguments, and of the outcome.

    Returns:
        The function as the checks see it.
    """
    inner = watch(task.name, task.arguments, task.seconds, function)

    def run(args: tuple[Any, ...], kwargs: dict[str, Any], left: float) -> Outcome:
        outcome = inner.run(args, kwargs, left)
        keep(copy_value(args), copy_value(kwargs), replace(outcome, value=copy_value(outcome.value)))
        return outcome

    return Student(task.name, task.arguments, task.seconds, run)


def _unlike(ways: Iterable[Spoil], task: Task, runs: Sequence[Sequence[Call]]) -> Iterator[Spoil]:
    """Keep the ways to spoil a function that do something, and not what an earlier one does."""
    seen: list[Any] = [[(value, args, kwargs) for calls in runs for args, kwargs, value in calls]]
    for way in ways:
        done = [replayed for calls in runs for replayed in _replay(way, task.arguments, calls)]
        if not any(is_same(done, other) for other in seen):
            seen.append(done)
            yield way


def _replay(way: Spoil, arguments: tuple[str, ...], calls: Sequence[Call]) -> Iterator[tuple[Any, ...]]:
    """Let a spoiled function give one seed's recorded values: those, and the arguments as they are left."""
    values = iter([value for _, _, value in calls])
    function = way.wrap(lambda *_, **__: next(values), arguments)
    for args, kwargs, _ in calls:
        given, named = copy_value((args, kwargs)) if way.kind == CHANGED else (args, kwargs)
        yield (function(*given, **named), given, named)
