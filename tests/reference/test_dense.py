import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.checks import assert_gradients_match
from course_utils.reference import dense, dense_backward

sizes = st.integers(1, 6)


def draw(rng, *shapes, dtype=np.float64):
    return tuple(rng.standard_normal(shape).astype(dtype) for shape in shapes)


def test_a_layer_worked_by_hand():
    z = dense([[1.0, 2.0]], [[3.0, 4.0], [0.0, -1.0], [1.0, 1.0]], [0.5, 0.0, -3.0])
    np.testing.assert_array_equal(z, [[11.5, -2.0, 0.0]])


@given(batch=sizes, inputs=sizes, outputs=sizes, seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_values_and_gradients_are_those_of_torch(batch, inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    x, W, b, z_bar = draw(rng, (batch, inputs), (outputs, inputs), outputs, (batch, outputs))
    tensors = [torch.tensor(value, requires_grad=True) for value in (x, W, b)]
    z = torch.nn.functional.linear(*tensors)
    z.backward(torch.tensor(z_bar))
    np.testing.assert_allclose(dense(x, W, b), z.detach(), atol=1e-10)
    for gradient, tensor in zip(dense_backward(z_bar, x, W, b), tensors, strict=True):
        np.testing.assert_allclose(gradient, tensor.grad, atol=1e-10)


@pytest.mark.parametrize("batch", [1, 4])
def test_gradients_are_those_of_central_differences(batch):
    rng = np.random.default_rng(batch)
    assert_gradients_match(dense, dense_backward, *draw(rng, (batch, 3), (2, 3), 2), rng=rng)


def test_float32_stays_and_integers_become_float64():
    singles = draw(np.random.default_rng(0), (4, 3), (2, 3), 2, dtype=np.float32)
    z = dense(*singles)
    assert z.dtype == np.float32
    assert [gradient.dtype for gradient in dense_backward(z, *singles)] == [np.float32] * 3
    assert dense([[1, 2]], [[1, 1]], [0]).dtype == np.float64


def test_arguments_are_not_changed():
    arguments = draw(np.random.default_rng(0), (4, 2), (4, 3), (2, 3), 2)
    before = [value.copy() for value in arguments]
    dense_backward(*arguments)
    for value, kept in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(value, kept)


BAD = {
    "x has 3 features": (
        ((4, 3), (5, 2), (5,)),
        r"x has 3 features but W expects 2 \(x\.shape=\(4, 3\), W\.shape=\(5, 2\)\)",
    ),
    "b too short": (
        ((4, 2), (5, 2), (1,)),
        r"b has 1 biases but W has 5 units \(b\.shape=\(1,\), W\.shape=\(5, 2\)\)",
    ),
    "x without a batch": (
        ((2,), (5, 2), (5,)),
        r"x must have 2 axes \(batch, inputs\), but x\.shape=\(2,\).*x\[None, :\]",
    ),
    "W with one axis": (((4, 2), (2,), (5,)), r"W must have 2 axes \(outputs, inputs\), but W\.shape=\(2,\)"),
    "b with two axes": (((4, 2), (5, 2), (5, 1)), r"b must have 1 axis \(outputs,\), but b\.shape=\(5, 1\)"),
    "empty batch": (((0, 2), (5, 2), (5,)), r"x is empty \(x\.shape=\(0, 2\)\)"),
}


@pytest.mark.parametrize(("shapes", "sentence"), BAD.values(), ids=BAD)
def test_shapes_that_do_not_fit_are_named(shapes, sentence):
    arguments = [np.ones(shape) for shape in shapes]
    with pytest.raises(ValueError, match=sentence):
        dense(*arguments)
    with pytest.raises(ValueError, match=sentence):
        dense_backward(np.ones((4, 5)), *arguments)


@pytest.mark.parametrize("shape", [(4, 2), (1, 5), (5, 4)])
def test_a_gradient_of_another_shape_is_named(shape):
    with pytest.raises(
        ValueError, match=r"z_bar\.shape=.* and \(batch, outputs\) is \(4, 5\) .*W\.shape=\(5, 2\)"
    ):
        dense_backward(np.ones(shape), np.ones((4, 2)), np.ones((5, 2)), np.ones(5))


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("dtype", [object, str, bool, complex])
def test_a_wrong_dtype_is_named(place, dtype):
    arguments = [np.ones((4, 2)), np.ones((5, 2)), np.ones(5)]
    arguments[place] = arguments[place].astype(dtype)
    with pytest.raises(TypeError, match=f"{'xWb'[place]} must hold real numbers, but its dtype is"):
        dense(*arguments)
