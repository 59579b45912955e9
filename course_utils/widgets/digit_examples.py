"""Ten digits as a pen would draw them: points that its strokes pass through, and curves between them."""

from functools import cache
from typing import TypeAlias

import numpy as np

Stroke: TypeAlias = tuple[tuple[float, float], ...]  # how far down and how far right, in pixels of the field

BETWEEN = 5  # points between two that are given
THROUGH: tuple[tuple[Stroke, ...], ...] = (
    (((4, 15), (6, 9.5), (13, 7), (20, 9), (24, 14), (21, 19), (14, 21), (7, 19), (4, 15)),),
    (((4, 14.5), (11, 14), (17, 13.5), (24, 13)),),
    (((8, 8), (4.5, 12), (5.5, 18), (11, 18), (17, 12), (23, 7.5)), ((23, 7.5), (23, 13), (23, 21))),
    (
        ((6, 8.5), (4, 14), (7.5, 18.5), (11.5, 16), (13, 12)),
        ((13, 12), (14, 17.5), (18.5, 19.5), (23, 16), (23.5, 11), (21.5, 7.5)),
    ),
    (((4, 10), (9, 8.5), (14, 7.5)), ((14, 7.5), (14.5, 14), (14, 21)), ((4.5, 18), (14, 16.5), (24, 15.5))),
    (
        ((4, 19), (4, 14), (4.5, 10)),
        ((4.5, 10), (8, 9.5), (12, 9)),
        ((12, 9), (11.5, 15), (16, 19), (21.5, 17), (24, 12), (22, 7.5)),
    ),
    (((4, 17), (8, 11.5), (14, 8), (20, 8.5), (24, 13), (21, 18.5), (16.5, 17.5), (15.5, 12.5), (19, 9)),),
    (((5, 7.5), (4.5, 13), (5, 20)), ((5, 20), (11, 17), (17, 14), (24, 12)), ((14, 9.5), (13.5, 19.5))),
    (
        (
            (7, 18), (4, 14), (6.5, 9.5), (11, 12), (16, 17), (21, 18), (24, 14), (21, 9.5), (16, 11),
            (11, 16.5), (7, 18),
        ),
    ),
    (((8, 18), (4.5, 14), (7, 9), (12, 9.5), (13.5, 14), (8, 18)), ((8, 18), (16, 17.5), (24, 15.5))),
)  # fmt: skip


@cache
def example_strokes(digit: int) -> tuple[Stroke, ...]:
    """Return the strokes of one digit, large and plain.

    Args:
        digit: From 0 to 9.

    Returns:
        Of each stroke the points.
    """
    return tuple(_smooth(stroke) for stroke in THROUGH[digit])


def _smooth(stroke: Stroke) -> Stroke:
    """Put points between those given, on the cubic curves through them (Catmull and Rom, 1974)."""
    points = np.array([stroke[0], *stroke, stroke[-1]], dtype=float)
    u = np.arange(1, BETWEEN + 2)[:, np.newaxis] / (BETWEEN + 1)
    curve = [points[1:2]]
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        bend = (2 * before - 5 * start + 4 * end - after) * u**2 + (
            3 * start - before - 3 * end + after
        ) * u**3
        curve.append(start + ((end - before) * u + bend) / 2)
    return tuple((float(row), float(column)) for row, column in np.round(np.concatenate(curve), 2))
