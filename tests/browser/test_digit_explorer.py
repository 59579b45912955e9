"""The draw-a-digit explorer in JupyterLab: by keyboard alone, by mouse, twice on a page, without a kernel."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course_utils.widgets import DigitExplorer
from course_utils.widgets.digit_examples import example_strokes
from course_utils.widgets.digit_words import EMPTY
from tests.browser.lab_server import Lab, Visit, visit, write_notebook
from tests.browser.test_explorers import BYTES, accessible_names, contrast, use_theme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "digit_explorer.ipynb"
SIZES = {"c1": (6, 1, 5, 5), "c3": (16, 6, 5, 5), "f5": (120, 400), "f6": (84, 120), "output": (10, 84)}
CELLS = (
    "import numpy as np\nfrom course_utils.widgets import DigitExplorer\n"
    "rng = np.random.default_rng(8)\n"
    f"sizes = {SIZES}\n"
    "weights = {f'{name}.weight': 1.5 * rng.normal(size=size) / np.prod(size[1:]) ** 0.5\n"
    "           for name, size in sizes.items()}\n"
    "weights |= {f'{name}.bias': 0.3 * rng.normal(size=size[0]) for name, size in sizes.items()}\n"
    "image = np.zeros((28, 28))\nimage[5:20, 12:16] = 0.8\n"
    "first = DigitExplorer(weights, activation='relu', pooling='max')\n"
    "second = DigitExplorer(weights, prepare='digits', image=image)",
    "first",
    "second",
    "print((first.strokes, first.words()))",
    "print((second.strokes, second.words(), len(second._image)))",
    "first.strokes = [[(4, 14), (24, 14)]]",
    "first",
)
STATES, CHANGE, AGAIN = (3, 4), 5, 6  # cells of the notebook
DOWN_TO_24 = ["Shift+ArrowUp"] * 2 + ["ArrowUp"] * 2 + [" "] + ["ArrowDown"] * 20 + [" "]
A_ONE = (((4.5, 14.5), *((row + 0.5, 14.5) for row in range(5, 25))),)  # what these keys draw


def random_weights() -> dict[str, np.ndarray]:
    """Make the very weights of the notebook's first cell."""
    found: dict[str, Any] = {}
    exec(CELLS[0].split("first = ")[0], found)
    return dict(found["weights"])


class Drawing:
    """One explorer on the page."""

    def __init__(self, seen: Visit, place: int) -> None:
        self.seen, self.place = seen, place
        self.view = seen.page.locator(".course-explorer").nth(place)
        self.canvas = self.view.get_by_role("application")
        self.layers = self.view.get_by_role("img")
        self.readout = self.view.locator(".course-readout")
        self.twin = DigitExplorer(random_weights(), **([{"activation": "relu", "pooling": "max"}, {}][place]))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.seen.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.view.get_by_role("button", name=name)

    def says(self, strokes: Any) -> None:
        """Wait until the read-out says what Python says of these strokes."""
        self.twin.strokes = strokes
        expect(self.readout).to_have_text(self.twin.words())

    def pictures(self) -> list[str]:
        return [canvas.evaluate(BYTES) for canvas in (self.canvas, self.layers)]

    def in_kernel(self, agrees: Callable[[Any], bool]) -> bool:
        """Ask the kernel until it has heard of the last change."""
        for _ in range(40):
            if agrees(ast.literal_eval(self.seen.run_cell(NOTEBOOK, STATES[self.place]))):
                return True
            self.seen.page.wait_for_timeout(250)
        return False


@pytest.fixture(scope="module")
def page_of_both(browser: Browser, jupyterlab: Lab) -> Iterator[Visit]:
    """Open one notebook for all tests of this file; they are run in their order."""
    with visit(browser, jupyterlab) as seen:
        write_notebook(jupyterlab.root / NOTEBOOK, CELLS)
        seen.open(NOTEBOOK)
        for cell in range(3):
            seen.run_cell(NOTEBOOK, cell)
        seen.page.locator(".course-explorer").nth(1).wait_for()
        yield seen


