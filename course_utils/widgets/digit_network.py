"""The draw-a-digit explorer's network in NumPy: what weights fit, and what each layer makes of an image."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from course_utils.reference import activate, avg_pool2d, conv2d, dense, max_pool2d, softmax

Numbers: TypeAlias = NDArray[np.float64]
Weights: TypeAlias = dict[str, NDArray[np.float32]]

FIELD = 28  # pixels along the image that the network sees
KERNEL, PADDING, POOL = 5, 2, 2
PLACES = 25  # of one map of S4: 5 x 5
LAYERS = ("c1", "c3", "f5", "f6", "output")
MOST_MAPS, MOST_UNITS, MOST_CLASSES = 64, 500, 12  # more cannot be told apart on the page
ACTIVATIONS = ("tanh", "relu")
POOLINGS = ("average", "max")
STATE_DICT = "{name: values.cpu().numpy() for name, values in model.state_dict().items()}"


def read_weights(weights: Any) -> Weights:
    """Return the weights of a network of LeNet's shape, checked.

    Args:
        weights: Arrays by name, "c1.weight" and "c1.bias", and the same of c3, f5, f6 and output: kernels of
            shape (maps, inputs, 5, 5), matrices (units, inputs), and one bias for each map or unit. How many
            maps and units there are is free.

    Returns:
        The same names, in the network's order, as float32.

    Raises:
        TypeError: If it is no dict of arrays of real numbers.
        ValueError: If a name is missing or not known, shapes do not fit, or a number is not finite.
    """
    if not isinstance(weights, Mapping):
        raise TypeError(
            f"weights is {type(weights).__name__} but must be a dict of arrays by name; give {STATE_DICT}"
        )
    names = [f"{layer}.{part}" for layer in LAYERS for part in ("weight", "bias")]
    for wrong in [*(set(names) - set(weights)), *(set(weights) - set(names))][:1]:
        state = "is not in" if wrong in names else "is a name too many in"
        raise ValueError(
            f"{wrong!r} {state} weights, which must be those of LeNet: {', '.join(names)}; "
            "make the network with lenet5"
        )
    found = {name: _array(weights[name], name) for name in names}
    _check_shapes(found)
    return found


def _array(values: Any, name: str) -> NDArray[np.float32]:
    try:
        found = np.asarray(values)
    except (TypeError, ValueError, RuntimeError):  # rows of different lengths, or a tensor on a GPU
        found = np.empty(0, dtype=object)
    if found.dtype.kind not in "fiu":
        raise TypeError(f"{name} is no array of real numbers that NumPy can read; give {STATE_DICT}")
    array = found.astype(np.float32)
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} holds NaN or an infinite number; give the weights of a network that learned"
        )
    return array


def _check_shapes(found: Weights) -> None:
    """Raise a ValueError for the first array that does not fit the one before it."""
    c1, c3, f5, f6, output = (found[f"{layer}.weight"].shape[:1] for layer in LAYERS)
    wanted = {
        "c1": ((*c1, 1, KERNEL, KERNEL), MOST_MAPS),
        "c3": ((*c3, *c1, KERNEL, KERNEL), MOST_MAPS),
        "f5": ((*f5, PLACES * (c3 or (0,))[0]), MOST_UNITS),
        "f6": ((*f6, *f5), MOST_UNITS),
        "output": ((*output, *f6), MOST_CLASSES),
    }
    for layer, (shape, most) in wanted.items():
        got, biases = found[f"{layer}.weight"].shape, found[f"{layer}.bias"].shape
        if got != shape:
            raise ValueError(
                f"{layer}.weight has shape {got} but {shape} fits the layer before it; "
                "give all weights of one network, made with lenet5"
            )
        if biases != shape[:1]:
            raise ValueError(
                f"{layer}.bias has shape {biases} but {layer}.weight has {shape[0]} rows; "
                "give one bias for each"
            )
        least = 2 if layer == "output" else 1
        if not least <= shape[0] <= most:
            raise ValueError(
                f"{layer}.weight has {shape[0]} rows but {least} to {most} can be shown; take another width"
            )


def layers_of(x: Numbers, weights: Weights, *, activation: str, pooling: str) -> dict[str, Numbers]:
    r"""Pass one image through the network and keep what each layer makes of it.

    .. math:: h_1 = \phi(x \star W_1 + b_1), \quad s_2 = \text{pool}(h_1), \quad \ldots, \quad
              p = \text{softmax}(W h_6 + b)

    Args:
        x: The image, from 0 to 1, shape (28, 28).
        weights: As `read_weights` returns them.
        activation: "tanh" or "relu", after C1, C3, F5 and F6.
        pooling: "average" or "max", over 2 x 2 pixels.

    Returns:
        By name: "x" (28, 28), "C1" (maps, 28, 28), "S2" (maps, 14, 14), "C3" (maps, 10, 10), "S4" (maps, 5,
            5), "F5" and "F6" (units,), "p" (classes,), the probabilities.
    """
    W, b = (
        {name: weights[f"{name}.{part}"].astype(np.float64) for name in LAYERS} for part in ("weight", "bias")
    )
    pool = max_pool2d if pooling == "max" else avg_pool2d
    found = {"C1": activate(conv2d(x[np.newaxis, np.newaxis], W["c1"], b["c1"], padding=PADDING), activation)}
    found["S2"] = pool(found["C1"], POOL)
    found["C3"] = activate(conv2d(found["S2"], W["c3"], b["c3"]), activation)
    found["S4"] = pool(found["C3"], POOL)
    found["F5"] = activate(dense(found["S4"].reshape(1, -1), W["f5"], b["f5"]), activation)
    found["F6"] = activate(dense(found["F5"], W["f6"], b["f6"]), activation)
    found["p"] = softmax(dense(found["F6"], W["output"], b["output"]))
    return {"x": x, **{name: np.asarray(values[0], dtype=np.float64) for name, values in found.items()}}
