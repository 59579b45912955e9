"""Every rule of the engine against PyTorch and against central differences, on random shapes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.autograd import RULES, Tensor, concatenate, maximum
from course_utils.checks import assert_gradients_match
from tests.autograd.against_torch import assert_agree, value_and_gradients

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=60)
FEWER = settings(deadline=None, derandomize=True, max_examples=8)
SINGLE = {"rtol": 1e-4, "atol": 1e-4}

shapes = arrays.array_shapes(min_dims=0, max_dims=3, max_side=3)
two_shapes = arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)


@dataclass(frozen=True)
class Draw:
    """Shapes of the arguments, and what else the operation takes."""

    shapes: tuple[tuple[int, ...], ...]
    options: Any = None


@dataclass(frozen=True)
class Case:
    """How to draw the arguments of a rule, and how to apply it with either library."""

    draws: st.SearchStrategy[Draw]
    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    domain: Callable[[np.ndarray], np.ndarray] = np.asarray


def one(ours, theirs=None, **domain):
    draws = shapes.map(lambda shape: Draw((shape,)))
    return Case(draws, lambda _, a: ours(a), lambda _, a: (theirs or ours)(a), **domain)


def two(ours, theirs=None, **domain):
    draws = two_shapes.map(lambda drawn: Draw(drawn.input_shapes))
    return Case(draws, lambda _, a, b: ours(a, b), lambda _, a, b: (theirs or ours)(a, b), **domain)


@st.composite
def reductions(draw):
    """Draw a shape, the axes to reduce (none, one, several; counted from either end), and keepdim."""
    shape = draw(shapes)
    axes = st.integers(0, len(shape) - 1).flatmap(lambda axis: st.sampled_from([axis, axis - len(shape)]))
    several = st.lists(axes, min_size=1, max_size=3, unique_by=lambda axis: axis % len(shape)).map(tuple)
    dim = draw(st.one_of(st.none(), axes, several)) if shape else None
    return Draw((shape,), (dim, draw(st.booleans())))


def reduction(name):
    def theirs(options, a):
        dim, keepdim = options
        every = tuple(range(a.ndim)) or 0  # PyTorch lets 0 stand for the missing axis of a single number
        return getattr(a, name)(every if dim is None else dim, keepdim)

    return Case(reductions(), lambda options, a: getattr(a, name)(options[0], keepdim=options[1]), theirs)


@st.composite
def indexed(draw):
    """Draw a shape and an index: slices with any step, numbers, None, ..., arrays with repeats, masks."""
    shape = draw(shapes.filter(len))
    masks = arrays.arrays(bool, shape)
    rows = arrays.integer_array_indices(shape[:1], result_shape=arrays.array_shapes(max_dims=2, max_side=5))
    mixed = rows.map(lambda index: (*index, None, ..., slice(None, None, -1) if shape[1:] else None))
    basic = arrays.basic_indices(shape, allow_newaxis=True)
    fancy = arrays.integer_array_indices(shape)
    index = draw(st.one_of(basic, fancy, rows, mixed, masks))
    assume(np.empty(shape)[index].size)
    return Draw((shape,), index)


def taken(index, a):
    """Index with PyTorch, which has no negative steps: by the flat places of the entries."""
    places = np.arange(a.numel()).reshape(a.shape)[index]
    return a.reshape(-1)[torch.tensor(np.array(places))]


@st.composite
def reshaped(draw):
    shape = draw(shapes)
    free = draw(st.permutations(sorted(shape, reverse=True)))
    choices = [tuple(free), (-1,), (1, *free, 1), (int(np.prod(shape)), 1)]
    return Draw((shape,), draw(st.sampled_from(choices)))


@st.composite
def transposed(draw):
    shape = draw(shapes.filter(len))
    axes = st.integers(-len(shape), len(shape) - 1)
    return Draw((shape,), (draw(axes), draw(axes)))


@st.composite
def joined(draw):
    shape = draw(shapes.filter(len))
    dim = draw(st.integers(-len(shape), len(shape) - 1))
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    front = dim % len(shape)
    return Draw(tuple((*shape[:front], length, *shape[front + 1 :]) for length in lengths), dim)


products = arrays.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3)


def positive(a):
    return np.abs(a) + 0.5


def away_from_zero(a):
    return np.where(a < 0, a - 0.5, a + 0.5)


CASES = {
    "add": two(lambda a, b: a + b),
    "sub": two(lambda a, b: a - b),
    "mul": two(lambda a, b: a * b),
    "div": two(lambda a, b: a / b, domain=away_from_zero),
    "pow": two(lambda a, b: a**b, domain=positive),
    "maximum": two(maximum, torch.maximum),
    "neg": one(lambda a: -a),
    "exp": one(lambda a: a.exp()),
    "log": one(lambda a: a.log(), domain=positive),
    "sin": one(lambda a: a.sin()),
    "cos": one(lambda a: a.cos()),
    "identity": one(lambda a: a.identity(), lambda a: a * 1),
    "relu": one(lambda a: a.relu()),
    "softplus": one(lambda a: a.softplus(), lambda a: -torch.nn.functional.logsigmoid(-a)),
    "sigmoid": one(lambda a: a.sigmoid()),
    "tanh": one(lambda a: a.tanh()),
    "hard_threshold": one(lambda a: a.hard_threshold(), lambda a: (a > 0).to(a.dtype)),
    "sum": reduction("sum"),
    "mean": reduction("mean"),
    "amax": reduction("amax"),
    "logsumexp": reduction("logsumexp"),
    "reshape": Case(reshaped(), lambda shape, a: a.reshape(shape), lambda shape, a: a.reshape(shape)),
    "getitem": Case(indexed(), lambda index, a: a[index], taken),
    "transpose": Case(transposed(), lambda dims, a: a.transpose(*dims), lambda dims, a: a.transpose(*dims)),
    "matmul": Case(
        products.map(lambda drawn: Draw(drawn.input_shapes)), lambda _, a, b: a @ b, lambda _, a, b: a @ b
    ),
    "concatenate": Case(
        joined(), lambda dim, *parts: concatenate(parts, dim), lambda dim, *parts: torch.cat(parts, dim)
    ),
}


def drawn(data, name):
    """Draw arguments for a rule: the case, arrays of normal numbers in its domain, options, a generator."""
    case = CASES[name]
    draw = data.draw(case.draws)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    return (
        case,
        [np.asarray(case.domain(rng.standard_normal(shape))) for shape in draw.shapes],
        draw.options,
        rng,
    )


def test_every_rule_has_a_case():
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("name", RULES)
@EXAMPLES
@given(data=st.data())
def test_value_and_gradients_are_those_of_torch(name, data):
    case, values, options, rng = drawn(data, name)
    assert case.ours(options, *[Tensor(a, requires_grad=True) for a in values]).operation == name
    assert_agree(lambda *a: case.ours(options, *a), lambda *a: case.theirs(options, *a), values, rng)


@pytest.mark.parametrize("name", RULES)
@FEWER
@given(data=st.data())
def test_gradients_are_those_of_central_differences(name, data):
    case, values, options, rng = drawn(data, name)

    def forward(*a):
        return case.ours(options, *[Tensor(each) for each in a]).data

    def backward(y_bar, *a):
        return tuple(value_and_gradients(lambda *tensors: case.ours(options, *tensors), a, y_bar)[1])

    assert_gradients_match(forward, backward, *values, rng=rng)


@pytest.mark.parametrize("name", RULES)
@FEWER
@given(data=st.data())
def test_float32_stays_float32(name, data):
    case, values, options, rng = drawn(data, name)
    singles = [a.astype(np.float32) for a in values]
    ours, theirs = (lambda *a, side=side: side(options, *a) for side in (case.ours, case.theirs))
    assert_agree(ours, theirs, singles, rng, **SINGLE)
