"""The geometry of a convolution: what an int or a pair for each option means, and the sizes that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import shapes
from course_utils.reference.arguments import FloatArray

Option = int | Sequence[int]
BLOCK_BYTES = 2_000_000  # windows laid out at a time: few enough to stay in the processor's cache


def per_axis(value: Option, axes: int, name: str) -> tuple[int, ...]:
    """Return an option of a layer as one integer for each spatial axis.

    Args:
        value: One integer for all axes, or one for each.
        axes: Number of spatial axes.
        name: The option's name, for the sentence.

    Returns:
        One value for each axis, NumPy's integers as Python's; whether it is in range is for
        `course_utils.shapes` to say.

    Raises:
        ValueError: If it is a sequence of another length.
    """
    if isinstance(value, np.ndarray | np.integer):
        value = value.tolist()  # a stride of np.uint8(2) would overflow at the 128th window
    if not isinstance(value, Sequence):
        return (value,) * axes
    if isinstance(value, str | bytes) or len(value) != axes:
        raise ValueError(
            f"{name} must be an integer or one for each of {axes} axes, but {name}={value!r}; "
            f"give {axes} integers"
        )
    return tuple(each.item() if isinstance(each, np.integer) else each for each in value)


@dataclass(frozen=True)
class Geometry:
    """Where the windows of a convolution stand; each field has one entry for each spatial axis.

    Attributes:
        size: Input size, without padding.
        kernel_size: Number of weights.
        stride: Distance between neighbouring windows.
        padding: Zeros before and after the input.
        dilation: Distance between neighbouring weights.
    """

    size: tuple[int, ...]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]

    @cached_property
    def output(self) -> tuple[int, ...]:
        """Number of windows along each axis."""
        options = zip(self.size, self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        return tuple(
            shapes.conv_output_size(n, k, stride=s, padding=p, dilation=d) for n, k, s, p, d in options
        )

    @cached_property
    def padded(self) -> tuple[int, ...]:
        """Input size with its padding."""
        return tuple(n + before + after for n, (before, after) in zip(self.size, self.padding, strict=True))

    @property
    def is_padded(self) -> bool:
        """Whether there is any padding."""
        return self.padded != self.size

    def reach(self, axis: int, place: int) -> slice:
        """Say which padded inputs along an axis meet one weight of the kernel, one for each window.

        Args:
            axis: The spatial axis.
            place: Place of the weight along that axis.

        Returns:
            Every `stride`-th input from the first to the last window.
        """
        start, step = place * self.dilation[axis], self.stride[axis]
        return slice(start, start + step * (self.output[axis] - 1) + 1, step)

    def reach_inner(self, place: tuple[int, ...]) -> Any:
        """Say the same for a weight's place along all axes but the first, as an index of an array."""
        return (..., *(self.reach(axis, j) for axis, j in enumerate(place, start=1)))

    def pad(self, x: FloatArray) -> FloatArray:
        """Put the zeros around the last axes of an array."""
        if not self.is_padded:
            return x
        front = (x.ndim - len(self.size)) * ((0, 0),)
        return np.pad(x, (*front, *self.padding))

    def crop(self, x_bar: FloatArray) -> FloatArray:
        """Cut the padding off the last axes again: the backward of `pad`."""
        inside: Any = [
            slice(before, before + n) for n, (before, _) in zip(self.size, self.padding, strict=True)
        ]
        return x_bar[(..., *inside)]

    def windows(self, padded: FloatArray) -> FloatArray:
        """View what each window reads of a padded array, shape (..., *output, *kernel_size)."""
        axes = tuple(range(padded.ndim - len(self.size), padded.ndim))
        spans = [
            shapes.kernel_span(k, dilation=d) for k, d in zip(self.kernel_size, self.dilation, strict=True)
        ]
        steps: Any = [slice(None, None, step) for step in (*self.stride, *self.dilation)]
        return sliding_window_view(padded, spans, axis=axes)[(..., *steps)]

    def blocks(self, batch: int, channels: int, itemsize: int) -> list[slice]:
        """Cut a batch into blocks of images whose windows fit into the cache.

        Args:
            batch: Number of images.
            channels: Number of channels of an image.
            itemsize: Bytes of a number.

        Returns:
            Slices of the batch, one after the other.
        """
        image = itemsize * channels * self.padded[0] * prod(self.output[1:]) * prod(self.kernel_size[1:])
        most = max(1, BLOCK_BYTES // image)
        step = -(-batch // -(-batch // most))  # blocks of nearly one size: buffers then fit all but the last
        return [slice(start, min(start + step, batch)) for start in range(0, batch, step)]


def read_geometry(
    size: tuple[int, ...],
    kernel_size: tuple[int, ...],
    *,
    stride: Option,
    padding: Any,
    dilation: Option,
) -> Geometry:
    """Read the options of a convolution as its functions take them.

    Args:
        size: Input size along each spatial axis.
        kernel_size: Kernel size along each spatial axis.
        stride: An integer, or one for each axis.
        padding: Zeros at both ends of an axis: an integer, or one for each axis; or "valid" or "same".
        dilation: An integer, or one for each axis.

    Returns:
        The geometry, whose output has been checked to exist.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or the kernel is larger than the padded input.
    """
    axes = len(size)
    strides, dilations = per_axis(stride, axes, "stride"), per_axis(dilation, axes, "dilation")
    paddings: Any = (padding,) * axes if isinstance(padding, str) else per_axis(padding, axes, "padding")
    pairs = tuple(
        shapes.padding_pair(p, k, stride=s, dilation=d)
        for p, k, s, d in zip(paddings, kernel_size, strides, dilations, strict=True)
    )
    geometry = Geometry(size, kernel_size, strides, pairs, dilations)
    _ = geometry.output  # raises where the kernel does not fit
    return geometry
