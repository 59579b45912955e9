"""Ctrl-C, or the stop button of a notebook: a run ends after the step under way, whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Remember whether the user has asked a run to end."""

    def __init__(self) -> None:
        self.wanted = False

    def ending(self, epoch: int, step: int) -> str:
        """Say how a run ended that was interrupted.

        Args:
            epoch: epoch under way, from 1.
            step: steps of it that were done.

        Returns:
            The sentence of the history.
        """
        return f"interrupted by the user in epoch {epoch} after step {step}; the model is as it was then"


@contextmanager
def interruptible(*, alone: bool) -> Iterator[Interruption]:
    """Turn the first Ctrl-C into a wish to end; the second interrupts at once, as ever.

    Args:
        alone: whether this process trains by itself; several would end at different steps.

    Yields:
        What remembers the wish.
    """
    interruption = Interruption()
    before = signal.getsignal(signal.SIGINT) or signal.SIG_DFL  # None: set by something that is not Python
    in_thread = threading.current_thread() is not threading.main_thread()
    if not alone or in_thread or before is signal.SIG_IGN:  # a job in the background takes no Ctrl-C
        yield interruption
        return

    def note(_number: int, _frame: FrameType | None) -> None:
        interruption.wanted = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)
