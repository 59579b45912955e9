"""What a student of lab 07 reads: the cause of the mistake; and that the numbers of the checks are right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from curated import ANSWERS, load_answers
from torch.nn import functional

from course_utils.grading.authoring import CheckFailed, Student, expect_close
from course_utils.grading.local import watch
from course_utils.grading.properties import conv_training, pool_shares
from course_utils.grading.properties.conv_connections import connect, count_windows
from course_utils.grading.properties.second_calls import SQUARE, call_or_explain
from course_utils.grading.properties.windows import distinct
from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
LAB = load_lab("07_cnn_backprop")
ANSWER = {
    (answer.task, answer.words): answer.function
    for answer in load_answers(ANSWERS / "lab_07_cnn_backprop.py")
}
FIRST_WINDOW = "cause     where windows overlap, one overwrote the others: add them"
LAST_WINDOW = "cause     where windows overlap, the last one overwrote the others: add them"
EACH_ONCE = "(with arrays of indices, += adds once at each place; np.add.at adds all)"
SQUARE_ONLY = f"cause     {SQUARE}"
CAUSES = {
    (
        "windows",
        "height and width of the kernel exchanged",
    ): "cause     height and width of the kernel are exchanged",
    ("windows", "square kernels only"): "cause     the kernel's height was taken for its width, too",
    ("windows", "padding below and right only"): "cause     only one side is padded: below and right",
    ("windows", "padding above and left only"): "cause     only one side is padded: above and left",
    ("windows", "height and width swapped in each window"): "cause     each window is transposed: ",
    (
        "windows",
        "windows that reach beyond the border are filled up with zeros",
    ): "cause     a window that reaches beyond the border came, too: ",
    ("windows", "the last window is missing"): "cause     the last windows down and across are missing: ",
    (
        "windows",
        "the stride takes pixels away before the windows are laid",
    ): "cause     the stride took pixels away; ",
    (
        "windows",
        "the window's own axes come before its place",
    ): "cause     the axes stand in another order: first the place of the window",
    ("windows_backward", "overwritten, not added, in a loop over the kernel"): FIRST_WINDOW,
    ("windows_backward", "overwritten, not added, in a loop over the windows"): LAST_WINDOW,
    (
        "windows_backward",
        "added through indices with +=, which counts a repeated one once",
    ): f"{LAST_WINDOW} {EACH_ONCE}",
    ("windows_backward", "the stride is ignored on the way back"): "cause     the stride is ignored\n",
    (
        "windows_backward",
        "the padding is cut off above and left only",
    ): "cause     the padding was cut off above and left only\n",
    (
        "windows_backward",
        "the padding is cut off below and right only",
    ): "cause     the padding was cut off below and right only: ",
    ("windows_backward", "steps down and across exchanged"): SQUARE_ONLY,
    (
        "windows_backward",
        "square only: the step down for both ways",
    ): "cause     the step down was taken across, too",
    ("windows_backward", "cut with p:-p, which is empty for 0"): "cause     a slice such as p:-p is empty",
    ("conv2d", "the kernel flipped, as scipy's convolve2d does"): "cause     the kernel was turned round: ",
    (
        "conv2d",
        "height and width swapped: the kernel transposed",
    ): "cause     the kernel was transposed: height and width are exchanged",
    (
        "conv2d",
        "padding of one side only, below and right",
    ): "cause     only one side is padded: below and right",
    ("conv2d", "square kernels only: the height stands for both"): SQUARE_ONLY,
    (
        "conv2d",
        "square kernels only: a loop over the height for both",
    ): "cause     the kernel's height was taken for its width, too",
    ("conv2d", "stride of 2 by default"): "cause     the stride is 2 if it is left out; it is 1",
    ("conv2d", "the stride in the size only"): "cause     the windows are neighbours: ",
    ("kernel_gradients", "flipped once too often"): "cause     it is turned round: W_bar belongs to ",
    ("kernel_gradients", "the stride is ignored on the way back"): "cause     the stride is ignored\n",
    (
        "kernel_gradients",
        "padding of one side only, above and left",
    ): "cause     all the padding stands on one side, above and left",
    ("kernel_gradients", "square kernels only: the height stands for both"): SQUARE_ONLY,
    (
        "input_gradient",
        "the kernel not flipped in the full convolution",
    ): "cause     the kernel lies the wrong way round: ",
    (
        "input_gradient",
        "flipped once too often: the flipped kernel in scipy's convolve2d, which flips too",
    ): "cause     the kernel lies the wrong way round: ",
    ("input_gradient", "square kernels only: the height stands for both"): SQUARE_ONLY,
    (
        "input_gradient",
        "height and width of the kernel exchanged",
    ): "cause     the kernel was transposed: height and width are exchanged",
    (
        "input_gradient",
        "the padding is cut off on one side only",
    ): "cause     the padding was cut off below and right only: ",
    ("input_gradient", "overwritten in a loop over the windows"): LAST_WINDOW,
    ("input_gradient", "the stride is ignored on the way back"): "cause     the stride is ignored\n",
    ("input_gradient", "overlapping windows overwrite each other"): FIRST_WINDOW,
    ("input_gradient", "the border that no window takes is lost"): "cause     the rows and columns that no ",
    (
        "grouped_conv2d",
        "groups ignored: the first channels for all kernels",
    ): "cause     the groups are ignored: every kernel saw the first group's channels",
    (
        "grouped_conv2d",
        "groups ignored: the kernels are repeated over all channels",
    ): "cause     the groups are ignored: every kernel was used for the channels of all groups",
    (
        "grouped_conv2d",
        "groups ignored: the layer of task 3",
    ): "cause     the groups are ignored: the kernels ",
    (
        "grouped_conv2d",
        "every g-th kernel for a group, and the outputs as they come",
    ): "cause     with g groups, every g-th kernel was taken for one; ",
    ("grouped_conv2d", "the outputs joined in turn"): "cause     the outputs were joined in turn; ",
    ("grouped_conv2d", "channels dealt out in turn"): "cause     the channels were dealt out in turn; ",
    ("pool2d", "a running maximum that begins at 0"): "cause     the search for the largest began at 0; ",
    (
        "pool2d",
        "square only: the height stands for both",
    ): "cause     the height was taken for the width, too",
    (
        "pool2d",
        "height and width of the kernel exchanged",
    ): "cause     height and width of the kernel are exchanged",
    ("pool2d", "steps down and across exchanged"): "cause     the steps down and across are exchanged",
    ("pool2d", "the channels are pooled, too"): "cause     the channels were pooled together; ",
    ("max_pool2d_backward", "ties counted twice"): "cause     a tie was counted twice: ",
    ("max_pool2d_backward", "the last in a tie"): "cause     in a tie the last of the largest entries came; ",
    ("max_pool2d_backward", "overlapping pools overwritten at the maximum"): LAST_WINDOW,
    (
        "max_pool2d_backward",
        "overlapping pools overwritten in a loop over the kernel",
    ): "cause     where windows overlap, one overwrote the others",
    (
        "max_pool2d_backward",
        "added through indices with +=, which counts a shared maximum once",
    ): f"{LAST_WINDOW} {EACH_ONCE}",
    (
        "max_pool2d_backward",
        "where x is one of the maxima: repeated with np.kron, side by side only",
    ): "cause     the stride is ignored: each entry met one window only, ",
    (
        "max_pool2d_backward",
        "rows and columns of the window's maximum exchanged",
    ): "cause     row and column of the largest entry are exchanged",
    (
        "max_pool2d_backward",
        "the place of the maximum divided by the height: square windows only",
    ): "cause     the place in the window was divided by its height; ",
    (
        "max_pool2d_backward",
        "the stride is ignored on the way back",
    ): "cause     the stride is ignored on the way back",
    (
        "max_pool2d_backward",
        "the place of the maximum in windows that move by 1 if no stride is given",
    ): "cause     it works if the stride is given: ",
    ("avg_pool2d_backward", "overlapping pools overwritten"): LAST_WINDOW,
    ("avg_pool2d_backward", "overlapping pools overwritten in a loop over the kernel"): FIRST_WINDOW,
    (
        "avg_pool2d_backward",
        "np.kron, and nothing else",
    ): "cause     the windows were taken to lie side by side; ",
    (
        "avg_pool2d_backward",
        "divided by the square of the height: square windows only",
    ): "cause     the share is 1 / height squared; ",
    (
        "avg_pool2d_backward",
        "divided by the height only",
    ): "cause     the share is 1 / height of the kernel; ",
    ("train_step", "the gate of ReLU forgotten"): "cause     the gate of ReLU is missing: ",
    ("train_step", "W_2 moves before it is used on the way back"): "cause     W_2 had moved already when ",
    ("train_step", "only the dense layer moves"): "cause     it did not move\n",
}
LAYERS = (
    ((2, 3, 5, 6), (4, 3, 2, 3), (1, 1), (0, 0), 1),
    ((2, 2, 6, 9), (3, 2, 3, 2), (2, 3), (1, 2), 1),
    ((1, 4, 7, 5), (6, 2, 3, 2), (3, 1), (0, 1), 2),
    ((2, 3, 4, 8), (3, 1, 4, 3), (1, 2), (2, 0), 3),
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), CAUSES)
def test_report_names_the_cause(task: str, words: str, seed: int) -> None:
    assert CAUSES[task, words] in score(task, ANSWER[task, words], seed).report() + "\n"


def score(task: str, function: Any, seed: int) -> Score:
    return score_function(LAB.by_name[task], function, np.random.default_rng(seed))


def test_step_that_is_wrong_in_a_way_of_its_own_sends_to_the_earlier_tasks() -> None:
    right = ANSWER["train_step", "gradients, then a new dict"]

    def train_step(x: Any, t: Any, weights: Any, learning_rate: float = 0.1) -> Any:
        return {name: W + 0.01 for name, W in right(x, t, weights, learning_rate).items()}

    report = score("train_step", train_step, 0).report()
    assert "maybe an earlier task is wrong: check tasks 1 to 9 first" in report


def test_padding_of_one_side_keeps_the_points_of_what_needs_no_padding() -> None:
    for task, of, held in (("windows", 4, 2), ("windows_backward", 5, 3), ("conv2d", 4, 2)):
        words = {
            "windows": "padding below and right only",
            "windows_backward": "the padding is cut off above and left only",
            "conv2d": "padding above and left only",
        }[task]
        found = score(task, ANSWER[task, words], 1)
        assert (found.points, found.of) == (held, of)


@pytest.mark.parametrize(("x_shape", "W_shape", "stride", "padding", "groups"), LAYERS)
def test_connections_give_what_pytorch_gives(
    x_shape: Any, W_shape: Any, stride: Any, padding: Any, groups: int
) -> None:
    rng = np.random.default_rng(4)
    x, W, b = (torch.tensor(rng.normal(size=size)) for size in (x_shape, W_shape, W_shape[0]))
    x.requires_grad_(), W.requires_grad_()
    y = functional.conv2d(x, W, b, stride=stride, padding=padding, groups=groups)
    y_bar = torch.tensor(rng.normal(size=y.shape))
    y.backward(y_bar)
    size = count_windows(x_shape, W_shape[2:], stride, padding)
    layer = connect(x_shape, W_shape, size, stride, padding, groups)
    arrays = [part.detach().numpy() for part in (x, W, b, y_bar)]
    np.testing.assert_allclose(layer.forward(*arrays[:3]), y.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(layer.to_kernels(arrays[3], arrays[0], W_shape), W.grad, atol=1e-12)
    np.testing.assert_allclose(layer.to_input(arrays[3], arrays[1], x_shape), x.grad, atol=1e-12)


@pytest.mark.parametrize(
    ("kernel", "stride"), [((2, 3), (2, 3)), ((3, 2), (1, 1)), ((3, 3), (2, 1)), ((1, 2), (3, 2))]
)
def test_pools_send_back_what_pytorch_sends(kernel: Any, stride: Any) -> None:
    rng = np.random.default_rng(5)
    for values, pool, shares in (
        (distinct(rng, (2, 2, 6, 7)), functional.max_pool2d, pool_shares.first),
        (rng.choice([-1.5, -0.5], size=(2, 2, 6, 7)), functional.max_pool2d, pool_shares.first),
        (distinct(rng, (2, 2, 6, 7)), functional.avg_pool2d, pool_shares.even),
    ):
        x = torch.tensor(values, requires_grad=True)
        y = pool(x, kernel, stride)
        y_bar = rng.normal(size=y.shape)
        y.backward(torch.tensor(y_bar))
        got = pool_shares.send_back(y_bar, values, kernel, stride, shares)
        np.testing.assert_allclose(got, x.grad, atol=1e-12)


def test_gradients_of_the_network_are_those_of_pytorch() -> None:
    (x, t), weights = conv_training._draw(np.random.default_rng(6))
    leaves = {name: torch.tensor(W, requires_grad=True) for name, W in weights.items()}
    h = functional.relu(functional.conv2d(torch.tensor(x), leaves["W_1"], leaves["b_1"], padding=1))
    y = functional.linear(functional.max_pool2d(h, 2).flatten(1), leaves["W_2"], leaves["b_2"])
    functional.cross_entropy(y, torch.tensor(t)).backward()
    for name, bar in conv_training._gradients(weights, (x, t)).items():
        np.testing.assert_allclose(bar, leaves[name].grad, atol=1e-12)


def watched(function: Any) -> Student:
    return watch("task", ("x",), 1, function)


def double_small(x: float) -> float:
    if x > 1:
        raise ValueError("too large")
    return 2 * x


def forget_to_return(x: float) -> None:
    assert x


def test_second_call_names_the_cause_of_an_error_and_leaves_what_was_given() -> None:
    student = watched(double_small)
    shows = {
        "too clever": lambda: expect_close(student(0.5), 3.0),
        "large numbers fail": lambda: expect_close(student(0.5), 1.0),
    }
    with pytest.raises(
        CheckFailed, match=r"(?s)raised ValueError: too large.*\ncause     large numbers fail$"
    ):
        call_or_explain(student, 2.0, shows=shows)
    assert student.given == {"x": 2.0}


def test_second_call_is_silent_where_it_shows_nothing_or_no_error_was_raised() -> None:
    student, asked = watched(double_small), []
    assert call_or_explain(student, 0.5, shows={"no": lambda: asked.append("no error")}) == 1.0
    with pytest.raises(CheckFailed) as failed:
        call_or_explain(student, 2.0, shows={"no": lambda: expect_close(student(3.0), 6.0)})
    assert "cause" not in str(failed.value)
    with pytest.raises(CheckFailed, match="returned None"):
        call_or_explain(watched(forget_to_return), 2.0, shows={"no": lambda: asked.append("no error")})
    assert not asked
