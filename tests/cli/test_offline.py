"""With either guard in force nothing but this machine can be reached, and Jupyter works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.cli import offline

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "192.0.2.1"  # reserved for documentation: no machine has it
REACH_OUT = f"import socket; socket.create_connection(('{PUBLIC}', 80), timeout=5)"
REACH_SELF = """
import socket, threading
server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=lambda: server.accept()[0].sendall(b"hello")).start()
print(socket.create_connection(server.getsockname(), timeout=20).recv(5).decode())
"""
START_KERNEL = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(startup_timeout=60)
client.execute_interactive("print(6 * 7)", timeout=60)
client.execute_interactive(%r, timeout=60)
client.stop_channels(); manager.shutdown_kernel(now=True)
"""

needs_namespace = pytest.mark.skipif(
    not offline.namespace_works(), reason="no network namespaces on this machine"
)
both = pytest.mark.parametrize("namespace", [pytest.param(True, marks=needs_namespace), False])


def run_cut_off(code, *, namespace):
    cut = offline.cut_network(ROOT, namespace=namespace)
    return subprocess.run(
        [*cut.prefix, sys.executable, "-c", code],
        env=os.environ | cut.variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


@both
def test_other_machines_cannot_be_reached(namespace):
    done = run_cut_off(REACH_OUT, namespace=namespace)
    assert done.returncode == 1
    assert "OSError: [Errno 101]" in done.stderr, done.stderr


@both
@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.getaddrinfo('example.org', 80)",
        f"import socket; raise SystemExit(0 if socket.socket().connect_ex(('{PUBLIC}', 80)) == 0 else 1)",
        f"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('{PUBLIC}', 53))",
    ],
)
def test_neither_names_nor_other_ways_lead_out(namespace, code):
    assert run_cut_off(code, namespace=namespace).returncode == 1


@both
def test_this_machine_can_be_reached(namespace):
    done = run_cut_off(REACH_SELF, namespace=namespace)
    assert (done.returncode, done.stdout) == (0, "hello\n"), done.stderr


@both
@pytest.mark.slow
def test_a_kernel_works_and_cannot_reach_out(namespace):
    done = run_cut_off(START_KERNEL % REACH_OUT, namespace=namespace)
    assert done.stdout.startswith("42\n"), done.stderr
    assert (
        "Network is unreachable" in done.stdout + done.stderr
        or "without a network" in done.stdout + done.stderr
    )


def test_the_guard_says_why_it_refuses():
    done = run_cut_off(REACH_OUT, namespace=False)
    assert f"the course's tests run without a network: a connection to {PUBLIC} was refused" in done.stderr


def test_the_guard_stays_first_on_the_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    first, second = offline.cut_network(ROOT, namespace=False).variables["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "sitecustomize.py").is_file()
    assert second == "elsewhere"


def test_a_system_without_namespaces_gets_the_guard(monkeypatch):
    monkeypatch.setattr(offline.shutil, "which", lambda _: None)
    cut = offline.cut_network(ROOT)
    assert cut.prefix == ()
    assert "guard on the sockets" in cut.sentence
