"""A kernel for every place: what unshared and tiled layers have in common, and three ways to share a bias."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array
from course_utils.reference.conv_arguments import output_gradient
from course_utils.reference.geometry import Geometry, Option, read_geometry


def kernels_by_place(
    x: ArrayLike, W: ArrayLike, axes: Sequence[str], stride: Option, padding: Any, dilation: Option
) -> tuple[FloatArray, FloatArray, Geometry]:
    """Return images, kernels (out_channels, rows of places, columns of places, ...) and their geometry.

    Args:
        x: Images, shape (batch, in_channels, height, width).
        W: Kernels, with the six axes that are named.
        axes: Names of W's axes, for the sentence.
        stride: An integer, or (vertical, horizontal).
        padding: Zeros at both ends of an axis, or "valid", or "same".
        dilation: An integer, or (vertical, horizontal).

    Returns:
        Both arrays and the geometry.

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, channels do not fit, or an option is out of range.
    """
    x = float_array(x, "x", axes=("batch", "in_channels", "height", "width"))
    W = float_array(W, "W", axes=axes)
    if x.shape[1] != W.shape[3]:
        raise ValueError(
            f"x has {x.shape[1]} channels but W expects {W.shape[3]} (x.shape={x.shape}, W.shape={W.shape}); "
            f"W has shape ({', '.join(axes)})"
        )
    size, kernel_size = (x.shape[2], x.shape[3]), (W.shape[4], W.shape[5])
    return x, W, read_geometry(size, kernel_size, stride=stride, padding=padding, dilation=dilation)


def correlate_by_place(x: FloatArray, W: FloatArray, geometry: Geometry) -> FloatArray:
    """Multiply each window with the kernel of its own place.

    Args:
        x: Images, shape (batch, in_channels, height, width).
        W: Kernels, shape (out_channels, out_height, out_width, in_channels, kernel_height, kernel_width).
        geometry: Where the windows stand.

    Returns:
        Shape (batch, out_channels, out_height, out_width).
    """
    windows = _windows(x, geometry)
    y: FloatArray = np.einsum("nijk,oijk->noij", windows, _flat(W), optimize=True)
    return y


def gradients_by_place(
    y_bar: FloatArray, x: FloatArray, W: FloatArray, geometry: Geometry
) -> tuple[FloatArray, FloatArray]:
    """Pass a gradient back to the images, and to the kernel of each place.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_height, out_width).
        x: Images, shape (batch, in_channels, height, width).
        W: Kernels, shape (out_channels, out_height, out_width, in_channels, kernel_height, kernel_width).
        geometry: Where the windows stand.

    Returns:
        ``x_bar`` and ``W_bar``.
    """
    W_bar = np.einsum("noij,nijk->oijk", y_bar, _windows(x, geometry), optimize=True).reshape(W.shape)
    windows_bar = np.einsum("noij,oijk->nkij", y_bar, _flat(W), optimize=True)
    split = windows_bar.reshape(len(x), x.shape[1], *geometry.kernel_size, *geometry.output)
    x_bar = np.zeros((*x.shape[:2], *geometry.padded), dtype=windows_bar.dtype)
    for u, v in np.ndindex(*geometry.kernel_size):
        x_bar[:, :, geometry.reach(0, u), geometry.reach(1, v)] += split[:, :, u, v]
    return geometry.crop(x_bar), W_bar


def repeat_tile(tile: FloatArray, output: tuple[int, ...]) -> FloatArray:
    """Repeat a tile over all places: what stands at place i is the tile's entry i mod its size.

    Args:
        tile: Shape (out_channels, tile_height, tile_width, ...).
        output: Number of places along each axis.

    Returns:
        Shape (out_channels, out_height, out_width, ...).
    """
    rows, columns = (np.arange(n) % size for n, size in zip(output, tile.shape[1:3], strict=True))
    return tile[:, rows[:, None], columns]


def collect_tile(everywhere: FloatArray, tile: tuple[int, ...]) -> FloatArray:
    """Add up what belongs to the same entry of a tile: the backward of `repeat_tile`.

    Args:
        everywhere: Shape (out_channels, out_height, out_width, ...).
        tile: Height and width of the tile.

    Returns:
        Shape (out_channels, tile_height, tile_width, ...).
    """
    collected = np.zeros((len(everywhere), *tile, *everywhere.shape[3:]), dtype=everywhere.dtype)
    for row, column in np.ndindex(*tile):
        collected[:, row, column] = everywhere[:, row :: tile[0], column :: tile[1]].sum(axis=(1, 2))
    return collected


def bias_by_place(b: ArrayLike, output: tuple[int, ...], tile: tuple[int, ...]) -> FloatArray:
    """Return the bias of every place, whichever way it is shared.

    Args:
        b: One a location, one a tile's place, or one a channel: shape (out_channels, out_height, out_width),
            (out_channels, tile_height, tile_width) or (out_channels,).
        output: Number of channels, and of places along each axis.
        tile: Height and width of the tile.

    Returns:
        Shape (out_channels, out_height, out_width), or (out_channels, 1, 1).

    Raises:
        TypeError: If ``b`` does not hold real numbers.
        ValueError: If it has none of the three shapes.
    """
    b = float_array(b, "b")
    channels, *places = output
    if b.shape == (channels,):
        return b[:, None, None]
    if b.shape == tuple(output):
        return b
    if b.shape == (channels, *tile):
        return repeat_tile(b, tuple(places))
    ways = {(channels,): "one a channel", (channels, *tile): "one a tile's place", output: "one a location"}
    listed = ", ".join(f"{shape} ({way})" for shape, way in ways.items())
    raise ValueError(f"b has shape {b.shape} but must have one of the shapes {listed}; reshape or repeat it")


def bias_gradient(y_bar: FloatArray, shape: tuple[int, ...], tile: tuple[int, ...]) -> FloatArray:
    """Add the output's gradient up over all places that share a bias.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_height, out_width).
        shape: Shape of the bias: one of those of `bias_by_place`.
        tile: Height and width of the tile.

    Returns:
        The bias's gradient, of that shape.
    """
    b_bar: FloatArray = y_bar.sum(axis=0)
    if len(shape) == 1:
        return np.asarray(b_bar.sum(axis=(1, 2)))
    return b_bar if shape == b_bar.shape else collect_tile(b_bar, tile)


def check_output_gradient(y_bar: ArrayLike, x: FloatArray, W: FloatArray, geometry: Geometry) -> FloatArray:
    """Return the gradient of the output, or say that it has another shape."""
    return output_gradient(y_bar, (len(x), len(W), *geometry.output))


def _windows(x: FloatArray, geometry: Geometry) -> FloatArray:
    """Return what each window reads, shape (batch, out_height, out_width, channel and weight)."""
    read = geometry.windows(geometry.pad(x)).transpose(0, 2, 3, 1, 4, 5)
    return read.reshape(*read.shape[:3], -1)


def _flat(W: FloatArray) -> FloatArray:
    """Lay each kernel out in one row, shape (out_channels, out_height, out_width, channel and weight)."""
    return W.reshape(*W.shape[:3], -1)
