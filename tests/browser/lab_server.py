"""JupyterLab in a real browser: a server of its own, Chromium, and what is waited for inside the page."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # every cell is on the page
}
START_SECONDS = 90
PAGE_SECONDS = 120

IN_PAGE = (Path(__file__).parent / "notebook_page.js").read_text(encoding="utf-8")


@dataclass
class Lab:
    """A running JupyterLab and the folder it serves."""

    url: str
    token: str
    root: Path
    log: Path

    def address(self, path: str) -> str:
        return f"{self.url}/lab/tree/{quote(path)}?reset&token={self.token}"


@dataclass
class Visit:
    """One page with JupyterLab open, and every request it made."""

    page: Page
    lab: Lab
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.lab.address(path), wait_until="domcontentloaded")

    def run_all(self, path: str, *, seconds: float = PAGE_SECONDS) -> dict[str, Any]:
        return dict(self.in_page("runAll", path, seconds))

    def run_cell(self, path: str, index: int) -> str:
        return str(self.in_page("runCell", path, index, PAGE_SECONDS))

    def state(self) -> dict[str, Any]:
        return dict(self.in_page("state"))

    def in_page(self, function: str, *arguments: Any) -> Any:
        """Call one of the functions of notebook_page.js."""
        return self.page.evaluate(f"([name, ...rest]) => ({IN_PAGE})[name](...rest)", [function, *arguments])

    def external(self) -> list[str]:
        """List the requests that left this machine."""
        there = [url for url in self.requests if urlsplit(url).scheme in ("http", "https", "ws", "wss")]
        return [url for url in there if urlsplit(url).hostname not in ("127.0.0.1", "localhost")]


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def loopback_works() -> bool:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        try:
            socket.create_connection(listener.getsockname(), timeout=5).close()
        except OSError:
            return False
    return True


def missing() -> str | None:
    """Say what this machine lacks for the browser tests, or None."""
    if chromium() is None:
        return (
            f"no browser: none of {', '.join(CHROMIUM_NAMES)} is on PATH; install Debian's package chromium"
        )
    if not loopback_works():
        return "the loopback interface is down; `ip link set lo up` brings it up"
    return None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def surroundings(home: Path) -> dict[str, str]:
    """Make an environment in which JupyterLab neither reads nor writes the user's own settings."""
    folders = {
        "HOME": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    overrides = home / "config" / "labconfig"
    overrides.mkdir(exist_ok=True)
    (overrides / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST", "COV"))
    }
    return {**kept, **{name: str(folder) for name, folder in folders.items()}, "OMP_NUM_THREADS": "1"}


@contextmanager
def serve(root: Path, home: Path) -> Iterator[Lab]:
    """Run JupyterLab over a folder until the block ends."""
    port, token = free_port(), secrets.token_hex(16)
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.root_dir": root,
        "IdentityProvider.token": token,
        "LabApp.expose_app_in_browser": True,
    }
    environment = surroundings(home)
    log = home / "jupyterlab.log"
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    with log.open("wb") as written:
        server = subprocess.Popen(command, env=environment, stdout=written, stderr=written, cwd=root)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/api/status?token={token}", server, log)
        yield Lab(url, token, root, log)
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with opener.open(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start within {START_SECONDS} s:\n{log.read_text()[-3000:]}")


@contextmanager
def launch() -> Iterator[Browser]:
    """Run a headless Chromium with a fresh profile until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, lab: Lab, *, dark: bool = False) -> Iterator[Visit]:
    """Open a page of its own for one test; its kernels are shut down afterwards."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 1000}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.set_default_timeout(PAGE_SECONDS * 1000)
    seen = Visit(page, lab)
    context.on("request", lambda request: seen.requests.append(request.url))
    page.on("websocket", lambda socket_: seen.requests.append(socket_.url))
    try:
        yield seen
    finally:
        context.close()
        shut_down_kernels(lab)


def shut_down_kernels(lab: Lab) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Authorization": f"token {lab.token}"}
    with opener.open(
        urllib.request.Request(f"{lab.url}/api/sessions", headers=headers), timeout=20
    ) as answer:
        sessions = json.load(answer)
    for session in sessions:
        address = f"{lab.url}/api/sessions/{session['id']}"
        opener.open(urllib.request.Request(address, headers=headers, method="DELETE"), timeout=60).close()


def write_notebook(path: Path, sources: Sequence[str]) -> None:
    """Write a notebook of code cells for a test."""
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
