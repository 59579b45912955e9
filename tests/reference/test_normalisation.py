import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.checks import assert_gradients_match
from course_utils.reference import (
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    running_statistics,
)
from tests.reference.refusals import assert_one_sentence

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
SHAPES = ((2, 1), (7, 3), (40, 5), (2, 3, 4, 5), (1, 2, 3, 3), (5, 4, 1, 1), (3, 1, 2, 6))
cases = {
    "shape": st.sampled_from(SHAPES),
    "seed": st.integers(0, 2**32 - 1),
    "epsilon": st.sampled_from([1e-5, 1e-3, 0.5]),
}


def draw(shape, seed=0):
    """Draw inputs of some mean and spread, and a scale and a shift for each feature."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3) + rng.uniform(0.5, 3) * rng.standard_normal(shape)
    return x, *rng.standard_normal((2, shape[1]))


@given(**cases)
@settings(deadline=None, max_examples=60)
def test_values_and_gradients_are_those_of_torch(shape, seed, epsilon):
    arrays = draw(shape, seed)
    y_bar = np.random.default_rng(seed).standard_normal(shape)
    x, gamma, beta = (torch.tensor(array, requires_grad=True) for array in arrays)
    y = torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=epsilon)
    y.backward(torch.tensor(y_bar))
    np.testing.assert_allclose(batch_norm(*arrays, epsilon=epsilon), y.detach(), **CLOSE)
    for ours, theirs in zip(
        batch_norm_backward(y_bar, *arrays, epsilon=epsilon), (x, gamma, beta), strict=True
    ):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs.grad, **CLOSE)


@given(momentum=st.sampled_from([0.0, 0.1, 0.7, 1.0]), **cases)
@settings(deadline=None, max_examples=40)
def test_running_statistics_and_inference_are_those_of_torch(momentum, shape, seed, epsilon):
    x, gamma, beta = draw(shape, seed)
    kind = torch.nn.BatchNorm1d if x.ndim == 2 else torch.nn.BatchNorm2d
    layer = kind(shape[1], eps=epsilon, momentum=momentum, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(gamma))
        layer.bias.copy_(torch.tensor(beta))
    mean, variance = np.zeros(shape[1]), np.ones(shape[1])
    for scale in (1.0, 2.0, -0.5):
        mean, variance = running_statistics(mean, variance, scale * x, momentum=momentum)
        layer(torch.tensor(scale * x))
    assert mean.shape == variance.shape == (shape[1],)
    np.testing.assert_allclose(mean, layer.running_mean, **CLOSE)
    np.testing.assert_allclose(variance, layer.running_var, **CLOSE)
    ours = batch_norm_inference(x, gamma, beta, mean, variance, epsilon=epsilon)
    np.testing.assert_allclose(ours, layer.eval()(torch.tensor(x)).detach(), **CLOSE)


def test_the_defaults_are_those_of_torch():
    x = draw((4, 3))[0]
    x *= 0.01  # so small a spread that epsilon shows
    layer = torch.nn.BatchNorm1d(3, dtype=torch.float64)
    y = layer(torch.tensor(x))
    np.testing.assert_allclose(batch_norm(x, np.ones(3), np.zeros(3)), y.detach(), **CLOSE)
    mean, variance = running_statistics(np.zeros(3), np.ones(3), x)
    np.testing.assert_allclose(mean, layer.running_mean, **CLOSE)
    np.testing.assert_allclose(variance, layer.running_var, **CLOSE)
    tiny = np.full(3, 1e-5)  # a variance as small as epsilon
    layer.running_var.copy_(torch.tensor(tiny))
    ours = batch_norm_inference(x, np.ones(3), np.zeros(3), mean, tiny)
    np.testing.assert_allclose(ours, layer.eval()(torch.tensor(x)).detach(), **CLOSE)
    inputs = torch.tensor(x, requires_grad=True)
    torch.nn.functional.batch_norm(inputs, None, None, training=True).backward(
        torch.tensor(draw((4, 3), 1)[0])
    )
    x_bar, _, _ = batch_norm_backward(draw((4, 3), 1)[0], x, np.ones(3), np.zeros(3))
    np.testing.assert_allclose(x_bar, inputs.grad, **CLOSE)


def test_a_batch_worked_by_hand():
    x, gamma, beta = np.array([[1.0], [3.0], [5.0], [7.0]]), np.array([2.0]), np.array([10.0])
    # mean 4 and variance 5; with 4 for epsilon the deviation is 3
    np.testing.assert_allclose(batch_norm(x, gamma, beta, epsilon=4), [[8], [10 - 2 / 3], [10 + 2 / 3], [12]])
    x_bar, gamma_bar, beta_bar = batch_norm_backward([[1.0], [0.0], [0.0], [0.0]], x, gamma, beta, epsilon=4)
    np.testing.assert_allclose(gamma_bar, [-1])
    np.testing.assert_allclose(beta_bar, [1])
    # 2 / 3 of: y_bar less its mean 1/4, less x_hat times -1/4
    np.testing.assert_allclose(x_bar.ravel(), np.array([1 / 2, -1 / 3, -1 / 6, 0]) * 2 / 3, atol=1e-15)
    mean, variance = running_statistics([0.0], [1.0], x)
    np.testing.assert_allclose(mean, [0.4])
    np.testing.assert_allclose(variance, [0.9 + 20 / 3 / 10])  # 20 / 3 is unbiased, 20 / 4 is not


@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 2, 4)])
def test_gradients_are_those_of_central_differences(shape):
    rng = np.random.default_rng(0)
    assert_gradients_match(batch_norm, batch_norm_backward, *draw(shape), rng=rng)


@pytest.mark.parametrize("shape", [(50, 3), (6, 3, 4, 5)])
def test_each_feature_has_the_mean_and_spread_that_are_learned(shape):
    x, gamma, beta = draw(shape)
    y = np.moveaxis(batch_norm(x, gamma, beta, epsilon=1e-12), 1, 0).reshape(3, -1)
    np.testing.assert_allclose(y.mean(axis=1), beta, atol=1e-10)
    np.testing.assert_allclose(y.std(axis=1), np.abs(gamma), rtol=1e-10)


def test_a_shift_and_a_stretch_of_a_feature_change_nothing():
    x, gamma, beta = draw((20, 3))
    y = batch_norm(x, gamma, beta, epsilon=1e-12)
    np.testing.assert_allclose(batch_norm(5 * x - 3, gamma, beta, epsilon=1e-12), y, atol=1e-9)
    x_bar, _, _ = batch_norm_backward(draw((20, 3), 1)[0], x, gamma, beta, epsilon=1e-12)
    np.testing.assert_allclose(x_bar.sum(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose((x_bar * x).sum(axis=0), 0, atol=1e-10)


def test_a_constant_feature_becomes_beta():
    y = batch_norm(np.full((4, 2), 7.0), [3.0, 3.0], [1.0, -1.0])
    np.testing.assert_array_equal(y, np.tile([1.0, -1.0], (4, 1)))


def test_inference_does_not_mix_examples():
    x, gamma, beta = draw((6, 3))
    mean, variance = [1.0, 2.0, 3.0], [1.0, 0.0, 2.0]  # a variance of 0 will do, thanks to epsilon
    together = batch_norm_inference(x, gamma, beta, mean, variance)
    for n in range(6):
        alone = batch_norm_inference(x[n : n + 1], gamma, beta, mean, variance)
        np.testing.assert_array_equal(alone[0], together[n])


@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 2, 4)])
def test_float32_stays_float32_and_nothing_is_changed(shape):
    x, gamma, beta = (array.astype(np.float32) for array in draw(shape))
    ones = np.ones(3, np.float32)
    held = [x, gamma, beta, ones]
    before = [array.copy() for array in held]
    epsilon, momentum = np.float64(1e-5), np.float64(0.1)
    results = [
        batch_norm(x, gamma, beta, epsilon=epsilon),
        *batch_norm_backward(x, x, gamma, beta, epsilon=epsilon),
        batch_norm_inference(x, gamma, beta, ones, ones, epsilon=epsilon),
        *running_statistics(ones, ones, x, momentum=momentum),
    ]
    assert [each.dtype for each in results] == [np.float32] * 7
    for each in results:
        each[...] = 9
    for array, kept in zip(held, before, strict=True):
        np.testing.assert_array_equal(array, kept)


def calls(x, gamma, beta, y_bar=None, **options):
    """List the ways to normalise a batch and its statistics, each with the same arguments."""
    return {
        "forward": lambda: batch_norm(x, gamma, beta, **options),
        "backward": lambda: batch_norm_backward(
            np.ones(np.shape(x)) if y_bar is None else y_bar, x, gamma, beta, **options
        ),
        "inference": lambda: batch_norm_inference(x, gamma, beta, gamma, np.abs(beta), **options),
    }


def refused(call, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        call()
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("x", "gamma", "beta", "error", "sentence"),
    [
        (
            np.ones((4, 3)),
            np.ones(2),
            np.ones(3),
            ValueError,
            r"gamma has 2 entries but x has 3 features \(x\.shape=\(4, 3\)\); give one entry for each",
        ),
        (
            np.ones((4, 3, 2, 2)),
            np.ones(3),
            np.ones(1),
            ValueError,
            "beta has 1 entries but x has 3 channels",
        ),
        (
            np.ones((4, 3)),
            np.ones((1, 3)),
            np.ones(3),
            ValueError,
            r"gamma must have 1 axis \(features,\), but gamma\.shape=\(1, 3\)",
        ),
        (
            np.ones((4, 3, 5)),
            np.ones(3),
            np.ones(3),
            ValueError,
            r"x must be \(batch, features\) or \(batch, channels, height, width\), but x\.shape=\(4, 3, 5\);",
        ),
        (np.ones((0, 3)), np.ones(3), np.ones(3), ValueError, r"x is empty \(x\.shape=\(0, 3\)\); give"),
        (np.ones((4, 3), bool), np.ones(3), np.ones(3), TypeError, "x must hold real numbers, but its dtype"),
        (np.ones((4, 3)), np.ones(3), np.ones(3, complex), TypeError, "beta must hold real numbers, but its"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(x, gamma, beta, error, sentence):
    for call in calls(x, gamma, beta).values():
        refused(call, error, sentence)


@pytest.mark.parametrize("epsilon", [0, -1e-5, np.nan])
def test_an_epsilon_that_is_not_positive_is_refused(epsilon):
    for call in calls(*draw((4, 3)), epsilon=epsilon).values():
        refused(call, ValueError, r"epsilon=.* but it must be finite and larger than 0; give")


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)])
def test_a_batch_with_one_value_a_feature_is_refused_in_training_only(shape):
    x = np.ones(shape)
    ways = calls(x, np.ones(3), np.zeros(3))
    sentence = (
        r"each feature has one value in this batch \(x\.shape=.*\) but a variance needs two; give a larger"
    )
    for call in (ways["forward"], ways["backward"], lambda: running_statistics(np.ones(3), np.ones(3), x)):
        refused(call, ValueError, sentence)
    np.testing.assert_array_equal(ways["inference"](), np.zeros(shape))


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (3,)])
def test_a_gradient_of_another_shape_is_refused(shape):
    call = calls(*draw((4, 3)), y_bar=np.ones(shape))["backward"]
    refused(call, ValueError, r"y_bar and x must have the same shape, but y_bar\.shape=.* x\.shape=\(4, 3\)")


def test_a_negative_variance_is_refused():
    x, gamma, beta = draw((4, 3))
    mean, variance = np.zeros(3), np.array([1.0, -0.5, 1.0])
    for call in (
        lambda: batch_norm_inference(x, gamma, beta, mean, variance),
        lambda: running_statistics(mean, variance, x),
    ):
        refused(call, ValueError, r"variance holds -0\.5 but a variance is at least 0; check that mean and")


@pytest.mark.parametrize(
    ("mean", "variance", "momentum", "error", "sentence"),
    [
        (np.zeros(2), np.ones(3), 0.1, ValueError, "mean has 2 entries but x has 3 features"),
        (np.zeros(3), np.ones(4), 0.1, ValueError, "variance has 4 entries but x has 3 features"),
        (np.zeros(3), np.ones(3), -0.1, ValueError, r"momentum=-0\.1 but it must be from 0 to 1; give"),
        (np.zeros(3), np.ones(3), 1.1, ValueError, r"momentum=1\.1 but it must be from 0 to 1"),
        (np.zeros(3), np.ones(3), np.nan, ValueError, "momentum=nan but it must be from 0 to 1"),
        (np.zeros(3), np.ones(3), None, TypeError, "momentum must be a number, but momentum=None; give"),
    ],
)
def test_running_statistics_that_do_not_fit_are_refused(mean, variance, momentum, error, sentence):
    refused(lambda: running_statistics(mean, variance, np.eye(3), momentum=momentum), error, sentence)
