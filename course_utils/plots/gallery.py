"""One image beside the maps that filters made of it, each with its kernel written above it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.cells import draw_grid, write
from course_utils.plots.gallery_layout import (
    ARROW,
    BAR,
    GAP,
    HEADING,
    NOTE,
    NUMBER,
    TINY,
    UNDER,
    Map,
    Sheet,
    checked_image,
    lay_out,
    read_maps,
)
from course_utils.plots.images import MAPS, common_scale
from course_utils.plots.inputs import Interval, positive
from course_utils.plots.paper import page
from course_utils.plots.style import BLACK, style

BARS = {"weights": "response (signed)", "magnitude": "magnitude"}  # kinds with a colour bar, and its label


@style()
def feature_maps(
    x: ArrayLike,
    maps: ArrayLike | Sequence[ArrayLike],
    *,
    titles: Sequence[str] | None = None,
    kernels: Sequence[ArrayLike] | None = None,
    kind: str | Sequence[str] = "weights",
    shared_scale: bool = True,
    columns: int = 4,
    x_title: str = "input",
    title: str | None = None,
) -> Figure:
    """Draw an image, an arrow, and the maps made of it, with their kernels.

    Args:
        x: The input, shape (height, width), or (height, width, 3) in colour.
        maps: Shape (count, height, width), or a list of maps (height, width).
        titles: A title for each map.
        kernels: For each map the kernel that made it, shape (kernel_height, kernel_width), written above it.
        kind: "grey" for images, "weights" for signed values on a scale centred on zero, "magnitude" for
            values from zero up; one for all maps or one for each.
        shared_scale: True to draw all maps of one kind on one scale, False to stretch each to its own values,
            which are then written below it.
        columns: Number of maps in a row, at most.
        x_title: What stands above the input.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If a `kind` is unknown, an array has another number of axes or NaN, there is not one title
            or kernel for each map, or they do not fit a page.
    """
    source = checked_image(x, "x", colour=True)
    shown = read_maps(maps, titles, kernels, kind)
    scales = _scales(shown, shared=shared_scale)
    barred = [name for name in BARS if shared_scale and any(one.kind == name for one in shown)]
    most, bar = positive(columns, "columns"), BAR if barred else 0.0
    sheet = lay_out(source, shown, x_title, most, bar=bar, noted=not shared_scale)
    fig, ax, left, top = page(sheet.width, sheet.height, title)
    floor = top + 0.05 + sheet.slot[1] - (0.0 if shared_scale else NOTE)
    beside = floor - sheet.image / 2 if len(shown) <= sheet.across else None
    _source(ax, source, sheet, (left, top), x_title, beside=beside)
    for number, (one, ends) in enumerate(zip(shown, scales, strict=True)):
        down, right = divmod(number, sheet.across)
        x = left + sheet.source + ARROW + right * (sheet.slot[0] + GAP)
        y = top + 0.05 + down * (sheet.slot[1] + GAP)
        _map(ax, one, (x, y), sheet, ends, noted=not shared_scale)
    _bars(fig, {name: scales[[one.kind for one in shown].index(name)] for name in barred}, sheet, (left, top))
    return fig


def _scales(maps: list[Map], *, shared: bool) -> list[Interval]:
    """Return the ends of the scale of each map."""
    if not shared:
        return [common_scale([one.image], one.kind) for one in maps]
    return [common_scale([other.image for other in maps if other.kind == one.kind], one.kind) for one in maps]


def _source(
    ax: Axes,
    image: NDArray[Any],
    sheet: Sheet,
    corner: tuple[float, float],
    name: str,
    *,
    beside: float | None,
) -> None:
    """Draw the input in the middle of the left edge, or at the height of the only row of maps."""
    wide, tall = sheet.extent(image)
    lowest = corner[1] + HEADING + tall / 2
    middle = corner[1] + sheet.height / 2 if beside is None else max(beside, lowest)
    left, top = corner[0] + (sheet.source - wide) / 2, middle - tall / 2
    _image(ax, image, (left, top), sheet, "grey", common_scale([image], "grey"))
    write(ax, name, corner[0] + sheet.source / 2, top - 0.14, size=11)
    write(ax, "→", corner[0] + sheet.source + ARROW / 2, middle, size=16)


def _map(
    ax: Axes, one: Map, corner: tuple[float, float], sheet: Sheet, ends: Interval, *, noted: bool
) -> None:
    middle, floor = corner[0] + sheet.slot[0] / 2, corner[1] + sheet.slot[1] - (NOTE if noted else 0.0)
    wide, tall = sheet.extent(one.image)
    write(ax, one.title, middle, corner[1] + HEADING / 2, size=11)
    if one.kernel is not None:
        rows, columns = one.kernel.texts.shape
        centre = (corner[1] + (HEADING if one.title else 0.0) + floor - sheet.image - UNDER) / 2
        grid = one.kernel if sheet.cell > TINY else replace(one.kernel, texts=np.full((rows, columns), ""))
        place = middle - columns * sheet.cell / 2, centre - rows * sheet.cell / 2
        draw_grid(ax, grid, *place, sheet.cell, size=NUMBER)
    _image(ax, one.image, (middle - wide / 2, floor - (sheet.image + tall) / 2), sheet, one.kind, ends)
    if noted:
        text = f"{ends[0]:.4g} to {ends[1]:.4g}".replace("-", "−")
        write(ax, text, middle, floor + NOTE / 2, size=NUMBER)


def _image(
    ax: Axes, image: NDArray[Any], corner: tuple[float, float], sheet: Sheet, kind: str, ends: Interval
) -> None:
    wide, tall = sheet.extent(image)
    corner = round(corner[0], 2), round(corner[1], 2)  # whole pixels
    limits = ax.get_xlim(), ax.get_ylim()  # imshow sets its own
    extent = (corner[0], corner[0] + wide, corner[1] + tall, corner[1])
    ax.imshow(
        image,
        extent=extent,
        cmap=MAPS[kind],
        vmin=ends[0],
        vmax=ends[1],
        aspect="auto",
        interpolation="antialiased",
    )
    ax.set(xlim=limits[0], ylim=limits[1])
    ax.add_patch(Rectangle(corner, wide, tall, fill=False, edgecolor=BLACK, linewidth=0.8, zorder=2))


def _bars(fig: Figure, scales: dict[str, Interval], sheet: Sheet, corner: tuple[float, float]) -> None:
    """Draw the colour bars of the kinds under one another, at the right of the maps."""
    wide, tall = fig.get_size_inches()
    left, room = corner[0] + sheet.width - BAR + 0.15, (sheet.height - 0.2) / max(len(scales), 1)
    high = min(0.8 * room, 3.0)
    for number, (kind, ends) in enumerate(scales.items()):
        below = tall - corner[1] - 0.1 - (number + 0.5) * room - high / 2
        cax = fig.add_axes((left / wide, below / tall, 0.15 / wide, high / tall))
        fig.colorbar(ScalarMappable(Normalize(*ends), MAPS[kind]), cax=cax, label=BARS[kind])