@pytest.fixture
def first(page_of_both: Visit) -> Drawing:
    return Drawing(page_of_both, 0)


@pytest.fixture
def second(page_of_both: Visit) -> Drawing:
    return Drawing(page_of_both, 1)


def test_an_empty_field_says_what_to_do_and_predicts_nothing(
    first: Drawing, screenshot: Callable[[Page, str], None]
) -> None:
    screenshot(first.seen.page, "digit_empty")
    assert first.readout.inner_text() == EMPTY
    assert EMPTY in str(first.layers.get_attribute("aria-label"))
    assert "Probabilities" not in str(first.layers.get_attribute("aria-label"))


def test_it_fits_a_cell_and_a_small_screen(first: Drawing) -> None:
    box, field, layers = (part.bounding_box() for part in (first.view, first.canvas, first.layers))
    assert box
    assert field
    assert layers
    assert box["width"] <= 900
    assert box["height"] <= 620
    assert layers["x"] > field["x"] + field["width"]  # beside the field, not below it
    assert layers["width"] == pytest.approx(566, abs=1)  # and not made smaller


def test_keyboard_alone_draws_a_one_and_it_is_read_out(
    first: Drawing, screenshot: Callable[[Page, str], None]
) -> None:
    first.canvas.focus()  # JupyterLab makes its cell the active one
    before, pictures = first.seen.state(), first.pictures()
    first.press(*DOWN_TO_24)
    first.says(A_ONE)
    for name, p in zip("0123456789", first.twin.layers()["p"], strict=True):
        assert f"{name} {p:.2f}" in str(first.layers.get_attribute("aria-label"))
    assert all(new != old for new, old in zip(first.pictures(), pictures, strict=True))
    assert str(first.canvas.get_attribute("aria-label")).endswith("Pen up, row 24, column 14.")
    screenshot(first.seen.page, "digit_one")
    first.press("ArrowLeft", "Enter")
    assert str(first.canvas.get_attribute("aria-label")).endswith("Pen down, row 24, column 13.")
    first.press("Enter", "Control+z")  # the dot is gone again
    first.says(A_ONE)
    for key in ("b", "a", "d", "d", "m", "End", "Escape", "x", "z"):
        first.press(key)
    assert first.seen.state() == before
    assert first.in_kernel(lambda state: state == (A_ONE, first.twin.words()))
    first.canvas.focus()
    first.press("Delete")
    first.says(())
    assert first.readout.inner_text() == EMPTY
    first.press("Control+z", "Backspace")
    assert first.in_kernel(lambda state: state == ((), EMPTY))


def test_the_mouse_draws_and_undoes(first: Drawing, screenshot: Callable[[Page, str], None]) -> None:
    first.canvas.scroll_into_view_if_needed()
    box, mouse = first.canvas.bounding_box(), first.seen.page.mouse
    assert box is not None
    strokes = []
    for points in ([(4, 14), (14, 8), (14, 20)], [(9, 17), (24, 17)], [(20, 5)]):
        for place, (down, right) in enumerate(points):
            mouse.move(box["x"] + 9 * right, box["y"] + 9 * down)
            if not place:
                mouse.down()
        mouse.up()
        strokes.append(points)
        first.says(strokes)
    screenshot(first.seen.page, "digit_mouse")
    mouse.move(box["x"] + 50, box["y"] + 50)  # the pen is up, so this draws nothing
    first.button("Undo").click()
    first.says(strokes[:2])
    mouse.move(box["x"] + 9 * 14, box["y"] + 9 * 25)
    mouse.down()
    mouse.move(box["x"] + 9 * 14, box["y"] + 600)  # what leaves the field stays at its edge
    mouse.up()
    first.says([*strokes[:2], [(25, 14), (28, 14)]])
    assert first.in_kernel(lambda state: state[1] == first.twin.words())
    mouse.click(box["x"] + 50, box["y"] + 50, button="right")
    first.says([*strokes[:2], [(25, 14), (28, 14)]])
    first.press("Escape")
    first.button("Clear").click()
    first.says([])
    first.button("Undo").click()
    first.says([*strokes[:2], [(25, 14), (28, 14)]])


