from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.autograd import Tensor, concatenate, maximum, no_grad, reverse_sweep
from course_utils.plots.graph_record import GraphRecord, read_graph
from course_utils.plots.graph_words import bar, symbol, written, written_number, written_sum
from tests.plots import graphs_of_the_deck
from tests.plots.graphs_of_the_deck import Names, leaf


def univariate() -> tuple[Tensor, Names]:
    """The deck's graph, named in another order: the record follows the names."""
    L, names = graphs_of_the_deck.univariate()
    return L, {name: names[name] for name in ("w", "x", "b", "z", "y", "t", "L")}


def softmax() -> tuple[Tensor, Names]:
    z_1, z_2, t_1, t_2 = leaf(0.7), leaf(-0.4), Tensor(0.2), Tensor(0.8)
    e_1, e_2 = z_1.exp(), z_2.exp()
    total = e_1 + e_2  # without a name, and used by both y_1 and y_2
    y_1, y_2 = e_1 / total, e_2 / total
    L = -(t_1 * y_1.log() + t_2 * y_2.log())
    return L, {"z_1": z_1, "z_2": z_2, "y_1": y_1, "y_2": y_2, "t_1": t_1, "t_2": t_2, "L": L}


def contribution(record: GraphRecord, parent: str, child: str) -> float:
    (edge,) = [edge for edge in record.edges if (edge.parent, edge.child) == (parent, child)]
    assert edge.contribution is not None
    return float(edge.contribution.item())


def test_a_tensor_without_a_name_is_folded_into_the_next_one_with_a_name() -> None:
    record = read_graph(*univariate())
    assert [node.name for node in record.nodes] == ["w", "x", "b", "z", "y", "t", "L"]
    z, L = record.node("z"), record.node("L")
    assert (z.parents, z.operation, z.is_input, z.needs_gradient) == (
        ("w", "x", "b"),
        "mul, add",
        False,
        True,
    )
    assert (L.parents, L.operation) == (("y", "t"), "sub, pow, mul")
    t = record.node("t")
    assert (t.parents, t.operation, t.is_input, t.needs_gradient, t.bar) == ((), "", True, False, None)


def test_values_bars_and_contributions_are_those_of_the_example_by_hand() -> None:
    record = read_graph(*univariate())
    y = 1 / (1 + np.exp(-0.8))
    z_bar = (y - 1) * y * (1 - y)
    expected = {"w": 2 * z_bar, "b": z_bar, "z": z_bar, "y": y - 1, "L": 1.0}
    for name, bar_by_hand in expected.items():
        node = record.node(name)
        assert node.bar is not None
        np.testing.assert_allclose(node.bar, bar_by_hand, rtol=1e-12)
    assert contribution(record, "w", "z") == pytest.approx(2 * z_bar, rel=1e-12)
    assert contribution(record, "y", "L") == pytest.approx(y - 1, rel=1e-12)
    assert [edge.contribution for edge in record.edges if edge.parent in "xt"] == [None, None]


def test_an_unnamed_tensor_that_two_nodes_use_is_part_of_both() -> None:
    record = read_graph(*softmax())
    y = np.array([record.node("y_1").value.item(), record.node("y_2").value.item()])
    y_bar = -np.array([0.2, 0.8]) / y
    for j in (0, 1):
        for k in (0, 1):
            slope = y[k] * ((k == j) - y[j])  # of y_k with respect to z_j
            found = contribution(record, f"z_{j + 1}", f"y_{k + 1}")
            assert found == pytest.approx(y_bar[k] * slope, rel=1e-12)
    z_1, z_2 = record.node("z_1").bar, record.node("z_2").bar
    assert z_1 is not None
    assert z_2 is not None
    np.testing.assert_allclose([z_1, z_2], y - [0.2, 0.8], rtol=1e-12)
    assert record.fans_out("z_1")
    assert not record.fans_out("y_1")


