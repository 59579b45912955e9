"""Arrays that an explorer accepts, and numbers as its read-out writes them, here as in the browser."""

import math
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from traitlets import TraitError


def array_within(
    value: Any, *, name: str, fits: Callable[[tuple[int, ...]], bool], wanted: str, largest: float
) -> NDArray[np.float64]:
    """Return numbers as an array of float64 of a shape that fits.

    Args:
        value: The numbers, in nested sequences or an array.
        name: What they are called in the message.
        fits: Takes a shape and says whether it will do.
        wanted: What is accepted, in words.
        largest: The largest size of a number; more digits would not fit a cell.

    Returns:
        The array.

    Raises:
        TraitError: If they are not numbers, the shape does not fit, or one is not finite or too large.
    """
    try:
        found = np.asarray(value)
    except ValueError:  # rows of different lengths
        found = np.empty(0, dtype=object)
    if found.dtype.kind not in "iuf":
        raise TraitError(f"{name} is {value!r} but must be {wanted}; write numbers in brackets")
    if not fits(found.shape):
        raise TraitError(f"{name} has shape {found.shape} but must be {wanted}; give that many numbers")
    array = found.astype(np.float64)
    bad = array[~(np.abs(array) <= largest)]
    if bad.size:
        raise TraitError(
            f"{name} holds {bad[0]:g} but each number must be from {-largest:g} to {largest:g}; "
            "write one of these instead"
        )
    return array


def short(value: float, decimals: int = 3) -> str:
    """Write a number with few decimals, halves away from zero, and a true minus sign.

    Args:
        value: The number.
        decimals: How many decimals at most.

    Returns:
        Its text, such as "4" or "−0.125"; what rounds to zero is "0".
    """
    tidy = math.floor(value * 1e6 + 0.5) / 1e6  # sums that differ in their last bit are written alike
    rounded = Decimal(tidy).quantize(Decimal(10) ** -decimals, ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}{abs(rounded).normalize():f}"


def factor(value: float) -> str:
    """Write a number as a factor: in brackets if it is negative.

    Args:
        value: The number.

    Returns:
        Its text, such as "2" or "(−1)".
    """
    text = short(value)
    return f"({text})" if text.startswith("−") else text


def listed(values: Iterable[float]) -> str:
    """Write numbers as a list in brackets.

    Args:
        values: The numbers.

    Returns:
        Their text, such as "(2, −1, 1)".
    """
    return f"({', '.join(map(short, values))})"


def summed(values: Iterable[float]) -> str:
    """Write numbers as the terms of a sum.

    Args:
        values: The numbers, at least one.

    Returns:
        Their text, such as "2 − 1 + 0".
    """
    first, *others = map(short, values)
    return " ".join([first, *(f"− {term[1:]}" if term.startswith("−") else f"+ {term}" for term in others)])


def plain(value: Any) -> Any:
    """Make whole numbers, in tuples or alone, ints: for a `repr` without trailing ".0".

    Args:
        value: A number or tuples of numbers.

    Returns:
        The same shape, numbers rounded to three decimals.
    """
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    rounded = round(float(value), 3)
    return int(rounded) if rounded.is_integer() else rounded
