"""Properties of a convolutional layer's output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE, Pair, connect, count_windows
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.option_mistakes import pad, wrong_paddings, wrong_strides
from course_utils.grading.properties.second_calls import SQUARE, call_or_explain, equal, square
from course_utils.grading.properties.windows import options

Array = NDArray[Any]
Random = np.random.Generator


@dataclass(frozen=True)
class Layer:
    """A convolutional layer that a check draws.

    Attributes:
        x_shape: Shape of the input, (batch, in_channels, height, width).
        out_channels: Number of kernels.
        kernel: Height and width of a kernel.
        stride: Steps down and across.
        padding: Zeros on both sides of the rows and of the columns.
        groups: Number of groups of channels.
    """

    x_shape: tuple[int, int, int, int]
    out_channels: int
    kernel: Pair
    stride: Pair = ONE
    padding: Pair = NONE
    groups: int = 1

    @property
    def W_shape(self) -> tuple[int, int, int, int]:
        """Shape of the kernels."""
        return (self.out_channels, self.x_shape[1] // self.groups, *self.kernel)

    @property
    def y_shape(self) -> tuple[int, int, int, int]:
        """Shape of the output."""
        size = count_windows(self.x_shape, self.kernel, self.stride, self.padding)
        return (self.x_shape[0], self.out_channels, *size)

    def draw(self, rng: Random) -> tuple[Array, Array, Array]:
        """Draw an input, kernels and biases, none of them near zero."""
        x, W = rng.normal(size=self.x_shape), rng.normal(size=self.W_shape)
        return x, W, rng.choice([-1, 1], size=self.out_channels) * rng.uniform(1, 2, size=self.out_channels)


def output_of(
    x: Array,
    W: Array,
    b: Array,
    stride: Pair = ONE,
    padding: Pair = NONE,
    *,
    after: Pair | None = None,
    groups: int = 1,
) -> Any:
    """Compute a layer's output, one connection after another.

    Args:
        x: The input, (batch, in_channels, height, width).
        W: The kernels, (out_channels, in_channels / groups, height, width).
        b: The biases, (out_channels,).
        stride: Steps down and across.
        padding: Zeros above, and left of the input.
        after: Zeros below, and right of it; as many as above and left by default.
        groups: Number of groups of channels.

    Returns:
        The output; NaN, which explains nothing, where the kernel does not fit.
    """
    size = count_windows(x.shape, W.shape[2:], stride, padding, after)
    fits = min(size) and W.shape[1] * groups == x.shape[1]
    layer = connect(x.shape, W.shape, size, stride, padding, groups) if fits else None
    return layer.forward(x, W, b) if layer else np.nan


def _causes(x: Array, W: Array, b: Array, stride: Pair, padding: Pair) -> dict[str, Any]:
    size = output_of(x, W, b, stride, padding).shape[2:]
    return {
        **wrong_kernels(x, W, b, stride, padding),
        **_wrong_channels(x, W, b, stride, padding),
        **wrong_strides(lambda steps: output_of(x, W, b, steps, padding), stride),
        **wrong_paddings(lambda before, after: output_of(x, W, b, stride, before, after=after), padding),
        "the windows are neighbours: the stride was used for the size of y only": output_of(
            x, W, b, ONE, padding
        )[:, :, : size[0], : size[1]],
        "the stride is 2 if it is left out; it is 1": output_of(
            x, W, b, (2, 2) if stride == ONE else stride, padding
        ),
        "the kernel's height was taken for its width, too": output_of(
            x, W[..., : W.shape[2]], b, stride, padding
        ),
        "the padding does not hold zeros": output_of(pad(x, padding, mode="edge"), W, b, stride),
    }


def wrong_kernels(
    x: Array, W: Array, b: Array, stride: Pair, padding: Pair, groups: int = 1
) -> dict[str, Any]:
    """Compute the output with kernels that were turned round or transposed.

    Args:
        x: The input.
        W: The kernels as they should be.
        b: The biases.
        stride: Steps down and across.
        padding: Zeros on both sides of the rows and of the columns.
        groups: Number of groups of channels.

    Returns:
        A sentence for each mistake, and what it gives.
    """
    turned = {
        "the kernel was turned round: this layer does not flip it": W[..., ::-1, ::-1],
        "the kernel was turned upside down": W[..., ::-1, :],
        "the kernel was turned round from left to right": W[..., ::-1],
        "the kernel was transposed: height and width are exchanged": np.swapaxes(W, 2, 3),
    }
    return {
        words: output_of(x, kernels, b, stride, padding, groups=groups) for words, kernels in turned.items()
    }


def _wrong_channels(x: Array, W: Array, b: Array, stride: Pair, padding: Pair) -> dict[str, Any]:
    right = output_of(x, W, b, stride, padding)
    without = right - b[:, None, None]
    return {
        "the bias was not added": without,
        "the bias was added along the columns; each output channel has its own": without + b
        if len(b) in (1, right.shape[-1])
        else np.nan,
        "the bias was added for each input channel again": right + (x.shape[1] - 1) * b[:, None, None],
        "only the first input channel was used: sum over all of them": output_of(
            x[:, :1], W[:, :1], b, stride, padding
        ),
        "the mean over the input channels was taken, not their sum": right - without + without / x.shape[1],
        "the batch and the channels are exchanged in the result": np.swapaxes(right, 0, 1),
    }


def _expect_outputs(student: Student, rng: Random, layers: Iterable[Layer]) -> None:
    for layer in layers:
        x, W, b = layer.draw(rng)
        want = output_of(x, W, b, layer.stride, layer.padding)
        causes = partial(_causes, x, W, b, layer.stride, layer.padding)
        shows = {SQUARE: partial(_expect_square, student, x, W, b, layer.stride, layer.padding)}
        got = call_or_explain(student, x, W, b, shows=shows, **options(layer.stride, layer.padding))
        expect_close_or_explain(got, want, what="y", causes=causes)


def _expect_square(student: Student, x: Array, W: Array, b: Array, stride: Pair, padding: Pair) -> None:
    x, W, stride, padding = square(x), square(W), equal(stride), equal(padding)
    expect_close(student(x, W, b, **options(stride, padding)), output_of(x, W, b, stride, padding))


# Task 3: conv2d


def weighs_each_window(student: Student, rng: Random) -> None:
    """weighs each window with the kernel as it is, not flipped, and adds the bias"""
    layers = (Layer((1, 1, 3, 4), 1, (2, 3)), Layer((1, 1, 5, 3), 1, (3, 2)), Layer((1, 1, 4, 4), 1, (2, 2)))
    _expect_outputs(student, rng, layers)


def sums_over_the_input_channels(student: Student, rng: Random) -> None:
    """sums over the input channels, and gives one output channel for each kernel"""
    layers = (
        Layer((2, 3, 4, 5), 4, (2, 2)),
        Layer((3, 2, 3, 4), 3, (1, 2)),
        Layer((2, 2, 3, 3), 2, (3, 2)),
        Layer((1, 4, 3, 2), 1, (2, 1)),
    )
    _expect_outputs(student, rng, layers)


def strides_and_pads(student: Student, rng: Random) -> None:
    """moves by the stride and pads both sides, each down and across as it is given"""
    layers = (
        Layer((2, 2, 6, 7), 3, (2, 3), (2, 1)),
        Layer((1, 1, 5, 8), 2, (3, 2), (2, 3)),
        Layer((1, 2, 3, 4), 2, (2, 3), ONE, (2, 1)),
        Layer((2, 1, 5, 6), 2, (3, 2), (1, 2), (0, 1)),
    )
    _expect_outputs(student, rng, layers)


def outputs_keep_float32(student: Student, rng: Random) -> None:
    """keeps float32, takes integers, and takes its options by position, too"""
    for dtype in (np.float32, np.uint8):
        x = rng.integers(0, 256 if dtype == np.uint8 else 5, size=(2, 2, 4, 5)).astype(dtype)
        W, b = (rng.normal(size=size).astype(np.float32) for size in ((3, 2, 3, 2), 3))
        got = student(x, W, b, (1, 2), (1, 0))
        expect_array(got, kind="float32", what="y")
        expect_close(got, output_of(x.astype(float), W, b, (1, 2), (1, 0)), what="y")