def test_several_uses_by_one_node_are_one_edge_with_the_sum() -> None:
    w = leaf(3.0)
    z = w * w + w + 2 * w
    record = read_graph(z, {"w": w, "z": z})
    assert [(edge.parent, edge.child) for edge in record.edges] == [("w", "z")]
    assert contribution(record, "w", "z") == 2 * 3.0 + 1 + 2
    assert not record.fans_out("w")


def grow(draw: Callable[[Any], Any], dtype: type) -> tuple[Tensor, Names]:
    """Make a random graph over shapes that broadcast; about half of its tensors get a name."""
    numbers = st.floats(-1.5, 1.5, width=32)
    shapes = st.sampled_from([(), (3,), (2, 1), (2, 3)])
    known = []
    for place in range(3):
        shape = draw(shapes)
        values = np.array(draw(st.lists(numbers, min_size=6, max_size=6)))[: int(np.prod(shape))]
        known.append(Tensor(values.reshape(shape).astype(dtype), requires_grad=place < 2))
    for _ in range(draw(st.integers(1, 12))):
        a, b = draw(st.sampled_from(known)), draw(st.sampled_from(known))
        rules = (a + b, a - b, (a * b).tanh(), a.sin() * b, maximum(a, b), a.sigmoid(), (a * a).sin())
        known.append(draw(st.sampled_from(rules)))
    output = (known[-1] + known[0] * known[1]).sum()
    named = {f"v_{place}": tensor for place, tensor in enumerate(known) if draw(st.booleans())}
    return output, {**named, "L": output}


def reached(output: Tensor, names: Names) -> Names:
    found, waiting = set(), [output]
    while waiting:
        tensor = waiting.pop()
        if id(tensor) not in found:
            found.add(id(tensor))
            waiting += tensor.parents
    return {name: tensor for name, tensor in names.items() if id(tensor) in found}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([np.float32, np.float64]))
def test_contributions_add_up_to_the_bars_of_the_engine(data: st.DataObject, dtype: type) -> None:
    output, names = grow(data.draw, dtype)
    names = reached(output, names)
    record = read_graph(output, names)
    bars = {id(step.tensor): step.bar for step in reverse_sweep(output)}
    assert {node.name for node in record.nodes} == set(names)
    for node in record.nodes:
        shares = [edge.contribution for edge in record.children(node.name) if edge.contribution is not None]
        assert (node.bar is None) == (id(names[node.name]) not in bars)
        assert node.value.dtype == dtype
        if node.bar is not None and node.name != "L":
            np.testing.assert_array_equal(node.bar, bars[id(names[node.name])])
            close = 1e-5 if dtype == np.float32 else 1e-13
            largest = max(1.0, *(float(np.abs(share).max()) for share in shares))  # terms may cancel
            np.testing.assert_allclose(sum(shares), node.bar, rtol=0, atol=close * largest)


def test_a_graph_of_vectors_keeps_shapes_and_dtypes() -> None:
    W, x = leaf(np.ones((3, 2), dtype=np.float32)), Tensor(np.array([1, 2], dtype=np.float32))
    h = (W @ x).tanh()
    L = concatenate([h, h * 2]).sum()
    record = read_graph(L, {"W": W, "x": x, "h": h, "L": L})
    edge = record.children("W")[0]
    assert edge.contribution is not None
    assert edge.contribution.shape == (3, 2)
    assert edge.contribution.dtype == np.float32
    h_bar = record.node("h").bar
    assert h_bar is not None
    np.testing.assert_array_equal(h_bar, [3, 3, 3])


def test_a_gradient_may_be_given_for_an_output_that_is_no_number() -> None:
    x = leaf([1.0, 2.0])
    y = x * x
    record = read_graph(y, {"x": x, "y": y}, gradient=[1.0, 10.0])
    np.testing.assert_array_equal(record.steps[-1].result, [2.0, 40.0])
    with pytest.raises(ValueError, match="backward was given no gradient for shape"):
        read_graph(y, {"x": x, "y": y})


