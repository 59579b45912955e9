"""Gabor filters: by their formula, in banks, and found again in kernels that are made of one."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.reference import fit_gabor, gabor_bank, gabor_filter
from tests.reference.refusals import assert_one_sentence

PLAIN = {"wavelength": 4.0, "orientation": 0.0, "width": 2.0}


def turn_apart(first, second, period):
    """Return the distance of two angles on a circle."""
    return abs((first - second + period / 2) % period - period / 2)


@pytest.mark.parametrize(
    "options",
    [
        PLAIN,
        {"wavelength": 3.0, "orientation": 0.7, "width": 1.5, "aspect": 0.5, "phase": 1.0},
        {"wavelength": 6, "orientation": -2, "width": 3, "aspect": 2, "phase": -4},
    ],
)
@pytest.mark.parametrize("size", [1, 4, 7])
def test_each_pixel_is_the_formula(size, options):
    given_options = {"aspect": 1.0, "phase": 0.0} | options
    made = gabor_filter(size, **options)
    assert made.shape == (size, size)
    for row in range(size):
        for column in range(size):
            r, c = row - (size - 1) / 2, column - (size - 1) / 2
            turn = given_options["orientation"]
            u, v = c * math.cos(turn) + r * math.sin(turn), r * math.cos(turn) - c * math.sin(turn)
            spread = (u**2 + (given_options["aspect"] * v) ** 2) / (2 * given_options["width"] ** 2)
            wave = math.cos(2 * math.pi * u / given_options["wavelength"] + given_options["phase"])
            assert made[row, column] == pytest.approx(math.exp(-spread) * wave, abs=1e-12)


def test_orientation_turns_the_stripes_and_phase_makes_them_odd():
    upright = gabor_filter(9, **PLAIN)
    np.testing.assert_allclose(upright, upright[::-1])  # the same in each row, up to the Gaussian
    np.testing.assert_allclose(gabor_filter(9, **PLAIN | {"orientation": np.pi / 2}), upright.T, atol=1e-12)
    np.testing.assert_allclose(upright, upright[:, ::-1])
    odd = gabor_filter(9, **PLAIN, phase=np.pi / 2)
    np.testing.assert_allclose(odd, -odd[:, ::-1], atol=1e-12)
    down_right = gabor_filter(9, **PLAIN | {"orientation": np.pi / 4})
    assert down_right[4 + 2, 4 - 2] > 0.1  # along a stripe, which runs up and to the right
    assert down_right[4 + 1, 4 + 1] < 0  # across it


def test_a_long_wave_under_a_wide_gaussian_is_nearly_constant():
    np.testing.assert_allclose(
        gabor_filter(5, wavelength=1e6, orientation=1, width=1e6), np.ones((5, 5)), atol=1e-9
    )


def test_a_bank_holds_each_filter_in_its_place():
    bank = gabor_bank(7, 4, [3.0, 5.0], width=0.4, aspect=0.7, phase=0.3)
    assert bank.shape == (2, 4, 7, 7)
    for place, wavelength in enumerate([3.0, 5.0]):
        for turn in range(4):
            options = {"wavelength": wavelength, "orientation": turn * np.pi / 4, "width": 0.4 * wavelength}
            expected = gabor_filter(7, **options, aspect=0.7, phase=0.3)
            np.testing.assert_array_equal(bank[place, turn], expected)
    np.testing.assert_array_equal(gabor_bank(7, [0.0, 0.5], [3.0])[0, 0], gabor_bank(7, 1, [3.0])[0, 0])


def test_a_filter_of_the_bank_passes_one_octave():
    """At half of the largest answer, the higher frequency is twice the lower one."""
    (made,) = gabor_bank(201, 1, [16.0])[0]
    answers = np.abs(np.fft.rfft(made[100], 20_000))
    passed = np.flatnonzero(answers >= answers.max() / 2)
    assert passed[-1] / passed[0] == pytest.approx(2, abs=0.02)


@st.composite
def gabors(draw):
    """Draw a filter of which the kernel shows enough to tell all its numbers."""
    size = draw(st.sampled_from([9, 11, 13]))
    wavelength = draw(st.floats(2.6, size / 1.6))
    options = {
        "wavelength": wavelength,
        "orientation": draw(st.floats(0, np.pi)),
        "width": wavelength * draw(st.floats(0.4, 0.8)),
        "aspect": draw(st.floats(0.6, 1.5)),
        "phase": draw(st.floats(-np.pi, np.pi)),
    }
    return size, options, draw(st.floats(0.01, 100))


@given(gabors())
@settings(max_examples=12, deadline=None, derandomize=True)
def test_the_numbers_of_a_made_filter_are_found_again(drawn):
    size, options, amplitude = drawn
    fit = fit_gabor(amplitude * gabor_filter(size, **options))
    for name in ("wavelength", "width", "aspect"):
        assert getattr(fit, name) == pytest.approx(options[name], abs=1e-3)
    # a turn by half a circle is the same filter with its phase reversed
    same = turn_apart(fit.orientation, options["orientation"], 2 * np.pi) < 1
    assert turn_apart(fit.orientation, options["orientation"], np.pi) < 1e-3
    assert turn_apart(fit.phase, options["phase"] if same else -options["phase"], 2 * np.pi) < 1e-3
    assert fit.amplitude == pytest.approx(amplitude, rel=1e-3)
    assert fit.centre == pytest.approx((0, 0), abs=1e-3)
    assert fit.explained > 1 - 1e-8


def test_a_filter_off_the_middle_of_a_kernel_with_other_sides_is_found():
    whole = gabor_filter(17, wavelength=4.5, orientation=0.6, width=2.0, aspect=0.8, phase=0.4)
    fit = fit_gabor(2 * whole[4:15, 2:11])  # its middle is (8, 8), that of the part is (9, 6)
    assert fit.centre == pytest.approx((-1, 2), abs=1e-3)
    assert fit.wavelength == pytest.approx(4.5, abs=1e-3)
    assert fit.phase == pytest.approx(0.4, abs=1e-3)
    np.testing.assert_allclose(fit.kernel, 2 * whole[4:15, 2:11], atol=1e-4)


def test_the_fitted_kernel_is_what_the_numbers_say_and_the_share_is_that_of_the_squares():
    kernel = np.random.default_rng(3).standard_normal((5, 5))
    fit = fit_gabor(kernel)
    options = {name: getattr(fit, name) for name in ("wavelength", "orientation", "width", "aspect", "phase")}
    r, c = np.mgrid[-2:3, -2:3] - np.reshape(fit.centre, (2, 1, 1))
    u = c * np.cos(options["orientation"]) + r * np.sin(options["orientation"])
    v = r * np.cos(options["orientation"]) - c * np.sin(options["orientation"])
    envelope = np.exp(-(u**2 + (options["aspect"] * v) ** 2) / (2 * options["width"] ** 2))
    wave = np.cos(2 * np.pi * u / options["wavelength"] + options["phase"])
    np.testing.assert_allclose(fit.kernel, fit.amplitude * envelope * wave, atol=1e-9)
    left = np.sum((kernel - fit.kernel) ** 2) / np.sum(kernel**2)
    assert fit.explained == pytest.approx(1 - left, abs=1e-9)
    assert 0 <= fit.orientation < np.pi
    assert fit.wavelength >= 2


def test_random_kernels_are_explained_in_part_and_larger_ones_less():
    """What eight numbers explain of pure chance: a learned kernel says something only if it beats this."""
    rng = np.random.default_rng(0)
    shares = {
        size: np.mean([fit_gabor(rng.standard_normal((size, size))).explained for _ in range(4)])
        for size in (3, 5, 9)
    }
    assert shares[3] > 0.75
    assert 0.35 < shares[5] < 0.7
    assert 0.1 < shares[9] < 0.35


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_the_scale_of_a_kernel_changes_the_amplitude_only(scale):
    kernel = gabor_filter(7, **PLAIN) + 0.1 * np.eye(7)
    fit, scaled = fit_gabor(kernel), fit_gabor(scale * kernel)
    assert scaled.wavelength == pytest.approx(fit.wavelength, rel=1e-6)
    assert scaled.amplitude == pytest.approx(scale * fit.amplitude, rel=1e-6)
    assert 0.8 < scaled.explained < 1


def test_a_fit_leaves_the_kernel_and_cannot_be_changed():
    kernel = gabor_filter(5, **PLAIN).astype(np.float32)
    before = kernel.copy()
    fit = fit_gabor(kernel)
    np.testing.assert_array_equal(kernel, before)
    with pytest.raises(dataclasses.FrozenInstanceError):
        fit.width = 3


@pytest.mark.parametrize(
    ("kernel", "error", "sentence"),
    [
        (np.zeros((5, 5)), ValueError, "kernel is zero everywhere"),
        (np.ones((2, 5)), ValueError, r"kernel has shape \(2, 5\) but .* at least 3 x 3"),
        (np.ones(9), ValueError, "kernel must have 2 axes"),
        (np.full((3, 3), np.nan), ValueError, "kernel holds NaN or infinities"),
        ([["a"] * 3] * 3, TypeError, "kernel must hold real numbers"),
    ],
)
def test_a_fit_refuses(kernel, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        fit_gabor(kernel)
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("size", "options", "error", "sentence"),
    [
        (0, {}, ValueError, "size=0 but a number of at least 1"),
        (5.0, {}, TypeError, "size must be an integer"),
        (
            5,
            {"wavelength": 1.9},
            ValueError,
            "wavelength=1.9 but a number of at least 2 .*; give it in pixels",
        ),
        (5, {"width": 0}, ValueError, "width=0 but a number of at least 0.001"),
        (5, {"aspect": -1}, ValueError, "aspect=-1 but"),
        (
            5,
            {"orientation": np.inf},
            ValueError,
            "orientation=inf but a number that is finite .*; give it in radians",
        ),
        (5, {"phase": float("nan")}, ValueError, "phase=nan but a number that is finite"),
        (5, {"phase": "odd"}, TypeError, "phase must be a number, but phase='odd'; give it in radians"),
        (5, {"width": True}, TypeError, "width must be a number, but width=True"),
    ],
)
def test_a_filter_refuses(size, options, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        gabor_filter(size, **PLAIN | options)
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("orientations", "wavelengths", "options", "error", "sentence"),
    [
        (0, [4], {}, ValueError, "there are 0 orientations and 1 wavelengths"),
        (-3, [4], {}, ValueError, "there are 0 orientations"),
        ([0.0], [], {}, ValueError, "there are 1 orientations and 0 wavelengths"),
        (2, [4, 1], {}, ValueError, "wavelength=1 but"),
        (2, [4], {"width": 0}, ValueError, "width=0 but .*; give it in wavelengths"),
    ],
)
def test_a_bank_refuses(orientations, wavelengths, options, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        gabor_bank(5, orientations, wavelengths, **options)
    assert_one_sentence(caught)
