"""Numbers that a caller sets: learning rates, fractions, scales; each is refused in one sentence."""

import math
from collections.abc import Sequence
from numbers import Real

import numpy as np

from course_utils.reference.arguments import check_integer


def non_negative(value: float, name: str) -> float:
    """Return a finite number of at least 0 as a Python float, which keeps float32 arrays float32.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a real number.
        ValueError: If it is negative or not finite.
    """
    number = _real(value, name)
    if not (number >= 0 and math.isfinite(number)):
        raise ValueError(f"{name}={number} but it must be finite and at least 0; give such a number")
    return number


def positive(value: float, name: str) -> float:
    """Return a finite number above 0 as a Python float.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a real number.
        ValueError: If it is not positive or not finite.
    """
    number = _real(value, name)
    if not (number > 0 and math.isfinite(number)):
        raise ValueError(f"{name}={number} but it must be finite and larger than 0; give such a number")
    return number


def fraction(value: float, name: str) -> float:
    """Return a number from 0 up to, but not including, 1 as a Python float.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a real number.
        ValueError: If it is negative, 1 or more, or NaN.
    """
    number = _real(value, name)
    if not 0 <= number < 1:
        raise ValueError(f"{name}={number} but it must be at least 0 and less than 1; give such a fraction")
    return number


def share(value: float, name: str) -> float:
    """Return a number from 0 to 1, both included, as a Python float.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a real number.
        ValueError: If it is negative, larger than 1, or NaN.
    """
    number = _real(value, name)
    if not 0 <= number <= 1:
        raise ValueError(f"{name}={number} but it must be from 0 to 1; give such a share")
    return number


def count(value: int, name: str) -> int:
    """Return a whole number of at least 1.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.

    Returns:
        The number as a Python integer.

    Raises:
        TypeError: If it is not an integer.
        ValueError: If it is smaller than 1.
    """
    check_integer(value, name)
    if value < 1:
        raise ValueError(f"{name}={value} but there must be at least 1; give a positive integer")
    return int(value)


def array_shape(value: Sequence[int] | int, name: str = "shape") -> tuple[int, ...]:
    """Return the shape of an array that is to be drawn, or say which size makes none.

    Args:
        value: One size, or a size for each axis.
        name: Its name, for the sentence.

    Returns:
        The sizes.

    Raises:
        TypeError: If a size is not an integer.
        ValueError: If there is no size, or one is smaller than 1.
    """
    sizes = tuple(value) if isinstance(value, Sequence | np.ndarray) else (value,)
    if not sizes:
        raise ValueError(f"{name}=() but an array needs at least one axis; give a size for each")
    return tuple(count(size, f"a size of {name}") for size in sizes)


def check_random(generator: object) -> None:
    """Raise a TypeError unless a random generator was given, and not its seed.

    Args:
        generator: What the caller gave.

    Raises:
        TypeError: If it is not a NumPy generator.
    """
    if not isinstance(generator, np.random.Generator):
        raise TypeError(
            f"generator must be a random generator, but generator={generator!r}; "
            "pass np.random.default_rng(0)"
        )


def _real(value: float, name: str) -> float:
    """Return a real number as a Python float."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, but {name}={value!r}; give one such as 0.1")
    return float(value)
