"""The shift explorer: a digit is moved, its feature maps move along, and pooled maps nearly stay."""

from functools import partial
from typing import Any

import anywidget
import numpy as np
from traitlets import Dict, List, TraitError

from course_utils.widgets.shift_words import change_words
from course_utils.widgets.shifting import (
    FIELD,
    FILTERS,
    POOL_SIZES,
    POOLINGS,
    SIDE,
    Changes,
    Maps,
    digit_image,
    digit_in_field,
    feature_maps,
    measure,
    pooled_maps,
)
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, one_of, whole_number

FARTHEST = SIDE  # at most half of the digit can leave the field


def digit_name(value: Any, *, name: str) -> int:
    """Return a digit.

    Args:
        value: A whole number from 0 to 9.
        name: What it is called in the message.

    Returns:
        The digit.

    Raises:
        TraitError: If it is no digit.
    """
    found = whole_number(value, name=name)
    if found > 9:
        raise TraitError(f"{name} is {found} but must be from 0 to 9; choose one digit")
    return found


def two_shifts(value: Any, *, name: str) -> tuple[int, int]:
    """Return how far a digit is moved.

    Args:
        value: Rows down and columns to the right, negative for up and left.
        name: What they are called in the message.

    Returns:
        The two.

    Raises:
        TraitError: If they are not two whole numbers, or more than the field allows.
    """
    both = tuple(value) if isinstance(value, tuple | list | np.ndarray) else ()
    if len(both) != 2 or not all(isinstance(part, int | np.integer) for part in both):
        raise TraitError(
            f"{name} is {value!r} but must be two whole numbers, rows down and columns to the right; "
            "give a pair, such as (1, -2)"
        )
    if max(abs(part) for part in both) > FARTHEST:
        raise TraitError(
            f"{name} is {value!r} but a digit moves at most {FARTHEST} pixels either way; choose less"
        )
    return int(both[0]), int(both[1])


def square_size(value: Any, *, name: str) -> int:
    """Return the side of a pooling square.

    Args:
        value: 2, 4 or 8.
        name: What it is called in the message.

    Returns:
        The side.

    Raises:
        TraitError: If it is none of them.
    """
    if isinstance(value, bool) or value not in POOL_SIZES:
        raise TraitError(
            f"{name} is {value!r} but must be 2, 4 or 8, which divide the {FIELD} pixels; choose one"
        )
    return int(value)


class ShiftExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Move a handwritten digit and see what moves along with it, and what stays.

    .. math:: h_k = \max(0, x \star W_k), \qquad p_k = \text{pool}(h_k)

    The browser draws the digit in a blank field, the maps of three edge filters, these maps pooled, and the
    same before the digit moved. Arrow keys move the digit by a pixel; lists choose the digit and the pooling.

    Args:
        digit: From 0 to 9.
        shift: Rows down and columns to the right, from -8 to 8; beyond 4 a part of the digit may
            leave the field.
        pooling: "max", "average" or "none".
        pool_size: Side of the pooling squares: 2, 4 or 8.

    Raises:
        traitlets.TraitError: If a value is not accepted; also on later assignment.

    Source:
        DGIST and Yale decks: a shifted input gives a shifted feature map; pooling makes it nearly
        invariant to small shifts.
    """

    _esm = javascript("shift", "cells", "grids", "shift_maths", "maps")
    _css = stylesheet("layers")

    digit = Checked(5, digit_name)
    shift = Checked((0, 0), two_shifts)
    pooling = Checked("max", partial(one_of, known=POOLINGS))
    pool_size = Checked(2, square_size)
    _digits = List().tag(sync=True)
    _filters = Dict().tag(sync=True)

    def __init__(
        self,
        *,
        digit: int = 5,
        shift: tuple[int, int] = (0, 0),
        pooling: str = "max",
        pool_size: int = 2,
    ) -> None:
        super().__init__(
            digit=digit,
            shift=shift,
            pooling=pooling,
            pool_size=pool_size,
            _digits=[digit_image(each).tolist() for each in range(10)],
            _filters={name: [list(row) for row in kernel] for name, kernel in FILTERS.items()},
        )

    def field(self) -> Maps:
        """Return what the filters see: the digit where it now is.

        Returns:
            Brightness x from 0 to 255, shape (16, 16).
        """
        return digit_in_field(self.digit, self.shift)

    def feature_maps(self) -> Maps:
        r"""Compute the three filters' maps, h_k = \max(0, x \star W_k).

        Returns:
            Shape (3, 16, 16).
        """
        return feature_maps(self.field())

    def pooled_maps(self) -> Maps:
        """Pool the three maps as it is set.

        Returns:
            Shape (3, 16 / size, 16 / size); the feature maps themselves if nothing is pooled.
        """
        return pooled_maps(self.feature_maps(), self.pooling, self.pool_size)

    def global_pool(self) -> Maps:
        """Pool each map as a whole.

        Returns:
            One number for each map, shape (3,); if nothing is pooled the feature maps themselves.
        """
        whole = pooled_maps(self.feature_maps(), self.pooling, FIELD)
        return whole if self.pooling == "none" else whole[:, 0, 0]

    def changes(self) -> Changes:
        """Compare all of it with what it was before the digit moved.

        Returns:
            The changes, 0 for what stayed.
        """
        return measure(self.digit, self.shift, self.pooling, self.pool_size)

    def words(self) -> str:
        """Say what the shift has changed, as the read-out in the browser says it.

        Returns:
            Three sentences, a line each; one if nothing has moved.
        """
        return change_words(self.digit, self.shift, self.pooling, self.pool_size)

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        return (
            f"ShiftExplorer(digit={self.digit}, shift={self.shift}, pooling={self.pooling!r}, "
            f"pool_size={self.pool_size})"
        )
