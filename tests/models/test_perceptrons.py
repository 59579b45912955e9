"""Multilayer perceptrons, the one that matches another network, and the count of parameters."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.models import lenet5, matching_perceptron, multilayer_perceptron, parameter_count
from tests.reference.refusals import assert_one_sentence


def test_a_perceptron_is_the_network_written_out():
    torch.manual_seed(0)
    model = multilayer_perceptron([6, 5, 4, 3], "tanh")
    torch.manual_seed(0)
    written_out = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3))
    x = torch.rand(7, 6)
    assert torch.equal(model(x), written_out(x))
    assert torch.equal(model(x), model(x.reshape(7, 1, 2, 3)))
    assert [name for name, _ in model.named_children()] == [
        *("flatten", "dense_1", "activation_1", "dense_2", "activation_2", "output")
    ]


def test_the_activation_is_relu_unless_another_one_is_named():
    assert isinstance(multilayer_perceptron([2, 3, 1]).activation_1, nn.ReLU)
    assert isinstance(multilayer_perceptron([2, 3, 1], "logistic").activation_1, nn.Sigmoid)
    assert parameter_count(multilayer_perceptron([2, 1])) == 3


@pytest.mark.parametrize(
    ("sizes", "activation", "error", "sentence"),
    [
        ([3], "relu", ValueError, r"sizes=\[3\] has 1 entries"),
        (5, "relu", TypeError, "sizes=5"),
        ("784", "relu", TypeError, "sizes='784'"),
        ([3, 0, 2], "relu", ValueError, "a size=0"),
        ([3, 2.5, 2], "relu", TypeError, r"a size=2\.5"),
        ([3, True, 2], "relu", TypeError, "a size=True"),
        ([3, 2, 2], "rleu", ValueError, "there is no such function; did you mean relu"),
        ([3, 2, 2], "sigmoid", ValueError, "did you mean logistic"),
    ],
)
def test_a_perceptron_refuses(sizes, activation, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        multilayer_perceptron(sizes, activation)
    assert_one_sentence(caught)


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 4000))
@settings(max_examples=60, deadline=None)
def test_no_other_width_comes_nearer(inputs, outputs, more):
    least = inputs + 1 + 2 * outputs
    found = matching_perceptron(least + more, inputs, outputs)
    units = found.dense_1.out_features
    distance = abs(parameter_count(found) - least - more)
    for other in {max(1, units - 1), units + 1}:
        count = parameter_count(multilayer_perceptron([inputs, other, outputs]))
        assert distance <= abs(count - least - more)


def test_a_perceptron_as_large_as_lenet():
    model = matching_perceptron(parameter_count(lenet5()), 784, 10, activation="tanh")
    assert model.dense_1.out_features == 78
    assert isinstance(model.activation_1, nn.Tanh)
    assert parameter_count(model) == 62_020  # LeNet has 61,706


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((805, 784, 10), None, ""),
        ((804, 784, 10), ValueError, "parameters=804 but one hidden unit .* takes 805"),
        ((1e5, 784, 10), TypeError, "parameters=100000"),
        ((True, 1, 1), TypeError, "parameters=True"),
        ((9999, 0, 10), ValueError, "inputs=0"),
        ((9999, 10, "3"), TypeError, "outputs='3'"),
    ],
)
def test_a_matching_perceptron_refuses(arguments, error, sentence):
    if error is None:
        assert parameter_count(matching_perceptron(*arguments)) == arguments[0]
        return
    with pytest.raises(error, match=sentence) as caught:
        matching_perceptron(*arguments)
    assert_one_sentence(caught)


def test_parameters_are_counted_once_and_frozen_ones_too():
    layer = nn.Linear(3, 2)
    layer.weight.requires_grad_(False)
    assert parameter_count(nn.Sequential(layer, nn.ReLU(), layer)) == 8
    assert parameter_count(nn.BatchNorm1d(3)) == 6  # its running statistics are no parameters
    with pytest.raises(TypeError, match="a torch module is expected; give a network") as caught:
        parameter_count([layer])
    assert_one_sentence(caught)
