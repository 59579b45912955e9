"""What a student of lab 07 reads: the cause of the mistake; and that the numbers of the checks are right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from curated import ANSWERS, load_answers
from torch.nn import functional

from course_utils.grading.properties import conv_training, pool_gradients
from course_utils.grading.properties.conv_connections import connect, count_windows
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
CAUSES = {
    (
        "windows",
        "height and width of the kernel exchanged",
    ): "cause     height and width of the kernel are exchanged",
    ("windows", "square kernels only"): "cause     the kernel's height was taken for its width, too",
    ("windows", "padding below and right only"): "cause     only one side is padded: below and right",
    (
        "windows",
        "the window's own axes come before its place",
    ): "cause     the axes stand in another order: first the place of the window",
    ("windows_backward", "overwritten, not added, in a loop over the kernel"): FIRST_WINDOW,
    ("windows_backward", "overwritten, not added, in a loop over the windows"): LAST_WINDOW,
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
    ("conv2d", "the stride in the size only"): "cause     the windows are neighbours: ",
    ("kernel_gradients", "flipped once too often"): "cause     it is turned round: W_bar belongs to ",
    ("kernel_gradients", "the stride is ignored on the way back"): "cause     the stride is ignored\n",
    (
        "input_gradient",
        "the kernel not flipped in the full convolution",
    ): "cause     the kernel is turned round: ",
    (
        "input_gradient",
        "flipped once too often: the flipped kernel in scipy's convolve2d, which flips too",
    ): "cause     the kernel is turned round: ",
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
    ("grouped_conv2d", "channels dealt out in turn"): "cause     the channels were dealt out in turn; ",
    ("pool2d", "a running maximum that begins at 0"): "cause     the search for the largest began at 0; ",
    ("max_pool2d_backward", "ties counted twice"): "cause     a tie was counted twice: ",
    ("max_pool2d_backward", "the last in a tie"): "cause     in a tie the last of the largest entries came; ",
    ("max_pool2d_backward", "overlapping pools overwritten at the maximum"): LAST_WINDOW,
    ("avg_pool2d_backward", "overlapping pools overwritten"): LAST_WINDOW,
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
        (distinct(rng, (2, 2, 6, 7)), functional.max_pool2d, pool_gradients._first),
        (rng.choice([-1.5, -0.5], size=(2, 2, 6, 7)), functional.max_pool2d, pool_gradients._first),
        (distinct(rng, (2, 2, 6, 7)), functional.avg_pool2d, pool_gradients._even),
    ):
        x = torch.tensor(values, requires_grad=True)
        y = pool(x, kernel, stride)
        y_bar = rng.normal(size=y.shape)
        y.backward(torch.tensor(y_bar))
        got = pool_gradients._send_back(y_bar, values, kernel, stride, shares)
        np.testing.assert_allclose(got, x.grad, atol=1e-12)


def test_gradients_of_the_network_are_those_of_pytorch() -> None:
    (x, t), weights = conv_training._draw(np.random.default_rng(6))
    leaves = {name: torch.tensor(W, requires_grad=True) for name, W in weights.items()}
    h = functional.relu(functional.conv2d(torch.tensor(x), leaves["W_1"], leaves["b_1"], padding=1))
    y = functional.linear(functional.max_pool2d(h, 2).flatten(1), leaves["W_2"], leaves["b_2"])
    functional.cross_entropy(y, torch.tensor(t)).backward()
    for name, bar in conv_training._gradients(weights, (x, t)).items():
        np.testing.assert_allclose(bar, leaves[name].grad, atol=1e-12)
