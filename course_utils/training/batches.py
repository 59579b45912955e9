"""A data set in batches: all of it on the device, in an order that only the seed and the epoch decide."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from course_utils.training.arrays import as_inputs, as_targets, scaled
from course_utils.training.failures import IGNORED, whole_number
from course_utils.training.randomness import CHANGES, ORDER, mixed_seed

Augment = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]
Batch = tuple[Tensor, Tensor, float]  # x, t, share of the whole batch
ROOM = 0.5  # share of an accelerator's free memory that data may take


class Batches:
    """Hold a data set on the device and hand it out in batches; no loader, no workers, no copies in between.

    Args:
        x: inputs, shape (examples, ...); uint8 images are scaled to between 0 and 1, batch by batch.
        t: targets, shape (examples, ...); integers become int64 labels. None makes the inputs the targets.
        batch_size: examples in a batch; the last batch of an epoch is smaller if they do not divide.
        shuffle: whether each epoch has an order of its own.
        augment: changes a batch at random: ``augment(x, t, generator) -> (x, t)``; left out in validation.

    Raises:
        ValueError: If there is no example, the lengths differ, or the batch size is below 1.
        TypeError: If x or t holds no numbers, or the batch size is no whole number.
    """

    def __init__(
        self,
        x: Any,
        t: Any = None,
        *,
        batch_size: int = 128,
        shuffle: bool = True,
        augment: Augment | None = None,
    ) -> None:
        self.x, self.t = as_inputs(x), None if t is None else as_targets(t)
        self.batch_size = whole_number("batch_size", batch_size, 1, "32 to 256 is usual")
        self.shuffle, self.augment = shuffle, augment
        self.device = self.x.device
        if len(self.x) == 0:
            raise ValueError(
                "the data are empty: x has no example, but at least one is needed; look at the selection"
            )
        if self.t is not None and len(self.t) != len(self.x):
            raise ValueError(
                f"x has {len(self.x)} examples but t has {len(self.t)} targets; give each example one"
            )

    @property
    def examples(self) -> int:
        """Number of examples."""
        return len(self.x)

    def __len__(self) -> int:
        return -(-self.examples // self.batch_size)

    def smallest(self) -> int:
        """Return how many examples the smallest batch of an epoch has."""
        return self.examples % self.batch_size or min(self.batch_size, self.examples)

    def labels(self) -> tuple[int, int] | None:
        """Find the smallest and the largest label.

        Returns:
            Both, or None if the targets are no labels.
        """
        return None if self.t is None else label_limits(self.t)

    def to(self, device: torch.device) -> "Batches":
        """Move the data to a device if they fit, and else move each batch when it is needed.

        Args:
            device: where batches are used.

        Returns:
            The same data, there.
        """
        moved = Batches(
            self.x, self.t, batch_size=self.batch_size, shuffle=self.shuffle, augment=self.augment
        )
        size = sum(each.numel() * each.element_size() for each in (self.x, self.t) if each is not None)
        if _fits(size, device):
            moved.x = self.x.to(device)
            moved.t = None if self.t is None else self.t.to(device)
        moved.device = device
        return moved

    def order(self, epoch: int, *, seed: int = 0) -> Tensor:
        """Return the order of the examples in an epoch.

        Args:
            epoch: which epoch, from 0.
            seed: seed of the run.

        Returns:
            Indices, shape (examples,), int64, on the CPU.
        """
        if not self.shuffle:
            return torch.arange(self.examples)
        generator = torch.Generator().manual_seed(mixed_seed(seed, epoch, purpose=ORDER))
        return torch.randperm(self.examples, generator=generator)

    def epoch(
        self,
        number: int,
        *,
        seed: int = 0,
        start: int = 0,
        rank: int = 0,
        world: int = 1,
        left_out: Callable[[], None] | None = None,
    ) -> Iterator[Batch]:
        """Hand out the batches of one epoch.

        Args:
            number: which epoch, from 0.
            seed: seed of the run.
            start: batches to leave out at the beginning.
            rank: which process this is.
            world: how many processes share each batch.
            left_out: called before the first batch that is not left out.

        Yields:
            Inputs, targets, and the share of the whole batch that they are; 0 for a process that is given an
            example only so that it has one.
        """
        if left_out is not None:
            left_out()
        order = self.order(number, seed=seed).to(self.x.device)
        for step in range(start, len(self)):
            rows = order[step * self.batch_size : (step + 1) * self.batch_size]
            mine = rows if world == 1 else rows[rank::world]
            x, t = self._take(mine if len(mine) else rows[:1])
            if self.augment is not None:
                drawn = mixed_seed(seed, number, step, rank, purpose=CHANGES)
                generator = torch.Generator(self.device).manual_seed(drawn)
                x, t = self.augment(x, t, generator)
            yield x, t, len(mine) / len(rows)

    def in_order(self, *, batch_size: int = 1000, rank: int = 0, world: int = 1) -> Iterator[Batch]:
        """Hand out the examples one after the other, unchanged, as validation needs them.

        Args:
            batch_size: examples in a batch.
            rank: which process this is.
            world: how many processes share the examples.

        Yields:
            Inputs, targets, and 1.
        """
        rows = torch.arange(self.examples, device=self.x.device)[rank::world]
        for start in range(0, len(rows), batch_size):
            yield *self._take(rows[start : start + batch_size]), 1.0

    def _take(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return some examples on the device, images scaled, with their targets."""
        x = scaled(self.x.index_select(0, rows).to(self.device, non_blocking=True))
        return x, x if self.t is None else self.t.index_select(0, rows).to(self.device, non_blocking=True)


def random_shifts(pixels: int) -> Augment:
    """Make an augmentation that moves each image by a few pixels in a random direction.

    Args:
        pixels: largest shift along each axis; what comes in at the edge is black.

    Returns:
        A function for the ``augment`` of `Batches`, for images of shape (batch, channels, height, width).

    Raises:
        ValueError: If the number of pixels is below 1.
    """
    pixels = whole_number("pixels", pixels, 1, "leave augment out for no shift")

    def shift(x: Tensor, t: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        height, width = x.shape[-2:]
        padded = torch.nn.functional.pad(x, (pixels,) * 4)
        down, right = torch.randint(
            0, 2 * pixels + 1, (2, len(x), 1, 1), generator=generator, device=x.device
        )
        rows = down + torch.arange(height, device=x.device)[:, None]
        columns = right + torch.arange(width, device=x.device)
        image = torch.arange(len(x), device=x.device)[:, None, None]
        return padded.movedim(1, -1)[image, rows, columns].movedim(-1, 1).contiguous(), t

    return shift


def label_limits(t: Tensor) -> tuple[int, int] | None:
    """Find the smallest and the largest of some labels.

    Args:
        t: targets, any shape.

    Returns:
        Both, or None if they are no int64 labels or all are to be left out.
    """
    if t.dtype != torch.int64:
        return None
    counted = t[t != IGNORED]
    return (int(counted.min()), int(counted.max())) if len(counted) else None


def _fits(size: int, device: torch.device) -> bool:
    """Tell whether so many bytes of data leave a device room to train."""
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return size < ROOM * free
