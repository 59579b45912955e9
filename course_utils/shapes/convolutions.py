"""Describe the layers that slide kernels over maps: convolutional, locally connected, tiled, transposed."""

from dataclasses import KW_ONLY, dataclass
from math import prod
from typing import Literal

from course_utils.shapes.counts import LayerCount
from course_utils.shapes.layers import check_flag
from course_utils.shapes.numbers import entries, per_axis, whole
from course_utils.shapes.reach import Reach
from course_utils.shapes.windows import Sizes, WindowLayer

SharedBias = bool | Literal["location", "tile", "channel"]


@dataclass(frozen=True)
class KernelLayer(WindowLayer):
    """Describe a layer with kernels of weights.

    Attributes:
        out_channels: Number of maps that go out.
        kernel_size: Rows and columns (or as many axes as the input has) of a kernel; one number for all.
    """

    out_channels: int
    kernel_size: Sizes

    @property
    def window(self) -> Sizes:
        """Inputs that a window reads along each axis, as it was given."""
        return self.kernel_size

    def _check_options(self) -> None:
        whole(self.out_channels, "out_channels")
        super()._check_options()

    def _output_shape(self, shape: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...]:  # noqa: ARG002
        return (whole(self.out_channels, "out_channels"), *sizes)

    def _kernel_weights(self, shape: tuple[int, ...]) -> int:
        """Count the weights of one kernel: the inputs that one unit reads, in all channels."""
        return shape[0] * prod(self.kernel(len(shape) - 1))


@dataclass(frozen=True)
class Conv(KernelLayer):
    """Describe a convolutional layer: one kernel a map, used at each location.

    Attributes:
        out_channels: Number of maps that go out.
        kernel_size: Size of a kernel along each axis; one number for all.
        stride: Distance between neighbouring windows, in inputs.
        padding: Zeros at each end, "valid" or "same"; the entry of an axis may be a pair (before, after).
        dilation: Distance between neighbouring weights, in inputs.
        groups: Number of groups of channels, each of which is read by its own maps only.
        bias: True for one bias a map.
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If a number is not an integer, or ``bias`` not a bool.
        ValueError: If a number is out of range, or the groups do not divide ``out_channels``.

    Source:
        Toronto CSC 2515, size of a conv net; groups: DGIST, restricted connectivity in convolutional layer.
    """

    _: KW_ONLY
    groups: int = 1
    bias: bool = True

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "convolution"

    def _check_options(self) -> None:
        super()._check_options()
        check_flag(self.bias, "bias")
        check_groups(self.out_channels, self.groups, "out_channels")

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        reaches = super()._reaches(shape)
        check_groups(shape[0], self.groups, "in_channels")
        return reaches

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        weights = output[0] * self._kernel_weights(shape) // self.groups
        biases = output[0] if self.bias else 0
        return LayerCount(prod(output), weights, biases, weights * prod(output[1:]))


@dataclass(frozen=True)
class LocallyConnected(KernelLayer):
    """Describe a locally connected layer: windows as in a convolution, but each location has its own kernels.

    Attributes:
        out_channels: Number of maps that go out.
        kernel_size: Size of a kernel along each axis; one number for all.
        stride: Distance between neighbouring windows, in inputs.
        padding: Zeros at each end, "valid" or "same"; the entry of an axis may be a pair (before, after).
        dilation: Distance between neighbouring weights, in inputs.
        bias: "location" (or True) for one a location of each map, "channel" for one a map, False for none.
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If a number is out of range, or ``bias`` is not known.

    Source:
        DGIST, various convolutional layer and its bias: different bias for every filter.
    """

    _: KW_ONLY
    bias: SharedBias = "location"

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "locally connected"

    def _check_options(self) -> None:
        super()._check_options()
        check_bias(self.bias, ("location", "channel"))

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        weights = prod(output) * self._kernel_weights(shape)
        biases = {False: 0, "channel": output[0]}.get(self.bias, prod(output))
        return LayerCount(prod(output), weights, biases, weights)


@dataclass(frozen=True)
class Tiled(KernelLayer):
    """Describe a tiled layer: neighbouring locations have their own kernels, which repeat from tile to tile.

    A tile of one location is a convolution; one as large as the output is a locally connected layer.

    Attributes:
        out_channels: Number of maps that go out.
        kernel_size: Size of a kernel along each axis; one number for all.
        tile: Locations along each axis after which the kernels repeat; one number for all.
        stride: Distance between neighbouring windows, in inputs.
        padding: Zeros at each end, "valid" or "same"; the entry of an axis may be a pair (before, after).
        dilation: Distance between neighbouring weights, in inputs.
        bias: "tile" (or True) for one a place in the tile of each map, "location" for one a location of each
            map, "channel" for one a map, False for none.
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If a number is out of range, or ``bias`` is not known.

    Source:
        DGIST, various convolutional layer and its bias: same bias for same tile pattern.
    """

    tile: Sizes
    _: KW_ONLY
    bias: SharedBias = "tile"

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "tiled convolution"

    def _check_options(self) -> None:
        super()._check_options()
        check_bias(self.bias, ("location", "tile", "channel"))
        for entry in entries(self.tile):
            whole(entry, "tile")

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        reaches = super()._reaches(shape)
        for size, reach in zip(self._tile(len(reaches)), reaches, strict=True):
            if size > reach.outputs:
                raise ValueError(
                    f"a tile of {size} locations is larger than the output with {reach.outputs}; "
                    "take a smaller tile"
                )
        return reaches

    def _tile(self, axes: int) -> tuple[int, ...]:
        return tuple(whole(size, "tile") for size in per_axis(self.tile, "tile", axes))

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        kernels = output[0] * prod(self._tile(len(shape) - 1))
        each = self._kernel_weights(shape)
        biases = {False: 0, "channel": output[0], "location": prod(output)}.get(self.bias, kernels)
        return LayerCount(prod(output), kernels * each, biases, prod(output) * each)


def check_groups(channels: int, groups: int, name: str) -> None:
    """Raise a ValueError unless the groups divide the channels.

    Args:
        channels: Number of channels that go in or out.
        groups: Number of groups.
        name: Name of the channels, for the sentence.

    Raises:
        TypeError: If ``groups`` is not an integer.
        ValueError: If they do not divide the channels.
    """
    if channels % whole(groups, "groups"):
        raise ValueError(
            f"groups={groups} do not divide {name}={channels}; take groups with as many channels each"
        )


def check_bias(bias: SharedBias, words: tuple[str, ...]) -> None:
    """Raise a ValueError unless it is known what shares a bias.

    Args:
        bias: What the caller gave.
        words: The words that the layer knows.

    Raises:
        ValueError: If it is neither one of the words nor a bool.
    """
    if not isinstance(bias, bool) and bias not in words:
        raise ValueError(
            f"bias={bias!r} but it must be True, False or one of {', '.join(words)}; give one of them"
        )
