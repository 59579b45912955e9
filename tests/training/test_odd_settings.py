"""Odd but right settings work; wrong ones are refused in one sentence before anything is lost."""

import functools
import os
import sys

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import (
    Batches,
    Checkpoint,
    CheckpointError,
    EarlyStopping,
    Hardware,
    NonFiniteLossError,
    cosine,
    evaluate,
    train,
)
from course_utils.training.checkpoints import load, save
from course_utils.training.checkpoints import plain as plain_values
from course_utils.training.failures import explained
from course_utils.training.run import Run
from tests.training.small import CPU, batches, examples, measured, network, plain, same_weights

SETTINGS = {"progress": False, "hardware": CPU}


def refused(error, match, *, data=None, made=None, **options):
    """See that a run is refused in one sentence, and that not one weight has changed."""
    model, optimizer = made or plain()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(error, match=match) as caught:
        train(model, optimizer, data or batches(), **{"epochs": 1, **SETTINGS, **options})
    assert "\n" not in str(caught.value)
    assert not str(caught.value).endswith(".")
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"epochs": 2.5}, TypeError, "epochs=2.5 is of type float, but expected is a whole number from 1 on"),
        ({"epochs": "3"}, TypeError, "epochs='3' is of type str"),
        ({"accumulate": 1.5}, TypeError, "accumulate=1.5 is of type float"),
        ({"seed": 0.0}, TypeError, "seed=0.0 is of type float"),
        ({"seed": None}, TypeError, "seed=None is of type NoneType"),
        ({"clip_norm": -1.0}, ValueError, "clip_norm=-1.0 must be above 0; leave it out to clip nothing"),
        ({"clip_norm": float("nan")}, ValueError, "clip_norm=nan must be above 0"),
        ({"schedule": 0.1}, TypeError, "schedule is 0.1, but expected is a function; give its name without"),
        ({"loss": 3.0}, TypeError, "loss is 3.0, but expected is a function"),
        ({"metrics": {"accuracy": 1}}, TypeError, "accuracy is 1, but expected is a function"),
        ({"metrics": F.mse_loss}, TypeError, "metrics is function, but expected is a dict from names"),
        ({"metrics": {"loss": F.mse_loss}}, ValueError, "a metric is called 'loss', which the loss"),
        ({"schedule": lambda _: float("nan")}, ValueError, "the schedule gives nan at 0 epochs"),
        ({"epochs": 9, "schedule": lambda e: 1 - e / 4}, ValueError, "the schedule gives -0.25 at 5 epochs"),
        ({"schedule": lambda _: float("inf")}, ValueError, "the schedule gives inf at 0 epochs"),
        ({"loss": lambda y, t: F.cross_entropy(y, t, reduction="none")}, ValueError,
         r"the loss is of shape \(32,\), but expected is one number for the batch.*end it with .mean\(\)"),
        ({"loss": lambda *_: 0.5}, ValueError, "the loss is of type float, but expected is one number"),
        ({"loss": lambda y, t: F.cross_entropy(y.detach(), t)}, ValueError,
         r"the loss depends on no weight that learns, so there is no gradient; look for detach\(\)"),
    ],
)  # fmt: skip
def test_settings_that_no_run_can_have(options, error, match):
    refused(error, match, **options)


def test_a_schedule_that_goes_wrong_between_epochs_is_stopped_there():
    model, optimizer = plain()
    with pytest.raises(ValueError, match=r"the schedule gives -1\.0 at 1\.143 epochs"):
        train(
            model,
            optimizer,
            batches(),
            epochs=2,
            schedule=lambda e: -1.0 if 1.1 < e < 1.2 else 1.0,
            **SETTINGS,
        )
    assert optimizer.param_groups[0]["lr"] == 0.1


def of(model, make=torch.optim.SGD, **options):
    """Return a model and an optimizer for it."""
    return model, make(model.parameters(), **options)


def frozen():
    """Return a model that cannot learn."""
    model, optimizer = plain()
    model.requires_grad_(False)
    return model, optimizer


def with_a_stranger():
    """Return a model whose optimizer holds a parameter of something else too."""
    model, _ = plain()
    return model, torch.optim.SGD([*model.parameters(), nn.Parameter(torch.zeros(2))], lr=0.1)


