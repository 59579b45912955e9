"""A history is a value: a mapping of columns that never changes; a rule of early stopping reads its rows."""

import copy
import pickle
from collections.abc import Mapping

import pytest
import torch
from torch import nn

from course_utils.training import EarlyStopping, History
from course_utils.training.stopping import Watch

COLUMNS = {
    "epoch": (1, 2),
    "train_loss": (2.0, 1.5),
    "validation_accuracy": (0.5, 0.75),
    "seconds": (1.0, 1.0),
}


def test_a_history_is_a_mapping():
    history = History(COLUMNS, ending="all 2 epochs were done")
    assert isinstance(history, Mapping)
    assert list(history) == list(COLUMNS)
    assert dict(history) == COLUMNS
    assert len(history) == 4
    assert history.epochs == 2
    assert "train_loss" in history
    assert "loss" not in history
    assert history.get("loss") is None
    assert history == History(COLUMNS)
    assert history != History()


def test_nothing_changes_a_history():
    columns = {"epoch": [1, 2], "train_loss": [2.0, 1.5]}
    history = History(columns, ending="so")
    columns["epoch"].append(3)
    columns["more"] = []
    assert history["epoch"] == (1, 2)
    with pytest.raises(TypeError):
        history["epoch"] = (3,)
    with pytest.raises(AttributeError):
        history.ending = "otherwise"
    longer = history.extended({"epoch": 3, "train_loss": 1.0})
    assert (history.epochs, longer.epochs, longer["train_loss"]) == (2, 3, (2.0, 1.5, 1.0))
    ended = history.ended("done")
    assert (history.ending, ended.ending, longer.ending) == ("so", "done", "so")
    for other in (copy.copy(history), copy.deepcopy(history), pickle.loads(pickle.dumps(history))):
        assert (other, other.ending) == (history, "so")


def test_an_unknown_column_names_the_known_ones():
    with pytest.raises(
        KeyError, match="no column 'loss' was measured; there are epoch, train_loss, validation"
    ):
        History(COLUMNS)["loss"]
    with pytest.raises(KeyError, match="no column 'loss' was measured; there are none yet"):
        History()["loss"]


def test_columns_have_one_length_and_rows_are_whole():
    with pytest.raises(ValueError, match="one entry an epoch, but have a: 1, b: 2; add rows whole"):
        History({"a": (1,), "b": (1, 2)})
    for row in ({"epoch": 3}, {**dict.fromkeys(COLUMNS, 1.0), "more": 1.0}):
        with pytest.raises(
            ValueError, match=r"the row has .* but the history has .*; give a value for every"
        ):
            History(COLUMNS).extended(row)


def test_its_text_tells_how_it_went():
    history = History(COLUMNS, ending="all 2 epochs were done")
    assert repr(history) == (
        "History(2 epochs: train_loss 2 -> 1.5, validation_accuracy 0.5 -> 0.75; all 2 epochs were done)"
    )
    assert repr(History()) == "History(0 epochs: nothing measured; not ended)"
    assert History().epochs == 0


def stopped_after(values, **options):
    """Return the epoch after which a rule ends a run, the best epoch, and the weights kept at it."""
    rule = EarlyStopping(**options)
    watch, model = Watch(rule), nn.Linear(1, 1)
    for epoch, value in enumerate(values, start=1):
        with torch.no_grad():
            model.weight.fill_(epoch)
        if watch.look({"epoch": epoch, rule.metric: value}, model):
            break
    kept = watch.weights.get("weight")
    return epoch, watch.best_epoch, kept if kept is None else int(kept)


@pytest.mark.parametrize(
    ("values", "options", "end"),
    [
        ([3, 2, 1, 2, 2, 2], {"patience": 1}, (4, 3, 3)),
        ([3, 2, 1, 2, 2, 0.5, 9, 9], {"patience": 2}, (5, 3, 3)),
        ([3, 2, 1, 2, 2, 0.5, 9, 9], {"patience": 3}, (8, 6, 6)),
        ([3, 3, 3, 3], {"patience": 2}, (3, 1, 1)),  # an equal value is no improvement
        ([3, 2.5, 2.2, 1.9], {"patience": 2, "min_change": 0.5}, (4, 3, 3)),
        ([3, 2.5, 2.5], {"patience": 2, "min_change": 0.5}, (3, 1, 1)),
        ([0.1, 0.3, 0.2, 0.2], {"patience": 2, "metric": "validation_accuracy"}, (4, 2, 2)),
        ([3, 2, 1], {"patience": 1, "restore_best": False}, (3, 3, None)),
        ([float("nan"), 2, float("nan"), 3], {"patience": 2}, (4, 2, 2)),
        ([float("nan")] * 5, {"patience": 3}, (3, 0, None)),
        ([float("inf"), 5, 4], {"patience": 1}, (3, 3, 3)),
    ],
)
def test_a_rule_ends_a_run_when_nothing_improves(values, options, end):
    assert stopped_after(values, **options) == end


def test_the_weights_kept_are_a_copy_and_the_state_is_taken_over():
    watch, model = Watch(EarlyStopping(2)), nn.Linear(1, 1)
    watch.look({"epoch": 1, "validation_loss": 1.0}, model)
    first = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(1)
    assert torch.equal(watch.weights["weight"], first)
    other = Watch(EarlyStopping(2))
    other.restore(watch.state())
    assert other == watch
    assert other.weights is not watch.weights


@pytest.mark.parametrize(
    "options",
    [{"patience": 0}, {"patience": 2, "min_change": -1}, {"patience": 2, "min_change": float("nan")}],
)
def test_settings_out_of_range(options):
    with pytest.raises(
        ValueError, match=r"patience=.* and min_change=.* must be at least 1 and 0; patience counts"
    ):
        EarlyStopping(**options)


def test_what_is_not_measured_cannot_be_watched():
    EarlyStopping(1).check(["loss"], validated=True)
    EarlyStopping(1, metric="train_f").check(["loss", "f"], validated=False)
    with pytest.raises(
        ValueError, match="which is not measured; give validation data, or watch one of train_loss"
    ):
        EarlyStopping(1).check(["loss"], validated=False)
    with pytest.raises(
        ValueError, match="measured; watch one of train_loss, train_f, validation_loss, validation_f"
    ):
        EarlyStopping(1, metric="loss").check(["loss", "f"], validated=True)
