"""The benchmark of training: its arithmetic on made-up times, and each installed side at a tiny setting."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
import torch

from benchmarks.training import __main__ as program
from benchmarks.training import imports, report, surroundings, tables
from benchmarks.training.arithmetic import (
    accuracy_noise,
    faster,
    ratio_by_rounds,
    ratio_of_best,
    reached,
    share_of_peak,
    spread,
)
from benchmarks.training.contenders import LENET, RESNET, Contender, choose
from benchmarks.training.race import BrokenError, check_alike, race
from benchmarks.training.resnet import ResNet18, operations_an_image, peak_of
from benchmarks.training.task import Options, Settings, make_task
from benchmarks.training.watch import Outcome, Piece, Watch

TINY = Settings(images=40, test_images=20, epochs=2, batch=16, warm=1, steps=2, threads=1)
COLOURS = replace(TINY, network="resnet18", images=4, test_images=2, epochs=1, batch=2, steps=1)
INSTALLED = [each for each in LENET if each.installed]


def outcome(rates, *, accuracies=(0.98, 0.99), first_loss=2.3):
    """Make up an outcome with pieces of 1000 images."""
    pieces = [Piece(1000, 1000 / rate) for rate in rates]
    seconds = [10.0 * (epoch + 1) for epoch in range(len(accuracies))]
    return Outcome(first_loss, pieces, list(accuracies), seconds, 400.0)


OUTCOMES = {
    "ours": outcome([400, 200, 300]),
    "bare": outcome([200, 100, 100], accuracies=(0.97, 0.985)),
    "bare-workers": outcome([100, 100, 160]),
    "keras": outcome([100, 100, 100]),
}
RACERS = [each for each in LENET if each.key in OUTCOMES]


def row(table, name):
    """Return the cells of a table's row."""
    found = [line for line in table.splitlines() if line.startswith(f"| {name} |")]
    assert len(found) == 1, table
    return [cell.strip() for cell in found[0].split("|")[2:-1]]


def test_the_spread_is_of_images_a_second():
    s = spread(outcome([100, 200, 300, 400, 500]))
    assert (s.least, s.lower, s.median, s.upper, s.most) == pytest.approx((100, 200, 300, 400, 500))


def test_a_ratio_compares_within_rounds():
    ours, bare = OUTCOMES["ours"], OUTCOMES["bare"]  # 2, 2 and 3 times as fast, in this order
    assert ratio_by_rounds(ours, bare) == pytest.approx(2)
    assert ratio_by_rounds(bare, ours) == pytest.approx(1 / 2)
    assert ratio_of_best(ours, OUTCOMES["bare-workers"]) == pytest.approx(400 / 160)


def test_a_machine_that_slows_down_leaves_the_ratio():
    steady, load = np.array([100.0, 110.0, 90.0]), np.array([1.0, 0.2, 0.5])
    assert ratio_by_rounds(outcome(1.5 * steady * load), outcome(steady * load)) == pytest.approx(1.5)


def test_the_better_loader_is_the_one_with_the_greater_median():
    assert faster(OUTCOMES, ("bare", "bare-workers")) == "bare"
    assert faster(OUTCOMES, ("lightning",)) is None
    assert (
        faster({**OUTCOMES, "bare-workers": outcome([101] * 3)}, ("bare", "bare-workers")) == "bare-workers"
    )


def test_the_goal_is_reached_at_the_first_epoch_that_has_it():
    assert reached(outcome([1], accuracies=(0.5, 0.989, 0.98, 0.99)), 0.989) == (2, 20.0)
    assert reached(outcome([1], accuracies=(0.5, 0.9)), 0.989) is None


def test_chance_shrinks_with_the_test_images():
    few, many = (accuracy_noise(OUTCOMES, count) for count in (100, 10_000))
    assert few == pytest.approx(10 * many)
    share = np.mean([0.99, 0.985, 0.99, 0.99])
    assert many == pytest.approx(4 * np.sqrt(2 * share * (1 - share) / 10_000))


