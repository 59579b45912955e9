"""Layers that look like convolutions but do not share one kernel everywhere: unshared and tiled."""

from typing import Any

from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array
from course_utils.reference.geometry import Geometry, Option
from course_utils.reference.places import (
    bias_by_place,
    bias_gradient,
    check_output_gradient,
    collect_tile,
    correlate_by_place,
    gradients_by_place,
    kernels_by_place,
    repeat_tile,
)

LOCAL_AXES = ("out_channels", "out_height", "out_width", "in_channels", "kernel_height", "kernel_width")
TILED_AXES = ("out_channels", "tile_height", "tile_width", "in_channels", "kernel_height", "kernel_width")
Gradients = tuple[FloatArray, FloatArray, FloatArray]


def locally_connected2d(
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Any = 0,
    dilation: Option = 1,
) -> FloatArray:
    r"""Slide over images with a kernel of its own at every place: local, but not shared.

    .. math:: y_{n,o,i,j} = b_{o,i,j} + \sum_{c,u,v} W_{o,i,j,c,u,v}\, x_{n,c,\, s i + d u,\, s j + d v}

    Args:
        x: Images, shape (batch, in_channels, height, width).
        W: Kernels, shape (out_channels, out_height, out_width, in_channels, kernel_height, kernel_width).
        b: Biases, one a location, shape (out_channels, out_height, out_width); or one a channel, shape
            (out_channels,); none by default.
        stride: Distance s between neighbouring windows; an integer, or (vertical, horizontal).
        padding: Zeros at both ends of an axis, or "valid", or "same", as for `conv2d`.
        dilation: Distance d between neighbouring weights; an integer, or (vertical, horizontal).

    Returns:
        Shape (batch, out_channels, out_height, out_width).

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, shapes do not fit, an option is out of range, or the kernel
            is larger than the padded image.

    Source:
        DGIST, unshared convolution; Goodfellow et al., Deep Learning (2016), equation 9.9.
    """
    x, W, geometry = kernels_by_place(x, W, LOCAL_AXES, stride, padding, dilation)
    _check_locations(W, geometry)
    y = correlate_by_place(x, W, geometry)
    return y if b is None else y + bias_by_place(b, y.shape[1:], W.shape[1:3])


def locally_connected2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Any = 0,
    dilation: Option = 1,
) -> Gradients:
    r"""Pass a gradient back through a locally connected layer: no sum over places, since none is shared.

    .. math:: \bar W_{o,i,j,c,u,v} = \sum_n \bar y_{n,o,i,j}\, x_{n,c,\, s i + d u,\, s j + d v}

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_height, out_width).
        x: Images, as for `locally_connected2d`.
        W: Kernels, as for `locally_connected2d`.
        b: Biases, whose shape says how they are shared; one a location by default.
        stride: As for `locally_connected2d`.
        padding: As for `locally_connected2d`.
        dilation: As for `locally_connected2d`.

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, the last of the shape of ``b``.

    Raises:
        TypeError: As for `locally_connected2d`.
        ValueError: As for `locally_connected2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        Goodfellow et al., Deep Learning (2016), section 9.5.
    """
    x, W, geometry = kernels_by_place(x, W, LOCAL_AXES, stride, padding, dilation)
    _check_locations(W, geometry)
    y_bar = check_output_gradient(y_bar, x, W, geometry)
    x_bar, W_bar = gradients_by_place(y_bar, x, W, geometry)
    return x_bar, W_bar, bias_gradient(y_bar, _bias_shape(b, W, geometry), W.shape[1:3])


def tiled_conv2d(
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Any = 0,
    dilation: Option = 1,
) -> FloatArray:
    r"""Slide over images with a tile of kernels that repeats: neighbours differ, every t-th place agrees.

    .. math::
        y_{n,o,i,j} = b + \sum_{c,u,v}
        W_{o,\, i \bmod t,\, j \bmod t,\, c,u,v}\, x_{n,c,\, s i + d u,\, s j + d v}

    A tile of 1 x 1 is a convolution; a tile as large as the output is a locally connected layer.

    Args:
        x: Images, shape (batch, in_channels, height, width).
        W: Kernels, shape (out_channels, tile_height, tile_width, in_channels, kernel_height, kernel_width).
        b: Biases: one a channel, shape (out_channels,); one a tile's place, shape (out_channels, tile_height,
            tile_width); or one a location, shape (out_channels, out_height, out_width); none by default.
        stride: Distance s between neighbouring windows; an integer, or (vertical, horizontal).
        padding: Zeros at both ends of an axis, or "valid", or "same", as for `conv2d`.
        dilation: Distance d between neighbouring weights; an integer, or (vertical, horizontal).

    Returns:
        Shape (batch, out_channels, out_height, out_width).

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, shapes do not fit, an option is out of range, or the kernel
            is larger than the padded image.

    Source:
        DGIST, tiled convolution; Goodfellow et al., Deep Learning (2016), equation 9.10.
    """
    x, W, geometry = kernels_by_place(x, W, TILED_AXES, stride, padding, dilation)
    y = correlate_by_place(x, repeat_tile(W, geometry.output), geometry)
    return y if b is None else y + bias_by_place(b, y.shape[1:], W.shape[1:3])


def tiled_conv2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Any = 0,
    dilation: Option = 1,
) -> Gradients:
    r"""Pass a gradient back through a tiled layer: a kernel collects from every place that used it.

    .. math::
        \bar W_{o,a,e,c,u,v} = \sum_{n} \sum_{i \bmod t = a} \sum_{j \bmod t = e}
        \bar y_{n,o,i,j}\, x_{n,c,\, s i + d u,\, s j + d v}

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_height, out_width).
        x: Images, as for `tiled_conv2d`.
        W: Kernels, as for `tiled_conv2d`.
        b: Biases, whose shape says how they are shared; one a tile's place by default.
        stride: As for `tiled_conv2d`.
        padding: As for `tiled_conv2d`.
        dilation: As for `tiled_conv2d`.

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, the last of the shape of ``b``.

    Raises:
        TypeError: As for `tiled_conv2d`.
        ValueError: As for `tiled_conv2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        Goodfellow et al., Deep Learning (2016), section 9.5.
    """
    x, W, geometry = kernels_by_place(x, W, TILED_AXES, stride, padding, dilation)
    y_bar = check_output_gradient(y_bar, x, W, geometry)
    x_bar, everywhere = gradients_by_place(y_bar, x, repeat_tile(W, geometry.output), geometry)
    b_bar = bias_gradient(y_bar, _bias_shape(b, W, geometry), W.shape[1:3])
    return x_bar, collect_tile(everywhere, W.shape[1:3]), b_bar


def _bias_shape(b: ArrayLike | None, W: FloatArray, geometry: Geometry) -> tuple[int, ...]:
    """Return the shape of the biases; by default there are as many as kernels."""
    if b is None:
        return W.shape[:3]
    bias_by_place(b, (len(W), *geometry.output), W.shape[1:3])  # raises where the shape is none of the three
    return float_array(b, "b").shape


def _check_locations(W: FloatArray, geometry: Geometry) -> None:
    """Raise a ValueError unless there is a kernel for each place."""
    if W.shape[1:3] != geometry.output:
        raise ValueError(
            f"W has kernels for {W.shape[1]} x {W.shape[2]} places but the output has "
            f"{geometry.output[0]} x {geometry.output[1]} (W.shape={W.shape}); give each place its kernel"
        )
