"""Compute the receptive field after each layer of a live torch module, through its graph."""

from collections.abc import Sequence
from typing import Any

from course_utils.shapes.fields import follow, reaches_of
from course_utils.shapes.layers import Layer
from course_utils.shapes.numbers import naming
from course_utils.shapes.recording import Run, record
from course_utils.shapes.seeing import INPUT, ReceptiveField

# Functions that leave each value at its place, by the name of their node in PyTorch's graph.
AT_ITS_PLACE = {
    *("Add", "Sub", "Mul", "Div", "Neg", "Pow", "Abs", "Exp", "Log", "Sqrt", "Maximum", "Minimum"),
    *("Clamp", "ClampMin", "ClampMax", "Relu", "LeakyRelu", "Elu", "Gelu", "Silu", "Sigmoid", "Tanh"),
    *("Softplus", "Hardtanh", "Threshold"),
    *("Cat", "Clone", "ToCopy", "View", "UnsafeView", "ReshapeAlias", "Alias"),
}


def receptive_fields_of(module: Any, x: Any) -> tuple[ReceptiveField, ...]:
    """Compute the receptive field after each layer of a torch module.

    The module is run once, in evaluation mode, and left as it was. Layers may be joined by functions that
    leave each value at its place (``relu``, a sum, ``cat`` of channels, ``flatten``); branches may meet.

    Args:
        module: A torch module.
        x: Batch that it is called with, (batch, channels, *sizes) or (batch, features).

    Returns:
        One field for each run of a layer, in the order in which they ran.

    Raises:
        TypeError: If ``module`` is no torch module, or ``x`` no tensor of floating-point numbers.
        ValueError: If a layer is not known, reads what an unknown function made, or PyTorch records no graph.
    """
    probe = _probe(x)
    runs = record(module, probe)
    fields: list[ReceptiveField] = []
    places = {probe.grad_fn: INPUT}
    sizes = _axes(tuple(probe.shape))
    for place, run in enumerate(runs):
        with naming(f"{run.name}: "):
            layer = _known(run)
            sources = _sources(run.origin, places)
            outputs = _common(
                [sizes if source == INPUT else fields[source].outputs for source in sources], run
            )
            if INPUT in sources and outputs != sizes:
                raise ValueError(f"it reads x of sizes {sizes} spread to {outputs}; give x its full size")
            fields.append(follow(fields, run.name, reaches_of(layer, run.input_shape[1:], outputs), sources))
        places[run.result] = place
    return tuple(fields)


def _probe(x: Any) -> Any:
    """Return a copy of a batch through which PyTorch records a graph."""
    if not hasattr(x, "is_floating_point") or not x.is_floating_point():
        given = getattr(x, "dtype", type(x).__name__)
        raise TypeError(
            f"x is of type {given} but a tensor of floating-point numbers is expected; use x.float()"
        )
    probe = x.detach().requires_grad_(True).clone()  # a copy, because layers may change their input in place
    if probe.grad_fn is None:
        raise ValueError("PyTorch records no graph here; call receptive_fields_of outside torch.no_grad()")
    return probe


def _known(run: Run) -> Layer:
    """Return a layer's description, or say that its window is not known."""
    if run.layer is None or getattr(run.module, "padding_mode", "zeros") != "zeros":
        raise ValueError(
            f"it is not known which inputs {run.module!r:.60} reads; give receptive_fields a description"
        )
    return run.layer


def _axes(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sizes after the channels; the features of (batch, features) are one axis."""
    return shape[2:] or shape[1:]


def _sources(origin: Any, places: dict[Any, int]) -> tuple[int, ...]:
    """Find the layers that lead to a tensor, through functions that leave each value at its place."""
    found, open_nodes, met = set(), [origin], set()
    while open_nodes:
        node = open_nodes.pop()
        if node is None or node in met:
            continue
        met.add(node)
        if node in places:
            found.add(places[node])
        elif node.next_functions and _function(node) not in AT_ITS_PLACE:
            raise ValueError(
                f"it reads what the function {_function(node)} made, whose window is not known; "
                "use a layer of torch.nn in its place"
            )
        else:
            open_nodes += [each for each, _ in node.next_functions]
    if not found:
        raise ValueError(
            "it reads a tensor that does not come from x through PyTorch's graph; do not detach it"
        )
    return tuple(sorted(found))


def _function(node: Any) -> str:
    """Return the name of the function that a node of PyTorch's graph stands for."""
    return type(node).__name__.partition("Backward")[0]


def _common(seen: Sequence[tuple[int, ...]], run: Run) -> tuple[int, ...]:
    """Return the places of the layers that a layer reads, or say that they have been moved."""
    outputs = tuple(max(sizes) for sizes in zip(*seen, strict=False))
    flat = len(run.input_shape) == 2
    if any(len(each) != len(outputs) for each in seen) or not (flat or run.input_shape[2:] == outputs):
        raise ValueError(
            f"it reads shape {run.input_shape} but the layers before it have outputs "
            f"{' and '.join(map(str, seen))}; only flatten may change the axes between layers"
        )
    return outputs
