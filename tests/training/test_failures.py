"""Each thing that goes wrong gets one sentence: what was given, what was expected, what to do."""

import os
import signal
import threading

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from course_utils.training import (
    Batches,
    Checkpoint,
    DeviceError,
    DeviceMemoryError,
    EarlyStopping,
    Hardware,
    NonFiniteLossError,
    evaluate,
    predict,
    train,
)
from course_utils.training import run as runs
from tests.training.small import CPU, batches, examples, plain, same_weights

SETTINGS = {"progress": False, "hardware": CPU}


@pytest.fixture(autouse=True)
def takes_interruptions():
    """Let Ctrl-C arrive, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def fragile(rate=0.1):
    """Make a network whose loss overflows when its weights do."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 4))
    return model, torch.optim.SGD(model.parameters(), lr=rate)


def look_later(monkeypatch):
    """Let losses be looked at as those of a GPU are."""

    def note(self, L, y, t, _share):
        self.unseen.append((L.detach(), self.step + 1, self.optimizer.param_groups[0]["lr"]))
        self.means.add(L.detach(), y, t)

    monkeypatch.setattr(runs.Run, "note", note)


def sentence(caught):
    """Return the message, which must be one line."""
    text = str(caught.value)
    assert "\n" not in text
    assert not text.endswith(".")
    return text


def test_a_rate_that_is_too_large_is_named_with_its_step():
    match = r"the loss is (nan|inf) at step [23] of epoch 1, with learning rate 1e\+30"
    with pytest.raises(NonFiniteLossError, match=match) as caught:
        train(*fragile(1e30), batches(), epochs=3, **SETTINGS)
    assert "try a rate ten times smaller (1e+29), clip_norm=1.0 or a warm-up" in sentence(caught)


def test_inputs_that_are_no_numbers_are_not_blamed_on_the_rate():
    x, t = examples()
    x[40, 3] = torch.nan
    model, optimizer = plain()
    with pytest.raises(
        NonFiniteLossError, match="no step was taken before, so look for NaN or huge values in x"
    ) as caught:
        train(model, optimizer, Batches(x, t, batch_size=203), epochs=1, **SETTINGS)
    assert "at step 1 of epoch 1, with learning rate 0.1" in sentence(caught)


def exploding(epochs):
    """Return a schedule whose rate is sane until so many epochs are done."""
    return lambda now: 1.0 if now < epochs else 1e30


def test_the_epochs_before_are_kept_and_so_is_the_rate():
    model, optimizer = fragile()
    with pytest.raises(NonFiniteLossError) as caught:
        train(model, optimizer, batches(), epochs=5, schedule=exploding(2), **SETTINGS)
    assert caught.value.history.epochs == 2
    assert "of epoch 3, with learning rate 1e+29" in caught.value.history.ending
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_losses_that_are_looked_at_later_name_their_own_step(monkeypatch):
    look_later(monkeypatch)
    match = r"at step [23] of epoch 2, with learning rate 1e\+29"
    with pytest.raises(NonFiniteLossError, match=match):
        train(*fragile(), batches(), epochs=3, schedule=exploding(1), **SETTINGS)


def test_no_checkpoint_is_written_once_a_loss_is_no_number(tmp_path, monkeypatch):
    look_later(monkeypatch)
    with pytest.raises(NonFiniteLossError):
        train(
            *fragile(),
            batches(),
            epochs=3,
            schedule=exploding(1),
            checkpoint=Checkpoint(tmp_path / "run.pt", 5),
            **SETTINGS,
        )
    kept = torch.load(tmp_path / "run.pt", weights_only=True)
    assert (kept["epoch"], kept["step"]) == (1, 0)
    assert all(torch.isfinite(value).all() for value in kept["model"].values())


class Greedy(nn.Linear):
    def forward(self, x):
        return super().forward(x) + torch.empty(10**6, 10**7).sum()


