"""course bench hands its options on to the program in benchmarks/, which runs in a process of its own."""

import sys
from types import SimpleNamespace

import pytest

from course_utils.cli import bench, main, repository


@pytest.fixture
def started(monkeypatch):
    """Let no benchmark run, and return what would have."""
    calls = []

    def run(command, cwd, check):
        calls.append((command, cwd))
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(bench.subprocess, "run", run)
    return calls


@pytest.mark.parametrize(
    ("words", "handed_on"),
    [
        ("", ""),
        ("--quick --only keras --only skorch", "--quick --only keras --only skorch"),
        ("--write --workers 2", "--write --workers 2"),
        ("--peak-tflops 989 --quick", "--quick --peak-tflops 989"),
    ],
)
def test_options_and_the_exit_code_are_handed_on(started, words, handed_on):
    assert main(["bench", *words.split()]) == 3
    assert started == [([sys.executable, "-m", "benchmarks.training", *handed_on.split()], repository.ROOT)]


def test_without_a_clone_there_is_no_benchmark(started, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    assert main(["bench"]) == 1
    assert "is no clone of the course" in capsys.readouterr().err
    assert started == []


@pytest.mark.slow
def test_the_program_is_there_and_refuses_what_it_does_not_know(capfd):
    assert main(["bench", "--only", "caffe"]) == 2
    assert capfd.readouterr().err.startswith("--only takes one of ours, ")
