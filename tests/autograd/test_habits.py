"""Scripts written once and run with both libraries; expressions of single numbers worked by hand."""

import numpy as np
import pytest
import torch

from course_utils import autograd
from course_utils.autograd import Tensor, cross_entropy
from tests.autograd.against_torch import CLOSE

LIBRARIES = {"torch": torch, "autograd": autograd}


def variable(library, array):
    make = torch.tensor if library is torch else Tensor
    return make(array, requires_grad=True)


def loss_of(library):
    return torch.nn.functional.cross_entropy if library is torch else cross_entropy


def labels_for(library, labels):
    return torch.tensor(labels) if library is torch else labels


def classifier_losses(library, activation, steps=20, dtype=np.float64):
    """Train the usual classifier with two layers; every line of the loop is PyTorch's."""
    rng = np.random.default_rng(3)
    x, t = rng.standard_normal((32, 4)).astype(dtype), rng.integers(0, 3, 32)
    draws = [(4, 8), (8,), (8, 3), (3,)]
    W_1, b_1, W_2, b_2 = [variable(library, rng.standard_normal(s).astype(dtype)) for s in draws]
    x, t = (torch.tensor(x), torch.tensor(t)) if library is torch else (Tensor(x), t)
    losses = []
    for _ in range(steps):
        h = getattr(x @ W_1 + b_1, activation)()
        loss = loss_of(library)(h @ W_2 + b_2, t) + 0.01 * ((W_1**2).sum() + (W_2**2).sum())
        loss.backward()
        with library.no_grad():
            for W in (W_1, b_1, W_2, b_2):
                W -= 0.5 * W.grad
                W.grad = None
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_a_classifier_with_two_layers_learns_as_with_torch(activation):
    ours, theirs = (classifier_losses(library, activation) for library in (autograd, torch))
    np.testing.assert_allclose(ours, theirs, **CLOSE)
    assert ours[-1] < 0.7 * ours[0]


def test_the_same_in_single_precision():
    ours, theirs = (classifier_losses(lib, "tanh", dtype=np.float32) for lib in (autograd, torch))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


def regression(library):
    """Fit a line with the loss from its definition, weight decay and momentum."""
    x = np.linspace(-1, 1, 11).reshape(-1, 1)
    t = 3 * x[:, 0] - 1
    w, b = variable(library, np.zeros(1)), variable(library, np.array(0.0))
    x, t = (torch.tensor(x), torch.tensor(t)) if library is torch else (x, t)
    velocity = [0.0, 0.0]
    for _ in range(60):
        y = x @ w + b
        loss = ((y - t) ** 2).mean() / 2 + 1e-3 * (w * w).sum()
        loss.backward()
        with library.no_grad():
            for place, parameter in enumerate((w, b)):
                velocity[place] = 0.8 * velocity[place] - 0.2 * parameter.grad
                parameter += velocity[place]
                parameter.grad = None
    return loss.item(), float(w.detach().data[0]), b.item()


def test_a_line_is_fitted_as_with_torch():
    ours, theirs = regression(autograd), regression(torch)
    np.testing.assert_allclose(ours, theirs, **CLOSE)
    np.testing.assert_allclose(ours[1:], [3, -1], atol=0.05)


def validation(library):
    """Evaluate between two steps, clip a gradient by its norm, freeze a layer."""
    rng = np.random.default_rng(5)
    W, V = variable(library, rng.standard_normal((3, 3))), variable(library, rng.standard_normal((3, 2)))
    x, labels = rng.standard_normal((6, 3)), labels_for(library, rng.integers(0, 2, 6))
    x = torch.tensor(x) if library is torch else Tensor(x)
    seen = []
    for step in range(6):
        V.requires_grad = step % 2 == 0
        loss = loss_of(library)((x @ W).relu() @ V, labels)
        loss.backward()
        with library.no_grad():
            for parameter in (W, V):
                if parameter.grad is not None:
                    norm = (parameter.grad**2).sum() ** 0.5
                    parameter -= 0.3 * parameter.grad / max(1, float(norm))
                    parameter.grad = None
            h = (x @ W).relu()
            seen.append((h @ V).logsumexp(1).mean().item())
        assert h.requires_grad is False
        assert loss.requires_grad is True
    return seen


