"""Stop a function that never ends, on every system and whatever it catches."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

EVERY = 0.05  # seconds between two attempts to stop a function


class OutOfTime(BaseException):
    """Raised inside a function whose time is over; no `except Exception` catches it."""


def call_within(seconds: float, function: Callable[[], Any]) -> Any:
    """Call a function and stop it when its time is over.

    In the main thread the interrupt signal is used, which a user's own interrupt shares: that one still ends
    as `KeyboardInterrupt`. Elsewhere, where no signal arrives, a function whose time is over is left behind.

    Args:
        seconds: Time limit in seconds.
        function: What to call, without arguments.

    Returns:
        What the function returned.

    Raises:
        OutOfTime: The function had not ended within its time.
    """
    if threading.current_thread() is threading.main_thread():
        return _SignalLimit().call(seconds, function)
    return _call_in_a_thread(seconds, function)


class _SignalLimit:
    """Interrupts the main thread, again and again until the function has ended."""

    def __init__(self) -> None:
        self.asked = 0
        self.pending = False
        self.running = True
        self.previous: Any = signal.default_int_handler
        self.ended = threading.Event()

    def call(self, seconds: float, function: Callable[[], Any]) -> Any:
        tracer = sys.gettrace()
        self.previous = signal.signal(signal.SIGINT, self.handle)
        watchdog = threading.Thread(target=self.watch, args=(seconds,), daemon=True)
        try:
            watchdog.start()
            result = function()
        finally:
            self.running = False  # first: from here on nothing is raised into this function
            if self.asked:
                sys.settrace(tracer)
            self.ended.set()
            watchdog.join()
            self.restore()
        if self.asked:
            raise OutOfTime
        return result

    def watch(self, seconds: float) -> None:
        if self.ended.wait(seconds):
            return
        while self.running and not self.ended.is_set():
            self.asked += 1
            self.pending = True
            _interrupt_main()
            self.ended.wait(EVERY)

    def handle(self, number: int, frame: FrameType | None) -> None:
        ours, self.pending = self.pending, False
        if ours and not self.running:
            return  # asked at the very moment when the function ended
        if ours:
            if self.asked > 1:
                self.raise_later(frame, skip=self.asked % 23)
            raise OutOfTime
        if callable(self.previous):
            self.previous(number, frame)

    def restore(self) -> None:
        """Put the former handler back; `signal.signal` first delivers what is still pending."""
        try:
            signal.signal(signal.SIGINT, self.previous)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, self.previous)
            raise

    def raise_later(self, frame: FrameType | None, *, skip: int) -> None:
        """Stop a loop that catches everything: raise once more, `skip` lines later, outside its `try`."""
        left = skip

        def trace(_: FrameType, event: str, __: Any) -> Any:
            nonlocal left
            if not self.running:
                return None
            if event == "line":
                left -= 1
                if left < 0:
                    raise OutOfTime
            return trace

        while frame is not None and frame.f_code is not _SignalLimit.call.__code__:
            frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)


def _interrupt_main() -> None:
    """Interrupt the main thread, out of a sleep too where the system can do that."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(int(threading.main_thread().ident or 0), signal.SIGINT)
    else:
        _thread.interrupt_main()


def _call_in_a_thread(seconds: float, function: Callable[[], Any]) -> Any:
    """Call a function where no signal reaches it: in a thread, left behind when its time is over."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise OutOfTime
    return results[0]
