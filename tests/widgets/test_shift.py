"""The shift explorer: what moves and what stays, in Python, and the same in the browser's own code."""

from __future__ import annotations

import itertools
import json
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy import ndimage
from traitlets import TraitError

from course_utils.data import digits
from course_utils.plots.style import VERMILLION
from course_utils.widgets import ShiftExplorer, shift_figure
from course_utils.widgets.shift_words import distance, percent
from course_utils.widgets.shifting import CLEAREST, FILTERS, POOL_SIZES, POOLINGS, moved
from tests.widgets.test_mathematics import NODE, in_browser_code

WITH_NODE = pytest.mark.skipif(
    NODE is None, reason="NOT COMPARED WITH THE BROWSER'S CODE: node is not installed"
)
STATE = ("digit", "shift", "pooling", "pool_size")
NEIGHBOURS = [shift for shift in itertools.product((-1, 0, 1), repeat=2) if any(shift)]


def test_each_digit_is_what_it_is_called() -> None:
    assert digits().labels[list(CLEAREST)].tolist() == list(range(10))
    for digit in range(10):
        field = ShiftExplorer(digit=digit).field()
        np.testing.assert_array_equal(field[4:12, 4:12], digits().images[CLEAREST[digit]])
        assert field.sum() == field[4:12, 4:12].sum()


@pytest.mark.parametrize("shift", [(0, 0), (1, 0), (0, -3), (4, 4), (-8, 8), (8, -5)])
def test_the_digit_is_moved_and_what_leaves_the_field_is_lost(shift: tuple[int, int]) -> None:
    want = ndimage.shift(ShiftExplorer().field(), shift, order=0, cval=0)
    np.testing.assert_array_equal(ShiftExplorer(shift=shift).field(), want)


@pytest.mark.parametrize("shift", [(0, 0), (2, -3), (7, 8)])
def test_feature_maps_are_rectified_correlations(shift: tuple[int, int]) -> None:
    explorer = ShiftExplorer(digit=4, shift=shift)
    for kernel, got in zip(FILTERS.values(), explorer.feature_maps(), strict=True):
        want = ndimage.correlate(explorer.field(), np.array(kernel, dtype=float), mode="constant")
        np.testing.assert_allclose(got, np.maximum(want, 0), atol=1e-9)


