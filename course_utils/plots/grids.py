"""A row of small grids of numbers with signs between them: an equation that can be followed cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.plots.cells import (
    MOST_MARKS,
    Grid,
    chosen_cells,
    draw_grid,
    mark_cells,
    read_grid,
    widest,
    write,
)
from course_utils.plots.inputs import same_count
from course_utils.plots.paper import TALLEST, TITLE, WIDEST, fits, page, text_width
from course_utils.plots.style import style

SIZES = (13.0, 11.0, 9.0)  # points, tried in this order until the drawing fits
LEAST_SIDE = 0.36  # inches
SIGN = 15.0  # points
GAP = 0.16  # inches between a grid and a sign
BETWEEN_ROWS = 0.28  # inches
HEADING = 0.28  # inches for the titles of grids


@dataclass(frozen=True)
class Layout:
    """Where every grid of the figure stands.

    Args:
        size: Size of the numbers in points.
        side: Side of a cell in inches.
        places: Left and upper edge of each grid in inches.
        signs: Centre of the sign before each grid in inches.
        width: Width of the drawing in inches.
        height: Height of the drawing in inches.
        rows: Number of rows of grids.
    """

    size: float
    side: float
    places: list[tuple[float, float]]
    signs: list[tuple[float, float]]
    width: float
    height: float
    rows: int


@style()
def number_grids(
    grids: Sequence[ArrayLike],
    *,
    between: Sequence[str] | None = None,
    titles: Sequence[str] | None = None,
    marked: Sequence[Mapping[int, Any]] | None = None,
    kind: str | Sequence[str] = "plain",
    decimals: int = 2,
    title: str | None = None,
) -> Figure:
    """Draw grids of numbers or symbols side by side, with signs between them and matching cells marked.

    Args:
        grids: Arrays of shape (rows, columns) or (columns,), of numbers (NaN for a cell without one yet) or
            of symbols such as "w_1".
        between: The signs between the grids, one fewer than grids; a row that is too long breaks before one.
        titles: A title for each grid.
        marked: For each mark the cells it outlines: number of a grid to an index of its array. One mark has
            one colour and one dash in all its grids.
        kind: "plain", or how numbers tint their cells: "grey", "weights" or "magnitude"; one for all or each.
        decimals: Most digits after the point.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are no grids, one is too large to read, or signs, titles, kinds or marks do not
            fit them.
    """
    shown = _read(grids, kind, decimals)
    signs = ["", *same_count(between or [""] * (len(shown) - 1), len(shown) - 1, "between", "gaps")]
    names = same_count(titles or [""] * len(shown), len(shown), "titles", "grids")
    masks = _masks(marked or (), shown)
    layout = _layout(shown, signs, names, pad=0.2 if masks else 0.12)
    fig, ax, left, top = page(layout.width, layout.height, title)
    for number, (grid, place) in enumerate(zip(shown, layout.places, strict=True)):
        x, y = left + place[0], top + place[1]
        draw_grid(ax, grid, x, y, layout.side, size=layout.size)
        write(ax, names[number], x + grid.texts.shape[1] * layout.side / 2, y - 0.14, size=11)
        sign_x, sign_y = layout.signs[number]
        write(ax, signs[number], left + sign_x, top + sign_y, size=SIGN)
        here = {look: mark[number] for look, mark in enumerate(masks) if number in mark}
        for look, mask in here.items():
            depth = sum(bool((mask & here[other]).any()) for other in here if other < look)
            mark_cells(ax, mask, x, y, layout.side, look=look, depth=depth)
    return fig


def _read(grids: Sequence[ArrayLike], kind: str | Sequence[str], decimals: int) -> list[Grid]:
    if not len(grids):
        raise ValueError("grids is empty but the figure needs at least one grid")
    kinds = [kind] * len(grids) if isinstance(kind, str) else same_count(kind, len(grids), "kind", "grids")
    return [
        read_grid(values, f"grid {number}", kind=kinds[number], decimals=decimals)
        for number, values in enumerate(grids)
    ]


def _masks(marked: Sequence[Mapping[int, Any]], grids: list[Grid]) -> list[dict[int, Any]]:
    if len(marked) > MOST_MARKS:
        raise ValueError(
            f"marked has {len(marked)} marks but only {MOST_MARKS} look different; draw several figures"
        )
    masks = []
    for look, mark in enumerate(marked):
        unknown = set(mark) - set(range(len(grids)))
        if unknown:
            raise ValueError(
                f"marked[{look}] names grid {min(unknown)} but the grids are 0 to {len(grids) - 1}"
            )
        masks.append({n: chosen_cells(index, grids[n], f"marked[{look}]") for n, index in mark.items()})
    return masks


def _layout(grids: list[Grid], signs: list[str], names: list[str], *, pad: float) -> Layout:
    tried = [_placed(grids, signs, names, size=size, pad=pad) for size in SIZES]
    whole = [layout for layout in tried if fits(layout.width, layout.height)]
    if not whole:
        largest = max((grid.texts.shape for grid in grids), key=max)
        raise ValueError(
            f"the grids do not fit a page of {WIDEST:.1f} x {TALLEST - TITLE:.1f} inches with "
            f"readable numbers (the largest is {largest[0]} x {largest[1]}); show a part of them"
        )
    roomy = [layout for layout in whole if layout.size > SIZES[-1]] or whole
    return min(roomy, key=lambda layout: (layout.rows, -layout.size))


def _placed(grids: list[Grid], signs: list[str], names: list[str], *, size: float, pad: float) -> Layout:
    side = max(LEAST_SIDE * size / SIZES[0], widest(grids, size) + pad)
    rows: list[list[tuple[float, float]]] = [[]]  # of each row, where its signs and its grids begin
    reach = 0.0
    for grid, sign, name in zip(grids, signs, names, strict=True):
        wide = max(grid.texts.shape[1] * side, text_width(name, 11))
        lead = text_width(sign, SIGN) + 2 * GAP if sign else GAP * bool(rows[-1])
        if rows[-1] and reach + lead + wide > WIDEST:
            rows.append([])
            reach = 0.0
            lead = text_width(sign, SIGN) + GAP if sign else 0.0
        rows[-1].append((reach, reach + lead + (wide - grid.texts.shape[1] * side) / 2))
        reach += lead + wide
    return _stacked(grids, signs, names, rows, size=size, side=side)


def _stacked(
    grids: list[Grid],
    signs: list[str],
    names: list[str],
    rows: list[list[tuple[float, float]]],
    *,
    size: float,
    side: float,
) -> Layout:
    places, centres, top, first = [], [], 0.1, 0
    for row in rows:
        members = range(first, first + len(row))
        tall = max(grids[n].texts.shape[0] for n in members) * side
        top += HEADING if any(names[n] for n in members) else 0.0
        for n, (start, left) in zip(members, row, strict=True):
            places.append((left, top + (tall - grids[n].texts.shape[0] * side) / 2))
            lead = GAP if start else 0.0
            centres.append((start + lead + text_width(signs[n], SIGN) / 2, top + tall / 2))
        top += tall + BETWEEN_ROWS
        first += len(row)
    reach = [
        left + (grid.texts.shape[1] * side + max(grid.texts.shape[1] * side, text_width(name, 11))) / 2
        for (left, _), grid, name in zip(places, grids, names, strict=True)
    ]
    return Layout(size, side, places, centres, max(reach), top - BETWEEN_ROWS + 0.12, len(rows))
