"""The browser's mathematics is the course's: its functions, run in node, against course_utils.reference."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.reference import ACTIVATIONS, activate, logistic
from course_utils.widgets import NeuronExplorer, XorExplorer
from course_utils.widgets.sources import javascript

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None, reason="NOT COMPARED WITH THE BROWSER'S CODE: node is not installed"
)


def in_browser_code(module: Path, expression: str, **values: Any) -> Any:
    """Evaluate an expression in an explorer's own module m with the values given."""
    script = (
        f"import * as m from {json.dumps(module.as_uri())};"
        f"const {{ {', '.join(values)} }} = {json.dumps(values)};"
        f"console.log(JSON.stringify({expression}));"
    )
    command = [str(NODE), "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=["neuron", "xor"])
def module(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("esm") / f"{request.param}.mjs"
    path.write_text(javascript(request.param), encoding="utf-8")
    return path


def test_the_module_offers_an_explorer(module: Path) -> None:
    assert in_browser_code(module, "typeof m.default.render") == "function"


def test_the_six_activations_have_the_course_names(module: Path) -> None:
    assert in_browser_code(module, "Object.keys(m.ACTIVATIONS)") == list(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_agrees(name: str, module: Path, rng: np.random.Generator) -> None:
    z = np.concatenate([rng.uniform(-40, 40, size=300), [0, -745, 745, -1e-12, 1e-12]])
    got = in_browser_code(module, "z.map(m.ACTIVATIONS[name])", z=z.tolist(), name=name)
    np.testing.assert_allclose(np.array(got, dtype=float), activate(z, name), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_neuron_agrees(name: str, module: Path, rng: np.random.Generator) -> None:
    x, w, b = rng.uniform(-3, 3, size=(50, 2)), rng.uniform(-3, 3, size=2), float(rng.uniform(-3, 3))
    got = in_browser_code(
        module, "x.map(x => m.neuron(w, b, name, x))", x=x.tolist(), w=w.tolist(), b=b, name=name
    )
    want = NeuronExplorer(weights=w, bias=b, activation=name).response(x)
    np.testing.assert_allclose(np.array(got, dtype=float), want, rtol=1e-12, atol=1e-12)


def test_hidden_plane_agrees(module: Path, rng: np.random.Generator) -> None:
    states = [(rng.normal(size=(2, 3)).tolist(), float(rng.uniform(1, 50))) for _ in range(40)]
    explorers = [XorExplorer(lines=lines, steepness=steepness) for lines, steepness in states]
    found = in_browser_code(
        module, "states.map(([lines, s]) => m.INPUTS.map(x => m.hidden(lines, s, x)))", states=states
    )
    np.testing.assert_allclose(found, [explorer.hidden() for explorer in explorers], rtol=1e-9, atol=1e-12)
    outputs = in_browser_code(module, "found.map(landed => landed.map(m.output))", found=found)
    right = (np.array(outputs) == [0, 1, 1, 0]).tolist()
    assert right == [explorer.right().tolist() for explorer in explorers]
    assert len({tuple(points) for points in right}) > 3  # not all alike


def test_points_and_classes_agree(module: Path) -> None:
    assert in_browser_code(module, "m.INPUTS") == NeuronExplorer(points="xor").truth()[0].tolist()
    classes = in_browser_code(module, "m.CLASSES")
    for points, labels in classes.items():
        assert labels == NeuronExplorer(points=points).truth()[1].tolist()


def test_equation_is_the_same_in_both_languages(module: Path, rng: np.random.Generator) -> None:
    units = [*rng.normal(size=(200, 3)).tolist(), [0, -0.001, 0], [-0.001, 0.001, -0.001]]
    got = in_browser_code(module, "units.map(([a, c, b]) => m.equation([a, c], b, 'tanh'))", units=units)
    assert got == [NeuronExplorer(weights=u[:2], bias=u[2], activation="tanh").equation() for u in units]


def test_decision_line_lies_where_z_is_zero(module: Path) -> None:
    units = [[1, 1, -0.5], [1, -2, 3], [2, 0, 1], [0, 0, 1]]
    assert in_browser_code(module, "units.map(([a, c, b]) => m.decisionLine([a, c], b))", units=units) == [
        "decision line x₂ = −1.00 x₁ + 0.50",
        "decision line x₂ = 0.50 x₁ + 1.50",
        "decision line x₁ = −0.50",
        "no decision line, because both weights are 0",
    ]


def test_no_line_has_all_four_points_of_xor_on_their_sides(module: Path, rng: np.random.Generator) -> None:
    weights = [*rng.uniform(-3, 3, size=(500, 3)).tolist(), [1, 1, -0.5]]
    counts = in_browser_code(module, "w.map(([a, c, b]) => m.sideOf([a, c], b, m.CLASSES.xor))", w=weights)
    assert max(counts) == 3
    assert in_browser_code(module, "m.sideOf([1, 1], -0.5, m.CLASSES.or)") == 4


def test_moves_of_a_line_undo_themselves_and_keep_its_slope(module: Path, rng: np.random.Generator) -> None:
    line = rng.normal(size=3)
    there = in_browser_code(module, "m.shift(m.turn(line, 33), 0.2)", line=line.tolist())
    back = in_browser_code(module, "m.turn(m.shift(line, -0.2), -33)", line=there)
    assert there != pytest.approx(line.tolist(), abs=0.01)
    assert back == pytest.approx(line.tolist(), abs=1e-5)
    assert np.hypot(*there[:2]) == pytest.approx(np.hypot(*line[:2]), abs=1e-5)


def test_a_turn_of_the_default_gives_the_solution(module: Path) -> None:
    first, second = (list(line) for line in XorExplorer().lines)
    turned = in_browser_code(module, "[m.turn(first, 45), m.turn(second, -45)]", first=first, second=second)
    assert turned[0] == pytest.approx([1, 1, -0.5], abs=1e-5)
    assert turned[1] == pytest.approx([1, 1, -1.5], abs=1e-5)


def test_a_shift_goes_along_the_arrow_by_that_distance(module: Path) -> None:
    assert in_browser_code(module, "m.shift([2, 0, -1], 0.25)") == [2, 0, -1.5]  # from x_1 = 0.5 to 0.75


def test_numbers_are_written_without_a_negative_zero(module: Path) -> None:
    assert in_browser_code(module, "[-0.001, -0.5, 2].map(v => m.number(v))") == ["0.00", "−0.50", "2.00"]
    assert in_browser_code(module, "Object.is(m.tidy(-1e-9), 0)") is True


def test_logistic_is_steep_enough_to_stand_for_a_threshold(module: Path) -> None:
    got = in_browser_code(module, "m.hidden([[1, 1, -0.5], [1, 1, -1.5]], 50, [0, 1])")
    np.testing.assert_allclose(got, logistic(np.array([25.0, -25.0])), rtol=1e-9)
    np.testing.assert_allclose(got, [1, 0], atol=1e-10)
