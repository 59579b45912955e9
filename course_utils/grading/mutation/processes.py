"""Call a function on many things, each in a fresh process with limits, several at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

MEMORY = 2 << 30  # bytes that a process may take beyond what it starts with
GRACE = 5  # seconds after its limit when a process ends by itself, should nobody be left to end it
STATM = Path("/proc/self/statm")


@dataclass(frozen=True)
class Reply:
    """What a process answered: a value, or why there is none."""

    value: Any = None
    problem: str = ""


@dataclass
class _Child:
    index: int
    process: Any
    channel: Connection
    deadline: float


def start_method() -> str:
    """Choose how processes start: by fork, which imports nothing again, where that is safe.

    Returns:
        "fork", or "spawn" on Windows, which has none, and on macOS, whose libraries do not survive one.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    return "fork" if can_fork and sys.platform != "darwin" else "spawn"


def cores() -> int:
    """Count the cores that this process may use.

    Returns:
        At least 1.
    """
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Processes:
    """How processes are started.

    Attributes:
        workers: How many run at a time; as many as there are cores if 0.
        method: "fork" or "spawn"; what suits the system if empty.
    """

    workers: int = 0
    method: str = ""

    def call(
        self,
        function: Callable[[Any], Any],
        items: Sequence[Any],
        *,
        seconds: Sequence[float],
        advance: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
    ) -> list[Reply]:
        """Call a function on each item, in a process of its own.

        Args:
            function: What to call; a new process must find it by its name.
            items: What to call it on.
            seconds: Time limit in seconds for each item; at the limit its process is killed.
            advance: Called each time an item is done, with how many are done and how many there are.

        Returns:
            A reply for each item, in the order of the items.
        """
        context = multiprocessing.get_context(self.method or start_method())
        replies: dict[int, Reply] = {}
        waiting, running = list(range(len(items)))[::-1], list[_Child]()
        try:
            while waiting or running:
                while waiting and len(running) < (self.workers or cores()):
                    index = waiting.pop()
                    running.append(_start(context, function, index, items[index], seconds[index]))
                for child, reply in _finished(running):
                    running.remove(child)
                    _end(child)
                    replies[child.index] = reply
                    advance(len(replies), len(items))
        finally:
            for child in running:
                _end(child)
        return [replies[index] for index in range(len(items))]


def _start(context: Any, function: Callable[[Any], Any], index: int, item: Any, seconds: float) -> _Child:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, function, item, seconds), daemon=True)
    process.start()
    theirs.close()
    return _Child(index, process, ours, time.monotonic() + seconds)


def _finished(running: Sequence[_Child]) -> list[tuple[_Child, Reply]]:
    """Wait until a process has answered, has ended without an answer, or is late."""
    places = [place for child in running for place in (child.channel, child.process.sentinel)]
    left = min(child.deadline for child in running) - time.monotonic()
    ready = wait(places, timeout=max(0.0, left))
    found = []
    for child in running:
        if child.channel in ready or child.process.sentinel in ready:
            found.append((child, _receive(child.channel)))
        elif time.monotonic() >= child.deadline:
            found.append((child, Reply(problem="it did not end in time")))
    return found


def _receive(channel: Connection) -> Reply:
    try:
        if channel.poll():
            reply = channel.recv()
            return reply if isinstance(reply, Reply) else Reply(problem="it answered something else")
    except (EOFError, OSError):
        pass
    return Reply(problem="it ended without an answer")


def _end(child: _Child) -> None:
    """Kill a process and what it has started, and take note of its end."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
    child.process.kill()
    child.process.join()
    child.process.close()
    child.channel.close()


def _serve(channel: Connection, function: Callable[[Any], Any], item: Any, seconds: float) -> None:
    """Work in the new process: call the function, answer once."""
    _shut_in(seconds)
    try:
        reply = Reply(function(item))
    except BaseException as error:
        reply = Reply(problem=f"{type(error).__name__}: {error}")
    with contextlib.suppress(OSError):
        channel.send(reply)


def _shut_in(seconds: float) -> None:
    """Take a terminal, a screen and endless memory away from this process."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    if sys.platform != "win32":
        import resource

        os.setsid()  # Ctrl-C reaches the parent only, which ends its children
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(int(seconds) + GRACE)
        if STATM.exists():
            size = int(STATM.read_text().split()[0]) * resource.getpagesize()
            _, most = resource.getrlimit(resource.RLIMIT_AS)
            allowed = size + MEMORY if most == resource.RLIM_INFINITY else min(size + MEMORY, most)
            resource.setrlimit(resource.RLIMIT_AS, (allowed, most))
