"""Read whole numbers that describe a layer, or say in one sentence what is wrong with them."""

import operator
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Entry = TypeVar("Entry")


def whole(value: int, name: str, *, least: int = 1) -> int:
    """Return a number as an int.

    Args:
        value: What the caller gave; an integer of any kind, also NumPy's.
        name: Its name, for the sentence.
        least: The smallest number that is accepted.

    Returns:
        The number.

    Raises:
        TypeError: If it is not an integer.
        ValueError: If it is smaller than ``least``.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, but {name}={value!r}; give a whole number")
    if number < least:
        raise ValueError(
            f"{name}={number} but a layer needs at least {least}; give "
            + ("a positive integer" if least == 1 else "zero or a positive integer")
        )
    return number


def shape_of(shape: Iterable[int], name: str = "input_shape") -> tuple[int, ...]:
    """Return the shape of one example as a tuple of ints.

    Args:
        shape: Sizes, (channels, *sizes) or (features,).
        name: Its name, for the sentence.

    Returns:
        The sizes.

    Raises:
        TypeError: If it is not a row of integers.
        ValueError: If it is empty, or a size is smaller than 1.
    """
    if isinstance(shape, str) or not isinstance(shape, Iterable):
        raise TypeError(
            f"{name} must be a tuple of sizes, but {name}={shape!r}; give (channels, height, width)"
        )
    sizes = tuple(whole(size, f"a size of {name}") for size in shape)
    if not sizes:
        raise ValueError(f"{name} is empty; give (channels, height, width) or (features,)")
    return sizes


def entries(value: Entry | tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries of an option: one for all axes, or one an axis."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def per_axis(value: Entry | tuple[Entry, ...], name: str, axes: int) -> tuple[Entry, ...]:
    """Return one entry an axis.

    Args:
        value: One entry for all axes, or a tuple of one an axis.
        name: Its name, for the sentence.
        axes: Number of axes of the input after the channels.

    Returns:
        One entry an axis.

    Raises:
        ValueError: If there are more or fewer entries than axes.
    """
    if not isinstance(value, tuple | list):
        return (value,) * axes
    if len(value) != axes:
        raise ValueError(
            f"{name}={value!r} has {len(value)} entries but the input has {axes} axes after the channels; "
            "give one number, or one entry an axis"
        )
    return tuple(value)


@contextmanager
def naming(label: str) -> Iterator[None]:
    """Put the name of a layer in front of the sentence of an error.

    Args:
        label: What to write before the sentence, with its punctuation.

    Raises:
        TypeError: As it was raised inside, with the name.
        ValueError: As it was raised inside, with the name.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(f"{label}{error}") from error
