"""Means per example of the loss and of any metric, over batches of any sizes."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from course_utils.training.distributed import Team

Metric = Callable[[Tensor, Tensor], Tensor]
FETCHED_AT_ONCE = 50  # batches


def accuracy(y: Tensor, t: Tensor) -> Tensor:
    """Tell which examples are classified rightly.

    Args:
        y: logits, shape (batch, classes, ...).
        t: labels, shape (batch, ...).

    Returns:
        1 where the largest logit is the label's, else 0; shape of ``t``, float32.

    Raises:
        ValueError: If there is not one label for each row of logits.
    """
    if y.ndim < 2 or t.shape != y.shape[:1] + y.shape[2:]:
        raise ValueError(
            f"accuracy needs logits of shape (batch, classes, ...) and a label for each, but y has shape "
            f"{tuple(y.shape)} and t {tuple(t.shape)}; give metrics={{}}, or a metric of your own"
        )
    return (y.argmax(dim=1) == t).to(torch.float32)


class Means:
    """Add up values per example and divide once at the end, so that each example counts alike.

    The values of an accelerator are fetched many batches at once, since fetching waits for it; they are
    added in the order of the batches all the same, so that the sums never depend on when they were fetched.

    Args:
        metrics: name to function ``(y, t) -> one value (or several) per example``.
        device: where batches are.
    """

    def __init__(self, metrics: Mapping[str, Metric], device: torch.device) -> None:
        self.metrics = metrics
        self.sums = [0.0] * (len(metrics) + 2)  # loss, metrics, examples
        self._most = 1 if device.type == "cpu" else FETCHED_AT_ONCE
        self._waiting: list[tuple[int, list[Tensor]]] = []

    def add(self, L: Tensor, y: Tensor, t: Tensor) -> None:
        """Take note of a batch.

        Args:
            L: mean loss of the batch, a scalar.
            y: what the model gave, shape (batch, ...).
            t: targets, shape (batch, ...).

        Raises:
            TypeError: If a metric gives no tensor.
            ValueError: If a metric does not give one value per example.
        """
        count = len(y)
        totals = [_per_example(name, f(y, t), count).sum() for name, f in self.metrics.items()]
        self._waiting.append((count, [L.detach(), *(each.detach() for each in totals)]))
        if len(self._waiting) >= self._most:
            self.fetch()

    def fetch(self) -> None:
        """Add the values that still lie on the device."""
        waiting, self._waiting = self._waiting, []
        if self._most > 1 and waiting:
            every = torch.stack([value.to(torch.float32) for _, values in waiting for value in values])
            numbers = iter(every.tolist())
        else:
            numbers = (value.item() for _, values in waiting for value in values)
        for count, values in waiting:
            mean_loss, *totals = (next(numbers) for _ in values)
            for place, size in enumerate((mean_loss * count, *totals, count)):
                self.sums[place] += size

    def result(self, team: Team, prefix: str = "") -> dict[str, float]:
        """Divide by the number of examples, those of all processes together.

        Args:
            team: the processes that share the examples.
            prefix: put before each name.

        Returns:
            ``"loss"`` and each metric.
        """
        self.fetch()
        *sums, count = team.total(self.sums)
        return {prefix + name: each / count for name, each in zip(("loss", *self.metrics), sums, strict=True)}


def _per_example(name: str, values: Tensor, examples: int) -> Tensor:
    """Return one value an example, the mean of those that belong to it."""
    if not isinstance(values, Tensor):
        raise TypeError(
            f"metric {name!r} gives {type(values).__name__}, but expected is a tensor with one value per "
            "example; do not call item() or mean() in it"
        )
    if values.ndim == 0 or len(values) != examples:
        raise ValueError(
            f"metric {name!r} gives values of shape {tuple(values.shape)} for a batch of {examples}, but "
            "expected is one value per example; leave out sum() and mean(), which are taken over all batches"
        )
    return values if values.ndim == 1 else values.flatten(1).mean(dim=1)
