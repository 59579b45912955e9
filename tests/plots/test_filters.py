from typing import Any

import numpy as np
import pytest

from course_utils import plots

FIRST = np.random.default_rng(0).normal(size=(3, 5, 5))
SECOND = 0.1 * np.random.default_rng(1).normal(size=(3, 7, 3))


def test_each_row_has_one_scale_of_its_own_centred_on_zero() -> None:
    ax = plots.filter_pairs(FIRST, SECOND, names=["learned", "fitted"]).axes[0]
    limits = [image.get_clim() for image in ax.images]
    for row, filters in ((limits[:3], FIRST), (limits[3:], SECOND)):
        largest = np.abs(filters).max()
        assert row == [(-largest, largest)] * 3
    assert {image.get_cmap().name for image in ax.images} == {"RdBu_r"}


def test_each_filter_stands_above_the_one_it_belongs_to() -> None:
    fig = plots.filter_pairs(FIRST, SECOND, names=["learned", "fitted"], titles=["a", "b", "c"], title="Two")
    ax = fig.axes[0]
    for number, image in enumerate(ax.images):
        np.testing.assert_array_equal(image.get_array(), [*FIRST, *SECOND][number])
    boxes = [image.get_extent() for image in ax.images]  # left, right, bottom, top; downwards
    for above, below in zip(boxes[:3], boxes[3:], strict=True):
        assert sum(above[:2]) == pytest.approx(sum(below[:2]))
        assert above[2] < below[3]
    assert (boxes[0][1] - boxes[0][0]) == pytest.approx(boxes[0][2] - boxes[0][3])
    assert [text.get_text() for text in ax.texts] == ["Two", "learned", "fitted", "a", "b", "c"]


def test_each_scale_is_written_with_its_ends() -> None:
    fig = plots.filter_pairs(FIRST[:1], SECOND[:1], names=["learned", "fitted"])
    fig.draw_without_rendering()
    for bar, filters in zip(fig.axes[1:], (FIRST[:1], SECOND[:1]), strict=True):
        end = f"{np.abs(filters).max():.2g}"
        assert [label.get_text() for label in bar.get_yticklabels()] == [f"−{end}", "0", end]
        assert bar.get_ylabel() == "weight"


def test_an_axis_of_one_input_channel_is_dropped() -> None:
    ax = plots.filter_pairs(FIRST[:, None], SECOND, names=["a", "b"]).axes[0]
    np.testing.assert_array_equal(ax.images[2].get_array(), FIRST[2])


@pytest.mark.parametrize("count", [1, 16])
def test_one_pair_and_sixteen_fit_a_page(count: int) -> None:
    fig = plots.filter_pairs(np.ones((count, 3, 3)), np.zeros((count, 3, 3)), names=["ones", "zeros"])
    assert 5 <= fig.get_figwidth() <= 9
    everything = fig.get_tightbbox()
    assert everything.x0 >= -1e-6
    assert everything.x1 <= fig.get_figwidth() + 1e-6


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        (FIRST, SECOND[:2], {}, "first has 3 filters but second has 2; give one for each"),
        (
            FIRST[0],
            SECOND,
            {},
            r"first must be \(count, kernel_height, kernel_width\), but has shape \(5, 5\)",
        ),
        (FIRST, np.ones((3, 2, 5, 5)), {}, r"second must be .* \(3, 2, 5, 5\); choose one input channel"),
        (np.zeros((0, 3, 3)), np.zeros((0, 3, 3)), {}, "first is empty"),
        (np.full((3, 3, 3), np.inf), SECOND, {}, "first has 27 values that are NaN or infinite"),
        (np.ones((17, 3, 3)), SECOND, {}, "first has 17 filters but 16 fit a row; choose some of them"),
        (FIRST, SECOND, {"names": ["a"]}, "names has 1 entries but there are 2 rows"),
        (FIRST, SECOND, {"titles": ["a"]}, "titles has 1 entries but there are 3 pairs"),
        (
            FIRST,
            SECOND,
            {"names": ["a", "x" * 200]},
            "the words 'x+' are wider than their place; shorten them",
        ),
        (FIRST, SECOND, {"titles": ["x" * 30, "", ""]}, "the words 'x+' are wider than their place"),
    ],
)
def test_filter_pairs_refuse_what_they_cannot_draw(
    first: Any, second: Any, options: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plots.filter_pairs(first, second, **({"names": ["a", "b"]} | options))
