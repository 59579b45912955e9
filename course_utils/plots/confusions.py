"""Confusion matrices: which class is taken for which."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.cells import ink
from course_utils.plots.inputs import finite, positive, same_count
from course_utils.plots.paper import text_width
from course_utils.plots.style import VERMILLION, panels, style

MOST_CLASSES = 15
LONGEST = 28  # characters of a name, in two lines
TEXT = 10  # points
SMALL = 9  # points
RIGHT = "#F2F2F2"  # behind the counts of right answers
RIGHT_INK = "#666666"
MISTAKES = LinearSegmentedColormap.from_list("mistakes", ["#FFFFFF", "#F9E0CD", VERMILLION])


def confusion_counts(truths: ArrayLike, predictions: ArrayLike, classes: int) -> NDArray[np.int64]:
    """Count how often each class is taken for each other.

    Args:
        truths: Class labels 0, 1, ..., shape (count,).
        predictions: What was predicted for each, shape (count,).
        classes: Number of classes.

    Returns:
        Counts of shape (classes, classes): the row is the truth, the column the prediction.

    Raises:
        ValueError: If the shapes differ, there is nothing to count, or a label is not one of the classes.
    """
    size = positive(classes, "classes")
    truth, guess = np.asarray(truths), np.asarray(predictions)
    if truth.ndim != 1 or truth.shape != guess.shape or not len(truth):
        raise ValueError(
            "truths and predictions must be (count,) and not empty, "
            f"but truths.shape={truth.shape} and predictions.shape={guess.shape}"
        )
    for name, labels in (("truths", truth), ("predictions", guess)):
        wrong = labels[~np.isin(labels, np.arange(size))]
        if len(wrong):
            raise ValueError(
                f"{name} has the label {wrong[0]} but the labels here are 0 to {size - 1}; "
                "recode it or name the right number of classes"
            )
    places = truth.astype(np.int64) * size + guess.astype(np.int64)
    return np.bincount(places, minlength=size * size).reshape(size, size).astype(np.int64)


@style()
def confusion_matrix(
    counts: ArrayLike, *, names: Sequence[str] | None = None, title: str | None = None
) -> Figure:
    """Draw which class is taken for which; only mistakes are coloured, so that they stand out.

    The tint grows with the root of a count, so that rare mistakes are still seen beside frequent ones.

    Args:
        counts: How often the class of a row was taken for that of a column, shape (classes, classes), as
            `confusion_counts` returns it; at most 15 classes.
        names: Name of each class; 0, 1, ... by default.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `counts` is not square, has a value that is no count, or has too many classes, or there
            is not one name of at most 28 characters for each.
    """
    numbers = _counts(counts)
    classes = len(numbers)
    given = names if names is not None else [str(number) for number in range(classes)]
    called = _names(given, classes)
    size = TEXT if classes <= 12 else SMALL
    wide = max(0.38, text_width(str(numbers.max()), size) + 0.14)
    width, height = _sheet(classes, wide, called)
    fig, (ax,) = panels(1, 1, width=width, height=height)
    mistakes = numbers * (1 - np.eye(classes, dtype=np.int64))
    fills = MISTAKES(np.sqrt(mistakes / max(1, mistakes.max())))[..., :3]
    fills[np.diag_indices(classes)] = [int(RIGHT[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    ax.imshow(fills, aspect="auto")
    for (row, column), number in np.ndenumerate(numbers):
        if number:
            colour = RIGHT_INK if row == column else ink(fills[row, column])
            ax.text(column, row, str(number), ha="center", va="center", fontsize=size, color=colour)
    _dress(ax, called, wide, size, title)
    return fig


def _counts(counts: ArrayLike) -> NDArray[np.int64]:
    array = finite(counts, "counts")
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise ValueError(
            f"counts must be (classes, classes), a row for each truth, but has shape {array.shape}; "
            "use confusion_counts"
        )
    if (array < 0).any() or (array != array.round()).any():
        wrong = array[(array < 0) | (array != array.round())][0]
        raise ValueError(
            f"counts has the value {wrong:g} but must hold whole numbers of at least 0; count first"
        )
    if len(array) > MOST_CLASSES:
        raise ValueError(
            f"counts has {len(array)} classes but {MOST_CLASSES} fit a page; show the part with most mistakes"
        )
    return array.astype(np.int64)


def _names(names: Sequence[str], classes: int) -> list[str]:
    called = [str(name) for name in same_count(names, classes, "names", "classes")]
    for name in called:
        if len(name) > LONGEST:
            raise ValueError(
                f"names has {name!r} of {len(name)} characters but {LONGEST} fit beside a row; shorten it"
            )
    return [fill(name, LONGEST // 2) for name in called]


def _sheet(classes: int, wide: float, names: list[str]) -> tuple[float, float]:
    """Return the width and height of the figure in inches."""
    longest = max(text_width(name, TEXT) for name in names)
    below = 0.2 if longest < wide else 0.75 * longest
    width = max(5.0, min(9.0, classes * wide + longest + 0.8))
    return width, min(6.4, classes * min(0.8, max(0.28, 4.4 / classes)) + below + 0.9)


def _dress(ax: Axes, names: list[str], wide: float, size: float, title: str | None) -> None:
    slanted = max(text_width(name, size) for name in names) > wide - 0.06
    ax.set_xticks(range(len(names)), names, fontsize=size)
    if slanted:
        ax.tick_params(axis="x", labelrotation=45)
        for label in ax.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), names, fontsize=size)
    ax.set(xlabel="prediction (empty cell: never)", ylabel="truth", title=title or "")
    ax.set_xticks(np.arange(0.5, len(names) - 1), minor=True)
    ax.set_yticks(np.arange(0.5, len(names) - 1), minor=True)
    ax.grid(False)
    ax.grid(which="minor", color="#BBBBBB", linewidth=0.6)
    ax.tick_params(which="both", length=0)
    ax.set_axisbelow(False)
    for spine in ax.spines.values():
        spine.set(visible=True, color="#BBBBBB")
