"""The stages of `course check` and `course test`."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from course_utils.cli.offline import Cut, cut_network
from course_utils.cli.repository import notebooks, root
from course_utils.cli.stages import Stage, run_stages
from course_utils.cli.surroundings import find_browser, fresh_environment

CODE = (
    "course_utils",
    "tests",
    "benchmarks",
    "course.py",
    "nbgrader_config.py",
    "start.ipynb",
    "lectures",
    "solutions",
)
COVERAGE_GATE = 85
NBVAL = ("-p", "tests.notebooks.budget", "--nbval-current-env", "--nbval-cell-timeout=120",
         "-n", "2", "--dist", "loadscope")  # fmt: skip
NO_BROWSER = "no Chromium found: install it (Debian: apt install chromium) to run these tests"


def python(*arguments: str) -> tuple[str, ...]:
    """Return the command that runs a module of this environment.

    Args:
        arguments: module and its arguments.

    Returns:
        The command's words.
    """
    return (sys.executable, "-m", *arguments)


def static_stages(folder: Path) -> list[Stage]:
    """List the stages that run no code of the course.

    Args:
        folder: the repository's root.

    Returns:
        Lint, format, types and import contract.
    """
    code = [name for name in CODE if (folder / name).exists()]
    contract = (
        "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    )
    return [
        Stage("lint", python("ruff", "check", *code)),
        Stage("format", python("ruff", "format", "--check", *code)),
        Stage("types", python("mypy")),
        Stage("import contract", (sys.executable, "-c", contract)),
    ]


def pytest_stage(
    name: str, marks: str, cut: Cut, *options: str, folder: str = "tests", coverage: Path | None = None
) -> Stage:
    """Return a stage of pytest without a network.

    Args:
        name: name of the stage.
        marks: expression that selects the tests.
        cut: how the network is cut off.
        options: further options of pytest.
        folder: where the tests are; to collect thousands that are not meant takes a while.
        coverage: folder for the data of the coverage measurement; not measured by default.

    Returns:
        The stage.
    """
    command = (*cut.prefix, *python("pytest", folder, "-m", marks, *options))
    if coverage is None:
        return Stage(name, command)
    data = coverage / name.replace(" ", "_")
    data.mkdir(parents=True)
    return Stage(
        name, (*command, "--cov", "--cov-report="), variables={"COVERAGE_FILE": str(data / ".coverage")}
    )


def fast_stages(folder: Path, cut: Cut, *, coverage: Path | None = None) -> list[Stage]:
    """List the stages of `course check`.

    Args:
        folder: the repository's root.
        cut: how the network is cut off.
        coverage: folder for the coverage data of the unit tests; not measured by default.

    Returns:
        The static stages and the unit tests.
    """
    # Building Matplotlib's list of fonts once here keeps its remark out of the notebooks' outputs.
    fonts = Stage("fonts", (sys.executable, "-c", "import matplotlib.font_manager"))
    unit = pytest_stage("unit tests", "not slow and not browser", cut, "-n", "2", coverage=coverage)
    return [*static_stages(folder), fonts, unit]


def mutation_stage(cut: Cut) -> Stage:
    """Return the stage that breaks the labs' solutions, and shows what their checks notice.

    Args:
        cut: how the network is cut off.

    Returns:
        The stage; its tables are printed when it passes, too.
    """
    command = (*cut.prefix, *python("course_utils.cli", "mutate"))
    return Stage("mutation", command, variables={"OMP_NUM_THREADS": "1"}, show=True)


def notebook_stages(folder: Path, cut: Cut) -> list[Stage]:
    """List the stages that execute every notebook and compare its outputs.

    Args:
        folder: the repository's root.
        cut: how the network is cut off.

    Returns:
        A strict comparison of what is stored with outputs, and a run of the unsolved labs.
    """
    rules = (*NBVAL, "--nbval-sanitize-with", "tests/notebooks/sanitize.cfg")
    stored = [path.relative_to(folder).as_posix() for path in notebooks(folder)]
    strict = python("pytest", "--nbval", *rules, *stored)
    lax = python("pytest", "--nbval-lax", *rules, "labs")
    return [Stage("notebooks", (*cut.prefix, *strict)), Stage("labs", (*cut.prefix, *lax))]


def browser_stage(cut: Cut) -> Stage:
    """Return the stage that drives JupyterLab in Chromium.

    Args:
        cut: how the network is cut off.

    Returns:
        The stage; it says so when there is no Chromium.
    """
    stage = pytest_stage(
        "browser tests", "browser", cut, "-n", "2", "--dist", "loadscope", folder="tests/browser"
    )
    return stage if find_browser() else replace(stage, missing=NO_BROWSER)


def coverage_stages(data: Path) -> list[Stage]:
    """List the stages that put the coverage of several stages together.

    Args:
        data: folder with a folder of coverage data for each stage.

    Returns:
        Combining, and the table with its gate.
    """
    parts = [str(part / ".coverage") for part in sorted(data.iterdir())]
    total = {"COVERAGE_FILE": str(data.parent / ".coverage")}
    combine = Stage("coverage data", python("coverage", "combine", "-q", *parts), variables=total)
    report = python("coverage", "report", f"--fail-under={COVERAGE_GATE}")
    return [combine, Stage("coverage", report, variables=total, show=True)]


def run_fast() -> int:
    """Run the fast subset.

    Returns:
        0 if every stage passed, else 1.
    """
    folder, cut = root(), cut_network(root())
    print(cut.sentence)
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as fresh:
        variables = fresh_environment(Path(fresh), threads=1) | dict(cut.variables)
        return run_stages(fast_stages(folder, cut), cwd=folder, variables=variables)


def run_everything() -> int:
    """Run every check that CI runs.

    Returns:
        0 if every stage passed, else 1.
    """
    folder, cut = root(), cut_network(root())
    print(cut.sentence)
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as fresh:
        data = Path(fresh) / "coverage"
        workers = ("-n", "2", "--dist", "loadscope")
        stages = [
            *fast_stages(folder, cut, coverage=data),
            mutation_stage(cut),
            pytest_stage("slow tests", "slow and not browser", cut, *workers),
            *notebook_stages(folder, cut),
            browser_stage(cut),
            *coverage_stages(data),
        ]
        # Two tests run at a time on two cores: a second thread for each would only be in the way.
        variables = fresh_environment(Path(fresh), threads=1) | dict(cut.variables)
        return run_stages(stages, cwd=folder, variables=variables)
