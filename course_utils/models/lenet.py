"""The two convolutional networks for handwritten digits that the decks give in full."""

from typing import Literal

from torch import nn

from course_utils.models.building import build_network
from course_utils.models.description import Row, describe_network
from course_utils.models.options import whole_number

WORKSHOP: tuple[Row, ...] = (
    ("c1", "conv", {"maps": 10, "kernel": 9}),  # 28 -> 20
    ("s2", "max_pool", {"size": 2}),  # 20 -> 10
    ("s2_activation", "activation", {"function": "tanh"}),
    ("c3", "conv", {"maps": 10, "kernel": 5}),  # 10 -> 6
    ("s4", "max_pool", {"size": 2}),  # 6 -> 3
    ("s4_activation", "activation", {"function": "tanh"}),
    ("flatten", "flatten", {}),
    ("f5", "dense", {"units": 20}),
    ("f5_activation", "activation", {"function": "tanh"}),
    ("output", "dense", {"units": 10}),
)


def workshop_network() -> nn.Sequential:
    """Build the network of the Harvard workshop, for images of 28 x 28.

    Ten filters of 9 x 9, max pooling by 2 (28 -> 20 -> 10), ten filters of 5 x 5, max pooling by 2
    (10 -> 6 -> 3), 20 units with tanh, 10 outputs. The workshop trained it by gradient descent with a
    learning rate of 0.1 and batches of 50.

    The deck names no activation after the convolutions, and no initialisation. Its formula for every layer of
    a CNN has one, and the LeNet tutorial published at that time takes the tanh of what was pooled: so does
    this network. The weights are drawn as torch draws those of each layer, from its global seed.

    Returns:
        The network; it reads (batch, 1, 28, 28) and puts out logits, (batch, 10).

    Source:
        Harvard IACS, Convolutional NN (the formula) and the workshop's notebook; the place of tanh: Theano,
        Deep Learning Tutorials, Convolutional neural networks (LeNet).
    """
    return build_network(describe_network((1, 28, 28), WORKSHOP))


def lenet5(
    classes: int = 10,
    *,
    input_size: int = 28,
    width: float = 1.0,
    activation: Literal["tanh", "relu"] = "tanh",
    pooling: Literal["average", "max"] = "average",
) -> nn.Sequential:
    """Build LeNet-5 as the Toronto deck counts it.

    C1 has 6 maps with kernels of 5 x 5, S2 pools by 2, C3 has 16 maps with kernels of 5 x 5, S4 pools by 2,
    F5 has 120 units, F6 84. Images under 32 x 32, such as MNIST's 28 x 28, are padded by 2 at each end.

    The paper's network differs: most of its C3 maps read fewer than six maps, its pooling has a factor and a
    bias a map, its tanh is scaled, and its outputs are radial basis functions.

    The weights are drawn as torch draws those of each layer, from its global seed.

    Args:
        classes: Number of outputs.
        input_size: Height and width of the images, in pixels; at least 12.
        width: Factor on the number of maps and hidden units, for a narrower network.
        activation: Function after C1, C3, F5 and F6: "tanh" as in the paper, or "relu".
        pooling: "average" as in the paper, or "max".

    Returns:
        The network, with layers c1, c1_activation, s2, c3, c3_activation, s4, flatten, f5, f5_activation, f6,
        f6_activation and output; it reads (batch, 1, input_size, input_size), logits come out.

    Raises:
        TypeError: If a number is none.
        ValueError: If an argument is out of range or not known.

    Source:
        Toronto CSC 2515, sizes of layers in LeNet; LeCun et al., Gradient-based learning applied to document
        recognition (1998), section II.B and figure 2.
    """
    _check(activation, "activation", ("tanh", "relu"))
    _check(pooling, "pooling", ("average", "max"))
    if isinstance(width, bool) or not isinstance(width, int | float):
        raise TypeError(f"width={width!r} but a number is expected; give 0.5 for half as many maps")
    if not 0 < width <= 100:
        raise ValueError(f"width={width} but a factor above 0 and at most 100 is expected; give 1.0, say")
    classes = whole_number(classes, "classes")
    padding = 2 if whole_number(input_size, "input_size", least=12) < 32 else 0
    rows = _lenet5_rows(classes, padding, width, activation, f"{pooling}_pool")
    return build_network(describe_network((1, input_size, input_size), rows))


def _lenet5_rows(classes: int, padding: int, width: float, activation: str, pool: str) -> tuple[Row, ...]:
    """List the layers of LeNet-5."""

    def scaled(count: int) -> int:
        return max(1, round(width * count))

    function = {"function": activation}
    return (
        ("c1", "conv", {"maps": scaled(6), "kernel": 5, "padding": padding}),
        ("c1_activation", "activation", function),
        ("s2", pool, {"size": 2}),
        ("c3", "conv", {"maps": scaled(16), "kernel": 5}),
        ("c3_activation", "activation", function),
        ("s4", pool, {"size": 2}),
        ("flatten", "flatten", {}),
        ("f5", "dense", {"units": scaled(120)}),
        ("f5_activation", "activation", function),
        ("f6", "dense", {"units": scaled(84)}),
        ("f6_activation", "activation", function),
        ("output", "dense", {"units": classes}),
    )


def _check(given: str, name: str, known: tuple[str, ...]) -> None:
    """Raise a ValueError unless a word is one of those known."""
    if given not in known:
        raise ValueError(f"{name}={given!r:.40} but it must be one of {', '.join(known)}; give one of them")
