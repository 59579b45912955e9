"""Run a live module once and record which of its layers ran, on which shapes; then leave it as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from course_utils.shapes.describing import describe, own_parameters
from course_utils.shapes.layers import Layer
from course_utils.shapes.numbers import naming


@dataclass(frozen=True)
class Run:
    """Hold one run of a layer.

    Attributes:
        name: Where the layer stands in the module, such as "features.0"; its class for the module itself.
        module: The layer.
        layer: Its description; None if the course does not know such a layer.
        input_shape: Shape of its input, with the batch.
        output_shape: Shape of its output, with the batch.
        origin: Node of PyTorch's graph that made its input; None without a graph.
        result: Node of PyTorch's graph that made its output; None without a graph.
    """

    name: str
    module: Any
    layer: Layer | None
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    origin: Any
    result: Any


def record(module: Any, x: Any) -> tuple[Run, ...]:
    """Run a module on a batch, in evaluation mode, and record each run of its layers.

    Args:
        module: A torch module, of any topology.
        x: What it is called with, (batch, ...).

    Returns:
        The runs, in the order in which the layers finished.

    Raises:
        TypeError: If ``module`` is no torch module, or ``x`` no tensor.
        ValueError: If ``x`` is empty, or a layer with parameters is of a kind that the course does not know.
    """
    if not hasattr(module, "named_modules") or isinstance(module, type):
        raise TypeError(
            f"module is {module!r:.60} but a torch module is expected; described layers go to count_network "
            "or receptive_fields"
        )
    if not hasattr(x, "shape") or not hasattr(x, "grad_fn"):
        raise TypeError(
            f"x is of type {type(x).__name__} but a tensor (batch, ...) is expected; give a torch tensor"
        )
    if 0 in tuple(x.shape) or len(x.shape) < 2:
        raise ValueError(
            f"x has shape {tuple(x.shape)} but (batch, ...) without an empty axis is expected; "
            "give at least one example"
        )
    runs: list[Run] = []
    with _evaluating(module), _hooked(layers_of(module), runs):
        module(x)
    return tuple(runs)


def layers_of(module: Any) -> dict[str, Any]:
    """List the layers of a module: those that have a description, and those without modules inside.

    Args:
        module: A torch module.

    Returns:
        The layers by name; a layer that is used under several names has the first.

    Raises:
        ValueError: If a module that is none of the known layers has parameters of its own.
    """
    layers: dict[str, Any] = {}
    for name, each in module.named_modules():
        if any(name.startswith(f"{outer}." if outer else "") for outer in layers):
            continue  # a part of a layer, such as what computes its weight
        label = name or type(each).__name__
        with naming(f"{label}: "):
            known = describe(each) is not None
        if not known and own_parameters(each):
            raise ValueError(
                f"{label}: {type(each).__name__} has parameters of its own "
                f"({', '.join(own_parameters(each))}), and how it connects them is not known; "
                "count its layers one by one"
            )
        if known or not list(each.children()):
            layers[name] = each
    return layers


@contextmanager
def _evaluating(module: Any) -> Iterator[None]:
    """Switch to evaluation mode, so that no statistics change, and back, each module to its own."""
    modes = [(each, each.training) for each in module.modules()]
    try:
        module.eval()
        yield
    finally:
        for each, training in modes:
            each.training = training


@contextmanager
def _hooked(layers: dict[str, Any], runs: list[Run]) -> Iterator[None]:
    """Let each layer write its runs down, until the block ends."""
    handles: list[Any] = []
    origins: list[Any] = []  # a stack: a layer's input may be changed in place before the layer ends

    def before(_module: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        origins.append(_tensor((*arguments, *options.values())).grad_fn)

    def after(name: str, module: Any, given: tuple[Any, ...], output: Any) -> None:
        x, y = _tensor(given), _tensor(output)
        label = name or type(module).__name__
        shapes = tuple(x.shape), tuple(y.shape)
        runs.append(Run(label, module, describe(module), *shapes, origins.pop(), y.grad_fn))

    try:
        for name, layer in layers.items():
            handles.append(layer.register_forward_pre_hook(before, with_kwargs=True))
            handles.append(
                layer.register_forward_hook(
                    lambda module, arguments, options, output, name=name: after(
                        name, module, (*arguments, *options.values()), output
                    ),
                    with_kwargs=True,
                )
            )
        yield
    finally:
        for handle in handles:
            handle.remove()


def _tensor(values: Any) -> Any:
    """Return the first tensor of what a layer is given or puts out."""
    candidates = values if isinstance(values, tuple | list) else (values,)
    for value in candidates:
        if hasattr(value, "grad_fn"):
            return value
    raise TypeError("a layer was run without a tensor; only layers that read and put out tensors are counted")
