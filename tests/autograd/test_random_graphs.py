"""Random graphs: every kind of fan-out, dead branches, branches of constants, shared parts."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.autograd import Tensor, concatenate, maximum, reverse_sweep, topological_order
from tests.autograd.against_torch import CLOSE

SHAPES = [(2, 3), (3,), (2, 1), (), (2, 3)]  # of the leaves; all broadcast to (2, 3)
CONSTANT = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
MIXING = np.array([[0.2, -0.4, 0.1], [0.3, 0.5, -0.2], [-0.6, 0.1, 0.4]])


def larger(a, b):
    return maximum(a, b) if isinstance(a, Tensor) else torch.maximum(a, b)


def joined(a, b):
    """Put the first rows of two tensors side by side, and sum in pairs: back to three entries."""
    halves = [(each + widened(a)).reshape(6)[:3] for each in (a, b)]
    both = concatenate(halves) if isinstance(a, Tensor) else torch.cat(halves)
    return both[::2] if isinstance(a, Tensor) else both[torch.tensor([0, 2, 4])]


def widened(like):
    return np.zeros((2, 3)) if isinstance(like, Tensor) else torch.zeros(2, 3, dtype=torch.float64)


def constant(like, array):
    return array if isinstance(like, Tensor) else torch.tensor(array)


OPERATIONS = [  # each keeps values small and takes any shapes that broadcast to (2, 3)
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: (a * b).tanh(),
    lambda a, b: a / (b * b + 1),
    lambda a, b: (a.tanh() + 1.5) ** b.sin(),
    lambda a, b: (a + widened(a)) @ (b + widened(b)).T @ (a + widened(a)) * 0.1,
    lambda a, _: ((a + widened(a)) @ constant(a, MIXING)).tanh(),
    larger,
    joined,
    lambda a, b: a.sin() + a.cos() * b,
    lambda a, b: a.relu() - b.sigmoid(),
    lambda a, _: (a - a * a).exp(),
    lambda a, _: (a * a + 1).log(),
    lambda a, _: (a + widened(a)).sum(0, True).tanh(),
    lambda a, _: (a + widened(a)).mean(1, True),
    lambda a, _: (a + widened(a)).amax(0),
    lambda a, b: (a + widened(a)).logsumexp(1, True) - b,
    lambda a, _: (a + widened(a)).transpose(0, 1).reshape(2, 3).tanh(),
    lambda a, b: (a + widened(a))[[0, 0]] - b,
    lambda a, _: a * constant(a, CONSTANT),
]

node = st.integers(0, 10**6)
programs = st.lists(st.tuples(st.integers(0, len(OPERATIONS) - 1), node, node), min_size=1, max_size=14)


def run(program, tops, values, library):
    """Run a program; each step may take any earlier value, twice too. Only some steps lead to the loss."""
    make = torch.tensor if library is torch else Tensor
    tensors = [make(value, requires_grad=place < len(SHAPES) - 1) for place, value in enumerate(values)]
    steps = list(tensors)
    for operation, first, second in program:
        steps.append(OPERATIONS[operation](steps[first % len(steps)], steps[second % len(steps)]))
    loss = tensors[0].sum()
    for top in tops:
        loss = loss + (steps[top % len(steps)] * constant(tensors[0], CONSTANT)).mean()
    return loss, tensors, steps


def drawn_values(seed):
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.standard_normal(shape)) for shape in SHAPES]


def as_arrays(tensors):
    return [None if each.grad is None else np.asarray(each.grad) for each in tensors]


def assert_same(ours, theirs):
    for got, wanted in zip(ours, theirs, strict=True):
        assert (got is None) == (wanted is None)
        if got is not None:
            np.testing.assert_allclose(got, wanted, **CLOSE)


graphs = given(program=programs, tops=st.lists(node, max_size=3), seed=st.integers(0, 2**32 - 1))
examples = settings(deadline=None, derandomize=True, max_examples=150)


@examples
@graphs
def test_gradients_are_torchs_and_a_second_pass_doubles_them(program, tops, seed):
    values = drawn_values(seed)
    loss, ours, _ = run(program, tops, values, None)
    expected, theirs, _ = run(program, tops, values, torch)
    np.testing.assert_allclose(loss.item(), expected.item(), **CLOSE)
    loss.backward()
    expected.backward(retain_graph=True)
    once = as_arrays(ours)
    assert_same(once, as_arrays(theirs))
    loss.backward()
    expected.backward()
    assert_same(as_arrays(ours), as_arrays(theirs))
    for first, twice in zip(once, as_arrays(ours), strict=True):
        np.testing.assert_array_equal(twice, first if first is None else 2 * first)


@settings(examples, max_examples=50)
@graphs
def test_the_order_and_the_sweep_are_what_they_promise(program, tops, seed):
    loss, _, _ = run(program, tops, drawn_values(seed), None)
    order = topological_order(loss)
    place = {id(tensor): position for position, tensor in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is loss
    for tensor in order:
        assert all(place[id(parent)] < place[id(tensor)] for parent in tensor.parents)
    received: dict[int, np.ndarray] = {id(loss): np.ones(())}
    for step in reverse_sweep(loss):
        np.testing.assert_allclose(
            step.bar, received[id(step.tensor)], **CLOSE
        )  # complete, when its turn comes
        assert [parent for parent, _ in step.passed] == [p for p in step.tensor.parents if p.requires_grad]
        for parent, share in step.passed:
            assert share.shape == parent.shape
            received[id(parent)] = received.get(id(parent), 0) + share
    assert len(received) == sum(tensor.requires_grad for tensor in order)


@settings(examples, max_examples=50)
@graphs
def test_retained_gradients_of_every_step_are_torchs(program, tops, seed):
    values = drawn_values(seed)
    results = [run(program, tops, values, library) for library in (None, torch)]
    for loss, leaves, steps in results:
        for step in steps[len(leaves) :]:
            if step.requires_grad:
                step.retain_grad()
        loss.backward()
    (_, _, ours), (_, _, theirs) = results
    assert_same(as_arrays(ours), as_arrays(theirs))
