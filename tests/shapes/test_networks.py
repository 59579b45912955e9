"""Tables of whole networks: the decks' own numbers."""

import pytest
import torch
from torch import nn

from course_utils.shapes import (
    Activation,
    Conv,
    Dense,
    Flatten,
    LayerCount,
    LocallyConnected,
    Normalisation,
    Pool,
    count_conv_maps,
    count_dense,
    count_dense_maps,
    count_module,
    count_network,
    table,
    total,
)

LENET = {  # M04, the Toronto deck's table: units, connections, weights
    "C1": (4704, 117_600, 150),
    "S2": (1176, 4704, 0),
    "C3": (1600, 240_000, 2400),
    "S4": (400, 1600, 0),
    "F5": (120, 48_000, 48_000),
    "F6": (84, 10_080, 10_080),
    "output": (10, 840, 840),
}


def lenet(padding):
    return [
        Conv(6, 5, padding=padding, name="C1"),
        Activation("tanh"),
        Pool(2, kind="average", name="S2"),
        Conv(16, 5, name="C3"),
        Pool(2, kind="average", name="S4"),
        Flatten(),
        Dense(120, name="F5"),
        Dense(84, name="F6"),
        Dense(10, name="output"),
    ]


@pytest.mark.parametrize(("padding", "size"), [(2, 28), (0, 32), ("same", 28)])
def test_lenet_comes_out_as_in_the_toronto_deck(padding, size):
    rows = count_network(lenet(padding), (1, size, size))
    found = {row.name: (row.units, row.connections, row.weights) for row in rows if row.connections}
    assert found == LENET
    assert total(rows).units == sum(units for units, _, _ in LENET.values())
    assert total(rows).biases == 6 + 16 + 120 + 84 + 10


ALEXNET = [  # Krizhevsky, Sutskever and Hinton (2012), with the groups of its two devices
    Conv(96, 11, stride=4),
    Pool(3, stride=2),
    Conv(256, 5, padding=2, groups=2),
    Pool(3, stride=2),
    Conv(384, 3, padding=1),
    Conv(384, 3, padding=1, groups=2),
    Conv(256, 3, padding=1, groups=2),
    Pool(3, stride=2),
    Flatten(),
    Dense(4096),
    Dense(4096),
    Dense(1000),
]


def test_alexnet_has_60_965_224_parameters():
    rows = count_network(ALEXNET, (3, 227, 227))
    assert total(rows).parameters == 60_965_224
    assert rows[7].output_shape == (256, 6, 6)
    first = nn.Conv2d(3, 96, 11, stride=4)
    assert rows[0].parameters == sum(parameter.numel() for parameter in first.parameters())


def test_the_40_000_units_of_the_toronto_deck():
    """L03: fully connected 1.6 billion weights, locally connected 4 million, shared 10 thousand."""
    assert count_dense(200 * 200, 40_000).weights == 1_600_000_000
    local = LocallyConnected(1, 10, padding="same", bias=False)
    (row,) = count_network([local], (1, 200, 200))
    assert (row.units, row.parameters) == (40_000, 4_000_000)
    assert Conv(100, 10, bias=False).count((1, 200, 200)).parameters == 10_000


def test_the_20_feature_maps_of_the_yale_deck():
    """L04: 520 parameters shared, 23,550 fully connected."""
    assert Conv(20, 5).count((1, 28, 28)).parameters == 520
    assert total(count_network([Flatten(), Dense(30)], (1, 28, 28))).parameters == 23_550


def test_the_formulas_of_the_toronto_deck():
    height, width, in_channels, out_channels, kernel = 5, 7, 3, 4, 3
    full = count_dense_maps(height, width, in_channels, out_channels)
    assert full == Dense(4 * 5 * 7).count((3 * 5 * 7,))
    assert (full.units, full.weights) == (5 * 7 * 4, 5**2 * 7**2 * 4 * 3)
    shared = count_conv_maps(height, width, in_channels, out_channels, kernel)
    assert shared == Conv(4, 3, padding=1).count((3, 5, 7))
    assert (shared.units, shared.weights, shared.connections) == (140, 9 * 12, 5 * 7 * 9 * 12)
    assert count_conv_maps(5, 7, 3, 4, (3, 5)) == Conv(4, (3, 5), padding="same").count((3, 5, 7))


def test_a_connection_costs_a_multiply_add_forward_and_two_backward_unless_it_has_no_weight():
    rows = count_network(lenet(2), (1, 28, 28))
    assert [row.multiply_adds for row in rows if row.name in ("C1", "S2", "F5")] == [117_600, 0, 48_000]
    whole = total(rows)
    assert whole.multiply_adds == whole.connections - 4704 - 1600
    assert whole.training_multiply_adds == 3 * whole.multiply_adds
    count = LayerCount(units=1, weights=2, biases=3, connections=7, unweighted=5)
    assert (count.parameters, count.multiply_adds, count.training_multiply_adds) == (5, 2, 6)


def test_layers_without_a_name_get_their_kind_and_place():
    rows = count_network(
        [Conv(2, 3), Activation("relu"), Normalisation(), Conv(2, 3, name="last")], (1, 9, 9)
    )
    assert [row.name for row in rows] == ["convolution 1", "relu", "batch normalisation 3", "last"]
    assert [row.kind for row in rows] == ["convolution", "relu", "batch normalisation", "convolution"]
    assert rows[1].count == LayerCount(0, 0, 0, 0)
    assert rows[2].count == LayerCount(0, 2, 2, 2 * 7 * 7)
    assert Normalisation(affine=False).count((2, 7, 7)) == LayerCount(0, 0, 0, 0)


def test_a_network_may_have_no_layers():
    assert count_network([], (1, 2, 2)) == ()


def test_a_described_network_and_the_live_one_have_the_same_rows():
    live = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.Linear(120, 84),
        nn.Linear(84, 10),
    )
    rows = count_module(live, torch.zeros(3, 1, 28, 28))
    described = count_network(lenet(2), (1, 28, 28))
    assert [(row.kind, row.output_shape, row.count) for row in rows] == [
        (row.kind, row.output_shape, row.count) for row in described
    ]


def test_a_table_has_aligned_columns_and_separated_thousands():
    rows = count_network([Conv(6, 5, name="C1"), Pool(2, name="S2")], (1, 32, 32))
    assert table(rows).splitlines() == [
        "layer  kind         output       units  connections  weights  biases  multiply-adds",
        "C1     convolution  6 x 28 x 28  4,704      117,600      150       6        117,600",
        "S2     max pooling  6 x 14 x 14  1,176        4,704        0       0              0",
        "total                            5,880      122,304      150       6        117,600",
    ]


def test_a_table_shows_the_columns_that_are_asked_for():
    rows = count_network([Conv(6, 5, name="C1")], (1, 32, 32))
    assert table(iter(rows), columns=("name", "parameters", "units"), with_total=False).splitlines() == [
        "layer  parameters  units",
        "C1            156  4,704",
    ]
    assert table(rows, columns=("units", "name")).splitlines()[-1] == "4,704"
    assert table((), with_total=True).splitlines()[1].split() == ["total", *["0"] * 5]


def test_a_table_refuses_an_unknown_column():
    with pytest.raises(ValueError, match="columns has 'flops', which is not known; choose from name, kind"):
        table((), columns=("name", "flops"))
