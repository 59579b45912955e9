"""What backward leaves in grad: passes that add up, memory that is not shared, graphs of any depth."""

import gc
import weakref

import numpy as np
import pytest
import torch

from course_utils.autograd import Tensor, reverse_sweep, topological_order
from tests.autograd.against_torch import CLOSE

DEPTHS = [10_000, 100_000]


def leaf(values):
    return Tensor(values, requires_grad=True)


def fan_out(library, a, b):
    """Use every value several times: in one operation, in several, and along paths of unequal length."""
    make = torch.tensor if library is torch else Tensor
    a, b = make(a, requires_grad=True), make(b, requires_grad=True)
    h = a * a + a
    first, second = h.tanh(), h * b
    joined = first * second + h
    return a, b, h, joined, (joined * joined).sum() + h.sum() + a.sum()


ARRAYS = np.array([0.5, -1.0, 2.0]), np.array([[1.0, 0.3, -0.2], [0.1, 2.0, 0.4]])


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_passes_over_one_graph_add_up_as_with_retain_graph(passes):
    ours, theirs = fan_out(None, *ARRAYS), fan_out(torch, *ARRAYS)
    for _ in range(passes):
        ours[-1].backward()
        theirs[-1].backward(retain_graph=True)
    for mine, other in zip(ours[:2], theirs[:2], strict=True):
        np.testing.assert_allclose(mine.grad, other.grad, **CLOSE)


def test_a_second_pass_doubles_to_the_last_bit():
    a, b, *_, loss = fan_out(None, *ARRAYS)
    loss.backward()
    once = a.grad.copy(), b.grad.copy()
    loss.backward()
    np.testing.assert_array_equal(a.grad, 2 * once[0])
    np.testing.assert_array_equal(b.grad, 2 * once[1])


def test_two_losses_that_share_a_part_add_up():
    def gradient(library):
        w = (torch.tensor if library is torch else Tensor)(np.array([1.0, -2.0]), requires_grad=True)
        h = (w * 3).tanh()
        first, second = (h * h).sum(), (h * w).sum()
        first.backward(**({"retain_graph": True} if library is torch else {}))
        second.backward()
        return np.asarray(w.grad)

    np.testing.assert_allclose(gradient(None), gradient(torch), **CLOSE)


def test_the_steps_between_start_from_nothing_in_every_pass():
    # L = (2 w)^2 at w = 3: h = 6, h_bar = 12, w_bar = 24; a stale h_bar would give 24 + 48
    w = leaf(3.0)
    h = w * 2
    L = h * h
    L.backward()
    assert w.grad == 24
    L.backward()
    assert w.grad == 48


def test_the_same_tensor_twice_in_one_operation():
    for apply, expected in [
        (lambda w: w + w, 2),
        (lambda w: w - w, 0),
        (lambda w: w * w, 6),
        (lambda w: w / w, 0),
        (lambda w: w**w, 27 * (1 + np.log(3))),
    ]:
        w = leaf(3.0)
        apply(w).backward()
        np.testing.assert_allclose(w.grad, expected, **CLOSE)


def test_none_resets_and_zeros_in_place_too():
    w = leaf([1.0, 2.0])
    loss = (w * w).sum()
    loss.backward()
    w.grad = None
    loss.backward()
    np.testing.assert_array_equal(w.grad, [2, 4])
    w.grad[:] = 0
    loss.backward()
    np.testing.assert_array_equal(w.grad, [2, 4])


def test_a_gradient_given_weighs_the_entries():
    for seed in ([1.0, 0.0, 2.0], np.array([1, 0, 2]), Tensor([1.0, 0.0, 2.0]), np.float32([1, 0, 2])):
        w = leaf([1.0, 2.0, 3.0])
        (w * w).backward(seed)
        np.testing.assert_array_equal(w.grad, [2, 0, 12])
        assert w.grad.dtype == np.float64


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_one_entry_needs_no_gradient_given(shape):
    w = leaf(np.full(shape, 3.0))
    (w * w).backward()
    np.testing.assert_array_equal(w.grad, np.full(shape, 6.0))


def test_only_leaves_that_require_it_and_retained_results_have_a_gradient():
    w, c = leaf([1.0, 2.0]), Tensor([3.0, 4.0])
    kept, other = w * c, w + 1
    kept.retain_grad()
    loss = (kept * other).sum()
    loss.retain_grad()
    loss.backward()
    assert c.grad is None
    assert other.grad is None
    np.testing.assert_array_equal(kept.grad, other.data)
    np.testing.assert_array_equal(loss.grad, 1)
    loss.backward()
    np.testing.assert_array_equal(kept.grad, 2 * other.data)


