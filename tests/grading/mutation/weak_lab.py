"""A lab of three tasks, two of them checked too weakly, and its notebook; new processes can import it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading.authoring import Lab, Student, Task, expect_close

NAME = "92_weak"


def doubles_two(student: Student, rng: np.random.Generator) -> None:
    """doubles the number 2, and nothing else is tried"""
    expect_close(student(np.array([2.0])), np.array([4.0]))


def scales(student: Student, rng: np.random.Generator) -> None:
    """scales by the factor that is always given"""
    x, factor = rng.normal(size=3), float(rng.normal())
    expect_close(student(x, factor=factor), np.array([factor * value for value in x]))


def adds_up(student: Student, rng: np.random.Generator) -> None:
    """adds up each row, doubled"""
    x = rng.normal(size=(3, 4))
    expect_close(student(x), 2 * np.einsum("ij->i", x))


LAB = Lab(
    NAME,
    (
        Task("double", ("x",), checks=(doubles_two,)),
        Task("scale", ("x",), checks=(scales,)),
        Task("row_sums", ("x",), checks=(adds_up,)),
    ),
    ("torch",),
)
CELLS = {
    "double": "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
    "scale": "def scale(x, factor=3.0):\n    ### BEGIN SOLUTION\n    return factor * x\n    ### END SOLUTION",
    "row_sums": (
        "def row_sums(x):\n"
        "    ### BEGIN SOLUTION\n"
        "    doubled = double(x)\n"
        "    return doubled.sum(axis=1)\n"
        "    ### END SOLUTION"
    ),
}
SURVIVORS = {
    "double": {"line 1: 2 * x -> 2 + x"},
    "scale": {
        "signature: (x, factor=3.0) -> (x, factor=0.0)",
        "signature: (x, factor=3.0) -> (x, factor=2.0)",
        "signature: (x, factor=3.0) -> (x, factor=4.0)",
    },
    "row_sums": {
        "line 2: axis=1 -> axis=-1",
    },
}


def graded(task: str, *, solution: bool) -> dict[str, Any]:
    """Write the metadata of a solution cell or of a test cell."""
    name = f"{task}_solution" if solution else task
    entry = {"grade": not solution, "grade_id": name, "locked": not solution, "solution": solution}
    return {"nbgrader": entry | {"schema_version": 3} | ({} if solution else {"points": 2})}


def write_notebook(folder: Path, **changed: str) -> Path:
    """Write the notebook; a solution can be exchanged."""
    cells = [
        new_code_cell("import numpy as np\nfrom no_such_library import figures\ncheck = open_lab('92_weak')")
    ]
    for task, solution in (CELLS | changed).items():
        cells.append(new_code_cell(solution, metadata=graded(task, solution=True)))
        cells.append(new_code_cell(f"check({task!r}, {task})", metadata=graded(task, solution=False)))
        cells.append(new_code_cell(f"figures.show({task}(np.ones((2, 2))))"))
    path = folder / f"{NAME}.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path
