"""What somebody has at hand, as tensors: arrays, lists and tensors of any number type."""

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor


def as_inputs(x: Any) -> Tensor:
    """Return inputs as a tensor that a network can use.

    Args:
        x: array, list or tensor, shape (examples, ...).

    Returns:
        The same values: uint8 images and whole numbers as they are, truth values and other floating-point
        numbers in PyTorch's default type; without a gradient.

    Raises:
        TypeError: If the entries are no numbers.
        ValueError: If it is a single number, or a list of rows of several lengths.
    """
    values = _tensor("x", x)
    if values.dtype == torch.bool or (values.is_floating_point() and values.dtype != torch.bfloat16):
        return values.to(torch.get_default_dtype())
    return values


def as_targets(t: Any) -> Tensor:
    """Return targets in the type that a loss expects.

    Args:
        t: array, list or tensor, shape (examples, ...).

    Returns:
        Whole numbers and truth values as int64 labels, float64 numbers in PyTorch's default type.

    Raises:
        TypeError: If the entries are no numbers.
        ValueError: If it is a single number, or a list of rows of several lengths.
    """
    values = _tensor("t", t)
    if values.dtype == torch.float64:
        return values.to(torch.get_default_dtype())
    return values if values.is_floating_point() else values.to(torch.int64)


def scaled(x: Tensor) -> Tensor:
    """Scale images of bytes to between 0 and 1.

    Args:
        x: inputs of any type.

    Returns:
        A new tensor for uint8, else the same one.
    """
    return x.to(torch.float32).div_(255) if x.dtype == torch.uint8 else x


def _tensor(name: str, values: Any) -> Tensor:
    """Return a tensor of numbers, in the memory of the array where PyTorch can use it as it is."""
    if isinstance(values, Tensor):
        found = values.detach()
    else:
        try:
            array = np.asarray(values)
        except (ValueError, TypeError, RuntimeError) as error:
            raise ValueError(
                f"{name} is a {type(values).__name__} that makes no array, but expected is one row of the "
                f"same shape for each example; give an array or tensor of shape (examples, ...)"
            ) from error
        if array.dtype.kind not in "biufc":
            raise TypeError(
                f"{name} holds entries of type {array.dtype}, but expected are numbers; number the classes "
                "from 0, and give images as arrays of numbers"
            )
        array = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
        with warnings.catch_warnings():  # nothing here writes to it, so a read-only array is as good
            warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
            found = torch.as_tensor(array)
    if found.ndim == 0:
        raise ValueError(f"{name} is a single number, but expected is shape (examples, ...); write [{name}]")
    return found
