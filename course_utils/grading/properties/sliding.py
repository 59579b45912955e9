"""Properties of a kernel that slides over an image: of its correlation, and of its convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close

Array = NDArray[Any]
Random = np.random.Generator

# Of the decks: a binary image with its kernel, and an image with a kernel that is not symmetric.
BINARY = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
CUT_OFF = "the fractions were cut off: integers do not hold them, and np.result_type(x, W) does"
IMAGE, KERNEL = np.array([[1, 3, 1], [0, -1, 1], [2, 2, -1]]), np.array([[1, 2], [0, -1]])


def _spread(x: Array, W: Array) -> Array:
    """Convolve in full: every entry of the image spreads the kernel out, one product after another."""
    y = np.zeros((x.shape[0] + W.shape[0] - 1, x.shape[1] + W.shape[1] - 1))
    for i, j, p, q in np.ndindex(*x.shape, *W.shape):
        y[i + p, j + q] += float(x[i, j]) * float(W[p, q])
    return y


def _cut(y: Array, x: Array, W: Array, mode: str) -> Array:
    """Cut a full convolution to the places where the kernel lies inside, or to the size of the image."""
    if mode == "same":
        up, left = W.shape[0] // 2, W.shape[1] // 2
        return y[up : up + x.shape[0], left : left + x.shape[1]]
    up, left = W.shape[0] - 1, W.shape[1] - 1
    return y[up : x.shape[0], left : x.shape[1]] if mode == "valid" else y


def _convolution(x: Array, W: Array, mode: str) -> Array:
    return _cut(_spread(x, W), x, W, mode)


# Task 4: correlate2d


def _correlation(x: Array, W: Array) -> Array:
    """Go over every window and every entry of the kernel, in Python's own numbers."""
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))
    for i, j, p, q in np.ndindex(*y.shape, *W.shape):
        y[i, j] += float(W[p, q]) * float(x[i + p, j + q])
    return y


def _causes_of_correlation(x: Array, W: Array) -> dict[str, Array]:
    right = _correlation(x, W)
    causes = {
        "the kernel was flipped: that is a convolution, and a correlation lays the kernel down as it is": (
            _correlation(x, W[::-1, ::-1])
        ),
        "the rows of the kernel were turned round": _correlation(x, W[::-1]),
        "the columns of the kernel were turned round": _correlation(x, W[:, ::-1]),
        "the windows were summed without the kernel": _correlation(x, np.ones_like(W)),
        "the mean of the products came; their sum is wanted": right / W.size,
        "the last row and the last column of windows are missing": right[:-1, :-1],
        "the map has the size of the image; only places where the kernel lies inside count": _convolution(
            x, W[::-1, ::-1], "same"
        ),
        "the kernel was laid beyond the edges, too; only places inside count": _spread(x, W[::-1, ::-1]),
    }
    if max(W.shape) <= min(x.shape):
        causes["height and width of the kernel are exchanged"] = _correlation(x, W.T)
    with np.errstate(over="ignore"):
        low = right.astype(np.int64).astype(np.uint8)
    return causes | {
        CUT_OFF: np.trunc(right),
        "8 bits hold no more than 255, so the sums began at 0 again: use floats": low,
        "the fractions of the image were cut off": np.trunc(_correlation(np.trunc(x), W)),
    }


def _expect_correlation(student: Student, x: Array, W: Array) -> None:
    got, causes = student(x, W), _causes_of_correlation(x, W)
    expect_close(got, _correlation(x, W), what="the map", causes=causes)
    if W.dtype.kind == "f":
        expect_array(got, kind=W.dtype.name, what="the map")


def counts_in_a_binary_image(student: Student, rng: Random) -> None:
    """gives the map of the decks' binary image, and of others"""
    _expect_correlation(student, BINARY, CROSS)
    _expect_correlation(student, rng.integers(2, size=(6, 6)), CROSS)
    _expect_correlation(student, rng.integers(2, size=(4, 4)), CROSS)


def lays_the_kernel_as_it_is(student: Student, rng: Random) -> None:
    """multiplies each window by the kernel as it is, without a flip"""
    for size, width in ((4, 2), (5, 3), (3, 3), (3, 1)):
        _expect_correlation(student, rng.normal(size=(size, size)), rng.normal(size=(width, width)))


def correlates_what_is_not_square(student: Student, rng: Random) -> None:
    """takes images and kernels that are not square"""
    for shape, kernel in (((4, 7), (2, 3)), ((6, 4), (3, 1)), ((5, 6), (1, 4)), ((2, 5), (2, 2))):
        _expect_correlation(student, rng.normal(size=shape), rng.normal(size=kernel))


def takes_photographs(student: Student, rng: Random) -> None:
    """takes photographs, of 8-bit integers or of floats, and keeps float32"""
    pixels = rng.integers(128, 256, size=(5, 4), dtype=np.uint8)
    _expect_correlation(student, pixels, rng.normal(size=(2, 3)))
    _expect_correlation(student, pixels, np.array([[1, -2], [4, 0]]))
    _expect_correlation(student, pixels / 255, np.array([[1, -2], [4, 0]]))
    for x in (pixels, rng.normal(size=(4, 5)).astype(np.float32)):
        _expect_correlation(student, x, rng.normal(size=(3, 2)).astype(np.float32))


