"""JupyterLab and Chromium for the tests of this folder; loud skips where one of them is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lab_server import Lab, Visit, launch, missing, serve, visit

REPOSITORY = Path(__file__).parents[2]
SERVED = ("lectures", "labs", "solutions", "start.ipynb", "README.md")


@pytest.fixture(scope="session")
def machine_ready() -> None:
    lacking = missing()
    if lacking:
        pytest.skip(f"BROWSER TESTS NOT RUN: {lacking}")


@pytest.fixture(scope="session")
def jupyterlab(machine_ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("course")
    for name in SERVED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(
                source, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
            )
        elif source.is_file():
            shutil.copy2(source, root / name)
    with serve(root, tmp_path_factory.mktemp("home")) as lab:
        yield lab


@pytest.fixture(scope="session")
def browser(machine_ready: None) -> Iterator[Browser]:
    with launch() as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, jupyterlab: Lab) -> Iterator[Visit]:
    with visit(browser, jupyterlab) as seen:
        yield seen


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    folder = os.environ.get("COURSE_SCREENSHOTS")

    def save(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return save