@pytest.mark.parametrize("size", POOL_SIZES)
@pytest.mark.parametrize(("pooling", "reduce"), [("max", np.max), ("average", np.mean)])
def test_pooled_maps_are_reduced_square_by_square(pooling: str, reduce: Any, size: int) -> None:
    explorer = ShiftExplorer(digit=8, shift=(1, -2), pooling=pooling, pool_size=size)
    h, p = explorer.feature_maps(), explorer.pooled_maps()
    assert p.shape == (3, 16 // size, 16 // size)
    for k, row, column in np.ndindex(*p.shape):
        square = h[k, row * size : (row + 1) * size, column * size : (column + 1) * size]
        assert p[k, row, column] == pytest.approx(reduce(square))
    np.testing.assert_allclose(explorer.global_pool(), reduce(h, axis=(1, 2)))


def test_without_pooling_the_feature_maps_go_on() -> None:
    explorer = ShiftExplorer(shift=(0, 2), pooling="none")
    np.testing.assert_array_equal(explorer.pooled_maps(), explorer.feature_maps())
    np.testing.assert_array_equal(explorer.global_pool(), explorer.feature_maps())
    changes = explorer.changes()
    assert changes.pooled == changes.feature_maps > 0
    assert changes.global_pool is None


@pytest.mark.parametrize("digit", range(10))
def test_feature_maps_move_along_and_global_pooling_stays(digit: int) -> None:
    first = ShiftExplorer(digit=digit).feature_maps()
    for shift in [(1, 0), (0, 1), (-3, 2), (3, 3), (-1, -3)]:
        explorer = ShiftExplorer(digit=digit, shift=shift)
        np.testing.assert_array_equal(explorer.feature_maps(), np.stack([moved(one, shift) for one in first]))
        changes = explorer.changes()
        assert changes.moved_along == changes.global_pool == 0
        assert changes.feature_maps > 0.5  # place by place little is as it was
        assert changes.pixels > 20
        assert ShiftExplorer(digit=digit, shift=shift, pooling="average").changes().global_pool == 0


def test_equivariance_ends_where_the_digit_leaves_the_field() -> None:
    explorer = ShiftExplorer(digit=5, shift=(7, 0))
    assert explorer.changes().moved_along > 0
    assert "part of it is outside" in explorer.words()


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_larger_squares_change_less_on_average(pooling: str) -> None:
    means = []
    for size in POOL_SIZES:
        found = [
            ShiftExplorer(digit=digit, shift=shift, pooling=pooling, pool_size=size).changes()
            for digit in range(10)
            for shift in NEIGHBOURS
        ]
        assert all(changes.pooled < changes.feature_maps for changes in found)
        means.append(np.mean([changes.pooled for changes in found]))
    assert means[0] > means[1] > means[2] > 0.1  # nearly, but not quite, invariant


def test_a_shift_by_the_square_moves_a_pooled_map_by_one_cell() -> None:
    first, explorer = ShiftExplorer(pool_size=2), ShiftExplorer(shift=(0, 2), pool_size=2)
    np.testing.assert_array_equal(explorer.pooled_maps()[:, :, 1:], first.pooled_maps()[:, :, :-1])


def test_changes_are_lengths_of_differences() -> None:
    explorer, first = ShiftExplorer(shift=(2, 1), pool_size=4), ShiftExplorer(pool_size=4)
    changes = explorer.changes()
    a, b = explorer.pooled_maps().ravel(), first.pooled_maps().ravel()
    assert changes.pooled == pytest.approx(math.dist(a, b) / math.hypot(*b))
    assert changes.pixels == sum(
        x != y for x, y in zip(explorer.field().ravel(), first.field().ravel(), strict=True)
    )


def test_read_outs_say_what_changed() -> None:
    assert ShiftExplorer(digit=3).words() == (
        "Digit 3 has not moved yet, so nothing has changed.\n"
        "A change will be the length of the difference, in percent of the length at first."
    )
    explorer = ShiftExplorer(shift=(0, 1))
    changes = explorer.changes()
    assert explorer.words().split("\n") == [
        f"Digit 5 moved 1 to the right: {changes.pixels} of 256 input pixels changed.",
        f"Feature maps: changed by {100 * changes.feature_maps:.1f} % in place, by 0 % from the first ones "
        "moved along: equivariance.",
        f"Max pooling, 2 × 2: changed by {100 * changes.pooled:.1f} %; over the whole map: changed by 0 %: "
        "invariance.",
    ]
    explorer.pooling = "none"
    assert explorer.words().endswith("Nothing is pooled: what comes next sees the changed feature maps.")


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        ((1, 0), "1 down"),
        ((-2, 0), "2 up"),
        ((0, -3), "3 to the left"),
        ((-1, 4), "1 up and 4 to the right"),
    ],
)
def test_distances_in_words(shift: tuple[int, int], words: str) -> None:
    assert distance(shift) == words


def test_only_zero_is_zero_percent() -> None:
    assert [percent(share) for share in (0, 1e-9, 0.0004, 0.00051, 0.1234, 1.5)] == [
        "0 %",
        "less than 0.1 %",
        "less than 0.1 %",
        "0.1 %",
        "12.3 %",
        "150.0 %",
    ]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"digit": 10}, "digit is 10 but must be from 0 to 9; choose one digit"),
    ({"digit": "5"}, "digit is '5' but must be a whole number, 0 or more"),
    ({"digit": 2.0}, "digit is 2.0 but must be a whole number"),
    (
        {"shift": 1},
        r"shift is 1 but must be two whole numbers, rows down and columns to the right; give a pair",
    ),
    ({"shift": (1, 2, 3)}, r"shift is \(1, 2, 3\) but must be two whole numbers"),
    ({"shift": (0.5, 0)}, r"shift is \(0.5, 0\) but must be two whole numbers"),
    ({"shift": (9, 0)}, r"shift is \(9, 0\) but a digit moves at most 8 pixels either way; choose less"),
    ({"pooling": "l2"}, "pooling is 'l2' but must be one of max, average, none; choose one of these"),
    ({"pool_size": 3}, "pool_size is 3 but must be 2, 4 or 8, which divide the 16 pixels; choose one"),
    ({"pool_size": "2"}, "pool_size is '2' but must be 2, 4 or 8"),
]


@pytest.mark.parametrize(("bad", "sentence"), BAD)
def test_bad_values_are_refused_when_made_and_later(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TraitError, match=sentence):
        ShiftExplorer(**bad)
    explorer = ShiftExplorer(shift=(1, 2))
    before = (repr(explorer), explorer.words())
    with pytest.raises(TraitError, match=sentence):
        setattr(explorer, *next(iter(bad.items())))
    assert (repr(explorer), explorer.words()) == before


def test_print_is_the_same_in_every_run_and_whole() -> None:
    explorer = ShiftExplorer(digit=np.int64(3), shift=np.array([1, -2]), pooling="average", pool_size=8)  # type: ignore[arg-type]
    assert repr(explorer) == "ShiftExplorer(digit=3, shift=(1, -2), pooling='average', pool_size=8)"
    assert explorer._repr_mimebundle_()[0]["text/plain"] == repr(explorer)


