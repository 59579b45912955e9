"""Shapes and counts of described layers, against PyTorch on random options and against loops."""

from itertools import product

import pytest
import torch
from torch import nn

from course_utils.shapes import (
    AdaptivePool,
    Conv,
    ConvTranspose,
    LayerCount,
    LocallyConnected,
    Pool,
    Tiled,
)
from course_utils.shapes.describing import describe
from tests.shapes.random_layers import FAMILIES, drawn

SEEDS = range(60)
FITTING = 25  # of a family's seeds, at least; so that the layers which do not fit stay the exception


@pytest.fixture(autouse=True)
def one_thread():
    """Hold PyTorch to one thread: the layers are tiny, and threads only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def described(layer, x):
    """Return the shape that a description computes, or None where it says that the layer does not fit."""
    try:
        return describe(layer).output_shape(x.shape[1:])
    except ValueError:
        return None


def computed(layer, x):
    """Return the shape that PyTorch computes, or None where it refuses."""
    try:
        return tuple(layer(x).shape[1:])
    except RuntimeError:
        return None


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
def test_shapes_and_parameters_are_those_of_torch_and_so_are_the_refusals(family):
    fitting = 0
    for seed in SEEDS:
        layer, x = drawn(family, seed)
        shape = computed(layer, x)
        assert described(layer, x) == shape, (seed, layer, x.shape)
        if shape is None:
            continue
        fitting += 1
        count = describe(layer).count(x.shape[1:])
        assert count.units == layer(x)[0].numel()
        assert count.weights == (layer.weight.numel() if hasattr(layer, "weight") else 0)
        assert count.biases == (0 if getattr(layer, "bias", None) is None else layer.bias.numel())
    assert fitting >= FITTING


@pytest.mark.parametrize("family", ["conv", "conv_transpose", "dense"])
def test_connections_are_the_ones_that_a_layer_of_ones_adds_up(family):
    """With every weight and every input 1, each connection adds 1 to the sum of the outputs."""
    for seed in SEEDS:
        layer, x = drawn(family, seed)
        if computed(layer, x) is None:
            continue
        connections = describe(layer).count(x.shape[1:]).connections
        for name, parameter in layer.named_parameters():
            nn.init.constant_(parameter, float(name == "weight"))
        if family == "conv":  # zeros of the padding count as inputs
            x = nn.functional.pad(x, padded_ends(layer), value=1.0)
        if family != "dense":  # of a transposed layer, what is cut off is computed before
            layer.padding = layer.output_padding = (0,) * (x.ndim - 2)
        assert layer(x)[0].sum().item() == connections, (seed, layer, x.shape)


def padded_ends(layer):
    """List the zeros at both ends of each axis, the last axis first, for torch.nn.functional.pad."""
    if layer.padding == "valid":
        return (0, 0) * len(layer.kernel_size)
    if layer.padding == "same":
        return layer._reversed_padding_repeated_twice
    return tuple(zeros for padding in reversed(layer.padding) for zeros in (padding, padding))


@pytest.mark.parametrize("family", ["average_pool", "lp_pool", "adaptive_pool"])
def test_connections_of_pooling_are_the_entries_of_its_jacobian(family):
    tried = 0
    for seed in SEEDS:
        layer, x = drawn(family, seed)
        whole = getattr(layer, "padding", 0) in (0, (0,) * (x.ndim - 2)) and not getattr(
            layer, "ceil_mode", False
        )
        averages = "Max" not in type(layer).__name__
        if computed(layer, x) is None or not whole or not averages or x[0].numel() > 300:
            continue
        tried += 1
        jacobian = torch.autograd.functional.jacobian(lambda one, layer=layer: layer(one[None])[0], x[0])
        count = describe(layer).count(x.shape[1:])
        assert (count.connections, count.multiply_adds) == (jacobian.count_nonzero().item(), 0), (seed, layer)
    assert tried >= 3


def test_windows_of_pooling_are_counted_whole_beyond_the_end():
    assert Pool(2, ceil_mode=True).count((1, 5)).connections == 3 * 2
    assert Pool((3, 2), stride=2, padding=1).count((4, 5, 6)).connections == 4 * (3 * 4) * (3 * 2)


@pytest.mark.parametrize("tile", [(1, 1), (2, 1), (2, 3), (4, 3)])
@pytest.mark.parametrize("bias", ["location", "tile", "channel", False])
def test_a_tiled_layer_is_counted_weight_by_weight(tile, bias):
    layer = Tiled(2, (3, 2), tile, stride=(1, 2), padding=(1, 0), bias=bias)
    assert layer.output_shape((3, 4, 6)) == (2, 4, 3)
    weights, biases, connections = set(), set(), 0
    for channel, row, column in product(range(2), range(4), range(3)):
        place = (row % tile[0], column % tile[1])
        for tap in product(range(3), range(3), range(2)):
            weights.add((channel, *place, *tap))
            connections += 1
        if bias:
            biases.add(
                {"location": (channel, row, column), "tile": (channel, *place), "channel": channel}[bias]
            )
    assert layer.count((3, 4, 6)) == LayerCount(24, len(weights), len(biases), connections)


def test_tiles_of_one_are_a_convolution_and_tiles_of_all_are_locally_connected():
    shape, window = (3, 7, 9), {"kernel_size": (3, 2), "stride": 2, "dilation": 2}
    conv = Conv(4, **window)
    locations = conv.output_shape(shape)[1:]
    assert Tiled(4, tile=1, **window).count(shape) == conv.count(shape)
    assert Tiled(4, tile=locations, **window).count(shape) == LocallyConnected(4, **window).count(shape)


def test_the_three_kinds_of_bias_of_the_dgist_deck():
    """One a location, one a tile, one a channel: 2 maps of 4 x 6 with tiles of 2 x 3."""
    shape = (1, 6, 8)
    assert LocallyConnected(2, 3).count(shape).biases == 2 * 4 * 6
    assert Tiled(2, 3, (2, 3)).count(shape).biases == 2 * 2 * 3
    assert Conv(2, 3).count(shape).biases == 2
    assert LocallyConnected(2, 3, bias="channel").count(shape).biases == 2
    assert LocallyConnected(2, 3, bias=True).count(shape) == LocallyConnected(2, 3).count(shape)
    assert LocallyConnected(2, 3, bias=False).count(shape).biases == 0


def test_the_same_layer_reads_signals_images_and_volumes():
    layer = Conv(5, 3, padding=1)
    for shape in [(2, 8), (2, 8, 9), (2, 8, 9, 4)]:
        assert layer.output_shape(shape) == (5, *shape[1:])
        assert layer.count(shape).weights == 5 * 2 * 3 ** (len(shape) - 1)


def test_each_axis_may_have_its_own_padding_at_each_end():
    layer = Conv(1, 2, padding=((1, 0), (2, 3)))
    padded = nn.functional.pad(torch.zeros(1, 1, 4, 5), (2, 3, 1, 0))
    assert layer.output_shape((1, 4, 5)) == tuple(nn.Conv2d(1, 1, 2)(padded).shape[1:])


def test_adaptive_pooling_may_keep_a_size():
    assert AdaptivePool((None, 2)).output_shape((3, 7, 5)) == (3, 7, 2)
    assert AdaptivePool(None).output_shape((3, 7, 5)) == (3, 7, 5)


def test_layers_say_what_they_are():
    layers = [
        Conv(1, 1),
        LocallyConnected(1, 1),
        Tiled(1, 1, 1),
        ConvTranspose(1, 1),
        Pool(1),
        AdaptivePool(1),
    ]
    assert [layer.what for layer in layers] == [
        "convolution",
        "locally connected",
        "tiled convolution",
        "transposed convolution",
        "max pooling",
        "adaptive average pooling",
    ]
    assert [layer.label for layer in (Conv(1, 1), Conv(1, 1, name="C1"))] == ["convolution", "C1"]
