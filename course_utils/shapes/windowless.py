"""Describe the layers that have no window: fully connected, flatten, activation, normalisation."""

from dataclasses import KW_ONLY, dataclass
from math import prod

from course_utils.shapes.counts import LayerCount, count_dense
from course_utils.shapes.layers import Layer, check_flag
from course_utils.shapes.numbers import naming, whole
from course_utils.shapes.reach import Reach, identity_reach, whole_reach


@dataclass(frozen=True)
class Dense(Layer):
    """Describe a fully connected layer; it reads (features,).

    Attributes:
        outputs: Number of units.
        bias: True for one bias a unit.
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If ``outputs`` is not an integer, or ``bias`` not a bool.
        ValueError: If ``outputs`` is smaller than 1.

    Source:
        Toronto CSC 2515, size of a conv net: M inputs and N outputs have M N connections and weights.
    """

    outputs: int
    _: KW_ONLY
    bias: bool = True

    def __post_init__(self) -> None:
        with naming(f"{self.label}: "):
            whole(self.outputs, "outputs")
            check_flag(self.bias, "bias")

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "fully connected"

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        full = count_dense(shape[0], output[0])
        return full if self.bias else LayerCount(full.units, full.weights, 0, full.connections)

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        if len(shape) != 1:
            raise ValueError(
                f"the input has shape {shape} but a fully connected layer reads (features,); "
                "put Flatten() before it"
            )
        return (whole_reach(shape[0], whole(self.outputs, "outputs")),)


@dataclass(frozen=True)
class InPlace(Layer):
    """Describe a layer each of whose outputs reads the input at its own place; it makes no new units."""

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:  # noqa: ARG002
        return LayerCount(0, 0, 0, 0)

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        return tuple(identity_reach(size) for size in (shape[1:] or shape))


@dataclass(frozen=True)
class Flatten(InPlace):
    """Describe the step from (channels, *sizes) to (features,); it has no units of its own."""

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "flatten"

    def _output_shape(self, shape: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...]:  # noqa: ARG002
        return (prod(shape),)


@dataclass(frozen=True)
class Activation(InPlace):
    """Describe a layer that works on each unit alone; its units are those of the layer before.

    Attributes:
        name: What it computes, such as "relu".
    """

    name: str = "activation"

    @property
    def what(self) -> str:
        """What the layer computes."""
        return self.name


@dataclass(frozen=True)
class Normalisation(InPlace):
    """Describe batch normalisation as a network uses it once it is trained.

    Attributes:
        affine: True if a weight and a bias a channel are learned.
        name: The layer's name in tables and errors.

    Raises:
        TypeError: If ``affine`` is not a bool.

    Source:
        Ioffe and Szegedy, Batch normalization (2015), algorithm 2.
    """

    _: KW_ONLY
    affine: bool = True

    def __post_init__(self) -> None:
        with naming(f"{self.label}: "):
            check_flag(self.affine, "affine")

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "batch normalisation"

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        learned = shape[0] if self.affine else 0
        return LayerCount(0, learned, learned, prod(output) if self.affine else 0)
