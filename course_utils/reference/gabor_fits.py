"""Which Gabor filter is nearest to a kernel, and how much of the kernel it explains."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, float_array
from course_utils.reference.gabor import wave_and_gaussian

STARTS = 24  # the best points of a coarse grid, from each of which the fit goes downhill


@dataclass(frozen=True, eq=False)
class GaborFit:
    """Hold the Gabor filter that is nearest to a kernel.

    Attributes:
        wavelength: Distance between two crests, in pixels.
        orientation: Angle of the direction across the stripes, in radians, from 0 up to pi.
        width: Standard deviation of the Gaussian across the stripes, in pixels.
        aspect: The same divided by the standard deviation along the stripes; below 1 the filter is long.
        phase: Phase of the wave at the centre, in radians, from -pi to pi; 0 is even, pi / 2 is odd.
        amplitude: Height of the Gaussian.
        centre: Row and column of the Gaussian's centre, in pixels from the middle of the kernel.
        kernel: The fitted filter, of the shape of the kernel that was given.
        explained: Share of the kernel's sum of squares that the fitted filter takes away, from 0 to 1. It is
            the share of the variance of the kernel's answers to white noise.
    """

    wavelength: float
    orientation: float
    width: float
    aspect: float
    phase: float
    amplitude: float
    centre: tuple[float, float]
    kernel: FloatArray
    explained: float


def fit_gabor(kernel: ArrayLike) -> GaborFit:
    r"""Find the Gabor filter that is nearest to a kernel, by least squares from several starts.

    The amplitude and the phase follow from the other six numbers by linear least squares, because

    .. math:: A \cos(\alpha + \varphi) = (A \cos\varphi) \cos\alpha - (A \sin\varphi) \sin\alpha

    Eight numbers fit any small kernel to some part: of a kernel of 5 x 5 random numbers about a half is
    explained, of 9 x 9 about a fifth. Compare a learned kernel with random ones of its size.

    Args:
        kernel: Shape (kernel_height, kernel_width), at least 3 x 3.

    Returns:
        The best filter found, with its parameters and the share of the kernel that it explains. A kernel that
        is no Gabor filter has many valleys: another start may lead to one that explains a little more.

    Raises:
        TypeError: If the kernel does not hold real numbers.
        ValueError: If it is smaller than 3 x 3, has other axes, is zero everywhere or not finite.

    Source:
        Jones and Palmer (1987), fitting; separable least squares: Golub and Pereyra (1973).
    """
    kernel = _checked_kernel(kernel)
    scale = float(np.abs(kernel).max())
    target = (kernel / scale).astype(np.float64)
    low, high = _bounds(target.shape)
    ends = [_descend(start, target, low, high, tolerance=1e-3) for start in _starts(target, low, high)]
    best = _descend(_ranked(ends, target)[0], target, low, high, tolerance=1e-12)
    return _as_fit(best, target, scale)


def _checked_kernel(kernel: ArrayLike) -> FloatArray:
    """Return a kernel that a Gabor filter can be fitted to."""
    kernel = float_array(kernel, "kernel", axes=("kernel_height", "kernel_width"))
    if min(kernel.shape) < 3:
        raise ValueError(
            f"kernel has shape {kernel.shape} but the eight numbers of a Gabor filter need at least 3 x 3; "
            "give a larger one"
        )
    if not np.all(np.isfinite(kernel)):
        raise ValueError("kernel holds NaN or infinities; np.isfinite(kernel) shows where they are")
    if not np.any(kernel):
        raise ValueError(
            "kernel is zero everywhere, so no filter is nearest to it; give one with another entry"
        )
    return kernel


def _bounds(shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Return the least and the largest centre row, centre column, wavelength, orientation and two widths.

    Wavelength and widths are logarithms, so that a step changes each by the same factor anywhere.
    """
    longest = np.log(2.0 * max(shape))
    half = (shape[0] - 1) / 2, (shape[1] - 1) / 2
    low = [-half[0], -half[1], np.log(2.0), -np.inf, np.log(0.4), np.log(0.4)]
    high = [half[0], half[1], longest, np.inf, longest, longest]
    return np.array(low), np.array(high)


def _starts(target: FloatArray, low: FloatArray, high: FloatArray) -> list[FloatArray]:
    """Return the best points of a coarse grid over centre, wavelength, orientation and width."""
    rows, columns = ((0.0, side / 2, -side / 2) for side in high[:2])
    wavelengths = np.geomspace(2.5, np.exp(high[2]) / 2, 5)
    angles = np.arange(8) * np.pi / 8
    grid = [
        np.array([row, column, np.log(wavelength), angle, *np.log([spread, spread])])
        for row, column, wavelength, angle in product(rows, columns, wavelengths, angles)
        for spread in (wavelength / 4, wavelength / 2)
    ]
    inside = [np.clip(point, low + 1e-6, high - 1e-6) for point in grid]  # the fit starts inside the bounds
    return _ranked(inside, target)[:STARTS]


def _ranked(points: list[FloatArray], target: FloatArray) -> list[FloatArray]:
    """Return points in the order of what they leave over, the best one first."""
    return sorted(points, key=lambda point: float(np.sum(_residual(point, target) ** 2)))


def _descend(
    start: FloatArray, target: FloatArray, low: FloatArray, high: FloatArray, *, tolerance: float
) -> FloatArray:
    """Go downhill from a start, and return where that ends."""
    from scipy.optimize import least_squares

    found = least_squares(
        _residual, start, args=(target,), bounds=(low, high), xtol=tolerance, ftol=tolerance
    )
    end: FloatArray = found.x
    return end


def _residual(parameters: FloatArray, target: FloatArray) -> FloatArray:
    """Return what the best amplitude and phase leave over, for the other six numbers."""
    waves, weights = _weighted_waves(parameters, target)
    left: FloatArray = waves @ weights - target.ravel()
    return left


def _weighted_waves(parameters: FloatArray, target: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the even and the odd wave under the Gaussian as columns, and their best weights."""
    row, column, wavelength, orientation, across, along = parameters
    across, along = np.exp(across), np.exp(along)
    envelope, angle = wave_and_gaussian(
        target.shape, (row, column), np.exp(wavelength), orientation, across, across / along
    )
    waves = np.stack([(envelope * np.cos(angle)).ravel(), (envelope * np.sin(angle)).ravel()], axis=1)
    weights: FloatArray = np.linalg.lstsq(waves, target.ravel(), rcond=1e-9)[0]
    return waves, weights


def _as_fit(parameters: FloatArray, target: FloatArray, scale: float) -> GaborFit:
    """Write the parameters as those of a filter; half a turn is the same filter with its phase reversed."""
    waves, weights = _weighted_waves(parameters, target)
    row, column, wavelength, orientation, across, along = (float(each) for each in parameters)
    turns, orientation = divmod(orientation, np.pi)
    sign = 1 if turns % 2 == 0 else -1
    left = np.sum((waves @ weights - target.ravel()) ** 2)
    return GaborFit(
        wavelength=float(np.exp(wavelength)),
        orientation=orientation,
        width=float(np.exp(across)),
        aspect=float(np.exp(across - along)),
        phase=float(sign * np.arctan2(-weights[1], weights[0])),
        amplitude=scale * float(np.hypot(*weights)),
        centre=(row, column),
        kernel=scale * (waves @ weights).reshape(target.shape),
        explained=float(1 - left / np.sum(target**2)),
    )
