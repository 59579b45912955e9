"""Types of results: float32 stays float32, and whole numbers give fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.grading.authoring import CheckFailed, expect_array

WIDENED = (
    "float32 met something that makes float64 of it: an array of int64, np.zeros(shape) without a dtype, or"
    " np.sqrt of a Python number"
)
CUT_OFF = "the fractions were cut off: an array of whole numbers, or a copy of one, cannot hold them"


def expect_float32(got: Any, what: str) -> None:
    """Fail unless a result is an array in float32; where float64 came, say what makes it so.

    Args:
        got: What the student's function returned.
        what: Name of the result in the report.

    Raises:
        CheckFailed: It is no array, or has another dtype.
    """
    try:
        expect_array(got, kind="float32", what=what)
    except CheckFailed as error:
        wide = isinstance(got, np.ndarray) and got.dtype == np.float64
        raise CheckFailed(f"{error}\ncause     {WIDENED}" if wide else str(error)) from None


def without_fractions(want: Sequence[Any], given: np.dtype[Any]) -> dict[str, tuple[Any, ...]]:
    """Work out what an array of whole numbers keeps of the right results.

    Args:
        want: What is right, part by part.
        given: Type of the arrays that the student's function was given.

    Returns:
        A sentence and all parts without their fractions; nothing unless whole numbers were given.
    """
    return {CUT_OFF: tuple(np.trunc(part) for part in want)} if given.kind in "iu" else {}