def test_freezing_clipping_and_validation_are_torchs():
    np.testing.assert_allclose(validation(autograd), validation(torch), **CLOSE)


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_small_batches_add_up_to_the_whole_batch(library):
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((6, 2)), variable(library, rng.standard_normal((2, 2)))
    t = rng.integers(0, 2, 6)
    x = torch.tensor(x) if library is torch else Tensor(x)
    loss_of(library)(x @ W, labels_for(library, t)).backward()
    whole, W.grad = np.asarray(W.grad), None
    for rows in (slice(0, 3), slice(3, 6)):
        (loss_of(library)(x[rows] @ W, labels_for(library, t[rows])) / 2).backward()
    np.testing.assert_allclose(np.asarray(W.grad), whole, **CLOSE)


def scalar(number):
    return Tensor(number, requires_grad=True)


def test_an_expression_of_single_numbers_by_hand():
    # L = u^2 / v + v e^-u at u = 1, v = 2: u_bar = 2u/v - v e^-u, v_bar = -u^2/v^2 + e^-u
    u, v = scalar(1.0), scalar(2.0)
    L = u**2 / v + v * (-u).exp()
    L.backward()
    np.testing.assert_allclose(L.item(), 0.5 + 2 / np.e)
    np.testing.assert_allclose(u.grad, 1 - 2 / np.e)
    np.testing.assert_allclose(v.grad, -0.25 + 1 / np.e)


def test_every_way_to_write_a_difference_quotient():
    for write in (
        lambda a, b: (a - b) / (a + b),
        lambda a, b: (-b + a) * (b + a) ** -1,
        lambda a, b: 1 - 2 * b / (a + b),
        lambda a, b: 2 * a * (a + b) ** -1.0 + (-1),
    ):
        a, b = scalar(3), scalar(1)
        y = write(a, b)
        y.backward()
        np.testing.assert_allclose([y.item(), a.grad, b.grad], [0.5, 2 / 16, -6 / 16])


def test_a_neuron_of_single_numbers_nudged_downhill():
    x, w, b = (0.5, -1.5), [scalar(0.8), scalar(0.2)], scalar(0.1)

    def loss():
        y = sum((w_i * x_i for w_i, x_i in zip(w, x, strict=True)), b).tanh()
        return (y - 1.0) ** 2

    before = loss()
    before.backward()
    y = np.tanh(0.8 * 0.5 - 0.2 * 1.5 + 0.1)
    z_bar = 2 * (y - 1) * (1 - y**2)
    np.testing.assert_allclose([w[0].grad, w[1].grad, b.grad], [0.5 * z_bar, -1.5 * z_bar, z_bar])
    for parameter in (*w, b):
        parameter.data -= 0.1 * parameter.grad
    assert loss().item() < before.item()


def test_steps_written_as_new_data_work_too():
    w = scalar(2.0)
    for _ in range(3):
        w.grad = None
        (w * w).backward()
        w.data = w.data - 0.25 * w.grad  # halves w; NumPy makes this a number without axes
    assert w.item() == 0.25
    assert repr(w) == "Tensor(0.25, requires_grad=True)"


def test_softmax_and_its_negative_log_likelihood_of_single_numbers():
    z = [scalar(number) for number in (0.5, -1.0, 2.0, 0.0)]
    counts = [each.exp() for each in z]
    total = sum(counts)
    p = [count / total for count in counts]
    loss = -p[1].log()
    loss.backward()
    softmax = np.exp([0.5, -1.0, 2.0, 0.0])
    softmax /= softmax.sum()
    np.testing.assert_allclose([each.item() for each in p], softmax)
    np.testing.assert_allclose(loss.item(), -np.log(softmax[1]))
    np.testing.assert_allclose([each.grad for each in z], softmax - [0, 1, 0, 0], **CLOSE)


def test_softmax_and_its_negative_log_likelihood_of_an_array():
    z = Tensor([0.5, -1.0, 2.0, 0.0], requires_grad=True)
    (-((z.exp() / z.exp().sum())[1]).log()).backward()
    other = Tensor(z.data, requires_grad=True)
    cross_entropy(other, 1).backward()
    np.testing.assert_allclose(z.grad, other.grad, **CLOSE)


@pytest.mark.parametrize("nudge", [1e-5, 1e-6])
def test_a_nudge_of_an_entry_confirms_its_slope(nudge):
    w = Tensor([0.3, -0.7], requires_grad=True)

    def loss():
        return (w.sin() * w.exp()).sum()

    loss().backward()
    low = loss().item()
    w.data[1] += nudge
    np.testing.assert_allclose((loss().item() - low) / nudge, w.grad[1], atol=10 * nudge)
