"""Progress of a student's notebook: few notebooks with several cases each, since each run starts a kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import small_lab
from nbformat.v4 import new_code_cell

from course_utils.grading.notebooks import (
    NotebookError,
    called_with,
    duplicate_ids,
    find_notebook,
    is_as_released,
    read_notebook,
)
from course_utils.grading.progress import TaskStatus, lab_progress
from course_utils.grading.release import generate

Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_lab.make_course(tmp_path_factory.mktemp("progress") / "course")
    [path] = generate(course)
    return path


@pytest.fixture
def kernel_knows_the_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = small_lab.make_site(tmp_path / "site")
    former = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in (str(site), former) if path))
    monkeypatch.setattr("course_utils.grading.checks.__path__", [str(site / "checks")])


def write(released: Path, folder: Path, change: Change) -> Path:
    """Write a student's notebook into a folder of its own."""
    notebook = nbformat.read(released, as_version=4)
    change(notebook)
    path = folder / "work" / f"{small_lab.NAME}.ipynb"
    path.parent.mkdir()
    nbformat.write(notebook, path)
    return path


def untouched(_: Any) -> None:
    pass


def solved(notebook: Any) -> None:
    notebook.cells[2].source = "def dense(x, W, b):\n    return x @ W.T + b"
    notebook.cells[4].source = "def double(x):\n    return x + x"
    notebook.cells[6].source = "It is linear."
    notebook.cells.insert(1, new_code_cell("import warnings\nwarnings.warn('an added cell')"))


def partly_and_wrong(notebook: Any) -> None:
    notebook.cells[2].source = "def dense(x, W, b):\n    return x @ W.T"
    notebook.cells[4].source = "def double(x):\n    return x"
    notebook.cells[6].source = "   "


def syntax_error_and_forbidden(notebook: Any) -> None:
    notebook.cells[2].source = "def dense(x, W, b):\n    return x @ ("
    notebook.cells[4].source = "import torch\n\ndef double(x):\n    return torch.add(x, x)"


def kernel_dies(notebook: Any) -> None:
    solved(notebook)
    notebook.cells[5].source = "import os\nos._exit(1)"


def never_ends_and_asks(notebook: Any) -> None:
    notebook.cells[2].source = "def dense(x, W, b):\n    return x @ W.T + b\nwhile True: pass"
    notebook.cells[4].source = "def double(x):\n    return float(input())"
    notebook.cells[3].metadata["tags"] = ["skip-execution"]


def copied_cell(notebook: Any) -> None:
    solved(notebook)
    notebook.cells.insert(4, nbformat.from_dict(json.loads(json.dumps(notebook.cells[3]))))
    notebook.cells[4].id = "copied"


DENSE_OPEN = "Task 'dense' is open: replace the `raise NotImplementedError` in the cell above by your code"
DIED = "the kernel died here: out of memory, or a call that ends Python, such as exit()"
TWICE = "there are two cells with the id dense: delete the copy, else the lab cannot be graded"
CASES = [
    (untouched, ("open", 0.0, DENSE_OPEN), ("open", 0.0, DENSE_OPEN.replace("dense", "double")), "unwritten"),
    (solved, ("solved", 4.0, ""), ("solved", 2.0, ""), "written"),
    (
        partly_and_wrong,
        ("partly", 2.0, "dense fails: adds the bias to every output"),
        ("wrong", 0.0, "double fails: doubles every entry"),
        "unwritten",
    ),
    (
        syntax_error_and_forbidden,
        ("error", 0.0, "NameError: name 'dense' is not defined; the cell above ended with SyntaxError: "),
        ("wrong", 0.0, "double uses torch, which this lab forbids: use NumPy"),
        "unwritten",
    ),
    (kernel_dies, ("solved", 4.0, ""), ("error", 0.0, DIED), "written"),
    (
        never_ends_and_asks,
        ("solved", 4.0, ""),
        ("wrong", 0.0, "double fails: doubles every entry"),
        "unwritten",
    ),
    (copied_cell, ("error", 0.0, TWICE), ("solved", 2.0, ""), "written"),
]


@pytest.mark.slow
@pytest.mark.usefixtures("kernel_knows_the_lab")
@pytest.mark.parametrize(
    ("change", "dense", "double", "why"), CASES, ids=lambda case: getattr(case, "__name__", "")
)
def test_each_task_has_its_state(
    released: Path, tmp_path: Path, change: Change, dense: Any, double: Any, why: str
) -> None:
    path = write(released, tmp_path, change)
    before = path.read_bytes()
    first, second, third = lab_progress(path, seconds=5 if change is never_ends_and_asks else 60)
    assert (first.name, first.state, first.points, first.of) == ("dense", *dense[:2], 4.0)
    assert first.sentence.startswith(dense[2])
    assert bool(first.sentence) == bool(dense[2])
    assert (second.name, second.state, second.points, second.of) == ("double", *double[:2], 2.0)
    assert second.sentence == double[2]
    assert third == TaskStatus("why", why, None, 3.0)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


@pytest.mark.slow
@pytest.mark.usefixtures("kernel_knows_the_lab")
def test_kernel_works_in_the_notebooks_folder_and_grading_is_switched_off(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(notebook: Any) -> None:
        solved(notebook)
        source = "import os\nassert os.path.basename(os.getcwd()) == 'work'\n"
        notebook.cells[5].source = (
            source + "assert 'NBGRADER_EXECUTION' not in os.environ\ndef double(x): return 2 * x"
        )

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    statuses = lab_progress(
        write(released, tmp_path, look).parent.rename(tmp_path / "work2") / f"{small_lab.NAME}.ipynb"
    )
    assert statuses[1].state == "error"
    assert "AssertionError" in statuses[1].sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{ no JSON", "is no readable notebook (Notebook does not appear to be JSON"),
        ("[1, 2]", "is no readable notebook ("),
        ('{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is no readable notebook ("),
        ("\xff\xfe", "is no readable notebook ("),
        ("", "is no readable notebook ("),
        (nbformat.writes(nbformat.v4.new_notebook(cells=[new_code_cell("1")])), "is a notebook of no lab"),
    ],
)
def test_file_that_is_no_lab_is_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "lab.ipynb"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(NotebookError) as caught:
        read_notebook(path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_missing_notebook_and_folder_without_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"there is no notebook .*nothing\.ipynb: give a lab's folder"):
        lab_progress(tmp_path / "nothing.ipynb")
    with pytest.raises(NotebookError, match="there is no notebook"):
        find_notebook(tmp_path)


def test_folder_stands_for_its_notebook(released: Path) -> None:
    assert find_notebook(released.parent) == released


def test_checksum_is_nbgraders_own(released: Path) -> None:
    from nbgrader.utils import compute_checksum

    for cell in nbformat.read(released, as_version=4).cells:
        if "nbgrader" in cell.metadata:
            assert compute_checksum(cell) == cell.metadata["nbgrader"]["checksum"]
            assert is_as_released(cell)
            cell.source += " "
            assert not is_as_released(cell)


def test_ids_that_occur_twice_are_found(released: Path) -> None:
    notebook = nbformat.read(released, as_version=4)
    assert duplicate_ids(notebook) == set()
    notebook.cells.append(notebook.cells[2])
    assert duplicate_ids(notebook) == {"dense"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("check('dense', dense)", "dense"),
        ("x = 1\ncheck('dense', lambda x: x)", "dense"),
        ("checker('dense')", ""),
        ("check(dense)", ""),
        ("check('dense'", ""),
    ],
)
def test_task_is_read_from_the_call(source: str, name: str) -> None:
    assert called_with(source, "check") == name
