"""Count each layer of a live torch module."""

from math import prod
from typing import Any

from course_utils.shapes.counts import LayerCount, LayerRow
from course_utils.shapes.numbers import naming
from course_utils.shapes.recording import Run, record
from course_utils.shapes.windowless import Dense


def count_module(module: Any, x: Any) -> tuple[LayerRow, ...]:
    """Count what each layer of a torch module is made of.

    The module is run once, in evaluation mode, and left as it was. What it computes by functions between its
    layers (a sum, ``relu``, ``flatten``) has no row.

    Args:
        module: A torch module, of any topology.
        x: Batch that it is called with, (batch, ...).

    Returns:
        One row for each run of a layer, in the order in which they ran, for one example. A layer or a weight
        that is used again has its connections again, but no further weights.

    Raises:
        TypeError: If ``module`` is no torch module, or ``x`` no tensor.
        ValueError: If parameters belong to a layer of unknown kind, or to none of the layers that ran.

    Source:
        Toronto CSC 2515, size of a conv net.
    """
    runs = record(module, x)
    seen: dict[
        int, Any
    ] = {}  # the tensors themselves, so that no other one gets the number of one that is gone
    rows = tuple(_row(run, len(x), seen) for run in runs)
    for name, parameter in module.named_parameters():
        if id(parameter) not in seen:
            raise ValueError(
                f"{name} has {parameter.numel():,} parameters but no layer that ran holds it; "
                "call the layers themselves, and leave out those that are not used"
            )
    return rows


def _row(run: Run, batch: int, seen: dict[int, Any]) -> LayerRow:
    """Count one run of a layer; remember its parameters."""
    with naming(f"{run.name}: "):
        repeats, rest = divmod(run.output_shape[0], batch)
        if rest:
            raise ValueError(
                f"its output has shape {run.output_shape} but x has {batch} examples; "
                "keep the batch as the first axis"
            )
        what, count = _counted(run)
        weights, biases = _learned(run, count, seen)
    connections, unweighted = repeats * count.connections, repeats * count.unweighted
    counted = LayerCount(repeats * count.units, weights, biases, connections, unweighted)
    return LayerRow(run.name, what, run.output_shape[1:], counted)


def _counted(run: Run) -> tuple[str, LayerCount]:
    """Say what a layer is and count it, as though none of its weights had been seen before."""
    shape, output = run.input_shape[1:], run.output_shape[1:]
    if run.layer is None:
        what = type(run.module).__name__.lower()
        if "pool" in what:
            raise ValueError(
                f"{type(run.module).__name__} is a kind of pooling that is not known; use another one"
            )
        return what, LayerCount(0 if prod(shape) == prod(output) else prod(output), 0, 0, 0)
    if (
        isinstance(run.layer, Dense) and len(shape) > 1
    ):  # PyTorch applies it along the last axis, at each place
        places, one = prod(shape[:-1]), run.layer.count(shape[-1:])
        return run.layer.what, LayerCount(
            places * one.units, one.weights, one.biases, places * one.connections
        )
    if run.layer.output_shape(shape) != output:
        raise ValueError(
            f"a {run.layer.what} of its options puts out {run.layer.output_shape(shape)} but it put out "
            f"{output}; count it by hand"
        )
    return run.layer.what, run.layer.count(shape)


def _learned(run: Run, count: LayerCount, seen: dict[int, Any]) -> tuple[int, int]:
    """Count the weights and biases of a layer that no layer before has; remember them."""
    own = tuple(run.module.parameters())
    held = sum(parameter.numel() for parameter in own)
    if held != count.parameters:
        raise ValueError(
            f"it holds {held:,} parameters but a {type(run.module).__name__} of its sizes has "
            f"{count.parameters:,}; count it by hand"
        )
    weight, bias = getattr(run.module, "weight", None), getattr(run.module, "bias", None)
    known = id(run.module) in seen
    weights = 0 if known or id(weight) in seen else count.weights
    biases = 0 if known or id(bias) in seen else count.biases
    seen |= {id(each): each for each in (run.module, *own)}
    return weights, biases
