"""Softmax cross-entropy against PyTorch, with labels and with probabilities."""

import numpy as np
import pytest
import torch

from course_utils.autograd import Tensor, cross_entropy
from tests.autograd.against_torch import CLOSE, assert_agree


def positive(shape):
    return np.random.default_rng(0).uniform(0.5, 2.0, shape)


def test_indexing_with_a_label_picks_the_probability_of_the_target():
    logits, labels = positive((4, 3)), np.array([0, 2, 1, 1])
    w = Tensor(logits, requires_grad=True)
    picked = (w - w.logsumexp(1, True))[np.arange(4), labels]
    (-picked.mean()).backward()
    by_name = Tensor(logits, requires_grad=True)
    cross_entropy(by_name, labels).backward()
    np.testing.assert_allclose(w.grad, by_name.grad, **CLOSE)


@pytest.mark.parametrize("scale", [1, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "labels"),
    [((4, 3), np.array([0, 2, 1, 1])), ((4, 3), [2, 2, 0, 1]), ((1, 1), [0]), ((3,), 2), ((3,), np.array(0))],
)
def test_cross_entropy_with_labels_is_torchs(shape, labels, dtype, scale):
    logits = (scale * np.random.default_rng(0).standard_normal(shape)).astype(dtype)
    tolerance = CLOSE if dtype == np.float64 else {"rtol": 1e-4, "atol": 1e-5}
    target = torch.tensor(np.asarray(labels))
    assert_agree(
        lambda z: cross_entropy(z, labels),
        lambda z: torch.nn.functional.cross_entropy(z, target),
        [logits],
        np.random.default_rng(0),
        **tolerance,
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(4, 3), (1, 2), (3,)])
def test_cross_entropy_with_probabilities_is_torchs(shape, dtype):
    rng = np.random.default_rng(0)
    t = rng.dirichlet(np.ones(shape[-1]), shape[:-1])  # float64 also beside float32 logits
    tolerance = CLOSE if dtype == np.float64 else {"rtol": 1e-4, "atol": 1e-5}
    target = torch.tensor(t.astype(dtype))
    assert_agree(
        lambda z: cross_entropy(z, t),
        lambda z: torch.nn.functional.cross_entropy(z, target),
        [rng.standard_normal(shape).astype(dtype)],
        rng,
        **tolerance,
    )


def test_cross_entropy_prices_its_targets_too_where_they_are_a_tensor():
    rng = np.random.default_rng(0)
    z, t = rng.standard_normal((4, 3)), rng.dirichlet(np.ones(3), 4)
    assert_agree(cross_entropy, torch.nn.functional.cross_entropy, [z, t], rng)


def test_softmax_minus_target_is_the_gradient_of_cross_entropy():
    z = Tensor([[0.0, np.log(2), np.log(5)]], requires_grad=True)  # so that the softmax is 1/8, 2/8, 5/8
    L = cross_entropy(z, [1])
    L.backward()
    np.testing.assert_allclose(L.item(), np.log(4))
    np.testing.assert_allclose(z.grad, [[0.125, -0.75, 0.625]])
