"""Kill training again and again: does it always end as if nobody had?"""

import tempfile
from pathlib import Path

from course_utils.cli.outcome import BadArgumentError, FailedError


def soak(kills: str, *, seed: str) -> int:
    """Kill training processes with SIGKILL at random moments, resume them, and compare the ends.

    Args:
        kills: how many kills.
        seed: decides the moments.

    Returns:
        0 if every run ended bit for bit as the unbroken one, else 1.

    Raises:
        BadArgumentError: a number is none, or too small.
        FailedError: a resumed run failed.
    """
    from course_utils.training.soaking import soaked_runs

    wanted, start = _number("kills", kills, 1), _number("seed", seed, 0)
    runs = killed = writing = same = 0
    print(f"Killing training {wanted} times and resuming it; Ctrl-C ends this early.", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
            for each in soaked_runs(wanted, Path(folder), seed=start):
                runs, killed, writing = runs + 1, killed + each.kills, writing + each.while_writing
                same += each.same
                if runs % 10 == 0:
                    print(f"  {killed} kills, {runs} runs, {same} of them ended as they should", flush=True)
    except RuntimeError as error:
        raise FailedError(f"After {killed} kills: {error}") from error
    print(f"{killed} kills, {writing} of them while a checkpoint was written, in {runs} runs.")
    print(f"{same} of {runs} runs ended with the weights and the history of an unbroken run, bit for bit.")
    return 0 if same == runs else 1


def _number(name: str, given: str, least: int) -> int:
    """Read a whole number of at least some size."""
    if not given.isdecimal() or int(given) < least:
        raise BadArgumentError(f"--{name} takes a whole number from {least} on, and {given} was given.")
    return int(given)
