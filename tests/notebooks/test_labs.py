"""A lab is what nbgrader makes of its solution, fails unsolved where it should only, and passes solved."""

import copy
import os

import pytest
from nbclient import NotebookClient

from course_utils.grading.release import generate
from tests.notebooks import rules

pytestmark = pytest.mark.slow
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "BEGIN MARK SCHEME")


@pytest.fixture(params=rules.SOLUTIONS, ids=lambda path: path.stem)
def solution(request):
    """Give the path of each solution notebook in turn."""
    return request.param


@pytest.fixture(scope="module")
def fresh_release(tmp_path_factory):
    """Release every lab anew into a temporary folder."""
    folder = tmp_path_factory.mktemp("release")
    generate(rules.ROOT, folder)
    return folder


def lab_of(solution):
    """Return the path of the release that belongs to a solution."""
    return rules.ROOT / "labs" / solution.stem / solution.name


def run(notebook, folder):
    """Execute a copy of a notebook on a fresh kernel, past its errors."""
    notebook = copy.deepcopy(notebook)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook, timeout=120, allow_errors=True, kernel_name="python3", resources=resources
    ).execute()
    return notebook


def error_of(cell):
    """Name the error that a cell raised, if any."""
    return next((output.ename for output in cell.outputs if output.output_type == "error"), None)


def stderr_of(cell):
    """Return what a cell wrote on stderr."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stderr")


def test_the_release_is_what_nbgrader_makes_now(solution, fresh_release):
    released = {path.name: path.read_bytes() for path in lab_of(solution).parent.iterdir() if path.is_file()}
    fresh = {
        path.name: path.read_bytes() for path in (fresh_release / solution.stem).iterdir() if path.is_file()
    }
    assert released == fresh


def test_nothing_of_the_solution_leaks(solution):
    text = lab_of(solution).read_text(encoding="utf-8")
    assert [marker for marker in MARKERS if marker in text] == []
    shown = "\n".join(cell.source for cell in rules.read(lab_of(solution)).cells)
    secret = [line.strip() for cell in rules.read(solution).cells for line in solution_lines(cell)]
    assert secret, "the solution has no solution lines; this test would prove nothing"
    assert [line for line in secret if len(line) > 12 and line in shown] == []


def solution_lines(cell):
    """List the lines between a solution cell's marks, or all of a manually graded answer."""
    if not rules.role(cell, "solution"):
        return []
    if "BEGIN SOLUTION" not in cell.source:
        return [line for line in cell.source.splitlines() if cell.cell_type == "markdown" and line.strip()]
    inside = [part.split("### END SOLUTION")[0] for part in cell.source.split("### BEGIN SOLUTION")[1:]]
    return [line for part in inside for line in part.splitlines() if line.strip()]


def test_unsolved_every_check_reports_its_task_as_open_and_nothing_else_fails(solution):
    path = lab_of(solution)
    notebook = run(rules.read(path), path.parent)
    tests = [
        cell
        for cell in rules.code_cells(notebook)
        if rules.role(cell, "grade") and rules.role(cell, "locked")
    ]
    assert len(tests) >= 6
    for cell in rules.code_cells(notebook):
        if cell in tests:
            assert "raises-exception" in cell.metadata.tags
            assert error_of(cell) in {"TaskOpen", "NotImplementedError"}, (cell.id, error_of(cell))
        else:
            assert error_of(cell) is None, (cell.id, error_of(cell))
        assert stderr_of(cell) == ""


def test_with_the_solutions_spliced_in_every_check_passes(solution):
    path = lab_of(solution)
    solved = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in rules.read(solution).cells
        if rules.role(cell, "solution")
    }
    notebook = rules.read(path)
    for cell in notebook.cells:
        if rules.role(cell, "solution"):
            cell.source = solved[cell.metadata.nbgrader.grade_id].source
    cells = rules.code_cells(run(notebook, path.parent))
    assert sum("[ok]" in output.get("text", "") for cell in cells for output in cell.outputs) >= 6
    for cell in cells:
        assert (error_of(cell), stderr_of(cell)) == (None, ""), cell.id


def test_points_in_the_notebook_are_the_points_of_the_checks(solution):
    import importlib

    lab = importlib.import_module(f"course_utils.grading.checks.{solution.stem}").LAB
    cells = [
        cell
        for cell in rules.read(solution).cells
        if rules.role(cell, "grade") and not rules.role(cell, "solution")
    ]
    assert [float(cell.metadata.nbgrader.points) for cell in cells] == [
        float(task.points) for task in lab.tasks
    ]


def test_every_task_has_three_folded_hints(solution):
    cells = rules.read(solution).cells
    tests = [i for i, cell in enumerate(cells) if rules.role(cell, "grade") and cell.cell_type == "code"]
    assert len(tests) >= 6
    for index in tests:
        assert cells[index + 1].cell_type == "markdown"
        assert cells[index + 1].source.count("<details><summary>Hint") == 3, cells[index].id


def asks_for_mnist(path):
    """Tell whether a lecture uses MNIST where it is at hand; the others would run as they do without."""
    source = "".join(cell.source for cell in rules.read(path).cells)
    return "handwritten_digits" in source or "data.mnist" in source


@pytest.mark.parametrize("path", filter(asks_for_mnist, rules.LECTURES), ids=rules.name_of)
def test_a_lecture_is_correct_with_mnist_too(path, monkeypatch):
    folder = rules.ROOT.parent / "shared" / "data" / "mnist"
    if not folder.exists():
        pytest.skip("MNIST's files are not on this machine")
    monkeypatch.setenv("COURSE_DATA", str(folder))
    notebook = rules.read(path)
    ids = [cell.id for cell in notebook.cells]
    if path.stem == "08_lenet":  # as far as LeNet is trained on all of MNIST: the rest takes minutes
        notebook.cells = notebook.cells[: ids.index("train-run") + 1]
    errors = {
        cell.id: error_of(cell) for cell in rules.code_cells(run(notebook, path.parent)) if error_of(cell)
    }
    assert errors == {}
    assert os.environ["COURSE_DATA"] == str(folder)
