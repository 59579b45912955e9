"""Options that are left out: where a function is right once they are given, its defaults are wrong."""

from __future__ import annotations

from collections.abc import Callable

from course_utils.grading.authoring import CheckFailed, Student

CAUSE = "\ncause     "
WORDS = "with all options given it is right: compare the defaults in the signature with those of the task"


def expect_defaults(student: Student, left_out: Callable[[], None], given: Callable[[], None]) -> None:
    """Fail as a check without options does; where no cause is named, try the same with the options given.

    Args:
        student: The function.
        left_out: Calls it without its options and compares.
        given: Calls it with the same options given, and compares.

    Raises:
        CheckFailed: The function is wrong where its options are left out.
    """
    try:
        left_out()
    except CheckFailed as error:
        shown, warned = student.given, student.warned
        cause = "" if CAUSE in f"{error}" or not _holds(given) else f"{CAUSE}{WORDS}"
        student.given, student.warned = shown, warned
        raise CheckFailed(f"{error}{cause}") from None


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except CheckFailed:
        return False
    return True
