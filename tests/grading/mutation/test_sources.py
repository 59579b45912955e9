"""Mutants of a cell: each once, none the reference, only where a student writes, in any order."""

from __future__ import annotations

import ast
import random

import pytest

from course_utils.grading.mutation import sources
from course_utils.grading.mutation.sources import source_mutants

CELL = '''def centred(x, axis=0):
    """Return x - mean.

    x: shape (batch, inputs).
    """
    given = 1 + 1
    ### BEGIN SOLUTION
    if axis > 5:
        raise ValueError("axis must be " + "small")
    mean = x.mean(axis=axis) * 4 / 4
    return x - mean
    ### END SOLUTION'''


def test_no_two_have_the_same_code_and_none_the_references() -> None:
    codes = [mutant.code for mutant in source_mutants(CELL)]
    assert len(codes) > 30
    assert len(set(codes)) == len(codes)
    tree = ast.parse(CELL)
    tree.body[0].body.pop(0)
    assert ast.unparse(tree) not in codes


def test_no_two_have_the_same_description() -> None:
    names = [mutant.description for mutant in source_mutants(CELL)]
    assert len(set(names)) == len(names)


def test_only_what_the_student_writes_is_changed() -> None:
    for mutant in source_mutants(CELL):
        assert "given = 1 + 1" in mutant.code or mutant.description.startswith("body -> ")


def test_what_an_error_says_is_left_alone() -> None:
    for mutant in source_mutants(CELL):
        assert "'axis must be ' + 'small'" in mutant.code or "ValueError" not in mutant.code


def test_lines_are_counted_from_the_first_of_the_solution() -> None:
    assert "line 1: axis > 5 -> axis >= 5" in [mutant.description for mutant in source_mutants(CELL)]
    without = "\n".join(line for line in CELL.splitlines() if "###" not in line)
    assert "line 7: axis > 5 -> axis >= 5" in [mutant.description for mutant in source_mutants(without)]


def test_the_docstring_changes_no_description() -> None:
    other = CELL.replace("    x: shape (batch, inputs).\n", "    x: any shape.\n    y: nothing.\n")
    assert [m.description for m in source_mutants(other)] == [m.description for m in source_mutants(CELL)]


def test_the_order_of_the_operators_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = source_mutants(CELL)
    edits = list(sources.EDITS)
    random.Random(3).shuffle(edits)
    monkeypatch.setattr(sources, "EDITS", tuple(edits))
    assert source_mutants(CELL) == first


def test_descriptions_that_would_be_alike_show_more_of_the_line() -> None:
    names = [m.description for m in source_mutants("def f(w):\n    w[3:5, 3:5] = 7\n    return w")]
    assert "line 2: (3:5, 3:5) -> (4:5, 3:5)" in names
    assert "line 2: (3:5, 3:5) -> (3:5, 4:5)" in names
    names = [m.description for m in source_mutants("def f(w):\n    return g(1, 1) + g(1, 1)")]
    assert "line 2: g(1, 1) + g(1, 1) -> g(2, 1) + g(1, 1)" in names
    assert "line 2: g(1, 1) + g(1, 1) -> g(1, 1) + g(2, 1)" in names


def test_descriptions_that_would_be_alike_to_the_end_tell_the_column() -> None:
    names = [m.description for m in source_mutants("def f(w):\n    w = w + 1; w = w + 1\n    return w")]
    assert {f"line 2: w = w + 1 -> pass (column {column})" for column in (4, 15)} <= set(names)


def test_methods_and_functions_inside_are_changed_too() -> None:
    names = [
        m.description
        for m in source_mutants("class Unit:\n    def output(self, x=1):\n        return self.w * x")
    ]
    assert "line 3: self.w * x -> self.w / x" in names
    assert "signature: (self, x=1) -> (self, x=2)" in names
    assert "line 3: self.w * x -> x" in names
