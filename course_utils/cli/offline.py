"""Run a command with the network cut off but for this machine itself.

On Linux a new network namespace holds only the loopback device, which this file, executed inside
`unshare -rn`, brings up. Elsewhere a guard in every Python process refuses connections to other machines.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP of <net/if.h>


@dataclass(frozen=True)
class Cut:
    """How commands are kept from the network: words before each command, variables, and a sentence."""

    prefix: tuple[str, ...]
    variables: Mapping[str, str]
    sentence: str


def bring_up_loopback() -> None:
    """Set the flag `up` of the device `lo`, as `ip link set lo up` does."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, GET_FLAGS, request))[1]
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))


def namespace_prefix() -> tuple[str, ...]:
    """Return the words that put a command into a network namespace of its own.

    Returns:
        Words to set before a command.
    """
    return ("unshare", "-rn", sys.executable, str(Path(__file__).resolve()))


def namespace_works() -> bool:
    """Try whether this machine allows a network namespace.

    Returns:
        True when a command ran in one with loopback up.
    """
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return False
    probe = [
        *namespace_prefix(),
        sys.executable,
        "-I",
        "-c",
        "import socket; socket.socket().bind(('127.0.0.1', 0))",
    ]
    try:
        return subprocess.run(probe, capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def cut_network(root: Path, *, namespace: bool | None = None) -> Cut:
    """Choose how to keep commands from the network.

    Args:
        root: the repository's root, which holds tests/offline_guard.
        namespace: use a network namespace; tried out by default.

    Returns:
        The prefix and variables for each command, and a sentence that says which guard is in force.
    """
    if namespace_works() if namespace is None else namespace:
        return Cut(
            namespace_prefix(), {}, "Network: cut off by a network namespace with only loopback in it."
        )
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(root / "tests" / "offline_guard"), *([others] if others else [])])
    return Cut(
        (), {"PYTHONPATH": path}, "Network: refused by a guard on the sockets of every Python process."
    )


def main(command: Sequence[str]) -> None:
    """Bring loopback up and become the command.

    Args:
        command: program and its arguments.
    """
    bring_up_loopback()
    os.execvp(command[0], list(command))


if __name__ == "__main__":
    main(sys.argv[1:])
