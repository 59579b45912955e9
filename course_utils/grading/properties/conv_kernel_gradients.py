"""Properties of the gradients of a convolutional layer's kernels and biases."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, connect
from course_utils.grading.properties.conv_forward import Layer
from course_utils.grading.properties.conv_gradients import call_gradient, draw_gradient
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.option_mistakes import wrong_strides
from course_utils.grading.properties.windows import options

Array = NDArray[Any]
Random = np.random.Generator


# Task 4: kernel_gradients


def _to_kernels(y_bar: Array, x: Array, W: Array, stride: Pair = ONE, padding: Pair = NONE) -> Array:
    wired = connect(x.shape, W.shape, y_bar.shape[2:4], stride, padding)
    return wired.to_kernels(y_bar, x, W.shape)


def _part(got: Any, index: int) -> Any:
    sentence = "kernel_gradients must return (W_bar, b_bar): two arrays"
    expect(isinstance(got, tuple | list) and len(got) == 2, sentence)
    return got[index]


def _causes_of_W(y_bar: Array, x: Array, W: Array, layer: Layer) -> dict[str, Any]:
    stride, padding = layer.stride, layer.padding
    right, (p, q) = _to_kernels(y_bar, x, W, stride, padding), padding
    before_only, after_only = (
        np.pad(x, [(0, 0), (0, 0), rows, columns])
        for rows, columns in (((2 * p, 0), (2 * q, 0)), ((0, 2 * p), (0, 2 * q)))
    )
    return {
        "it is turned round: W_bar belongs to the kernel as it stands": right[..., ::-1, ::-1],
        "y_bar was turned round": _to_kernels(y_bar[..., ::-1, ::-1], x, W, stride, padding),
        "y_bar is missing: its entries count as 1": _to_kernels(np.ones_like(y_bar), x, W, stride, padding),
        **wrong_strides(lambda steps: _to_kernels(y_bar, x, W, steps, padding), stride),
        "the padding is ignored, or stands on one side only, below and right": _to_kernels(
            y_bar, after_only, W, stride, NONE
        ),
        "all the padding stands on one side, above and left": _to_kernels(
            y_bar, before_only, W, stride, NONE
        ),
        "the padding of the rows and that of the columns are exchanged": _to_kernels(
            y_bar, x, W, stride, (q, p)
        ),
        **_wrong_sums(y_bar, x, W, layer),
    }


def _wrong_sums(y_bar: Array, x: Array, W: Array, layer: Layer) -> dict[str, Any]:
    given = (W, layer.stride, layer.padding)
    right = _to_kernels(y_bar, x, *given)
    return {
        "the mean over the batch came; the gradients of all images are added": right / len(x),
        "the mean over all windows came; their gradients are added": right * len(W) / y_bar.size,
        "only the first image was used": _to_kernels(y_bar[:1], x[:1], *given),
        "only the last image counts: add over the batch": _to_kernels(y_bar[-1:], x[-1:], *given),
        "the input channels were added up: each has its own weights": np.broadcast_to(
            right.sum(axis=1, keepdims=True), right.shape
        ),
        "the axes of output and input channels are exchanged": np.swapaxes(right, 0, 1),
        "the kernel was transposed: height and width are exchanged": np.swapaxes(right, 2, 3),
    }


def _expect_kernel_gradients(student: Student, rng: Random, layers: Iterable[Layer]) -> None:
    for layer in layers:
        y_bar, x, W = draw_gradient(rng, layer)
        got = _part(call_gradient(student, y_bar, x, W, layer, _expect_square_kernels), 0)
        want = _to_kernels(y_bar, x, W, layer.stride, layer.padding)
        expect_close_or_explain(got, want, what="W_bar", causes=partial(_causes_of_W, y_bar, x, W, layer))


def _expect_square_kernels(
    student: Student, y_bar: Array, x: Array, W: Array, stride: Pair, padding: Pair
) -> None:
    want = (_to_kernels(y_bar, x, W, stride, padding), y_bar.sum(axis=(0, 2, 3)))
    expect_close(student(y_bar, x, W, **options(stride, padding)), want)


def gives_the_gradient_of_the_biases(student: Student, rng: Random) -> None:
    """gives each bias the sum of all that comes back to its channel"""
    for layer in (Layer((1, 1, 3, 4), 2, (2, 3)), Layer((3, 2, 5, 4), 3, (3, 2), (1, 2), (0, 1))):
        y_bar, x, W = draw_gradient(rng, layer)
        sums = np.array([sum(y_bar[:, o].flat) for o in range(layer.out_channels)])
        causes = {
            "the mean was taken; what comes back is added": sums / (y_bar.size / len(sums)),
            "the mean over the batch was taken; what comes back is added": sums / len(x),
            "only the first image was used": y_bar[0].sum(axis=(1, 2)),
            "everything came together: each channel has its own bias": y_bar.sum(),
            "the batch was not added up": y_bar.sum(axis=(2, 3)),
            "rows and columns were not added up": y_bar.sum(axis=0),
            "W_bar and b_bar are exchanged": _to_kernels(y_bar, x, W, layer.stride, layer.padding),
        }
        got = _part(call_gradient(student, y_bar, x, W, layer, _expect_square_kernels), 1)
        expect_close(got, sums, what="b_bar", causes=causes)


def gives_the_gradient_of_one_kernel(student: Student, rng: Random) -> None:
    """gives the gradient of one kernel for one image, as it stands, not turned round"""
    layers = (Layer((1, 1, 3, 4), 1, (2, 3)), Layer((1, 1, 5, 4), 1, (2, 2)), Layer((1, 1, 3, 3), 1, (3, 2)))
    _expect_kernel_gradients(student, rng, layers)


def adds_over_batch_and_places(student: Student, rng: Random) -> None:
    """adds over the images, for every pair of an output and an input channel"""
    layers = (Layer((3, 2, 4, 5), 3, (2, 3)), Layer((2, 3, 3, 4), 1, (1, 2)), Layer((2, 2, 4, 4), 2, (3, 2)))
    _expect_kernel_gradients(student, rng, layers)


def kernels_follow_stride_and_padding(student: Student, rng: Random) -> None:
    """follows the stride and the padding of the forward pass"""
    layers = (
        Layer((1, 2, 6, 8), 2, (2, 3), (2, 3)),
        Layer((2, 1, 7, 6), 3, (3, 2), (3, 1)),
        Layer((1, 2, 3, 4), 2, (2, 3), ONE, (2, 1)),
        Layer((2, 2, 6, 5), 1, (3, 3), (2, 1), (1, 2)),
    )
    _expect_kernel_gradients(student, rng, layers)


def kernel_gradients_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, and takes an input of integers"""
    for kind in (np.float32, np.uint8):
        x = rng.integers(0, 9, size=(2, 2, 4, 3)).astype(kind)
        W, y_bar = (rng.normal(size=size).astype(np.float32) for size in ((2, 2, 2, 2), (2, 2, 2, 4)))
        got = student(y_bar, x, W, (2, 1), (0, 1))
        for index, name in enumerate(("W_bar", "b_bar")):
            expect_array(_part(got, index), kind="float32", what=name)
        want = (_to_kernels(y_bar, x, W, (2, 1), (0, 1)), y_bar.astype(float).sum(axis=(0, 2, 3)))
        expect_close(got, want, what=("W_bar", "b_bar"))
