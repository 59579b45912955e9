"""Kill training again and again, and see whether it ends as if nobody had: the work of `course soak`."""

import hashlib
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training.batches import Batches
from course_utils.training.checkpoints import Checkpoint
from course_utils.training.hardware import Hardware
from course_utils.training.loop import train
from course_utils.training.schedules import cosine
from course_utils.training.stopping import EarlyStopping

EPOCHS, EXAMPLES = 5, 203
PATIENCE = 60  # seconds after which a killed process counts as stuck
GROWTH = 1.1  # of the time that a process is given, from kill to kill


@dataclass(frozen=True)
class Soaked:
    """Hold what became of one run.

    Attributes:
        kills: how often it was killed.
        while_writing: how many of these left an unfinished file beside the checkpoint.
        same: whether it ended with the unbroken run's weights and history, bit for bit.
    """

    kills: int
    while_writing: int
    same: bool


def run_to_the_end(kind: str, folder: str) -> None:
    """Train a network that has all that a checkpoint must hold, and write a digest of how it ended.

    Args:
        kind: ``"batches"`` or ``"loader"``.
        folder: where the checkpoint is, and where the digest goes.
    """
    torch.set_num_threads(1)
    torch.manual_seed(7)
    model = nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 4))
    x, t = torch.randn(EXAMPLES, 20), torch.randint(0, 4, (EXAMPLES,))
    loader: Any = DataLoader(TensorDataset(x, t), batch_size=16, shuffle=True)
    history = train(
        model,
        torch.optim.AdamW(model.parameters(), lr=0.01),
        Batches(x, t, batch_size=16) if kind == "batches" else loader,
        (x, t),
        epochs=EPOCHS,
        schedule=cosine(EPOCHS, warmup=1),
        clip_norm=1.0,
        stopping=EarlyStopping(patience=EPOCHS),
        hardware=Hardware(device="cpu"),
        checkpoint=Checkpoint(Path(folder, "run.pt"), every_steps=2),
        progress=False,
    )
    digest = hashlib.sha256()
    for value in model.state_dict().values():
        digest.update(value.numpy().tobytes())
    digest.update(repr([(name, history[name]) for name in history if name != "seconds"]).encode())
    Path(folder, "digest").write_text(digest.hexdigest(), encoding="utf-8")


def soak(kind: str, folder: Path, rng: random.Random, *, wanted: str, seconds: float) -> Soaked:
    """Kill one run at random moments until it ends by itself.

    Args:
        kind: ``"batches"`` or ``"loader"``.
        folder: an empty folder.
        rng: draws the moments.
        wanted: digest of the unbroken run.
        seconds: the longest time that the first process is given; it grows, so that a slow machine ends too.

    Returns:
        What became of it.

    Raises:
        RuntimeError: If the run fails by itself, which no kill may cause.
    """
    kills = writing = 0
    ended = False
    while not ended:
        process = _process(run_to_the_end, kind, str(folder))
        process.start()
        process.join(rng.uniform(0, seconds))
        process.kill()
        process.join(PATIENCE)
        if process.exitcode not in (0, KILLED):
            raise RuntimeError(f"a resumed run ended with exit code {process.exitcode}; its error is above")
        ended = process.exitcode == 0
        kills += not ended
        seconds *= GROWTH
        writing += (folder / f".run.pt.{process.pid}.unfinished").exists()
    return Soaked(kills, writing, (folder / "digest").read_text(encoding="utf-8") == wanted)


def soaked_runs(kills: int, folder: Path, *, seed: int) -> Iterator[Soaked]:
    """Kill runs until there were enough kills.

    Args:
        kills: how many at least.
        folder: an empty folder.
        seed: decides the moments.

    Yields:
        What became of each run.

    Raises:
        ValueError: If fewer than 1 kill is asked for.
        RuntimeError: If a run fails by itself.
    """
    if kills < 1:
        raise ValueError(f"kills={kills} must be at least 1; 20 take seconds, 500 some minutes")
    rng = random.Random(seed)
    wanted, seconds = {}, {}
    _run(time.sleep, 0)  # starts what the others are forked from, which takes longer
    for kind in ("batches", "loader"):
        (folder / kind).mkdir()
        begun = time.perf_counter()
        _run(run_to_the_end, kind, str(folder / kind))
        seconds[kind] = time.perf_counter() - begun
        wanted[kind] = (folder / kind / "digest").read_text(encoding="utf-8")
    done = run = 0
    while done < kills:
        kind = ("batches", "loader")[run % 2]
        place = folder / str(run)
        place.mkdir()
        outcome = soak(kind, place, rng, wanted=wanted[kind], seconds=seconds[kind])
        done, run = done + outcome.kills, run + 1
        yield outcome


def _context() -> BaseContext:
    """Return how processes start: forked from one that has loaded PyTorch, where a system can."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "torch._dynamo"])  # an optimizer imports it at its first step
    return context


def _process(target: Callable[..., None], *arguments: Any) -> Any:
    """Return a process that has not started."""
    return _context().Process(target=target, args=arguments)  # type: ignore[attr-defined]


def _run(target: Callable[..., None], *arguments: Any) -> None:
    """Run a function in a process of its own, to its end."""
    process = _process(target, *arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"an unbroken run ended with exit code {process.exitcode}; its error is above")


KILLED = 1 if sys.platform == "win32" else -9  # exit code of a killed process
