"""Keras 3 with PyTorch as its backend: a Sequential model, `compile` and `fit` on arrays in memory.

No metrics but the loss, no progress bar, jit_compile as it is by default. AdamW has PyTorch's weight decay
and epsilon, and the first weights are the others'. The layout is channels-first, PyTorch's own: Keras's
default, channels-last, is slower on this backend, and is a side of its own.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import torch

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch

os.environ["KERAS_BACKEND"] = "torch"  # Keras reads it when it is imported


def lenet(keras: Any, layout: str) -> Any:
    """Write LeNet-5 with ReLU and the largest of each 2 x 2 pixels, as course_utils.models has it."""
    layers, shape = keras.layers, (28, 28, 1) if layout == "channels_last" else (1, 28, 28)
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(6, 5, padding="same", activation="relu", data_format=layout),
            layers.MaxPooling2D(2, data_format=layout),
            layers.Conv2D(16, 5, activation="relu", data_format=layout),
            layers.MaxPooling2D(2, data_format=layout),
            layers.Flatten(data_format="channels_last"),  # as the numbers lie in memory
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
        ]
    )


def weights_of(network: torch.nn.Module, layout: str) -> list[np.ndarray]:
    """Return PyTorch's weights in Keras's order of axes."""
    axes = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}  # kernels, matrices, biases
    weights = [each.detach().numpy().transpose(axes[each.ndim]) for each in network.parameters()]
    if layout == "channels_last":  # the first matrix takes the 16 maps of 5 x 5 pixel by pixel
        weights[4] = weights[4].reshape(16, 5, 5, -1).transpose(1, 2, 0, 3).reshape(400, -1)
    return weights


def train(task: Task, watch: Watch) -> None:
    os.environ["KERAS_TORCH_DEVICE"] = task.settings.device
    import keras

    class Watched(keras.optimizers.AdamW):  # no callback: one that is not Keras's own would slow `fit` down
        def apply(self, *arguments: Any, **named: Any) -> Any:
            done = super().apply(*arguments, **named)
            watch.step()
            return done

    keras.utils.set_random_seed(task.settings.seed)
    layout = "channels_last" if task.options.channels_last else "channels_first"
    model = lenet(keras, layout)
    model.set_weights(weights_of(task.network(), layout))
    model.compile(
        optimizer=Watched(learning_rate=task.settings.learning_rate, weight_decay=0.01, epsilon=1e-8),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    axes = (0, 2, 3, 1) if layout == "channels_last" else (0, 1, 2, 3)
    images, labels = task.tensors()
    x, t = images.permute(axes).contiguous().numpy(), labels.numpy()
    watch.start(lambda images: model(images.permute(axes).to(task.device), training=False))
    model.fit(x, t, batch_size=task.settings.batch, epochs=task.settings.epochs, verbose=0)
