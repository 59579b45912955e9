"""LeNet-5 as the deck counts it, and the workshop's network as it is given."""

import pytest
import torch
from torch import nn

from course_utils.models import activations_of, lenet5, parameter_count, workshop_network
from course_utils.shapes import count_module, total
from tests.reference.refusals import assert_one_sentence

# Toronto CSC 2515, sizes of layers in LeNet: units, connections, weights without biases
DECK = {
    "c1": (4704, 117_600, 150),
    "s2": (1176, 4704, 0),
    "c3": (1600, 240_000, 2400),
    "s4": (400, 1600, 0),
    "f5": (120, 48_000, 48_000),
    "f6": (84, 10_080, 10_080),
    "output": (10, 840, 840),
}
LENET_LAYERS = [
    *("c1", "c1_activation", "s2", "c3", "c3_activation", "s4", "flatten"),
    *("f5", "f5_activation", "f6", "f6_activation", "output"),
]


def counted(model, size=28):
    return {row.name: row for row in count_module(model, torch.zeros(1, 1, size, size))}


@pytest.mark.parametrize("size", [28, 32])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("pooling", ["average", "max"])
def test_lenet_has_the_sizes_of_the_deck(size, activation, pooling):
    rows = counted(lenet5(input_size=size, activation=activation, pooling=pooling), size)
    assert list(rows) == LENET_LAYERS
    for name, sizes in DECK.items():
        assert (rows[name].units, rows[name].connections, rows[name].weights) == sizes
    assert sum(row.connections for name, row in rows.items() if name not in DECK) == 0
    assert total(rows.values()).biases == 6 + 16 + 120 + 84 + 10


def test_lenet_computes_what_the_network_written_out_does():
    torch.manual_seed(3)
    model = lenet5()
    torch.manual_seed(3)
    written_out = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )
    x = torch.rand(4, 1, 28, 28)
    assert torch.equal(model(x), written_out(x))
    assert model(x).std() > 0


def test_options_of_lenet_change_what_they_name():
    model = lenet5(7, activation="relu", pooling="max", width=0.5)
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 7)
    assert isinstance(model.c3_activation, nn.ReLU)
    assert isinstance(model.s4, nn.MaxPool2d)
    assert [model.c1.out_channels, model.c3.out_channels] == [3, 8]
    assert [model.f5.out_features, model.f6.out_features] == [60, 42]
    assert lenet5(width=0.01).c1.out_channels == 1


@pytest.mark.parametrize("size", [12, 13, 16, 31, 32, 33, 64])
def test_lenet_reads_other_sizes(size):
    assert lenet5(input_size=size)(torch.zeros(2, 1, size, size)).shape == (2, 10)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"classes": 0}, ValueError, "classes=0"),
        ({"classes": 2.0}, TypeError, r"classes=2\.0"),
        ({"input_size": 11}, ValueError, "input_size=11 but a number from 12"),
        ({"input_size": "28"}, TypeError, "input_size='28'"),
        ({"input_size": -1}, ValueError, "input_size=-1"),
        ({"width": 0}, ValueError, "width=0"),
        ({"width": float("nan")}, ValueError, "width=nan"),
        ({"width": True}, TypeError, "width=True"),
        ({"width": "1"}, TypeError, "width='1'"),
        ({"activation": "gelu"}, ValueError, "activation='gelu' but it must be one of tanh, relu"),
        ({"pooling": "mean"}, ValueError, "pooling='mean' but it must be one of average, max"),
    ],
)
def test_lenet_refuses(options, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        lenet5(**options)
    assert_one_sentence(caught)


def test_the_workshop_network_is_the_one_that_is_given():
    model = workshop_network()
    sizes = {name: tuple(y.shape[1:]) for name, y in activations_of(model, torch.zeros(2, 1, 28, 28)).items()}
    assert sizes["c1"] == (10, 20, 20)
    assert sizes["s2"] == (10, 10, 10)
    assert sizes["c3"] == (10, 6, 6)
    assert sizes["s4"] == (10, 3, 3)
    assert sizes["f5"] == (20,)
    assert sizes["output"] == (10,)
    assert [type(model[name]) for name in (1, 4, 8)] == [nn.MaxPool2d, nn.MaxPool2d, nn.Tanh]
    assert (model.c1.kernel_size, model.c3.kernel_size) == ((9, 9), (5, 5))
    assert parameter_count(model) == 10 * 82 + 10 * 251 + 20 * 91 + 10 * 21


def test_tanh_after_max_pooling_is_tanh_before_it():
    model = workshop_network()
    outputs = activations_of(model, torch.rand(3, 1, 28, 28))
    before = nn.functional.max_pool2d(torch.tanh(outputs["c1"]), 2)
    torch.testing.assert_close(outputs["s2_activation"], before)


@pytest.mark.parametrize("factory", [lenet5, workshop_network])
def test_weights_follow_the_global_seed(factory):
    def made(seed):
        torch.manual_seed(seed)
        return torch.cat([parameter.flatten() for parameter in factory().parameters()])

    assert torch.equal(made(0), made(0))
    assert not torch.equal(made(0), made(1))


@pytest.mark.parametrize("factory", [lenet5, workshop_network])
def test_every_parameter_gets_a_gradient(factory):
    model = factory()
    nn.functional.cross_entropy(model(torch.rand(8, 1, 28, 28)), torch.arange(8)).backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in model.parameters())