@pytest.mark.parametrize(
    ("made", "error", "match"),
    [
        (
            of(plain()[0], torch.optim.LBFGS),
            TypeError,
            "LBFGS wants a closure and several passes for each step",
        ),
        (frozen(), ValueError, r"all parameters of the optimizer are frozen \(requires_grad=False\)"),
        (
            with_a_stranger(),
            ValueError,
            "1 of the optimizer's 5 parameters are not the model's, so no checkpoint",
        ),
        ((plain()[0], plain()[1]), ValueError, "the optimizer holds no parameter of this model"),
        ((nn.Flatten(), plain()[1]), ValueError, "the optimizer holds no parameter of this model"),
        (
            (plain()[0], torch.optim.SGD),
            TypeError,
            "optimizer is SGD, but expected is an optimizer that is made",
        ),
        ((plain()[0], 0.1), TypeError, "optimizer is float, but expected is an optimizer"),
    ],
)
def test_optimizers_that_no_run_can_have(made, error, match):
    refused(error, match, made=made)


class Pair(nn.Linear):
    def forward(self, x):
        return super().forward(x), x


def test_a_model_gives_one_tensor():
    model = Pair(20, 4)
    match = "the model gives tuple, but expected is one tensor; let forward return the logits alone"
    refused(TypeError, match, made=of(model))
    with pytest.raises(TypeError, match=match):
        evaluate(model, examples(), hardware=CPU)


@pytest.mark.parametrize("dtype", [torch.int64, torch.complex64])
def test_inputs_of_another_number_type_are_explained(dtype):
    x, t = examples()
    refused(
        TypeError,
        "x and the model's weights are numbers of different types; give x as",
        data=(x.to(dtype), t),
    )
    model = nn.Sequential(nn.Unflatten(1, (5, 2, 2)), nn.Conv2d(5, 4, 2), nn.Flatten())
    refused(
        TypeError, "x and the model's weights are numbers of different", data=(x.to(dtype), t), made=of(model)
    )


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        (
            "CUDA error: device-side assert triggered\nmore",
            "DeviceError",
            "the GPU found an index out of range",
        ),
        ("something else", "RuntimeError", "^something else$"),
    ],
)
def test_other_errors_of_pytorch(text, error, match):
    with pytest.raises(RuntimeError, match=match) as caught, explained(batch=1, precision="float32"):
        raise RuntimeError(text)
    assert type(caught.value).__name__ == error
    with pytest.raises(ValueError, match=r"^mine$"), explained(batch=1, precision="float32"):
        raise ValueError("mine")


LONELY = {
    "a batch": (65, {}, 32), "a batch of a loader": (65, {}, None), "parts": (66, {"accumulate": 2}, 32),
    "all batches": (64, {}, 1), "more parts than a batch has": (64, {"accumulate": 40}, 32),
}  # fmt: skip


@pytest.mark.parametrize("case", LONELY)
def test_batch_norm_that_would_meet_one_example_alone_is_refused_at_once(case):
    count, options, size = LONELY[case]
    loader = DataLoader(TensorDataset(*examples(count)), batch_size=32)
    data = batches(count, batch_size=size) if size else loader
    match = (
        "batch norm cannot train on one example alone, but the smallest batch.*drop_last=True of a DataLoader"
    )
    refused(ValueError, match, data=data, made=network(), **options)


def test_batch_norm_over_the_pixels_of_one_image_is_fine():
    model = nn.Sequential(nn.Unflatten(1, (5, 2, 2)), nn.BatchNorm2d(5), nn.Dropout(0.5), nn.Flatten())
    model.append(nn.Linear(20, 4))
    torch.manual_seed(1)
    wanted = torch.rand(2)
    torch.manual_seed(1)
    history = train(*of(model, lr=0.1), batches(65), epochs=1, **SETTINGS)
    assert history.epochs == 1
    assert model[1].num_batches_tracked == 3  # the rehearsal does not count
    assert torch.equal(torch.rand(2), wanted)
    network_model, optimizer = network()
    loader = DataLoader(TensorDataset(*examples(65)), batch_size=32, drop_last=True)
    assert train(network_model, optimizer, loader, epochs=1, **SETTINGS).epochs == 1


