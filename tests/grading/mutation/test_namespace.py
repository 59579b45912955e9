"""What a task's function needs is taken from the notebook; nothing is shown, drawn or checked on the way."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.grading.mutation.namespace import task_codes


def notebook(weak: Any, *cells: tuple[str, str]) -> Any:
    """Build a notebook from (kind, text): "given", "solution" or "test"."""
    made = [new_markdown_cell("# Lab")]
    for number, (kind, text) in enumerate(cells):
        metadata = {} if kind == "given" else weak.graded(f"cell_{number}", solution=kind == "solution")
        made.append(new_code_cell(text, metadata=metadata))
    return new_notebook(cells=made)


def test_a_solution_may_call_given_definitions_and_other_solutions(weak: Any) -> None:
    codes = task_codes(
        notebook(
            weak,
            ("given", "import math\nfrom math import pi as circle\nLIMIT = 3"),
            ("given", "def given(x):\n    return min(x, LIMIT)"),
            ("solution", "def one(x):\n    return given(x) + math.floor(circle)"),
            ("test", "check('one', one)"),
            ("solution", "def two(x):\n    return 10 * one(x)"),
            ("test", "check('two', two)"),
        )
    )
    assert codes["two"].build()(5) == 60
    assert codes["one"].cell.startswith("def one")
    assert codes["two"].build("def two(x):\n    return one(x) - 1")(5) == 5
    assert codes["one"].build("def one(x):\n    return 0")(5) == 0
    assert codes["two"].build()(5) == 60


def test_nothing_is_shown_imported_or_checked_that_no_definition_needs(weak: Any, capsys: Any) -> None:
    codes = task_codes(
        notebook(
            weak,
            ("given", "%matplotlib inline\nimport os"),
            ("given", "import no_such_library\nprint('shown')"),
            ("given", "x = 1 / 0\nno_such_library.show(one(x))"),
            ("solution", "def one(x):\n    return x"),
            ("test", "check('one', one)\n1 / 0"),
        )
    )
    assert codes["one"].build()(4) == 4
    assert capsys.readouterr().out == ""
    assert codes["one"].pieces == ("def one(x):\n    return x",)


def test_what_is_handed_to_the_check_may_be_an_expression(weak: Any) -> None:
    cells = [("solution", "class Unit:\n    def output(self, x):\n        return x + 1")]
    codes = task_codes(notebook(weak, *cells, ("test", "check('output', Unit().output)")))
    assert codes["output"].build()(1) == 2


def test_a_check_without_a_solution_above_it_is_no_task(weak: Any) -> None:
    assert task_codes(notebook(weak, ("test", "check('one', one)"))) == {}
