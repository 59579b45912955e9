"""PyTorch Lightning: a LightningModule and the Trainer.

Off, because none of the others has them: progress bar, logger, checkpoints, summary of the model. The loss is
not logged, which makes the Trainer faster than the documentation's first example.
"""

import lightning
import torch
from torch import nn

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch, asking


class Classifier(lightning.LightningModule):
    def __init__(self, task: Task, watch: Watch) -> None:
        super().__init__()
        self.network, self.task, self.watch = task.network(), task, watch

    def training_step(self, batch: list[torch.Tensor], index: int) -> torch.Tensor:  # noqa: ARG002
        x, t = batch
        return nn.functional.cross_entropy(self.network(x), t)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        optimizer = self.task.optimizer(self.network)
        optimizer.register_step_post_hook(lambda *_: self.watch.step())
        return optimizer


def train(task: Task, watch: Watch) -> None:
    classifier = Classifier(task, watch)
    trainer = lightning.Trainer(
        accelerator="cpu" if task.device.type == "cpu" else "auto",
        devices=1,
        precision="32-true",
        max_epochs=task.settings.epochs,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    watch.start(asking(classifier.network))
    trainer.fit(classifier, task.loader())
