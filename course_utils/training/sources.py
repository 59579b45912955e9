"""What training takes data from: arrays, Batches, or a DataLoader of PyTorch."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from course_utils.training.arrays import as_inputs, as_targets, scaled
from course_utils.training.batches import Batch, Batches, label_limits


class Loaded:
    """Hand out the batches of a DataLoader, each moved to the device when it comes.

    A resumed run draws the batches of a broken epoch again and leaves out those it has had, so the loader
    must give the same ones from the same state of PyTorch's random numbers; one with ``shuffle=True`` does,
    also with a data set that changes its images with PyTorch's random numbers. NumPy's are in no checkpoint.

    Args:
        loader: the loader.

    Raises:
        ValueError: If it is empty, or does not say how many batches it has.
    """

    def __init__(self, loader: "DataLoader[Any]") -> None:
        if isinstance(loader.dataset, IterableDataset):
            raise ValueError(
                "the DataLoader has no length, but an epoch needs one; give it a dataset with len()"
            )
        if len(loader) == 0:
            raise ValueError(
                f"the DataLoader gives no batch (batch_size={loader.batch_size}, "
                f"drop_last={loader.drop_last}); give it examples, and a batch no larger than that"
            )
        self.loader, self.device = loader, torch.device("cpu")
        self.batch_size = int(loader.batch_size or getattr(loader.batch_sampler, "batch_size", None) or 0)
        self._limits: tuple[int, int] | None = None

    @property
    def examples(self) -> int:
        """Number of examples."""
        return len(self.loader.dataset)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.loader)

    def smallest(self) -> int:
        """Return how many examples the smallest batch of an epoch has, as far as the loader says."""
        left = 0 if self.loader.drop_last or not self.batch_size else self.examples % self.batch_size
        return left or self.batch_size or self.examples

    def labels(self) -> tuple[int, int] | None:
        """Find the smallest and the largest label of the batch that was handed out last.

        Returns:
            Both, or None if its targets are no labels.
        """
        return self._limits

    def to(self, device: torch.device) -> "Loaded":
        """Return the same loader, its batches moved to a device.

        Args:
            device: where batches are used.

        Returns:
            A new source.
        """
        moved = Loaded(self.loader)
        moved.device = device
        return moved

    def epoch(
        self,
        number: int,  # noqa: ARG002 - as Batches has it
        *,
        seed: int = 0,  # noqa: ARG002
        start: int = 0,
        rank: int = 0,  # noqa: ARG002
        world: int = 1,  # noqa: ARG002
        left_out: Callable[[], None] | None = None,
    ) -> Iterator[Batch]:
        """Hand out the batches of one epoch.

        Args:
            number: which epoch; the loader does not ask.
            seed: seed of the run; the loader draws from PyTorch's own stream.
            start: batches to leave out at the beginning.
            rank: which process this is; the first.
            world: how many processes there are; one.
            left_out: called once the batches at the beginning were drawn, before the next one is.

        Yields:
            Inputs, targets, and 1.

        Raises:
            TypeError: If a batch is no pair.
        """
        batches = iter(self.loader)
        for _ in range(start):
            next(batches)
        if left_out is not None:
            left_out()
        for batch in batches:
            x, t = _pair(batch)
            self._limits = label_limits(t)  # before they go to a GPU, where looking waits for it
            yield scaled(x.to(self.device)), t.to(self.device), 1.0

    def in_order(
        self,
        *,
        batch_size: int = 1000,  # noqa: ARG002 - the loader has its own
        rank: int = 0,
        world: int = 1,
    ) -> Iterator[Batch]:
        """Hand out the loader's batches as it gives them.

        Args:
            batch_size: not used; the loader has its own.
            rank: which process this is.
            world: how many processes there are.

        Yields:
            Inputs, targets, and 1.
        """
        yield from self.epoch(0, rank=rank, world=world)


def _pair(batch: Any) -> tuple[Tensor, Tensor]:
    """Return the inputs and targets of a loader's batch."""
    if isinstance(batch, list | tuple) and len(batch) == 2:
        return as_inputs(batch[0]), as_targets(batch[1])
    what = f"{len(batch)} things" if isinstance(batch, list | tuple) else type(batch).__name__
    raise TypeError(
        f"the DataLoader gives {what} a batch, but expected is a pair (x, t); let the dataset return an "
        "input and its target"
    )


Source = Batches | Loaded


def as_source(data: Any, *, shuffle: bool = False) -> Source:
    """Return data in the form that training uses.

    Args:
        data: a pair ``(x, t)`` of arrays, `Batches`, or a DataLoader.
        shuffle: whether a pair of arrays is shuffled.

    Returns:
        Batches or a wrapped loader.

    Raises:
        TypeError: If it is something else.
    """
    if isinstance(data, Batches | Loaded):
        return data
    if isinstance(data, DataLoader):
        return Loaded(data)
    if isinstance(data, tuple) and len(data) == 2:
        return Batches(*data, shuffle=shuffle)
    raise TypeError(
        f"data is {type(data).__name__}, but expected is a pair (x, t) of arrays, Batches, or a DataLoader; "
        "write (images, labels)"
    )
