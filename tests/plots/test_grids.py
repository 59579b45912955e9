from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils import plots
from course_utils.plots.cells import EMPTY, ink
from course_utils.plots.paper import fits, products, text_width, written

X = np.array([[1, 3, 1], [0, -1, 1], [2, 2, -1]])
K = np.array([[1, 2], [0, -1]])
Y = np.array([[1.0, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]])


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def cells(fig: Figure) -> list[Rectangle]:
    return [
        patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle) and patch.get_zorder() == 1
    ]


def outlines(fig: Figure) -> list[Rectangle]:
    return [
        patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle) and patch.get_zorder() == 3
    ]


def test_every_number_every_sign_and_every_title_is_written() -> None:
    fig = plots.number_grids([X, K, Y], between=["∗", "="], titles=["x", "k", "y"], title="Convolution")
    assert len(cells(fig)) == 9 + 4 + 16
    shown = texts(fig)
    assert shown[0] == "Convolution"
    assert [shown.count(sign) for sign in ("∗", "=", "x", "k", "y")] == [1] * 5
    numbers = [written(value) for value in [*X.flat, *K.flat, *Y.flat]]
    assert sorted(text for text in shown[1:] if text not in "∗=xky") == sorted(numbers)


def test_a_number_stands_in_the_middle_of_its_cell() -> None:
    fig = plots.number_grids([[[1, 2], [3, 4]]])
    for cell, text in zip(cells(fig), fig.axes[0].texts, strict=True):
        x, y = cell.get_center()
        assert text.get_position() == pytest.approx((x, y))


def test_an_empty_cell_is_grey_and_has_no_number() -> None:
    fig = plots.number_grids([[[4, np.nan]]])
    assert texts(fig) == ["4"]
    assert [to_hex(cell.get_facecolor()) for cell in cells(fig)] == ["#ffffff", EMPTY.lower()]


def test_symbols_are_mathematics_and_an_empty_one_is_an_empty_cell() -> None:
    fig = plots.number_grids([[["w_11", ""]]])
    assert texts(fig) == ["$w_{11}$"]
    assert to_hex(cells(fig)[1].get_facecolor()) == EMPTY.lower()


def test_a_mark_has_one_colour_and_dash_in_all_its_grids() -> None:
    fig = plots.number_grids(
        [X, Y], marked=[{0: np.s_[0:2, 0:2], 1: (0, 0)}, {0: np.s_[0:2, 1:3], 1: (0, 1)}]
    )
    looks = [(outline.get_edgecolor(), outline.get_linestyle()) for outline in outlines(fig)]
    assert looks[0] == looks[2] != looks[1] == looks[3]
    assert looks[0][1] != looks[1][1]


def test_a_marked_block_is_one_outline_and_scattered_cells_are_several() -> None:
    side = cells(plots.number_grids([X], marked=[{0: (0, 0)}]))[0].get_width()
    (block,) = outlines(plots.number_grids([X], marked=[{0: np.s_[0:2, 0:3]}]))
    assert 2.8 * side < block.get_width() < 3 * side
    assert 1.8 * side < block.get_height() < 2 * side
    assert len(outlines(plots.number_grids([X], marked=[{0: X == 1}]))) == np.count_nonzero(X == 1)


def test_outlines_of_marks_that_overlap_do_not_coincide() -> None:
    apart = outlines(plots.number_grids([X], marked=[{0: (0, 0)}, {0: (0, 0)}]))
    assert apart[0].get_x() < apart[1].get_x()
    assert apart[0].get_width() > apart[1].get_width()


def test_a_vector_is_marked_by_its_own_index() -> None:
    fig = plots.number_grids([[7, 8, 9]], marked=[{0: 2}])
    (outline,) = outlines(fig)
    assert cells(fig)[2].get_x() < outline.get_x()


