"""The explorers' Python side: state, sentences for bad values, static twins, and what reaches the browser."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from traitlets import TraitError

from course_utils import widgets
from course_utils.reference import ACTIVATIONS, activate
from course_utils.widgets import BackpropExplorer, NeuronExplorer, XorExplorer, neuron_figure, xor_figure

EXPLORERS = [NeuronExplorer, XorExplorer, BackpropExplorer]


def test_the_default_states_are_stable_in_print() -> None:
    assert repr(NeuronExplorer()) == (
        "NeuronExplorer(weights=(1.0, 1.0), bias=-0.5, activation='logistic', points='none')"
    )
    assert repr(XorExplorer()) == (
        "XorExplorer(lines=((1.414, 0.0, -0.207), (0.0, 1.414, -1.207)), steepness=10.0)"
    )
    assert repr(BackpropExplorer()) == "BackpropExplorer(graph='logistic', step=0)"
    assert repr(NeuronExplorer(weights=(0.1 + 0.2, -1e-9))) == (
        "NeuronExplorer(weights=(0.3, 0.0), bias=-0.5, activation='logistic', points='none')"
    )


@pytest.mark.parametrize("explorer", EXPLORERS)
def test_print_is_shown_whole(explorer: type[Any]) -> None:
    assert len(repr(explorer())) <= 110  # anywidget cuts a longer one off
    assert explorer()._repr_mimebundle_()[0]["text/plain"] == repr(explorer())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_response_is_the_unit_written_out(name: str, rng: np.random.Generator) -> None:
    x, w, b = rng.normal(size=(7, 2)), rng.normal(size=2), float(rng.normal())
    explorer = NeuronExplorer(weights=w, bias=b, activation=name)
    np.testing.assert_allclose(explorer.response(x), activate(x[:, 0] * w[0] + x[:, 1] * w[1] + b, name))


@pytest.mark.parametrize(
    ("points", "classes"), [("none", []), ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])]
)
def test_truth_lists_the_points(points: str, classes: list[int]) -> None:
    x, t = NeuronExplorer(points=points).truth()
    assert t.tolist() == classes
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]][: len(classes)]


@pytest.mark.parametrize(
    ("weights", "bias", "words"),
    [
        ((1, 1), -0.5, "y = logistic(1.00 x₁ + 1.00 x₂ − 0.50)"),
        ((-1.5, -2), 0.25, "y = logistic(−1.50 x₁ − 2.00 x₂ + 0.25)"),
        ((-0.001, -0.001), -0.001, "y = logistic(0.00 x₁ + 0.00 x₂ + 0.00)"),
    ],
)
def test_equation_has_the_numbers_and_their_signs(weights: Any, bias: float, words: str) -> None:
    assert NeuronExplorer(weights=weights, bias=bias).equation() == words


def test_solved_puts_the_points_where_the_hand_made_network_does() -> None:
    explorer = XorExplorer.solved(steepness=50)
    np.testing.assert_allclose(explorer.hidden(), [[0, 0], [1, 0], [1, 0], [1, 1]], atol=1e-9)
    assert explorer.right().tolist() == [True] * 4


def test_the_default_is_not_solved_but_a_turn_away() -> None:
    explorer = XorExplorer()
    assert explorer.right().tolist() == [True, False, True, True]
    for line, solved, angle in zip(explorer.lines, XorExplorer.solved().lines, (45, -45), strict=True):
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        turned = (cos * line[0] - sin * line[1], sin * line[0] + cos * line[1])
        assert turned == pytest.approx(solved[:2])
        assert line[2] + sum(line[:2]) / 2 == pytest.approx(solved[2] + sum(solved[:2]) / 2)


def test_soft_units_do_not_solve_it_until_they_are_steep() -> None:
    limit = 2 * math.log(3)  # logistic(s/2) - logistic(-s/2) = tanh(s/4) reaches 1/2 here
    assert not XorExplorer.solved(steepness=limit - 0.01).right().all()
    assert XorExplorer.solved(steepness=limit + 0.01).right().all()


BAD = [
    (
        NeuronExplorer,
        {"weights": (1, 2, 3)},
        "has 3 numbers but must be 2 finite numbers; give exactly 2",
    ),
    (NeuronExplorer, {"weights": (1, math.nan)}, "weights holds nan but must be 2 finite numbers"),
    (NeuronExplorer, {"weights": "ab"}, "weights is 'ab' but must be 2 finite numbers"),
    (NeuronExplorer, {"weights": 3}, "weights is 3 but must be 2 finite numbers"),
    (NeuronExplorer, {"bias": math.inf}, "bias holds inf but must be one finite number"),
    (
        NeuronExplorer,
        {"bias": None},
        "bias is None but must be one finite number; write numbers",
    ),
    (
        NeuronExplorer,
        {"activation": "sigmoid"},
        "activation is 'sigmoid' but must be one of identity, relu, softplus, hard_threshold, logistic, tanh",
    ),
    (NeuronExplorer, {"points": "nand"}, "points is 'nand' but must be one of none, and, or, xor"),
    (XorExplorer, {"lines": ((1, 1, 0),)}, "lines is .* but must be two lines"),
    (XorExplorer, {"lines": 1}, "lines is 1 but must be two lines"),
    (
        XorExplorer,
        {"lines": ((1, 1), (1, 1, 0))},
        "a line .* has 2 numbers but must be 3 finite numbers",
    ),
    (XorExplorer, {"lines": ((0, 0, 1), (1, 1, 0))}, "needs a direction; give a weight that is not 0"),
    (XorExplorer, {"lines": ((1, math.inf, 1), (1, 1, 0))}, "holds inf but must be 3 finite numbers"),
    (XorExplorer, {"steepness": 0}, "steepness is 0 but must be from 1 to 50"),
    (XorExplorer, {"steepness": math.nan}, "steepness holds nan but must be one finite number"),
]


@pytest.mark.parametrize(("explorer", "bad", "sentence"), BAD)
def test_bad_values_are_refused_when_made_and_later(
    explorer: type[Any], bad: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(TraitError, match=sentence):
        explorer(**bad)
    made = explorer()
    before = repr(made)
    (name, value) = next(iter(bad.items()))
    with pytest.raises(TraitError, match=sentence):
        setattr(made, name, value)
    assert repr(made) == before


def test_a_line_is_chosen_by_its_number() -> None:
    with pytest.raises(TraitError, match="chosen is 3 but must be 1 for h_1 or 2 for h_2"):
        XorExplorer().chosen = 3


@pytest.mark.parametrize("explorer", EXPLORERS)
def test_only_numbers_and_names_travel(explorer: type[Any]) -> None:
    made = explorer()
    state = {name: made.get_state()[name] for name in explorer.class_own_traits(sync=True)}
    assert len(state) >= 3
    moving = {name: value for name, value in state.items() if not name.startswith("_")}
    assert len(moving) >= 2
    assert len(json.dumps(moving)) < 200
    other = explorer()
    other.set_state(json.loads(json.dumps(state)))  # as it comes back from the browser, with lists for tuples
    assert repr(other) == repr(made)
    assert other.get_state(list(state)) == state


@pytest.mark.parametrize("explorer", EXPLORERS)
def test_the_module_asks_nobody_for_anything(explorer: type[Any]) -> None:
    text = explorer._esm + explorer._css
    assert not re.search(
        r"https?:|//cdn|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|\bimport\b.*\bfrom\b", text
    )


def test_nothing_is_written_twice() -> None:
    lines = {
        path.name: {line.strip() for line in path.read_text().splitlines() if len(line.strip()) > 40}
        for path in Path(widgets.__file__).parent.glob("*.js")
    }
    assert len(lines) > 6
    names = sorted(lines)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            assert not lines[first] & lines[second], (first, second)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_neuron_figure_draws_the_present_state(name: str) -> None:
    explorer = NeuronExplorer(weights=(2, -1), bias=1, activation=name, points="xor")
    fig = neuron_figure(explorer)
    plane = fig.axes[0]
    assert isinstance(fig, Figure)
    assert plane.get_title() == explorer.equation()
    assert plane.get_xlim() == (-3, 3)
    corner = plane.images[0].get_array()[0, 0]
    assert corner == pytest.approx(explorer.response([[-3, -3]])[0], abs=0.1)
    line = plane.lines[0].get_xydata()
    np.testing.assert_allclose(2 * line[:, 0] - line[:, 1] + 1, 0, atol=1e-9)
    assert any(text.get_text() == "w" and text.xy == (2, -1) for text in plane.texts)


def test_neuron_figure_without_a_line() -> None:
    fig = neuron_figure(NeuronExplorer(weights=(0, 0)))
    assert not fig.axes[0].lines
    assert not [text for text in fig.axes[0].texts if text.get_text() == "w"]


def test_xor_figure_says_which_points_are_wrong() -> None:
    explorer = XorExplorer()
    left, right = xor_figure(explorer).axes[:2]
    for plane in (left, right):
        words = ", ".join(text.get_text() for text in plane.texts)
        assert "01 wrong" in words
        assert words.count("right") == 3
    landed = np.concatenate([np.asarray(c.get_offsets()) for c in right.collections])
    for h in explorer.hidden():
        assert np.abs(landed - h).sum(axis=1).min() < 1e-9


def test_figures_leave_the_explorer_as_it_was() -> None:
    neuron, xor = NeuronExplorer(), XorExplorer()
    neuron_figure(neuron)
    xor_figure(xor)
    assert (repr(neuron), repr(xor)) == (repr(NeuronExplorer()), repr(XorExplorer()))
