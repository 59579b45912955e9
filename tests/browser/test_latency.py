"""An explorer answers a key in about the time that the browser needs for any canvas at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from benchmarks import key_to_pixel
from tests.browser.lab_server import Lab

TIMES_THE_FLOOR = 4  # generous: a busy machine slows both, not equally


@pytest.mark.browser
@pytest.mark.slow
def test_key_to_pixel_stays_near_the_floor(browser: Browser, jupyterlab: Lab) -> None:
    found = key_to_pixel.medians(browser, jupyterlab, presses=15)
    for name in key_to_pixel.EXPLORERS:
        assert found[name] < TIMES_THE_FLOOR * found[f"floor beside {name}"], found
