"""The draw-a-digit explorer's static twin: an image, what each layer makes of it, and the probabilities."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from course_utils.plots import style
from course_utils.plots.images import MAPS
from course_utils.plots.style import BLUE, PALE_BLUE
from course_utils.widgets.digit_arguments import read_classes, read_image
from course_utils.widgets.digit_network import ACTIVATIONS, POOLINGS, Numbers, layers_of, read_weights
from course_utils.widgets.digit_words import prediction_words, probability, ranked
from course_utils.widgets.sheets import Box, blank_sheet, frame, write
from course_utils.widgets.terms import short

PAGE, TALL, LEFT = 780.0, 534.0, 132.0  # pixels of the page, and left of the maps
ROOM = PAGE - LEFT - 8
ROWS = {
    "x": (8, 84),
    "C1": (108, 70),
    "S2": (190, 52),
    "C3": (254, 34),
    "S4": (300, 28),
    "F5": (340, 24),
    "F6": (376, 24),
}
FLOOR, BAR, APART = 486.0, 56.0, 8.0  # foot of the bars, pixels of probability 1, between two maps
SMALL, NOTE = 11.0, "#5C5C5C"


@style()
def digit_figure(
    image: ArrayLike,
    weights: Mapping[str, ArrayLike],
    *,
    classes: Sequence[str] | None = None,
    activation: str = "tanh",
    pooling: str = "average",
) -> Figure:
    r"""Draw what each layer of a network of LeNet's shape makes of an image, and the probabilities.

    .. math:: p = \text{softmax}(W h_6 + b)

    Args:
        image: What the network sees, shape (28, 28), uint8 or from 0 to 1.
        weights: Arrays by name, as `DigitExplorer` takes them.
        classes: A name for each output; None counts them from 0.
        activation: "tanh" or "relu".
        pooling: "average" or "max".

    Returns:
        The figure; maps of one layer are on one scale.

    Raises:
        TypeError: If `weights` is no dict of arrays, or `image` no array of numbers.
        ValueError: If an argument does not fit the network, or a name is not known.
    """
    layers = _layers(image, weights, activation, pooling)
    names = read_classes(classes, len(layers["p"]))
    fig, ax = blank_sheet(PAGE, TALL)
    for name, (top, height) in ROWS.items():
        _heading(ax, name, layers[name], top + height / 2, {"C": activation, "F": activation, "S": pooling})
        _maps(ax, name, layers[name], top, height, signed=activation == "tanh")
    _scale(fig, signed=activation == "tanh")
    _bars(ax, layers["p"], names)
    write(ax, prediction_words(layers["p"], names), (LEFT, TALL - 14), size=13, align="left")
    return fig


def digit_words(
    image: ArrayLike,
    weights: Mapping[str, ArrayLike],
    *,
    classes: Sequence[str] | None = None,
    activation: str = "tanh",
    pooling: str = "average",
) -> str:
    """Say what the figure of the same arguments shows: its alternative text.

    Args:
        image: What the network sees, shape (28, 28), uint8 or from 0 to 1.
        weights: Arrays by name, as `DigitExplorer` takes them.
        classes: A name for each output; None counts them from 0.
        activation: "tanh" or "relu".
        pooling: "average" or "max".

    Returns:
        The layers and their sizes, and what is predicted.

    Raises:
        TypeError: If `weights` is no dict of arrays, or `image` no array of numbers.
        ValueError: If an argument does not fit the network, or a name is not known.
    """
    layers = _layers(image, weights, activation, pooling)
    sizes = ", ".join(f"{name} {_size(layers[name], ' maps of ')}" for name in ROWS if name != "x")
    words = prediction_words(layers["p"], read_classes(classes, len(layers["p"])))
    return f"An image and what each layer of the network makes of it: {sizes}. {words}"


def _layers(
    image: ArrayLike, weights: Mapping[str, ArrayLike], activation: str, pooling: str
) -> dict[str, Numbers]:
    for name, given, known in (("activation", activation, ACTIVATIONS), ("pooling", pooling, POOLINGS)):
        if given not in known:
            raise ValueError(
                f"{name} is {given!r} but must be one of {', '.join(known)}; choose one of these"
            )
    return layers_of(read_image(image), read_weights(weights), activation=activation, pooling=pooling)


def _size(values: NDArray[Any], between: str = " × ") -> str:
    if values.ndim == 1:
        return f"{len(values)} units"
    return "".join(
        [*(f"{count}{between}" for count in values.shape[:-2]), " × ".join(map(str, values.shape[-2:]))]
    )


def _heading(ax: Axes, name: str, values: Numbers, middle: float, kinds: Mapping[str, str]) -> None:
    below = "the network's input"
    if name != "x":
        below = f"{kinds[name[0]]}, m = {short(np.abs(values).max(), 2)}"
    write(ax, name, (6, middle - 8), size=13, align="left", bold=True)
    write(ax, _size(values), (34, middle - 8), size=SMALL, align="left", colour=NOTE)
    write(ax, below, (6, middle + 8), size=SMALL, align="left", colour=NOTE)


def _maps(ax: Axes, name: str, values: Numbers, top: float, height: float, *, signed: bool) -> None:
    maps = values if values.ndim == 3 else np.atleast_2d(values)[np.newaxis]
    most = float(np.abs(values).max()) or 1.0
    look: dict[str, Any] = {
        "cmap": MAPS["weights" if signed else "magnitude"],
        "vmin": -most if signed else 0.0,
    }
    look |= {"vmax": most}
    if name == "x":
        look = {"cmap": MAPS["grey"], "vmin": 0.0, "vmax": 1.0}
    for one, (left, upper, wide, tall) in zip(maps, _boxes(values, top, height), strict=True):
        ax.imshow(one, extent=(left, left + wide, upper + tall, upper), aspect="auto", **look)
        frame(ax, (left, upper, wide, tall), NOTE, 0.8)
    ax.set(xlim=(0, PAGE), ylim=(TALL, 0))


def _boxes(values: Numbers, top: float, height: float) -> list[Box]:
    """Return a box for each map, in as many rows as make them largest; one strip for units."""
    if values.ndim == 1:
        return [(LEFT, top, min(5.0, ROOM / len(values)) * len(values), height)]
    count = len(values) if values.ndim == 3 else 1
    sides = {
        rows: min((height - 2 * (rows - 1)) / rows, ROOM / -(-count // rows) - 3) for rows in (1, 2, 3, 4)
    }
    rows = max(sides, key=lambda number: sides[number])
    side, across = float(np.floor(sides[rows])), -(-count // rows)
    apart = min(side + APART, ROOM / across)
    return [(LEFT + k % across * apart, top + k // across * (side + 2), side, side) for k in range(count)]


def _scale(fig: Figure, *, signed: bool) -> None:
    left, top, wide, tall = PAGE - 180, 40.0, 130.0, 13.0
    small = fig.add_axes((left / PAGE, 1 - (top + tall) / TALL, wide / PAGE, tall / TALL))
    ends = ["−m", "0", "m"] if signed else ["0", "m"]
    small.imshow(
        np.linspace(0, 1, 256)[np.newaxis], cmap=MAPS["weights" if signed else "magnitude"], aspect="auto"
    )
    small.set(xticks=np.linspace(0, 255, len(ends)), yticks=[])
    small.set_xticklabels(ends, fontsize=8.5)
    small.grid(visible=False)
    small.set_title("m: the largest size in its layer", fontsize=8.5, color=NOTE)


def _bars(ax: Axes, p: Numbers, names: Sequence[str]) -> None:
    write(ax, "y", (6, FLOOR - 28), size=13, align="left", bold=True)
    write(ax, f"{len(p)} classes", (34, FLOOR - 28), size=SMALL, align="left", colour=NOTE)
    write(ax, "probabilities", (6, FLOOR - 12), size=SMALL, align="left", colour=NOTE)
    best, apart = ranked(p)[0], ROOM / len(p)
    for k, (share, name) in enumerate(zip(p, names, strict=True)):
        left, wide, high = LEFT + k * apart, apart - 12, BAR * float(share)
        frame(ax, (left, FLOOR - high, wide, high), BLUE, 1.0, fill=BLUE if k == best else PALE_BLUE)
        words = probability(share).replace("over ", "> ").replace("under ", "< ")
        write(ax, words, (left + wide / 2, FLOOR - high - 10), size=SMALL, bold=k == best)
        write(ax, name, (left + wide / 2, FLOOR + 13), room=apart, bold=k == best)
    ax.plot([LEFT - 4, PAGE - 8], [FLOOR, FLOOR], color=NOTE, linewidth=0.9)
