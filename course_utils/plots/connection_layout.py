"""Where the units of networks stand that are drawn side by side, and the words around them."""

from collections.abc import Mapping
from dataclasses import dataclass

from course_utils.plots.fields import Network, Unit
from course_utils.plots.paper import TALLEST, TITLE, WIDEST, text_width
from course_utils.plots.ties import counted

SPACING = 0.62  # inches from one unit of a layer to the next, at most
LEAST_SPACING = 0.16  # inches
RISE = 1.15  # inches from one layer to the next, at most
SPACE = 0.4  # inches between two networks
NAME = 0.27  # inches for a line of text above or below a network


@dataclass(frozen=True)
class Look:
    """What is shown of the networks.

    Args:
        names: Name of each row of units, or None.
        shared: True when each weight has its own colour and dash.
        unit: The marked (layer, unit), or None.
        verb: "sees" or "reaches".
    """

    names: list[str] | None
    shared: bool
    unit: Unit | None
    verb: str


@dataclass(frozen=True)
class Sheet:
    """How large everything is, in inches.

    Args:
        spacing: From one unit of a layer to the next.
        rise: From one layer to the next.
        slots: Width of each network.
        before: Room for the names of layers at the left.
        bottom: Lower edge of the inputs, below the top of the drawing.
        width: Width of the drawing.
        height: Height of the drawing.
    """

    spacing: float
    rise: float
    slots: list[float]
    before: float
    bottom: float
    width: float
    height: float


def lay_out(networks: Mapping[str, Network], look: Look) -> Sheet:
    """Find the widest spacing with which all networks stand side by side.

    Args:
        networks: Name to network, all of one depth.
        look: What is shown of them.

    Returns:
        The sizes.

    Raises:
        ValueError: If they do not fit a page.
    """
    largest = [max(network.sizes) for network in networks.values()]
    notes = [notes_of(network, look) for network in networks.values()]
    words = [
        max(text_width(text, 11) for text in [name, *lines])
        for name, lines in zip(networks, notes, strict=True)
    ]
    before = 0.15 + max(
        text_width(text, 10) for text in row_names(look, len(next(iter(networks.values())).sizes))
    )
    spacing = SPACING
    room = WIDEST - before - SPACE * (len(networks) - 1)
    while spacing >= LEAST_SPACING and sum(map(max, words, [n * spacing for n in largest])) > room:
        spacing -= 0.02
    if spacing < LEAST_SPACING:
        raise ValueError(
            f"layers of {max(largest)} units are too wide to draw; show smaller networks or fewer"
        )
    depth = len(next(iter(networks.values())).matrices)
    above = NAME if any(networks) else 0.05
    rise = min(RISE, (TALLEST - TITLE - above - NAME * len(notes[0]) - spacing) / depth)
    slots = [max(wide, n * spacing) for wide, n in zip(words, largest, strict=True)]
    bottom = above + depth * rise + spacing
    width = before + sum(slots) + SPACE * (len(slots) - 1)
    return Sheet(spacing, rise, slots, before, bottom, width, bottom + NAME * len(notes[0]) + 0.1)


def row_names(look: Look, depth: int) -> list[str]:
    """Return what stands at the left of each row of units, inputs first."""
    if look.names is not None:
        return look.names
    return ["inputs", *(f"layer {number}" for number in range(1, depth))]


def notes_of(network: Network, look: Look) -> list[str]:
    """Return the lines below a network: what is counted in it."""
    counts = counted(network.matrices)
    lines = [counts if look.shared else counts.split(", ")[1]]
    if look.unit is not None and network.marked is not None:
        end, rows = (0, "inputs") if look.verb == "sees" else (-1, "outputs")
        marked = network.marked[end]
        lines.append(f"the filled unit {look.verb} {marked.sum()} of {len(marked)} {rows}")
    return lines
