"""What a pen leaves on the field, and how the makers of a data set would have stored it."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from course_utils.widgets.digit_network import FIELD, Numbers

# Of each stroke the points, and of each point how far down and how far right it lies.
Strokes: TypeAlias = Sequence[Sequence[Sequence[float]]] | list[Numbers]

PEN = 1.3  # radius; MNIST's strokes are 2.6 pixels thick (median of ink over length of the skeleton)
TIE = 1e-6  # what is so near to a half counts as one, so that ties fall alike in the browser
FINE = 4  # ink is computed on so many points along a pixel
BOX = 20  # MNIST's makers scaled a digit's longer side to so many pixels
TALL, BROAD = 32, 20  # scikit-learn's digits fill so many pixels of the 32 x 32 that they were counted on
BLOCK = 4  # side of a square in which ink was counted
INK = 0.29  # share of the 32 x 32 pixels that was ink, about the same for each of scikit-learn's digits
PENS = tuple(step / 2 for step in range(3, 15))  # radii from which that share is reached
MOST_STRETCH = 2.0  # of one axis against the other, so that a straight 1 stays one
PREPARED = ("mnist", "digits")


def ink_of(strokes: Strokes, side: int, *, fine: int, radius: float) -> Numbers:
    r"""Compute how much ink a round pen leaves, :math:`\min(1, \max(0, f (r - d) + 1/2))` at distance d.

    Args:
        strokes: Points in pixels from the upper left corner.
        side: Pixels along the field.
        fine: f, how many points are computed along a pixel.
        radius: r, of the pen, in pixels.

    Returns:
        From 0 to 1, shape (side * fine, side * fine).
    """
    places = (np.arange(side * fine) + 0.5) / fine
    ink = np.zeros((side * fine, side * fine))
    for stroke in strokes:
        for start, end in zip([stroke[0], *stroke], stroke, strict=False):
            distance = _distances(places, np.asarray(start, dtype=float), np.asarray(end, dtype=float))
            ink = np.maximum(ink, np.minimum(1.0, (radius - distance) * fine + 0.5))
    return ink


def _distances(places: Numbers, start: Numbers, end: Numbers) -> Numbers:
    """Return the distance of each point of a square grid from a straight line's nearest point."""
    (down, right), square = end - start, float(((end - start) ** 2).sum())
    y, x = places[:, np.newaxis] - start[0], places[np.newaxis, :] - start[1]
    along = np.clip((y * down + x * right) / square, 0.0, 1.0) if square else np.zeros((1, 1))
    return np.asarray(np.hypot(y - along * down, x - along * right))


def as_mnist(strokes: Strokes) -> Numbers:
    """Bring a drawing into MNIST's format: its longer side 20 pixels, its centre of mass in the middle.

    Args:
        strokes: Points on the field of 28 x 28 pixels; at least one.

    Returns:
        The image, from 0 to 1, shape (28, 28).

    Source:
        LeCun, Bottou, Bengio and Haffner (1998), section III.A. In their images the centre of mass lies at
        the pixel (14, 14), counted from 0.
    """
    ink = ink_of(strokes, FIELD, fine=FINE, radius=PEN)
    rows, columns = (np.flatnonzero((ink >= 0.5 - TIE).any(axis=axis)) for axis in (1, 0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, int(BOX * side / max(ink.shape) + 0.5)) for side in ink.shape)
    small = averaging(ink.shape[0], height) @ ink @ averaging(ink.shape[1], width).T
    weights = small.sum(axis=1), small.sum(axis=0)
    centre = (float(along @ np.arange(len(along)) / small.sum()) for along in weights)
    top, left = (
        min(max(int(np.floor(FIELD / 2 - middle + 0.5 + TIE)), 0), FIELD - side)
        for middle, side in zip(centre, small.shape, strict=True)
    )
    image = np.zeros((FIELD, FIELD))
    image[top : top + height, left : left + width] = np.minimum(small, 1.0)  # sums of shares round up
    return image


def as_digits(strokes: Strokes) -> Numbers:
    """Bring a drawing into the format of scikit-learn's digits, and enlarge that to 28 x 28 pixels.

    The drawing's box becomes 32 pixels high and up to 20 wide, and its strokes so thick that 29 % of the
    32 x 32 pixels are ink. Ink is counted in squares of 4 x 4, and the 8 x 8 counts are enlarged as
    `course_utils.data.enlarge` does.

    Args:
        strokes: Points on the field of 28 x 28 pixels; at least one.

    Returns:
        The image, from 0 to 1, shape (28, 28).

    Source:
        Alpaydin and Kaynak (1998) counted ink in bitmaps that were made with the programs of Garris and
        others (1994), NISTIR 5469. Size and share of ink are measured on the 1797 images of scikit-learn.
    """
    for radius in PENS:
        fitted = _fitted(strokes, (TALL - 2 * radius, BROAD - 2 * radius))
        bitmap = ink_of(fitted, TALL, fine=1, radius=radius) >= 0.5 - TIE
        if bitmap.mean() >= INK:
            break
    counts = bitmap.reshape(TALL // BLOCK, BLOCK, TALL // BLOCK, BLOCK).mean(axis=(1, 3))
    finer = mixing(len(counts), FIELD)
    return np.asarray(np.minimum(finer @ counts @ finer.T, 1.0))


def _fitted(strokes: Strokes, room: tuple[float, float]) -> list[Numbers]:
    """Scale points to fill a room in the middle of 32 x 32 pixels, neither axis much more than the other."""
    points = np.concatenate([np.asarray(stroke, dtype=float) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scales = np.asarray(room) / np.maximum(high - low, 1e-6)
    scales = np.minimum(scales, MOST_STRETCH * scales.min())
    return [TALL / 2 + (np.asarray(stroke) - (low + high) / 2) * scales for stroke in strokes]


def on_image(image: Numbers, strokes: Strokes) -> Numbers:
    """Draw on an image that is prepared already: nothing is moved.

    Args:
        image: From 0 to 1, shape (28, 28).
        strokes: Points on it.

    Returns:
        The brighter of image and ink, shape (28, 28).
    """
    ink = ink_of(strokes, FIELD, fine=FINE, radius=PEN)
    shares = averaging(FIELD * FINE, FIELD)
    return np.clip(shares @ ink @ shares.T, image, 1.0)


def averaging(old: int, new: int) -> NDArray[np.float64]:
    """Return the shares, shape (new, old), in which old pixels make up new ones, by area."""
    edges = np.arange(new + 1)[:, np.newaxis] * old / new
    first, last = np.maximum(edges[:-1], np.arange(old)), np.minimum(edges[1:], np.arange(1, old + 1))
    return np.asarray(np.maximum(last - first, 0.0) * new / old)


def mixing(old: int, new: int) -> NDArray[np.float64]:
    """Return the shares, shape (new, old), in which the old pixels around new ones make them up."""
    place = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    return np.asarray(np.maximum(0.0, 1.0 - np.abs(place[:, np.newaxis] - np.arange(old))))
