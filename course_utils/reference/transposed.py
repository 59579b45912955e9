"""The transposed convolution: the backward of a convolution by its input, as a layer of its own."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils import shapes
from course_utils.reference import kernel_rows
from course_utils.reference.arguments import FloatArray
from course_utils.reference.conv_arguments import (
    add_bias,
    inputs_and_kernels,
    number_of_groups,
    output_gradient,
    sum_over_places,
)
from course_utils.reference.geometry import Geometry, Option, per_axis


def conv_transpose2d(
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Option = 0,
    output_padding: Option = 0,
    groups: int = 1,
    dilation: Option = 1,
) -> FloatArray:
    r"""Let each input spread its kernel, weighted, over the output.

    .. math:: y_{n,o,\, s i + d u - p,\, s j + d v - p} \mathrel{+}= \sum_c W_{c,o,u,v}\, x_{n,c,i,j}

    Args:
        x: Inputs, shape (batch, in_channels, height, width).
        W: Kernels, shape (in_channels, out_channels / groups, kernel_height, kernel_width).
        b: Biases, shape (out_channels,); none by default.
        stride: Distance s between the places of neighbouring kernels; an integer, or (vertical, horizontal).
        padding: Outputs p cut off at both ends of an axis; an integer, or (vertical, horizontal).
        output_padding: Outputs added at the bottom and the right.
        groups: Number of groups of channels; an output sees the inputs of its own group only.
        dilation: Distance d between neighbouring weights; an integer, or (vertical, horizontal).

    Returns:
        Shape (batch, out_channels, out_height, out_width).

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, shapes do not fit, an option is out of range, or nothing
            would be left.

    Source:
        Yale CPSC 452, transposed convolution; signature: torch.nn.functional.conv_transpose2d.
    """
    x, W = inputs_and_kernels(2, x, W)
    groups = _check_groups(groups, x, W)
    geometry, extra = _geometry(x, W, stride, padding, output_padding, dilation)
    y = kernel_rows.input_gradient(x, W, geometry, groups)
    y = np.pad(y, ((0, 0), (0, 0), *((0, more) for more in extra))) if any(extra) else y
    return y if b is None else add_bias(y, b)


def conv_transpose2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    *,
    stride: Option = 1,
    padding: Option = 0,
    output_padding: Option = 0,
    groups: int = 1,
    dilation: Option = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Pass a gradient back through a transposed convolution: to its input, that is a convolution again.

    .. math:: \bar x_{n,c,i,j} = \sum_{o,u,v} W_{c,o,u,v}\, \bar y_{n,o,\, s i + d u - p,\, s j + d v - p}

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_height, out_width).
        x: Inputs, as for `conv_transpose2d`.
        W: Kernels, as for `conv_transpose2d`.
        stride: As for `conv_transpose2d`.
        padding: As for `conv_transpose2d`.
        output_padding: As for `conv_transpose2d`.
        groups: As for `conv_transpose2d`.
        dilation: As for `conv_transpose2d`.

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, shape (out_channels,).

    Raises:
        TypeError: As for `conv_transpose2d`.
        ValueError: As for `conv_transpose2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), chapter 4.
    """
    x, W = inputs_and_kernels(2, x, W)
    groups = _check_groups(groups, x, W)
    geometry, extra = _geometry(x, W, stride, padding, output_padding, dilation)
    height, width = (size + more for size, more in zip(geometry.size, extra, strict=True))
    y_bar = output_gradient(y_bar, (len(x), W.shape[1] * groups, height, width))
    reached = y_bar[:, :, : geometry.size[0], : geometry.size[1]]
    x_bar = kernel_rows.correlate_batch(reached, W, geometry, groups)
    W_bar = kernel_rows.gradients(x, reached, W, geometry, groups)[1]
    return x_bar, W_bar, sum_over_places(y_bar)


def _check_groups(groups: int, x: FloatArray, W: FloatArray) -> int:
    """Return the number of groups; each input channel must have its kernels, and the groups divide them."""
    groups = number_of_groups(groups)
    if x.shape[1] != len(W):
        raise ValueError(
            f"x has {x.shape[1]} channels but W expects {len(W)} (x.shape={x.shape}, W.shape={W.shape}); "
            "a transposed convolution's W has shape (in_channels, out_channels / groups, ...)"
        )
    if len(W) % groups:
        raise ValueError(
            f"groups={groups} does not divide {len(W)} input channels (W.shape={W.shape}); take a divisor"
        )
    return groups


def _geometry(
    x: FloatArray, W: FloatArray, stride: Option, padding: Option, output_padding: Option, dilation: Option
) -> tuple[Geometry, tuple[int, int]]:
    """Return the convolution whose backward this is, and the zeros that stand after its input.

    An output padding first takes back what the padding cut off at the end; what is more than that is zeros.
    """
    options: Any = zip(
        x.shape[2:],
        W.shape[2:],
        per_axis(stride, 2, "stride"),
        per_axis(padding, 2, "padding"),
        per_axis(output_padding, 2, "output_padding"),
        per_axis(dilation, 2, "dilation"),
        strict=True,
    )
    size, strides, pads, dilations, extra = [], [], [], [], []
    for n, k, s, p, more, d in options:
        total = shapes.conv_transpose_output_size(n, k, stride=s, padding=p, output_padding=more, dilation=d)
        extra.append(max(more - p, 0))
        size.append(total - extra[-1])
        pads.append((p, max(p - more, 0)))
        strides.append(s)
        dilations.append(d)
    kernel_size = (W.shape[2], W.shape[3])
    geometry = Geometry(tuple(size), kernel_size, tuple(strides), tuple(pads), tuple(dilations))
    return geometry, (extra[0], extra[1])
