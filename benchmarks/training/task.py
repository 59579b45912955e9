"""What all sides train: the images, the network, its optimizer, and the settings that they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.training.resnet import ResNet18
from course_utils.data import LabelledImages, enlarge, handwritten_digits
from course_utils.models import lenet5

MNIST_SIZE, COLOUR_COUNT, COLOUR_SIZE = 28, 50_000, 32  # as many colour images as CIFAR-10 has, and as large
DIGIT_COUNT = 60_000


@dataclass(frozen=True)
class Settings:
    """What holds for every side of one race."""

    network: Literal["lenet", "resnet18"] = "lenet"
    images: int = DIGIT_COUNT
    test_images: int = 10_000
    epochs: int = 8
    batch: int = 128
    learning_rate: float = 0.001
    threads: int = 2
    workers: int = 0  # of the other frameworks' DataLoader
    warm: int = 8  # steps at the start of a turn that are not counted: caches are another side's by then
    steps: int = 40  # steps of a turn that are
    device: str = "cpu"
    seed: int = 0

    @property
    def steps_an_epoch(self) -> int:
        return -(-self.images // self.batch)  # the last, smaller batch is trained on as well


@dataclass(frozen=True)
class Options:
    """What one side does in its own way."""

    workers: int | None = None  # None takes those of the settings
    resident: bool = False
    precision: Literal["float32", "bf16"] = "float32"
    compile: bool = False
    channels_last: bool = False


@dataclass(frozen=True, eq=False)
class Task:
    """The data as a user has them at the start, and what makes the network and its optimizer."""

    settings: Settings
    images: np.ndarray  # uint8, (count, channels, height, width)
    labels: np.ndarray  # int64, (count,)
    test_images: np.ndarray
    test_labels: np.ndarray
    source: str
    options: Options = field(default_factory=Options)

    @property
    def device(self) -> torch.device:
        return torch.device(self.settings.device)

    def network(self) -> nn.Module:
        """Return a network with the same first weights each time."""
        torch.manual_seed(self.settings.seed)
        return ResNet18() if self.settings.network == "resnet18" else lenet5(activation="relu", pooling="max")

    def optimizer(self, network: nn.Module) -> torch.optim.AdamW:
        """Return the optimizer of every side: PyTorch's defaults but for the learning rate."""
        return torch.optim.AdamW(network.parameters(), lr=self.settings.learning_rate)

    def tensors(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the images as float32 from 0 to 1, ready for a network, and their labels."""
        return torch.from_numpy(self.images).float() / 255, torch.from_numpy(self.labels)

    def loader(self) -> DataLoader[tuple[torch.Tensor, ...]]:
        """Return the DataLoader that the PyTorch tutorials write for data in memory.

        The images are scaled once, before training. Workers, where there are some, live from epoch to epoch,
        and for a GPU the batches are pinned, as PyTorch's tuning guide advises.
        """
        workers = self.settings.workers if self.options.workers is None else self.options.workers
        return DataLoader(
            TensorDataset(*self.tensors()),
            batch_size=self.settings.batch,
            shuffle=True,
            num_workers=workers,
            persistent_workers=workers > 0,
            pin_memory=self.device.type != "cpu",
        )


def make_task(settings: Settings, options: Options | None = None) -> Task:
    """Load the images that the settings ask for."""
    parts = colours(settings) if settings.network == "resnet18" else digits(settings)
    return Task(settings, *parts, options or Options())


def digits(settings: Settings) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """Return MNIST, or the bundled digits enlarged, each so often that there are as many images."""
    train, test = (handwritten_digits(part) for part in ("train", "test"))
    if train.images.shape[1] != MNIST_SIZE:
        train, test = (enlarge(part, (MNIST_SIZE, MNIST_SIZE)) for part in (train, test))
    source = train.source
    if len(train) < settings.images:
        source += f", {len(train)} images repeated to {settings.images}"
    return *repeated(train, settings.images), *first(test, settings.test_images), source


def repeated(part: LabelledImages, count: int) -> tuple[np.ndarray, np.ndarray]:
    rows = np.arange(count) % len(part)
    return part.images[rows][:, None], part.labels[rows]


def first(part: LabelledImages, count: int) -> tuple[np.ndarray, np.ndarray]:
    return part.images[:count, None], part.labels[:count]


def colours(settings: Settings) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """Return random images of CIFAR-10's size: they show the speed of a network, and nothing else."""
    rng, test = np.random.default_rng(settings.seed), min(settings.test_images, settings.images)
    shape = (settings.images, 3, COLOUR_SIZE, COLOUR_SIZE)
    images, labels = rng.integers(0, 256, shape, dtype=np.uint8), rng.integers(0, 10, settings.images)
    return images, labels, images[:test], labels[:test], "random colour images of 32x32 pixels"
