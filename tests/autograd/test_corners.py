"""Where slopes jump and numbers are extreme: ties, corners, powers of zero; and unbroadcasting alone."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.autograd import maximum, unbroadcast
from tests.autograd.against_torch import assert_agree, value_and_gradients
from tests.autograd.test_rules import CASES, EXAMPLES, SINGLE, drawn


@pytest.mark.parametrize("name", ["maximum", "relu", "amax", "hard_threshold"])
@EXAMPLES
@given(data=st.data())
def test_ties_and_corners_are_settled_as_in_torch(name, data):
    case, values, options, rng = drawn(data, name)
    whole = [np.asarray(np.round(a)) for a in values]
    assert_agree(lambda *a: case.ours(options, *a), lambda *a: case.theirs(options, *a), whole, rng)


@pytest.mark.parametrize("places", [(0, 0), (1, 1, 0), (0, 0, 0, 0)])
def test_a_tie_of_the_largest_is_shared_equally(places):
    a = np.array([0.0, 3.0])[np.array(places)]
    (gradient,) = value_and_gradients(lambda t: t.amax(), [a], 1.0)[1]
    np.testing.assert_allclose(gradient, (a == a.max()) / (a == a.max()).sum())


@pytest.mark.parametrize("pair", [(np.inf, np.inf), (-np.inf, -np.inf), (1e308, -1e308), (np.inf, 1.0)])
def test_the_larger_of_two_extremes_is_found_without_a_difference(pair):
    values = [np.array([each]) for each in pair]
    assert_agree(maximum, torch.maximum, values, np.random.default_rng(0))


EXTREME = np.array([-1000.0, -100.0, -1.0, 0.0, 1.0, 100.0, 1000.0])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["softplus", "sigmoid", "tanh", "logsumexp", "relu", "hard_threshold"])
def test_extreme_arguments_neither_overflow_nor_warn(name, dtype):
    case, z = CASES[name], EXTREME.astype(dtype)
    options = (0, False)
    tolerance = SINGLE if dtype == np.float32 else {}
    rng = np.random.default_rng(0)
    assert_agree(lambda a: case.ours(options, a), lambda a: case.theirs(options, a), [z], rng, **tolerance)


@pytest.mark.parametrize("places", [1, 2, (1, 2), None])
def test_log_sum_exp_keeps_its_precision_far_from_zero(places):
    a = np.random.default_rng(1).standard_normal((2, 3, 4)) + np.array([-1000.0, 1000.0]).reshape(2, 1, 1)
    dim = tuple(range(3)) if places is None else places
    rng = np.random.default_rng(2)
    assert_agree(lambda t: t.logsumexp(places), lambda t: t.logsumexp(dim), [a], rng)


@pytest.mark.parametrize("base", [0.0, 1.0, 2.0, -2.0])
@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.0, 2.0])
def test_powers_of_zero_and_of_negative_numbers_are_those_of_torch(base, exponent):
    rng = np.random.default_rng(0)
    assert_agree(lambda a: a**exponent, lambda a: a**exponent, [np.full((2, 2), base)], rng)


def test_the_root_of_zero_has_an_infinite_slope_as_in_torch():
    with np.errstate(divide="ignore"):
        assert_agree(lambda a: a**0.5, lambda a: a**0.5, [np.zeros(2)], np.random.default_rng(0))


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 2.0])
def test_the_gradient_for_the_exponent_of_zero_is_torchs(exponent):
    rng, base = np.random.default_rng(0), np.zeros(3)
    assert_agree(lambda b: base**b, lambda b: torch.tensor(base) ** b, [np.full(3, exponent)], rng)


@EXAMPLES
@given(drawn_shapes=arrays.mutually_broadcastable_shapes(num_shapes=1, base_shape=(2, 1, 3), max_dims=3))
def test_unbroadcast_undoes_broadcasting(drawn_shapes):
    (shape,) = drawn_shapes.input_shapes
    whole = drawn_shapes.result_shape
    uses = np.zeros(shape)
    np.add.at(uses.reshape(-1), np.broadcast_to(np.arange(uses.size).reshape(shape), whole), 1)
    np.testing.assert_array_equal(unbroadcast(np.ones(whole), shape), uses)


def test_unbroadcast_worked_by_hand():
    gradient = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    np.testing.assert_array_equal(unbroadcast(gradient, (3,)), [5, 7, 9])
    np.testing.assert_array_equal(unbroadcast(gradient, (2, 1)), [[6], [15]])
    np.testing.assert_array_equal(unbroadcast(gradient, ()), 21)
    np.testing.assert_array_equal(unbroadcast(gradient, (2, 3)), gradient)
