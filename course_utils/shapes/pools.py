"""Describe the pooling layers, whose windows have no weights."""

from dataclasses import KW_ONLY, dataclass
from math import prod

from course_utils.shapes.counts import LayerCount
from course_utils.shapes.layers import Layer, check_flag
from course_utils.shapes.numbers import entries, naming, per_axis, whole
from course_utils.shapes.reach import Reach, uneven_reach, whole_reach
from course_utils.shapes.sizes import pool_output_size
from course_utils.shapes.windows import Sizes, map_sizes

KINDS = {"max": "max pooling", "average": "average pooling", "l2": "L2 pooling"}


@dataclass(frozen=True)
class Pool(Layer):
    """Describe a pooling layer; each map is pooled by itself.

    Attributes:
        kernel_size: Inputs that a window reads along each axis; one number for all.
        stride: Distance between neighbouring windows, in inputs; by default the kernel's size.
        padding: Places added at each end of an axis, at most half of the kernel's size.
        dilation: Distance between neighbouring inputs of a window.
        ceil_mode: True to round the number of windows up instead of down.
        kind: What is taken of a window: "max", "average" or "l2".
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If a number is not an integer, or ``ceil_mode`` not a bool.
        ValueError: If a number is out of range, or ``kind`` is not known.

    Source:
        Yale CPSC 452, pooling layers; Toronto CSC 2515, pooling.
    """

    kernel_size: Sizes
    _: KW_ONLY
    stride: Sizes | None = None
    padding: Sizes = 0
    dilation: Sizes = 1
    ceil_mode: bool = False
    kind: str = "max"

    def __post_init__(self) -> None:
        check_kind(self.kind, self.name or "pooling")
        with naming(f"{self.label}: "):
            options = {"kernel_size": self.kernel_size, "stride": self._stride, "dilation": self.dilation}
            for name, option in options.items():
                for entry in entries(option):
                    whole(entry, name)
            for entry in entries(self.padding):
                whole(entry, "padding", least=0)
            check_flag(self.ceil_mode, "ceil_mode")

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return KINDS[self.kind]

    @property
    def _stride(self) -> Sizes:
        return self.kernel_size if self.stride is None else self.stride

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        sizes = map_sizes(shape, self.what)
        axes = len(sizes)
        options = zip(
            sizes,
            per_axis(self.kernel_size, "kernel_size", axes),
            per_axis(self._stride, "stride", axes),
            per_axis(self.padding, "padding", axes),
            per_axis(self.dilation, "dilation", axes),
            strict=True,
        )
        return tuple(pool_reach(*each, ceil_mode=self.ceil_mode) for each in options)

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        sizes = per_axis(self.kernel_size, "kernel_size", len(shape) - 1)
        window = prod(whole(size, "kernel_size") for size in sizes)
        connections = prod(output) * window
        return LayerCount(prod(output), 0, 0, connections, unweighted=connections)


@dataclass(frozen=True)
class AdaptivePool(Layer):
    """Describe a pooling layer whose windows are chosen so that the output has a given size.

    Attributes:
        output_size: Outputs along each axis; one number for all, None to keep the size.
        kind: What is taken of a window: "max", "average" or "l2".
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If a number is smaller than 1, or ``kind`` is not known.

    Source:
        DGIST, pooling with a changing extent; the windows: PyTorch, torch.nn.AdaptiveAvgPool2d.
    """

    output_size: int | tuple[int | None, ...] | None
    _: KW_ONLY
    kind: str = "average"

    def __post_init__(self) -> None:
        check_kind(self.kind, self.name or "adaptive pooling")
        with naming(f"{self.label}: "):
            for entry in entries(self.output_size):
                if entry is not None:
                    whole(entry, "output_size")

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return f"adaptive {KINDS[self.kind]}"

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        sizes = map_sizes(shape, self.what)
        wanted = per_axis(self.output_size, "output_size", len(sizes))
        return tuple(
            adaptive_reach(size, size if outputs is None else outputs)
            for size, outputs in zip(sizes, wanted, strict=True)
        )

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        connections = shape[0] * prod(
            sum(len(reach.taps(place)) for place in range(reach.outputs)) for reach in self.reaches(shape)
        )
        return LayerCount(prod(output), 0, 0, connections, unweighted=connections)


def pool_reach(
    size: int, kernel_size: int, stride: int, padding: int, dilation: int, *, ceil_mode: bool
) -> Reach:
    """Say which inputs the windows of a pooling layer read along one axis.

    Args:
        size: Number of inputs.
        kernel_size: Number of inputs in a window.
        stride: Distance between neighbouring windows, in inputs.
        padding: Places added at each end.
        dilation: Distance between neighbouring inputs of a window.
        ceil_mode: True to round the number of windows up instead of down.

    Returns:
        The reach along this axis.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is out of range, or the window is larger than the padded input.
    """
    outputs = pool_output_size(
        size, kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    offset = -whole(padding, "padding", least=0)
    return Reach(
        size,
        outputs,
        whole(kernel_size, "kernel_size"),
        whole(stride, "stride"),
        offset,
        whole(dilation, "dilation"),
    )


def adaptive_reach(size: int, outputs: int) -> Reach:
    r"""Say which inputs each output of adaptive pooling reads, along one axis.

    .. math::
        \text{output } i \text{ reads inputs } \left\lfloor \frac{i n}{m} \right\rfloor \ldots
        \left\lceil \frac{(i + 1) n}{m} \right\rceil - 1

    Args:
        size: Number of inputs, ``n``.
        outputs: Number of outputs, ``m``.

    Returns:
        The reach along this axis; uneven if the outputs do not divide the inputs.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is smaller than 1.

    Source:
        PyTorch, torch.nn.AdaptiveAvgPool2d.
    """
    size, outputs = whole(size, "size"), whole(outputs, "output_size")
    if outputs == 1:
        return whole_reach(size)
    if size % outputs == 0:
        return Reach(size, outputs, size // outputs, size // outputs)
    windows = (range(place * size // outputs, -(-(place + 1) * size // outputs)) for place in range(outputs))
    return uneven_reach(size, tuple(tuple(window) for window in windows))


def check_kind(kind: str, label: str) -> None:
    """Raise a ValueError unless a kind of pooling is known.

    Args:
        kind: What the caller gave.
        label: The layer, for the sentence.

    Raises:
        ValueError: If it is none of the kinds.
    """
    if kind not in KINDS:
        raise ValueError(f"{label}: kind={kind!r} is not known; give one of {', '.join(KINDS)}")
