from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import the weak lab so that new processes, which get this one's path, can import it too."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("weak_lab")
