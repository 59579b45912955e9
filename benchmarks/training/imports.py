"""How long a fresh Python takes to import each package."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence

CODE = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def import_seconds(packages: Sequence[str], runs: int) -> dict[str, list[float]]:
    """Import each package in fresh processes, so often in turns, after one that fills the disk cache.

    Raises:
        subprocess.CalledProcessError: a package cannot be imported.
    """
    seconds: dict[str, list[float]] = {package: [] for package in packages}
    for package in packages:
        fresh_import(package)
    for _ in range(runs):
        for package in packages:
            seconds[package].append(fresh_import(package))
    return seconds


def fresh_import(package: str, run: Callable[..., bytes] = subprocess.check_output) -> float:
    """Return the seconds of one import, without those in which Python itself starts."""
    environment = os.environ | {"KERAS_BACKEND": "torch"}
    words = [sys.executable, "-c", CODE.format(package)]
    return float(run(words, env=environment, stderr=subprocess.DEVNULL).split()[-1])
