"""Generate the labs that students get from the instructor's notebooks."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import capture_log, is_grade, is_solution
from traitlets.config import Config, PyFileConfigLoader

CONFIG = "nbgrader_config.py"
PICTURES = (".png", ".jpg", ".svg")  # what may stand beside a source notebook
RAISE_CONFIG_ERRORS = "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR"


class ReleaseError(RuntimeError):
    """Say why a lab could not be generated."""


class TagTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Let an unsolved lab run from top to bottom, and leave nothing of the machine that made it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Tag the test cells `raises-exception` and drop what differs between machines.

        Args:
            nb: The notebook.
            resources: What nbconvert hands from step to step.

        Returns:
            The notebook and the resources.
        """
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                tags = cell.metadata.get("tags", [])
                cell.metadata["tags"] = sorted({*tags, "raises-exception"})
            cell.metadata.pop("execution", None)
        nb.metadata["language_info"] = {"name": "python"}
        nb.metadata.pop("widgets", None)
        return nb, resources


def generate(root: Path | str, out: Path | str | None = None) -> list[Path]:
    """Generate the student's notebook of every lab; all of them, or none where one fails.

    Args:
        root: The course's folder, with `solutions/` and `nbgrader_config.py`.
        out: Where the labs go; `labs/` of the course if not given.

    Returns:
        The notebooks written, sorted.

    Raises:
        ReleaseError: There is nothing to generate from, or nbgrader refuses a notebook.
    """
    root = Path(root).resolve()
    out = Path(out).resolve() if out is not None else root / "labs"
    names = source_labs(root)
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder).resolve()
        for name in names:
            shutil.copytree(root / "solutions" / name, course / "solutions" / name, ignore=_ignored)
        config = load_config(root, course)
        for name in names:
            _generate_one(name, config)
        shutil.copytree(course / "labs", out, dirs_exist_ok=True, copy_function=shutil.copyfile)
    return sorted(out / name / f"{name}.ipynb" for name in names)


def source_labs(root: Path) -> list[str]:
    """List the labs that have an instructor's notebook.

    Args:
        root: The course's folder.

    Returns:
        The labs' names, sorted.

    Raises:
        ReleaseError: There is none, or a file beside a notebook would be released with it.
    """
    notebooks = sorted((root / "solutions").glob("*/*.ipynb"))
    names = sorted({path.parent.name for path in notebooks})
    if not names:
        raise ReleaseError(f"{root / 'solutions'} holds no lab: expected solutions/NN_name/NN_name.ipynb")
    for name in names:
        extra = [path for path in _visible(root / "solutions" / name) if path.name != f"{name}.ipynb"]
        extra = [path for path in extra if path.suffix not in PICTURES]
        if extra:
            files = ", ".join(str(path.relative_to(root)) for path in extra)
            raise ReleaseError(f"{files} would be released to students: move it out of solutions/{name}")
    return names


def load_config(root: Path, course: Path) -> Config:
    """Read the course's nbgrader configuration, for a course folder that may be another one.

    Args:
        root: Folder of `nbgrader_config.py`.
        course: The folder to work in.

    Returns:
        The configuration.

    Raises:
        ReleaseError: The file is missing or cannot be read.
    """
    os.environ.setdefault(RAISE_CONFIG_ERRORS, "1")
    try:
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except Exception as error:
        raise ReleaseError(f"{root / CONFIG} cannot be read ({type(error).__name__}: {error})") from error
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    return config


def _generate_one(name: str, config: Config) -> None:
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = name
    config.SaveCells.enabled = False  # the gradebook learns of a lab when the instructor generates it
    converter = GenerateAssignment(coursedir=coursedir, config=config)
    converter.no_database = True
    converter.permissions = 644
    result = capture_log(converter)
    if not result["success"]:
        raise ReleaseError(f"lab {name} could not be generated: {_reason(result)}")


def _reason(result: dict[str, Any]) -> str:
    """Find the sentence in nbgrader's log that says what was wrong."""
    lines = [line.strip() for line in result.get("log", "").splitlines()]
    problems = [line for line in lines if line.split(":")[0].endswith(("Error", "Exception"))]
    errors = [line.removeprefix("[ERROR]").strip() for line in lines if line.startswith("[ERROR]")]
    return str([*problems, *errors, result["error"].strip().splitlines()[-1]][0])


def _visible(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_noise(path, folder)]


def _is_noise(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)


def _ignored(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or name == "__pycache__"]
