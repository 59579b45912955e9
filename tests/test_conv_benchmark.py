"""The convolution layer keeps near PyTorch, far ahead of loops, and small: ratios only, the sides in turn."""

import time

import numpy as np
import pytest

from benchmarks import conv_layer
from course_utils.reference import conv2d, conv2d_backward


@pytest.mark.slow
def test_the_layer_is_within_its_goals_on_one_thread() -> None:
    # Processor time on one thread: other programs count little. `conv_layer.py` itself shows two threads.
    seconds = conv_layer.compare(runs=40, threads=1, clock=time.process_time)
    slow = conv_layer.time_loops(clock=time.process_time)
    for ours, other, loops in zip(seconds.ours, seconds.torch, slow, strict=True):
        assert ours < conv_layer.GOAL_TORCH * other
        assert conv_layer.BATCH * loops > conv_layer.GOAL_LOOPS * ours


@pytest.mark.slow
def test_the_layer_needs_little_memory() -> None:
    peak, allowed = conv_layer.memory()
    assert 0 < peak < allowed


def test_the_loops_compute_the_layer() -> None:
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(2, 3, 6, 5)), rng.normal(size=(4, 3, 3, 2))
    y_bar = rng.normal(size=(2, 4, 4, 4))
    np.testing.assert_allclose(conv_layer.loops(x, W), conv2d(x, W), atol=1e-12)
    for slow, fast in zip(conv_layer.loops_backward(y_bar, x, W), conv2d_backward(y_bar, x, W), strict=False):
        np.testing.assert_allclose(slow, fast, atol=1e-12)
