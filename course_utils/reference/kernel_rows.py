r"""The engine room of the convolution layers: one table of windows, one matrix product for each kernel row.

A 2-D convolution layer is a sum over the rows i of its kernels:

.. math:: y_{o,r,q} = \sum_i \Bigl( \sum_{c,j} W_{o,c,i,j}\, x_{c,\, s r + d i,\, s q + d j} \Bigr)

The bracket is a matrix product: row i of all kernels, (out_channels, in_channels * kernel_width), times a
table whose column (r, q) holds what the windows at column q read in *one* image row. The table serves every
i, shifted by rows, so it is smaller than the table of whole windows (im2col) by the height of the kernel.

Signals have no axis beside the rows, volumes have two: `rows` are the first spatial axis, `inner` the others.
A table is (group, channel and inner weight, row, image and inner position), so that a shift by rows is a
shift in memory. Buffers are used again for every block of images, since fresh memory is slow.
"""

from math import prod

import numpy as np
from numpy.typing import DTypeLike

from course_utils.reference.arguments import FloatArray
from course_utils.reference.geometry import Geometry


def correlate_batch(x: FloatArray, W: FloatArray, geometry: Geometry, groups: int) -> FloatArray:
    """Slide every kernel over every input, without flipping it.

    Args:
        x: Inputs, shape (batch, in_channels, *size).
        W: Kernels, shape (out_channels, in_channels / groups, *kernel_size).
        geometry: Where the windows stand.
        groups: Number of groups of channels.

    Returns:
        Outputs, shape (batch, out_channels, *output).
    """
    rows = _weight_rows(W, groups)
    y = np.empty((len(x), len(W), *geometry.output), dtype=np.result_type(x, W))
    table = z = product = None
    for block in geometry.blocks(len(x), x.shape[1], y.itemsize):
        table = _window_table(x[block], geometry, groups, table)
        shape = (groups, len(W) // groups, geometry.output[0] * table.shape[-1])
        z, product = _buffer(z, shape, y.dtype), _buffer(product, shape[1:], y.dtype)
        for group in range(groups):  # plain matrices: with a third axis NumPy is slower
            _sum_of_rows(rows[group], table[group], geometry, z[group], product)
        split = z.reshape(len(W), geometry.output[0], -1, *geometry.output[1:])
        y[block] = np.moveaxis(split, 2, 0)
    return y


def gradients(
    y_bar: FloatArray, x: FloatArray, W: FloatArray, geometry: Geometry, groups: int
) -> tuple[FloatArray, FloatArray]:
    r"""Pass a gradient back to the inputs and to the kernels, in one sweep over the batch.

    The gradient is written, for each kernel row i, where that row read its inputs; then

    .. math:: \bar W_i = \bar y_i T^\top, \qquad \bar T = \sum_i W_i^\top \bar y_i .

    T is the table of what the windows read.

    Args:
        y_bar: Gradient with respect to the outputs, shape (batch, out_channels, *output).
        x: Inputs, shape (batch, in_channels, *size).
        W: Kernels, shape (out_channels, in_channels / groups, *kernel_size).
        geometry: Where the windows stand.
        groups: Number of groups of channels.

    Returns:
        ``x_bar`` and ``W_bar``.
    """
    if geometry.output[0] != geometry.padded[0] and not (np.isfinite(x).all() and np.isfinite(W).all()):
        return _gradients_row_by_row(y_bar, x, W, geometry, groups)
    rows = _stacked(_weight_rows(W, groups))
    rows_bar = np.zeros(rows.shape, dtype=np.result_type(x, y_bar))
    x_bar = np.empty(x.shape, dtype=np.result_type(y_bar, W))
    table = shifted = table_bar = None
    for block in geometry.blocks(len(x), x.shape[1], x_bar.itemsize):
        shifted = _shifted_rows(y_bar[block], geometry, groups, shifted)
        table = _window_table(x[block], geometry, groups, table)
        table_bar = _buffer(table_bar, table.shape, x_bar.dtype)
        for group in range(groups):
            flat = table[group].reshape(rows.shape[2], -1)
            rows_bar[group] += shifted[group] @ flat.T
            np.matmul(rows[group].T, shifted[group], out=table_bar[group].reshape(flat.shape))
        x_bar[block] = _fold_table(table_bar, len(x_bar[block]), geometry)
    return x_bar, _kernels(rows_bar, W.shape)


def input_gradient(y_bar: FloatArray, W: FloatArray, geometry: Geometry, groups: int) -> FloatArray:
    """Pass a gradient back to the inputs alone; as a layer of its own, this is the transposed convolution.

    Args:
        y_bar: Gradient with respect to the outputs, shape (batch, out_channels, *output).
        W: Kernels, shape (out_channels, in_channels / groups, *kernel_size).
        geometry: Where the windows stand.
        groups: Number of groups of channels.

    Returns:
        ``x_bar``, shape (batch, in_channels, *size).
    """
    channels = W.shape[1] * groups
    if not np.isfinite(W).all():
        x = np.zeros((len(y_bar), channels, *geometry.size), dtype=W.dtype)
        return gradients(y_bar, x, W, geometry, groups)[0]
    rows = _stacked(_weight_rows(W, groups))
    x_bar = np.empty((len(y_bar), channels, *geometry.size), dtype=np.result_type(y_bar, W))
    shifted = None
    for block in geometry.blocks(len(y_bar), channels, x_bar.itemsize):
        shifted = _shifted_rows(y_bar[block], geometry, groups, shifted)
        x_bar[block] = _fold_table(rows.transpose(0, 2, 1) @ shifted, len(x_bar[block]), geometry)
    return x_bar


def _gradients_row_by_row(
    y_bar: FloatArray, x: FloatArray, W: FloatArray, geometry: Geometry, groups: int
) -> tuple[FloatArray, FloatArray]:
    """Compute the gradients from each kernel row and the inputs that it reads, one row after the other.

    The sweep over whole tables multiplies what a row does not read by 0, and 0 times infinity is not 0.
    """
    first, inner = geometry.padding[0], geometry.padding[1:]
    along_rows: list[tuple[int, int]] = [(0, 0), (0, 0), first, *[(0, 0)] * len(inner)]
    padded = np.pad(x, along_rows)
    x_bar, W_bar = np.zeros(padded.shape, dtype=np.result_type(y_bar, W)), []
    one = Geometry(
        (geometry.output[0], *geometry.size[1:]),
        (1, *geometry.kernel_size[1:]),
        (1, *geometry.stride[1:]),
        ((0, 0), *inner),
        (1, *geometry.dilation[1:]),
    )
    for i in range(geometry.kernel_size[0]):
        read = (slice(None), slice(None), geometry.reach(0, i))
        row_x_bar, row_W_bar = gradients(y_bar, padded[read], W[:, :, i : i + 1], one, groups)
        x_bar[read] += row_x_bar
        W_bar.append(row_W_bar)
    return x_bar[:, :, first[0] : first[0] + geometry.size[0]], np.concatenate(W_bar, axis=2)


def _weight_rows(W: FloatArray, groups: int) -> FloatArray:
    """Cut the kernels into rows, shape (group, kernel_row, out_channel, in_channel and inner weight)."""
    split = W.reshape(groups, len(W) // groups, *W.shape[1:])
    rows = np.moveaxis(split, 3, 1)
    return np.ascontiguousarray(rows.reshape(*rows.shape[:3], -1))


def _stacked(rows: FloatArray) -> FloatArray:
    """Put the kernel rows of a group under each other, shape (group, kernel_row and out_channel, ...)."""
    return rows.reshape(len(rows), -1, rows.shape[3])


def _kernels(stacked: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Put kernels together from their stacked rows: the opposite of `_stacked(_weight_rows(W))`."""
    out_channels, in_channels, kernel_rows, *inner = shape
    groups = len(stacked)
    split = stacked.reshape(groups, kernel_rows, out_channels // groups, in_channels, *inner)
    return np.moveaxis(split, 1, 3).reshape(shape)


def _sum_of_rows(
    rows: FloatArray, table: FloatArray, geometry: Geometry, z: FloatArray, product: FloatArray
) -> None:
    """Write into z the sum over the kernel rows, each times the table as far as that row reads it."""
    for i, row in enumerate(rows):
        read = table[:, geometry.reach(0, i)].reshape(len(table), -1)
        if i == 0:
            np.matmul(row, read, out=z)
        else:
            z += np.matmul(row, read, out=product)


def _window_table(x: FloatArray, geometry: Geometry, groups: int, table: FloatArray | None) -> FloatArray:
    """Lay out what the windows read in each row, shape (group, channel and inner weight, row, column)."""
    x = np.moveaxis(geometry.pad(x), 0, 2)  # (channel, row, image, *inner)
    inner = geometry.kernel_size[1:]
    shape = (groups, len(x) // groups * prod(inner), x.shape[1], x.shape[2] * prod(geometry.output[1:]))
    table = _buffer(table, shape, x.dtype)
    split = table.reshape(len(x), *inner, *x.shape[1:3], *geometry.output[1:])
    for place in np.ndindex(inner):
        split[(slice(None), *place)] = x[geometry.reach_inner(place)]
    return table


def _fold_table(table_bar: FloatArray, batch: int, geometry: Geometry) -> FloatArray:
    """Add up what each input passed to all its windows: the backward of `_window_table`."""
    inner = geometry.kernel_size[1:]
    split = table_bar.reshape(-1, *inner, geometry.padded[0], batch, *geometry.output[1:])
    x_bar = np.zeros((len(split), geometry.padded[0], batch, *geometry.padded[1:]), dtype=table_bar.dtype)
    for place in np.ndindex(inner):
        x_bar[geometry.reach_inner(place)] += split[(slice(None), *place)]
    return geometry.crop(np.moveaxis(x_bar, 2, 0))


def _shifted_rows(
    y_bar: FloatArray, geometry: Geometry, groups: int, shifted: FloatArray | None
) -> FloatArray:
    """Write the gradient where each kernel row read, shape (group, kernel_row and out_channel, place)."""
    columns = np.moveaxis(y_bar, 0, 2).reshape(groups, y_bar.shape[1] // groups, geometry.output[0], -1)
    kernel_rows = geometry.kernel_size[0]
    shape = (groups, kernel_rows * columns.shape[1], geometry.padded[0] * columns.shape[3])
    if shifted is None or shifted.shape != shape:
        shifted = np.zeros(shape, dtype=y_bar.dtype)  # what is not written below stays zero in every block
    split = shifted.reshape(groups, kernel_rows, columns.shape[1], geometry.padded[0], columns.shape[3])
    for i in range(kernel_rows):
        split[:, i, :, geometry.reach(0, i)] = columns
    return shifted


def _buffer(buffer: FloatArray | None, shape: tuple[int, ...], dtype: DTypeLike) -> FloatArray:
    """Return a buffer if it has the shape that is wanted, else a new one."""
    return buffer if buffer is not None and buffer.shape == shape else np.empty(shape, dtype=dtype)
