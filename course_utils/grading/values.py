"""Plain values on their way to a student's function and back: copied, compared, described."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.tensors import as_array, is_network, is_tensor, name_tensor

FULL_UP_TO = 30  # entries of an array that a report prints in full
TEXT_UP_TO = 300  # characters of a text that a report prints
LINE_UP_TO = 88  # characters of nested containers that a report prints on one line


def copy_value(value: Any) -> Any:
    """Copy arrays, tensors and containers of them; leave what is no plain value, such as a network, as it is.

    Args:
        value: An array, tensor, number, text, `None`, or a list, tuple or dict of these.

    Returns:
        The copy, which shares no memory with `value`.
    """
    if type(value) in (list, tuple):
        return type(value)(copy_value(item) for item in value)
    if type(value) is dict:
        return {key: copy_value(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return copy.deepcopy(value)
    return value.clone() if is_tensor(value) else value


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two plain values are equal in type, shape, dtype and every entry (NaN equals NaN).

    Args:
        one: Any plain value.
        other: Any plain value.

    Returns:
        True where nothing differs.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and one.shape == other.shape and _equal_entries(one, other))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    if is_tensor(one):
        return one.requires_grad == other.requires_grad and is_same(as_array(one), as_array(other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    return one is other or bool(one == other) or (one != one and other != other)


def _equal_entries(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")


def name_type(value: Any) -> str:
    """Say in a few words what a value is: its type and, for an array, its shape and dtype.

    Args:
        value: Anything.

    Returns:
        For example "array of shape (2, 3), float64".
    """
    if isinstance(value, np.ndarray):
        kind = "array" if type(value) is np.ndarray else type(value).__name__
        return f"{kind} of shape {value.shape}, {value.dtype}"
    if is_tensor(value):
        return name_tensor(value)
    if isinstance(value, np.generic):
        return f"number, {value.dtype}"
    if isinstance(value, list | tuple | dict):
        return f"{type(value).__name__} of length {len(value)}"
    if value is None:
        return "None"
    return type(value).__name__


def describe(value: Any) -> str:
    """Describe a value as a report shows it: short ones in full with four digits, long ones by shape.

    Args:
        value: Anything.

    Returns:
        One or several lines, without addresses, so that they are the same at each run.
    """
    if isinstance(value, np.ndarray):
        return _describe_array(value, name_type(value))
    if is_tensor(value):
        return _describe_array(as_array(value), name_tensor(value))
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, float | np.floating):
        return f"{float(value):.4g}"
    if isinstance(value, int | np.integer):
        return str(int(value)) if abs(int(value)) < 10**40 else "a very large integer"
    if isinstance(value, str):
        return repr(value) if len(value) <= TEXT_UP_TO else f"text of {len(value)} characters"
    if isinstance(value, Mapping):
        if (line := _on_one_line(value)) and len(line) <= LINE_UP_TO:
            return line
        return _describe_items(value.values(), [f"{key}: " for key in value], name_type(value))
    if isinstance(value, list | tuple):
        return _describe_sequence(value)
    kind = "a network" if is_network(value) else "an object"
    return "None" if value is None else f"{kind} of type {type(value).__name__}"


def _describe_array(value: NDArray[Any], head: str) -> str:
    if value.size > FULL_UP_TO or value.dtype.kind not in "biufc":
        return head
    digits = np.array2string(value, precision=4, suppress_small=False, separator=", ", max_line_width=100)
    return f"{head}\n{digits}" if value.ndim > 1 else f"{head}: {digits}"


def _describe_sequence(value: Sequence[Any]) -> str:
    scalars = all(isinstance(item, int | float | str | np.generic) for item in value)
    if scalars and len(value) <= FULL_UP_TO:
        return _on_one_line(value)
    if (line := _on_one_line(value)) and len(line) <= LINE_UP_TO:
        return line
    labels = [f"[{index}] " for index in range(len(value))]
    return _describe_items(value, labels, name_type(value))


def _on_one_line(value: Any) -> str:
    """Write scalars and short containers of them as Python does; empty where something else is inside."""
    if isinstance(value, int | float | str | np.generic) or value is None:
        return describe(value)
    if not isinstance(value, list | tuple | Mapping):
        return ""
    inner = [_on_one_line(item) for item in (value.values() if isinstance(value, Mapping) else value)]
    if not all(inner):
        return ""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {text}" for key, text in zip(value, inner, strict=True)) + "}"
    if isinstance(value, list):
        return f"[{', '.join(inner)}]"
    return f"({inner[0]},)" if len(inner) == 1 else f"({', '.join(inner)})"


def _describe_items(values: Any, labels: Sequence[str], head: str) -> str:
    shown = [
        label + indent(describe(item), " " * len(label)) for label, item in zip(labels, values, strict=True)
    ]
    return "\n".join([head, *shown[:8], *(["..."] if len(shown) > 8 else [])])


def indent(text: str, space: str) -> str:
    """Indent every line of a text but its first.

    Args:
        text: One or several lines.
        space: What to put before the second line and those after it.

    Returns:
        The text, indented.
    """
    return text.replace("\n", "\n" + space)
