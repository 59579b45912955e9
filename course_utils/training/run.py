"""A run under way: all that changes while a network trains, and how it is saved and taken up again."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.training.batches import Batch
from course_utils.training.checkpoints import Checkpoint
from course_utils.training.distributed import Team
from course_utils.training.failures import non_finite
from course_utils.training.hardware import Hardware
from course_utils.training.history import History
from course_utils.training.interruption import Interruption
from course_utils.training.journal import Journal
from course_utils.training.means import Means, Metric
from course_utils.training.measuring import Loss, evaluating, measure
from course_utils.training.preparing import factor_at
from course_utils.training.progress import Bar
from course_utils.training.randomness import random_state, set_random_state
from course_utils.training.schedules import Schedule
from course_utils.training.sources import Source
from course_utils.training.stopping import Watch

LOOK_EVERY = 50  # steps between two looks at an accelerator's losses: each look waits for it


@dataclass(kw_only=True)
class Run:
    """Hold what `run_epochs` needs. The first block stays as it is; the second changes with every step."""

    model: nn.Module
    forward: nn.Module
    optimizer: torch.optim.Optimizer
    loss: Loss
    metrics: Mapping[str, Metric]
    source: Source
    validation: Source | None
    validation_loss: Loss | None
    schedule: Schedule
    clip_norm: float | None
    accumulate: int
    hardware: Hardware
    device: torch.device
    scaler: torch.amp.GradScaler
    team: Team
    seed: int
    checkpoint: Checkpoint | None
    journal: Journal | None
    bar: Bar
    interruption: Interruption
    keep: Callable[["Run"], None]

    epoch: int = 0
    step: int = 0
    history: History = field(default_factory=History)
    watch: Watch | None = None
    ending: str | None = None
    means: Means = field(init=False)
    elapsed: float = 0.0
    epoch_random: dict[str, Any] = field(default_factory=dict)
    interrupted: bool = False
    rates: list[float] = field(init=False)
    unseen: list[tuple[Tensor, int, float]] = field(default_factory=list)
    clock: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.means = Means(self.metrics, self.device)
        self.rates = [float(group["lr"]) for group in self.optimizer.param_groups]

    def remaining_batches(self) -> Iterator[Batch]:
        """Hand out the batches of this epoch that were not trained on before, until the user interrupts.

        Yields:
            Inputs, targets, and the share of the whole batch that they are.
        """
        going_on = random_state(self.device)
        left_out = None
        if self.step == 0:
            self.epoch_random = going_on
        else:  # draw the broken epoch's order once more
            set_random_state(self.epoch_random, self.device)
            left_out = partial(set_random_state, going_on, self.device)
        batches = self.source.epoch(
            self.epoch,
            seed=self.seed,
            start=self.step,
            rank=self.team.rank,
            world=self.team.world,
            left_out=left_out,
        )
        while not self.interruption.wanted or self.step == len(self.source):
            batch = next(batches, None)  # only now: a loader may draw random numbers for it
            if batch is None:
                return
            x, t, share = batch
            yield self.hardware.arrange(x), t, share * self.team.world
        self.interrupted = True
        self.ending = self.interruption.ending(self.epoch + 1, self.step)

    def in_parts(self, x: Tensor, t: Tensor) -> Iterator[tuple[Tensor, Tensor, float]]:
        """Divide a batch, so that less of it is in memory at once and the summed gradients are the same.

        Args:
            x: inputs, shape (batch, ...).
            t: targets, shape (batch, ...).

        Yields:
            Inputs, targets, and the share of the batch that they are.
        """
        if self.accumulate == 1:
            yield x, t, 1.0
            return
        number = min(self.accumulate, len(x))
        parts = zip(x.tensor_split(number), t.tensor_split(number), strict=True)
        for place, (x_part, t_part) in enumerate(parts, start=1):
            with nullcontext() if place == number else self.team.apart(self.forward):
                yield x_part, t_part, len(x_part) / len(x)

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context of a forward pass."""
        return self.hardware.autocast(self.device)

    def set_learning_rates(self) -> None:
        """Set the learning rate of each parameter group to its own times the schedule's factor for now."""
        factor = factor_at(self.schedule, self.epoch + self.step / len(self.source))
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor

    def put_rates_back(self) -> None:
        """Give each parameter group the learning rate that it had before the schedule."""
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate

    def note(self, L: Tensor, y: Tensor, t: Tensor, share: float) -> None:
        """Take note of a loss, and stop if it is no number; a GPU's losses are looked at many at once.

        Args:
            L: mean loss of the examples.
            y: what the model gave.
            t: targets.
            share: 0 leaves the examples out of the means.

        Raises:
            NonFiniteLossError: If a loss is infinite or not a number.
        """
        self.unseen.append((L.detach(), self.step + 1, self.optimizer.param_groups[0]["lr"]))
        if self.device.type == "cpu":
            self.look()
        if share > 0:
            self.means.add(L.detach(), y.detach(), t)

    def look(self) -> None:
        """Make sure that the losses since the last look are numbers.

        Raises:
            NonFiniteLossError: If one is not.
        """
        seen, self.unseen = self.unseen, []
        if not seen:
            return
        values = torch.stack([L for L, _, _ in seen]).tolist() if len(seen) > 1 else [seen[0][0].item()]
        for value, (_, step, rate) in zip(values, seen, strict=True):
            if not math.isfinite(value):
                raise non_finite(value, step=step, epoch=self.epoch + 1, learning_rate=rate)

    def clip(self) -> None:
        """Shorten the gradient of all the optimizer's parameters together to the largest length allowed."""
        if self.clip_norm is not None:
            held = [each for group in self.optimizer.param_groups for each in group["params"]]
            nn.utils.clip_grad_norm_(held, self.clip_norm)  # nobody clears the gradients of any others

    def step_done(self) -> None:
        """Count a step, and save if it is time to."""
        self.step += 1
        self.bar.update()
        if self.step % LOOK_EVERY == 0:
            self.look()
        every = self.checkpoint.every_steps if self.checkpoint else None
        if every and self.step % every == 0 and self.step < len(self.source):
            self.keep(self)

    def epoch_done(self) -> None:
        """Measure, write down, decide whether to stop, and save."""
        self.look()
        row: dict[str, float] = {
            "epoch": self.epoch + 1,
            **self.means.result(self.team, "train_"),
            **self.validate(),
        }
        row["learning_rate"] = self.optimizer.param_groups[0]["lr"]
        row["seconds"] = self.seconds()
        self.history = self.history.extended(row)
        self.epoch, self.step, self.elapsed, self.clock = self.epoch + 1, 0, 0.0, time.perf_counter()
        self.means = Means(self.metrics, self.device)
        self.bar.set_postfix(
            {name: f"{row[name]:.3g}" for name in row if name.endswith(("loss", "accuracy"))}
        )
        if self.watch is not None and self.watch.look(row, self.model):
            self.ending = (
                f"stopped early after epoch {self.epoch}: {self.watch.rule.metric} was best in epoch "
                f"{self.watch.best_epoch}"
            )
        if self.journal is not None:
            self.journal.write(row)
        if self.checkpoint is not None:
            self.keep(self)

    def validate(self) -> dict[str, float]:
        """Measure the model on the validation data, if there are any."""
        self.team.share_buffers(self.model)
        if self.validation is None or self.validation_loss is None:
            return {}
        means = Means(self.metrics, self.device)
        batches = self.validation.in_order(rank=self.team.rank, world=self.team.world)
        forward = self.forward if self.team.world == 1 else self.model
        with evaluating(self.model):
            measure(
                forward,
                batches,
                loss=self.validation_loss,
                means=means,
                autocast=self.autocast,
                arrange=self.hardware.arrange,
            )
        return means.result(self.team, "validation_")

    def seconds(self) -> float:
        """Return how long this epoch has taken so far, over all processes that worked on it."""
        return self.elapsed + time.perf_counter() - self.clock
