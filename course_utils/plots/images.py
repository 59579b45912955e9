"""Grids of images: photographs in grey, weights on a scale centred on zero, magnitudes in viridis."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.inputs import Interval, finite, positive, same_count
from course_utils.plots.style import WIDTH, panels, style

MAPS = {"grey": "gray", "weights": "RdBu_r", "magnitude": "viridis"}


@style()
def image_grid(
    images: ArrayLike | Sequence[ArrayLike],
    *,
    titles: Sequence[str] | None = None,
    kind: str = "grey",
    columns: int | None = None,
    colour_bar: bool | None = None,
    bar_label: str | None = None,
    title: str | None = None,
) -> Figure:
    """Draw images side by side, all on one scale.

    Args:
        images: Shape (count, height, width), or a list of images of any sizes (height, width); grey ones may
            also be in colour, (height, width, 3). Pixels of type uint8 run from 0 to 255.
        titles: A title for each image.
        kind: "grey" for photographs, "weights" for signed values on a scale centred on zero, "magnitude" for
            values from zero up.
        columns: Number of images in a row; at most 8 by default, and rows of one length if possible.
        colour_bar: True or False to force or leave out the scale; by default not for "grey".
        bar_label: What the scale shows, with its unit.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `kind` is unknown, there are no images, one has another number of axes or NaN, or there
            is not one title for each.
    """
    if kind not in MAPS:
        raise ValueError(f"kind is {kind!r} but must be one of {', '.join(MAPS)}")
    several = _images(images, kind)
    across = _columns(len(several)) if columns is None else min(positive(columns, "columns"), len(several))
    barred = kind != "grey" if colour_bar is None else colour_bar
    fig, axes = _sheet(several, across, titled=titles is not None, headed=title is not None, barred=barred)
    low, high = common_scale(several, kind)
    for ax, image in zip(axes, several, strict=False):
        drawn = ax.imshow(image, cmap=MAPS[kind], vmin=low, vmax=high)
    for ax, name in zip(
        axes, same_count(titles or [""] * len(several), len(several), "titles", "images"), strict=False
    ):
        ax.set_title(name, fontsize=11 if len(several) <= 8 else 10)
    if barred:
        fig.colorbar(drawn, ax=axes, label=bar_label or {"weights": "weight"}.get(kind, "value"), shrink=0.9)
    if title:
        fig.suptitle(title)
    return fig


def _images(images: ArrayLike | Sequence[ArrayLike], kind: str) -> list[NDArray[Any]]:
    several = [np.asarray(image) for image in images]  # type: ignore[union-attr]
    if not several:
        raise ValueError("images is empty but a grid needs at least one image")
    for place, image in enumerate(several):
        colour = kind == "grey" and image.ndim == 3 and image.shape[2] == 3
        if image.ndim != 2 and not colour:
            accepted = "(height, width) or (height, width, 3)" if kind == "grey" else "(height, width)"
            raise ValueError(
                f"image {place} has shape {image.shape} but must be {accepted}; reshape it first"
            )
        finite(image, f"image {place}")
    return several


def _columns(count: int) -> int:
    rows = math.ceil(count / 8)
    return math.ceil(count / rows)


def _sheet(
    images: list[NDArray[Any]], across: int, *, titled: bool, headed: bool, barred: bool
) -> tuple[Figure, list[Axes]]:
    rows = math.ceil(len(images) / across)
    tall = max(image.shape[0] / image.shape[1] for image in images)
    width = max(3.2, min(WIDTH, 2.6 * across + (1.1 if barred else 0.1)))
    cell = (width - (1.1 if barred else 0.1)) / across - 0.08
    height = min(rows * (cell * tall + (0.32 if titled else 0.08)) + (0.4 if headed else 0.1), 9.0)
    fig, axes = panels(rows, across, height=height, width=width)
    fig.set_layout_engine("constrained", w_pad=0.04, h_pad=0.05)
    for ax in axes:
        ax.set_axis_off()
    return fig, axes


def common_scale(images: Sequence[NDArray[Any]], kind: str) -> Interval:
    """Return the values at the two ends of the scale that all images share.

    Args:
        images: Arrays of any shape.
        kind: "grey", "weights" or "magnitude", as in `image_grid`.

    Returns:
        The lowest and the highest value that the scale shows.
    """
    low = min(float(image.min()) for image in images)
    high = max(float(image.max()) for image in images)
    if kind == "weights":
        largest = max(abs(low), abs(high)) or 1.0
        return -largest, largest
    if kind == "magnitude":
        return min(0.0, low), high if high > min(0.0, low) else 1.0
    if all(image.dtype == np.uint8 for image in images):
        return 0.0, 255.0
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)
