"""A stack of equal convolution layers: its sizes, and which cells a window reads, layer by layer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from course_utils.shapes import (
    Conv,
    LayerCount,
    conv_output_size,
    conv_transpose_output_size,
    count_network,
    kernel_span,
    padding_pair,
    receptive_fields,
)

Cells = tuple[tuple[int, ...], tuple[int, ...]]  # rows and columns; a cell is one of each


@dataclass(frozen=True)
class ConvStack:
    """Hold a few equal convolution layers, one upon the other, with square kernels.

    Args:
        size: Rows and columns of the input.
        kernel: Weights along each axis.
        stride: Cells between neighbouring windows.
        padding: Zeros at each end of each axis, or "same".
        dilation: Cells between neighbouring weights of the kernel.
        depth: Number of layers.
    """

    size: tuple[int, int]
    kernel: int = 3
    stride: int = 1
    padding: int | Literal["same"] = 0
    dilation: int = 1
    depth: int = 1

    @property
    def span(self) -> int:
        """Cells from the first to the last one that a window reads."""
        return kernel_span(self.kernel, dilation=self.dilation)

    def output_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Compute what one layer makes of an input.

        Args:
            size: Rows and columns of the layer's input.

        Returns:
            Rows and columns of its output.

        Raises:
            ValueError: If the kernel is larger than the padded input, or "same" comes with a stride above 1.
        """
        height, width = (
            conv_output_size(
                length, self.kernel, stride=self.stride, padding=self.padding, dilation=self.dilation
            )
            for length in size
        )
        return height, width

    def sizes(self) -> tuple[tuple[int, int], ...]:
        """List the input's size and each layer's output size, as far as the stack has an output.

        Returns:
            Rows and columns, the input first; fewer than `depth` + 1 if the kernel becomes too large.
        """
        found = [self.size]
        try:
            while len(found) <= self.depth:
                found.append(self.output_size(found[-1]))
        except ValueError:  # what is wrong is said in words by `geometry_words.trouble`
            pass
        return tuple(found)

    def zeros(self) -> tuple[int, int]:
        """Say how many zeros stand before and after each axis.

        Returns:
            Zeros before, and zeros after; none where "same" cannot be had.
        """
        if self.padding == "same" and self.stride != 1:
            return 0, 0
        return padding_pair(self.padding, self.kernel, dilation=self.dilation)

    def window(self, outputs: Iterable[int]) -> tuple[int, ...]:
        r"""List what some outputs read along one axis, :math:`s\,i - p + d\,m` for each weight m.

        Args:
            outputs: Places of outputs i.

        Returns:
            Places in the layer's input, ascending; below zero or beyond its end lies the padding.
        """
        first, reach = self.zeros()[0], range(self.kernel)
        return tuple(sorted({i * self.stride - first + m * self.dilation for i in outputs for m in reach}))

    def reads(self, rows: Iterable[int], columns: Iterable[int]) -> tuple[Cells, ...]:
        """Follow some cells of the last output back to the input.

        Args:
            rows: Their rows.
            columns: Their columns.

        Returns:
            What is read in the input and in each layer's output, padding included; the cells themselves last.
        """
        chain: list[Cells] = [(tuple(rows), tuple(columns))]
        for size in reversed(self.sizes()[1:]):
            inner = inside(chain[0], size)
            chain.insert(0, (self.window(inner[0]), self.window(inner[1])))
        return tuple(chain)

    def unread(self) -> tuple[Cells, ...]:
        """List what no window reaches on the way to the last output.

        Returns:
            Rows and columns of the input and of each layer's output that nothing above depends on; nothing
            is left out of the last output.
        """
        sizes = self.sizes()
        read = self.reads(*(range(length) for length in sizes[-1]))
        return tuple(
            (_missing(rows, height), _missing(columns, width))
            for (rows, columns), (height, width) in zip(read, sizes, strict=True)
        )

    def fields(self, depth: int) -> tuple[tuple[int, int], ...]:
        r"""Compute the receptive field after each of some such layers, whatever the input's size.

        .. math:: r_l = r_{l-1} + d (k - 1) s^{l-1}, \qquad r_0 = 1

        Args:
            depth: Number of layers.

        Returns:
            Size along one axis, and step between the fields of neighbouring cells, for each number of layers.
        """
        needed = 1  # inputs for one output of the last layer
        for _ in range(depth):
            needed = conv_transpose_output_size(
                needed, self.kernel, stride=self.stride, dilation=self.dilation
            )
        layer = Conv(1, self.kernel, stride=self.stride, dilation=self.dilation)
        found = receptive_fields([layer] * depth, (1, needed))
        return tuple((field.size[0], field.step[0]) for field in found)

    def count(self, channels: tuple[int, int]) -> LayerCount:
        """Count what the first layer is made of.

        Args:
            channels: Channels of the input, and of the layer's output.

        Returns:
            Units, weights, biases and connections.

        Raises:
            ValueError: If the layer has no output.
        """
        layer = Conv(
            channels[1], self.kernel, stride=self.stride, padding=self.padding, dilation=self.dilation
        )
        return count_network([layer], (channels[0], *self.size))[0].count


def inside(cells: Cells, size: tuple[int, int]) -> Cells:
    """Leave the padding out.

    Args:
        cells: Rows and columns.
        size: Rows and columns of the grid.

    Returns:
        The rows and columns that belong to the grid.
    """
    rows, columns = (tuple(i for i in part if 0 <= i < end) for part, end in zip(cells, size, strict=True))
    return rows, columns


def _missing(found: Iterable[int], length: int) -> tuple[int, ...]:
    return tuple(sorted(set(range(length)) - set(found)))
