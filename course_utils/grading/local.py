"""Call a student's function in this process so that whatever it does ends in an outcome."""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import re
import sysconfig
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from course_utils.grading.student import Outcome, Student
from course_utils.grading.timelimit import OutOfTime, call_within
from course_utils.grading.values import copy_value, is_same, name_type

_OURS = str(Path(__file__).parent)
_MISMATCH = re.compile(r"matmul: Input operand 1 has a mismatch .*\(size (\d+) is different from (\d+)\)")
_NO_AXES = re.compile(r"matmul: Input operand ([01]) does not have enough dimensions \(has 0,")
_INSTALLED = tuple(sysconfig.get_paths()[key] for key in ("stdlib", "purelib", "platlib"))


def watch(name: str, arguments: tuple[str, ...], seconds: float, function: Any) -> Student:
    """Wrap a function of this process, a student's own, for the checks.

    Args:
        name: Name of the task.
        arguments: Names of the function's arguments, in order.
        seconds: Time limit in seconds for all calls together.
        function: The student's function.

    Returns:
        The function as the checks see it.
    """
    problem = explain_signature(name, arguments, function)

    def run(args: tuple[Any, ...], kwargs: dict[str, Any], left: float) -> Outcome:
        return (
            Outcome(error=problem, not_called=True)
            if problem
            else _run_here(name, function, args, kwargs, left)
        )

    return Student(name, arguments, seconds, run)


def explain_signature(name: str, arguments: tuple[str, ...], function: Any) -> str:
    """Say what is wrong with a function's signature.

    Args:
        name: Name of the task.
        arguments: Names of the arguments that the checks give, in order.
        function: What the student handed over.

    Returns:
        One sentence, empty where nothing is wrong.
    """
    wanted = f"{name}({', '.join(arguments)})"
    if not callable(function):
        what = f"what was handed over is no function but: {name_type(function)}"
        return f"{what}; write check({name!r}, {name}), without calling it"
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        return f"{name} is no plain function: write `def` without `async`, and `return` in place of `yield`"
    try:
        signature = inspect.signature(function)
        signature.bind(*arguments)
    except ValueError:
        return ""
    except TypeError as error:
        return f"{name}{signature} has the wrong arguments ({error}): expected {wanted}"
    return ""


def _run_here(
    name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], left: float
) -> Outcome:
    args_given, kwargs_given = copy_value(args), copy_value(kwargs)
    printed = Bounded()
    began = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught, _redirected(printed):
        warnings.simplefilter("always")
        outcome = _call(name, lambda: function(*args_given, **kwargs_given), left)
    changed = [index for index, value in enumerate(args) if not is_same(value, args_given[index])]
    keywords = [key for key, value in kwargs.items() if not is_same(value, kwargs_given[key])]
    return replace(
        outcome,
        printed=printed.getvalue(),
        warned=f"{caught[0].category.__name__}: {caught[0].message}" if caught else "",
        changed=(*changed, *keywords),
        seconds=time.perf_counter() - began,
    )


@contextlib.contextmanager
def _redirected(printed: io.StringIO) -> Any:
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(Bounded()):
        yield


def _call(name: str, call: Callable[[], Any], left: float) -> Outcome:
    try:
        return Outcome(value=copy_value(call_within(left, call)))
    except OutOfTime:
        return Outcome(out_of_time=True)
    except (Exception, SystemExit) as error:
        if type(error) is NotImplementedError:  # not its kin, such as Jupyter's for input() without a prompt
            return Outcome(open=_explain_open(name, error))
        return Outcome(error=_explain_exception(name, error))


def _explain_open(name: str, error: BaseException) -> str:
    frames = _student_frames(error)
    inner = frames[-1].name if frames else name
    if len(frames) > 1 and inner not in (name, "<lambda>", frames[0].name):
        return f"Task {name!r} calls {inner}, which is open: write {inner} first"
    return f"Task {name!r} is open: replace the `raise NotImplementedError` in the cell above by your code"


def _explain_exception(name: str, error: BaseException) -> str:
    kind, message = type(error).__name__, _explain_product(str(error).strip())
    sentence = f"{name} raised {kind}: {message}" if message else f"{name} raised {kind}"
    frames = _student_frames(error)
    if not frames:
        return sentence
    number, line = frames[-1].lineno, (frames[-1].line or "").strip()
    inner = frames[-1].name if len(frames) > 1 and frames[-1].name != name else "your code"
    where = f"{sentence}\nin line   {number} of {inner}"
    return f"{where}: {line}" if line else where


def _explain_product(message: str) -> str:
    """Say what NumPy says of a matrix product's shapes without its word for them, a gufunc signature."""
    if sizes := _MISMATCH.match(message):
        return (
            "the matrix product cannot be taken: the last axis of the first array "
            f"(size {sizes[2]}) must be as long as the second-last axis of the second array, or its only one "
            f"(size {sizes[1]}); print both shapes"
        )
    if place := _NO_AXES.match(message):
        which = ("first", "second")[int(place[1])]
        return (
            f"the matrix product cannot be taken: the {which} of the two is a number or None, not an array; "
            "to multiply by a number, write *"
        )
    return message


def _student_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Keep the frames of the student's own code: neither ours nor those of installed libraries."""
    linecache.checkcache()
    frames = traceback.extract_tb(error.__traceback__)
    return [f for f in frames if not f.filename.startswith((_OURS, "<frozen", "<__array", *_INSTALLED))]


class Bounded(io.StringIO):
    """Keeps the first characters that are written to it and forgets the rest."""

    def write(self, text: str) -> int:
        """Keep what there is room for.

        Args:
            text: What a function prints.

        Returns:
            The length of the text, as a file says it.
        """
        room = 10_000 - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)
