"""Killed with SIGKILL at any moment, also while a checkpoint is written, a run ends as if nobody had."""

import multiprocessing
import os
import random
import signal
import stat
import sys

import pytest
import torch

from course_utils.cli import main
from course_utils.training import Checkpoint, cosine, soaking, train
from course_utils.training.checkpoints import load, save
from course_utils.training.soaking import Soaked, soaked_runs
from tests.training.small import CPU, batches, examples, measured, network, same_weights

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
MOMENTS = ("half-way through the bytes", "before fsync", "after fsync", "after replacing")


@posix
@pytest.mark.slow
def test_twenty_kills_change_nothing(tmp_path):
    outcomes = list(soaked_runs(20, tmp_path, seed=0))
    assert sum(each.kills for each in outcomes) >= 20
    assert all(each.same for each in outcomes)
    assert len(outcomes) >= 2  # Batches and a DataLoader
    left = [path.name for path in tmp_path.glob("[0-9]*/.*")]
    assert left == []


def kill():
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_while_writing(moment, writing):
    """Arrange for this process to be killed at a moment of the checkpoint written at that count."""
    saved, fsync, replace, count = torch.save, os.fsync, os.replace, [0]

    def save(state, file):
        count[0] += 1
        if moment == MOMENTS[0] and count[0] == writing:
            saved(state, Half(file))
        saved(state, file)

    def flush(handle):
        if count[0] == writing and moment == MOMENTS[1]:
            kill()
        fsync(handle)
        if count[0] == writing and moment == MOMENTS[2]:
            kill()

    def rename(*paths):
        replace(*paths)
        if count[0] == writing and moment == MOMENTS[3]:
            kill()

    torch.save, os.fsync, os.replace = save, flush, rename


class Half:
    """A file that kills the process once it was given some thousand bytes."""

    def __init__(self, file):
        self.file, self.given = file, 0

    def write(self, content):
        """Write, flush, and end."""
        half = bytes(content)[: max(1, 4000 - self.given)]
        self.given += len(half)
        self.file.write(half)
        if self.given >= 4000:
            self.file.flush()
            kill()
        return len(content)

    def flush(self):
        """Do nothing yet."""


def trained(path, *, seed=0):
    """Train the small network for three epochs, going on from a file."""
    torch.set_num_threads(1)
    model, optimizer = network(seed)
    history = train(
        model, optimizer, batches(), examples(50), epochs=3, clip_norm=1.0, schedule=cosine(3), hardware=CPU,
        progress=False, checkpoint=None if path is None else Checkpoint(path, every_steps=3),
    )  # fmt: skip
    return model, history


def killed(path, moment, writing):
    """Train until killed."""
    kill_while_writing(moment, writing)
    trained(path)


@posix
@pytest.mark.parametrize("writing", [1, 5])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_while_a_checkpoint_is_written_leaves_a_usable_one(tmp_path, moment, writing):
    path = tmp_path / "run.pt"
    process = multiprocessing.get_context("fork").Process(target=killed, args=(path, moment, writing))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    unfinished = list(tmp_path.glob(".run.pt.*.unfinished"))
    assert bool(unfinished) == (moment != "after replacing")
    finished = writing if moment == "after replacing" else writing - 1
    if finished == 0:
        assert not path.exists()
    else:  # three an epoch of seven steps: after steps 3 and 6 and at its end
        state = load(path)
        assert (state["epoch"], state["step"]) == {1: (0, 3), 4: (1, 3), 5: (1, 6)}[finished]
    whole, wanted = trained(None)
    resumed, history = trained(path, seed=4 if finished else 0)
    assert same_weights(whole, resumed)
    assert measured(history) == measured(wanted)
    assert [each.name for each in tmp_path.iterdir()] == ["run.pt"]


@posix
def test_bytes_and_folder_are_on_the_disk_before_a_checkpoint_counts(tmp_path, monkeypatch):
    seen = []

    def flush(handle):
        state = os.fstat(handle)
        names = sorted(each.name for each in tmp_path.iterdir())
        seen.append(("folder", names) if stat.S_ISDIR(state.st_mode) else ("file", state.st_size))

    monkeypatch.setattr(os, "fsync", flush)
    save({"weights": torch.zeros(2000)}, tmp_path / "run.pt")
    assert seen == [("file", (tmp_path / "run.pt").stat().st_size), ("folder", ["run.pt"])]


def test_unfinished_files_are_found_beside_any_name(tmp_path):
    (tmp_path / ".run[1].pt.77.unfinished").write_bytes(b"half")
    (tmp_path / ".run1.pt.77.unfinished").write_bytes(b"another run's")
    trained(tmp_path / "run[1].pt")
    assert sorted(each.name for each in tmp_path.iterdir()) == [".run1.pt.77.unfinished", "run[1].pt"]


