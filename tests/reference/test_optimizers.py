from dataclasses import FrozenInstanceError, fields
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.reference import (
    AdamState,
    MomentumState,
    RMSpropState,
    adam_step,
    adamw_step,
    momentum_step,
    rmsprop_step,
    sgd_step,
)
from tests.reference.refusals import assert_one_sentence

STEPS = 200
rates = st.floats(1e-4, 0.1)
decays = st.floats(0, 0.99)
epsilons = st.floats(1e-4, 1e-2)  # a division by epsilon makes rounding errors at most 10 000 times as large
pulls = st.one_of(st.just(0.0), st.floats(1e-3, 0.5))
problems = {
    "shape": st.sampled_from([(1,), (7,), (3, 2), (2, 3, 4), (40,)]),
    "seed": st.integers(0, 2**32 - 1),
}
ALL_STEPS = {
    "sgd": partial(sgd_step, learning_rate=0.1, weight_decay=0.3),
    "momentum": partial(momentum_step, learning_rate=0.1, momentum=0.8),
    "nesterov": partial(momentum_step, learning_rate=0.1, nesterov=True),
    "rmsprop": partial(rmsprop_step, learning_rate=0.1),
    "adam": partial(adam_step, learning_rate=0.1),
    "adamw": partial(adamw_step, learning_rate=0.1),
}
every_step = pytest.mark.parametrize("step", ALL_STEPS.values(), ids=ALL_STEPS)


def assert_goes_like_torch(step, optimizer, shape, seed):
    """Walk down a noisy quadratic with both, and compare every step."""
    rng = np.random.default_rng(seed)
    curvature, centre = rng.uniform(0.1, 2, shape), rng.standard_normal(shape)
    w, state = rng.standard_normal(shape), None
    theirs = torch.tensor(w, requires_grad=True)
    descent = optimizer([theirs])
    for number in range(STEPS):
        noise = rng.standard_normal(shape)  # the gradient of a batch is not that of all examples
        theirs.grad = torch.tensor(curvature * (theirs.detach().numpy() - centre) + noise)
        w, state = step(w, curvature * (w - centre) + noise, state)
        descent.step()
        np.testing.assert_allclose(
            w, theirs.detach(), rtol=1e-12, atol=1e-12, err_msg=f"step {number + 1} of {STEPS}"
        )


@given(learning_rate=rates, weight_decay=pulls, **problems)
@settings(deadline=None, max_examples=25)
def test_sgd_goes_like_torch(learning_rate, weight_decay, shape, seed):
    ours = partial(sgd_step, learning_rate=learning_rate, weight_decay=weight_decay)
    theirs = partial(torch.optim.SGD, lr=learning_rate, weight_decay=weight_decay)
    assert_goes_like_torch(ours, theirs, shape, seed)


@given(learning_rate=rates, momentum=decays, nesterov=st.booleans(), **problems)
@settings(deadline=None, max_examples=25)
def test_momentum_goes_like_torch(learning_rate, momentum, nesterov, shape, seed):
    nesterov = nesterov and momentum > 0  # PyTorch refuses Nesterov's look ahead without momentum
    ours = partial(momentum_step, learning_rate=learning_rate, momentum=momentum, nesterov=nesterov)
    theirs = partial(torch.optim.SGD, lr=learning_rate, momentum=momentum, nesterov=nesterov)
    assert_goes_like_torch(ours, theirs, shape, seed)


@given(learning_rate=rates, decay=decays, epsilon=epsilons, **problems)
@settings(deadline=None, max_examples=25)
def test_rmsprop_goes_like_torch(learning_rate, decay, epsilon, shape, seed):
    ours = partial(rmsprop_step, learning_rate=learning_rate, decay=decay, epsilon=epsilon)
    theirs = partial(torch.optim.RMSprop, lr=learning_rate, alpha=decay, eps=epsilon)
    assert_goes_like_torch(ours, theirs, shape, seed)


@given(learning_rate=rates, beta_1=decays, beta_2=st.floats(0.5, 0.9999), epsilon=epsilons, **problems)
@settings(deadline=None, max_examples=25)
def test_adam_goes_like_torch(learning_rate, beta_1, beta_2, epsilon, shape, seed):
    ours = partial(adam_step, learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)
    theirs = partial(torch.optim.Adam, lr=learning_rate, betas=(beta_1, beta_2), eps=epsilon)
    assert_goes_like_torch(ours, theirs, shape, seed)


