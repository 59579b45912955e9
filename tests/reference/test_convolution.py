"""convolve and correlate against SciPy and PyTorch, every way against every other, and the product's laws."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from course_utils.reference import (
    convolve,
    convolve_by_fft,
    convolve_by_im2col,
    convolve_by_matrix,
    correlate,
    flip_and_filter,
    im2col,
    translate_and_scale,
)

WAYS = (
    convolve,
    translate_and_scale,
    flip_and_filter,
    convolve_by_matrix,
    convolve_by_im2col,
    convolve_by_fft,
)
SHAPES = [
    ((7,), (3,)),
    ((7,), (4,)),
    ((3,), (8,)),
    ((1,), (1,)),
    ((1,), (5,)),
    ((5,), (5,)),
    ((6, 7), (3, 3)),
    ((6, 7), (2, 5)),
    ((5, 8), (4, 1)),
    ((2, 3), (4, 5)),
    ((6, 2), (3, 4)),
    ((1, 1), (1, 1)),
    ((4, 5), (4, 5)),
]
A_1D, B_1D, AB_1D = [2, -1, 1], [1, 1, 2], [2, 1, 4, -1, 2]
A_2D, B_2D = [[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]]
AB_2D = [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]


def draw(*shapes, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("way", WAYS)
def test_the_numbers_of_the_deck(way):
    np.testing.assert_allclose(way(A_1D, B_1D), AB_1D, atol=1e-14)
    np.testing.assert_allclose(way(A_2D, B_2D), AB_2D, atol=1e-14)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shapes", SHAPES)
def test_every_way_is_scipy_s(way, shapes):
    a, b = draw(*shapes)
    y = way(a, b)
    assert y.shape == tuple(n + k - 1 for n, k in zip(*shapes, strict=True))
    np.testing.assert_allclose(y, signal.convolve(a, b, method="direct"), atol=1e-12)


@given(n=st.integers(1, 20), k=st.integers(1, 20), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_every_way_is_numpy_s_on_random_signals(n, k, seed):
    a, b = draw(n, k, seed=seed)
    for way in WAYS:
        np.testing.assert_allclose(way(a, b), np.convolve(a, b), atol=1e-12)


def fits(shapes, mode):
    return mode != "valid" or all(n >= k for n, k in zip(*shapes, strict=True))


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_convolve_has_scipy_s_modes(mode, shapes):
    a, b = draw(*shapes)
    if not fits(shapes, mode):
        with pytest.raises(ValueError, match=r'mode="valid" needs a kernel no larger than a.*exchange them'):
            convolve(a, b, mode=mode)
        return
    np.testing.assert_allclose(convolve(a, b, mode=mode), signal.convolve(a, b, mode, "direct"), atol=1e-12)


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("mode", ["full", "valid"])
def test_correlate_is_scipy_s(mode, shapes):
    a, b = draw(*shapes)
    if not fits(shapes, mode):
        with pytest.raises(ValueError, match=r'mode="valid" needs a kernel no larger than a'):
            correlate(a, b, mode=mode)
        return
    np.testing.assert_allclose(correlate(a, b, mode=mode), signal.correlate(a, b, mode, "direct"), atol=1e-12)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("shapes", SHAPES)
def test_correlate_same_is_torch_s_also_for_even_kernels(shapes):
    a, b = draw(*shapes)
    layer = torch.nn.functional.conv1d if a.ndim == 1 else torch.nn.functional.conv2d
    expected = layer(torch.tensor(a)[None, None], torch.tensor(b)[None, None], padding="same")[0, 0]
    np.testing.assert_allclose(correlate(a, b, mode="same"), expected, atol=1e-12)


def test_same_of_an_even_kernel_by_hand():
    np.testing.assert_array_equal(correlate([1, 2, 3], [1, 10], mode="same"), [21, 32, 3])
    np.testing.assert_array_equal(convolve([1, 2, 3], [1, 10], mode="same"), [1, 12, 23])


@pytest.mark.parametrize("shapes", SHAPES)
def test_correlation_is_convolution_with_the_flipped_kernel(shapes):
    a, b = draw(*shapes)
    np.testing.assert_allclose(correlate(a, b), convolve(a, np.flip(b)), atol=1e-12)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", [(6,), (3, 4)])
def test_the_laws_of_the_product(way, shape):
    a, b, c = draw(shape, shape, tuple(size + 1 for size in shape))
    one = np.ones([1] * len(shape))
    np.testing.assert_allclose(way(a, c), way(c, a), atol=1e-12)
    np.testing.assert_allclose(way(c, 2 * a - 3 * b), 2 * way(c, a) - 3 * way(c, b), atol=1e-12)
    np.testing.assert_allclose(way(way(a, b), c), way(a, way(b, c)), atol=1e-11)
    np.testing.assert_allclose(way(a, one), a, atol=1e-12)


def test_correlation_does_not_commute_but_turns_round():
    a, b = draw(5, 4)
    assert not np.allclose(correlate(a, b), correlate(b, a))
    np.testing.assert_allclose(correlate(a, b), correlate(b, a)[::-1], atol=1e-12)


@pytest.mark.parametrize("way", [*WAYS, correlate])
@pytest.mark.parametrize("shape", [(6,), (4, 5)])
def test_a_shifted_signal_gives_a_shifted_result(way, shape):
    a, b = draw(shape, (3,) * len(shape))
    shifted = np.pad(a, [(2, 0)] * len(shape))
    inside = (slice(2, None),) * len(shape)
    np.testing.assert_allclose(way(shifted, b)[inside], way(a, b), atol=1e-12)


@pytest.mark.parametrize(
    ("shape", "kernel"), [((6,), (3,)), ((5, 7), (2, 4)), ((3, 3), (3, 3)), ((4,), (1,))]
)
def test_im2col_lays_out_every_window(shape, kernel):
    x = draw(shape)[0]
    columns = im2col(x, kernel)
    places = list(np.ndindex(*(n - k + 1 for n, k in zip(shape, kernel, strict=True))))
    assert columns.shape == (np.prod(kernel), len(places))
    for column, place in zip(columns.T, places, strict=True):
        window = x[tuple(slice(start, start + size) for start, size in zip(place, kernel, strict=True))]
        np.testing.assert_array_equal(column, window.ravel())
    columns[:] = 0
    np.testing.assert_array_equal(x, draw(shape)[0])


def test_im2col_takes_one_size_for_both_axes():
    x = draw((5, 6))[0]
    for size in ([2, 2], np.int64(2), np.array(2), np.array([2, 2])):
        np.testing.assert_array_equal(im2col(x, size), im2col(x, 2))


@pytest.mark.parametrize("way", [*WAYS, correlate])
def test_float32_stays_and_bytes_become_float64_without_overflow(way):
    a, b = draw((4, 5), (2, 3), dtype=np.float32)
    assert way(a, b).dtype == np.float32
    assert way(a[0], b[0]).dtype == np.float32
    assert way(a, b.astype(float)).dtype == np.float64
    image = np.full((3, 3), 200, dtype=np.uint8)
    y = way(image, np.full((2, 2), 100, dtype=np.uint8))
    assert y.dtype == np.float64
    assert y[1, 1] == pytest.approx(80_000)


@pytest.mark.parametrize("way", [*WAYS, correlate])
def test_arguments_are_left_alone_and_may_lie_anyhow_in_memory(way):
    a, b = draw((4, 5), (2, 3))
    expected = way(a.copy(), b.copy())
    for turn in (
        np.asfortranarray,
        lambda array: np.flip(np.flip(array).copy()),
        lambda array: np.repeat(array, 2, 1)[:, ::2],
    ):
        first, second = turn(a), turn(b)
        first.flags.writeable = second.flags.writeable = False
        np.testing.assert_allclose(way(first, second), expected, atol=1e-12)
    way(a, b)[:] = 0
    np.testing.assert_array_equal(a, draw((4, 5))[0])


BAD = {
    "empty": (([], [1]), ValueError, r"a is empty \(a\.shape=\(0,\)\)"),
    "an empty kernel": (([1], np.ones((0, 2))), ValueError, r"b is empty"),
    "axes differ": (
        ([1, 2], [[1]]),
        ValueError,
        r"a\.shape=\(2,\) and b\.shape=\(1, 1\); reshape one of them",
    ),
    "a number": ((3.0, 2.0), ValueError, r"a\.shape=\(\)"),
    "three axes": ((np.ones((2, 2, 2)), np.ones((1, 1, 1))), ValueError, r"a\.shape=\(2, 2, 2\)"),
    "ragged": (([[1, 2], [3]], [[1]]), ValueError, r"a has rows of different lengths"),
    "complex": (([1, 2], [1j]), TypeError, r"b must hold real numbers, but its dtype is complex128"),
    "text": ((["1"], [1]), TypeError, r"a must hold real numbers, but its dtype is <U1"),
    "boolean": (([True], [1]), TypeError, r"a must hold real numbers, but its dtype is bool"),
    "None": (([1, 2], None), TypeError, r"b must hold real numbers, but its dtype is object"),
}


@pytest.mark.parametrize("way", [*WAYS, correlate])
@pytest.mark.parametrize(("arrays", "error", "sentence"), BAD.values(), ids=BAD)
def test_what_is_no_signal_and_no_image_is_named(way, arrays, error, sentence):
    with pytest.raises(error, match=sentence):
        way(*arrays)


@pytest.mark.parametrize("way", [convolve, correlate])
@pytest.mark.parametrize("mode", ["Full", "reflect", None, 1])
def test_an_unknown_mode_is_named(way, mode):
    with pytest.raises(ValueError, match=rf"mode={mode!r} but must be one of full, same, valid"):
        way([1, 2], [1], mode=mode)


@pytest.mark.parametrize(
    ("x", "kernel_size", "error", "sentence"),
    [
        ([1, 2], 3, ValueError, r"covers 3 inputs but the padded input has 2"),
        (np.ones((3, 2)), (1, 3), ValueError, r"covers 3 inputs but the padded input has 2"),
        ([1, 2], 0, ValueError, r"kernel_size=0 but a layer needs at least 1"),
        ([1, 2], 1.0, TypeError, r"kernel_size must be an integer, but kernel_size=1\.0"),
        ([1, 2], (1, 1), ValueError, r"one for each of 1 axes, but kernel_size=\(1, 1\)"),
        (np.ones((1, 3, 3)), 1, ValueError, r"x must be a signal or an image.*x\.shape=\(1, 3, 3\)"),
    ],
)
def test_windows_that_do_not_fit_are_named(x, kernel_size, error, sentence):
    with pytest.raises(error, match=sentence):
        im2col(x, kernel_size)
