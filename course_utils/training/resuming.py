"""How a run is saved, and how it is taken up again as if it had never broken off."""

from typing import Any

from course_utils.training.checkpoints import compare, compare_shapes, remove_unfinished, save
from course_utils.training.history import History
from course_utils.training.randomness import random_state, set_random_state
from course_utils.training.run import Run


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
        "list of measures": [
            *run.metrics,
            "validation" if run.validation is not None else "training only",
        ],
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
    sums = run.team.gathered(run.means.sums.cpu())
    if run.checkpoint is None or not run.team.leads:
        return
    save(
        {
            "run": identity(run),
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
        CheckpointError: If it cannot be gone on from.
    """
    if run.checkpoint is None:
        return
    if run.team.leads:
        remove_unfinished(run.checkpoint.path)
    saved = run.checkpoint.earlier()
    if saved is None:
        return
    path = run.checkpoint.path
    compare(saved["run"], identity(run), path)
    compare_shapes(saved["model"], run.model, path)
    run.model.load_state_dict(saved["model"])
    run.optimizer.load_state_dict(saved["optimizer"])
    run.scaler.load_state_dict(saved["scaler"])
    run.epoch, run.step, run.elapsed = (
        saved["epoch"],
        saved["step"],
        saved["seconds"] if saved["step"] else 0.0,
    )
    run.history = History({name: tuple(values) for name, values in saved["history"].items()})
    run.means.sums = saved["sums"][run.team.rank].to(run.device)
    if run.watch is not None:
        run.watch.restore(saved["watch"])
    run.rates, run.ending = list(saved["rates"]), saved["ending"]
    random, run.epoch_random = saved["random"][run.team.rank]
    set_random_state(random, run.device)
