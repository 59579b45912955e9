"""What the figures accept: every array is checked here, before anything is drawn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Function: TypeAlias = Callable[[Any], ArrayLike]
Interval: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[Interval, Interval]
Limits: TypeAlias = Interval | Box
Item = TypeVar("Item")
Line: TypeAlias = tuple[ArrayLike, float, str]


def finite(values: ArrayLike, name: str) -> Array:
    """Return the values as float64, or say why they cannot be drawn.

    Args:
        values: Numbers of any shape.
        name: What they are called in the message.

    Returns:
        A float64 array of the same shape.

    Raises:
        ValueError: If there are no values, or one is NaN or infinite.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.size == 0:
        raise ValueError(
            f"{name} is empty ({name}.shape={array.shape}) but a figure needs at least one value"
        )
    bad = int(np.count_nonzero(~np.isfinite(array)))
    if bad:
        raise ValueError(f"{name} has {bad} values that are NaN or infinite; leave them out before drawing")
    return array


def vector(values: ArrayLike, name: str) -> Array:
    """Return the values as a non-empty vector.

    Args:
        values: Numbers, shape (count,).
        name: What they are called in the message.

    Returns:
        A float64 array of shape (count,).

    Raises:
        ValueError: If they have another number of axes, are empty, or are not all finite.
    """
    array = finite(values, name)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one axis, (count,), but has shape {array.shape}; ravel it first")
    return array


def pair(x: ArrayLike, y: ArrayLike, x_name: str, y_name: str) -> tuple[Array, Array]:
    """Return two vectors of one length.

    Args:
        x: Numbers, shape (count,).
        y: Numbers, shape (count,).
        x_name: What x is called in the message.
        y_name: What y is called in the message.

    Returns:
        Both as float64 arrays of shape (count,).

    Raises:
        ValueError: If their shapes differ, or either is not a vector of finite numbers.
    """
    first, second = vector(x, x_name), vector(y, y_name)
    if first.shape != second.shape:
        raise ValueError(
            f"{x_name} and {y_name} must have one length, but {x_name}.shape={first.shape} "
            f"and {y_name}.shape={second.shape}"
        )
    return first, second


def plane_points(x: ArrayLike, t: ArrayLike, *, classes: int) -> tuple[Array, NDArray[np.int64]]:
    """Return points of a plane and their class labels.

    Args:
        x: Points, shape (batch, 2).
        t: Class labels 0, 1, ..., shape (batch,).
        classes: Number of classes that the figure can tell apart.

    Returns:
        The points as float64, shape (batch, 2), and the labels as int64, shape (batch,).

    Raises:
        ValueError: If the shapes do not fit, or a label is not one of the classes.
    """
    where, labels = finite(x, "x"), finite(t, "t")
    if where.ndim != 2 or where.shape[1] != 2 or labels.shape != where.shape[:1]:
        raise ValueError(
            f"x must be (batch, 2) and t (batch,), but x.shape={where.shape} and t.shape={labels.shape}"
        )
    if not np.isin(labels, np.arange(classes)).all():
        wrong = labels[~np.isin(labels, np.arange(classes))][0]
        raise ValueError(f"t has the label {wrong:g} but the labels here are 0 to {classes - 1}; recode t")
    return where, labels.astype(np.int64)


def interval(limits: Sequence[float], name: str = "limits") -> Interval:
    """Return the two ends of an axis.

    Args:
        limits: Low and high end, in the axis's unit.
        name: What they are called in the message.

    Returns:
        Low and high as floats.

    Raises:
        ValueError: If there are not two finite numbers, the first below the second.
    """
    ends = finite(limits, name)
    if ends.shape != (2,) or ends[0] >= ends[1]:
        raise ValueError(f"{name} must be (low, high) with low below high, but is {limits}")
    return float(ends[0]), float(ends[1])


def box(limits: Limits) -> Box:
    """Return the ends of both axes of a plane, from one (low, high) for both or one each.

    Args:
        limits: (low, high), or ((low, high), (low, high)).

    Returns:
        The ends of the horizontal and of the vertical axis.

    Raises:
        ValueError: If they have another shape or do not increase.
    """
    ends = finite(limits, "limits")
    both = np.broadcast_to(ends, (2, 2)) if ends.shape in ((2,), (2, 2)) else None
    if both is None or (both[:, 0] >= both[:, 1]).any():
        raise ValueError(f"limits must be (low, high), or one such pair for each axis, but are {limits}")
    return interval(both[0].tolist()), interval(both[1].tolist())


def evaluate(function: Function, x: Array, name: str) -> Array:
    """Apply a function to the points of a figure and check what comes back.

    Args:
        function: Takes x, returns one number for each of its rows.
        x: Numbers, shape (count,), or points, shape (count, 2).
        name: What the function is called in the message.

    Returns:
        Its values as float64, shape (count,).

    Raises:
        ValueError: If it returns another shape, or a value that is NaN or infinite.
    """
    values = np.asarray(function(x), dtype=np.float64)
    if values.shape != x.shape[:1]:
        raise ValueError(
            f"{name} must return one value for each row, shape {x.shape[:1]}, "
            f"but returned shape {values.shape} for an input of shape {x.shape}"
        )
    return finite(values, name)


def same_count(names: Sequence[str], count: int, what: str, items: str) -> list[str]:
    """Return the names as a list when there is one for each item.

    Args:
        names: Names or titles.
        count: Number of items.
        what: What the names are called in the message.
        items: What the items are called in the message.

    Returns:
        The names.

    Raises:
        ValueError: If the two numbers differ.
    """
    if len(names) != count:
        raise ValueError(f"{what} has {len(names)} entries but there are {count} {items}; give one for each")
    return list(names)


def named(items: Mapping[str, Item], what: str) -> Mapping[str, Item]:
    """Return the items when there is at least one.

    Args:
        items: Name to item.
        what: What they are called in the message.

    Returns:
        The same mapping.

    Raises:
        ValueError: If it is empty.
    """
    if not items:
        raise ValueError(f"{what} is empty but a figure needs at least one; give a name and what to draw")
    return items


def positive(count: int, name: str) -> int:
    """Return a count of at least one.

    Args:
        count: A whole number.
        name: What it is called in the message.

    Returns:
        The same number.

    Raises:
        ValueError: If it is not a whole number of at least one.
    """
    if count != int(count) or count < 1:
        raise ValueError(f"{name} is {count} but must be a whole number of at least 1")
    return int(count)


def drawable(values: Array, name: str, scale: str) -> None:
    """Check that the values have a place on an axis of this scale.

    Args:
        values: Numbers of any shape.
        name: What they are called in the message.
        scale: "linear" or "log".

    Raises:
        ValueError: If the scale is logarithmic and a value is not positive.
    """
    if scale == "log" and (values <= 0).any():
        raise ValueError(
            f"{name} has the value {values.min():g}, which a logarithmic axis cannot show; use log=False"
        )
