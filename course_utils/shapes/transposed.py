"""Describe the transposed convolution, which puts a kernel down for each input."""

from dataclasses import KW_ONLY, dataclass
from math import prod

from course_utils.shapes.convolutions import KernelLayer, check_groups
from course_utils.shapes.counts import LayerCount
from course_utils.shapes.layers import check_flag
from course_utils.shapes.numbers import entries, per_axis, whole
from course_utils.shapes.reach import Reach, uneven_reach
from course_utils.shapes.sizes import conv_transpose_output_size
from course_utils.shapes.windows import Sizes, map_sizes


@dataclass(frozen=True)
class ConvTranspose(KernelLayer):
    """Describe a transposed convolution; its connections are those of the convolution that it turns around.

    Attributes:
        out_channels: Number of maps that go out.
        kernel_size: Size of a kernel along each axis; one number for all.
        stride: Distance between the places where neighbouring inputs put their kernels, in outputs.
        padding: Outputs cut off at each end of an axis.
        output_padding: Outputs added at the far end of an axis.
        dilation: Distance between neighbouring weights, in outputs.
        groups: Number of groups of channels, each of which is read by its own maps only.
        bias: True for one bias a map.
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If a number is not an integer, or ``bias`` not a bool.
        ValueError: If a number is out of range, or the groups do not divide ``out_channels``.

    Source:
        Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 4.
    """

    _: KW_ONLY
    output_padding: Sizes = 0
    groups: int = 1
    bias: bool = True

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "transposed convolution"

    def _check_options(self) -> None:
        super()._check_options()
        check_flag(self.bias, "bias")
        check_groups(self.out_channels, self.groups, "out_channels")
        for entry in entries(self.output_padding):
            whole(entry, "output_padding", least=0)
        self._cuts(len(entries(self.padding)))

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        sizes = map_sizes(shape, self.what)
        check_groups(shape[0], self.groups, "in_channels")
        axes = len(sizes)
        options = zip(
            sizes,
            self.kernel(axes),
            per_axis(self.stride, "stride", axes),
            self._cuts(axes),
            per_axis(self.output_padding, "output_padding", axes),
            per_axis(self.dilation, "dilation", axes),
            strict=True,
        )
        return tuple(transposed_reach(*each) for each in options)

    def _cuts(self, axes: int) -> tuple[int, ...]:
        """List how many outputs are cut off at each end of each axis; words and pairs are refused."""
        return tuple(whole(each, "padding", least=0) for each in self.paddings(axes))  # type: ignore[arg-type]

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        weights = output[0] * self._kernel_weights(shape) // self.groups
        biases = output[0] if self.bias else 0
        return LayerCount(prod(output), weights, biases, weights * prod(shape[1:]))


def transposed_reach(
    size: int, kernel_size: int, stride: int, padding: int, output_padding: int, dilation: int
) -> Reach:
    r"""Say which inputs each output of a transposed convolution reads, along one axis.

    .. math:: \text{input } i \text{ is read by output } i s - p + d t, \qquad t = 0 \ldots k - 1

    Args:
        size: Number of inputs.
        kernel_size: Number of weights, ``k``.
        stride: Distance ``s`` between the kernels of neighbouring inputs, in outputs.
        padding: Outputs ``p`` cut off at each end.
        output_padding: Outputs added at the far end.
        dilation: Distance ``d`` between neighbouring weights, in outputs.

    Returns:
        The reach along this axis; uneven above stride 1, where outputs read different numbers of inputs.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or nothing would be left.

    Source:
        Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 4.
    """
    outputs = conv_transpose_output_size(
        size, kernel_size, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation
    )
    if stride == 1:
        offset = padding - dilation * (kernel_size - 1)
        return Reach(size, outputs, kernel_size, 1, offset, dilation)
    inputs_of: list[list[int]] = [[] for _ in range(outputs)]
    for place in range(size):
        for weight in range(kernel_size):
            output = place * stride - padding + dilation * weight
            if 0 <= output < outputs:
                inputs_of[output].append(place)
    return uneven_reach(size, tuple(tuple(places) for places in inputs_of))
