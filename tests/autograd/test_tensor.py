"""The Tensor: its operators with numbers and arrays on either side, its dtype, its words from PyTorch."""

import operator

import numpy as np
import pytest
import torch

from course_utils.autograd import Tensor, concatenate, maximum, no_grad
from tests.autograd.against_torch import CLOSE, assert_agree

OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
NUMBERS = [2, 2.5, True, np.float64(2.5), np.float32(2.5), np.int64(3), np.array(2.5), np.array(3)]


def positive(shape, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).uniform(0.5, 2.0, shape).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("other", NUMBERS, ids=lambda other: f"{type(other).__name__}-{other}")
@pytest.mark.parametrize("sign", OPERATORS)
def test_a_number_on_either_side_keeps_the_dtype(sign, other, dtype):
    a, number, apply = positive((2, 3), dtype), float(other), OPERATORS[sign]
    rng, tolerance = np.random.default_rng(0), CLOSE if dtype == np.float64 else {"rtol": 1e-5}
    assert_agree(lambda t: apply(t, other), lambda t: apply(t, number), [a], rng, **tolerance)
    assert_agree(lambda t: apply(other, t), lambda t: apply(number, t), [a], rng, **tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2, 3), (3,), (2, 1), (1, 1, 1)])
@pytest.mark.parametrize("sign", OPERATORS)
def test_an_array_on_either_side_is_a_constant(sign, shape, dtype):
    a, other, apply = positive((2, 3), dtype), positive(shape, dtype, seed=1), OPERATORS[sign]
    constant, rng = torch.tensor(other), np.random.default_rng(0)
    tolerance = CLOSE if dtype == np.float64 else {"rtol": 1e-5}
    assert_agree(lambda t: apply(t, other), lambda t: apply(t, constant), [a], rng, **tolerance)
    assert_agree(lambda t: apply(other, t), lambda t: apply(constant, t), [a], rng, **tolerance)


@pytest.mark.parametrize("left", [(3,), (2, 3), (4, 2, 3), (4, 1, 2, 3)])
@pytest.mark.parametrize("right", [(3,), (3, 2), (4, 3, 2)])
def test_matrix_products_with_an_array_on_either_side(left, right):
    a, b, rng = positive(left), positive(right, seed=1), np.random.default_rng(0)
    assert_agree(operator.matmul, operator.matmul, [a, b], rng)
    assert_agree(lambda t: a @ t, lambda t: torch.tensor(a) @ t, [b], rng)
    assert_agree(lambda t: t @ b, lambda t: t @ torch.tensor(b), [a], rng)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("other", [[1, 2, 3], np.array([1, 2, 3]), np.array([True, False, True])])
def test_whole_numbers_take_the_dtype_of_the_tensor(other, dtype):
    w = Tensor(positive(3, dtype), requires_grad=True)
    y = (w * other + other) @ np.array([1, 2, 3])
    y.backward()
    assert w.dtype == y.dtype == w.grad.dtype == dtype


@pytest.mark.parametrize("join", [lambda a, b: maximum(a, b), lambda a, b: concatenate([a, b])])
def test_functions_take_an_array_on_either_side(join):
    a, b = positive(3), positive(3, seed=1)
    theirs = torch.maximum if join(a, b).shape == (3,) else lambda x, y: torch.cat([x, y])
    rng = np.random.default_rng(0)
    assert_agree(lambda t: join(t, b), lambda t: theirs(t, torch.tensor(b)), [a], rng)
    assert_agree(lambda t: join(a, t), lambda t: theirs(torch.tensor(a), t), [b], rng)


def test_concatenate_takes_any_iterable_once():
    parts = [Tensor([float(i)], requires_grad=True) for i in range(3)]
    y = concatenate(part * 2 for part in parts)
    np.testing.assert_array_equal(y.data, [0, 2, 4])
    y.sum().backward()
    assert [part.grad.item() for part in parts] == [2, 2, 2]


INDICES = {
    "a number": 1,
    "from the end": -1,
    "a row and a column": (1, 2),
    "a slice": slice(1, 3),
    "backwards": slice(None, None, -1),
    "every second, backwards": (slice(None), slice(None, None, -2)),
    "a new axis": (None, slice(None), None),
    "an ellipsis": (..., 0),
    "repeats": np.array([0, 0, 2, 0]),
    "repeats as a list": [1, 1, 1],
    "pairs with repeats": (np.array([0, 0, 1]), np.array([2, 2, 3])),
    "a grid": (np.array([[0], [2]]), np.array([0, 0, 3])),
    "one entry of each row": (np.arange(3), np.array([3, 0, 0])),
    "a mask": np.arange(12).reshape(3, 4) % 5 < 2,
    "a mask of rows": np.array([True, False, True]),
    "a mask and a number": (np.array([True, False, True]), 2),
    "nothing but everything": (),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_any_index_sends_the_gradient_back_to_where_it_took(index):
    a = positive((3, 4))
    places = np.arange(12).reshape(3, 4)[index]
    assert_agree(
        lambda t: t[index],
        lambda t: t.reshape(-1)[torch.tensor(np.array(places))],  # copied: PyTorch takes no negative steps
        [a],
        np.random.default_rng(0),
    )


def test_a_tensor_can_be_unpacked_row_by_row():
    w = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    first, second = w
    (first * second).sum().backward()
    np.testing.assert_array_equal(w.grad, [[3, 4], [1, 2]])


def test_the_array_given_is_copied():
    array = np.ones(3)
    w = Tensor(array, requires_grad=True)
    array[0] = 5
    np.testing.assert_array_equal(w.data, [1, 1, 1])
    with no_grad():
        w += 1
    np.testing.assert_array_equal(array, [5, 1, 1])


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (1, np.float64),
        (True, np.float64),
        (2.5, np.float64),
        ([1, 2], np.float64),
        (np.uint8([1]), np.float64),
        (np.float32(1), np.float32),
        (np.ones(2, np.float32), np.float32),
        (np.ones(2, np.float64), np.float64),
    ],
)
def test_float32_stays_and_whole_numbers_become_float64(given, dtype):
    assert Tensor(given).dtype == Tensor(given).data.dtype == dtype


