"""Gabor filters: a wave under a Gaussian, as simple cells of the visual cortex have them."""

from collections.abc import Sequence

import numpy as np

from course_utils.reference.arguments import FloatArray, check_integer

WIDTH_OF_ONE_OCTAVE = 3 / np.pi * np.sqrt(np.log(2) / 2)  # in wavelengths: 0.56, as in most simple cells


def gabor_filter(
    size: int, *, wavelength: float, orientation: float, width: float, aspect: float = 1.0, phase: float = 0.0
) -> FloatArray:
    r"""Make a Gabor filter: a wave under a Gaussian.

    .. math::
        g(r, c) = \exp\left(-\frac{u^2 + a^2 v^2}{2 \sigma^2}\right)
        \cos\left(\frac{2 \pi u}{\lambda} + \varphi\right), \qquad
        \begin{aligned} u &= c \cos\theta + r \sin\theta \\ v &= -c \sin\theta + r \cos\theta \end{aligned}

    Rows :math:`r` and columns :math:`c` are counted from the middle; rows go down, so a growing orientation
    turns the filter clockwise on the screen.

    Args:
        size: Number of rows and of columns.
        wavelength: Distance :math:`\lambda` between two crests, in pixels; at least 2.
        orientation: Angle :math:`\theta` of the direction across the stripes, in radians; 0 for upright ones.
        width: Standard deviation :math:`\sigma` of the Gaussian across the stripes, in pixels.
        aspect: Standard deviation across the stripes divided by that along them, :math:`a`.
        phase: Phase :math:`\varphi` of the wave at the middle, in radians; 0 is even, pi / 2 is odd.

    Returns:
        Shape (size, size), with values from -1 to 1.

    Raises:
        TypeError: If the size is not an integer, or another argument not a number.
        ValueError: If an argument is out of range.

    Source:
        Daugman, Uncertainty relation for resolution in space, spatial frequency, and orientation optimized by
        two-dimensional visual cortical filters (1985), equation 1; Jones and Palmer, An evaluation of the
        two-dimensional Gabor filter model of simple receptive fields in cat striate cortex (1987).
    """
    check_integer(size, "size")
    _check(size, "size", 1, "pixels")
    _check(wavelength, "wavelength", 2, "pixels (a shorter wave looks like a longer one)")
    _check(width, "width", 1e-3, "pixels")
    _check(aspect, "aspect", 1e-3, "widths across by widths along the stripes")
    _check(orientation, "orientation", -np.inf, "radians")
    _check(phase, "phase", -np.inf, "radians")
    envelope, angle = wave_and_gaussian((size, size), (0, 0), wavelength, orientation, width, aspect)
    filter_values: FloatArray = envelope * np.cos(angle + phase)
    return filter_values


def gabor_bank(
    size: int,
    orientations: int | Sequence[float],
    wavelengths: Sequence[float],
    *,
    width: float = WIDTH_OF_ONE_OCTAVE,
    aspect: float = 1.0,
    phase: float = 0.0,
) -> FloatArray:
    """Make Gabor filters of several wavelengths and orientations.

    Args:
        size: Number of rows and of columns of each.
        orientations: Their number, spread evenly over half a turn from 0; or the angles, in radians.
        wavelengths: Distances between two crests, in pixels.
        width: Standard deviation across the stripes, in wavelengths; by default the filter passes one octave.
        aspect: As for `gabor_filter`.
        phase: As for `gabor_filter`.

    Returns:
        Shape (wavelengths, orientations, size, size).

    Raises:
        TypeError: As for `gabor_filter`.
        ValueError: As for `gabor_filter`, or if there are no wavelengths or orientations.

    Source:
        Daugman (1985); the width of one octave: Petkov and Kruizinga, Computational models of visual neurons
        specialised in the detection of periodic and aperiodic oriented visual stimuli (1997), equation 2.
    """
    if isinstance(orientations, int):
        orientations = [turn * np.pi / orientations for turn in range(orientations)]
    if not len(orientations) or not len(wavelengths):
        raise ValueError(
            f"there are {len(orientations)} orientations and {len(wavelengths)} wavelengths; "
            "give at least one of each"
        )
    _check(width, "width", 1e-3, "wavelengths")

    def one(wavelength: float, angle: float) -> FloatArray:
        shape = {"width": width * wavelength, "aspect": aspect, "phase": phase}
        return gabor_filter(size, wavelength=wavelength, orientation=angle, **shape)

    return np.array([[one(wavelength, angle) for angle in orientations] for wavelength in wavelengths])


def wave_and_gaussian(
    shape: tuple[int, ...],
    centre: tuple[float, float],
    wavelength: float,
    orientation: float,
    width: float,
    aspect: float,
) -> tuple[FloatArray, FloatArray]:
    """Compute the Gaussian, and the angle of the wave without its phase, at each pixel.

    Args:
        shape: Rows and columns.
        centre: Row and column of the Gaussian's centre, in pixels from the middle.
        wavelength: Distance between two crests, in pixels.
        orientation: Angle of the direction across the stripes, in radians.
        width: Standard deviation across the stripes, in pixels.
        aspect: That divided by the standard deviation along the stripes.

    Returns:
        The Gaussian and the angle, each of the shape that was given.
    """
    r = np.arange(shape[0])[:, None] - (shape[0] - 1) / 2 - centre[0]
    c = np.arange(shape[1])[None, :] - (shape[1] - 1) / 2 - centre[1]
    u = c * np.cos(orientation) + r * np.sin(orientation)
    v = -c * np.sin(orientation) + r * np.cos(orientation)
    return np.exp(-(u**2 + (aspect * v) ** 2) / (2 * width**2)), 2 * np.pi * u / wavelength


def _check(value: float, name: str, least: float, unit: str) -> None:
    """Raise an error unless a number is finite, and not smaller than the least one."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} must be a number, but {name}={value!r}; give it in {unit}")
    if not (np.isfinite(value) and value >= least):
        floor = f"of at least {least:g}" if least > -np.inf else "that is finite"
        raise ValueError(f"{name}={value} but a number {floor} is expected; give it in {unit}")