def test_the_table_of_speeds():
    table = tables.speeds(RACERS, OUTCOMES)
    assert row(table, "course_utils") == ["300", "250 to 350", "200", "400", "2.00", "2.00"]
    assert row(table, "bare loop, DataLoader")[-2:] == ["1.00", "1.00"]
    names = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert names[0] == "course_utils"  # the fastest first


def test_the_table_of_aims_takes_the_better_loader():
    table = tables.aims(RACERS, OUTCOMES)
    assert row(table, "bare loop, DataLoader") == ["1.25", "2.00, reached"]
    assert row(table, "Keras 3 on PyTorch") == ["2.5", "3.00, reached"]
    assert "Lightning" not in table  # it did not take part
    slow = {**OUTCOMES, "ours": outcome([240, 240, 240])}
    assert row(tables.aims(RACERS, slow), "Keras 3 on PyTorch") == ["2.5", "2.40, missed"]


def test_the_table_of_accuracies():
    table = tables.accuracies(RACERS, OUTCOMES)
    assert row(table, "course_utils") == ["99.00%", "2", "20.0", "400"]
    assert row(table, "bare loop, DataLoader") == ["98.50%", "not reached", "", "400"]


def test_the_share_of_a_peak():
    fast = outcome([2000, 2000])
    assert share_of_peak(fast, 3e9, 12.0) == pytest.approx(0.5)
    sides = [Contender("bf16", "bf16", "bare", "torch", Options(precision="bf16"))]
    assert row(tables.peaks(sides, {"bf16": fast}, 3e9, 12.0), "bf16") == ["6.00", "50.0%"]
    assert row(tables.peaks(sides, {"bf16": fast}, 3e9, None), "bf16") == ["6.00", ""]
    assert peak_of("NVIDIA H200") == 989
    assert peak_of("NVIDIA H100 PCIe") == 756
    assert peak_of("another card") is None


class Clock:
    """A clock that shows what it is told to."""

    def __init__(self):
        self.time = 50.0

    def __call__(self):
        return self.time


def test_the_watch_counts_steps_and_leaves_waiting_and_measuring_out():
    clock, turns = Clock(), []
    task = make_task(TINY)  # 40 images in batches of 16, 16 and 8; a turn is 1 step and 2 that are counted

    def turn():
        turns.append(clock.time)
        clock.time += 1000

    def predict(x):
        clock.time += 100
        return torch.nn.functional.one_hot(torch.full((len(x),), 3), 10).float()

    watch = Watch(task, turn, clock)
    watch.start(predict)
    for seconds in (1, 2, 4, 8, 16, 32):
        clock.time += seconds
        watch.step()
    assert watch.outcome.pieces == [Piece(16 + 8, 2 + 4), Piece(16 + 8, 16 + 32)]
    assert watch.outcome.seconds == [1 + 2 + 4, 63]
    assert watch.outcome.accuracies == [np.mean(task.test_labels == 3)] * 2
    assert len(turns) == 3  # before the first step and after each piece
    assert watch.outcome.megabytes > 10


def test_a_watch_must_be_started():
    with pytest.raises(RuntimeError, match="never started has no network to ask: call start first"):
        Watch(make_task(TINY), lambda: None).accuracy()


def test_the_digits_are_repeated_until_there_are_enough(monkeypatch):
    monkeypatch.setattr("course_utils.data.handwriting.mnist_is_here", lambda: False)
    task = make_task(replace(TINY, images=3000))
    assert task.images.shape == (3000, 1, 28, 28)
    np.testing.assert_array_equal(task.images[1347], task.images[0])
    assert len(task.test_images) == 20
    assert "enlarged to 28x28, 1347 images repeated to 3000" in task.source


