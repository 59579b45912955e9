from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plots

IMAGES = np.arange(8 * 5 * 5).reshape(8, 5, 5) / 200
TRUTHS, PREDICTIONS = [4, 1, 2, 3, 4, 5, 6, 7], [9, 1, 2, 5, 4, 5, 6, 7]


def captions(fig: Any) -> list[str]:
    return [ax.get_title() for ax in fig.axes]


def test_truth_prediction_and_probability_stand_under_each_image() -> None:
    probabilities = [0.61, 1.0, 0.97, 0.3, 0.5, 0.5, 0.5, 0.004]
    fig = plots.labelled_images(IMAGES, TRUTHS, PREDICTIONS, probabilities=probabilities, title="Eight")
    assert captions(fig)[:4] == ["4 → 9, 61 %", "1 → 1, 100 %", "2 → 2, 97 %", "3 → 5, 30 %"]
    assert captions(fig)[-1] == "7 → 7, 0 %"
    assert fig.get_suptitle() == "Eight"
    fig.draw_without_rendering()
    for ax, image in zip(fig.axes, IMAGES, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), image)
        assert ax.title.get_window_extent().y1 <= ax.get_window_extent().y0
    boxes = [ax.title.get_window_extent() for ax in fig.axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_mistakes_alone_are_framed() -> None:
    fig = plots.labelled_images(IMAGES, TRUTHS, PREDICTIONS)
    framed = [number for number, ax in enumerate(fig.axes) if ax.patches]
    assert framed == [0, 3]
    assert to_hex(fig.axes[0].patches[0].get_edgecolor()).upper() == plots.VERMILLION
    assert captions(fig)[0] == "4 → 9"


def test_labels_of_several_types_are_the_same_label() -> None:
    fig = plots.labelled_images(IMAGES[:2], np.array([4.0, 1.0]), np.array([4, 2], np.uint8))
    assert captions(fig) == ["4 → 4", "1 → 2"]
    assert [bool(ax.patches) for ax in fig.axes] == [False, True]


def test_names_too_long_for_one_line_take_two_and_then_fewer_columns() -> None:
    def across(fig: Any) -> int:
        return int(fig.axes[0].get_subplotspec().get_gridspec().ncols)

    short = plots.labelled_images(IMAGES, ["shirt"] * 8, ["dress"] * 8)
    assert across(short) == 8
    assert captions(short)[0] in ("shirt → dress", "shirt →\ndress")
    long = plots.labelled_images(IMAGES, ["ankle boot"] * 8, ["T-shirt/top"] * 8, probabilities=[1] * 8)
    assert captions(long)[0] == "ankle boot →\nT-shirt/top, 100 %"
    assert 3 <= across(long) < 8
    long.draw_without_rendering()
    boxes = [ax.title.get_window_extent() for ax in long.axes[: across(long)]]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_columns_and_channels() -> None:
    fig = plots.labelled_images(IMAGES[:, None], TRUTHS, PREDICTIONS, columns=4)
    assert fig.axes[0].get_subplotspec().get_gridspec().ncols == 4  # type: ignore[union-attr]
    colour = plots.labelled_images(np.zeros((2, 4, 4, 3), np.uint8), [0, 1], [0, 1])
    assert colour.axes[0].images[0].get_size() == (4, 4)


@pytest.mark.parametrize(
    ("images", "truths", "options", "message"),
    [
        (np.zeros((0, 2, 2)), [], {}, r"images must be \(count, height, width\), with .* shape \(0, 2, 2\)"),
        (np.zeros((2, 4)), [0, 0], {}, r"images must be .* but has shape \(2, 4\); add or drop an axis"),
        (np.zeros((41, 2, 2)), [0] * 41, {}, "images has 41 images but 40 fit a page; show the first ones"),
        (np.full((1, 2, 2), np.nan), [0], {}, "image 0 has 4 values that are NaN"),
        (np.zeros((2, 2, 2)), [0], {}, r"truths has shape \(1,\) but there are 2 images; give one label for"),
        (
            np.zeros((2, 2, 2)),
            [0, 0],
            {"predictions": [0]},
            r"predictions has shape \(1,\) but there are 2 images",
        ),
        (
            np.zeros((2, 2, 2)),
            [0, 0],
            {"probabilities": [0.5]},
            "probabilities has 1 entries but there are 2 images; give that of the prediction for each",
        ),
        (
            np.zeros((1, 2, 2)),
            [0],
            {"probabilities": [7.0]},
            "probabilities has the value 7 but must lie between 0 and 1; apply softmax",
        ),
        (np.zeros((1, 2, 2)), [0], {"probabilities": [-0.1]}, "probabilities has the value -0.1 but"),
        (np.zeros((1, 2, 2)), [0], {"probabilities": [np.nan]}, "probabilities has 1 values that are NaN"),
        (np.zeros((1, 2, 2)), [0], {"columns": 0}, "columns is 0 but must be a whole number of at least 1"),
        (
            np.zeros((9, 2, 2)),
            [0] * 9,
            {"columns": 1},
            "9 images in rows of 1 do not fit a page of 8 rows; show fewer or name more columns",
        ),
        (np.zeros((1, 2, 2)), ["x" * 60], {}, "the words 'x+ →' are wider than an image; give shorter names"),
    ],
)
def test_labelled_images_refuse_what_they_cannot_draw(
    images: Any, truths: Any, options: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plots.labelled_images(images, truths, **({"predictions": truths} | options))