def test_a_rehearsal_leaves_the_run_the_same(monkeypatch):
    def run():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Unflatten(1, (5, 2, 2)), nn.BatchNorm2d(5), nn.Dropout(0.5), nn.Flatten())
        model.append(nn.Linear(20, 4))
        train(*of(model, lr=0.1), batches(65), epochs=2, **SETTINGS)
        return model

    rehearsed = run()
    monkeypatch.setattr("course_utils.training.loop.rehearse", lambda *_, **__: None)
    assert same_weights(run(), rehearsed)


def test_a_single_example_without_batch_norm_is_fine():
    for data in (batches(65), batches(3, batch_size=1), batches(1)):
        assert train(*plain(), data, epochs=2, accumulate=3, **SETTINGS).epochs == 2


@pytest.mark.parametrize("source", ["batches", "loader"])
def test_lazy_modules_get_their_sizes_before_the_run(tmp_path, source):
    def data():
        return batches() if source == "batches" else DataLoader(TensorDataset(*examples()), batch_size=32)

    def run(epochs, checkpoint=None):
        model = nn.Sequential(nn.LazyLinear(30), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(4))
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        return model, train(model, optimizer, data(), epochs=epochs, checkpoint=checkpoint, **SETTINGS)

    model, history = run(3)
    assert history["train_accuracy"][-1] > 0.5
    assert model[1].num_batches_tracked == 21
    run(1, tmp_path / "run.pt")
    resumed, its = run(3, tmp_path / "run.pt")
    assert same_weights(model, resumed)
    assert measured(history) == measured(its)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.inner, self.outer = nn.Linear(20, 20), nn.Linear(20, 20)
        self.outer.weight = self.inner.weight

    def forward(self, x):
        return self.outer(torch.tanh(self.inner(x)))


def test_tied_weights_stay_tied_through_checkpoint_and_early_stopping(tmp_path):
    settings = {
        **SETTINGS,
        "loss": F.mse_loss,
        "metrics": {},
        "stopping": EarlyStopping(5, metric="train_loss"),
    }
    x, _ = examples()
    whole, optimizer = of(Tied(), lr=0.5)
    train(whole, optimizer, Batches(x), epochs=4, **settings)
    for epochs in (2, 4):
        model, optimizer = of(Tied(), lr=0.5)
        train(model, optimizer, Batches(x), epochs=epochs, checkpoint=tmp_path / "run.pt", **settings)
    assert model.inner.weight is model.outer.weight
    assert same_weights(model, whole)


def test_an_optimizer_of_a_part_clips_and_trains_that_part_alone(tmp_path):
    def run(epochs, checkpoint=None):
        model, _ = plain()
        optimizer = torch.optim.SGD([
            {"params": [model[2].weight], "lr": 0.05},
            {"params": [model[2].bias], "lr": 0.01, "momentum": 0.9},
        ])  # fmt: skip
        steps = []
        optimizer.register_step_pre_hook(lambda *_: steps.append(float(model[2].weight.grad.norm())))
        train(model, optimizer, batches(), epochs=epochs, clip_norm=0.1, checkpoint=checkpoint, **SETTINGS)
        return model, steps

    before, _ = plain()
    model, steps = run(6)
    assert torch.equal(model[0].weight, before[0].weight)
    assert not torch.equal(model[2].weight, before[2].weight)
    assert min(steps[-7:]) > 0.05  # the gradients of the other part, which nobody clears, do not count
    run(2, tmp_path / "run.pt")
    resumed, _ = run(6, tmp_path / "run.pt")
    assert same_weights(model, resumed)


def test_clipping_with_a_gradient_scaler_bounds_the_true_gradient():
    model, _ = plain()
    norms = []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer.register_step_pre_hook(lambda *_: norms.append(
        float(torch.stack([each.grad.norm() for each in model.parameters()]).norm())))  # fmt: skip
    train(model, optimizer, batches(), epochs=2, clip_norm=0.05, progress=False,
          hardware=Hardware(device="cpu", precision="fp16"))  # fmt: skip
    assert len(norms) >= 10
    assert max(norms) == pytest.approx(0.05, rel=1e-3)


