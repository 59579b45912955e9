"""Maxout: the largest of several neighbouring maps, or of several linear functions."""

from dataclasses import dataclass

import torch
from torch import nn

from course_utils.shapes import Layer, LayerCount
from course_utils.shapes.reach import Reach, identity_reach


class Maxout(nn.Module):
    r"""Take the largest of each ``pieces`` neighbouring channels; it has no weights.

    .. math:: h_j = \max(x_{j p}, x_{j p + 1}, \ldots, x_{j p + p - 1}), \qquad p \text{ pieces}

    After a dense layer this is a unit with several linear functions, of which the largest counts; after a
    convolution it is max pooling over maps in place of locations.

    Args:
        pieces: Number of channels that are compared.

    Source:
        Harvard IACS, maxout; Goodfellow et al., Maxout networks (2013), section 3.
    """

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        r"""Compute the output.

        Args:
            x: Shape (batch, channels, \*sizes) or (batch, features).

        Returns:
            Shape (batch, channels / pieces, \*sizes) or (batch, features / pieces).

        Raises:
            ValueError: If the pieces do not divide the channels.
        """
        check_pieces(x.shape[1], self.pieces)
        return x.reshape(len(x), -1, self.pieces, *x.shape[2:]).amax(2)

    def extra_repr(self) -> str:
        """Return what stands in the brackets when the network is printed."""
        return f"pieces={self.pieces}"


@dataclass(frozen=True)
class MaxoutSizes(Layer):
    """Describe maxout by its option alone, for the shapes.

    Attributes:
        pieces: Number of channels that are compared.
        name: The layer's name in errors.
    """

    pieces: int

    @property
    def what(self) -> str:
        """What the layer is, in words."""
        return "maxout"

    def _reaches(self, shape: tuple[int, ...]) -> tuple[Reach, ...]:
        check_pieces(shape[0], self.pieces)
        if len(shape) == 1:
            return (Reach(shape[0], shape[0] // self.pieces, self.pieces, self.pieces),)
        return tuple(identity_reach(size) for size in shape[1:])

    def _output_shape(self, shape: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...]:
        return sizes if len(shape) == 1 else (shape[0] // self.pieces, *sizes)

    def _count(self, shape: tuple[int, ...], output: tuple[int, ...]) -> LayerCount:  # noqa: ARG002
        return LayerCount(0, 0, 0, 0)


def check_pieces(channels: int, pieces: int) -> None:
    """Raise a ValueError unless the pieces divide the channels.

    Args:
        channels: Number of maps or features that come in.
        pieces: Number of them that are compared.

    Raises:
        ValueError: If they do not divide them.
    """
    if channels % pieces:
        raise ValueError(
            f"pieces={pieces} do not divide the {channels} channels that come in; "
            f"make the layer before it a multiple of {pieces}"
        )
