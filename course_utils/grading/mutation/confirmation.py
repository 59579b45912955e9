"""Confirm, on random inputs, that a mutant which no check finds out is right indeed."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.grading.failures import CheckFailed
from course_utils.grading.local import watch
from course_utils.grading.mutation.namespace import TaskCode
from course_utils.grading.mutation.trials import Mutant, recorded
from course_utils.grading.student import Outcome, Student
from course_utils.grading.tasks import Task, score
from course_utils.grading.values import describe, name_type

CALLS = 200  # the least number of calls, or of rounds of a judge
SECONDS = 60.0
FRESH = 20_000  # seeds from here on are no one else's
LAST_BITS = {"float32": 1e-6, "float64": 1e-12}  # relative tolerance: another order of the same sums

Judge = Callable[[Student, np.random.Generator], None]


@dataclass(frozen=True)
class Confirmation:
    """What is to be confirmed: a mutant, and the file of judges where it is another right answer."""

    mutant: Mutant
    code: TaskCode
    task: Task
    judges: Path | None = None


def confirm(request: Confirmation) -> str:
    """Confirm that a mutant is right.

    Args:
        request: The mutant, and where it is judged; without a judge it must do what the reference does.

    Returns:
        Empty where it is; else what speaks against it.
    """
    return _judged(request) if request.judges else _compared(request)


def _compared(request: Confirmation) -> str:
    """Call reference and mutant on what the checks draw from fresh seeds, until there were enough calls."""
    task = replace(request.task, seconds=SECONDS)
    mutant = watch(task.name, task.arguments, SECONDS, request.mutant.build(request.code, task.arguments))
    calls: list[str] = []

    def compare(args: tuple[Any, ...], kwargs: dict[str, Any], reference: Outcome) -> None:
        calls.append(difference(reference, mutant.run(args, kwargs, SECONDS)))

    for seed in range(FRESH, FRESH + CALLS):
        score(task, recorded(task, request.code.build(), compare), np.random.default_rng(seed))
        found = next((text for text in calls if text), "")
        if found or len(calls) >= CALLS:
            return found
    return f"the checks made {len(calls)} calls for {CALLS} seeds, {CALLS} calls are wanted"


def difference(one: Outcome, other: Outcome) -> str:
    """Say in what two calls differ, beyond the last bits of a number.

    Args:
        one: What the reference did.
        other: What the mutant did with the same arguments.

    Returns:
        One phrase, empty where nothing differs.
    """
    if one.error and one.error == other.error:
        return ""
    if other.error or other.open or other.out_of_time:
        return (other.error or other.open or "it did not end in time").splitlines()[0]
    if one.changed != other.changed:
        return f"it changes the arguments {list(other.changed)} in place, the reference {list(one.changed)}"
    return _difference(one.value, other.value)


def _difference(one: Any, other: Any) -> str:
    kinds = (name_type(one), name_type(other))
    if type(one) is not type(other) or kinds[0] != kinds[1]:
        return f"it returns {kinds[1]}, the reference {kinds[0]}"
    if isinstance(one, tuple | list):
        return next((text for pair in zip(one, other, strict=True) if (text := _difference(*pair))), "")
    if isinstance(one, dict):
        keys = "" if one.keys() == other.keys() else "it returns a dict with other keys"
        return keys or next((text for key in one if (text := _difference(one[key], other[key]))), "")
    if _close(np.asarray(one), np.asarray(other)):
        return ""
    return f"it returns {' '.join(describe(other).split())}, the reference {' '.join(describe(one).split())}"


def _close(one: Any, other: Any) -> bool:
    if one.dtype.kind not in "fc":
        return bool(np.array_equal(one, other))
    relative = LAST_BITS.get(one.dtype.name, 1e-3)
    finite = np.abs(one[np.isfinite(one)])
    largest = float(finite.max(initial=0.0))
    return bool(np.allclose(other, one, rtol=relative, atol=relative * largest, equal_nan=True))


def _judged(request: Confirmation) -> str:
    judge = load_judges(request.judges).get(request.task.name) if request.judges else None
    if judge is None:
        return f"there is no judge of {request.task.name}: write one, or list the mutant as 'same'"
    return judged(judge, request)


def judged(judge: Judge, request: Confirmation) -> str:
    """Let a judge see a function many times.

    Args:
        judge: Raises `CheckFailed` where the function does not keep the task's promise.
        request: The function, its task and code; a `Mutant` without a change is the reference.

    Returns:
        What the judge says, empty where there is nothing.
    """
    task = request.task
    function = request.mutant.build(request.code, task.arguments)
    student = watch(task.name, task.arguments, SECONDS, function)
    for seed in range(FRESH, FRESH + CALLS):
        try:
            judge(student, np.random.default_rng(seed))
        except CheckFailed as error:
            return str(error).splitlines()[0]
    return ""


@functools.lru_cache(maxsize=8)
def load_judges(path: Path) -> Mapping[str, Judge]:
    """Load the judges of a course, once for all processes that are forked later.

    Args:
        path: A module of Python with `JUDGES`, a dict from a task's name to its judge.

    Returns:
        The judges; none where there is no such file.
    """
    if not path.is_file():
        return {}
    spec = importlib.util.spec_from_file_location(f"judges_{path.stem}", path)
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    judges: Mapping[str, Judge] = module.JUDGES
    return judges
