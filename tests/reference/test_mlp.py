import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.checks import central_differences
from course_utils.reference import (
    Layer,
    dense,
    hidden_activations,
    initialise_layers,
    mlp,
    mlp_backward,
    tanh,
)

TORCH = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "softplus": torch.nn.functional.softplus,
    "logistic": torch.sigmoid,
    "tanh": torch.tanh,
}
XOR_BY_HAND = (  # the Toronto deck's network: OR and AND, then OR but not AND
    Layer([[1, 1], [1, 1]], [-0.5, -1.5], "hard_threshold"),
    Layer([[1, -1]], [-0.5], "hard_threshold"),
)
SQUARE = [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_xor_by_hand():
    or_and, xor = hidden_activations(SQUARE, XOR_BY_HAND)
    np.testing.assert_array_equal(or_and, [[0, 0], [1, 0], [1, 0], [1, 1]])
    np.testing.assert_array_equal(xor, [[0], [1], [1], [0]])
    np.testing.assert_array_equal(mlp(SQUARE, XOR_BY_HAND), xor)


def test_no_gradient_reaches_through_hard_thresholds():
    x_bar, gradients = mlp_backward(np.ones((4, 1)), SQUARE, XOR_BY_HAND)
    assert not x_bar.any()
    assert not any(W_bar.any() or b_bar.any() for W_bar, b_bar in gradients)


@given(
    batch=st.integers(1, 4),
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
@settings(deadline=None, max_examples=30)
def test_values_and_gradients_are_those_of_torch(batch, sizes, seed, data):
    names = [data.draw(st.sampled_from(sorted(TORCH))) for _ in sizes[1:]]
    rng = np.random.default_rng(seed)
    layers = initialise_layers(sizes, names, rng=rng)
    x, y_bar = rng.standard_normal((batch, sizes[0])), rng.standard_normal((batch, sizes[-1]))
    inputs = torch.tensor(x, requires_grad=True)
    weights = [torch.tensor(a, requires_grad=True) for layer in layers for a in (layer.W, layer.b)]
    h = inputs
    for place, name in enumerate(names):
        h = TORCH[name](torch.nn.functional.linear(h, weights[2 * place], weights[2 * place + 1]))
    h.backward(torch.tensor(y_bar))
    x_bar, gradients = mlp_backward(y_bar, x, layers)
    np.testing.assert_allclose(mlp(x, layers), h.detach(), atol=1e-10)
    np.testing.assert_allclose(x_bar, inputs.grad, atol=1e-10)
    for gradient, weight in zip([g for pair in gradients for g in pair], weights, strict=True):
        np.testing.assert_allclose(gradient, weight.grad, atol=1e-10)


def test_gradients_are_those_of_central_differences():
    rng = np.random.default_rng(0)
    layers = initialise_layers((3, 4, 2), ("tanh", "identity"), rng=rng)
    x, y_bar = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    x_bar, gradients = mlp_backward(y_bar, x, layers)

    def weighted_output(W):
        return np.sum(y_bar * mlp(x, (Layer(W, layers[0].b, "tanh"), layers[1])))

    np.testing.assert_allclose(gradients[0][0], central_differences(weighted_output, layers[0].W), atol=1e-8)
    numeric = central_differences(lambda v: np.sum(y_bar * mlp(v, layers)), x)
    np.testing.assert_allclose(x_bar, numeric, atol=1e-8)


def test_layers_compose():
    rng = np.random.default_rng(0)
    layers = initialise_layers((3, 4, 2), ("tanh", "identity"), rng=rng)
    x = rng.standard_normal((5, 3))
    h = tanh(dense(x, layers[0].W, layers[0].b))
    np.testing.assert_array_equal(mlp(x, layers), dense(h, layers[1].W, layers[1].b))
    np.testing.assert_array_equal(mlp(x, layers), mlp(mlp(x, layers[:1]), layers[1:]))


def test_float32_stays():
    layers = (Layer(np.ones((2, 3), np.float32), np.zeros(2, np.float32), "logistic"),)
    x = np.ones((4, 3), np.float32)
    y = mlp(x, layers)
    x_bar, ((W_bar, b_bar),) = mlp_backward(y, x, layers)
    assert {array.dtype for array in (y, x_bar, W_bar, b_bar)} == {np.dtype(np.float32)}


def test_a_layer_turns_lists_of_integers_into_floats():
    layer = Layer([[1, 2]], [3], "relu")
    assert layer.W.dtype == layer.b.dtype == np.float64
    with pytest.raises(AttributeError, match="cannot assign to field"):
        layer.activation = "tanh"


def test_a_layer_refuses_what_does_not_fit():
    with pytest.raises(
        ValueError, match=r"b has 2 biases but W has 1 units \(b\.shape=\(2,\), W\.shape=\(1, 2\)\)"
    ):
        Layer([[1, 2]], [3, 4], "relu")
    with pytest.raises(ValueError, match="unknown activation 'sigmoid'; the known ones are identity"):
        Layer([[1, 2]], [3], "sigmoid")
    with pytest.raises(TypeError, match="W must hold real numbers"):
        Layer([["1", "2"]], [3], "relu")


def test_a_generator_fixes_the_weights():
    def draw(seed):
        return initialise_layers((4, 3, 2), ("relu", "identity"), rng=np.random.default_rng(seed))

    for one, other in zip(draw(7), draw(7), strict=True):
        np.testing.assert_array_equal(one.W, other.W)
    assert not np.array_equal(draw(7)[0].W, draw(8)[0].W)


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("relu", 2 / 300),
        ("softplus", 2 / 300),
        ("identity", 2 / 500),
        ("hard_threshold", 2 / 500),
        ("logistic", 2 / 500),
        ("tanh", 2 / 500),
    ],
)
def test_weights_have_the_variance_that_the_docstring_states(name, variance):
    (layer,) = initialise_layers((300, 200), (name,), rng=np.random.default_rng(0))
    assert layer.activation == name
    assert layer.W.shape == (200, 300)
    assert layer.W.var() == pytest.approx(variance, rel=0.03)
    assert layer.W.mean() == pytest.approx(0, abs=4 * np.sqrt(variance / layer.W.size))
    np.testing.assert_array_equal(layer.b, np.zeros(200))


