"""Wait for one's turn, time the steps of it, and leave out of the time whatever is no training."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import nn

from benchmarks.training.task import Task

Predict = Callable[[torch.Tensor], torch.Tensor]  # images (batch, channels, height, width) -> logits
CHECKED, CHUNK = 128, 1000  # test images for the first loss; test images at a time


@dataclass(frozen=True)
class Piece:
    """The counted steps of one turn."""

    images: int
    seconds: float


@dataclass
class Outcome:
    """What one side did."""

    first_loss: float = float("nan")
    pieces: list[Piece] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)  # on the test images, after each epoch
    seconds: list[float] = field(default_factory=list)  # of training, until then
    megabytes: float = 0.0  # peak of the process until the end of the first epoch


class Watch:
    """The clock of one side, which stands still while the others train and while accuracy is measured."""

    def __init__(
        self, task: Task, turn: Callable[[], None], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.task, self.turn, self.clock = task, turn, clock
        self.outcome = Outcome()
        self.paused = self.started = 0.0
        self.steps = self.images = 0
        self.predict: Predict | None = None

    def now(self) -> float:
        if self.task.device.type != "cpu":
            torch.accelerator.synchronize()  # a GPU works on after the call has come back
        return self.clock() - self.paused

    def pause(self, work: Callable[[], None]) -> None:
        """Do something that is not training."""
        before = self.now()
        work()
        self.paused += self.now() - before

    def start(self, predict: Predict) -> None:
        """Note the untrained network's loss, which shows that all sides start alike; wait for a turn."""
        self.predict = predict
        self.outcome.first_loss = float(
            nn.functional.cross_entropy(self.logits(slice(CHECKED)), self.truth(slice(CHECKED)))
        )
        self.pause(self.turn)
        self.paused += self.now()  # the clock starts at 0

    def step(self) -> None:
        """Take note of one step; called after each update of the weights."""
        settings = self.task.settings
        self.steps += 1
        in_epoch = (self.steps - 1) % settings.steps_an_epoch
        self.images += min(settings.batch, settings.images - in_epoch * settings.batch)
        if in_epoch + 1 == settings.steps_an_epoch:
            self.end_epoch()
        place = self.steps % (settings.warm + settings.steps)
        if place == settings.warm:
            self.started, self.images = self.now(), 0
        elif place == 0:
            self.outcome.pieces.append(Piece(self.images, self.now() - self.started))
            self.pause(self.turn)

    def end_epoch(self) -> None:
        self.outcome.seconds.append(self.now())
        if len(self.outcome.seconds) == 1:
            self.outcome.megabytes = peak_megabytes()
        self.pause(lambda: self.outcome.accuracies.append(self.accuracy()))

    def accuracy(self) -> float:
        count = len(self.task.test_labels)
        rows = [slice(start, start + CHUNK) for start in range(0, count, CHUNK)]
        right = sum(int((self.logits(row).argmax(1) == self.truth(row)).sum()) for row in rows)
        return right / count

    def logits(self, rows: slice) -> torch.Tensor:
        if self.predict is None:
            raise RuntimeError("a watch that was never started has no network to ask: call start first")
        with torch.no_grad():
            return self.predict(torch.from_numpy(self.task.test_images[rows]).float() / 255).float().cpu()

    def truth(self, rows: slice) -> torch.Tensor:
        return torch.from_numpy(self.task.test_labels[rows])


def asking(network: nn.Module) -> Predict:
    """Return a function that asks a network of PyTorch, wherever it is, and leaves its mode as it was."""

    def predict(x: torch.Tensor) -> torch.Tensor:
        training, device = network.training, next(network.parameters()).device
        network.eval()
        y = network(x.to(device))
        network.train(training)
        return y

    return predict


def peak_megabytes() -> float:
    """Return the largest size of this process in memory so far, without its children."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, kibibytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
