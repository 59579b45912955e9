"""The sizes of the tensors that run through a network, as boxes to scale."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from math import sqrt
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from course_utils.plots.cells import write
from course_utils.plots.inputs import same_count
from course_utils.plots.paper import TALLEST, TITLE, WIDEST, page, text_width
from course_utils.plots.style import BLACK, BLUE, PALE_BLUE, style

TALL = 1.25  # inches; the highest map
THICKEST = (1.1, 0.8, 0.55)  # inches of the thickest box, tried in this order until one row holds all
LEAST = 0.06  # inches; the shortest side that is drawn
SLANT = 0.3  # inches sideways and upwards for each inch of width
LETTERS = (8, 5)  # in a line of a step, tried in this order
ARROW = 0.3  # inches, at least
SIZE = 9.5  # points
LABELS = 0.5  # inches for two lines below the boxes
NOTES = 0.3  # inches for the line below
NOTE = "height and width to scale; thickness: the square root of the number of maps or units"


@dataclass(frozen=True)
class Box:
    """One tensor.

    Args:
        shape: (channels, height, width).
        label: What stands below it.
        name: What stands above it, "" for nothing.
        step: What happens before it, "" for nothing.
        first: True for the input, which no arrow leads to.
    """

    shape: tuple[int, int, int]
    label: str
    name: str
    step: str
    first: bool


@dataclass(frozen=True)
class Scale:
    """Inches for one row of a map, and for the square root of one map."""

    side: float
    thickness: float

    def size(self, box: Box) -> tuple[float, float, float]:
        """Return thickness, height and slant of a box in inches."""
        channels, height, width = box.shape
        thick = max(LEAST, self.thickness * sqrt(channels))
        return thick, max(LEAST, self.side * height), max(LEAST, self.side * width) * SLANT


@style()
def layer_sizes(
    shapes: Sequence[Sequence[int]],
    *,
    steps: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw the tensors that run through a network as boxes, from the input to the output.

    Args:
        shapes: (channels, height, width) or (units,) of each tensor, the input first.
        steps: What happens between two tensors, one fewer than shapes, such as "conv 5×5".
        names: A name to write above each box.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If a shape has another number of axes or a size is not positive, the numbers of steps or
            names do not fit, or there are too many boxes for a page.
    """
    boxes = _boxes(shapes, steps, names)
    scale, rows = _fitted(boxes)
    heights = [_height(row, scale) for row in rows]
    if sum(heights) + NOTES > TALLEST - TITLE:
        raise ValueError(f"{len(boxes)} boxes do not fit a page; leave out steps that change no size")
    widths = [sum(_lead(box) + _slot(box, scale) for box in row) for row in rows]
    width = max(*widths, text_width(NOTE, SIZE))
    fig, ax, left, top = page(width, sum(heights) + NOTES, title)
    for row, height in zip(rows, heights, strict=True):
        x, floor = left + (width - max(widths)) / 2, top + height - LABELS
        middle = floor - max(scale.size(box)[1] for box in row) / 2
        for box in row:
            _draw(ax, box, scale, x, middle, floor)
            x += _lead(box) + _slot(box, scale)
        top += height
    write(ax, NOTE, left + width / 2, top + 0.1, size=SIZE)
    return fig


def _boxes(
    shapes: Sequence[Sequence[int]], steps: Sequence[str] | None, names: Sequence[str] | None
) -> list[Box]:
    count = len(shapes)
    if count < 1:
        raise ValueError("shapes is empty but the figure needs at least one tensor")
    before = ["", *same_count(steps or [""] * (count - 1), count - 1, "steps", "changes of shape")]
    above = same_count(names or [""] * count, count, "names", "shapes")
    boxes = []
    for number, (shape, step, name) in enumerate(zip(shapes, before, above, strict=True)):
        sizes = tuple(int(size) for size in shape)
        if len(sizes) not in (1, 3) or min(sizes) < 1:
            raise ValueError(
                f"shape {number} is {tuple(shape)} but must be (channels, height, width) or (units,), all at "
                "least 1"
            )
        whole = (sizes[0], *(sizes[1:] or (1, 1)))
        label = f"{sizes[0]:,}\nunits" if len(sizes) == 1 else f"{sizes[0]:,} of\n{sizes[1]} × {sizes[2]}"
        boxes.append(Box((whole[0], whole[1], whole[2]), label, name, step, first=number == 0))
    return boxes


