"""The convolution and the filter explorer in JupyterLab: by keyboard alone, by mouse, both on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from course_utils.widgets import ConvolutionExplorer, FilterExplorer
from course_utils.widgets.convolution import METHODS
from tests.browser.lab_server import Lab, Visit, visit, write_notebook
from tests.browser.test_explorers import (
    BYTES,
    Explorer,
    accessible_names,
    contrast,
    use_theme,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = (
    "from course_utils.widgets import ConvolutionExplorer, FilterExplorer\n"
    "NAMES = 'a b method step kernel divisor photograph operation display position'.split()",
    "explorer = ConvolutionExplorer()\nexplorer",
    "print({name: getattr(explorer, name) for name in NAMES if hasattr(explorer, name)})",
    "explorer = FilterExplorer()\nexplorer",
)
CONVOLUTION, FILTER = 1, 3  # cells of this page; the one between them says what the kernel knows
BOTH = (
    "from course_utils.widgets import ConvolutionExplorer, FilterExplorer\n"
    "first, second = ConvolutionExplorer(method='flip and filter'), FilterExplorer()",
    "first",
    "second",
    "second",
    "second.photograph = 'coins'",
)


class Fresh(Explorer):
    """A new explorer on a page that is open already."""

    def __init__(self, seen: Visit, cell: int) -> None:
        self.seen, self.name = seen, "convolution_explorers.ipynb"
        self.run(cell)
        self.view = seen.page.locator(".jp-Cell").nth(cell).locator(".course-explorer")
        self.view.wait_for()
        self.canvas = self.view.get_by_role("application")
        self.canvas.focus()


@pytest.fixture(scope="module")
def opened(browser: Browser, jupyterlab: Lab) -> Iterator[Visit]:
    with visit(browser, jupyterlab) as seen:
        name = "convolution_explorers.ipynb"
        write_notebook(seen.lab.root / name, PAGE)
        seen.open(name)
        seen.run_cell(name, 0)
        yield seen


def press_through(explorer: Explorer, steps: int) -> list[str]:
    read_outs = [explorer.words()]
    for _ in range(steps):
        explorer.press("ArrowRight")
        read_outs.append(explorer.words())
    return read_outs


def python_words(method: str) -> list[str]:
    explorer = ConvolutionExplorer(method=method)
    found = []
    for step in range(explorer.steps + 1):
        explorer.step = step
        found.append(explorer.words())
    return found


def write_in(explorer: Explorer, field: Locator, text: str) -> None:
    """Tab to a field, replace what stands there, and say so with Enter."""
    tab_on_to(explorer.seen.page, field)
    explorer.press("ControlOrMeta+a", "Delete")
    explorer.seen.page.keyboard.type(text)
    explorer.press("Enter")


def tab_on_to(page: Page, field: Locator) -> None:
    """Press Tab until a field has the keyboard; the filter explorer has fourteen to pass."""
    for _ in range(14):
        if field.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab does not reach the field")


def test_convolution_by_keyboard_alone(opened: Visit, screenshot: Callable[[Page, str], None]) -> None:
    explorer = Fresh(opened, CONVOLUTION)
    page, view = opened.page, explorer.view
    screenshot(page, "convolution_start")
    method = view.get_by_role("combobox", name="Method")
    for name in METHODS:
        method.select_option(name)
        explorer.canvas.focus()
        want = python_words(name)
        pictures = [explorer.pictures()[0]]
        assert press_through(explorer, len(want) - 1) == want
        screenshot(page, f"convolution_{name.replace(' ', '_')}")
        pictures += explorer.pictures()
        explorer.press("ArrowRight", "Enter", " ")
        assert explorer.words() == want[-1]  # the end stays the end
        explorer.press("ArrowLeft")
        assert explorer.words() == want[-2]
        explorer.press("Home")
        assert explorer.words() == want[0]
        assert explorer.pictures() == pictures[:1] != pictures[1:]
    tab_on_to(page, method)
    explorer.press("ArrowUp")
    signal = view.get_by_role("textbox", name="Signal a")
    write_in(explorer, signal, "1 -2.5")
    assert explorer.words() == "Start, 4 steps to go: b is flipped to (2, 1, 1) and slides along a."
    assert signal.input_value() == "1, −2.5"
    explorer.canvas.focus()
    explorer.press("End")
    assert explorer.words() == "Step 4 of 4, t = 3: (−2.5)·2 = −5; a ∗ b is (1, −1.5, −0.5, −5)."
    assert explorer.kernel_follows(
        lambda state: state == {"a": (1, -2.5), "b": (1, 1, 2), "method": "flip and filter", "step": 4}
    )


def test_a_signal_that_cannot_be_read_loses_nothing(
    opened: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    explorer = Fresh(opened, CONVOLUTION)
    view = explorer.view
    explorer.press("ArrowRight")
    words, pictures, alert = explorer.words(), explorer.pictures(), view.get_by_role("alert")
    field = view.get_by_role("textbox", name="Signal b")
    for text, what in (("1, x", "“x” in signal b is not a number"), ("", "Signal b is empty")):
        write_in(explorer, field, text)
        assert alert.inner_text().startswith(
            f"{what}, so the numbers before still count; write 1 to 6 numbers"
        )
        assert field.get_attribute("aria-invalid") == "true"
        assert (explorer.words(), explorer.pictures(), field.input_value()) == (words, pictures, text)
    screenshot(opened.page, "convolution_bad")
    explorer.canvas.focus()
    explorer.press("ArrowRight")
    assert explorer.words() == python_words(METHODS[0])[2]  # the explorer goes on
    write_in(explorer, field, "4")
    assert alert.inner_text() == ""
    assert field.get_attribute("aria-invalid") == "false"
    assert explorer.kernel_follows(lambda state: (state["b"], state["step"]) == ((4,), 2))


def test_filter_by_keyboard_alone(opened: Visit, screenshot: Callable[[Page, str], None]) -> None:
    explorer = Fresh(opened, FILTER)
    page, view = opened.page, explorer.view
    screenshot(page, "filter_start")
    expected, note = FilterExplorer(), view.locator(".course-note")

    def said() -> str:
        return f"{explorer.words()}\n{note.inner_text()}"

    assert said() == expected.words()
    pictures = explorer.pictures()
    explorer.press("ArrowRight", "ArrowDown", "ArrowDown", "Shift+ArrowRight")
    expected.position = (32, 59)
    assert said() == expected.words()
    assert explorer.pictures() != pictures
    explorer.press(*["Shift+ArrowUp"] * 6, *["Shift+ArrowLeft"] * 9)
    expected.position = (1, 1)  # the window stays on the photograph
    assert said() == expected.words()
    filters = view.get_by_role("combobox", name="Filter")
    kernel = [view.get_by_role("spinbutton", name=f"Kernel, row {k}, column 1") for k in (1, 3)]
    tab_on_to(page, kernel[0])
    explorer.press("ArrowUp", "ArrowUp", "Tab", "Tab", "Tab")
    write_in(explorer, view.get_by_role("spinbutton", name="Kernel, row 2, column 2"), "9.5")
    expected.kernel = ((3, 0, -1), (2, 9.5, -2), (1, 0, -1))
    assert said() == expected.words()
    assert filters.input_value() == "own"
    write_in(explorer, kernel[1], "")
    alert = view.get_by_role("alert").inner_text()
    assert alert == (
        "Kernel, row 3, column 1 is empty or no number, so the numbers before still count; "
        "write a number from −99 to 99."
    )
    assert said() == expected.words()
    screenshot(page, "filter_own")
    tab_on_to(page, filters)
    filters.select_option("gaussian_blur_5")
    expected = FilterExplorer("gaussian_blur_5", position=(2, 2))
    assert said() == expected.words()
    assert view.get_by_role("alert").inner_text() == ""
    operation = view.get_by_role("combobox", name="Operation")
    tab_on_to(page, operation)
    explorer.press("ArrowDown", "Tab", "ArrowDown")
    expected.operation, expected.display = "cross-correlation", "signed"
    assert said() == expected.words()
    screenshot(page, "filter_gaussian")
    state = {
        "kernel": expected.kernel,
        "divisor": 256,
        "photograph": "camera",
        "operation": "cross-correlation",
        "display": "signed",
        "position": (2, 2),
    }
    assert explorer.kernel_follows(lambda found: found == state)


def test_the_window_follows_the_mouse_until_a_click_holds_it(opened: Visit) -> None:
    explorer = Fresh(opened, FILTER)
    box = explorer.canvas.bounding_box()
    assert box is not None
    scale = box["width"] / (2 * (6 + 3 * 128) + 32)

    def over(row: int, column: int, left: int = 6) -> tuple[float, float]:
        return box["x"] + scale * (left + 3 * column + 1.5), box["y"] + scale * (26 + 3 * row + 1.5)

    mouse = opened.page.mouse
    for row, column, left in ((20, 30, 6), (70, 100, 6), (20, 30, 6 + 3 * 128 + 32)):  # on the output as well
        mouse.move(*over(row, column, left))
        assert explorer.words().startswith(f"Row {row}, column {column}: ")
    mouse.click(*over(40, 60))
    mouse.move(*over(10, 10))
    assert explorer.words().startswith("Row 40, column 60: ")
    mouse.move(*over(110, 10))  # below the photograph there is nothing to point at
    mouse.click(*over(12, 14))
    mouse.move(*over(13, 15))
    assert explorer.words().startswith("Row 13, column 15: ")
    explorer.press("ArrowLeft")  # a key holds it too
    mouse.move(*over(50, 50))
    assert explorer.words().startswith("Row 13, column 14: ")
    assert explorer.kernel_follows(lambda state: state["position"] == (13, 14))


def test_both_on_one_page(visitor: Visit, screenshot: Callable[[Page, str], None]) -> None:
    page, name = visitor.page, "both.ipynb"
    write_notebook(visitor.lab.root / name, BOTH)
    visitor.open(name)
    for cell in range(4):
        visitor.run_cell(name, cell)
    views = page.locator(".course-explorer")
    views.nth(2).wait_for()
    names = accessible_names(visitor, views)
    assert len(names) == 6 + 2 * 14
    assert all(len(words) >= 6 for words in names), names
    for view in (views.nth(0), views.nth(1)):
        view.get_by_role("application").focus()  # JupyterLab makes its cell the active one
        before = visitor.state()
        for control in view.locator("canvas, input, select, button").all():
            control.focus()
            for key in ("ArrowDown", "ArrowUp", "b", "a", "d", "d", "m", "End", "Escape"):
                page.keyboard.press(key)
        assert visitor.state() == before
    first, second = (views.nth(k).get_by_role("application") for k in (1, 2))
    for canvas, key in ((first, "Shift+ArrowDown"), (second, "ArrowUp")):  # now both hold the window
        canvas.focus()
        page.keyboard.press(key)
    assert first.evaluate(BYTES) == second.evaluate(BYTES)  # two views of one explorer
    read_outs = views.locator(".course-readout")
    assert read_outs.nth(1).inner_text() == read_outs.nth(2).inner_text()
    picture = second.evaluate(BYTES)
    visitor.run_cell(name, 4)
    page.wait_for_function(
        "([node, old]) => node.toDataURL() !== old", arg=[second.element_handle(), picture]
    )
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    views.nth(1).get_by_role("combobox", name="Filter").select_option("box_blur")
    first.focus()
    page.keyboard.press("ArrowRight")
    assert "/ 9 = " in read_outs.nth(1).inner_text()
    views.nth(0).get_by_role("application").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert read_outs.nth(0).inner_text().startswith("Step 1 of ")
    use_theme(page, "JupyterLab Dark")
    try:
        screenshot(page, "both_dark")
        assert contrast(read_outs.nth(1)) >= 4.5
        assert contrast(views.nth(1).locator("input").first) >= 4.5
        assert contrast(views.nth(1).locator(".course-note")) >= 4.5
    finally:
        use_theme(page, "JupyterLab Light")  # the server keeps the last one
    assert visitor.requests
    assert visitor.external() == []
