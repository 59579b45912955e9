"""Two rows of filters, one above the other: learned and fitted, random and trained."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from course_utils.plots.cells import write
from course_utils.plots.images import MAPS, common_scale
from course_utils.plots.inputs import Array, Interval, finite, same_count
from course_utils.plots.paper import WIDEST, page, text_width
from course_utils.plots.style import style

MOST = 16  # filters in a row
LARGEST = 1.2  # inches, the side of a filter
GAP = 0.08  # inches between filters
BAR = 1.05  # inches for the scale at the right
HEADING = 0.3  # inches for a name above a row
TITLE = 0.24  # inches for the titles of pairs
TITLE_SIZE = 10  # points


@style()
def filter_pairs(
    first: ArrayLike,
    second: ArrayLike,
    *,
    names: Sequence[str],
    titles: Sequence[str] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw two rows of filters, each filter above the one it belongs to, each row on a scale of its own.

    Args:
        first: Filters of the upper row, shape (count, kernel_height, kernel_width), or with one input
            channel (count, 1, kernel_height, kernel_width); at most 16.
        second: Those of the lower row, as many, of this size or another.
        names: What the two rows are.
        titles: A short title above each pair.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If the rows do not have one number of filters, there are none or more than 16, an array
            does not have three axes or has NaN, there are not two names or not one title for each pair, or a
            name or a title is too wide.
    """
    rows = [_filters(first, "first"), _filters(second, "second")]
    count = len(rows[0])
    if count != len(rows[1]):
        raise ValueError(f"first has {count} filters but second has {len(rows[1])}; give one for each")
    called = same_count(names, 2, "names", "rows")
    heads = same_count(titles or [""] * count, count, "titles", "pairs")
    side = min(LARGEST, (WIDEST - BAR) / count - GAP)
    _check_widths(called, WIDEST)
    _check_widths(heads, side + GAP)
    width = max(count * (side + GAP) + BAR, *(text_width(name, 11) for name in called))
    above = TITLE if titles else 0.0
    fig, ax, left, top = page(width, above + 2 * (HEADING + side + 0.12), title)
    for number, (filters, name) in enumerate(zip(rows, called, strict=True)):
        down = top + number * (HEADING + side + 0.12 + above) + HEADING
        write(ax, name, left, down - HEADING / 2, size=11, at="left")
        down += above if number == 0 else 0.0
        _row(fig, ax, filters, (left, down), side)
    for number, head in enumerate(heads):
        x = left + number * (side + GAP) + side / 2
        write(ax, head, x, top + HEADING + TITLE / 2, size=TITLE_SIZE)
    return fig


def _filters(filters: ArrayLike, name: str) -> Array:
    array = finite(filters, name)
    if array.ndim == 4 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 3:
        raise ValueError(
            f"{name} must be (count, kernel_height, kernel_width), but has shape {array.shape}; "
            "choose one input channel"
        )
    if len(array) > MOST:
        raise ValueError(f"{name} has {len(array)} filters but {MOST} fit a row; choose some of them")
    return array


def _check_widths(texts: Sequence[str], room: float) -> None:
    for text in texts:
        if text_width(text, TITLE_SIZE) > room:
            raise ValueError(f"the words {text!r} are wider than their place; shorten them")


def _row(fig: Figure, ax: Axes, filters: Array, corner: tuple[float, float], side: float) -> None:
    """Draw filters side by side on one scale, which stands at their right."""
    ends = common_scale(list(filters), "weights")
    tall, wide = (side * size / max(filters.shape[1:]) for size in filters.shape[1:])
    for number, kernel in enumerate(filters):
        x = corner[0] + number * (side + GAP) + (side - wide) / 2
        y = corner[1] + (side - tall) / 2
        limits = ax.get_xlim(), ax.get_ylim()  # imshow sets its own
        ax.imshow(
            kernel,
            extent=(x, x + wide, y + tall, y),
            cmap=MAPS["weights"],
            vmin=ends[0],
            vmax=ends[1],
            aspect="auto",
        )
        ax.set(xlim=limits[0], ylim=limits[1])
        ax.add_patch(Rectangle((x, y), wide, tall, fill=False, edgecolor="#777777", linewidth=0.8, zorder=2))
    _bar(fig, ends, (corner[0] + len(filters) * (side + GAP) + 0.08, corner[1]), side)


def _bar(fig: Figure, ends: Interval, corner: tuple[float, float], side: float) -> None:
    wide, tall = fig.get_size_inches()
    place = (corner[0] / wide, 1 - (corner[1] + side) / tall, 0.12 / wide, side / tall)
    scale = ScalarMappable(Normalize(*ends), MAPS["weights"])
    bar = fig.colorbar(scale, cax=fig.add_axes(place), ticks=[ends[0], 0, ends[1]])
    bar.ax.set_yticklabels([f"{end:.2g}".replace("-", "−") for end in (ends[0], 0.0, ends[1])])
    if side > 0.7:
        bar.set_label("weight")
