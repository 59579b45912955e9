"""Weights that are one weight: which entries of a matrix are tied, and how each weight looks."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.inputs import Array, finite, named
from course_utils.plots.style import CLASS_COLOURS

MOST_LOOKS = 16  # weights that can be told apart
TINTS = (0.5, 0.25, 0.7, 0.12)  # how strong the palette is for the first four weights, the next four, ...
Numbers = NDArray[np.int64]


def matrices_of(values: ArrayLike | Mapping[str, ArrayLike], what: str) -> dict[str, Array]:
    """Return one matrix or several as name to matrix.

    Args:
        values: A matrix, shape (outputs, inputs), or name to such matrices.
        what: What they are called in a message.

    Returns:
        Name to matrix; a matrix that came alone has the name "".

    Raises:
        ValueError: If there are none, or one does not have two axes or is not finite.
    """
    given = named(values, what) if isinstance(values, Mapping) else {"": values}
    checked = {name: finite(matrix, name or what) for name, matrix in given.items()}
    for name, matrix in checked.items():
        if matrix.ndim != 2:
            raise ValueError(f"{name or what} has shape {matrix.shape} but must be (outputs, inputs)")
    return checked


def tied(matrix: Array) -> Numbers:
    """Number the weights of a matrix: equal entries are one weight, zero is no connection.

    Args:
        matrix: Shape (outputs, inputs).

    Returns:
        The number of the weight at each entry, from 1 in the order of their values; 0 for none.
    """
    values = np.unique(matrix[matrix != 0])
    return np.where(matrix != 0, np.searchsorted(values, matrix) + 1, 0)


def counted(matrices: Sequence[Array]) -> str:
    """Say how many weights and connections layers have, such as "3 weights, 15 connections"."""
    weights = sum(len(np.unique(matrix[matrix != 0])) for matrix in matrices)
    connections = sum(int(np.count_nonzero(matrix)) for matrix in matrices)
    return f"{_many(weights, 'weight')}, {_many(connections, 'connection')}"


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def weight_fills(numbers: Numbers) -> NDArray[np.float64]:
    """Return a pale colour for each weight, white where there is none.

    Args:
        numbers: Number of the weight at each entry, 0 for none, shape (outputs, inputs).

    Returns:
        Colours, shape (outputs, inputs, 3): the palette in up to four tints, or viridis for more weights.
    """
    count = int(numbers.max())
    if count <= MOST_LOOKS:
        palette = np.array([to_rgb(colour) for colour in CLASS_COLOURS])
        colours = np.concatenate([1 - tint * (1 - palette) for tint in TINTS])[:count]
    else:
        colours = 0.4 + 0.6 * mpl.colormaps["viridis"](np.linspace(0, 1, count))[:, :3]
    return np.concatenate([np.ones((1, 3)), colours])[numbers]
