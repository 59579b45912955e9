import re
import warnings
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.text import Text

from course_utils import plots
from course_utils.plots.show import LARGEST_PNG, png
from course_utils.plots.style import GREY, PALE_BLUE, PALE_VERMILLION
from tests.plots.graphs_of_the_deck import (
    ALL,
    DECK,
    chain,
    crowd,
    fan_out,
    leaf,
    regularised,
    softmax,
    univariate,
)


@cache
def figure(name: str, step: int | None = None) -> Figure:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return plots.computation_graph(*ALL[name](), step=step)


def patches(fig: Figure, kind: type) -> dict[str, Any]:
    return {str(patch.get_gid()): patch for patch in fig.axes[0].patches if isinstance(patch, kind)}


def texts(fig: Figure) -> dict[str, str]:
    """Return the numbers of a figure by what they belong to."""
    return {str(text.get_gid()): text.get_text() for text in fig.axes[0].texts if text.get_gid()}


def free_texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts if not text.get_gid()]


def legend_texts(fig: Figure) -> list[str]:
    legend = fig.axes[0].get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def test_every_node_and_every_edge_is_drawn_with_its_numbers() -> None:
    fig = figure("univariate")
    assert [gid for gid in patches(fig, Polygon) if gid.startswith("node")] == [
        f"node {name}" for name in ("x", "w", "b", "z", "y", "t", "L")
    ]
    arrows = patches(fig, FancyArrowPatch)
    flows = [("x", "z"), ("w", "z"), ("b", "z"), ("z", "y"), ("y", "L"), ("t", "L")]
    assert {gid for gid in arrows if gid.startswith("forward")} == {f"forward {a} {b}" for a, b in flows}
    back = {gid for gid in arrows if gid.startswith("back")}
    assert back == {"back w z", "back b z", "back z y", "back y L"}
    shown = texts(fig)
    assert (shown["value z"], shown["bar z"]) == ("0.8", r"$\bar{z}$ = −0.066")
    assert (shown["value w z"], shown["bar w z"]) == ("0.5", "−0.13")
    assert (shown["value L"], shown["bar L"]) == ("0.048", r"$\bar{L}$ = 1")
    assert not {"bar x", "bar t", "bar x z", "bar t L"} & set(shown)
    assert {"$x$", "$w$", "$L$"} <= set(free_texts(fig))


def test_the_two_directions_differ_in_more_than_colour() -> None:
    fig = figure("univariate")
    arrows = patches(fig, FancyArrowPatch)
    ahead, back = arrows["forward w z"], arrows["back w z"]
    assert to_rgb(ahead.get_edgecolor()) == to_rgb(plots.BLUE)
    assert to_rgb(back.get_edgecolor()) == to_rgb(plots.VERMILLION)
    assert ahead.get_linestyle() in ("-", "solid")
    assert back.get_linestyle() not in ("-", "solid")
    assert type(ahead.get_arrowstyle()) is not type(back.get_arrowstyle())
    w, z = node_middle(fig, "w")[0], node_middle(fig, "z")[0]
    assert ahead.get_path().vertices[0][0] < (w + z) / 2 < back.get_path().vertices[0][0]
    assert legend_texts(fig) == ["value, forward →", "← contribution, backward"]
    places = {text.get_gid(): text.get_position() for text in fig.axes[0].texts}
    for parent, child in (("w", "z"), ("b", "z"), ("z", "y"), ("y", "L")):
        (x_1, y_1), (x_2, y_2) = places[f"value {parent} {child}"], places[f"bar {parent} {child}"]
        (x_a, y_a), (x_b, y_b) = node_middle(fig, parent), node_middle(fig, child)
        line = lambda x: y_a + (x - x_a) * (y_b - y_a) / (x_b - x_a)  # noqa: B023, E731
        assert y_1 > line(x_1)
        assert y_2 < line(x_2)


def node_middle(fig: Figure, name: str) -> Any:
    outline = patches(fig, Polygon)[f"node {name}"].get_xy()
    return (outline.min(axis=0) + outline.max(axis=0)) / 2


def test_a_node_that_fans_out_has_a_ring_and_its_bar_is_written_as_a_sum() -> None:
    fig = figure("regularised")
    assert [gid for gid in patches(fig, Polygon) if gid.startswith("ring")] == ["ring w"]
    assert texts(fig)["bar w"] == r"$\bar{w}$ = −0.13 + 0.05 = −0.08"
    assert legend_texts(fig)[-1] == "double ring: its bar is a sum"
    softmax_rings = {gid for gid in patches(figure("softmax"), Polygon) if gid.startswith("ring")}
    assert softmax_rings == {"ring z_1", "ring z_2"}


