"""Small sets that a figure can show whole."""

import operator

import numpy as np
from numpy.typing import NDArray

from course_utils.data.generators import check_generator

Features = NDArray[np.float64]
Labels = NDArray[np.int64]


def xor() -> tuple[Features, Labels]:
    r"""Return the four examples of exclusive or.

    .. math:: t = x_1 + x_2 - 2 x_1 x_2

    Returns:
        Inputs 00, 01, 10, 11, shape (4, 2), and their labels 0, 1, 1, 0, shape (4,).

    Source:
        Toronto CSC 2515, multilayer perceptrons: XOR is not linearly separable.
    """
    x = truth_table(2, low=0)
    return x, np.array([0, 1, 1, 0])


def truth_table(bits: int, *, low: int = -1) -> Features:
    """List all inputs of a function of some bits.

    Args:
        bits: Number of bits, from 1 to 20.
        low: Number that stands for an unset bit, -1 or 0; a set bit is 1.

    Returns:
        The inputs in counting order, shape (2**bits, bits); the first column is the most significant bit.

    Raises:
        TypeError: If ``bits`` is not an integer.
        ValueError: If ``bits`` or ``low`` is out of range.

    Source:
        Toronto CSC 2515, multilayer perceptrons: universality for binary inputs, coded as -1 and 1.
    """
    bits = _integer(bits, "bits")
    if not 1 <= bits <= 20:
        raise ValueError(f"bits={bits} but a table has 2**bits rows; give a number from 1 to 20")
    if low not in (-1, 0):
        raise ValueError(f"low={low} but an unset bit is -1 or 0; choose one of them")
    rows = np.arange(2**bits)[:, None]
    set_bits = rows >> np.arange(bits)[::-1] & 1  # (rows, bits)
    return np.where(set_bits == 1, 1.0, float(low))


def two_clusters(count: int, *, rng: np.random.Generator) -> tuple[Features, Labels]:
    """Draw two round clusters that one line separates, but for a few points.

    Args:
        count: Number of points; every second one is of class 1.
        rng: Draws the points.

    Returns:
        Points around (-1, -1) and (1, 1) with standard deviation 0.6, shape (count, 2), and labels, shape
        (count,).

    Raises:
        TypeError: If ``count`` is not an integer or ``rng`` is not a generator.
        ValueError: If ``count`` is smaller than 2.

    Source:
        Made for this course.
    """
    t = _alternating_labels(count, rng)
    centres = 2.0 * t[:, None] - 1
    return centres + 0.6 * rng.standard_normal((count, 2)), t


def circles(count: int, *, rng: np.random.Generator) -> tuple[Features, Labels]:
    r"""Draw a ring of class 0 inside a ring of class 1; no line separates them.

    .. math:: x = r (\cos a, \sin a), \qquad r \approx 1 + t

    Args:
        count: Number of points; every second one is of class 1.
        rng: Draws the points.

    Returns:
        Points at radii near 1 and 2, shape (count, 2), and labels, shape (count,).

    Raises:
        TypeError: If ``count`` is not an integer or ``rng`` is not a generator.
        ValueError: If ``count`` is smaller than 2.

    Source:
        Made for this course.
    """
    t = _alternating_labels(count, rng)
    radius = 1 + t + 0.1 * rng.standard_normal(count)
    angle = rng.uniform(0, 2 * np.pi, count)
    return _polar(radius, angle), t


def spirals(count: int, *, rng: np.random.Generator) -> tuple[Features, Labels]:
    r"""Draw two arms wound around each other, one for each class.

    .. math:: x = r (\cos a, \sin a), \qquad a = \frac{3 \pi}{2} r + \pi t, \qquad 0.2 \le r \le 2

    Args:
        count: Number of points; every second one is of class 1.
        rng: Draws the points.

    Returns:
        Points at radii up to about 2, shape (count, 2), and labels, shape (count,).

    Raises:
        TypeError: If ``count`` is not an integer or ``rng`` is not a generator.
        ValueError: If ``count`` is smaller than 2.

    Source:
        Lang and Witbrock (1988), Learning to Tell Two Spirals Apart.
    """
    t = _alternating_labels(count, rng)
    radius = rng.uniform(0.2, 2, count)
    angle = 1.5 * np.pi * radius + np.pi * t
    return _polar(radius, angle) + 0.04 * rng.standard_normal((count, 2)), t


def sine(count: int, *, rng: np.random.Generator, noise: float = 0.1) -> tuple[Features, Features]:
    r"""Draw noisy points of a sine curve, to fit a function to.

    .. math:: t = \sin x + \epsilon, \qquad \epsilon \sim \mathcal{N}(0, \text{noise}^2)

    Args:
        count: Number of points.
        rng: Draws the points.
        noise: Standard deviation of the noise.

    Returns:
        Inputs between -pi and pi in ascending order, shape (count, 1), and targets, shape (count, 1).

    Raises:
        TypeError: If ``count`` is not an integer or ``rng`` is not a generator.
        ValueError: If ``count`` is smaller than 1 or the noise is negative.

    Source:
        Made for this course.
    """
    check_generator(rng)
    count = _integer(count, "count")
    if count < 1 or not noise >= 0:
        raise ValueError(
            f"count={count} and noise={noise} but a set needs a point and noise of at least 0; change them"
        )
    x = np.sort(rng.uniform(-np.pi, np.pi, (count, 1)), axis=0)
    return x, np.sin(x) + noise * rng.standard_normal((count, 1))


def _alternating_labels(count: int, rng: np.random.Generator) -> Labels:
    """Return labels 0, 1, 0, 1 and so on, if points can be drawn for them."""
    check_generator(rng)
    count = _integer(count, "count")
    if count < 2:
        raise ValueError(f"count={count} but two classes need at least 2 points; ask for more")
    return np.arange(count) % 2


def _polar(radius: Features, angle: Features) -> Features:
    """Return points at the given radii and angles in radians, shape (count, 2)."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _integer(value: int, name: str) -> int:
    """Return an integer as an int, or say that it is none."""
    try:
        integer = operator.index(value)
    except TypeError:
        integer = None
    if integer is None or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, but {name}={value!r}; give a whole number")
    return integer
