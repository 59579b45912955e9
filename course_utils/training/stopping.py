"""Early stopping: end a run when a measure has not improved for some epochs, and keep the best weights."""

import copy
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import nn


@dataclass(frozen=True)
class EarlyStopping:
    """Say when a run has gone on for long enough.

    Attributes:
        patience: epochs without improvement after which training ends.
        metric: column of the history to watch; a loss is to fall, anything else to rise.
        min_change: an improvement must be larger than this.
        restore_best: whether the model ends with the weights of its best epoch.

    Raises:
        ValueError: If the patience is below 1 or the change below 0.

    Source:
        Prechelt (1998), Early Stopping - But When?
    """

    patience: int
    metric: str = "validation_loss"
    min_change: float = 0.0
    restore_best: bool = True

    def __post_init__(self) -> None:
        if self.patience < 1 or not self.min_change >= 0:
            raise ValueError(
                f"patience={self.patience} and min_change={self.min_change} must be at least 1 and 0; "
                "patience counts the epochs to wait for an improvement"
            )

    def check(self, measures: Iterable[str], *, validated: bool) -> None:
        """Make sure that what is watched will be measured.

        Args:
            measures: names of the loss and the metrics.
            validated: whether there are validation data.

        Raises:
            ValueError: If it will not.
        """
        parts = ("train", "validation") if validated else ("train",)
        known = [f"{part}_{name}" for part in parts for name in measures]
        if self.metric not in known:
            raise ValueError(
                f"early stopping watches {self.metric!r}, which is not measured; "
                f"{'' if validated else 'give validation data, or '}watch one of {', '.join(known)}"
            )


@dataclass
class Watch:
    """Follow a run on behalf of a rule: the best value so far, when it was, and its weights.

    Attributes:
        rule: when to stop.
        best: best value so far, None before the first epoch.
        best_epoch: epoch of that value, from 1.
        weights: the model's state at that epoch, if it is to be restored.
    """

    rule: EarlyStopping
    best: float | None = None
    best_epoch: int = 0
    weights: dict[str, Any] = field(default_factory=dict)

    def look(self, row: Mapping[str, float], model: nn.Module) -> bool:
        """Take note of an epoch.

        Args:
            row: what the epoch measured.
            model: the model after it.

        Returns:
            Whether training is to end.
        """
        value, epoch = row[self.rule.metric], int(row["epoch"])
        if self._improves(value):
            self.best, self.best_epoch = value, epoch
            if self.rule.restore_best:
                self.weights = copy.deepcopy(model.state_dict())
        return epoch - self.best_epoch >= self.rule.patience

    def _improves(self, value: float) -> bool:
        """Tell whether a value beats the best one; NaN never does."""
        if math.isnan(value):
            return False
        if self.best is None:
            return True
        gain = self.best - value if self.rule.metric.endswith("loss") else value - self.best
        return gain > self.rule.min_change

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint needs.

        Returns:
            Plain values and tensors.
        """
        return {"best": self.best, "best_epoch": self.best_epoch, "weights": self.weights}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what a checkpoint holds.

        Args:
            state: what `state` returned.
        """
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self.weights = dict(state["weights"])
