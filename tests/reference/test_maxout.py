import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.checks import assert_gradients_match
from course_utils.reference import conv2d, dense, dense_backward, maxout, maxout_backward, relu
from tests.reference.refusals import assert_one_sentence

sizes = st.integers(1, 5)


def draw(rng, batch=4, inputs=3, outputs=2, pieces=3):
    return (
        rng.standard_normal((batch, inputs)),
        rng.standard_normal((pieces, outputs, inputs)),
        rng.standard_normal((pieces, outputs)),
    )


def test_a_layer_worked_by_hand():
    x = [[1.0, 2.0], [-1.0, 0.0]]
    W = [[[1.0, 1.0], [0.0, 1.0]], [[2.0, -1.0], [-3.0, 0.0]]]  # two pieces of two units
    b = [[0.0, -1.0], [0.5, 1.0]]
    # pieces of (1, 2): 3 and 1, then 0.5 and -2; of (-1, 0): -1 and -1, then -1.5 and 4
    np.testing.assert_array_equal(maxout(x, W, b), [[3, 1], [-1, 4]])
    x_bar, W_bar, b_bar = maxout_backward([[1.0, 10.0], [100.0, 1000.0]], x, W, b)
    np.testing.assert_array_equal(x_bar, [[1, 11], [-2900, 100]])
    np.testing.assert_array_equal(W_bar, [[[-99, 2], [10, 20]], [[0, 0], [-1000, 0]]])
    np.testing.assert_array_equal(b_bar, [[101, 10], [0, 1000]])


@given(batch=sizes, inputs=sizes, outputs=sizes, pieces=sizes, seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=50)
def test_values_and_gradients_are_those_of_torch(batch, inputs, outputs, pieces, seed):
    rng = np.random.default_rng(seed)
    arrays = draw(rng, batch, inputs, outputs, pieces)
    h_bar = rng.standard_normal((batch, outputs))
    x, W, b = (torch.tensor(array, requires_grad=True) for array in arrays)
    h = torch.stack([torch.nn.functional.linear(x, *piece) for piece in zip(W, b, strict=True)]).amax(0)
    h.backward(torch.tensor(h_bar))
    np.testing.assert_allclose(maxout(*arrays), h.detach(), atol=1e-12)
    for ours, theirs in zip(maxout_backward(h_bar, *arrays), (x, W, b), strict=True):
        np.testing.assert_allclose(ours, theirs.grad, atol=1e-12)


def test_gradients_are_those_of_central_differences():
    rng = np.random.default_rng(0)
    assert_gradients_match(maxout, maxout_backward, *draw(rng), rng=rng)


def test_one_piece_is_a_dense_layer():
    rng = np.random.default_rng(0)
    x, W, b = draw(rng, pieces=1)
    h_bar = rng.standard_normal((4, 2))
    np.testing.assert_allclose(maxout(x, W, b), dense(x, W[0], b[0]), atol=1e-14)
    ours = maxout_backward(h_bar, x, W, b)
    for gradient, expected in zip(ours, dense_backward(h_bar, x, W[0], b[0]), strict=True):
        np.testing.assert_allclose(gradient.reshape(expected.shape), expected, atol=1e-14)


def test_maxout_is_max_pooling_over_feature_maps():
    """The deck's first view: pieces are feature maps, and the largest is taken over maps, not over places."""
    rng = np.random.default_rng(0)
    pieces, outputs, channels, kernel = 3, 2, 2, 3
    images = rng.standard_normal((2, channels, 6, 5))
    W = rng.standard_normal((pieces, outputs, channels, kernel, kernel))
    b = rng.standard_normal((pieces, outputs))
    maps = conv2d(images, W.reshape(-1, channels, kernel, kernel), b.ravel())
    largest = maps.reshape(2, pieces, outputs, 4, 3).max(axis=1)

    windows = np.lib.stride_tricks.sliding_window_view(images, (kernel, kernel), axis=(2, 3))
    places = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, channels * kernel**2)
    h = maxout(places, W.reshape(pieces, outputs, -1), b)
    np.testing.assert_allclose(h.reshape(2, 4, 3, outputs).transpose(0, 3, 1, 2), largest, atol=1e-12)


def test_relu_is_maxout_with_a_piece_that_is_zero():
    """The deck's second view: like ReLU, but with several linear functions."""
    rng = np.random.default_rng(0)
    x, W, b = rng.standard_normal((50, 3)), rng.standard_normal((4, 3)), rng.standard_normal(4)
    h = maxout(x, np.stack([W, np.zeros_like(W)]), np.stack([b, np.zeros_like(b)]))
    assert 0 < np.count_nonzero(h) < h.size
    np.testing.assert_array_equal(h, relu(dense(x, W, b)))


def test_two_lines_are_the_absolute_value():
    x = np.linspace(-2, 2, 9)[:, None]
    np.testing.assert_array_equal(maxout(x, [[[1.0]], [[-1.0]]], [[0.0], [0.0]]), np.abs(x))


