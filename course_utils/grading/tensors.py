"""Tensors and networks of PyTorch among plain values, without loading PyTorch where nobody has."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray


def is_tensor(value: Any) -> bool:
    """Tell whether a value is a tensor.

    Args:
        value: Anything.

    Returns:
        True for a tensor of PyTorch; never where PyTorch is not in memory.
    """
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_network(value: Any) -> bool:
    """Tell whether a value is a network, or a layer of one.

    Args:
        value: Anything.

    Returns:
        True for an `nn.Module`; never where PyTorch is not in memory.
    """
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.nn.Module)


def as_array(tensor: Any) -> NDArray[Any]:
    """Copy a tensor's numbers.

    Args:
        tensor: A tensor on any device, with gradients or without.

    Returns:
        An array of the same shape and dtype; of float32 where NumPy has no such dtype.
    """
    plain = tensor.detach().cpu()
    if str(plain.dtype) == "torch.bfloat16":
        plain = plain.float()
    return np.array(plain.numpy())


def as_tensor(array: NDArray[Any]) -> Any:
    """Make a tensor of an array's numbers, where PyTorch is in memory.

    Args:
        array: Any array.

    Returns:
        A tensor of the same shape and dtype, which shares no memory with the array.
    """
    return sys.modules["torch"].tensor(array)


def name_tensor(tensor: Any) -> str:
    """Say in a few words what a tensor is.

    Args:
        tensor: A tensor.

    Returns:
        For example "tensor of shape (2, 3), float32".
    """
    return f"tensor of shape {tuple(tensor.shape)}, {str(tensor.dtype).removeprefix('torch.')}"
