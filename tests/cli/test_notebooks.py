"""`course notebooks`: what is stored, what stays out, and that an error loses nothing."""

import json
import os

import nbformat
import pytest

from course_utils.cli import main
from course_utils.cli.kernel import execute, peak_megabytes
from course_utils.cli.notebooks import METADATA, VIEW, normalise, store
from course_utils.cli.outcome import FailedError
from course_utils.cli.surroundings import fresh_environment


def make(path, **cells):
    notebook = nbformat.v4.new_notebook()
    for name, source in cells.items():
        cell = nbformat.v4.new_code_cell(source)
        cell["id"] = name
        notebook.cells.append(cell)
    nbformat.write(notebook, path)
    return path


@pytest.mark.slow
def test_outputs_are_stored_and_a_second_run_changes_nothing(tmp_path, capsys):
    path = make(
        tmp_path / "small.ipynb",
        where="import os; print(os.path.basename(os.getcwd()))",
        memory="block = bytearray(200_000_000); block[::4096] = b'x' * len(block[::4096]); del block; 1 + 1",
        empty="",
        slider="import ipywidgets; ipywidgets.IntSlider()",
    )
    assert main(["notebooks", str(path)]) == 0
    first, out = path.read_bytes(), capsys.readouterr().out
    cells = json.loads(first)["cells"]
    assert cells[0]["outputs"][0]["text"] == [f"{tmp_path.name}\n"]
    assert [cell["execution_count"] for cell in cells] == [1, 2, None, 3]
    assert json.loads(first)["metadata"] == METADATA
    row = next(line for line in out.splitlines() if "small.ipynb" in line and "written" in line)
    assert float(row.split()[5]) > 200  # the peak, though the block was freed
    assert main(["notebooks", str(path)]) == 0
    assert path.read_bytes() == first
    assert "unchanged" in capsys.readouterr().out
    assert os.listdir(tmp_path) == ["small.ipynb"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise ValueError('no  such\\nthing')", "raised ValueError: no such thing"),
        ("import os; os._exit(1)", "ended its kernel (out of memory, or a crash)"),
    ],
)
def test_an_error_names_notebook_and_cell_and_keeps_the_file(source, words, tmp_path, capsys):
    path = make(tmp_path / "broken.ipynb", fine="1", culprit=source, later="2")
    before = path.read_bytes()
    assert main(["notebooks", str(path)]) == 1
    assert capsys.readouterr().err == f"{path}: cell culprit {words}; the old file was kept.\n"
    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_cell_that_never_ends_is_stopped(tmp_path):
    path = make(tmp_path / "endless.ipynb", endless="while True: pass")
    with pytest.raises(
        FailedError, match=r"endless\.ipynb: cell endless took longer than 1 s; the old file was kept"
    ):
        execute(path, fresh_environment(tmp_path / "fresh", threads=1), cell_seconds=1)


def test_a_file_that_is_no_notebook_is_named(tmp_path, capsys):
    path = tmp_path / "torn.ipynb"
    path.write_text('{"cells": [')
    assert main(["notebooks", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"{path} cannot be read as a notebook: ")


def test_what_differs_from_run_to_run_is_taken_out():
    view = {VIEW: {"model_id": "5d1c", "version_major": 2}, "text/plain": "Slider"}
    cell = nbformat.v4.new_code_cell(
        "slider", id="slider", metadata={"execution": {"iopub.status.busy": "now"}}
    )
    cell.outputs = [nbformat.v4.new_output("execute_result", data=view, execution_count=7)]
    cell.execution_count = 7
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), cell])
    notebook.metadata = nbformat.from_dict({"widgets": {"state": {}}, "language_info": {"version": "3.11.7"}})
    normalise(notebook)
    assert notebook.metadata == METADATA
    assert (cell.execution_count, cell.outputs[0].execution_count) == (1, 1)
    assert cell.outputs[0].data[VIEW]["model_id"] == "slider-0"
    assert cell.metadata == {}


def test_an_equal_file_is_not_written_again(tmp_path):
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    assert store(notebook, tmp_path / "a.ipynb")
    assert not store(notebook, tmp_path / "a.ipynb")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_utils.cli.notebooks.os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        store(nbformat.v4.new_notebook(), path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.ipynb"]


def test_the_peak_memory_of_a_process_that_ended_is_0():
    assert peak_megabytes(os.getpid()) > 1
    assert peak_megabytes(2**22 + 1) == 0