def test_a_dead_branch_gets_nothing():
    w, v = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    dead = (v * w).exp()
    w.sum().backward()
    assert v.grad is None
    assert dead.grad is None
    np.testing.assert_array_equal(w.grad, [1, 1])


def test_a_leaf_that_has_no_influence_gets_zeros():
    w = leaf([-1.0, 2.0])
    (w.hard_threshold() * [0.0, 3.0]).sum().backward()
    np.testing.assert_array_equal(w.grad, [0, 0])


def test_a_frozen_parameter_in_the_middle_of_a_network_costs_nothing():
    w, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    h = w * 2
    loss = (h + b).sum()
    h.requires_grad = False  # as if detached after the fact
    loss.backward()
    assert w.grad is None
    np.testing.assert_array_equal(b.grad, [1, 1])


def test_gradients_share_memory_with_nothing():
    a, b, c = leaf([1.0, 2.0]), leaf([3.0, 4.0]), leaf([[5.0], [6.0]])
    seed = np.ones(2)
    y = (a + b).identity() - c.reshape(2)
    y.retain_grad()
    y.backward(seed)
    arrays = [seed, y.grad, y.data, *(each for t in (a, b, c) for each in (t.data, t.grad))]
    for place, array in enumerate(arrays):
        assert not any(np.may_share_memory(array, other) for other in arrays[place + 1 :])
    a.grad[:] = 100
    np.testing.assert_array_equal(b.grad, [1, 1])
    y.backward(seed)
    np.testing.assert_array_equal(a.grad, [101, 101])
    np.testing.assert_array_equal(b.grad, [2, 2])


def test_a_gradient_taken_out_is_not_changed_by_the_next_pass():
    w = leaf([1.0, 2.0])
    loss = (w * w).sum()
    loss.backward()
    kept = w.grad
    loss.backward()
    np.testing.assert_array_equal(kept, [2, 4])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_is_an_array_of_the_tensors_dtype(dtype):
    for shape in ((), (2,), (2, 1)):
        w = leaf(np.ones(shape, dtype))
        loss = (w * 3.0 + 1).sum()
        for _ in range(2):
            loss.backward()
            assert isinstance(w.grad, np.ndarray)
            assert (w.grad.dtype, w.grad.shape) == (dtype, shape)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_chain_of_any_length_goes_back_prints_and_is_freed_without_recursion(depth):
    w = leaf(1.0)
    y = w
    for _ in range(depth):
        y = y + w
    y.backward()
    assert w.grad == depth + 1
    assert len(topological_order(y)) == depth + 1
    assert repr(y) == f"Tensor({depth + 1.0}, operation='add')".replace(".0,", ".,")
    grave = weakref.ref(y)
    del y
    assert grave() is None


def test_a_ladder_of_diamonds_is_walked_once_and_not_along_every_path():
    w = leaf(1.0)
    y = w
    for _ in range(60):  # 2^60 paths
        y = (y + y) * 0.5
    assert sum(1 for _ in reverse_sweep(y)) == 121
    y.backward()
    assert w.grad == 1


def test_a_graph_is_freed_as_soon_as_its_output_is():
    gc.disable()  # so that only counting references can free it
    try:
        w = leaf(np.ones((2, 3)))
        h = (w @ np.ones((3, 2))).tanh()
        loss = (h[0] * h.logsumexp(1)).reshape(2).sum()
        loss.backward()
        graves = [weakref.ref(tensor) for tensor in topological_order(loss) if tensor is not w]
        del h, loss
        assert [grave() for grave in graves] == [None] * len(graves)
    finally:
        gc.enable()


def test_a_sweep_tells_what_each_parent_receives():
    # L = (w x) + w at w = 2, x = 3
    w, x = leaf(2.0), leaf(3.0)
    product = w * x
    L = product + w
    steps = list(reverse_sweep(L))
    assert [step.tensor for step in steps[:2]] == [L, product]
    told = [[(parent, float(share)) for parent, share in step.passed] for step in steps]
    assert told[:2] == [[(product, 1.0), (w, 1.0)], [(w, 3.0), (x, 2.0)]]
    bars = {id(step.tensor): float(step.bar) for step in steps}
    assert bars == {
        id(L): 1,
        id(product): 1,
        id(w): 4,
        id(x): 2,
    }
    assert w.grad is None  # a sweep only tells
