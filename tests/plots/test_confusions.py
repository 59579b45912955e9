from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as trusted

from course_utils import plots


def test_counts_have_truths_in_rows_and_predictions_in_columns() -> None:
    counts = plots.confusion_counts([0, 0, 0, 2], [0, 1, 1, 0], 3)
    np.testing.assert_array_equal(counts, [[1, 2, 0], [0, 0, 0], [1, 0, 0]])
    assert counts.dtype == np.int64


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_counts_equal_those_of_another_library(classes: int) -> None:
    truths, predictions = np.random.default_rng(classes).integers(0, classes, (2, 500))
    counts = plots.confusion_counts(truths, predictions, classes)
    np.testing.assert_array_equal(counts, trusted(truths, predictions, labels=range(classes)))
    assert counts.sum() == 500


def test_counts_of_bytes_do_not_overflow() -> None:
    labels = np.full(3, 200, np.uint8)
    assert plots.confusion_counts(labels, labels, 201)[200, 200] == 3


@pytest.mark.parametrize(
    ("truths", "predictions", "classes", "message"),
    [
        ([], [], 2, r"truths and predictions must be \(count,\) and not empty, but truths.shape=\(0,\)"),
        ([0], [0, 1], 2, r"truths.shape=\(1,\) and predictions.shape=\(2,\)"),
        ([[0]], [[0]], 2, r"must be \(count,\) and not empty, but truths.shape=\(1, 1\)"),
        ([0, 2], [0, 1], 2, "truths has the label 2 but the labels here are 0 to 1; recode it or name"),
        ([0, 1], [0, -1], 2, "predictions has the label -1 but the labels here are 0 to 1"),
        ([0, 0.5], [0, 1], 2, "truths has the label 0.5 but"),
        ([0], [0], 0, "classes is 0 but must be a whole number of at least 1"),
    ],
)
def test_counts_refuse_what_they_cannot_count(
    truths: Any, predictions: Any, classes: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plots.confusion_counts(truths, predictions, classes)


COUNTS = np.array([[9000, 40, 0], [10, 8000, 0], [0, 0, 7000]])


def test_every_count_is_written_and_never_is_left_empty() -> None:
    (ax,) = plots.confusion_matrix(COUNTS, names=["cat", "dog", "cow"], title="Three").axes
    written = {tuple(map(int, text.get_position()))[::-1]: text.get_text() for text in ax.texts}
    assert written == {(0, 0): "9000", (0, 1): "40", (1, 0): "10", (1, 1): "8000", (2, 2): "7000"}
    assert ax.get_ylabel() == "truth"
    assert ax.get_xlabel() == "prediction (empty cell: never)"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cat", "dog", "cow"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog", "cow"]
    assert ax.get_title() == "Three"


def saturation(fills: Any) -> Any:
    return fills.max(axis=-1) - fills.min(axis=-1)


def test_only_mistakes_are_coloured_and_the_most_frequent_most() -> None:
    fills = np.asarray(plots.confusion_matrix(COUNTS).axes[0].images[0].get_array())
    tints = saturation(fills)
    assert tints[0, 1] > tints[1, 0] > 0.05
    untouched = tints[[0, 1, 2, 0, 1, 2, 2], [0, 1, 2, 2, 2, 0, 1]]
    np.testing.assert_allclose(untouched, 0, atol=1e-9)
    assert (np.diagonal(fills[..., 0]) < 1).all()


def test_without_mistakes_nothing_is_coloured() -> None:
    fills = np.asarray(plots.confusion_matrix(np.eye(3)).axes[0].images[0].get_array())
    assert saturation(fills).max() < 1e-9


def test_numbers_fit_their_cells_and_names_do_not_touch() -> None:
    names = [f"a long class name {number}" for number in range(15)]
    fig = plots.confusion_matrix(np.full((15, 15), 8888), names=names)
    fig.draw_without_rendering()
    (ax,) = fig.axes
    cell = ax.get_window_extent().width / 15, ax.get_window_extent().height / 15
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.width < cell[0]
        assert box.height < cell[1]
    boxes = sorted((label.get_window_extent() for label in ax.get_yticklabels()), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 3 for low, high in pairwise(boxes))  # leading


def test_short_names_stand_upright_and_long_ones_slant() -> None:
    def turned(names: Any) -> float:
        (ax,) = plots.confusion_matrix(np.eye(10), names=names).axes
        return float(ax.get_xticklabels()[0].get_rotation())

    assert turned(None) == 0
    assert turned(["ankle boots"] * 10) == 45


@pytest.mark.parametrize(
    ("counts", "names", "message"),
    [
        ([], None, "counts is empty"),
        (
            np.ones((2, 3)),
            None,
            r"counts must be \(classes, classes\), a row for each truth, but has shape \(2, 3\); use",
        ),
        (
            [[1, -1], [0, 1]],
            None,
            "counts has the value -1 but must hold whole numbers of at least 0; count fir",
        ),
        ([[0.5]], None, "counts has the value 0.5 but must hold whole numbers"),
        ([[np.nan]], None, "counts has 1 values that are NaN"),
        (np.eye(16), None, "counts has 16 classes but 15 fit a page; show the part with most mistakes"),
        (np.eye(2), ["a"], "names has 1 entries but there are 2 classes; give one for each"),
        (np.eye(2), [], "names has 0 entries but there are 2 classes"),
        (np.eye(1), ["x" * 29], "names has 'x+' of 29 characters but 28 fit beside a row; shorten it"),
    ],
)
def test_confusion_matrix_refuses_what_it_cannot_draw(counts: Any, names: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.confusion_matrix(counts, names=names)
