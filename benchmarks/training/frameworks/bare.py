"""A loop in plain PyTorch, as its tutorials write it, with a DataLoader or with tensors on the device.

Nothing is recorded, not even the loss: the fastest that such a loop can be. PyTorch's tuning guide gives the
options for a GPU (pinned batches that are copied while it works, autocast, compile, channels-last).
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch, asking


def train(task: Task, watch: Watch) -> None:
    options, device = task.options, task.device
    layout = torch.channels_last if options.channels_last else torch.contiguous_format
    network = task.network().to(device, memory_format=layout)
    optimizer = task.optimizer(network)
    forward = torch.compile(network) if options.compile else network
    epochs = resident(task) if options.resident else loaded(task)
    watch.start(asking(network))
    optimizer.register_step_post_hook(lambda *_: watch.step())
    network.train()
    for x, t in epochs:
        if options.channels_last:
            x = x.contiguous(memory_format=layout)
        optimizer.zero_grad()
        with torch.autocast(device.type, torch.bfloat16, enabled=options.precision == "bf16"):
            L = nn.functional.cross_entropy(forward(x), t)
        L.backward()
        optimizer.step()


def loaded(task: Task) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    loader = task.loader()
    for _ in range(task.settings.epochs):
        for x, t in loader:
            yield x.to(task.device, non_blocking=True), t.to(task.device, non_blocking=True)


def resident(task: Task) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    images, labels = (tensor.to(task.device) for tensor in task.tensors())
    for _ in range(task.settings.epochs):
        for rows in torch.randperm(len(images), device=task.device).split(task.settings.batch):
            yield images[rows], labels[rows]
