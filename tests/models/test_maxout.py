"""Maxout: by the definition, in both views of the deck."""

import pytest
import torch
from torch import nn

from course_utils.models import Maxout, network_from_yaml
from course_utils.models.maxout import MaxoutSizes
from course_utils.shapes import count_module, total
from tests.reference.refusals import assert_one_sentence


def test_the_largest_of_neighbouring_channels_goes_on():
    x = torch.tensor([[1.0, 5, 3, -2, -4, -3]])
    assert Maxout(2)(x).tolist() == [[5, 3, -3]]
    assert Maxout(3)(x).tolist() == [[5, -2]]
    maps = torch.rand(2, 6, 3, 4)
    assert torch.equal(Maxout(3)(maps)[:, 1], maps[:, 3:6].max(1).values)


def test_a_dense_layer_and_maxout_are_units_with_several_linear_functions():
    model = nn.Sequential(nn.Linear(2, 6), Maxout(3))
    x = torch.rand(5, 2)
    W, b = model[0].weight.reshape(2, 3, 2), model[0].bias.reshape(2, 3)
    torch.testing.assert_close(model(x), (torch.einsum("bi,upi->bup", x, W) + b).max(2).values)


def test_relu_is_maxout_with_a_second_function_of_zeros():
    x = torch.randn(4, 1)
    doubled = torch.cat([x, torch.zeros_like(x)], dim=1)
    assert torch.equal(Maxout(2)(doubled), torch.relu(x))


def test_it_has_no_weights_and_prints_its_pieces():
    model = network_from_yaml(
        "input: [1, 8, 8]\nlayers: [{conv: {maps: 6, kernel: 3}}, {maxout: 3}, flatten, {maxout: 2}]"
    )
    rows = count_module(model, torch.zeros(1, 1, 8, 8))
    assert [row.output_shape for row in rows] == [(6, 6, 6), (2, 6, 6), (72,), (36,)]
    assert total(rows).parameters == 60
    assert repr(model[1]) == "Maxout(pieces=3)"


def test_pieces_that_do_not_divide_are_refused_when_it_runs_as_well():
    with pytest.raises(ValueError, match="pieces=2 do not divide the 3 channels that come in") as caught:
        Maxout(2)(torch.zeros(1, 3))
    assert_one_sentence(caught)


def test_its_sizes_are_described_without_a_module():
    layer = MaxoutSizes(3)
    assert layer.output_shape((6,)) == (2,)
    assert layer.output_shape((6, 4, 5)) == (2, 4, 5)
    assert layer.reaches((6,))[0].taps(1) == (3, 4, 5)
    with pytest.raises(ValueError, match="maxout: pieces=3 do not divide the 4 channels") as caught:
        layer.output_shape((4, 5, 5))
    assert_one_sentence(caught)
