"""Sizes of what a convolution or a pooling layer puts out, along one axis."""

from typing import Literal

from course_utils.shapes.numbers import whole

Padding = int | tuple[int, int] | Literal["valid", "same"]


def conv_output_size(
    size: int, kernel_size: int, *, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> int:
    r"""Count the positions of a kernel along one axis.

    .. math:: \text{output} = \left\lfloor \frac{n + p - d (k - 1) - 1}{s} \right\rfloor + 1

    Here ``n`` is the size, ``p`` counts the zeros of both ends together, ``k`` is the kernel's size, ``d``
    its dilation and ``s`` the stride. Where the stride does not divide, no window reads the last inputs.

    Args:
        size: Number of inputs along the axis.
        kernel_size: Number of weights along the axis.
        stride: Distance between neighbouring windows, in inputs.
        padding: Zeros at each end, or a pair (before, after), or "valid" (none), or "same" (as many as keep
            the size; only with stride 1).
        dilation: Distance between neighbouring weights, in inputs.

    Returns:
        Number of outputs along the axis.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or the kernel is larger than the padded input.

    Source:
        Harvard IACS, convolution: (w - u + 1) x (h - v + 1) without padding at stride 1; Dumoulin and Visin,
        A guide to convolution arithmetic for deep learning (2016), relationship 6; dilation: section 5.1.
    """
    size, stride = whole(size, "size"), whole(stride, "stride")
    span = kernel_span(kernel_size, dilation=dilation)
    before, after = padding_pair(padding, kernel_size, stride=stride, dilation=dilation)
    room = size + before + after - span
    if room < 0:
        raise ValueError(
            f"the kernel covers {span} inputs but the padded input has {size + before + after} "
            f"(size={size}, padding {before} and {after}, kernel_size={kernel_size}, dilation={dilation}); "
            "take a smaller kernel or more padding"
        )
    return room // stride + 1


def kernel_span(kernel_size: int, *, dilation: int = 1) -> int:
    r"""Count the inputs from the first to the last one that a kernel reads, :math:`d (k - 1) + 1`.

    Args:
        kernel_size: Number of weights along the axis.
        dilation: Distance between neighbouring weights, in inputs.

    Returns:
        Number of inputs that the kernel covers, gaps included.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is smaller than 1.

    Source:
        Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 5.1.
    """
    return whole(dilation, "dilation") * (whole(kernel_size, "kernel_size") - 1) + 1


def same_padding(kernel_size: int, *, dilation: int = 1) -> tuple[int, int]:
    r"""Split the :math:`d (k - 1)` zeros that keep the size at stride 1 between the two ends.

    An even kernel needs an odd number of zeros: the one left over goes to the end, as in PyTorch.

    Args:
        kernel_size: Number of weights along the axis.
        dilation: Distance between neighbouring weights, in inputs.

    Returns:
        Zeros before the first input, and after the last one.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is smaller than 1.

    Source:
        Yale CPSC 452, convolution: valid and same padding; the odd zero: PyTorch, torch.nn.Conv2d.
    """
    zeros = kernel_span(kernel_size, dilation=dilation) - 1
    return zeros // 2, zeros - zeros // 2


def padding_pair(
    padding: Padding, kernel_size: int, *, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Say how many zeros stand before and after the inputs of one axis.

    Args:
        padding: Zeros at each end, or a pair (before, after), or "valid", or "same".
        kernel_size: Number of weights along the axis.
        stride: Distance between neighbouring windows, in inputs.
        dilation: Distance between neighbouring weights, in inputs.

    Returns:
        Zeros before the first input, and after the last one.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is negative, a word is not known, or "same" comes with a stride above 1.
    """
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            raise ValueError(f'padding={padding!r} but a word must be "valid" or "same"; or give a number')
        if padding == "valid":
            return 0, 0
        if stride != 1:
            raise ValueError(
                f'padding="same" keeps the size only at stride 1, but stride={stride}; '
                "give the zeros as a number"
            )
        return same_padding(kernel_size, dilation=dilation)
    before, after = padding if isinstance(padding, tuple | list) and len(padding) == 2 else (padding, padding)
    return whole(before, "padding", least=0), whole(after, "padding", least=0)


def pool_output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    r"""Count the windows of a pooling layer along one axis.

    As for a convolution; with ``ceil_mode`` a last window may reach beyond the end of the padded input, if it
    starts inside the input or the zeros before it.

    Args:
        size: Number of inputs along the axis.
        kernel_size: Number of inputs in a window.
        stride: Distance between neighbouring windows; by default the kernel's size, so that none overlap.
        padding: Places added at each end, at most half of the kernel's size.
        dilation: Distance between the inputs of a window.
        ceil_mode: True to round the number of windows up instead of down.

    Returns:
        Number of outputs along the axis.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or the window is larger than the padded input.

    Source:
        PyTorch, torch.nn.MaxPool2d, shape.
    """
    stride = whole(kernel_size if stride is None else stride, "stride")
    padding = whole(padding, "padding", least=0)
    span = kernel_span(kernel_size, dilation=dilation)
    if padding > kernel_size // 2:  # of the kernel's size even where the window is dilated, as in PyTorch
        raise ValueError(
            f"padding={padding} but a pooling window of kernel_size={kernel_size} takes at most "
            f"{kernel_size // 2}, half of it; take less padding"
        )
    if not ceil_mode:
        return conv_output_size(size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    room = whole(size, "size") + 2 * padding - span
    count = -(-room // stride) + 1
    if (count - 1) * stride >= size + padding:  # the last window would hold nothing but padding
        count -= 1
    if count < 1:
        raise ValueError(
            f"the window covers {span} inputs but the padded input has {size + 2 * padding}; "
            "take a smaller window"
        )
    return count


def conv_transpose_output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int:
    r"""Count the outputs of a transposed convolution along one axis.

    .. math:: \text{output} = (\text{size} - 1) s - 2p + d (k - 1) + 1 + \text{output padding}

    Args:
        size: Number of inputs along the axis.
        kernel_size: Number of weights along the axis.
        stride: Distance between the places where neighbouring inputs put their kernels.
        padding: Outputs cut off at each end.
        output_padding: Outputs added at the far end; less than the stride or the dilation.
        dilation: Distance between neighbouring weights, in outputs.

    Returns:
        Number of outputs along the axis.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or nothing would be left.

    Source:
        Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), relationship 14.
    """
    size, stride = whole(size, "size"), whole(stride, "stride")
    padding = whole(padding, "padding", least=0)
    output_padding = whole(output_padding, "output_padding", least=0)
    span = kernel_span(kernel_size, dilation=dilation)
    if output_padding >= max(stride, dilation):
        raise ValueError(
            f"output_padding={output_padding} but it must be smaller than the stride or the dilation "
            f"(stride={stride}, dilation={dilation}); a larger one belongs to a larger input"
        )
    count = (size - 1) * stride - 2 * padding + span + output_padding
    if count < 1:
        raise ValueError(
            f"padding={padding} cuts all outputs off (size={size}, stride={stride}, the kernel covers "
            f"{span}); take less padding"
        )
    return count
