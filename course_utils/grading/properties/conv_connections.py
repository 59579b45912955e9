"""Convolutional layers and their windows, entry by entry: which input meets which weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Pair = tuple[int, int]
Places = tuple[Array, ...]
ONE: Pair = (1, 1)
NONE: Pair = (0, 0)


def count_windows(
    shape: Sequence[int], kernel: Sequence[int], stride: Pair, padding: Pair, after: Pair | None = None
) -> Pair:
    """Count the windows down and across, by pushing one along until it would leave the input.

    Args:
        shape: Shape of the input, (batch, channels, height, width).
        kernel: Height and width of a window.
        stride: Steps down and across.
        padding: Zeros above, and left of the input.
        after: Zeros below, and right of it; as many as above and left by default.

    Returns:
        Rows and columns of windows.
    """
    after = padding if after is None else after
    down, across = (
        sum(
            1
            for _ in range(0, shape[axis + 2] + padding[axis] + after[axis] - kernel[axis] + 1, stride[axis])
        )
        for axis in (0, 1)
    )
    return down, across


@dataclass(frozen=True)
class Windows:
    """The entries of all windows, and the entry of the input that each is; those in the padding are left out.

    Attributes:
        shape: (batch, channels, rows, columns, kernel height, kernel width).
        entries: Six arrays of indices into the windows.
        inputs: Four arrays of indices into the input.
    """

    shape: tuple[int, ...]
    entries: Places
    inputs: Places

    def take(self, x: Array) -> Array:
        """Take the windows out of an input."""
        parts = np.zeros(self.shape, x.dtype)
        parts[self.entries] = x[self.inputs]
        return parts

    def put_back(self, parts_bar: Array, x_shape: tuple[int, ...], *, keep: str = "all") -> Array:
        """Add the windows' gradients up where their entries came from; or keep the "first" or "last" only."""
        x_bar = np.zeros(x_shape)
        if keep == "all":
            np.add.at(x_bar, self.inputs, parts_bar[self.entries])
            return x_bar
        pairs = list(zip(zip(*self.inputs, strict=True), parts_bar[self.entries], strict=True))
        for place, value in pairs if keep == "last" else pairs[::-1]:
            x_bar[place] = value
        return x_bar


def lay_windows(
    x_shape: Sequence[int], kernel: Sequence[int], size: Pair, stride: Pair = ONE, padding: Pair = NONE
) -> Windows:
    """Find what each entry of each window is in the input.

    Args:
        x_shape: Shape of the input.
        kernel: Height and width of a window.
        size: Rows and columns of windows.
        stride: Steps down and across.
        padding: Zeros above, and left of the input.

    Returns:
        The windows.
    """
    shape = (*x_shape[:2], *size, *kernel)
    n, c, r, s, i, j = np.indices(shape).reshape(6, -1)
    row, column = r * stride[0] + i - padding[0], s * stride[1] + j - padding[1]
    inside = (row >= 0) & (row < x_shape[2]) & (column >= 0) & (column < x_shape[3])
    entries = tuple(index[inside] for index in (n, c, r, s, i, j))
    return Windows(shape, entries, tuple(index[inside] for index in (n, c, row, column)))


@dataclass(frozen=True)
class Connections:
    """Every connection of a convolutional layer: from an input, by a weight, to an output.

    Attributes:
        y_shape: Shape of the output.
        outputs: Four arrays of indices into the output.
        weights: Four arrays of indices into the kernels.
        inputs: Four arrays of indices into the input.
    """

    y_shape: tuple[int, ...]
    outputs: Places
    weights: Places
    inputs: Places

    def forward(self, x: Array, W: Array, b: Array) -> Array:
        """Add up what arrives at every output, and the bias of its channel; complex numbers may come too."""
        y = np.zeros(self.y_shape, np.result_type(x, W, b, np.float64))
        np.add.at(y, self.outputs, x[self.inputs] * W[self.weights])
        return np.asarray(y + np.reshape(b, (-1, 1, 1)))

    def to_kernels(self, y_bar: Array, x: Array, W_shape: tuple[int, ...]) -> Array:
        """Add up what comes back to every weight."""
        W_bar = np.zeros(W_shape)
        np.add.at(W_bar, self.weights, y_bar[self.outputs] * x[self.inputs])
        return W_bar

    def to_input(self, y_bar: Array, W: Array, x_shape: tuple[int, ...], *, keep: str = "all") -> Array:
        """Add up what comes back to every input; or keep what the "first" or "last" window gave."""
        x_bar = np.zeros(x_shape)
        if keep == "all":
            np.add.at(x_bar, self.inputs, y_bar[self.outputs] * W[self.weights])
            return x_bar
        windows = list(np.ndindex(*self.y_shape[2:]))
        for row, column in windows if keep == "last" else windows[::-1]:
            here = (self.outputs[2] == row) & (self.outputs[3] == column)
            places, sums = tuple(index[here] for index in self.inputs), np.zeros(x_shape)
            np.add.at(sums, places, (y_bar[self.outputs] * W[self.weights])[here])
            x_bar[places] = sums[places]
        return x_bar


def connect(
    x_shape: Sequence[int],
    W_shape: Sequence[int],
    size: Pair,
    stride: Pair = ONE,
    padding: Pair = NONE,
    groups: int = 1,
) -> Connections:
    """List the connections of a layer.

    Args:
        x_shape: Shape of the input, (batch, in_channels, height, width).
        W_shape: Shape of the kernels, (out_channels, in_channels / groups, height, width).
        size: Height and width of the output.
        stride: Steps down and across.
        padding: Zeros above, and left of the input.
        groups: Number of groups of channels.

    Returns:
        The connections; those from the padding, whose input is zero, are left out.
    """
    y_shape = (x_shape[0], W_shape[0], *size)
    n, o, r, s, c, i, j = np.indices((*y_shape, *W_shape[1:])).reshape(7, -1)
    row, column = r * stride[0] + i - padding[0], s * stride[1] + j - padding[1]
    channel = o // (W_shape[0] // groups) * W_shape[1] + c
    inside = (row >= 0) & (row < x_shape[2]) & (column >= 0) & (column < x_shape[3])
    groups_of = ((n, o, r, s), (o, c, i, j), (n, channel, row, column))
    outputs, weights, inputs = (tuple(index[inside] for index in several) for several in groups_of)
    return Connections(y_shape, outputs, weights, inputs)