# Task 5: convolve2d


def _causes_of_convolution(x: Array, W: Array, mode: str) -> dict[str, Array]:
    up, left = W.shape[0] - 1, W.shape[1] - 1
    every = _spread(x, W)
    unflipped = _convolution(x, W[::-1, ::-1], mode)
    causes = {
        "the kernel was not flipped, or flipped twice: this is the correlation": unflipped,
        "only the rows of the kernel were flipped, not the columns": _convolution(x, W[:, ::-1], mode),
        "only the columns of the kernel were flipped, not the rows": _convolution(x, W[::-1], mode),
        "the kernel was transposed; flipped means turned round along both axes": _try(
            x, W.T[::-1, ::-1], mode
        ),
        "height and width of the kernel are exchanged": _try(x, W.T, mode),
        "the kernel was turned by a quarter; turned round is twice that": _try(x, np.rot90(W, -1), mode),
        "the image was flipped, not the kernel": _convolution(x, W, mode)[::-1, ::-1],
        CUT_OFF: np.trunc(_convolution(x, W, mode)),
    }
    if mode == "full":
        causes |= {
            "zeros were put above and on the left only": every[: x.shape[0], : x.shape[1]],
            "zeros were put below and on the right only": every[up:, left:],
            "the columns were not padded": every[:, left : x.shape[1]],
            "the rows were not padded": every[up : x.shape[0]],
            "the edge was repeated; outside the image stands 0": _filled(x, W, up, left, "edge"),
            "height and width are exchanged in the padding": _filled(x, W, left, up),
            "the kernel's height counts for both axes in the padding": _filled(x, W, up, up),
        }
    if mode == "same":
        causes |= {
            "this is the corner of the full result; its middle is wanted": every[: x.shape[0], : x.shape[1]],
            "the edge was repeated; outside the image stands 0": _filled(
                x, W, W.shape[0] // 2, W.shape[1] // 2, "edge"
            ),
        }
    others = {other: _convolution(x, W, other) for other in ("full", "same", "valid") if other != mode}
    return causes | {f'this is the result of mode="{other}"': y for other, y in others.items()}


def _filled(x: Array, W: Array, rows: int, columns: int, mode: Any = "constant") -> Array:
    """Convolve where the kernel lies inside an image that was made larger by so many rows and columns."""
    return _try(np.pad(x, ((rows, rows), (columns, columns)), mode=mode), W, "valid")


def _try(x: Array, W: Array, mode: str) -> Array:
    """Convolve, or give nothing where the kernel does not fit."""
    fits = mode != "valid" or min(np.subtract(x.shape, W.shape)) >= 0
    return _convolution(x, W, mode) if fits else np.zeros((0, 0))


def _expect_convolution(student: Student, x: Array, W: Array, mode: str = "") -> None:
    """Compare the results; an empty mode is left out."""
    got = student(x, W, **({"mode": mode} if mode else {}))
    causes = _causes_of_convolution(x, W, mode or "full")
    expect_close(got, _convolution(x, W, mode or "full"), what="the result", causes=causes)
    if x.dtype.kind == "f":
        expect_array(got, kind=x.dtype.name, what="the result")


def flips_both_axes(student: Student, rng: Random) -> None:
    """turns the kernel round along both axes (mode "valid")"""
    _expect_convolution(student, IMAGE, KERNEL, "valid")
    for shape, kernel in (((4, 4), (2, 2)), ((4, 6), (3, 2)), ((6, 5), (1, 3)), ((3, 5), (3, 1))):
        _expect_convolution(student, rng.normal(size=shape), rng.normal(size=kernel), "valid")


def pads_all_four_sides(student: Student, rng: Random) -> None:
    """puts zeros around all four sides (mode "full", and no mode)"""
    for mode in ("full", ""):
        _expect_convolution(student, IMAGE, KERNEL, mode)
        for shape, kernel in (((4, 4), (3, 3)), ((3, 5), (2, 4)), ((2, 3), (4, 2)), ((1, 2), (3, 5))):
            _expect_convolution(student, rng.normal(size=shape), rng.normal(size=kernel), mode)


def keeps_the_size(student: Student, rng: Random) -> None:
    """keeps the size of the image (mode "same", kernels of odd height and width)"""
    for shape, kernel in (((5, 5), (3, 3)), ((6, 7), (3, 5)), ((7, 5), (5, 1)), ((3, 4), (1, 1))):
        _expect_convolution(student, rng.normal(size=shape), rng.normal(size=kernel), "same")


def convolutions_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, and takes integers, also together with floats"""
    for dtype in (np.float32, np.int64):
        x, W = rng.uniform(-9, 9, size=(4, 5)).astype(dtype), rng.uniform(-9, 9, size=(3, 3)).astype(dtype)
        for mode in ("full", "same", "valid"):
            _expect_convolution(student, x, W, mode)
    _expect_convolution(student, IMAGE, rng.uniform(0.1, 0.9, size=(2, 3)), "full")
