"""A value changed between forward and backward: refused where the gradient needs it, harmless elsewhere."""

import re

import numpy as np
import pytest

from course_utils.autograd import RULES, Tensor, concatenate, cross_entropy, maximum, no_grad

REFUSED = "was changed in place but is needed for the gradient: compute the result anew"


def entry(w):
    w.data[0] = 7


def minus(w):
    w.data -= 0.25


def other(w):
    w.data = w.data * 3


def step(w):
    with no_grad():
        w -= 0.25


CHANGES = [entry, minus, other, step]
NEEDED = {
    "mul": lambda w, v: w * v,
    "div": lambda w, v: v / w,
    "pow": lambda w, v: v**w,
    "matmul": lambda w, v: w @ v,
    "maximum": lambda w, v: maximum(w, v),
    "log": lambda w, _: w.log(),
    "sin": lambda w, _: w.sin(),
    "cos": lambda w, _: w.cos(),
    "relu": lambda w, _: w.relu(),
    "softplus": lambda w, _: w.softplus(),
}
FREE = {
    "add": lambda w, v: w + v,
    "sub": lambda w, v: v - w,
    "neg": lambda w, _: -w,
    "exp": lambda w, _: w.exp(),
    "identity": lambda w, _: w.identity(),
    "sigmoid": lambda w, _: w.sigmoid(),
    "tanh": lambda w, _: w.tanh(),
    "hard_threshold": lambda w, _: w.hard_threshold(),
    "sum": lambda w, _: w.sum(),
    "mean": lambda w, _: w.mean(),
    "amax": lambda w, _: w.amax(),
    "logsumexp": lambda w, _: w.logsumexp(0),
    "reshape": lambda w, _: w.reshape(3, 1),
    "getitem": lambda w, _: w[[0, 0, 2]],
    "transpose": lambda w, _: w.transpose(0, 0),
    "concatenate": lambda w, v: concatenate([v, w]),
}


def two_leaves():
    return [Tensor(values, requires_grad=True) for values in ([1.0, 2.0, 3.0], [0.5, 2.5, 1.5])]


def test_every_rule_either_needs_its_argument_or_does_not():
    assert set(NEEDED) | set(FREE) == set(RULES)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("operation", NEEDED)
def test_a_change_of_a_needed_value_is_refused_and_no_gradient_changes(operation, change):
    w, v = two_leaves()
    (w.sum() + v.sum()).backward()
    loss = (NEEDED[operation](w, v) + v).sum()
    change(w)
    sentence = re.escape(f"an argument of {operation}, shape (3,), {REFUSED}")
    with pytest.raises(ValueError, match=sentence):
        loss.backward()
    np.testing.assert_array_equal(w.grad, [1, 1, 1])
    np.testing.assert_array_equal(v.grad, [1, 1, 1])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("operation", FREE)
def test_a_change_of_a_value_that_is_not_needed_is_allowed_and_changes_nothing(operation, change):
    gradients = []
    for alter in (lambda _: None, change):
        w, v = two_leaves()
        loss = FREE[operation](w, v).sum()
        alter(w)
        loss.backward()
        gradients.append(w.grad)
    np.testing.assert_array_equal(*gradients)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("operation", ["mul", "matmul"])
def test_what_only_a_constants_gradient_would_need_may_change(operation, change):
    w, c = Tensor([1.0, 2.0, 3.0], requires_grad=True), Tensor([4.0, 5.0, 6.0])
    loss = NEEDED[operation](w, c).sum()
    change(w)
    loss.backward()
    np.testing.assert_array_equal(w.grad, [4, 5, 6])


@pytest.mark.parametrize("change", [entry, minus, other])
def test_a_constant_that_is_needed_may_not_change(change):
    w, c = Tensor([1.0, 2.0, 3.0], requires_grad=True), Tensor([4.0, 5.0, 6.0])
    loss = (w * c).sum()
    change(c)
    with pytest.raises(ValueError, match=f"an argument of mul.*{REFUSED}"):
        loss.backward()
    assert w.grad is None


def test_after_backward_a_parameter_may_change_and_the_next_pass_is_right():
    w = Tensor([1.0, 2.0], requires_grad=True)
    (w * w).sum().backward()
    with no_grad():
        w -= 0.5 * w.grad
    w.grad = None
    loss = ((w + 1) * (w + 1)).sum()
    loss.backward()
    np.testing.assert_array_equal(w.grad, [2, 2])


@pytest.mark.parametrize("change", [entry, minus])
def test_the_values_of_a_result_are_read_only(change):
    y = Tensor([1.0, 2.0], requires_grad=True).exp()
    with pytest.raises(ValueError, match="read-only"):
        change(y)
    with pytest.raises(ValueError, match="read-only"):
        y.reshape(1, 2).data[0, 0] = 1


def test_another_array_in_a_result_is_refused_where_it_is_needed():
    w = Tensor([1.0, 2.0], requires_grad=True)
    y = w.exp()
    loss = (y * y).sum()
    y.data = np.array([1.0, 1.0])
    with pytest.raises(ValueError, match=f"an argument of mul.*{REFUSED}"):
        loss.backward()


def test_a_value_computed_under_no_grad_is_the_callers_to_change():
    w = Tensor([1.0, 2.0], requires_grad=True)
    with no_grad():
        y = w * 2
    y.data[0] = 9
    np.testing.assert_array_equal(y.data, [9, 4])
    np.testing.assert_array_equal(w.data, [1, 2])


@pytest.mark.parametrize(
    ("index", "change"),
    [
        (np.array([0, 0, 1]), lambda index: index.fill(2)),
        (np.array([True, False, True]), lambda index: index.fill(False)),
        ([0, 1, 1], lambda index: index.clear()),
        ((np.array([2, 2]),), lambda index: index[0].fill(0)),
    ],
)
def test_an_index_that_the_caller_changes_afterwards_does_no_harm(index, change):
    w = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    expected = np.bincount(np.arange(3)[index], minlength=3)
    y = w[index].sum()
    change(index)
    y.backward()
    np.testing.assert_array_equal(w.grad, expected)


@pytest.mark.parametrize("target", [np.array([0, 2]), np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]])])
def test_targets_that_the_caller_changes_afterwards_do_no_harm(target):
    def gradient(change):
        z, t = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True), target.copy()
        loss = cross_entropy(z, t)
        change(t)
        loss.backward()
        return z.grad

    np.testing.assert_array_equal(gradient(lambda t: t.fill(1)), gradient(lambda _: None))


def test_an_operand_that_the_caller_changes_afterwards_does_no_harm():
    w, x = Tensor([1.0, 2.0], requires_grad=True), np.array([3.0, 4.0])
    loss = (w * x).sum()
    x[:] = 0
    loss.backward()
    np.testing.assert_array_equal(w.grad, [3, 4])
