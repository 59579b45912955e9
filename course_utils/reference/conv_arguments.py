"""Arguments of the convolution layers: arrays of any number of spatial axes that fit together."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference import kernel_rows
from course_utils.reference.arguments import FloatArray, check_integer, float_array
from course_utils.reference.geometry import Geometry, Option, read_geometry

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def conv(
    axes: int,
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None,
    stride: Option,
    padding: Any,
    dilation: Option,
    groups: int,
) -> FloatArray:
    """Compute a convolution layer over data with some number of spatial axes; see `conv2d`."""
    x, W = inputs_and_kernels(axes, x, W)
    groups = check_groups(groups, x.shape[1], len(W), W.shape, x.shape)
    geometry = _geometry(x, W, stride, padding, dilation)
    y = kernel_rows.correlate_batch(x, W, geometry, groups)
    return y if b is None else add_bias(y, b)


def conv_backward(
    axes: int,
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    stride: Option,
    padding: Any,
    dilation: Option,
    groups: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Pass a gradient back through a convolution layer with some number of spatial axes."""
    x, W = inputs_and_kernels(axes, x, W)
    groups = check_groups(groups, x.shape[1], len(W), W.shape, x.shape)
    geometry = _geometry(x, W, stride, padding, dilation)
    y_bar = output_gradient(y_bar, (len(x), len(W), *geometry.output))
    x_bar, W_bar = kernel_rows.gradients(y_bar, x, W, geometry, groups)
    return x_bar, W_bar, sum_over_places(y_bar)


def inputs_and_kernels(axes: int, x: ArrayLike, W: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return inputs (batch, in_channels, *size) and kernels (out_channels, in_channels / groups, *size)."""
    names = AXES[axes]
    x = float_array(x, "x", axes=("batch", "in_channels", *names))
    kernel_names = (f"kernel_{name}" for name in names)
    return x, float_array(W, "W", axes=("out_channels", "in_channels / groups", *kernel_names))


def number_of_groups(groups: int) -> int:
    """Return the number of groups as a Python integer, or say that it is none."""
    check_integer(groups, "groups")
    if groups < 1:
        raise ValueError(f"groups={groups} but a layer needs at least 1; give a positive integer")
    return int(groups)


def check_groups(
    groups: int, in_channels: int, out_channels: int, W_shape: tuple[int, ...], x_shape: tuple[int, ...]
) -> int:
    """Return the number of groups, or say, with the shapes, how channels and kernels do not fit it."""
    groups = number_of_groups(groups)
    shapes = f"(x.shape={x_shape}, W.shape={W_shape})"
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups={groups} does not divide {in_channels} input and {out_channels} output channels "
            f"{shapes}; take a divisor of both"
        )
    if W_shape[1] * groups != in_channels:
        each = f" in each of {groups} groups" if groups > 1 else ""
        raise ValueError(
            f"x has {in_channels // groups} channels{each} but W expects {W_shape[1]} {shapes}; "
            "W has shape (out_channels, in_channels / groups, ...)"
        )
    return groups


def add_bias(y: FloatArray, b: ArrayLike) -> FloatArray:
    """Add one bias to each output channel."""
    b = float_array(b, "b", axes=("out_channels",))
    if len(b) != y.shape[1]:
        raise ValueError(
            f"b has {len(b)} biases but there are {y.shape[1]} output channels (b.shape={b.shape}); "
            "give each channel one bias"
        )
    shaped = b.reshape(-1, *[1] * (y.ndim - 2))
    if np.result_type(y, b) != y.dtype:
        return y + shaped
    y += shaped  # y is the layer's own and fresh
    return y


def output_gradient(y_bar: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return the gradient of a layer's output, or say that it has another shape."""
    y_bar = float_array(y_bar, "y_bar")
    if y_bar.shape != shape:
        raise ValueError(
            f"y_bar must have the shape of the layer's output, but y_bar.shape={y_bar.shape} and the output "
            f"has shape {shape}; give the options that the forward had"
        )
    return y_bar


def sum_over_places(y_bar: FloatArray) -> FloatArray:
    """Add the gradient up over the batch and all places: that of one bias a channel."""
    by_map = y_bar.reshape(*y_bar.shape[:2], -1).sum(axis=2)  # along memory first, which is quicker
    return np.asarray(by_map.sum(axis=0))


def _geometry(x: FloatArray, W: FloatArray, stride: Option, padding: Any, dilation: Option) -> Geometry:
    return read_geometry(x.shape[2:], W.shape[2:], stride=stride, padding=padding, dilation=dilation)