def test_resnet_18_is_the_known_one():
    network = ResNet18()
    assert sum(parameter.numel() for parameter in network.parameters()) == 11_173_962
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    # 0.5554 billion multiplications and as many additions forward, about twice that backward
    assert operations_an_image(network) == pytest.approx(3 * 2 * 0.5554e9, rel=0.01)


@pytest.mark.parametrize("contender", INSTALLED, ids=lambda each: each.key)
def test_each_installed_side_trains_every_image_of_every_epoch(contender):
    task, turns = make_task(replace(TINY, images=41), contender.options), []
    watch = Watch(task, lambda: turns.append(watch.steps))
    import_module(f"benchmarks.training.frameworks.{contender.module}").train(task, watch)
    assert watch.steps == 2 * 3
    assert turns == [0, 3, 6]
    assert len(watch.outcome.accuracies) == len(watch.outcome.seconds) == 2
    assert watch.outcome.first_loss == pytest.approx(first_loss(task), rel=1e-5)
    assert float(watch.logits(slice(1)).std()) > 0


def first_loss(task):
    x, t = torch.from_numpy(task.test_images).float() / 255, torch.from_numpy(task.test_labels)
    with torch.no_grad():
        return float(torch.nn.functional.cross_entropy(task.network()(x), t))


@pytest.mark.parametrize("key", ["ours", "ours-bf16", "bare", "bare-bf16", "bare-resident"])
def test_resnet_trains_without_a_gpu_as_well(key):
    contender = next(each for each in RESNET if each.key == key)
    task = make_task(COLOURS, replace(contender.options, compile=False))  # a compiler may not be there
    watch = Watch(task, lambda: None)
    import_module(f"benchmarks.training.frameworks.{contender.module}").train(task, watch)
    assert [piece.images for piece in watch.outcome.pieces] == [2]


@pytest.mark.slow
def test_a_race_in_processes_of_their_own_and_its_page(monkeypatch):
    sides, rounds = choose(("ours",)), []
    outcomes = race(sides, TINY, lambda: rounds.append(1))
    assert list(outcomes) == ["ours", "bare"]
    assert [len(each.pieces) for each in outcomes.values()] == [2, 2]
    assert len(rounds) == 3
    monkeypatch.setattr(surroundings, "accelerator", lambda: "")
    section = report.network(report.Heat(TINY, "made-up digits", sides, outcomes))
    text = report.page([section], {"torch": [2.0, 1.0, 1.5]}, TINY, "1 May 2026")
    assert row(text, "`torch`") == ["1.00", "1.50"]
    assert "made-up digits; images a second in 2 pieces of 2 steps" in text
    assert "No GPU was at hand" in text
    assert f"torch {torch.__version__}" in text


@pytest.mark.slow
def test_a_side_that_breaks_is_named_with_what_it_said():
    broken = Contender("broken", "a broken side", "nowhere", "torch")
    with pytest.raises(BrokenError, match=r"(?s)a broken side broke:.*No module named.*frameworks\.nowhere"):
        race([broken], TINY)


def test_sides_that_start_differently_are_no_race():
    with pytest.raises(BrokenError, match=r"differ \(loss 2\.3000 of a, 2\.3500 of b\), so the times mean"):
        check_alike({"a": outcome([1]), "b": outcome([1], first_loss=2.35)})
    with pytest.raises(BrokenError, match="so the times mean nothing"):
        check_alike({"a": outcome([1]), "b": outcome([1], first_loss=float("nan"))})
    check_alike({"a": outcome([1]), "b": outcome([1], first_loss=2.3001)})


def test_one_side_is_chosen_beside_the_bare_loop():
    assert [each.key for each in choose(("keras",))] == ["bare", "keras"]
    assert choose(()) == LENET
    with pytest.raises(ValueError, match=r"--only takes one of ours, .*, keras-default, and caffe was given"):
        choose(("caffe",))


def test_what_is_not_installed_is_left_out_aloud(capsys):
    absent = Contender("absent", "Absent Framework", "absent", "no_such_package.inner")
    assert program.installed([RACERS[1], absent]) == (RACERS[1],)
    expected = "NOT INSTALLED, SO LEFT OUT: Absent Framework; pip install -e .[bench] brings them.\n"
    assert capsys.readouterr().err == expected