def test_a_full_memory_says_what_was_asked_for_and_three_remedies():
    model = Greedy(20, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(
        DeviceMemoryError, match=r"a batch of 32 asked for 37,252.90 GiB at once; try"
    ) as caught:
        train(model, optimizer, batches(), epochs=1, **SETTINGS)
    for remedy in ("batch_size=16", "accumulate=4", 'precision="bf16"'):
        assert remedy in sentence(caught)
    for call in (
        lambda: evaluate(model, examples(), hardware=CPU),
        lambda: predict(model, examples()[0], hardware=CPU),
    ):
        with pytest.raises(DeviceMemoryError, match=r"asked for 37,252\.90 GiB"):
            call()


def test_a_gpus_memory_is_read_out_of_its_message():
    class Full(nn.Linear):
        def forward(self, _x):
            raise torch.OutOfMemoryError(
                "CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of"
            )

    model = Full(20, 4)
    with pytest.raises(DeviceMemoryError, match=r"asked for 2.50 GiB at once; .* or a narrower network"):
        train(model, torch.optim.SGD(model.parameters(), lr=0.1), batches(), epochs=1, progress=False,
              hardware=Hardware(device="cpu", precision="bf16"))  # fmt: skip


def test_a_tensor_left_behind_on_another_device_is_explained():
    class Left(nn.Linear):
        def forward(self, x):
            return super().forward(x) + torch.zeros(4, device="meta")

    model = Left(20, 4)
    with pytest.raises(
        DeviceError,
        match="model and data lie on different devices: move what forward uses with register_buffer",
    ):
        train(model, torch.optim.SGD(model.parameters(), lr=0.1), batches(), epochs=1, **SETTINGS)


def test_a_model_on_two_devices_is_refused():
    model = nn.Sequential(nn.Linear(20, 4), nn.Linear(4, 4, device="meta"))
    with pytest.raises(DeviceError, match=r"the model's parameters lie on 2 devices \(cpu, meta\)"):
        train(model, torch.optim.SGD(model.parameters(), lr=0.1), batches(), epochs=1, **SETTINGS)


@pytest.mark.skipif(torch.accelerator.is_available(), reason="needs a machine without an accelerator")
@pytest.mark.parametrize("device", ["gpu", "cuda", "cuda:1", "mps"])
def test_a_demanded_gpu_must_be_there_unless_the_cpu_may_stand_in(device):
    model, optimizer = plain()
    with pytest.raises(
        DeviceError, match=rf"device='{device}' is not on this machine .*finds no accelerator.*fall_back=True"
    ) as caught:
        train(model, optimizer, batches(), epochs=1, hardware=Hardware(device=device), progress=False)
    sentence(caught)
    history = train(
        model,
        optimizer,
        batches(),
        epochs=1,
        hardware=Hardware(device=device, fall_back=True),
        progress=False,
    )
    assert history.epochs == 1


def test_a_word_that_is_no_device_is_refused_even_with_a_fallback():
    with pytest.raises(DeviceError, match="device='gpux' is no name of a device; give auto, gpu, cpu"):
        Hardware(device="gpux", fall_back=True).find()


def test_an_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="precision='half' is unknown; give one of float32, bf16, fp16"):
        Hardware(precision="half")


@pytest.mark.parametrize("labels", [(0, 4), (-1, 3), (1, 4)])
@pytest.mark.parametrize("kind", ["arrays", "loader", "validation", "evaluate"])
def test_labels_without_a_logit_are_refused(labels, kind):
    x, _ = examples(64)
    t = torch.linspace(*labels, 64).round().to(torch.int64)
    model, optimizer = plain()
    calls = {
        "arrays": lambda: train(model, optimizer, (x, t), epochs=1, **SETTINGS),
        "loader": lambda: train(model, optimizer, DataLoader(TensorDataset(x, t), 64), epochs=1, **SETTINGS),
        "validation": lambda: train(model, optimizer, batches(), (x, t), epochs=1, **SETTINGS),
        "evaluate": lambda: evaluate(model, (x, t), hardware=CPU),
    }
    match = rf"labels go from {labels[0]} to {labels[1]} but the model gives 4 logits .* give the last layer"
    with pytest.raises(ValueError, match=match) as caught:
        calls[kind]()
    sentence(caught)


def test_labels_to_be_ignored_are_no_mistake():
    x, t = examples(64)
    t[::2] = -100
    model, optimizer = plain()
    assert train(model, optimizer, (x, t), epochs=1, metrics={}, **SETTINGS).epochs == 1


def too_few():
    """Make a loader whose only batch is dropped, being smaller than the others."""
    return DataLoader(TensorDataset(*examples(10)), batch_size=32, drop_last=True)


