"""Accelerate: the bare loop with `prepare` and `accelerator.backward`."""

from accelerate import Accelerator
from torch import nn

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch, asking


def train(task: Task, watch: Watch) -> None:
    accelerator = Accelerator(cpu=task.device.type == "cpu", mixed_precision="no")
    plain = task.network()
    own = task.optimizer(plain)
    own.register_step_post_hook(lambda *_: watch.step())
    network, optimizer, loader = accelerator.prepare(plain, own, task.loader())
    watch.start(asking(plain))
    network.train()
    for _ in range(task.settings.epochs):
        for x, t in loader:
            optimizer.zero_grad()
            L = nn.functional.cross_entropy(network(x), t)
            accelerator.backward(L)
            optimizer.step()
