"""Schedules pass through their landmarks, stay in their bounds, and agree with PyTorch's."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils.training import constant, cosine, exponential, one_cycle, step_decay

TIMES = st.floats(0, 60)


def test_constant_is_one():
    assert {constant()(epochs) for epochs in (0, 0.5, 100)} == {1.0}


@pytest.mark.parametrize(
    ("schedule", "values"),
    [
        (step_decay(2), {0: 1, 1.99: 1, 2: 0.1, 3.99: 0.1, 4: 0.01}),
        (step_decay(0.5, 0.5), {0: 1, 0.49: 1, 0.5: 0.5, 1.0: 0.25}),
        (step_decay(0.1, 0.5), {0.3: 0.125, 0.7: 0.5**7}),  # 0.3 / 0.1 is below 3 in a computer
        (exponential(0.9), {0: 1, 1: 0.9, 2: 0.81, 0.5: 0.9**0.5}),
        (exponential(1.0), {0: 1, 7: 1}),
        (cosine(10), {0: 1, 2.5: (1 + math.sqrt(0.5)) / 2, 5: 0.5, 10: 0, 12: 0}),
        (cosine(10, warmup=2, floor=0.2), {0: 0, 1: 0.5, 2: 1, 6: 0.6, 10: 0.2, 99: 0.2}),
        (cosine(4, floor=1), {0: 1, 3: 1}),
        (one_cycle(10), {0: 0.04, 1.5: 0.52, 3: 1, 6.5: 0.5, 10: 0, 11: 0}),
        (one_cycle(10, peak_at=0.5, start=0.2, end=0.1), {0: 0.2, 2.5: 0.6, 5: 1, 7.5: 0.55, 10: 0.1}),
    ],
)
def test_landmarks(schedule, values):
    for epochs, factor in values.items():
        assert schedule(epochs) == pytest.approx(factor, abs=1e-9)


@given(now=TIMES, epochs=st.floats(0.1, 50), share=st.floats(0, 0.99), floor=st.floats(0, 1))
def test_cosine_stays_between_its_floor_and_one(now, epochs, share, floor):
    warmup = share * epochs
    factor = cosine(epochs, warmup=warmup, floor=floor)(now)
    assert (0 if now < warmup else floor) - 1e-12 <= factor <= 1 + 1e-12


@given(
    now=TIMES,
    epochs=st.floats(0.1, 50),
    peak=st.floats(0.01, 0.99),
    start=st.floats(0, 1),
    end=st.floats(0, 1),
)
def test_one_cycle_rises_and_falls(now, epochs, peak, start, end):
    schedule = one_cycle(epochs, peak_at=peak, start=start, end=end)
    assert min(start, end) - 1e-12 <= schedule(now) <= 1 + 1e-12
    assert schedule(peak * epochs) == pytest.approx(1, abs=1e-6)
    later = now + 0.01 * epochs
    if later < peak * epochs:
        assert schedule(later) >= schedule(now) - 1e-12
    if now > peak * epochs:
        assert schedule(later) <= schedule(now) + 1e-12


@given(now=TIMES, later=TIMES, every=st.floats(0.1, 9), factor=st.floats(0.01, 1))
def test_decays_never_rise(now, later, every, factor):
    early, late = sorted((now, later))
    for schedule in (step_decay(every, factor), exponential(factor)):
        assert schedule(late) <= schedule(early) <= 1


STEPS = 40


def torchs(make):
    """Return the factors that one of PyTorch's schedulers gives at each of some steps."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler, factors = make(optimizer), []
    for _ in range(STEPS):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return factors


SCHEDULERS = torch.optim.lr_scheduler
PAIRS = {
    "step": (step_decay(3, 0.5), 10, lambda o: SCHEDULERS.StepLR(o, 30, 0.5)),
    "exponential": (exponential(0.8), 10, lambda o: SCHEDULERS.ExponentialLR(o, 0.8**0.1)),
    "cosine": (cosine(4, floor=0.1), 10, lambda o: SCHEDULERS.CosineAnnealingLR(o, STEPS, eta_min=0.1)),
    "warm-up": (
        cosine(1e9, warmup=2), 10, lambda o: SCHEDULERS.LambdaLR(o, lambda step: min(1.0, step / 20)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_pytorchs_schedulers_give_the_same_factors(name):
    schedule, per_epoch, make = PAIRS[name]
    assert torchs(make) == pytest.approx([schedule(step / per_epoch) for step in range(STEPS)], abs=1e-6)


def test_pytorchs_one_cycle_gives_the_same_factors():
    # PyTorch's peak is at step pct_start * total - 1, and its last step is total - 1
    factors = torchs(lambda o: SCHEDULERS.OneCycleLR(
        o, 1.0, total_steps=STEPS, pct_start=0.25, div_factor=25, final_div_factor=40))[: STEPS]  # fmt: skip
    schedule = one_cycle(STEPS - 1, peak_at=(0.25 * STEPS - 1) / (STEPS - 1), start=1 / 25, end=1 / 25 / 40)
    assert factors == pytest.approx([schedule(step) for step in range(STEPS)], abs=1e-6)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: step_decay(0), "every=0 must be above 0; it counts epochs or multiplies a rate"),
        (lambda: step_decay(3, 0.0), "factor=0.0 must be above 0"),
        (lambda: step_decay(math.nan), "every=nan must be above 0"),
        (lambda: exponential(0.0), "decay=0.0 must be above 0 and at most 1; 0.9 loses a tenth each epoch"),
        (lambda: exponential(1.1), "decay=1.1 must be"),
        (
            lambda: cosine(0),
            r"cosine\(0, warmup=0.0, floor=0.0\) needs 0 <= warmup < epochs and floor between",
        ),
        (lambda: cosine(5, warmup=5), "needs 0 <= warmup < epochs"),
        (lambda: cosine(5, warmup=-1), "needs 0 <= warmup < epochs"),
        (lambda: cosine(5, floor=1.5), "floor between 0 and 1"),
        (lambda: one_cycle(0), "epochs=0 must be above 0"),
        (
            lambda: one_cycle(5, peak_at=1.0),
            "one_cycle needs 0 < peak_at < 1 and start and end between 0 and 1",
        ),
        (lambda: one_cycle(5, peak_at=0.0), "but peak_at=0.0"),
        (lambda: one_cycle(5, start=2), "start=2"),
        (lambda: one_cycle(5, end=-1), "end=-1"),
    ],
)
def test_settings_out_of_range(make, match):
    with pytest.raises(ValueError, match=match):
        make()