def test_a_finger_draws_and_the_page_stays(first: Drawing) -> None:
    first.button("Clear").click()
    first.canvas.scroll_into_view_if_needed()
    box = first.canvas.bounding_box()
    assert box is not None
    session = first.seen.page.context.new_cdp_session(first.seen.page)
    points = [(4, 14), (14, 14), (24, 14)]
    for kind, (down, right) in zip(("touchStart", "touchMove", "touchMove"), points, strict=True):
        at = {"x": box["x"] + 9 * right, "y": box["y"] + 9 * down}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    first.says([points])
    assert first.canvas.bounding_box() == box


def test_examples_are_loaded_by_keyboard(first: Drawing) -> None:
    example = first.view.get_by_role("combobox", name="Example")
    example.focus()
    first.press("ArrowDown")
    first.says(example_strokes(0))
    first.press("End")
    first.says(example_strokes(9))
    assert example.input_value() == "9"
    first.button("Undo").click()
    first.says(example_strokes(0))
    assert example.input_value() == ""  # it is drawn, but the list does not claim to have been asked


def test_a_given_image_is_drawn_on_and_cleared_away(
    second: Drawing, screenshot: Callable[[Page, str], None]
) -> None:
    image = np.zeros((28, 28))
    image[5:20, 12:16] = 0.8
    second.twin = DigitExplorer(random_weights(), prepare="digits", image=image)
    second.says(())
    second.canvas.focus()
    second.press(" ", "ArrowRight", "ArrowRight", " ")
    second.says([[(14.5, 14.5), (14.5, 15.5), (14.5, 16.5)]])
    screenshot(second.seen.page, "digit_given")
    second.press("Delete")
    second.twin = DigitExplorer(random_weights(), prepare="digits")
    second.says(())
    assert second.in_kernel(lambda state: state == ((), EMPTY, 0))
    second.canvas.focus()
    second.press(*["ArrowUp"] * 8, " ", *["ArrowDown"] * 12, *["ArrowRight"] * 5, " ")
    down = [(row + 0.5, 16.5) for row in range(6, 19)]
    second.says([[*down, *((18.5, column + 0.5) for column in range(17, 22))]])
    screenshot(second.seen.page, "digit_prepared")


def test_the_read_out_waits_until_the_pen_rests(first: Drawing) -> None:
    counted = first.view.evaluate(
        """async view => {
            const [canvas, readout] = [view.querySelector('canvas'), view.querySelector('.course-readout')];
            let said = 0;
            const observer = new MutationObserver(() => { said += 1; });
            observer.observe(readout, { childList: true, characterData: true });
            const labels = new Set();
            for (const key of [' ', ...Array(20).fill('ArrowUp'), ...Array(20).fill('ArrowLeft'), ' ']) {
                canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
                labels.add(view.querySelector('.course-layers').getAttribute('aria-label'));
            }
            const during = said;
            await new Promise(done => setTimeout(done, 1500));
            return [labels.size, during, said, readout.getAttribute('aria-live')];
        }"""
    )
    layers, during, after, live = counted
    assert layers > 5  # they followed each key
    assert (during, after, live) == (0, 1, "polite")


