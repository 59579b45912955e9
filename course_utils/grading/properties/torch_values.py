"""Tensors and networks that a student's function returned: the right kind of thing, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import CheckFailed, Student, TaskOpen, expect, expect_array
from course_utils.grading.local import watch
from course_utils.grading.tensors import as_array, is_network, is_tensor
from course_utils.grading.values import name_type

Array = NDArray[Any]


def as_input(array: Array) -> Any:
    """Make a tensor to be handed to a student's function.

    Args:
        array: Any array.

    Returns:
        A tensor of the same shape and dtype.
    """
    import torch

    return torch.tensor(array)


def expect_tensor(
    got: Any, *, shape: tuple[int, ...] | None = None, kind: str | None = None, what: str = "the result"
) -> Array:
    """Fail unless the result is a tensor, of a shape and kind of number where these are given.

    Args:
        got: What the student's function returned.
        shape: The shape it must have.
        kind: The kind of its dtype: "f", "i" or "b"; or a dtype's name: "float32".
        what: Name of the result in the report.

    Returns:
        Its numbers.

    Raises:
        CheckFailed: It is no tensor, or has another shape or dtype.
    """
    expect(is_tensor(got), f"{what} is no tensor but: {name_type(got)}")
    return expect_array(as_array(got), shape=shape, kind=kind, what=what)


def expect_number(got: Any, what: str) -> float:
    """Fail unless a value is a float or an int of Python or NumPy: a tensor would keep its graph in memory.

    Args:
        got: What the student's function returned.
        what: Name of the value in the report.

    Returns:
        The number.

    Raises:
        CheckFailed: It is something else.
    """
    if is_tensor(got):
        raise CheckFailed(f"{what} must be a number, but a {name_type(got)} came: take its .item()")
    number = isinstance(got, int | float | np.number) and not isinstance(got, bool)
    expect(number, f"{what} must be a number, {name_type(got)} came")
    return float(got)


def expect_network(got: Any, what: str = "the result") -> Any:
    """Fail unless a value is a network.

    Args:
        got: What the student's function returned.
        what: Name of the value in the report.

    Returns:
        The network.

    Raises:
        CheckFailed: It is something else; a class, for example.
    """
    if isinstance(got, type):
        raise CheckFailed(f"{what} is the class {got.__name__}, not a network: call it, {got.__name__}()")
    expect(is_network(got), f"{what} must be a network, an nn.Module; {name_type(got)} came")
    return got


def scores_of(student: Student, network: Any, x: Array, *, classes: int = 10) -> Array:
    """Run a network that a student made, within the time that is left for the task and without gradients.

    Args:
        student: The student's function that made it.
        network: The network.
        x: Images, shape (batch, 1, height, width).
        classes: How many scores each image must get.

    Returns:
        The scores, shape (batch, classes).

    Raises:
        CheckFailed: It raised an exception, took too long, or returned something else.
    """
    import torch

    def run(images: Any) -> Any:
        with torch.no_grad():
            return network(images)

    runner = watch("the network", ("x",), student.seconds, run)
    runner.left = student.left
    try:
        got = runner(as_input(x))
    except TaskOpen as error:
        raise CheckFailed("the network has no forward method, or one that is not written yet") from error
    finally:
        student.left = runner.left
        student.given = {"x": as_input(x)}
    return expect_tensor(got, shape=(len(x), classes), kind="f", what="what the network gives")
