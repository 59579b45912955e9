"""Results of several parts: one mistake explains them together, and is named by what it gives in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.grading.authoring import CheckFailed, expect_close

Parts = tuple[Any, ...]


def expect_parts(
    got: Any,
    want: Parts,
    *,
    what: tuple[str, ...],
    mistakes: Callable[[], Mapping[str, Parts]],
    rtol: float = 1e-6,
) -> None:
    """Fail unless every part is close to what is right; likely mistakes are worked out only then.

    Args:
        got: What the student's function returned.
        want: What is right, part by part: arrays or numbers.
        what: Names of the parts.
        mistakes: Works out the likely mistakes: a sentence and all parts that this mistake gives.
        rtol: Relative tolerance.

    Raises:
        CheckFailed: It is no tuple of so many parts, or a part differs in type, shape or an entry.
    """
    try:
        expect_close(got, want, what=what, rtol=rtol)
    except CheckFailed:
        if not isinstance(got, tuple | list) or len(got) != len(want):
            raise
        found = dict(mistakes())
        whole = {words: parts for words, parts in found.items() if all(map(_alike, got, parts))}
        for place, name in enumerate(what):
            causes = {words: parts[place] for words, parts in (whole | found).items()}
            wrong = {words: part for words, part in causes.items() if not _alike(part, want[place])}
            expect_close(got[place], want[place], what=name, rtol=rtol, causes=wrong)


def _alike(one: Any, other: Any) -> bool:
    numbers = all(isinstance(value, np.ndarray | np.number | int | float) for value in (one, other))
    if not numbers or np.shape(one) != np.shape(other) or np.asarray(one).dtype.kind not in "biuf":
        return False
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-8, equal_nan=True))
