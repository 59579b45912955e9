"""The static twin of the shift explorer: the digit, its feature maps and the pooled maps as a figure."""

from textwrap import fill

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from course_utils.plots import style
from course_utils.plots.style import DPI, VERMILLION, WIDTH
from course_utils.widgets.shift import ShiftExplorer
from course_utils.widgets.shifting import FILTERS, SIDE, START, Maps

DARK = "#333333"


@style()
def shift_figure(explorer: ShiftExplorer) -> Figure:
    r"""Draw what a shift explorer now shows: the digit, its feature maps, and pooled maps now and at first.

    .. math:: h_k = \max(0, x \star W_k), \qquad p_k = \text{pool}(h_k)

    Args:
        explorer: The explorer; it is not changed.

    Returns:
        The figure.
    """
    first = ShiftExplorer(digit=explorer.digit, pooling=explorer.pooling, pool_size=explorer.pool_size)
    fig = Figure(figsize=(WIDTH, 6.1), dpi=DPI, layout="constrained")
    grid = fig.add_gridspec(3, 4, width_ratios=(1.35, 1, 1, 1))
    _draw_input(fig.add_subplot(grid[:, 0]), explorer)
    columns = (explorer.feature_maps(), explorer.pooled_maps(), first.pooled_maps())
    largest = float(first.feature_maps().max())
    for k, name in enumerate(FILTERS):
        axes = [fig.add_subplot(grid[k, 1 + place]) for place in range(3)]
        for ax, maps in zip(axes, columns, strict=True):
            image = ax.imshow(maps[k], cmap="viridis", vmin=0, vmax=largest)
        _finish(axes, name, explorer, first, k)
    fig.colorbar(image, ax=fig.axes[1:], label="feature map", shrink=0.7, extend="neither")
    _titles(fig.axes[1:4], explorer)
    _legend(fig, explorer)
    return fig


def _draw_input(ax: Axes, explorer: ShiftExplorer) -> None:
    ax.imshow(explorer.field(), cmap="gray", vmin=0, vmax=255)
    ax.set_title("input", weight="bold", fontsize=11)
    _bare(ax)
    _places(ax, explorer.shift, START, SIDE)


def _finish(axes: list[Axes], name: str, explorer: ShiftExplorer, first: ShiftExplorer, k: int) -> None:
    for ax in axes:
        _bare(ax)
    axes[0].set_ylabel(name)
    _places(axes[0], explorer.shift, START - 1, SIDE + 2)
    if explorer.pooling == "none":
        return
    _differing(axes[1], explorer.pooled_maps()[k], first.pooled_maps()[k])
    for ax, source in zip(axes[1:], (explorer, first), strict=True):
        ax.set_xlabel(f"global {explorer.pooling} {source.global_pool()[k]:.0f}", fontsize=10, labelpad=2)


def _titles(axes: list[Axes], explorer: ShiftExplorer) -> None:
    size = explorer.pool_size
    pooled = "not pooled" if explorer.pooling == "none" else f"{explorer.pooling} {size} × {size}"
    for ax, words in zip(axes, ("feature map\nnow", f"{pooled}\nnow", f"{pooled}\nat first"), strict=True):
        ax.set_title(words, fontsize=11)


def _legend(fig: Figure, explorer: ShiftExplorer) -> None:
    entries: list[tuple[str, Artist]] = [
        ("solid frame: digit now", Line2D([], [], color=DARK, linewidth=1.3)),
        ("dashed frame: digit at first", Line2D([], [], color=DARK, linewidth=1.3, linestyle="--")),
    ]
    if explorer.pooling != "none":
        entries.append(("not as at first", Patch(fill=False, edgecolor=VERMILLION, linewidth=2)))
    handles, labels = [artist for _, artist in entries], [label for label, _ in entries]
    words = "\n".join(fill(line, 104) for line in explorer.words().split("\n"))
    fig.legend(handles, labels, loc="outside lower left", ncols=3, title=words, alignment="left")


def _places(ax: Axes, shift: tuple[int, int], start: int, side: int) -> None:
    for (down, right), dash in (((0, 0), "--"), (shift, "-")):
        corner = (start + right - 0.5, start + down - 0.5)
        ax.add_patch(
            Rectangle(corner, side, side, fill=False, edgecolor="white", linewidth=1.3, linestyle=dash)
        )


def _differing(ax: Axes, now: Maps, first: Maps) -> None:
    for row, column in np.argwhere(now != first):
        corner = (column - 0.4, row - 0.4)
        ax.add_patch(Rectangle(corner, 0.8, 0.8, fill=False, edgecolor=VERMILLION, linewidth=1.6))


def _bare(ax: Axes) -> None:
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[["top", "right"]].set_visible(True)
