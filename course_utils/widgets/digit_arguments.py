"""What the draw-a-digit explorer accepts: strokes, an image and names of classes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from traitlets import TraitError

from course_utils.widgets.digit_network import FIELD, Numbers

NUMBERS = (int, float, np.number)
Points = tuple[tuple[tuple[float, float], ...], ...]


def points_of(value: Any, *, name: str) -> Points:
    """Return strokes as tuples of points.

    Args:
        value: Of each stroke the points, and of each point how far down and how far right it lies.
        name: What they are called in the message.

    Returns:
        The same, rounded to a hundredth of a pixel.

    Raises:
        TraitError: If it is something else, a stroke is empty, or a point lies outside of the field.
    """
    wanted = f"{name} must be a list of strokes, each a list of points (down, right)"
    try:
        strokes = tuple(tuple((down, right) for down, right in stroke) for stroke in value)
    except (TypeError, ValueError):
        raise TraitError(f"{wanted}; give such as [[(4, 14), (24, 14)]] for a 1") from None
    parts = [part for stroke in strokes for point in stroke for part in point]
    outside = [part for part in parts if not (isinstance(part, NUMBERS) and 0 <= part <= FIELD)]
    if outside:
        raise TraitError(f"{wanted}, but {outside[0]!r} is not from 0 to {FIELD}; stay on the field")
    if not all(strokes):
        raise TraitError(f"{wanted}, but one has no point; leave it out")
    return tuple(tuple((round(float(a), 2), round(float(b), 2)) for a, b in stroke) for stroke in strokes)


def image_bytes(value: Any, *, name: str) -> bytes:
    """Return the bytes of an image, or none; the browser sends a view of them.

    Args:
        value: Nothing, or 28 * 28 numbers of 4 bytes.
        name: What they are called in the message.

    Returns:
        The bytes.

    Raises:
        TraitError: If there are not that many.
    """
    found = bytes(value)
    if len(found) not in (0, 4 * FIELD * FIELD):
        raise TraitError(f"{name} has {len(found)} bytes but must have none or {4 * FIELD * FIELD}; give all")
    return found


def read_image(image: ArrayLike) -> Numbers:
    """Return an image as the network sees it.

    Args:
        image: Shape (28, 28) or (1, 28, 28); uint8 from 0 to 255, anything else from 0 to 1.

    Returns:
        From 0 to 1, shape (28, 28).

    Raises:
        TypeError: If it does not hold real numbers.
        ValueError: If it has another shape or is out of range.
    """
    found = np.asarray(image)
    if found.dtype.kind not in "fiub":
        raise TypeError(f"image holds {found.dtype} but must hold real numbers; give brightness from 0 to 1")
    found = found[0] if found.shape == (1, FIELD, FIELD) else found
    if found.shape != (FIELD, FIELD):
        raise ValueError(
            f"image has shape {found.shape} but the network sees {(FIELD, FIELD)}; "
            "enlarge smaller images with course_utils.data.enlarge"
        )
    x = found / 255 if found.dtype == np.uint8 else found.astype(np.float64)
    if not (x.min() >= 0 and x.max() <= 1):  # NaN too
        raise ValueError(
            f"image runs from {x.min():g} to {x.max():g} but brightness runs from 0 to 1; "
            "give uint8 images as they are and divide others by their largest possible brightness"
        )
    return np.asarray(x, dtype=np.float64)


def read_classes(classes: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """Return what the network's classes are called.

    Args:
        classes: A name for each, or None to count them from 0.
        count: How many there are.

    Returns:
        The names.

    Raises:
        ValueError: If there is not one name for each.
    """
    names = tuple(map(str, range(count) if classes is None else classes))
    if len(names) != count:
        raise ValueError(
            f"classes has {len(names)} names but the network has {count} outputs; give one name for each"
        )
    return names
