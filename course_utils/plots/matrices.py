"""The matrix that a layer is: its entries as colours and numbers, and tied weights alike."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from course_utils.plots.cells import ink, write
from course_utils.plots.images import MAPS, common_scale
from course_utils.plots.inputs import Array, positive
from course_utils.plots.matrix_layout import ASIDE, BAR, NAME, SPACE, Panel, Sheet, lay_out
from course_utils.plots.paper import page, written
from course_utils.plots.style import BLACK, style
from course_utils.plots.ties import counted, matrices_of, tied, weight_fills

KINDS = ("weights", "shared")
NOTES = {"weights": "blank: 0", "shared": "one colour and number: one weight; blank: no connection"}


@style()
def matrix_plot(
    matrices: ArrayLike | Mapping[str, ArrayLike],
    *,
    kind: str = "weights",
    numbers: bool | None = None,
    blocks: tuple[int, int] | None = None,
    x_label: str = "input",
    y_label: str = "output",
    columns: int | None = None,
    title: str | None = None,
) -> Figure:
    """Draw the matrix of a linear layer, or several of them side by side.

    Args:
        matrices: Weights, shape (outputs, inputs), or name to such matrices.
        kind: "weights" for signed values on a scale centred on zero; "shared" to colour and number entries
            that are equal alike, as one weight, and to count weights and connections.
        numbers: True or False to force or leave out the numbers in the cells; by default where they fit.
        blocks: Rows and columns of one block of a block matrix, between which lines are drawn.
        x_label: What a column is.
        y_label: What a row is.
        columns: Number of matrices in a row.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `kind` is unknown, a matrix does not have two axes, is not finite or is too large, the
            numbers are asked for and do not fit, or `blocks` do not divide a matrix.
    """
    several = matrices_of(matrices, "matrices")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r} but must be one of {', '.join(KINDS)}")
    if blocks is not None:
        _check_blocks(blocks, several)
    shown = _shared(several) if kind == "shared" else _signed(several)
    sheet = lay_out(
        shown, positive(4 if columns is None else columns, "columns"), numbers, barred=kind == "weights"
    )
    fig, ax, left, top = page(sheet.width, sheet.height, title)
    for number, panel in enumerate(shown):
        x = left + ASIDE + number % sheet.across * (sheet.slot[0] + ASIDE + SPACE)
        y = top + 0.1 + number // sheet.across * (sheet.slot[1] + SPACE)
        _draw(ax, panel, (x, y), sheet, blocks=blocks, labels=(x_label, y_label))
    if sheet.size or kind == "shared":
        note = NOTES[kind] if sheet.size else "one colour: one weight; white: no connection"
        write(ax, note, left + sheet.width / 2, top + sheet.height - 0.15, size=10)
    else:
        _bar(fig, several, left + sheet.width - BAR + 0.1, top, sheet.height)
    return fig


def _check_blocks(blocks: tuple[int, int], matrices: Mapping[str, Array]) -> None:
    rows, columns = (positive(number, "blocks") for number in blocks)
    for matrix in matrices.values():
        if matrix.shape[0] % rows or matrix.shape[1] % columns:
            raise ValueError(f"blocks of {rows} x {columns} do not divide a matrix of shape {matrix.shape}")


def _shared(matrices: Mapping[str, Array]) -> list[Panel]:
    panels = []
    for name, matrix in matrices.items():
        numbers = tied(matrix)
        texts = np.where(numbers > 0, numbers.astype(str), "")
        panels.append(Panel(name, counted([matrix]), texts, weight_fills(numbers)))
    return panels


def _signed(matrices: Mapping[str, Array]) -> list[Panel]:
    tint, ends = mpl.colormaps[MAPS["weights"]], common_scale(list(matrices.values()), "weights")
    return [
        Panel(
            name,
            "",
            np.array([[written(value) if value else "" for value in row] for row in matrix]),
            np.where(matrix[..., None] == 0, 1.0, tint(Normalize(*ends)(matrix))[..., :3]),
        )
        for name, matrix in matrices.items()
    ]


def _draw(
    ax: Axes,
    panel: Panel,
    corner: tuple[float, float],
    sheet: Sheet,
    *,
    blocks: tuple[int, int] | None,
    labels: tuple[str, str],
) -> None:
    rows, columns = panel.texts.shape
    wide, tall = columns * sheet.side, rows * sheet.side
    left, top = corner[0] + (sheet.slot[0] - wide) / 2, corner[1] + (NAME if panel.name else 0.0)
    write(ax, panel.name, left + wide / 2, top - 0.13, size=11)
    limits = ax.get_xlim(), ax.get_ylim()  # imshow sets its own
    ax.imshow(panel.fills, extent=(left, left + wide, top + tall, top), aspect="auto", zorder=1)
    ax.set(xlim=limits[0], ylim=limits[1])
    _lines(ax, (left, top), sheet.side, (rows, columns), blocks)
    for (row, column), text in np.ndenumerate(panel.texts) if sheet.size else ():
        x, y = left + (column + 0.5) * sheet.side, top + (row + 0.5) * sheet.side
        write(ax, str(text), x, y, size=sheet.size or 0, colour=ink(panel.fills[row, column]))
    write(ax, f"{labels[0]} ({columns})", left + wide / 2, top + tall + 0.14, size=10)
    ax.text(
        left - 0.14, top + tall / 2, f"{labels[1]} ({rows})", rotation=90, va="center", ha="center", size=10
    )
    write(ax, panel.note, left + wide / 2, top + tall + NAME + 0.17, size=10)


def _lines(
    ax: Axes,
    corner: tuple[float, float],
    side: float,
    shape: tuple[int, int],
    blocks: tuple[int, int] | None,
) -> None:
    """Draw the frame, thin lines between cells that are large enough, and thicker ones between blocks."""
    left, top = corner
    tall, wide = shape[0] * side, shape[1] * side
    ax.add_patch(Rectangle(corner, wide, tall, fill=False, edgecolor=BLACK, linewidth=1.2, zorder=3))
    for every, colour, width in (((1, 1), "#BBBBBB", 0.6), (blocks, BLACK, 1.0)):
        if every is None or min(every) * side < 0.08:
            continue
        for row in range(every[0], shape[0], every[0]):
            ax.plot((left, left + wide), (top + row * side,) * 2, color=colour, linewidth=width, zorder=2)
        for column in range(every[1], shape[1], every[1]):
            ax.plot((left + column * side,) * 2, (top, top + tall), color=colour, linewidth=width, zorder=2)


def _bar(fig: Figure, matrices: Mapping[str, Array], left: float, top: float, height: float) -> None:
    wide, tall = fig.get_size_inches()
    high = min(height - 0.6, 3.0)
    below = tall - top - height / 2 - high / 2
    scale = ScalarMappable(Normalize(*common_scale(list(matrices.values()), "weights")), MAPS["weights"])
    fig.colorbar(
        scale, cax=fig.add_axes((left / wide, below / tall, 0.16 / wide, high / tall)), label="weight"
    )
