"""Tensors and networks among the plain values of the checks, and their spoiled copies among the mutants."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.grading.failures import CheckFailed
from course_utils.grading.local import watch
from course_utils.grading.mutation.outputs import CHANGED, VALUES, Spoil, spoil_part
from course_utils.grading.properties.torch_values import (
    expect_network,
    expect_number,
    expect_tensor,
    scores_of,
)
from course_utils.grading.tensors import as_array, as_tensor, is_network, is_tensor
from course_utils.grading.values import copy_value, describe, is_same


def test_nothing_is_a_tensor_where_pytorch_is_not_in_memory() -> None:
    script = (
        "import sys; from course_utils.grading import tensors, values; "
        "print(tensors.is_tensor(1), tensors.is_network(1), values.describe([1]), 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "False False [1] False\n"


def test_tensors_and_networks_are_told_apart() -> None:
    layer = nn.Linear(2, 3)
    assert [is_tensor(value) for value in (torch.ones(2), layer.weight, layer, np.ones(2))] == [
        True,
        True,
        False,
        False,
    ]
    assert [is_network(value) for value in (layer, nn.Linear, torch.ones(2))] == [True, False, False]


def test_copy_of_a_tensor_shares_no_memory() -> None:
    given = {"x": [torch.zeros(3)]}
    copied = copy_value(given)
    copied["x"][0] += 1
    assert given["x"][0].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (torch.tensor([1.0, float("nan")]), True),
        (torch.tensor([1.0, 2.0]), False),
        (torch.tensor([[1.0, float("nan")]]), False),
        (torch.tensor([1.0, float("nan")], dtype=torch.float64), False),
        (torch.tensor([1.0, float("nan")], requires_grad=True), False),
        (np.array([1.0, np.nan], dtype=np.float32), False),
    ],
)
def test_tensors_are_the_same_in_dtype_shape_and_every_entry(other: object, same: bool) -> None:
    assert is_same(torch.tensor([1.0, float("nan")]), other) is same


def test_description_of_a_tensor_and_of_a_network() -> None:
    assert describe(torch.tensor([1, 2])) == "tensor of shape (2,), int64: [1, 2]"
    assert describe(torch.zeros(9, 9)) == "tensor of shape (9, 9), float32"
    assert describe(nn.Tanh()) == "a network of type Tanh"


def test_numbers_of_a_tensor_with_a_gradient_and_of_a_half_precision_one() -> None:
    assert as_array(nn.Parameter(torch.ones(2))).tolist() == [1, 1]
    assert as_array(torch.ones(2, dtype=torch.bfloat16)).dtype == np.float32
    array = np.ones(2)
    tensor = as_tensor(array)
    array[:] = 0
    assert tensor.tolist() == [1, 1]


def test_change_of_a_tensor_in_place_is_noticed() -> None:
    def double(x: torch.Tensor) -> torch.Tensor:
        x *= 2
        return x

    with pytest.raises(CheckFailed, match="double changed its argument x in place"):
        watch("double", ("x",), 10, double)(torch.ones(2))


def test_tensor_is_spoiled_as_an_array_is() -> None:
    spoiled = spoil_part((torch.tensor([1.0, 2.0]), 3), 0, VALUES["doubled"])
    assert is_tensor(spoiled[0])
    assert spoiled[0].tolist() == [2, 4]
    assert spoil_part(torch.tensor(1.0), None, VALUES["negated"]).item() == -1


def test_tensor_that_was_given_is_set_to_zero() -> None:
    x = torch.ones(2)
    Spoil(CHANGED, "x").wrap(lambda x: len(x), ("x",))(x)
    assert x.tolist() == [0, 0]


def test_value_of_another_kind_is_refused_in_words() -> None:
    with pytest.raises(CheckFailed, match=r"the table is no tensor but: list of length 1"):
        expect_tensor([1], what="the table")
    with pytest.raises(CheckFailed, match=r"the table has shape \(2,\), expected \(3,\)"):
        expect_tensor(torch.ones(2), shape=(3,), what="the table")
    with pytest.raises(
        CheckFailed, match=r"the loss must be a number, but a tensor of shape \(\), float32 came"
    ):
        expect_number(torch.tensor(1.0), "the loss")
    with pytest.raises(CheckFailed, match=r"the loss must be a number, bool came"):
        expect_number(True, "the loss")
    with pytest.raises(CheckFailed, match=r"is the class Tanh, not a network: call it, Tanh\(\)"):
        expect_network(nn.Tanh)
    with pytest.raises(CheckFailed, match=r"must be a network, an nn\.Module; int came"):
        expect_network(1)


def test_network_that_fails_or_never_ends_is_reported() -> None:
    class Slow(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            while len(x):
                pass
            return x

    x = np.zeros((2, 4), dtype=np.float32)
    student = watch("build", (), 1, lambda: None)
    with pytest.raises(CheckFailed, match="the network raised RuntimeError: mat1 and mat2 shapes"):
        scores_of(student, nn.Linear(3, 10), x)
    student.left = 0.2
    with pytest.raises(CheckFailed, match="the network did not end within 1 seconds"):
        scores_of(student, Slow(), x)
    assert student.left == 0
