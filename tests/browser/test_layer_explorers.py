"""The explorers of layers in JupyterLab: both on one page, by keyboard alone, and without a kernel."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from course_utils.widgets import GeometryExplorer, ShiftExplorer
from tests.browser.lab_server import Lab, Visit, visit, write_notebook
from tests.browser.test_explorers import BYTES, accessible_names, contrast, use_theme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "layer_explorers.ipynb"
CELLS = (
    "from course_utils.widgets import GeometryExplorer, ShiftExplorer\n"
    "geometry, shift = GeometryExplorer(), ShiftExplorer()",
    "geometry",
    "shift",
    "names = ('size', 'kernel', 'padding', 'depth', 'cell', 'channels')\n"
    "print(tuple(getattr(geometry, name) for name in names))",
    "print((shift.digit, shift.shift, shift.pooling, shift.pool_size))",
    "geometry.set_trait('stride', 3)\nshift.shift = (2, -3)",
)
GEOMETRY_STATE, SHIFT_STATE, CHANGE = 3, 4, 5  # cells of the notebook


class Explorer:
    """One of the explorers on the page."""

    def __init__(self, seen: Visit, view: Locator, state: int) -> None:
        self.seen, self.view, self.state = seen, view, state
        self.canvas = view.get_by_role("application")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.seen.page.keyboard.press(key)

    def words(self) -> str:
        return self.view.locator(".course-readout").inner_text()

    def facts(self) -> tuple[str, ...]:
        return tuple(self.view.locator(".course-facts li").all_inner_texts())

    def picture(self) -> str:
        return str(self.canvas.evaluate(BYTES))

    def tab_to(self, control: Locator) -> None:
        """Tab from the canvas to a control."""
        self.canvas.focus()
        for _ in range(12):
            self.press("Tab")
            if control.evaluate("node => node === document.activeElement"):
                return
        pytest.fail("Tab does not reach the control from the canvas")

    def write(self, field: Locator, text: str) -> None:
        """Tab to a field, replace what stands there, and say so with Enter."""
        self.tab_to(field)
        self.press("ControlOrMeta+a", "Delete")
        self.seen.page.keyboard.type(text)
        self.press("Enter")

    def in_kernel(self, agrees: Callable[[Any], bool]) -> bool:
        """Ask the kernel until it has heard of the last change."""
        for _ in range(40):
            if agrees(ast.literal_eval(self.seen.run_cell(NOTEBOOK, self.state))):
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
def geometry(page_of_both: Visit) -> Explorer:
    return Explorer(page_of_both, page_of_both.page.locator(".course-explorer").nth(0), GEOMETRY_STATE)


@pytest.fixture
def shift(page_of_both: Visit) -> Explorer:
    return Explorer(page_of_both, page_of_both.page.locator(".course-explorer").nth(1), SHIFT_STATE)


def shows(explorer: Explorer, expected: GeometryExplorer) -> bool:
    return (explorer.words(), explorer.facts()) == (expected.words(), expected.facts())


def test_geometry_by_keyboard_alone(geometry: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    page, view, expected = geometry.seen.page, geometry.view, GeometryExplorer()
    screenshot(page, "geometry_start")
    assert shows(geometry, expected)
    geometry.canvas.focus()
    picture = geometry.picture()
    for keys, cell in (
        (["ArrowRight", "ArrowRight", "ArrowDown"], (1, 2)),
        (["End", "ArrowDown", "ArrowRight"], (4, 4)),  # the end stays the end
        (["ArrowUp", "ArrowLeft"], (3, 3)),
    ):
        geometry.press(*keys)
        expected.cell = cell
        assert shows(geometry, expected)
        assert geometry.picture() != picture
    geometry.press("Home", "ArrowUp")
    assert geometry.picture() == picture
    geometry.write(view.get_by_role("spinbutton", name="Input columns"), "10")
    geometry.tab_to(view.get_by_role("spinbutton", name="Kernel size"))
    geometry.press("ArrowUp")  # one more
    geometry.tab_to(view.get_by_role("combobox", name="Padding"))
    geometry.press("ArrowDown")
    geometry.write(view.get_by_role("spinbutton", name="Channels out"), "6")
    expected = GeometryExplorer(size=(7, 10), kernel=4, padding=1, channels=(1, 6))
    assert shows(geometry, expected)
    assert view.get_by_role("combobox", name="Case").input_value() == "own setting"
    screenshot(page, "geometry_own")
    assert geometry.in_kernel(lambda state: state == ((7, 10), 4, 1, 1, (0, 0), (1, 6)))


def test_geometry_loses_nothing_by_what_does_not_fit(
    geometry: Explorer, screenshot: Callable[[Page, str], None]
) -> None:
    page, view = geometry.seen.page, geometry.view
    view.get_by_role("combobox", name="Case").select_option("same with an even kernel")
    geometry.canvas.focus()
    geometry.press("ArrowRight", "ArrowDown")
    words, facts, picture = geometry.words(), geometry.facts(), geometry.picture()
    kernel, alert = view.get_by_role("spinbutton", name="Kernel size"), view.get_by_role("alert")
    for text, what in (
        ("0", "Kernel size is 0"),
        ("", "Kernel size is empty"),
        ("2.5", "Kernel size is 2.5"),
    ):
        geometry.write(kernel, text)
        assert alert.inner_text().startswith(what)
        assert alert.inner_text().endswith("write a whole number from 1 to 15.")
        assert kernel.get_attribute("aria-invalid") == "true"
        assert (geometry.words(), geometry.facts(), geometry.picture()) == (words, facts, picture)
    padding = view.get_by_role("combobox", name="Padding")
    padding.select_option("1")
    geometry.write(kernel, "13")
    assert alert.inner_text() == ""
    assert geometry.words() == (
        "No output: the kernel covers 13 rows but the padded input has 9; "
        "take a smaller kernel or more padding."
    )
    screenshot(page, "geometry_too_large")
    geometry.canvas.focus()
    geometry.press("ArrowRight", "End")  # there is no cell to go to
    geometry.write(kernel, "4")
    padding.select_option("same")
    assert (geometry.words(), geometry.facts(), geometry.picture()) == (words, facts, picture)


def test_geometry_cases_and_depth(geometry: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    case = geometry.view.get_by_role("combobox", name="Case")
    names = case.locator("option").all_inner_texts()[1:]
    pictures = set()
    for name in names:
        case.select_option(name)
        assert shows(geometry, GeometryExplorer.preset(name))
        assert case.input_value() == name
        pictures.add(geometry.picture())
    assert len(pictures) == len(names) > 5
    case.select_option("three layers see 7 × 7")
    geometry.tab_to(geometry.view.get_by_role("spinbutton", name="Layers"))
    geometry.press("ArrowUp")
    geometry.canvas.focus()
    geometry.press("End")
    assert shows(geometry, GeometryExplorer(size=9, depth=4))
    screenshot(geometry.seen.page, "geometry_four_layers")
    assert geometry.in_kernel(lambda state: state[3] == 4)


def test_geometry_follows_the_mouse(geometry: Explorer) -> None:
    geometry.view.get_by_role("combobox", name="Case").select_option("7 × 7, kernel 3, stride 1")
    box = geometry.canvas.bounding_box()
    assert box is not None
    scale = box["width"] / 890
    for row, column in ((3, 1), (0, 4)):  # cells of 36 pixels, the output's corner at (518, 99)
        x, y = 518 + 36 * (column + 0.5), 99 + 36 * (row + 0.5)
        geometry.canvas.click(position={"x": scale * x, "y": scale * y})
        assert geometry.words().startswith(f"Output cell ({row}, {column}) reads ")


def test_shift_by_keyboard_alone(shift: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    page, view, expected = shift.seen.page, shift.view, ShiftExplorer()
    screenshot(page, "shift_start")
    assert shift.words() == expected.words()
    shift.canvas.focus()
    start = shift.picture()
    for keys, where in (
        (["ArrowRight"], (0, 1)),
        (["ArrowDown", "ArrowDown"], (2, 1)),
        (["ArrowLeft"] * 11, (2, -8)),  # it cannot leave the field as a whole
    ):
        shift.press(*keys)
        expected.shift = where
        assert shift.words() == expected.words()
        assert shift.picture() != start
        screenshot(page, f"shift_{where[0]}_{where[1]}")
    shift.press("Home")
    assert shift.picture() == start
    shift.press("ArrowUp", "ArrowLeft")
    size = view.get_by_role("combobox", name="Pooling size")
    shift.tab_to(size)
    shift.press("ArrowDown")
    shift.tab_to(view.get_by_role("combobox", name="Pooling kind"))
    shift.press("ArrowDown")
    shift.tab_to(view.get_by_role("combobox", name="Handwritten digit"))
    shift.press("ArrowUp")
    expected = ShiftExplorer(digit=4, shift=(-1, -1), pooling="average", pool_size=4)
    assert shift.words() == expected.words()
    screenshot(page, "shift_average")
    assert shift.in_kernel(lambda state: state == (4, (-1, -1), "average", 4))
    view.get_by_role("combobox", name="Pooling kind").select_option("none")
    assert shift.words().endswith("Nothing is pooled: what comes next sees the changed feature maps.")
    assert size.is_disabled()
    screenshot(page, "shift_none")


def test_jupyterlab_does_not_hear_the_keys_and_every_control_has_a_name(
    geometry: Explorer, shift: Explorer
) -> None:
    views, seen = geometry.seen.page.locator(".course-explorer"), geometry.seen
    names = accessible_names(seen, views)
    assert len(names) == 11 + 4
    assert len(set(names)) == len(names)  # no label stands at another explorer's control
    assert all(len(words) >= 4 for words in names), names
    for explorer in (geometry, shift):
        explorer.canvas.focus()  # JupyterLab makes its cell the active one
        before, label = seen.state(), explorer.canvas.get_attribute("aria-label")
        explorer.press("ArrowDown")
        assert explorer.canvas.get_attribute("aria-label") != label
        for control in explorer.view.locator("canvas, input, select").all():
            control.focus()
            explorer.press("ArrowDown", "ArrowUp", "b", "a", "d", "d", "m", "End", "Escape")
        assert seen.state() == before


def test_python_moves_them_and_they_need_no_kernel(geometry: Explorer, shift: Explorer) -> None:
    geometry.view.get_by_role("combobox", name="Case").select_option("7 × 7, kernel 3, stride 1")
    pictures = [explorer.picture() for explorer in (geometry, shift)]
    seen = geometry.seen
    seen.run_cell(NOTEBOOK, CHANGE)
    for explorer, old in zip((geometry, shift), pictures, strict=True):
        seen.page.wait_for_function(
            "([node, old]) => node.toDataURL() !== old", arg=[explorer.canvas.element_handle(), old]
        )
    assert shows(geometry, GeometryExplorer(stride=3))
    assert "moved 2 down and 3 to the left" in shift.words()
    seen.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    geometry.canvas.focus()
    geometry.press("ArrowRight")
    assert shows(geometry, GeometryExplorer(stride=3, cell=(0, 1)))
    shift.canvas.focus()
    shift.press("ArrowRight")
    assert "moved 2 down and 2 to the left" in shift.words()


def test_text_is_readable_in_the_dark_theme_and_nothing_left_the_machine(
    geometry: Explorer, shift: Explorer, screenshot: Callable[[Page, str], None]
) -> None:
    page = geometry.seen.page
    use_theme(page, "JupyterLab Dark")
    try:
        screenshot(page, "layers_dark")
        for text in (".course-readout", ".course-facts", "input", "select"):
            assert contrast(geometry.view.locator(text).first) >= 4.5
        assert contrast(shift.view.locator(".course-readout")) >= 4.5
    finally:
        use_theme(page, "JupyterLab Light")  # the server keeps the last one
    assert geometry.seen.requests
    assert geometry.seen.external() == []
