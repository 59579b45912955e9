#!/usr/bin/env python3
"""Make the environment of the course, then hand the verb over to the `course` command inside it.

Standard library only. This file has to parse on every Python 3, so that an old one is turned away with a
sentence and not with a SyntaxError: no f-strings, no annotated variables, no annotations that old Pythons
could not evaluate.
"""
# ruff: noqa: UP031, N818

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VERBS = (
    "lab",
    "test",
    "check",
    "notebooks",
    "release",
    "doctor",
    "progress",
    "data",
    "mutate",
    "bench",
    "soak",
)
OLDEST, NEWEST = (3, 11), (3, 13)
TORCH = ("default", "cpu")
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
GIGABYTES = {"cpu": 3, "default": 12}  # on Linux the default torch brings CUDA along
NEEDED = ("pip", "course_utils", "typer", "ipykernel", "jupyterlab", "torch")
PROBE = (
    "import sys, importlib.util as u; "
    "print('%d.%d' % sys.version_info[:2], *[n for n in sys.argv[1:] if u.find_spec(n)])"
)
NO_NETWORK = re.compile(
    "NewConnectionError|NameResolutionError|Max retries exceeded|Failed to establish a new connection|"
    "Temporary failure in name resolution|getaddrinfo failed|nodename nor servname|Network is unreachable|"
    "ConnectTimeoutError|ReadTimeoutError|Read timed out|ProxyError|Connection(Reset|Refused|Aborted)Error|"
    "Connection (refused|reset|aborted)|Could not fetch URL|SSLError|CERTIFICATE_VERIFY_FAILED"
)
USAGE = """Usage: python course.py VERB [--torch cpu|default] [options]

Makes .venv beside this file when it is missing or out of date, then runs the verb in it:
  lab         open JupyterLab on the start page (--port N, --no-browser)
  test        run every check that CI runs
  check       run the fast subset: lint, types, imports, unit tests
  notebooks   execute the notebooks again and store their outputs
  release     make labs/ from solutions/
  doctor      say what works on this machine and what to do about the rest
  progress    show which tasks of the labs are solved
  data        list the data sets, or fetch one
  mutate      break the labs' solutions on purpose: do their checks notice?
  bench       time training beside what one would use instead
  soak        kill training at random moments and resume it: does it end as if nobody had?

--torch cpu takes PyTorch's own CPU wheels: on Linux gigabytes smaller. The choice is remembered."""


class Stop(Exception):
    """A sentence for the user and the exit code to end with."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def python_problem(version: "tuple[int, ...]") -> str:
    """Say what to do about an unsuitable Python, or return an empty string for a suitable one."""
    given = "%d.%d" % version[:2]
    if version[:2] < OLDEST:
        return "Python %s is too old: install Python 3.13 and run course.py with it." % given
    if version[:2] > NEWEST:
        return (
            "Python %s is newer than the course supports: install Python 3.13 and run course.py with it."
            % given
        )
    return ""


def take_torch(arguments: "list[str]") -> "tuple[str, list[str]]":
    """Split `--torch CHOICE` off the arguments, wherever it stands; the choice is empty if none is given."""
    choice, rest, waiting = "", [], list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--torch":
            choice = waiting.pop(0) if waiting else ""
        elif argument.startswith("--torch="):
            choice = argument[len("--torch=") :]
        else:
            rest.append(argument)
            continue
        if choice not in TORCH:
            raise Stop(
                "--torch takes cpu or default, and %s was given." % (repr(choice) if choice else "nothing"), 2
            )
    return choice, rest


def environment_python(venv: Path) -> Path:
    """Return where the environment's Python is on this system."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def inside(venv: Path) -> "list[str]":
    """Ask the environment's Python for its version and the needed modules it finds; empty if broken."""
    command = [str(environment_python(venv)), "-I", "-c", PROBE] + list(NEEDED)  # noqa: RUF005
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL, timeout=60).decode().split()
    except (OSError, subprocess.SubprocessError):
        return []


def wanted(root: Path, torch: str) -> "dict[str, str]":
    """Return what a finished environment's stamp has to say."""
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return {
        "files": digest.hexdigest(),
        "python": "%d.%d" % sys.version_info[:2],
        "root": str(root),
        "torch": torch,
    }


