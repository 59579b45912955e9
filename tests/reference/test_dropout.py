from itertools import product

import numpy as np
import pytest

from course_utils.checks import assert_gradients_match
from course_utils.reference import dense, dropout, dropout_backward, dropout_mask, softmax
from tests.reference.refusals import assert_one_sentence

RATES = (0.0, 0.2, 0.5, 0.9)  # the deck's 0.2 for inputs and 0.5 for hidden units among them


def generator(seed=0):
    return np.random.default_rng(seed)


def every_mask(inputs, rate):
    """List all masks of some inputs, each with its probability."""
    masks = np.array(list(product([0.0, 1.0], repeat=inputs)))
    return masks, np.prod(np.where(masks == 0, rate, 1 - rate), axis=1)


@pytest.mark.parametrize("rate", RATES)
def test_the_share_of_zeros_is_the_rate(rate):
    # Hoeffding: the share of 200 000 tosses is off by more than 0.01 with a probability below 2 exp(-40)
    mask = dropout_mask((500, 400), rate, generator())
    assert mask.dtype == np.float64
    assert set(np.unique(mask)) <= {0.0, 1.0}
    assert abs(np.mean(mask == 0) - rate) < 0.01


def test_each_input_has_its_own_toss():
    # neighbours along either axis: both dropped with probability 0.3^2, in 100 000 pairs that share no input
    dropped = dropout_mask((500, 400), 0.3, generator()) == 0
    for pairs in (dropped[:, ::2] & dropped[:, 1::2], dropped[::2] & dropped[1::2]):
        assert abs(pairs.mean() - 0.09) < 0.01
    rows = dropped.mean(axis=1)  # each of 400 tosses; off by 0.2 with a probability below 500 * 2 exp(-32)
    assert np.abs(rows - 0.3).max() < 0.2


def test_a_rate_of_zero_keeps_everything():
    for scaled in (False, True):
        np.testing.assert_array_equal(dropout_mask((30, 30), 0, generator(), scaled=scaled), 1)


@pytest.mark.parametrize("rate", RATES)
def test_a_scaled_mask_keeps_the_same_inputs_and_makes_them_larger(rate):
    plain = dropout_mask((20, 30), rate, generator(3))
    np.testing.assert_array_equal(dropout_mask((20, 30), rate, generator(3), scaled=True), plain / (1 - rate))


