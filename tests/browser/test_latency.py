"""An explorer answers a key in about the time that the browser needs for any canvas at all."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from jupyterlab_server import Lab
from playwright.sync_api import Browser

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "key_to_pixel.py"
TIMES_THE_FLOOR = 4  # generous: a busy machine slows both, not equally


@pytest.mark.browser
@pytest.mark.slow
def test_key_to_pixel_stays_near_the_floor(browser: Browser, jupyterlab: Lab) -> None:
    spec = importlib.util.spec_from_file_location("key_to_pixel", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    found = benchmark.medians(browser, jupyterlab, presses=15)
    for name in benchmark.EXPLORERS:
        assert found[name] < TIMES_THE_FLOOR * found[f"floor beside {name}"], found
