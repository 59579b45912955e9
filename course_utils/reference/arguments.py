"""Turn what a caller gave into arrays, or say in one sentence why that is impossible."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]


def float_array(value: ArrayLike, name: str, *, axes: Sequence[str] | None = None) -> FloatArray:
    """Return an array of floats: floats keep their precision, integers become float64.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.
        axes: Names of the axes that it must have, such as ``("batch", "inputs")``; None accepts any shape.

    Returns:
        The array, not copied where it already holds floats.

    Raises:
        TypeError: If it does not hold real numbers (text, bool, complex, objects).
        ValueError: If it is ragged, empty or has another number of axes.
    """
    array = _array(value, name)
    if array.dtype.kind not in "fiu":
        raise TypeError(
            f"{name} must hold real numbers, but its dtype is {array.dtype}; "
            f"convert it with {name}.astype(float)"
        )
    _check_axes(array, name, axes)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def integer_labels(value: ArrayLike, name: str, *, count: int, classes: int) -> IntArray:
    """Return class labels as an integer array of shape (count,).

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.
        count: Number of labels expected.
        classes: Number of classes; labels run from 0 to ``classes - 1``.

    Returns:
        The labels.

    Raises:
        TypeError: If they are not integers.
        ValueError: If their number differs, or one is out of range.
    """
    labels = _array(value, name)
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold integer labels, but its dtype is {labels.dtype}; "
            f"convert it with {name}.astype(int)"
        )
    _check_axes(labels, name, ("batch",))
    if len(labels) != count:
        raise ValueError(
            f"{name} has {len(labels)} labels but there are {count} examples; give one label for each"
        )
    wrong = labels[(labels < 0) | (labels >= classes)]
    if wrong.size:
        raise ValueError(
            f"{name} holds the label {wrong[0]} but there are {classes} classes; "
            f"labels run from 0 to {classes - 1}"
        )
    return labels


def check_same_shape(first: FloatArray, first_name: str, second: FloatArray, second_name: str) -> None:
    """Raise a ValueError that names both shapes, unless they are equal.

    NumPy would broadcast (4, 1) against (4,) to (4, 4) without a word: the mean of sixteen wrong differences.
    """
    if first.shape != second.shape:
        raise ValueError(
            f"{first_name} and {second_name} must have the same shape, but "
            f"{first_name}.shape={first.shape} and {second_name}.shape={second.shape}; reshape one of them"
        )


def check_no_nan(array: FloatArray, name: str) -> None:
    """Raise a ValueError that counts the NaN, if there is any."""
    count = int(np.isnan(array).sum())
    if count:
        raise ValueError(
            f"{name} holds {count} NaN among its {array.size} entries; np.isnan({name}) shows where they are"
        )


def check_generator(rng: object) -> None:
    """Raise a TypeError unless a random generator was given, and not its seed."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a generator, but rng={rng!r}; pass np.random.default_rng(0)")


def check_integer(value: object, name: str) -> None:
    """Raise a TypeError unless a count is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer, but {name}={value!r}; give a whole number")


def _array(value: ArrayLike, name: str) -> NDArray[Any]:
    """Return an array, unless the rows are of different lengths."""
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give as many numbers in each") from None


def _check_axes(array: NDArray[Any], name: str, axes: Sequence[str] | None) -> None:
    """Raise a ValueError if an array is empty or has another number of axes than named."""
    if array.size == 0:
        raise ValueError(
            f"{name} is empty ({name}.shape={array.shape}); give at least one entry along each axis"
        )
    if axes is not None and array.ndim != len(axes):
        single = len(axes) == 1
        expected = f"{'axis' if single else 'axes'} ({', '.join(axes)}{',' if single else ''})"
        raise ValueError(
            f"{name} must have {len(axes)} {expected}, but {name}.shape={array.shape}; reshape it"
            + (
                f", for example {name}[None, :] for a batch of one"
                if axes[0] == "batch" and array.ndim == len(axes) - 1
                else ""
            )
        )