def boxes(fig: Figure) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the extents of all texts that are not inside a node, and of all nodes."""
    fig.draw_without_rendering()
    inside = {text for text in fig.axes[0].texts if text.get_zorder() == 5}
    written = [text for text in fig.axes[0].texts if text not in inside]
    legend = fig.axes[0].get_legend()
    written += legend.get_texts() if legend else []
    extents = {str(text.get_gid() or text.get_text()): text.get_window_extent() for text in written}
    return extents, {gid: patch.get_window_extent() for gid, patch in patches(fig, Polygon).items()}


def overlap(a: Any, b: Any) -> bool:
    return bool(a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1)


@pytest.mark.parametrize("name", DECK)
@pytest.mark.parametrize("stepwise", [False, True])
def test_no_text_overlaps_a_node_or_another_text(name: str, stepwise: bool) -> None:
    steps = plots.graph_steps(*DECK[name]())
    fig = figure(name, steps if stepwise else None)
    extents, nodes = boxes(fig)
    assert len(extents) >= 15
    assert [pair for pair in combinations(extents, 2) if overlap(*(extents[name] for name in pair))] == []
    assert [(text, node) for text in extents for node in nodes if overlap(extents[text], nodes[node])] == []


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("step", [None, 0, 7])
def test_the_picture_is_small_and_nothing_is_cut_off(name: str, step: int | None) -> None:
    fig = figure(name, step)
    assert len(png(fig)) <= LARGEST_PNG
    width, height = fig.get_size_inches() * fig.dpi
    assert 500 <= width <= 900
    assert height <= 650
    page = fig.bbox
    drawn = [patch.get_window_extent() for patch in fig.axes[0].patches]
    assert all(page.x0 <= box.x0 <= box.x1 <= page.x1 for box in drawn)
    assert all(page.y0 <= box.y0 <= box.y1 <= page.y1 for box in drawn)
    for text in fig.findobj(Text):
        if isinstance(text, Text) and text.get_text():
            extent = text.get_window_extent()
            assert text.get_fontsize() >= 9
            assert page.x0 <= extent.x0 <= extent.x1 <= page.x1, text.get_text()
            assert page.y0 <= extent.y0 <= extent.y1 <= page.y1, text.get_text()


def test_a_name_fits_into_its_node() -> None:
    fig = plots.computation_graph(fan_out()[0])
    fig.draw_without_rendering()
    outlines = [patch.get_window_extent() for gid, patch in patches(fig, Polygon).items() if "node" in gid]
    names = [text.get_window_extent() for text in fig.axes[0].texts if text.get_zorder() == 5]
    assert len(names) == len(outlines) == 7
    for outline, name in zip(outlines, names, strict=True):
        assert outline.x0 < name.x0
        assert name.x1 < outline.x1


def test_before_the_first_step_only_the_inputs_are_known() -> None:
    fig = figure("univariate", 0)
    assert {gid for gid in texts(fig) if " " in gid} == {
        *(f"value {name}" for name in ("x", "w", "b", "t")),
        *(f"value {edge}" for edge in ("x z", "w z", "b z", "t L")),
    }
    assert not any(gid.startswith("back") for gid in patches(fig, FancyArrowPatch))
    assert fill(fig, "z") == to_rgb(PALE_BLUE)
    assert fill(fig, "y") == to_rgb("white")
    assert to_rgb(patches(fig, FancyArrowPatch)["forward z y"].get_edgecolor()) == to_rgb(GREY)
    assert free_texts(fig)[-1] == (
        "Step 1 of 8, forward: z receives w = 0.5, x = 2 and b = −0.2 and computes mul and add: z = 0.8."
    )


def fill(fig: Figure, name: str) -> Any:
    return to_rgb(patches(fig, Polygon)[f"node {name}"].get_facecolor())


def test_in_the_backward_pass_contributions_appear_where_they_were_sent() -> None:
    fig = figure("regularised", 9)  # 5 forward; back L_reg, R, L, y
    shown = texts(fig)
    assert {gid for gid in shown if gid.startswith("bar") and gid.count(" ") == 1} == {
        "bar L_reg",
        "bar R",
        "bar L",
        "bar y",
    }
    back = {gid for gid in patches(fig, FancyArrowPatch) if gid.startswith("back")}
    assert back == {"back L L_reg", "back R L_reg", "back w R", "back y L", "back z y"}
    assert fill(fig, "z") == to_rgb(PALE_VERMILLION)
    assert "backward: z receives −0.066 from y" in free_texts(fig)[-1]
    widths = {gid: patch.get_linewidth() for gid, patch in patches(fig, FancyArrowPatch).items()}
    assert max(widths, key=widths.__getitem__) == "back z y"


def test_the_sum_of_a_fan_out_is_explained_and_the_last_step_says_so() -> None:
    output, names = regularised()
    steps = plots.graph_steps(output, names)
    assert steps == 5 + 7
    sentences = [
        free_texts(plots.computation_graph(output, names, step=k))[-1].replace("\n", " ")
        for k in (10, 11, 12)
    ]
    assert any("its bar is −0.13 + 0.05 = −0.08" in sentence for sentence in sentences)
    assert sentences[-1] == "All 12 steps are done."


def test_nothing_moves_from_one_step_to_the_next() -> None:
    where: dict[str, Any] = {}
    for step in range(plots.graph_steps(*univariate()) + 1):
        for text in figure("univariate", step).axes[0].texts:
            if text.get_gid():
                assert where.setdefault(text.get_gid(), text.get_position()) == text.get_position()
    assert len(where) == 7 + 5 + 6 + 4


def test_values_and_bars_can_be_left_out() -> None:
    output, names = regularised()
    forward = plots.computation_graph(output, names, bars=False)
    assert all(gid.startswith("value") for gid in texts(forward))
    assert legend_texts(forward) == ["value, forward →"]
    assert not any(
        gid.startswith(("back", "ring"))
        for gid in [*patches(forward, FancyArrowPatch), *patches(forward, Polygon)]
    )
    back = plots.computation_graph(output, names, values=False)
    assert all(gid.startswith("bar") for gid in texts(back))
    bare = plots.computation_graph(output, names, values=False, bars=False)
    assert texts(bare) == {}
    assert legend_texts(bare) == []
    assert len(patches(bare, FancyArrowPatch)) == len(plots.read_graph(output, names).edges)


def test_arrays_show_their_shape_and_few_entries() -> None:
    shown = texts(figure("vectors"))
    assert shown["value W_1"] == "(3, 2)"
    assert shown["value x"] == "(2,)\n[1, −0.5]"
    assert re.fullmatch(r"\$\\bar\{y\}\$ = \(2,\)\n\[.*, .*\]", shown["bar y"])
    assert shown["value W_1 z"] == "(3, 2)"
    h = leaf([1.0, 2.0, 3.0])
    a, b = h.sum(), (h * h).sum()
    L = a * b
    fan = texts(plots.computation_graph(L, {"h": h, "a": a, "b": b, "L": L}))
    assert fan["bar h"] == r"$\bar{h}$ = sum of 2, (3,)" + "\n[26, 38, 50]"


def test_a_title_stands_above() -> None:
    fig = plots.computation_graph(*univariate(), title="Loss of w_1")
    title = next(text for text in fig.axes[0].texts if text.get_text() == "Loss of $w_{1}$")
    assert title.get_position()[1] > max(node_middle(fig, name)[1] for name in "xwbzytL")


def test_the_same_graph_gives_the_same_picture() -> None:
    assert png(plots.computation_graph(*softmax())) == png(plots.computation_graph(*softmax()))


def test_twelve_parents_are_still_readable() -> None:
    fig = plots.computation_graph(*crowd(12))
    extents, nodes = boxes(fig)
    beside = {text: extent for text, extent in extents.items() if text.count(" ") == 1}
    assert len(nodes) == 13
    assert not any(overlap(*pair) for pair in combinations(nodes.values(), 2))
    assert not any(overlap(*pair) for pair in combinations(beside.values(), 2))
    assert fig.get_size_inches()[1] <= 6.5


def test_what_does_not_fit_on_a_page_is_refused_with_a_way_out() -> None:
    with pytest.raises(
        ValueError, match=r"the graph has 30 nodes in 30 columns, but a page has room for about \d "
    ):
        plots.computation_graph(*chain(30))
    with pytest.raises(ValueError, match=r"name fewer tensors.*or leave out values and bars"):
        plots.computation_graph(*chain(30))
    with pytest.raises(
        ValueError, match=r"the graph has 17 nodes, 16 below each other, .*room for 1\d rows: name"
    ):
        plots.computation_graph(*crowd(16))
    with pytest.raises(
        ValueError, match="the graph has 61 nodes, but a page has room for about 60: name fewer"
    ):
        plots.computation_graph(*chain(61))
    output, names = chain(30)
    few = {name: names[name] for name in ("v_0", "v_15", "v_29")}
    assert len(patches(plots.computation_graph(output, few), FancyArrowPatch)) == 4


@pytest.mark.parametrize("step", [-1, 9, 2.5])
def test_a_step_that_does_not_exist_is_refused(step: Any) -> None:
    with pytest.raises(
        ValueError, match=f"step is {step} but this graph has steps 0 to 8: choose one of these"
    ):
        plots.computation_graph(*univariate(), step=step)


def test_names_that_do_not_fit_are_refused() -> None:
    output, names = univariate()
    with pytest.raises(ValueError, match="the output was not computed from 'q'"):
        plots.computation_graph(output, {**names, "q": leaf(1.0)})
    with pytest.raises(TypeError, match="output is ndarray but must be a Tensor"):
        plots.computation_graph(np.zeros(3))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="output is a leaf"):
        plots.graph_steps(leaf(1.0))
