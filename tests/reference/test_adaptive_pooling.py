"""Adaptive pooling against PyTorch: average and maximum over windows that the output's size decides."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_utils.checks import assert_gradients_match
from course_utils.reference import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
    avg_pool2d,
    max_pool2d,
)
from tests.reference import against_torch
from tests.reference.against_torch import assert_agree, integers, option

LAYERS = {
    "average": (adaptive_avg_pool2d, adaptive_avg_pool2d_backward, functional.adaptive_avg_pool2d),
    "maximum": (adaptive_max_pool2d, adaptive_max_pool2d_backward, functional.adaptive_max_pool2d),
}
OFTEN = {
    "batch 1",
    "height != width",
    "output larger than the map",
    "windows overlap",
    "windows do not overlap",
}
OFTEN |= {"ties", "one output", "output_height != output_width"}


def draw(rng):
    batch, channels = (int(value) for value in rng.integers(1, 4, 2))
    sizes, outputs = integers(rng, 1, 11, 2), integers(rng, 1, 7, 2)
    ties = rng.random() < 0.5
    shape = (batch, channels, *sizes)
    x = rng.integers(0, 3, shape).astype(float) if ties else rng.standard_normal(shape)
    divides = all(n % m == 0 for n, m in zip(sizes, outputs, strict=True))
    conditions = {
        *(["batch 1"] if batch == 1 else []),
        *(["height != width"] if len(set(sizes)) > 1 else []),
        *(["output_height != output_width"] if len(set(outputs)) > 1 else []),
        *(["output larger than the map"] if any(m > n for n, m in zip(sizes, outputs, strict=True)) else []),
        "windows do not overlap" if divides else "windows overlap",
        *(["ties"] if ties else []),
        *(["one output"] if outputs == [1, 1] else []),
    }
    return (x,), {"output_size": option(rng, outputs)}, conditions


@pytest.mark.parametrize("name", LAYERS)
def test_values_and_gradients_are_those_of_torch(name):
    seen = against_torch.compare(draw, *LAYERS[name], cases=300)
    assert seen["compared"] == 300
    assert min(seen[condition] for condition in OFTEN) >= 8, seen


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("output_size", [1, (2, 3), (5, 4), (9, 8)])
def test_gradients_are_those_of_central_differences(name, output_size):
    forward, backward, _ = LAYERS[name]
    x = np.random.default_rng(0).permutation(np.arange(40.0)).reshape(1, 2, 5, 4)
    assert_gradients_match(forward, backward, x, output_size, rng=np.random.default_rng(0))


def test_every_size_gives_the_size_that_is_wanted():
    for height in range(1, 12):
        assert adaptive_avg_pool2d(np.ones((1, 1, height, 13 - height)), (3, 4)).shape == (1, 1, 3, 4)


def test_a_size_that_divides_is_ordinary_pooling_and_one_output_is_the_whole_map():
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 8))
    np.testing.assert_allclose(adaptive_avg_pool2d(x, (3, 2)), avg_pool2d(x, (2, 4)), atol=1e-12)
    np.testing.assert_array_equal(adaptive_max_pool2d(x, (3, 2)), max_pool2d(x, (2, 4)))
    np.testing.assert_allclose(adaptive_avg_pool2d(x, 1)[..., 0, 0], x.mean(axis=(2, 3)), atol=1e-12)
    np.testing.assert_array_equal(adaptive_max_pool2d(x, (6, 8)), x)


def test_windows_by_hand():
    x = np.arange(5.0).reshape(1, 1, 1, 5)
    np.testing.assert_array_equal(adaptive_avg_pool2d(x, (1, 3)), [[[[0.5, 2, 3.5]]]])  # 01 123 34
    np.testing.assert_array_equal(adaptive_max_pool2d(x, (1, 3)), [[[[1, 3, 4]]]])
    x_bar = adaptive_avg_pool2d_backward(np.ones((1, 1, 1, 3)), x, (1, 3))
    np.testing.assert_allclose(x_bar[0, 0, 0], np.array([3, 5, 2, 5, 3]) / 6)
    np.testing.assert_array_equal(
        adaptive_max_pool2d_backward(np.full((1, 1, 1, 3), 2.0), x, (1, 3)), [[[[0, 2, 0, 2, 2]]]]
    )


@pytest.mark.parametrize("name", LAYERS)
def test_infinity_passes_as_in_torch(name):
    x = np.random.default_rng(0).standard_normal((1, 3, 4, 5))
    x[0, 0, 1, 2], x[0, 1], x[0, 2, 0] = np.inf, -np.inf, -np.inf
    assert_agree(*LAYERS[name], [x], {"output_size": (2, 3)})


@pytest.mark.parametrize("name", LAYERS)
def test_not_a_number_reaches_its_windows_and_no_other(name):
    x = np.random.default_rng(0).standard_normal((1, 1, 4, 5))
    x[0, 0, 1, 2] = np.nan
    forward, backward, theirs = LAYERS[name]
    np.testing.assert_allclose(forward(x, (2, 3)), theirs(torch.tensor(x), (2, 3)))
    y_bar = np.arange(1.0, 7.0).reshape(1, 1, 2, 3)
    x_bar = backward(y_bar, x, (2, 3))
    assert x_bar.sum() == pytest.approx(21)
    if name == "maximum":
        assert x_bar[0, 0, 1, 2] == 2  # of the one window that holds it


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_gradient_that_is_not_finite_reaches_the_largest_value_only(value):
    x, y_bar = np.arange(8.0).reshape(1, 1, 2, 4), np.array([[[[value, 1.0]]]])
    x_bar = adaptive_max_pool2d_backward(y_bar, x, (1, 2))
    np.testing.assert_array_equal(x_bar, [[[[0, 0, 0, 0], [0, value, 0, 1]]]])
