"""Curated answers: each file of `tests/grading/answers/` holds wrong and right functions for a lab's tasks.

    from curated import right, wrong   # found by way of tests/grading/conftest.py
    LAB = "01_neurons"
    @wrong("dense", "the bias is not added")      # rejected for every seed
    def dense(x, W, b): return x @ W.T            # several functions of a file may have the same name
    @right("dense", "loops")                      # full points for every seed

At least five wrong and two right ones for each graded task; `test_answers.py` runs them and prints the table.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).parent / "answers"
SECONDS = 1.0  # for wrong answers, some of which never end

Function = Callable[..., Any]


@dataclasses.dataclass(frozen=True)
class Answer:
    lab: str
    task: str
    words: str
    is_right: bool
    function: Function

    def __str__(self) -> str:
        return f"{self.lab}: {self.task}: {'right' if self.is_right else 'wrong'}: {self.words}"


_collected: list[Answer] = []


def right(task: str, words: str) -> Callable[[Function], Function]:
    return _register(task, words, True)


def wrong(task: str, words: str) -> Callable[[Function], Function]:
    return _register(task, words, False)


def _register(task: str, words: str, is_right: bool) -> Callable[[Function], Function]:
    def keep(function: Function) -> Function:
        _collected.append(Answer("", task, words, is_right, function))
        return function

    return keep


def load_answers(path: Path) -> list[Answer]:
    """Run one file of answers and return what it registered, in its order."""
    _collected.clear()
    spec = importlib.util.spec_from_file_location(f"answers_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return [dataclasses.replace(answer, lab=module.LAB) for answer in _collected]


def files() -> list[Path]:
    return sorted(path for path in ANSWERS.glob("*.py") if path.name != "__init__.py")
