import numpy as np
import pytest

from course_utils.checks import assert_gradients_match, central_differences


def scaled_product(x, W, b):
    return x @ W.T + b


def scaled_product_backward(z_bar, x, W, b):
    return z_bar @ W, z_bar.T @ x, z_bar.sum(axis=0)


@pytest.fixture
def arguments():
    rng = np.random.default_rng(1)
    return rng.standard_normal((4, 3)), rng.standard_normal((2, 3)), rng.standard_normal(2)


def test_the_gradient_of_a_cubic_is_known():
    x = np.array([[1.0, -2.0, 0.5]])
    np.testing.assert_allclose(central_differences(lambda v: np.sum(v**3), x), 3 * x**2, atol=1e-8)


def test_a_single_number_and_integers_can_be_differentiated():
    assert central_differences(np.sin, 0.3) == pytest.approx(np.cos(0.3), abs=1e-9)
    np.testing.assert_allclose(central_differences(lambda v: v @ v, [1, 2]), [2, 4], atol=1e-9)


def test_the_step_is_used():
    # the formula's error for a cubic is exactly the square of the step
    assert central_differences(lambda v: v**3, 0.0, step=0.5) == pytest.approx(0.25)


def test_the_argument_is_not_changed_even_by_a_function_that_changes_its_own():
    def greedy(v):
        value = float(np.sum(v**2))
        v[...] = 0
        return value

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(central_differences(greedy, x), [2, 4], atol=1e-9)
    np.testing.assert_array_equal(x, [1, 2])


@pytest.mark.parametrize("step", [0, -1e-5, np.nan])
def test_a_step_must_be_positive(step):
    with pytest.raises(ValueError, match="a difference needs a positive step"):
        central_differences(np.sum, [1.0], step=step)


def test_an_empty_array_is_refused():
    with pytest.raises(ValueError, match=r"x is empty \(shape \(0, 2\)\)"):
        central_differences(np.sum, np.zeros((0, 2)))


@pytest.mark.parametrize("x", [["a"], [True], [1j], [None]])
def test_what_is_not_a_real_number_is_refused(x):
    with pytest.raises(TypeError, match="x must hold real numbers, but its dtype is"):
        central_differences(np.sum, x)


def test_a_function_of_several_outputs_is_refused():
    with pytest.raises(ValueError, match=r"function returned shape \(2,\) but must return one number"):
        central_differences(lambda v: v, np.ones(2))


def test_right_gradients_pass(arguments):
    assert_gradients_match(scaled_product, scaled_product_backward, *arguments, rng=np.random.default_rng(0))


def test_float32_arguments_are_computed_in_float64(arguments):
    singles = [value.astype(np.float32) for value in arguments]
    assert_gradients_match(scaled_product, scaled_product_backward, *singles, rng=np.random.default_rng(0))


def test_a_gradient_of_one_argument_need_not_be_a_tuple():
    assert_gradients_match(
        np.sin, lambda y_bar, x: y_bar * np.cos(x), np.ones(3), rng=np.random.default_rng(0)
    )
    assert_gradients_match(np.sin, lambda y_bar, x: y_bar * np.cos(x), 0.3, rng=np.random.default_rng(0))


def test_arguments_that_are_not_floats_are_passed_on():
    def pick(x, rows, name):
        assert name == "rows"
        return x[rows]

    def pick_backward(y_bar, x, rows, name):
        x_bar = np.zeros_like(x)
        np.add.at(x_bar, rows, y_bar)
        return x_bar

    x, rows = np.arange(4.0), np.array([2, 0, 2])
    assert_gradients_match(pick, pick_backward, x, rows, "rows", rng=np.random.default_rng(0))


