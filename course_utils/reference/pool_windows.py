"""The windows of a pooling layer: what each one reads, and what flows back to where it was read."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from course_utils import shapes
from course_utils.reference.arguments import FloatArray, IntArray, check_integer, float_array
from course_utils.reference.conv_arguments import output_gradient
from course_utils.reference.geometry import Geometry, Option, per_axis


@dataclass(frozen=True)
class PoolWindows:
    """The windows of one pooling layer.

    Attributes:
        geometry: Where they stand; its padding may be larger at the end, where a last window reaches out.
        padding: The padding that was asked for, at both ends of each axis.
    """

    geometry: Geometry
    padding: tuple[int, int]

    def windows(self, x: FloatArray, fill: float) -> FloatArray:
        """Return what each window reads, shape (batch, channels, out_height, out_width, place).

        Args:
            x: Feature maps, shape (batch, channels, height, width).
            fill: What stands in the padding.

        Returns:
            A copy, its places in the order of rows.
        """
        geometry = self.geometry
        padded = np.pad(x, ((0, 0), (0, 0), *geometry.padding), constant_values=fill)
        read = geometry.windows(padded)
        return read.reshape(*read.shape[:4], -1)

    def first_largest(self, x: FloatArray) -> IntArray:
        """Find each window's largest value, the first of several, never one of the padding.

        Args:
            x: Feature maps, shape (batch, channels, height, width).

        Returns:
            Numbers of places in the window, shape (batch, channels, out_height, out_width).
        """
        windows = self.windows(x, fill=-np.inf)
        first: IntArray = windows.argmax(axis=-1)
        if not np.isneginf(x).any():
            return first
        real = self.windows(np.ones((1, 1, *self.geometry.size)), fill=0)  # -inf is as large as the padding
        return np.asarray(np.where(np.isneginf(windows.max(axis=-1)), real.argmax(axis=-1), first))

    def counts(self, count_include_pad: bool, dtype: DTypeLike) -> FloatArray:
        """Count what each window holds, shape (out_height, out_width).

        Args:
            count_include_pad: True to count the padding that was asked for.
            dtype: Kind of float of the result.

        Returns:
            Numbers of values; a window that reaches beyond the padding has fewer than the others.
        """
        inside = np.zeros(self.geometry.padded, dtype=dtype)
        ends = zip(self.geometry.size, self.padding, strict=True)
        rows, columns = (
            slice(0, size + 2 * p) if count_include_pad else slice(p, p + size) for size, p in ends
        )
        inside[rows, columns] = 1
        unpadded = Geometry(
            self.geometry.padded,
            self.geometry.kernel_size,
            self.geometry.stride,
            ((0, 0), (0, 0)),
            self.geometry.dilation,
        )
        flat = PoolWindows(unpadded, (0, 0))
        counted: FloatArray = flat.windows(inside[None, None], fill=0)[0, 0].sum(axis=-1)
        return counted

    def collect(
        self, y_bar: ArrayLike, x: FloatArray, share: Callable[[int, FloatArray], FloatArray]
    ) -> FloatArray:
        """Add up what each input gets from all windows that read it.

        Args:
            y_bar: Gradient with respect to the output, shape (batch, channels, out_height, out_width).
            x: Feature maps, shape (batch, channels, height, width).
            share: Takes the number of a place in the window and y_bar, returns what the place gets of it.

        Returns:
            ``x_bar``, shape of ``x``.

        Raises:
            ValueError: If ``y_bar`` does not have the shape of the output.
        """
        geometry = self.geometry
        y_bar = output_gradient(y_bar, (*x.shape[:2], *geometry.output))
        x_bar = np.zeros((*x.shape[:2], *geometry.padded), dtype=np.result_type(x, y_bar))
        for place in range(prod(geometry.kernel_size)):
            u, v = divmod(place, geometry.kernel_size[1])
            x_bar[:, :, geometry.reach(0, u), geometry.reach(1, v)] += share(place, y_bar)
        return geometry.crop(x_bar)


def read_pool(
    x: ArrayLike,
    kernel_size: Option,
    stride: Option | None,
    padding: Option,
    dilation: Option,
    ceil_mode: bool,
) -> tuple[FloatArray, PoolWindows]:
    """Read the arguments of a pooling layer.

    Args:
        x: Feature maps, shape (batch, channels, height, width).
        kernel_size: Size of a window; an integer, or (vertical, horizontal).
        stride: Distance between neighbouring windows; None for the size of a window.
        padding: Places added at both ends of an axis.
        dilation: Distance between neighbouring places of a window.
        ceil_mode: True to keep a last window that reaches beyond the end.

    Returns:
        The maps as floats, and the windows.

    Raises:
        TypeError: If ``x`` does not hold real numbers, or an option is not an integer.
        ValueError: If ``x`` is empty or has other axes, or an option is out of range.
    """
    x = float_array(x, "x", axes=("batch", "channels", "height", "width"))
    kernels = per_axis(kernel_size, 2, "kernel_size")
    strides = kernels if stride is None else per_axis(stride, 2, "stride")
    paddings, dilations = per_axis(padding, 2, "padding"), per_axis(dilation, 2, "dilation")
    pairs = []
    for n, k, s, p, d in zip(x.shape[2:], kernels, strides, paddings, dilations, strict=True):
        check_integer(s, "stride")  # None stands for both axes or for neither
        count = shapes.pool_output_size(n, k, stride=s, padding=p, dilation=d, ceil_mode=ceil_mode)
        beyond = (count - 1) * s + shapes.kernel_span(k, dilation=d) - (n + 2 * p)
        pairs.append((p, p + max(beyond, 0)))
    size = (x.shape[2], x.shape[3])
    geometry = Geometry(size, kernels, strides, (pairs[0], pairs[1]), dilations)
    return x, PoolWindows(geometry, (paddings[0], paddings[1]))
