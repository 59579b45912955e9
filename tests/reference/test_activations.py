import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from course_utils import reference
from course_utils.checks import assert_gradients_match, central_differences
from course_utils.reference import ACTIVATIONS, activate, activate_backward, activation

NAMES = ["identity", "relu", "softplus", "hard_threshold", "logistic", "tanh"]
TORCH = {
    "identity": lambda z: z * 1,
    "relu": torch.relu,
    "softplus": lambda z: -torch.nn.functional.logsigmoid(-z),  # its softplus is linear above 20
    "logistic": torch.sigmoid,
    "tanh": torch.tanh,
}
EXTREME = np.array([-1000.0, -40.0, -1.0, 0.0, 1.0, 40.0, 1000.0])

pre_activations = arrays.arrays(
    np.float64, arrays.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1000, 1000)
)


def test_there_are_six_in_the_decks_order():
    assert list(ACTIVATIONS) == NAMES
    for name, entry in ACTIVATIONS.items():
        assert entry.name == name
        assert entry.function is getattr(reference, name)
        assert entry.derivative is getattr(reference, f"{name}_derivative")
        assert entry.formula


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError, match="does not support item assignment"):
        ACTIVATIONS["swish"] = ACTIVATIONS["relu"]


@pytest.mark.parametrize("name", TORCH)
@given(z=pre_activations)
@settings(deadline=None, max_examples=25)
def test_values_and_slopes_are_those_of_torch(name, z):
    inputs = torch.tensor(z, requires_grad=True)
    outputs = TORCH[name](inputs)
    outputs.sum().backward()
    np.testing.assert_allclose(activate(z, name), outputs.detach(), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(activation(name).derivative(z), inputs.grad, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_slopes_are_those_of_central_differences(name):
    z = np.array([-3.0, -0.7, 0.2, 2.5])  # away from kinks and jumps
    numeric = central_differences(lambda v: activate(v, name).sum(), z)
    np.testing.assert_allclose(activation(name).derivative(z), numeric, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["function", "derivative"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_values_keep_shape_and_precision(name, what, dtype):
    z = EXTREME.astype(dtype)
    given_z = z.copy()
    result = getattr(activation(name), what)(z)
    assert result.dtype == dtype
    assert result.shape == z.shape
    assert np.isfinite(result).all()
    np.testing.assert_array_equal(z, given_z)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["function", "derivative"])
def test_integers_become_float64_and_single_numbers_work(name, what):
    function = getattr(activation(name), what)
    assert function([-1, 0, 2]).dtype == np.float64
    assert function(2) == function(np.array([2.0]))[0]


def test_values_worked_by_hand():
    np.testing.assert_array_equal(reference.relu([-2.0, 0.0, 3.0]), [0, 0, 3])
    np.testing.assert_array_equal(reference.hard_threshold([-1e-300, 0.0, 1e-300]), [0, 0, 1])
    np.testing.assert_array_equal(reference.relu_derivative([-1.0, 0.0, 1.0]), [0, 0, 1])
    np.testing.assert_array_equal(reference.hard_threshold_derivative([-1.0, 0.0, 1.0]), [0, 0, 0])
    assert reference.softplus(0.0) == pytest.approx(np.log(2))
    assert reference.softplus(1000.0) == 1000
    assert reference.logistic(0.0) == 0.5
    assert reference.logistic_derivative(0.0) == 0.25


def test_tails_keep_their_relative_precision():
    np.testing.assert_allclose(reference.logistic(-EXTREME[:-1]), expit(-EXTREME[:-1]), rtol=1e-14)
    np.testing.assert_allclose(reference.logistic_derivative([40.0, -40.0]), np.exp(-40.0), rtol=1e-14)
    np.testing.assert_allclose(reference.softplus(-40.0), np.exp(-40.0), rtol=1e-14)


def test_the_slope_of_softplus_is_the_logistic_function():
    np.testing.assert_array_equal(reference.softplus_derivative(EXTREME), reference.logistic(EXTREME))


def test_identity_returns_a_copy():
    z = np.ones(2)
    reference.identity(z)[0] = 5
    assert z[0] == 1


@pytest.mark.parametrize("name", NAMES)
def test_nan_is_not_hidden_and_infinity_is_fine(name):
    assert np.isnan(activate([np.nan], name)).all()
    assert not np.isnan(activate([-np.inf, np.inf], name)).any()


@pytest.mark.parametrize("name", sorted(TORCH))
def test_gradients_pass_back(name):
    rng = np.random.default_rng(3)
    assert_gradients_match(activate, activate_backward, rng.standard_normal((3, 2)), name, rng=rng)


def test_backward_multiplies_by_the_slope():
    np.testing.assert_array_equal(activate_backward([[2.0, 3.0]], [[-1.0, 1.0]], "relu"), [[0, 3]])


def test_backward_keeps_float32():
    z = np.ones((2, 3), np.float32)
    assert activate_backward(z, z, "tanh").dtype == np.float32


def test_backward_names_both_shapes():
    with pytest.raises(ValueError, match=r"h_bar\.shape=\(3, 1\) and z\.shape=\(3,\)"):
        activate_backward(np.ones((3, 1)), np.ones(3), "relu")


@pytest.mark.parametrize("name", ["sigmoid", "ReLU", "", None, 3, ["relu"]])
@pytest.mark.parametrize("call", [activation, lambda name: activate([1.0], name)])
def test_an_unknown_activation_lists_the_known_ones(name, call):
    with pytest.raises(ValueError, match=f"unknown activation .* known ones are {', '.join(NAMES)}"):
        call(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["function", "derivative"])
def test_bad_arrays_are_refused_in_a_sentence(name, what):
    function = getattr(activation(name), what)
    with pytest.raises(ValueError, match=r"z is empty \(z\.shape=\(0, 3\)\); give at least one entry"):
        function(np.zeros((0, 3)))
    with pytest.raises(ValueError, match="z has rows of different lengths"):
        function([[1.0, 2.0], [3.0]])
    for wrong in (["1"], [True], [1j], [None]):
        with pytest.raises(TypeError, match=r"z must hold real numbers, but its dtype is .*astype\(float\)"):
            function(wrong)
