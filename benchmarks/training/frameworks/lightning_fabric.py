"""Lightning Fabric: the bare loop with `setup`, `setup_dataloaders` and `fabric.backward`."""

import lightning
from torch import nn

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch, asking


def train(task: Task, watch: Watch) -> None:
    fabric = lightning.Fabric(
        accelerator="cpu" if task.device.type == "cpu" else "auto", devices=1, precision="32-true"
    )
    fabric.launch()
    plain = task.network()
    own = task.optimizer(plain)
    own.register_step_post_hook(lambda *_: watch.step())
    network, optimizer = fabric.setup(plain, own)
    loader = fabric.setup_dataloaders(task.loader())
    watch.start(asking(plain))
    network.train()
    for _ in range(task.settings.epochs):
        for x, t in loader:
            optimizer.zero_grad()
            L = nn.functional.cross_entropy(network(x), t)
            fabric.backward(L)
            optimizer.step()
