"""A second call of a student's function that raised an error: with other numbers it may show the cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import CheckFailed, Student, TaskOpen
from course_utils.grading.properties.conv_connections import Pair

Array = NDArray[Any]
Shows = Callable[[], None]
SQUARE = "it works where all is square: somewhere height and width are exchanged, or one stands for both"


def call_or_explain(student: Student, *args: Any, shows: Mapping[str, Shows], **named: Any) -> Any:
    """Call a student's function; where it raises an error, let a second call name the cause.

    Args:
        student: The function.
        *args: Its arguments.
        shows: A sentence for each likely mistake, and a call that succeeds where this mistake was made and
            raises `CheckFailed` elsewhere.
        **named: Its keyword arguments.

    Returns:
        What the function returned.

    Raises:
        CheckFailed: The function raised an error, or returned nothing that can be checked.
    """
    try:
        return student(*args, **named)
    except CheckFailed as error:
        if not str(error).startswith(f"{student.name} raised "):
            raise
        given, warned = student.given, student.warned
        cause = next((words for words, show in shows.items() if _succeeds(show)), "")
        student.given, student.warned = given, warned
        raise CheckFailed(f"{error}\ncause     {cause}" if cause else f"{error}") from None


def _succeeds(show: Shows) -> bool:
    try:
        show()
    except (CheckFailed, TaskOpen):
        return False
    return True


def square(array: Array) -> Array:
    """Make the last two axes equally long, the longer one for both, by going on with the entries.

    Args:
        array: Images or kernels, (..., height, width).

    Returns:
        The square ones.
    """
    return np.resize(array, (*array.shape[:-2], *equal(array.shape[-2:])))


def equal(pair: tuple[int, ...]) -> Pair:
    """Take the larger of two numbers for both ways.

    Args:
        pair: A number for the way down, and one for the way across.

    Returns:
        Two equal numbers.
    """
    return max(pair), max(pair)
