"""Describe a layer by its options alone: what all descriptions share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from course_utils.shapes.counts import LayerCount
from course_utils.shapes.numbers import naming, shape_of
from course_utils.shapes.reach import Reach


@dataclass(frozen=True)
class Layer(ABC):
    """Describe a layer; the shapes are those of one example, (channels, *sizes) or (features,)."""

    name: str = field(default="", kw_only=True)

    @property
    @abstractmethod
    def what(self) -> str:
        """What the layer is, in words."""

    @property
    def label(self) -> str:
        """The layer's name, or its kind if it has none."""
        return self.name or self.what

    def reaches(self, input_shape: Sequence[int]) -> tuple[Reach, ...]:
        """Say which inputs each output reads.

        Args:
            input_shape: Shape of one example, (channels, *sizes) or (features,).

        Returns:
            One reach for each axis after the channels; for (features,) one for its only axis.

        Raises:
            TypeError: If a number is not an integer.
            ValueError: If the layer does not fit the shape.
        """
        with naming(f"{self.label}: "):
            return self._reaches(shape_of(input_shape))

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """Compute the shape that the layer puts out for one example.

        Args:
            input_shape: Shape of one example, (channels, *sizes) or (features,).

        Returns:
            Shape of the output of one example.

        Raises:
            TypeError: If a number is not an integer.
            ValueError: If the layer does not fit the shape.
        """
        sizes = tuple(reach.outputs for reach in self.reaches(input_shape))
        return self._output_shape(shape_of(input_shape), sizes)

    def count(self, input_shape: Sequence[int]) -> LayerCount:
        """Count what the layer is made of.

        Args:
            input_shape: Shape of one example, (channels, *sizes) or (features,).

        Returns:
            The layer's count for one example.

        Raises:
            TypeError: If a number is not an integer.
            ValueError: If the layer does not fit the shape.
        """
        return self._count(shape_of(input_shape), self.output_shape(input_shape))

    @abstractmethod
    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        """Say which inputs each output reads; refuse a shape that does not fit."""

    @abstractmethod
    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:
        """Count what the layer is made of, from the shapes of its input and its output."""

    def _output_shape(self, shape: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Put the output's shape together from its channels and sizes."""
        return sizes if len(shape) == 1 else (shape[0], *sizes)


def check_flag(value: bool, name: str) -> None:
    """Raise a TypeError unless an option is True or False.

    Args:
        value: What the caller gave.
        name: Its name, for the sentence.

    Raises:
        TypeError: If it is anything but a bool.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, but {name}={value!r}; give one of them")