class Endless(IterableDataset):
    def __iter__(self):
        yield from zip(*examples(), strict=True)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: Batches(torch.zeros(0, 20)), ValueError, "the data are empty: x has no example"),
        (lambda: (np.zeros((0, 20), np.float32), np.zeros(0, int)), ValueError, "the data are empty"),
        (too_few, ValueError, r"the DataLoader gives no batch \(batch_size=32, drop_last=True\)"),
        (lambda: DataLoader(Endless(), batch_size=32), ValueError, "the DataLoader has no length"),
        (lambda: (examples(10)[0], examples(9)[1]), ValueError, "x has 10 examples but t has 9 targets"),
        (lambda: Batches(*examples(), batch_size=0), ValueError, "batch_size=0 must be at least 1"),
        (lambda: [1, 2, 3], TypeError, r"data is list, but expected is a pair \(x, t\) of arrays"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_trained_on(make, error, match):
    model, optimizer = plain()
    with pytest.raises(error, match=match):
        train(model, optimizer, make(), epochs=1, **SETTINGS)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"epochs": 0}, "epochs=0 must be at least 1"),
        ({"accumulate": 0}, "accumulate=0 must be at least 1"),
        ({"seed": -1}, "seed=-1 must be at least 0"),
        ({"clip_norm": 0.0}, "clip_norm=0.0 must be above 0"),
        (
            {"stopping": EarlyStopping(2)},
            "early stopping watches 'validation_loss', which is not measured; give validation data",
        ),
    ],
)
def test_settings_that_no_run_can_have(options, match):
    model, optimizer = plain()
    before, _ = plain()
    with pytest.raises(ValueError, match=match):
        train(model, optimizer, batches(), **{"epochs": 1, **options, **SETTINGS})
    assert same_weights(model, before)


def test_an_optimizer_of_another_model_is_refused():
    (model, _), (_, optimizer) = plain(), plain()
    with pytest.raises(
        ValueError, match="the optimizer holds no parameter of this model, so nothing would be learned"
    ):
        train(model, optimizer, batches(), epochs=1, **SETTINGS)


class Stopped(nn.Linear):
    """Press Ctrl-C during a forward pass."""

    def __init__(self, at, times=1):
        super().__init__(20, 4)
        self.at, self.times, self.seen = at, times, 0

    def forward(self, x):
        self.seen += 1
        if self.seen == self.at:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)
        return super().forward(x)


def test_an_interrupted_run_ends_after_its_step_and_goes_on_later(tmp_path):
    torch.manual_seed(0)
    whole = Stopped(at=0)
    train(whole, torch.optim.Adam(whole.parameters()), batches(), epochs=3, **SETTINGS)
    torch.manual_seed(0)
    model = Stopped(at=10)
    before = signal.getsignal(signal.SIGINT)
    history = train(
        model,
        torch.optim.Adam(model.parameters()),
        batches(),
        epochs=3,
        checkpoint=tmp_path / "run.pt",
        **SETTINGS,
    )
    assert history.ending == "interrupted by the user in epoch 2 after step 3; the model is as it was then"
    assert history.epochs == 1
    assert signal.getsignal(signal.SIGINT) is before
    resumed = Stopped(at=0)
    history = train(
        resumed,
        torch.optim.Adam(resumed.parameters()),
        batches(),
        epochs=3,
        checkpoint=tmp_path / "run.pt",
        **SETTINGS,
    )
    assert history.epochs == 3
    assert same_weights(whole, resumed)


def test_a_second_interruption_ends_at_once_and_keeps_the_file(tmp_path):
    torch.manual_seed(0)
    model = Stopped(at=10, times=2)
    history = train(
        model,
        torch.optim.Adam(model.parameters()),
        batches(),
        epochs=3,
        checkpoint=tmp_path / "run.pt",
        **SETTINGS,
    )
    assert "interrupted by the user in epoch 2" in history.ending
    assert torch.load(tmp_path / "run.pt", weights_only=True)["epoch"] == 1
    assert torch.load(tmp_path / "run.pt", weights_only=True)["step"] == 0


def test_training_works_in_a_thread_where_no_signal_arrives():
    model, optimizer = plain()
    ended = []
    thread = threading.Thread(
        target=lambda: ended.append(train(model, optimizer, batches(), epochs=1, **SETTINGS))
    )
    thread.start()
    thread.join()
    assert ended[0].epochs == 1
