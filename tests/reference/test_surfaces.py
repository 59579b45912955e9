from dataclasses import FrozenInstanceError
from functools import partial

import numpy as np
import pytest
import torch

from course_utils.checks import central_differences
from course_utils.reference import adam_step, follow, momentum_step, ravine, rosenbrock, saddle, sgd_step
from tests.reference.refusals import assert_one_sentence

SURFACES = {surface.name: surface for surface in (ravine, saddle, rosenbrock)}
every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)


@every_surface
def test_gradients_are_those_of_central_differences(surface):
    for w in np.random.default_rng(0).uniform(-2, 2, (50, 2)):
        numeric = central_differences(surface.value, w)
        np.testing.assert_allclose(surface.gradient(w), numeric, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("surface", "w", "value", "gradient"),
    [
        (ravine, [3.0, -1.0], 24.5, [3, -40]),
        (saddle, [2.0, 2.0], 4.0, [2, 6]),
        (saddle, [0.0, 0.0], 0.0, [0, 0]),
        (saddle, [0.0, -1.0], -0.25, [0, 0]),
        (rosenbrock, [-1.0, 2.0], 104.0, [396, 200]),
    ],
)
def test_values_worked_by_hand(surface, w, value, gradient):
    assert surface.value(w) == value
    np.testing.assert_array_equal(surface.gradient(w), gradient)


@every_surface
def test_the_minimum_is_the_lowest_point_and_level(surface):
    np.testing.assert_array_equal(surface.gradient(surface.minimum), [0, 0])
    grid = np.stack(np.meshgrid(*[np.linspace(-3, 3, 121)] * 2), axis=-1)
    assert surface.value(grid).min() >= surface.value(surface.minimum)


def test_the_saddle_falls_to_one_side_and_rises_to_the_other():
    assert saddle.value([0.0, 0.1]) < saddle.value([0.0, 0.0]) < saddle.value([0.1, 0.0])


@every_surface
def test_many_points_at_once_are_each_point_alone(surface):
    points = np.random.default_rng(1).uniform(-2, 2, (3, 4, 2))
    assert surface.value(points).shape == (3, 4)
    assert surface.gradient(points).shape == (3, 4, 2)
    for place in np.ndindex(3, 4):
        assert surface.value(points)[place] == pytest.approx(surface.value(points[place]), rel=1e-12)
        np.testing.assert_allclose(surface.gradient(points)[place], surface.gradient(points[place]))


@every_surface
def test_float32_stays_float32(surface):
    points = np.ones((3, 2), np.float32)
    assert surface.value(points).dtype == surface.gradient(points).dtype == np.float32


@every_surface
@pytest.mark.parametrize("shape", [(3,), (2, 3), ()])
def test_points_of_another_size_are_refused(surface, shape):
    for function in (surface.value, surface.gradient):
        with pytest.raises(
            ValueError, match=r"w must hold points of two weights, but w\.shape=.*; give"
        ) as caught:
            function(np.ones(shape))
        assert_one_sentence(caught)


def test_a_path_worked_by_hand():
    path = follow(partial(sgd_step, learning_rate=0.025), ravine.gradient, [4, 1], steps=2)
    np.testing.assert_allclose(path, [[4, 1], [3.9, 0], [3.8025, 0]])


def test_the_state_is_handed_on():
    step = partial(momentum_step, learning_rate=0.5, momentum=0.5)
    path = follow(step, np.ones_like, [0.0], steps=3)
    np.testing.assert_allclose(path[:, 0], [0, -0.5, -1.25, -2.125])


def test_a_path_is_that_of_torch():
    w = torch.tensor([-1.5, 1.0], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([w], lr=0.05)
    theirs = [w.detach().numpy().copy()]
    for _ in range(200):
        adam.zero_grad()
        ((1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2).backward()
        adam.step()
        theirs.append(w.detach().numpy().copy())
    ours = follow(partial(adam_step, learning_rate=0.05), rosenbrock.gradient, [-1.5, 1.0], steps=200)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


def test_the_start_is_not_changed_and_of_any_size():
    start = np.arange(5.0)
    path = follow(partial(sgd_step, learning_rate=0.1), lambda w: 2 * w, start, steps=3)
    assert path.shape == (4, 5)
    path[...] = 7
    np.testing.assert_array_equal(start, np.arange(5.0))


def test_a_gradient_may_be_a_list_and_a_step_ones_own():
    def own_step(w, w_bar, state):
        return w - 0.5 * w_bar, state

    path = follow(own_step, lambda w: [2 * w[0], 1.0], [1.0, 0.0], steps=2)
    np.testing.assert_array_equal(path, [[1, 0], [0, -0.5], [0, -1]])


def test_a_surface_cannot_be_written():
    with pytest.raises(FrozenInstanceError):
        ravine.minimum = (1.0, 1.0)


def test_a_path_in_float32_stays_float32():
    path = follow(adam_step, ravine.gradient, np.ones(2, np.float32), steps=3)
    assert path.dtype == np.float32


def test_on_the_ravine_the_largest_learning_rate_is_two_over_the_steepest_curvature():
    for learning_rate, comes_down in ((0.049, True), (0.051, False)):  # 2 / 40 = 0.05
        path = follow(partial(sgd_step, learning_rate=learning_rate), ravine.gradient, [0, 1], steps=50)
        assert (abs(path[-1, 1]) < 1) == comes_down


def test_a_path_that_diverges_says_where():
    with pytest.raises(
        ValueError, match=r"the path diverged: step 5 of 20 leads to \[.*inf.*\]; take a smaller"
    ) as caught:
        follow(partial(sgd_step, learning_rate=1.0), rosenbrock.gradient, [-1.5, 1.0], steps=20)
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("start", "steps", "error", "sentence"),
    [
        ([1.0, 2.0], 0, ValueError, "steps=0 but there must be at least 1; give a positive integer"),
        ([1.0, 2.0], 2.5, TypeError, r"steps must be an integer, but steps=2\.5; give"),
        ([1.0, 2.0], True, TypeError, "steps must be an integer, but steps=True"),
        ([[1.0, 2.0]], 3, ValueError, r"start must have 1 axis \(size,\), but start\.shape=\(1, 2\)"),
        ([], 3, ValueError, r"start is empty \(start\.shape=\(0,\)\)"),
        (["a"], 3, TypeError, "start must hold real numbers, but its dtype is"),
        ([1.0, 2.0, 3.0], 3, ValueError, r"w must hold points of two weights, but w\.shape=\(3,\)"),
    ],
)
def test_a_start_or_number_of_steps_that_makes_no_sense_is_refused(start, steps, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        follow(partial(sgd_step, learning_rate=0.1), ravine.gradient, start, steps=steps)
    assert_one_sentence(caught)
