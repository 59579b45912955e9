"""Execute the notebooks again and store their outputs, so that a second run changes nothing."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from course_utils.cli.kernel import execute
from course_utils.cli.outcome import BadArgumentError, FailedError
from course_utils.cli.repository import notebooks, root
from course_utils.cli.surroundings import fresh_environment

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
VIEW = "application/vnd.jupyter.widget-view+json"


def normalise(notebook: nbformat.NotebookNode) -> None:
    """Take out what differs from run to run or from machine to machine.

    Args:
        notebook: an executed notebook; changed in place.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(nbformat.from_dict(METADATA))
    count = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        count += bool(cell.source.strip())
        cell.execution_count = count if cell.source.strip() else None
        cell.outputs = [each for each in cell.outputs if each.get("data") != {}]  # a progress bar, taken back
        for place, output in enumerate(cell.outputs):
            if output.output_type == "execute_result":
                output.execution_count = count
            if VIEW in output.get("data", {}):  # a number of a model that lives no longer
                output.data[VIEW]["model_id"] = f"{cell.get('id', count)}-{place}"


def store(notebook: nbformat.NotebookNode, path: Path) -> bool:
    """Write a notebook in one go, unless the file says the same already.

    Args:
        notebook: what to store.
        path: the file.

    Returns:
        Whether the file was written.
    """
    nbformat.validate(notebook)
    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def selected(paths: Sequence[Path]) -> list[Path]:
    """Return the notebooks to execute.

    Args:
        paths: notebooks; none means all that are stored with outputs.

    Returns:
        Absolute paths.

    Raises:
        BadArgumentError: a path is no notebook.
        FailedError: there is no notebook at all.
    """
    for path in paths:
        if path.suffix != ".ipynb" or not path.is_file():
            raise BadArgumentError(
                f"{path} is no notebook: give paths of .ipynb files, or none for all of them."
            )
    found = [path.resolve() for path in paths] or notebooks(root())
    if not found:
        raise FailedError("There is no notebook in lectures/ or solutions/.")
    return found


def execute_all(paths: Sequence[Path]) -> int:
    """Execute notebooks, store them, and print a table of time and memory.

    Args:
        paths: notebooks; none means the start page, lectures and solutions.

    Returns:
        0 when all ran.

    Raises:
        BadArgumentError: a path is no notebook.
        FailedError: a cell failed; that notebook's file was kept.
    """
    rows = Table()
    for name in ("Notebook", "Seconds", "Peak MB", "File"):
        rows.add_column(name, justify="left" if name in ("Notebook", "File") else "right")
    try:
        for path in selected(paths):
            name = path.relative_to(root()).as_posix() if path.is_relative_to(root()) else path.name
            print(f"Executing {name}", flush=True)
            with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as fresh:
                done = execute(path, fresh_environment(Path(fresh), threads=2))
            normalise(done.notebook)
            written = "written" if store(done.notebook, path) else "unchanged"
            rows.add_row(name, f"{done.seconds:.1f}", f"{done.megabytes:.0f}", written)
    finally:
        if rows.row_count:
            Console().print(rows)
    return 0
