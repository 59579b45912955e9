"""Every notebook of the course, opened in JupyterLab and run from first to last cell as a student would."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.lab_server import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REPOSITORY = Path(__file__).parents[2]


def find(*patterns: str) -> list[str]:
    paths = [path for pattern in patterns for path in REPOSITORY.glob(pattern)]
    return sorted(path.relative_to(REPOSITORY).as_posix() for path in paths)


NOTEBOOKS = find("start.ipynb", "lectures/*.ipynb")  # labs and solutions: test_lab_notebooks.py
SECONDS = 300
OPEN_TASK = {"NotImplementedError", "TaskOpen"}
SHORTEST_ALT = 20


def alternatives(html: str) -> list[str]:
    images = re.findall(r"<img\b[^>]*>", html)
    found = [re.search(r"""\balt=(["'])(.*?)\1""", image, flags=re.S) for image in images]
    return [match.group(2) if match else "" for match in found]


def unexpected_errors(notebook: str, errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what a lab that is not solved must raise, and cells that say they raise an error."""
    if notebook.startswith("labs/"):
        return [error for error in errors if error["name"] not in OPEN_TASK]
    return [error for error in errors if "raises-exception" not in error["tags"]]


@pytest.mark.parametrize(
    "notebook", NOTEBOOKS or [pytest.param("", marks=pytest.mark.skip("no notebook yet"))]
)
def test_notebook_runs_in_jupyterlab(
    notebook: str, visitor: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    check_in_jupyterlab(notebook, visitor, screenshot)


def check_in_jupyterlab(notebook: str, visitor: Visit, screenshot: Callable[[Page, str], None]) -> None:
    visitor.open(notebook)
    report = visitor.run_all(notebook, seconds=SECONDS)
    screenshot(visitor.page, notebook.replace("/", "_").removesuffix(".ipynb"))
    assert report["cells"] > 0
    assert report["cleared"]
    assert report["notRun"] == 0
    assert bool(report["errors"]) == notebook.startswith("labs/")  # every task of a lab is still open
    assert unexpected_errors(notebook, report["errors"]) == []
    for output in report["html"]:
        texts = alternatives(output["html"])
        assert texts or not output["png"], f"cell {output['cell']} shows a figure without alternative text"
        assert all(len(text) >= SHORTEST_ALT for text in texts), (output["cell"], texts)
    pictures = visitor.in_page("pictures")
    assert [picture for picture in pictures if len(picture["alt"]) < SHORTEST_ALT] == []
    assert [picture for picture in pictures if not picture["drawn"]] == []
    figures = sum(output["png"] for output in report["html"])
    assert len(pictures) >= figures  # every figure reached the page as an image with its words
    assert visitor.external() == []


def test_alternatives_are_found_and_missed() -> None:
    html = (
        """<figure><img alt="A line parts two classes" src="data:,"></figure><img src="x"><img alt='a "b"'>"""
    )
    assert alternatives(html) == ["A line parts two classes", "", 'a "b"']


def test_an_error_is_expected_only_where_a_task_is_open() -> None:
    stub = {"name": "NotImplementedError", "tags": []}
    wrong = {"name": "ValueError", "tags": []}
    tagged = {"name": "ValueError", "tags": ["raises-exception"]}
    assert unexpected_errors("labs/01/01.ipynb", [stub, wrong, tagged]) == [wrong, tagged]
    assert unexpected_errors("lectures/01.ipynb", [stub, wrong, tagged]) == [stub, wrong]
