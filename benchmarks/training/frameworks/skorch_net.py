"""skorch: NeuralNetClassifier on NumPy arrays, its default callbacks but for the printed table.

`train_split=None`, since none of the others holds images back; by default skorch would train on four fifths.
"""

from __future__ import annotations

from typing import Any

import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback
from torch import nn

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch, asking


class Watching(Callback):
    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_train_begin(self, net: Any, **_: Any) -> None:
        net.optimizer_.register_step_post_hook(lambda *_: self.watch.step())


def train(task: Task, watch: Watch) -> None:
    settings, network = task.settings, task.network()
    net = NeuralNetClassifier(
        network,
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.AdamW,
        lr=settings.learning_rate,
        batch_size=settings.batch,
        max_epochs=settings.epochs,
        train_split=None,
        iterator_train__shuffle=True,
        iterator_train__num_workers=settings.workers,
        callbacks=[Watching(watch)],
        callbacks__print_log=None,
        device=settings.device,
    )
    x, t = (tensor.numpy() for tensor in task.tensors())
    watch.start(asking(network))
    net.fit(x, t)
