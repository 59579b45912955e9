"""Read a lab's notebook and run a copy of it, whatever state a student left it in."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

CELL_SECONDS = 60  # time limit of a cell
START_SECONDS = 120  # time limit for a kernel to start


class NotebookError(ValueError):
    """Say in one sentence why a file cannot be read as a lab's notebook."""


@dataclass(frozen=True)
class Reply:
    """What a kernel answered to one cell."""

    error: str = ""  # name of the exception, empty where there was none
    message: str = ""


@dataclass
class Run:
    """Replies by cell number, and why the run ended early where it did."""

    replies: dict[int, Reply] = field(default_factory=dict)
    broken: str = ""


def read_notebook(path: Path | str) -> Any:
    """Read a notebook of a lab.

    Args:
        path: The notebook, or a lab's folder, which holds one of the same name.

    Returns:
        The notebook.

    Raises:
        NotebookError: There is no such file, it is no notebook, or a notebook of no lab.
    """
    path = find_notebook(path)
    try:
        notebook = nbformat.read(path, as_version=4)
        cells = [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise NotebookError(
            f"{path} is no readable notebook ({reason}); restore it from your last copy, or from the release"
        ) from error
    if not any(is_graded(metadata) for _, _, metadata in cells):
        raise NotebookError(f"{path} is a notebook of no lab: none of its cells is graded")
    return notebook


def find_notebook(path: Path | str) -> Path:
    """Find the notebook that a path means.

    Args:
        path: A notebook, or a lab's folder, which holds one of the same name.

    Returns:
        The notebook's path.

    Raises:
        NotebookError: There is no such file.
    """
    path = Path(path)
    found = path / f"{path.resolve().name}.ipynb" if path.is_dir() else path
    if not found.is_file():
        raise NotebookError(f"there is no notebook {found}: give a lab's folder or its .ipynb file")
    return found


def is_graded(metadata: Any) -> bool:
    """Tell from its metadata whether a cell is graded, by a check or by hand.

    Args:
        metadata: The cell's metadata.

    Returns:
        Whether it carries points.
    """
    entry = metadata.get("nbgrader")
    return isinstance(entry, dict) and bool(entry.get("grade")) and "grade_id" in entry


def is_test(cell: Any) -> bool:
    """Tell whether a cell is a locked test cell, with a check in it.

    Args:
        cell: A cell.

    Returns:
        Whether it is graded automatically.
    """
    return (
        cell.cell_type == "code"
        and is_graded(cell.metadata)
        and not cell.metadata["nbgrader"].get("solution")
    )


def duplicate_ids(notebook: Any) -> set[str]:
    """Find ids that two cells share, as copying a cell makes them; nbgrader cannot grade such a notebook.

    Args:
        notebook: The notebook.

    Returns:
        The ids.
    """
    entries = [cell.metadata.get("nbgrader") for cell in notebook.cells]
    ids = Counter(entry["grade_id"] for entry in entries if isinstance(entry, dict) and "grade_id" in entry)
    return {name for name, times in ids.items() if times > 1}


def is_as_released(cell: Any) -> bool:
    """Tell whether a cell is as nbgrader released it, by the checksum that it left there.

    Args:
        cell: A cell with nbgrader's metadata.

    Returns:
        Whether type, text and points are unchanged.
    """
    entry = cell.metadata["nbgrader"]
    parts = [cell.source, cell.cell_type]
    parts += [str(bool(entry.get(key, False))) for key in ("grade", "solution", "locked")]
    parts += [entry["grade_id"], *([str(float(entry["points"]))] if entry.get("grade") else [])]
    digest = hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
    return bool(digest == entry.get("checksum"))


def called_with(source: str, function: str) -> str:
    """Read the first argument of a call in a cell, such as the task of `check("dense", dense)`.

    Args:
        source: Text of the cell.
        function: Name of the function called.

    Returns:
        The argument, empty where there is no such call.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                return first.value
    return ""


def run_copy(notebook: Any, folder: Path, *, seconds: int = CELL_SECONDS) -> Run:
    """Run a notebook in a fresh kernel; the notebook's file is not touched.

    Args:
        notebook: The notebook, which gets the outputs.
        folder: The kernel's working directory.
        seconds: Time limit of a cell in seconds.

    Returns:
        What the kernel answered to each cell.
    """
    run = Run()

    def keep(cell: Any, cell_index: int, execute_reply: Any) -> None:  # noqa: ARG001 (nbclient names them)
        content = execute_reply["content"]
        failed = content.get("status") != "ok"
        name, message = content.get("ename") or "error", content.get("evalue") or ""
        run.replies[cell_index] = Reply(name, message) if failed else Reply()

    hidden = ("NBGRADER_EXECUTION", "COURSE_GRADING_SEED")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    client = _client(notebook, folder, seconds, keep)
    try:
        client.execute(env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except DeadKernelError:
        run.broken = "the kernel died here: out of memory, or a call that ends Python, such as exit()"
    except (CellTimeoutError, RuntimeError, TimeoutError) as error:
        run.broken = f"the notebook could not be run to its end ({type(error).__name__})"
    return run


def _client(notebook: Any, folder: Path, seconds: int, keep: Callable[..., None]) -> NotebookClient:
    """Make the client: it runs every cell, goes on after an error, and interrupts a cell that is too slow."""
    too_slow = {"status": "error", "ename": "CellTimeoutError", "evalue": f"over {seconds} seconds"}
    return NotebookClient(
        notebook,
        timeout=seconds,
        startup_timeout=START_SECONDS,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        error_on_timeout=too_slow,
        skip_cells_with_tag="",
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=keep,
    )
