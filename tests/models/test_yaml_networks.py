"""Networks in YAML: equal to those written in Python, and to what is written of them."""

import dataclasses

import pytest
import torch
from torch import nn

from course_utils.models import (
    build_network,
    describe_network,
    network_from_yaml,
    network_to_yaml,
    read_network,
)

TEXT = """
# the workshop's network, without its names
input: [1, 28, 28]
layers:
  - conv: {maps: 10, kernel: 9}
  - max_pool: 2
  - activation: tanh
  - conv:
      maps: 10
      kernel: [5, 5]
      name: second
  - max_pool: {size: 2, stride: 2}
  - batch_norm
  - activation: tanh
  - flatten
  - dropout: 0.5
  - dense: 20
  - activation: {function: tanh, name: hidden}
  - dense: {units: 10, bias: false, name: output}
"""
SHORT = """\
input: [1, 28, 28]
layers:
  - conv: {maps: 10, kernel: 9}
  - max_pool: 2
  - activation: tanh
  - conv: {maps: 10, kernel: [5, 5], name: second}
  - max_pool: 2
  - batch_norm
  - activation: tanh
  - flatten
  - dropout: 0.5
  - dense: 20
  - activation: {function: tanh, name: hidden}
  - dense: {units: 10, bias: false, name: output}
"""


def written_in_python():
    return nn.Sequential(
        *(nn.Conv2d(1, 10, 9), nn.MaxPool2d(2), nn.Tanh()),
        *(nn.Conv2d(10, 10, 5), nn.MaxPool2d(2), nn.BatchNorm2d(10), nn.Tanh(), nn.Flatten()),
        *(nn.Dropout(0.5), nn.Linear(90, 20), nn.Tanh(), nn.Linear(20, 10, bias=False)),
    )


def run(make, *, training):
    """Return the parameters of a network that is made after a fixed seed, and what it puts out."""
    torch.manual_seed(7)
    model = make().train(training)
    x = torch.linspace(-1, 1, 3 * 784).reshape(3, 1, 28, 28)
    torch.manual_seed(8)  # for dropout
    return list(model.parameters()), model(x)


@pytest.mark.parametrize("training", [True, False])
def test_a_network_from_yaml_is_the_network_written_in_python(training):
    parameters, y = run(lambda: network_from_yaml(TEXT), training=training)
    expected, y_expected = run(written_in_python, training=training)
    assert len(parameters) == len(expected) == 9
    assert all(torch.equal(ours, other) for ours, other in zip(parameters, expected, strict=True))
    assert torch.equal(y, y_expected)
    assert y.std() > 0


def test_layers_go_by_their_name_or_by_their_kind_and_place():
    names = [name for name, _ in network_from_yaml(TEXT).named_children()]
    assert names == [
        *("conv_1", "max_pool_2", "activation_3", "second", "max_pool_5", "batch_norm_6", "activation_7"),
        *("flatten_8", "dropout_9", "dense_10", "hidden", "output"),
    ]


def test_a_description_is_a_value():
    description = read_network(TEXT)
    assert description == read_network(TEXT)
    assert len({description, read_network(TEXT)}) == 1
    assert description != read_network(TEXT.replace("tanh", "relu"))
    assert description.input_shape == (1, 28, 28)
    assert description.shapes[:5] == ((10, 20, 20), (10, 10, 10), (10, 10, 10), (10, 6, 6), (10, 3, 3))
    assert description.layers[0].options == (
        *(("maps", 10), ("kernel", 9), ("stride", 1), ("padding", 0), ("dilation", 1)),
        *(("groups", 1), ("bias", True)),
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        description.input_shape = (1,)


def test_what_is_written_is_short_and_reads_as_the_same_description():
    description = read_network(TEXT)
    assert network_to_yaml(description) == SHORT
    assert read_network(SHORT) == description


def test_words_that_yaml_takes_for_something_else_are_written_in_quotes():
    description = describe_network(4, [("on", "dense", {"units": 3}), ("null", "dense", {"units": 2})])
    assert read_network(network_to_yaml(description)) == description
    assert network_to_yaml(description).startswith("input: 4\n")


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("ending", [".yaml", ".yml"])
def test_a_file_is_read_by_its_path(tmp_path, as_text, ending):
    path = tmp_path / f"network{ending}"
    path.write_text(TEXT, encoding="utf-8")
    assert read_network(str(path) if as_text else path) == read_network(TEXT)


def test_what_an_alias_repeats_is_a_further_layer_with_weights_of_its_own():
    model = network_from_yaml("input: 3\nlayers: [&hidden {dense: 3}, *hidden]")
    assert not torch.equal(model[0].weight, model[1].weight)


@pytest.mark.parametrize(
    ("layer", "module"),
    [
        ("activation: identity", nn.Identity),
        ("activation: relu", nn.ReLU),
        ("activation: softplus", nn.Softplus),
        ("activation: logistic", nn.Sigmoid),
        ("activation: tanh", nn.Tanh),
        ("activation: leaky_relu", nn.LeakyReLU),
        ("activation: elu", nn.ELU),
        ("activation: gelu", nn.GELU),
        ("activation: silu", nn.SiLU),
        ("average_pool: 2", nn.AvgPool1d),
        ("conv: {maps: 2, kernel: 3}", nn.Conv1d),
        ("batch_norm", nn.BatchNorm1d),
        ("dropout: 0.25", nn.Dropout),
    ],
)
def test_each_kind_makes_the_layer_of_torch(layer, module):
    (made,) = network_from_yaml(f"input: [3, 8]\nlayers:\n  - {layer}\n")
    assert type(made) is module


def test_options_reach_the_layer():
    conv, norm, pool, flatten, drop, second = network_from_yaml(
        """
        input: [2, 16, 20]
        layers:
          - conv: {maps: 4, kernel: [3, 5], stride: [2, 1], padding: [1, 2], dilation: [1, 2],
                   groups: 2, bias: false}
          - batch_norm: {momentum: 0.2, epsilon: 1.0e-3}
          - max_pool: {size: 3, stride: 2, padding: 1}
          - flatten
          - dropout: {rate: 0.2}
          - batch_norm: 0.3
        """
    )
    assert (conv.kernel_size, conv.stride, conv.padding, conv.dilation) == ((3, 5), (2, 1), (1, 2), (1, 2))
    assert (conv.groups, conv.bias, norm.momentum, norm.eps) == (2, None, 0.2, 1e-3)
    assert (pool.kernel_size, pool.stride, pool.padding) == (3, 2, 1)
    assert (flatten.start_dim, drop.p, second.momentum, second.num_features) == (1, 0.2, 0.3, 4 * 4 * 8)


def test_only_a_description_is_built_and_written():
    for use in (build_network, network_to_yaml):
        with pytest.raises(TypeError, match="a NetworkDescription is expected; make one with read_network"):
            use(TEXT)
