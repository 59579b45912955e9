"""Spoil what a right function returns: the right shape with wrong values, or a changed argument."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.tensors import as_array, as_tensor, is_tensor
from course_utils.grading.values import copy_value

Array = NDArray[Any]
Part = int | str | None


def _where_float(change: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda array: change(array) if array.dtype.kind == "f" else array


def _where_number(change: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda array: change(array) if array.dtype.kind in "fiu" else array


def _put(array: Array, place: int, value: Any) -> Array:
    array.reshape(-1)[place : place + 1 or None] = value
    return array


VALUES: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {
        "zeros": np.zeros_like,
        "ones": np.ones_like,
        "doubled": _where_number(lambda array: 2 * array),
        "0.01 too large": _where_float(lambda array: array + array.dtype.type(0.01)),
        "1 too large": _where_number(
            lambda array: array + array.dtype.type(1) if array.dtype.kind != "f" else array
        ),
        "a relative error of 1e-3": _where_float(lambda array: array * array.dtype.type(1.001)),
        "reversed along the first axis": lambda array: array[::-1].copy(),
        "NaN in the first entry": _where_float(lambda array: _put(array.copy(), 0, np.nan)),
        "NaN in every entry": _where_float(lambda array: np.full_like(array, np.nan)),
        "negated": lambda array: ~array if array.dtype.kind == "b" else -array,
        "rounded to float16": _where_float(lambda array: array.astype(np.float16).astype(array.dtype)),
        "the first entry everywhere": lambda array: (
            np.full_like(array, array.flat[0]) if array.size else array
        ),
        "the last entry zero": lambda array: _put(array.copy(), -1, 0),
        "the last entry 1 too large": _where_number(
            lambda array: _put(array.copy(), -1, array.flat[-1] + 1) if array.size else array
        ),
    }
)
ITEMS: Mapping[str, Callable[[list[Any]], list[Any]]] = MappingProxyType(
    {
        "the items in reverse order": lambda items: items[::-1],
        "the last item left out": lambda items: items[:-1],
        "the first item twice": lambda items: items[:1] + items,
    }
)
MOST_PARTS = 8
CHANGED = "set to zero after the call"
STALE = "the result of the first call for ever"


@dataclass(frozen=True)
class Spoil:
    """One way to spoil what a function returns.

    Attributes:
        kind: A key of `VALUES` or `ITEMS`, or `CHANGED`, or `STALE`.
        part: Which part of a tuple, list or dict; which argument where one is changed; None for all.
    """

    kind: str
    part: Part = None

    @property
    def description(self) -> str:
        """What it does, such as "result[1]: negated"."""
        if self.kind == CHANGED:
            return f"argument {self.part}: {CHANGED}"
        return f"result: {self.kind}" if self.part is None else f"result[{self.part!r}]: {self.kind}"

    def wrap(self, function: Callable[..., Any], arguments: tuple[str, ...]) -> Callable[..., Any]:
        """Make the spoiled function.

        Args:
            function: A right one.
            arguments: Names of its arguments, in order.

        Returns:
            A function of the same signature.
        """
        first: list[Any] = []

        @functools.wraps(function)
        def spoiled(*args: Any, **kwargs: Any) -> Any:
            result = copy_value(function(*args, **kwargs))
            first.append(result) if not first else None
            if self.kind == STALE:
                return copy_value(first[0])
            if self.kind in ITEMS:
                return _with_items(result, ITEMS[self.kind])
            if self.kind in VALUES:
                with np.errstate(all="ignore"):
                    return spoil_part(result, self.part, VALUES[self.kind])
            _set_to_zero((dict(zip(arguments, args, strict=False)) | kwargs).get(str(self.part)))
            return result

        return spoiled


def spoil_part(value: Any, part: Part, change: Callable[[Array], Array]) -> Any:
    """Change the arrays, numbers and truth values of a result, or of one part of it.

    Args:
        value: The result.
        part: Place in a tuple or list, key of a dict, or None for all.
        change: What to do with an array.

    Returns:
        The changed result; unchanged where there is no such part.
    """
    if part is None:
        return _spoil(value, change)
    if isinstance(value, dict):
        return {key: _spoil(item, change) if key == part else item for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_spoil(item, change) if n == part else item for n, item in enumerate(value))
    return value


def _spoil(value: Any, change: Callable[[Array], Array]) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiub":
            return value
        return change(value) if value.ndim else np.asarray(change(value[None])[0])
    if is_tensor(value):
        return as_tensor(_spoil(as_array(value), change))
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return type(value)(change(np.asarray(value)[None])[0])
    if isinstance(value, dict):
        return {key: _spoil(item, change) for key, item in value.items()}
    return type(value)(_spoil(item, change) for item in value) if isinstance(value, tuple | list) else value


def _with_items(value: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    if isinstance(value, dict):
        return dict(change(list(value.items())))
    return type(value)(change(list(value))) if isinstance(value, list | tuple) else value


def _set_to_zero(value: Any) -> None:
    if isinstance(value, np.ndarray) or is_tensor(value):
        value[...] = 0
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            _set_to_zero(item)


def spoils(results: list[Any], arguments: tuple[str, ...]) -> Iterator[Spoil]:
    """List the ways to spoil a function, whether or not they change anything.

    Args:
        results: What the right function returned, call by call.
        arguments: Names of its arguments, in order.

    Yields:
        All parts of the result together first, then each part alone, then the arguments.
    """
    for part in (None, *_parts(results)):
        yield from (Spoil(kind, part) for kind in VALUES)
    yield from (Spoil(kind) for kind in ITEMS)
    yield from (Spoil(CHANGED, name) for name in arguments)
    yield Spoil(STALE)


def _parts(results: list[Any]) -> list[Part]:
    """List the parts that every result has, where these are few: a pair's, and not those of a long list."""
    shapes = {tuple(result) if isinstance(result, dict) else _length(result) for result in results}
    only = shapes.pop() if len(shapes) == 1 else 0
    parts: list[Part] = list(range(only)) if isinstance(only, int) else [str(key) for key in only]
    return parts if 1 < len(parts) <= MOST_PARTS else []


def _length(result: Any) -> int:
    return len(result) if isinstance(result, tuple | list) else 0
