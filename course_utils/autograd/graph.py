"""Backpropagation itself: an order of the graph, and a sweep back (Toronto CSC 2515, lecture 6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from course_utils.autograd.rules import Array

if TYPE_CHECKING:
    from course_utils.autograd.tensor import Tensor


@dataclass(frozen=True, eq=False)
class Step:
    """One step back: a tensor, its complete gradient ``bar``, and the share that each parent receives."""

    tensor: "Tensor"
    bar: Array
    passed: tuple[tuple["Tensor", Array], ...]


def topological_order(output: "Tensor") -> list["Tensor"]:
    """List a tensor and all that it was computed from, constants too: every parent before its children.

    Raises:
        ValueError: If a tensor depends on itself.
    """
    order: list[Tensor] = []
    listed: dict[int, bool] = {}  # False: reached, while its parents are still to be listed
    waiting = [output]  # a stack in place of recursion, so that a graph may be of any depth
    while waiting:
        tensor = waiting.pop()
        if id(tensor) not in listed:
            listed[id(tensor)] = False
            waiting += [tensor, *reversed(tensor.parents)]  # it comes up again after its parents
        elif not listed[id(tensor)]:
            if not all(listed[id(parent)] for parent in tensor.parents):
                raise ValueError(f"{tensor.operation} is part of a cycle: make each result a new tensor")
            listed[id(tensor)] = True
            order.append(tensor)
    return order


def reverse_sweep(output: "Tensor", gradient: ArrayLike | None = None) -> Iterator[Step]:
    r"""Go back through the graph once, from the output to the leaves, and price every tensor on the way.

    .. math:: \bar v_N = 1, \quad \bar v_i = \sum_{j \in Ch(v_i)} \bar v_j \, \partial v_j / \partial v_i

    Args:
        output: The tensor to differentiate, usually a loss.
        gradient: Its own gradient, of its shape; left out it is 1, for a tensor of one entry only.

    Yields:
        A step for each tensor between the output and the leaves that have ``requires_grad``.

    Raises:
        ValueError: If there is nothing to differentiate, the gradient does not fit, the graph has a cycle, a
            value that is needed was changed in place, or there is a NaN.
    """
    bars = {id(output): _first_bar(output, gradient)}
    order = topological_order(output)
    for tensor in order:
        _check_values(tensor)
    for tensor in (each for each in reversed(order) if id(each) in bars):
        bar = np.asarray(bars.pop(id(tensor)))  # complete, since every child comes earlier
        passed = []
        for parent, used, back in zip(tensor.parents, tensor.used, tensor.backs, strict=True):
            if parent.requires_grad:
                share = unbroadcast(np.asarray(back(bar)), used.shape)
                _refuse_nan(share, "gradients", f"the backward rule of {tensor.operation}")
                bars[id(parent)] = bars[id(parent)] + share if id(parent) in bars else share
                passed.append((parent, share))
        yield Step(tensor, bar, tuple(passed))


def unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which broadcasting repeated its argument of this shape.

    Broadcasting uses an entry several times, so it has several children, and what they hand back adds up.
    """
    added = gradient.ndim - len(shape)
    repeated = [added + axis for axis, length in enumerate(shape) if length == 1]
    return gradient.sum(axis=(*range(added), *repeated)).reshape(shape) if added or repeated else gradient


def _first_bar(output: "Tensor", gradient: ArrayLike | None) -> Array:
    if not output.parents:
        raise ValueError(
            f"backward was called on a leaf, shape {output.shape}: nothing with requires_grad=True led to it"
        )
    seed = np.array(1 if gradient is None else gradient, dtype=output.dtype)
    if seed.shape != output.shape and not (gradient is None and output.data.size == 1):
        given = "no gradient" if gradient is None else f"a gradient of shape {seed.shape}"
        raise ValueError(f"backward was given {given} for shape {output.shape}: sum it, or give that shape")
    return seed.reshape(output.shape)


def _check_values(tensor: "Tensor") -> None:
    """Refuse a NaN, and an argument that was changed although a gradient on the way still needs it."""
    _refuse_nan(tensor.data, "graph", tensor.operation or "a leaf")
    called = [back for parent, back in zip(tensor.parents, tensor.backs, strict=True) if parent.requires_grad]
    held = [cell.cell_contents for back in called for cell in getattr(back, "__closure__", None) or ()]
    for parent, used in zip(tensor.parents, tensor.used, strict=True):
        changed = parent.data is not used and not np.array_equal(parent.data, used)
        if changed and any(np.may_share_memory(values, used) for values in held):
            raise ValueError(
                f"an argument of {tensor.operation}, shape {used.shape}, was changed in place but is "
                "needed for the gradient: compute the result anew, or change it after backward()"
            )


def _refuse_nan(values: Array, where: str, who: str) -> None:
    if np.isnan(values.min()):  # the least entry is NaN if any entry is
        raise ValueError(
            f"there is a NaN in the {where}, first from {who}, shape {values.shape}: look for 0 / 0, "
            "inf - inf, and the log or a root of 0 or of a negative number"
        )
