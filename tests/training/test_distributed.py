"""Two processes under torchrun train as one does; each starts once and runs every case."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from course_utils.training import CheckpointError, train
from tests.training import distributed_cases as cases
from tests.training.small import CPU, batches, network, plain

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("distributed")]
ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = {"linux": "lo", "darwin": "lo0"}.get(sys.platform, "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run both processes and return the folder with what they wrote."""
    place = tmp_path_factory.mktemp("together")
    words = [
        "--nproc-per-node=2",
        "--rdzv-backend=c10d",
        "--rdzv-endpoint=localhost:0",
        "--local-addr=127.0.0.1",
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    if LOOPBACK:
        environment["GLOO_SOCKET_IFNAME"] = LOOPBACK
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", *words, cases.__file__, str(place)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def results(folder):
    """Return what the two processes found out."""
    return [torch.load(folder / f"results {rank}.pt", weights_only=False) for rank in (0, 1)]


def same(one, other):
    """Tell whether two runs ended alike, bit for bit."""
    weights = all(torch.equal(one["weights"][name], other["weights"][name]) for name in one["weights"])
    return weights and one["history"] == other["history"] and one["ending"] == other["ending"]


@pytest.mark.parametrize("name", cases.ALIKE)
def test_two_processes_equal_one_with_the_same_batches(results, name):
    alone = cases.alike(name)
    for together in (results[0][name], results[1][name]):
        assert together["ending"] == alone["ending"]
        for parameter, value in alone["weights"].items():
            torch.testing.assert_close(together["weights"][parameter], value, rtol=0, atol=1e-6)
        for column, values in alone["history"].items():
            assert together["history"][column] == pytest.approx(values, abs=1e-6)
    assert same(results[0][name], results[1][name])


def test_the_case_of_early_stopping_does_stop_early(results):
    ended = results[0]["stopped early"]
    assert "stopped early after epoch" in ended["ending"]
    assert 1 < len(ended["history"]["epoch"]) < 20


def test_a_resumed_run_equals_an_unbroken_one_in_both_processes(results):
    for each in results:
        assert len(each["resumed"]["drawn"]) == 12  # 21 steps, of which 9 were saved
        assert each["resumed"]["drawn"] == each["whole"]["drawn"][9:]
        assert same(each["whole"], each["resumed"])


def test_batch_norm_ends_with_the_same_averages_in_both_processes(results):
    assert same(results[0]["whole"], results[1]["whole"])
    assert results[0]["whole"]["weights"]["1.num_batches_tracked"] == 21


def test_each_process_draws_numbers_of_its_own(results):
    own = [each["own"] for each in results]
    assert len({*own[0]["drawn"], *own[1]["drawn"]}) == 28  # 14 steps in each of two processes
    assert not torch.equal(own[0]["mask"], own[1]["mask"])
    for each in results:  # and the same ones again in another run
        assert each["whole"]["drawn"][:14] == each["own"]["drawn"]
        assert torch.equal(each["whole"]["mask"], each["own"]["mask"])


def test_only_the_first_process_writes_and_shows_progress(folder, results):
    assert (folder / "rank 0" / "own.pt").is_file()
    assert len(list((folder / "rank 0 logs").iterdir())) == 1
    assert not list(folder.glob("rank 1*"))
    assert "step/s" in results[0]["own"]["shown"]
    assert results[1]["own"]["shown"] == ""


@pytest.mark.parametrize("case", ["loader", "validation loader"])
def test_a_loader_cannot_be_shared(results, case):
    sentence = "ValueError: 2 processes cannot share a DataLoader; give arrays or Batches, which are divided"
    assert [each[case] for each in results] == [sentence, sentence]


@pytest.mark.parametrize("count", ["one example", "three examples"])
def test_batch_norm_with_an_example_alone_is_refused_before_it_is_met(results, count):
    for each in results:
        assert each[f"batch norm, {count}"].startswith("ValueError: batch norm cannot train on one example")


def test_a_file_that_one_process_alone_finds_is_refused_by_both(results):
    for each in results:
        assert each["seen by some"].startswith("CheckpointError: some of the 2 processes find ")


def test_another_number_of_processes_is_refused(folder):
    model, optimizer = network()
    sentence = "belongs to another run: its number of processes is 2, here it is 1; give another path"
    with pytest.raises(CheckpointError, match=sentence):
        train(
            model, optimizer, batches(), cases.examples(41, seed=2), epochs=4, hardware=CPU,
            checkpoint=folder / "whole.pt", progress=False,
        )  # fmt: skip


def test_alone_under_torchrun_is_a_team_of_one(monkeypatch):
    for name, value in {"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0"}.items():
        monkeypatch.setenv(name, value)
    model, optimizer = plain()
    assert train(model, optimizer, batches(), epochs=1, hardware=CPU, progress=False).epochs == 1
    assert not torch.distributed.is_initialized()
