from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

from course_utils import plots


def history(epochs: int = 4, *, validation: bool = True, shift: float = 0.0) -> dict[str, Any]:
    e = np.arange(1, epochs + 1)
    columns = {"epoch": e, "train_loss": 2 / e + shift, "train_accuracy": 1 - 0.5 / e, "seconds": 0 * e}
    if validation:
        columns |= {"validation_loss": 2.2 / e + shift, "validation_accuracy": 0.9 - 0.5 / e}
    return columns


def curves(ax: Any) -> dict[str, Any]:
    """Return the drawn curves of an axes by their colour and dashes, without markers of names and of gaps."""
    return {
        (line.get_color(), line.get_linestyle()): line
        for line in ax.lines
        if line.get_transform() == ax.transData and line.get_linestyle() != "None"
    }


def names(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_loss_stands_left_and_the_metric_right_with_train_blue_and_validation_vermillion() -> None:
    fig = plots.learning_curves(history(), title="A run")
    loss, accuracy = fig.axes
    assert loss.get_ylabel() == "loss (mean per example)"
    assert accuracy.get_ylabel() == "accuracy (share of examples)"
    assert fig.get_suptitle() == "A run"
    for ax in fig.axes:
        assert ax.get_xlabel() == "epoch"
        assert set(curves(ax)) == {(plots.BLUE, "-"), (plots.VERMILLION, "--")}
        assert sorted(names(ax)) == ["train", "validation"]
    drawn = curves(accuracy)[plots.VERMILLION, "--"]
    np.testing.assert_array_equal(drawn.get_xdata(), [1, 2, 3, 4])
    np.testing.assert_allclose(drawn.get_ydata(), 0.9 - 0.5 / np.arange(1, 5))
    assert fig.legends == []


def test_names_stand_outside_without_lying_on_one_another() -> None:
    columns = history()
    columns["validation_accuracy"] = columns["train_accuracy"]  # both end in one place
    fig = plots.learning_curves(columns)
    fig.draw_without_rendering()
    ax = fig.axes[1]
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert all(box.x0 > ax.get_window_extent().x1 for box in boxes)
    low, high = sorted(boxes, key=lambda box: box.y0)
    assert low.y1 <= high.y0


def test_without_validation_only_the_training_is_drawn() -> None:
    for columns in (history(validation=False), history() | {"validation_loss": [None] * 4}):
        loss = plots.learning_curves(columns).axes[0]
        assert set(curves(loss)) == {(plots.BLUE, "-")}
        assert names(loss) == ["train"]


def test_another_metric_and_none() -> None:
    columns = history() | {"train_top_5": [0.5, 0.6, 0.7, 0.8]}
    fig = plots.learning_curves(columns, metric="top_5")
    assert fig.axes[1].get_ylabel() == "top_5"
    assert names(fig.axes[1]) == ["train"]
    (ax,) = plots.learning_curves({"epoch": [1, 2], "train_loss": [3, 2]}, metric=None).axes
    assert names(ax) == ["train"]


def test_the_loss_alone_becomes_logarithmic() -> None:
    assert [ax.get_yscale() for ax in plots.learning_curves(history(), log=True).axes] == ["log", "linear"]


def test_one_epoch_is_a_marker_at_a_whole_number() -> None:
    ax = plots.learning_curves(history(1)).axes[0]
    assert curves(ax)[plots.BLUE, "-"].get_markevery() == [0]
    low, high = ax.get_xlim()
    assert low < 1 < high
    assert [tick for tick in ax.get_xticks() if low <= tick <= high] == [1]


def test_runs_have_a_colour_each_and_train_and_validation_differ_by_dashes() -> None:
    runs = {"SGD": history(), "Adam": history(6, shift=1.0), "no check": history(validation=False)}
    fig = plots.learning_curves(runs)
    ax = fig.axes[0]
    assert set(curves(ax)) == {
        (plots.BLUE, "-"),
        (plots.BLUE, "--"),
        (plots.VERMILLION, "-"),
        (plots.VERMILLION, "--"),
        (plots.GREEN, "-"),
    }
    assert sorted(names(ax)) == ["Adam", "SGD", "no check"]
    assert len({line.get_marker() for line in curves(ax).values()}) == 3
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["train", "validation"]
    assert ax.get_xlim()[1] > 6


def test_a_value_that_is_not_finite_leaves_a_marked_gap() -> None:
    columns = history(6)
    columns["train_loss"] = [2.0, np.nan, np.inf, 1.0, np.nan, 0.5]
    fig = plots.learning_curves(columns)
    loss, accuracy = fig.axes
    drawn = curves(loss)[plots.BLUE, "-"].get_ydata()
    np.testing.assert_array_equal(np.isfinite(drawn), [True, False, False, True, False, True])
    spans = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in loss.patches)
    assert spans == [(1.5, 3.5), (4.5, 5.5)]
    crosses = [line for line in loss.lines if line.get_marker() == "x"]
    assert [float(np.asarray(cross.get_xdata())[0]) for cross in crosses] == [2, 5]
    assert list(accuracy.patches) == []
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["not a finite number"]


