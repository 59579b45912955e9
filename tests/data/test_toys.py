import numpy as np
import pytest

from course_utils.data import circles, sine, spirals, truth_table, two_clusters, xor

LABELLED = {"two_clusters": two_clusters, "circles": circles, "spirals": spirals}


def rng(seed=0):
    return np.random.default_rng(seed)


def linear_accuracy(x, t):
    """Return the share of points on the right side of the least-squares line."""
    features = np.column_stack([x, np.ones(len(x))])
    weights = np.linalg.lstsq(features, 2.0 * t - 1, rcond=None)[0]
    return np.mean((features @ weights > 0) == t)


def test_xor_is_in_counting_order():
    x, t = xor()
    assert x.dtype == np.float64
    assert t.dtype == np.int64
    np.testing.assert_array_equal(x, [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(t, x[:, 0] != x[:, 1])


def test_a_truth_table_counts_with_the_first_column_most_significant():
    np.testing.assert_array_equal(truth_table(2), [[-1, -1], [-1, 1], [1, -1], [1, 1]])
    bits = truth_table(6, low=0)
    assert bits.dtype == np.float64
    np.testing.assert_array_equal(bits @ 2.0 ** np.arange(6)[::-1], np.arange(64))


@pytest.mark.parametrize("bits", [0, 21])
def test_a_truth_table_has_1_to_20_bits(bits):
    with pytest.raises(ValueError, match=f"bits={bits} but a table has 2"):
        truth_table(bits)


@pytest.mark.parametrize("bits", [2.0, "2", True])
def test_bits_are_an_integer(bits):
    with pytest.raises(TypeError, match="bits must be an integer, but bits="):
        truth_table(bits)


def test_an_unset_bit_is_minus_1_or_0():
    with pytest.raises(ValueError, match="low=2 but an unset bit is -1 or 0"):
        truth_table(2, low=2)


@pytest.mark.parametrize("draw", LABELLED.values(), ids=LABELLED)
def test_labelled_points_are_balanced_and_fixed_by_the_generator(draw):
    x, t = draw(201, rng=rng())
    assert x.shape == (201, 2)
    assert x.dtype == np.float64
    assert t.dtype == np.int64
    assert np.bincount(t).tolist() == [101, 100]
    np.testing.assert_array_equal(draw(201, rng=rng())[0], x)
    assert not np.array_equal(draw(201, rng=rng(1))[0], x)


def test_a_line_separates_the_clusters_but_for_a_few_points():
    assert 0.95 < linear_accuracy(*two_clusters(1000, rng=rng())) < 1


@pytest.mark.parametrize("draw", [circles, spirals])
def test_no_line_separates_circles_or_spirals(draw):
    assert linear_accuracy(*draw(1000, rng=rng())) < 0.75


def test_radii_tell_the_circles():
    x, t = circles(1000, rng=rng())
    assert np.mean((np.hypot(*x.T) > 1.5) == t) > 0.99


def test_nearest_neighbours_tell_the_spirals():
    x, t = spirals(400, rng=rng())
    distance = np.linalg.norm(x[:, None] - x, axis=2) + 1e9 * np.eye(len(x))
    assert np.mean(t[distance.argmin(axis=1)] == t) > 0.97


def test_sine_is_the_curve_and_its_noise():
    x, t = sine(2000, rng=rng(), noise=0.2)
    assert x.shape == t.shape == (2000, 1)
    assert (np.diff(x, axis=0) >= 0).all()
    assert np.std(t - np.sin(x)) == pytest.approx(0.2, rel=0.1)
    assert -np.pi <= x.min() < -3 < 3 < x.max() <= np.pi
    x, t = sine(10, rng=rng(), noise=0)
    np.testing.assert_array_equal(t, np.sin(x))


@pytest.mark.parametrize("draw", LABELLED.values(), ids=LABELLED)
def test_two_classes_need_two_points(draw):
    with pytest.raises(ValueError, match="count=1 but two classes need at least 2 points"):
        draw(1, rng=rng())
    with pytest.raises(TypeError, match=r"count must be an integer, but count=2.5"):
        draw(2.5, rng=rng())


@pytest.mark.parametrize(("count", "noise"), [(0, 0.1), (5, -1), (5, np.nan)])
def test_sine_needs_a_point_and_noise_of_at_least_0(count, noise):
    with pytest.raises(ValueError, match=f"count={count} and noise={noise} but a set needs"):
        sine(count, rng=rng(), noise=noise)


@pytest.mark.parametrize("draw", [two_clusters, circles, spirals, lambda count, rng: sine(count, rng=rng)])
def test_a_seed_in_the_place_of_a_generator_is_refused(draw):
    with pytest.raises(
        TypeError, match=r"rng must be a generator, but rng=0; pass np\.random\.default_rng\(0\)"
    ):
        draw(8, rng=0)
