"""Channels, groups, kernels and biases that do not fit together."""

import numpy as np
import pytest

from course_utils.reference import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose2d,
    locally_connected2d,
    tiled_conv2d,
)
from tests.reference.layer_examples import EXAMPLES
from tests.reference.refusals import refuses


def ones(*shapes):
    return [np.ones(shape) for shape in shapes]


CHANNELS = {
    "conv2d, channels": (
        conv2d,
        ones((1, 3, 4, 4), (1, 1, 3, 3)),
        {},
        r"x has 3 channels but W expects 1 \(x\.shape=\(1, 3, 4, 4\), W\.shape=\(1, 1, 3, 3\)\); W has shape",
    ),
    "conv1d, channels": (
        conv1d,
        ones((1, 3, 4), (1, 2, 3)),
        {},
        r"x has 3 channels but W expects 2 \(x\.shape=",
    ),
    "conv3d, channels": (
        conv3d,
        ones((1, 3, 4, 4, 4), (1, 2, 3, 3, 3)),
        {},
        r"x has 3 channels but W expects 2",
    ),
    "conv2d, channels of a group": (
        conv2d,
        ones((1, 4, 4, 4), (2, 4, 3, 3)),
        {"groups": 2},
        r"x has 2 channels in each of 2 groups but W expects 4 \(x\.shape=\(1, 4, 4, 4\), W\.shape=",
    ),
    "conv2d, groups that do not divide the outputs": (
        conv2d,
        ones((1, 4, 4, 4), (3, 2, 3, 3)),
        {"groups": 2},
        r"groups=2 does not divide 4 input and 3 output channels .*; take a divisor of both",
    ),
    "conv2d, groups that do not divide the inputs": (
        conv2d,
        ones((1, 3, 4, 4), (2, 1, 3, 3)),
        {"groups": 2},
        r"groups=2 does not divide 3 input and 2 output channels",
    ),
    "conv2d, one kernel": (
        conv2d,
        ones((1, 3, 4, 4), (3, 3)),
        {},
        r"W must have 4 axes \(out_channels, in_channels",
    ),
    "conv1d, an image": (
        conv1d,
        ones((1, 3, 4, 4), (1, 3, 3)),
        {},
        r"x must have 3 axes \(batch, in_channels, length\)",
    ),
    "transposed, channels": (
        conv_transpose2d,
        ones((1, 3, 4, 4), (2, 3, 3, 3)),
        {},
        r"x has 3 channels but W expects 2 .*; a transposed convolution's W has shape \(in_channels, out",
    ),
    "transposed, groups": (
        conv_transpose2d,
        ones((1, 3, 4, 4), (3, 1, 3, 3)),
        {"groups": 2},
        r"groups=2 does not divide 3 input channels \(W\.shape=\(3, 1, 3, 3\)\); take a divisor",
    ),
    "unshared, channels": (
        locally_connected2d,
        ones((1, 3, 4, 4), (1, 2, 2, 1, 3, 3)),
        {},
        r"x has 3 channels but W expects 1 .*; W has shape \(out_channels, out_height, out_width,",
    ),
    "tiled, channels": (
        tiled_conv2d,
        ones((1, 3, 4, 4), (1, 2, 2, 1, 3, 3)),
        {},
        r"x has 3 channels but W expects 1 .*; W has shape \(out_channels, tile_height, tile_width,",
    ),
    "unshared, places": (
        locally_connected2d,
        ones((1, 1, 4, 5), (1, 3, 2, 1, 3, 3)),
        {},
        r"W has kernels for 3 x 2 places but the output has 2 x 3 \(W\.shape=.*; give each place its",
    ),
    "unshared, kernels of a convolution": (
        locally_connected2d,
        ones((1, 1, 4, 5), (1, 1, 3, 3)),
        {},
        r"W must have 6 axes \(out_channels, out_height, out_width, in_channels, kernel_height, kernel",
    ),
}


@pytest.mark.parametrize(("layer", "arrays", "options", "sentence"), CHANNELS.values(), ids=CHANNELS)
def test_channels_and_kernels_that_do_not_fit(layer, arrays, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        layer(*arrays, **options)
    with pytest.raises(ValueError, match=sentence):
        EXAMPLES[layer.__name__].backward(np.ones((1, 1, 2, 2)), *arrays, **options)


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv3d", "conv_transpose2d"])
def test_a_bias_that_does_not_fit(name):
    example = EXAMPLES[name]
    x, W, b = example.arrays()
    short = rf"b has 1 biases but there are {len(b)} output channels \(b\.shape=\(1,\)\); give each channel"
    for bias, error, sentence in (
        (b[:1], ValueError, short),
        (b[:, None], ValueError, r"b must have 1 axis \(out_channels,\), but b\.shape="),
        (b[0], ValueError, r"b must have 1 axis"),
        (b[:0], ValueError, r"b is empty"),
        (b * 1j, TypeError, r"b must hold real numbers"),
    ):
        with pytest.raises(error, match=sentence):
            example.forward(x, W, bias, **example.options)


@pytest.mark.parametrize("name", ["locally_connected2d", "tiled_conv2d"])
def test_a_bias_of_none_of_the_three_kinds(name):
    example = EXAMPLES[name]
    x, W, _ = example.arrays()
    for shape in [(1,), (4, 1, 1), (4, 5, 3), (4, 3), (2, 4, 3, 5)]:
        sentence = (
            rf"^b has shape \({str(shape)[1:-1]}\) but must have one of the shapes \(4,\) \(one a channel\), "
        )
        refuses(example, ValueError, sentence, [x, W, np.ones(shape)])
    sentence = r"\(4, 3, 5\) \(one a location\); reshape or repeat it$"
    refuses(example, ValueError, sentence, [x, W, np.ones(3)])
    if name == "tiled_conv2d":
        refuses(example, ValueError, r"\(4, 2, 3\) \(one a tile's place\)", [x, W, np.ones(3)])
    refuses(example, TypeError, r"^b must hold real numbers", [x, W, np.ones(4, dtype=complex)])
