"""Numbers that a student's function returned as weights, and the mistake that explains wrong ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import expect
from course_utils.grading.values import describe, name_type

Array = NDArray[Any]


def expect_numbers(value: Any, shape: tuple[int | None, ...], what: str) -> Array:
    """Fail unless a value is an array (or a list) of finite numbers of a shape; None is as many as units.

    Args:
        value: What the student's function returned.
        shape: Length of each axis, or None.
        what: Name of the value in the report.

    Returns:
        The numbers as float64.

    Raises:
        CheckFailed: It is something else.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.array(None)
    lengths = ["units" if length is None else str(length) for length in shape]
    wanted = f"({lengths[0]},)" if len(lengths) == 1 else f"({', '.join(lengths)})"
    expect(array.dtype.kind in "iuf", f"{what} must hold numbers, {describe(value)} came")
    fits = array.ndim == len(shape) and all(
        want in (None, length) for want, length in zip(shape, array.shape, strict=True)
    )
    must = f"have shape {wanted}" if shape else "be one number"
    expect(fits, f"{what} must {must}, {name_type(value)} came")
    expect(bool(np.isfinite(array).all()), f"{what} must hold finite numbers, {describe(value)} came")
    return array.astype(np.float64)


def explain(y: Array, causes: Mapping[str, Array]) -> str:
    """Find the mistake that gives exactly these values.

    Args:
        y: What came.
        causes: Likely mistakes: a sentence and the values that this mistake gives.

    Returns:
        A line for the report, or nothing.
    """
    found = [sentence for sentence, values in causes.items() if np.allclose(y, values, atol=1e-6)]
    return f"\ncause     {found[0]}" if found else ""