@pytest.mark.parametrize("pieces", [3, 5, 9])
def test_tangents_come_as_near_to_a_parabola_as_their_number_allows(pieces):
    # tangents at a distance d meet half way between, where they lie d^2 / 4 below the parabola
    at = np.linspace(-1, 1, pieces)
    x = np.linspace(-1, 1, 401)[:, None]
    h = maxout(x, 2 * at[:, None, None], -(at[:, None] ** 2))
    assert (x**2 - h).min() > -1e-12
    assert (x**2 - h).max() == pytest.approx((at[1] - at[0]) ** 2 / 4, rel=1e-9)


def test_a_unit_is_convex_and_made_of_straight_pieces():
    rng = np.random.default_rng(0)
    _, W, b = draw(rng, inputs=1, outputs=4, pieces=5)
    x = np.linspace(-3, 3, 601)[:, None]
    bends = np.diff(maxout(x, W, b), n=2, axis=0)
    assert bends.min() > -1e-12
    # five lines meet in at most four kinks, and a kink lies between points of at most two second differences
    assert np.count_nonzero(bends > 1e-9, axis=0).max() <= 8
    assert np.count_nonzero(bends > 1e-9) > 0


def test_of_equal_pieces_the_first_gets_the_gradient():
    x, W, b = np.ones((1, 2)), np.ones((3, 1, 2)), np.zeros((3, 1))
    W[0] = 0.5  # the second and the third are the largest, and equal
    x_bar, W_bar, b_bar = maxout_backward([[2.0]], x, W, b)
    np.testing.assert_array_equal(b_bar, [[0], [2], [0]])
    np.testing.assert_array_equal(W_bar, [[[0, 0]], [[2, 2]], [[0, 0]]])
    np.testing.assert_array_equal(x_bar, [[2, 2]])


def test_float32_stays_integers_become_float64_and_nothing_is_changed():
    arrays = [array.astype(np.float32) for array in draw(np.random.default_rng(0))]
    before = [array.copy() for array in arrays]
    h = maxout(*arrays)
    gradients = maxout_backward(h, *arrays)
    assert [each.dtype for each in (h, *gradients)] == [np.float32] * 4
    assert [each.shape for each in gradients] == [each.shape for each in arrays]
    for array, kept in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, kept)
    assert maxout([[1, 2]], [[[1, 1]]], [[0]]).dtype == np.float64


BAD = {
    "inputs": (
        ((4, 2), (3, 5, 7), (3, 5)),
        r"x has 2 features but W expects 7 \(x\.shape=\(4, 2\), W\.shape=\(3, 5, 7\)\); W has shape \(pieces",
    ),
    "units of b": (
        ((4, 2), (3, 5, 2), (3, 1)),
        r"b must have a bias for each piece of each unit, but b\.shape=\(3, 1\) and W\.shape=\(3, 5, 2\); b",
    ),
    "pieces of b": (((4, 2), (3, 5, 2), (1, 5)), r"b\.shape=\(1, 5\) and W\.shape=\(3, 5, 2\)"),
    "axes of W": (((4, 2), (5, 2), (3, 5)), r"W must have 3 axes \(pieces, outputs, inputs\), but"),
    "axes of b": (((4, 2), (3, 5, 2), (5,)), r"b must have 2 axes \(pieces, outputs\), but b\.shape=\(5,\)"),
    "no batch": (((2,), (3, 5, 2), (3, 5)), r"x must have 2 axes \(batch, inputs\), but .*x\[None, :\]"),
    "no piece": (((4, 2), (0, 5, 2), (0, 5)), r"W is empty \(W\.shape=\(0, 5, 2\)\); give"),
}


@pytest.mark.parametrize(("shapes", "sentence"), BAD.values(), ids=BAD)
def test_shapes_that_do_not_fit_are_refused(shapes, sentence):
    arrays = [np.ones(shape) for shape in shapes]
    for call in (lambda: maxout(*arrays), lambda: maxout_backward(np.ones((4, 5)), *arrays)):
        with pytest.raises(ValueError, match=sentence) as caught:
            call()
        assert_one_sentence(caught)


@pytest.mark.parametrize("shape", [(1, 2), (4, 1), (4, 3)])
def test_a_gradient_of_another_shape_is_refused(shape):
    sentence = (
        rf"h_bar\.shape=\({shape[0]}, {shape[1]}\) and \(batch, outputs\) is \(4, 2\); pass the gradient"
    )
    with pytest.raises(ValueError, match=sentence) as caught:
        maxout_backward(np.ones(shape), *draw(np.random.default_rng(0)))
    assert_one_sentence(caught)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_arrays_that_hold_no_real_numbers_are_refused(place):
    arrays = [
        array.astype(complex) if n == place else array
        for n, array in enumerate(draw(np.random.default_rng(0)))
    ]
    with pytest.raises(
        TypeError, match=f"{'xWb'[place]} must hold real numbers, but its dtype is complex128"
    ):
        maxout(*arrays)
