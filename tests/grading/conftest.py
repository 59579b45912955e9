from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

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


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the curated answers came to, task by task; the numbers come with the tests' reports."""
    rows: dict[str, list[int]] = {}
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for key, value in getattr(report, "user_properties", ()):
            if key == "curated":
                task, is_right, accepted = value
                row = rows.setdefault(task, [0, 0, 0, 0])
                row[2 * is_right] += accepted == is_right
                row[2 * is_right + 1] += 1
    if rows:
        terminalreporter.section("report: graders proven by curated answers")
        for task, (rejected, wrong, accepted, right) in sorted(rows.items()):
            line = f"wrong rejected {rejected:>2} of {wrong:>2}   right accepted {accepted:>2} of {right:>2}"
            terminalreporter.write_line(f"{task:<40} {line}")
        totals = [sum(column) for column in zip(*rows.values(), strict=True)]
        rejected, wrong, accepted, right = totals
        line = f"wrong rejected {rejected:>2} of {wrong:>2}   right accepted {accepted:>2} of {right:>2}"
        terminalreporter.write_line(f"{'all tasks':<40} {line}")


@pytest.fixture(autouse=True)
def _no_grading_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NBGRADER_EXECUTION", "COURSE_GRADING_SEED"):
        monkeypatch.delenv(name, raising=False)
