"""Say what works on this machine and, for the rest, what to do."""

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from course_utils.cli.repository import root
from course_utils.cli.surroundings import find_browser

REPAIR = "run python course.py doctor in the course's folder, which installs what is missing"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: `needed` findings that are not ok make it fail."""

    name: str
    ok: bool
    text: str
    needed: bool = True


def examine_python() -> Finding:
    """Look at the Python that runs.

    Returns:
        Its version and folder.
    """
    suitable = (3, 11) <= sys.version_info[:2] <= (3, 13)
    advice = "" if suitable else ": the course needs 3.11 to 3.13, so install 3.13 and run course.py with it"
    return Finding("Python", suitable, f"{platform.python_version()} in {sys.prefix}{advice}")


def installed(name: str) -> str | None:
    """Return the version of an installed distribution.

    Args:
        name: the distribution's name.

    Returns:
        The version, or None if it is not installed.
    """
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def compare_with_lock(lock: str, find: Callable[[str], str | None] = installed) -> Finding:
    """Compare what is installed with the lock, without local parts of versions such as +cpu.

    Args:
        lock: text of requirements.lock.
        find: returns the installed version of a distribution.

    Returns:
        How many packages agree, and which do not.
    """
    from packaging.requirements import Requirement

    requirements = [Requirement(line) for line in lock.splitlines() if line.strip() and line[0] not in "#-"]
    wanted = [one for one in requirements if one.marker is None or one.marker.evaluate()]
    wrong = []
    for one in wanted:
        found = find(one.name)
        if found is None:
            wrong.append(f"{one.name} is missing")
        elif not one.specifier.contains(found.split("+")[0], prereleases=True):
            wrong.append(f"{one.name} is {found} instead of {str(one.specifier).lstrip('=')}")
    if not wrong:
        return Finding("Packages", True, f"all {len(wanted)} as in requirements.lock")
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return Finding("Packages", False, f"{', '.join(wrong[:3])}{more}: {REPAIR}")


def examine_torch() -> Finding:
    """Look at PyTorch and the device it would use.

    Returns:
        Version and device.
    """
    try:
        torch = importlib.import_module("torch")
    except (ImportError, OSError) as error:
        return Finding("PyTorch", False, f"it cannot be imported ({error}): {REPAIR}")
    accelerator = getattr(torch, "accelerator", None)
    if accelerator is not None and accelerator.is_available():
        device = str(accelerator.current_accelerator().type)
    else:
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return Finding("PyTorch", True, f"{torch.__version__} on {device}, {torch.get_num_threads()} threads")


def examine_memory() -> Finding:
    """Look at the machine's memory.

    Returns:
        What is free; a notebook may take 2 GB.
    """
    import psutil

    memory = psutil.virtual_memory()
    enough = memory.available > 2e9
    advice = "" if enough else ": a notebook may take 2 GB, so close other programs"
    return Finding(
        "Memory", enough, f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free{advice}", False
    )


def examine_disk(folder: Path) -> Finding:
    """Look at the disk that holds the course.

    Args:
        folder: the repository's root.

    Returns:
        What is free.
    """
    free = shutil.disk_usage(folder).free / 1e9
    advice = "" if free > 1 else ": free at least 1 GB"
    return Finding("Disk", free > 1, f"{free:.1f} GB free{advice}")


def examine_cache() -> Finding:
    """Look at the folder for downloaded data.

    Returns:
        Where it is, whether it can be written, and which data sets are there.
    """
    from course_utils.cli.data import datasets
    from course_utils.data import is_available
    from course_utils.data.downloads import cache_folder

    sets = [name for name, entry in datasets().items() if not entry.bundled]
    there = f"(there: {', '.join(name for name in sets if is_available(name)) or 'nothing yet'})"
    own = os.environ.get("COURSE_DATA")
    if own and not Path(own).expanduser().is_dir():  # notebooks would stop at it
        return Finding(
            "Data cache", False, f"COURSE_DATA names {own}, which is no folder: correct or unset it"
        )
    if own:
        return Finding("Data cache", True, f"{own}, which COURSE_DATA names {there}", False)
    folder = cache_folder(sets[0]).parent
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK)):
        return Finding(
            "Data cache", False, f"{folder} cannot be written: set COURSE_CACHE to a folder that can", False
        )
    return Finding("Data cache", True, f"{folder} {there}", False)


def examine_kernel() -> Finding:
    """Look at the Jupyter kernel that notebooks ask for.

    Returns:
        Whether it is this environment's Python.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding("Jupyter kernel", False, f"python3 is not registered: {REPAIR}")
    bare = program in ("python", "python3")  # Jupyter puts the running Python in its place
    if not bare and Path(program).parent != Path(sys.executable).parent:
        advice = f"python3 runs {program}, another environment's: {REPAIR}, or remove that kernel"
        return Finding("Jupyter kernel", False, advice)
    return Finding("Jupyter kernel", True, "python3 runs this environment's Python")


def examine_widgets() -> Finding:
    """Look at the packages and the JupyterLab extensions that widgets need.

    Returns:
        What is there, or what is missing.
    """
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    missing = [name for name in ("anywidget", "ipywidgets") if installed(name) is None]
    missing += [
        f"JupyterLab's extension {name}"
        for name in ("anywidget", "@jupyter-widgets/jupyterlab-manager")
        if not (extensions / name).is_dir()
    ]
    if missing:
        return Finding("Widgets", False, f"missing: {', '.join(missing)}: {REPAIR}")
    return Finding(
        "Widgets", True, f"anywidget {installed('anywidget')}, ipywidgets {installed('ipywidgets')}"
    )


def examine_optional(programs: Mapping[str, tuple[str | None, str]] | None = None) -> list[Finding]:
    """Look for programs that only some verbs use.

    Args:
        programs: path (or None) and purpose by name; those of this machine by default.

    Returns:
        A line for each.
    """
    here = {
        "Chromium": (find_browser(), "the browser tests are skipped without it"),
        "bubblewrap": (shutil.which("bwrap"), "grading other people's code needs it (Linux)"),
    }
    return [
        Finding(name, path is not None, path or f"not found: {purpose}", False)
        for name, (path, purpose) in (here if programs is None else programs).items()
    ]


def examine() -> int:
    """Print a line for each finding.

    Returns:
        1 if something that the course needs is broken, else 0.
    """
    folder = root()
    findings = [
        examine_python(),
        compare_with_lock((folder / "requirements.lock").read_text(encoding="utf-8")),
        examine_torch(),
        examine_memory(),
        examine_disk(folder),
        examine_cache(),
        examine_kernel(),
        examine_widgets(),
        *examine_optional(),
    ]
    for one in findings:
        state = "ok" if one.ok else "TO DO" if one.needed else "note"
        print(f"{state:6} {one.name:15} {one.text}")
    return 1 if any(one.needed and not one.ok for one in findings) else 0
