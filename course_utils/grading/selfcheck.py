"""The check that a lab's notebook calls after each task."""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
import secrets
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.grading import checks
from course_utils.grading.failures import CheckFailed, TaskOpen
from course_utils.grading.forbidden import forbidden_uses
from course_utils.grading.tasks import Lab, Score, Task, score_function

SEED = "COURSE_GRADING_SEED"  # environment variable that repeats a run of grading


def lab_names() -> list[str]:
    """List the labs that have checks.

    Returns:
        Their names, sorted.
    """
    return sorted(module.name for module in pkgutil.iter_modules(checks.__path__))


def load_lab(name: str) -> Lab:
    """Load the tasks and checks of a lab.

    Args:
        name: The lab's name, such as "01_neurons".

    Returns:
        The lab.

    Raises:
        ValueError: There is no such lab.
    """
    known = lab_names()
    if name not in known:
        raise ValueError(f"there is no lab {name!r}; the labs are {_listed(known)}{_nearest(name, known)}")
    lab: Lab = importlib.import_module(f"{checks.__name__}.{name}").LAB
    return lab


def open_lab(name: str) -> Checker:
    """Open a lab: return the check that its notebook calls after each task.

    Args:
        name: The lab's name, such as "01_neurons".

    Returns:
        A callable `check(task, function)`.

    Raises:
        ValueError: There is no such lab.
    """
    return Checker(load_lab(name))


@dataclass(frozen=True, repr=False)
class Checker:
    """Check the functions of one lab."""

    lab: Lab

    def __repr__(self) -> str:
        return f"the checks of lab {self.lab.name!r}: {_listed(list(self.lab.by_name))}"

    def __call__(self, task: str, function: Any) -> float | None:
        """Check a student's function and say what is wrong with it.

        The inputs are the same each time. When nbgrader grades they are fresh ones, and a function that is
        partly right gets its share of the points.

        Args:
            task: Name of the task.
            function: The student's function, not its result.

        Returns:
            The points while nbgrader grades, else nothing.

        Raises:
            TaskOpen: The function is not written yet.
            CheckFailed: It is wrong; while nbgrader grades only where no property holds.
            ValueError: The lab has no such task.
        """
        entry = self.find(task)
        self._refuse_forbidden(task, function)
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            return self._grade(entry, function)
        result = score_function(entry, function, np.random.default_rng(self._key(entry)))
        if not result.right:
            raise _as_error(result) from None
        print(result.report())
        return None

    def find(self, task: str) -> Task:
        """Find a task of this lab.

        Args:
            task: Its name.

        Returns:
            The task.

        Raises:
            ValueError: The lab has no such task.
        """
        known = list(self.lab.by_name)
        if task not in known:
            where = f"lab {self.lab.name!r} has no task {task!r}; its tasks are {_listed(known)}"
            raise ValueError(where + _nearest(task, known))
        return self.lab.by_name[task]

    def _refuse_forbidden(self, task: str, function: Any) -> None:
        used = forbidden_uses(function, self.lab)
        if used:
            library = "NumPy" if "torch" in self.lab.forbidden else "PyTorch"
            raise CheckFailed(f"{task} uses {_listed(used)}, which this lab forbids: use {library}")

    def _grade(self, task: Task, function: Any) -> float:
        seed = grading_seed()
        result = score_function(task, function, np.random.default_rng([seed, self._key(task)]))
        print(f"fresh inputs, {SEED}={seed}")
        if not result.points:
            raise _as_error(result) from None
        print(result.report())
        return result.points

    def _key(self, task: Task) -> int:
        return zlib.crc32(f"{self.lab.name}/{task.name}".encode())


def grading_seed() -> int:
    """Choose the seed of a run of grading: a fresh one, or the one that the environment names.

    Returns:
        The seed.

    Raises:
        ValueError: The environment names something else than a whole number.
    """
    given = os.environ.get(SEED, "")
    if not given:
        return secrets.randbits(32)
    if not (given.isascii() and given.isdigit()):
        raise ValueError(
            f"{SEED} is {given!r}, expected a whole number such as 123; unset it for fresh inputs"
        )
    return int(given)


def _as_error(result: Score) -> CheckFailed | TaskOpen:
    return TaskOpen(result.report()) if result.open else CheckFailed(result.report())


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
