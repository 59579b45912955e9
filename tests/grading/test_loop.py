"""The whole instructor's loop with nbgrader itself, from the source notebook to the grades as CSV."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
import small_lab

from course_utils.grading.notebooks import is_test

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange is not available on Windows"),
]
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# For each lab a first task that is partly right: the code, its share of the points, and the report's words.
PARTLY = {
    small_lab.NAME: ("def dense(x, W, b):\n    return x @ W.T", 1 / 2, "the bias was not added"),
    "01_neurons": ("def weighted_sum(x, w, b):\n    return x @ w", 1 / 2, "the bias was not added"),
    "02_xor": (
        "def collapse(layers):\n"
        "    merged = [layers[0]]\n"
        "    for W, b, activation in layers[1:]:\n"
        "        W_before, _, before = merged[-1]\n"
        "        if before == 'identity':\n"
        "            merged[-1] = (W @ W_before, 0 * b, activation)\n"
        "        else:\n"
        "            merged.append((W, b, activation))\n"
        "    return merged",
        1 / 2,
        "the biases were forgotten",
    ),
    "03_backprop": (
        "def neuron_gradients(w, b, x, t, decay=0.0):\n"
        "    y = np.tanh(w * x + b)\n"
        "    z_bar = (y - t) * (1 - y**2)\n"
        "    return z_bar * x, z_bar",
        2 / 3,
        "the penalty was left out",
    ),
    "05_convolution": (
        "def scaled_copies(a, b):\n"
        "    return np.array([np.pad(b, (i, len(a) - 1 - i)) for i in range(len(a))])",
        1 / 4,
        "the copies were not scaled by the entries of a",
    ),
    "06_cnn_layers": (
        "def output_size(size, kernel, stride=1, padding=0, dilation=1):\n"
        "    return (size + 2 * padding - kernel) // stride + 1",
        3 / 5,
        "the dilation was left out",
    ),
    "07_cnn_backprop": (
        "def windows(x, kernel, stride=(1, 1), padding=(0, 0)):\n"
        "    x = np.pad(x, [(0, 0), (0, 0), (0, padding[0]), (0, padding[1])])\n"
        "    every = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(2, 3))\n"
        "    return every[:, :, :: stride[0], :: stride[1]]",
        1 / 2,
        "only one side is padded: below and right",
    ),
    "04_training": (
        "def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):\n"
        "    return w - learning_rate * w_bar, w_bar",
        1 / 4,
        "the velocity is not used: this is plain gradient descent",
    ),
    "08_lenet": (
        "def build_lenet(seed=0):\n"
        "    torch.manual_seed(seed)\n"
        "    first = (nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2))\n"
        "    second = (nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten())\n"
        "    dense = (nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))\n"
        "    return nn.Sequential(*first, *second, *dense, nn.Softmax(dim=1))",
        1 / 2,
        "the network ends with a softmax",
    ),
}
STUDENTS = ("perfect", "half", "partly", "untouched", "broken", "garbled")


@dataclass
class Course:
    name: str
    root: Path
    environment: dict[str, str]
    points: dict[str, float] = field(default_factory=dict)  # expected, by student
    full: float = 0.0

    def run(self, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=400,
        )

    def nbgrader(self, *command: str) -> str:
        done = self.run("-m", "nbgrader", *command)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def notebook(self, step: str) -> Path:
        return self.root / step / self.name / f"{self.name}.ipynb"


def blocks(source: Any) -> list[tuple[int, float]]:
    """Pair each solution cell (its number) with the points of the test cells that follow it."""
    found: list[tuple[int, float]] = []
    for number, cell in enumerate(source.cells):
        entry = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and entry.get("solution") and not entry.get("grade"):
            found.append((number, 0.0))
        elif is_test(cell):
            found[-1] = (found[-1][0], found[-1][1] + entry["points"])
    return found


def write_answers(course: Course, fetched: Path, student: str) -> None:
    """Turn the release that a student fetched into that student's work."""
    source = nbformat.read(course.notebook("solutions"), as_version=4)
    work = nbformat.read(fetched, as_version=4)
    pairs = blocks(source)
    course.full = sum(points for _, points in pairs)
    solved = {"half": pairs[: len(pairs) // 2], "untouched": [], "partly": []}.get(student, pairs)
    for number, _ in solved:
        work.cells[number].source = source.cells[number].source
    expected = sum(points for _, points in solved)
    if student == "partly":
        number = pairs[0][0]
        work.cells[number].source, share, _ = PARTLY[course.name]
        expected = round(pairs[0][1] * share, 2)
    if student == "broken":
        work.cells[pairs[-1][0]].source += "\n    return ("
        expected -= pairs[-1][1]
    course.points[student] = expected
    nbformat.write(work, fetched)
    if student == "garbled":
        fetched.write_text("{ this is no notebook", encoding="utf-8")


def source_labs() -> list[str]:
    return [small_lab.NAME, *sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.ipynb"))]


HERE_LABS, LATER_LABS = source_labs()[:4], source_labs()[4:]  # two modules, so that two workers share them


@pytest.fixture(scope="module", params=HERE_LABS)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(request.param, tmp_path_factory.mktemp(request.param))


def make_course(name: str, folder: Path) -> Course:
    root = small_lab.make_course(folder / "course")
    if name != small_lab.NAME:
        shutil.rmtree(root / "solutions")
        for part in ("solutions", "labs"):  # a clone has the release too, which nbgrader would skip
            shutil.copytree(ROOT / part / name, root / part / name)
    (root / "exchange").mkdir()
    (root / "exchange").chmod(0o777)
    paths = [str(small_lab.make_site(folder / "site")), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "COURSE_GRADING_SEED": "7",
        "OMP_NUM_THREADS": "1",
    }
    return Course(name, root, environment)


@pytest.fixture(scope="module")
def graded(course: Course) -> str:
    """Take the labs through the loop; return what autograding logged."""
    course.nbgrader("generate_assignment", course.name, "--force")  # as README.md says
    course.nbgrader("release_assignment", course.name)
    options = [f"--Exchange.root={course.root / 'exchange'}", "--course=neural_networks", "--log-level=ERROR"]
    folders = {student: course.root.parent / "students" / student for student in STUDENTS}
    for folder in folders.values():
        folder.mkdir(parents=True)
    for command in ("fetch_assignment", "submit"):
        session = [
            (
                str(where),
                [command, course.name, *options, *([f"--student={who}"] if command == "submit" else [])],
            )
            for who, where in folders.items()
        ]
        done = course.run(str(HERE / "nbgrader_session.py"), given=json.dumps(session))
        assert done.returncode == 0, done.stderr
        if command == "fetch_assignment":
            for student, folder in folders.items():
                write_answers(course, folder / course.name / f"{course.name}.ipynb", student)
    course.nbgrader("collect", course.name)
    done = course.run("-m", "nbgrader", "autograde", course.name)
    print(done.stderr)
    course.nbgrader("generate_feedback", course.name)
    course.nbgrader("export", "--to=grades.csv")
    return done.stderr


@pytest.fixture(scope="module")
def grades(course: Course, graded: str) -> dict[str, dict[str, str]]:
    with (course.root / "grades.csv").open(encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def feedback(course: Course, student: str) -> str:
    return (course.root / "feedback" / student / course.name / f"{course.name}.html").read_text("utf-8")


@pytest.mark.parametrize("student", ["perfect", "half", "partly", "untouched", "broken"])
def test_score_is_what_the_work_deserves(course: Course, grades: Any, student: str) -> None:
    assert float(grades[student]["score"]) == pytest.approx(course.points[student])


def test_expected_points_are_the_whole_range(course: Course, graded: str) -> None:
    assert course.points["perfect"] == course.full > 0
    assert 0 < course.points["half"] < course.full
    assert course.points["untouched"] == 0
    assert 0 < course.points["broken"] < course.full


def test_points_in_the_notebook_are_those_of_the_lab(course: Course) -> None:
    script = "import sys; from course_utils.grading.selfcheck import load_lab; "
    script += "print(sum(task.points for task in load_lab(sys.argv[1]).tasks))"
    done = course.run("-c", script, course.name)
    source = nbformat.read(course.notebook("solutions"), as_version=4)
    assert float(done.stdout) == sum(points for _, points in blocks(source))


def test_file_that_is_no_notebook_is_named_and_stops_nobody(course: Course, graded: str, grades: Any) -> None:
    assert "garbled" in graded
    assert "JSON" in graded
    assert float(grades["garbled"]["score"] or 0) == 0


def test_feedback_holds_the_report(course: Course, graded: str) -> None:
    assert "is open: replace the" in feedback(course, "untouched")
    assert "SyntaxError" in feedback(course, "broken")
    assert "[ok]" in feedback(course, "perfect")


def test_feedback_of_a_partly_right_answer_says_what_is_missing(course: Course, graded: str) -> None:
    text = feedback(course, "partly")
    assert PARTLY[course.name][2] in text
    assert "COURSE_GRADING_SEED=7" in text


def test_nothing_was_reported_as_tampering(graded: str) -> None:
    assert "has changed!" not in graded
