"""The engine's one type, an array that remembers how it was computed, with PyTorch's words."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.autograd.graph import reverse_sweep
from course_utils.autograd.rules import RULES, Array, Back

_recording = ContextVar("recording", default=True)


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording inside this block: no graph is kept, and leaves may be changed in place."""
    before = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(before)


def _one(name: str) -> Callable[..., "Tensor"]:
    return lambda self, *options, **named: record(name, (self,), *options, **named)


def _two(name: str, order: int = 1) -> Callable[["Tensor", Any], "Tensor"]:
    return lambda self, other: record(name, (self, other)[::order])


def _in_place(name: str) -> Callable[["Tensor", Any], "Tensor"]:
    return lambda self, other: self._replace(record(name, (self, other)))


class Tensor:
    """An array that remembers how it was computed, so that ``backward`` can find its gradients.

    Args:
        data: Numbers, any shape, copied; float32 stays, integers and booleans become float64.
        requires_grad: Whether ``backward`` leaves the gradient with respect to this tensor in ``grad``.

    Attributes:
        data: The values; a result's are read-only.
        grad: Sum of the gradients of all backward passes since it was last None, shape of ``data``.
        parents: The tensors that it was computed from; none for a leaf.
        operation: Name of the rule that computed it, empty for a leaf.

    Raises:
        TypeError: If the data are neither integers nor float32 nor float64 (ValueError if there are none).
    """

    __array_ufunc__ = None  # NumPy then leaves array + tensor to the tensor

    def __init__(self, data: ArrayLike, requires_grad: bool = False) -> None:
        array = np.array(data)
        array = array.astype(np.float64) if array.dtype.kind in "iub" else array
        if array.dtype not in (np.float32, np.float64):
            raise TypeError(f"a Tensor holds float32 or float64, and was given {array.dtype}: convert it")
        if array.size == 0:
            raise ValueError(f"a Tensor needs at least one entry but was given shape {array.shape}")
        self.data: Array = array
        self.grad: Array | None = None
        self.requires_grad, self.operation, self._retains = requires_grad, "", False
        self.parents: tuple[Tensor, ...] = ()
        self.backs: tuple[Back, ...] = ()  # for each parent: from y_bar to its gradient
        self.used: tuple[Array, ...] = ()  # the parents' values in the forward pass

    def backward(self, gradient: ArrayLike | None = None) -> None:
        """Add the gradient of this tensor to the ``grad`` of every leaf that requires it."""
        steps = reverse_sweep(self, gradient.data if isinstance(gradient, Tensor) else gradient)
        found = [(step.tensor, step.bar) for step in steps if step.tensor._retains or not step.tensor.parents]
        for tensor, bar in found:  # only now, so that a pass that fails half-way changes nothing
            tensor.grad = np.array(bar) if tensor.grad is None else np.asarray(tensor.grad + bar)

    def retain_grad(self) -> None:
        """Let ``backward`` leave the gradient of this tensor too, although it is no leaf."""
        self._retains = True

    __add__, __radd__, __iadd__ = _two("add"), _two("add", -1), _in_place("add")
    __sub__, __rsub__, __isub__ = _two("sub"), _two("sub", -1), _in_place("sub")
    __mul__, __rmul__, __imul__ = _two("mul"), _two("mul", -1), _in_place("mul")
    __truediv__, __rtruediv__, __itruediv__ = _two("div"), _two("div", -1), _in_place("div")
    __pow__, __rpow__, __ipow__ = _two("pow"), _two("pow", -1), _in_place("pow")
    __matmul__, __rmatmul__ = _two("matmul"), _two("matmul", -1)
    __neg__, __getitem__, exp, log, sin, cos = map(_one, ("neg", "getitem", "exp", "log", "sin", "cos"))
    identity, relu, softplus, hard_threshold = map(_one, ("identity", "relu", "softplus", "hard_threshold"))
    sigmoid, tanh, reshape, transpose = map(_one, ("sigmoid", "tanh", "reshape", "transpose"))
    sum, mean, amax, logsumexp = map(_one, ("sum", "mean", "amax", "logsumexp"))
    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    T = property(lambda self: self.transpose(-1, -2) if self.ndim > 1 else self)

    def item(self) -> float:
        """Return the number that a tensor of one entry holds."""
        return float(self.data.item())

    def detach(self) -> "Tensor":
        """Return a leaf with the same values, through which no gradient flows."""
        return Tensor(self.data)

    def _like(self, other: Any) -> "Tensor":
        """Make a tensor of an operand; single numbers and integers take this tensor's dtype."""
        if isinstance(other, Tensor):
            return other
        a = np.asarray(other)
        return Tensor(a.astype(self.dtype) if a.dtype.kind in ("iub" if a.ndim else "iubf") else a)

    def _replace(self, result: "Tensor") -> "Tensor":
        """Take over the result of ``+=`` and the like: in place for a leaf under ``no_grad``."""
        if _recording.get() and self.requires_grad and not self.parents:
            raise ValueError(
                f"a leaf that requires a gradient, shape {self.shape}, changes inside `with no_grad():` only"
            )
        if _recording.get() or self.parents:
            return result  # the name now means the new tensor, and the graph keeps the old one
        self.data[...] = result.data
        return self

    def __repr__(self) -> str:
        how = f"operation={self.operation!r}" if self.parents else f"requires_grad={self.requires_grad}"
        return f"Tensor({np.array2string(self.data, precision=4, separator=', ', prefix='Tensor(')}, {how})"