def test_names_ids_and_focus(first: Drawing, second: Drawing) -> None:
    views = first.seen.page.locator(".course-explorer")
    names = accessible_names(first.seen, views)
    assert len(names) == 2 * 5
    assert all(len(words) >= 4 for words in names), names
    ids = first.seen.page.evaluate(
        "() => [...document.querySelectorAll('.course-explorer [id]')].map(n => n.id)"
    )
    assert len(ids) == len(set(ids)) == 2
    labels = first.seen.page.evaluate(
        "() => [...document.querySelectorAll('.course-explorer label')].map(n => n.htmlFor)"
    )
    assert sorted(labels) == sorted(ids)
    for drawing in (first, second):
        drawing.canvas.focus()
        for control in (drawing.canvas, drawing.button("Clear"), drawing.button("Undo")):
            assert control.evaluate("node => node === document.activeElement")
            outline = control.evaluate(
                "node => getComputedStyle(node).outlineStyle + getComputedStyle(node).outlineWidth"
            )
            assert outline == "solid3px"
            drawing.press("Tab")
        assert drawing.view.get_by_role("combobox").evaluate("node => node === document.activeElement")


def test_chromium_computes_what_numpy_does(first: Drawing) -> None:
    rng = np.random.default_rng(1998)
    cases = [
        (rng.uniform(size=(28, 28)), activation, pooling)
        for activation in ("tanh", "relu")
        for pooling in ("average", "max")
    ]
    explorer = DigitExplorer(random_weights())
    state = explorer.get_state()
    found = first.seen.page.evaluate(
        """async ([text, bytes, shapes, cases]) => {
            const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
            const m = await import(url);
            const network = m.readNetwork(new DataView(Uint8Array.from(bytes).buffer), shapes);
            return cases.map(([x, activation, pooling]) => Object.values(
                m.layersOf(Float64Array.from(x), network, activation, pooling)).map(h => Array.from(h)));
        }""",
        [
            DigitExplorer._esm,
            list(state["_weights"]),
            state["_shapes"],
            [[x.ravel().tolist(), *kinds] for x, *kinds in cases],
        ],
    )
    for (x, explorer.activation, explorer.pooling), got in zip(cases, found, strict=True):
        given = DigitExplorer(
            random_weights(), image=x, activation=explorer.activation, pooling=explorer.pooling
        )
        for name, values, h in zip(given.layers(), given.layers().values(), got, strict=True):
            np.testing.assert_allclose(h, values.ravel(), rtol=1e-4, atol=1e-6, err_msg=name)


def test_python_moves_it_and_it_needs_no_kernel(first: Drawing, second: Drawing) -> None:
    seen = first.seen
    seen.run_cell(NOTEBOOK, CHANGE)
    first.says([[(4, 14), (24, 14)]])
    seen.run_cell(NOTEBOOK, AGAIN)
    again = seen.page.locator(".course-explorer").nth(2)
    again.wait_for()
    seen.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    first.canvas.focus()
    first.press("Delete", *["Shift+ArrowUp"] * 7, *["Shift+ArrowLeft"] * 7)  # into the corner
    first.press(*["Shift+ArrowDown"] * 3, *["Shift+ArrowRight"] * 3, *["ArrowDown", "ArrowRight"] * 2)
    first.press(*DOWN_TO_24)
    first.says(A_ONE)
    first.view.get_by_role("combobox", name="Example").select_option("5")
    first.says(example_strokes(5))
    expect(again.locator(".course-readout")).to_have_text(first.twin.words())  # two views of one explorer
    second.canvas.focus()
    second.press("Delete")
    expect(second.readout).to_have_text(EMPTY)


def test_text_is_readable_in_the_dark_theme_and_nothing_left_the_machine(
    first: Drawing, screenshot: Callable[[Page, str], None]
) -> None:
    page = first.seen.page
    use_theme(page, "JupyterLab Dark")
    try:
        screenshot(page, "digit_dark")
        for text in (".course-readout", ".course-hint", "select", "button"):
            assert contrast(first.view.locator(text).first) >= 4.5
    finally:
        use_theme(page, "JupyterLab Light")  # the server keeps the last one
    assert first.seen.requests
    assert first.seen.external() == []
