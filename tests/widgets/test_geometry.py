"""The layer-geometry explorer: numbers, words and state in Python, and the same in the browser's own code."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from traitlets import TraitError

from course_utils.plots.style import BLUE, GREEN, VERMILLION
from course_utils.shapes import Conv, conv_output_size, receptive_fields, seen_inputs
from course_utils.widgets import GeometryExplorer, geometry_figure
from course_utils.widgets.geometry_settings import BASIC, LIMITS, PRESETS
from course_utils.widgets.geometry_words import span
from course_utils.widgets.windows import ConvStack, inside
from tests.widgets.test_mathematics import NODE, in_browser_code

WITH_NODE = pytest.mark.skipif(
    NODE is None, reason="NOT COMPARED WITH THE BROWSER'S CODE: node is not installed"
)
LAYER = ("size", "kernel", "stride", "padding", "dilation", "depth", "channels")
BOX = tuple[float, float, float, float]


def some_explorers(rng: np.random.Generator, count: int) -> list[GeometryExplorer]:
    """Draw settings of every kind, among them many with a kernel that does not fit."""
    found = []
    for _ in range(count):
        options: dict[str, Any] = {
            "size": tuple(rng.integers(1, 20, size=2).tolist()),
            "kernel": int(rng.integers(1, 7)),
            "stride": int(rng.integers(1, 5)),
            "padding": [0, 1, 2, 5, "same"][rng.integers(5)],
            "dilation": int(rng.integers(1, 4)),
            "depth": int(rng.integers(1, 5)),
            "channels": tuple(rng.integers(1, 40, size=2).tolist()),
        }
        explorer = GeometryExplorer(**options)
        rows, columns = explorer.stack.sizes()[-1]
        explorer.cell = (int(rng.integers(rows)), int(rng.integers(columns)))
        found.append(explorer)
    return found


def cells(rows: Iterable[int], columns: Iterable[int]) -> set[tuple[int, ...]]:
    return set(itertools.product(rows, columns))


@pytest.mark.parametrize(
    ("settings", "output"),
    [
        ({"size": 7, "kernel": 3, "stride": 1}, (5, 5)),
        ({"size": 7, "kernel": 3, "stride": 2}, (3, 3)),
        ({"size": 32, "kernel": 5}, (28, 28)),
        ({"size": 28, "kernel": 5}, (24, 24)),
        ({"size": 7, "kernel": 3, "padding": "same"}, (7, 7)),
        ({"size": 7, "kernel": 4, "padding": "same"}, (7, 7)),
        ({"size": (6, 10), "kernel": 3, "padding": "valid"}, (4, 8)),
    ],
)
def test_output_sizes_are_the_decks(settings: dict[str, Any], output: tuple[int, int]) -> None:
    assert GeometryExplorer(**settings).output_size() == output


def test_every_preset_has_an_output_and_is_itself() -> None:
    for name, differs in PRESETS.items():
        explorer = GeometryExplorer.preset(name)
        assert len(explorer.stack.sizes()) == explorer.depth + 1
        assert {key: getattr(explorer, key) for key in BASIC} == BASIC | dict(differs)
    assert GeometryExplorer.preset("32 × 32 × 3, six kernels of 5").count().units == 28 * 28 * 6
    with pytest.raises(TraitError, match="preset is '9 × 9' but must be one of 7 × 7, kernel 3, stride 1, "):
        GeometryExplorer.preset("9 × 9")


def test_counts_are_the_decks() -> None:
    layer = GeometryExplorer(size=28, kernel=5, channels=(1, 20)).count()  # L04: 520 parameters
    assert (layer.weights, layer.biases, layer.parameters) == (500, 20, 520)
    assert layer.units == 20 * 24 * 24
    assert layer.connections == layer.units * 25
    three = GeometryExplorer(size=32, kernel=5, channels=(3, 6)).count()  # C11: 75 numbers for each position
    assert three.connections == 28 * 28 * 6 * 75


def test_receptive_field_grows_with_depth_and_stride() -> None:
    fields = [GeometryExplorer(size=31, depth=depth).receptive_field() for depth in (1, 2, 3, 4)]
    assert fields == [(3, 1), (5, 1), (7, 1), (9, 1)]
    assert GeometryExplorer(size=31, stride=2, depth=4).receptive_field() == (31, 16)
    assert GeometryExplorer(size=7, kernel=3, dilation=2, depth=2).receptive_field() == (9, 1)
    assert GeometryExplorer(size=1, kernel=15, stride=8, dilation=4, depth=4).receptive_field()[0] == 32761


def test_a_window_moves_by_the_stride_and_skips_by_the_dilation() -> None:
    explorer = GeometryExplorer(size=(9, 12), kernel=3, stride=2, padding=1, dilation=2, cell=(1, 2))
    assert explorer.window() == ((1, 3, 5), (3, 5, 7))
    explorer.cell = (0, 0)
    assert explorer.window() == ((-1, 1, 3), (-1, 1, 3))
    assert "reads rows 1 and 3 and columns 1 and 3: 4 input cells and 5 zeros" in explorer.words()


def test_windows_are_those_of_shapes(rng: np.random.Generator) -> None:
    compared = 0
    for explorer in some_explorers(rng, 80):
        stack = explorer.stack
        layers = len(stack.sizes()) - 1
        if not layers:
            continue
        layer = Conv(1, stack.kernel, stride=stack.stride, padding=stack.padding, dilation=stack.dilation)
        fields = receptive_fields([layer] * layers, (1, *stack.size))
        assert cells(*inside(explorer.window(), stack.size)) == cells(*seen_inputs(fields, explorer.cell))
        outputs = itertools.product(*map(range, stack.sizes()[-1]))
        seen = set().union(*(cells(*seen_inputs(fields, place)) for place in outputs))
        rows, columns = explorer.unread()
        everything = cells(*map(range, stack.size))
        assert {
            (row, column) for row, column in everything if row not in rows and column not in columns
        } == seen
        compared += 1
    assert compared > 40


def test_what_no_window_reaches_is_said() -> None:
    explorer = GeometryExplorer(size=(8, 7), kernel=3, stride=3)
    assert explorer.unread() == ((6, 7), (6,))
    assert (
        "No window reaches rows 6 and 7 and column 6: 20 of 56 input cells are not read." in explorer.facts()
    )
    sparse = GeometryExplorer(size=7, kernel=1, stride=2)
    assert sparse.unread() == ((1, 3, 5), (1, 3, 5))
    assert sparse.facts()[1].startswith(
        "No window reaches rows 1 to 5 in steps of 2 and columns 1 to 5 in steps"
    )
    assert GeometryExplorer(size=7, kernel=3, stride=2).facts()[1] == "Every input cell is read."
    deep = GeometryExplorer(size=11, kernel=3, stride=2, depth=2)
    assert deep.facts()[1] == "Every input cell is read through 2 layers."


def test_the_formula_is_filled_in() -> None:
    lines = GeometryExplorer(size=(7, 12), stride=2, padding=1, channels=(3, 6)).facts()
    assert lines == (
        "Output 4 × 6: ⌊(7 + 2·1 − 3) / 2⌋ + 1 = 4 rows, ⌊(12 + 2·1 − 3) / 2⌋ + 1 = 6 columns.",
        "Every input cell is read.",
        "Receptive field after 1 to 4 such layers: 3 × 3, 7 × 7, 15 × 15 and 31 × 31 cells; "
        "neighbours lie 2, 4, 8 and 16 apart.",
        "3 channels in, 6 out: 6·4·6 = 144 units, 6·3·3·3 = 162 weights, 6 biases, "
        "144·3·3·3 = 3,888 connections.",
    )
    even = GeometryExplorer(size=9, kernel=4, padding="same", dilation=2)
    assert even.facts()[0] == "Output 9 × 9: ⌊(9 + 2·3 − (2·(4 − 1) + 1)) / 1⌋ + 1 = 9 rows and columns."
    assert "⌊(7 + 1 + 2 − 4) / 1⌋ + 1 = 7" in GeometryExplorer(kernel=4, padding="same").facts()[0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "3 × 3, 5 × 5, 7 × 7 and 9 × 9 cells; neighbours lie 1 apart."),
        ({"kernel": 1, "stride": 2}, "1 × 1 cells; neighbours lie 2, 4, 8 and 16 apart."),
        ({"kernel": 1}, "1 × 1 cells; neighbours lie 1 apart."),
    ],
)
def test_what_is_the_same_after_every_layer_is_said_once(settings: dict[str, Any], words: str) -> None:
    assert GeometryExplorer(**settings).facts()[2] == f"Receptive field after 1 to 4 such layers: {words}"


def test_every_formula_gives_its_result(rng: np.random.Generator) -> None:
    checked = 0
    for explorer in some_explorers(rng, 60):
        if len(explorer.stack.sizes()) == 1:
            continue
        for inner, stride, result in re.findall(r"⌊(.+?) / (\d)⌋ \+ 1 = (\d+) ", explorer.facts()[0]):
            assert eval(inner.replace("·", "*").replace("−", "-")) // int(stride) + 1 == int(result)
            checked += 1
    assert checked > 40


@pytest.mark.parametrize(
    ("name", "places", "words"),
    [
        ("row", (3,), "row 3"),
        ("row", (3, 4), "rows 3 and 4"),
        ("column", (0, 1, 2), "columns 0 to 2"),
        ("row", (0, 2, 4), "rows 0 to 4 in steps of 2"),
        ("row", (0, 1, 4, 5), "4 of the rows 0 to 5"),
    ],
)
def test_places_are_said_briefly(name: str, places: tuple[int, ...], words: str) -> None:
    assert span(name, places) == words


def test_a_kernel_that_does_not_fit_is_one_sentence_and_loses_nothing() -> None:
    explorer = GeometryExplorer(size=(7, 9), cell=(3, 5), channels=(2, 4))
    before = (repr(explorer), explorer.words(), explorer.facts())
    explorer.kernel = 9
    assert explorer.words() == (
        "No output: the kernel covers 9 rows but the padded input has 7; "
        "take a smaller kernel or more padding."
    )
    assert [line.split(":")[0] for line in explorer.facts()] == [
        "Receptive field after 1 to 4 such layers",
        "2 channels in, 4 out",
    ]
    assert explorer.facts()[1] == "2 channels in, 4 out: no units, 4·2·9·9 = 648 weights, 4 biases."
    with pytest.raises(ValueError, match=r"the kernel covers 9 inputs but the padded input has 7"):
        explorer.output_size()
    with pytest.raises(ValueError, match=r"the kernel covers 9 inputs but the padded input has 7"):
        explorer.count()
    explorer.kernel = 3
    assert (repr(explorer), explorer.words(), explorer.facts()) == before


def test_same_with_a_stride_is_one_sentence() -> None:
    explorer = GeometryExplorer(padding="same", stride=2)
    assert explorer.words() == (
        "No output: padding “same” keeps the size only at stride 1, but the stride is 2; "
        "give the zeros as a number."
    )
    with pytest.raises(ValueError, match='padding="same" keeps the size only at stride 1'):
        explorer.output_size()


def test_a_stack_ends_where_the_kernel_no_longer_fits() -> None:
    explorer = GeometryExplorer(size=7, depth=4)
    assert explorer.stack.sizes() == ((7, 7), (5, 5), (3, 3), (1, 1))
    assert explorer.facts()[0].endswith(
        "7 × 7 → 5 × 5 → 3 × 3 → 1 × 1. Layer 4 has no output: the kernel covers 3 rows but the padded input "
        "has 1; take a smaller kernel or more padding."
    )
    assert explorer.words().startswith(
        "Output cell (0, 0) of layer 3 depends on rows 0 to 6 and columns 0 to 6"
    )


def test_an_output_may_read_nothing_but_padding() -> None:
    assert GeometryExplorer(size=3, kernel=1, padding=1).words() == (
        "Output cell (0, 0) reads nothing but padding."
    )


def test_the_cell_stays_within_the_output() -> None:
    explorer = GeometryExplorer(cell=(4, 4))
    explorer.stride = 2
    assert explorer.chosen == (2, 2)
    assert explorer.words().startswith("Output cell (2, 2) reads rows 4 to 6 and columns 4 to 6")
    explorer.stride = 1
    assert explorer.chosen == (4, 4)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"size": (7, 0)}, "size is 0 but must be from 1 to 64; choose a number between"),
    ({"size": 65}, "size is 65 but must be from 1 to 64"),
    (
        {"size": (7, 7, 7)},
        r"size is \(7, 7, 7\) but must be two whole numbers; give a pair, such as \(7, 9\)",
    ),
    ({"size": "ab"}, "size is 'ab' but must be a whole number"),
    ({"kernel": 0}, "kernel is 0 but must be from 1 to 15"),
    ({"kernel": 2.5}, "kernel is 2.5 but must be a whole number, 0 or more"),
    ({"stride": 0}, "stride is 0 but must be from 1 to 8"),
    ({"stride": -1}, "stride is -1 but must be a whole number, 0 or more"),
    ({"padding": 9}, "padding is 9 but must be from 0 to 8"),
    ({"padding": "full"}, "padding is 'full' but must be one of same, valid; choose one of these"),
    ({"dilation": True}, "dilation is True but must be a whole number"),
    ({"depth": 5}, "depth is 5 but must be from 1 to 4"),
    ({"channels": (0, 1)}, "channels is 0 but must be from 1 to 1024"),
    (
        {"cell": (5, 0)},
        r"cell is \(5, 0\) but the output is 5 × 5; choose a row from 0 to 4 and a column from 0",
    ),
    ({"cell": (-1, 0)}, "cell is -1 but must be a whole number, 0 or more"),
]


@pytest.mark.parametrize(("bad", "sentence"), BAD)
def test_bad_values_are_refused_when_made_and_later(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TraitError, match=sentence):
        GeometryExplorer(**bad)
    explorer = GeometryExplorer(stride=2, cell=(1, 1)) if "cell" not in bad else GeometryExplorer()
    before = repr(explorer)
    with pytest.raises(TraitError, match=sentence):
        setattr(explorer, *next(iter(bad.items())))
    assert repr(explorer) == before


def test_print_is_the_same_in_every_run_and_whole() -> None:
    assert repr(GeometryExplorer()) == "GeometryExplorer(size=(7, 7), kernel=3)"
    explorer = GeometryExplorer(size=np.int64(9), padding="same", depth=2, cell=[1, 2])  # type: ignore[arg-type]
    assert repr(explorer) == "GeometryExplorer(size=(9, 9), kernel=3, padding='same', depth=2, cell=(1, 2))"
    for explorer in [GeometryExplorer.preset(name) for name in PRESETS]:
        assert len(repr(explorer)) <= 110  # anywidget cuts a longer one off
        assert explorer._repr_mimebundle_()[0]["text/plain"] == repr(explorer)


def test_state_survives_the_way_to_the_browser_and_back() -> None:
    explorer = GeometryExplorer(size=(6, 10), padding="same", depth=2, cell=(1, 2), channels=(3, 6))
    state = {name: explorer.get_state()[name] for name in (*LAYER, "cell", "_presets", "_limits")}
    assert len(json.dumps(state)) < 2500
    other = GeometryExplorer()
    other.set_state(json.loads(json.dumps(state)))
    assert repr(other) == repr(explorer)
    assert other.get_state(list(state)) == state


def test_the_module_asks_nobody_for_anything() -> None:
    text = GeometryExplorer._esm + GeometryExplorer._css
    assert not re.search(
        r"https?:|//cdn|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|\bimport\b.*\bfrom\b", text
    )


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("esm") / "geometry.mjs"
    path.write_text(GeometryExplorer._esm, encoding="utf-8")
    return path


@WITH_NODE
def test_the_browser_says_and_computes_the_same(module: Path, rng: np.random.Generator) -> None:
    explorers = [*some_explorers(rng, 300), *(GeometryExplorer.preset(name) for name in PRESETS)]
    cases = [[{name: getattr(e, name) for name in LAYER}, e.chosen] for e in explorers]
    found = in_browser_code(
        module,
        "cases.map(([layer, cell]) => ({"
        " sizes: m.sizesOf(layer), zeros: m.zerosOf(layer), unread: m.unreadOf(layer),"
        " reads: m.readsOf(layer, cell.map((place) => [place])), fields: m.fieldsOf(layer, 4),"
        " words: m.cellWords(layer, cell), facts: m.facts(layer) }))",
        cases=cases,
    )
    for explorer, got in zip(explorers, found, strict=True):
        stack = explorer.stack
        want = {
            "sizes": stack.sizes(),
            "zeros": stack.zeros(),
            "unread": stack.unread(),
            "reads": stack.reads(*((place,) for place in explorer.chosen)),
            "fields": stack.fields(4),
            "words": explorer.words(),
            "facts": explorer.facts(),
        }
        assert got == json.loads(json.dumps(want)), explorer
    levels = {len(got["sizes"]) for got in found}
    assert levels == {1, 2, 3, 4, 5}  # from no output at all to four layers
    assert sum(any(map(any, got["unread"])) for got in found) > 30


@WITH_NODE
def test_the_browser_has_an_output_exactly_where_shapes_has_one(module: Path) -> None:
    grid = [
        {"size": [size, size], "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        for size, kernel, stride, padding, dilation in itertools.product(
            (1, 4, 7), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2)
        )
    ]
    found = in_browser_code(module, "grid.map((layer) => m.outputSize(layer, layer.size))", grid=grid)
    nothing = 0
    for layer, got in zip(grid, found, strict=True):
        options = {name: layer[name] for name in ("stride", "padding", "dilation")}
        try:
            want = conv_output_size(layer["size"][0], layer["kernel"], **options)  # type: ignore[index,arg-type]
        except ValueError:
            assert got is None
            nothing += 1
        else:
            assert got == [want, want]
    assert 20 < nothing < len(grid) - 20


def frames(explorer: GeometryExplorer, colour: str) -> list[BOX]:
    """Return the boxes, in inches, of one colour's frames in the static twin."""
    ax = geometry_figure(explorer).axes[0]
    return [
        (patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height())  # type: ignore[attr-defined]
        for patch in ax.patches
        if to_hex(patch.get_edgecolor()).upper() == colour and patch.get_linewidth() > 2
    ]