@given(learning_rate=rates, beta_1=decays, beta_2=st.floats(0.5, 0.9999), weight_decay=pulls, **problems)
@settings(deadline=None, max_examples=25)
def test_adamw_goes_like_torch(learning_rate, beta_1, beta_2, weight_decay, shape, seed):
    options = {"learning_rate": learning_rate, "weight_decay": weight_decay, "epsilon": 1e-4}
    ours = partial(adamw_step, beta_1=beta_1, beta_2=beta_2, **options)
    betas = (beta_1, beta_2)
    theirs = partial(torch.optim.AdamW, lr=learning_rate, betas=betas, weight_decay=weight_decay, eps=1e-4)
    assert_goes_like_torch(ours, theirs, shape, seed)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (partial(sgd_step, learning_rate=0.1), partial(torch.optim.SGD, lr=0.1)),
        (partial(momentum_step, learning_rate=0.1), partial(torch.optim.SGD, lr=0.1, momentum=0.9)),
        (partial(rmsprop_step, learning_rate=0.1), partial(torch.optim.RMSprop, lr=0.1)),
        (adam_step, torch.optim.Adam),
        (adamw_step, torch.optim.AdamW),
    ],
    ids=["sgd", "momentum", "rmsprop", "adam", "adamw"],
)
def test_the_defaults_are_those_of_torch(ours, theirs):
    assert_goes_like_torch(ours, theirs, (5,), seed=0)


@pytest.mark.parametrize("step", [adam_step, adamw_step, partial(rmsprop_step, learning_rate=0.1)])
def test_epsilon_keeps_a_tiny_gradient_from_a_full_step(step):
    # 1e-12 over 1e-12 plus epsilon: the step is small, since the gradient is small against 1e-8
    w, _ = step(np.zeros(1), np.array([1e-12]))
    assert 0 < -w[0] < 1e-4


def test_steps_worked_by_hand():
    w, w_bar = np.array([1.0, -2.0]), np.array([4.0, 0.5])
    np.testing.assert_allclose(sgd_step(w, w_bar, learning_rate=0.1)[0], [0.6, -2.05])
    np.testing.assert_allclose(
        sgd_step(w, w_bar, learning_rate=0.1, weight_decay=0.5)[0], [0.55, -1.95]
    )  # the gradients become 4 + 0.5 and 0.5 - 1
    w_1, state = momentum_step(w, w_bar, learning_rate=0.1, momentum=0.5)
    np.testing.assert_allclose(w_1, [0.6, -2.05])
    w_2, state = momentum_step(w_1, np.array([1.0, 1.0]), state, learning_rate=0.1, momentum=0.5)
    np.testing.assert_allclose(state.v, [3.0, 1.25])
    np.testing.assert_allclose(w_2, [0.3, -2.175])
    ahead, _ = momentum_step(w, w_bar, learning_rate=0.1, momentum=0.5, nesterov=True)
    np.testing.assert_allclose(ahead, [0.4, -2.075])  # one and a half times the plain step
    w_1, state = rmsprop_step(w, w_bar, learning_rate=0.1, decay=0.75)
    np.testing.assert_allclose(state.v, [4.0, 0.0625])
    np.testing.assert_allclose(w_1, [0.8, -2.2])  # 0.1 of the gradient over half of itself


def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_gradients_size():
    w, state = adam_step(np.zeros(3), np.array([1e-3, -5.0, 2e4]), learning_rate=0.1)
    np.testing.assert_allclose(w, [-0.1, 0.1, -0.1], rtol=2e-5)
    assert state.steps == 1


def test_velocity_under_one_gradient_adds_up_to_that_of_a_geometric_series():
    w, state = np.zeros(1), None
    for _ in range(12):
        w, state = momentum_step(w, np.array([2.0]), state, learning_rate=1.0, momentum=0.75)
    np.testing.assert_allclose(state.v, 2 * (1 - 0.75**12) / (1 - 0.75))


