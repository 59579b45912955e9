from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from course_utils import plots
from course_utils.plots.ties import counted, tied, weight_fills

TOEPLITZ = np.array([[1, 0, 0], [1, 1, 0], [2, 1, 1], [0, 2, 1], [0, 0, 2]])
CONV = np.array([[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]])
DENSE = np.arange(1, 16).reshape(3, 5)


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def picture(fig: Figure, place: int = 0) -> Any:
    image = fig.axes[0].images[place]
    assert isinstance(image, AxesImage)
    return np.asarray(image.get_array())


def test_the_decks_matrix_has_its_numbers_and_white_zeros() -> None:
    fig = plots.matrix_plot(TOEPLITZ)
    assert [text for text in texts(fig) if text.isdigit()] == list("111211212")
    assert (picture(fig)[TOEPLITZ == 0] == 1).all()
    assert (picture(fig)[TOEPLITZ != 0] < 1).any(axis=1).all()
    assert {"input (3)", "output (5)", "blank: 0"} <= set(texts(fig))
    assert len(fig.axes) == 1  # no colour bar beside numbers


def test_signs_differ_in_colour_and_one_scale_holds_for_all() -> None:
    fig = plots.matrix_plot({"a": [[2.0, -2.0]], "b": [[1.0, -1.0]]})
    strong, weak = picture(fig, 0), picture(fig, 1)
    assert strong[0, 0, 0] > strong[0, 0, 2]  # positive is red
    assert strong[0, 1, 2] > strong[0, 1, 0]  # negative is blue
    assert (strong.min(axis=2) < weak.min(axis=2)).all()


def test_a_large_matrix_has_a_colour_bar_instead_of_numbers() -> None:
    fig = plots.matrix_plot(np.eye(40))
    assert len(fig.axes) == 2
    assert fig.axes[1].get_ylabel() == "weight"
    assert fig.axes[1].get_ylim() == (-1, 1)
    assert texts(fig) == ["input (40)", "output (40)"]


def test_numbers_can_be_left_out() -> None:
    fig = plots.matrix_plot(TOEPLITZ, numbers=False, x_label="signal", y_label="result")
    assert texts(fig) == ["signal (3)", "result (5)"]


def test_equal_entries_are_one_weight() -> None:
    np.testing.assert_array_equal(tied(np.array([[5.0, 0, -1], [-1, 5, 0]])), [[2, 0, 1], [1, 2, 0]])
    np.testing.assert_array_equal(tied(CONV.astype(float)), CONV)
    assert counted([CONV]) == "3 weights, 9 connections"
    assert counted([CONV, DENSE]) == "18 weights, 24 connections"
    assert counted([np.eye(1)]) == "1 weight, 1 connection"
    assert counted([np.ones((40, 50))]) == "1 weight, 2,000 connections"


@pytest.mark.parametrize("count", [1, 4, 16, 30])
def test_every_weight_has_its_own_pale_colour(count: int) -> None:
    fills = weight_fills(np.arange(count + 1)[None])[0]
    assert (fills[0] == 1).all()
    assert len({tuple(fill) for fill in fills.round(6)}) == count + 1
    assert ((fills >= 0) & (fills <= 1)).all()


def test_shared_matrices_are_numbered_coloured_and_counted() -> None:
    fig = plots.matrix_plot({"convolution": CONV, "fully connected": DENSE}, kind="shared", title="Sharing")
    conv, dense = picture(fig, 0), picture(fig, 1)
    np.testing.assert_array_equal(conv[0, 0], conv[1, 1])
    assert (conv[0, 0] != conv[0, 1]).any()
    assert len({tuple(fill) for fill in dense.reshape(-1, 3)}) == 15
    shown = texts(fig)
    assert {"Sharing", "convolution", "fully connected", "3 weights, 9 connections"} <= set(shown)
    assert "15 weights, 15 connections" in shown
    assert [text for text in shown if text.isdigit()] == [*list("123") * 3, *map(str, range(1, 16))]
    assert shown[-1] == "one colour and number: one weight; blank: no connection"


def test_large_shared_matrices_say_what_a_colour_is() -> None:
    fig = plots.matrix_plot(np.eye(60), kind="shared")
    assert "1 weight, 60 connections" in texts(fig)
    assert texts(fig)[-1] == "one colour: one weight; white: no connection"


def test_lines_separate_the_blocks() -> None:
    plain = len(plots.matrix_plot(np.eye(6)).axes[0].lines)
    assert len(plots.matrix_plot(np.eye(6), blocks=(2, 3)).axes[0].lines) == plain + 2 + 1


def test_columns_are_a_choice_and_cells_are_as_large_as_they_can_be() -> None:
    matrices = dict.fromkeys("abcd", DENSE)
    wide, tall = plots.matrix_plot(matrices, columns=1).get_size_inches()
    assert tall > wide
    lefts = [image.get_extent()[0] for image in plots.matrix_plot(matrices).axes[0].images]
    assert len(set(lefts)) == 2


@pytest.mark.parametrize(
    ("matrices", "options", "message"),
    [
        ([1, 2], {}, r"matrices has shape \(2,\) but must be \(outputs, inputs\)"),
        ({"a": [[1]], "b": [1]}, {}, r"b has shape \(1,\) but must be \(outputs, inputs\)"),
        ({}, {}, "matrices is empty but a figure needs at least one"),
        ([[np.nan]], {}, "matrices has 1 values that are NaN"),
        (DENSE, {"kind": "grey"}, "kind is 'grey' but must be one of weights, shared"),
        (DENSE, {"blocks": (2, 5)}, r"blocks of 2 x 5 do not divide a matrix of shape \(3, 5\)"),
        (DENSE, {"blocks": (0, 5)}, "blocks is 0 but must be a whole number of at least 1"),
        (DENSE, {"columns": 0}, "columns is 0 but must be a whole number of at least 1"),
        (np.ones((60, 60)) / 3, {"numbers": True}, "numbers is True but they do not fit the cells"),
        (np.ones((2000, 2)), {}, "a matrix of 2000 x 2 does not fit a page; show a part of it"),
    ],
)
def test_matrix_plot_refuses_what_it_cannot_draw(matrices: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.matrix_plot(matrices, **options)
