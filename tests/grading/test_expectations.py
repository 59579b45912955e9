from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.grading.authoring import CheckFailed, expect, expect_array, expect_close, expect_equal


def message(function: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(CheckFailed) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def test_condition_that_holds_passes_and_its_sentence_is_shown_otherwise() -> None:
    expect(True, "never shown")
    expect(np.bool_(True), "never shown")
    assert message(expect, False, "p adds up to 0.9, expected 1") == "p adds up to 0.9, expected 1"


@pytest.mark.parametrize("condition", [1, "yes", np.nan, np.array([True])])
def test_condition_that_is_no_truth_value_fails(condition: Any) -> None:
    assert message(expect, condition, "no") == "no"


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (3, 3),
        (np.int64(3), 3),
        ("a", "a"),
        (True, np.bool_(True)),
        ((1, 2), (1, np.int32(2))),
        ({"a": [1]}, {"a": [1]}),
        (np.array([1, 2]), np.array([1, 2])),
    ],
)
def test_equal_values_pass(got: Any, want: Any) -> None:
    expect_equal(got, want)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (3, 4),
        (3.0, 3),
        (True, 1),
        ([1, 2], (1, 2)),
        ((1, 2), (1, 2, 3)),
        ({"a": 1}, {"b": 1}),
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([1, 2]), np.array([1, 2, 3])),
        ([1, 2], np.array([1, 2])),
        (None, 0),
    ],
)
def test_unequal_values_fail(got: Any, want: Any) -> None:
    assert message(expect_equal, got, want).startswith(
        "the result is not what was expected\nexpected  the result, "
    )


def test_unequal_value_with_a_known_cause_is_explained() -> None:
    text = message(expect_equal, 4, 5, what="units", causes={"the output unit was not counted": 4})
    assert text.splitlines() == [
        "units is not what was expected",
        "expected  units, 5",
        "came      4",
        "cause     the output unit was not counted",
    ]


def test_array_of_the_right_shape_and_kind_is_handed_back() -> None:
    x = np.ones((2, 3), np.float32)
    assert expect_array(x, shape=(2, 3), kind="f") is x
    assert expect_array(x, kind="float32") is x


@pytest.mark.parametrize(
    ("got", "options", "sentence"),
    [
        ([1.0], {}, "h is no NumPy array but: list of length 1"),
        (np.float64(1), {}, "h is no NumPy array but: number, float64"),
        (np.ones((2, 3)), {"shape": (3, 2)}, "h has shape (2, 3), expected (3, 2)"),
        (np.ones(2, int), {"kind": "f"}, "h has dtype int64, expected floating point numbers"),
        (np.ones(2), {"kind": "float32"}, "h has dtype float64, expected float32"),
    ],
)
def test_other_array_is_refused(got: Any, options: dict[str, Any], sentence: str) -> None:
    assert message(expect_array, got, what="h", **options) == sentence


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-9])),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.array([True, False]), np.array([1.0, 0.0])),
        (np.float64(1.5), 1.5),
        (np.array(1.5), 1.5),
        (2, 2.0),
        (np.array([np.inf]), np.array([np.inf])),
        ((np.ones(2), 3.0), (np.ones(2), 3.0)),
        ([np.ones(2), 3.0], (np.ones(2), 3.0)),
        (np.array([1.0, 1e-3], np.float32) * np.float32(1 + 5e-5), np.array([1.0, 1e-3])),
    ],
)
def test_close_values_pass(got: Any, want: Any) -> None:
    expect_close(got, want)


@pytest.mark.parametrize(
    ("got", "want", "sentence"),
    [
        (
            np.array([1.0, 2.1]),
            np.array([1.0, 2.0]),
            "at [1]: 2.1 came, 2 was expected (1 of 2 entries differ)",
        ),
        (np.array([1.0]), np.array([1.00001]), "at [0]: 1 came, 1.00001 was expected"),
        (np.array([np.nan]), np.array([1.0]), "at [0]: nan came, 1 was expected"),
        (np.nan, 1.0, "nan came, 1 was expected"),
        (np.array([-np.inf]), np.array([np.inf]), "at [0]: -inf came, inf was expected"),
        (True, 1.0, "its type: bool came, a number was expected"),
        ("1", 1.0, "its type: str came, a number was expected"),
        (np.array([1.0]), 1.0, "its shape: (1,) came, () was expected"),
        (1.0, np.ones(1), "its type: float came, an array of shape (1,) was expected"),
        (np.array(["a"]), np.ones(1), "its dtype: <U1 came, real numbers were expected"),
        (np.array(1j), 1.0, "its dtype: complex128 came"),
        (np.ones(2, np.float16) * np.float16(0.1), np.full(2, 0.1), "(2 of 2 entries differ)"),
        (np.array([1.01], np.float32), np.array([1.0]), "at [0]: 1.01 came, 1 was expected"),
    ],
)
def test_other_values_fail(got: Any, want: Any, sentence: str) -> None:
    assert f"differs   {sentence}" in message(expect_close, got, want) or sentence in message(
        expect_close, got, want
    )


def test_tuple_is_compared_part_by_part_and_the_wrong_part_named() -> None:
    want = (np.ones(2), np.zeros(3))
    text = message(expect_close, (np.ones(2), np.ones(3)), want, what=("W_bar", "b_bar"))
    assert text.startswith("b_bar is not what was expected\n")
    assert message(expect_close, np.ones(2), want, what="z").startswith(
        "a tuple (z[0], z[1]) was expected, array of"
    )
    assert "2 results (x, y) were expected, 1 came" in message(expect_close, (1.0,), want, what=("x", "y"))


def test_cause_is_found_though_the_shape_is_wrong() -> None:
    text = message(expect_close, np.ones(2), np.ones((2, 1)), causes={"an axis was lost": np.ones(2)})
    assert text.splitlines()[-1] == "cause     an axis was lost"


def test_no_cause_is_named_where_none_matches() -> None:
    text = message(
        expect_close, np.array([3.0, 1.0]), np.array([1.0, 2.0]), causes={"a": np.ones(2), "b": 3.0}
    )
    assert "cause" not in text


def test_expected_value_that_is_nan_is_the_checks_fault() -> None:
    with pytest.raises(ValueError, match="the expected value of z is NaN: the check itself is wrong"):
        expect_close(np.ones(2), np.array([1.0, np.nan]), what="z")


def test_result_with_one_axis_is_never_called_transposed() -> None:
    want = np.array([1.0, 2.0])
    assert "cause" not in message(expect_close, want * (1 + 1e-5), want)
    wide = np.array([[1.0, 2.0, 3.0]])
    assert message(expect_close, wide.T, wide).splitlines()[-1] == "cause     the result is transposed"


def test_usual_cause_that_what_is_right_would_have_as_well_is_not_named() -> None:
    symmetric = np.array([[1.0, 2.0], [2.0, 1.0]])
    assert "cause" not in message(expect_close, symmetric * (1 + 1e-5), symmetric)
    assert "cause" not in message(expect_close, np.zeros(2), np.full(2, 5e-9), atol=1e-12)
