"""course.py with a stand-in for Python, venv and pip: steps, stamp, repairs, a sentence for each failure."""

import ast
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
STEPS = ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
WAITING = "Another course.py is working on .venv: waiting for it to finish (Ctrl-C to stop)."

# Acts as the Python that makes .venv and as the one inside it: the file `modules` says what is installed.
STAND_IN = """#!{python} -IS
import json, os, pathlib, shutil, sys, time
me, words = pathlib.Path(sys.argv[0]), sys.argv[1:]
plan = json.loads(os.environ.get("STAND_IN", "{{}}"))
modules = me.parent.parent / "modules"
def installed(): return modules.read_text().split() if modules.exists() else []
if words[:2] == ["-I", "-c"]:
    print({version!r}, *[name for name in words[3:] if name in installed()])
    sys.exit()
if words[:2] == ["-m", "course_utils.cli"]:
    print("handed over", *words[2:])
    sys.exit(plan.get("code", 0))
kinds = {{"-r": "lock", "-e": "package", "ipykernel": "kernel", "venv": "venv"}}
kind = next(kind for word, kind in kinds.items() if word in words)
with open(os.environ["CALLS"], "a") as file:
    seen = [os.environ.get(name) for name in ("PIP_FIND_LINKS", "PYTHONPATH", "PIP_USER")]
    file.write(json.dumps([kind, words, seen]) + chr(10))
if kind == plan.get("slow"):
    time.sleep(plan["seconds"])
if kind == plan.get("fail"):
    print(plan["text"], file=sys.stderr)
    sys.exit(1)
if kind == "venv":
    folder = pathlib.Path(words[-1])
    (folder / "bin").mkdir()
    shutil.copy(me, folder / "bin" / "python")
    (folder / "modules").write_text("pip")
elif kind != "kernel":
    more = ["typer", "ipykernel", "jupyterlab", "torch"] if kind == "lock" else ["course_utils"]
    modules.write_text(" ".join(dict.fromkeys(installed() + more)))
"""
DRIVER = """
import sys, runpy
sys._base_executable = sys.argv.pop(1)
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


class Clone:
    """A clone of the course in which course.py runs with the stand-in."""

    def __init__(self, folder):
        self.folder = folder / "clone"
        self.folder.mkdir()
        for name in ("course.py", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder)
        self.python = folder / "stand-in"
        self.python.write_text(STAND_IN.format(python=sys.executable, version=THIS))
        self.python.chmod(0o755)
        self.calls_file = folder / "calls"

    @property
    def venv(self):
        return self.folder / ".venv"

    def start(self, *words, **plan):
        variables = {
            "STAND_IN": json.dumps(plan),
            "CALLS": str(self.calls_file),
            "PYTHONPATH": "mine",
            "PIP_USER": "1",
        }
        command = [sys.executable, "-c", DRIVER, str(self.python), str(self.folder / "course.py"), *words]
        return subprocess.Popen(
            command,
            env=os.environ | {"PIP_FIND_LINKS": "wheels"} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words, **plan):
        process = self.start(*words, **plan)
        out, err = process.communicate(timeout=60)
        return SimpleNamespace(code=process.returncode, out=out.splitlines(), err=err)

    def calls(self):
        """Return what was called since the last time: kind, words, variables."""
        lines = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    def kinds(self):
        return [kind for kind, *_ in self.calls()]

    def wait_for_call(self, kind):
        deadline = time.monotonic() + 30
        while not self.calls_file.exists() or f'["{kind}"' not in self.calls_file.read_text():
            assert time.monotonic() < deadline, f"{kind} was never called"
            time.sleep(0.02)


@pytest.fixture
def clone(tmp_path):
    if os.name == "nt":
        pytest.skip("the stand-in is a script with a first line that Windows does not read")
    return Clone(tmp_path)


@pytest.fixture
def ready(clone):
    assert clone.run("lab").code == 0
    clone.calls()
    return clone


@pytest.fixture
def course():
    spec = importlib.util.spec_from_file_location("course_py", ROOT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EVERYTHING = ["venv", "lock", "package", "kernel"]
UPDATE = EVERYTHING[1:]


def test_the_first_run_takes_four_steps_of_one_line_and_hands_over(clone):
    done = clone.run("lab", "--port", "9000", "--no-browser", code=3)
    assert [line[:5] for line in done.out[:4]] == STEPS
    assert done.out[4:] == ["handed over lab --port 9000 --no-browser"]
    assert (done.code, done.err) == (3, "")
    calls = {kind: words for kind, words, _ in clone.calls()}
    assert list(calls) == EVERYTHING
    assert calls["lock"][-2:] == ["-r", "requirements.lock"]
    assert calls["package"][-4:] == ["--no-deps", "--no-build-isolation", "-e", "."]
    assert calls["kernel"][1:] == ["ipykernel", "install", "--sys-prefix", "--name", "python3"]


def test_the_second_run_hands_over_at_once(ready):
    done = ready.run("check")
    assert done.out == ["handed over check"]
    assert ready.kinds() == []


def test_the_users_pip_settings_are_kept_and_what_would_break_pip_is_not(clone):
    clone.run("lab")
    assert {tuple(seen) for _, _, seen in clone.calls()} == {("wheels", None, "0")}


def test_torch_for_the_cpu_takes_pytorchs_own_wheels_and_is_remembered(clone):
    done = clone.run("test", "--torch", "cpu")
    assert done.out[-1] == "handed over test"
    words = next(words for kind, words, _ in clone.calls() if kind == "lock")
    assert words[words.index("--extra-index-url") + 1] == "https://download.pytorch.org/whl/cpu"
    for again in (["test"], ["--torch=cpu", "test"]):
        assert clone.run(*again).out == ["handed over test"]
    (clone.folder / "requirements.lock").write_text("changed==1\n")
    clone.run("test")
    assert "--extra-index-url" in next(words for kind, words, _ in clone.calls() if kind == "lock")


def test_another_torch_makes_the_environment_anew(ready):
    (ready.venv / "nvidia").mkdir()
    ready.run("--torch", "cpu", "lab")
    assert ready.kinds() == EVERYTHING
    assert not (ready.venv / "nvidia").exists()
    ready.run("lab", "--torch=default")
    words = next(words for kind, words, _ in ready.calls() if kind == "lock")
    assert "--extra-index-url" not in words


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["lab", "--torch", "gpu"], "--torch takes cpu or default, and 'gpu' was given.\n"),
        (["lab", "--torch="], "--torch takes cpu or default, and nothing was given.\n"),
        (["lab", "--torch"], "--torch takes cpu or default, and nothing was given.\n"),
        (
            ["lend"],
            "Unknown verb lend: "
            "the verbs are lab, test, check, notebooks, release, doctor, progress, data, mutate, "
            "bench, soak.\n",
        ),
    ],
)
def test_bad_arguments_are_one_sentence_before_anything_is_installed(clone, words, sentence):
    done = clone.run(*words)
    assert (done.code, done.out, done.err) == (2, [], sentence)
    assert not clone.venv.exists()


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["--torch", "cpu"]])
def test_usage(clone, words, course):
    done = clone.run(*words)
    assert done.code == 0
    assert done.out[0] == "Usage: python course.py VERB [--torch cpu|default] [options]"
    shown = "\n".join(done.out)
    assert [verb for verb in course.VERBS if f"\n  {verb} " not in shown] == []
    assert not clone.venv.exists()


def test_the_verbs_are_those_of_the_command(course):
    from course_utils.cli.app import verbs

    assert list(course.VERBS) == verbs()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_package_updates_in_place(ready, name):
    with (ready.folder / name).open("a") as file:
        file.write("# changed\n")
    (ready.venv / "kept").touch()
    assert ready.run("lab").out[0].startswith("[1/4] Updating .venv")
    assert ready.kinds() == UPDATE
    assert (ready.venv / "kept").exists()
    assert ready.run("lab").out == ["handed over lab"]


def break_stamp(clone):
    (clone.venv / "course-stamp.json").write_text('{"files": ')


def lose_module(clone):
    (clone.venv / "modules").write_text("pip course_utils typer ipykernel jupyterlab")


def lose_stamp(clone):
    (clone.venv / "course-stamp.json").unlink()


def lose_python(clone):
    (clone.venv / "bin" / "python").unlink()


def move_python(clone):
    lose_python(clone)
    (clone.venv / "bin" / "python").symlink_to("/no/such/python")


def lose_pip(clone):
    (clone.venv / "modules").write_text("typer")


def leave_unfinished(clone):
    (clone.venv / "course-unfinished").touch()


def change_python(clone):
    python = clone.venv / "bin" / "python"
    python.write_text(python.read_text().replace(repr(THIS), "'3.9'"))


def move_clone(clone):
    clone.folder = clone.folder.rename(clone.folder.with_name("moved"))


@pytest.mark.parametrize(
    ("damage", "repair"),
    [
        (break_stamp, UPDATE),
        (lose_module, UPDATE),
        (lose_stamp, UPDATE),
        (lose_python, EVERYTHING),
        (move_python, EVERYTHING),
        (lose_pip, EVERYTHING),
        (leave_unfinished, EVERYTHING),
        (change_python, EVERYTHING),
        (move_clone, EVERYTHING),
    ],
)
def test_a_damaged_environment_is_repaired(ready, damage, repair):
    damage(ready)
    (ready.venv / "kept").touch()
    assert ready.run("lab").out[-1] == "handed over lab"
    assert ready.kinds() == repair
    assert (ready.venv / "kept").exists() == (repair == UPDATE)
    assert ready.run("lab").out == ["handed over lab"]


FAILURES = {
    "OSError: [Errno 28] No space left on device": "The disk is full: free some space and",
    "WARNING: Retrying after connection broken by 'NewConnectionError(host='index.example.org')'\n"
    "ERROR: Could not find a version that satisfies the requirement alembic==1.20.1 (from versions: none)": (
        "No network while installing: check the connection or the proxy and run the same command again."
    ),
    "socket.gaierror: [Errno -3] Temporary failure in name resolution": "No network while installing: ",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.": "No network while installing: ",
    "The virtual environment was not created successfully because ensurepip is not available.": (
        "This Python cannot make environments: on Debian or Ubuntu run `sudo apt install python3-venv`"
    ),
    "Collecting x\nERROR: No matching distribution for x at https://index.example.org/simple\nsee above": (
        "The step failed (ERROR: No matching distribution for x at the package index): the whole log is in "
    ),
    "no line that says error\nlast line": "The step failed (last line): the whole log is in ",
}


@pytest.mark.parametrize(("text", "sentence"), FAILURES.items())
def test_what_a_step_wrote_becomes_one_sentence(course, tmp_path, text, sentence):
    log = tmp_path / "course-install.log"
    log.write_text("$ -m pip install -r requirements.lock\n" + text)
    explained = course.explain(log)
    assert explained.startswith(sentence)
    assert "\n" not in explained
    assert "index.example.org" not in explained


@pytest.mark.parametrize("kind", EVERYTHING)
def test_a_failed_step_is_the_last_and_the_same_command_then_works(clone, kind):
    done = clone.run("lab", fail=kind, text="ERROR: the reason")
    assert done.code == 1
    log = clone.venv / "course-install.log"
    assert done.err == f"The step failed (ERROR: the reason): the whole log is in {log}.\n"
    assert "ERROR: the reason" in log.read_text()
    assert [line[:5] for line in done.out] == STEPS[: 1 + EVERYTHING.index(kind)]
    clone.calls()
    assert clone.run("lab").out[-1] == "handed over lab"
    assert clone.kinds() == EVERYTHING


def test_two_first_runs_at_once_install_once(clone):
    first = clone.start("lab", slow="lock", seconds=1)
    clone.wait_for_call("lock")
    second = clone.start("check")
    outs = [process.communicate(timeout=60)[0].splitlines() for process in (first, second)]
    assert outs[1] == [WAITING, "handed over check"]
    assert outs[0][-1] == "handed over lab"
    assert clone.kinds() == EVERYTHING


def test_a_killed_run_leaves_no_lock_but_its_pip_is_waited_for(clone):
    first = clone.start("lab", slow="lock", seconds=1)
    clone.wait_for_call("lock")
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    assert (clone.venv / "course.lock").exists()
    done = clone.run("lab")
    assert done.out[0] == WAITING
    assert done.out[-1] == "handed over lab"
    assert clone.kinds() == ["venv", "lock", *EVERYTHING]


def test_a_lock_that_nobody_holds_is_no_obstacle(clone):
    clone.venv.mkdir()
    (clone.venv / "course.lock").write_text("1")
    assert WAITING not in clone.run("lab").out


def test_ctrl_c_says_how_to_go_on(clone):
    process = clone.start("lab", slow="lock", seconds=1)
    clone.wait_for_call("lock")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1] == "Stopped: run the same command again to go on.\n"
    assert process.returncode == 130
    assert clone.run("lab").out[-1] == "handed over lab"


def test_an_environment_that_cannot_be_written_is_one_sentence(clone):
    clone.venv.write_text("a file")
    done = clone.run("lab")
    assert done.code == 1
    assert re.fullmatch(
        r"Cannot write \S+/\.venv \(.*\): close JupyterLab and every Python .* try again\.\n", done.err
    )


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ((3, 6), "Python 3.6 is too old: install Python 3.13 and run course.py with it."),
        ((3, 10), "Python 3.10 is too old: install Python 3.13 and run course.py with it."),
        (
            (3, 14),
            "Python 3.14 is newer than the course supports: install Python 3.13 and run course.py with it.",
        ),
    ],
)
def test_an_unsuitable_python_is_one_sentence(course, monkeypatch, capsys, version, sentence):
    monkeypatch.setattr(
        course, "sys", SimpleNamespace(version_info=version, argv=["course.py"], stderr=sys.stderr)
    )
    assert course.main() == 1
    assert capsys.readouterr().err == sentence + "\n"


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_suitable_python_is_none(course, version):
    assert course.python_problem(version) == ""


def test_a_full_disk_is_seen_before_anything_is_downloaded(course, monkeypatch, tmp_path):
    def free(gigabytes):
        monkeypatch.setattr(course.shutil, "disk_usage", lambda _: SimpleNamespace(free=gigabytes * 1e9))

    free(2.5)
    with pytest.raises(course.Stop, match=r"Not enough disk space: .* about 3 GB and 2\.5 GB are free"):
        course.check_room(tmp_path, "cpu")
    monkeypatch.setattr(course.sys, "platform", "linux")
    free(8)
    assert course.check_room(tmp_path, "cpu") == ""
    assert course.check_room(tmp_path, "default") == "; only 8 GB free, --torch cpu needs less"
    free(80)
    assert course.check_room(tmp_path, "default") == ""


def test_a_python_without_ensurepip_says_which_package_to_install(course, monkeypatch, tmp_path):
    monkeypatch.setattr(
        course.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object()
    )
    with pytest.raises(
        course.Stop, match=r"This Python cannot make environments: .* apt install python3-venv"
    ):
        course.make_environment(tmp_path, 0)


def test_a_full_disk_outside_pip_is_one_sentence(course, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(course, "prepare", full)
    monkeypatch.setattr(sys, "argv", ["course.py", "lab"])
    assert course.main() == 1
    assert "(No space left on device): free some disk space and try again." in capsys.readouterr().err


def test_windows_line_ends_do_not_make_another_stamp(course, tmp_path):
    for end in (b"\n", b"\r\n"):
        for name in ("requirements.lock", "pyproject.toml"):
            (tmp_path / name).write_bytes(b"a" + end)
        stamp = course.wanted(tmp_path, "cpu")
    assert stamp == course.wanted(tmp_path, "cpu")
    (tmp_path / "requirements.lock").write_bytes(b"a\n")
    assert stamp == course.wanted(tmp_path, "cpu")


def test_windows_waits_for_the_command_and_hands_its_code_on(course, monkeypatch):
    codes = iter([KeyboardInterrupt, 5])

    def wait():
        code = next(codes)
        if code is KeyboardInterrupt:
            raise code
        return code

    monkeypatch.setattr(course, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(course.subprocess, "Popen", lambda _: SimpleNamespace(wait=wait))
    assert course.hand_over(Path("python.exe"), ["lab"]) == 5
    assert course.environment_python(Path("e")) == Path("e/Scripts/python.exe")


NEW_SYNTAX = (
    ast.JoinedStr,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.Match,
    ast.Await,
    ast.AsyncFunctionDef,
    ast.Starred,
)


def test_the_file_parses_on_old_pythons():
    tree = ast.parse((ROOT / "course.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    assert [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, NEW_SYNTAX)] == []
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported == ["pathlib"]  # `from __future__ import annotations` is too new
    annotations = [node.annotation for node in ast.walk(tree) if isinstance(node, ast.arg)]
    annotations += [node.returns for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    evaluated = [one for one in annotations if isinstance(one, ast.Subscript | ast.BinOp)]
    assert [ast.unparse(one) for one in evaluated] == []


def test_only_the_standard_library_is_imported():
    tree = ast.parse((ROOT / "course.py").read_text(encoding="utf-8"))
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert "subprocess" in names
    assert names <= set(sys.stdlib_module_names)
