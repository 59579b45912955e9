import base64
import io
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from course_utils import plots
from course_utils.plots.show import LARGEST_PNG, display_bundle, png

ALT = "Two bars: the first is twice as tall as the second."


class FirstImage(HTMLParser):
    """Collects the tags and the attributes of the image."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.image: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "img":
            self.image = dict(attrs)


def read(markup: str) -> FirstImage:
    parser = FirstImage()
    parser.feed(markup)
    return parser


@pytest.fixture
def fig() -> Figure:
    return plots.bars(["a", "b"], [2, 1], y_label="count")


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []

    def collect(*objects: Any, **options: Any) -> None:
        shown.append({"objects": objects, **options})

    monkeypatch.setattr("IPython.display.display", collect)
    return shown


def test_show_displays_one_bundle_with_picture_markup_and_words(
    fig: Figure, displayed: list[dict[str, Any]]
) -> None:
    assert plots.show(fig, alt=ALT) is None  # type: ignore[func-returns-value]
    assert len(displayed) == 1
    assert displayed[0]["raw"] is True
    (bundle,) = displayed[0]["objects"]
    assert set(bundle) == {"image/png", "text/html", "text/plain"}
    assert bundle["text/plain"] == ALT
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_html_is_a_figure_whose_image_carries_the_alt_and_the_same_picture(fig: Figure) -> None:
    bundle = display_bundle(fig, alt=ALT)
    parsed = read(bundle["text/html"])
    assert parsed.tags == ["figure", "img"]
    assert parsed.image["alt"] == ALT
    assert parsed.image["src"] == "data:image/png;base64," + bundle["image/png"]
    assert parsed.image["width"] == "800"


def test_alt_is_escaped_and_survives_the_markup(fig: Figure) -> None:
    alt = 'The unit "h_1" is on where x_1 < 2 & x_2 > 0, the other isn\'t.'
    bundle = display_bundle(fig, alt=alt)
    assert "&quot;h_1&quot;" in bundle["text/html"]
    assert "x_1 &lt; 2 &amp; x_2" in bundle["text/html"]
    assert read(bundle["text/html"]).image["alt"] == alt
    assert bundle["text/plain"] == alt


def test_line_breaks_in_alt_become_spaces(fig: Figure) -> None:
    bundle = display_bundle(fig, alt="  Two bars:\n   the first is   taller.\n")
    assert bundle["text/plain"] == "Two bars: the first is taller."


@pytest.mark.parametrize("alt", ["", "   \n ", "A figure.", "x" * 19, "x" + " " * 40])
def test_alt_that_says_nothing_is_refused(fig: Figure, alt: str, displayed: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"alt has \d+ characters but needs at least 20; say in a sentence"):
        plots.show(fig, alt=alt)
    assert displayed == []


def test_twenty_characters_are_enough(fig: Figure) -> None:
    assert display_bundle(fig, alt="x" * 20)["text/plain"] == "x" * 20


@pytest.mark.parametrize("wrong", [None, "figure", np.zeros((2, 2)), [Figure()]])
def test_what_is_not_a_figure_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"show was given .* but takes a Matplotlib Figure"):
        plots.show(wrong, alt=ALT)


def test_alt_that_is_not_text_is_refused(fig: Figure) -> None:
    with pytest.raises(TypeError, match="alt is NoneType but must be a string"):
        plots.show(fig, alt=None)  # type: ignore[arg-type]


def test_show_closes_a_figure_of_pyplot(displayed: list[dict[str, Any]]) -> None:
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    fig, kept = plt.figure(), plt.figure()
    plots.show(fig, alt=ALT)
    assert plt.get_fignums() == [kept.number]
    plt.close(kept)
    assert len(displayed) == 1


def test_png_names_no_software_and_has_the_figure_size(fig: Figure) -> None:
    data = png(fig)
    image = Image.open(io.BytesIO(data))
    assert image.size == (800, 400)
    assert "Software" not in image.info
    assert b"Software" not in data
    assert b"atplotlib" not in data


def test_same_input_gives_the_same_bytes() -> None:
    first, second = (plots.bars(["a", "b"], [2, 1], y_label="count") for _ in range(2))
    assert png(first) == png(second) == png(first)


def test_a_large_picture_is_made_to_fit_with_fewer_colours_first() -> None:
    ramp = np.outer(np.linspace(0, 255, 300), np.ones(300)) + np.random.default_rng(0).integers(
        0, 12, (300, 300)
    )
    fig = plots.image_grid([ramp.clip(0, 255).astype(np.uint8)] * 2)
    plain = io.BytesIO()
    fig.savefig(plain, format="png")
    data = png(fig)
    assert len(plain.getvalue()) > LARGEST_PNG >= len(data)
    image = Image.open(io.BytesIO(data))
    assert image.mode == "P"
    assert b"Software" not in data


def test_noise_is_made_to_fit_with_fewer_pixels_and_shown_as_large() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3)).astype(np.uint8)
    fig = plots.image_grid([noise] * 3)
    data = png(fig)
    width = round(fig.get_figwidth() * fig.dpi)
    assert len(data) <= LARGEST_PNG
    assert Image.open(io.BytesIO(data)).width < width
    assert read(display_bundle(fig, alt=ALT)["text/html"]).image["width"] == str(width)


def test_the_colours_that_mean_something_survive_a_picture_with_fewer_colours() -> None:
    x, t = np.array([[0.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    fig = plots.response_surface(lambda p: np.sin(9 * p).sum(axis=1), limits=(-3, 3), x=x, t=t)
    image = Image.open(io.BytesIO(png(fig)))
    assert image.mode == "P", "the picture is small as it is: this test proves nothing"
    colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}
    assert {ImageColor.getrgb(name) for name in (plots.BLUE, plots.VERMILLION, "white")} <= colours
