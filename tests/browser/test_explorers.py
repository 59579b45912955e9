"""The explorers in JupyterLab: by keyboard alone, by list and slider, from Python, in two views."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from course_utils.widgets import BackpropExplorer
from tests.browser.lab_server import Visit, write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEURON = (
    "from course_utils.widgets import NeuronExplorer\nexplorer = NeuronExplorer(points='xor')",
    "explorer",
    "print((explorer.weights, explorer.bias, explorer.activation))",
    "explorer.weights = (-2, 0.5)",
    "explorer",
)
XOR = (
    "from course_utils.widgets import XorExplorer\nexplorer = XorExplorer()",
    "explorer",
    "print((explorer.lines, explorer.steepness, explorer.right().tolist()))",
    "explorer.lines = ((1, 1, -0.5), (1, 1, -1.5))",
    "explorer",
)
BACKPROP = (
    "from course_utils.widgets import BackpropExplorer\nexplorer = BackpropExplorer(graph='regularised')",
    "explorer",
    "print((explorer.graph, explorer.step))",
    "explorer.step = 12",
    "explorer",
)
OWN = (
    "from course_utils.autograd import Tensor\nfrom course_utils.widgets import BackpropExplorer\n"
    "W, x = Tensor([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]], requires_grad=True), Tensor([2.0, 1.0])\n"
    "z = W @ x\nh = z.relu()\nR = (W * W).sum() / 2\nL = (h * h).sum() / 2\nL_reg = L + 0.1 * R\n"
    "names = {'x': x, 'W': W, 'z': z, 'h': h, 'R': R, 'L': L, 'L_reg': L_reg}\n"
    "explorer = BackpropExplorer(L_reg, names)",
    "explorer",
    "print((explorer.graph, explorer.step))",
)
BYTES = "canvas => canvas.toDataURL()"
SHOW, STATE, CHANGE, SECOND = 1, 2, 3, 4  # cells of the notebooks above


class Explorer:
    """One explorer on a page, as a student meets it."""

    def __init__(self, seen: Visit, name: str, sources: tuple[str, ...]) -> None:
        self.seen, self.name = seen, f"{name}.ipynb"
        write_notebook(seen.lab.root / self.name, sources)
        seen.open(self.name)
        self.run(0, SHOW)
        self.views = seen.page.locator(".course-explorer")
        self.view = self.views.first
        self.view.wait_for()
        self.canvas = self.view.get_by_role("application")
        self.canvas.focus()
        self.before = seen.state()

    def run(self, *cells: int) -> None:
        for index in cells:
            self.seen.run_cell(self.name, index)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.seen.page.keyboard.press(key)

    def words(self) -> str:
        return self.view.locator(".course-readout").inner_text()

    def pictures(self) -> list[str]:
        return [canvas.evaluate(BYTES) for canvas in self.view.locator("canvas").all()]

    def in_kernel(self) -> Any:
        return ast.literal_eval(self.seen.run_cell(self.name, STATE))

    def kernel_follows(self, agrees: Callable[[Any], bool]) -> bool:
        """Ask the kernel until it has heard of the last change."""
        end = time.monotonic() + 20
        while not agrees(self.in_kernel()):
            if time.monotonic() > end:
                return False
        return True


@pytest.fixture
def neuron(visitor: Visit) -> Explorer:
    return Explorer(visitor, "neuron", NEURON)


@pytest.fixture
def xor(visitor: Visit) -> Explorer:
    return Explorer(visitor, "xor", XOR)


@pytest.fixture
def backprop(visitor: Visit) -> Explorer:
    return Explorer(visitor, "backprop", BACKPROP)


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(6):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab does not reach the control from the canvas")


def accessible_names(seen: Visit, view: Locator) -> list[str]:
    """Ask the browser's accessibility tree what each canvas, slider, list and button is called."""
    session = seen.page.context.new_cdp_session(seen.page)
    names = []
    for index in range(view.locator("canvas, input, select, button").count()):
        control = f"document.querySelectorAll('.course-explorer :is(canvas, input, select, button)')[{index}]"
        found = session.send("Runtime.evaluate", {"expression": control})
        tree = session.send(
            "Accessibility.getPartialAXTree",
            {"objectId": found["result"]["objectId"], "fetchRelatives": False},
        )
        names.append(str(tree["nodes"][0].get("name", {}).get("value", "")))
    return names


