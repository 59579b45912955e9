r"""What the engine knows of calculus: one rule for each operation.

A rule takes arrays and returns the value :math:`y`, then for each argument a function that turns ``y_bar``,
the loss's gradient for the value, into that for the argument: the chain rule for one operation,
:math:`\bar a = \bar y \, \partial y / \partial a` (``unbroadcast`` sums it). Ties and corners are PyTorch's.
"""

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Back: TypeAlias = Callable[[Array], Any]
Result: TypeAlias = tuple[Any, *tuple[Back, ...]]


def _spread(shape: tuple[int, ...], dim: Any, keepdim: bool, share: Any = 1) -> Back:
    """Repeat the gradient of a reduction along the axes that it reduced, each entry getting its share."""
    whole = () if keepdim or dim is None else dim
    return lambda y_bar: np.broadcast_to(np.expand_dims(y_bar, whole), shape) * share


def _amax(a: Array, dim: Any = None, keepdim: bool = False) -> Result:
    largest = (a == a.max(axis=dim, keepdims=True)).astype(a.dtype)
    share = largest / largest.sum(axis=dim, keepdims=True)  # equal where entries tie
    return a.max(axis=dim, keepdims=keepdim), _spread(a.shape, dim, keepdim, share)


def _logsumexp(a: Array, dim: Any = None, keepdim: bool = False) -> Result:
    top = a.max(axis=dim, keepdims=True)  # e^(a - top) cannot overflow
    y = top + np.log(np.exp(a - top).sum(axis=dim, keepdims=True))  # so that e^(a - y) is the softmax
    return y if keepdim else y.squeeze(dim), _spread(a.shape, dim, keepdim, np.exp(a - y))


def _matmul(a: Array, b: Array) -> Result:
    row, column = (-2,) * (a.ndim == 1), (-1,) * (b.ndim == 1)  # a vector is a row on the left, else a column
    A, B = np.expand_dims(a, row), np.expand_dims(b, column)
    Y = partial(np.expand_dims, axis=row + column)
    b_bar = lambda y_bar: np.squeeze(A.swapaxes(-1, -2) @ Y(y_bar), column)  # noqa: E731
    return a @ b, lambda y_bar: Y(y_bar) @ B.swapaxes(-1, -2), b_bar


def _scatter(y_bar: Array, shape: tuple[int, ...], index: Any) -> Array:
    gradient = np.zeros(shape, dtype=y_bar.dtype)
    np.add.at(gradient, index, y_bar)  # as often as an entry was taken; gradient[index] += adds once
    return gradient


def _concatenate(*arrays: Array, dim: int) -> Result:
    y = np.concatenate(arrays, axis=dim)
    joints = np.cumsum([a.shape[dim] for a in arrays])[:-1]
    return y, *[lambda y_bar, i=i: np.split(y_bar, joints, axis=dim)[i] for i in range(len(arrays))]


# fmt: off
RULES: Mapping[str, Callable[..., Result]] = {
    # name                 y                                      a_bar                    b_bar
    "add": lambda a, b:   (a + b,                     lambda y_bar: y_bar,      lambda y_bar: y_bar),
    "sub": lambda a, b:   (a - b,                     lambda y_bar: y_bar,      lambda y_bar: -y_bar),
    "mul": lambda a, b:   (a * b,                     lambda y_bar: y_bar * b,  lambda y_bar: y_bar * a),
    "div": lambda a, b:   (y := a / b,                lambda y_bar: y_bar / b,  lambda y_bar: -y_bar * y / b),
    "pow": lambda a, b:   (y := a**b,
                           lambda y_bar: y_bar * b * a ** np.where(b == 0, 1, b - 1),  # a**0 is constant
                           lambda y_bar: y_bar * y * np.log(np.where(a == 0, 1, a))),
    "maximum": lambda a, b: (np.maximum(a, b), lambda y_bar: np.where(a == b, y_bar / 2, y_bar * (a > b)),
                             lambda y_bar: np.where(a == b, y_bar / 2, y_bar * (b > a))),  # a tie: half each
    "neg":      lambda a: (-a,                           lambda y_bar: -y_bar),
    "exp":      lambda a: (y := np.exp(a),               lambda y_bar: y_bar * y),
    "log":      lambda a: (np.log(a),                    lambda y_bar: y_bar / a),
    "sin":      lambda a: (np.sin(a),                    lambda y_bar: y_bar * np.cos(a)),
    "cos":      lambda a: (np.cos(a),                    lambda y_bar: -y_bar * np.sin(a)),
    # the six activation functions; softplus is log(1 + e^a), sigmoid 1 / (1 + e^-a), here without overflow
    "identity": lambda a: (+a,                           lambda y_bar: y_bar),
    "relu":     lambda a: (np.maximum(a, 0),             lambda y_bar: y_bar * (a > 0)),
    "softplus": lambda a: (y := np.logaddexp(0, a),      lambda y_bar: y_bar * np.exp(a - y)),
    "sigmoid":  lambda a: (y := np.exp(-np.logaddexp(0, -a)),  lambda y_bar: y_bar * y * (1 - y)),
    "tanh":     lambda a: (y := np.tanh(a),              lambda y_bar: y_bar * (1 - y**2)),
    "hard_threshold": lambda a: (np.heaviside(a, 0),     lambda y_bar: 0 * y_bar),
    # reductions, and the same numbers in other places
    "sum":     lambda a, dim=None, keepdim=False: (a.sum(axis=dim, keepdims=keepdim),
                                                   _spread(a.shape, dim, keepdim)),
    "mean":    lambda a, dim=None, keepdim=False: (y := a.mean(axis=dim, keepdims=keepdim),
                                                   _spread(a.shape, dim, keepdim, y.size / a.size)),
    "reshape":   lambda a, *shape:     (a.reshape(*shape),         partial(np.reshape, shape=a.shape)),
    "getitem": lambda a, index: (a[index], partial(_scatter, shape=a.shape, index=copy.deepcopy(index))),
    "transpose": lambda a, dim0, dim1: (a.swapaxes(dim0, dim1),    lambda y_bar: y_bar.swapaxes(dim0, dim1)),
    "amax": _amax, "logsumexp": _logsumexp, "matmul": _matmul, "concatenate": _concatenate,
}
# fmt: on