def test_weight_decay_of_adamw_does_not_depend_on_the_gradient():
    w, options = np.array([1.0, -3.0]), {"learning_rate": 0.1, "weight_decay": 0.25}
    for w_bar in (np.array([1e-3, 1e-3]), np.array([500.0, 2.0])):
        with_decay, _ = adamw_step(w, w_bar, **options)
        without, _ = adam_step(w, w_bar, learning_rate=0.1)
        np.testing.assert_allclose(with_decay - without, -0.025 * w)


@every_step
def test_nothing_given_is_changed(step):
    rng = np.random.default_rng(0)
    w, w_bar = rng.standard_normal((2, 3, 4))
    _, state = step(w, w_bar)
    held = [w, w_bar, *(np.asarray(getattr(state, f.name)) for f in (fields(state) if state else ()))]
    before = [array.copy() for array in held]
    w_next, state_next = step(w, w_bar, state)
    w_next += 1
    if state_next is not None:
        state_next.v[...] = 7.0
    for array, kept in zip(held, before, strict=True):
        np.testing.assert_array_equal(array, kept)


@every_step
@pytest.mark.parametrize("rate", [0.1, np.float64(0.1), np.float32(0.1)])
def test_float32_stays_float32(step, rate):
    w, w_bar, state = np.ones((2, 2), np.float32), np.ones((2, 2), np.float32), None
    for gradient in (w_bar, w_bar.astype(np.float64)):  # the weights decide
        w, state = partial(step.func, learning_rate=rate)(w, gradient, state)
        assert w.dtype == np.float32
        for field in fields(state) if state else ():
            array = getattr(state, field.name)
            assert field.name == "steps" or array.dtype == np.float32


@every_step
def test_a_learning_rate_of_zero_stays_where_it_is(step):
    w = np.array([1.0, 2.0])
    w_next, _ = step(w, np.array([3.0, -1.0]), learning_rate=0.0)
    np.testing.assert_array_equal(w_next, w)
    assert w_next is not w


@every_step
def test_lists_of_floats_will_do(step):
    w, _ = step([1.0, 2.0], [0.5, 0.5])
    np.testing.assert_array_equal(w, step(np.array([1.0, 2.0]), np.array([0.5, 0.5]))[0])


def test_sgd_has_no_state():
    assert sgd_step(np.ones(2), np.ones(2), learning_rate=0.1)[1] is None


@pytest.mark.parametrize("kind", [MomentumState, RMSpropState, AdamState])
def test_a_state_cannot_be_written_and_is_told_apart_by_identity(kind):
    arrays = {field.name: np.ones(2) for field in fields(kind)}
    state = kind(**arrays)
    with pytest.raises(FrozenInstanceError):
        state.v = np.zeros(2)
    assert state != kind(**{name: array.copy() for name, array in arrays.items()})


