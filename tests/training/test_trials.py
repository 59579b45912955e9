"""Trial steps find a rate, or what costs time, and leave everything as it was."""

import copy
import json

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from course_utils.training import Operation, Profile, learning_rate_range, profile_steps, train
from tests.training.small import CPU, batches, examples, network, plain, same_weights

TRIALS = {"range": learning_rate_range, "profile": profile_steps}


@pytest.fixture
def half_trained():
    """Return a network in mixed modes, whose optimizer has a state and two groups."""
    model, _ = network()
    optimizer = torch.optim.AdamW([
        {"params": model[0].parameters(), "lr": 0.02}, {"params": model[4].parameters(), "lr": 0.03},
    ])  # fmt: skip
    train(model, optimizer, batches(64), epochs=1, hardware=CPU, progress=False)
    model.train()
    model[1].eval()
    return model, optimizer


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("name", TRIALS)
def test_everything_is_as_it_was(half_trained, name, broken):
    model, optimizer = half_trained
    weights, state = copy.deepcopy(model), copy.deepcopy(optimizer.state_dict())
    modes = [module.training for module in model.modules()]
    calls = []

    def loss(y, t):
        calls.append(1)
        if broken and len(calls) == 5:
            raise KeyError("broken")
        return F.cross_entropy(y, t)

    torch.manual_seed(3)
    if broken:
        with pytest.raises(KeyError, match="broken"):
            TRIALS[name](model, optimizer, batches(), steps=6, loss=loss, hardware=CPU)
    else:
        TRIALS[name](model, optimizer, batches(), steps=6, loss=loss, hardware=CPU)
    drawn = torch.rand(3)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(3))
    assert same_weights(model, weights)
    assert [module.training for module in model.modules()] == modes
    assert len(set(modes)) == 2
    assert all(each.grad is None for each in model.parameters())
    now = optimizer.state_dict()
    assert now["param_groups"] == state["param_groups"]
    assert now["state"].keys() == state["state"].keys() != set()
    for key, its in state["state"].items():
        assert all(torch.equal(value, now["state"][key][each]) for each, value in its.items())


def test_a_fresh_optimizer_stays_fresh():
    model, optimizer = plain()
    learning_rate_range(model, optimizer, batches(), steps=3, hardware=CPU)
    assert optimizer.state_dict()["state"] == {}


def test_rates_rise_and_losses_are_those_before_each_step():
    model, optimizer = plain()
    x, t = examples(32)
    rates, losses = learning_rate_range(
        model, optimizer, (x, t), lowest=1e-3, highest=0.1, steps=5, hardware=CPU
    )
    np.testing.assert_allclose(rates, [1e-3, 10**-2.5, 1e-2, 10**-1.5, 0.1])
    rule = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9)
    for rate, loss in zip(rates, losses, strict=True):
        L = F.cross_entropy(model(x), t)
        assert loss == pytest.approx(L.item(), abs=1e-6)
        rule.zero_grad()
        L.backward()
        rule.param_groups[0]["lr"] = float(rate)
        rule.step()


def test_every_group_is_given_the_rate(half_trained):
    model, optimizer = half_trained
    seen = []
    hook = optimizer.register_step_pre_hook(
        lambda o, *_: seen.append([group["lr"] for group in o.param_groups])
    )
    rates, _ = learning_rate_range(model, optimizer, batches(), steps=4, hardware=CPU)
    hook.remove()
    assert seen == [[rate, rate] for rate in rates]


def test_the_test_ends_when_the_loss_runs_away():
    model, _ = plain()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    rates, losses = learning_rate_range(model, optimizer, batches(), highest=1e6, steps=200, hardware=CPU)
    assert len(rates) == len(losses) < 200
    assert losses[-1] > 2 * losses.min()
    assert np.isfinite(losses[:-1]).all()
    x = torch.full((40, 20), torch.nan)
    rates, losses = learning_rate_range(model, optimizer, (x, torch.zeros(40, dtype=int)), hardware=CPU)
    assert len(rates) == len(losses) == 1


def test_the_same_seed_gives_the_same_losses():
    def losses(seed):
        model, optimizer = network()
        return learning_rate_range(model, optimizer, batches(), steps=9, hardware=CPU, seed=seed)[1]

    np.testing.assert_array_equal(losses(0), losses(0))
    assert not np.array_equal(losses(0), losses(1))


def test_the_ten_costliest_operations_are_a_table(tmp_path):
    model, optimizer = network()
    table = profile_steps(
        model, optimizer, batches(), steps=4, hardware=CPU, trace=str(tmp_path / "trace.json")
    )
    assert isinstance(table, Profile)
    assert 5 <= len(table) <= 10
    times = [each.milliseconds for each in table]
    assert times == sorted(times, reverse=True)
    assert min(times) > 0
    shares = [each.share for each in table]
    assert 0.3 < sum(shares) <= 1 + 1e-9
    for each in table[1:]:
        assert each.share / shares[0] == pytest.approx(each.milliseconds / times[0])
    calls = {each.name: each.calls for each in table}
    assert {4, 8, 16} & set(calls.values())  # a number for each of four steps, not of seven
    lines = repr(table).splitlines()
    assert lines[0].split() == ["operation", "calls", "ms", "share"]
    assert len(lines) == len(table) + 1
    assert all(len(line) == len(lines[0]) for line in lines)
    assert json.loads((tmp_path / "trace.json").read_text())["traceEvents"]


def test_a_table_cuts_long_names():
    table = Profile([Operation("x" * 60, 3, 1.5, 0.25)])
    assert repr(table).splitlines()[1] == "x" * 39 + " " * 8 + "3" + " " * 6 + "1.50" + "   25.0%"


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"lowest": 0.0}, ValueError, "lowest=0.0 and highest=10.0 must rise from above 0; 1e-5 and 10 suit"),
        ({"lowest": 1.0, "highest": 1.0}, ValueError, "must rise from above 0"),
        ({"highest": float("inf")}, ValueError, "must rise from above 0"),
        ({"steps": 1}, ValueError, "steps=1 must be at least 2; 100 draw a smooth curve"),
        ({"steps": 2.5}, TypeError, "steps=2.5 is of type float"),
        ({"seed": -1}, ValueError, "seed=-1"),
    ],
)
def test_settings_of_the_range_test(options, error, match):
    model, optimizer = plain()
    before, _ = plain()
    with pytest.raises(error, match=match):
        learning_rate_range(model, optimizer, batches(), hardware=CPU, **options)
    assert same_weights(model, before)


@pytest.mark.parametrize(("steps", "error"), [(0, ValueError), (1.5, TypeError)])
def test_a_profile_wants_steps(steps, error):
    model, optimizer = plain()
    with pytest.raises(error, match=f"steps={steps} "):
        profile_steps(model, optimizer, batches(), steps=steps, hardware=CPU)


@pytest.mark.parametrize("name", TRIALS)
def test_trials_refuse_what_training_refuses(name):
    model, _ = plain()
    with pytest.raises(TypeError, match="LBFGS wants a closure"):
        TRIALS[name](model, torch.optim.LBFGS(model.parameters()), batches(), hardware=CPU)
    narrow = nn.Linear(20, 2)
    with pytest.raises(ValueError, match="labels go from 0 to 3 but the model gives 2 logits"):
        TRIALS[name](narrow, torch.optim.SGD(narrow.parameters()), batches(), hardware=CPU)
    model, optimizer = network()
    with pytest.raises(ValueError, match="batch norm cannot train on one example alone"):
        TRIALS[name](model, optimizer, batches(33), hardware=CPU)
