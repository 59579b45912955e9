"""A training loop worked out by hand in NumPy, as it should be or with a likely mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weights = dict[str, Array]


@dataclass(frozen=True)
class Loop:
    """Stochastic gradient descent on the mean cross-entropy; all but the first five are likely mistakes.

    Attributes:
        x: Examples, shape (count, inputs).
        t: Their classes, shape (count,).
        orders: Which examples are read in which order, shape (epochs, number read).
        batch: How many examples a step takes.
        learning_rate: Size of a step.
        boost: Factor of the hidden units in the mode that the network is in.
        stale: Gradients that were there before, and count in the first step.
        softmax: Whether probabilities are taken for scores.
        keeps: Whether gradients of earlier batches stay.
        labels: Which labels go with the images: "right", "in their old order".
        summed: Whether the loss of a batch is a sum.
        cut: Whether the last, smaller batch is left out.
    """

    x: Array
    t: Array
    orders: Array
    batch: int
    learning_rate: float
    boost: float = 1.0
    stale: float = 0.0
    softmax: bool = False
    keeps: bool = False
    labels: str = "right"
    summed: bool = False
    cut: bool = False

    def run(self, weights: Weights) -> tuple[Weights, list[Array]]:
        """Train.

        Args:
            weights: The weights to begin with.

        Returns:
            The weights in the end, and for each epoch the loss of each example when it was read.
        """
        kept = {name: np.full_like(W, self.stale) for name, W in weights.items()}
        epochs = []
        for order in self.orders:
            losses: list[Array] = []
            for begin in range(0, len(order), self.batch):
                rows = order[begin : begin + self.batch]
                if self.cut and len(rows) < self.batch:
                    continue
                t = self.t[rows] if self.labels == "right" else self.t[begin : begin + self.batch]
                found, loss = self._gradients(weights, self.x[rows], t)
                bars = {name: bar + kept[name] for name, bar in found.items()}
                weights = {name: W - self.learning_rate * bars[name] for name, W in weights.items()}
                kept = {name: bar * self.keeps for name, bar in bars.items()}
                losses.append(loss)
            epochs.append(np.concatenate(losses) if losses else np.zeros(0))
        return weights, epochs

    def _gradients(self, weights: Weights, x: Array, t: Array) -> tuple[Weights, Array]:
        """Differentiate the loss of a batch by hand, and give the loss of each example."""
        h = np.tanh(x @ weights["W_1"].T + weights["b_1"])
        z = self.boost * h @ weights["W_2"].T + weights["b_2"]
        p, true = _softmax(z), np.arange(z.shape[1]) == t[:, None]
        z_bar, losses = p - true, -np.log(p[true])
        if self.softmax:
            second = _softmax(p)
            p_bar, losses = second - true, -np.log(second[true])
            z_bar = p * (p_bar - (p * p_bar).sum(axis=1, keepdims=True))
        z_bar = z_bar / (1 if self.summed else len(x))
        a_bar = self.boost * (z_bar @ weights["W_2"]) * (1 - h**2)
        bars = {"W_2": self.boost * z_bar.T @ h, "b_2": z_bar.sum(axis=0)}
        return bars | {"W_1": a_bar.T @ x, "b_1": a_bar.sum(axis=0)}, losses


def _softmax(z: Array) -> Array:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
