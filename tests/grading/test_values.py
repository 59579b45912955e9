from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.grading.values import copy_value, describe, is_same, name_type


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (np.bool_(False), "False"),
        (3, "3"),
        (np.int64(-3), "-3"),
        (10**50, "a very large integer"),
        (1 / 3, "0.3333"),
        (np.float32(0.5), "0.5"),
        ("relu", "'relu'"),
        ("x" * 500, "text of 500 characters"),
        ([1, 2.5], "[1, 2.5]"),
        ((1, "a"), "(1, 'a')"),
        (np.array([0.12345, 2.0]), "array of shape (2,), float64: [0.1235, 2.    ]"),
        (np.array(2.0), "array of shape (), float64: 2."),
        (np.eye(2), "array of shape (2, 2), float64\n[[1., 0.],\n [0., 1.]]"),
        (np.zeros((6, 6)), "array of shape (6, 6), float64"),
        (np.array([object()]), "array of shape (1,), object"),
        ({"a": 1.0}, "{a: 1}"),
        ((1000,), "(1000,)"),
        ([("conv", (3, 5)), ("pool", None)], "[('conv', (3, 5)), ('pool', None)]"),
        (
            [(i, i) for i in range(40)],
            "list of length 40\n" + "\n".join(f"[{i}] ({i}, {i})" for i in range(8)) + "\n...",
        ),
        ([np.zeros(1)], "list of length 1\n[0] array of shape (1,), float64: [0.]"),
        (object(), "an object of type object"),
    ],
)
def test_description(value: Any, text: str) -> None:
    assert describe(value) == text


def test_long_containers_are_cut() -> None:
    text = describe([np.zeros(1)] * 20)
    assert text.splitlines()[-1] == "..."
    assert len(text.splitlines()) == 10


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (np.ma.masked_array([1.0]), "MaskedArray of shape (1,), float64"),
        (np.float32(1), "number, float32"),
        ((1, 2), "tuple of length 2"),
        (None, "None"),
        (print, "builtin_function_or_method"),
    ],
)
def test_name_of_a_type(value: Any, name: str) -> None:
    assert name_type(value) == name


def test_copy_shares_nothing() -> None:
    value = {"W": [np.zeros(2), (np.ones(1), "text", 1.0)]}
    copied = copy_value(value)
    assert is_same(value, copied)
    copied["W"][0][0] = 5
    copied["W"][1][0][0] = 5
    assert value["W"][0][0] == 0
    assert value["W"][1][0][0] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
        (float("nan"), float("nan")),
        ([1, (2, "a")], [1, (2, "a")]),
        ({"a": np.zeros(2)}, {"a": np.zeros(2)}),
        (np.array(["a"]), np.array(["a"])),
    ],
)
def test_same_values(one: Any, other: Any) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), np.zeros(2, np.float32)),
        (np.zeros(2), np.array([0.0, 1.0])),
        ([1], [1, 2]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ("a", "b"),
    ],
)
def test_different_values(one: Any, other: Any) -> None:
    assert not is_same(one, other)