@pytest.mark.parametrize("as_loader", [False, True])
def test_other_losses_may_read_whole_numbers_as_they_like(as_loader):
    x, t = examples()
    model = nn.Linear(20, 1)
    data = DataLoader(TensorDataset(x, t > 1), batch_size=32) if as_loader else (x, t > 1)
    history = train(
        model, torch.optim.SGD(model.parameters(), lr=0.1), data, epochs=8, **SETTINGS,
        loss=lambda y, t: F.binary_cross_entropy_with_logits(y[:, 0], t.float()),
        metrics={"accuracy": lambda y, t: (y[:, 0] > 0) == (t == 1)},
    )  # fmt: skip
    assert history["train_accuracy"][-1] > history["train_accuracy"][0]


@pytest.mark.parametrize(
    "loss", [nn.CrossEntropyLoss(), functools.partial(F.cross_entropy, label_smoothing=0.1), F.nll_loss]
)
def test_every_form_of_cross_entropy_looks_at_its_labels_first(loss):
    match = "labels go from 0 to 3 but the model gives 3 logits for each example"
    refused(ValueError, match, made=of(nn.Linear(20, 3)), loss=loss)


def test_training_twice_with_one_optimizer_goes_on_with_its_rates():
    model, optimizer = plain()
    for _ in range(2):
        history = train(model, optimizer, batches(), epochs=2, schedule=cosine(2), **SETTINGS)
        assert history["epoch"] == (1, 2)
        assert optimizer.param_groups[0]["lr"] == 0.1
        assert history["learning_rate"][0] == pytest.approx(0.1 * cosine(2)(6 / 7))


def test_a_run_within_a_run_disturbs_nothing():
    def run(loss):
        model, optimizer = network()
        train(model, optimizer, batches(), epochs=2, loss=loss, **SETTINGS)
        return model

    small = plain()

    def inner(y, t):
        train(*small, batches(40), epochs=1, **SETTINGS)
        return F.cross_entropy(y, t)

    assert same_weights(run(F.cross_entropy), run(inner))


def test_a_model_in_evaluation_mode_learns_all_the_same():
    model, optimizer = network()
    other, its = network()
    train(model.eval(), optimizer, batches(), epochs=1, **SETTINGS)
    train(other.train(), its, batches(), epochs=1, **SETTINGS)
    assert same_weights(model, other)
    assert not model.training


def test_numbers_of_numpy_are_numbers_and_leave_a_checkpoint_that_opens(tmp_path):
    def run(epochs, number, rate, **options):
        model, _ = plain()
        optimizer = torch.optim.SGD(
            model.parameters(), lr=rate(0.1), momentum=rate(0.9), weight_decay=rate(0.01)
        )
        data = Batches(*examples(), batch_size=number(32))
        return model, train(
            model, optimizer, data, epochs=number(epochs), accumulate=number(2), seed=number(3),
            schedule=lambda e: rate(1 / (1 + e)), clip_norm=rate(1.0), **options, **SETTINGS,
        )  # fmt: skip

    path = tmp_path / "run.pt"
    whole, wanted = run(3, int, float)
    run(1, np.int64, np.float64, checkpoint=Checkpoint(path, every_steps=np.int64(2)))
    assert load(path)["settings"]["learning rate"] == [0.1]
    resumed, history = run(3, np.int64, np.float64, checkpoint=path)
    assert same_weights(whole, resumed)
    assert measured(history) == measured(wanted)


def test_a_rate_that_is_a_tensor_is_a_number(tmp_path):
    for epochs in (1, 2):
        model, _ = plain()
        optimizer = torch.optim.SGD(model.parameters(), lr=torch.tensor(0.1))
        history = train(
            model, optimizer, batches(), epochs=epochs, checkpoint=tmp_path / "run.pt", **SETTINGS
        )
    assert history.epochs == 2


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"lr": 0.01}, r"its learning rate is \[0.1\], here it is \[0.01\]; give another path"),
        ({"lr": 0.1, "momentum": 0.5}, r"its optimizer's momentum is \[0.9\], here it is \[0.5\]"),
        (
            {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1},
            r"its optimizer's weight_decay is \[0\], here it is",
        ),
    ],
)
def test_what_would_be_silently_overruled_by_the_file_is_refused(tmp_path, options, match):
    train(*plain(), batches(), epochs=1, checkpoint=tmp_path / "run.pt", **SETTINGS)
    made = of(plain()[0], **options)
    refused(CheckpointError, match, made=made, epochs=2, checkpoint=tmp_path / "run.pt")


