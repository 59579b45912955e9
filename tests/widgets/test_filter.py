"""The filter explorer: its numbers and words in Python and in the browser's code, its state, its figure."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy.signal import convolve2d, correlate2d
from traitlets import TraitError

from course_utils.data import photograph
from course_utils.plots.style import BLUE, GREEN, PURPLE, VERMILLION
from course_utils.widgets import FilterExplorer, filter_figure
from course_utils.widgets.filter_figure import shown
from course_utils.widgets.filter_words import grey
from course_utils.widgets.filters import DISPLAYS, FILTERS
from course_utils.widgets.photographs import CUTS, small_photograph
from course_utils.widgets.sources import javascript
from tests.widgets.test_mathematics import NODE, in_browser_code

needs_node = pytest.mark.skipif(
    NODE is None, reason="NOT COMPARED WITH THE BROWSER'S CODE: node is not installed"
)
OPERATIONS = {"convolution": convolve2d, "cross-correlation": correlate2d}
UNEVEN = ((1, -2, 3), (0.5, 0, -4), (7, 0.25, -1))
UNEVEN_5 = tuple(tuple(((3 * i + 7 * j) % 11) - 5 for j in range(5)) for i in range(5))

DECKS = {
    "identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1),
    "edges_1": ([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], 1),
    "edges_2": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 1),
    "edges_3": ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], 1),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "box_blur": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "gaussian_blur": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    "toronto_1": ([[0, 1, 0], [1, 4, 1], [0, 1, 0]], 1),
    "toronto_2": ([[0, -1, 0], [-1, 8, -1], [0, -1, 0]], 1),
    "toronto_3": ([[0, -1, 0], [-1, 4, -1], [0, -1, 0]], 1),
    "toronto_4": ([[1, 0, -1], [2, 0, -2], [1, 0, -1]], 1),
}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("esm") / "filter.mjs"
    path.write_text(javascript("filter", "cells", "filter_maths", "filter_sheet"), encoding="utf-8")
    return path


def test_the_filters_are_the_decks() -> None:
    assert {**DECKS, "gaussian_blur_5": None}.keys() == FILTERS.keys()
    for name, (kernel, divisor) in DECKS.items():
        explorer = FilterExplorer(name)
        assert (np.array(explorer.kernel).tolist(), explorer.divisor) == (kernel, divisor)
    larger = FilterExplorer("gaussian_blur_5")
    assert np.array(larger.kernel).sum() == larger.divisor == 256
    np.testing.assert_array_equal(larger.kernel, np.outer(larger.kernel[0], larger.kernel[0]))


@pytest.mark.parametrize("name", CUTS)
def test_a_photograph_is_small_grey_and_shared(name: str) -> None:
    small = small_photograph(name)
    assert small.shape == (96, 128)
    assert small.dtype == np.uint8
    assert not small.flags.writeable
    assert np.ptp(small) > 100
    cut, whole = CUTS[name], photograph(name)
    part = whole[cut.top : cut.top + 96 * cut.block, cut.left : cut.left + 128 * cut.block]
    assert part.shape[:2] == (96 * cut.block, 128 * cut.block)
    weights = [[0.299], [0.587], [0.114]] if whole.ndim == 3 else [[1]]
    first = part[: cut.block, : cut.block].reshape(-1, len(weights)).mean(axis=0) @ weights
    assert abs(small[0, 0] - first[0]) <= 0.5 + 1e-9


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kernel", [*FILTERS, UNEVEN, UNEVEN_5])
def test_output_is_that_of_scipy(kernel: Any, operation: str) -> None:
    explorer = FilterExplorer(kernel, operation=operation, photograph="coins")
    x, k = explorer.pixels.astype(float), np.array(explorer.kernel) / explorer.divisor
    want = OPERATIONS[operation](x, k, mode="valid")
    np.testing.assert_allclose(explorer.filtered(), want, atol=1e-9)
    reach = len(k) // 2
    for position in [(reach, reach), (40, 70), (95 - reach, 127 - reach)]:
        explorer.position = position
        assert explorer.output() == pytest.approx(want[position[0] - reach, position[1] - reach], abs=1e-9)
        assert explorer.window()[reach, reach] == explorer.pixels[position]
        np.testing.assert_allclose(explorer.products(), explorer.used() * explorer.window())


def test_the_fourth_of_toronto_changes_its_sign_without_the_flip() -> None:
    flipped, unflipped = (FilterExplorer(operation=operation).filtered() for operation in OPERATIONS)
    np.testing.assert_allclose(flipped, -unflipped)
    assert np.abs(flipped).max() > 500


@pytest.mark.parametrize(("display", "ends"), [("clipped", (0, 255)), ("signed", None), ("stretched", None)])
def test_how_the_output_is_shown(display: str, ends: tuple[int, int] | None) -> None:
    explorer = FilterExplorer("toronto_2", display=display)
    y = explorer.filtered()
    scales = {"clipped": ends, "signed": (-np.abs(y).max(), np.abs(y).max()), "stretched": (y.min(), y.max())}
    assert explorer.scale() == pytest.approx(scales[display])
    greys = shown(explorer)
    low, high = explorer.scale()
    want = np.clip(255 * (y - low) / (high - low), 0, 255)
    np.testing.assert_allclose(greys[1:-1, 1:-1], want, atol=0.5 + 1e-9)
    assert set(greys[0]) == set(greys[:, -1]) == {228}  # no window lies there


def test_an_output_without_contrast_is_mid_grey() -> None:
    explorer = FilterExplorer(np.zeros((3, 3)), display="signed")
    assert explorer.scale() == (0, 0)
    assert {grey(0, (0, 0)), *shown(explorer)[1:-1, 1:-1].ravel().tolist()} == {128}


def test_words_have_the_windows_numbers() -> None:
    explorer = FilterExplorer("sharpen", position=(30, 50))
    (_, up, _), (left, here, right), (_, down, _) = explorer.window().tolist()
    sum_of = f"0 − {up} + 0 − {left} + {5 * here} − {right} + 0 − {down} + 0"
    total = 5 * here - up - left - right - down
    assert explorer.words().split("\n") == [
        f"Row 30, column 50: the products sum to {sum_of} = {total}.".replace("-", "−"),
        "A flat area keeps its brightness. Flipping does not change this kernel, so convolution and "
        "cross-correlation agree. Shown clipped: 0 and below is black, 255 and above is white.",
    ]


def test_words_divide_and_add_up_rows_of_five() -> None:
    explorer = FilterExplorer("gaussian_blur_5")
    first = explorer.words().split("\n")[0]
    rows = explorer.products().sum(axis=1)
    assert first.startswith(
        f"Row 30, column 50: the 5 rows of products sum to {' + '.join(f'{row:.0f}' for row in rows)} = "
        f"{rows.sum():.0f}; {rows.sum():.0f} / 256 = "
    )
    assert float(first.rstrip(".").rsplit("= ")[-1]) == pytest.approx(explorer.output(), abs=0.0005)


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        ("toronto_1", "A flat area is multiplied by 8. Flipping does not"),
        ("toronto_4", "A flat area is multiplied by 0. Flipping changes this kernel, so"),
        ("edges_1", "A flat area is multiplied by 0. Flipping does not change"),
        (UNEVEN, "A flat area is multiplied by 4.75. Flipping changes"),
    ],
)
def test_words_say_what_the_kernel_does_everywhere(kernel: Any, words: str) -> None:
    assert FilterExplorer(kernel).words().split("\n")[1].startswith(words)


@needs_node
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_browser_computes_the_same(operation: str, module: Path) -> None:
    for kernel in ("toronto_4", "gaussian_blur_5", UNEVEN, UNEVEN_5):
        explorer = FilterExplorer(kernel, operation=operation, photograph="chelsea")
        flip = "m.flipped(kernel)" if operation == "convolution" else "kernel"
        found = in_browser_code(
            module,
            f"((y) => [Array.from(y.values), [y.height, y.width], displays.map(d => m.scaleOf(y.values, d))])"
            f"(m.filtered(pixels, {flip}, divisor))",
            pixels=explorer.pixels.ravel().tolist(),
            kernel=explorer.kernel,
            divisor=explorer.divisor,
            displays=list(DISPLAYS),
        )
        want = explorer.filtered()
        assert tuple(found[1]) == want.shape
        np.testing.assert_allclose(np.reshape(found[0], want.shape), want, rtol=1e-12, atol=1e-10)
        for display, scale in zip(DISPLAYS, found[2], strict=True):
            explorer.display = display
            assert scale == pytest.approx(explorer.scale(), abs=1e-10)


@needs_node
def test_the_browser_says_the_same(module: Path, rng: np.random.Generator) -> None:
    pixels = small_photograph("camera").ravel().tolist()
    explorers = [
        FilterExplorer(kernel, operation=operation, display=display, divisor=divisor)
        for kernel in ("sharpen", "gaussian_blur_5", "box_blur", UNEVEN, UNEVEN_5)
        for operation, display, divisor in zip(OPERATIONS, DISPLAYS, (None, 3), strict=False)
    ]
    states = []
    for explorer in explorers:
        explorer.position = tuple(rng.integers((2, 2), (94, 126)).tolist())
        states.append(
            (explorer.position, explorer.kernel, explorer.used().tolist(), explorer.divisor, explorer.display)
        )
    said = in_browser_code(
        module,
        "states.map(([at, k, used, d, display]) => "
        "`${m.windowWords(at, m.productsAt(pixels, at, used), d)}\\n${m.kernelWords(k, d, display)}`)",
        pixels=pixels,
        states=states,
    )
    assert said == [explorer.words() for explorer in explorers]


@needs_node
def test_the_browser_shows_the_same_greys_and_windows(module: Path, rng: np.random.Generator) -> None:
    drawn = rng.normal(0, 300, size=(200, 3))
    cases = [[float(v), [low, low + abs(width)]] for v, low, width in drawn.tolist()]
    cases += [[5.0, [5.0, 5.0]], [-1.0, [0, 255]], [300.0, [0, 255]], [127.5, [0, 255]]]
    got = in_browser_code(module, "cases.map(([v, scale]) => m.grey(v, scale))", cases=cases)
    assert got == [grey(value, tuple(scale)) for value, scale in cases]
    corners = in_browser_code(module, "[[-5, 200], [0, 0], [95, 127], [50, 60]].map(p => m.nearest(p, 2))")
    assert corners == [[2, 125], [2, 2], [93, 125], [50, 60]]


@needs_node
def test_a_number_that_cannot_be_read_is_named(module: Path) -> None:
    texts = ["", " ", "100", "-99.5", "abc"]
    found = in_browser_code(module, "texts.map(t => m.readNumber(t, 'The divisor', 1, 99))", texts=texts)
    assert [case["problem"] for case in found] == [
        [f"The divisor is {given}", "write a number from 1 to 99"]
        for given in ("empty or no number", "empty or no number", "100", "-99.5", "abc")
    ]
    good = in_browser_code(module, "['1', '2.5', ' 99 '].map(t => m.readNumber(t, 'The divisor', 1, 99))")
    assert good == [{"values": 1}, {"values": 2.5}, {"values": 99}]


BAD = [
    ({"kernel": [[1, 2], [3, 4]]}, r"kernel has shape \(2, 2\) but must be 3 rows of 3 numbers or 5"),
    ({"kernel": [[1, 2, 3], [4, 5]]}, "kernel is .* but must be 3 rows of 3 numbers"),
    ({"kernel": [["1"] * 3] * 3}, "kernel is .* but must be 3 rows of .*; write numbers"),
    ({"kernel": [[math.inf] * 3] * 3}, "kernel holds inf but each number must be from -99 to 99"),
    ({"divisor": 0}, "divisor is 0 but must be from 1 to 999"),
    ({"divisor": "x"}, "divisor is 'x' but must be one finite number"),
    ({"photograph": "dog"}, "photograph is 'dog' but must be one of camera, coins, astronaut"),
    ({"operation": "product"}, "operation is 'product' but must be one of convolution, cross-correlation"),
    ({"display": "grey"}, "display is 'grey' but must be one of clipped, signed, stretched"),
    (
        {"position": (0, 5)},
        r"position is \(0, 5\) but the window must lie on the photograph; .* a row from 1 to 94",
    ),
    ({"position": (1, 127)}, "and a column from 1 to 126"),
    ({"position": (1.5, 3)}, r"position is \(1.5, 3\) but must be a row and a column; write two"),
    ({"position": 7}, "position is 7 but must be a row and a column"),
]


@pytest.mark.parametrize(("bad", "sentence"), BAD)
def test_bad_values_are_refused_when_made_and_later(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TraitError, match=sentence):
        FilterExplorer(**bad)
    made = FilterExplorer()
    ((name, value),) = bad.items()
    with pytest.raises(TraitError, match=sentence):
        setattr(made, name, value)
    assert repr(made) == repr(FilterExplorer())
    assert made.get_state("_pixels") == FilterExplorer().get_state("_pixels")


def test_a_filter_that_the_decks_do_not_have_is_refused() -> None:
    with pytest.raises(TraitError, match="kernel is 'median' but must be one of identity, edges_1"):
        FilterExplorer("median")


def test_print_is_stable_and_shown_whole() -> None:
    default = FilterExplorer()
    assert repr(default) == (
        "FilterExplorer('toronto_4', operation='convolution', display='signed', position=(30, 50))"
    )
    assert default._repr_mimebundle_()[0]["text/plain"] == repr(default)
    assert repr(FilterExplorer(UNEVEN, divisor=2, photograph="coins")) == (
        "FilterExplorer(((1, -2, 3), (0.5, 0, -4), (7, 0.25, -1)), divisor=2, photograph='coins', "
        "operation='convolution', display='clipped', position=(30, 50))"
    )


def test_a_larger_kernel_keeps_the_window_on_the_photograph() -> None:
    explorer = FilterExplorer(position=(1, 126))
    explorer.kernel = UNEVEN_5
    assert explorer.position == (2, 125)
    explorer.set_state({"position": [1, 1], "kernel": [[0, 0, 0], [0, 1, 0], [0, 0, 0]]})  # from the browser
    assert repr(explorer).startswith("FilterExplorer('identity', ")
    assert explorer.position == (1, 1)


def test_another_photograph_is_sent() -> None:
    explorer = FilterExplorer()
    explorer.photograph = "coins"
    assert explorer._pixels == small_photograph("coins").tobytes() != FilterExplorer()._pixels
    assert len(explorer._pixels) == 96 * 128


def test_only_numbers_and_names_travel_and_nobody_is_asked() -> None:
    made = FilterExplorer(UNEVEN, operation="cross-correlation", display="stretched", position=(5, 6))
    names = ("kernel", "divisor", "photograph", "operation", "display", "position")
    state = {name: made.get_state()[name] for name in names}
    other = FilterExplorer()
    other.set_state(json.loads(json.dumps(state)))
    assert repr(other) == repr(made)
    assert list(json.loads(json.dumps(made.get_state()["_filters"]))) == list(FILTERS)
    assert not re.search(r"https?:|//cdn|@import|url\(|fetch\(|\bimport\b.*\bfrom\b", made._esm + made._css)


@pytest.mark.parametrize("kernel", ["toronto_4", "gaussian_blur_5"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_figure_shows_the_present_window(kernel: str, operation: str) -> None:
    explorer = FilterExplorer(kernel, operation=operation, position=(40, 60))
    before = repr(explorer)
    ax = filter_figure(explorer).axes[0]
    count = len(explorer.kernel) ** 2
    edges = [to_hex(patch.get_edgecolor()).upper() for patch in ax.patches]
    assert (edges.count(BLUE), edges.count(VERMILLION), edges.count(PURPLE)) == (count + 1, count, count)
    assert edges.count(GREEN) == 2
    photo, output = (image.get_array() for image in ax.images)
    np.testing.assert_array_equal(photo, explorer.pixels)
    np.testing.assert_array_equal(output, shown(explorer))
    texts = [text.get_text() for text in ax.texts]
    assert ("kernel, flipped" in texts) == (operation == "convolution")
    assert ("kernel, not flipped" in texts) == (operation == "cross-correlation")
    assert texts[-1].replace("\n", " ") == explorer.words().replace("\n", " ")
    reach = len(explorer.kernel) // 2
    window = next(patch for patch in ax.patches if to_hex(patch.get_edgecolor()).upper() == BLUE)
    assert window.get_x() + window.get_width() / 2 == pytest.approx(6 + 3 * 60.5)
    assert window.get_y() + window.get_height() / 2 == pytest.approx(26 + 3 * 40.5)
    assert window.get_width() == 3 * (2 * reach + 1) + 5
    assert repr(explorer) == before


def test_the_figure_divides_where_the_filter_does() -> None:
    blurred, plain = (
        [text.get_text() for text in filter_figure(FilterExplorer(name)).axes[0].texts]
        for name in ("box_blur", "toronto_4")
    )
    assert "9 =" in blurred
    assert not any(text.endswith(" =") for text in plain)