def test_a_generator_fixes_the_mask():
    first, again, other = (dropout_mask((50,), 0.5, generator(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_one_size_is_a_shape():
    assert dropout_mask(7, 0.5, generator()).shape == (7,)


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_weights_scaled_after_training_give_the_mean_of_all_thinned_layers(rate):
    # the deck's way: zeros and ones while training, W times 1 - rate afterwards
    rng = generator()
    x, W, b = rng.standard_normal((1, 6)), rng.standard_normal((3, 6)), rng.standard_normal(3)
    masks, probabilities = every_mask(6, rate)
    thinned = [dense(dropout(x, mask), W, b) for mask in masks]
    mean = np.tensordot(probabilities, thinned, axes=1)
    np.testing.assert_allclose(mean, dense(x, (1 - rate) * W, b), atol=1e-12)


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_masks_scaled_while_training_leave_nothing_to_do_afterwards(rate):
    rng = generator()
    x, W, b = rng.standard_normal((1, 6)), rng.standard_normal((3, 6)), rng.standard_normal(3)
    masks, probabilities = every_mask(6, rate)
    thinned = [dense(dropout(x, mask / (1 - rate)), W, b) for mask in masks]
    np.testing.assert_allclose(np.tensordot(probabilities, thinned, axes=1), dense(x, W, b), atol=1e-12)


def test_halved_weights_of_a_softmax_are_the_geometric_mean_of_all_thinned_networks():
    # Srivastava et al. (2014): exact for one layer; renormalised, since a mean of probabilities is none
    rng = generator()
    x, W, b = rng.standard_normal((1, 6)), rng.standard_normal((4, 6)), rng.standard_normal(4)
    masks, _ = every_mask(6, 0.5)
    mean = np.exp(np.mean([np.log(softmax(dense(dropout(x, mask), W, b))) for mask in masks], axis=0))
    np.testing.assert_allclose(mean / mean.sum(), softmax(dense(x, 0.5 * W, b)), atol=1e-12)


def test_values_worked_by_hand():
    x, mask = [[1.0, -2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 2.0]]
    np.testing.assert_array_equal(dropout(x, mask), [[1, 0], [0, 8]])
    np.testing.assert_array_equal(dropout_backward([[5.0, 6.0], [7.0, 8.0]], x, mask), [[5, 0], [0, 16]])


def test_a_mask_of_one_example_drops_the_same_inputs_in_all():
    rng = generator()
    x = rng.standard_normal((5, 2, 3))
    mask = dropout_mask((2, 3), 0.5, rng, scaled=True)
    np.testing.assert_array_equal(dropout(x, mask), dropout(x, np.stack([mask] * 5)))
    np.testing.assert_array_equal(dropout_backward(x, x, mask), x * mask)


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("shape", [(4, 6), (6,), (2, 3, 4, 5)])
def test_gradients_are_those_of_central_differences(shape, scaled):
    rng = generator()
    mask = dropout_mask(shape, 0.4, rng, scaled=scaled)
    assert 0 < np.count_nonzero(mask) < mask.size
    assert_gradients_match(
        lambda x: dropout(x, mask),
        lambda y_bar, x: dropout_backward(y_bar, x, mask),
        rng.standard_normal(shape),
        rng=rng,
    )


def test_float32_stays_float32_and_nothing_is_changed():
    x = np.ones((4, 3), np.float32)
    mask = dropout_mask((4, 3), 0.5, generator(), scaled=True)
    kept = mask.copy()
    assert dropout(x, mask).dtype == dropout_backward(x, x, mask).dtype == np.float32
    dropout(x, mask)[...] = 9
    dropout_backward(x, x, mask)[...] = 9
    np.testing.assert_array_equal(x, 1)
    np.testing.assert_array_equal(mask, kept)
    assert dropout([[1, 2]], mask[:1, :2]).dtype == np.float64


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize(
    ("shape", "rate", "rng", "error", "sentence"),
    [
        ((3,), -0.1, generator(), ValueError, r"rate=-0\.1 but it must be at least 0 and less than 1; give"),
        ((3,), 1, generator(), ValueError, r"rate=1\.0 but it must be at least 0 and less than 1"),
        ((3,), 20, generator(), ValueError, r"rate=20\.0 but it must be"),
        ((3,), np.nan, generator(), ValueError, "rate=nan but it must be"),
        ((3,), "0.5", generator(), TypeError, "rate must be a number, but rate='0.5'; give one"),
        ((3,), None, generator(), TypeError, "rate must be a number, but rate=None"),
        (
            (3,),
            0.5,
            0,
            TypeError,
            r"generator must be a random generator, but generator=0; pass np\.random\.default_rng\(0\)",
        ),
        ((3,), 0.5, None, TypeError, "generator must be a random generator, but generator=None"),
        ((3, 0), 0.5, generator(), ValueError, "a size of shape=0 but there must be at least 1; give"),
        (
            (3, 2.0),
            0.5,
            generator(),
            TypeError,
            r"a size of shape must be an integer, but a size of shape=2\.0",
        ),
        ((), 0.5, generator(), ValueError, r"shape=\(\) but an array needs at least one axis; give"),
    ],
)
def test_a_mask_that_makes_no_sense_is_refused(shape, rate, rng, error, sentence, scaled):
    with pytest.raises(error, match=sentence) as caught:
        dropout_mask(shape, rate, rng, scaled=scaled)
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("x", "mask", "error", "sentence"),
    [
        (
            np.ones((4, 3)),
            np.ones((4, 1)),
            ValueError,
            r"mask must have the shape of x or of one example, but mask\.shape=\(4, 1\) and .*; draw",
        ),
        (np.ones((4, 3)), np.ones(4), ValueError, r"mask\.shape=\(4,\) and x\.shape=\(4, 3\)"),
        (np.ones(3), np.ones(()), ValueError, r"mask\.shape=\(\) and x\.shape=\(3,\)"),
        (np.ones((0, 3)), np.ones(3), ValueError, r"x is empty \(x\.shape=\(0, 3\)\); give"),
        (
            np.ones((4, 3)),
            np.ones((4, 3), bool),
            TypeError,
            "mask must hold real numbers, but its dtype is bool",
        ),
        (
            np.ones((4, 3), complex),
            np.ones(3),
            TypeError,
            "x must hold real numbers, but its dtype is complex",
        ),
    ],
)
def test_inputs_and_masks_that_do_not_fit_are_refused(x, mask, error, sentence):
    for call in (lambda: dropout(x, mask), lambda: dropout_backward(np.ones((4, 3)), x, mask)):
        with pytest.raises(error, match=sentence) as caught:
            call()
        assert_one_sentence(caught)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"y_bar\.shape=\(3,\) and x\.shape=\(4, 3\); reshape"):
        dropout_backward(np.ones(3), np.ones((4, 3)), np.ones((4, 3)))
