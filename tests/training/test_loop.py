"""The loop is the one written by hand, and each of its options does what it says."""

import inspect

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import Batches, Hardware, accuracy, cosine, evaluate, run_epochs, train
from tests.training.small import CPU, batches, examples, measured, network, plain, same_weights

SETTINGS = {"progress": False, "hardware": CPU}


def by_hand(model, optimizer, data, epochs, *, rates=None, clip=None):
    """Train as lecture 04 does."""
    for epoch in range(epochs):
        order = data.order(epoch)
        for step, rows in enumerate(order.split(data.batch_size)):
            if rates is not None:
                optimizer.param_groups[0]["lr"] = 0.1 * rates(epoch + step / len(data))
            optimizer.zero_grad()
            F.cross_entropy(model(data.x[rows]), data.t[rows]).backward()
            if clip is not None:
                nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()


@pytest.mark.parametrize("clip", [None, 0.1])
@pytest.mark.parametrize("rates", [None, cosine(3, warmup=1, floor=0.1)])
def test_the_packages_loop_gives_the_same_weights_as_the_one_by_hand(rates, clip):
    mine, its = plain()
    by_hand(mine, its, batches(), 3, rates=rates, clip=clip)
    model, optimizer = plain()
    train(model, optimizer, batches(), epochs=3, schedule=rates, clip_norm=clip, **SETTINGS)
    assert same_weights(mine, model)


def test_the_core_fits_on_a_page():
    lines = inspect.getsource(run_epochs).splitlines()
    assert len(lines) < 40
    assert "run.optimizer" in inspect.getsource(run_epochs)


@pytest.mark.parametrize("parts", [2, 3, 32, 100])
def test_batches_in_parts_give_the_same_gradient(parts):
    ends = []
    for accumulate in (1, parts):
        model, optimizer = plain()
        history = train(model, optimizer, batches(), epochs=2, accumulate=accumulate, **SETTINGS)
        ends.append((model, history))
    (model, history), (other, its) = ends
    for value, that in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(value, that, rtol=0, atol=1e-6)
    assert its["train_loss"] == pytest.approx(history["train_loss"], abs=1e-6)
    assert its["train_accuracy"] == history["train_accuracy"]


def test_the_history_holds_means_per_example_of_ragged_batches():
    model, optimizer = plain()
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    x, t = examples()
    history = train(model, optimizer, batches(), (x, t), epochs=1, **SETTINGS)
    with torch.no_grad():
        loss, right = float(F.cross_entropy(model(x), t)), float((model(x).argmax(1) == t).double().mean())
    parts = {f"{part}_{name}" for part in ("train", "validation") for name in ("loss", "accuracy")}
    assert set(history) == {"epoch", "learning_rate", "seconds", *parts}
    assert history["train_loss"][0] == pytest.approx(loss, abs=1e-6)
    assert history["validation_loss"][0] == pytest.approx(loss, abs=1e-6)
    assert history["train_accuracy"][0] == history["validation_accuracy"][0] == pytest.approx(right, abs=1e-9)
    assert evaluate(model, (x, t), hardware=CPU) == pytest.approx({"loss": loss, "accuracy": right}, abs=1e-6)


def test_the_training_means_come_from_the_steps_themselves():
    model, optimizer = plain()
    losses = []

    def noted(y, t):
        L = F.cross_entropy(y, t)
        losses.append(float(L.detach()) * len(t))
        return L

    history = train(model, optimizer, batches(), epochs=1, loss=noted, **SETTINGS)
    assert len(losses) == 7
    assert history["train_loss"][0] == pytest.approx(sum(losses) / 203, abs=1e-6)


def test_clipping_bounds_every_step():
    model, _ = plain()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    before = [each.detach().clone() for each in model.parameters()]
    train(model, optimizer, batches(batch_size=203), epochs=1, clip_norm=0.01, **SETTINGS)
    after = [each.detach() for each in model.parameters()]
    step = sum(float(((a - b) ** 2).sum()) for a, b in zip(before, after, strict=True)) ** 0.5
    assert step == pytest.approx(0.01, rel=1e-3)


def test_the_schedule_scales_each_groups_own_rate_and_gives_it_back():
    model, _ = plain()
    optimizer = torch.optim.SGD(
        [{"params": model[0].parameters(), "lr": 0.2}, {"params": model[2].parameters(), "lr": 0.02}]
    )
    seen = []
    optimizer.register_step_pre_hook(
        lambda self, *_: seen.append([group["lr"] for group in self.param_groups])
    )
    history = train(
        model, optimizer, batches(), epochs=2, schedule=lambda e: 0.5 if e < 1 else 0.1, **SETTINGS
    )
    assert seen[:7] == [pytest.approx([0.1, 0.01])] * 7
    assert seen[7:] == [pytest.approx([0.02, 0.002])] * 7
    assert history["learning_rate"] == pytest.approx((0.1, 0.02))
    assert [group["lr"] for group in optimizer.param_groups] == [0.2, 0.02]


