"""Runs of training that one process and two processes do alike; torchrun starts this file twice."""

import contextlib
import io
import sys
from pathlib import Path

import torch
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import Batches, Checkpoint, EarlyStopping, cosine, train
from tests.training.small import CPU, batches, examples, network, plain

SCHEDULE = cosine(3, warmup=0.5, floor=0.1)
ALIKE = {  # number of examples and options; a batch has 32
    "ragged": (203, {}),
    "last batch of one": (65, {"clip_norm": 0.3, "schedule": SCHEDULE}),
    "in two parts": (203, {"accumulate": 2, "clip_norm": 0.3}),
    "last batch of one in two parts": (65, {"accumulate": 2, "schedule": SCHEDULE}),
    "last batch of three in two parts": (67, {"accumulate": 2}),
    "more parts than examples": (67, {"accumulate": 20}),
    "stopped early": (65, {"stopping": EarlyStopping(1, metric="validation_accuracy")}),
}


class Killed(BaseException):
    """Stands in for a power cut."""


def outcome(model, history):
    """Return how a run ended."""
    columns = {name: history[name] for name in history if name != "seconds"}
    return {"weights": dict(model.state_dict()), "history": columns, "ending": history.ending}


def alike(name):
    """Train one of the runs that must not depend on the number of processes."""
    count, options = ALIKE[name]
    model, optimizer = plain()
    validation = examples(41, seed=2)
    epochs = 20 if "stopping" in options else 3
    history = train(model, optimizer, batches(count), validation, epochs=epochs,
                    hardware=CPU, progress=False, **options)  # fmt: skip
    return outcome(model, history)


def noisy(folder, rank, *, name="run.pt", epochs=2, killed_after=None):
    """Train with dropout, batch norm and augmentation, and note what each process draws."""
    model, optimizer = network()
    drawn, step, taken = [], optimizer.step, []

    def augmented(x, t, generator):
        drawn.append(generator.initial_seed())
        return x + 0.1 * torch.randn(x.shape, generator=generator), t

    def counted(*arguments, **options):
        if len(taken) == killed_after:
            raise Killed
        taken.append(1)
        return step(*arguments, **options)

    optimizer.step = counted
    masks = []
    model[3].register_forward_hook(lambda module, _, y: masks.append(bool(module.training) and (y[0] != 0)))
    shown = io.StringIO()
    data = Batches(*examples(203), batch_size=32, augment=augmented)
    checkpoint = Checkpoint(
        folder / f"rank {rank}" / name if name == "own.pt" else folder / name, every_steps=2
    )
    logs = folder / f"rank {rank} logs" if name == "own.pt" else None
    with contextlib.redirect_stderr(shown):
        history = train(model, optimizer, data, examples(41, seed=2), epochs=epochs, hardware=CPU,
                        checkpoint=checkpoint, log_to=logs, clip_norm=1.0)  # fmt: skip
    return {**outcome(model, history), "drawn": drawn, "mask": masks[0], "shown": shown.getvalue()}


def refused(attempt):
    """Return the sentence with which an attempt is refused."""
    try:
        attempt()
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    return "not refused"


def loader(validation):
    """Train with a DataLoader as data or validation data."""
    model, optimizer = plain()
    given = DataLoader(TensorDataset(*examples(64)), batch_size=32)
    pair = (batches(64), given) if validation else (given, None)
    train(model, optimizer, *pair, epochs=1, hardware=CPU, progress=False)


def normed(count):
    """Train batch norm on so many examples."""
    model, optimizer = network()
    train(model, optimizer, batches(count), epochs=1, hardware=CPU, progress=False)


def seen_by_some(folder, rank):
    """Go on from a file that the first process alone finds."""
    model, optimizer = plain()
    if rank == 0:
        (folder / "rank 0 only").mkdir()
        (folder / "some.pt").rename(folder / "rank 0 only" / "some.pt")
    train(model, optimizer, batches(), epochs=2, hardware=CPU, progress=False,
          checkpoint=folder / f"rank {rank} only" / "some.pt")  # fmt: skip


def together(folder):
    """Run every case as one of several processes."""
    results = {name: alike(name) for name in ALIKE}
    rank = torch.distributed.get_rank()
    results["own"] = noisy(folder, rank, name="own.pt")
    results["whole"] = noisy(folder, rank, name="whole.pt", epochs=3)
    with contextlib.suppress(Killed):
        noisy(folder, rank, name="broken.pt", epochs=3, killed_after=10)
    results["resumed"] = noisy(folder, rank, name="broken.pt", epochs=3)
    results["loader"] = refused(lambda: loader(validation=False))
    results["validation loader"] = refused(lambda: loader(validation=True))
    results["batch norm, one example"] = refused(lambda: normed(65))
    results["batch norm, three examples"] = refused(lambda: normed(67))
    model, optimizer = plain()
    train(model, optimizer, batches(), epochs=1, hardware=CPU, progress=False, checkpoint=folder / "some.pt")
    torch.distributed.barrier()
    results["seen by some"] = refused(lambda: seen_by_some(folder, rank))
    torch.save(results, folder / f"results {rank}.pt")


if __name__ == "__main__":
    torch.set_num_threads(1)
    together(Path(sys.argv[1]))
