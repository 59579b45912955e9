from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _load(name: str) -> None:
    """Make a module of this folder importable by its bare name (pytest runs with --import-mode=importlib)."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)


for _name in ("curated", "small_lab"):
    _load(_name)


@pytest.fixture(autouse=True)
def _no_grading_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NBGRADER_EXECUTION", "COURSE_GRADING_SEED"):
        monkeypatch.delenv(name, raising=False)
