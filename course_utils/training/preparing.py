"""What is looked at before training begins, so that nothing is lost to it later."""

import inspect
import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import is_lazy

from course_utils.training.failures import whole_number
from course_utils.training.hardware import Hardware
from course_utils.training.measuring import evaluating
from course_utils.training.randomness import seeded
from course_utils.training.schedules import Schedule
from course_utils.training.sources import Source


def check_optimizer(model: nn.Module, optimizer: Any) -> None:
    """Make sure that an optimizer is made from the parameters of a model, some of which learn.

    Args:
        model: the model.
        optimizer: its optimizer.

    Raises:
        TypeError: If it is no optimizer, or its step needs a closure.
        ValueError: If it holds no parameter of the model, one of something else, or none that learns.
    """
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"optimizer is {getattr(optimizer, '__name__', type(optimizer).__name__)}, but expected is an "
            "optimizer that is made already, such as torch.optim.SGD(model.parameters(), lr=0.1)"
        )
    closure = inspect.signature(type(optimizer).step).parameters.get("closure")
    if closure is not None and closure.default is inspect.Parameter.empty:
        raise TypeError(
            f"{type(optimizer).__name__} wants a closure and several passes for each step, but expected is "
            "an optimizer whose step() needs none; take SGD, RMSprop, Adam or AdamW"
        )
    mine = {id(each) for each in model.parameters()}
    held = [each for group in optimizer.param_groups for each in group["params"]]
    strange = sum(id(each) not in mine for each in held)
    if strange == len(held):
        raise ValueError(
            "the optimizer holds no parameter of this model, so nothing would be learned; make it from "
            "model.parameters() of the very model that you train"
        )
    if strange:
        raise ValueError(
            f"{strange} of the optimizer's {len(held)} parameters are not the model's, so no checkpoint "
            "would hold them; make them part of the model"
        )
    if not any(each.requires_grad for each in held):
        raise ValueError(
            "all parameters of the optimizer are frozen (requires_grad=False), so nothing would be learned; "
            "thaw some with requires_grad_(True)"
        )


def check_functions(
    *, loss: Any, metrics: Any, schedule: Schedule | None, clip_norm: float | None, epochs: int
) -> None:
    """Make sure that the options of a run can be used, all the way to its last epoch.

    Args:
        loss: mean loss of a batch.
        metrics: name to function, or None.
        schedule: time in epochs to a factor.
        clip_norm: largest length of a gradient.
        epochs: length of the run.

    Raises:
        TypeError: If what must be a function is none.
        ValueError: If the schedule gives no factor, a metric has the loss's name, or clip_norm is 0.
    """
    if metrics is not None and not isinstance(metrics, Mapping):
        raise TypeError(
            f"metrics is {type(metrics).__name__}, but expected is a dict from names to functions (y, t); "
            'write {"accuracy": accuracy}'
        )
    if "loss" in (metrics or {}):
        raise ValueError("a metric is called 'loss', which the loss itself is called; give it another name")
    for name, each in {"loss": loss, "schedule": schedule, **(metrics or {})}.items():
        if not callable(each) and not (name == "schedule" and each is None):
            raise TypeError(f"{name} is {each!r}, but expected is a function; give its name without brackets")
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(f"clip_norm={clip_norm} must be above 0; leave it out to clip nothing")
    for epoch in range(epochs if schedule is not None else 0):
        factor_at(schedule, epoch)


def factor_at(schedule: Any, now: float) -> float:
    """Ask a schedule for its factor.

    Args:
        schedule: time in epochs to a factor.
        now: the time.

    Returns:
        The factor, one of Python's own numbers, which a checkpoint holds.

    Raises:
        ValueError: If it is negative, infinite or not a number.
    """
    factor = float(schedule(now))
    if not 0 <= factor < math.inf:
        raise ValueError(
            f"the schedule gives {factor} at {now:.4g} epochs, but expected is a factor of 0 or more on the "
            "learning rate; look at its formula there"
        )
    return factor


def check_source(source: Source, *, processes: int, kept: bool) -> None:
    """Make sure that a source of data can serve this run.

    Args:
        source: the data.
        processes: how many processes train.
        kept: whether there is a checkpoint.

    Raises:
        ValueError: If several processes are to share a DataLoader, or its order cannot be resumed.
    """
    loader = getattr(source, "loader", None)
    if loader is None:
        return
    if processes > 1:
        raise ValueError(
            f"{processes} processes cannot share a DataLoader; give arrays or Batches, which are divided"
        )
    if kept and loader.generator is not None:
        raise ValueError(
            "the DataLoader has a generator of its own, which no checkpoint holds, so a resumed run would "
            "see another order; leave generator out, since the run's seed decides"
        )


def rehearse(model: nn.Module, source: Source, hardware: Hardware, *, parts: int = 1) -> None:
    """Give lazy modules their sizes, and see that batch norm can do with the smallest part of a batch.

    Args:
        model: the model, on its device.
        source: the data.
        hardware: where and how to compute.
        parts: into how many parts a batch is divided, in all.

    Raises:
        ValueError: If batch norm would be left with one example alone.
    """
    lazy = any(is_lazy(each) for each in (*model.parameters(), *model.buffers()))
    alone = source.smallest() < 2 * parts and any(isinstance(each, _BatchNorm) for each in model.modules())
    if not lazy and not alone:
        return
    with seeded(0, source.device):
        x = hardware.arrange(next(source.in_order(batch_size=1))[0][:1])
    with evaluating(model), hardware.autocast(source.device):
        if lazy:
            model(x)
        kept = [(each, each.clone()) for each in model.buffers()]
        try:
            if alone:
                with seeded(0, source.device):
                    model.train()(x)
        finally:
            for each, value in kept:
                each.copy_(value)


def check_numbers(*, epochs: Any, accumulate: Any, seed: Any) -> tuple[int, int, int]:
    """Read the whole numbers of a run.

    Args:
        epochs: passes over the data.
        accumulate: parts of a batch.
        seed: what decides all that is random.

    Returns:
        The same as Python's own numbers.

    Raises:
        TypeError: If one is no whole number.
        ValueError: If one is too small.
    """
    return (
        whole_number("epochs", epochs, 1),
        whole_number("accumulate", accumulate, 1),
        whole_number("seed", seed, 0),
    )
