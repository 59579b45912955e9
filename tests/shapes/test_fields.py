"""Receptive fields, against the inputs that have a gradient and those whose change changes an output."""

import random
from itertools import product

import pytest
import torch
from torch import nn

from course_utils.shapes import (
    Activation,
    AdaptivePool,
    Conv,
    ConvTranspose,
    Dense,
    Flatten,
    Pool,
    input_window,
    receptive_fields,
    receptive_fields_of,
    seen_inputs,
)
from course_utils.shapes.describing import describe
from tests.shapes.random_layers import FAMILIES

LINEAR = ["conv", "conv_transpose", "average_pool", "adaptive_pool"]  # no input hides behind a larger one


@pytest.fixture(autouse=True)
def one_thread():
    """Hold PyTorch to one thread: the layers are tiny, and threads only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def stack(seed, families):
    """Return a random stack of two to five layers with positive weights, and an input that fits it."""
    draw = random.Random(seed)
    axes = draw.choice([1, 2, 2])
    x = torch.ones((1, 2, *(draw.randint(8, 14) for _ in range(axes))), dtype=torch.float64)
    layers, shape, wanted = [], x, draw.randint(2, 5)
    while len(layers) < wanted:
        layer = FAMILIES[draw.choice(families)](draw, axes, shape.shape[1]).double()
        if "AdaptiveMax" in type(layer).__name__:
            continue
        try:
            shape = layer(shape)
        except RuntimeError:
            continue
        if all(size <= 20 for size in shape.shape[2:]):
            layers.append(layer)
        else:
            shape = nn.Sequential(*layers)(x)
    for layer in layers:
        for parameter in layer.parameters():
            nn.init.constant_(parameter, 0.5)
    return nn.Sequential(*layers), x


def places(shape):
    """List a few places of a map: its corners, and one inside."""
    return {*product(*({0, size - 1} for size in shape)), tuple(size // 2 for size in shape)}


def along_axes(reached):
    """List the places along each axis at which anything in a map of yes and no is yes."""
    reached = reached.flatten(0, 1).any(0)
    axes = range(reached.ndim)
    lines = (reached.any(tuple(set(axes) - {axis})) if reached.ndim > 1 else reached for axis in axes)
    return tuple(tuple(line.nonzero().flatten().tolist()) for line in lines)


def with_gradient(module, x, place):
    """Return where an output's gradient is not zero."""
    x = x.clone().requires_grad_(True)
    y = module(x)
    y[(0, slice(None), *place)].sum().backward()
    return x.grad != 0


