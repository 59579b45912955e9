"""What the layer-geometry explorer can be set to, and the cases in its list."""

from collections.abc import Callable, Mapping
from typing import Any

from traitlets import TraitError

from course_utils.widgets.state import one_of, whole_number

LIMITS: Mapping[str, tuple[int, int]] = {  # lowest and highest; more could not be drawn
    "size": (1, 64),
    "kernel": (1, 15),
    "stride": (1, 8),
    "padding": (0, 8),
    "dilation": (1, 4),
    "depth": (1, 4),
    "channels": (1, 1024),
}
BASIC = {
    "size": (7, 7),
    "kernel": 3,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "depth": 1,
    "channels": (1, 1),
}
PRESETS: Mapping[str, Mapping[str, Any]] = {  # a name to what differs from the first
    "7 × 7, kernel 3, stride 1": {},
    "7 × 7, kernel 3, stride 2": {"stride": 2},
    "7 × 7, kernel 3, stride 3 leaves a rest": {"stride": 3},
    "32 × 32 × 3, six kernels of 5": {"size": (32, 32), "kernel": 5, "channels": (3, 6)},
    "same: the size is kept": {"padding": "same"},
    "same with an even kernel": {"kernel": 4, "padding": "same"},
    "three layers see 7 × 7": {"size": (9, 9), "depth": 3},
    "dilation 2": {"size": (9, 9), "dilation": 2},
    "height and width differ": {"size": (6, 10), "stride": 2, "padding": 1},
}


def whole(value: Any, *, name: str) -> int:
    """Return a whole number within the limits of its name.

    Args:
        value: The number.
        name: A name in `LIMITS`.

    Returns:
        The number as a Python int.

    Raises:
        TraitError: If it is no whole number or out of its limits.
    """
    low, high = LIMITS[name]
    found = whole_number(value, name=name)
    if not low <= found <= high:
        raise TraitError(f"{name} is {found} but must be from {low} to {high}; choose a number between")
    return found


def pair(value: Any, *, name: str, check: Callable[..., int] = whole) -> tuple[int, int]:
    """Return two whole numbers; one alone stands for both.

    Args:
        value: Two numbers, or one.
        name: What they are called in the message.
        check: What looks at each of them.

    Returns:
        The numbers.

    Raises:
        TraitError: If there are not two, or one is refused.
    """
    both = value if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2:
        raise TraitError(f"{name} is {value!r} but must be two whole numbers; give a pair, such as (7, 9)")
    first, second = (check(part, name=name) for part in both)
    return first, second


def zeros(value: Any, *, name: str) -> int | str:
    """Return the padding as it is kept: a whole number or "same".

    Args:
        value: A number, "same", or "valid" for 0.
        name: What it is called in the message.

    Returns:
        The padding.

    Raises:
        TraitError: If it is neither.
    """
    if isinstance(value, str):
        return 0 if one_of(value, ("same", "valid"), name=name) == "valid" else "same"
    return whole(value, name=name)


def as_lists(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Write pairs as they come back from the browser.

    Args:
        settings: Name to value.

    Returns:
        The same with lists for tuples.
    """
    return {name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()}
