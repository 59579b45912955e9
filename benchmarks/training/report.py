"""The page of results: what was measured, on what, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.training import surroundings, tables
from benchmarks.training.arithmetic import accuracy_noise
from benchmarks.training.contenders import Contender
from benchmarks.training.task import Settings
from benchmarks.training.watch import Outcome

HEAD = """# What training costs

Written by `course bench --write`, never by hand; `benchmarks/training/` is the program, and the head of each
module in `benchmarks/training/frameworks/` says which options its framework got."""
METHOD = """## How it was measured

Each side is a process of its own and trains only when it is its turn: {warm} steps that are not counted, then
{steps} that are, in a new order each round; the others wait. A ratio is the median over the rounds of one
round's ratio, so that what else the machine does slows both sides of it. The fastest piece is the least time,
which other programs disturb least. All sides start from the same weights (their first losses must agree) and
train {epochs} epochs with batches of {batch}, AdamW at {rate:g}, float32, {threads} threads.

The clock runs from one update of the weights to another and stands still while accuracy on the test images is
measured. Nothing else is recorded, except that the package keeps its history of loss and accuracy, and skorch
and Keras their losses. Memory is the peak of the process at the end of the first epoch, without the processes
of a DataLoader's workers. Imports are timed in fresh processes."""
NO_GPU = "## GPU\n\nNo GPU was at hand. Where there is one, `course bench` adds its tables here."


@dataclass(frozen=True)
class Heat:
    """One race with its result."""

    settings: Settings
    source: str
    contenders: Sequence[Contender]
    outcomes: dict[str, Outcome]


def network(heat: Heat) -> str:
    """Return the section of a race of LeNet."""
    settings, device = heat.settings, heat.settings.device
    pieces = min(len(outcome.pieces) for outcome in heat.outcomes.values())
    where = f"{settings.threads} threads of the processor" if device == "cpu" else f"the GPU ({device})"
    head = (
        f"## LeNet on {where}\n\n{heat.source}; images a second in {pieces} pieces of {settings.steps} steps."
    )
    aims = f"### Aims\n\n{tables.aims(heat.contenders, heat.outcomes)}"
    parts = [head, tables.speeds(heat.contenders, heat.outcomes), *([aims] if device == "cpu" else [])]
    return "\n\n".join([*parts, f"### Accuracy, time and memory\n\n{accuracy(heat)}"])


def accuracy(heat: Heat) -> str:
    """Return the accuracies, and whether they differ by more than chance makes them."""
    ends = [outcome.accuracies[-1] for outcome in heat.outcomes.values()]
    apart, noise = max(ends) - min(ends), accuracy_noise(heat.outcomes, heat.settings.test_images)
    sentence = (
        f"After {heat.settings.epochs} epochs the best and the worst differ by {apart:.2%}; by chance alone, "
        f"equally good networks differ by up to {noise:.2%} on so many test images."
    )
    return f"{tables.accuracies(heat.contenders, heat.outcomes)}\n\n{sentence}"


def residual(heat: Heat, operations: float, peak: float | None) -> str:
    """Return the section of a race of ResNet-18."""
    given = f"{peak:g} tera-operations a second" if peak else "not listed; give it with `--peak-tflops`"
    head = (
        f"## ResNet-18 on the GPU, images of 32 x 32\n\n{heat.source}; {operations / 1e9:.2f} billion "
        f"operations for one image, forward and backward; the card's dense bf16 peak is {given}. In float32, "
        "PyTorch's convolutions use TF32 on cards that have it."
    )
    peaks = tables.peaks(heat.contenders, heat.outcomes, operations, peak)
    return "\n\n".join([head, tables.speeds(heat.contenders, heat.outcomes), peaks])


def page(sections: Sequence[str], seconds: dict[str, list[float]], settings: Settings, day: str) -> str:
    """Return the whole page."""
    card = surroundings.accelerator()
    machine = f"{surroundings.processor()}{'; ' + card if card else ''}. {surroundings.versions()}. {day}."
    method = METHOD.format(
        warm=settings.warm,
        steps=settings.steps,
        epochs=settings.epochs,
        batch=settings.batch,
        rate=settings.learning_rate,
        threads=settings.threads,
    )
    imports = f"## Imports\n\n{tables.import_times(seconds)}"
    gpu = [] if card else [NO_GPU]
    return "\n\n".join([HEAD, machine, *sections, imports, *gpu, method]) + "\n"