def with_effect(module, x, place):
    """Return at which inputs a large value is seen by an output of a module without negative weights."""
    reached = torch.zeros_like(x, dtype=torch.bool)
    with torch.no_grad():
        still = module(x)[(0, slice(None), *place)]
        for index in product(*map(range, x.shape)):
            moved = x.clone()
            moved[index] = 1e6
            reached[index] = bool((module(moved)[(0, slice(None), *place)] != still).any())
    return reached


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
@pytest.mark.parametrize("seed", range(40))
def test_an_output_sees_the_inputs_that_have_a_gradient(seed):
    module, x = stack(seed, LINEAR)
    layers = [describe(layer) for layer in module]
    fields = receptive_fields(layers, x.shape[1:])
    assert_the_same(fields, receptive_fields_of(module, x))
    for depth in range(1, len(fields) + 1):
        part = module[:depth]
        assert fields[depth - 1].outputs == tuple(part(x).shape[2:])
        for place in places(fields[depth - 1].outputs):
            seen = along_axes(with_gradient(part, x, place))
            assert seen_inputs(fields[:depth], place) == seen
            edges = tuple((min(line), max(line) + 1) if line else (0, 0) for line in seen)
            assert input_window(fields[:depth], place) == edges


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
@pytest.mark.parametrize("seed", range(12))
def test_an_output_sees_the_inputs_whose_change_changes_it(seed):
    """Through max pooling a gradient shows only the largest input."""
    module, x = stack(seed, ["conv", "max_pool", "max_pool"])
    fields = receptive_fields([describe(layer) for layer in module], x.shape[1:])
    place = tuple(size // 2 for size in fields[-1].outputs)
    assert seen_inputs(fields, place) == along_axes(with_effect(module, torch.zeros_like(x), place))


@pytest.mark.parametrize("seed", range(20))
def test_size_step_and_offset_describe_every_window_in_the_middle(seed):
    """Far from the ends nothing is cut off, so the formula must give the exact window."""
    draw = random.Random(seed)
    options = [
        {"stride": draw.randint(1, 2), "padding": draw.randint(0, 2), "dilation": draw.randint(1, 2)}
        for _ in range(3)
    ]
    layers = [Conv(1, draw.randint(1, 4), **option) for option in options]
    layers.insert(2, Pool(2, stride=draw.randint(1, 2)))
    fields = receptive_fields(layers, (1, 400))
    for depth, field in enumerate(fields, start=1):
        for place in (field.outputs[0] // 2, field.outputs[0] // 2 + 1):
            start = field.offset[0] + place * field.step[0]
            assert input_window(fields[:depth], place) == ((start, start + field.size[0]),)


def test_a_stack_of_threes_sees_more_with_each_layer():
    fields = receptive_fields([Conv(4, 3, padding=1) for _ in range(3)], (1, 11, 9))
    assert [field.size for field in fields] == [(3, 3), (5, 5), (7, 7)]
    assert [field.offset for field in fields] == [(-1, -1), (-2, -2), (-3, -3)]
    assert [field.step for field in fields] == [(1, 1)] * 3
    assert input_window(fields, (5, 0)) == ((2, 9), (0, 4))
    assert [field.name for field in fields] == ["convolution 1", "convolution 2", "convolution 3"]


def test_strides_multiply_and_dilations_leave_gaps():
    fields = receptive_fields([Conv(1, 3, stride=2), Conv(1, 3, dilation=2, name="wide")], (1, 30))
    assert (fields[1].name, fields[1].size, fields[1].step, fields[1].offset) == ("wide", (11,), (2,), (0,))
    assert seen_inputs(fields, 1) == ((2, 3, 4, 6, 7, 8, 10, 11, 12),)
    assert seen_inputs(receptive_fields([Conv(1, 2, dilation=3)], (1, 9)), 4) == ((4, 7),)


def test_inputs_that_a_stride_leaves_over_are_seen_by_none():
    fields = receptive_fields([Conv(1, 2, stride=2), Conv(1, 3, padding=1)], (1, 7))
    assert input_window(fields, 2) == ((2, 6),)


def test_an_output_that_reads_nothing_but_padding_sees_nothing():
    fields = receptive_fields([Conv(1, 2, padding=3)], (1, 4))
    assert seen_inputs(fields, 0) == ((),)
    assert input_window(fields, 0) == ((0, 0),)


def test_after_a_dense_layer_everything_is_seen():
    layers = [
        Conv(2, 3, padding=1),
        Activation("relu"),
        Pool(2),
        Flatten(),
        Dense(5),
        Activation("relu"),
        Dense(2),
    ]
    fields = receptive_fields(layers, (1, 6, 8))
    assert [field.outputs for field in fields] == [(6, 8), (6, 8), (3, 4), (3, 4), (1, 1), (1, 1), (1, 1)]
    assert fields[3].size == fields[2].size == (4, 4)
    for field in fields[4:]:
        assert (field.size, field.step, field.offset) == ((6, 8), (0, 0), (0, 0))
    assert input_window(fields, 0) == ((0, 6), (0, 8))


def test_the_features_of_a_multilayer_perceptron_are_one_axis():
    fields = receptive_fields([Activation("relu"), Dense(30), Dense(10)], (784,))
    assert [(field.size, field.step, field.outputs) for field in fields] == [
        ((1,), (1,), (784,)),
        ((784,), (0,), (1,)),
        ((784,), (0,), (1,)),
    ]


def test_a_dense_layer_does_not_see_what_a_stride_leaves_over():
    fields = receptive_fields([Conv(1, 2, stride=3), Flatten(), Dense(1)], (1, 7))
    assert (fields[2].size, fields[2].offset) == ((5,), (0,))
    assert seen_inputs(fields, 0) == ((0, 1, 3, 4),)


def test_adaptive_pooling_sees_uneven_windows():
    fields = receptive_fields([AdaptivePool(3)], (1, 7))
    assert [input_window(fields, place) for place in range(3)] == [((0, 3),), ((2, 5),), ((4, 7),)]
    assert (fields[0].size, fields[0].step) == ((7,), (0,))
    (even,) = receptive_fields([AdaptivePool(3)], (1, 6))
    assert (even.size, even.step) == ((2,), (2,))
    (whole,) = receptive_fields([AdaptivePool(1)], (1, 6, 5))
    assert (whole.size, whole.step) == ((6, 5), (0, 0))


def test_a_transposed_convolution_sees_few_inputs_from_each_output():
    fields = receptive_fields([ConvTranspose(1, 3, stride=2)], (1, 4))
    assert [seen_inputs(fields, place)[0] for place in range(5)] == [(0,), (0,), (0, 1), (1,), (1, 2)]


class Residual(nn.Module):
    """Branches of different reach that meet in a sum, in channels side by side, and in a gate."""

    def __init__(self, downsample=1):
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3, padding=1, stride=downsample)
        self.second = nn.Conv2d(2, 2, (3, 5), padding=(1, 2))
        self.norm = nn.BatchNorm2d(2)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Conv2d(1, 2, 1, stride=downsample)
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.gate = nn.Conv2d(2, 2, 1)
        self.last = nn.Conv2d(4, 1, 3)

    def forward(self, x):
        h = self.relu(self.norm(self.second(torch.relu(self.first(x))))) + self.shortcut(x)
        gated = h * torch.sigmoid(self.gate(self.squeeze(self.first(x))))
        return self.last(torch.cat([h, gated], 1))


@pytest.mark.parametrize("downsample", [1, 2])
def test_branches_that_meet_see_what_any_of_them_sees(downsample):
    module = Residual(downsample).double()
    x = torch.ones(1, 1, 12, 14, dtype=torch.float64)
    fields = receptive_fields_of(module, x)
    names = [field.name for field in fields]
    assert names == ["first", "second", "norm", "relu", "shortcut", "first", "squeeze", "gate", "last"]
    assert fields[3].size == ((5, 7) if downsample == 1 else (7, 11))
    assert fields[3].step == fields[4].step == (downsample, downsample)
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.5)
    for place in places(fields[-1].outputs):
        assert seen_inputs(fields, place) == along_axes(with_gradient(module.eval(), x, place))


