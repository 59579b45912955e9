import numpy as np
import pytest
import torch

from course_utils.shapes import LayerCount, count_dense, count_mlp, total


def test_a_dense_layer_is_counted_by_hand():
    assert count_dense(3, 2) == LayerCount(units=2, weights=6, biases=2, connections=6)


def test_thirty_units_on_a_28_by_28_image_have_23550_parameters():
    assert count_dense(28 * 28, 30).parameters == 23_550  # the Yale deck's figure


def test_40_000_units_on_a_200_by_200_image_have_1_6_billion_weights():
    assert count_dense(200 * 200, 40_000).weights == 1_600_000_000  # the Toronto deck's figure


def test_a_network_is_counted_as_torch_counts_it():
    network = torch.nn.Sequential(torch.nn.Linear(784, 30), torch.nn.ReLU(), torch.nn.Linear(30, 10))
    counts = count_mlp((784, 30, 10))
    assert [count.units for count in counts] == [30, 10]
    assert total(counts).parameters == sum(parameter.numel() for parameter in network.parameters())


def test_total_adds_every_field():
    counts = (LayerCount(1, 20, 300, 4000), LayerCount(5, 60, 700, 8000))
    assert total(counts) == LayerCount(6, 80, 1000, 12000)
    assert total(iter(counts)) == total(counts)
    assert total(()) == LayerCount(0, 0, 0, 0)


def test_numpy_integers_count_as_integers():
    count = count_dense(np.int64(3), np.int64(2))
    assert count == count_dense(3, 2)
    assert type(count.weights) is int


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_below_one_is_refused(size):
    with pytest.raises(ValueError, match=f"outputs={size} but a layer needs at least 1"):
        count_dense(3, size)


@pytest.mark.parametrize("size", [2.0, "2", None, True])
def test_a_size_that_is_no_integer_is_refused(size):
    with pytest.raises(TypeError, match="inputs must be an integer, but inputs="):
        count_dense(size, 3)


@pytest.mark.parametrize("sizes", [(), (784,)])
def test_a_network_needs_two_sizes(sizes):
    with pytest.raises(ValueError, match=rf"has {len(sizes)} entries but a network needs at least 2"):
        count_mlp(sizes)
