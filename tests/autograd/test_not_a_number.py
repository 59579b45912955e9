"""A NaN: which operation made it first, in the values or in the gradients; and no gradient is changed."""

import numpy as np
import pytest

from course_utils.autograd import Tensor


def leaf(values):
    return Tensor(values, requires_grad=True)


def nan_of_a_log(w):
    return (w * 2 - 5).log() * 3


def nan_of_a_difference(w):
    return (w * np.inf - w * np.inf).exp()


def nan_of_a_root(w):
    return ((w - 10) ** 0.5).sin()


def nan_of_a_quotient(w):
    return ((w - w) / (w - w)).tanh()


PRODUCERS = {
    "log": nan_of_a_log,
    "sub": nan_of_a_difference,
    "pow": nan_of_a_root,
    "div": nan_of_a_quotient,
    "a leaf": lambda w: (w * np.array([1.0, np.nan])).exp(),
}


@pytest.mark.parametrize("operation", PRODUCERS)
def test_the_operation_that_first_made_a_nan_is_named(operation):
    w = leaf([1.0, 2.0])
    with np.errstate(all="ignore"):
        healthy = (w * 3).exp()
        broken = PRODUCERS[operation](w)
        loss = (healthy * 2 + (broken + healthy).sum()).mean()
    with pytest.raises(ValueError, match=rf"NaN in the graph, first from {operation}, shape \(2,\): look"):
        loss.backward()
    assert w.grad is None


def test_a_nan_that_came_in_with_a_leaf_is_not_blamed_on_an_operation():
    w = leaf([1.0, np.nan])
    with pytest.raises(ValueError, match=r"NaN in the graph, first from a leaf, shape \(2,\)"):
        (w.exp() * 2).sum().backward()


def test_a_nan_that_only_the_gradient_has():
    w = leaf([0.0, 1.0])
    with np.errstate(all="ignore"):
        loss = ((w**0.5) * w).sum()  # inf times 0
        with pytest.raises(ValueError, match="a NaN in the gradients, first from the backward rule of pow"):
            loss.backward()
    assert w.grad is None


def test_a_gradient_given_that_is_nan():
    w = leaf([0.0, 1.0])
    with pytest.raises(ValueError, match="a NaN in the gradients, first from the backward rule of exp"):
        w.exp().backward([1.0, np.nan])
    assert w.grad is None


def test_a_nan_in_a_dead_branch_is_no_concern():
    w = leaf([-1.0, 1.0])
    with np.errstate(invalid="ignore"):
        w.log()
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, [-2, 2])


def test_infinity_is_a_number():
    w = leaf([0.0, 1.0])
    with np.errstate(divide="ignore"):
        w.log().sum().backward()
        np.testing.assert_array_equal(w.grad, [np.inf, 1])


def test_a_pass_that_fails_late_leaves_every_gradient_as_it_was():
    w, v = leaf([0.0, 1.0]), leaf([2.0, 3.0])
    (w * v).sum().backward()
    before = w.grad.copy(), v.grad.copy()
    with np.errstate(all="ignore"):
        loss = ((w**0.5) * w + v).sum()  # v's gradient is found before w's turns out to be NaN
        with pytest.raises(ValueError, match="NaN in the gradients"):
            loss.backward()
    np.testing.assert_array_equal(w.grad, before[0])
    np.testing.assert_array_equal(v.grad, before[1])
