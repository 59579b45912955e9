"""Layers given as matrices, and which units reach which: receptive fields downwards, influence upwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.inputs import Array
from course_utils.plots.ties import matrices_of

Unit: TypeAlias = tuple[int, int]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """Layers of units.

    Args:
        matrices: Weights of each layer, shape (units above, units below), inputs first.
        marked: For each row of units those that are marked, shape (units,), or None when nothing is.
    """

    matrices: list[Array]
    marked: list[Mask] | None

    @property
    def sizes(self) -> list[int]:
        """Units of each row, inputs first."""
        return [self.matrices[0].shape[1], *(matrix.shape[0] for matrix in self.matrices)]


def read_network(layers: Sequence[ArrayLike], field_of: Unit | None, reach_of: Unit | None) -> Network:
    """Check the matrices of a network and mark what one unit sees, or what it reaches.

    Args:
        layers: Matrices of shape (units above, units below), inputs first.
        field_of: (layer, unit) whose receptive field is marked, or None; layer 0 is the inputs.
        reach_of: (layer, unit) whose influence is marked, or None.

    Returns:
        The network.

    Raises:
        ValueError: If there is no layer, the matrices do not fit each other, or the unit does not exist.
    """
    if not len(layers):
        raise ValueError("a network has no layers but needs at least one matrix (units above, units below)")
    matrices = [matrices_of(layer, f"layer {number}")[""] for number, layer in enumerate(layers, start=1)]
    for number, (below, above) in enumerate(pairwise(matrices), start=2):
        if above.shape[1] != below.shape[0]:
            raise ValueError(
                f"layer {number} takes {above.shape[1]} units but layer {number - 1} has {below.shape[0]}; "
                "give matrices of shape (units above, units below), inputs first"
            )
    network = Network(matrices, None)
    if field_of is not None:
        return Network(matrices, _reached(network, field_of, "field_of", down=True))
    if reach_of is not None:
        return Network(matrices, _reached(network, reach_of, "reach_of", down=False))
    return network


def _reached(network: Network, unit: Unit, name: str, *, down: bool) -> list[Mask]:
    layer, place = unit
    sizes = network.sizes
    if not 0 <= layer < len(sizes) or not 0 <= place < sizes[layer]:
        raise ValueError(
            f"{name} is {tuple(unit)} but must be (layer, unit) from 0, in layers of {sizes} units"
        )
    marked = [np.zeros(size, dtype=bool) for size in sizes]
    marked[layer][place] = True
    if down:
        for below in range(layer - 1, -1, -1):
            marked[below] = (network.matrices[below][marked[below + 1]] != 0).any(axis=0)
    else:
        for above in range(layer + 1, len(sizes)):
            marked[above] = (network.matrices[above - 1][:, marked[above - 1]] != 0).any(axis=1)
    return marked
