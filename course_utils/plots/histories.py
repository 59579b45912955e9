"""What a figure of a training run accepts: a mapping of columns, one entry an epoch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from course_utils.plots.inputs import Array

History: TypeAlias = Mapping[str, ArrayLike]
MOST_RUNS = 5


@dataclass(frozen=True)
class Run:
    """The columns of one run that are drawn.

    Args:
        epochs: Number of each epoch, increasing, shape (epochs,).
        columns: Name such as "train_loss" to values, shape (epochs,); NaN where there is none.
    """

    epochs: Array
    columns: dict[str, Array]


def read_runs(history: History | Mapping[str, History], metric: str | None) -> dict[str, Run]:
    """Check the history of one run, or those of several.

    Args:
        history: Columns of one run, or name of a run to such columns.
        metric: Name of the metric that is drawn, or None for the loss alone.

    Returns:
        Name of each run, "" for a single one, to its columns.

    Raises:
        TypeError: If a history is not a mapping of columns of numbers.
        ValueError: If it is empty, a column is missing or has another length, epochs do not increase, or
            there are too many runs.
    """
    if not isinstance(history, Mapping):
        raise TypeError(
            f"history is {type(history).__name__} but must be a mapping of columns such as "
            "'epoch' and 'train_loss', as train returns it"
        )
    if not history:
        raise ValueError("history is empty but a figure needs at least one epoch; train first")
    several = {name: one for name, one in history.items() if isinstance(one, Mapping)}
    if not several:
        return {"": _read(history, metric, "history")}
    if len(several) < len(history):
        other = next(name for name in history if name not in several)
        raise TypeError(f"history mixes runs and columns ({other!r} is no history); give one or the other")
    if len(several) > MOST_RUNS:
        raise ValueError(
            f"history has {len(several)} runs but only {MOST_RUNS} can be told apart; draw fewer"
        )
    return {name: _read(one, metric, f"history {name!r}") for name, one in several.items()}


def _read(history: Mapping[str, Any], metric: str | None, what: str) -> Run:
    needed = ["epoch", "train_loss", *([f"train_{metric}"] if metric else [])]
    missing = [name for name in needed if name not in history]
    if missing:
        raise ValueError(
            f"{what} has no column {missing[0]!r} but {', '.join(map(repr, history)) or 'none at all'}; "
            "name another metric, or give that column"
        )
    optional = ["validation_loss", *([f"validation_{metric}"] if metric else [])]
    read = {name: _column(history[name], name, what) for name in needed + optional if name in history}
    epochs = read.pop("epoch")
    if not len(epochs):
        raise ValueError(f"{what} is empty but a figure needs at least one epoch; train first")
    for name, values in read.items():
        if len(values) != len(epochs):
            raise ValueError(
                f"{what} has {len(epochs)} epochs but {len(values)} entries in {name!r}; "
                "each column needs one for each epoch"
            )
    if not np.isfinite(epochs).all() or (np.diff(epochs) <= 0).any():
        raise ValueError(f"the epochs of {what} must increase, but are {epochs.tolist()}; sort them first")
    measured = {name: values for name, values in read.items() if not _absent(history[name])}
    return Run(epochs, measured)


def _absent(values: Any) -> bool:
    """Say whether nothing was measured: a column of None alone."""
    return all(value is None for value in values)


def _column(values: Any, name: str, what: str) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"column {name!r} of {what} must hold numbers, but holds {values!r}") from None
    if array.ndim != 1:
        raise ValueError(
            f"column {name!r} of {what} must be (epochs,), but has shape {array.shape}; ravel it first"
        )
    return array
