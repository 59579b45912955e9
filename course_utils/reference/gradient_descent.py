"""Train a multilayer perceptron by plain gradient descent."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.reference.arguments import (
    FloatArray,
    check_generator,
    check_integer,
    check_no_nan,
    float_array,
)
from course_utils.reference.losses import (
    logistic_cross_entropy,
    logistic_cross_entropy_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    squared_error,
    squared_error_backward,
)
from course_utils.reference.mlp import Layer, mlp, mlp_backward

LOSSES: Mapping[str, tuple[Callable[..., float], Callable[..., FloatArray]]] = MappingProxyType(
    {
        "squared_error": (squared_error, squared_error_backward),
        "logistic_cross_entropy": (logistic_cross_entropy, logistic_cross_entropy_backward),
        "softmax_cross_entropy": (softmax_cross_entropy, softmax_cross_entropy_backward),
    }
)


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """Hold what came out of a training run.

    Attributes:
        layers: The layers after the last step.
        losses: Mean loss of an example in each epoch, before the steps of that epoch, shape (epochs,).
    """

    layers: tuple[Layer, ...]
    losses: NDArray[np.float64]


def train_mlp(
    x: ArrayLike,
    t: ArrayLike,
    layers: Sequence[Layer],
    *,
    loss: str,
    learning_rate: float,
    epochs: int,
    batch: int | None = None,
    rng: np.random.Generator | None = None,
) -> TrainingRun:
    r"""Train a multilayer perceptron by gradient descent.

    .. math:: W \leftarrow W - \alpha \bar W, \qquad b \leftarrow b - \alpha \bar b

    Args:
        x: Inputs, shape (examples, inputs).
        t: Targets: for ``softmax_cross_entropy`` integer labels, shape (examples,); for the other losses
            shape (examples, outputs), or (examples,) for a network with one output.
        layers: The layers to start from; they are not changed.
        loss: ``"squared_error"``, ``"logistic_cross_entropy"`` or ``"softmax_cross_entropy"``. The
            cross-entropies take logits, so that their last layer's activation is the identity.
        learning_rate: Step size alpha.
        epochs: Number of passes over the examples.
        batch: Number of examples for each step, drawn in a new order in each epoch; None takes all of them.
        rng: Draws the order of the examples; needed only with ``batch``.

    Returns:
        The trained layers, and the mean loss of each epoch.

    Raises:
        TypeError: If an array does not hold numbers of the right kind, a count is not an integer, or ``rng``
            is not a generator.
        ValueError: If the loss is not known, the arguments do not fit together, or the loss is not
            finite any more.

    Source:
        Toronto CSC 2515, backpropagation: gradient descent on the mean of the examples' losses.
    """
    x, t = _training_set(x, t, layers, loss)
    _check_options(learning_rate=learning_rate, epochs=epochs, batch=batch, rng=rng)
    layers = tuple(layers)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        for rows in _batches(len(x), batch, rng):
            layers, L = gradient_step(x[rows], t[rows], layers, loss=loss, learning_rate=learning_rate)
            losses[epoch] += L * len(rows) / len(x)
        if not math.isfinite(losses[epoch]):
            raise ValueError(
                f"training diverged: the loss of epoch {epoch + 1} is {losses[epoch]} with "
                f"learning_rate={learning_rate:g}; try a tenth of that learning rate"
            )
    return TrainingRun(layers, losses)


def gradient_step(
    x: FloatArray, t: NDArray[Any], layers: tuple[Layer, ...], *, loss: str, learning_rate: float
) -> tuple[tuple[Layer, ...], float]:
    """Move all weights and biases one step against the gradient of the loss.

    Args:
        x: Inputs, shape (batch, inputs).
        t: Targets, as the loss takes them.
        layers: The network's layers, in order.
        loss: Name of the loss, as for ``train_mlp``.
        learning_rate: Step size.

    Returns:
        The layers after the step, and the loss before it; infinite if the outputs already overflow.

    Raises:
        ValueError: If the arguments do not fit together.
    """
    forward, backward = LOSSES[loss]
    with np.errstate(over="ignore", invalid="ignore"):  # overflow is reported as an infinite loss
        y = mlp(x, layers)
        if not np.isfinite(y).all():
            return layers, math.inf
        L = forward(y, t)
        _, gradients = mlp_backward(backward(1.0, y, t), x, layers)
        moved = tuple(
            Layer(layer.W - learning_rate * W_bar, layer.b - learning_rate * b_bar, layer.activation)
            for layer, (W_bar, b_bar) in zip(layers, gradients, strict=True)
        )
    return moved, L


def _batches(count: int, batch: int | None, rng: np.random.Generator | None) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each step of one epoch: all of them in order, or batches in a new random order."""
    if batch is None or rng is None:
        yield np.arange(count)
        return
    order = rng.permutation(count)
    for start in range(0, count, batch):
        yield order[start : start + batch]


def _training_set(
    x: ArrayLike, t: ArrayLike, layers: Sequence[Layer], loss: str
) -> tuple[FloatArray, NDArray[Any]]:
    """Return inputs and targets that fit together, the loss and the network's last layer."""
    if loss not in LOSSES:
        raise ValueError(f"unknown loss {loss!r}; the known ones are {', '.join(LOSSES)}")
    if layers and loss != "squared_error" and layers[-1].activation != "identity":
        raise ValueError(
            f"{loss} takes logits but the last layer's activation is {layers[-1].activation!r}; "
            "make it 'identity', the loss applies the squashing itself"
        )
    x = float_array(x, "x", axes=("batch", "inputs"))
    check_no_nan(x, "x")
    targets: NDArray[Any] = np.asarray(t)
    if targets.ndim == 1 and loss != "softmax_cross_entropy":
        targets = targets[:, None]  # (examples,) becomes (examples, 1), the shape of a single output
    if targets.ndim == 0 or len(targets) != len(x):
        raise ValueError(
            f"x has {len(x)} examples but t does not (x.shape={x.shape}, t.shape={np.shape(t)}); "
            "give a target for each"
        )
    return x, targets


def _check_options(
    *, learning_rate: float, epochs: int, batch: int | None, rng: np.random.Generator | None
) -> None:
    """Raise a ValueError or a TypeError if an option of the training loop makes no sense."""
    if not (learning_rate > 0 and math.isfinite(learning_rate)):
        raise ValueError(f"learning_rate={learning_rate} but a step needs a positive finite number; try 0.1")
    check_integer(epochs, "epochs")
    if epochs < 1:
        raise ValueError(f"epochs={epochs} but training needs at least one pass over the examples")
    if rng is not None:
        check_generator(rng)
    if batch is None:
        return
    check_integer(batch, "batch")
    if batch < 1:
        raise ValueError(
            f"batch={batch} but a step needs at least one example; leave it out to take all of them"
        )
    if rng is None:
        raise ValueError(
            f"batch={batch} needs a generator to draw the order; pass rng=np.random.default_rng(0)"
        )
