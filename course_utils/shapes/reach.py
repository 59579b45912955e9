"""Say which inputs of a layer each of its outputs reads, along one axis."""

from dataclasses import dataclass

from course_utils.shapes.sizes import kernel_span


@dataclass(frozen=True)
class Reach:
    r"""Hold which inputs each output of a layer reads, along one axis.

    .. math:: \text{output } i \text{ reads input } i s + o + d t, \qquad t = 0 \ldots k - 1

    where ``s`` is the stride, ``o`` the offset, ``d`` the dilation and ``k`` the kernel's size.

    Attributes:
        inputs: Number of inputs along the axis.
        outputs: Number of outputs along the axis.
        kernel_size: Number of inputs that an output reads, padding included.
        stride: Distance between the windows of neighbouring outputs; 0 if all read the same.
        offset: First input of the first window; negative if it begins in the padding.
        dilation: Distance between neighbouring inputs of a window.
        uneven: The inputs of each output, where no formula with one stride holds (pooling to a size that does
            not divide the input, transposed convolution); then the other fields describe the whole axis.

    Source:
        Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 5.1.
    """

    inputs: int
    outputs: int
    kernel_size: int = 1
    stride: int = 1
    offset: int = 0
    dilation: int = 1
    uneven: tuple[tuple[int, ...], ...] | None = None

    @property
    def span(self) -> int:
        """Number of inputs from the first to the last one of a window."""
        return kernel_span(self.kernel_size, dilation=self.dilation)

    def taps(self, output: int) -> tuple[int, ...]:
        """List the inputs that an output reads, without those of the padding.

        Args:
            output: Position of the output, from 0.

        Returns:
            Positions of the inputs, ascending.
        """
        if self.uneven is not None:
            return self.uneven[output]
        first = output * self.stride + self.offset
        places = range(first, first + self.span, self.dilation)
        return tuple(place for place in places if 0 <= place < self.inputs)


def identity_reach(size: int) -> Reach:
    """Describe a layer each of whose outputs reads the input at its own place."""
    return Reach(size, size)


def whole_reach(inputs: int, outputs: int = 1) -> Reach:
    """Describe a layer all of whose outputs read all inputs."""
    return Reach(inputs, outputs, kernel_size=inputs, stride=0)


def uneven_reach(inputs: int, taps: tuple[tuple[int, ...], ...]) -> Reach:
    """Describe a layer whose windows follow no single stride, by the inputs of each output."""
    return Reach(inputs, len(taps), kernel_size=inputs, stride=0, uneven=taps)
