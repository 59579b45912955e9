"""Sizes and counts that a student's function returned: exact, and ints; and what it must refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.grading.authoring import CheckFailed, Student, expect, expect_equal
from course_utils.grading.values import describe, name_type


def expect_whole(got: Any, want: int, *, what: str, causes: Mapping[str, int] | None = None) -> None:
    """Fail unless a size or a count is exactly what is right, as an int of Python or of NumPy.

    Args:
        got: What the student's function returned.
        want: What is right.
        what: Name of the result in the report.
        causes: Likely mistakes: a sentence and the number that this mistake gives.

    Raises:
        CheckFailed: It is another number, or no int.
    """
    expect_int(got, what)
    expect_equal(got, want, what=what, causes=explain_exactly(int(got), causes))


def explain_exactly(came: Any, causes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Keep the mistakes that give exactly what came; where several do, all of them in one sentence.

    Args:
        came: What the student's function returned.
        causes: Likely mistakes: a sentence and what this mistake gives.

    Returns:
        One sentence with what came, or nothing.
    """
    found = [sentence for sentence, value in (causes or {}).items() if value == came]
    return {" -- or: ".join(found): came} if found else {}


def expect_int(got: Any, what: str) -> None:
    """Fail unless a value is an int of Python or of NumPy.

    Args:
        got: What the student's function returned.
        what: Name of the result in the report.

    Raises:
        CheckFailed: It is something else.
    """
    if isinstance(got, float | np.floating):
        raise CheckFailed(
            f"{what} is a float, {describe(got)}: a size or a count is an int; "
            "divide with //, or round with math.floor or math.ceil (those of NumPy return floats)"
        )
    whole = isinstance(got, int | np.integer) and not isinstance(got, bool)
    expect(whole, f"{what} must be an int, {name_type(got)} came")


def expect_wholes(
    got: Any,
    want: Sequence[int],
    *,
    what: str,
    causes: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """Fail unless a tuple (or list) of sizes or counts is exactly what is right.

    Args:
        got: What the student's function returned.
        want: What is right.
        what: Name of the result in the report.
        causes: Likely mistakes: a sentence and the numbers that this mistake gives.

    Raises:
        CheckFailed: It is no such tuple, or has other numbers in it.
    """
    fits = isinstance(got, tuple | list)
    expect(fits, f"{what} must be a tuple of {len(want)} ints, {name_type(got)} came")
    for number, part in enumerate(got):
        expect_int(part, f"entry {number} of {what}")
    came = tuple(int(part) for part in got)
    given = {sentence: tuple(value) for sentence, value in (causes or {}).items()}
    expect_equal(came, tuple(want), what=what, causes=explain_exactly(came, given))


def call_what_fits(student: Student, *args: Any, why: str, **kwargs: Any) -> Any:
    """Call a student's function; if it raises ValueError, name what it overlooked.

    Args:
        student: The student's function.
        *args: Positional arguments.
        why: Why there is no error in these arguments, as a sentence.
        **kwargs: Keyword arguments.

    Returns:
        What the function returned.

    Raises:
        CheckFailed: It raised an error.
    """
    try:
        return student(*args, **kwargs)
    except CheckFailed as error:
        refused = str(error).startswith(f"{student.name} raised ValueError")
        raise CheckFailed(f"{error}\ncause     {why}" if refused else str(error)) from None


def expect_refusal(student: Student, *args: Any, why: str, **kwargs: Any) -> None:
    """Fail unless a call raises ValueError.

    Args:
        student: The student's function.
        *args: Positional arguments.
        why: What is wrong with the arguments, as the beginning of a sentence.
        **kwargs: Keyword arguments.

    Raises:
        CheckFailed: It returned something, or raised another error.
    """
    try:
        got = student(*args, **kwargs)
    except CheckFailed as error:
        first = str(error).splitlines()[0]
        if first.startswith(f"{student.name} raised ValueError"):
            return
        raise CheckFailed(f"{why}: ValueError was expected, but {first}") from None
    shown = describe(got)
    shown = name_type(got) if "\n" in shown else shown
    raise CheckFailed(f"{why}: ValueError was expected, but {shown} came")