def test_metrics_are_the_callers():
    def distance(y, t):
        return (y - t) ** 2  # several values an example: their mean counts

    x, _ = examples()
    model = nn.Linear(20, 3)
    history = train(
        model, torch.optim.SGD(model.parameters(), lr=0.0), (x, torch.ones(203, 3)), epochs=1,
        loss=F.mse_loss, metrics={"distance": distance}, **SETTINGS,
    )  # fmt: skip
    assert history["train_distance"] == pytest.approx(history["train_loss"], abs=1e-5)
    none = train(model, torch.optim.SGD(model.parameters(), lr=0.0), (x, torch.ones(203, 3)), epochs=1,
                 loss=F.mse_loss, metrics={}, **SETTINGS)  # fmt: skip
    assert set(none) == {"epoch", "train_loss", "learning_rate", "seconds"}


def test_targets_may_be_the_inputs_themselves():
    model = nn.Sequential(nn.Linear(20, 20))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = train(
        model, optimizer, Batches(examples()[0]), epochs=30, loss=F.mse_loss, metrics={}, **SETTINGS
    )
    assert history["train_loss"][-1] < 0.3 * history["train_loss"][0]


def test_a_loader_trains_as_well_and_is_shuffled_by_itself():
    model, optimizer = network()
    loader = DataLoader(TensorDataset(*examples()), batch_size=32, shuffle=True)
    history = train(model, optimizer, loader, loader, epochs=15, **SETTINGS)
    assert history["train_accuracy"][-1] > 0.7 > history["train_accuracy"][0]
    assert history["validation_accuracy"][-1] > 0.8


@pytest.mark.parametrize("options", [{"compile": "eager"}, {"compile": "aot_eager"}, {"channels_last": True}])
def test_compiled_and_channels_last_networks_learn_the_same(options):
    def build():
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 3)
        )
        return model, torch.optim.SGD(model.parameters(), lr=0.05)

    generator = torch.Generator().manual_seed(0)
    x = torch.randint(0, 256, (70, 2, 6, 6), generator=generator, dtype=torch.uint8)
    t = torch.randint(0, 3, (70,), generator=generator)
    ends = []
    for hardware in (CPU, Hardware(device="cpu", **options)):
        model, optimizer = build()
        history = train(
            model,
            optimizer,
            Batches(x, t, batch_size=16),
            (x, t),
            epochs=2,
            progress=False,
            hardware=hardware,
        )
        ends.append((model, history))
    (model, history), (other, its) = ends
    assert list(model.state_dict()) == list(other.state_dict())
    for value, that in zip(model.state_dict().values(), other.state_dict().values(), strict=True):
        torch.testing.assert_close(value, that, rtol=1e-4, atol=1e-5)
    assert measured(its)["validation_loss"] == pytest.approx(history["validation_loss"], abs=1e-4)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_loses_less_than_two_percent(precision):
    losses = {}
    for each in ("float32", precision):
        model, optimizer = plain()
        hardware = Hardware(device="cpu", precision=each)
        history = train(
            model,
            optimizer,
            batches(2000),
            examples(500, seed=2),
            epochs=5,
            progress=False,
            hardware=hardware,
        )
        losses[each] = history["validation_loss"][-1]
        assert all(value.dtype == torch.float32 for value in model.parameters())
    assert losses["float32"] < 0.8
    assert losses[precision] == pytest.approx(losses["float32"], rel=0.02)
    assert losses[precision] != losses["float32"]


def test_the_model_ends_in_evaluation_mode_and_learns_in_training_mode():
    modes = []

    class Watching(nn.Linear):
        def forward(self, x):
            modes.append(self.training)
            return super().forward(x)

    model = Watching(20, 4)
    train(model, torch.optim.SGD(model.parameters(), lr=0.1), batches(), examples(40), epochs=2, **SETTINGS)
    assert modes == ([True] * 7 + [False]) * 2
    assert not model.training


def test_accuracy_is_one_value_an_example():
    y = torch.tensor([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    assert accuracy(y, torch.tensor([1, 1, 1])).tolist() == [1.0, 0.0, 1.0]
