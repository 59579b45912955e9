"""The only way out for a figure: one display of the picture and its words."""

import base64
import html
import io
import math
import sys

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from course_utils.plots.style import BLACK, BLUE, GREEN, PURPLE, VERMILLION, style

SHORTEST_ALT = 20  # characters; less cannot state a finding
LARGEST_PNG = 60_000  # bytes
KEPT = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, "white")  # colours that mean something


def show(fig: Figure, *, alt: str) -> None:
    """Display the figure once, with its alternative text, and close it.

    The text goes two ways: as `alt` of an HTML image, which screen readers and exported pages read, and as
    the plain text of the output.

    Args:
        fig: What a function of `course_utils.plots` returned.
        alt: What the figure shows, as a sentence that states the finding; at least 20 characters.

    Raises:
        TypeError: If `fig` is not a Matplotlib figure or `alt` is not a string.
        ValueError: If `alt` is empty or shorter than 20 characters.
    """
    from IPython.display import display  # only a notebook needs it

    bundle = display_bundle(fig, alt=alt)
    display(bundle, raw=True)
    if "matplotlib.pyplot" in sys.modules:  # a figure made by pyplot would otherwise be shown a second time
        sys.modules["matplotlib.pyplot"].close(fig)


def display_bundle(fig: Figure, *, alt: str) -> dict[str, str]:
    """Make the output of one figure: the picture, an HTML image with alternative text, and that text.

    Args:
        fig: A Matplotlib figure.
        alt: What the figure shows, at least 20 characters.

    Returns:
        Content by type: "image/png" (base64), "text/html" and "text/plain".

    Raises:
        TypeError: If `fig` is not a Matplotlib figure or `alt` is not a string.
        ValueError: If `alt` is empty or shorter than 20 characters.
    """
    if not isinstance(fig, Figure):
        raise TypeError(
            f"show was given {type(fig).__name__} but takes a Matplotlib Figure, as plots return it"
        )
    if not isinstance(alt, str):
        raise TypeError(f"alt is {type(alt).__name__} but must be a string that states what the figure shows")
    words = " ".join(alt.split())
    if len(words) < SHORTEST_ALT:
        raise ValueError(
            f"alt has {len(words)} characters but needs at least {SHORTEST_ALT}; "
            "say in a sentence what the figure shows"
        )
    picture = base64.b64encode(png(fig)).decode("ascii")
    width = round(fig.get_figwidth() * fig.dpi)  # so that a picture with fewer pixels is shown as large
    shape = f'width="{width}" style="max-width:100%;height:auto"'
    image = f'<img alt="{html.escape(words)}" src="data:image/png;base64,{picture}" {shape}>'
    return {"image/png": picture, "text/html": f"<figure>{image}</figure>", "text/plain": words}


def png(fig: Figure) -> bytes:
    """Draw the figure as a PNG file of at most 60 KB that names no software.

    Args:
        fig: A Matplotlib figure.

    Returns:
        The file's bytes; fewer colours, and if that is not enough fewer pixels, when it would be larger.
    """
    buffer = io.BytesIO()
    with style():
        fig.savefig(buffer, format="png", dpi=fig.dpi, metadata={"Software": None})
    drawn = buffer.getvalue()
    return drawn if len(drawn) <= LARGEST_PNG else _smaller(drawn)


def _smaller(drawn: bytes) -> bytes:
    image = Image.open(io.BytesIO(drawn)).convert("RGB")
    scale = 1.0
    while True:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        resized = image.resize(size, Image.Resampling.LANCZOS) if scale < 1 else image
        for colours in (256, 192, 128, 64):
            saved = _with_colours(resized, colours)
            if len(saved) <= LARGEST_PNG:
                return saved
        scale *= min(0.95, math.sqrt(LARGEST_PNG / len(saved)))


def _with_colours(image: Image.Image, colours: int) -> bytes:
    """Save a picture in few colours; those of the course's palette stay as they are."""
    adapted = image.quantize(colours - len(KEPT), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = np.reshape(adapted.getpalette() or [], (-1, 3))[: colours - len(KEPT)]
    kept = np.array([ImageColor.getrgb(colour) for colour in KEPT])
    place, pixels = np.array(adapted), np.asarray(image)
    for index, colour in enumerate(kept, start=len(palette)):
        place[(pixels == colour).all(axis=2)] = index
    few = Image.fromarray(place)
    few.putpalette(np.concatenate([palette, kept]).astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    few.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
