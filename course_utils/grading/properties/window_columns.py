"""Properties of the matrix that holds every window of an image as a column."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator
Shape = tuple[int, int, int]


# Task 6: im2col


def _windows(x: Array, height: int, width: int) -> Array:
    """Collect the windows in an array (channels, height, width, rows of places, columns of places)."""
    channels, image_height, image_width = x.shape
    places = (image_height - height + 1, image_width - width + 1)
    found = np.zeros((channels, height, width, *places), x.dtype)
    for c, p, q, i, j in np.ndindex(found.shape):
        found[c, p, q, i, j] = x[c, i + p, j + q]
    return found


def _as_matrix(windows: Array, order: str = "cpqij", apart: int = 3) -> Array:
    """Lay the windows out in some order of their axes; those before `apart` run down the columns."""
    turned = np.transpose(windows, ["cpqij".index(axis) for axis in order])
    return turned.reshape(int(np.prod(turned.shape[:apart])), int(np.prod(turned.shape[apart:])))


def _causes(x: Array, height: int, width: int) -> dict[str, Array]:
    found = _windows(x, height, width)
    causes = {
        "each window is a row; it must be a column": _as_matrix(found, "ijcpq", 2),
        "the windows come column by column; they must come row by row": _as_matrix(found, "cpqji"),
        "each window is read column by column; it must be read row by row": _as_matrix(found, "cqpij"),
        "the channels of a pixel lie together; a channel's whole window comes before the next channel": (
            _as_matrix(found, "pqcij")
        ),
        "the windows are flipped": _as_matrix(found[:, ::-1, ::-1]),
        "the last windows of each row and column are missing": _as_matrix(found[..., :-1, :-1]),
        "the last window of each row is missing": _as_matrix(found[..., :-1]),
        "the windows were rows, and then reshaped; transpose them, with .T": _as_matrix(
            found, "ijcpq", 2
        ).reshape(_as_matrix(found).shape),
        "the axes were reshaped in a wrong order: a window's channels and pixels must be neighbours first": (
            _as_matrix(found, "cijpq", 3).reshape(_as_matrix(found).shape[::-1]).T
        ),
        "the windows lie side by side; they must overlap": _as_matrix(found[..., ::height, ::width]),
        "only the first channel is there": _as_matrix(found[:1]),
        "the channels were added up; each has rows of its own": _as_matrix(found.sum(axis=0)[None]),
    }
    if height <= x.shape[2] and height != width:
        causes["the height of the window counts for both axes"] = _as_matrix(_windows(x, height, height))
    if height <= x.shape[2] and width <= x.shape[1] and height != width:
        causes["height and width are exchanged"] = _as_matrix(_windows(x, width, height))
    return causes


def _expect_windows(student: Student, x: Array, height: int, width: int) -> None:
    got = student(x, height, width)
    want = _as_matrix(_windows(x, height, width))
    expect_close(got, want, what="the matrix", causes=_causes(x, height, width))
    if x.dtype.kind == "f":
        expect_array(got, kind=x.dtype.name, what="the matrix")


def _image(rng: Random, shape: Shape) -> Array:
    """Draw an image in which every number stands once, so that a report shows where each came from."""
    return rng.permutation(int(np.prod(shape))).reshape(shape) + 1.0


def lists_the_windows(student: Student, rng: Random) -> None:
    """has each window of an image with one channel as a column, row by row"""
    for shape, size in (((1, 4, 4), 2), ((1, 4, 4), 3), ((1, 3, 3), 3), ((1, 2, 2), 1)):
        _expect_windows(student, _image(rng, shape), size, size)


def puts_channels_one_after_another(student: Student, rng: Random) -> None:
    """puts the windows of several channels below each other"""
    for shape, size in (((2, 3, 3), 2), ((3, 4, 4), 2), ((2, 4, 4), 4)):
        _expect_windows(student, _image(rng, shape), size, size)


def takes_windows_that_are_not_square(student: Student, rng: Random) -> None:
    """takes images and windows that are not square"""
    for shape, height, width in (((1, 3, 5), 2, 3), ((2, 5, 4), 3, 1), ((2, 4, 5), 1, 4), ((1, 2, 4), 2, 2)):
        _expect_windows(student, _image(rng, shape), height, width)


def columns_keep_the_dtype(student: Student, rng: Random) -> None:
    """keeps float32, and takes 8-bit integers"""
    for dtype in (np.float32, np.uint8):
        _expect_windows(student, _image(rng, (2, 4, 3)).astype(dtype), 2, 3)
