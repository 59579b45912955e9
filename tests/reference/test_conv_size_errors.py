"""Kernels, windows and padding that do not fit the image."""

import numpy as np
import pytest

from course_utils.reference import (
    adaptive_avg_pool2d,
    avg_pool2d,
    conv1d,
    conv2d,
    conv3d,
    conv_transpose2d,
    l2_pool2d,
    locally_connected2d,
    max_pool2d,
    tiled_conv2d,
)
from tests.reference.layer_examples import EXAMPLES


def ones(*shapes):
    return [np.ones(shape) for shape in shapes]


SIZES = {
    "conv2d, a tall kernel": (
        conv2d,
        ones((1, 1, 4, 9), (1, 1, 5, 2)),
        {},
        r"covers 5 inputs but the padded input has 4",
    ),
    "conv2d, a wide kernel, padded": (
        conv2d,
        ones((1, 1, 9, 4), (1, 1, 2, 7)),
        {"padding": (5, 1)},
        r"covers 7 inputs but the padded input has 6 \(size=4, padding 1 and 1, kernel_size=7.*; take a",
    ),
    "conv2d, dilated": (
        conv2d,
        ones((1, 1, 4, 4), (1, 1, 3, 3)),
        {"dilation": 2},
        r"covers 5 inputs but .* has 4",
    ),
    "conv1d": (
        conv1d,
        ones((1, 1, 4), (1, 1, 5)),
        {"padding": "valid"},
        r"covers 5 inputs but the padded input has 4",
    ),
    "conv3d": (
        conv3d,
        ones((1, 1, 4, 4, 4), (1, 1, 2, 2, 5)),
        {},
        r"covers 5 inputs but the padded input has 4",
    ),
    "tiled": (
        tiled_conv2d,
        ones((1, 1, 4, 4), (1, 1, 1, 1, 5, 2)),
        {},
        r"covers 5 inputs but the padded input has 4",
    ),
    "unshared": (locally_connected2d, ones((1, 1, 4, 4), (1, 1, 1, 1, 5, 2)), {}, r"covers 5 inputs but"),
    "max pool": (
        max_pool2d,
        ones((1, 1, 4, 4)),
        {"kernel_size": (2, 5)},
        r"covers 5 inputs but the padded input has 4",
    ),
    "average pool": (avg_pool2d, ones((1, 1, 4, 4)), {"kernel_size": (5, 2)}, r"covers 5 inputs but"),
    "L2 pool": (
        l2_pool2d,
        ones((1, 1, 4, 4)),
        {"kernel_size": 5},
        r"covers 5 inputs but the padded input has 4",
    ),
    "a window in steps of one beyond the end": (
        max_pool2d,
        ones((1, 1, 2, 2)),
        {"kernel_size": 4, "stride": 1, "ceil_mode": True},
        r"the window covers 4 inputs but the padded input has 2; take a smaller window",
    ),
    "padding of a max pool": (
        max_pool2d,
        ones((1, 1, 4, 4)),
        {"kernel_size": (4, 3), "padding": (2, 2)},
        r"padding=2 but a pooling window of kernel_size=3 takes at most 1, half of it; take less padding",
    ),
    "padding of an average pool": (
        avg_pool2d,
        ones((1, 1, 4, 4)),
        {"kernel_size": 2, "padding": 2},
        r"padding=2 but a pooling window of kernel_size=2 takes at most 1",
    ),
    "a word for a pool": (
        max_pool2d,
        ones((1, 1, 4, 4)),
        {"kernel_size": 2, "padding": "same"},
        r"padding must be an integer or one for each of 2 axes, but padding='same'",
    ),
    "output padding": (
        conv_transpose2d,
        ones((1, 1, 4, 4), (1, 1, 2, 2)),
        {"stride": 2, "output_padding": 2},
        r"output_padding=2 but it must be smaller than the stride or the dilation \(stride=2, dilation=1\)",
    ),
    "output padding of one axis": (
        conv_transpose2d,
        ones((1, 1, 4, 4), (1, 1, 2, 2)),
        {"stride": (3, 1), "output_padding": (2, 1)},
        r"output_padding=1 but it must be smaller than the stride or the dilation \(stride=1, dilation=1\)",
    ),
    "padding that leaves nothing": (
        conv_transpose2d,
        ones((1, 1, 2, 2), (1, 1, 2, 2)),
        {"padding": (0, 2)},
        r"padding=2 cuts all outputs off \(size=2, stride=1, the kernel covers 2\); take less padding",
    ),
    "a word for a transposed convolution": (
        conv_transpose2d,
        ones((1, 1, 2, 2), (1, 1, 2, 2)),
        {"padding": "same"},
        r"padding must be an integer or one for each of 2 axes, but padding='same'",
    ),
    "same with a stride": (
        conv2d,
        ones((1, 1, 4, 4), (1, 1, 3, 3)),
        {"padding": "same", "stride": (1, 2)},
        r'padding="same" keeps the size only at stride 1, but stride=2; give the zeros as a number',
    ),
    "another word": (
        conv2d,
        ones((1, 1, 4, 4), (1, 1, 3, 3)),
        {"padding": "full"},
        r"padding='full' but a word must be \"valid\" or \"same\"; or give a number",
    ),
    "a word for an unshared layer": (
        locally_connected2d,
        ones((1, 1, 4, 4), (1, 2, 2, 1, 3, 3)),
        {"padding": "full"},
        r"padding='full' but a word must be \"valid\" or \"same\"",
    ),
    "an output without size": (
        adaptive_avg_pool2d,
        ones((1, 1, 4, 4)),
        {"output_size": (2, 0)},
        r"output_size=\(2, 0\) but an output needs at least 1; give positive integers",
    ),
}


@pytest.mark.parametrize(("layer", "arrays", "options", "sentence"), SIZES.values(), ids=SIZES)
def test_sizes_and_options_that_do_not_fit(layer, arrays, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        layer(*arrays, **options)
    with pytest.raises(ValueError, match=sentence):
        EXAMPLES[layer.__name__].backward(np.ones((1, 1, 2, 2)), *arrays, **options)
