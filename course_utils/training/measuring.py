"""How a model does on data: the loss and any metric, as means per example."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from torch import Tensor, nn

from course_utils.training.batches import Batch, Batches
from course_utils.training.distributed import Team
from course_utils.training.failures import check_labels, explained, whole_number
from course_utils.training.hardware import Hardware
from course_utils.training.means import Means, Metric, accuracy
from course_utils.training.sources import Loaded, Source, as_source

Loss = Callable[[Tensor, Tensor], Tensor]


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
    source = as_source(data).to(device)
    forward = hardware.place(model, device)
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
    """Compare what the model gives with the labels, and what the loss gives with one number.

    Labels are compared with the logits before a cross-entropy is computed, since a GPU would only say
    "device-side assert". What another loss makes of whole numbers is its own affair.

    Args:
        loss: mean loss of a batch.
        source: the data.

    Returns:
        The same loss, which compares labels once for all of the data, or each batch of a DataLoader.
    """
    pending = by_label = _takes_labels(loss)

    def compare(y: Tensor, t: Tensor) -> Tensor:
        nonlocal pending
        _tensor(y)
        limits = source.labels() if pending and y.ndim == t.ndim + 1 else None
        if limits is not None:
            check_labels(y, *limits)
        pending = by_label and isinstance(source, Loaded)
        L = loss(y, t)
        if not isinstance(L, Tensor) or L.ndim > 0:
            what = f"shape {tuple(L.shape)}" if isinstance(L, Tensor) else f"type {type(L).__name__}"
            raise ValueError(
                f"the loss is of {what}, but expected is one number for the batch, a tensor without axes; "
                "end it with .mean()"
            )
        return L

    return compare


def _tensor(y: Any) -> Tensor:
    """Return what a model gives, if that is one tensor."""
    if isinstance(y, Tensor):
        return y
    raise TypeError(
        f"the model gives {type(y).__name__}, but expected is one tensor; let forward return the logits alone"
    )


def _takes_labels(loss: Loss) -> bool:
    """Tell whether a loss reads whole numbers as labels of the logits."""
    inner = loss.func if isinstance(loss, partial) else loss
    return inner in (F.cross_entropy, F.nll_loss) or isinstance(inner, nn.CrossEntropyLoss | nn.NLLLoss)


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
        ValueError: If there is no example, or the batch size is below 1.
        TypeError: If the model gives more than one tensor.
        DeviceError: If a demanded device is not there.
        DeviceMemoryError: If a batch does not fit.
    """
    batch_size = whole_number("batch_size", batch_size, 1)
    hardware = hardware or Hardware()
    device = hardware.find()
    parts = Batches(x).to(device).in_order(batch_size=batch_size)
    forward = hardware.place(model, device)
    with (
        explained(batch=batch_size, precision=hardware.precision),
        evaluating(model),
        hardware.autocast(device),
    ):
        return torch.cat([_tensor(forward(hardware.arrange(part))).float().cpu() for part, _t, _ in parts])