@pytest.mark.parametrize(
    ("sizes", "names"),
    [((2, 3, 1), ("relu",)), ((2, 3), ("relu", "tanh")), ((2,), ()), ((), ()), ((2, 3, 1, 1), "relu")],
)
def test_one_activation_for_each_layer(sizes, names):
    with pytest.raises(ValueError, match=r"makes \d layers but activations=.*give a list"):
        initialise_layers(sizes, names, rng=np.random.default_rng(0))


def test_sizes_are_positive_and_activations_known():
    with pytest.raises(ValueError, match=r"sizes=\(2, 0\) holds a size smaller than 1"):
        initialise_layers((2, 0), ("relu",), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="unknown activation 'swish'"):
        initialise_layers((2, 1), ("swish",), rng=np.random.default_rng(0))


def test_a_network_needs_a_layer():
    with pytest.raises(ValueError, match="layers is empty"):
        mlp([[1.0]], ())


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(
        ValueError, match=r"x has 3 features but W expects 2 \(x\.shape=\(1, 3\), W\.shape=\(2, 2\)\)"
    ):
        mlp([[1.0, 2.0, 3.0]], XOR_BY_HAND)
    with pytest.raises(ValueError, match=r"y_bar\.shape=\(4, 2\) and y\.shape=\(4, 1\)"):
        mlp_backward(np.ones((4, 2)), SQUARE, XOR_BY_HAND)
    with pytest.raises(ValueError, match=r"y_bar must have 2 axes \(batch, outputs\)"):
        mlp_backward(np.ones(4), SQUARE, XOR_BY_HAND)


def test_a_seed_in_the_place_of_a_generator_is_refused():
    with pytest.raises(TypeError, match="rng must be a generator, but rng=0"):
        initialise_layers((2, 1), ("identity",), rng=0)
