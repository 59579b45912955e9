"""Convolution as a matrix: Toeplitz, block-Toeplitz, and the dense matrix that a convolution layer is."""

import numpy as np
import pytest
from scipy import linalg

from course_utils.reference import (
    block_toeplitz_matrix,
    conv2d,
    conv2d_backward,
    conv2d_matrix,
    convolve,
    toeplitz_matrix,
)


def test_the_numbers_of_the_deck():
    T = toeplitz_matrix([2, -1, 1], 3)
    np.testing.assert_array_equal(T, [[2, 0, 0], [-1, 2, 0], [1, -1, 2], [0, 1, -1], [0, 0, 1]])
    np.testing.assert_array_equal(T @ [1, 1, 2], [2, 1, 4, -1, 2])


@pytest.mark.parametrize(("size", "length"), [(1, 1), (3, 1), (1, 4), (4, 6), (6, 4)])
def test_a_toeplitz_matrix_is_scipy_s(size, length):
    a, b = np.random.default_rng(0).standard_normal((2, 6))
    T = toeplitz_matrix(a[:size], length)
    np.testing.assert_array_equal(T, linalg.convolution_matrix(a[:size], length))
    np.testing.assert_allclose(T @ b[:length], np.convolve(a[:size], b[:length]), atol=1e-12)


@pytest.mark.parametrize("kernel", [(1, 1), (2, 3), (3, 2), (4, 1)])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 2)])
def test_a_block_toeplitz_matrix_times_an_image_is_the_convolution(kernel, shape):
    rng = np.random.default_rng(0)
    K, x = rng.standard_normal(kernel), rng.standard_normal(shape)
    matrix, expected = block_toeplitz_matrix(K, shape), convolve(x, K)
    assert matrix.shape == (expected.size, x.size)
    np.testing.assert_allclose(matrix @ x.ravel(), expected.ravel(), atol=1e-12)


def test_blocks_and_their_entries_repeat_along_diagonals():
    K = np.arange(1.0, 7.0).reshape(2, 3)
    blocks = block_toeplitz_matrix(K, (3, 4)).reshape(4, 6, 3, 4).transpose(0, 2, 1, 3)
    for row in range(4):
        for column in range(3):
            inside = 0 <= row - column < 2
            expected = toeplitz_matrix(K[row - column], 4) if inside else np.zeros((6, 4))
            np.testing.assert_array_equal(blocks[row, column], expected)


LAYERS = {
    "plain": ((2, 3, 3, 2), (5, 4), {}),
    "strided and padded": ((2, 3, 3, 2), (5, 6), {"stride": (2, 1), "padding": (1, 2)}),
    "dilated": ((1, 2, 2, 3), (6, 7), {"dilation": (3, 2)}),
    "groups": ((4, 1, 2, 2), (4, 3), {"groups": 2}),
    "same": ((2, 1, 2, 3), (4, 3), {"padding": "same"}),
}


@pytest.mark.parametrize(("kernels", "size", "options"), LAYERS.values(), ids=LAYERS)
def test_a_convolution_layer_is_a_dense_layer(kernels, size, options):
    rng = np.random.default_rng(0)
    W, channels = rng.standard_normal(kernels), kernels[1] * options.get("groups", 1)
    x = rng.standard_normal((2, channels, *size))
    M, y = conv2d_matrix(W, size, **options), conv2d(x, W, **options)
    assert M.shape == (y[0].size, x[0].size)
    np.testing.assert_allclose(x.reshape(2, -1) @ M.T, y.reshape(2, -1), atol=1e-12)
    y_bar = rng.standard_normal(y.shape)
    x_bar, _, _ = conv2d_backward(y_bar, x, W, **options)
    np.testing.assert_allclose(y_bar.reshape(2, -1) @ M, x_bar.reshape(2, -1), atol=1e-12)


def test_its_weights_are_mostly_zero_and_the_others_repeat():
    W = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    M = conv2d_matrix(W, 8)
    assert M.shape == (36, 64)
    values, counts = np.unique(M[M != 0], return_counts=True)
    np.testing.assert_array_equal(values, W.ravel())
    np.testing.assert_array_equal(counts, [36] * 9)


def test_float32_stays_and_integers_become_float64():
    single = np.ones((2, 2), np.float32)
    assert toeplitz_matrix(single[0], 3).dtype == np.float32
    assert block_toeplitz_matrix(single, 3).dtype == np.float32
    assert conv2d_matrix(single[None, None], 3).dtype == np.float32
    assert toeplitz_matrix(np.array([200], np.uint8), 3).dtype == np.float64
    assert conv2d_matrix(np.full((1, 1, 2, 2), 200, np.uint8), 3).dtype == np.float64


@pytest.mark.parametrize("length", [np.uint8(200), np.int64(200)])
def test_a_length_may_be_any_kind_of_integer(length):
    assert toeplitz_matrix(np.ones(100), length).shape == (299, 200)
    assert block_toeplitz_matrix(np.ones((1, 100)), (1, length)).shape == (299, 200)
    assert conv2d_matrix(np.ones((1, 1, 1, 100)), (1, length)).shape == (101, 200)


BAD = {
    "no length": (lambda: toeplitz_matrix([1, 2], 0), ValueError, r"length=0 but .* needs at least 1"),
    "half a length": (
        lambda: toeplitz_matrix([1, 2], 2.5),
        TypeError,
        r"length must be an integer, but length=2\.5",
    ),
    "a true length": (lambda: toeplitz_matrix([1, 2], True), TypeError, r"length must be an integer"),
    "an image": (
        lambda: toeplitz_matrix([[1, 2]], 2),
        ValueError,
        r"a must have 1 axis \(size,\), but a\.shape=",
    ),
    "a signal": (lambda: block_toeplitz_matrix([1, 2], 2), ValueError, r"kernel must have 2 axes"),
    "no width": (
        lambda: block_toeplitz_matrix([[1]], (2, 0)),
        ValueError,
        r"shape=0 but .* needs at least 1",
    ),
    "three sizes": (
        lambda: block_toeplitz_matrix([[1]], (2, 2, 2)),
        ValueError,
        r"one for each of 2 axes, but shape=\(2, 2, 2\)",
    ),
    "no kernels": (lambda: conv2d_matrix(np.ones((2, 2)), 3), ValueError, r"W must have 4 axes"),
    "a negative size": (lambda: conv2d_matrix(np.ones((1, 1, 2, 2)), -3), ValueError, r"size=-3 but"),
    "no groups": (
        lambda: conv2d_matrix(np.ones((1, 1, 2, 2)), 3, groups=0),
        ValueError,
        r"groups=0 but a layer",
    ),
    "half a group": (
        lambda: conv2d_matrix(np.ones((1, 1, 2, 2)), 3, groups=0.5),
        TypeError,
        r"groups must be an integer, but groups=0\.5",
    ),
    "groups that do not divide": (
        lambda: conv2d_matrix(np.ones((3, 1, 2, 2)), 3, groups=2),
        ValueError,
        r"groups=2 does not divide 2 input and 3 output channels",
    ),
    "too large a kernel": (lambda: conv2d_matrix(np.ones((1, 1, 4, 2)), 3), ValueError, r"covers 4 inputs"),
}


@pytest.mark.parametrize(("call", "error", "sentence"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
