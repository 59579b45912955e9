"""Look at what every layer of a network puts out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


def activations_of(model: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """Return what each layer of a network puts out, in one pass.

    The network runs in evaluation mode, without gradients, and is left as it was, even if it fails.

    Args:
        model: Any module; its layers go by the names that ``named_modules`` gives them.
        x: Batch that it is called with, (batch, ...); it is moved to where the network is.

    Returns:
        A copy of each layer's output, on the CPU, in the order in which the layers finished. A layer that
        runs again has a second entry, its name followed by " (2)".

    Raises:
        TypeError: If ``model`` is no module, or ``x`` no tensor.
        ValueError: If ``model`` has no layers inside.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"model={model!r:.40} but a torch module is expected; give a network such as lenet5()"
        )
    if not isinstance(x, Tensor):
        raise TypeError(f"x is of type {type(x).__name__} but a tensor is expected; give torch.from_numpy(x)")
    layers = {name: layer for name, layer in model.named_modules() if name}
    if not layers:
        raise ValueError(
            f"a {type(model).__name__} has no layers inside to look at; put it into nn.Sequential(...)"
        )
    outputs: dict[str, Tensor] = {}
    place = next((parameter.device for parameter in model.parameters()), x.device)
    with _evaluating(model), _recording(layers, outputs), torch.no_grad():
        model(x.to(place))
    return outputs


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Switch to evaluation mode and back, each module to its own mode."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        yield
    finally:
        for module, training in modes:
            module.training = training


@contextmanager
def _recording(layers: dict[str, nn.Module], outputs: dict[str, Tensor]) -> Iterator[None]:
    """Let each layer leave a copy of its output, until the block ends."""

    def keep(name: str, output: Any) -> None:
        first = (
            output[0] if isinstance(output, tuple | list) else output
        )  # a recurrent layer returns its state too
        runs = 1 + sum(key == name or key.startswith(f"{name} (") for key in outputs)
        key = name if runs == 1 else f"{name} ({runs})"
        outputs[key] = first.detach().cpu().clone()  # a copy: a later layer may change it in place

    handles = []
    try:
        for name, layer in layers.items():
            handles.append(
                layer.register_forward_hook(lambda _module, _given, output, name=name: keep(name, output))
            )
        yield
    finally:
        for handle in handles:
            handle.remove()
