"""Compare what a student's function returned with what is right, and say what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.failures import CheckFailed
from course_utils.grading.values import describe, indent, is_same, name_type

KINDS = {"f": "floating point", "i": "integer", "b": "boolean", "u": "unsigned integer"}
NUMERIC = (np.ndarray, int, float, np.number)
SINGLE = 1e-4  # relative tolerance where a student computes in float32


def expect(condition: bool | np.bool_, sentence: str) -> None:
    """Fail with a sentence unless a condition holds.

    Args:
        condition: What must be true; anything but `True` fails.
        sentence: What the student reads otherwise: what came, what was expected.

    Raises:
        CheckFailed: The condition does not hold.
    """
    if not (isinstance(condition, bool | np.bool_) and condition):
        raise CheckFailed(sentence)


def expect_equal(
    got: Any, want: Any, *, what: str = "the result", causes: Mapping[str, Any] | None = None
) -> None:
    """Fail unless two plain values are the same; NumPy's numbers count as Python's.

    Args:
        got: What the student's function returned.
        want: What is right: a number, text, boolean, or a list, tuple or dict of these.
        what: Name of the result in the report.
        causes: Likely mistakes: a sentence and the value that this mistake gives.

    Raises:
        CheckFailed: They differ in type or value.
    """
    if isinstance(got, np.ndarray) or isinstance(want, np.ndarray):
        _expect_same_shape(got, want, what, causes)
        expect_close(got, want, what=what, rtol=0, atol=0, causes=causes)
    elif not is_same(_plain(got), _plain(want)):
        differs = "" if type(_plain(got)) is type(_plain(want)) else "its type"
        _fail(got, want, what, differs, causes)


def expect_array(
    got: Any, *, shape: tuple[int, ...] | None = None, kind: str | None = None, what: str = "the result"
) -> NDArray[Any]:
    """Fail unless the result is an array, of a shape and kind of number where these are given.

    Args:
        got: What the student's function returned.
        shape: The shape it must have.
        kind: The kind of its dtype: "f", "i" (unsigned too) or "b"; or a dtype's name: "float32".
        what: Name of the result in the report.

    Returns:
        The array.

    Raises:
        CheckFailed: It is no array, or has another shape or dtype.
    """
    if type(got) is not np.ndarray:
        raise CheckFailed(f"{what} is no NumPy array but: {name_type(got)}")
    if shape is not None and got.shape != shape:
        raise CheckFailed(f"{what} has shape {got.shape}, expected {shape}")
    found = (got.dtype.kind.replace("u", "i") if kind == "i" else got.dtype.kind, got.dtype.name)
    if kind is not None and kind not in found:
        wanted = f"{KINDS[kind]} numbers" if kind in KINDS else kind
        raise CheckFailed(f"{what} has dtype {got.dtype}, expected {wanted}")
    return got


def expect_close(
    got: Any,
    want: Any,
    *,
    what: str | Sequence[str] = "the result",
    rtol: float = 1e-6,
    atol: float = 1e-9,
    causes: Mapping[str, Any] | None = None,
) -> None:
    """Fail unless every entry is close to what is right; NaN never is.

    A result in float32 is compared with the tolerance of float32.

    Args:
        got: What the student's function returned.
        want: What is right: an array, a number, or a tuple of these.
        what: Name of the result in the report; for a tuple, the names of its parts.
        rtol: Relative tolerance.
        atol: Absolute tolerance.
        causes: Likely mistakes: a sentence and the value that this mistake gives.

    Raises:
        CheckFailed: Type, shape or an entry differs.
        ValueError: The expected value itself is NaN.
    """
    if isinstance(want, tuple):
        _expect_parts(got, want, what, rtol, atol, causes)
        return
    name = what if isinstance(what, str) else ", ".join(what)
    if np.isnan(want).any():
        raise ValueError(f"the expected value of {name} is NaN: the check itself is wrong")
    _expect_numbers(got, want, name, causes)
    _expect_same_shape(got, want, name, causes)
    wrong = _differing(np.asarray(got), np.asarray(want), rtol, atol)
    if wrong.any():
        _fail(got, want, name, _first_difference(np.asarray(got), np.asarray(want), wrong), causes)


def _expect_parts(
    got: Any, want: tuple[Any, ...], what: str | Sequence[str], rtol: float, atol: float, causes: Any
) -> None:
    names = [f"{what}[{i}]" for i in range(len(want))] if isinstance(what, str) else list(what)
    listed = ", ".join(names)
    if not isinstance(got, tuple | list):
        raise CheckFailed(f"a tuple ({listed}) was expected, {name_type(got)} came")
    if len(got) != len(want):
        raise CheckFailed(f"{len(want)} results ({listed}) were expected, {len(got)} came")
    for name, part, right in zip(names, got, want, strict=True):
        expect_close(part, right, what=name, rtol=rtol, atol=atol, causes=causes)


def _expect_numbers(got: Any, want: Any, what: str, causes: Mapping[str, Any] | None) -> None:
    """Refuse what is neither an array nor a number; a number may come as an array without axes."""
    array = type(got) is np.ndarray
    number = isinstance(got, int | float | np.number) and not isinstance(got, bool)
    if not array and not (number and np.ndim(want) == 0):
        expected = f"an array of shape {np.shape(want)}" if np.ndim(want) else "a number"
        _fail(got, want, what, f"its type: {name_type(got)} came, {expected} was expected", None)
    if np.asarray(got).dtype.kind not in ("biuf" if array else "iuf"):
        _fail(got, want, what, f"its dtype: {np.asarray(got).dtype} came, real numbers were expected", causes)


def _expect_same_shape(got: Any, want: Any, what: str, causes: Mapping[str, Any] | None) -> None:
    came, expected = np.shape(got), np.shape(want)
    if came != expected:
        _fail(got, want, what, f"its shape: {came} came, {expected} was expected", causes)


def _differing(got: NDArray[Any], want: NDArray[Any], rtol: float, atol: float) -> NDArray[np.bool_]:
    """Mark the entries that are not close, with the tolerance of float32 where that came."""
    if got.dtype == np.float32 and rtol > 0:
        finite = np.abs(want[np.isfinite(want)])
        rtol, atol = max(rtol, SINGLE), max(atol, 1e-6 * float(finite.max(initial=0.0)))
    close = np.isclose(got.astype(np.float64), want.astype(np.float64), rtol=rtol, atol=atol)
    return ~np.atleast_1d(close)


def _first_difference(got: NDArray[Any], want: NDArray[Any], wrong: NDArray[np.bool_]) -> str:
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    came, right = np.atleast_1d(got)[index], np.atleast_1d(want)[index]
    pair = (describe(came), describe(right))
    if pair[0] == pair[1]:
        pair = (f"{float(came):.12g}", f"{float(right):.12g}")
    text = f"{pair[0]} came, {pair[1]} was expected"
    if want.ndim == 0:
        return text
    return f"at {list(index)}: {text} ({int(wrong.sum())} of {wrong.size} entries differ)"


def _fail(got: Any, want: Any, what: str, differs: str, causes: Mapping[str, Any] | None) -> NoReturn:
    rows = [("expected", f"{what}, {describe(want)}"), ("came", describe(got)), ("differs", differs)]
    cause = _likely_cause(got, want, causes or {})
    rows += [("cause", f"{cause}")] if cause else []
    lines = [f"{label:<9} {indent(text, ' ' * 10)}" for label, text in rows if text]
    raise CheckFailed("\n".join([f"{what} is not what was expected", *lines]))


def _likely_cause(got: Any, want: Any, causes: Mapping[str, Any]) -> str:
    """Find the mistake that gives exactly what came: those of the task first, then the usual ones."""
    for sentence, value in causes.items():
        if _matches(got, value):
            return sentence
    if type(got) is not np.ndarray or np.asarray(got).dtype.kind not in "biuf":
        return ""
    if np.isnan(got).any():
        return "there are NaN in it: look for 0/0, inf - inf, or the logarithm or root of a negative number"
    right = np.asarray(want)
    usual: dict[str, Any] = {
        "every entry is zero": np.zeros_like(right),
        "the sign is turned round": -right if right.dtype.kind == "f" else None,
        "the result is transposed": right.T if right.ndim > 1 else None,
        "every entry is twice what it should be": 2 * right,
        "every entry is half of what it should be": right / 2 if right.dtype.kind == "f" else None,
    }
    explains = (name for name, value in usual.items() if _matches(got, value) and not _matches(want, value))
    return next(explains, "")


def _matches(got: Any, value: Any) -> bool:
    if isinstance(got, NUMERIC) and isinstance(value, NUMERIC):
        if np.shape(got) != np.shape(value) or np.asarray(got).dtype.kind not in "biuf":
            return False
        return bool(np.allclose(got, value, rtol=1e-4, atol=1e-8, equal_nan=True))
    return is_same(_plain(got), _plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(_plain(item) for item in value)
    if type(value) is dict:
        return {_plain(key): _plain(item) for key, item in value.items()}
    return value
