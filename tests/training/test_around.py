"""What surrounds a run: random numbers, Ctrl-C, hardware, and TensorBoard."""

import builtins
import os
import signal
import threading

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import nn
from torch.utils.data import DataLoader

from course_utils.training import Checkpoint, DeviceError, Hardware, seeded, train
from course_utils.training.hardware import _of_this_process
from course_utils.training.interruption import interruptible
from course_utils.training.journal import Journal
from course_utils.training.randomness import (
    CHANGES,
    NETWORK,
    ORDER,
    mixed_seed,
    random_state,
    set_random_state,
)
from tests.training.small import CPU, batches, examples, network, plain, same_weights

HERE = torch.device("cpu")


@pytest.fixture(autouse=True)
def takes_interruptions():
    """Let Ctrl-C arrive, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_mixed_seed_depends_on_every_number_and_its_place():
    pairs = [(0, 0), (1, 0), (0, 1), (5, 5), (5, 6), (6, 5), (2**40, 0)]
    seeds = [mixed_seed(*each, purpose=purpose) for each in pairs for purpose in (ORDER, NETWORK, CHANGES)]
    assert len(set(seeds)) == len(seeds) == 21
    assert all(0 <= each < 2**63 for each in seeds)
    assert mixed_seed(3, 4, purpose=ORDER) == mixed_seed(3, 4, purpose=ORDER)
    assert max(mixed_seed(each, purpose=ORDER) for each in range(50)) > 2**61


def test_order_network_and_augmentation_share_no_random_numbers():
    seeds = {}

    class Looking(nn.Linear):
        def forward(self, x):
            seeds.setdefault("network", torch.initial_seed())
            return super().forward(x)

    def changed(x, t, generator):
        seeds.setdefault("augmentation", generator.initial_seed())
        return x, t

    model = Looking(20, 4)
    train(model, torch.optim.SGD(model.parameters(), lr=0.1), batches(augment=changed), epochs=1,
          hardware=CPU, progress=False)  # fmt: skip
    order = torch.randperm(203, generator=torch.Generator().manual_seed(seeds["network"]))
    assert not torch.equal(order, batches().order(0))
    assert seeds["network"] != seeds["augmentation"]


def test_seeded_draws_the_same_and_puts_the_stream_back():
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    with seeded(1):
        first = torch.rand(2)
        with seeded(2):
            assert not torch.equal(torch.rand(2), first)
        second = torch.rand(2)
    with pytest.raises(RuntimeError, match="broken"), seeded(1):  # noqa: PT012
        assert torch.equal(torch.rand(4), torch.cat([first, second]))
        raise RuntimeError("broken")
    assert torch.equal(torch.rand(3), wanted)


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError), (None, TypeError)])
def test_a_seed_is_a_whole_number(seed, error):
    with pytest.raises(error, match=f"seed={seed} "), seeded(seed):
        pytest.fail("not reached")


def test_a_random_state_is_taken_up():
    state = random_state(HERE)
    assert list(state) == ["cpu"]
    drawn = torch.rand(3)
    set_random_state(state, HERE)
    assert torch.equal(torch.rand(3), drawn)
    set_random_state({**state, "cuda": torch.zeros(16)}, HERE)  # written on a GPU
    assert torch.equal(torch.rand(3), drawn)


def press():
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def test_the_first_interruption_is_a_wish_and_the_second_interrupts():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interruptible(alone=True) as outer:  # noqa: PT012
        with interruptible(alone=True) as inner:
            assert not inner.wanted
            press()
            assert inner.wanted
        assert not outer.wanted
        press()
        assert outer.wanted
        press()
    assert signal.getsignal(signal.SIGINT) is before
    sentence = "interrupted by the user in epoch 3 after step 4; the model is as it was then"
    assert outer.ending(3, 4) == sentence


def test_several_processes_are_interrupted_as_ever():
    before = signal.getsignal(signal.SIGINT)
    with interruptible(alone=False):
        assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt), interruptible(alone=False):
        press()


def test_a_thread_leaves_the_signals_alone():
    seen = []

    def look():
        with interruptible(alone=True) as interruption:
            seen.append((signal.getsignal(signal.SIGINT), interruption.wanted))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [(before, False)]


def test_a_handler_that_is_not_pythons_is_no_obstacle(monkeypatch):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(signal, "getsignal", lambda _: None)
    try:
        with interruptible(alone=True) as interruption:
            press()
        assert interruption.wanted
    finally:
        signal.signal(signal.SIGINT, before)


class Pressing(torch.utils.data.Dataset):
    """A data set that changes its inputs at random, and presses Ctrl-C when an example is asked for."""

    def __init__(self, at=None):
        (self.x, self.t), self.at, self.asked = examples(203), at, 0

    def __len__(self):
        return len(self.x)

    def __getitem__(self, place):
        self.asked += 1
        if self.asked == self.at:
            press()
        return self.x[place] + 0.1 * torch.randn(20), self.t[place]


@pytest.mark.parametrize(
    ("at", "epoch", "step"), [(1, 1, 1), (100, 1, 4), (203, 2, 0), (204, 2, 1), (405, 3, 0)]
)
def test_an_interrupted_run_on_a_loader_goes_on_as_if_it_never_was(tmp_path, at, epoch, step):
    def run(data, model, optimizer, **options):
        loader = DataLoader(data, batch_size=32, shuffle=True)
        return train(model, optimizer, loader, epochs=4, hardware=CPU, progress=False, **options)

    whole, optimizer = network()
    wanted = run(Pressing(), whole, optimizer)
    model, optimizer = network()
    history = run(Pressing(at), model, optimizer, checkpoint=tmp_path / "run.pt")
    assert history.ending.startswith(f"interrupted by the user in epoch {epoch} after step {step};")
    resumed, optimizer = network(seed=9)
    history = run(Pressing(), resumed, optimizer, checkpoint=tmp_path / "run.pt")
    assert history["train_loss"] == wanted["train_loss"]
    assert same_weights(whole, resumed)


def test_an_interruption_in_the_very_last_step_is_too_late(tmp_path):
    model, optimizer = network()
    loader = DataLoader(Pressing(203), batch_size=32)
    history = train(model, optimizer, loader, epochs=1, hardware=CPU, progress=False)
    assert (history.ending, history.epochs) == ("all 1 epochs were done", 1)


def test_hardware_finds_and_places(monkeypatch):
    assert Hardware(device="cpu").find() == HERE
    assert Hardware(device="meta", fall_back=True).find() == HERE
    for name in ("nonsense", "gpu0", ""):
        with pytest.raises(DeviceError, match=f"device='{name}' is no name of a device; give auto, gpu, cpu"):
            Hardware(device=name).find()
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: torch.device("cuda"))
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 2)
    assert Hardware().find() == Hardware(device="gpu").find() == torch.device("cuda")
    assert Hardware(device="cuda:1").find() == torch.device("cuda:1")
    assert Hardware(device="cuda:2", fall_back=True).find() == HERE
    for name in ("cuda:2", "mps"):
        with pytest.raises(DeviceError, match=rf"device='{name}' is not on this machine .* finds cuda\)"):
            Hardware(device=name).find()
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert Hardware().find() == torch.device("cuda:1")
    assert Hardware(device="cuda:0").find() == torch.device("cuda:0")
    assert _of_this_process(HERE) == HERE


def test_channels_last_orders_images_and_kernels_alone():
    hardware = Hardware(device="cpu", channels_last=True)
    model = nn.Conv2d(3, 4, 3)
    assert hardware.place(model, HERE) is model
    assert model.weight.is_contiguous(memory_format=torch.channels_last)
    image = torch.zeros(2, 3, 4, 4)
    assert hardware.arrange(image).is_contiguous(memory_format=torch.channels_last)
    assert not CPU.arrange(image).is_contiguous(memory_format=torch.channels_last)
    assert hardware.arrange(torch.zeros(2, 3)).is_contiguous()


@pytest.mark.parametrize(("precision", "dtype"), [("float32", torch.float32), ("bf16", torch.bfloat16)])
def test_autocast_is_on_only_for_half_precision(precision, dtype):
    hardware = Hardware(device="cpu", precision=precision)
    with hardware.autocast(HERE):
        assert torch.is_autocast_enabled("cpu") == (precision == "bf16")
        assert nn.Linear(2, 2)(torch.zeros(1, 2)).dtype == dtype
    assert not hardware.scaler(HERE).is_enabled()
    assert Hardware(precision="fp16").scaler(HERE).is_enabled()


def scalars(folder):
    """Read back what TensorBoard would show: name to pairs of epoch and value."""
    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    names = accumulator.Tags()["scalars"]
    return {name: [(each.step, each.value) for each in accumulator.Scalars(name)] for name in names}


def test_a_run_is_logged_epoch_by_epoch(tmp_path):
    model, optimizer = plain()
    history = train(model, optimizer, batches(), examples(50), epochs=3, hardware=CPU, progress=False,
                    log_to=tmp_path / "logs")  # fmt: skip
    shown = scalars(tmp_path / "logs")
    assert set(shown) == {
        "loss/train", "accuracy/train", "loss/validation", "accuracy/validation", "learning_rate", "seconds",
    }  # fmt: skip
    for title, column in {"loss/train": "train_loss", "accuracy/validation": "validation_accuracy"}.items():
        assert [step for step, _ in shown[title]] == [1, 2, 3]
        assert [value for _, value in shown[title]] == pytest.approx(history[column], rel=1e-6)


@pytest.mark.parametrize("after", [6, 8, 15])
def test_a_resumed_run_logs_no_epoch_twice(tmp_path, after):
    class BrokenError(Exception):
        """Stands in for a power cut between the log and the checkpoint."""

    def run(epochs, **options):
        model, optimizer = plain()
        return train(model, optimizer, batches(), epochs=epochs, hardware=CPU, progress=False,
                     log_to=tmp_path / "logs", **options)  # fmt: skip

    def write(self, row):
        original(self, row)
        written.append(row)
        if len(written) == after // 7 + 1:
            raise BrokenError

    original, written = Journal.write, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "write", write)
        with pytest.raises(BrokenError):
            run(3, checkpoint=Checkpoint(tmp_path / "run.pt"))
    history = run(3, checkpoint=Checkpoint(tmp_path / "run.pt"))
    losses = scalars(tmp_path / "logs")["loss/train"]
    assert [step for step, _ in losses] == [1, 2, 3]
    assert [value for _, value in losses] == pytest.approx(history["train_loss"], rel=1e-6)


def test_without_tensorboard_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    find = builtins.__import__

    def blocked(name, *arguments, **options):
        if name.startswith(("tensorboard", "torch.utils.tensorboard")):
            raise ImportError(name)
        return find(name, *arguments, **options)

    model, optimizer = plain()
    before, _ = plain()
    monkeypatch.setattr(builtins, "__import__", blocked)
    sentence = "log_to needs TensorBoard, which is not installed; run: pip install tensorboard"
    with pytest.raises(ModuleNotFoundError, match=sentence):
        train(model, optimizer, batches(), epochs=1, hardware=CPU, progress=False, log_to=tmp_path)
    assert same_weights(model, before)
    assert list(tmp_path.iterdir()) == []


def test_a_job_in_the_background_goes_on_ignoring_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interruptible(alone=True) as interruption:
        os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert not interruption.wanted
