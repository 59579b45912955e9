"""The kinds of layers that a description may name, one row each: options, shapes, module."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import nn

from course_utils.models.maxout import Maxout, MaxoutSizes
from course_utils.models.options import (
    Option,
    flag,
    fraction,
    padding,
    sizes,
    small_positive,
    whole_number,
    written,
)
from course_utils.models.suggesting import nearest
from course_utils.shapes import Activation, Conv, Dense, Flatten, Layer, Normalisation, Pool

Options = Mapping[str, Any]

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "softplus": nn.Softplus,
    "logistic": nn.Sigmoid,
    "tanh": nn.Tanh,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}
OTHER_FUNCTIONS = {"sigmoid": "logistic", "linear": "identity", "none": "identity", "swish": "silu"}
OTHER_KINDS = {
    **{name: f"activation: {name}" for name in ACTIVATIONS},
    **{name: f"activation: {known}" for name, known in OTHER_FUNCTIONS.items()},
    **dict.fromkeys(("linear", "fc", "fully_connected", "full"), "dense"),
    **dict.fromkeys(("pool", "pooling", "subsampling"), "max_pool"),
    **dict.fromkeys(("mean_pool", "avg_pool"), "average_pool"),
}


@dataclass(frozen=True)
class Kind:
    """Describe one kind of layer.

    Attributes:
        name: Its name in a description.
        options: Its options; the value of the first one may stand alone.
        reads: What it reads: "maps", "features" or "any".
        example: How it is written in a file.
        sizes: Makes the layer's description for the shapes, from its options and its label.
        module: Makes the torch module, from the options and the shape of one example of its input.
    """

    name: str
    options: tuple[Option, ...]
    reads: str
    example: str
    sizes: Callable[[Options, str], Layer]
    module: Callable[[Options, tuple[int, ...]], nn.Module]


def function_name(given: Any, what: str) -> str:
    """Return the name of an activation function.

    Args:
        given: What was written.
        what: Layer and option, for the sentence.

    Returns:
        The name.

    Raises:
        TypeError: If it is not a text.
        ValueError: If no function has the name.
    """
    if not isinstance(given, str):
        raise TypeError(f"{what}={written(given)} but the name of a function is expected; write tanh, say")
    if given not in ACTIVATIONS:
        raise ValueError(
            f"{what}={written(given)} but there is no such function; "
            f"{nearest(given, ACTIVATIONS, OTHER_FUNCTIONS)}"
        )
    return given


def _conv_sizes(options: Options, label: str) -> Layer:
    chosen = {name: options[name] for name in ("stride", "padding", "dilation", "groups", "bias")}
    if options["maps"] % options["groups"]:
        raise ValueError(
            f"{label}: groups={options['groups']} do not divide maps={options['maps']}; "
            "take groups with as many maps each"
        )
    return Conv(options["maps"], options["kernel"], name=label, **chosen)


def _conv(options: Options, shape: tuple[int, ...]) -> nn.Module:
    chosen = {name: options[name] for name in ("stride", "padding", "dilation", "groups", "bias")}
    return _of_axes("Conv", shape)(shape[0], options["maps"], options["kernel"], **chosen)


def _pool_sizes(options: Options, label: str, *, kind: str) -> Layer:
    return Pool(
        options["size"], stride=options["stride"], padding=options.get("padding", 0), kind=kind, name=label
    )


def _pool(options: Options, shape: tuple[int, ...], *, kind: str) -> nn.Module:
    chosen = {name: value for name, value in options.items() if name != "size"}
    return _of_axes(kind, shape)(options["size"], **chosen)


def _norm(options: Options, shape: tuple[int, ...]) -> nn.Module:
    norm = _of_axes("BatchNorm", shape if len(shape) > 1 else (*shape, 1))
    return norm(shape[0], eps=options["epsilon"], momentum=options["momentum"])


def _of_axes(name: str, shape: tuple[int, ...]) -> Callable[..., nn.Module]:
    """Return the class of torch for maps with as many axes, such as Conv2d for (channels, height, width)."""
    found: Callable[..., nn.Module] = getattr(nn, f"{name}{len(shape) - 1}d")
    return found


_SIZE = Option("size", sizes)
_STRIDE = Option("stride", sizes, same_as="size")
_NO_ZEROS = partial(sizes, least=0)
_BIAS = Option("bias", flag, default=True)

_KINDS = (
    Kind(
        "conv",
        (
            Option("maps", whole_number),
            Option("kernel", sizes),
            Option("stride", sizes, default=1),
            Option("padding", padding, default=0),
            Option("dilation", sizes, default=1),
            Option("groups", whole_number, default=1),
            _BIAS,
        ),
        "maps",
        "- conv: {maps: 10, kernel: 5}",
        _conv_sizes,
        _conv,
    ),
    Kind(
        "max_pool",
        (_SIZE, _STRIDE, Option("padding", _NO_ZEROS, default=0)),
        "maps",
        "- max_pool: 2",
        partial(_pool_sizes, kind="max"),
        partial(_pool, kind="MaxPool"),
    ),
    Kind(
        "average_pool",
        (_SIZE, _STRIDE),
        "maps",
        "- average_pool: 2",
        partial(_pool_sizes, kind="average"),
        partial(_pool, kind="AvgPool"),
    ),
    Kind(
        "activation",
        (Option("function", function_name),),
        "any",
        "- activation: tanh",
        lambda _, label: Activation(label),
        lambda options, _: ACTIVATIONS[options["function"]](),
    ),
    Kind(
        "maxout",
        (Option("pieces", partial(whole_number, least=2)),),
        "any",
        "- maxout: 2",
        lambda options, label: MaxoutSizes(options["pieces"], name=label),
        lambda options, _: Maxout(options["pieces"]),
    ),
    Kind(
        "flatten",
        (),
        "any",
        "- flatten",
        lambda _, label: Flatten(name=label),
        lambda *_: nn.Flatten(),
    ),
    Kind(
        "dense",
        (Option("units", whole_number), _BIAS),
        "features",
        "- dense: 20",
        lambda options, label: Dense(options["units"], bias=options["bias"], name=label),
        lambda options, shape: nn.Linear(shape[0], options["units"], bias=options["bias"]),
    ),
    Kind(
        "dropout",
        (Option("rate", fraction),),
        "any",
        "- dropout: 0.5",
        lambda _, label: Activation(label),
        lambda options, _: nn.Dropout(options["rate"]),
    ),
    Kind(
        "batch_norm",
        (Option("momentum", small_positive, default=0.1), Option("epsilon", small_positive, default=1e-5)),
        "any",
        "- batch_norm",
        lambda _, label: Normalisation(name=label),
        _norm,
    ),
)
KINDS = {kind.name: kind for kind in _KINDS}
