"""The transposed convolution against PyTorch, and against the convolution whose backward it is."""

from functools import partial

import numpy as np
import pytest
from torch.nn import functional

from course_utils.checks import assert_gradients_match
from course_utils.reference import conv2d, conv2d_backward, conv_transpose2d, conv_transpose2d_backward
from tests.reference import against_torch
from tests.reference.against_torch import assert_agree, integers, option
from tests.reference.layer_examples import EXAMPLES

LAYER = (conv_transpose2d, conv_transpose2d_backward, functional.conv_transpose2d)
OFTEN = {
    *(f"stride {s}" for s in (1, 2, 3)),
    *(f"padding {p}" for p in (0, 1, 2, 3)),
    *(f"output_padding {p}" for p in (0, 1, 2)),
    *("dilation 1", "dilation 2", "batch 1", "groups", "depthwise", "bias", "no bias", "windows overlap"),
    *("height != width", "kernel_height != kernel_width", "stride differs by axis"),
    *("output_padding beyond padding", "output_padding differs by axis"),
}


def draw(rng):
    groups, into, out = against_torch.draw_channels(rng)
    kernels, strides = integers(rng, 1, 4, 2), integers(rng, 1, 3, 2)
    dilations, paddings = integers(rng, 1, 2, 2), integers(rng, 0, 3, 2)
    extras = [int(rng.integers(0, max(s, d))) for s, d in zip(strides, dilations, strict=True)]
    sizes = []
    for k, s, d, p, more in zip(kernels, strides, dilations, paddings, extras, strict=True):
        least = max(1, -(-(2 * p - d * (k - 1) - more) // s) + 1)  # one output is left
        sizes.append(least + int(rng.integers(0, 4)))
    batch = int(rng.integers(1, 4))
    x = rng.standard_normal((batch, groups * into, *sizes))
    W = rng.standard_normal((groups * into, out, *kernels))
    b = rng.standard_normal(groups * out) if rng.random() < 0.5 else None
    options = {
        "stride": option(rng, strides),
        "padding": option(rng, paddings),
        "output_padding": option(rng, extras),
        "groups": groups,
        "dilation": option(rng, dilations),
    }
    conditions = {
        *against_torch.conditions_met(batch, sizes, kernels, strides, dilations),
        *(f"padding {p}" for p in paddings),
        *(f"output_padding {p}" for p in extras),
        *(["output_padding differs by axis"] if len(set(extras)) > 1 else []),
        *(
            ["output_padding beyond padding"]
            if any(e > p for e, p in zip(extras, paddings, strict=True))
            else []
        ),
        *(["groups"] if groups > 1 else []),
        *(["depthwise"] if groups > 1 and into == 1 else []),
        "no bias" if b is None else "bias",
    }
    return (x, W, b), options, conditions


def test_values_and_all_gradients_are_those_of_torch():
    seen = against_torch.compare(draw, *LAYER, cases=500)
    assert seen["compared"] == 500
    assert min(seen[condition] for condition in OFTEN) >= 15, seen


def test_gradients_are_those_of_central_differences():
    example = EXAMPLES["conv_transpose2d"]
    backward = partial(conv_transpose2d_backward, **example.options)
    assert_gradients_match(
        partial(conv_transpose2d, **example.options),
        lambda y_bar, *arrays: backward(y_bar, *arrays[:2]),
        *example.arrays(),
        rng=np.random.default_rng(0),
    )


def test_by_hand():
    x, W = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 10.0], [100.0, 1000.0]])
    y = conv_transpose2d(x[None, None], W[None, None])
    np.testing.assert_array_equal(y[0, 0], [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]])
    apart = conv_transpose2d(x[None, None], W[None, None], stride=2)
    np.testing.assert_array_equal(apart[0, 0], np.kron(x, W))


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("options", [{}, {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1)}])
def test_it_is_the_backward_of_a_convolution_by_its_input(options, groups):
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((2, 4, 9, 10)), rng.standard_normal((6, 4 // groups, 3, 2))
    y = conv2d(x, W, **options, groups=groups)
    y_bar = rng.standard_normal(y.shape)
    x_bar = conv2d_backward(y_bar, x, W, **options, groups=groups)[0]
    up = conv_transpose2d(y_bar, W, **options, groups=groups)
    height, width = up.shape[2:]
    np.testing.assert_allclose(up, x_bar[:, :, :height, :width], atol=1e-12)


CORNERS = {
    "one pixel": ((1, 1, 1, 1), (1, 1, 1, 1), {}),
    "one output is left": ((1, 2, 2, 2), (2, 3, 2, 2), {"padding": 1}),
    "only an output padding is left": ((1, 2, 2, 2), (2, 3, 1, 2), {"padding": (1, 0), "stride": (2, 1)}),
    "stride beyond the kernel": ((2, 2, 3, 2), (2, 3, 2, 1), {"stride": (5, 4)}),
    "as much output padding as there may be": (
        (2, 2, 3, 2),
        (2, 3, 2, 3),
        {"stride": (4, 3), "output_padding": (3, 2), "padding": (0, 1)},
    ),
    "an output padding below the dilation": (
        (2, 2, 3, 2),
        (2, 3, 2, 3),
        {"dilation": (3, 2), "output_padding": (2, 1)},
    ),
    "padding beyond the kernel": ((1, 1, 9, 9), (1, 1, 2, 2), {"padding": (4, 3)}),
    "depthwise": ((2, 4, 3, 4), (4, 1, 3, 2), {"groups": 4, "stride": 2}),
}


@pytest.mark.parametrize(("images", "kernels", "options"), CORNERS.values(), ids=CORNERS)
def test_corners_are_those_of_torch(images, kernels, options):
    rng = np.random.default_rng(0)
    biases = kernels[1] * options.get("groups", 1)
    assert_agree(*LAYER, [rng.standard_normal(shape) for shape in (images, kernels, biases)], options, rng)


@pytest.mark.parametrize("place", ["x", "W"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_not_a_number_and_infinity_reach_what_they_reach_in_torch(place, value):
    rng = np.random.default_rng(0)
    options = {"stride": (3, 2), "padding": (0, 1), "output_padding": (2, 1)}
    arrays = [rng.standard_normal(shape) for shape in [(2, 2, 5, 4), (2, 3, 3, 2), 3]]
    arrays[place == "W"][1, 0, 1, 1] = value
    value, _, gradients = against_torch.torchs(functional.conv_transpose2d, arrays, options, rng)
    assert not np.isfinite(value).all()
    assert sum(np.isfinite(each).sum() for each in [value, *gradients]) > 100
    with np.errstate(invalid="ignore"):  # matrix products warn of zeros that they put beside their blocks
        assert_agree(*LAYER, arrays, options, np.random.default_rng(1))