def test_a_sum_of_branches_has_the_field_of_the_widest():
    class Sum(nn.Module):
        def __init__(self):
            super().__init__()
            self.narrow, self.wide = nn.Conv1d(1, 1, 3, padding=1), nn.Conv1d(1, 1, 7, padding=3)
            self.last = nn.Conv1d(1, 1, 3)

        def forward(self, x):
            return self.last(self.narrow(x) + self.wide(x) + x)

    fields = receptive_fields_of(Sum(), torch.zeros(1, 1, 20))
    assert (fields[2].size, fields[2].offset, fields[2].step) == ((9,), (-3,), (1,))


def test_a_live_network_with_functions_between_its_layers_is_followed():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.pool, self.dense = nn.Conv2d(1, 2, 3), nn.MaxPool2d(2), nn.Linear(18, 2)

        def forward(self, x):
            return self.dense(torch.relu(self.pool(self.conv(x))).view(len(x), -1))

    described = [Conv(2, 3, name="conv"), Pool(2, name="pool"), Flatten(), Dense(2, name="dense")]
    fields = receptive_fields(described, (1, 8, 8))
    live = receptive_fields_of(Plain(), torch.zeros(2, 1, 8, 8))
    assert_the_same((*fields[:2], fields[3]), live, names=True)


def assert_the_same(fields, others, names=False):
    for field, other in zip(fields, others, strict=True):
        assert (field.size, field.step, field.offset) == (other.size, other.step, other.offset)
        assert (field.outputs, field.reaches) == (other.outputs, other.reaches)
        assert not names or field.name == other.name


def through(function, *, second=None, **options):
    """Return a network with a function between its two layers."""

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(1, 1, 3, **options)
            self.second = second or nn.Conv2d(1, 1, 3)

        def forward(self, x):
            return self.second(function(self.first(x)))

    return Network()


