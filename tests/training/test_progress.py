"""Progress is seen while it lasts, leaves nothing behind, and costs nothing when nobody looks."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils.training import progress, train
from course_utils.training.progress import Silent, progress_bar
from tests.training.small import CPU, batches, plain

CELLS = """
import torch
from course_utils.training import Hardware, train
torch.set_num_threads(1)
torch.manual_seed(0)
model = torch.nn.Linear(20, 4)
x = torch.randn(64, 20)
---
history = train(model, torch.optim.SGD(model.parameters(), lr=0.1), (x, torch.arange(64) % 4), epochs=2,
                hardware=Hardware(device="cpu"))
print(history.ending)
---
try:
    train(model, torch.optim.SGD(model.parameters(), lr=1), (x * torch.nan, torch.arange(64) % 4), epochs=9,
          hardware=Hardware(device="cpu"))
except ArithmeticError as error:
    print(str(error)[:11])
"""


def test_in_a_terminal_a_bar_is_shown_and_goes_away(capsys):
    model, optimizer = plain()
    train(model, optimizer, batches(), epochs=3, hardware=CPU)
    out, err = capsys.readouterr()
    assert out == ""
    assert "0/21" in err
    assert "step" in err
    frames = err.split("\r")
    assert frames[-1] == ""
    assert frames[-2].strip() == ""  # the line is blank again
    assert "\n" not in err


def test_a_bar_counts_from_where_a_run_goes_on_and_shows_the_latest_numbers(capsys):
    with progress_bar(10, done=4, shown=True) as bar:
        assert (bar.total, bar.n, bar.leave) == (10, 4, False)
        bar.mininterval = 0
        bar.update()
        bar.set_postfix({"train_loss": "0.5"})
        assert (bar.n, bar.postfix) == (5, "train_loss=0.5")
    assert "train_loss=0.5" in capsys.readouterr().err
    assert bar.disable


def test_a_bar_goes_away_after_an_error_too(capsys):
    with pytest.raises(KeyError, match="mine"), progress_bar(10, done=0, shown=True):
        raise KeyError("mine")
    assert capsys.readouterr().err.split("\r")[-2].strip() == ""


def test_nothing_is_made_when_nobody_looks(monkeypatch, capsys):
    def made(*_, **__):
        pytest.fail("a bar was made")

    monkeypatch.setattr(progress, "tqdm", made)
    with progress_bar(10, done=0, shown=False) as bar:
        assert isinstance(bar, Silent)
        assert bar.update() is bar.set_postfix({"train_loss": "1"}) is None
    model, optimizer = plain()
    train(model, optimizer, batches(), epochs=1, hardware=CPU, progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_no_lock_is_made_when_nobody_looks():
    code = (
        "import multiprocessing, multiprocessing.synchronize as s, torch\n"
        "def refuse(*_, **__): raise SystemExit('a lock was made')\n"
        "s.SemLock.__init__ = refuse\n"
        "from course_utils.training import Hardware, train\n"
        "m = torch.nn.Linear(2, 2)\n"
        "o = torch.optim.SGD(m.parameters(), lr=0.1)\n"
        "data = torch.zeros(8, 2), torch.zeros(8, dtype=int)\n"
        "options = {'epochs': 1, 'hardware': Hardware(device='cpu')}\n"
        "print(train(m, o, data, progress=False, **options).epochs)\n"
        "multiprocessing.RLock()\n"  # the trap works
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.returncode) == ("1\n", 1)
    assert "a lock was made" in done.stderr


@pytest.mark.slow
def test_in_a_notebook_nothing_is_left_and_nbval_agrees(tmp_path):
    cells = [nbformat.v4.new_code_cell(text.strip()) for text in CELLS.split("---")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    messages = []

    class Watching(NotebookClient):
        def process_message(self, message, cell, index):
            messages.append(message)
            return super().process_message(message, cell, index)

    Watching(notebook, timeout=120, kernel_name="python3").execute()
    shown = [each["content"] for each in messages if each["msg_type"] == "display_data"]
    assert len(shown) == 2  # a bar for each run, as a widget alone
    assert all(list(each["data"]) == [progress.VIEW] for each in shown)
    texts = [
        ["".join(output.get("text", "")) or output.get("data", {}) for output in cell.outputs]
        for cell in notebook.cells
    ]
    assert texts == [[], [{}, "all 2 epochs were done\n"], [{}, "the loss is\n"]]
    path = tmp_path / "stored.ipynb"
    nbformat.write(notebook, path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "-c", os.devnull, path],
        capture_output=True, text=True, timeout=200, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
