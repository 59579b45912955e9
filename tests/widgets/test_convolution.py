"""The convolution explorer: its numbers and words in both languages, its state, its figure."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from traitlets import TraitError

from course_utils.plots.style import BLUE, GREEN, PURPLE, VERMILLION
from course_utils.widgets import ConvolutionExplorer, convolution_figure
from course_utils.widgets.convolution import METHODS
from course_utils.widgets.sources import javascript
from course_utils.widgets.terms import short, summed
from tests.widgets.test_mathematics import NODE, in_browser_code

needs_node = pytest.mark.skipif(
    NODE is None, reason="NOT COMPARED WITH THE BROWSER'S CODE: node is not installed"
)
TRANSLATE, FLIP, CORRELATE = METHODS


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("esm") / "convolution.mjs"
    path.write_text(javascript("convolution", "cells", "convolution_maths"), encoding="utf-8")
    return path


def random_signals(rng: np.random.Generator, count: int) -> list[tuple[list[float], list[float]]]:
    """Draw pairs of signals of all lengths, among their numbers halves of a thousandth and zeros."""
    pairs = []
    for _ in range(count):
        signals = [np.round(rng.uniform(-9, 9, size=rng.integers(1, 7)), rng.integers(0, 5)) for _ in "ab"]
        pairs.append(([*signals[0].tolist()][:6], [0.0625, *signals[1].tolist()][:6]))
    return pairs


def stepped_through(explorer: ConvolutionExplorer) -> list[str]:
    found = []
    for step in range(explorer.steps + 1):
        explorer.step = step
        found.append(explorer.words())
    return found


def test_the_decks_example_by_translate_and_scale() -> None:
    assert stepped_through(ConvolutionExplorer()) == [
        "Start, 3 steps to go: each adds a copy of b, moved by τ and scaled by the number of a at τ.",
        "Step 1 of 3, τ = 0: 2 · b, moved by 0, is (2, 2, 4, 0, 0); sum so far is (2, 2, 4, 0, 0).",
        "Step 2 of 3, τ = 1: (−1) · b, moved by 1, is (0, −1, −1, −2, 0); sum so far is (2, 1, 3, −2, 0).",
        "Step 3 of 3, τ = 2: 1 · b, moved by 2, is (0, 0, 1, 1, 2); a ∗ b is (2, 1, 4, −1, 2).",
    ]


def test_the_decks_example_by_flip_and_filter() -> None:
    words = stepped_through(ConvolutionExplorer(method=FLIP))
    assert words[0] == "Start, 5 steps to go: b is flipped to (2, 1, 1) and slides along a."
    assert words[3] == "Step 3 of 5, t = 2: 2·2 + (−1)·1 + 1·1 = 4; output so far is (2, 1, 4)."
    assert words[5] == "Step 5 of 5, t = 4: 1·2 = 2; a ∗ b is (2, 1, 4, −1, 2)."


def test_without_the_flip_it_is_another_result() -> None:
    words = stepped_through(ConvolutionExplorer(method=CORRELATE))
    assert words[0] == "Start, 5 steps to go: b stays (1, 1, 2), not flipped, and slides along a."
    assert words[3] == "Step 3 of 5, t = 0: 2·1 + (−1)·1 + 1·2 = 3; output so far is (4, 0, 3)."
    assert words[5] == "Step 5 of 5, t = 2: 1·1 = 1; the cross-correlation is (4, 0, 3, 0, 1)."


def test_one_number_each_takes_one_step() -> None:
    assert stepped_through(ConvolutionExplorer([3], [0.5], method=FLIP)) == [
        "Start, 1 step to go: b is flipped to (0.5) and slides along a.",
        "Step 1 of 1, t = 0: 3·0.5 = 1.5; a ∗ b is (1.5).",
    ]


@pytest.mark.parametrize("method", METHODS)
def test_numbers_are_those_of_the_definition(method: str, rng: np.random.Generator) -> None:
    for a, b in random_signals(rng, 25):
        explorer = ConvolutionExplorer(a, b, method=method)
        at = dict(enumerate(b))
        sign = -1 if method == CORRELATE else 1  # the cross-correlation takes b at tau - t
        want = [sum(x * at.get(sign * (t - tau), 0.0) for tau, x in enumerate(a)) for t in explorer.places()]
        np.testing.assert_allclose(explorer.result(), want, atol=1e-9)
        explorer.step = explorer.steps
        np.testing.assert_allclose(explorer.so_far(), want, atol=1e-9)
        if method == TRANSLATE:
            np.testing.assert_allclose(explorer.copies().sum(axis=0), want, atol=1e-9)
            assert explorer.factors() == []
            continue
        for step, y in enumerate(want, start=1):
            explorer.step = step
            assert sum(x * k for _, x, k in explorer.factors()) == pytest.approx(y, abs=1e-9)
            assert all(explorer.a[tau] == x for tau, x, _ in explorer.factors())


def test_nothing_is_known_at_the_start() -> None:
    assert not ConvolutionExplorer().so_far().any()
    assert ConvolutionExplorer(method=FLIP).so_far().shape == (0,)
    assert ConvolutionExplorer(method=FLIP).factors() == []


@needs_node
@pytest.mark.parametrize("method", METHODS)
def test_the_browser_says_the_same(method: str, module: Path, rng: np.random.Generator) -> None:
    pairs = [([2, -1, 1], [1, 1, 2]), ([3], [0.5]), *random_signals(rng, 30)]
    explorers = [ConvolutionExplorer(a, b, method=method) for a, b in pairs]
    states = [(e.a, e.b, step) for e in explorers for step in range(e.steps + 1)]
    said = in_browser_code(
        module, "states.map(([a, b, s]) => m.stepWords(a, b, method, s))", states=states, method=method
    )
    assert said == [words for explorer in explorers for words in stepped_through(explorer)]
    found = in_browser_code(
        module, "pairs.map(([a, b]) => m.resultOf(a, b, method))", pairs=pairs, method=method
    )
    for values, explorer in zip(found, explorers, strict=True):
        np.testing.assert_allclose(values, explorer.result(), rtol=1e-12, atol=1e-12)


@needs_node
def test_numbers_are_written_alike(module: Path, rng: np.random.Generator) -> None:
    hard = [0, -0.0, 0.0005, -0.0005, 0.0625, 2.5, -1e-9, 0.1 + 0.2, 99, -9801.125]
    values = [*hard, *rng.normal(size=200).tolist()]
    assert in_browser_code(module, "values.map(v => m.short(v))", values=values) == list(map(short, values))
    assert in_browser_code(module, "m.summed(values)", values=values) == summed(values)
    rounded = in_browser_code(module, "values.map(v => m.short(v, 1))", values=values)
    assert rounded == [short(value, 1) for value in values]


@needs_node
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2, −1, 1", [2, -1, 1]),
        ("2 -1 1", [2, -1, 1]),
        (" .5;+3.,\t-0.25 ", [0.5, 3, -0.25]),
        ("1,2,3,4,5,6", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_signal_is_read_however_it_is_separated(text: str, values: list[float], module: Path) -> None:
    assert in_browser_code(module, "m.readSignal(text, 'a', 6, 99)", text=text) == {"values": values}


@needs_node
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "Signal a is empty"),
        (" , ", "Signal a is empty"),
        ("1, x, 2", "“x” in signal a is not a number"),
        ("1, 0x10", "“0x10” in signal a is not a number"),
        ("1e3", "“1e3” in signal a is not a number"),
        ("NaN", "“NaN” in signal a is not a number"),
        ("1 2 3 4 5 6 7", "Signal a has 7 numbers"),
        ("1, -100", "-100 in signal a is too large"),
    ],
)
def test_a_signal_that_cannot_be_read_is_named(text: str, what: str, module: Path) -> None:
    found = in_browser_code(module, "m.readSignal(text, 'a', 6, 99)", text=text)
    assert found["problem"][0] == what
    assert found["problem"][1].startswith("write ")


BAD = [
    ({"a": ()}, r"a has shape \(0,\) but must be 1 to 6 numbers, such as \(2, -1, 1\); give that many"),
    ({"b": [1] * 7}, r"b has shape \(7,\) but must be 1 to 6 numbers"),
    ({"a": [[1, 2]]}, r"a has shape \(1, 2\) but must be 1 to 6 numbers"),
    ({"a": "12"}, "a is '12' but must be 1 to 6 numbers, .*; write numbers in brackets"),
    ({"b": [1, None]}, r"b is \[1, None\] but must be 1 to 6 numbers"),
    ({"b": [1, [2]]}, r"b is \[1, \[2\]\] but must be 1 to 6 numbers"),
    ({"a": [True]}, r"a is \[True\] but must be 1 to 6 numbers"),
    ({"a": [1, math.nan]}, "a holds nan but each number must be from -99 to 99; write one of these"),
    ({"b": [100]}, "b holds 100 but each number must be from -99 to 99"),
    ({"method": "fft"}, "method is 'fft' but must be one of translate and scale, flip and filter"),
    ({"step": 4}, "step is 4 but this method has 3 steps here; choose one from 0 to 3"),
    ({"step": -1}, "step is -1 but must be a whole number, 0 or more"),
]


@pytest.mark.parametrize(("bad", "sentence"), BAD)
def test_bad_values_are_refused_when_made_and_later(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TraitError, match=sentence):
        ConvolutionExplorer(**bad)
    made = ConvolutionExplorer(step=2)
    ((name, value),) = bad.items()
    with pytest.raises(TraitError, match=sentence):
        setattr(made, name, value)
    assert repr(made) == "ConvolutionExplorer((2, -1, 1), (1, 1, 2), method='translate and scale', step=2)"


def test_print_is_stable_and_shown_whole() -> None:
    made = ConvolutionExplorer(np.array([1, 0.1 + 0.2]), (-1e-9,), method=CORRELATE, step=np.int64(1))
    assert repr(made) == "ConvolutionExplorer((1, 0.3), (0,), method='cross-correlation', step=1)"
    assert ConvolutionExplorer()._repr_mimebundle_()[0]["text/plain"] == repr(ConvolutionExplorer())


def test_a_shorter_signal_keeps_the_step_within() -> None:
    explorer = ConvolutionExplorer(method=FLIP, step=5)
    explorer.a = [1]
    assert explorer.step == explorer.steps == 3
    explorer.set_state({"step": 0, "method": TRANSLATE})  # as the browser's list sends it
    assert repr(explorer) == "ConvolutionExplorer((1,), (1, 1, 2), method='translate and scale', step=0)"


def test_only_numbers_and_names_travel_and_nobody_is_asked() -> None:
    made = ConvolutionExplorer(method=FLIP, step=3)
    state = {name: made.get_state()[name] for name in ("a", "b", "method", "step")}
    other = ConvolutionExplorer()
    other.set_state(json.loads(json.dumps(state)))
    assert repr(other) == repr(made)
    assert not re.search(r"https?:|//cdn|@import|url\(|fetch\(|\bimport\b.*\bfrom\b", made._esm + made._css)


def cells(fig: Figure, colour: str) -> list[bool]:
    """List the cells of one colour: True for those that hold a number."""
    found = [patch for patch in fig.axes[0].patches if to_hex(patch.get_edgecolor()).upper() == colour]
    return [patch.get_facecolor()[3] > 0 for patch in found]


@pytest.mark.parametrize("step", [0, 1, 3])
def test_the_figure_shows_the_copies_so_far(step: int) -> None:
    explorer = ConvolutionExplorer(step=step)
    fig = convolution_figure(explorer)
    assert cells(fig, BLUE) == cells(fig, VERMILLION) == [True] * 3
    assert cells(fig, PURPLE) == [True] * 3 * step + [False] * 3 * (3 - step)
    assert cells(fig, GREEN) == [step > 0] * 5
    words = [text.get_text() for text in fig.axes[0].texts]
    assert words[-1].replace("\n", " ") == explorer.words()
    assert ("a ∗ b" in words) == (step == 3)
    assert repr(explorer) == repr(ConvolutionExplorer(step=step))


@pytest.mark.parametrize("method", [FLIP, CORRELATE])
@pytest.mark.parametrize("step", [0, 2, 5])
def test_the_figure_shows_the_window_and_the_output_so_far(method: str, step: int) -> None:
    explorer = ConvolutionExplorer(method=method, step=step)
    fig = convolution_figure(explorer)
    assert cells(fig, PURPLE) == [True] * len(explorer.factors())
    assert cells(fig, GREEN) == [True] * step + [False] * (5 - step)
    words = [text.get_text() for text in fig.axes[0].texts]
    assert [text for text in words if text.startswith("= ")] == (
        [f"= {short(explorer.so_far()[-1])}"] if step else []
    )
    assert any("unflipped" in text for text in words) == (method == CORRELATE and step > 0)
    dashed = [patch for patch in fig.axes[0].patches if to_hex(patch.get_edgecolor()) == "#000000"]
    assert len(dashed) == (step > 0)
    if step:  # the window lies over the whole of b, wherever b has come to
        b_cells = [p for p in fig.axes[0].patches if to_hex(p.get_edgecolor()).upper() == VERMILLION]
        assert dashed[0].get_x() < min(p.get_x() for p in b_cells)
        assert dashed[0].get_x() + dashed[0].get_width() > max(p.get_x() + p.get_width() for p in b_cells)


def test_the_figure_stays_on_a_page_with_the_longest_signals() -> None:
    explorer = ConvolutionExplorer([-98.125] * 6, [97.375] * 6, method=FLIP, step=6)
    fig = convolution_figure(explorer)
    assert fig.get_figwidth() <= 8
    fig.canvas.draw()
    across, down = fig.get_size_inches() * fig.dpi
    for text in fig.axes[0].texts:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= across
        assert box.y0 >= 0
        assert box.y1 <= down
