"""Properties of the gradient of a convolutional layer's input."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, connect, count_windows
from course_utils.grading.properties.conv_forward import Layer
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.option_mistakes import (
    FIRST_KEPT,
    LAST_KEPT,
    pad,
    wrong_cuts,
    wrong_strides,
)
from course_utils.grading.properties.second_calls import SQUARE, call_or_explain, equal, square
from course_utils.grading.properties.windows import options

Array = NDArray[Any]
Random = np.random.Generator


def draw_gradient(rng: Random, layer: Layer) -> tuple[Array, Array, Array]:
    """Draw what came back to a layer's output, its input and its kernels.

    Args:
        rng: Source of the numbers.
        layer: The layer.

    Returns:
        y_bar, x and W.
    """
    x, W, _ = layer.draw(rng)
    return rng.normal(size=layer.y_shape), x, W


def call_gradient(
    student: Student, y_bar: Array, x: Array, W: Array, layer: Layer, expect_square: Callable[..., None]
) -> Any:
    """Call a student's function; if it raises an error, see whether it is right where all is square.

    Args:
        student: The function.
        y_bar: What came back to the output.
        x: The input.
        W: The kernels.
        layer: The layer, with its stride and padding.
        expect_square: Takes the function, square arrays, a stride and a padding; raises `CheckFailed` unless
            the answer is right.

    Returns:
        What the function returned.
    """
    stride, padding = equal(layer.stride), equal(layer.padding)
    wide, kernels = square(x), square(W)
    size = count_windows(wide.shape, kernels.shape[2:], stride, padding)
    resized = np.resize(y_bar, (*y_bar.shape[:2], *size))
    shows = {SQUARE: partial(expect_square, student, resized, wide, kernels, stride, padding)}
    return call_or_explain(student, y_bar, x, W, shows=shows, **options(layer.stride, layer.padding))


# Task 5: input_gradient


def _to_input(
    y_bar: Array, x: Array, W: Array, stride: Pair = ONE, padding: Pair = NONE, *, keep: str = "all"
) -> Array:
    wired = connect(x.shape, W.shape, y_bar.shape[2:4], stride, padding)
    return wired.to_input(y_bar, W, x.shape, keep=keep)


def _causes_of_x(y_bar: Array, x: Array, W: Array, layer: Layer) -> dict[str, Any]:
    stride, padding = layer.stride, layer.padding
    padded = _to_input(y_bar, pad(x, padding), W, stride)
    used = [(y_bar.shape[axis + 2] - 1) * stride[axis] + W.shape[axis + 2] for axis in (0, 1)]
    return {
        **_wrong_weights(y_bar, x, W, layer),
        FIRST_KEPT: _to_input(y_bar, x, W, stride, padding, keep="first"),
        LAST_KEPT: _to_input(y_bar, x, W, stride, padding, keep="last"),
        **wrong_strides(lambda steps: _to_input(y_bar, x, W, steps, padding), stride),
        **wrong_cuts(padded, x.shape, padding),
        "the rows and columns that no window took are missing: x_bar has the shape of x": padded[
            :, :, : used[0], : used[1]
        ],
    }


def _wrong_weights(y_bar: Array, x: Array, W: Array, layer: Layer) -> dict[str, Any]:
    kernels = {
        "the kernel lies the wrong way round: one flip in a full convolution, none with windows_backward": W[
            ..., ::-1, ::-1
        ],
        "the kernel was transposed: height and width are exchanged": np.swapaxes(W, 2, 3),
        "every input channel got what belongs to the first one": W[:, :1].repeat(W.shape[1], axis=1),
        "the mean over the output channels was taken, not their sum": W / len(W),
        "the weights are missing: each of them counts as 1": np.ones_like(W),
    }
    if len(W) == W.shape[1]:
        kernels["the axes of output and input channels are exchanged"] = W.swapaxes(0, 1)
    given = (layer.stride, layer.padding)
    return {words: _to_input(y_bar, x, others, *given) for words, others in kernels.items()} | {
        "only the first output channel was used: each input reaches all of them": _to_input(
            y_bar[:, :1], x, W[:1], *given
        )
    }


def _expect_input_gradients(student: Student, rng: Random, layers: Iterable[Layer]) -> None:
    for layer in layers:
        y_bar, x, W = draw_gradient(rng, layer)
        got = call_gradient(student, y_bar, x, W, layer, _expect_square_input)
        want = _to_input(y_bar, x, W, layer.stride, layer.padding)
        expect_close_or_explain(got, want, what="x_bar", causes=partial(_causes_of_x, y_bar, x, W, layer))


def _expect_square_input(
    student: Student, y_bar: Array, x: Array, W: Array, stride: Pair, padding: Pair
) -> None:
    want = _to_input(y_bar, x, W, stride, padding)
    expect_close(student(y_bar, x, W, **options(stride, padding)), want)


def adds_what_comes_from_every_window(student: Student, rng: Random) -> None:
    """adds up what comes from every window that an input is in"""
    layers = (Layer((1, 1, 1, 3), 1, (1, 2)), Layer((1, 1, 4, 5), 1, (2, 3)), Layer((1, 1, 4, 4), 1, (3, 3)))
    _expect_input_gradients(student, rng, layers)


def adds_over_the_output_channels(student: Student, rng: Random) -> None:
    """adds over the output channels, for each image and each input channel"""
    layers = (Layer((2, 3, 4, 3), 2, (2, 2)), Layer((3, 1, 3, 4), 3, (1, 3)), Layer((2, 2, 4, 3), 2, (3, 2)))
    _expect_input_gradients(student, rng, layers)


def goes_back_by_the_stride(student: Student, rng: Random) -> None:
    """goes back by the stride, and gives zero to what no window took"""
    layers = (
        Layer((1, 2, 6, 8), 2, (2, 3), (2, 3)),
        Layer((2, 1, 8, 5), 2, (3, 2), (3, 1)),
        Layer((1, 1, 5, 7), 3, (2, 2), (2, 3)),
    )
    _expect_input_gradients(student, rng, layers)


def gives_nothing_to_the_padding(student: Student, rng: Random) -> None:
    """cuts off what goes back to the padding, on both sides"""
    layers = (
        Layer((1, 2, 3, 4), 2, (2, 3), ONE, (1, 0)),
        Layer((2, 1, 4, 3), 2, (3, 2), ONE, (2, 1)),
        Layer((1, 2, 5, 6), 1, (3, 3), (2, 1), (1, 2)),
    )
    _expect_input_gradients(student, rng, layers)


def input_gradients_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, and gives floats also where the input holds integers"""
    for kind in (np.float32, np.uint8):
        x = rng.integers(0, 9, size=(2, 2, 4, 3)).astype(kind)
        W, y_bar = (rng.normal(size=size).astype(np.float32) for size in ((3, 2, 2, 2), (2, 3, 2, 4)))
        got = student(y_bar, x, W, (2, 1), (0, 1))
        expect_array(got, kind="float32", what="x_bar")
        expect_close(got, _to_input(y_bar, x, W, (2, 1), (0, 1)), what="x_bar")