def test_no_kill_at_all_is_refused(tmp_path):
    with pytest.raises(ValueError, match="kills=0 must be at least 1; 20 take seconds, 500 some minutes"):
        next(soaked_runs(0, tmp_path, seed=0))


class Process:
    """Stands in for a process: it leaves behind what it is told to, and ends with a code or is killed."""

    plan = ()
    pid = 123

    def __init__(self, *_):
        self.exitcode, self.leaves = self.plan.pop(0)

    def start(self):
        """Leave the files behind."""
        for path, text in self.leaves.items():
            path.write_text(text, encoding="utf-8")

    def join(self, *_):
        """Wait for nothing."""

    def kill(self):
        """Do nothing: how it ends is settled."""


@pytest.mark.parametrize(("digest", "is_same"), [("wanted", True), ("another", False)])
def test_kills_are_counted_until_a_run_ends_by_itself(tmp_path, monkeypatch, digest, is_same):
    unfinished = tmp_path / ".run.pt.123.unfinished"
    cut_short = {tmp_path / "digest": ""}  # killed while it wrote the digest: that is no end
    monkeypatch.setattr(soaking, "_process", Process)
    killed_by_us = soaking.KILLED
    Process.plan = [
        (killed_by_us, {}), (killed_by_us, {unfinished: "half"}), (killed_by_us, cut_short),
        (0, {tmp_path / "digest": digest}),
    ]  # fmt: skip
    unfinished.with_name(".run.pt.9.unfinished").touch()  # not this process's
    original = Process.start
    monkeypatch.setattr(Process, "start", lambda self: (unfinished.unlink(missing_ok=True), original(self)))
    outcome = soaking.soak("batches", tmp_path, random.Random(0), wanted="wanted", seconds=0.1)
    assert outcome == Soaked(kills=3, while_writing=1, same=is_same)


def test_a_run_that_fails_by_itself_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(soaking, "_process", Process)
    Process.plan = [(1 - soaking.KILLED * 2, {})]
    with pytest.raises(RuntimeError, match="a resumed run ended with exit code"):
        soaking.soak("loader", tmp_path, random.Random(0), wanted="", seconds=0.1)
    Process.plan = [(0, {}), (1, {})]
    with pytest.raises(RuntimeError, match="an unbroken run ended with exit code 1"):
        next(soaked_runs(3, tmp_path, seed=0))


def replaced(monkeypatch, *outcomes, error=None):
    """Let soaked_runs answer at once, and return what it was asked."""
    asked = []

    def soaked(kills, folder, *, seed):
        asked.append((kills, seed, folder.is_dir()))
        yield from outcomes
        if error is not None:
            raise error

    monkeypatch.setattr(soaking, "soaked_runs", soaked)
    return asked


def test_the_verb_counts_and_ends_well(monkeypatch, capsys):
    asked = replaced(monkeypatch, *[Soaked(3, 1, same=True)] * 10, Soaked(2, 0, same=True))
    assert main(["soak", "--kills", "32", "--seed", "7"]) == 0
    assert asked == [(32, 7, True)]
    assert capsys.readouterr().out.splitlines() == [
        "Killing training 32 times and resuming it; Ctrl-C ends this early.",
        "  30 kills, 10 runs, 10 of them ended as they should",
        "32 kills, 10 of them while a checkpoint was written, in 11 runs.",
        "11 of 11 runs ended with the weights and the history of an unbroken run, bit for bit.",
    ]


def test_the_verb_kills_500_times_unless_told_otherwise(monkeypatch):
    asked = replaced(monkeypatch, Soaked(500, 1, same=True))
    assert main(["soak"]) == 0
    assert asked == [(500, 0, True)]


def test_a_run_that_ends_otherwise_is_exit_code_1(monkeypatch, capsys):
    replaced(monkeypatch, Soaked(3, 1, same=True), Soaked(3, 1, same=False))
    assert main(["soak"]) == 1
    assert "1 of 2 runs ended with the weights and the history of" in capsys.readouterr().out


def test_a_run_that_fails_is_one_sentence(monkeypatch, capsys):
    error = RuntimeError("a resumed run ended with exit code 3; its error is above")
    replaced(monkeypatch, Soaked(3, 1, same=True), error=error)
    assert main(["soak"]) == 1
    sentence = "After 3 kills: a resumed run ended with exit code 3; its error is above.\n"
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--kills 0", "--kills takes a whole number from 1 on, and 0 was given.\n"),
        ("--kills many", "--kills takes a whole number from 1 on, and many was given.\n"),
        ("--kills 2.5", "--kills takes a whole number from 1 on, and 2.5 was given.\n"),
        ("--seed -1", "--seed takes a whole number from 0 on, and -1 was given.\n"),
    ],
)
def test_bad_arguments_are_one_sentence(words, sentence, capsys):
    assert main(["soak", *words.split()]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", sentence)
