"""Every lab, and some solutions, in JupyterLab, as in test_notebooks.py; its own module for a second worker.

nbval executes all solutions; that such a page runs in a browser too, every fourth of them shows.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.lab_server import Visit
from tests.browser.test_notebooks import check_in_jupyterlab, find

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOLUTIONS = find("solutions/*/*.ipynb")
NOTEBOOKS = [*find("labs/*/*.ipynb"), *SOLUTIONS[::4]]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_lab_runs_in_jupyterlab(
    notebook: str, visitor: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    check_in_jupyterlab(notebook, visitor, screenshot)


def test_every_solution_has_a_lab_that_is_opened() -> None:
    opened = {notebook.split("/")[1] for notebook in NOTEBOOKS if notebook.startswith("labs/")}
    assert opened == {notebook.split("/")[1] for notebook in SOLUTIONS} != set()
