"""A kernel that slides over a padded input: its windows, its sums, and what it accepts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.inputs import Array, finite

Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Slide:
    """A kernel that slides over a padded input.

    Args:
        x: The padded input, shape (height, width).
        kernel: The kernel as it slides, shape (kernel_height, kernel_width).
        stride: Cells from one window to the next, vertically and horizontally.
        padding: Zeros added at each side, vertically and horizontally.
        dilation: Cells from one entry of the kernel to the next, vertically and horizontally.
        output: Every sum, shape (output_height, output_width).
    """

    x: Array
    kernel: Array
    stride: Pair
    padding: Pair
    dilation: Pair
    output: Array

    def window(self, step: Pair) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows and the columns of x under the kernel at a step."""
        row, column = (
            place * stride + dilation * np.arange(size)
            for place, stride, dilation, size in zip(
                step, self.stride, self.dilation, self.kernel.shape, strict=True
            )
        )
        return row, column

    def steps(self) -> list[Pair]:
        """Return all outputs in reading order."""
        return [(row, column) for row, column in np.ndindex(self.output.shape)]


def slide_over(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    flip: bool,
    stride: int | Pair,
    padding: int | Pair,
    dilation: int | Pair,
) -> Slide:
    """Check what slides over what, and work out every sum.

    Args:
        x: Numbers, shape (height, width).
        kernel: Numbers, shape (kernel_height, kernel_width).
        flip: True to turn the kernel by 180 degrees first.
        stride: Cells from one window to the next, or one number for each axis.
        padding: Zeros added at each side, or one number for each axis.
        dilation: Cells from one entry of the kernel to the next, or one number for each axis.

    Returns:
        The kernel as it slides, and its output.

    Raises:
        ValueError: If an array does not have two axes, an option is out of range, or the kernel is too large.
    """
    image, weights = finite(x, "x"), finite(kernel, "kernel")
    for array, name in ((image, "x"), (weights, "kernel")):
        if array.ndim != 2:
            raise ValueError(f"{name} has shape {array.shape} but must be (rows, columns); reshape it first")
    added = _pair(padding, "padding", 0)
    padded = np.pad(image, [(zeros, zeros) for zeros in added])
    slide = Slide(
        padded,
        weights[::-1, ::-1] if flip else weights,
        stride=_pair(stride, "stride", 1),
        padding=added,
        dilation=_pair(dilation, "dilation", 1),
        output=np.zeros(_counts(padded, weights, _pair(stride, "stride", 1), _pair(dilation, "dilation", 1))),
    )
    sums = [(padded[np.ix_(*slide.window(step))] * slide.kernel).sum() for step in slide.steps()]
    return replace(slide, output=np.reshape(sums, slide.output.shape))


def chosen_steps(steps: Sequence[Pair] | None, shape: tuple[int, ...]) -> list[Pair]:
    """Return the outputs to stop at.

    Args:
        steps: Outputs, each (row, column), or None for the first two, the middle one and the last.
        shape: Shape of the output, (output_height, output_width).

    Returns:
        The outputs.

    Raises:
        ValueError: If there are none, or one is not an output.
    """
    last = shape[0] * shape[1] - 1
    if steps is None:
        return [(k // shape[1], k % shape[1]) for k in sorted({0, min(1, last), last // 2, last})]
    there = f"{shape[0]} x {shape[1]} outputs"
    if not len(steps):
        raise ValueError(f"steps is empty but must name at least one of the {there}, each (row, column)")
    for step in steps:
        if len(step) != 2 or not (0 <= step[0] < shape[0] and 0 <= step[1] < shape[1]):
            raise ValueError(f"step {tuple(step)} is not one of the {there}; give (row, column) from 0")
    return [(int(row), int(column)) for row, column in steps]


def _pair(value: int | Pair, name: str, least: int) -> Pair:
    both = (value, value) if isinstance(value, int | np.integer) else tuple(value)
    if len(both) != 2 or any(number != int(number) or number < least for number in both):
        raise ValueError(f"{name} is {value} but must be a whole number of at least {least}, or two of them")
    return int(both[0]), int(both[1])


def _counts(padded: Array, kernel: Array, stride: Pair, dilation: Pair) -> Pair:
    spans = [step * (size - 1) + 1 for step, size in zip(dilation, kernel.shape, strict=True)]
    if any(span > size for span, size in zip(spans, padded.shape, strict=True)):
        raise ValueError(
            f"the kernel spans {spans[0]} x {spans[1]} cells but x with its padding has {padded.shape[0]} x "
            f"{padded.shape[1]}; use a smaller kernel or more padding"
        )
    rows, columns = ((n - s) // step + 1 for n, s, step in zip(padded.shape, spans, stride, strict=True))
    return rows, columns
