import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax as scipy_softmax

from course_utils.checks import central_differences
from course_utils.reference import (
    logistic_cross_entropy,
    logistic_cross_entropy_backward,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    squared_error,
    squared_error_backward,
)

LOSSES = {
    "squared_error": (squared_error, squared_error_backward),
    "logistic_cross_entropy": (logistic_cross_entropy, logistic_cross_entropy_backward),
    "softmax_cross_entropy": (softmax_cross_entropy, softmax_cross_entropy_backward),
}


def torch_loss(name, z, t):
    if name == "squared_error":
        return ((z - torch.tensor(t)) ** 2).sum() / 2 / len(z)
    if name == "logistic_cross_entropy":
        entropies = torch.nn.functional.binary_cross_entropy_with_logits(
            z, torch.tensor(t, dtype=z.dtype), reduction="sum"
        )
        return entropies / len(z)
    return torch.nn.functional.cross_entropy(z, torch.tensor(t))


def draw(name, batch, outputs, scale, seed):
    rng = np.random.default_rng(seed)
    z = scale * rng.standard_normal((batch, outputs))
    targets = {
        "squared_error": rng.standard_normal((batch, outputs)),
        "logistic_cross_entropy": rng.integers(0, 2, (batch, outputs)),
        "softmax_cross_entropy": rng.integers(0, outputs, batch),
    }
    return z, targets[name]