@every_step
@pytest.mark.parametrize(
    ("w", "w_bar", "error", "sentence"),
    [
        (
            np.ones(2),
            np.ones(3),
            ValueError,
            r"w and w_bar must have the same shape, but w\.shape=\(2,\) and w_bar\.shape=\(3,\)",
        ),
        (np.ones((2, 1)), np.ones(2), ValueError, r"w\.shape=\(2, 1\) and w_bar\.shape=\(2,\)"),
        (np.ones(0), np.ones(0), ValueError, r"w is empty \(w\.shape=\(0,\)\); give"),
        (
            np.ones(2, int),
            np.ones(2),
            TypeError,
            r"w must hold floats, but its dtype is int64; convert it with np\.asarray\(w, float\)",
        ),
        ([1, 2], [1.0, 2.0], TypeError, "w must hold floats, but its dtype is int64"),
        (np.ones(2), np.ones(2, np.uint8), TypeError, "w_bar must hold floats, but its dtype is uint8"),
        (np.ones(2, complex), np.ones(2), TypeError, "w must hold real numbers, but its dtype is complex128"),
        ([[1.0], [1.0, 2.0]], [0.0], ValueError, "w has rows of different lengths; give as many numbers"),
        (np.ones(2), np.ones(2, bool), TypeError, "w_bar must hold real numbers, but its dtype is bool"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(step, w, w_bar, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        step(w, w_bar)
    assert_one_sentence(caught)


OUT_OF_RANGE = [
    (sgd_step, "learning_rate", -0.1, r"learning_rate=-0\.1 but it must be finite and at least 0; give"),
    (momentum_step, "learning_rate", np.inf, "learning_rate=inf but it must be finite and at least 0"),
    (rmsprop_step, "learning_rate", np.nan, "learning_rate=nan but it must be finite and at least 0"),
    (adam_step, "learning_rate", -1, r"learning_rate=-1\.0 but it must be finite and at least 0"),
    (adamw_step, "learning_rate", -1e-9, "learning_rate=-1e-09 but it must be finite and at least 0"),
    (sgd_step, "weight_decay", -0.1, r"weight_decay=-0\.1 but it must be finite and at least 0"),
    (adamw_step, "weight_decay", -0.1, r"weight_decay=-0\.1 but it must be finite and at least 0"),
    (momentum_step, "momentum", 1.0, r"momentum=1\.0 but it must be at least 0 and less than 1; give"),
    (momentum_step, "momentum", -0.1, r"momentum=-0\.1 but it must be at least 0 and less than 1"),
    (rmsprop_step, "decay", 1.0, r"decay=1\.0 but it must be at least 0 and less than 1"),
    (adam_step, "beta_1", 1.0, r"beta_1=1\.0 but it must be at least 0 and less than 1"),
    (adam_step, "beta_2", 1.5, r"beta_2=1\.5 but it must be at least 0 and less than 1"),
    (adamw_step, "beta_1", -0.1, r"beta_1=-0\.1 but it must be at least 0 and less than 1"),
    (adamw_step, "beta_2", np.nan, r"beta_2=nan but it must be at least 0 and less than 1"),
    (rmsprop_step, "epsilon", 0.0, r"epsilon=0\.0 but it must be finite and larger than 0; give"),
    (adam_step, "epsilon", -1e-8, "epsilon=-1e-08 but it must be finite and larger than 0"),
    (adamw_step, "epsilon", np.inf, "epsilon=inf but it must be finite and larger than 0"),
]


@pytest.mark.parametrize(("step", "name", "value", "sentence"), OUT_OF_RANGE)
def test_a_setting_out_of_range_is_refused(step, name, value, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        step(np.ones(2), np.ones(2), **{"learning_rate": 0.1, name: value})
    assert_one_sentence(caught)


@every_step
@pytest.mark.parametrize("value", ["0.1", None, True, np.array([0.1])])
def test_a_setting_that_is_no_number_is_refused(step, value):
    with pytest.raises(
        TypeError, match=r"learning_rate must be a number, but learning_rate=.*; give one"
    ) as c:
        step(np.ones(2), np.ones(2), learning_rate=value)
    assert_one_sentence(c)


@pytest.mark.parametrize(
    ("step", "state", "sentence"),
    [
        (
            sgd_step,
            MomentumState(np.ones(2)),
            "state is of type MomentumState but sgd_step remembers nothing",
        ),
        (
            momentum_step,
            RMSpropState(np.ones(2)),
            "type RMSpropState but this rule makes MomentumState; pass",
        ),
        (rmsprop_step, MomentumState(np.ones(2)), "type MomentumState but this rule makes RMSpropState"),
        (adam_step, {"m": 0, "v": 0}, "type dict but this rule makes AdamState"),
        (adamw_step, RMSpropState(np.ones(2)), "type RMSpropState but this rule makes AdamState"),
    ],
)
def test_the_state_of_another_rule_is_refused(step, state, sentence):
    with pytest.raises(TypeError, match=sentence) as caught:
        step(np.ones(2), np.ones(2), state, learning_rate=0.1)
    assert_one_sentence(caught)


@pytest.mark.parametrize(
    ("step", "state", "name"),
    [
        (momentum_step, MomentumState(np.ones(3)), "v"),
        (rmsprop_step, RMSpropState(np.ones((2, 1))), "v"),
        (adam_step, AdamState(np.ones(3), np.ones(2), 1), "m"),
        (adamw_step, AdamState(np.ones(2), np.ones(3), 1), "v"),
    ],
)
def test_the_state_of_other_weights_is_refused(step, state, name):
    sentence = rf"state\.{name} has shape .* but w has shape \(2,\); keep one state for each array of weights"
    with pytest.raises(ValueError, match=sentence) as caught:
        step(np.ones(2), np.ones(2), state, learning_rate=0.1)
    assert_one_sentence(caught)