def test_a_lonely_value_of_a_long_run_has_a_marker() -> None:
    columns = history(60)
    columns["train_loss"] = np.where(np.isin(np.arange(60), [0, 33]), 1.0, np.nan)
    drawn = curves(plots.learning_curves(columns).axes[0])[plots.BLUE, "-"]
    assert {0, 33} <= set(drawn.get_markevery())
    assert len(curves(plots.learning_curves(history(60)).axes[0])[plots.BLUE, "-"].get_markevery()) < 12


def test_a_curve_without_any_finite_value_says_so() -> None:
    columns = history() | {"train_loss": [np.nan] * 4}
    assert sorted(names(plots.learning_curves(columns).axes[0])) == ["train: none", "validation"]


def test_long_names_are_broken_and_every_text_is_readable() -> None:
    fig = plots.learning_curves({"momentum 0.9 with Nesterov": history(), "b": history(shift=1.0)})
    assert "momentum 0.9\nwith Nesterov" in names(fig.axes[0])
    sizes = [text.get_fontsize() for text in fig.findobj(Text) if isinstance(text, Text) and text.get_text()]
    assert min(sizes) >= 9


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({}, {}, "history is empty but a figure needs at least one epoch; train first"),
        ({"epoch": [], "train_loss": [], "train_accuracy": []}, {}, "history is empty but a figure needs"),
        (
            {"a": {}},
            {},
            "history 'a' has no column 'epoch' but none at all; name another metric, or give that",
        ),
        ({"epoch": [1], "train_loss": [1]}, {}, "has no column 'train_accuracy' but 'epoch', 'train_loss';"),
        (history(), {"metric": "top_5"}, "history has no column 'train_top_5' but 'epoch', 'train_loss'"),
        (
            history() | {"validation_loss": [1]},
            {},
            "history has 4 epochs but 1 entries in 'validation_loss'; each column needs one for each epoch",
        ),
        (history() | {"epoch": [1, 2, 2, 3]}, {}, r"the epochs of history must increase, but are \[1.0, 2.0"),
        (history() | {"epoch": [1, 2, np.nan, 3]}, {}, "the epochs of history must increase"),
        (
            history() | {"train_loss": np.ones((4, 1))},
            {},
            r"column 'train_loss' of history must be \(epochs,\), but has shape \(4, 1\); ravel it first",
        ),
        (
            {str(number): history() for number in range(6)},
            {},
            "history has 6 runs but only 5 can be told apart; draw fewer",
        ),
        (
            history() | {"train_loss": [1, 0, 1, 1]},
            {"log": True},
            "train_loss has the value 0, which a logarithmic axis cannot show; use log=False",
        ),
    ],
)
def test_learning_curves_refuse_what_they_cannot_draw(columns: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.learning_curves(columns, **options)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1, 2], "history is list but must be a mapping of columns such as 'epoch' and 'train_loss'"),
        (
            {"a": history(), "epoch": [1]},
            r"history mixes runs and columns \('epoch' is no history\); give one or the other",
        ),
        (
            history() | {"train_loss": ["low"] * 4},
            r"column 'train_loss' of history must hold numbers, but holds \['low'",
        ),
    ],
)
def test_learning_curves_take_columns_of_numbers(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        plots.learning_curves(given)


def test_the_legend_lies_on_no_other_text() -> None:
    runs = {"SGD": history(), "lost": history() | {"train_loss": [1.0, np.nan, np.nan, 1.0]}}
    fig = plots.learning_curves(runs, title="A title as long as the titles of the lectures are")
    fig.draw_without_rendering()
    legend = fig.legends[0].get_window_extent()
    texts = [text for text in fig.findobj(Text) if isinstance(text, Text) and text.get_text()]
    own = set(fig.legends[0].findobj(Text))
    others = [text.get_window_extent() for text in texts if text not in own and text.get_visible()]
    assert len(others) > 10
    assert not any(legend.overlaps(box) for box in others if box.width and box.height)
