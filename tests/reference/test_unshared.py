"""Unshared and tiled layers against loops over their definition, against conv2d, and against each other."""

from functools import partial

import numpy as np
import pytest

from course_utils.checks import assert_gradients_match
from course_utils.reference import (
    conv2d,
    conv2d_backward,
    locally_connected2d,
    locally_connected2d_backward,
    tiled_conv2d,
    tiled_conv2d_backward,
)
from course_utils.shapes import conv_output_size
from tests.reference.against_torch import integers, option

BIASES = ("one a location", "one a tile's place", "one a channel")


def by_definition(x, W, stride, padding, dilation):
    """Compute W (out_channels, rows, columns, ...) at every place, as the equation has it; W repeats."""
    x = np.pad(x, ((0, 0), (0, 0), *((p, p) for p in padding)))
    span = [d * (k - 1) + 1 for k, d in zip(W.shape[4:], dilation, strict=True)]
    rows, columns = ((n - w) // s + 1 for n, w, s in zip(x.shape[2:], span, stride, strict=True))
    y = np.zeros((len(x), len(W), rows, columns))
    for n, o, i, j in np.ndindex(y.shape):
        kernel = W[o, i % W.shape[1], j % W.shape[2]]
        for c, u, v in np.ndindex(kernel.shape):
            place = stride[0] * i + dilation[0] * u, stride[1] * j + dilation[1] * v
            y[n, o, i, j] += kernel[c, u, v] * x[n, c, place[0], place[1]]
    return y


def draw(rng, tile=None):
    """Draw an image, kernels for a random tile or for every place, and the options, each one a pair."""
    kernels, stride = integers(rng, 1, 3, 2), integers(rng, 1, 3, 2)
    padding, dilation = integers(rng, 0, 2, 2), integers(rng, 1, 2, 2)
    sizes = [
        max(1, d * (k - 1) + 1 - 2 * p) + int(rng.integers(0, 4))
        for k, p, d in zip(kernels, padding, dilation, strict=True)
    ]
    options = {"stride": tuple(stride), "padding": tuple(padding), "dilation": tuple(dilation)}
    output = [
        conv_output_size(n, k, stride=s, padding=p, dilation=d)
        for n, k, s, p, d in zip(sizes, kernels, stride, padding, dilation, strict=True)
    ]
    batch, into, out = rng.integers(1, 4, 3)
    x = rng.standard_normal((batch, into, *sizes))
    return x, rng.standard_normal((out, *(tile or output), into, *kernels)), output, options


def draw_bias(rng, kind, channels, tile, output):
    shapes = zip(BIASES, [(channels, *output), (channels, *tile), (channels,)], strict=True)
    return rng.standard_normal(dict(shapes)[kind])


def everywhere(b, output):
    """Repeat a bias over all places."""
    if b.ndim == 1:
        b = b[:, None, None]
    return np.stack(
        [[b[:, i % b.shape[1], j % b.shape[2]] for j in range(output[1])] for i in range(output[0])], 2
    ).transpose(1, 2, 0)


@pytest.mark.parametrize("seed", range(30))
def test_unshared_kernels_follow_the_definition(seed):
    rng = np.random.default_rng(seed)
    x, W, output, options = draw(rng)
    given = {name: option(rng, list(values)) for name, values in options.items()}
    y = locally_connected2d(x, W, **given)
    np.testing.assert_allclose(y, by_definition(x, W, **options), atol=1e-12)
    for kind in ("one a location", "one a channel"):
        b = draw_bias(rng, kind, len(W), output, output)
        with_bias = locally_connected2d(x, W, b, **given)
        np.testing.assert_allclose(with_bias, y + (b if b.ndim == 3 else b[:, None, None]), atol=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_tiled_kernels_follow_the_definition(seed):
    rng = np.random.default_rng(seed)
    tile = tuple(int(size) for size in rng.integers(1, 4, 2))
    x, W, output, options = draw(rng, tile)
    given = {name: option(rng, list(values)) for name, values in options.items()}
    y = tiled_conv2d(x, W, **given)
    np.testing.assert_allclose(y, by_definition(x, W, **options), atol=1e-12)
    for kind in BIASES:
        b = draw_bias(rng, kind, len(W), tile, output)
        expected = y + everywhere(b, output)
        np.testing.assert_allclose(tiled_conv2d(x, W, b, **given), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("kind", ["one a location", "one a channel"])
def test_gradients_of_unshared_kernels(kind, seed):
    rng = np.random.default_rng(seed)
    x, W, output, options = draw(rng)
    b = draw_bias(rng, kind, len(W), output, output)
    forward, backward = (
        partial(each, **options) for each in (locally_connected2d, locally_connected2d_backward)
    )
    assert_gradients_match(forward, backward, x[:1], W[:2], b[:2], rng=rng)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", BIASES)
def test_gradients_of_tiled_kernels(kind, seed):
    rng = np.random.default_rng(seed)
    tile = tuple(int(size) for size in rng.integers(1, 4, 2))
    x, W, output, options = draw(rng, tile)
    b = draw_bias(rng, kind, len(W), tile, output)
    forward, backward = (partial(each, **options) for each in (tiled_conv2d, tiled_conv2d_backward))
    assert_gradients_match(forward, backward, x, W[:2], b[:2], rng=rng)


@pytest.mark.parametrize(
    "options", [{}, {"stride": (2, 1), "padding": 1, "dilation": (1, 2)}, {"padding": "same"}]
)
def test_a_tile_of_one_is_a_convolution(options):
    rng = np.random.default_rng(0)
    x, W, b = (rng.standard_normal(shape) for shape in [(2, 3, 6, 7), (4, 3, 3, 2), 4])
    y = conv2d(x, W, b, **options)
    np.testing.assert_allclose(tiled_conv2d(x, W[:, None, None], b, **options), y, atol=1e-12)
    y_bar = rng.standard_normal(y.shape)
    x_bar, W_bar, b_bar = conv2d_backward(y_bar, x, W, **options)
    for bias in (b, b[:, None, None], None):
        got = tiled_conv2d_backward(y_bar, x, W[:, None, None], bias, **options)
        np.testing.assert_allclose(got[0], x_bar, atol=1e-12)
        np.testing.assert_allclose(got[1][:, 0, 0], W_bar, atol=1e-12)
        np.testing.assert_allclose(got[2].ravel(), b_bar, atol=1e-12)


def test_one_kernel_at_all_places_is_a_convolution_whose_gradients_are_summed():
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, 3, 2))
    unshared = np.broadcast_to(W[:, None, None], (4, 4, 6, 3, 3, 2))
    y = conv2d(x, W)
    np.testing.assert_allclose(locally_connected2d(x, unshared), y, atol=1e-12)
    y_bar = rng.standard_normal(y.shape)
    x_bar, W_bar, b_bar = conv2d_backward(y_bar, x, W)
    got = locally_connected2d_backward(y_bar, x, unshared)
    np.testing.assert_allclose(got[0], x_bar, atol=1e-12)
    np.testing.assert_allclose(got[1].sum(axis=(1, 2)), W_bar, atol=1e-12)
    np.testing.assert_allclose(got[2].sum(axis=(1, 2)), b_bar, atol=1e-12)


@pytest.mark.parametrize("shape", [(4,), (4, 3, 6)])
def test_a_tile_as_large_as_the_output_is_an_unshared_layer(shape):
    rng = np.random.default_rng(0)
    x, W, b = (rng.standard_normal(size) for size in [(2, 3, 6, 7), (4, 3, 6, 3, 3, 2), shape])
    options = {"stride": (2, 1), "padding": (1, 0)}
    y = locally_connected2d(x, W, b, **options)
    np.testing.assert_array_equal(tiled_conv2d(x, W, b, **options), y)
    y_bar = rng.standard_normal(y.shape)
    for bias in (b, None):
        unshared = locally_connected2d_backward(y_bar, x, W, bias, **options)
        tiled = tiled_conv2d_backward(y_bar, x, W, bias, **options)
        for got, wanted in zip(tiled, unshared, strict=True):
            np.testing.assert_array_equal(got, wanted)


def test_a_tile_larger_than_the_output_has_kernels_that_nothing_uses():
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((1, 1, 3, 3)), rng.standard_normal((1, 4, 5, 1, 2, 2))
    np.testing.assert_allclose(tiled_conv2d(x, W), locally_connected2d(x, W[:, :2, :2]), atol=1e-12)
    _, W_bar, b_bar = tiled_conv2d_backward(np.ones((1, 1, 2, 2)), x, W)
    used = np.zeros((4, 5), dtype=bool)
    used[:2, :2] = True
    np.testing.assert_array_equal(W_bar[0].any(axis=(2, 3, 4)), used)
    np.testing.assert_array_equal(b_bar[0], used)


def test_without_a_bias_its_gradient_is_that_of_as_many_as_kernels():
    rng = np.random.default_rng(0)
    x, y_bar = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 4, 3, 4))
    unshared = locally_connected2d_backward(y_bar, x, rng.standard_normal((4, 3, 4, 3, 2, 2)))
    np.testing.assert_allclose(unshared[2], y_bar.sum(axis=0), atol=1e-12)
    tiled = tiled_conv2d_backward(y_bar, x, rng.standard_normal((4, 2, 3, 3, 2, 2)))
    whole = y_bar.sum(axis=0)
    expected = [[whole[:, i::2, j::3].sum(axis=(1, 2)) for j in range(3)] for i in range(2)]
    np.testing.assert_allclose(tiled[2], np.moveaxis(np.array(expected), 2, 0), atol=1e-12)


def test_the_three_kinds_of_bias_by_hand():
    x, W = np.zeros((1, 1, 2, 4)), np.zeros((1, 1, 2, 1, 1, 1))
    y_bar = np.arange(1.0, 9.0).reshape(1, 1, 2, 4)
    place = np.arange(8.0).reshape(1, 2, 4)
    for b, y, b_bar in (
        (place, place, y_bar[0]),
        (np.array([[[5.0, 7.0]]]), [[[5, 7, 5, 7]] * 2], [[[1 + 3 + 5 + 7, 2 + 4 + 6 + 8]]]),
        (np.array([3.0]), np.full((1, 2, 4), 3), [36]),
    ):
        np.testing.assert_array_equal(tiled_conv2d(x, W, b)[0], y)
        np.testing.assert_array_equal(tiled_conv2d_backward(y_bar, x, W, b)[2], b_bar)