def read_stamp(venv: Path) -> "dict[str, str]":
    """Read the stamp of a finished environment; empty if there is none or it cannot be read."""
    try:
        stamp = json.loads((venv / "course-stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def plan(venv: Path, want: "dict[str, str]") -> str:
    """Decide whether the environment is "ready", needs an "update" in place, or has to be made ("make")."""
    found, stamp = inside(venv), read_stamp(venv)
    if found[:2] != [want["python"], "pip"] or (venv / "course-unfinished").exists():
        return "make"
    if not stamp:
        return "update"  # somebody's own environment: add to it, delete nothing
    if any(stamp.get(part) != want[part] for part in ("python", "root", "torch")):
        return "make"
    return "ready" if stamp == want and found[1:] == list(NEEDED) else "update"


if sys.platform == "win32":
    import msvcrt

    def take_lock(descriptor: int) -> bool:
        """Take the lock if no other process has it; the system frees it when its process ends."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def take_lock(descriptor: int) -> bool:
        """Take the lock if no other process has it; the system frees it when its process ends."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: go on without one
            return True
        return True


def wait_for_lock(venv: Path, pause: float = 0.5) -> int:
    """Wait until no other course.py works on the environment, and return the lock's file descriptor."""
    venv.mkdir(exist_ok=True)
    descriptor = os.open(str(venv / "course.lock"), os.O_RDWR | os.O_CREAT)
    if not take_lock(descriptor):
        print("Another course.py is working on .venv: waiting for it to finish (Ctrl-C to stop).", flush=True)
        while not take_lock(descriptor):
            time.sleep(pause)
    return descriptor


def explain(log: Path) -> str:
    """Turn what a failed step wrote into one sentence that says what to do."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if re.search(r"No space left|Errno 28|not enough space on the disk", text):
        return "The disk is full: free some space and run the same command again (--torch cpu needs less)."
    if "ensurepip is not available" in text:
        return no_venv()
    if NO_NETWORK.search(text):
        return (
            "No network while installing: check the connection or the proxy and run the same command again."
        )
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("$ ")]
    errors = [line for line in lines if line.lower().startswith("error")] or lines or ["no message"]
    last = re.sub(r"host='[^']*'", "the package index", re.sub(r"\w+://\S+", "the package index", errors[-1]))
    return "The step failed (%s): the whole log is in %s." % (last.rstrip("."), log)


def no_venv() -> str:
    """Say what to do about a Python without venv or ensurepip, as Debian ships it."""
    return (
        "This Python cannot make environments: on Debian or Ubuntu run `sudo apt install python3-venv` "
        "(or python%d.%d-venv) and then the same command again." % sys.version_info[:2]
    )


def run_step(command: "list[str]", root: Path, lock: int) -> None:
    """Run one command of a step with its output in the log; the child keeps the lock if we are killed."""
    log = root / ".venv" / "course-install.log"
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")
    }
    environment.update(
        PIP_USER="0",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PYTHONUTF8="1",
        IPYTHONDIR=str(root / ".venv" / "course-ipython"),
    )
    with log.open("ab") as file:
        file.write(("$ " + " ".join(command[1:]) + "\n").encode())
        file.flush()
        held = (lock,) if os.name != "nt" else ()
        code = subprocess.call(
            command,
            cwd=str(root),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            pass_fds=held,
        )
    if code:
        raise Stop(explain(log))


def clear(venv: Path) -> None:
    """Empty the environment, but for the lock that we hold."""
    for entry in venv.iterdir():
        if entry.name == "course.lock":
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(str(entry))
        else:
            entry.unlink()


def check_room(root: Path, torch: str) -> str:
    """Raise Stop when the disk cannot hold the environment; return a remark when it may not."""
    free = shutil.disk_usage(str(root)).free / 1e9
    if free < GIGABYTES["cpu"]:
        raise Stop(
            "Not enough disk space: the environment takes about %d GB and %.1f GB are free, "
            "so free some and run the same command again." % (GIGABYTES["cpu"], free)
        )
    if torch == "default" and sys.platform.startswith("linux") and free < GIGABYTES["default"]:
        return "; only %.0f GB free, --torch cpu needs less" % free
    return ""


def make_environment(root: Path, lock: int) -> None:
    """Make a new, empty environment."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Stop(no_venv())
    clear(root / ".venv")
    (root / ".venv" / "course-unfinished").touch()
    base = getattr(sys, "_base_executable", None) or sys.executable
    run_step([base, "-m", "venv", str(root / ".venv")], root, lock)


def install(root: Path, torch: str, remark: str, lock: int) -> None:
    """Install the lock and the package, and register the kernel; each prints one line."""
    python = str(environment_python(root / ".venv"))
    pip = [python, "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    wheels = ["--extra-index-url", CPU_WHEELS] if torch == "cpu" else []
    say(
        "[2/4] Installing requirements.lock (minutes the first time; log: .venv/course-install.log%s)"
        % remark
    )
    run_step(pip + wheels + ["-r", "requirements.lock"], root, lock)
    say("[3/4] Installing course_utils")
    run_step(pip + ["--no-deps", "--no-build-isolation", "-e", "."], root, lock)  # noqa: RUF005
    say("[4/4] Registering the Jupyter kernel")
    run_step([python, "-m", "ipykernel", "install", "--sys-prefix", "--name", "python3"], root, lock)


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def build(root: Path, want: "dict[str, str]", todo: str, lock: int) -> None:
    """Bring the environment to what is wanted; without a stamp in between, so that a torn one is seen."""
    venv, release = root / ".venv", "%d.%d.%d" % sys.version_info[:3]
    remark = check_room(root, want["torch"]) if todo == "make" else ""
    for name in ("course-stamp.json", "course-install.log"):
        if (venv / name).exists():
            (venv / name).unlink()
    if todo == "make":
        say("[1/4] Making .venv with Python %s" % release)
        make_environment(root, lock)
    else:
        say("[1/4] Updating .venv (Python %s)" % release)
        (venv / "course-unfinished").touch()
    install(root, want["torch"], remark, lock)
    (venv / "course-stamp.new").write_text(json.dumps(want), encoding="utf-8")
    os.replace(str(venv / "course-stamp.new"), str(venv / "course-stamp.json"))
    (venv / "course-unfinished").unlink()


def prepare(root: Path, choice: str) -> Path:
    """Make, update or repair the environment if it needs that, and return its Python."""
    venv = root / ".venv"

    def want() -> "dict[str, str]":
        return wanted(root, choice or read_stamp(venv).get("torch") or "default")

    if plan(venv, want()) != "ready":
        lock = wait_for_lock(venv)
        try:
            todo = plan(venv, want())  # another process may have finished it while we waited
            if todo != "ready":
                build(root, want(), todo, lock)
        finally:
            os.close(lock)
    return environment_python(venv)


def hand_over(python: Path, arguments: "list[str]") -> int:
    """Run the `course` command inside the environment and return its exit code."""
    command = [str(python), "-m", "course_utils.cli"] + arguments  # noqa: RUF005
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the child has had it too and ends by itself
            continue


def run(arguments: "list[str]") -> int:
    """Check the Python and the arguments, prepare the environment and hand over."""
    problem = python_problem(sys.version_info[:2])
    if problem:
        raise Stop(problem)
    choice, rest = take_torch(arguments)
    if not rest or rest[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    if rest[0] not in VERBS:
        raise Stop("Unknown verb %s: the verbs are %s." % (rest[0], ", ".join(VERBS)), 2)
    try:
        python = prepare(ROOT, choice)
    except OSError as error:
        full = (
            "free some disk space"
            if error.errno == 28
            else "close JupyterLab and every Python that uses .venv"
        )
        raise Stop(
            "Cannot write %s (%s): %s and try again." % (ROOT / ".venv", error.strerror, full)
        ) from error
    return hand_over(python, rest)


def main() -> int:
    """Run the command line and return the exit code; a failure is one sentence on stderr."""
    try:
        return run(sys.argv[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("Stopped: run the same command again to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