def test_neuron_by_keyboard_alone(neuron: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    screenshot(neuron.seen.page, "neuron_default")
    words, pictures = neuron.words(), neuron.pictures()
    assert "y = logistic(1.00 x₁ + 1.00 x₂ − 0.50)" in words
    assert "3 of 4 points are on their side" in words
    neuron.press("ArrowLeft", "ArrowLeft", "Shift+ArrowUp")
    assert "y = logistic(0.80 x₁ + 1.50 x₂ − 0.50)" in neuron.words()
    assert neuron.pictures() != pictures
    neuron.press("ArrowRight", "ArrowRight", "Shift+ArrowDown")
    assert neuron.words() == words
    assert neuron.pictures() == pictures
    neuron.press("ArrowDown")
    assert neuron.kernel_follows(lambda state: state == ((1.0, 0.9), -0.5, "logistic"))


def test_neuron_bias_and_activation_by_keyboard(
    neuron: Explorer, screenshot: Callable[[Page, str], None]
) -> None:
    page, pictures = neuron.seen.page, neuron.pictures()
    tab_to(page, neuron.view.get_by_role("slider", name="Bias"))
    neuron.press("ArrowRight", "ArrowRight")
    assert "− 0.30)" in neuron.words()
    moved = neuron.pictures()
    assert moved != pictures
    tab_to(page, neuron.view.get_by_role("combobox", name="Activation"))
    neuron.press("ArrowDown")
    assert neuron.words().startswith("y = tanh(")
    assert neuron.pictures() != moved
    screenshot(page, "neuron_tanh")
    assert neuron.kernel_follows(lambda state: state == ((1.0, 1.0), -0.3, "tanh"))


def test_every_activation_has_its_own_picture(
    neuron: Explorer, screenshot: Callable[[Page, str], None]
) -> None:
    names = ("identity", "relu", "softplus", "hard_threshold", "logistic", "tanh")
    pictures = set()
    for name in names:
        neuron.view.get_by_role("combobox").select_option(name)
        pictures.add(neuron.pictures()[0])
        screenshot(neuron.seen.page, f"neuron_{name}")
    assert len(pictures) == len(names)


def drag(explorer: Explorer, start: tuple[float, float], end: tuple[float, float], *, unit: float) -> None:
    """Drag from one point of an explorer's left plane to another; the plane's top left corner is (0, 0)."""
    box = explorer.canvas.bounding_box()
    assert box is not None
    mouse = explorer.seen.page.mouse
    left, top = box["x"] + 46, box["y"] + 12  # the canvas has room for the axes there
    mouse.move(left + unit * start[0], top + unit * start[1])
    mouse.down()
    mouse.move(left + unit * end[0], top + unit * end[1], steps=3)
    mouse.up()
    mouse.move(left + 20, top + 20)  # no button is held any more


def test_neuron_follows_the_mouse(neuron: Explorer) -> None:
    words = neuron.words()
    drag(neuron, (1, 1), (1, 1), unit=60)
    assert neuron.words() == words  # a click alone only gives the keyboard
    drag(neuron, (1, 1), (2, 3), unit=60)
    assert "y = logistic(2.00 x₁ − 1.00 x₂" in neuron.words()
    assert neuron.kernel_follows(lambda state: state[0] == (2.0, -1.0))


def test_xor_is_solved_by_keyboard_alone(xor: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    screenshot(xor.seen.page, "xor_default")
    page, pictures = xor.seen.page, xor.pictures()
    assert xor.words().startswith("3 of 4 points right")
    xor.press(*["Shift+ArrowLeft"] * 3)
    turned = xor.pictures()
    assert all(new != old for new, old in zip(turned, pictures, strict=True))  # both planes
    tab_to(page, xor.view.get_by_role("combobox", name="Line"))
    xor.press("ArrowDown")
    page.keyboard.press("Shift+Tab")
    assert xor.canvas.evaluate("node => node === document.activeElement")
    xor.press(*["Shift+ArrowRight"] * 3)
    assert xor.words().startswith("4 of 4 points right")
    assert "01 → (0.99, 0.01)" in xor.words()
    screenshot(page, "xor_solved")
    assert xor.kernel_follows(lambda state: state[2] == [True] * 4)
    (first, second), _, _ = xor.in_kernel()
    assert first == pytest.approx((1, 1, -0.5), abs=1e-4)
    assert second == pytest.approx((1, 1, -1.5), abs=1e-4)


def test_xor_lines_shift_and_soften_by_keyboard(
    xor: Explorer, screenshot: Callable[[Page, str], None]
) -> None:
    words = xor.words()
    xor.press("ArrowUp", "ArrowUp")
    assert xor.words() != words
    xor.press("ArrowDown", "ArrowDown")
    assert xor.words() == words
    xor.run(CHANGE)
    assert xor.words().startswith("4 of 4")
    tab_to(xor.seen.page, xor.view.get_by_role("slider", name="Steepness"))
    xor.press("Home")
    assert not xor.words().startswith("4 of 4")  # a soft threshold does not separate these four
    screenshot(xor.seen.page, "xor_soft")
    assert xor.kernel_follows(lambda state: state[1] == 1 and not all(state[2]))


def test_xor_lines_follow_the_mouse(xor: Explorer) -> None:
    words = xor.words()
    drag(xor, (1.2, 1.6), (1.2, 1.6), unit=155)
    assert xor.words() == words
    drag(xor, (0.6464, 1.6), (1, 1.6), unit=155)  # h_1, from where it stands to x_1 = 0.5
    assert xor.kernel_follows(lambda state: state[0][0] == pytest.approx((2**0.5, 0, -(2**-0.5)), abs=0.02))


def test_xor_line_turns_by_its_arrow(xor: Explorer) -> None:
    drag(xor, (0.9464, 1.25), (1.1389, 1.2147), unit=155)  # 45 degrees about the square's centre
    assert "h₁ = logistic(10 (1.00 x₁ + 1.00 x₂ − 0.50))" in xor.words()
    assert xor.kernel_follows(lambda state: state[0][0] == pytest.approx((1, 1, -0.5), abs=0.05))


def test_backprop_by_keyboard_alone(backprop: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    screenshot(backprop.seen.page, "backprop_start")
    expected = BackpropExplorer(graph="regularised")
    read_outs, pictures = [backprop.words()], backprop.pictures()
    for step in range(1, 13):
        backprop.press("ArrowRight")
        read_outs.append(backprop.words())
        pictures += backprop.pictures()
        if step in (4, 7):
            screenshot(backprop.seen.page, f"backprop_{step}")
    assert read_outs == expected.get_state()["_drawings"]["regularised"]["words"]
    assert "w receives −0.2 from z and 0.3 from R" in backprop.words()
    assert "−0.2 + 0.3 = 0.1" in backprop.words()
    assert len(set(pictures)) == 13  # every step draws something new
    screenshot(backprop.seen.page, "backprop_end")
    backprop.press("ArrowRight", "Enter", " ")
    assert [backprop.words(), *backprop.pictures()] == [read_outs[12], pictures[12]]  # the end stays the end
    for step in range(11, -1, -1):
        backprop.press("ArrowLeft")
        assert [backprop.words(), *backprop.pictures()] == [read_outs[step], pictures[step]]
    backprop.press("ArrowLeft")
    assert backprop.words() == read_outs[0]
    for key, step in (("End", 12), ("Home", 0), (" ", 1), ("Enter", 2), ("ArrowRight", 3)):
        backprop.press(key)
        assert [backprop.words(), *backprop.pictures()] == [read_outs[step], pictures[step]]
    assert backprop.kernel_follows(lambda state: state == ("regularised", 3))
    assert backprop.seen.external() == []


def test_backprop_buttons_and_list(backprop: Explorer, screenshot: Callable[[Page, str], None]) -> None:
    page, view = backprop.seen.page, backprop.view
    start = backprop.words()
    view.get_by_role("button", name="Next step").click()
    assert backprop.words().startswith("Step 1 of 12, forward: z receives")
    backprop.canvas.focus()
    tab_to(page, view.get_by_role("button", name="Back one step"))
    backprop.press("Enter")
    assert backprop.words() == start
    backprop.press("Space")  # at the start there is nothing to take back
    assert backprop.words() == start
    backprop.press("ArrowRight", "End")  # a button that has the keyboard lets the same keys through
    assert backprop.words().startswith("Step 12 of 12, backward: w receives")
    view.get_by_role("button", name="Start again").click()
    assert backprop.words() == start
    tab_to(page, view.get_by_role("combobox", name="Computation graph"))
    backprop.press("ArrowDown")
    assert backprop.words().startswith("Start, 16 steps to go.")
    backprop.canvas.focus()
    backprop.press(*["ArrowRight"] * 10)
    assert backprop.words().startswith("Step 10 of 16, backward: z_1 receives")
    assert "0 + 0.5 = 0.5" in backprop.words()
    screenshot(page, "backprop_softmax")
    assert backprop.kernel_follows(lambda state: state == ("softmax", 10))


def test_backprop_needs_no_kernel(backprop: Explorer) -> None:
    backprop.seen.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()"
    )
    picture = backprop.pictures()
    backprop.canvas.focus()
    backprop.press("End")
    assert backprop.words().startswith("Step 12 of 12, backward")
    backprop.view.get_by_role("combobox", name="Computation graph").select_option("two_paths")
    assert backprop.words().startswith("Start, 7 steps to go.")
    backprop.canvas.focus()
    backprop.press("End")
    assert "−1.44 + 3.85 = 2.41" in backprop.words()
    assert backprop.pictures() != picture


def test_backprop_of_ones_own_graph(visitor: Visit, screenshot: Callable[[Page, str], None]) -> None:
    explorer = Explorer(visitor, "backprop_own", OWN)
    assert explorer.view.get_by_role("combobox").count() == 0
    explorer.press("End")
    screenshot(visitor.page, "backprop_own")
    assert explorer.words().startswith("Step 11 of 11, backward: W ")
    assert explorer.kernel_follows(lambda state: state == ("own", 11))


@pytest.mark.parametrize("name", ["neuron", "xor", "backprop"])
def test_jupyterlab_does_not_hear_the_keys(name: str, request: pytest.FixtureRequest) -> None:
    explorer: Explorer = request.getfixturevalue(name)
    for control in explorer.view.locator("[tabindex='0'], input, select, button").all():
        control.focus()
        explorer.press(
            "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "b", "a", "d", "d", "m", "End", "Escape"
        )
    assert explorer.seen.state() == explorer.before


@pytest.mark.parametrize("name", ["neuron", "xor", "backprop"])
def test_two_views_and_python_stay_in_step(name: str, request: pytest.FixtureRequest) -> None:
    explorer: Explorer = request.getfixturevalue(name)
    explorer.run(SECOND)
    explorer.views.nth(1).wait_for()
    readouts = explorer.views.locator(".course-readout")
    explorer.canvas.focus()
    explorer.press("ArrowLeft", "ArrowUp")
    first, second = readouts.all_inner_texts()
    assert first == second
    explorer.run(CHANGE)
    from_python = readouts.all_inner_texts()
    assert from_python[0] == from_python[1] != first
    pictures = [canvas.evaluate(BYTES) for canvas in explorer.views.get_by_role("application").all()]
    assert len(pictures) == 2
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize(("name", "named", "reached"), [("neuron", 3, 3), ("xor", 4, 3), ("backprop", 4, 4)])
def test_every_control_has_a_name_and_nothing_leaves_the_machine(
    name: str, named: int, reached: int, request: pytest.FixtureRequest
) -> None:
    explorer: Explorer = request.getfixturevalue(name)
    names = accessible_names(explorer.seen, explorer.view)
    assert len(names) == named  # XOR's second canvas is a picture, not a control
    assert all(len(words) >= 6 for words in names), names
    assert len(explorer.view.locator("[tabindex='0'], input, select, button").all()) == reached
    old = explorer.canvas.get_attribute("aria-label")
    explorer.press("ArrowRight")
    assert explorer.canvas.get_attribute("aria-label") != old
    assert explorer.seen.requests
    assert explorer.seen.external() == []


@pytest.mark.parametrize("name", ["neuron", "xor", "backprop"])
def test_text_is_readable_in_the_dark_theme(
    name: str, request: pytest.FixtureRequest, screenshot: Callable[[Page, str], None]
) -> None:
    explorer: Explorer = request.getfixturevalue(name)
    page = explorer.seen.page
    use_theme(page, "JupyterLab Dark")
    try:
        screenshot(page, f"{name}_dark")
        assert contrast(explorer.view.locator(".course-readout")) >= 4.5
        assert contrast(explorer.view.locator("select")) >= 4.5
    finally:
        use_theme(page, "JupyterLab Light")  # the server keeps the last one


def use_theme(page: Page, name: str) -> None:
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
    page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")
    page.wait_for_timeout(1500)  # its colours fade in, and it is saved


def contrast(text: Locator) -> float:
    """Compute WCAG's contrast of a text with what lies behind it."""
    front, back = text.evaluate(
        """node => {
          const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
          const front = numbers(getComputedStyle(node).color);
          for (let at = node; at; at = at.parentElement) {
            const back = numbers(getComputedStyle(at).backgroundColor);
            if (back.length === 3 || back[3] === 1) return [front, back];
          }
          return [front, [255, 255, 255]];
        }"""
    )
    lights = sorted(luminance(colour[:3]) for colour in (front, back))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: list[float]) -> float:
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