def test_an_optimizer_of_fewer_parameters_is_refused(tmp_path):
    train(*plain(), batches(), epochs=1, checkpoint=tmp_path / "run.pt", **SETTINGS)
    model, _ = plain()
    made = (model, torch.optim.SGD(model[2].parameters(), lr=0.1, momentum=0.9))
    match = r"its number of parameters in each group is \[4\], here it is \[2\]"
    refused(CheckpointError, match, made=made, epochs=2, checkpoint=tmp_path / "run.pt")


def test_another_watched_measure_is_refused(tmp_path):
    settings = {"epochs": 2, "checkpoint": tmp_path / "run.pt"}
    train(*plain(), batches(), **settings, **SETTINGS, stopping=EarlyStopping(9, metric="train_loss"))
    match = "its watched measure is train_loss, here it is train_accuracy"
    refused(CheckpointError, match, **settings, stopping=EarlyStopping(9, metric="train_accuracy"))


def test_a_checkpoint_is_no_folder(tmp_path):
    match = r"is a folder, but expected is a file; give .*run\.pt"
    refused(CheckpointError, match, checkpoint=tmp_path)
    refused(CheckpointError, match, checkpoint=Checkpoint(tmp_path, resume="never"))


def test_a_checkpoint_that_cannot_be_written_is_refused_at_once(tmp_path):
    (tmp_path / "file").touch()
    refused(
        CheckpointError,
        r"cannot be written \(.*\); give a path in a folder",
        checkpoint=tmp_path / "file/run.pt",
    )


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not hold root back")
def test_a_folder_that_may_not_be_written_is_refused_at_once(tmp_path):
    tmp_path.chmod(0o500)
    refused(CheckpointError, "cannot be written .*Permission denied", checkpoint=tmp_path / "run.pt")
    tmp_path.chmod(0o700)


def test_a_file_that_may_not_be_read_is_no_damage(tmp_path, monkeypatch):
    train(*plain(), batches(), epochs=1, checkpoint=tmp_path / "run.pt", **SETTINGS)
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.R_OK)
    with pytest.raises(CheckpointError, match=r"run\.pt may not be read by you; change its permissions"):
        load(tmp_path / "run.pt")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is full")
def test_a_full_disk_is_one_sentence_and_the_old_file_stays(tmp_path, monkeypatch):
    path = tmp_path / "run.pt"
    train(*plain(), batches(), epochs=1, checkpoint=path, **SETTINGS)
    before = path.read_bytes()
    find = open
    monkeypatch.setattr("builtins.open", lambda file, *mode, **options: find(
        "/dev/full" if str(file).endswith("unfinished") else file, *mode, **options))  # fmt: skip
    model, optimizer = plain()
    match = r"run.pt could not be written \(.*No space left.*\); what it held before is whole, so make room"
    with pytest.raises(OSError, match=match):
        train(model, optimizer, batches(), epochs=2, checkpoint=path, **SETTINGS)
    assert path.read_bytes() == before
    assert optimizer.param_groups[0]["lr"] == 0.1
    monkeypatch.undo()
    resumed, optimizer = plain()
    whole, its = plain()
    train(whole, its, batches(), epochs=2, **SETTINGS)
    train(resumed, optimizer, batches(), epochs=2, checkpoint=path, **SETTINGS)
    assert same_weights(resumed, whole)


def test_steps_between_writings_are_whole():
    with pytest.raises(TypeError, match=r"every_steps=2\.5 is of type float"):
        Checkpoint("run.pt", every_steps=2.5)


class Keeping(nn.Linear):
    """A module with a state that is no tensor."""

    kept: object = None

    def get_extra_state(self):
        return self.kept

    def set_extra_state(self, state):
        self.kept = state


def test_a_state_that_no_checkpoint_can_hold_is_refused_at_once(tmp_path):
    model = Keeping(20, 4)
    model.kept = np.zeros(2)
    match = "the model or its optimizer keeps a ndarray in its state, but a checkpoint holds only"
    before = model.weight.detach().clone()
    with pytest.raises(CheckpointError, match=match):
        train(*of(model), batches(), epochs=1, checkpoint=tmp_path / "run.pt", **SETTINGS)
    assert torch.equal(model.weight, before)
    model.kept = {"seen": 3, "names": ["a", ("b", None)]}
    train(*of(model), batches(), epochs=1, checkpoint=tmp_path / "run.pt", **SETTINGS)
    resumed = Keeping(20, 4)
    train(*of(resumed), batches(), epochs=2, checkpoint=tmp_path / "run.pt", **SETTINGS)
    assert resumed.kept == {"seen": 3, "names": ["a", ("b", None)]}


