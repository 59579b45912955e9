"""What an explorer accepts: every value is checked here, before it reaches the browser."""

import math
from collections.abc import Callable, Iterable
from numbers import Integral
from typing import Any

from traitlets import TraitError, TraitType


class Checked(TraitType):  # type: ignore[misc]
    """Hold a value that travels between Python and the browser, and check it whenever it is set.

    Args:
        default: The value at first.
        check: Takes the value and the attribute's `name`; returns what is kept, or raises TraitError.
    """

    def __init__(self, default: Any, check: Callable[..., Any]) -> None:
        super().__init__(default)
        self.check = check
        self.tag(sync=True)

    def validate(self, _: Any, value: Any) -> Any:
        """Return the value as it is kept."""
        return self.check(value, name=self.name)


def numbers(values: Any, *, count: int, name: str) -> tuple[float, ...]:
    """Return finite numbers as a tuple of Python floats.

    Args:
        values: The numbers, in any sequence or array.
        count: How many there must be.
        name: What they are called in the message.

    Returns:
        The numbers, `count` of them.

    Raises:
        TraitError: If they are not numbers, not that many, or one is NaN or infinite.
    """
    wanted = f"{count} finite numbers" if count > 1 else "one finite number"
    try:
        found = tuple(float(value) for value in values)
    except (TypeError, ValueError):
        given = values[0] if count == 1 else values
        raise TraitError(f"{name} is {given!r} but must be {wanted}; write numbers, such as 0.5") from None
    if len(found) != count:
        raise TraitError(f"{name} has {len(found)} numbers but must be {wanted}; give exactly {count}")
    bad = [value for value in found if not math.isfinite(value)]
    if bad:
        raise TraitError(f"{name} holds {bad[0]} but must be {wanted}; no line can be drawn for it")
    return found


def number(value: Any, *, name: str, low: float = -math.inf, high: float = math.inf) -> float:
    """Return one finite number within bounds.

    Args:
        value: The number.
        name: What it is called in the message.
        low: Lowest value allowed.
        high: Highest value allowed.

    Returns:
        The number as a Python float.

    Raises:
        TraitError: If it is not a number, is NaN or infinite, or is out of bounds.
    """
    found = numbers([value], count=1, name=name)[0]
    if not low <= found <= high:
        raise TraitError(f"{name} is {found:g} but must be from {low:g} to {high:g}; choose a value between")
    return found


def whole_number(value: Any, *, name: str) -> int:
    """Return a whole number that is not negative.

    Args:
        value: The number.
        name: What it is called in the message.

    Returns:
        The number as a Python int.

    Raises:
        TraitError: If it is no integer, or is negative.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
        raise TraitError(f"{name} is {value!r} but must be a whole number, 0 or more; write one, such as 3")
    return int(value)


def one_of(value: Any, known: Iterable[str], *, name: str) -> str:
    """Return a name that is known.

    Args:
        value: The name given.
        known: The names that exist.
        name: What the value is called in the message.

    Returns:
        The name.

    Raises:
        TraitError: If it is not one of them; all of them are listed.
    """
    names = tuple(known)
    if value not in names:
        raise TraitError(f"{name} is {value!r} but must be one of {', '.join(names)}; choose one of these")
    return str(value)


def rounded(value: Any) -> Any:
    """Round a number, or every number of nested tuples, to three decimals for a stable `repr`.

    Args:
        value: A number or tuples of numbers.

    Returns:
        The same shape, rounded, without a negative zero.
    """
    return tuple(map(rounded, value)) if isinstance(value, tuple) else round(float(value), 3) + 0.0


def signed(value: float) -> str:
    """Write a number as a term of a sum, with two decimals.

    Args:
        value: The number.

    Returns:
        Its sign, a space and its size, such as "− 0.50"; what rounds to zero is "+ 0.00".
    """
    size = f"{abs(value):.2f}"
    return f"{'−' if value < 0 and float(size) else '+'} {size}"
