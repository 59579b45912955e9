# ruff: noqa: B012, E722, SIM105 (the worst that students write)
from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from course_utils.grading import timelimit
from course_utils.grading.timelimit import OutOfTime, call_within

SHORT = 0.2  # seconds


def spin() -> None:
    while True:
        pass


def spin_and_catch_everything() -> None:
    x = 0
    while True:
        try:
            x += 1
        except:
            pass


def sleep_and_catch_everything_twice() -> None:
    while True:
        try:
            try:
                time.sleep(0.05)
            except:
                pass
        except BaseException:
            pass


def catch_in_a_helper() -> None:
    def once() -> None:
        try:
            time.sleep(0.02)
        except:
            return

    while True:
        once()


def finally_goes_on() -> None:
    while True:
        try:
            time.sleep(0.05)
        finally:
            continue


def swallow_and_return() -> str:
    try:
        spin()
    except:
        pass
    return "late"


ENDLESS = [
    spin,
    spin_and_catch_everything,
    sleep_and_catch_everything_twice,
    catch_in_a_helper,
    finally_goes_on,
    swallow_and_return,
]


def in_a_thread(function: Callable[[], Any]) -> Any:
    """Run a function in another thread and hand back its result or exception."""
    box: list[Any] = []

    def keep() -> None:
        try:
            box.append(function())
        except BaseException as error:
            box.append(error)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    thread.join(60)
    assert box, "the thread did not end"
    return box[0]


@pytest.mark.parametrize("function", ENDLESS, ids=lambda function: function.__name__)
def test_endless_function_is_stopped(function: Callable[[], Any]) -> None:
    handler, tracer = signal.getsignal(signal.SIGINT), sys.gettrace()
    with pytest.raises(OutOfTime):
        call_within(SHORT, function)
    assert signal.getsignal(signal.SIGINT) is handler
    assert sys.gettrace() is tracer


def test_endless_function_is_left_behind_in_another_thread() -> None:
    stop = threading.Event()
    assert isinstance(in_a_thread(lambda: call_within(SHORT, lambda: stop.wait(60))), OutOfTime)
    stop.set()


def test_exception_in_another_thread_is_handed_over() -> None:
    assert isinstance(in_a_thread(lambda: call_within(5, lambda: 1 / 0)), ZeroDivisionError)


def test_result_is_handed_over() -> None:
    assert call_within(5, lambda: 42) == 42
    assert in_a_thread(lambda: call_within(5, lambda: 42)) == 42


def test_exception_is_handed_over_and_the_handler_restored() -> None:
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        call_within(5, lambda: 1 / 0)
    assert signal.getsignal(signal.SIGINT) is handler


def test_no_interrupt_comes_late() -> None:
    """Functions that end just when their time is over leave nothing behind."""
    for step in range(40):
        try:
            call_within(0.01, lambda step=step: time.sleep(0.009 + step * 0.00005))
        except OutOfTime:
            pass
        for _ in range(1000):
            pass  # a late interrupt would be raised here


def test_users_own_interrupt_still_interrupts() -> None:
    def press() -> None:
        time.sleep(0.1)
        timelimit._interrupt_main()

    handler = signal.getsignal(signal.SIGINT)
    threading.Thread(target=press, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        call_within(30, lambda: time.sleep(20))
    assert signal.getsignal(signal.SIGINT) is handler


def test_interrupt_of_the_user_that_comes_at_the_end_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = timelimit._SignalLimit()
    limit.previous = signal.getsignal(signal.SIGINT)
    real, calls = signal.signal, []

    def interrupted_once(number: int, handler: Any) -> Any:
        calls.append(handler)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(number, handler)

    monkeypatch.setattr(timelimit.signal, "signal", interrupted_once)
    with pytest.raises(KeyboardInterrupt):
        limit.restore()
    assert calls == [limit.previous, limit.previous]


def test_ignored_interrupts_do_not_stop_the_time_limit() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(OutOfTime):
            call_within(SHORT, spin)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_systems_without_signals_to_threads_are_interrupted_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(timelimit.signal, "pthread_kill", raising=False)
    with pytest.raises(OutOfTime):
        call_within(SHORT, spin_and_catch_everything)
