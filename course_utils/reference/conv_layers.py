"""Convolution layers for signals, images and volumes, forward and backward.

As everywhere in deep learning, the kernels are *not* flipped: the layer computes a cross-correlation.
"""

from typing import Literal

from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray
from course_utils.reference.conv_arguments import conv, conv_backward
from course_utils.reference.geometry import Option

Padding = Option | Literal["valid", "same"]
Gradients = tuple[FloatArray, FloatArray, FloatArray]


def conv1d(
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Padding = 0,
    dilation: Option = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Slide kernels over signals.

    .. math:: y_{n,o,i} = b_o + \sum_{c,u} W_{o,c,u}\, x_{n,c,\, s i + d u}

    Args:
        x: Signals, shape (batch, in_channels, length).
        W: Kernels, shape (out_channels, in_channels / groups, kernel_length).
        b: Biases, shape (out_channels,); none by default.
        stride: Distance s between neighbouring windows.
        padding: Zeros at each end, or "valid", or "same"; see `conv2d`.
        dilation: Distance d between neighbouring weights.
        groups: Number of groups of channels; see `conv2d`.

    Returns:
        Shape (batch, out_channels, out_length).

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, shapes do not fit, an option is out of range, or the kernel
            is larger than the padded signal.

    Source:
        Virginia CS 6316 and DGIST: data of one axis; signature: torch.nn.functional.conv1d.
    """
    return conv(1, x, W, b, stride, padding, dilation, groups)


def conv1d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    *,
    stride: Option = 1,
    padding: Padding = 0,
    dilation: Option = 1,
    groups: int = 1,
) -> Gradients:
    r"""Pass a gradient back through `conv1d`.

    .. math::
        \bar W_{o,c,u} = \sum_{n,i} \bar y_{n,o,i}\, x_{n,c,\, s i + d u}, \qquad
        \bar x_{n,c,\, s i + d u} \mathrel{+}= \sum_o W_{o,c,u}\, \bar y_{n,o,i}

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_length).
        x: Signals, as for `conv1d`.
        W: Kernels, as for `conv1d`.
        stride: As for `conv1d`.
        padding: As for `conv1d`.
        dilation: As for `conv1d`.
        groups: As for `conv1d`.

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, shape (out_channels,).

    Raises:
        TypeError: As for `conv1d`.
        ValueError: As for `conv1d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: gradients by the kernel and by the input.
    """
    return conv_backward(1, y_bar, x, W, stride, padding, dilation, groups)


def conv2d(
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Padding = 0,
    dilation: Option = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Slide kernels over images.

    .. math:: y_{n,o,i,j} = b_o + \sum_{c,u,v} W_{o,c,u,v}\, x_{n,c,\, s i + d u,\, s j + d v}

    Args:
        x: Images, shape (batch, in_channels, height, width); integers become float64.
        W: Kernels, shape (out_channels, in_channels / groups, kernel_height, kernel_width).
        b: Biases, shape (out_channels,); none by default.
        stride: Distance s between neighbouring windows; an integer, or (vertical, horizontal).
        padding: Zeros at both ends of an axis: an integer, or (vertical, horizontal); "valid" for none;
            "same" for as many as keep the size at stride 1, an odd one going to the bottom or the right.
        dilation: Distance d between neighbouring weights; an integer, or (vertical, horizontal).
        groups: Number of groups of channels; an output sees the inputs of its own group only.

    Returns:
        Shape (batch, out_channels, out_height, out_width).

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, shapes do not fit, an option is out of range, or the kernel
            is larger than the padded image.

    Source:
        DGIST, convolutional networks: Z_ijk = sum V_(l,j+m,k+n) K_(i,l,m,n); signature:
        torch.nn.functional.conv2d.
    """
    return conv(2, x, W, b, stride, padding, dilation, groups)


def conv2d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    *,
    stride: Option = 1,
    padding: Padding = 0,
    dilation: Option = 1,
    groups: int = 1,
) -> Gradients:
    r"""Pass a gradient back through `conv2d`.

    .. math::
        \bar W_{o,c,u,v} = \sum_{n,i,j} \bar y_{n,o,i,j}\, x_{n,c,\, s i + d u,\, s j + d v}, \qquad
        \bar x_{n,c,\, s i + d u,\, s j + d v} \mathrel{+}= \sum_o W_{o,c,u,v}\, \bar y_{n,o,i,j}

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, out_height, out_width).
        x: Images, as for `conv2d`.
        W: Kernels, as for `conv2d`.
        stride: As for `conv2d`.
        padding: As for `conv2d`.
        dilation: As for `conv2d`.
        groups: As for `conv2d`.

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, shape (out_channels,).

    Raises:
        TypeError: As for `conv2d`.
        ValueError: As for `conv2d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: gradients by the kernel and by the input.
    """
    return conv_backward(2, y_bar, x, W, stride, padding, dilation, groups)


def conv3d(
    x: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Option = 1,
    padding: Padding = 0,
    dilation: Option = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Slide kernels over volumes, or over films, whose first spatial axis is time.

    .. math:: y_{n,o,r} = b_o + \sum_{c,u} W_{o,c,u}\, x_{n,c,\, s r + d u}

    Here the place ``r`` in the output and ``u`` in the kernel are triples of indices.

    Args:
        x: Volumes, shape (batch, in_channels, depth, height, width).
        W: Kernels, shape (out_channels, in_channels / groups, kernel_depth, kernel_height, kernel_width).
        b: Biases, shape (out_channels,); none by default.
        stride: Distance s between neighbouring windows; an integer, or one for each axis.
        padding: Zeros at both ends of an axis, or "valid", or "same"; see `conv2d`.
        dilation: Distance d between neighbouring weights; an integer, or one for each axis.
        groups: Number of groups of channels; see `conv2d`.

    Returns:
        Shape (batch, out_channels, out_depth, out_height, out_width).

    Raises:
        TypeError: If an array does not hold real numbers, or an option is not an integer.
        ValueError: If an array is empty, shapes do not fit, an option is out of range, or the kernel
            is larger than the padded volume.

    Source:
        Virginia CS 6316 and DGIST: data of three axes; signature: torch.nn.functional.conv3d.
    """
    return conv(3, x, W, b, stride, padding, dilation, groups)


def conv3d_backward(
    y_bar: ArrayLike,
    x: ArrayLike,
    W: ArrayLike,
    *,
    stride: Option = 1,
    padding: Padding = 0,
    dilation: Option = 1,
    groups: int = 1,
) -> Gradients:
    """Pass a gradient back through `conv3d`; the equations are those of `conv2d_backward` with a third axis.

    Args:
        y_bar: Gradient with respect to the output, shape (batch, out_channels, *output).
        x: Volumes, as for `conv3d`.
        W: Kernels, as for `conv3d`.
        stride: As for `conv3d`.
        padding: As for `conv3d`.
        dilation: As for `conv3d`.
        groups: As for `conv3d`.

    Returns:
        Gradients ``x_bar``, ``W_bar`` and ``b_bar``, shape (out_channels,).

    Raises:
        TypeError: As for `conv3d`.
        ValueError: As for `conv3d`, or if ``y_bar`` does not have the shape of the output.

    Source:
        DGIST, convolutional networks: gradients by the kernel and by the input.
    """
    return conv_backward(3, y_bar, x, W, stride, padding, dilation, groups)
