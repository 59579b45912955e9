import numpy as np
import pytest

from course_utils.plots.line_ends import spread


def test_labels_with_room_stay_where_they_should_be() -> None:
    wishes = np.array([0.8, 0.2, 0.5])
    np.testing.assert_allclose(spread(wishes, np.full(3, 0.1)), wishes)


def test_labels_of_one_place_stand_around_it_in_their_order() -> None:
    np.testing.assert_allclose(spread(np.full(3, 0.5), np.full(3, 0.1)), [0.4, 0.5, 0.6])


def test_labels_stay_between_the_ends_of_the_axes() -> None:
    np.testing.assert_allclose(spread(np.array([1.0, 1.0, 0.0]), np.full(3, 0.1)), [0.85, 0.95, 0.05])


def test_too_many_labels_stand_around_the_middle() -> None:
    np.testing.assert_allclose(spread(np.zeros(4), np.full(4, 0.5)), [-0.25, 0.25, 0.75, 1.25])


@pytest.mark.parametrize("seed", range(20))
def test_no_two_labels_overlap_and_none_leaves_the_axes(seed: int) -> None:
    generator = np.random.default_rng(seed)
    wishes, heights = generator.uniform(0, 1, 6), generator.uniform(0.02, 0.16, 6)
    places = spread(wishes, heights)
    order = np.argsort(places)
    assert (np.diff(wishes[order]) >= 0).all()
    low, high = (places - heights / 2)[order], (places + heights / 2)[order]
    assert (low[1:] >= high[:-1] - 1e-12).all()
    assert low[0] >= -1e-12
    assert high[-1] <= 1 + 1e-12
