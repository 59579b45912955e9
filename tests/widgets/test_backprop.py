"""The backprop explorer's Python side: graphs, what travels to the browser, sentences, the static twin."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from traitlets import TraitError

from course_utils.autograd import Tensor
from course_utils.plots import computation_graph
from course_utils.plots.style import PALE_BLUE, PALE_VERMILLION
from course_utils.widgets import BackpropExplorer, backprop_figure
from course_utils.widgets.graphs import GRAPHS

FUNCTIONS = {
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}
w = Tensor(2.0, requires_grad=True)
WIDTH = 910  # pixels that the style sheet allows an explorer


def own(step: int = 0) -> BackpropExplorer:
    w, x = Tensor([1.0, -2.0], requires_grad=True), Tensor([3.0, 0.5])
    s = w * x
    L = (s + w).sum()
    return BackpropExplorer(L, {"w": w, "x": x, "s": s, "L": L}, step=step)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_line_of_the_program_gives_the_number_beside_it(name: str) -> None:
    record, graph = BackpropExplorer(graph=name).page.record, GRAPHS[name]
    values = {node.name: node.value.item() for node in record.nodes}
    bars = {f"{node.name}_bar": node.bar.item() for node in record.nodes if node.bar is not None}
    assert set(graph.lines) == {node.name for node in record.nodes if not node.is_input}
    assert {f"{node}_bar" for node in graph.bars} == set(bars)
    known = FUNCTIONS | values | bars
    for node, line in graph.lines.items():
        assert eval(line, {}, known) == pytest.approx(values[node], abs=1e-12), line
    for node, line in graph.bars.items():
        assert eval(line, {}, known) == pytest.approx(bars[f"{node}_bar"], abs=1e-12), line


@pytest.mark.parametrize("name", GRAPHS)
def test_a_line_uses_only_what_reaches_its_node(name: str) -> None:
    record, graph = BackpropExplorer(graph=name).page.record, GRAPHS[name]
    for step in record.steps:
        line = (graph.lines if step.phase == "forward" else graph.bars)[step.node]
        symbols = set(re.findall(r"[^\W\d]\w*", line)) - set(FUNCTIONS)
        received = {other for other, _ in step.received}
        if step.phase == "forward":
            assert symbols == received
        else:
            assert {name for name in symbols if name.endswith("_bar")} == {
                f"{child}_bar" for child in received
            }


@pytest.mark.parametrize(
    ("graph", "fans_out"),
    [("logistic", []), ("two_paths", ["t"]), ("regularised", ["w"]), ("softmax", ["z_1", "z_2"])],
)
def test_the_decks_graphs_fan_out_where_the_decks_do(graph: str, fans_out: list[str]) -> None:
    record = BackpropExplorer(graph=graph).page.record
    assert [node.name for node in record.nodes if record.fans_out(node.name)] == fans_out


def test_the_softmax_graph_gives_y_minus_t() -> None:
    record = BackpropExplorer(graph="softmax").page.record
    for k in "12":
        z, y, t = (record.node(f"{letter}_{k}") for letter in "zyt")
        assert z.bar == pytest.approx(y.value - t.value, abs=1e-12)


def test_read_outs_say_every_step() -> None:
    explorer = BackpropExplorer(graph="regularised")
    assert explorer.words() == (
        "Start, 12 steps to go. Given: x = 2, w = 0.6, b = −1.2, t = 0.9, λ = 0.5."
        "\nThe bar of w, in code w_bar, is the gradient of L_reg with respect to w."
    )
    explorer.step = 1
    assert explorer.words().startswith("Step 1 of 12, forward: z receives w = 0.6, x = 2 and b = −1.2")
    assert explorer.words().endswith("z = 0.\nz = w * x + b")
    explorer.step = 12
    assert explorer.words().startswith("Step 12 of 12, backward: w receives −0.2 from z and 0.3 from R")
    assert "−0.2 + 0.3 = 0.1" in explorer.words()
    assert explorer.words().endswith("\nw_bar = z_bar * x + R_bar * w")


@pytest.mark.parametrize("name", [*GRAPHS, "own"])
def test_read_outs_follow_the_steps_of_the_record(name: str) -> None:
    explorer = own() if name == "own" else BackpropExplorer(graph=name)
    steps = explorer.page.record.steps
    for taken, step in enumerate(steps, start=1):
        explorer.step = taken
        assert explorer.words().startswith(f"Step {taken} of {len(steps)}, {step.phase}: {step.text}")


def test_a_graph_of_ones_own_has_no_lines_of_a_program_and_no_list() -> None:
    explorer = own(step=5)
    assert repr(explorer) == "BackpropExplorer(graph='own', step=5)"
    assert list(explorer.get_state()["_drawings"]) == ["own"]
    assert explorer.words().startswith("Step 5 of 5, backward: w ")
    assert "\n" not in explorer.words()


def test_without_names_every_tensor_is_drawn() -> None:
    w = Tensor(2.0, requires_grad=True)
    explorer = BackpropExplorer(w * w + 1)
    assert {node.operation for node in explorer.page.record.nodes} == {"", "mul", "add"}


def test_a_graph_too_large_for_a_page_is_refused() -> None:
    z = w
    for _ in range(20):
        z = z.tanh()
    with pytest.raises(TraitError, match=r"the graph has 21 nodes in 21 columns.*name fewer tensors"):
        BackpropExplorer(z)


def shown(drawing: dict[str, Any], taken: int) -> set[tuple[str, ...]]:
    """List whose numbers the browser shows after some steps."""
    return {(kind, *owner) for kind, owner, *_, since in drawing["labels"] if since <= taken}


@pytest.mark.parametrize("name", [*GRAPHS, "own"])
def test_a_number_is_shown_from_the_step_that_computes_it(name: str) -> None:
    explorer = own() if name == "own" else BackpropExplorer(graph=name)
    record, drawing = explorer.page.record, explorer.get_state()["_drawings"][explorer.graph]
    known = {("value", node.name) for node in record.nodes if node.is_input}
    for taken in range(len(record.steps) + 1):
        if taken:
            step = record.steps[taken - 1]
            known |= {("value" if step.phase == "forward" else "bar", step.node)}
        edges = {("value", e.parent, e.child) for e in record.edges if ("value", e.parent) in known}
        for edge in record.edges:
            if edge.contribution is not None and ("bar", edge.child) in known:
                edges.add(("bar", edge.parent, edge.child))
        assert shown(drawing, taken) == known | edges
        moving = {(a, b, kind) for a, b, _, *since in drawing["edges"] for kind, at in enumerate(since)
                  if at is not None and at <= taken}  # fmt: skip
        assert moving == {(a, b, int(kind == "bar")) for kind, a, b in edges}
    assert [[step.phase, step.node] for step in record.steps] == drawing["steps"]
    assert len(drawing["words"]) == len(drawing["steps"]) + 1


@pytest.mark.parametrize("name", GRAPHS)
def test_the_browser_draws_nodes_where_the_static_figure_has_them(name: str) -> None:
    tensors = GRAPHS[name].build()
    fig = computation_graph(list(tensors.values())[-1], tensors, step=0)
    drawing = BackpropExplorer(graph=name).get_state()["_drawings"][name]
    patches = {str(patch.get_gid()): patch for patch in fig.axes[0].patches}
    assert drawing["size"][0] == pytest.approx(100 * fig.get_figwidth(), abs=0.1)
    assert drawing["size"][0] <= WIDTH
    for node, x, y, half, _ in drawing["nodes"]:
        box = patches[f"node {node}"].get_path().get_extents()
        assert (x, y) == pytest.approx(
            (50 * (box.x0 + box.x1), 100 * fig.get_figheight() - 50 * (box.y0 + box.y1)), abs=0.2
        )
        assert half == pytest.approx(50 * box.width, abs=0.2)
        assert y + drawing["radius"] < drawing["size"][1]


def test_only_plain_values_travel_and_few_of_them() -> None:
    state = BackpropExplorer().get_state()
    text = json.dumps(state["_drawings"], allow_nan=False)
    assert json.loads(text) == state["_drawings"]
    assert len(text) < 25_000  # all of the decks' graphs, once
    assert [drawing["title"] for drawing in state["_drawings"].values()] == [g.title for g in GRAPHS.values()]


def test_another_graph_keeps_the_step_within_its_own() -> None:
    explorer = BackpropExplorer(graph="softmax", step=16)
    explorer.graph = "two_paths"
    assert repr(explorer) == "BackpropExplorer(graph='two_paths', step=7)"
    explorer.set_state({"step": 0, "graph": "softmax"})  # as the browser's list sends it
    assert repr(explorer) == "BackpropExplorer(graph='softmax', step=0)"


BAD: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    ((), {"graph": "mlp"}, "graph is 'mlp' but must be one of logistic, two_paths, regularised, softmax"),
    ((), {"graph": 3}, "graph is 3 but must be one of logistic"),
    ((), {"step": 9}, "step is 9 but this graph has 8 steps; choose one from 0 to 8"),
    ((), {"step": -1}, "step is -1 but must be a whole number, 0 or more"),
    ((), {"step": 1.5}, "step is 1.5 but must be a whole number"),
    ((), {"step": True}, "step is True but must be a whole number"),
    ((None, {"w": w}), {}, "names were given without an output; give the tensor at the end"),
    ((w * w, None), {"graph": "softmax"}, "graph is 'softmax' but output and names were given too; give one"),
    ((w,), {}, "output is a leaf, shape \\(\\), so there is no graph"),
    ((3.0,), {}, "output is float but must be a Tensor"),
    ((w * w, {"w": w}), {}, "names holds w but not the output: name it too"),
]


@pytest.mark.parametrize(("given", "options", "sentence"), BAD)
def test_bad_graphs_and_steps_are_refused(
    given: tuple[Any, ...], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(TraitError, match=sentence):
        BackpropExplorer(*given, **options)


@pytest.mark.parametrize(("name", "value", "sentence"), [(*next(iter(o.items())), s) for _, o, s in BAD[:6]])
def test_bad_graphs_and_steps_are_refused_later_too(name: str, value: Any, sentence: str) -> None:
    explorer = BackpropExplorer(step=3)
    with pytest.raises(TraitError, match=sentence):
        setattr(explorer, name, value)
    assert repr(explorer) == "BackpropExplorer(graph='logistic', step=3)"


def test_numpy_steps_are_steps() -> None:
    assert repr(BackpropExplorer(step=np.int64(2))) == "BackpropExplorer(graph='logistic', step=2)"


@pytest.mark.parametrize("taken", [0, 1, 5, 6, 12])
def test_the_static_twin_shows_what_the_browser_shows(taken: int) -> None:
    explorer = BackpropExplorer(graph="regularised", step=taken)
    fig = backprop_figure(explorer)
    record, drawing = explorer.page.record, explorer.get_state()["_drawings"]["regularised"]
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert len(texts) == len(record.nodes) + len(shown(drawing, taken)) + 1
    sentence = explorer.words().split("\n")[0].replace("L_reg", "$L_{reg}$")
    assert texts[-1].replace("\n", " ") == sentence
    fills = {str(p.get_gid()): to_hex(p.get_facecolor()).upper() for p in fig.axes[0].patches}
    marked = {name: fill for name, fill in fills.items() if fill in (PALE_BLUE, PALE_VERMILLION)}
    phase, node = drawing["steps"][taken - 1] if taken else ("", "")
    colours = {"forward": PALE_BLUE, "backward": PALE_VERMILLION}
    assert marked == ({f"node {node}": colours[phase]} if taken else {})
    assert repr(explorer) == f"BackpropExplorer(graph='regularised', step={taken})"
