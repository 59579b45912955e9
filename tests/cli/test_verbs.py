"""The verbs lab, progress, data and release, with what they call replaced."""

import json
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils.cli import lab, main, repository
from course_utils.cli.data import datasets, place_of
from course_utils.cli.outcome import BadArgumentError, FailedError
from course_utils.data import DataUnavailableError
from course_utils.grading.progress import TaskStatus


@pytest.fixture
def clone(tmp_path, monkeypatch):
    for name in ("01_neurons", "02_xor"):
        (tmp_path / "labs" / name).mkdir(parents=True)
        (tmp_path / "labs" / name / f"{name}.ipynb").touch()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "start.ipynb").touch()
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["01_neurons", "labs/01_neurons", "labs/01_neurons/", "1", "01", "01_neurons.ipynb"]
)
def test_a_lab_has_many_names(clone, name):
    assert repository.find_lab(name, clone) == clone / "labs" / "01_neurons" / "01_neurons.ipynb"


def test_a_lab_may_be_a_students_copy(clone):
    path = clone / "copy.ipynb"
    path.touch()
    assert repository.find_lab(str(path), clone) == path


@pytest.mark.parametrize("name", ["3", "neurons", "missing.ipynb", ""])
def test_an_unknown_lab_lists_the_known_ones(clone, name):
    with pytest.raises(BadArgumentError, match=r"Unknown lab .*: the labs are 01_neurons, 02_xor"):
        repository.find_lab(name, clone)


def test_stored_notebooks_come_in_order_without_labs(clone):
    for name in ("lectures/02_b.ipynb", "lectures/01_a.ipynb", "solutions/01_a/01_a.ipynb"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).touch()
    found = [path.relative_to(clone).as_posix() for path in repository.notebooks(clone)]
    assert found == ["start.ipynb", "lectures/01_a.ipynb", "lectures/02_b.ipynb", "solutions/01_a/01_a.ipynb"]


def test_a_package_outside_a_clone_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    with pytest.raises(FailedError, match="is no clone of the course: install it with pip install -e"):
        repository.root()


def test_progress_is_a_row_for_each_task(clone, monkeypatch, capsys):
    tasks = [
        TaskStatus("neuron", "solved", 2, 2, ""),
        TaskStatus("layer", "partly", 1.5, 3, "the bias [b] was not added"),
        TaskStatus("open", "open", 0, 2, "Task 'open' is open: replace the raise"),
        TaskStatus("waits", "open", 0, 2, "Task 'waits' calls another"),
        TaskStatus("essay", "unwritten", None, 4, ""),
    ]
    monkeypatch.setattr("course_utils.grading.progress.lab_progress", lambda _: tasks)
    assert main(["progress", "1"]) == 0
    out = capsys.readouterr().out
    assert "01_neurons: 1 of 5 tasks done" in out
    assert "is open" not in out  # the state says so already
    assert "Task 'waits' calls" in out
    assert "02_xor" not in out
    assert "1.5 of 3" in out
    assert "4 by hand" in out
    assert "[b]" in out
    assert main(["progress"]) == 0
    assert "02_xor: 1 of 5 tasks done" in capsys.readouterr().out


def test_a_notebook_without_progress_is_one_sentence(clone, monkeypatch, capsys):
    def unreadable(_):
        raise ValueError("it is no notebook of a lab")

    monkeypatch.setattr("course_utils.grading.progress.lab_progress", unreadable)
    assert main(["progress", "2"]) == 1
    assert capsys.readouterr().err == "The progress of 02_xor.ipynb is unknown: it is no notebook of a lab.\n"


def test_data_are_listed_with_their_state(monkeypatch, capsys, tmp_path):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    assert main(["data"]) == 0
    rows = {line.split()[1]: line for line in capsys.readouterr().out.splitlines() if line.startswith("│")}
    assert "bundled" in rows["digits"]
    assert "absent" in rows["mnist"]


