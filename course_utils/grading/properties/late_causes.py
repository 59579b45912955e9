"""Compare first, and work out what likely mistakes would give only where something differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from course_utils.grading.authoring import CheckFailed, expect_close


def expect_close_or_explain(
    got: Any, want: Any, *, what: str, causes: Callable[[], Mapping[str, Any]]
) -> None:
    """Fail unless every entry is close to what is right, as `expect_close` does.

    Args:
        got: What the student's function returned.
        want: What is right: an array.
        what: Name of the result in the report.
        causes: Works out the likely mistakes, which may take longer than all else: a sentence and the value
            that this mistake gives.

    Raises:
        CheckFailed: Type, shape or an entry differs.
    """
    try:
        expect_close(got, want, what=what)
    except CheckFailed:
        expect_close(got, want, what=what, causes=causes())