def test_the_static_twin_frames_the_window_and_the_cell() -> None:
    (blue,) = frames(GeometryExplorer(cell=(1, 2)), BLUE)
    (green,) = frames(GeometryExplorer(cell=(1, 2)), GREEN)
    cell = green[2]
    assert blue[2:] == pytest.approx((3 * cell, 3 * cell))
    (moved,) = frames(GeometryExplorer(cell=(1, 3)), BLUE)
    assert (moved[0] - blue[0], moved[1] - blue[1]) == pytest.approx((cell, 0))
    (strided,) = frames(GeometryExplorer(size=9, stride=3, cell=(0, 1)), BLUE)
    (first,) = frames(GeometryExplorer(size=9, stride=3), BLUE)
    assert strided[0] - first[0] == pytest.approx(3 * first[2] / 3)
    assert len(frames(GeometryExplorer(size=9, depth=3), BLUE)) == 3
    ((_, _, width, _),) = frames(GeometryExplorer(kernel=9), VERMILLION)
    grid = GeometryExplorer(kernel=9).stack
    assert grid.sizes() == ((7, 7),)
    assert width > 7 * 0.3  # wider than the input that is drawn


@pytest.mark.parametrize(
    "settings", [{}, {"kernel": 9}, {"size": (6, 10), "depth": 2, "stride": 3}, {"size": 64}]
)
def test_the_static_twin_says_what_the_explorer_says(settings: dict[str, Any]) -> None:
    explorer = GeometryExplorer(**settings)
    before = repr(explorer)
    fig = geometry_figure(explorer)
    said = " ".join(" ".join(text.get_text() for text in fig.axes[0].texts).split())
    for line in (explorer.words(), *explorer.facts()):
        assert " ".join(line.split()) in said
    assert repr(explorer) == before


def test_limits_are_those_of_the_fields() -> None:
    assert GeometryExplorer().get_state()["_limits"] == {name: list(ends) for name, ends in LIMITS.items()}
    for name, (low, high) in LIMITS.items():
        assert getattr(GeometryExplorer(**{name: low}), name) in (low, (low, low))
        assert getattr(GeometryExplorer(**{name: high}), name) in (high, (high, high))


def test_a_stack_of_one_layer_by_default() -> None:
    assert ConvStack((7, 7)).sizes() == ((7, 7), (5, 5))


def test_the_static_twin_explains_what_it_draws() -> None:
    def legend(explorer: GeometryExplorer) -> list[str]:
        found = geometry_figure(explorer).axes[0].get_legend()
        return [text.get_text() for text in found.get_texts()]

    assert legend(GeometryExplorer()) == ["chosen output cell", "what it reads"]
    assert legend(GeometryExplorer(stride=3, padding=1, size=9)) == [
        "chosen output cell",
        "what it reads",
        "zeros of the padding",
        "read by no window",
    ]
    assert legend(GeometryExplorer(kernel=9)) == ["the window does not fit"]
