from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
import small_lab

from course_utils.grading.release import ReleaseError, generate, load_config, source_labs

NOTEBOOK = Path("solutions") / small_lab.NAME / f"{small_lab.NAME}.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return small_lab.make_course(tmp_path / "course")


def change(course: Path, **metadata: Any) -> None:
    notebook = nbformat.read(course / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"].update(metadata)
    nbformat.write(notebook, course / NOTEBOOK)


def test_release_has_stubs_tagged_tests_and_nothing_of_the_solution(course: Path) -> None:
    [path] = generate(course)
    assert path == course / "labs" / small_lab.NAME / f"{small_lab.NAME}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "SOLUTION" not in text
    assert "x @ W.T + b\n" not in text
    assert text.count('raise NotImplementedError(\\"write your code here\\")') == 2
    assert "Because it is linear" not in text
    assert text.count("*Write your answer here.*") == 1
    tagged = [
        cell["id"]
        for cell in json.loads(text)["cells"]
        if "raises-exception" in cell["metadata"].get("tags", [])
    ]
    assert tagged == ["t-dense", "t-dou"]


def test_release_holds_no_outputs_and_no_versions(course: Path) -> None:
    notebook = nbformat.read(course / NOTEBOOK, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="left over")]
    notebook.cells[1].execution_count = 7
    notebook.cells[1].metadata["execution"] = {"iopub.status.busy": "2026-01-01"}
    nbformat.write(notebook, course / NOTEBOOK)
    [path] = generate(course)
    released = json.loads(path.read_text(encoding="utf-8"))
    assert all(cell.get("outputs", []) == [] for cell in released["cells"])
    assert all(cell.get("execution_count") is None for cell in released["cells"])
    assert "execution" not in released["cells"][1]["metadata"]
    assert released["metadata"]["language_info"] == {"name": "python"}


def test_release_is_byte_identical_when_repeated_and_quiet(course: Path, tmp_path: Path, capfd: Any) -> None:
    [first] = generate(course)
    before = first.read_bytes()
    [again] = generate(course)
    [elsewhere] = generate(course, tmp_path / "other")
    assert before == again.read_bytes() == elsewhere.read_bytes()
    assert elsewhere.parent.parent == tmp_path / "other"
    assert capfd.readouterr() == ("", "")
    assert not (course / "gradebook.db").exists()


def test_tag_stays_where_it_is_and_comes_once(course: Path) -> None:
    notebook = nbformat.read(course / NOTEBOOK, as_version=4)
    notebook.cells[3].metadata["tags"] = ["raises-exception", "a"]
    nbformat.write(notebook, course / NOTEBOOK)
    [path] = generate(course)
    assert json.loads(path.read_text("utf-8"))["cells"][3]["metadata"]["tags"] == ["a", "raises-exception"]


def test_students_own_files_in_labs_are_left_alone(course: Path) -> None:
    generate(course)
    note = course / "labs" / small_lab.NAME / "notes.txt"
    note.write_text("mine", encoding="utf-8")
    generate(course)
    assert note.read_text(encoding="utf-8") == "mine"


def test_file_beside_a_source_notebook_is_refused_and_a_picture_is_not(course: Path) -> None:
    folder = course / "solutions" / small_lab.NAME
    (folder / "network.svg").write_text("<svg/>", encoding="utf-8")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "old.ipynb").write_text("{}", encoding="utf-8")
    generate(course)
    assert sorted(path.name for path in (course / "labs" / small_lab.NAME).iterdir()) == [
        "90_small.ipynb",
        "network.svg",
    ]
    (folder / "answers.py").write_text("", encoding="utf-8")
    with pytest.raises(
        ReleaseError, match=r"answers\.py would be released to students: move it out of solutions/90_small"
    ):
        generate(course)


def test_nothing_is_written_where_one_lab_fails(course: Path) -> None:
    other = course / "solutions" / "91_other"
    other.mkdir()
    notebook = small_lab.source_notebook()
    notebook.cells[2].source = notebook.cells[2].source.replace("### END SOLUTION", "")
    nbformat.write(notebook, other / "91_other.ipynb")
    with pytest.raises(
        ReleaseError, match="lab 91_other could not be generated: RuntimeError: no end solution stat"
    ):
        generate(course)
    assert not (course / "labs").exists()


def test_two_cells_with_one_id_are_refused(course: Path) -> None:
    change(course, grade_id="twice")
    with pytest.raises(
        ReleaseError, match=r"lab 90_small could not be generated: .*Duplicate grade id: twice"
    ):
        generate(course)


def test_course_without_labs_and_broken_configuration_are_one_sentence(course: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ReleaseError, match=r"solutions holds no lab: expected solutions/NN_name/NN_name\.ipynb"
    ):
        source_labs(tmp_path)
    (course / "nbgrader_config.py").write_text("c = get_config(", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"nbgrader_config\.py cannot be read \(SyntaxError: "):
        generate(course)
    (course / "nbgrader_config.py").unlink()
    with pytest.raises(ReleaseError, match=r"nbgrader_config\.py cannot be read \(ConfigFileNotFound: "):
        generate(course)


def test_configuration_serves_any_course_folder(course: Path, tmp_path: Path) -> None:
    config = load_config(course, course)
    assert config.CourseDirectory.root == str(course)
    assert config.Exchange.root == str(course.resolve() / "exchange")
    assert config.CourseDirectory.db_url == f"sqlite:///{course / 'gradebook.db'}"
    assert load_config(course, tmp_path).CourseDirectory.root == str(tmp_path)
    assert os.environ["TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR"] == "1"


def test_limits_are_finite_and_the_skipping_tag_cannot_be_guessed(course: Path) -> None:
    one, two = load_config(course, course), load_config(course, course)
    assert 0 < one.Execute.timeout < 600
    assert 0 < one.Execute.startup_timeout < 600
    assert one.Execute.skip_cells_with_tag != two.Execute.skip_cells_with_tag
    assert len(one.Execute.skip_cells_with_tag) >= 32


def test_long_temporary_folder_falls_back_to_tcp(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/" + "x" * 100)
    assert "transport" not in load_config(course, course).KernelManager


@pytest.mark.skipif(os.name != "posix", reason="Windows has no sockets with a path")
def test_sockets_have_an_absolute_name_of_their_own(course: Path) -> None:
    one, two = load_config(course, course), load_config(course, course)
    assert one.KernelManager.transport == "ipc"
    assert Path(one.KernelManager.ip).is_absolute()
    assert one.KernelManager.ip != two.KernelManager.ip


def test_real_labs_are_those_with_checks() -> None:
    from course_utils.grading.selfcheck import lab_names

    if not (small_lab.ROOT / "solutions").is_dir():
        pytest.skip("there are no labs yet")
    assert source_labs(small_lab.ROOT) == lab_names()
