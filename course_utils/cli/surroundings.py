"""Surroundings in which a notebook or a test sees no user's settings, fonts or cached data."""

import os
import shutil
import sys
from pathlib import Path

FOLDERS = {
    "JUPYTER_CONFIG_DIR": "jupyter_config",
    "JUPYTER_DATA_DIR": "jupyter_data",
    "JUPYTER_RUNTIME_DIR": "jupyter_runtime",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
    "COURSE_CACHE": "course_cache",
}
DROPPED = ("COURSE_DATA", "MPLBACKEND", "PYTHONSTARTUP", "JUPYTER_TOKEN", "PYTHONWARNINGS", "PYTEST_ADDOPTS")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC_BROWSERS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def fresh_environment(folder: Path, *, threads: int) -> dict[str, str]:
    """Return this process's variables with every settings and cache folder moved.

    Args:
        folder: empty folder for the settings and caches.
        threads: how many threads numerical libraries may use.

    Returns:
        Variables for a child process.
    """
    variables = {name: value for name, value in os.environ.items() if name not in DROPPED}
    for name, part in FOLDERS.items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        variables[name] = str(folder / part)
    return variables | {"OMP_NUM_THREADS": str(threads), "PYTHONUTF8": "1"}


def find_browser() -> str | None:
    """Find Chromium or a browser built on it.

    Returns:
        Path of the program, or None.
    """
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    return next((str(path) for path in MAC_BROWSERS if sys.platform == "darwin" and path.exists()), None)
