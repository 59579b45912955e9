"""The draw-a-digit explorer in Python: its network, how a drawing is prepared, its state, its figure."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from skimage.transform import resize
from traitlets import TraitError

from course_utils.data import digits, enlarge
from course_utils.plots.style import BLUE
from course_utils.widgets import DigitExplorer, digit_figure, digit_words
from course_utils.widgets.digit_examples import THROUGH, example_strokes
from course_utils.widgets.digit_ink import as_digits, as_mnist, ink_of, mixing
from course_utils.widgets.digit_network import layers_of, read_weights
from course_utils.widgets.digit_words import EMPTY, prediction_words, probability

ONE = [[[4, 14], [24, 14]]]
WIDTHS = [(6, 16, 120, 84, 10), (3, 8, 60, 42, 10), (12, 32, 240, 168, 4), (1, 1, 1, 1, 2)]


def random_weights(
    rng: np.random.Generator, sizes: tuple[int, ...] = (6, 16, 120, 84, 10)
) -> dict[str, np.ndarray]:
    """Make weights whose layers are neither saturated nor nearly zero."""
    one, two, five, six, classes = sizes
    shapes = {
        "c1": (one, 1, 5, 5),
        "c3": (two, one, 5, 5),
        "f5": (five, 25 * two),
        "f6": (six, five),
        "output": (classes, six),
    }
    weights = {}
    for name, shape in shapes.items():
        spread = 1.5 / np.sqrt(np.prod(shape[1:]))
        weights[f"{name}.weight"] = rng.normal(0, spread, size=shape).astype(np.float32)
        weights[f"{name}.bias"] = rng.normal(0, 0.3, size=shape[0]).astype(np.float32)
    return weights


@pytest.fixture
def weights(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return random_weights(rng)


def drawn(digit: int, weights: dict[str, np.ndarray], **options: Any) -> DigitExplorer:
    explorer = DigitExplorer(weights, **options)
    explorer.strokes = example_strokes(digit)
    return explorer


@pytest.mark.parametrize("pooling", ["average", "max"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize(("width", "classes"), [(1.0, 10), (0.5, 10), (2.0, 7)])
def test_probabilities_are_those_of_the_torch_network(
    width: float, classes: int, activation: Any, pooling: Any, rng: np.random.Generator
) -> None:
    import torch

    from course_utils.models import lenet5

    torch.manual_seed(0)
    model = lenet5(classes, width=width, activation=activation, pooling=pooling)
    x = rng.uniform(size=(28, 28)).astype(np.float32)
    explorer = DigitExplorer(model.state_dict(), image=x, activation=activation, pooling=pooling)
    found, h = explorer.layers(), torch.tensor(x)[None, None]
    np.testing.assert_allclose(found["x"], x, rtol=1e-6)
    layers = {"c1_activation": "C1", "s2": "S2", "c3_activation": "C3", "s4": "S4"}
    layers |= {"f5_activation": "F5", "f6_activation": "F6"}
    with torch.no_grad():
        for name, layer in model.named_children():
            h = layer(h)
            if name in layers:
                np.testing.assert_allclose(found[layers.pop(name)], h[0].numpy(), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(found["p"], h.softmax(dim=1)[0].numpy(), rtol=1e-4)
    assert not layers


def test_a_dot_and_a_line_have_the_ink_of_their_area() -> None:
    dot = ink_of([[[10, 9.5]]], 28, fine=4, radius=2.0)
    assert dot.sum() / 16 == pytest.approx(np.pi * 4, rel=0.01)
    line = ink_of([[[5, 5], [13, 11], [21, 17]]], 28, fine=4, radius=1.3)
    assert line.sum() / 16 == pytest.approx(np.pi * 1.69 + 2.6 * 20, rel=0.01)
    assert (line.min(), line.max()) == (0, 1)
    assert ((line > 0) & (line < 1)).any()  # antialiased
    crossing = ink_of([[[5, 5], [21, 17]], [[5, 17], [21, 5]]], 28, fine=4, radius=1.3)
    assert crossing.max() == 1
    assert crossing.sum() < 2 * line.sum()  # what is crossed is not counted twice


@pytest.mark.parametrize("digit", range(10))
def test_mnist_has_20_pixels_and_the_centre_of_mass_in_the_middle(digit: int) -> None:
    small = [[[0.5 * row, 3 + 0.4 * column] for row, column in stroke] for stroke in example_strokes(digit)]
    for strokes in (example_strokes(digit), small):
        x = as_mnist(strokes)
        rows, columns = (np.flatnonzero(x.any(axis=axis)) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        centre = [x.sum(axis=axis) @ np.arange(28) / x.sum() for axis in (1, 0)]
        assert np.abs(np.array(centre) - 14).max() <= 0.5 + 1e-9
        assert (x.min(), x.max()) == (0, pytest.approx(1))


def test_where_a_digit_is_drawn_does_not_matter() -> None:
    x = [
        as_mnist([[[row - down, column + right] for row, column in stroke] for stroke in example_strokes(6)])
        for down, right in ((0, 0), (2, 4.25), (-2.25, -3))
    ]
    np.testing.assert_allclose(x[1], x[0], atol=1e-9)
    np.testing.assert_allclose(x[2], x[0], atol=1e-9)


def test_a_broad_stroke_keeps_its_shape_for_mnist() -> None:
    x = as_mnist([[[14, 3], [14, 25]]])
    rows, columns = (np.flatnonzero(x.any(axis=axis)) for axis in (1, 0))
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (20, 2)  # 24.6 x 2.6 pixels were drawn


@pytest.mark.parametrize("digit", range(10))
def test_digits_have_the_extent_and_the_ink_of_scikit_learns(digit: int) -> None:
    images = digits().images / 255
    ink = images.mean(axis=(1, 2))
    x = as_digits(example_strokes(digit))
    assert np.percentile(ink, 1) < x.mean() < np.percentile(ink, 99)
    columns, empty = x.mean(axis=0), images.mean(axis=(0, 1)) < 0.02
    assert columns[0] <= 0.02 > columns[-1]  # the first and the last of their eight columns are blank
    assert empty.tolist() == [True, *[False] * 6, True]
    assert x.mean(axis=1)[[0, -1]].min() > 0.05  # but digits reach from the top to the bottom


def test_digits_of_any_size_become_alike() -> None:
    half = [[[0.5 * row + 7, 0.5 * column + 2] for row, column in stroke] for stroke in example_strokes(5)]
    np.testing.assert_allclose(as_digits(half), as_digits(example_strokes(5)), atol=1e-9)
    for strokes in (ONE, [[[9, 9]]], [[[14, 4], [14, 24]]]):  # not one of these fills the box
        x = as_digits(strokes)
        assert 0 < x.mean() < 0.5
        np.testing.assert_allclose(x, x[::-1, ::-1], atol=1e-9)  # they stay in the middle


def test_counts_are_enlarged_as_the_data_are(rng: np.random.Generator) -> None:
    images = digits()
    mixed = mixing(8, 28)
    want = enlarge(images, (28, 28)).images / 255
    got = mixed @ (images.images / 255) @ mixed.T
    np.testing.assert_allclose(got, want, atol=0.5 / 255 + 1e-9)
    other = rng.uniform(size=(8, 8))
    expected = resize(other, (28, 28), order=1, anti_aliasing=False, mode="edge")
    np.testing.assert_allclose(mixed @ other @ mixed.T, expected, atol=1e-9)


def test_examples_are_ten_plain_drawings_on_the_field(weights: dict[str, np.ndarray]) -> None:
    assert len(THROUGH) == 10
    for digit, strokes in enumerate(THROUGH):
        smooth = example_strokes(digit)
        for given, curve in zip(strokes, smooth, strict=True):
            assert set(given) <= set(curve)  # it passes through the points
            steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)
            assert steps.max() < 3
        assert drawn(digit, weights).seen() is not None
    pictures = np.array([as_mnist(example_strokes(digit)).ravel() for digit in range(10)])
    assert np.abs(np.corrcoef(pictures) - np.eye(10)).max() < 0.9


def test_nothing_drawn_says_what_to_do_and_predicts_nothing(weights: dict[str, np.ndarray]) -> None:
    explorer = DigitExplorer(weights)
    assert explorer.seen() is None
    assert explorer.layers() == {}
    assert explorer.words() == EMPTY
    assert "Draw one digit" in EMPTY
    assert not re.search(r"\d", EMPTY)


@pytest.mark.parametrize("prepare", ["mnist", "digits"])
def test_a_drawing_is_prepared_and_said(prepare: str, weights: dict[str, np.ndarray]) -> None:
    explorer = drawn(4, weights, prepare=prepare, classes=[f"class {k}" for k in range(10)])
    x = {"mnist": as_mnist, "digits": as_digits}[prepare](example_strokes(4))
    np.testing.assert_array_equal(explorer.seen(), x)
    p = layers_of(x, read_weights(weights), activation="tanh", pooling="average")["p"]
    best, second = np.argsort(-p)[:2]
    assert p.sum() == pytest.approx(1)
    assert explorer.words() == (
        f"Prediction: class {best}, with probability {p[best]:.2f}. "
        f"Second best: class {second}, with {p[second]:.2f}."
    )


def test_a_given_image_is_seen_as_it_is_and_drawn_on(weights: dict[str, np.ndarray]) -> None:
    image = np.zeros((28, 28), dtype=np.uint8)
    image[3:9, 2:7] = 200
    explorer = DigitExplorer(weights, image=image)
    np.testing.assert_allclose(explorer.seen(), image / 255, atol=1e-7)
    explorer.strokes = [[(20, 20)]]
    x = explorer.seen()
    assert x is not None
    np.testing.assert_allclose(x[:15], image[:15] / 255, atol=1e-7)
    assert x[15:].sum() == pytest.approx(np.pi * 1.3**2, rel=0.02)
    np.testing.assert_array_equal(
        DigitExplorer(weights, image=(image / 255)[None]).seen(), DigitExplorer(weights, image=image).seen()
    )


def test_equals_are_ranked_as_they_stand_and_nothing_is_certain() -> None:
    assert prediction_words(np.full(4, 0.25), list("abcd")) == (
        "Prediction: a, with probability 0.25. Second best: b, with 0.25."
    )
    assert prediction_words(np.array([0.0, 0.001, 0.999]), list("abc")) == (
        "Prediction: c, with probability over 0.99. Second best: b, with under 0.01."
    )
    assert [probability(p) for p in (0, 0.00499, 0.005, 0.994, 0.995, 1)] == [
        "under 0.01",
        "under 0.01",
        "0.01",
        "0.99",
        "over 0.99",
        "over 0.99",
    ]


def changed(name: str, value: Any) -> Any:
    return lambda weights: {**weights, name: value}


def without(name: str) -> Any:
    return lambda weights: {other: values for other, values in weights.items() if other != name}


BAD_WEIGHTS: list[tuple[Any, type[Exception], str]] = [
    (lambda _: [1, 2], TypeError, "weights is list but must be a dict of arrays by name; give {name: values"),
    (without("f6.bias"), ValueError, r"'f6.bias' is not in weights, .* those of LeNet: c1.weight, c1.bias"),
    (changed("bn.weight", [1.0]), ValueError, "'bn.weight' is a name too many in weights"),
    (changed("c1.bias", ["a"]), TypeError, "c1.bias is no array of real numbers that NumPy can read; give"),
    (changed("c1.bias", [[1], [1, 2]]), TypeError, "c1.bias is no array of real numbers"),
    (changed("f6.bias", np.full(84, np.nan)), ValueError, "f6.bias holds NaN or an infinite number"),
    (
        changed("c1.weight", np.zeros((6, 1, 3, 3))),
        ValueError,
        r"c1.weight has shape \(6, 1, 3, 3\) but \(6, 1, 5, 5\) fits the layer before it; give all weights",
    ),
    (changed("c1.weight", np.float32(1)), ValueError, r"c1.weight has shape \(\) but \(1, 5, 5\) fits"),
    (
        changed("c3.weight", np.zeros((16, 3, 5, 5))),
        ValueError,
        r"c3.weight has shape \(16, 3, 5, 5\) but \(16, 6, 5, 5\) fits",
    ),
    (changed("f5.weight", np.zeros((120, 256))), ValueError, r"f5.weight .* but \(120, 400\) fits the layer"),
    (changed("f6.bias", np.zeros(85)), ValueError, r"f6.bias has shape \(85,\) but f6.weight has 84 rows"),
    (
        lambda weights: {**weights, "output.weight": np.zeros((1, 84)), "output.bias": np.zeros(1)},
        ValueError,
        "output.weight has 1 rows but 2 to 12 can be shown; take another width",
    ),
    (
        lambda _: random_weights(np.random.default_rng(0), (65, 16, 120, 84, 10)),
        ValueError,
        "c1.weight has 65 rows but 1 to 64 can be shown",
    ),
]


@pytest.mark.parametrize(("spoil", "kind", "sentence"), BAD_WEIGHTS)
def test_weights_that_do_not_fit_are_refused(
    spoil: Any, kind: type[Exception], sentence: str, weights: dict[str, np.ndarray]
) -> None:
    with pytest.raises(kind, match=sentence):
        DigitExplorer(spoil(weights))
    with pytest.raises(kind, match=sentence):
        digit_figure(np.zeros((28, 28)), spoil(weights))


BAD_IMAGES: list[tuple[Any, type[Exception], str]] = [
    (np.zeros((8, 8)), ValueError, r"image has shape \(8, 8\) but .* enlarge smaller images with course_uti"),
    (
        np.full((28, 28), 255),
        ValueError,
        "image runs from 255 to 255 but brightness runs from 0 to 1; give u",
    ),
    (np.full((28, 28), np.nan), ValueError, "image runs from nan to nan but brightness"),
    (np.full((28, 28), -0.1), ValueError, "image runs from -0.1 to -0.1"),
    (np.full((28, 28), "a"), TypeError, "image holds <U1 but must hold real numbers"),
]


@pytest.mark.parametrize(("image", "kind", "sentence"), BAD_IMAGES)
def test_images_that_do_not_fit_are_refused(
    image: Any, kind: type[Exception], sentence: str, weights: dict[str, np.ndarray]
) -> None:
    for make in (lambda: DigitExplorer(weights, image=image), lambda: digit_figure(image, weights)):
        with pytest.raises(kind, match=sentence):
            make()


def test_each_class_has_one_name(weights: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="classes has 2 names but the network has 10 outputs; give one name"):
        DigitExplorer(weights, classes=["cat", "dog"])


BAD_TRAITS = [
    ("prepare", "photo", "prepare is 'photo' but must be one of mnist, digits; choose one"),
    ("activation", "sin", "activation is 'sin' but must be one of tanh, relu"),
    ("pooling", "l2", "pooling is 'l2' but must be one of average, max"),
    ("strokes", 3, r"strokes must be a list of strokes, each a list of points .*; give such as \[\[\(4, 14"),
    ("strokes", [[(1, 2, 3)]], "strokes must be a list of strokes, each a list of points"),
    ("strokes", [[(1, 29)]], "strokes must be .*, but 29 is not from 0 to 28; stay on the field"),
    ("strokes", [[(1, "a")]], "strokes must be .*, but 'a' is not from 0 to 28"),
    ("strokes", [[(1, np.nan)]], "strokes must be .*, but nan is not from 0 to 28"),
    ("strokes", [[]], "strokes must be .*, but one has no point; leave it out"),
    ("_image", b"123", "_image has 3 bytes but must have none or 3136; give all"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), BAD_TRAITS)
def test_bad_values_are_refused_and_change_nothing(
    name: str, value: Any, sentence: str, weights: dict[str, np.ndarray]
) -> None:
    explorer = drawn(2, weights)
    before = (repr(explorer), explorer.words())
    with pytest.raises(TraitError, match=sentence):
        setattr(explorer, name, value)
    assert (repr(explorer), explorer.words()) == before
    if name in ("prepare", "activation", "pooling"):
        with pytest.raises(TraitError, match=sentence):
            DigitExplorer(weights, **{name: value})


@pytest.mark.parametrize(("name", "value"), [("activation", "sin"), ("pooling", "l2")])
def test_the_figure_refuses_them_too(name: str, value: str, weights: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=f"{name} is '{value}' but must be one of .*; choose one of these"):
        digit_figure(np.zeros((28, 28)), weights, **{name: value})


def test_print_is_the_same_in_every_run(weights: dict[str, np.ndarray]) -> None:
    explorer = DigitExplorer(weights, prepare="digits", activation="relu", pooling="max")
    explorer.strokes = ONE
    assert repr(explorer) == "DigitExplorer(1 stroke, prepare='digits', activation='relu', pooling='max')"
    assert explorer._repr_mimebundle_()[0]["text/plain"] == repr(explorer)
    assert repr(DigitExplorer(weights, image=np.zeros((28, 28)))) == (
        "DigitExplorer(0 strokes, on a given image, prepare='mnist', activation='tanh', pooling='average')"
    )


def test_state_survives_the_way_to_the_browser_and_back(weights: dict[str, np.ndarray]) -> None:
    explorer = drawn(7, weights, prepare="digits", activation="relu", pooling="max")
    state = explorer.get_state()
    assert len(state["_weights"]) == 4 * sum(values.size for values in weights.values())
    names = ("strokes", "prepare", "activation", "pooling", "_classes", "_shapes", "_examples")
    plain = json.loads(json.dumps({name: state[name] for name in names}))
    assert len(json.dumps(plain)) < 20_000
    other = DigitExplorer(weights)
    other.set_state({**plain, "_image": memoryview(b"")})
    assert (repr(other), other.words()) == (repr(explorer), explorer.words())
    assert other.strokes == explorer.strokes


def test_the_module_asks_nobody_for_anything() -> None:
    text = DigitExplorer._esm + DigitExplorer._css
    assert not re.search(
        r"https?:|//cdn|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|\bimport\b.*\bfrom\b", text
    )


@pytest.mark.parametrize("sizes", WIDTHS)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_static_twin_shows_every_layer(
    sizes: tuple[int, ...], activation: str, rng: np.random.Generator
) -> None:
    weights = random_weights(rng, sizes)
    explorer = drawn(3, weights, activation=activation)
    found, x = explorer.layers(), explorer.seen()
    assert x is not None
    fig = digit_figure(x, weights, activation=activation)
    ax, names = fig.axes[0], ("C1", "S2", "C3", "S4", "F5", "F6")
    want = [x, *(one for name in names for one in (found[name] if found[name].ndim > 1 else [found[name]]))]
    assert len(ax.images) == len(want)
    for image, values in zip(ax.images, want, strict=True):
        np.testing.assert_allclose(np.squeeze(image.get_array()), np.squeeze(values), atol=1e-6)
        left, right, bottom, top = image.get_extent()
        assert 0 < left < right <= ax.get_xlim()[1]
        assert 0 < top < bottom <= ax.get_ylim()[0]
    limits = [image.get_clim() for image in ax.images]
    assert limits[0] == (0, 1)
    most = np.abs(found["C1"]).max()
    assert set(limits[1 : 1 + sizes[0]]) == {(-most if activation == "tanh" else 0, most)}
    bars = [patch for patch in ax.patches if to_hex(patch.get_edgecolor()).upper() == BLUE]
    heights = np.array([bar.get_height() for bar in bars])
    np.testing.assert_allclose(heights / heights.sum(), found["p"], rtol=1e-5)
    filled = [to_hex(bar.get_facecolor()).upper() == BLUE for bar in bars]
    assert np.flatnonzero(filled).tolist() == [found["p"].argmax()]
    assert explorer.words() in [text.get_text() for text in ax.texts]


def test_the_alternative_text_names_layers_and_prediction(weights: dict[str, np.ndarray]) -> None:
    explorer = drawn(3, weights)
    x = explorer.seen()
    assert x is not None
    assert digit_words(x, weights) == (
        "An image and what each layer of the network makes of it: C1 6 maps of 28 × 28, "
        "S2 6 maps of 14 × 14, C3 16 maps of 10 × 10, S4 16 maps of 5 × 5, F5 120 units, F6 84 units. "
        + explorer.words()
    )