def _fitted(boxes: list[Box]) -> tuple[Scale, list[list[Box]]]:
    """Return the first choice of line length and thickness with the fewest rows, and those rows."""
    side = TALL / max(max(box.shape[1:]) for box in boxes)
    root = max(sqrt(box.shape[0]) for box in boxes)
    fewest: list[list[Box]] = []
    for letters, thick in product(LETTERS, THICKEST):
        written = [replace(box, step=fill(box.step, letters, break_long_words=False)) for box in boxes]
        scale = Scale(side, min(0.12, thick / root))
        rows = _rows(written, scale, WIDEST)
        if not fewest or len(rows) < len(fewest):
            chosen, fewest = scale, rows
    together, limit = list(chain.from_iterable(fewest)), WIDEST
    while len(fewest) > 1 and len(_rows(together, chosen, limit - 0.1)) == len(fewest):
        limit -= 0.1  # so that the last row is not the shortest
    return chosen, _rows(together, chosen, limit)


def _height(row: list[Box], scale: Scale) -> float:
    sizes = [scale.size(box) for box in row]
    steps = max(box.step.count("\n") + 1 for box in row) * 0.165 + 0.1
    tall = max(size[1] for size in sizes)
    above = max(tall / 2 + max(size[2] for size in sizes) + 0.25 * any(box.name for box in row), steps)
    return 0.12 + above + tall / 2 + LABELS


def _slot(box: Box, scale: Scale) -> float:
    thick, _, slant = scale.size(box)
    return max(thick + slant, text_width(box.label, SIZE), text_width(box.name, SIZE)) + 0.1


def _lead(box: Box) -> float:
    return 0.0 if box.first else max(ARROW, text_width(box.step, SIZE)) + 0.1


def _rows(boxes: list[Box], scale: Scale, limit: float) -> list[list[Box]]:
    """Break the boxes into rows of at most this width in inches."""
    rows: list[list[Box]] = [[]]
    reach = 0.0
    for box in boxes:
        wide = _lead(box) + _slot(box, scale)
        if rows[-1] and reach + wide > limit:
            rows.append([])
            reach = 0.0
        rows[-1].append(box)
        reach += wide
    return rows


def _draw(ax: Axes, box: Box, scale: Scale, x: float, middle: float, floor: float) -> None:
    lead, slot = _lead(box), _slot(box, scale)
    if lead:
        ax.annotate(
            "",
            (x + lead - 0.03, middle),
            (x + 0.03, middle),
            arrowprops={"arrowstyle": "->", "color": BLACK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0},
        )
        lines = box.step.count("\n") + 1
        write(ax, box.step, x + lead / 2, middle - 0.1 - 0.085 * lines, size=SIZE)
    centre = x + lead + slot / 2
    top = _cuboid(ax, scale.size(box), centre, middle)
    for line, text in enumerate(box.label.split("\n")):
        write(ax, text, centre, floor + 0.15 + 0.165 * line, size=SIZE)
    write(ax, box.name, centre, top - 0.13, size=SIZE)


def _cuboid(ax: Axes, size: tuple[float, float, float], centre: float, middle: float) -> float:
    """Draw the front, the top and the side of a box, and return where its uppermost edge is, in inches."""
    thick, tall, slant = size
    left, top = centre - (thick + slant) / 2, middle - tall / 2
    right, bottom = left + thick, middle + tall / 2
    faces = {
        PALE_BLUE: [(left, top), (right, top), (right, bottom), (left, bottom)],
        "#E9F2F8": [(left, top), (left + slant, top - slant), (right + slant, top - slant), (right, top)],
        "#A9CDE4": [
            (right, top),
            (right + slant, top - slant),
            (right + slant, bottom - slant),
            (right, bottom),
        ],
    }
    for colour, corners in faces.items():
        ax.add_patch(Polygon(corners, facecolor=colour, edgecolor=BLUE, linewidth=1.0, zorder=2))
    return top - slant
