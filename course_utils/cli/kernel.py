"""Execute one notebook in a fresh kernel, and measure the kernel's memory."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from course_utils.cli.outcome import FailedError

CELL_SECONDS = 120


@dataclass(frozen=True)
class Execution:
    """An executed notebook, its seconds and its kernel's peak memory in MB."""

    notebook: nbformat.NotebookNode
    seconds: float
    megabytes: float


class Watch:
    """Follows a notebook while it runs: the cell it is at, and its kernel's peak memory."""

    def __init__(self) -> None:
        self.client: Any = None
        self.cell = "none"
        self.peak = 0.0

    def start(self, *, cell: nbformat.NotebookNode, cell_index: int) -> None:
        """Remember the cell that starts.

        Args:
            cell: the cell.
            cell_index: its place.
        """
        self.cell = cell.get("id", str(cell_index))

    def measure(self, **_: object) -> None:
        """Read the kernel's peak memory."""
        process = getattr(self.client.km.provisioner, "process", None)
        if process is not None:
            self.peak = max(self.peak, peak_megabytes(process.pid))


def peak_megabytes(pid: int) -> float:
    """Read the peak memory of a running process.

    Args:
        pid: its number.

    Returns:
        Megabytes; what it uses now where the system keeps no peak, 0 if it has ended.
    """
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1000
    except OSError:
        pass
    try:
        memory = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0.0
    return float(getattr(memory, "peak_wset", memory.rss)) / 1e6


def execute(path: Path, variables: dict[str, str], *, cell_seconds: int = CELL_SECONDS) -> Execution:
    """Execute a notebook from first to last cell in a fresh kernel, in the notebook's folder.

    Args:
        path: the notebook.
        variables: environment variables of the kernel, all of them, from fresh_environment.
        cell_seconds: longest time for one cell, in seconds.

    Returns:
        The executed notebook.

    Raises:
        FailedError: the file is no notebook, or a cell failed.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise FailedError(
            f"{path} cannot be read as a notebook: {' '.join(str(error).split())[:200]}"
        ) from error
    watch, start = Watch(), time.monotonic()
    sockets = Path(variables["JUPYTER_RUNTIME_DIR"]) / "k"
    private = {} if os.name == "nt" else {"KernelManager": {"transport": "ipc", "ip": str(sockets)}}
    watch.client = NotebookClient(
        notebook, timeout=cell_seconds, startup_timeout=120, kernel_name="python3", record_timing=False,
        store_widget_state=False, coalesce_streams=True, resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=watch.start, on_cell_executed=watch.measure, config=Config(private),
    )  # fmt: skip
    try:
        watch.client.execute(env=variables)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise FailedError(
            f"{path}: cell {watch.cell} {reason(error, cell_seconds)}; the old file was kept."
        ) from error
    return Execution(notebook, time.monotonic() - start, watch.peak)


def reason(error: Exception, cell_seconds: int) -> str:
    """Say in a few words why a cell stopped.

    Args:
        error: what nbclient raised.
        cell_seconds: longest time for one cell, in seconds.

    Returns:
        The words after "cell x".
    """
    if isinstance(error, CellExecutionError):
        return f"raised {error.ename}: {' '.join(error.evalue.split())}".rstrip(": .")
    if isinstance(error, CellTimeoutError):
        return f"took longer than {cell_seconds} s"
    return "ended its kernel (out of memory, or a crash)"
