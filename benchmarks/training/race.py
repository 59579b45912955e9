"""Let the sides train in turns, each in a process of its own that waits while another one trains."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np

from benchmarks.training.contenders import Contender
from benchmarks.training.task import Settings
from benchmarks.training.watch import Outcome
from benchmarks.training.worker import FAILED, work

PATIENCE = 900  # seconds that one turn may take; compiling a network takes most
ALIKE = 1e-3  # largest share by which the untrained networks' losses may differ


class BrokenError(Exception):
    """A side broke, or the sides do not train the same."""


@dataclass
class Side:
    """A contender with its process."""

    contender: Contender
    process: BaseProcess
    connection: Connection
    outcome: Outcome | None = field(default=None)

    def hear(self) -> None:
        """Wait until it is ready for a turn or done."""
        name = self.contender.name
        if not self.connection.poll(PATIENCE):
            raise BrokenError(f"{name} did not answer within {PATIENCE} seconds")
        try:
            said = self.connection.recv()
        except EOFError:
            self.process.join()
            raise BrokenError(f"{name} ended with exit code {self.process.exitcode}") from None
        if isinstance(said, Outcome):
            self.outcome = said
        elif said[0] == FAILED:
            raise BrokenError(f"{name} broke:\n{said[1]}")

    def train(self) -> None:
        """Let it train for one turn."""
        self.connection.send("go")
        self.hear()


def race(
    contenders: Sequence[Contender], settings: Settings, advance: Callable[[], Any] = lambda: None
) -> dict[str, Outcome]:
    """Train all contenders in turns, in another order each round.

    Args:
        contenders: who takes part.
        settings: what holds for all of them.
        advance: called after each round.

    Returns:
        Outcome of each by its key.

    Raises:
        BrokenError: a side broke, or the untrained networks differ, so that the times would mean nothing.
    """
    context, rng = multiprocessing.get_context("spawn"), np.random.default_rng(settings.seed)
    sides: list[Side] = []
    try:
        for contender in contenders:
            sides.append(start(contender, settings, context))
        for side in sides:
            side.hear()
        while waiting := [side for side in sides if side.outcome is None]:
            for place in rng.permutation(len(waiting)):
                waiting[place].train()
            advance()
    finally:
        for side in sides:
            end(side)
    outcomes = {side.contender.key: side.outcome for side in sides if side.outcome}
    check_alike({contender.name: outcomes[contender.key] for contender in contenders})
    return outcomes


def start(contender: Contender, settings: Settings, context: Any) -> Side:
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(contender, settings, theirs), name=contender.key)
    process.start()
    theirs.close()  # so that the pipe ends when the process does
    return Side(contender, process, ours)


def end(side: Side) -> None:
    side.process.join(timeout=20 if side.outcome else 0)
    if side.process.is_alive():
        side.process.kill()
        side.process.join()
    side.connection.close()


def check_alike(outcomes: dict[str, Outcome]) -> None:
    """Raise a BrokenError unless all networks started from the same loss."""
    losses = {name: outcome.first_loss for name, outcome in outcomes.items()}
    values = np.array(list(losses.values()))
    if not np.ptp(values) <= ALIKE * values.max():  # a loss that is no number is caught as well
        told = ", ".join(f"{loss:.4f} of {name}" for name, loss in losses.items())
        raise BrokenError(f"the untrained networks differ (loss {told}), so the times mean nothing")