def test_a_long_row_breaks_before_a_sign() -> None:
    fig = plots.number_grids([Y] * 6, between=["+"] * 5)
    tops = [round(cell.get_y(), 3) for cell in cells(fig)[::16]]
    assert len(set(tops)) == 2
    assert tops == sorted(tops)
    second = tops.index(max(tops))
    signs = [text for text in fig.axes[0].texts if text.get_text() == "+"]
    assert signs[second - 1].get_position()[1] > max(tops)
    assert signs[second - 1].get_position()[0] < cells(fig)[16 * second].get_x()


def test_kinds_tint_each_grid_on_its_own_scale() -> None:
    fig = plots.number_grids(
        [np.array([[0, 255]], np.uint8), [[-2, 2]], [[0, 5]]], kind=["grey", "weights", "magnitude"]
    )
    colours = [to_hex(cell.get_facecolor()) for cell in cells(fig)]
    assert colours[:2] == ["#000000", "#ffffff"]
    assert colours[2] == "#053061"  # both ends of the diverging map
    assert colours[3] == "#67001f"
    assert colours[4:] == ["#440154", "#fde725"]  # both ends of viridis
    assert [text.get_color() for text in fig.axes[0].texts[:2]] == ["white", plots.BLACK]


@pytest.mark.parametrize(
    "fill", [np.array(c) for c in ([1, 1, 1], [0, 0, 0], [0.5, 0.5, 0.5], [0.8, 0.3, 0])]
)
def test_numbers_are_written_in_the_ink_of_higher_contrast(fill: Any) -> None:
    def luminance(colour: Any) -> float:
        linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    on_black, on_white = (luminance(fill) + 0.05) / 0.05, 1.05 / (luminance(fill) + 0.05)
    assert ink(fill) == (plots.BLACK if on_black > on_white else "white")
    assert max(on_black, on_white) >= 4.5


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (-1.0, "−1"), (0.25, "0.25"), (1 / 3, "0.33"), (-0.001, "0"), (np.nan, ""), (100.0, "100")],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert written(value) == text


def test_decimals_are_a_choice() -> None:
    assert texts(plots.number_grids([[1 / 3]], decimals=3)) == ["0.333"]


def test_products_put_negative_factors_in_brackets() -> None:
    assert products(np.array([2.0, -1.0]), np.array([1.0, -3.0])) == "2·1 + (−1)·(−3)"


def test_a_page_holds_what_fits_it() -> None:
    assert fits(8.4, 6.0)
    assert not fits(8.5, 1)
    assert not fits(1, 6.2)
    assert text_width("wide", 12) > text_width("i", 12) > text_width("", 12) == 0
    assert text_width("one\nlonger line", 10) == text_width("longer line", 10)


@pytest.mark.parametrize(
    ("grids", "options", "message"),
    [
        ([], {}, "grids is empty but the figure needs at least one grid"),
        ([np.zeros((2, 2, 2))], {}, r"grid 0 has shape \(2, 2, 2\) but must be \(rows, columns\)"),
        ([X, []], {}, r"grid 1 has shape \(0,\)"),
        ([[[np.inf, 1]]], {}, "grid 0 has 1 infinite values"),
        ([X], {"kind": "gray"}, "kind is 'gray' but must be one of plain, grey, weights, magnitude"),
        ([X, X], {"kind": ["grey"]}, "kind has 1 entries but there are 2 grids"),
        ([X, X], {"between": ["+", "="]}, "between has 2 entries but there are 1 gaps"),
        ([X, X], {"titles": ["x"]}, "titles has 1 entries but there are 2 grids"),
        ([X], {"marked": [{1: (0, 0)}]}, r"marked\[0\] names grid 1 but the grids are 0 to 0"),
        ([X], {"marked": [{0: (3, 0)}]}, r"marked\[0\] chooses \(3, 0\), which does not fit a grid of shape"),
        ([X], {"marked": [{0: np.s_[2:2, :]}]}, r"marked\[0\] chooses no cell of a grid of shape \(3, 3\)"),
        ([X], {"marked": [{0: 0}] * 17}, "marked has 17 marks but only 16 look different"),
        ([np.full((28, 28), 123)], {}, r"the grids do not fit a page .* \(the largest is 28 x 28\)"),
    ],
)
def test_number_grids_refuses_what_does_not_fit(grids: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.number_grids(grids, **options)
