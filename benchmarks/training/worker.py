"""One side's process: it trains whenever it is its turn, and hands its outcome over at the end."""

from __future__ import annotations

import contextlib
import io
import traceback
from importlib import import_module
from multiprocessing.connection import Connection

from benchmarks.training.contenders import Contender
from benchmarks.training.task import Settings

READY, FAILED = "ready", "failed"  # what a worker says, besides handing its outcome over


def work(contender: Contender, settings: Settings, connection: Connection) -> None:
    """Train until the end; say READY before each turn, and wait for any answer."""
    said = io.StringIO()  # what frameworks print is of interest only when they fail
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            outcome = run(contender, settings, connection)
    except (KeyboardInterrupt, EOFError, BrokenPipeError):
        return  # the parent was stopped, and says so if it can
    except Exception:
        connection.send((FAILED, said.getvalue()[-2000:] + traceback.format_exc()))
    else:
        connection.send(outcome)


def run(contender: Contender, settings: Settings, connection: Connection) -> object:
    """Import the framework, which takes seconds, in this process alone, and train."""
    import torch

    from benchmarks.training.task import make_task
    from benchmarks.training.watch import Watch

    torch.set_num_threads(settings.threads)

    def turn() -> None:
        connection.send((READY, ""))
        connection.recv()

    watch = Watch(make_task(settings, contender.options), turn)
    import_module(f"benchmarks.training.frameworks.{contender.module}").train(watch.task, watch)
    return watch.outcome
