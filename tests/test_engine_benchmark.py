"""The engine keeps near PyTorch and far ahead of single numbers: ratios only, each side timed in turn."""

import numpy as np
import pytest

from benchmarks import engine_step


@pytest.mark.slow
def test_engine_is_within_its_goals() -> None:
    pairs = [engine_step.compare(steps=30) for _ in range(3)]
    assert min(engine / other for engine, other in pairs) < engine_step.GOAL_TORCH
    scalar, _ = engine_step.timed(
        lambda: engine_step.scalar_step(engine_step.make_task(np.random.default_rng(0)))
    )
    assert engine_step.BATCH * scalar / min(engine for engine, _ in pairs) > engine_step.GOAL_SCALAR


def test_single_numbers_have_the_engine_s_gradients() -> None:
    a, b = engine_step.Number(0.5), engine_step.Number(-2.0)
    ((a * b).exp() + a * a).log().backward()
    value = np.exp(-1) + 0.25
    assert a.grad == pytest.approx((np.exp(-1) * -2 + 1) / value)
    assert b.grad == pytest.approx(np.exp(-1) * 0.5 / value)


def test_single_numbers_get_the_loss_of_their_example() -> None:
    task = engine_step.make_task(np.random.default_rng(1))
    small = engine_step.Task(task.x[:, :20], task.t, [task.weights[0][:20], *task.weights[1:]])
    W_1, b_1, W_2, b_2 = small.weights
    z = np.maximum(small.x[:1] @ W_1 + b_1, 0) @ W_2 + b_2
    expected = np.log(np.exp(z).sum()) - z[0, small.t[0]]
    assert engine_step.scalar_step(small) == pytest.approx(expected, rel=1e-5)
