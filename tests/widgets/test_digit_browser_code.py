"""The draw-a-digit explorer's own JavaScript, run in node: it computes and says what Python does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.widgets import DigitExplorer
from course_utils.widgets.digit_examples import example_strokes
from course_utils.widgets.digit_ink import as_digits, as_mnist, averaging, ink_of, mixing, on_image
from course_utils.widgets.digit_network import layers_of, read_weights
from course_utils.widgets.digit_words import prediction_words, probability
from tests.widgets.test_digit import WIDTHS, random_weights
from tests.widgets.test_mathematics import NODE, in_browser_code

pytestmark = pytest.mark.skipif(
    NODE is None, reason="NOT COMPARED WITH THE BROWSER'S CODE: node is not installed"
)
DRAWINGS: list[Any] = [
    *(example_strokes(digit) for digit in range(10)),
    [[[14, 14]]],
    [[[0, 0], [28, 28]]],
    [[[14, 3], [14, 25]], [[14, 3], [14, 3]]],
    [[[3.21, 9.87], [3.4, 10.1], [26.66, 11]], [[1, 2]]],
]


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("esm") / "digit.mjs"
    path.write_text(DigitExplorer._esm, encoding="utf-8")
    return path


@pytest.mark.parametrize("sizes", WIDTHS)
def test_layers_agree(sizes: tuple[int, ...], module: Path, rng: np.random.Generator, tmp_path: Path) -> None:
    weights = random_weights(rng, sizes)
    explorer = DigitExplorer(weights)
    x, file = rng.uniform(size=(28, 28)), tmp_path / "weights"  # too many for a command line
    file.write_bytes(explorer.get_state()["_weights"])
    kinds = [[activation, pooling] for activation in ("tanh", "relu") for pooling in ("average", "max")]
    found = in_browser_code(
        module,
        "(bytes => kinds.map(([activation, pooling]) => Object.entries(m.layersOf(Float64Array.from(x), "
        "m.readNetwork(bytes, shapes), activation, pooling)).map(([name, h]) => [name, Array.from(h)])))"
        "((await import('node:fs')).readFileSync(file))",
        file=str(file),
        kinds=kinds,
        shapes=explorer.get_state()["_shapes"],
        x=x.ravel().tolist(),
    )
    for (activation, pooling), got in zip(kinds, found, strict=True):
        want = layers_of(x, read_weights(weights), activation=activation, pooling=pooling)
        assert [name for name, _ in got] == list(want)
        for name, h in got:
            np.testing.assert_allclose(h, want[name].ravel(), rtol=1e-9, atol=1e-12, err_msg=name)


def test_drawings_are_prepared_alike(module: Path, rng: np.random.Generator) -> None:
    image = rng.uniform(size=(28, 28))
    found = in_browser_code(
        module,
        "drawings.map(strokes => [m.inkOf(strokes, 28, 4, 1.3), m.seenBy(strokes, null, 'mnist'), "
        "m.seenBy(strokes, null, 'digits'), m.seenBy(strokes, image, 'mnist')].map(a => Array.from(a)))",
        drawings=DRAWINGS,
        image=image.ravel().tolist(),
    )
    for strokes, got in zip(DRAWINGS, found, strict=True):
        want = [
            ink_of(strokes, 28, fine=4, radius=1.3),
            as_mnist(strokes),
            as_digits(strokes),
            on_image(image, strokes),
        ]
        for one, other in zip(got, want, strict=True):
            np.testing.assert_allclose(one, other.ravel(), atol=1e-9)


def test_nothing_drawn_is_nothing_seen(module: Path) -> None:
    assert in_browser_code(module, "m.seenBy([], null, 'mnist')") is None


@pytest.mark.parametrize(("old", "new"), [(8, 28), (7, 20), (112, 28), (33, 20), (5, 5), (1, 3)])
def test_pixels_are_shared_out_alike(old: int, new: int, module: Path) -> None:
    for name, function in (("averaging", averaging), ("mixing", mixing)):
        got = in_browser_code(module, f"m.{name}({old}, {new}).map(row => Array.from(row))")
        np.testing.assert_allclose(got, function(old, new), atol=1e-12)
        np.testing.assert_allclose(np.sum(got, axis=1), 1)


def test_it_says_the_same(module: Path, rng: np.random.Generator) -> None:
    cases = rng.dirichlet(np.full(10, 0.2), size=200)
    cases = [*cases, np.full(10, 0.1), np.eye(10)[3]]
    names = [f"class {k}" for k in range(10)]
    said = in_browser_code(
        module,
        "cases.map(p => [m.predictionWords(p, names), p.map(m.probability)])",
        cases=[p.tolist() for p in cases],
        names=names,
    )
    assert said == [[prediction_words(p, names), [probability(share) for share in p]] for p in cases]
    assert in_browser_code(module, "m.predictionWords(null, [])") == prediction_words(None, [])