def test_data_in_the_users_own_folder_are_not_said_to_be_cached(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    entry = datasets()["mnist"]
    assert place_of(entry) == ("absent", f"not in COURSE_DATA, {tmp_path}")
    monkeypatch.setattr("course_utils.data.is_available", lambda _: True)
    assert place_of(entry) == ("yours", str(tmp_path))
    monkeypatch.setattr("course_utils.data.fetch", lambda _: None)
    assert main(["data", "fetch", "mnist"]) == 0
    assert capsys.readouterr().out == f"mnist is complete in {tmp_path}, so nothing was fetched.\n"


def test_a_warning_while_fetching_is_a_sentence_without_code(monkeypatch, capsys):
    monkeypatch.setattr("course_utils.data.fetch", lambda _: warnings.warn("It was altered.", stacklevel=1))
    assert main(["data", "fetch", "mnist"]) == 0
    assert capsys.readouterr().err == "It was altered.\n"


def test_a_data_set_that_cannot_be_fetched_is_one_sentence(monkeypatch, capsys):
    def offline(_):
        raise DataUnavailableError("mnist cannot be fetched: there is no network")

    monkeypatch.setattr("course_utils.data.fetch", offline)
    assert main(["data", "fetch", "mnist"]) == 1
    assert capsys.readouterr().err == "mnist cannot be fetched: there is no network.\n"


def test_fetching(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    fetched = []
    monkeypatch.setattr("course_utils.data.fetch", fetched.append)
    assert main(["data", "fetch", "mnist"]) == main(["data", "fetch", "digits"]) == 0
    assert fetched == ["mnist"]
    assert (
        capsys.readouterr().out == "mnist is in the cache.\ndigits is bundled: there is nothing to fetch.\n"
    )


def replace_release(monkeypatch, generate):
    """Put a stand-in in the place of the module, which takes seconds to import because of nbgrader."""
    monkeypatch.setitem(sys.modules, "course_utils.grading.release", SimpleNamespace(generate=generate))


def test_release_lists_what_it_made(clone, monkeypatch, capsys):
    made = clone / "labs" / "02_xor" / "02_xor.ipynb"
    replace_release(monkeypatch, lambda *_: [made])
    assert main(["release"]) == 0
    assert capsys.readouterr().out == "labs/02_xor/02_xor.ipynb\n"


def test_a_solution_that_cannot_be_released_is_one_sentence(clone, monkeypatch, capsys):
    def refuse(root, out):
        raise RuntimeError("02_xor has a cell without an end")

    replace_release(monkeypatch, refuse)
    assert main(["release"]) == 1
    assert capsys.readouterr().err == "The labs were not released: 02_xor has a cell without an end.\n"


def test_the_start_page_is_found_from_anywhere(clone, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert lab.page("start.ipynb", clone) == "/lab/tree/start.ipynb"
    assert lab.page("labs", clone) == "/lab/tree/labs"
    with pytest.raises(BadArgumentError, match="is not in the course's folder"):
        lab.page("..", clone)


def test_lab_says_where_it_runs_and_starts_the_server(clone, monkeypatch, capsys):
    started = {}

    def start(command, cwd, env):
        started.update(command=command, cwd=cwd, env=env)
        return SimpleNamespace(wait=lambda **_: 0)

    monkeypatch.setattr(lab.subprocess, "Popen", start)
    monkeypatch.setattr(lab, "turn_off_news", lambda: None)
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    port = lab.choose_port(None)
    assert main(["lab", "--no-browser", "--port", str(port)]) == 0
    address = f"http://localhost:{port}/lab/tree/start.ipynb?token=secret"
    assert capsys.readouterr().out == f"In a few seconds: {address} (Ctrl-C stops JupyterLab).\n"
    assert {"--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"} <= set(
        started["command"]
    )
    assert "secret" not in " ".join(started["command"])
    assert started["cwd"] == clone
    programs, *others = started["env"]["PATH"].split(os.pathsep)  # `course`, in JupyterLab's terminal
    assert programs == str(Path(sys.executable).parent)
    assert others == os.environ["PATH"].split(os.pathsep)


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_a_request_to_end_reaches_the_server():
    class Server:
        terminated = False

        def wait(self):
            os.kill(os.getpid(), signal.SIGTERM)
            return 0 if self.terminated else 1

        def terminate(self):
            self.terminated = True

    before = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # if it is not handed on, the test fails and pytest lives
    try:
        assert lab.wait(Server()) == 0
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_ctrl_c_stops_the_server_and_is_no_error(capsys):
    class Server:
        interrupted = terminated = False

        def wait(self, timeout=None):
            if not self.interrupted:
                self.interrupted = True
                raise KeyboardInterrupt
            if timeout and not self.terminated:
                raise subprocess.TimeoutExpired("lab", timeout)
            return 0

        def terminate(self):
            self.terminated = True

    server = Server()
    assert lab.wait(server) == 0
    assert server.terminated
    assert capsys.readouterr().out == "JupyterLab stopped.\n"


def test_news_are_off_in_this_environment_only(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    lab.turn_off_news()
    path = tmp_path / "etc/jupyter/labconfig/default_setting_overrides.json"
    assert json.loads(path.read_text()) == lab.NO_NEWS
    path.write_text("mine")
    lab.turn_off_news()
    assert path.read_text() == "mine"
