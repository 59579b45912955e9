import numpy as np
import pytest
import torch

from course_utils.reference import initial_weights
from tests.reference.refusals import assert_one_sentence

SHAPES = ((300, 500), (120, 20, 5, 5), (400, 100, 3))


def standard_deviation(shape, scheme):
    """Return what PyTorch takes the standard deviation for."""
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    return {"glorot": (2 / (fan_in + fan_out)) ** 0.5, "he": (2 / fan_in) ** 0.5, "lecun": fan_in**-0.5}[
        scheme
    ]


@pytest.mark.parametrize("scheme", ["glorot", "he", "lecun"])
@pytest.mark.parametrize("shape", [*SHAPES, (1, 1), (2, 7)])
def test_a_scheme_scales_the_same_normal_numbers(shape, scheme):
    W = initial_weights(shape, scheme, np.random.default_rng(4))
    normal = np.random.default_rng(4).standard_normal(shape)
    assert W.dtype == np.float64
    np.testing.assert_allclose(W, standard_deviation(shape, scheme) * normal, rtol=1e-12)


@pytest.mark.parametrize("scheme", ["glorot", "he", "lecun", 0.3])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_weights_have_mean_zero_and_the_spread_of_their_scheme(shape, scheme):
    # of n >= 60 000 normal numbers the mean is off by 1 / sqrt(n) = 0.004 and the deviation by 0.003, both in
    # units of the deviation; 0.025 is six times as much
    W = initial_weights(shape, scheme, np.random.default_rng(0))
    expected = scheme if isinstance(scheme, float) else standard_deviation(shape, scheme)
    assert abs(W.mean()) < 0.025 * expected
    assert W.std() == pytest.approx(expected, rel=0.025)


def test_a_number_is_the_standard_deviation_and_zero_makes_every_unit_the_same():
    normal = np.random.default_rng(1).standard_normal((3, 2))
    for scheme in (0.5, 2, np.float32(0.5)):
        W = initial_weights((3, 2), scheme, np.random.default_rng(1))
        np.testing.assert_array_equal(W, scheme * normal)
        assert W.dtype == np.float64
    np.testing.assert_array_equal(initial_weights((3, 2), 0, np.random.default_rng(1)), 0)


def test_signals_keep_their_spread_in_a_linear_layer_with_lecuns_weights():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((400, 300))
    z = x @ initial_weights((200, 300), "lecun", rng).T
    # the mean of z^2 follows that of the 60 000 squared weights, off by sqrt(2 / 60 000) = 0.006, and of 400
    # examples with a share of sqrt(2 / (400 * 300)) = 0.004 each way: 0.06 is some eight times as much
    assert np.mean(z**2) == pytest.approx(1, rel=0.06)


@pytest.mark.parametrize(
    ("shape", "scheme", "generator", "error", "sentence"),
    [
        (
            (3, 2),
            "xavier",
            np.random.default_rng(0),
            ValueError,
            "unknown scheme 'xavier'; the known ones are glorot, he, lecun, or give a number",
        ),
        (
            (3, 2),
            -0.1,
            np.random.default_rng(0),
            ValueError,
            r"scheme=-0\.1 but it must be finite and at least 0",
        ),
        ((3, 2), np.inf, np.random.default_rng(0), ValueError, "scheme=inf but it must be finite"),
        (
            (3, 2),
            None,
            np.random.default_rng(0),
            TypeError,
            "scheme must be a number, but scheme=None; give one",
        ),
        (
            (3,),
            "he",
            np.random.default_rng(0),
            ValueError,
            r"shape=\(3,\) has one axis but weights have two or more; give \(outputs, inputs\)",
        ),
        (3, "he", np.random.default_rng(0), ValueError, r"shape=\(3,\) has one axis but weights have two"),
        (
            (3, 0),
            "he",
            np.random.default_rng(0),
            ValueError,
            "a size of shape=0 but there must be at least 1",
        ),
        ((3, 2.0), "he", np.random.default_rng(0), TypeError, "a size of shape must be an integer, but"),
        (
            (3, 2),
            "he",
            0,
            TypeError,
            r"generator must be a random generator, but generator=0; pass np\.random",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(shape, scheme, generator, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        initial_weights(shape, scheme, generator)
    assert_one_sentence(caught)
