"""The static twin of the layer-geometry explorer: its grids, its window and its sentences as a figure."""

from textwrap import wrap

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from course_utils.plots import style
from course_utils.plots.style import BLUE, DPI, GREEN, GREY, PALE_BLUE, VERMILLION, WIDTH
from course_utils.widgets.geometry import GeometryExplorer
from course_utils.widgets.grid_page import (
    INK,
    LINE,
    ZEROS,
    Placed,
    draw_box,
    draw_cone,
    draw_grid,
    draw_unread,
)
from course_utils.widgets.windows import Cells, ConvStack

PALE_GREEN, NOTE = "#D4EFE7", "#5C5C5C"
ABOVE, TALLEST, BETWEEN, ASIDE = 0.62, 2.9, 0.65, 0.35  # inches
LARGEST_CELL = 0.36


@style()
def geometry_figure(explorer: GeometryExplorer) -> Figure:
    r"""Draw what a layer-geometry explorer now shows: the grids, the window, and all it says.

    .. math:: \text{output} = \left\lfloor \frac{n + p - d (k - 1) - 1}{s} \right\rfloor + 1

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure.
    """
    stack, said = explorer.stack, [explorer.words(), *explorer.facts()]
    lines = [line for words in said for line in _wrapped(words)]
    below = ABOVE + TALLEST
    fig = Figure(figsize=(WIDTH, below + 0.55 + 0.2 * len(lines)), dpi=DPI)
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(fig.get_figheight(), 0))
    ax.set_axis_off()
    with rc_context({"hatch.color": GREY}):
        _draw(ax, _placed(stack), explorer)
        _legend(ax, stack, below + 0.22)
    ax.text(0.2, below + 0.45, "\n".join(lines), fontsize=10, va="top", linespacing=1.4)
    return fig


def _wrapped(words: str) -> list[str]:
    return wrap(words.replace(" × ", "\u00a0×\u00a0"), 108, subsequent_indent="   ")


def _placed(stack: ConvStack) -> list[Placed]:
    sizes, zeros = stack.sizes(), stack.zeros()
    last = len(sizes) - 1
    padded = [zeros if level < last or last == 0 else (0, 0) for level in range(len(sizes))]
    least = 0 if last else stack.span  # a window that does not fit is drawn too
    extents = [
        [max(length + sum(ends), least) for length in size] for size, ends in zip(sizes, padded, strict=True)
    ]
    across, down = sum(width for _, width in extents), max(height for height, _ in extents)
    between = BETWEEN if min(width for _, width in extents) * LARGEST_CELL > 1 else 1.2
    room = WIDTH - 2 * ASIDE - between * last
    cell = min(LARGEST_CELL, room / across, TALLEST / down)
    left, placed = ASIDE + (room - cell * across) / 2, []
    for size, ends, (height, width) in zip(sizes, padded, extents, strict=True):
        top = ABOVE + (TALLEST - height * cell) / 2
        placed.append(Placed(size, left + ends[0] * cell, top + ends[0] * cell, cell, ends))
        left += width * cell + between
    return placed


def _draw(ax: Axes, grids: list[Placed], explorer: GeometryExplorer) -> None:
    stack, last = explorer.stack, len(grids) - 1
    nothing: Cells = ((), ())
    reads = stack.reads(*((place,) for place in explorer.chosen)) if last else (nothing,)
    unread = stack.unread() if last else (nothing,)
    for level, grid in enumerate(grids):
        chosen = last > 0 and level == last
        draw_grid(ax, grid, reads[level], PALE_GREEN if chosen else PALE_BLUE)
        draw_unread(ax, grid, unread[level])
        draw_box(ax, grid.border, INK, width=1.2)
        if all(reads[level]):
            draw_box(ax, grid.box(*reads[level]), GREEN if chosen else BLUE, width=2.4)
        _title(ax, grid, _name(level, stack))
    for level in range(last):
        if all(reads[level]) and all(reads[level + 1]):
            draw_cone(ax, grids[level].box(*reads[level]), grids[level + 1].box(*reads[level + 1]))
    if not last:
        reach = (-grids[0].zeros[0], stack.span - 1 - grids[0].zeros[0])
        draw_box(ax, grids[0].box(reach, reach), VERMILLION, width=2.4, dash="--")


def _name(level: int, stack: ConvStack) -> str:
    rows, columns = stack.sizes()[level]
    name = "input" if level == 0 else "output" if stack.depth == 1 else f"layer {level}:"
    return f"{name} {rows} × {columns}"


def _title(ax: Axes, grid: Placed, words: str) -> None:
    left, top, wide, _ = grid.border
    middle, padded = left + wide / 2, top - grid.zeros[0] * grid.cell
    middle = max(0.55, min(WIDTH - 0.55, middle))
    ax.text(middle, padded - 0.3, words, ha="center", va="center", fontsize=11, weight="bold")
    for place in sorted({0, grid.size[1] - 1} if wide > 0.25 else {0}):
        x = left + (place + 0.5) * grid.cell
        ax.text(x, padded - 0.09, str(place), ha="center", va="center", fontsize=9, color=NOTE)
    for place in sorted({0, grid.size[0] - 1}):
        x, y = left - grid.zeros[0] * grid.cell - 0.06, top + (place + 0.5) * grid.cell
        ax.text(x, y, str(place), ha="right", va="center", fontsize=9, color=NOTE)


def _legend(ax: Axes, stack: ConvStack, row: float) -> None:
    entries = _entries(stack)
    ax.legend(
        list(entries.values()),
        list(entries),
        loc="center left",
        bbox_to_anchor=(0.2 / WIDTH, 1 - row / ax.get_ylim()[0]),
        ncols=4,
        handlelength=1.4,
        borderpad=0,
        borderaxespad=0,
    )


def _entries(stack: ConvStack) -> dict[str, Patch]:
    fits = len(stack.sizes()) > 1
    found = {"the window does not fit": Patch(fill=False, edgecolor=VERMILLION, linewidth=2, linestyle="--")}
    if fits:
        found = {
            "chosen output cell": Patch(facecolor=PALE_GREEN, edgecolor=GREEN, linewidth=2),
            "what it reads": Patch(facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=2),
        }
    if stack.zeros()[1]:
        found["zeros of the padding"] = Patch(facecolor=ZEROS, edgecolor=LINE)
    if fits and any(part for level in stack.unread() for part in level):
        found["read by no window"] = Patch(facecolor="white", edgecolor=GREY, hatch="////", linewidth=0)
    return found
