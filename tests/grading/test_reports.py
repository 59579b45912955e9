# ruff: noqa: ARG005 (a wrong function may well ignore its arguments)
"""What a student reads, for each way in which a function can be wrong."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from curated import ANSWERS, load_answers

from course_utils.grading.authoring import (
    CheckFailed,
    Lab,
    Student,
    Task,
    TaskOpen,
    expect_array,
    expect_close,
)
from course_utils.grading.selfcheck import Checker, load_lab
from course_utils.grading.tasks import Score, score_function

RNG = np.random.Generator


def multiplies(student: Student, rng: RNG) -> None:
    """Multiplies the inputs by the weights."""
    x, W = rng.normal(size=(4, 3)), rng.normal(size=(2, 3))
    expect_close(student(x, W, b=np.zeros(2)), np.einsum("bi,oi->bo", x, W), what="z")


def adds_the_bias(student: Student, rng: RNG) -> None:
    """Adds the bias to every output."""
    x, W, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    want = np.einsum("bi,oi->bo", x, W) + b
    expect_close(student(x, W, b), want, what="z", causes={"the bias was not added": want - b})


def keeps_floats(student: Student, rng: RNG) -> None:
    """Gives floating-point numbers."""
    expect_array(student(np.ones((1, 3)), np.ones((2, 3)), np.ones(2)), shape=(1, 2), kind="f")


LAB = Lab(
    "90_small",
    tasks=(
        Task(
            "dense", ("x", "W", "b"), points=3, checks=(multiplies, adds_the_bias, keeps_floats), seconds=0.5
        ),
    ),
)
check = Checker(LAB)


def fails(function: Any) -> str:
    with pytest.raises(CheckFailed) as caught:
        check("dense", function)
    return str(caught.value)


def dense(x: Any, W: Any, b: Any) -> Any:
    return x @ W.T + b


def no_bias(x: Any, W: Any, b: Any) -> Any:
    return x @ W.T


def prints(x: Any, W: Any, b: Any) -> None:
    print("the answer is", 42)


def in_place(x: Any, W: Any, b: Any) -> Any:
    z = x @ W.T + b
    b += 1
    return z


def raises(x: Any, W: Any, b: Any) -> Any:
    return x.transpose_it() + b


def helper(x: Any) -> Any:
    raise NotImplementedError("write your code here")


def stub(x: Any, W: Any, b: Any) -> Any:
    raise NotImplementedError("write your code here")


def uses_open_helper(x: Any, W: Any, b: Any) -> Any:
    return helper(x)


def generates(x: Any, W: Any, b: Any) -> Any:
    yield x


async def awaits(x: Any, W: Any, b: Any) -> Any:
    return x


def test_right_answer_prints_one_line_and_returns_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("dense", dense) is None
    assert capsys.readouterr().out == "[ok] dense: right (3 properties hold)\n"


def test_report_has_the_property_the_values_the_cause_and_all_ticks() -> None:
    report = fails(no_bias)
    lines = report.splitlines()
    assert lines[0] == "dense fails: adds the bias to every output"
    assert "given     x = array of shape (4, 3), float64" in lines
    assert "expected  z, array of shape (4, 2), float64" in lines
    assert "came      array of shape (4, 2), float64" in lines
    assert "          b = array of shape (2,), float64: [" in report
    assert "differs   at [0, 0]: " in report
    assert "(8 of 8 entries differ)" in report
    assert "cause     the bias was not added" in lines
    assert lines[-3:] == [
        "[ok] multiplies the inputs by the weights",
        "[no] adds the bias to every output",
        "[ok] gives floating-point numbers",
    ]


def test_report_is_the_same_each_time() -> None:
    assert fails(no_bias) == fails(no_bias)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda x, W, b: None, "dense returned None: it has no `return`"),
        (prints, "dense printed its result in place of returning it: write `return`, not `print`"),
        (prints, "printed   the answer is 42"),
        (in_place, "dense changed its argument b in place: work on a copy"),
        (raises, "dense raised AttributeError: 'numpy.ndarray' object has no attribute 'transpose_it'"),
        (raises, "of your code: return x.transpose_it() + b"),
        (
            lambda x, W, b: x @ W,
            "dense raised ValueError: the matrix product cannot be taken: the last axis of the first array "
            "(size 3) must be as long as the second-last axis of the second array, or its only one (size 2); "
            "print both shapes\ngiven ",
        ),
        (lambda x, W, b: x @ np.ones(4), "array, or its only one (size 4); print both shapes\ngiven "),
        (
            lambda x, W, b: x @ 2.0,
            "the matrix product cannot be taken: the second of the two is a number or None, not an array; "
            "to multiply by a number, write *\ngiven ",
        ),
        (lambda x, W, b: x @ print(), "cannot be taken: the second of the two is a number or None"),
        (lambda x, W, b: W[0, 0] @ x, "cannot be taken: the first of the two is a number or None"),
        (lambda x, W, b: np.dot(x, W), "dense raised ValueError: shapes (4,3) and (2,3) not aligned"),
        (lambda x, W, b: sys.exit(3), "dense raised SystemExit: 3"),
        (lambda x, W, b: {}[1], "dense raised KeyError: 1"),
        (lambda x, W, *, b: x, "has the wrong arguments (too many positional arguments)"),
        (lambda x, W: x, "expected dense(x, W, b)"),
        (lambda x, W, b, c: x, "has the wrong arguments (missing a required argument: 'c')"),
        (lambda x: x, "has the wrong arguments (too many positional arguments)"),
        (np.ones(3), "is no function but: array of shape (3,), float64; write check('dense', dense)"),
        (generates, "dense is no plain function: write `def` without `async`"),
        (awaits, "dense is no plain function: write `def` without `async`"),
        (
            lambda x, W, b: dense(x, W, b).tolist(),
            "its type: list of length 4 came, an array of shape (4, 2)",
        ),
        (lambda x, W, b: "z", "its type: str came, an array of shape (4, 2) was expected"),
        (lambda x, W, b: dense(x, W, b).T, "its shape: (2, 4) came, (4, 2) was expected"),
        (lambda x, W, b: dense(x, W, b).T, "cause     the result is transposed"),
        (lambda x, W, b: -dense(x, W, b), "cause     the sign is turned round"),
        (lambda x, W, b: 2 * dense(x, W, b), "cause     every entry is twice what it should be"),
        (lambda x, W, b: dense(x, W, b) / 2, "cause     every entry is half of what it should be"),
        (lambda x, W, b: 0 * dense(x, W, b), "cause     every entry is zero"),
        (lambda x, W, b: dense(x, W, b) * np.nan, "cause     there are NaN in it"),
        (lambda x, W, b: dense(x, W, b) + 0j, "its dtype: complex128 came, real numbers were expected"),
        (
            lambda x, W, b: np.ma.masked_array(dense(x, W, b)),
            "its type: MaskedArray of shape (4, 2), float64",
        ),
        (
            lambda x, W, b: np.log(-np.abs(x @ W.T)),
            "warning   RuntimeWarning: invalid value encountered in log",
        ),
        (lambda x, W, b: x + helper, "dense raised TypeError: unsupported operand"),
    ],
)
def test_each_mistake_has_its_sentence(function: Callable[..., Any], sentence: str) -> None:
    report = fails(function)
    assert sentence in report
    assert "Traceback" not in report
    assert " at 0x" not in report


def test_wrong_signature_shows_no_inputs() -> None:
    assert "given" not in fails(lambda x: x)


def test_function_that_never_ends_is_stopped_and_said_so() -> None:
    def forever(x: Any, W: Any, b: Any) -> Any:
        while True:
            pass

    report = fails(forever)
    assert (
        "dense did not end within 0.5 seconds: look for a loop whose condition never becomes false, "
        "or work that is repeated for every value\n" in report
    )
    assert report.count("[no]") == 3


def test_properties_after_the_time_is_over_are_not_tried() -> None:
    calls = []

    def slow_second_time(x: Any, W: Any, b: Any) -> Any:
        calls.append(1)
        while len(calls) == 2:
            pass
        return dense(x, W, b)

    report = fails(slow_second_time)
    assert len(calls) == 2
    ticks = [line[:4] for line in report.splitlines()[-3:]]
    assert ticks == ["[ok]", "[no]", "[no]"]


def test_long_arrays_are_summarised_and_long_prints_cut() -> None:
    def shows(student: Student, rng: RNG) -> None:
        """Sums."""
        expect_close(student(np.ones((50, 40))), 1.0)

    short = Checker(Lab("91", (Task("total", ("x",), checks=(shows,)),)))
    with pytest.raises(CheckFailed) as caught:
        short("total", lambda x: 2.5)
    assert "given     x = array of shape (50, 40), float64\nexpected  the result, 1\ncame      2.5" in str(
        caught.value
    )
    with pytest.raises(CheckFailed) as caught:
        short("total", lambda x: print("y" * 100_000))
    assert len(str(caught.value)) < 1000


def test_untouched_stub_is_open_not_wrong() -> None:
    with pytest.raises(
        TaskOpen, match=r"Task 'dense' is open: replace the `raise NotImplementedError` in the"
    ):
        check("dense", stub)


def test_open_function_that_another_one_calls_is_named() -> None:
    with pytest.raises(TaskOpen, match="Task 'dense' calls helper, which is open: write helper first"):
        check("dense", uses_open_helper)


def test_task_open_is_a_not_implemented_error_and_check_failed_an_assertion_error() -> None:
    assert issubclass(TaskOpen, NotImplementedError)
    assert issubclass(CheckFailed, AssertionError)


def test_jupyter_shows_the_report_without_a_traceback() -> None:
    with pytest.raises(CheckFailed) as caught:
        check("dense", no_bias)
    assert caught.value._render_traceback_() == str(caught.value).splitlines()


@pytest.mark.parametrize(
    "function", [functools.partial(dense), np.vectorize(dense, signature="(n,i),(o,i),(o)->(n,o)")]
)
def test_callables_without_a_signature_of_their_own_are_accepted(function: Any) -> None:
    assert check("dense", function) is None


def test_single_precision_counts_as_right_and_half_precision_does_not() -> None:
    assert check("dense", lambda x, W, b: dense(x, W, b).astype(np.float32)) is None
    assert "differs" in fails(lambda x, W, b: dense(x, W, b).astype(np.float16))


def test_honest_prints_and_warnings_leave_the_cell_clean(capfd: pytest.CaptureFixture[str]) -> None:
    def chatty(x: Any, W: Any, b: Any) -> Any:
        print("working")
        print("on it", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return dense(x, W, b)

    check("dense", chatty)
    captured = capfd.readouterr()
    assert captured.out == "[ok] dense: right (3 properties hold)\n"
    assert captured.err == ""


def test_result_that_a_check_cannot_use_is_the_students_failure() -> None:
    def adds(student: Student, rng: RNG) -> None:
        """Is a number."""
        expect_close(student(1.0) + 1, 2.0)

    with pytest.raises(CheckFailed, match=r"the check could not use what one returned \(TypeError: "):
        Checker(Lab("91", (Task("one", ("x",), checks=(adds,)),)))("one", lambda x: "text")


def test_students_own_interrupt_still_interrupts() -> None:
    def interrupted(x: Any, W: Any, b: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("dense", interrupted)


LAB_01 = {
    ("weighted_sum", "only the last product is kept"): "only the last product came",
    ("weighted_sum", "ReLU applied"): "a ReLU was applied",
    ("weighted_sum", "the logistic function applied"): "the logistic function was applied",
    ("logistic", "cut off at 30"): "right but for tiny h: do not cut z off",
    ("logistic", "the absolute value everywhere"): "came, which is right for z >= 0 only",
    ("logistic", "the form for z below 0 everywhere"): "came, which is right for z <= 0 only",
    ("logistic", "float32 for every float"): "h has dtype float32, expected float64",
    ("activation_slope", "slope 1/2 at the corner"): "the slope is 0 here, not 1/2",
    ("activation_slope", "z is squared, not tanh of z"): "z was squared, not h",
    ("dense", "ReLU applied"): "a ReLU was applied",
    ("dense", "always float32"): "z has dtype float32, expected float64",
    ("two_layer", "the probability of the other class"): "1 - p came",
    ("two_layer", "a softmax over the batch"): "a softmax over the batch came",
    ("two_layer", "the second bias is added after the logistic"): "b_2 was added after the logistic",
    ("most_exciting", "each image is centred first"): "each image was centred",
    ("most_exciting", "scaled to length 1, as in the lecture"): "each image was scaled to length 1",
    ("most_exciting", "only images with a positive sum"): "only images with a positive sum came",
    ("most_exciting", "the largest ones, but not sorted"): "but not sorted by their sums",
    ("most_exciting", "the pixels of several images mixed"): "mixes the images' pixels",
    ("most_exciting", "the images multiplied by the weights"): "the images came multiplied by the weights",
    ("most_exciting", "the largest again and again, with 0 for those that are taken"): "again and again",
    ("zero_minus_one", "a bias far too large"): "z is never negative; lower the bias, or choose",
    ("zero_minus_one", "a ReLU around the sum"): "z is never negative; return the sum itself",
    ("zero_minus_one", "a probability"): "z is never negative; return the sum itself",
    ("zero_minus_one", "a product of two sums"): "your function is no weighted sum plus a bias",
}
WRONG_01 = {
    (answer.task, answer.words): answer.function
    for answer in load_answers(ANSWERS / "lab_01_neurons.py")
    if not answer.is_right
}


def score_of_lab_01(task: str, function: Any, seed: int = 0) -> Score:
    return score_function(load_lab("01_neurons").by_name[task], function, np.random.default_rng(seed))


@pytest.mark.parametrize(("task", "words"), LAB_01, ids=str)
def test_plausible_mistake_of_lab_01_is_named(task: str, words: str) -> None:
    for seed in (0, 1, 2):
        assert LAB_01[task, words] in score_of_lab_01(task, WRONG_01[task, words], seed).report()


@pytest.mark.parametrize(
    "words",
    [
        "the first bias is forgotten",
        "the second bias is forgotten",
        "the second bias is forgotten in classification",
        "the second bias is added after the logistic",
        "the probability of the other class",
        "labels in place of probabilities",
        "the goal is ignored",
    ],
)
def test_one_mistake_in_two_layers_costs_one_property(words: str) -> None:
    for seed in (0, 1, 2):
        assert score_of_lab_01("two_layer", WRONG_01["two_layer", words], seed).points == 3
