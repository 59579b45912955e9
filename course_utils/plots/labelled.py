"""Images with what they are and what they were taken for."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.images import image_grid
from course_utils.plots.inputs import Array, positive, vector
from course_utils.plots.paper import TALLEST, text_width
from course_utils.plots.style import VERMILLION, WIDTH, style

MOST_IMAGES = 40
MOST_ROWS = 8
SIZE = 10  # points


@style()
def labelled_images(
    images: ArrayLike,
    truths: ArrayLike | Sequence[Any],
    predictions: ArrayLike | Sequence[Any],
    *,
    probabilities: ArrayLike | None = None,
    columns: int = 8,
    title: str | None = None,
) -> Figure:
    """Draw images with "truth → prediction, probability" under each; mistakes have a frame.

    Args:
        images: Shape (count, height, width), (count, 1, height, width) or (count, height, width, 3); at most
            40. Pixels of type uint8 run from 0 to 255.
        truths: Label or name of each, shape (count,).
        predictions: What was predicted for each, shape (count,).
        probabilities: How probable the network holds its prediction, from 0 to 1, shape (count,).
        columns: Number of images in a row, at most; fewer when the words need more room.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are no images or more than 40, shapes do not fit, a probability is not between 0
            and 1, a name is wider than an image, or there are more than eight rows.
    """
    several = _images(images)
    truth, guess = _labels(truths, "truths", len(several)), _labels(predictions, "predictions", len(several))
    shares = None if probabilities is None else _shares(probabilities, len(several))
    across, words = _captions(truth, guess, shares, positive(columns, "columns"))
    if len(several) > MOST_ROWS * across:
        raise ValueError(
            f"{len(several)} images in rows of {across} do not fit a page of {MOST_ROWS} rows; "
            "show fewer or name more columns"
        )
    fig = image_grid(several, titles=words, columns=across, title=title)
    fig.set_figheight(min(fig.get_figheight(), TALLEST))
    for ax, caption, right in zip(fig.axes, words, truth == guess, strict=False):
        ax.set_title(caption, y=0, pad=-5, va="top", fontsize=SIZE)
        if not right:
            frame = Rectangle((0, 0), 1, 1, transform=ax.transAxes, fill=False, edgecolor=VERMILLION)
            frame.set(linewidth=2.5, clip_on=False)
            ax.add_patch(frame)
    return fig


def _images(images: ArrayLike) -> NDArray[Any]:
    several = np.asarray(images)
    if several.ndim == 4 and several.shape[1] == 1:
        several = several[:, 0]
    if several.ndim not in (3, 4) or not len(several):
        raise ValueError(
            "images must be (count, height, width), with at least one image, "
            f"but has shape {several.shape}; add or drop an axis"
        )
    if len(several) > MOST_IMAGES:
        raise ValueError(
            f"images has {len(several)} images but {MOST_IMAGES} fit a page; show the first ones"
        )
    return several


def _labels(labels: ArrayLike | Sequence[Any], name: str, count: int) -> NDArray[Any]:
    array = np.asarray(labels)
    if array.shape != (count,):
        raise ValueError(
            f"{name} has shape {array.shape} but there are {count} images; give one label for each"
        )
    return array.astype(
        np.int64 if array.dtype.kind == "f" and (array == array.round()).all() else array.dtype
    ).astype(str)


def _shares(probabilities: ArrayLike, count: int) -> Array:
    shares = vector(probabilities, "probabilities")
    if len(shares) != count:
        raise ValueError(
            f"probabilities has {len(shares)} entries but there are {count} images; "
            "give that of the prediction for each"
        )
    if (shares < 0).any() or (shares > 1 + 1e-6).any():  # float32 probabilities may round above 1
        wrong = shares[(shares < 0) | (shares > 1 + 1e-6)][0]
        raise ValueError(f"probabilities has the value {wrong:g} but must lie between 0 and 1; apply softmax")
    return shares


def _captions(
    truths: NDArray[Any], predictions: NDArray[Any], shares: Array | None, columns: int
) -> tuple[int, list[str]]:
    """Return how many images stand in a row, and the words under each, in one line or in two."""
    behind = [""] * len(truths) if shares is None else [f", {100 * share:.0f} %" for share in shares]
    parts = [
        (f"{truth} →", f"{guess}{share}")
        for truth, guess, share in zip(truths, predictions, behind, strict=True)
    ]
    most = min(columns, len(parts))
    for across in range(most, 0, -1):
        for between in (" ", "\n"):
            words = [between.join(part) for part in parts]
            if max(text_width(word, SIZE) for word in words) <= min(2.6, WIDTH / across) - 0.05:
                return across, words
    longest = max((label for part in parts for label in part), key=len)
    raise ValueError(f"the words {longest!r} are wider than an image; give shorter names")