def test_the_steps_go_forward_through_what_is_computed_then_back_from_the_output() -> None:
    record = read_graph(*univariate())
    assert [(step.phase, step.node) for step in record.steps] == [
        ("forward", "z"),
        ("forward", "y"),
        ("forward", "L"),
        ("backward", "L"),
        ("backward", "y"),
        ("backward", "z"),
        ("backward", "b"),
        ("backward", "w"),
    ]
    forward, last = record.steps[0], record.steps[3]
    assert [(name, value.item()) for name, value in forward.received] == [("w", 0.5), ("x", 2.0), ("b", -0.2)]
    assert forward.result.item() == 0.8
    assert (last.received, last.result.item()) == ((), 1.0)
    assert [name for name, _ in record.steps[5].passed] == ["w", "b"]


def test_a_step_says_what_a_node_receives_and_writes_the_sum_out() -> None:
    w, x = leaf(0.5), Tensor(2.0)
    z = w * x
    R = 0.5 * w**2
    J = 0.15 * z + 0.4 * R
    steps = read_graph(J, {"w": w, "x": x, "z": z, "R": R, "J": J}).steps
    texts = {(step.phase, step.node): step.text for step in steps}
    assert texts["forward", "z"] == "z receives w = 0.5 and x = 2 and computes mul: z = 1."
    assert texts["forward", "J"].endswith("and computes mul, mul and add: J = 0.2.")
    assert texts["backward", "J"] == "J is the output: its bar is 1. It passes 0.15 to z and 0.4 to R."
    assert texts["backward", "R"] == "R receives 0.4 from J, which is its bar. It passes 0.2 to w."
    assert texts["backward", "w"] == (
        "w receives 0.3 from z and 0.2 from R: its bar is 0.3 + 0.2 = 0.5. "
        "It is an input, where the way back ends."
    )


def test_a_long_list_is_cut_short_in_a_step() -> None:
    leaves = {f"w_{place}": leaf(float(place)) for place in range(9)}
    total = sum(leaves.values(), Tensor(0.0))
    text = read_graph(total, {**leaves, "s": total}).steps[0].text
    assert "w_4 = 4 and 4 more and computes add, add, add, add, add and 4 more: s = 36." in text
    assert "w_5" not in text


def test_a_node_whose_parents_have_no_name_passes_nothing_on() -> None:
    x, w = Tensor(2.0), leaf(0.5)
    z = w * x
    L = z * z
    steps = read_graph(L, {"x": x, "z": z, "L": L}).steps
    assert steps[-1].text == "z receives 2 from L, which is its bar. It passes nothing on."


def test_every_step_passes_on_what_its_parents_receive() -> None:
    record = read_graph(*softmax())
    back = {step.node: step for step in record.steps if step.phase == "backward"}
    for name, step in back.items():
        for parent, share in step.passed:
            (received,) = [given for child, given in back[parent].received if child == name]
            assert received is share


def test_nodes_follow_the_order_of_the_names_where_parents_allow() -> None:
    L, names = univariate()
    backwards = dict(reversed(names.items()))
    record = read_graph(L, backwards)
    assert [node.name for node in record.nodes] == ["t", "b", "x", "w", "z", "y", "L"]
    assert record.node("z").parents == ("w", "x", "b")


def test_without_names_every_tensor_is_named_by_what_it_is() -> None:
    L, _ = univariate()
    names = [node.name for node in read_graph(L).nodes]
    assert names == ["0.5", "a", "2", "mul", "b", "add", "sigmoid", "1", "sub", "2 (2)", "pow", "mul 2"]
    vectors = read_graph((leaf([1.0, 2.0]) * Tensor([3.0, 4.0])).sum())
    assert [node.name for node in vectors.nodes] == ["a", "array", "mul", "sum"]


def test_more_leaves_than_letters_still_have_names_of_their_own() -> None:
    total = leaf(0.0)
    for _ in range(30):
        total = total + leaf(1.0)
    names = [node.name for node in read_graph(total).nodes]
    assert len(set(names)) == 61
    assert {"a", "z", "a_1", "e_1", "add 30"} <= set(names)


