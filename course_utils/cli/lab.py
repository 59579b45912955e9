"""Open JupyterLab on the course."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.cli.outcome import BadArgumentError, FailedError
from course_utils.cli.repository import root

FIRST_PORT = 8888
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def is_free(port: int) -> bool:
    """Try whether a server could listen on a port of this machine.

    Args:
        port: number of the port.

    Returns:
        True if nothing listens there.
    """
    with socket.socket() as server:
        if os.name != "nt":  # a port that was just closed counts as free
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(port: int | None) -> int:
    """Check the port asked for, or find a free one.

    Args:
        port: number of the port, or None.

    Returns:
        A free port.

    Raises:
        BadArgumentError: no port has that number.
        FailedError: another program listens there.
    """
    if port is None:
        return next(free for free in range(FIRST_PORT, FIRST_PORT + 1000) if is_free(free))
    if not 1 <= port <= 65535:
        raise BadArgumentError(f"--port takes a number from 1 to 65535, and {port} was given.")
    if not is_free(port):
        raise FailedError(
            f"Port {port} is in use: choose another with --port, or leave it out to take a free one."
        )
    return port


def page(path: str, folder: Path) -> str:
    """Return the address of a notebook or folder within the server.

    Args:
        path: relative to the current folder or to the repository.
        folder: the repository's root.

    Returns:
        The address's path.

    Raises:
        BadArgumentError: it is not there, or outside the repository.
    """
    for candidate in (Path.cwd() / path, folder / path):
        if candidate.exists() and candidate.resolve().is_relative_to(folder):
            return f"/lab/tree/{candidate.resolve().relative_to(folder).as_posix()}".removesuffix("/.")
    raise BadArgumentError(
        f"{path} is not in the course's folder {folder}: give a notebook or folder that is."
    )


def turn_off_news() -> None:
    """Tell this environment's JupyterLab not to ask about news; the user's own settings stay as they are."""
    path = Path(sys.prefix) / "etc" / "jupyter" / "labconfig" / "default_setting_overrides.json"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(NO_NEWS), encoding="utf-8")
    except OSError:
        return  # an environment that we may not write to asks once


def path_with_course() -> str:
    """Put this environment's programs first, so that `course` is found in JupyterLab's terminal.

    Returns:
        The value of PATH.
    """
    return os.pathsep.join(
        part for part in (str(Path(sys.executable).parent), os.environ.get("PATH")) if part
    )


def open_lab(path: str, *, port: int | None, browser: bool) -> int:
    """Run JupyterLab until Ctrl-C.

    Args:
        path: notebook or folder to open.
        port: number of the server's port, or None for a free one.
        browser: whether to open a browser.

    Returns:
        JupyterLab's exit code, 0 after Ctrl-C.

    Raises:
        BadArgumentError: the path or port cannot be.
        FailedError: the port is in use.
    """
    folder = root()
    address, number = page(path, folder), choose_port(port)
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    turn_off_news()
    options = server_options(folder, address, number, browser=browser)
    print(
        f"In a few seconds: http://localhost:{number}{address}?token={token} (Ctrl-C stops JupyterLab).",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as runtime:
        # Kernels warn about TCP; a socket file needs a short path on a local disk.
        if sys.platform.startswith("linux") and len(runtime) < 40:
            options.append("--KernelManager.transport=ipc")
        own = {"JUPYTER_TOKEN": token, "JUPYTER_RUNTIME_DIR": runtime, "PATH": path_with_course()}
        command = [sys.executable, "-m", "jupyterlab", *options]
        return wait(subprocess.Popen(command, cwd=folder, env=os.environ | own))


def server_options(folder: Path, address: str, port: int, *, browser: bool) -> list[str]:
    """Return JupyterLab's options.

    Args:
        folder: folder that it shows.
        address: path of the page that it opens.
        port: number of its port.
        browser: whether it opens a browser.

    Returns:
        Words of the command line.
    """
    options = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url={address}",
        f"--ServerApp.port={port}",
    ]
    options += ["--ServerApp.port_retries=0", "--ServerApp.answer_yes=True", "--Application.log_level=ERROR"]
    if not browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # root of a container
        options.append("--allow-root")
    return options


def wait(server: "subprocess.Popen[bytes]") -> int:
    """Wait for a server, which has a Ctrl-C from the same terminal and ends by itself; hand SIGTERM on.

    Args:
        server: the running process.

    Returns:
        Its exit code; 0 when Ctrl-C stopped it.
    """
    before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # or the server would outlive us
    try:
        return server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
    try:
        server.wait(timeout=15)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        server.terminate()
        server.wait()
    print("JupyterLab stopped.")
    return 0