def test_attributes_are_those_of_the_array():
    w = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    assert (w.shape, w.ndim, w.dtype) == ((2, 3), 2, np.float64)
    assert (w.requires_grad, w.grad) == (True, None)
    assert (w.parents, w.operation) == ((), "")
    y = w * 2
    assert (y.requires_grad, y.operation) == (True, "mul")
    assert y.parents[0] is w
    assert y.parents[1].item() == 2
    assert not y.parents[1].requires_grad


def test_transposition_is_numpys_for_one_and_two_axes():
    w = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    np.testing.assert_array_equal(w.T.data, w.data.T)
    assert w.T.operation == "transpose"
    for array in (np.arange(3.0), np.array(2.0)):
        tensor = Tensor(array, requires_grad=True)
        np.testing.assert_array_equal(tensor.T.data, array.T)
        tensor.T.sum().backward()
        np.testing.assert_array_equal(tensor.grad, np.ones_like(array))


@pytest.mark.parametrize("name", ["sum", "mean", "amax", "logsumexp"])
def test_a_reduction_takes_all_axes_and_drops_them_unless_told_otherwise(name):
    w = Tensor(np.arange(6.0).reshape(2, 3))
    reduce = getattr(w, name)
    assert reduce().shape == ()
    assert reduce(1).shape == reduce(dim=-1).shape == (2,)
    assert reduce(0, True).shape == reduce(dim=0, keepdim=True).shape == (1, 3)
    assert reduce(keepdim=True).shape == (1, 1)


def test_shapes_are_given_one_by_one_or_as_a_tuple():
    w = Tensor(np.arange(6.0))
    for reshaped in (w.reshape(2, 3), w.reshape((2, 3)), w.reshape(2, -1)):
        np.testing.assert_array_equal(reshaped.data, np.arange(6).reshape(2, 3))


def test_item_is_a_float():
    assert isinstance(Tensor(np.float32([[2.5]])).item(), float)
    assert Tensor([[2.5]]).item() == 2.5


def test_detach_cuts_the_graph():
    w = Tensor([2.0, 3.0], requires_grad=True)
    y = w * w
    cut = y.detach()
    assert (cut.parents, cut.requires_grad) == ((), False)
    (y * cut).sum().backward()
    np.testing.assert_array_equal(w.grad, 2 * w.data**3)
    cut.data[0] = 7  # its own memory
    np.testing.assert_array_equal(y.data, [4, 9])


def test_repr_tells_a_leaf_from_a_result():
    w = Tensor([1.0, 2.0], requires_grad=True)
    assert repr(w) == "Tensor([1., 2.], requires_grad=True)"
    assert repr(Tensor(2.0)) == "Tensor(2., requires_grad=False)"
    assert repr(w / 3) == "Tensor([0.3333, 0.6667], operation='div')"


def test_the_second_line_of_a_repr_stands_under_the_first():
    first, second = repr(Tensor(np.ones((2, 2)))).splitlines()
    assert first.index("[1.") == second.index("[1.")


def test_python_sum_adds_tensors():
    parts = [Tensor(float(i), requires_grad=True) for i in range(4)]
    total = sum(part * part for part in parts)
    total.backward()
    assert total.item() == 14
    assert [part.grad.item() for part in parts] == [0, 2, 4, 6]


IN_PLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow]


@pytest.mark.parametrize("apply", IN_PLACE)
def test_a_leaf_changes_in_place_under_no_grad(apply):
    w, other = Tensor([2.0, 3.0], requires_grad=True), Tensor([4.0, 5.0])
    memory, expected = w.data, apply(w.data.copy(), other.data)
    with no_grad():
        changed = apply(w, other)
    assert changed is w
    assert w.data is memory
    assert w.requires_grad
    assert w.parents == ()
    np.testing.assert_array_equal(w.data, expected)
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, 2 * expected)


@pytest.mark.parametrize("apply", IN_PLACE)
def test_a_result_is_replaced_by_a_new_one_and_the_graph_keeps_the_old(apply):
    rng, a = np.random.default_rng(0), positive(3)
    assert_agree(lambda t: apply(t * 2, t), lambda t: apply(t * 2, t.clone()), [a], rng)
    w = Tensor(a, requires_grad=True)
    old = w * 2
    new = apply(old, w)
    assert new is not old
    np.testing.assert_array_equal(old.data, 2 * a)
