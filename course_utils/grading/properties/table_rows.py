"""Rows of a network's table, found by laying windows on arrays of the real sizes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from course_utils.grading.authoring import expect, expect_equal
from course_utils.grading.properties.whole_numbers import expect_int, expect_whole, explain_exactly
from course_utils.grading.values import name_type

Pair = tuple[int, int]
Shape = tuple[int, ...]
Row = dict[str, Any]
Layer = tuple[str, str, dict[str, Any]]
KEYS = ("shape", "units", "weights", "biases", "connections")


def _lay(in_shape: Shape, kernel: Pair, stride: Pair, padding: Pair, groups: int) -> NDArray[np.int8]:
    """Lay all windows on a padded image: (groups, channels of one, rows, columns, kernel's axes)."""
    channels, height, width = in_shape
    padded = (groups, channels // groups, height + 2 * padding[0], width + 2 * padding[1])
    windows = sliding_window_view(np.broadcast_to(np.int8(0), padded), kernel, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1]]


def conv_row(
    in_shape: Shape,
    out_channels: int,
    kernel: Pair,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    groups: int = 1,
) -> Row:
    """Count a convolutional layer.

    Args:
        in_shape: Channels, height and width of its input.
        out_channels: Number of its filters.
        kernel: Their height and width.
        stride: Steps downwards and to the right.
        padding: Zeros above and below, and zeros at the left and at the right.
        groups: Number of groups of channels.

    Returns:
        The row: shape, units, weights, biases, connections.
    """
    windows = _lay(in_shape, kernel, stride, padding, groups)
    maps = np.broadcast_to(np.int8(0), (out_channels, *windows.shape[2:4]))
    filters = out_channels // groups
    return {
        "shape": maps.shape,
        "units": maps.size,
        "weights": windows[:, :, 0, 0].size * filters,
        "biases": len(maps),
        "connections": windows.size * filters,
    }


def pool_row(in_shape: Shape, kernel: Pair, stride: Pair | None = None, padding: Pair = (0, 0)) -> Row:
    """Count a pooling layer.

    Args:
        in_shape: Channels, height and width of its input.
        kernel: Height and width of a window.
        stride: Steps downwards and to the right; as large as the window by default.
        padding: Rows above and below, and columns at the left and at the right.

    Returns:
        The row: shape, units, weights, biases, connections.
    """
    windows = _lay(in_shape, kernel, stride or kernel, padding, 1)[0]
    units = windows[..., 0, 0]
    return {
        "shape": units.shape,
        "units": units.size,
        "weights": 0,
        "biases": 0,
        "connections": windows.size,
    }


def dense_row(in_shape: Shape, outputs: int) -> Row:
    """Count a fully connected layer.

    Args:
        in_shape: Shape of its input.
        outputs: Number of its units.

    Returns:
        The row: shape, units, weights, biases, connections.
    """
    W = np.broadcast_to(np.int8(0), (outputs, *in_shape))
    return {
        "shape": (outputs,),
        "units": outputs,
        "weights": W.size,
        "biases": len(W),
        "connections": W.size,
    }


def turned(pair: Pair) -> Pair:
    """Exchange height and width.

    Args:
        pair: A number for the height and one for the width.

    Returns:
        The two, exchanged.
    """
    return pair[1], pair[0]


def with_zeros_on_one_side(in_shape: Shape, padding: Pair) -> Shape:
    """Give an image the zeros of one side only, as a frequent mistake does.

    Args:
        in_shape: Channels, height and width.
        padding: Zeros of one side, for the height and for the width.

    Returns:
        Channels, height and width with these zeros.
    """
    return (in_shape[0], in_shape[1] + padding[0], in_shape[2] + padding[1])


def tried(count: Callable[..., Row], *args: Any) -> Row:
    """Count with wrong arguments.

    Args:
        count: `conv_row` or `pool_row`.
        *args: Its arguments.

    Returns:
        The row, or an empty one where no window fits.
    """
    with contextlib.suppress(ValueError):
        return count(*args)
    return {}


def row_of(kind: str, in_shape: Shape, options: Mapping[str, Any]) -> Row:
    """Count a layer of a described network.

    Args:
        kind: "conv", "pool" or "dense".
        in_shape: Shape of its input.
        options: The other arguments.

    Returns:
        The row: shape, units, weights, biases, connections.
    """
    count: Any = {"conv": conv_row, "pool": pool_row, "dense": dense_row}[kind]
    row: Row = count(in_shape, **options)
    return row


def table_of(layers: list[Layer], in_shape: Shape) -> list[Row]:
    """Count a described network.

    Args:
        layers: A name, a kind and options for each layer.
        in_shape: Shape of the network's input.

    Returns:
        A row for each layer, with its name.
    """
    rows: list[Row] = []
    for name, kind, options in layers:
        rows.append({"name": name, **row_of(kind, in_shape, options)})
        in_shape = rows[-1]["shape"]
    return rows


def expect_row(
    got: Any,
    want: Row,
    *,
    keys: tuple[str, ...] = KEYS,
    of: str = "",
    causes: Mapping[str, Row] | None = None,
) -> None:
    """Fail unless a row has the right entries, exactly.

    Args:
        got: What the student's function returned.
        want: The right row.
        keys: Which entries are compared.
        of: What the row is of, for the report, such as " of conv1".
        causes: Likely mistakes: a sentence and the row that this mistake gives.

    Raises:
        CheckFailed: It is no dict, lacks an entry, or has another one.
    """
    expect(isinstance(got, dict), f"the row{of} must be a dict, {name_type(got)} came")
    missing = [key for key in keys if key not in got]
    expect(not missing, f"the row{of} has no entry {', '.join(map(repr, missing))}: its keys are {list(got)}")
    for key in keys:
        what = f"{key!r}{of}"
        found = {sentence: row[key] for sentence, row in (causes or {}).items() if key in row}
        if key == "shape":
            _expect_shape(got[key], want[key], what, found)
        else:
            expect_whole(got[key], want[key], what=what, causes=found)


def _expect_shape(got: Any, want: Shape, what: str, causes: Mapping[str, Shape]) -> None:
    expect(isinstance(got, tuple | list), f"{what} must be a tuple of ints, {name_type(got)} came")
    for number, part in enumerate(got):
        expect_int(part, f"entry {number} of {what}")
    came = tuple(int(part) for part in got)
    expect_equal(came, want, what=what, causes=explain_exactly(came, causes))