@pytest.mark.parametrize("name", LOSSES)
@given(
    batch=st.integers(1, 5),
    outputs=st.integers(1, 5),
    scale=st.sampled_from([1, 1000]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(deadline=None, max_examples=30)
def test_values_and_gradients_are_those_of_torch(name, batch, outputs, scale, seed):
    forward, backward = LOSSES[name]
    z, t = draw(name, batch, outputs, scale, seed)
    logits = torch.tensor(z, requires_grad=True)
    loss = torch_loss(name, logits, t)
    loss.backward()
    np.testing.assert_allclose(forward(z, t), loss.item(), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(backward(1.0, z, t), logits.grad, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(backward(-2.5, z, t), -2.5 * logits.grad.numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("batch", [1, 3])
def test_gradients_are_those_of_central_differences(name, batch):
    forward, backward = LOSSES[name]
    z, t = draw(name, batch, 4, 1, seed=batch)
    numeric = central_differences(lambda v: forward(v, t), z)
    np.testing.assert_allclose(backward(1.0, z, t), numeric, atol=1e-9)


def test_losses_worked_by_hand():
    assert squared_error([[1.0, 2.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 4.0]]) == pytest.approx((2.5 + 8) / 2)
    assert squared_error([3.0, 1.0], [1, 1]) == 1.0
    assert logistic_cross_entropy([0.0, 0.0], [0, 1]) == pytest.approx(np.log(2))
    assert softmax_cross_entropy(np.zeros((2, 4)), [0, 3]) == pytest.approx(np.log(4))


def test_the_gradient_of_each_loss_is_output_minus_target_over_the_batch():
    np.testing.assert_allclose(squared_error_backward(1, [3.0, 1.0], [1.0, 2.0]), [1.0, -0.5])
    np.testing.assert_allclose(logistic_cross_entropy_backward(1, [0.0, 0.0], [0, 1]), [0.25, -0.25])
    np.testing.assert_allclose(softmax_cross_entropy_backward(1, [[0.0, 0.0]], [1]), [[0.5, -0.5]])


def test_a_batch_repeated_has_the_same_loss():
    for name, (forward, _) in LOSSES.items():
        z, t = draw(name, 3, 4, 1, seed=5)
        assert forward(np.concatenate([z, z]), np.concatenate([t, t])) == pytest.approx(forward(z, t))


def test_extreme_logits_give_the_limit():
    assert logistic_cross_entropy([1000.0], [1]) == 0
    assert logistic_cross_entropy([1000.0], [0]) == 1000
    assert logistic_cross_entropy([-1000.0], [1]) == 1000
    assert logistic_cross_entropy([40.0], [1]) == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert softmax_cross_entropy([[1000.0, -1000.0]], [0]) == 0
    assert softmax_cross_entropy([[1000.0, -1000.0]], [1]) == 2000
    np.testing.assert_array_equal(softmax([[1000.0, -1000.0], [-1000.0, -1000.0]]), [[1, 0], [0.5, 0.5]])


def test_softmax_is_scipys_row_by_row():
    z = np.random.default_rng(0).standard_normal((5, 3)) * 10
    np.testing.assert_allclose(softmax(z), scipy_softmax(z, axis=1), rtol=1e-12)
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_a_float_and_gradients_keep_float32(name):
    forward, backward = LOSSES[name]
    z, t = draw(name, 3, 4, 1, seed=0)
    z = z.astype(np.float32)
    assert type(forward(z, t)) is float
    assert backward(np.float64(1), z, t).dtype == np.float32


def test_softmax_keeps_float32():
    assert softmax(np.zeros((2, 3), np.float32)).dtype == np.float32


@pytest.mark.parametrize("name", LOSSES)
def test_arguments_are_not_changed(name):
    forward, backward = LOSSES[name]
    z, t = draw(name, 3, 4, 1, seed=0)
    before = z.copy(), t.copy()
    forward(z, t)
    backward(1.0, z, t)
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(t, before[1])


def both(name):
    forward, backward = LOSSES[name]
    return forward, lambda z, t: backward(1.0, z, t)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("which", [0, 1])
def test_nan_is_counted(name, which):
    z, t = draw(name, 3, 4, 1, seed=0)
    z[0, 0] = z[2, 1] = np.nan
    with pytest.raises(ValueError, match=r"^[yz] holds 2 NaN among its 12 entries; np\.isnan\([yz]\) shows"):
        both(name)[which](z, t)


@pytest.mark.parametrize("which", [0, 1])
def test_nan_in_the_targets_is_counted(which):
    with pytest.raises(ValueError, match=r"t holds 1 NaN among its 3 entries"):
        both("squared_error")[which]([1.0, 2.0, 3.0], [1.0, np.nan, 3.0])


def test_softmax_refuses_nan():
    with pytest.raises(ValueError, match="z holds 1 NaN among its 2 entries"):
        softmax([[0.0, np.nan]])


@pytest.mark.parametrize("name", ["squared_error", "logistic_cross_entropy"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_column_against_a_row_is_refused(name, which):
    with pytest.raises(
        ValueError, match=r"must have the same shape, but [yz]\.shape=\(4, 1\) and t\.shape=\(4,\)"
    ):
        both(name)[which](np.ones((4, 1)), np.ones(4))


@pytest.mark.parametrize("name", ["squared_error", "logistic_cross_entropy"])
def test_single_numbers_are_refused(name):
    with pytest.raises(ValueError, match="are single numbers but a loss needs a batch"):
        LOSSES[name][0](1.0, 1.0)


@pytest.mark.parametrize("name", LOSSES)
def test_empty_arrays_are_refused(name):
    with pytest.raises(ValueError, match=r"[yz] is empty \([yz]\.shape=\(0, 3\)\)"):
        LOSSES[name][0](np.ones((0, 3)), np.ones((0, 3), int))


@pytest.mark.parametrize("label", [-1, 2, 0.5])
def test_a_label_that_is_neither_0_nor_1_is_named(label):
    with pytest.raises(
        ValueError, match=rf"t holds the label {label} but a logistic output has labels 0 and 1"
    ):
        logistic_cross_entropy([0.0, 1.0], [0, label])


@pytest.mark.parametrize("label", [-1, 3])
@pytest.mark.parametrize("which", [0, 1])
def test_a_class_out_of_range_is_named(label, which):
    with pytest.raises(
        ValueError, match=f"t holds the label {label} but there are 3 classes; labels run from 0 to 2"
    ):
        both("softmax_cross_entropy")[which](np.zeros((2, 3)), [0, label])


@pytest.mark.parametrize("t", [[0.0, 1.0], [True, False], ["0", "1"], [None, 1]])
def test_classes_must_be_integers(t):
    with pytest.raises(TypeError, match=r"t must hold integer labels, but its dtype is .*astype\(int\)"):
        softmax_cross_entropy(np.zeros((2, 3)), t)


def test_one_label_for_each_example():
    with pytest.raises(ValueError, match="t has 3 labels but there are 2 examples"):
        softmax_cross_entropy(np.zeros((2, 3)), [0, 1, 2])
    with pytest.raises(ValueError, match=r"t must have 1 axis \(batch,\), but t\.shape=\(2, 1\)"):
        softmax_cross_entropy(np.zeros((2, 3)), [[0], [1]])
    with pytest.raises(ValueError, match=r"z must have 2 axes \(batch, classes\), but z\.shape=\(3,\)"):
        softmax(np.zeros(3))


@pytest.mark.parametrize("dtype", [object, str, bool])
@pytest.mark.parametrize("name", LOSSES)
def test_outputs_must_be_numbers(name, dtype):
    with pytest.raises(TypeError, match=r"[yz] must hold real numbers, but its dtype is"):
        LOSSES[name][0](np.ones((2, 3)).astype(dtype), np.ones((2, 3)))
