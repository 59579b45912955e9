"""A lab of two tasks and a question, as small as it can be, in a course folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = "90_small"
ROOT = Path(__file__).resolve().parents[2]

CHECKS = '''
"""Checks of a lab that only the tests know."""

import numpy as np

from course_utils.grading.authoring import Lab, Student, Task, expect_array, expect_close


def multiplies(student: Student, rng: np.random.Generator) -> None:
    """multiplies the inputs by the weights"""
    x, W = rng.normal(size=(4, 3)), rng.normal(size=(2, 3))
    expect_close(student(x, W, np.zeros(2)), np.einsum("bi,oi->bo", x, W), what="z")


def adds_the_bias(student: Student, rng: np.random.Generator) -> None:
    """adds the bias to every output"""
    b = rng.normal(size=2)
    got = student(np.zeros((4, 3)), np.zeros((2, 3)), b)
    expect_array(got, shape=(4, 2))
    expect_close(got, np.tile(b, (4, 1)), what="z", causes={"the bias was not added": np.zeros((4, 2))})


def doubles(student: Student, rng: np.random.Generator) -> None:
    """doubles every entry"""
    x = rng.normal(size=5)
    expect_close(student(x), x + x)


LAB = Lab(
    "90_small",
    tasks=(
        Task("dense", ("x", "W", "b"), points=4, checks=(multiplies, adds_the_bias), seconds=5),
        Task("double", ("x",), points=2, checks=(doubles,), seconds=5),
    ),
    forbidden=("torch",),
)
'''

# Any process that has this folder on its PYTHONPATH finds the lab's checks beside the course's own.
SITE = """
import importlib.machinery
import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "course_utils.grading.checks" and path:
            spec = importlib.machinery.PathFinder.find_spec(name, path)
            spec.submodule_search_locations.append({folder!r})
            return spec


sys.meta_path.insert(0, Finder)
"""

DENSE = """def dense(x, W, b):
    \"\"\"Return x @ W.T + b.\"\"\"
    ### BEGIN SOLUTION
    return x @ W.T + b
    ### END SOLUTION"""
DOUBLE = """def double(x):
    \"\"\"Return 2 x.\"\"\"
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
SET_UP = "import numpy as np\n\nfrom course_utils.grading import open_lab\n\ncheck = open_lab('90_small')"


def nbgrader_cell(kind: str, name: str, points: float = 0) -> dict[str, Any]:
    """Write the nbgrader metadata of a cell: solution, test or written answer."""
    entry: dict[str, Any] = {
        "grade": kind != "solution",
        "grade_id": name,
        "locked": kind == "test",
        "schema_version": 3,
        "solution": kind != "test",
        "task": False,
    }
    return {"nbgrader": entry | ({"points": points} if kind != "solution" else {})}


def source_notebook() -> Any:
    """Build the instructor's notebook."""
    cells = [
        new_markdown_cell("# A small lab", id="title"),
        new_code_cell(SET_UP, id="set-up"),
        new_code_cell(DENSE, id="dense", metadata=nbgrader_cell("solution", "dense")),
        new_code_cell('check("dense", dense)', id="t-dense", metadata=nbgrader_cell("test", "test_dense", 4)),
        new_code_cell(DOUBLE, id="double", metadata=nbgrader_cell("solution", "double")),
        new_code_cell(
            'check("double", double)', id="t-dou", metadata=nbgrader_cell("test", "test_double", 2)
        ),
        new_markdown_cell("Because it is linear.", id="why", metadata=nbgrader_cell("written", "why", 3)),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.4"}
    return notebook


def make_course(root: Path) -> Path:
    """Make a course folder with the small lab and the course's own configuration."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    nbformat.write(source_notebook(), folder / f"{NAME}.ipynb")
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    return root


def make_site(folder: Path) -> Path:
    """Make the folder that, on PYTHONPATH, adds the small lab's checks to the course's own."""
    (folder / "checks").mkdir(parents=True)
    (folder / "checks" / f"{NAME}.py").write_text(CHECKS, encoding="utf-8")
    (folder / "sitecustomize.py").write_text(SITE.format(folder=str(folder / "checks")), encoding="utf-8")
    return folder
