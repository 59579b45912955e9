"""Maximum, average and L2 pooling against PyTorch, on random cases and at the corners."""

from functools import partial

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_utils.checks import assert_gradients_match
from course_utils.reference import (
    avg_pool2d,
    avg_pool2d_backward,
    l2_pool2d,
    l2_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from tests.reference import against_torch
from tests.reference.against_torch import assert_agree, integers, option

LAYERS = {
    "max": (max_pool2d, max_pool2d_backward, functional.max_pool2d),
    "avg": (avg_pool2d, avg_pool2d_backward, functional.avg_pool2d),
    "l2": (l2_pool2d, l2_pool2d_backward, lambda x, **options: functional.lp_pool2d(x, 2, **options)),
}
OFTEN = {
    *("batch 1", "height != width", "kernel_height != kernel_width", "stride differs by axis"),
    *("windows overlap", "stride 1", "stride 2", "stride 3", "default stride", "ceil_mode"),
    *("a window reaches beyond the end", "ties"),
}
ONLY = {
    "max": {"padding 0", "padding 1", "padding 2", "dilation 2", "padding and ceil_mode"},
    "avg": {"padding 0", "padding 1", "padding 2", "without the padding", "padding and ceil_mode"},
    "l2": set(),
}


def draw(name, rng):
    kernels = integers(rng, 1, 5, 2)
    strides = None if rng.random() < 0.2 else integers(rng, 1, 3, 2)
    steps = strides or kernels
    dilations = integers(rng, 1, 2, 2) if name == "max" else [1, 1]
    paddings = [0, 0] if name == "l2" else [int(rng.integers(0, k // 2 + 1)) for k in kernels]
    ceil_mode, inside = bool(rng.random() < 0.5), bool(rng.random() < 0.5)
    sizes = [
        max(2, d * (k - 1) + 1 - 2 * p) + int(rng.integers(0, 6))
        for k, d, p in zip(kernels, dilations, paddings, strict=True)
    ]
    shape = (int(rng.integers(1, 4)), int(rng.integers(1, 4)), *sizes)
    ties = rng.random() < 0.5
    x = rng.integers(-1, 2, shape).astype(float) if ties else rng.standard_normal(shape)
    options = {"kernel_size": option(rng, kernels), "ceil_mode": ceil_mode}
    if strides:
        options["stride"] = option(rng, strides)
    if name != "l2":
        options["padding"] = option(rng, paddings)
    if name == "max":
        options["dilation"] = option(rng, dilations)
    if name == "avg":
        options["count_include_pad"] = not inside
    beyond = any(
        (n + 2 * p - d * (k - 1) - 1) % s
        for n, k, s, p, d in zip(sizes, kernels, steps, paddings, dilations, strict=True)
    )
    conditions = {
        *against_torch.conditions_met(shape[0], sizes, kernels, steps, dilations),
        *(f"padding {p}" for p in paddings),
        *([] if strides else ["default stride"]),
        *(["ties"] if ties else []),
        *(["ceil_mode"] if ceil_mode else []),
        *(["a window reaches beyond the end"] if ceil_mode and beyond else []),
        *(["padding and ceil_mode"] if ceil_mode and beyond and any(paddings) else []),
        *(["without the padding"] if inside and any(paddings) else []),
    }
    return (x,), options, conditions


@pytest.mark.parametrize(("name", "cases"), [("max", 500), ("avg", 500), ("l2", 300)])
def test_values_and_gradients_are_those_of_torch(name, cases):
    seen = against_torch.compare(partial(draw, name), *LAYERS[name], cases=cases)
    assert seen["compared"] == cases
    assert min(seen[condition] for condition in OFTEN | ONLY[name]) >= 15, seen


GRADIENTS = {
    "max": {"padding": 1, "dilation": (1, 2), "stride": (2, 1), "ceil_mode": True},
    "avg": {"padding": (1, 0), "stride": (2, 1), "ceil_mode": True, "count_include_pad": False},
    "l2": {"stride": (2, 3), "ceil_mode": True},
}


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_are_those_of_central_differences(name):
    forward, backward, _ = LAYERS[name]
    x = np.random.default_rng(0).permutation(np.arange(60.0)).reshape(1, 2, 5, 6) - 30.5
    forward, backward = (partial(each, kernel_size=(3, 2), **GRADIENTS[name]) for each in (forward, backward))
    assert_gradients_match(forward, backward, x, rng=np.random.default_rng(0))


def test_the_map_of_the_deck():
    x = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])[None, None]
    np.testing.assert_array_equal(max_pool2d(x, 2, stride=2)[0, 0], [[6, 8], [3, 4]])
    np.testing.assert_array_equal(avg_pool2d(x, 2)[0, 0], [[3.25, 5.25], [2, 2]])
    np.testing.assert_allclose(l2_pool2d(x, 2)[0, 0], np.sqrt([[63, 133], [18, 26]]), rtol=1e-15)


def test_overlapping_windows_add_their_gradients_up():
    x = np.array([[[[1.0, 3.0, 2.0]]]])
    y_bar = np.array([[[[10.0, 1.0]]]])
    np.testing.assert_array_equal(max_pool2d_backward(y_bar, x, (1, 2), stride=1), [[[[0, 11, 0]]]])
    np.testing.assert_array_equal(avg_pool2d_backward(y_bar, x, (1, 2), stride=1), [[[[5, 5.5, 0.5]]]])


def test_the_first_of_several_largest_values_gets_the_whole_gradient():
    x_bar = max_pool2d_backward([[[[5.0]]]], [[[[1, 2, 2], [2, 0, 2]]]], (2, 3))
    np.testing.assert_array_equal(x_bar, [[[[0, 5, 0], [0, 0, 0]]]])


def test_the_padding_is_never_the_largest_but_counts_in_a_mean_unless_it_is_left_out():
    x = -np.ones((1, 1, 2, 2))
    np.testing.assert_array_equal(max_pool2d(x, 2, padding=1), -np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(avg_pool2d(x, 2, padding=1), -np.ones((1, 1, 2, 2)) / 4)
    np.testing.assert_array_equal(avg_pool2d(x, 2, padding=1, count_include_pad=False), x)


def test_a_window_of_zeros_has_the_l2_gradient_zero():
    x, y_bar = np.zeros((1, 1, 2, 4)), np.ones((1, 1, 1, 2))
    x[0, 0, 0, 2:] = 3, 4
    np.testing.assert_allclose(l2_pool2d_backward(y_bar, x, 2)[0, 0], [[0, 0, 0.6, 0.8], [0, 0, 0, 0]])


@pytest.mark.parametrize("size", [1e-200, 1e-160, 1e160, 1e200])
def test_l2_pooling_neither_overflows_nor_underflows(size):
    x = size * np.array([[[[3.0, 4.0], [0.0, 0.0]]]])
    np.testing.assert_allclose(l2_pool2d(x, 2), [[[[5 * size]]]], rtol=1e-14)
    np.testing.assert_allclose(l2_pool2d_backward([[[[1.0]]]], x, 2), [[[[0.6, 0.8], [0, 0]]]], rtol=1e-14)


CORNERS = {
    "a window as large as the map": ((2, 3, 4, 5), {"kernel_size": (4, 5)}),
    "a window as large as the padded map": ((1, 1, 2, 1), {"kernel_size": (4, 3), "padding": (1, 1)}),
    "one pixel": ((1, 1, 1, 1), {"kernel_size": 1}),
    "windows of one": ((2, 1, 3, 4), {"kernel_size": 1, "stride": (1, 2)}),
    "stride far beyond the map": ((2, 3, 4, 5), {"kernel_size": 2, "stride": (1000, 10**9)}),
    "stride beyond the window": ((2, 3, 9, 10), {"kernel_size": 2, "stride": (4, 3), "ceil_mode": True}),
    "the last window starts on the last value": ((1, 1, 7, 5), {"kernel_size": 2, "ceil_mode": True}),
    "the last window would start in the padding": (
        (1, 1, 4, 6),
        {"kernel_size": 2, "stride": (3, 4), "padding": 1, "ceil_mode": True},
    ),
    "a map smaller than the window": ((1, 1, 2, 3), {"kernel_size": (3, 4), "stride": 2, "ceil_mode": True}),
}


@pytest.mark.parametrize(("shape", "options"), CORNERS.values(), ids=CORNERS)
@pytest.mark.parametrize("name", LAYERS)
def test_corners_are_those_of_torch(name, shape, options):
    if name == "l2" and "padding" in options:
        options = {key: value for key, value in options.items() if key != "padding"} | {"kernel_size": 1}
    assert_agree(*LAYERS[name], [np.random.default_rng(0).standard_normal(shape)], options)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", LAYERS)
def test_not_a_number_and_infinity_pass_as_in_torch(name, value):
    x = np.random.default_rng(0).standard_normal((1, 2, 5, 6))
    x[0, 0, 2, 2] = value
    forward, backward, theirs = LAYERS[name]
    options = {"kernel_size": (2, 3), "stride": (2, 3)}  # apart: PyTorch's NaN of an overlap lies elsewhere
    leaf = torch.tensor(x, requires_grad=True)
    y = theirs(leaf, **options)
    y.sum().backward()
    np.testing.assert_allclose(forward(x, **options), y.detach(), atol=1e-10)
    np.testing.assert_allclose(backward(np.ones(y.shape), x, **options), leaf.grad, atol=1e-10)


def test_one_of_several_nan_gets_the_gradient_of_its_window():
    x = np.array([[[[1.0, np.nan, 3.0, np.nan]]]])
    np.testing.assert_array_equal(max_pool2d_backward([[[[7.0]]]], x, (1, 4)), [[[[0, 7, 0, 0]]]])


@pytest.mark.parametrize("padding", [0, 1, (1, 0), (0, 1)])
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_an_image_of_minus_infinity_gets_its_gradient_as_in_torch(padding, ceil_mode):
    x = np.full((1, 2, 4, 5), -np.inf)
    x[0, 1, 1, 1] = 0
    options = {"kernel_size": (2, 3), "stride": (2, 2), "padding": padding, "ceil_mode": ceil_mode}
    assert_agree(*LAYERS["max"], [x], options)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_gradient_that_is_not_finite_reaches_the_largest_value_only(value):
    x, y_bar = np.arange(8.0).reshape(1, 1, 2, 4), np.array([[[[value, 1.0]]]])
    np.testing.assert_array_equal(max_pool2d_backward(y_bar, x, 2), [[[[0, 0, 0, 0], [0, value, 0, 1]]]])


def test_l2_pooling_of_infinity_beside_large_values_is_infinity_without_a_warning():
    x = np.array([[[[np.inf, 1e200], [-1e300, 0.0]]]])
    np.testing.assert_array_equal(l2_pool2d(x, 2), [[[[np.inf]]]])
    np.testing.assert_array_equal(l2_pool2d_backward([[[[1.0]]]], x, 2), [[[[np.nan, 0], [0, 0]]]])