def record(name: str, arguments: Sequence[Any], *options: Any, **named: Any) -> Tensor:
    """Apply a rule to tensors; remember how to go back, if one of them requires a gradient."""
    first = ([each for each in arguments if isinstance(each, Tensor)] or [Tensor(0)])[0]
    tensors = tuple(first._like(each) for each in arguments)
    if len({tensor.dtype for tensor in tensors}) > 1:
        kinds = " and ".join(f"{tensor.dtype} of shape {tensor.shape}" for tensor in tensors)
        raise TypeError(f"{name} was given {kinds}: convert one of them with Tensor(a.data.astype(...))")
    records = _recording.get() and any(tensor.requires_grad for tensor in tensors)
    arrays = [each.data.copy() if records and each.data.flags.writeable else each.data for each in tensors]
    try:
        value, *backs = RULES[name](*arrays, *options, **named)
    except ValueError as error:
        shapes = " and ".join(str(tensor.shape) for tensor in tensors)
        raise ValueError(f"{name} was given shape {shapes}, which does not fit: {error}") from error
    result = Tensor(value)
    if records:
        result.requires_grad, result.parents, result.operation = True, tensors, name
        result.backs, result.used = tuple(backs), tuple(arrays)
        result.data.flags.writeable = False
    return result


def maximum(input: Tensor, other: Any) -> Tensor:
    """Return the larger of two values, entry by entry; a tie gives half of the gradient to each."""
    return record("maximum", (input, other))


def concatenate(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors along an axis that they have; all other axes must agree."""
    return record("concatenate", list(tensors), dim=dim)


def cross_entropy(input: Tensor, target: Any) -> Tensor:
    r"""Measure how surprised a softmax is by its targets: :math:`-\sum_k t_k \log y_k`, mean per example.

    Args:
        input: Logits, shape (batch, classes), or (classes,) for one example.
        target: Integer labels, array of shape (batch,), or each class's probability, shape of ``input``.
    """
    t: Any = target if isinstance(target, Tensor) else np.asarray(target)
    classes = input.shape[-1]
    if t.dtype.kind in "iu" and t.shape == input.shape[:-1] and 0 <= t.min() <= t.max() < classes:
        t = np.eye(classes, dtype=input.dtype)[t]
    if t.shape != input.shape or t.dtype.kind != "f" or input.ndim > 2:
        raise ValueError(
            f"cross_entropy was given {t.dtype} targets of shape {t.shape}, logits of shape {input.shape}: "
            f"give integers from 0 to {classes - 1}, shape {input.shape[:-1]}, or probabilities"
        )
    share = (input - input.logsumexp(-1, True)) * (-classes / input.data.size)  # -log y / batch
    return record("sum", (share * (t if isinstance(t, Tensor) else t.astype(input.dtype)),))
