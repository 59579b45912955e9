"""Bad arguments end with one sentence on stderr and exit code 2; other failures with 1."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.cli import main
from course_utils.cli.app import one_sentence, verbs

ROOT = Path(__file__).resolve().parents[2]
VERBS = "lab test check notebooks release doctor progress data mutate bench soak".split()  # noqa: SIM905
BAD = {
    "lend": (
        "Unknown verb lend: the verbs are lab, test, check, notebooks, release, doctor, progress, data, "
        "mutate, bench, soak."
    ),
    "lab --prt 1": "No such option: --prt",
    "lab --port": "Option '--port' requires an argument.",
    "lab --port many": "--port takes a number from 1 to 65535, and many was given.",
    "lab --port 70000": "--port takes a number from 1 to 65535, and 70000 was given.",
    "lab nowhere.ipynb": "nowhere.ipynb is not in the course's folder",
    "check everything": "Got unexpected extra argument",
    "notebooks nowhere.ipynb": "nowhere.ipynb is no notebook: give paths of .ipynb files",
    "progress 99_nothing": "Unknown lab 99_nothing: the labs are ",
    "data lose": "Unknown action lose: course data lists the sets, course data fetch NAME fetches one.",
    "data fetch": "course data fetch takes a name: the data sets are digits, photographs, mnist.",
    "data fetch nothing": "Unknown data set nothing: the data sets are digits, photographs, mnist.",
    "--loud": "No such option: --loud",
}


@pytest.mark.parametrize(("words", "sentence"), BAD.items())
def test_one_sentence_and_exit_code_2(words, sentence, capsys):
    assert main(words.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(sentence)
    assert err.count("\n") == 1
    assert err.endswith(".\n")


def test_the_installed_command_says_the_same(tmp_path):
    command = [sys.executable, "-m", "course_utils.cli", "lend"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", BAD["lend"] + "\n")


def test_a_port_in_use_is_named(capsys):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert main(["lab", "--no-browser", "--port", str(port), "pyproject.toml"]) == 1
    expected = f"Port {port} is in use: choose another with --port, or leave it out to take a free one.\n"
    assert capsys.readouterr().err == expected


def test_no_arguments_show_the_verbs(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    assert [verb for verb in VERBS if f"\n  {verb} " in out] == VERBS == verbs()


def test_ctrl_c_ends_without_a_traceback(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("course_utils.cli.doctor.examine", interrupted)
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_bug_is_not_hidden_in_a_sentence(monkeypatch):
    def broken():
        raise ZeroDivisionError

    monkeypatch.setattr("course_utils.cli.doctor.examine", broken)
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_an_exit_code_is_handed_on(monkeypatch):
    monkeypatch.setattr("course_utils.cli.doctor.examine", lambda: 1)
    assert main(["doctor"]) == 1


def test_a_message_becomes_one_line():
    assert one_sentence("two\n  lines") == "two lines."
    assert one_sentence("done.") == "done."


def test_importing_the_command_loads_nothing_heavy():
    code = "import sys, course_utils.cli.app; print('\\n'.join({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    heavy = {
        "torch",
        "numpy",
        "matplotlib",
        "nbgrader",
        "nbformat",
        "nbclient",
        "IPython",
        "sklearn",
        "psutil",
    }
    assert "typer" in loaded.stdout.split()
    assert not heavy & set(loaded.stdout.split())
