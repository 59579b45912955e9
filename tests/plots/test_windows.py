from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from scipy.signal import convolve2d, correlate2d

from course_utils import plots
from course_utils.plots.sliding import chosen_steps, slide_over

BINARY = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
A = np.array([[1, 3, 1], [0, -1, 1], [2, 2, -1]])
B = np.array([[1, 2], [0, -1]])


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def slid(x: Any, kernel: Any, **options: Any) -> Any:
    given = {"flip": False, "stride": 1, "padding": 0, "dilation": 1} | options
    return slide_over(x, kernel, **given).output


def test_the_decks_binary_image_gives_the_decks_map() -> None:
    np.testing.assert_array_equal(slid(BINARY, CROSS), [[4, 3, 4], [2, 4, 3], [2, 3, 4]])


def test_a_flipped_padded_kernel_gives_the_decks_convolution() -> None:
    expected = [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]
    np.testing.assert_array_equal(slid(A, B, flip=True, padding=1), expected)


def test_windows_equal_scipy_with_every_option() -> None:
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(7, 9)), rng.normal(size=(2, 3))
    np.testing.assert_allclose(slid(x, kernel), correlate2d(x, kernel, "valid"), atol=1e-12)
    np.testing.assert_allclose(slid(x, kernel, flip=True), convolve2d(x, kernel, "valid"), atol=1e-12)
    spread = np.zeros((3, 7))
    spread[::2, ::3] = kernel
    padded = np.pad(x, [(2, 2), (1, 1)])
    expected = correlate2d(padded, spread, "valid")[::3, ::2]
    options = {"stride": (3, 2), "padding": (2, 1), "dilation": (2, 3)}
    np.testing.assert_allclose(slid(x, kernel, **options), expected, atol=1e-12)


def test_each_step_writes_its_products_and_the_output_so_far() -> None:
    fig = plots.window_steps(BINARY, CROSS, steps=[(0, 1)], title="One step")
    shown = texts(fig)
    assert {"One step", "output (0, 1)", "→", "1·1 + 1·0 + 0·1", "+ 1·0 + 1·1 + 1·0"} <= set(shown)
    assert "+ 0·1 + 1·0 + 1·1 = 3" in shown
    corners = [text for text in shown if text.startswith("×")]
    assert corners == [f"×{weight}" for weight in CROSS.flat]
    numbers = [text for text in shown if text.isdigit()]
    assert len(numbers) == 25 + 2  # x, and the first two outputs; the others are still empty


def test_the_window_lies_on_the_cells_it_multiplies() -> None:
    fig = plots.window_steps(A, B, flip=True, padding=1, steps=[(1, 2)])
    ax = fig.axes[0]
    (window, result) = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_zorder() == 3]
    under = [
        text.get_text()
        for text in ax.texts
        if window.get_bbox().contains(*text.get_position()) and not text.get_text().startswith("×")
    ]
    assert sorted(under) == sorted(["3", "1", "−1", "1"])  # rows 0 and 1, columns 1 and 2 of A
    corners = [text.get_text() for text in ax.texts if text.get_text().startswith("×")]
    assert corners == ["×−1", "×0", "×2", "×1"]  # the kernel turned by 180 degrees
    inside = [text.get_text() for text in ax.texts if result.get_bbox().contains(*text.get_position())]
    assert inside == ["−4"]


def test_zeros_of_the_padding_look_different() -> None:
    ax = plots.window_steps(A, B, padding=1, steps=[(0, 0)]).axes[0]
    cells = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_zorder() == 1][:25]
    colours = np.array([sum(cell.get_facecolor()[:3]) for cell in cells]).reshape(5, 5)
    assert (colours[1:4, 1:4] == 3).all()
    colours[1:4, 1:4] = 0
    assert (colours < 3).all()


def test_a_dilated_kernel_marks_each_of_its_cells() -> None:
    ax = plots.window_steps(BINARY, B, dilation=2, steps=[(0, 0)]).axes[0]
    outlines = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_zorder() == 3]
    assert len(outlines) == 4 + 1


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((3, 3), [(0, 0), (0, 1), (1, 1), (2, 2)]), ((1, 1), [(0, 0)]), ((1, 2), [(0, 0), (0, 1)])],
)
def test_steps_by_default(shape: tuple[int, int], expected: list[tuple[int, int]]) -> None:
    assert chosen_steps(None, shape) == expected


def test_cells_grow_for_long_numbers() -> None:
    pixels = np.arange(160, 176).reshape(4, 4)
    fig = plots.window_steps(pixels, [[0.5, -0.25], [1, 0]], steps=[(0, 0), (2, 2)])
    (first, *_) = [p for p in fig.axes[0].patches if isinstance(p, Rectangle) and p.get_zorder() == 1]
    assert first.get_width() > 0.48
    assert "×−0.25" in texts(fig)


def test_fewer_panels_stand_in_a_row_where_they_would_be_too_small() -> None:
    small = plots.window_steps(A, B, steps=[(0, 0), (1, 1)]).get_size_inches()
    large = plots.window_steps(BINARY, CROSS, padding=1, steps=[(0, 0), (1, 1)]).get_size_inches()
    assert small[0] > small[1]
    assert large[1] > large[0]


@pytest.mark.parametrize(
    ("x", "kernel", "options", "message"),
    [
        (A[0], B, {}, r"x has shape \(3,\) but must be \(rows, columns\)"),
        (A, [1, 2], {}, r"kernel has shape \(2,\) but must be \(rows, columns\)"),
        (A, np.full((2, 2), np.nan), {}, "kernel has 4 values that are NaN"),
        (A, np.ones((4, 1)), {}, "the kernel spans 4 x 1 cells but x with its padding has 3 x 3"),
        (A, B, {"dilation": 3}, "the kernel spans 4 x 4 cells but x"),
        (A, B, {"stride": 0}, "stride is 0 but must be a whole number of at least 1, or two of them"),
        (A, B, {"padding": (1, -1)}, r"padding is \(1, -1\) but must be a whole number of at least 0"),
        (A, B, {"dilation": (1, 1, 1)}, r"dilation is \(1, 1, 1\) but"),
        (A, B, {"steps": [(2, 0)]}, r"step \(2, 0\) is not one of the 2 x 2 outputs"),
        (A, B, {"steps": [(0, -1)]}, r"step \(0, -1\) is not"),
        (A, B, {"steps": []}, "steps is empty but must name at least one of the 2 x 2 outputs"),
        (A, B, {"columns": 0}, "columns is 0 but must be a whole number of at least 1"),
        (np.ones((30, 30)), B, {}, "4 panels of an input of 30 x 30 cells do not fit a page"),
    ],
)
def test_window_steps_refuses_what_it_cannot_draw(x: Any, kernel: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.window_steps(x, kernel, **options)
