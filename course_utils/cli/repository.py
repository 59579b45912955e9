"""Where things are in the repository that the package is installed from."""

from pathlib import Path

from course_utils.cli.outcome import BadArgumentError, FailedError

ROOT = Path(__file__).resolve().parents[2]


def root() -> Path:
    """Return the repository's root folder.

    Returns:
        The folder that holds pyproject.toml and course_utils.

    Raises:
        FailedError: the package is not installed from a clone.
    """
    if not (ROOT / "pyproject.toml").is_file():
        raise FailedError(
            f"course_utils runs from {ROOT}, which is no clone of the course: install it with pip install -e."
        )
    return ROOT


def labs(folder: Path) -> dict[str, Path]:
    """List the released labs.

    Args:
        folder: the repository's root.

    Returns:
        Notebook of each lab by the lab's name, in order.
    """
    return {
        path.stem: path
        for path in sorted((folder / "labs").glob("*/*.ipynb"))
        if path.stem == path.parent.name
    }


def find_lab(name: str, folder: Path) -> Path:
    """Find the lab that a user means.

    Args:
        name: `01_neurons`, `labs/01_neurons`, `1`, or the path of a notebook.
        folder: the repository's root.

    Returns:
        Path of the notebook.

    Raises:
        BadArgumentError: there is no such lab.
    """
    if name.endswith(".ipynb") and Path(name).is_file():
        return Path(name).resolve()
    known = labs(folder)
    plain = Path(name.rstrip("/\\")).name.removesuffix(".ipynb")
    for lab, path in known.items():
        if plain == lab or (
            plain.isdigit() and lab.split("_")[0].isdigit() and int(lab.split("_")[0]) == int(plain)
        ):
            return path
    raise BadArgumentError(f"Unknown lab {name}: the labs are {', '.join(known) or 'not released yet'}.")


def notebooks(folder: Path) -> list[Path]:
    """List the notebooks that are stored with their outputs.

    Args:
        folder: the repository's root.

    Returns:
        The start page, lectures and solutions, in this order.
    """
    start = [path for path in [folder / "start.ipynb"] if path.is_file()]
    return (
        start
        + sorted((folder / "lectures").glob("*.ipynb"))
        + sorted((folder / "solutions").glob("*/*.ipynb"))
    )
