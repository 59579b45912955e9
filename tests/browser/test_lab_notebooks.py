"""Every lab and its solution in JupyterLab, as in test_notebooks.py; its own module for a second worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.lab_server import Visit
from tests.browser.test_notebooks import check_in_jupyterlab, find

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOTEBOOKS = find("labs/*/*.ipynb", "solutions/*/*.ipynb")


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_lab_runs_in_jupyterlab(
    notebook: str, visitor: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    check_in_jupyterlab(notebook, visitor, screenshot)


def test_there_are_labs_and_their_solutions() -> None:
    names = [
        {notebook.split("/")[1] for notebook in NOTEBOOKS if notebook.startswith(kind)}
        for kind in ("labs", "sol")
    ]
    assert names[0] == names[1] != set()