def test_state_survives_the_way_to_the_browser_and_back() -> None:
    explorer = ShiftExplorer(digit=3, shift=(1, -2), pooling="average", pool_size=8)
    state = {name: explorer.get_state()[name] for name in (*STATE, "_digits", "_filters")}
    assert len(json.dumps({name: state[name] for name in STATE})) < 100
    assert len(json.dumps(state)) < 5000  # all ten digits, once
    other = ShiftExplorer()
    other.set_state(json.loads(json.dumps(state)))
    assert repr(other) == repr(explorer)
    assert other.get_state(list(state)) == state


def test_the_module_asks_nobody_for_anything() -> None:
    text = ShiftExplorer._esm + ShiftExplorer._css
    assert not re.search(
        r"https?:|//cdn|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|\bimport\b.*\bfrom\b", text
    )


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("esm") / "shift.mjs"
    path.write_text(ShiftExplorer._esm, encoding="utf-8")
    return path


@WITH_NODE
def test_the_browser_says_and_computes_the_same(module: Path, rng: np.random.Generator) -> None:
    explorers = [
        ShiftExplorer(
            digit=int(rng.integers(10)),
            shift=tuple(rng.integers(-8, 9, size=2).tolist()),
            pooling=pooling,
            pool_size=size,
        )
        for pooling in POOLINGS
        for size in POOL_SIZES
        for _ in range(12)
    ]
    state = explorers[0].get_state()
    found = in_browser_code(
        module,
        "cases.map(([digit, by, kind, size]) => {"
        " const { now, changes } = m.stages(digits[digit], kernels, by, kind, size);"
        " return { now, changes, words: m.changeWords(digit, by, kind, size, changes) }; })",
        cases=[[getattr(explorer, name) for name in STATE] for explorer in explorers],
        digits=state["_digits"],
        kernels=list(state["_filters"].values()),
    )
    for explorer, got in zip(explorers, found, strict=True):
        np.testing.assert_array_equal(got["now"]["x"], explorer.field())
        np.testing.assert_allclose(got["now"]["h"], explorer.feature_maps(), atol=1e-9)
        np.testing.assert_allclose(got["now"]["p"], explorer.pooled_maps(), atol=1e-9)
        np.testing.assert_allclose(
            np.squeeze(np.array(got["now"]["whole"])), explorer.global_pool(), atol=1e-9
        )
        assert got["changes"] == pytest.approx(asdict(explorer.changes()), abs=1e-12)
        assert got["words"] == explorer.words(), explorer
    said = " ".join(got["words"] for got in found)
    assert all(words in said for words in ("equivariance", "invariance", "outside", "Nothing is pooled"))


@WITH_NODE
def test_the_browser_writes_shares_alike(module: Path) -> None:
    shares = [0, 1e-9, 0.0004, 0.00051, 0.1234, 0.5, 1.5, 2]
    assert in_browser_code(module, "shares.map(m.percent)", shares=shares) == [percent(s) for s in shares]


def test_the_static_twin_shows_the_maps_and_what_changed() -> None:
    explorer = ShiftExplorer(shift=(0, 1), pool_size=4)
    before = repr(explorer)
    fig = shift_figure(explorer)
    first = ShiftExplorer(pool_size=4)
    images = [np.asarray(ax.images[0].get_array()) for ax in fig.axes[:10]]
    np.testing.assert_array_equal(images[0], explorer.field())
    for k in range(3):
        np.testing.assert_array_equal(images[1 + 3 * k], explorer.feature_maps()[k])
        np.testing.assert_array_equal(images[2 + 3 * k], explorer.pooled_maps()[k])
        np.testing.assert_array_equal(images[3 + 3 * k], first.pooled_maps()[k])
        marked = [p for p in fig.axes[2 + 3 * k].patches if to_hex(p.get_edgecolor()).upper() == VERMILLION]
        assert len(marked) == (explorer.pooled_maps()[k] != first.pooled_maps()[k]).sum() > 0
    assert {ax.images[0].get_clim() for ax in fig.axes[1:10]} == {(0, first.feature_maps().max())}
    title = fig.legends[0].get_title().get_text()
    assert " ".join(title.split()) == " ".join(explorer.words().split())
    assert repr(explorer) == before


def test_the_static_twin_without_pooling_marks_nothing() -> None:
    fig = shift_figure(ShiftExplorer(shift=(1, 1), pooling="none"))
    assert not fig.axes[2].patches
    assert [text.get_text() for text in fig.legends[0].get_texts()] == [
        "solid frame: digit now",
        "dashed frame: digit at first",
    ]