class Spread(nn.Module):
    """Adds an input of one place to maps with more."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(1, 1, 1, padding=1), nn.Conv1d(1, 1, 1)

    def forward(self, x):
        return self.second(self.first(x) + x)


IMAGE = torch.zeros(1, 1, 9, 9)
BAD = {
    "whole numbers": (
        nn.Conv2d(1, 1, 3),
        IMAGE.long(),
        TypeError,
        r"type torch.int64 but .* use x.float\(\)",
    ),
    "no tensor": (nn.Conv2d(1, 1, 3), "x", TypeError, "x is of type str but a tensor of"),
    "no module": ([Conv(1, 1)], IMAGE, TypeError, "a torch module is expected"),
    "a pooling function": (
        through(lambda x: nn.functional.max_pool2d(x, 2)),
        IMAGE,
        ValueError,
        "^second: it reads what the function MaxPool2DWithIndices made",
    ),
    "a product of matrices": (
        through(
            lambda x: torch.addmm(torch.zeros(5), x.flatten(1), torch.ones(49, 5)), second=nn.Linear(5, 1)
        ),
        IMAGE,
        ValueError,
        "the function Addmm made",
    ),
    "a slice": (through(lambda x: x[:, :, 1:, 1:]), IMAGE, ValueError, "the function Slice made"),
    "an input spread out": (
        Spread(),
        torch.zeros(1, 1, 1),
        ValueError,
        r"reads x of sizes \(1,\) spread to \(3,\)",
    ),
    "a mean": (
        through(lambda x: x.mean((2, 3)), second=nn.Linear(1, 1)),
        IMAGE,
        ValueError,
        "the function Mean",
    ),
    "a detached tensor": (through(lambda x: x.detach()), IMAGE, ValueError, "does not come from x through"),
    "axes that moved": (
        through(lambda x: x.view(1, 1, 49, 1), second=nn.Conv2d(1, 1, 1)),
        IMAGE,
        ValueError,
        r"reads shape \(1, 1, 49, 1\) but the layers before it have outputs \(7, 7\)",
    ),
    "an axis that went": (
        through(lambda x: x.view(1, 1, 49), second=nn.Conv1d(1, 1, 1)),
        IMAGE,
        ValueError,
        r"reads shape \(1, 1, 49\) but",
    ),
    "a padding of its own": (
        through(torch.relu, padding=1, padding_mode="circular"),
        IMAGE,
        ValueError,
        r"^first: it is not known which inputs Conv2d\(.* reads",
    ),
    "an unknown layer": (
        through(torch.relu, second=nn.Upsample(12)),
        IMAGE,
        ValueError,
        "it is not known which inputs Upsa",
    ),
    "a dense layer along an axis": (
        through(torch.relu, second=nn.Linear(7, 2)),
        IMAGE,
        ValueError,
        r"second: fully connected: the input has shape \(1, 7, 7\)",
    ),
}


@pytest.mark.parametrize(("module", "x", "error", "sentence"), BAD.values(), ids=BAD)
def test_what_cannot_be_followed_is_said_in_a_sentence(module, x, error, sentence):
    with pytest.raises(error, match=sentence):
        receptive_fields_of(module, x)


def test_without_a_graph_nothing_can_be_followed():
    with (
        torch.no_grad(),
        pytest.raises(ValueError, match=r"call receptive_fields_of outside torch.no_grad\(\)"),
    ):
        receptive_fields_of(nn.Conv2d(1, 1, 3), IMAGE)


FIELDS = receptive_fields([Conv(1, 3, name="C1"), Pool(2, name="P2")], (1, 8, 10))
BAD_PLACES = {
    "beyond the end": (FIELDS, (3, 1), ValueError, r"index=\(3, 1\) but P2 has \(3, 4\) outputs"),
    "negative": (FIELDS, -1, ValueError, "index=-1 but a layer needs at least 0"),
    "one number too many": (FIELDS, (1, 1, 1), ValueError, "has 3 entries but the input has 2 axes"),
    "no whole number": (FIELDS, 1.0, TypeError, "index must be an integer"),
    "without the first layer": (FIELDS[1:], 0, ValueError, "fields begins with P2, not with the first layer"),
    "one field alone": (FIELDS[0], 0, TypeError, "fields must be those that receptive_fields returned"),
    "no fields": ((), 0, TypeError, "at least one"),
    "layers": ([Conv(1, 3)], 0, TypeError, "fields must be those"),
}


@pytest.mark.parametrize("ask", [seen_inputs, input_window])
@pytest.mark.parametrize(("fields", "index", "error", "sentence"), BAD_PLACES.values(), ids=BAD_PLACES)
def test_a_place_that_is_none_is_refused(ask, fields, index, error, sentence):
    with pytest.raises(error, match=sentence):
        ask(fields, index)
