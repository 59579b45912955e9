"""Spoiled results keep shape, type and dtype, and have wrong values; arguments and first results too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.grading.mutation.namespace import TaskCode
from course_utils.grading.mutation.outputs import CHANGED, ITEMS, STALE, VALUES, Spoil, spoils
from course_utils.grading.mutation.trials import probe
from course_utils.grading.student import Student
from course_utils.grading.tasks import Task
from course_utils.grading.values import is_same

X = np.array([[1.5, -2.0], [3.0, 0.1]])
SPOILED = {
    "zeros": [[0, 0], [0, 0]],
    "ones": [[1, 1], [1, 1]],
    "doubled": [[3, -4], [6, 0.2]],
    "0.01 too large": [[1.51, -1.99], [3.01, 0.11]],
    "a relative error of 1e-3": [[1.5015, -2.002], [3.003, 0.1001]],
    "reversed along the first axis": [[3.0, 0.1], [1.5, -2.0]],
    "NaN in the first entry": [[np.nan, -2.0], [3.0, 0.1]],
    "NaN in every entry": [[np.nan, np.nan], [np.nan, np.nan]],
    "negated": [[-1.5, 2.0], [-3.0, -0.1]],
    "rounded to float16": [[1.5, -2.0], [3.0, float(np.float16(0.1))]],
    "the first entry everywhere": [[1.5, 1.5], [1.5, 1.5]],
    "the last entry zero": [[1.5, -2.0], [3.0, 0.0]],
    "the last entry 1 too large": [[1.5, -2.0], [3.0, 1.1]],
}


def spoiled(value: Any, kind: str, part: Any = None) -> Any:
    return Spoil(kind, part).wrap(lambda: value, ())()


@pytest.mark.parametrize("kind", SPOILED)
def test_arrays(kind: str) -> None:
    got = spoiled(X.copy(), kind)
    np.testing.assert_allclose(got, SPOILED[kind], rtol=1e-12, equal_nan=True)
    assert (got.shape, got.dtype) == (X.shape, X.dtype)


def test_every_kind_of_value_is_among_those_tried() -> None:
    assert set(SPOILED) | {"1 too large"} == set(VALUES)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8, np.bool_])
@pytest.mark.parametrize("kind", VALUES)
def test_shape_and_dtype_stay(kind: str, dtype: Any) -> None:
    for shape in ((3,), (2, 2), (), (0,)):
        given = np.ones(shape, dtype)
        got = spoiled(given, kind)
        assert (type(got), got.shape, got.dtype) == (np.ndarray, shape, dtype)


@pytest.mark.parametrize(
    ("value", "kind", "wanted"),
    [
        (1.5, "doubled", 3.0),
        (1.5, "negated", -1.5),
        (3, "1 too large", 4),
        (3, "zeros", 0),
        (True, "negated", False),
        (False, "ones", True),
        (np.float32(0.5), "doubled", np.float32(1.0)),
        (np.int64(5), "negated", np.int64(-5)),
        ("text", "zeros", "text"),
    ],
)
def test_numbers_truth_values_and_texts(value: Any, kind: str, wanted: Any) -> None:
    assert is_same(spoiled(value, kind), wanted)


def test_all_parts_or_one_of_them() -> None:
    pair = (np.ones(2), [3.0, np.ones(1)])
    assert is_same(spoiled(pair, "doubled"), (np.full(2, 2.0), [6.0, np.full(1, 2.0)]))
    assert is_same(spoiled(pair, "doubled", 1), (np.ones(2), [6.0, np.full(1, 2.0)]))
    assert is_same(spoiled({"W": 1.0, "b": 2.0}, "negated", "b"), {"W": 1.0, "b": -2.0})
    assert is_same(spoiled({"W": 1.0, "b": 2.0}, "negated"), {"W": -1.0, "b": -2.0})
    assert is_same(spoiled(1.0, "negated", 1), 1.0)


def test_items_of_lists_and_dicts() -> None:
    assert spoiled(["a", "b", "c"], "the items in reverse order") == ["c", "b", "a"]
    assert spoiled(["a", "b", "c"], "the last item left out") == ["a", "b"]
    assert spoiled(("a", "b"), "the first item twice") == ("a", "a", "b")
    assert spoiled({"a": 1, "b": 2}, "the last item left out") == {"a": 1}
    assert spoiled(1.0, "the last item left out") == 1.0
    assert len(ITEMS) == 3


def test_an_argument_is_set_to_zero_after_the_call() -> None:
    x, layers = np.ones(2), [(np.ones((2, 2)), np.ones(2))]
    function = Spoil(CHANGED, "layers").wrap(lambda x, layers: x + layers[0][1], ("x", "layers"))
    np.testing.assert_array_equal(function(x, layers), [2, 2])
    assert (x == 1).all()
    assert not layers[0][0].any()
    assert not layers[0][1].any()
    named = np.ones(3)
    assert Spoil(CHANGED, "x").wrap(lambda x: x.sum(), ("x",))(x=named) == 3
    assert not named.any()


def test_the_first_result_stays_for_ever() -> None:
    function = Spoil(STALE).wrap(lambda x: x * 2, ("x",))
    first = function(np.ones(2))
    first[:] = 7
    np.testing.assert_array_equal(function(np.full(2, 5.0)), [2, 2])


def test_descriptions() -> None:
    assert Spoil("zeros").description == "result: zeros"
    assert Spoil("zeros", 1).description == "result[1]: zeros"
    assert Spoil("zeros", "W").description == "result['W']: zeros"
    assert Spoil(CHANGED, "x").description == "argument x: set to zero after the call"
    assert Spoil(STALE).description == "result: the result of the first call for ever"


def test_parts_are_those_of_every_result_and_few() -> None:
    def parts(*results: Any) -> set[Any]:
        return {spoil.part for spoil in spoils(list(results), ())} - {None}

    assert parts((1.0, 2.0), (3.0, 4.0)) == {0, 1}
    assert parts([1.0, 2.0], [3.0, 4.0, 5.0]) == set()
    assert parts(list(range(1000))) == set()
    assert parts({"W": 1.0, "b": 2.0}) == {"W", "b"}
    assert parts((1.0,)) == set()
    assert parts(1.0) == set()


def test_what_changes_nothing_or_the_same_is_no_mutant_of_its_own() -> None:
    def asks(student: Student, rng: np.random.Generator) -> None:
        """asks once"""
        student(3.0)

    task = Task("triple", ("x",), checks=(asks,))
    names = [
        s.description
        for s in probe(TaskCode(("def triple(x): return 3.0 * x",), 0, "triple"), task, (0,)).spoils
    ]
    assert "result: zeros" in names
    assert "result: the last entry zero" not in names  # zeros, for a number
    assert "result: reversed along the first axis" not in names
    assert "argument x: set to zero after the call" not in names
    assert "result: the result of the first call for ever" not in names
