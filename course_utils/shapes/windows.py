"""Share what all layers with a sliding window have: options of each axis, and which inputs a window reads."""

from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import Literal

from course_utils.shapes.layers import Layer
from course_utils.shapes.numbers import entries, naming, per_axis, whole
from course_utils.shapes.reach import Reach
from course_utils.shapes.sizes import Padding, conv_output_size, padding_pair

Sizes = int | tuple[int, ...]
Paddings = int | tuple[int | tuple[int, int], ...] | Literal["valid", "same"]
MOST_AXES = 3


@dataclass(frozen=True)
class WindowLayer(Layer):
    """Describe a layer that slides a window over maps with one to three axes.

    Attributes:
        stride: Distance between neighbouring windows, in inputs.
        padding: Zeros at each end, "valid" or "same"; the entry of an axis may be a pair (before, after).
        dilation: Distance between neighbouring inputs of a window.
        name: The layer's name in tables and errors.
    """

    _: KW_ONLY
    stride: Sizes = 1
    padding: Paddings = 0
    dilation: Sizes = 1

    @property
    @abstractmethod
    def window(self) -> Sizes:
        """Inputs that a window reads along each axis, as it was given."""

    def __post_init__(self) -> None:
        with naming(f"{self.label}: "):
            self._check_options()

    def _check_options(self) -> None:
        """Refuse what fits no input at all, as soon as the layer is described."""
        for name, option in (
            ("kernel_size", self.window),
            ("stride", self.stride),
            ("dilation", self.dilation),
        ):
            for entry in entries(option):
                whole(entry, name)
        for padding in self.paddings(len(entries(self.padding))):
            padding_pair(padding, 1)

    def kernel(self, axes: int) -> tuple[int, ...]:
        """List the kernel's size along each axis.

        Args:
            axes: Number of axes of the input after the channels.

        Returns:
            One size an axis.

        Raises:
            ValueError: If there are more or fewer sizes than axes.
        """
        return tuple(whole(size, "kernel_size") for size in per_axis(self.window, "kernel_size", axes))

    def paddings(self, axes: int) -> tuple[Padding, ...]:
        """List the padding of each axis.

        Args:
            axes: Number of axes of the input after the channels.

        Returns:
            One entry an axis.

        Raises:
            ValueError: If there are more or fewer entries than axes.
        """
        if isinstance(self.padding, tuple | list):
            return per_axis(tuple(self.padding), "padding", axes)
        return (self.padding,) * axes

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        sizes = map_sizes(shape, self.what)
        axes = len(sizes)
        options = zip(
            sizes,
            self.kernel(axes),
            per_axis(self.stride, "stride", axes),
            self.paddings(axes),
            per_axis(self.dilation, "dilation", axes),
            strict=True,
        )
        return tuple(window_reach(*each) for each in options)


def map_sizes(shape: tuple[int, ...], kind: str) -> tuple[int, ...]:
    """Return the sizes of maps, without the channels.

    Args:
        shape: Shape of one example.
        kind: What the layer is, for the sentence.

    Returns:
        One to three sizes.

    Raises:
        ValueError: If the shape is not (channels, *sizes) with one to three sizes.
    """
    if not 1 <= len(shape) - 1 <= MOST_AXES:
        raise ValueError(
            f"the input has shape {shape} but a layer of this kind ({kind}) reads (channels, *sizes) "
            "with one to three sizes; give such a shape, without the batch"
        )
    return shape[1:]


def window_reach(size: int, kernel_size: int, stride: int, padding: Padding, dilation: int) -> Reach:
    """Say which inputs the windows of a convolution read along one axis.

    Args:
        size: Number of inputs.
        kernel_size: Number of weights.
        stride: Distance between neighbouring windows, in inputs.
        padding: Zeros at each end, a pair, or a word.
        dilation: Distance between neighbouring weights, in inputs.

    Returns:
        The reach along this axis.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or the kernel is larger than the padded input.
    """
    outputs = conv_output_size(size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    before, _ = padding_pair(padding, kernel_size, stride=stride, dilation=dilation)
    return Reach(
        size,
        outputs,
        whole(kernel_size, "kernel_size"),
        whole(stride, "stride"),
        -before,
        whole(dilation, "dilation"),
    )
