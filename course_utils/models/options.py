"""Read the options of a described layer, or say in one sentence what is wrong with one."""

import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Value = bool | int | float | str | tuple[int, ...]
Reader = Callable[[Any, str], Value]
MOST = 1_000_000  # a larger size is a slip of the keyboard, and no tensor of that size fits into memory
BRIEFLY = reprlib.Repr()
BRIEFLY.maxlevel = 3  # lists that aliases of YAML put into one another would take years to write in full
BRIEFLY.maxstring = BRIEFLY.maxother = 40


@dataclass(frozen=True)
class Option:
    """Describe one option of a kind of layer.

    Attributes:
        name: Its name in a description.
        read: Checks what was given: takes the value and the words that name it, returns the value.
        default: What it is if it is left out; None if it must be given, or has the value of another option.
        same_as: The option whose value it has if it is left out.
    """

    name: str
    read: Reader
    default: Value | None = None
    same_as: str = ""

    @property
    def required(self) -> bool:
        """Tell whether the option must be given."""
        return self.default is None and not self.same_as


def written(given: Any) -> str:
    """Write a value as it is named in a sentence, however long it is.

    Args:
        given: Any value.

    Returns:
        At most 40 characters.
    """
    if isinstance(given, int) and given.bit_length() > 64:  # Python refuses to write numbers of any length
        return f"a number of {given.bit_length()} bits"
    return f"{BRIEFLY.repr(given):.40}"


def whole_number(given: Any, what: str, *, least: int = 1) -> int:
    """Return a whole number.

    Args:
        given: What was written.
        what: Layer and option, for the sentence.
        least: The smallest number that is accepted.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a whole number; True and False are none.
        ValueError: If it is smaller than ``least``, or larger than a million.
    """
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError(
            f"{what}={written(given)} but a whole number is expected; "
            f"give one of at least {least}, without quotes"
        )
    if not least <= given <= MOST:
        raise ValueError(
            f"{what}={written(given)} but a number from {least} to {MOST:,} is expected; give one in between"
        )
    return given


def sizes(given: Any, what: str, *, least: int = 1) -> int | tuple[int, ...]:
    """Return one whole number for all axes, or a tuple of one an axis.

    Args:
        given: What was written: a number, or a list of one to three.
        what: Layer and option, for the sentence.
        least: The smallest number that is accepted.

    Returns:
        The number, or the tuple.

    Raises:
        TypeError: If it is neither a whole number nor a list of them.
        ValueError: If a number is out of range, or the list has no or more than three entries.
    """
    if not isinstance(given, list | tuple):
        return whole_number(given, what, least=least)
    if not 1 <= len(given) <= 3:
        raise ValueError(
            f"{what} has {len(given)} entries but maps have one to three axes; "
            "give one number, or one an axis"
        )
    return tuple(whole_number(each, what, least=least) for each in given)


def padding(given: Any, what: str) -> int | tuple[int, ...] | str:
    """Return the zeros at each end of an axis, or one of the words "same" and "valid".

    Args:
        given: What was written.
        what: Layer and option, for the sentence.

    Returns:
        The number, the tuple of one an axis, or the word.

    Raises:
        TypeError: If it is neither a whole number, nor a list of them, nor a word.
        ValueError: If a number is negative, or the word is another one.
    """
    if not isinstance(given, str):
        return sizes(given, what, least=0)
    if given not in ("same", "valid"):
        raise ValueError(
            f"{what}={written(given)} but a word must be same or valid; give one of them, or a number"
        )
    return given


def flag(given: Any, what: str) -> bool:
    """Return True or False.

    Args:
        given: What was written.
        what: Layer and option, for the sentence.

    Returns:
        The flag.

    Raises:
        TypeError: If it is anything else.
    """
    if not isinstance(given, bool):
        raise TypeError(
            f"{what}={written(given)} but true or false is expected; give one of them, without quotes"
        )
    return given


def fraction(given: Any, what: str) -> float:
    """Return a number from 0 up to, but without, 1.

    Args:
        given: What was written.
        what: Layer and option, for the sentence.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a number; True and False are none.
        ValueError: If it is out of range.
    """
    number = _real(given, what)
    if not 0 <= number < 1:
        raise ValueError(
            f"{what}={written(given)} but a number from 0 up to less than 1 is expected; give 0.5, say"
        )
    return number


def small_positive(given: Any, what: str) -> float:
    """Return a number above 0 and at most 1.

    Args:
        given: What was written.
        what: Layer and option, for the sentence.

    Returns:
        The number.

    Raises:
        TypeError: If it is not a number; True and False are none.
        ValueError: If it is out of range.
    """
    number = _real(given, what)
    if not 0 < number <= 1:
        raise ValueError(
            f"{what}={written(given)} but a number above 0 and at most 1 is expected; give 0.1, say"
        )
    return number


def _real(given: Any, what: str) -> float:
    """Return a real number as a float."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError(
            f"{what}={written(given)} but a number is expected; write it as 0.5 or 1.0e-5, without quotes"
        )
    return float(min(max(given, -MOST), MOST))  # a whole number of any length must not overflow
