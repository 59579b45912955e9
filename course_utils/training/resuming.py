"""How a run is saved, and how it is taken up again as if it had never broken off."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from course_utils.training.checkpoints import plain, prepare, save
from course_utils.training.failures import CheckpointError
from course_utils.training.history import History
from course_utils.training.randomness import random_state, set_random_state
from course_utils.training.run import Run

KEPT = (
    *("run", "settings", "model", "optimizer", "scaler", "epoch", "step"),
    *("random", "sums", "seconds", "history", "watch", "rates", "ending"),
)
TAKEN_OVER = ("weight_decay", "momentum", "betas")


def identity(run: Run) -> dict[str, Any]:
    """Return what must be the same in a run that goes on from another's checkpoint.

    Args:
        run: the run.

    Returns:
        Names, as a sentence uses them, and plain values.
    """
    return {
        "optimizer": type(run.optimizer).__name__,
        "number of training examples": run.source.examples,
        "batch size": run.source.batch_size,
        "accumulate": run.accumulate,
        "seed": run.seed,
        "number of processes": run.team.world,
        "number of parameter groups": len(run.optimizer.param_groups),
        "early stopping": "off" if run.watch is None else "on",
        "watched measure": None if run.watch is None else run.watch.rule.metric,
        "list of measures": [
            *run.metrics,
            "validation" if run.validation is not None else "training only",
        ],
    }


def settings(run: Run) -> dict[str, Any]:
    """Return what an optimizer takes from a checkpoint, so that a new value would have no effect.

    Args:
        run: the run.

    Returns:
        Names, as a sentence uses them, and one value for each parameter group.
    """
    groups = run.optimizer.param_groups
    return {
        "number of parameters in each group": [len(group["params"]) for group in groups],
        "learning rate": run.rates,
        **{f"optimizer's {name}": plain([group.get(name) for group in groups]) for name in TAKEN_OVER},
    }


def save_run(run: Run) -> None:
    """Write a checkpoint with all that the rest of the run needs; every process calls it, the first writes.

    Args:
        run: the run, between two steps.

    Raises:
        OSError: If the file cannot be written.
    """
    run.look()  # never keep weights that are no numbers
    states = run.team.gathered([random_state(run.device), run.epoch_random])
    run.means.fetch()
    sums = run.team.gathered(run.means.sums)
    if run.checkpoint is None or not run.team.leads:
        return
    save(
        {
            "run": identity(run),
            "settings": settings(run),
            "model": run.model.state_dict(),
            "optimizer": run.optimizer.state_dict(),
            "scaler": run.scaler.state_dict(),
            "epoch": run.epoch,
            "step": run.step,
            "random": states,
            "sums": sums,
            "seconds": run.seconds(),
            "history": {name: list(run.history[name]) for name in run.history},
            "watch": None if run.watch is None else run.watch.state(),
            "rates": run.rates,
            "ending": None if run.interrupted else run.ending,
        },
        run.checkpoint.path,
    )


def resume_run(run: Run) -> None:
    """Take up the run that the checkpoint holds, if there is one.

    Args:
        run: the run, not begun.

    Raises:
        CheckpointError: If it cannot be gone on from, or no checkpoint could be written there.
    """
    if run.checkpoint is None:
        return
    path = run.checkpoint.path
    if run.team.leads:
        prepare(path)
        plain({"model": run.model.state_dict(), "optimizer": run.optimizer.state_dict()})
    saved = run.checkpoint.earlier()
    if len({each is None for each in run.team.gathered(saved and saved["step"])}) > 1:
        raise CheckpointError(
            f"some of the {run.team.world} processes find {path} and others do not; put it where all of the "
            "machines see the same file"
        )
    if saved is None:
        return
    missing = [name for name in KEPT if name not in saved]
    if missing:
        raise CheckpointError(f"{path} is not complete: its {missing[0]} is missing; delete it to begin anew")
    compare(saved["run"], identity(run), path)
    compare_shapes(saved["model"], run.model, path)
    compare(saved["settings"], settings(run), path)
    run.model.load_state_dict(saved["model"])
    run.optimizer.load_state_dict(saved["optimizer"])
    run.scaler.load_state_dict(saved["scaler"])
    run.epoch, run.step, run.elapsed = (
        saved["epoch"],
        saved["step"],
        saved["seconds"] if saved["step"] else 0.0,
    )
    run.history = History({name: tuple(values) for name, values in saved["history"].items()})
    run.means.sums = list(saved["sums"][run.team.rank])
    if run.watch is not None:
        run.watch.restore(saved["watch"])
    run.rates, run.ending = list(saved["rates"]), saved["ending"]
    random, run.epoch_random = saved["random"][run.team.rank]
    set_random_state(random, run.device)


def compare(saved: Mapping[str, Any], here: Mapping[str, Any], path: str | Path) -> None:
    """Make sure that a checkpoint belongs to the run that is about to go on.

    Args:
        saved: what describes the run in the file: names and plain values.
        here: the same of the run that is about to go on.
        path: the file, for the sentence.

    Raises:
        CheckpointError: If they differ, naming the first difference.
    """
    for name, value in here.items():
        if saved.get(name) != value:
            raise CheckpointError(
                f"{path} belongs to another run: its {name} is {saved.get(name)}, here it is {value}; give "
                'another path, or resume="never" to begin anew and overwrite it'
            )


def compare_shapes(saved: Mapping[str, Any], model: torch.nn.Module, path: str | Path) -> None:
    """Make sure that saved weights fit a model.

    Args:
        saved: name to tensor.
        model: the model.
        path: the file, for the sentence.

    Raises:
        CheckpointError: If a tensor is missing, left over or of another shape, naming the first.
    """
    here = {name: _shape(value) for name, value in model.state_dict().items()}
    there = {name: _shape(value) for name, value in saved.items()}
    for name in sorted({*here, *there}):
        if here.get(name) != there.get(name):
            raise CheckpointError(
                f"{path} holds another network: {name} has shape {there.get(name, 'none')} in "
                f"the file and {here.get(name, 'none')} in the model; build the same network, or give "
                "another path"
            )


def _shape(value: Any) -> tuple[int, ...]:
    """Return a tensor's shape; a plain value in a state has none."""
    return tuple(value.shape) if isinstance(value, torch.Tensor) else ()
