"""Time training with the package beside what one would use instead."""

import subprocess
import sys
from collections.abc import Sequence

from course_utils.cli.repository import root

PROGRAM = "benchmarks.training"  # outside the package: nobody who only uses the package needs it


def bench(*, quick: bool, write: bool, only: Sequence[str], workers: str | None, peak: str | None) -> int:
    """Run the benchmark of training in a process of its own.

    Args:
        quick: take a minute instead of a quarter of an hour.
        write: store the results in benchmarks/RESULTS.md.
        only: names of those that train beside the bare loop; all by default.
        workers: processes of the frameworks' DataLoader; none by default.
        peak: the GPU's dense bf16 peak in tera-operations a second; known for common ones.

    Returns:
        0 if nothing broke, 1 if something did, 2 for an unusable option.

    Raises:
        FailedError: the package is not installed from a clone.
    """
    words = [*(["--quick"] if quick else []), *(["--write"] if write else [])]
    words += [word for name in only for word in ("--only", name)]
    for option, value in (("--workers", workers), ("--peak-tflops", peak)):
        words += [] if value is None else [option, value]
    return subprocess.run([sys.executable, "-m", PROGRAM, *words], cwd=root(), check=False).returncode
