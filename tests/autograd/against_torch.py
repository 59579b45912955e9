"""The same computation with the engine and with PyTorch, and whether value and gradients agree."""

import numpy as np
import torch

from course_utils.autograd import Tensor

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def leaves(arrays, library):
    make = torch.tensor if library is torch else Tensor
    return [make(array, requires_grad=True) for array in arrays]


def value_and_gradients(function, arrays, y_bar):
    """Return the engine's value and its gradients for all arrays."""
    tensors = leaves(arrays, None)
    y = function(*tensors)
    y.backward(y_bar)
    return y.data, [tensor.grad for tensor in tensors]


def torchs_value_and_gradients(function, arrays, y_bar):
    """Return PyTorch's; a gradient that it leaves out is zero."""
    tensors = leaves(arrays, torch)
    y = function(*tensors)
    if y.requires_grad:
        y.backward(torch.tensor(y_bar))
    gradients = [torch.zeros_like(each) if each.grad is None else each.grad for each in tensors]
    return y.detach().numpy(), [gradient.numpy() for gradient in gradients]


def assert_agree(ours, theirs, arrays, rng, **tolerance):
    """Compare value and every gradient, for a random gradient of the value."""
    arrays = [np.asarray(array) for array in arrays]
    y_bar = np.asarray(rng.standard_normal(ours(*leaves(arrays, None)).shape), dtype=arrays[0].dtype)
    value, gradients = value_and_gradients(ours, arrays, y_bar)
    expected_value, expected = torchs_value_and_gradients(theirs, arrays, y_bar)
    tolerance = tolerance or CLOSE
    for got, wanted in zip([value, *gradients], [expected_value, *expected], strict=True):
        assert isinstance(got, np.ndarray)
        assert got.shape == wanted.shape
        assert got.dtype == arrays[0].dtype
        np.testing.assert_allclose(got, wanted, **tolerance)
    for gradient, array in zip(gradients, arrays, strict=True):
        assert gradient.shape == array.shape