WRONG = {
    "the wrong sign": lambda W_bar: -W_bar,
    "zeros": np.zeros_like,
    "doubled": lambda W_bar: 2 * W_bar,
    "off by a little": lambda W_bar: W_bar + 1e-4,
    "NaN": lambda W_bar: W_bar * np.nan,
    "infinite": lambda W_bar: W_bar * np.inf,
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_is_named(spoil, arguments):
    def backward(z_bar, x, W, b):
        x_bar, W_bar, b_bar = scaled_product_backward(z_bar, x, W, b)
        return x_bar, spoil(W_bar), b_bar

    with pytest.raises(AssertionError, match=r"the gradient of W\[\d, \d\] is .* central differences give"):
        assert_gradients_match(scaled_product, backward, *arguments, rng=np.random.default_rng(0))


def test_the_one_wrong_entry_and_both_values_are_named():
    def backward(y_bar, x):
        x_bar = 2 * x * y_bar
        x_bar[1] = 7
        return x_bar

    with pytest.raises(AssertionError, match=r"x\[1\] is 7 but .* give .*; 1 of 3 entries of x differ"):
        assert_gradients_match(lambda x: x**2, backward, np.ones(3), rng=np.random.default_rng(0))


def test_a_nan_that_forward_makes_does_not_pass():
    with pytest.raises(AssertionError, match="the gradient of x"):
        assert_gradients_match(
            lambda x: x * np.nan,
            lambda y_bar, x: y_bar * x * np.nan,
            np.ones(2),
            rng=np.random.default_rng(0),
        )


def test_two_infinities_do_not_pass():
    def forward(x):
        return np.where(x > 1, np.inf, 0.0)

    with pytest.raises(
        AssertionError, match=r"the gradient of x is -?inf but central differences give -?inf"
    ):
        assert_gradients_match(
            forward, lambda y_bar, x: np.inf * np.sign(y_bar) * x, 1.0, rng=np.random.default_rng(0)
        )


def test_a_missing_gradient_is_reported(arguments):
    with pytest.raises(
        AssertionError, match=r"returned 2 gradients but forward has 3 float arguments \(x, W, b\)"
    ):
        assert_gradients_match(
            scaled_product,
            lambda *given: scaled_product_backward(*given)[:2],
            *arguments,
            rng=np.random.default_rng(0),
        )


def test_a_gradient_of_another_shape_is_reported(arguments):
    def backward(z_bar, x, W, b):
        return z_bar @ W, x.T @ z_bar, z_bar.sum(axis=0)

    with pytest.raises(AssertionError, match=r"gradient of W has shape \(3, 2\) but W has shape \(2, 3\)"):
        assert_gradients_match(scaled_product, backward, *arguments, rng=np.random.default_rng(0))


def test_a_backward_that_only_works_for_equal_y_bar_is_caught(arguments):
    def backward(z_bar, x, W, b):
        return np.ones_like(z_bar) @ W, z_bar.T @ x, z_bar.sum(axis=0)

    with pytest.raises(AssertionError, match=r"the gradient of x\["):
        assert_gradients_match(scaled_product, backward, *arguments, rng=np.random.default_rng(0))


def test_the_tolerance_is_used():
    options = {"rng": np.random.default_rng(0), "tolerance": 0.5}
    assert_gradients_match(np.sin, lambda y_bar, x: y_bar * np.cos(x) + 0.1, np.ones(2), **options)


def test_names_of_a_function_that_hides_them_are_numbered():
    def forward(*values):
        return values[0]

    with pytest.raises(AssertionError, match=r"the gradient of argument 1\[0\]"):
        assert_gradients_match(forward, lambda y_bar, x: y_bar + x, np.ones(1), rng=np.random.default_rng(0))


def test_a_function_without_a_signature_is_checked_too():
    class Silent:
        __signature__ = "none"

        def __call__(self, x):
            return 2 * x

    assert_gradients_match(Silent(), lambda *given: 2 * given[0], np.ones(2), rng=np.random.default_rng(0))


def test_something_must_be_differentiable():
    with pytest.raises(ValueError, match="none of the arguments holds floats"):
        assert_gradients_match(np.negative, np.negative, np.array([1, 2]), rng=np.random.default_rng(0))
