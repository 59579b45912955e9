"""Trial steps that leave model and optimizer as they were: the learning-rate range test, and a profile."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from numpy.typing import NDArray
from torch import nn

from course_utils.training.batches import Batch
from course_utils.training.failures import explained, whole_number
from course_utils.training.hardware import Hardware
from course_utils.training.measuring import Loss, checked
from course_utils.training.preparing import check_optimizer, rehearse
from course_utils.training.randomness import NETWORK, mixed_seed, seeded
from course_utils.training.sources import Source, as_source

DIVERGED = 4.0  # times the lowest loss so far: then the test ends
SMOOTHING = 0.9  # share of the past in the smoothed loss


@contextmanager
def unchanged(model: nn.Module, optimizer: torch.optim.Optimizer) -> Iterator[None]:
    """Put weights, modes and the optimizer's state back as they were, and clear the gradients.

    Args:
        model: the model.
        optimizer: its optimizer.
    """
    weights, state = copy.deepcopy(model.state_dict()), copy.deepcopy(optimizer.state_dict())
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        model.load_state_dict(weights)
        optimizer.load_state_dict(state)
        model.zero_grad()
        for module, training in modes:
            module.training = training


def learning_rate_range(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    data: Any,
    *,
    lowest: float = 1e-5,
    highest: float = 10.0,
    steps: int = 100,
    loss: Loss = F.cross_entropy,
    hardware: Hardware | None = None,
    seed: int = 0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Take steps with ever larger learning rates and record the loss before each.

    .. math:: \text{rate}_k = \text{lowest} \, (\text{highest} / \text{lowest})^{k / (\text{steps} - 1)}

    The test ends early when the smoothed loss is four times its lowest value, or no number.

    Args:
        model: the model; as it was afterwards.
        optimizer: its optimizer; as it was afterwards.
        data: a pair ``(x, t)`` of arrays, `Batches`, or a DataLoader.
        lowest: first learning rate, above 0.
        highest: last learning rate.
        steps: number of steps, at least 2.
        loss: mean loss of a batch.
        hardware: where and how to compute.
        seed: decides the order of the examples.

    Returns:
        Learning rates and the losses of the batches at them, both of shape (steps taken,).

    Raises:
        ValueError: If the rates do not rise from above 0, or there are fewer than 2 steps.
        DeviceError: If a demanded device is not there.

    Source:
        Smith (2017), Cyclical Learning Rates for Training Neural Networks, section 3.3.
    """
    steps = whole_number("steps", steps, 2, "100 draw a smooth curve")
    if not 0 < lowest < highest < np.inf:
        raise ValueError(
            f"lowest={lowest} and highest={highest} must rise from above 0; 1e-5 and 10 suit most networks"
        )
    rates = np.geomspace(lowest, highest, steps)
    losses: list[float] = []
    smooth, best = 0.0, np.inf
    hardware = hardware or Hardware()
    with _trial(model, optimizer, data, loss=loss, hardware=hardware, seed=seed) as step:
        for rate in rates:
            for group in optimizer.param_groups:
                group["lr"] = float(rate)
            losses.append(step())
            smooth = SMOOTHING * smooth + (1 - SMOOTHING) * losses[-1]
            now = smooth / (1 - SMOOTHING ** len(losses))
            best = min(best, now)
            if not now <= DIVERGED * best:
                break
    return rates[: len(losses)], np.array(losses)


@dataclass(frozen=True)
class Operation:
    """Hold what one kind of operation cost.

    Attributes:
        name: PyTorch's name for it.
        calls: how often it ran.
        milliseconds: time in it alone, on the device where there is one.
        share: of all operations together, between 0 and 1.
    """

    name: str
    calls: int
    milliseconds: float
    share: float


class Profile(tuple[Operation, ...]):
    """Hold the costliest operations, dearest first; printed, they are a table."""

    def __repr__(self) -> str:
        lines = [f"{'operation':<40}{'calls':>8}{'ms':>10}{'share':>8}"]
        lines += [
            f"{each.name[:39]:<40}{each.calls:>8}{each.milliseconds:>10.2f}{each.share:>8.1%}"
            for each in self
        ]
        return "\n".join(lines)


def profile_steps(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    data: Any,
    *,
    steps: int = 20,
    loss: Loss = F.cross_entropy,
    hardware: Hardware | None = None,
    trace: str | None = None,
) -> Profile:
    """Take some steps under PyTorch's profiler and list the ten costliest operations.

    Args:
        model: the model; as it was afterwards.
        optimizer: its optimizer; as it was afterwards.
        data: a pair ``(x, t)`` of arrays, `Batches`, or a DataLoader.
        steps: number of steps that are measured, after three that are not.
        loss: mean loss of a batch.
        hardware: where and how to compute.
        trace: file for the whole course of events, for chrome://tracing or Perfetto.

    Returns:
        The costliest operations, at most ten.

    Raises:
        ValueError: If there are fewer than 1 step.
        DeviceError: If a demanded device is not there.
    """
    steps = whole_number("steps", steps, 1, "20 give a steady picture")
    from torch.profiler import ProfilerActivity, profile

    hardware = hardware or Hardware()
    here = hardware.find().type
    extra = {"cuda": ProfilerActivity.CUDA, "xpu": ProfilerActivity.XPU}.get(here)
    activities = [ProfilerActivity.CPU, *([extra] if extra else [])]
    with _trial(model, optimizer, data, loss=loss, hardware=hardware, seed=0) as step:
        for _ in range(3):
            step()
        with profile(activities=activities) as record:
            for _ in range(steps):
                step()
    if trace is not None:
        record.export_chrome_trace(trace)
    return _costliest(record, on_device=extra is not None)


def _costliest(record: Any, *, on_device: bool) -> Profile:
    """Read the ten costliest operations out of a profile."""
    spent = {
        each: (each.self_device_time_total if on_device else each.self_cpu_time_total)
        for each in record.key_averages()
    }
    total = sum(spent.values()) or 1.0
    dearest = sorted(spent, key=lambda each: spent[each], reverse=True)[:10]
    return Profile(
        Operation(each.key, each.count, spent[each] / 1000, spent[each] / total) for each in dearest
    )


@contextmanager
def _trial(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    data: Any,
    *,
    loss: Loss,
    hardware: Hardware,
    seed: int,
) -> Iterator[Any]:
    """Give a function that takes one step on the next batch and returns the loss before it."""
    check_optimizer(model, optimizer)
    seed = whole_number("seed", seed, 0)
    device = hardware.find()
    source = as_source(data, shuffle=True).to(device)
    forward, judge = hardware.place(model, device), checked(loss, source)
    batches = _endless(source, seed)

    def step() -> float:
        x, t, _share = next(batches)
        optimizer.zero_grad()
        with hardware.autocast(device):
            L = judge(forward(hardware.arrange(x)), t)
        L.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return L.item()

    with (
        explained(batch=source.batch_size, precision=hardware.precision),
        seeded(mixed_seed(seed, purpose=NETWORK), device),
    ):
        rehearse(model, source, hardware)
        with unchanged(model, optimizer):
            model.train()
            yield step


def _endless(source: Source, seed: int) -> Iterator[Batch]:
    """Hand out batches, epoch after epoch."""
    epoch = 0
    while True:
        yield from source.epoch(epoch, seed=seed)
        epoch += 1
