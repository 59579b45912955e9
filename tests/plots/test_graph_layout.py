from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.autograd import Tensor
from course_utils.plots.graph_layers import arrange, crossings
from course_utils.plots.graph_layout import Place, place_nodes, route_edges
from course_utils.plots.graph_record import GraphRecord, read_graph
from tests.plots.graphs_of_the_deck import ALL, chain, crowd, leaf, regularised, skip, softmax, univariate


def count(record: GraphRecord) -> int:
    columns = arrange(record)
    return crossings(columns.columns, columns.segments)


def side(a: Place, b: Place, c: Place) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def lines_that_cross(record: GraphRecord) -> int:
    """Count the pairs of drawn lines that cross, by geometry alone; ends that meet do not count."""
    lines = [line for route in route_edges(record).values() for line in pairwise(route)]
    found = 0
    for (a, b), (c, d) in combinations(lines, 2):
        found += side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
    return found


def assert_fits_together(record: GraphRecord) -> None:
    places, routes = place_nodes(record), route_edges(record)
    assert set(places) == {node.name for node in record.nodes}
    assert set(routes) == {(edge.parent, edge.child) for edge in record.edges}
    columns: dict[float, list[float]] = {}
    for x, y in places.values():
        columns.setdefault(x, []).append(y)
    assert sorted(columns) == list(range(len(columns)))
    assert all(abs(a - b) >= 1 for rows in columns.values() for a, b in combinations(rows, 2))
    for (parent, child), route in routes.items():
        assert (route[0], route[-1]) == (places[parent], places[child])
        assert all(a[0] < b[0] for a, b in pairwise(route))
        x, y = np.transpose(route)
        for name, (column, row) in places.items():
            if name not in (parent, child) and x[0] <= column <= x[-1]:
                assert abs(np.interp(column, x, y) - row) >= 0.75, (name, parent, child)


def test_logistic_least_squares_stands_as_in_the_deck() -> None:
    record = read_graph(*univariate())
    places = place_nodes(record)
    assert places == {
        "x": (0, 1),
        "w": (0, 0),
        "b": (0, -1),
        "z": (1, 0),
        "y": (2, 0),
        "t": (2, -1),
        "L": (3, 0),
    }
    assert all(len(route) == 2 for route in route_edges(record).values())


def test_the_penalty_stands_above_and_its_edge_passes_above_the_loss() -> None:
    record = read_graph(*regularised())
    places = place_nodes(record)
    x, y = (
        {name: place[0] for name, place in places.items()},
        {name: place[1] for name, place in places.items()},
    )
    assert x["w"] < x["R"] < x["L"] < x["L_reg"]
    assert y["R"] > y["L"]
    assert y["w"] == y["R"]
    assert y["z"] == y["y"] == y["L"] == y["L_reg"]
    assert (x["t"], y["t"]) == (x["y"], y["y"] - 1)
    route = route_edges(record)["R", "L_reg"]
    assert [corner[1] for corner in route[:-1]] == [y["R"]] * (len(route) - 1)
    assert route[-2][0] == x["L"]


def test_softmax_stands_as_in_the_deck() -> None:
    record = read_graph(*softmax())
    places = place_nodes(record)
    y = {name: place[1] for name, place in places.items()}
    columns = [{name for name, place in places.items() if place[0] == column} for column in range(4)]
    assert columns == [
        {"x_1", "x_2", "w_11", "w_12", "b_1", "w_21", "w_22", "b_2"},
        {"z_1", "z_2"},
        {"y_1", "y_2", "t_1", "t_2"},
        {"L"},
    ]
    assert y["z_1"] == y["y_1"] > y["L"] > y["y_2"] == y["z_2"]
    assert y["y_1"] - y["L"] == y["L"] - y["y_2"]
    assert y["y_2"] > y["t_1"] > y["t_2"]
    assert min(y["w_11"], y["w_12"], y["b_1"]) > max(y["x_1"], y["x_2"])
    assert min(y["x_1"], y["x_2"]) > max(y["w_21"], y["w_22"], y["b_2"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("univariate", 0), ("regularised", 0), ("softmax", 2), ("fan_out", 0), ("vectors", 0), ("units", 0)],
)
def test_no_more_edges_cross_than_in_the_deck(name: str, expected: int) -> None:
    record = read_graph(*ALL[name]())  # softmax: x to z once and z to y once, which no order avoids
    assert count(record) == expected
    assert lines_that_cross(record) == expected


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("named", [True, False])
def test_edges_pass_no_node_and_nodes_keep_their_distance(name: str, named: bool) -> None:
    output, names = ALL[name]()
    assert_fits_together(read_graph(output, names if named else None))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
def test_any_graph_fits_together(pairs: list[tuple[int, int]]) -> None:
    known = [leaf(0.1), leaf(0.2), Tensor(0.3)]
    for a, b in pairs:
        known.append((known[a % len(known)] + known[b % len(known)]).tanh() + known[0])
    assert_fits_together(read_graph(known[-1]))


def test_a_long_edge_leaves_the_chain_it_skips_level() -> None:
    record = read_graph(*skip())
    places = place_nodes(record)
    assert len({places[name][1] for name in ("h_1", "h_2", "h_3", "y")}) == 1
    route = route_edges(record)["x", "y"]
    assert len(route) > 2
    assert all(abs(row - places["h_1"][1]) >= 1 for _, row in route[1:-1])


def test_an_input_stands_just_before_its_first_child() -> None:
    record = read_graph(*chain(5))
    assert [place_nodes(record)[f"v_{k}"][0] for k in range(5)] == [0, 1, 2, 3, 4]
    v, late = leaf(1.0), leaf(2.0)
    a = v.exp()
    b = a * late
    c = b + late
    places = place_nodes(read_graph(c, {"v": v, "late": late, "a": a, "b": b, "c": c}))
    assert places["late"][0] == places["a"][0] == 1


def test_the_same_graph_always_has_the_same_layout() -> None:
    first, second = (read_graph(*softmax()) for _ in range(2))
    assert place_nodes(first) == place_nodes(second)
    assert route_edges(first) == route_edges(second)


@pytest.mark.parametrize(("graph", "columns", "rows"), [(chain(30), 30, 1), (crowd(12), 2, 12)])
def test_large_graphs_have_a_layout_too(graph: Any, columns: int, rows: int) -> None:
    places = place_nodes(read_graph(*graph)).values()
    assert len({x for x, _ in places}) == columns
    assert max(y for _, y in places) - min(y for _, y in places) == rows - 1
