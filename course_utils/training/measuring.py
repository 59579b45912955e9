"""Means per example of the loss and of any metric, over batches of any sizes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from torch import Tensor, nn

from course_utils.training.batches import Batch, Batches
from course_utils.training.distributed import Team
from course_utils.training.failures import check_labels, explained
from course_utils.training.hardware import Hardware
from course_utils.training.sources import Loaded, Source, as_source

Loss = Callable[[Tensor, Tensor], Tensor]
Metric = Callable[[Tensor, Tensor], Tensor]


def accuracy(y: Tensor, t: Tensor) -> Tensor:
    """Tell which examples are classified rightly.

    Args:
        y: logits, shape (batch, classes, ...).
        t: labels, shape (batch, ...).

    Returns:
        1 where the largest logit is the label's, else 0; shape of ``t``, float32.
    """
    return (y.argmax(dim=1) == t).to(torch.float32)


class Means:
    """Add up values per example on the device and divide once at the end, so that each example counts alike.

    Args:
        metrics: name to function ``(y, t) -> one value (or several) per example``.
        device: where batches are.
    """

    def __init__(self, metrics: Mapping[str, Metric], device: torch.device) -> None:
        self.metrics = metrics
        exact = torch.float32 if device.type == "mps" else torch.float64
        self.sums = torch.zeros(len(metrics) + 2, dtype=exact, device=device)  # loss, metrics, examples

    def add(self, L: Tensor, y: Tensor, t: Tensor) -> None:
        """Take note of a batch.

        Args:
            L: mean loss of the batch, a scalar.
            y: what the model gave, shape (batch, ...).
            t: targets, shape (batch, ...).
        """
        with torch.no_grad():
            sizes = [L * len(y), *(_per_example(f(y, t)).sum() for f in self.metrics.values())]
            self.sums[:-1] += torch.stack([size.to(self.sums.dtype) for size in sizes])
            self.sums[-1] += len(y)

    def result(self, team: Team, prefix: str = "") -> dict[str, float]:
        """Divide by the number of examples, those of all processes together.

        Args:
            team: the processes that share the examples.
            prefix: put before each name.

        Returns:
            ``"loss"`` and each metric.
        """
        *sums, count = team.total(self.sums.clone()).tolist()
        return {prefix + name: each / count for name, each in zip(("loss", *self.metrics), sums, strict=True)}


def _per_example(values: Tensor) -> Tensor:
    """Return one value an example, the mean of those that belong to it."""
    return values if values.ndim == 1 else values.flatten(1).mean(dim=1)


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Put a model into evaluation mode, without gradients, and put the mode of each module back at the end.

    Args:
        model: any module.
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training


def measure(
    forward: nn.Module,
    batches: Iterable[Batch],
    *,
    loss: Loss,
    means: Means,
    autocast: Callable[[], AbstractContextManager[object]],
    arrange: Callable[[Tensor], Tensor],
) -> None:
    """Run a model over batches and take note of what comes out.

    Args:
        forward: what to call.
        batches: inputs, targets, share.
        loss: mean loss of a batch.
        means: takes note of each batch.
        autocast: gives the context of a forward pass.
        arrange: puts inputs into the wanted memory order.
    """
    for x, t, _share in batches:
        with autocast():
            y = forward(arrange(x))
            L = loss(y, t)
        means.add(L, y, t)


def evaluate(
    model: nn.Module,
    data: Any,
    *,
    loss: Loss = F.cross_entropy,
    metrics: Mapping[str, Metric] | None = None,
    hardware: Hardware | None = None,
) -> dict[str, float]:
    """Measure the mean loss and metrics of a model over a data set.

    Args:
        model: the model; moved to the device, its mode left as it was.
        data: a pair ``(x, t)`` of arrays, `Batches`, or a DataLoader.
        loss: mean loss of a batch, ``loss(y, t)``.
        metrics: name to function ``(y, t) -> one value per example``; None measures the accuracy.
        hardware: where and how to compute; None takes what there is.

    Returns:
        ``"loss"`` and each metric, as means per example.

    Raises:
        ValueError: If there is no example, or a label has no logit.
        DeviceError: If a demanded device is not there.
        DeviceMemoryError: If a batch does not fit.
    """
    hardware = hardware or Hardware()
    device = hardware.find()
    forward = hardware.place(model, device)
    source = as_source(data).to(device)
    means = Means({"accuracy": accuracy} if metrics is None else metrics, device)
    with explained(batch=1000, precision=hardware.precision), evaluating(model):
        measure(
            forward,
            source.in_order(),
            loss=checked(loss, source),
            means=means,
            autocast=lambda: hardware.autocast(device),
            arrange=hardware.arrange,
        )
    return means.result(Team())


def checked(loss: Loss, source: Source) -> Loss:
    """Compare labels and logits before the loss is computed, since a GPU would only say "device-side assert".

    Args:
        loss: mean loss of a batch.
        source: the data.

    Returns:
        The same loss, which compares once for all of the data, or each batch of a DataLoader.
    """
    pending = True

    def compare(y: Tensor, t: Tensor) -> Tensor:
        nonlocal pending
        limits = source.labels() if pending and y.ndim == t.ndim + 1 else None
        if limits is not None:
            check_labels(y, *limits)
        pending = isinstance(source, Loaded)
        return loss(y, t)

    return compare


def predict(model: nn.Module, x: Any, *, batch_size: int = 1000, hardware: Hardware | None = None) -> Tensor:
    """Run a model over inputs of any number.

    Args:
        model: the model; moved to the device, its mode left as it was.
        x: inputs, shape (examples, ...); uint8 images are scaled to between 0 and 1.
        batch_size: examples at a time.
        hardware: where and how to compute; None takes what there is.

    Returns:
        What the model gives, such as logits of shape (examples, classes), float32, on the CPU.

    Raises:
        ValueError: If there is no example.
        DeviceError: If a demanded device is not there.
        DeviceMemoryError: If a batch does not fit.
    """
    hardware = hardware or Hardware()
    device = hardware.find()
    forward = hardware.place(model, device)
    parts = Batches(x).to(device).in_order(batch_size=batch_size)
    with (
        explained(batch=batch_size, precision=hardware.precision),
        evaluating(model),
        hardware.autocast(device),
    ):
        return torch.cat([forward(hardware.arrange(part)).float().cpu() for part, _t, _share in parts])
