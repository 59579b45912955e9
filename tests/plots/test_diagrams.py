from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from course_utils import plots

XOR_WEIGHTS = [[[1, 1], [1, 1]], [[1, -1]]]


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def units(ax: Axes) -> list[Circle]:
    return [patch for patch in ax.patches if isinstance(patch, Circle)]


def edges(ax: Axes) -> list[Any]:
    return [line for line in ax.lines if len(np.asarray(line.get_xdata())) == 2]


def legend_texts(fig: Figure) -> list[str]:
    return [text.get_text() for legend in fig.legends for text in legend.get_texts()]


def test_every_unit_and_every_connection_is_drawn() -> None:
    fig = plots.network_diagram([2, 3, 1], title="A network")
    (ax,) = fig.axes
    assert len(units(ax)) == 6
    assert len(edges(ax)) == 2 * 3 + 3 * 1
    assert ax.get_title() == "A network"
    assert texts(fig) == ["2 inputs", "3 hidden units", "1 output"]
    assert fig.legends == []
    assert not ax.axison


def test_names_stand_in_the_units_and_titles_above_the_layers() -> None:
    fig = plots.network_diagram([2, 2, 1], names=[["x_1", "x_2"], "hidden layer", None])
    assert texts(fig) == ["$x_{1}$", "$x_{2}$", "2 inputs", "hidden layer\n(2)", "1 output"]


def test_weights_are_numbered_and_signed_without_colour_alone() -> None:
    fig = plots.network_diagram([2, 2, 1], weights=XOR_WEIGHTS, biases=[[-0.5, -1.5], [-0.5]])
    (ax,) = fig.axes
    looks = [(line.get_color(), line.get_linestyle()) for line in edges(ax)]
    assert looks == [(plots.BLUE, "-")] * 5 + [(plots.VERMILLION, "--")]
    shown = texts(fig)
    assert shown.count("1") == 5
    assert shown.count("−1") == 1
    assert [text for text in shown if text.startswith("b")] == ["b = −0.5", "b = −1.5", "b = −0.5"]
    assert legend_texts(fig) == ["positive weight", "negative weight"]


def test_an_edge_runs_from_its_input_to_its_output() -> None:
    W = np.array([[3.0, 0.0], [0.0, 0.0]])
    fig = plots.network_diagram([2, 2], weights=[W])
    (strong,) = [line for line in edges(fig.axes[0]) if line.get_linestyle() == "-"]
    top = max(unit.center[1] for unit in units(fig.axes[0]))
    np.testing.assert_array_equal(strong.get_ydata(), [top, top])
    assert legend_texts(fig) == ["positive weight", "zero weight"]


def test_a_larger_weight_has_a_wider_edge() -> None:
    fig = plots.network_diagram([3, 1], weights=[[[0.5, -2, 0]]])
    half, large, zero = (line.get_linewidth() for line in edges(fig.axes[0]))
    assert large > half > zero


@pytest.mark.parametrize(
    ("weight", "text"),
    [(0.5, "0.5"), (-1.256, "−1.26"), (0.0254, "0.025"), (0.0, "0"), (10.0, "10"), (100, "100")],
)
def test_weights_are_written_short(weight: float, text: str) -> None:
    assert text in texts(plots.network_diagram([1, 1], weights=[[[weight]]]))


def test_a_large_layer_shows_dots_and_its_own_weights() -> None:
    W = np.zeros((1, 20))
    W[0, 19] = 1.0
    fig = plots.network_diagram([20, 1], weights=[W])
    (ax,) = fig.axes
    assert len(units(ax)) == 4 + 1 + 1
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(dots) == 1
    assert [line.get_linestyle() for line in edges(ax)] == [":"] * 4 + ["-"]
    assert texts(fig) == ["20 inputs", "1 output"]  # too many weights to number


def test_eight_units_are_all_shown() -> None:
    assert len(units(plots.network_diagram([3, 8, 1]).axes[0])) == 12


@pytest.mark.parametrize("sizes", [[2, 1], [784, 300, 100, 50, 30, 20, 10], [8, 8, 8]])
def test_a_diagram_fits_the_page(sizes: list[int]) -> None:
    width, height = plots.network_diagram(sizes).get_size_inches()
    assert 5 <= width <= 9
    assert height <= 6.5


@pytest.mark.parametrize(
    ("sizes", "options", "message"),
    [
        ([3], {}, r"sizes is \[3\] but must hold at least two layers of at least 1 unit each"),
        ([], {}, "sizes is"),
        ([2, -1], {}, r"sizes is \[2, -1\] but"),
        ([2, 0, 1], {}, "at least 1 unit"),
        ([2, 1.5], {}, r"sizes is \[2, 1.5\] but"),
        ([2, 1], {"names": [None]}, "names has 1 entries but there are 2 layers; give one for each"),
        ([2, 1], {"names": [["x"], None]}, r"names\[0\] has 1 entries but there are 2 units"),
        ([2, 1], {"weights": []}, "weights has 0 arrays but the sizes make 1 layers after the inputs"),
        (
            [2, 1],
            {"weights": [[[1], [2]]]},
            r"weights\[0\] has shape \(2, 1\) but the sizes ask for \(1, 2\)",
        ),
        ([2, 1], {"weights": [[[1, np.nan]]]}, r"weights\[0\] has 1 values that are NaN"),
        ([2, 1], {"biases": [[1, 2]]}, r"biases\[0\] has shape \(2,\) but the sizes ask for \(1,\)"),
    ],
)
def test_network_diagram_refuses_what_does_not_fit(sizes: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.network_diagram(sizes, **options)