def test_plain_values_keep_their_kinds():
    state = nn.BatchNorm1d(2).state_dict()
    kept = plain_values({"a": np.float32(0.5), "b": [np.int64(1), (np.bool_(True), None)], "c": state})
    assert kept == {"a": 0.5, "b": [1, (True, None)], "c": state}
    assert [type(each) for each in (kept["a"], kept["b"][0], kept["b"][1][0])] == [float, int, bool]
    assert kept["c"]._metadata == state._metadata
    with pytest.raises(CheckpointError, match="keeps a set in its state"):
        plain_values([{1, 2}])


def test_a_foreign_version_is_another_version(tmp_path):
    for version in (None, "two", 1.5):
        save({"version": version}, tmp_path / "run.pt")
        with pytest.raises(
            CheckpointError, match=rf"written by an older version .* \(format {version}, here 1\)"
        ):
            load(tmp_path / "run.pt")


def test_a_loader_with_a_generator_of_its_own_cannot_be_resumed(tmp_path):
    def loader():
        generator = torch.Generator().manual_seed(0)
        return DataLoader(TensorDataset(*examples()), batch_size=32, shuffle=True, generator=generator)

    match = "the DataLoader has a generator of its own, which no checkpoint holds.*leave generator out"
    refused(ValueError, match, data=loader(), checkpoint=tmp_path / "run.pt")
    assert train(*plain(), loader(), epochs=1, **SETTINGS).epochs == 1


def test_a_resumed_run_logs_on(tmp_path):
    pytest.importorskip("tensorboard")
    for epochs in (1, 3):
        history = train(*plain(), batches(), epochs=epochs, checkpoint=tmp_path / "run.pt",
                        log_to=tmp_path / "logs", **SETTINGS)  # fmt: skip
    assert history.epochs == 3
    assert len(list((tmp_path / "logs").iterdir())) == 2


def test_no_checkpoint_within_an_epoch_holds_weights_that_are_no_numbers(tmp_path, monkeypatch):
    def noted_only(self, L, y, t, share):  # as on a GPU, whose losses are looked at later
        self.unseen.append((L.detach(), self.step + 1, self.optimizer.param_groups[0]["lr"]))
        self.means.add(L.detach(), y.detach(), t)

    monkeypatch.setattr(Run, "note", noted_only)
    checkpoint = Checkpoint(tmp_path / "run.pt", every_steps=1)
    x, t = examples()
    x[150] = torch.nan
    with pytest.raises(NonFiniteLossError, match="the loss is nan at step 5 of epoch 1"):
        train(
            *plain(), Batches(x, t, batch_size=32, shuffle=False), epochs=1, checkpoint=checkpoint, **SETTINGS
        )
    assert load(checkpoint.path)["step"] == 4
    kept = load(checkpoint.path)["model"].values()
    assert all(torch.isfinite(value).all() for value in kept)


def test_a_rule_cannot_be_changed():
    rule = EarlyStopping(3)
    with pytest.raises(AttributeError):
        rule.patience = 4
    assert len({rule, EarlyStopping(3)}) == 1


@pytest.mark.parametrize("every_steps", [3, None])
def test_the_seconds_of_a_broken_epoch_are_counted_and_those_of_a_whole_one_not_again(tmp_path, every_steps):
    checkpoint = Checkpoint(tmp_path / "run.pt", every_steps=every_steps)
    model, optimizer = plain()
    taken = []
    optimizer.register_step_pre_hook(lambda *_: taken.append(1) or (1 / 0 if len(taken) == 12 else None))
    with pytest.raises(ZeroDivisionError):
        train(model, optimizer, batches(), epochs=2, checkpoint=checkpoint, **SETTINGS)
    state = load(checkpoint.path)
    save({**state, "seconds": 1000.0}, checkpoint.path)
    history = train(*plain(), batches(), epochs=2, checkpoint=checkpoint, **SETTINGS)
    assert (state["epoch"], state["step"]) == (1, 3 if every_steps else 0)
    assert (history["seconds"][1] > 1000) == (every_steps is not None)
