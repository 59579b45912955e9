"""What a gallery of feature maps accepts, and how large its images and kernels are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.cells import Grid, read_grid, widest
from course_utils.plots.images import MAPS
from course_utils.plots.inputs import finite, same_count
from course_utils.plots.paper import fits, text_width
from course_utils.plots.style import DPI

LARGEST = 2.3  # inches; the longer side of an image, at most
CRISP = 0.7  # images drawn at a whole multiple of their pixels may be smaller by this
ENOUGH = 1.1  # inches; images this large are not drawn larger at the price of another row
LEAST = 0.7  # inches; at least
GAP = 0.16  # inches between two maps
ARROW = 0.45  # inches between the input and the maps
HEADING = 0.28  # inches for a title
BAR = 1.0  # inches for colour bars
NUMBER = 9.0  # points of a kernel's entries
CELL = 0.25  # inches of a kernel's cell, at least
WIDEST_KERNEL = 1.9  # inches; a wider one is drawn without its numbers
UNDER = 0.12  # inches between a kernel and its map
NOTE = 0.22  # inches for a line below a map
TINY = 0.14  # inches of a cell without a number


@dataclass(frozen=True)
class Map:
    """One map of the figure.

    Args:
        image: Its values, shape (height, width).
        kind: "grey", "weights" or "magnitude".
        title: What stands above it, "" for nothing.
        kernel: The kernel that made it, or None.
    """

    image: NDArray[Any]
    kind: str
    title: str
    kernel: Grid | None


@dataclass(frozen=True)
class Sheet:
    """How large everything is, in inches.

    Args:
        longest: The longer side of the largest image.
        pixels: The longer side of the largest image, in pixels.
        cell: Side of a kernel's cell.
        slot: Width and height of a map with its title and kernel.
        image: Height of the part of a slot that the map has.
        across: Maps in a row.
        source: Width of the input with its title.
        width: Width of the drawing.
        height: Height of the drawing.
    """

    longest: float
    pixels: int
    cell: float
    slot: tuple[float, float]
    image: float
    across: int
    source: float
    width: float
    height: float

    @property
    def crisp(self) -> bool:
        """Say whether a pixel of the largest image takes a whole number of pixels of the page."""
        return abs(self.longest * DPI / self.pixels - round(self.longest * DPI / self.pixels)) < 1e-9

    def extent(self, image: NDArray[Any]) -> tuple[float, float]:
        """Return width and height of an image: on one scale, unless less than half as long as another."""
        tall, wide = image.shape[:2]
        scale = self.longest / max(self.pixels if 2 * max(tall, wide) >= self.pixels else 0, tall, wide)
        return scale * wide, scale * tall


def checked_image(image: ArrayLike, name: str, *, colour: bool = False) -> NDArray[Any]:
    """Return an image as an array.

    Args:
        image: Shape (height, width), or also (height, width, 3).
        name: What it is called in a message.
        colour: True when it may be in colour.

    Returns:
        The array, of its own type.

    Raises:
        ValueError: If it has another shape, no pixels, or NaN.
    """
    array = np.asarray(image)
    if array.ndim != 2 and not (colour and array.ndim == 3 and array.shape[2] == 3):
        accepted = "(height, width) or (height, width, 3)" if colour else "(height, width)"
        raise ValueError(f"{name} has shape {array.shape} but must be {accepted}; index or reshape it first")
    finite(array, name)
    return array


def read_maps(
    maps: ArrayLike | Sequence[ArrayLike],
    titles: Sequence[str] | None,
    kernels: Sequence[ArrayLike] | None,
    kind: str | Sequence[str],
) -> list[Map]:
    """Check the maps and put each together with its title, kernel and kind.

    Args:
        maps: Shape (count, height, width), or a list of maps (height, width).
        titles: A title for each, or None.
        kernels: A kernel for each, or None.
        kind: One kind for all, or one for each.

    Returns:
        The maps.

    Raises:
        ValueError: If a kind is unknown, an array does not fit, or there is not one entry for each map.
    """
    images = [checked_image(image, f"map {number}") for number, image in enumerate(maps)]  # type: ignore[arg-type]
    if not images:
        raise ValueError("maps is empty but the figure needs at least one map")
    count = len(images)
    kinds = [kind] * count if isinstance(kind, str) else same_count(kind, count, "kind", "maps")
    unknown = set(kinds) - set(MAPS)
    if unknown:
        raise ValueError(f"kind is {min(unknown)!r} but must be one of {', '.join(MAPS)}")
    if kernels is not None and len(kernels) != count:
        raise ValueError(f"kernels has {len(kernels)} entries but there are {count} maps; give one for each")
    grids: list[Grid | None] = [None] * count
    if kernels is not None:
        grids = [read_grid(kernel, f"kernel {k}", kind="weights") for k, kernel in enumerate(kernels)]
    names = same_count(titles or [""] * count, count, "titles", "maps")
    return [Map(*each) for each in zip(images, kinds, names, grids, strict=True)]


def lay_out(
    source: NDArray[Any], maps: list[Map], x_title: str, most: int, *, bar: float, noted: bool
) -> Sheet:
    """Find the number of maps in a row with which the images are largest.

    Args:
        source: The input.
        maps: The maps.
        x_title: What stands above the input.
        most: Maps in a row, at most.
        bar: Room for colour bars in inches.
        noted: True when a line of text stands below each map.

    Returns:
        The sizes.

    Raises:
        ValueError: If they do not fit a page.
    """
    best: Sheet | None = None
    for down in range(ceil(len(maps) / most), len(maps) + 1):
        across = ceil(len(maps) / down)
        sheets = [
            _sheet(source, maps, x_title, across, longest=length, bar=bar, note=NOTE * noted)
            for length in _lengths(source, maps)
        ]
        fitting = [sheet for sheet in sheets if fits(sheet.width, sheet.height)]
        for sheet in fitting[:1]:
            crisp = [other for other in fitting if other.crisp and other.longest >= CRISP * sheet.longest]
            found = max(crisp or [sheet], key=lambda other: other.longest)
            best = found if best is None or found.longest > best.longest else best
        if best is not None and best.longest >= ENOUGH:
            return best
    if best is None:
        raise ValueError(f"{len(maps)} maps do not fit a page; draw fewer, or leave out the kernels")
    return best


def _lengths(source: NDArray[Any], maps: list[Map]) -> list[float]:
    """Return lengths of the longer side to try, falling, with all whole multiples of its pixels."""
    pixels = _pixels(source, maps)
    whole = [pixels * times / DPI for times in range(1, 100)]
    steps = np.arange(LEAST, LARGEST + 1e-9, 0.05).tolist()
    return sorted({*steps, *(length for length in whole if LEAST <= length <= LARGEST)}, reverse=True)


def _pixels(source: NDArray[Any], maps: list[Map]) -> int:
    return max(int(side) for image in [source, *(one.image for one in maps)] for side in image.shape[:2])


def _sheet(
    source: NDArray[Any],
    maps: list[Map],
    x_title: str,
    across: int,
    *,
    longest: float,
    bar: float,
    note: float,
) -> Sheet:
    pixels = _pixels(source, maps)
    bare = Sheet(longest, pixels, _cell(maps), (0.0, 0.0), 0.0, across, 0.0, 0.0, 0.0)
    extents = [bare.extent(one.image) for one in maps]
    shapes = [one.kernel.texts.shape if one.kernel else (0, 0) for one in maps]
    words = max(text_width(one.title, 11) for one in maps)
    wide = max(words, *(extent[0] for extent in extents), *(bare.cell * shape[1] for shape in shapes))
    above = HEADING * any(one.title for one in maps) + bare.cell * max(shape[0] for shape in shapes)
    above += note + UNDER * any(one.kernel is not None for one in maps)
    high = max(extent[1] for extent in extents)
    left = max(bare.extent(source)[0], text_width(x_title, 11))
    width = left + ARROW + across * (wide + GAP) - GAP + bar
    height = (
        max(ceil(len(maps) / across) * (above + high + GAP), bare.extent(source)[1] + HEADING + GAP) + 0.1
    )
    return Sheet(longest, pixels, bare.cell, (wide, above + high), high, across, left, width, height)


def _cell(maps: list[Map]) -> float:
    """Return the side of a kernel's cell, small where the numbers would make a kernel too wide."""
    grids = [one.kernel for one in maps if one.kernel is not None]
    if not grids:
        return 0.0
    side = max(CELL, widest(grids, NUMBER) + 0.07)
    return side if side * max(grid.texts.shape[1] for grid in grids) <= WIDEST_KERNEL else TINY