BAD = {
    "--only caffe": "--only takes one of ours, ",
    "--write --quick": "--write stores a whole run, so it goes without --quick and --only.",
    "--write --only keras": "--write stores a whole run, so it goes without --quick and --only.",
    "--workers -1": "--workers takes a number from 0 on, and -1 was given.",
    "--workers many": "Argument --workers: invalid int value: 'many'.",
    "--peak-tflops much": "Argument --peak-tflops: invalid float value: 'much'.",
}


@pytest.mark.parametrize("words", BAD)
def test_bad_arguments_are_one_sentence(words, capsys):
    try:
        code = program.main(words.split())
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith(BAD[words])
    assert err.count("\n") == 1


@pytest.fixture
def made_up(monkeypatch, tmp_path):
    """Let every race have made-up outcomes, and return what was asked for."""
    asked = []

    def instead(contenders, settings, advance):
        asked.append(([each.key for each in contenders], settings))
        return {each.key: outcome([100, 200]) for each in contenders}

    monkeypatch.setattr(program, "race", instead)
    monkeypatch.setattr(program, "import_seconds", lambda names, **_: {name: [1.0] for name in names})
    monkeypatch.setattr(program, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(surroundings, "accelerator", lambda: "")
    return asked


def test_a_whole_run_is_stored_on_request(made_up, capsys):
    assert program.main(["--write", "--workers", "2"]) == 0
    out = capsys.readouterr().out
    assert program.RESULTS.read_text(encoding="utf-8") + "\n" == out
    assert made_up[0][1] == replace(program.WHOLE, workers=2)
    assert "## LeNet on 2 threads of the processor" in out


def test_a_quick_run_is_only_printed(made_up, capsys):
    assert program.main(["--quick", "--only", "bare-resident"]) == 0
    assert made_up == [(["bare", "bare-resident"], program.QUICK)]
    assert not program.RESULTS.exists()
    assert row(capsys.readouterr().out, "`torch`") == ["1.00", "1.00"]


def test_a_gpu_gets_two_races_more(made_up, monkeypatch, capsys):
    monkeypatch.setattr(surroundings, "accelerator", lambda: "NVIDIA H200")
    monkeypatch.setattr(program, "operations_an_image", lambda _: 4.945e9)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("cuda"))
    assert program.main(["--only", "bare-resident"]) == 0
    assert [(asked.network, asked.device) for _, asked in made_up] == [
        ("lenet", "cpu"), ("lenet", "cuda"), ("resnet18", "cuda"),
    ]  # fmt: skip
    out = capsys.readouterr().out
    assert "## LeNet on the GPU (cuda)" in out
    assert "No GPU was at hand" not in out
    peaks = out.partition("share of the bf16 peak")[2]
    assert (
        row(peaks, "course_utils, bf16")[-1] == "0.1%"
    )  # 150 images a second, 4.945 billion each, of 989 tera


def test_a_broken_race_is_exit_code_1(monkeypatch, capsys):
    def broken(*_):
        raise BrokenError("skorch ended with exit code 9")

    monkeypatch.setattr(program, "race", broken)
    assert program.main(["--only", "bare"]) == 1
    assert capsys.readouterr().err.endswith("The benchmark broke: skorch ended with exit code 9.\n")


def test_an_import_is_timed_in_a_fresh_process():
    asked = []

    def answer(words, **options):
        asked.append((words[-1], options["env"]["KERAS_BACKEND"]))
        return b"chatter\n0.25\n"

    assert imports.fresh_import("keras", answer) == 0.25
    assert asked == [(imports.CODE.format("keras"), "torch")]
    seconds = imports.import_seconds(["json"], 2)["json"]
    assert len(seconds) == 2
    assert 0 < min(seconds) < 60
