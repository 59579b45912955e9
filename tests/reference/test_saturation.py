from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch

from course_utils.reference import initial_weights, layer_gradients
from tests.reference.refusals import assert_one_sentence

TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def measured(activation, scheme, seed=0, **sizes):
    return layer_gradients(activation, scheme=scheme, generator=np.random.default_rng(seed), **sizes)


@pytest.mark.parametrize("activation", TORCH)
@pytest.mark.parametrize(
    ("scheme", "sizes"),
    [
        ("glorot", {}),
        ("he", {"layers": 3, "units": 7, "batch": 4}),
        (0.9, {"layers": 1, "units": 2, "batch": 1}),
    ],
)
def test_sizes_are_those_that_torch_measures(activation, scheme, sizes):
    layers, units, batch = (
        sizes.get(name, size) for name, size in (("layers", 10), ("units", 100), ("batch", 100))
    )
    rng = np.random.default_rng(0)
    h, t = torch.tensor(rng.standard_normal((2, batch, units)))
    z, spread, slope = [], [], []
    for _ in range(layers):
        W = torch.tensor(initial_weights((units, units), scheme, rng))
        z.append((h @ W.T).requires_grad_())
        h = TORCH[activation](z[-1])
        spread.append(h.std(correction=0).item())
        alone = z[-1].detach().requires_grad_()
        slope.append(torch.autograd.grad(TORCH[activation](alone).sum(), alone)[0].mean().item())
    gradients = torch.autograd.grad(0.5 * ((h - t) ** 2).sum() / batch, z)

    ours = measured(activation, scheme, **sizes)
    np.testing.assert_allclose(ours.spread, spread, rtol=1e-10)
    np.testing.assert_allclose(ours.slope, slope, rtol=1e-10)
    np.testing.assert_allclose(ours.gradient, [each.square().mean().sqrt() for each in gradients], rtol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_a_sigmoid_fades_and_that_of_tanh_and_relu_does_not(seed):
    # the slope of a sigmoid is at most 1 / 4: ten layers leave less than a thousandth of the gradient
    fading = measured("sigmoid", "glorot", seed)
    assert fading.slope.max() <= 0.25
    assert fading.gradient[0] < 1e-4 * fading.gradient[-1]
    assert (np.diff(fading.gradient) > 0).all()
    for activation, scheme in (("tanh", "glorot"), ("relu", "he")):
        kept = measured(activation, scheme, seed)
        assert kept.gradient.max() < 10 * kept.gradient.min()


def test_large_weights_saturate_and_small_ones_lose_the_signal():
    saturated, faint = measured("tanh", 1.0), measured("tanh", 0.01)
    assert saturated.slope.max() < 0.2
    assert saturated.spread.min() > 0.9
    assert faint.slope.min() > 0.9
    assert faint.spread[-1] < 1e-6 * faint.spread[0]  # each layer passes on about 0.01 * sqrt(100) of it


def test_a_generator_fixes_the_measurement():
    first, again, other = (measured("tanh", "glorot", seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.gradient, again.gradient)
    assert not np.array_equal(first.gradient, other.gradient)


def test_a_measurement_cannot_be_written():
    with pytest.raises(FrozenInstanceError):
        measured("tanh", "glorot", layers=1).gradient = np.zeros(1)


def test_measurements_are_told_apart_by_identity():
    first, second = (measured("tanh", "glorot", layers=2) for _ in range(2))
    assert first == first
    assert first != second  # comparing their arrays would raise, since several entries have no single truth


def test_sigmoid_is_another_name_of_the_logistic_function():
    np.testing.assert_array_equal(measured("sigmoid", "he").gradient, measured("logistic", "he").gradient)


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (
            {"activation": "swish"},
            ValueError,
            "unknown activation 'swish'; the known ones are identity, relu",
        ),
        ({"activation": ["tanh"]}, ValueError, r"unknown activation \['tanh'\]; the known ones are"),
        ({"layers": 0}, ValueError, "layers=0 but there must be at least 1; give a positive integer"),
        ({"units": -3}, ValueError, "units=-3 but there must be at least 1"),
        ({"batch": 2.0}, TypeError, r"batch must be an integer, but batch=2\.0; give"),
        ({"scheme": "xavier"}, ValueError, "unknown scheme 'xavier'; the known ones are glorot"),
        ({"generator": 3}, TypeError, "generator must be a random generator, but generator=3; pass"),
    ],
)
def test_what_makes_no_sense_is_refused(change, error, sentence):
    options = {"activation": "tanh", "scheme": "he", "generator": np.random.default_rng(0)} | change
    with pytest.raises(error, match=sentence) as caught:
        layer_gradients(options.pop("activation"), **options)
    assert_one_sentence(caught)
