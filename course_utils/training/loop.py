"""The training loop. `run_epochs` is all of it on one page; `train` prepares what it needs."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from torch import nn

from course_utils.training.checkpoints import Checkpoint
from course_utils.training.distributed import join_team
from course_utils.training.failures import NonFiniteLossError, explained
from course_utils.training.hardware import Hardware
from course_utils.training.history import History
from course_utils.training.interruption import interruptible
from course_utils.training.journal import Journal
from course_utils.training.means import Metric, accuracy
from course_utils.training.measuring import Loss, checked
from course_utils.training.preparing import (
    check_functions,
    check_numbers,
    check_optimizer,
    check_source,
    rehearse,
)
from course_utils.training.progress import Silent, progress_bar
from course_utils.training.randomness import NETWORK, mixed_seed, seeded
from course_utils.training.resuming import resume_run, save_run
from course_utils.training.run import Run
from course_utils.training.schedules import Schedule, constant
from course_utils.training.sources import as_source
from course_utils.training.stopping import EarlyStopping, Watch


def run_epochs(run: Run, epochs: int) -> None:
    """Train: for each batch predict, compare, differentiate, and take a step against the gradient.

    Args:
        run: the model, its optimizer, the data, and how far training has come.
        epochs: passes over the data, those of an earlier run included.
    """
    while run.epoch < epochs and run.ending is None:
        run.model.train()
        for x, t, share in run.remaining_batches():
            run.set_learning_rates()
            run.optimizer.zero_grad()
            for x_part, t_part, part in run.in_parts(x, t):
                with run.autocast():
                    y = run.forward(x_part)
                    L = run.loss(y, t_part)
                run.note(L, y, t_part, share)
                run.scaler.scale(L * (share * part)).backward()  # type: ignore[no-untyped-call]
            run.scaler.unscale_(run.optimizer)
            run.clip()
            run.scaler.step(run.optimizer)
            run.scaler.update()
            run.step_done()
        if run.ending is None:
            run.epoch_done()


def train(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    data: Any,
    validation: Any = None,
    *,
    epochs: int,
    loss: Loss = F.cross_entropy,
    metrics: Mapping[str, Metric] | None = None,
    schedule: Schedule | None = None,
    clip_norm: float | None = None,
    accumulate: int = 1,
    stopping: EarlyStopping | None = None,
    hardware: Hardware | None = None,
    checkpoint: Checkpoint | str | Path | None = None,
    seed: int = 0,
    progress: bool = True,
    log_to: str | Path | None = None,
) -> History:
    """Train a model, on whatever this machine has, and return what was measured.

    Interrupted by the user, training ends after the step under way and returns the history so far. Under
    ``torchrun`` every process calls this with the same arguments; each batch is divided among them. The
    result is that of one process up to rounding, but for two things: dropout and augmentation draw anew in
    each process, and batch norm normalises each part by itself, with the first process's running averages.

    Args:
        model: the network; trained in place, moved to the device, and left in evaluation mode.
        optimizer: any of ``torch.optim`` whose step needs no closure, made from ``model.parameters()``.
        data: a pair ``(x, t)`` of arrays, which is shuffled, or `Batches`, or a DataLoader.
        validation: the same for what is measured after each epoch; None measures nothing.
        epochs: passes over the data, those of the checkpoint included.
        loss: mean loss of a batch, ``loss(y, t)``.
        metrics: name to function ``(y, t) -> one value per example``; None measures the accuracy.
        schedule: time in epochs to a factor on the optimizer's learning rates; None keeps them.
        clip_norm: largest length of the gradient of all parameters together.
        accumulate: parts in which each batch is worked through, for want of memory.
        stopping: when to end early.
        hardware: where and how to compute; None takes what there is.
        checkpoint: a path or `Checkpoint`; a run that broke off goes on from it as if it never had, on a CPU
            with as many threads bit for bit.
        seed: decides the order of the examples and all that the network draws.
        progress: whether to show a bar.
        log_to: folder for TensorBoard.

    Returns:
        Means per example of the loss and the metrics, for each epoch; training values are measured while the
        weights change and dropout is on.

    Raises:
        ValueError: If the data are empty, labels have no logit, or a setting is out of range.
        TypeError: If a setting, or what a function of the caller's gives, is of another type.
        NonFiniteLossError: If the loss is infinite or not a number.
        DeviceError: If a demanded device is not there, or model and data lie on different ones.
        DeviceMemoryError: If a batch does not fit into the device's memory.
        CheckpointError: If the checkpoint cannot be gone on from, or cannot be written.
        OSError: If the disk is full.
    """
    epochs, accumulate, seed = check_numbers(epochs=epochs, accumulate=accumulate, seed=seed)
    check_functions(loss=loss, metrics=metrics, schedule=schedule, clip_norm=clip_norm, epochs=epochs)
    check_optimizer(model, optimizer)
    hardware = hardware or Hardware()
    device = hardware.find()
    team = join_team(device)
    source = as_source(data, shuffle=True).to(device)
    held_out = None if validation is None else as_source(validation).to(device)
    keep = Checkpoint(checkpoint) if isinstance(checkpoint, str | Path) else checkpoint
    metrics = {"accuracy": accuracy} if metrics is None else metrics
    if stopping is not None:
        stopping.check(("loss", *metrics), validated=validation is not None)
    for each in (source, *([] if held_out is None else [held_out])):
        check_source(each, processes=team.world, kept=keep is not None)
    with ExitStack() as stack:
        stack.enter_context(explained(batch=source.batch_size // accumulate, precision=hardware.precision))
        stack.enter_context(seeded(mixed_seed(seed, team.rank, purpose=NETWORK), device))
        forward = hardware.place(model, device)
        rehearse(model, source, hardware, parts=accumulate * team.world)
        run = Run(
            model=model,
            forward=team.wrap(forward, device),
            optimizer=optimizer,
            loss=checked(loss, source),
            metrics=metrics,
            source=source,
            validation=held_out,
            validation_loss=None if held_out is None else checked(loss, held_out),
            schedule=schedule or constant(),
            clip_norm=clip_norm,
            accumulate=accumulate,
            hardware=hardware,
            device=device,
            scaler=hardware.scaler(device),
            team=team,
            seed=seed,
            checkpoint=keep,
            journal=None,
            bar=Silent(),
            interruption=stack.enter_context(interruptible(alone=team.world == 1)),
            keep=save_run,
            watch=None if stopping is None else Watch(stopping),
        )
        resume_run(run)
        if log_to is not None and team.leads:
            run.journal = Journal(log_to, done=run.epoch)
            stack.callback(run.journal.close)
        done = run.epoch * len(source) + run.step
        run.bar = stack.enter_context(
            progress_bar(epochs * len(source), done=done, shown=progress and team.leads)
        )
        stack.callback(run.put_rates_back)
        return _finished(run, epochs)


def _finished(run: Run, epochs: int) -> History:
    """Run to the end, however it comes, and return the history with that end."""
    try:
        run_epochs(run, epochs)
    except KeyboardInterrupt:  # in the middle of a step: the checkpoint stays as it is
        return run.history.ended(run.interruption.ending(run.epoch + 1, run.step))
    except NonFiniteLossError as error:
        error.history = run.history.ended(str(error))
        raise
    finally:
        run.model.eval()
    if run.interrupted:
        save_run(run)
    elif run.watch is not None and run.watch.weights:
        run.model.load_state_dict(run.watch.weights)
    return run.history.ended(run.ending or f"all {run.epoch} epochs were done")
