"""Bad input: one sentence that names the layer and the numbers."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.shapes import (
    AdaptivePool,
    Conv,
    ConvTranspose,
    Dense,
    Flatten,
    LayerCount,
    LocallyConnected,
    Normalisation,
    Pool,
    Tiled,
    count_conv_maps,
    count_dense_maps,
    count_network,
    receptive_fields,
)

OPTIONS = {  # refused as soon as the layer is described
    "stride 0": (
        lambda: Conv(6, 5, stride=0, name="C1"),
        ValueError,
        "^C1: stride=0 but a layer needs at least 1",
    ),
    "stride -1": (lambda: Conv(6, 5, stride=-1), ValueError, "^convolution: stride=-1 but a layer needs"),
    "stride of one axis 0": (lambda: Conv(6, 5, stride=(1, 0)), ValueError, "stride=0 but"),
    "stride True": (lambda: Conv(6, 5, stride=True), TypeError, "stride must be an integer, but stride=True"),
    "stride 1.0": (lambda: Conv(6, 5, stride=1.0), TypeError, "stride must be an integer, but stride=1.0"),
    "kernel 0": (lambda: Conv(6, 0), ValueError, "kernel_size=0 but a layer needs at least 1"),
    "kernel True": (lambda: Conv(6, (3, True)), TypeError, "kernel_size must be an integer"),
    "channels 0": (lambda: Conv(0, 5), ValueError, "out_channels=0 but a layer needs at least 1"),
    "channels 6.0": (lambda: Conv(6.0, 5), TypeError, "out_channels must be an integer"),
    "dilation 0": (lambda: Conv(6, 5, dilation=0), ValueError, "dilation=0 but"),
    "padding -1": (lambda: Conv(6, 5, padding=-1), ValueError, "padding=-1 but a layer needs at least 0"),
    "padding None": (lambda: Conv(6, 5, padding=None), TypeError, "padding must be an integer"),
    "padding full": (lambda: Conv(6, 5, padding="full"), ValueError, '"valid" or "same"'),
    "groups 0": (lambda: Conv(6, 5, groups=0), ValueError, "groups=0 but a layer needs at least 1"),
    "groups that do not divide the maps": (
        lambda: Conv(6, 5, groups=4, name="C2"),
        ValueError,
        "^C2: groups=4 do not divide out_channels=6",
    ),
    "bias 1": (lambda: Conv(6, 5, bias=1), TypeError, "bias must be True or False, but bias=1"),
    "a bias that a locally connected layer has not": (
        lambda: LocallyConnected(1, 3, bias="tile"),
        ValueError,
        "^locally connected: bias='tile' but it must be True, False or one of location, channel",
    ),
    "a bias that a tiled layer has not": (
        lambda: Tiled(1, 3, 2, bias="map"),
        ValueError,
        "bias='map' but it must be True, False or one of location, tile, channel",
    ),
    "a tile of 0": (lambda: Tiled(1, 3, (2, 0)), ValueError, "^tiled convolution: tile=0 but"),
    "transposed padding of a word": (
        lambda: ConvTranspose(1, 3, padding="same"),
        TypeError,
        "padding must be an int",
    ),
    "transposed output padding -1": (
        lambda: ConvTranspose(1, 3, output_padding=-1),
        ValueError,
        "^transposed convolution: output_padding=-1 but",
    ),
    "transposed groups": (
        lambda: ConvTranspose(3, 3, groups=2),
        ValueError,
        "groups=2 do not divide out_channels=3",
    ),
    "transposed bias": (lambda: ConvTranspose(3, 3, bias="channel"), TypeError, "bias must be True or False"),
    "pooling window 0": (lambda: Pool(0, name="S2"), ValueError, "^S2: kernel_size=0 but"),
    "pooling stride 0": (lambda: Pool(2, stride=0), ValueError, "^max pooling: stride=0 but"),
    "pooling padding -1": (lambda: Pool(2, padding=-1), ValueError, "padding=-1 but"),
    "pooling dilation 0": (lambda: Pool(2, dilation=0), ValueError, "dilation=0 but"),
    "pooling ceil_mode": (lambda: Pool(2, ceil_mode=1), TypeError, "ceil_mode must be True or False"),
    "a kind of pooling": (
        lambda: Pool(2, kind="mean"),
        ValueError,
        "kind='mean' is not known; give one of max, av",
    ),
    "a kind of adaptive pooling": (
        lambda: AdaptivePool(2, kind="mean"),
        ValueError,
        "^adaptive pooling: kind='mean'",
    ),
    "adaptive size 0": (lambda: AdaptivePool((2, 0)), ValueError, "output_size=0 but"),
    "units 0": (lambda: Dense(0, name="F5"), ValueError, "^F5: outputs=0 but a layer needs at least 1"),
    "units True": (lambda: Dense(True), TypeError, "^fully connected: outputs must be an integer"),
    "units with a bias of 1": (lambda: Dense(3, bias=1), TypeError, "bias must be True or False"),
    "affine 1": (
        lambda: Normalisation(affine=1),
        TypeError,
        "^batch normalisation: affine must be True or False",
    ),
    "formula with height 0": (lambda: count_dense_maps(0, 2, 1, 1), ValueError, "height=0 but"),
    "formula with channels 1.5": (lambda: count_conv_maps(2, 2, 1.5, 1, 3), TypeError, "in_channels must be"),
    "formula with a kernel of three": (
        lambda: count_conv_maps(2, 2, 1, 1, (3, 3, 3)),
        ValueError,
        "has 3 entries but the input has 2 axes",
    ),
}


@pytest.mark.parametrize(("describe", "error", "sentence"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_fits_nothing_is_refused_at_once(describe, error, sentence):
    with pytest.raises(error, match=sentence):
        describe()


NETWORKS = {  # refused with the place of the layer
    "kernel larger than the padded input": (
        [Conv(6, 5, name="C1"), Conv(6, 7, padding=1, name="C3")],
        (1, 8, 8),
        ValueError,
        r"^layer 2, C3: the kernel covers 7 inputs but the padded input has 6 \(size=4, padding 1 and 1",
    ),
    "window larger than the input": (
        [Pool(3)],
        (1, 2, 9),
        ValueError,
        "^layer 1, max pooling: .* covers 3 inputs",
    ),
    "channels that groups do not divide": (
        [Conv(6, 3, groups=3)],
        (4, 8, 8),
        ValueError,
        "^layer 1, convolution: groups=3 do not divide in_channels=4",
    ),
    "transposed channels that groups do not divide": (
        [ConvTranspose(6, 3, groups=3)],
        (4, 8, 8),
        ValueError,
        "groups=3 do not divide in_channels=4",
    ),
    "dense without flatten": (
        [Conv(6, 5), Dense(10, name="F5")],
        (1, 8, 8),
        ValueError,
        r"^layer 2, F5: the input has shape \(6, 4, 4\) but a fully connected layer reads .*; put Flatten",
    ),
    "convolution after flatten": (
        [Flatten(), Conv(6, 5)],
        (1, 8, 8),
        ValueError,
        r"^layer 2, convolution: the input has shape \(64,\) but",
    ),
    "four axes": ([Pool(1)], (1, 2, 2, 2, 2), ValueError, "with one to three sizes"),
    "two entries for one axis": (
        [Conv(1, (3, 3))],
        (1, 9),
        ValueError,
        r"kernel_size=\(3, 3\) has 2 entries but",
    ),
    "two paddings for one axis": (
        [Conv(1, 3, padding=(1, 2))],
        (1, 9),
        ValueError,
        r"padding=\(1, 2\) has 2 entries",
    ),
    "two strides for three axes": (
        [Conv(1, 1, stride=(1, 2))],
        (1, 2, 2, 2),
        ValueError,
        "stride=.* has 2 entries",
    ),
    "same with a stride": ([Conv(1, 3, padding="same", stride=2)], (1, 9), ValueError, "only at stride 1"),
    "tile larger than the output": (
        [Tiled(1, 3, (2, 4))],
        (1, 5, 5),
        ValueError,
        "a tile of 4 locations is larger than the output with 3",
    ),
    "pooling padded too far": ([Pool(2, padding=2)], (1, 8), ValueError, "padding=2 but a pooling window"),
    "input without sizes": ([Conv(1, 1)], (), ValueError, "input_shape is empty"),
    "input with an empty axis": ([Conv(1, 1)], (1, 0, 5), ValueError, "a size of input_shape=0 but"),
    "input of floats": ([Conv(1, 1)], (1, 5.0), TypeError, "a size of input_shape must be an integer"),
    "input of booleans": ([Conv(1, 1)], (True, 5), TypeError, "a size of input_shape must be an integer"),
    "input that is a number": (
        [Conv(1, 1)],
        784,
        TypeError,
        "input_shape must be a tuple of sizes, but input_shape=784",
    ),
    "input that is a word": ([Conv(1, 1)], "28", TypeError, "input_shape must be a tuple of sizes"),
    "one layer without a list": (Conv(1, 1), (1, 5), TypeError, "layers must be a list of descriptions"),
    "a live module": (nn.Conv2d(1, 1, 1), (1, 5, 5), TypeError, "layers must be a list of descriptions"),
    "a live layer": ([nn.ReLU()], (1, 5), TypeError, r"layer 1 is ReLU\(\) but a description is expected"),
    "a class": ([Flatten], (1, 5), TypeError, "layer 1 is <class"),
    "numbers": ([784, 30], (784,), TypeError, "layer 1 is 784 but a description is expected"),
}


@pytest.mark.parametrize("compute", [count_network, receptive_fields])
@pytest.mark.parametrize(("layers", "shape", "error", "sentence"), NETWORKS.values(), ids=NETWORKS)
def test_a_network_that_does_not_fit_is_refused_with_the_layer(compute, layers, shape, error, sentence):
    with pytest.raises(error, match=sentence):
        compute(layers, shape)


def test_a_sentence_stands_alone_on_a_layer_too():
    with pytest.raises(ValueError, match=r"^C1: the kernel covers 5 inputs but the padded input has 4"):
        Conv(6, 5, name="C1").count((1, 4, 4))


def test_integers_of_numpy_and_shapes_of_torch_count_as_integers():
    layer = Conv(np.int64(6), np.int32(5), stride=np.int8(1), padding=(np.int64(2), 2))
    count = layer.count(torch.zeros(1, 28, 28).shape)
    assert count == LayerCount(4704, 150, 6, 117_600)
    assert all(
        type(number) is int for number in (count.units, count.weights, count.biases, count.connections)
    )
    pool = Pool(np.int64(2), stride=np.int64(2)).count(np.array([6, 28, 28]))
    assert type(pool.connections) is int
    assert pool.connections == 4704


def test_a_description_cannot_be_changed():
    with pytest.raises(AttributeError):
        Conv(6, 5).stride = 2
    assert {Conv(6, 5), Conv(6, 5)} == {Conv(6, 5)}