def test_a_record_stays_as_it_is_when_the_tensors_change() -> None:
    w = leaf([1.0, 2.0])
    L = (w * w).sum()
    record = read_graph(L, {"w": w, "L": L})
    with no_grad():
        w += 1
    np.testing.assert_array_equal(record.node("w").value, [1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        record.node("w").value[0] = 5.0
    assert w.grad is None


def test_a_name_that_the_graph_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="the graph has no node 'q': choose one of w, x, b, z, y, t, L"):
        read_graph(*univariate()).node("q")


def test_what_cannot_be_read_is_refused_in_a_sentence() -> None:
    L, names = univariate()
    other = leaf(1.0) * 2
    with pytest.raises(ValueError, match=r"the output was not computed from 'q'.*leave it out"):
        read_graph(L, {**names, "q": other})
    with pytest.raises(ValueError, match="'w' and 'v' name one tensor: give each tensor one name"):
        read_graph(L, {**names, "v": names["w"]})
    with pytest.raises(ValueError, match="names holds w, x but not the output: name it too"):
        read_graph(L, {"w": names["w"], "x": names["x"]})
    with pytest.raises(ValueError, match="names holds nothing but not the output"):
        read_graph(L, {})
    with pytest.raises(ValueError, match=r"output is a leaf, shape \(\), so there is no graph"):
        read_graph(names["w"], names)
    with pytest.raises(TypeError, match="output is float but must be a Tensor"):
        read_graph(0.5, names)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"names\['c'\] is int but must be a Tensor"):
        read_graph(L, {**names, "c": 3})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="names is list but must be a dict"):
        read_graph(L, [L])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="names has the key 3 but a name must be text"):
        read_graph(L, {3: L})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="names has the key ' ' but a name must be text"):
        read_graph(L, {" ": L})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2"),
        (0.5, "0.5"),
        (-0.041, "−0.041"),
        (0.999, "1"),
        (0.0, "0"),
        (-1e-9, "−1.0e−09"),
        (6.1e-17, "0"),
        (3e7, "3.0e+07"),
    ],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert written_number(value) == text


def test_arrays_are_written_with_their_shape_and_few_entries() -> None:
    assert written(np.array(0.25)) == "0.25"
    assert written(np.array([[1.0, -2.0], [0.5, 3.0]])) == "(2, 2): [[1, −2], [0.5, 3]]"
    assert written(np.zeros(5)) == "shape (5,)"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([0.3, 0.2], "0.3 + 0.2 = 0.5"),
        ([0.3, -0.2], "0.3 − 0.2 = 0.1"),
        ([0.005, 0.005], "0.005 + 0.005 = 0.01"),
        ([0.125, 0.125], "0.125 + 0.125 = 0.25"),
        ([1 / 3, 1e-9], "0.33 + 1.0e−09 ≈ 0.33"),
        ([0.0, 0.4, 0.1], "0 + 0.4 + 0.1 = 0.5"),
    ],
)
def test_a_written_sum_is_right_as_written(parts: list[float], text: str) -> None:
    assert written_sum([np.array(part) for part in parts], np.array(sum(parts))) == text


def test_the_sum_of_vectors_is_written_with_their_number() -> None:
    assert written_sum([np.ones(2), np.ones(2)], np.array([2.0, 2.0])) == "sum of 2: (2,): [2, 2]"


@pytest.mark.parametrize(
    ("name", "text", "gradient"),
    [
        ("z", "$z$", r"$\bar{z}$"),
        ("w_12", "$w_{12}$", r"$\overline{w_{12}}$"),
        ("L_reg", "$L_{reg}$", r"$\overline{L_{reg}}$"),
        ("x^2", "$x^{2}$", r"$\overline{x^{2}}$"),
        (r"$\lambda$", r"$\lambda$", r"$\overline{\lambda}$"),
        ("add 2", "add 2", "bar"),
    ],
)
def test_names_are_set_as_mathematics(name: str, text: str, gradient: str) -> None:
    assert symbol(name) == text
    assert bar(name) == gradient
