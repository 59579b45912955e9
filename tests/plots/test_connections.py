from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from course_utils import plots
from course_utils.plots.connections import FADED
from course_utils.plots.fields import read_network

CONV = np.array([[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]])
DENSE = np.arange(1, 16).reshape(3, 5)
TOP = np.array([[1, 2, 3]])


def same(size: int) -> Any:
    """Return the matrix of three shared weights with as many outputs as inputs."""
    return np.eye(size, k=-1) + 2 * np.eye(size) + 3 * np.eye(size, k=1)


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def units(fig: Figure) -> list[Circle]:
    return [patch for patch in fig.axes[0].patches if isinstance(patch, Circle)]


def looks(fig: Figure) -> list[tuple[Any, Any]]:
    return [(line.get_color(), line.get_linestyle()) for line in fig.axes[0].lines]


def test_every_unit_and_every_connection_is_drawn_and_counted() -> None:
    fig = plots.connection_diagram({"sparse": [CONV], "dense": [DENSE]}, names=["x", "h"], title="Two layers")
    assert len(units(fig)) == 2 * (5 + 3)
    assert len(fig.axes[0].lines) == 9 + 15
    assert {"Two layers", "sparse", "dense", "$x_{5}$", "$h_{3}$", "x", "h"} <= set(texts(fig))
    assert {"3 weights, 9 connections", "15 weights, 15 connections"} <= set(texts(fig))


def test_edges_run_from_their_input_up_to_their_output() -> None:
    fig = plots.connection_diagram([[[0, 0, 1], [0, 0, 0]]])
    (edge,) = fig.axes[0].lines
    centres = [unit.center for unit in units(fig)]
    (x_from, x_to), (y_from, y_to) = np.asarray(edge.get_xdata()), np.asarray(edge.get_ydata())
    assert (x_from, y_from) == pytest.approx(centres[2])
    assert (x_to, y_to) == pytest.approx(centres[3])
    assert y_to < y_from  # inches from the top: the output stands above


def test_one_weight_has_one_colour_and_dash_and_no_other_has_it() -> None:
    shared = looks(plots.connection_diagram([CONV]))
    assert shared[:3] == shared[3:6] == shared[6:]
    assert len(set(shared)) == 3
    assert len(set(looks(plots.connection_diagram([DENSE])))) == 15


def test_too_many_weights_to_tell_apart_are_grey() -> None:
    assert len(set(looks(plots.connection_diagram([np.arange(1, 21).reshape(4, 5)])))) == 1


def test_sharing_can_be_left_out() -> None:
    fig = plots.connection_diagram([CONV], shared=False)
    assert len(set(looks(fig))) == 1
    assert "9 connections" in texts(fig)


def test_the_receptive_field_grows_by_two_a_layer() -> None:
    marked = read_network([same(9)] * 3, (3, 4), None).marked
    assert marked is not None
    assert [int(row.sum()) for row in marked] == [7, 5, 3, 1]
    assert marked[0].tolist() == [False] + [True] * 7 + [False]


def test_influence_goes_upwards_and_only_over_connections() -> None:
    marked = read_network([CONV, TOP], None, (0, 0)).marked
    assert marked is not None
    assert [row.tolist() for row in marked] == [[True] + [False] * 4, [True, False, False], [True]]


def test_what_is_marked_is_told_without_colour_alone() -> None:
    fig = plots.connection_diagram([same(7), same(7)], field_of=(2, 3), names=["x", "h_1", "h_2"])
    assert "the filled unit sees 5 of 7 inputs" in texts(fig)
    assert "$h_{2,4}$" in texts(fig)
    fills = [to_hex(unit.get_facecolor()) for unit in units(fig)]
    assert fills.count(plots.BLUE.lower()) == 1
    assert fills.count("#ffffff") == 21 - 5 - 3 - 1
    assert {unit.get_linewidth() for unit in units(fig)} == {1.2, 2.2}
    strong = [line for line in fig.axes[0].lines if line.get_color() != FADED]
    assert len(strong) == 3 + 3 * 3
    assert {line.get_linewidth() for line in strong} == {1.8}


def test_reach_is_told() -> None:
    fig = plots.connection_diagram({"a": [CONV], "b": [DENSE]}, reach_of=(0, 0))
    assert {"the filled unit reaches 1 of 3 outputs", "the filled unit reaches 3 of 3 outputs"} <= set(
        texts(fig)
    )
    assert {"inputs", "layer 1"} <= set(texts(fig))


def test_many_units_have_no_names() -> None:
    fig = plots.connection_diagram([same(30)], names=["x", "h"], shared=False)
    assert len(units(fig)) == 60
    assert texts(fig) == ["x", "h", "88 connections"]


@pytest.mark.parametrize(
    ("networks", "options", "message"),
    [
        ({}, {}, "networks is empty but a figure needs at least one list of matrices"),
        ([], {}, "a network has no layers but needs at least one matrix"),
        ([[1, 2]], {}, r"layer 1 has shape \(2,\) but must be \(outputs, inputs\)"),
        ([CONV, CONV], {}, "layer 2 takes 5 units but layer 1 has 3; give matrices"),
        (
            [CONV],
            {"field_of": (2, 0)},
            r"field_of is \(2, 0\) but must be \(layer, unit\) from 0, in layers of",
        ),
        ([CONV], {"reach_of": (0, 5)}, r"reach_of is \(0, 5\) but must be"),
        ([CONV], {"field_of": (1, 0), "reach_of": (0, 0)}, "field_of and reach_of are both given"),
        ([CONV], {"names": ["x"]}, "names has 1 entries but there are 2 rows of units"),
        ({"a": [CONV], "b": [CONV, TOP]}, {}, r"the networks have \[2, 3\] rows of units"),
        ([same(60)], {}, "layers of 60 units are too wide to draw"),
    ],
)
def test_connection_diagram_refuses_what_does_not_fit(networks: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.connection_diagram(networks, **options)
