"""A lab's tasks, and the score that a student's function gets for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.grading.failures import CheckFailed, TaskOpen
from course_utils.grading.local import watch
from course_utils.grading.student import Student
from course_utils.grading.values import describe, indent

Check = Callable[[Student, np.random.Generator], None]


@dataclass(frozen=True)
class Task:
    """One function that a student writes, and the properties it must have.

    Attributes:
        name: The function's name.
        arguments: Names of its arguments that every check gives, in order.
        points: Points for all properties together, shared equally between them.
        checks: One function for each property; the first line of its docstring is the property in words.
        seconds: Time limit in seconds of the student's code, for all checks together.
    """

    name: str
    arguments: tuple[str, ...] = ()
    points: float = 2
    checks: tuple[Check, ...] = ()
    seconds: float = 10

    def __post_init__(self) -> None:
        """Refuse a task without checks and a check without a sentence."""
        if not self.checks:
            raise ValueError(f"task {self.name!r} has no checks: give at least one")
        for check in self.checks:
            if not (check.__doc__ or "").strip():
                raise ValueError(
                    f"a check of task {self.name!r} has no docstring: its first line is the property"
                )


@dataclass(frozen=True)
class Lab:
    """The tasks of one lab.

    Attributes:
        name: The lab's name, as its notebook and its folder are called.
        tasks: Its tasks, in the notebook's order; those graded by hand are not among them.
        forbidden: Libraries that a solution may not import.
    """

    name: str
    tasks: tuple[Task, ...]
    forbidden: tuple[str, ...] = ()

    @property
    def by_name(self) -> dict[str, Task]:
        """The tasks by their names."""
        return {task.name: task for task in self.tasks}


@dataclass(frozen=True)
class Property:
    """One property of a function: whether it holds, and the report where it does not."""

    sentence: str
    ok: bool
    report: str = ""
    open: bool = False


@dataclass(frozen=True)
class Score:
    """What a function got for a task.

    Attributes:
        task: The task's name.
        points: Points it got.
        of: Points there are.
        properties: One entry for each property, in order.
    """

    task: str
    points: float
    of: float
    properties: tuple[Property, ...]

    @property
    def right(self) -> bool:
        """Whether every property holds."""
        return all(entry.ok for entry in self.properties)

    @property
    def open(self) -> bool:
        """Whether the stub still stands."""
        return all(entry.open for entry in self.properties)

    def report(self) -> str:
        """Write what the student reads: the first property that fails, then all of them with ticks.

        Returns:
            Several lines, the same at each run on the same inputs.
        """
        if self.open:
            return self.properties[0].report
        failing = next((entry for entry in self.properties if not entry.ok), None)
        if failing is None:
            return f"[ok] {self.task}: right ({count_properties(len(self.properties))})"
        ticks = [f"[{'ok' if entry.ok else 'no'}] {entry.sentence}" for entry in self.properties]
        return "\n".join([failing.report, "", *ticks])


def count_properties(number: int) -> str:
    """Write a number of properties in words.

    Args:
        number: How many there are.

    Returns:
        For example "1 property holds", "3 properties hold".
    """
    return "1 property holds" if number == 1 else f"{number} properties hold"


def score(task: Task, student: Student, rng: np.random.Generator) -> Score:
    """Score a function: run every check of its task, each on its own stream of random numbers.

    Args:
        task: The task.
        student: The function as checks see it, run in this process (`watch`) or elsewhere.
        rng: Source of the inputs; the same state gives the same inputs and the same report.

    Returns:
        The points and a report for each property that fails.
    """
    streams = rng.spawn(len(task.checks))
    pairs = zip(task.checks, streams, strict=True)
    properties = tuple(_try_property(check, student, stream) for check, stream in pairs)
    held = sum(entry.ok for entry in properties)
    points = round(task.points * held / len(properties), 2)
    return Score(task.name, float(points), float(task.points), properties)


def score_function(task: Task, function: Any, rng: np.random.Generator) -> Score:
    """Score a function of this process.

    Args:
        task: The task.
        function: The student's function.
        rng: Source of the inputs.

    Returns:
        The points and a report for each property that fails.
    """
    return score(task, watch(task.name, task.arguments, task.seconds, function), rng)


def name_property(check: Check) -> str:
    """Write the property that a check is about, as a part of a sentence.

    Args:
        check: The check.

    Returns:
        The first line of its docstring, without full stop and capital.
    """
    line = (check.__doc__ or "").strip().splitlines()[0].rstrip(".")
    first = line.split()[0]
    return line[0].lower() + line[1:] if first[1:].islower() else line


def _try_property(check: Check, student: Student, rng: np.random.Generator) -> Property:
    sentence = name_property(check)
    student.given, student.warned = {}, ""
    try:
        check(student, rng)
    except TaskOpen as error:
        return Property(sentence, ok=False, report=str(error), open=True)
    except CheckFailed as error:
        return Property(sentence, ok=False, report=_report(sentence, str(error), student))
    except Exception as error:  # the check could not use what came
        problem = f"the check could not use what {student.name} returned ({type(error).__name__}: {error})"
        return Property(sentence, ok=False, report=_report(sentence, problem, student))
    return Property(sentence, ok=True)


def _report(sentence: str, problem: str, student: Student) -> str:
    first, *rest = problem.splitlines()
    lines = [f"{student.name} fails: {sentence}", f"problem   {first}", *_given_rows(student.given), *rest]
    if student.warned:
        lines.append(f"warning   {student.warned}")
    return "\n".join(lines)


def _given_rows(given: Mapping[str, Any]) -> list[str]:
    shown = [f"{name} = {indent(describe(value), ' ' * (len(name) + 3))}" for name, value in given.items()]
    labels = ["given", *[""] * (len(shown) - 1)][: len(shown)]
    return [f"{label:<9} {indent(text, ' ' * 10)}" for label, text in zip(labels, shown, strict=True)]
