"""The same layer in NumPy and in PyTorch on random cases: the value, every gradient, and their number."""

from collections import Counter

import numpy as np
import torch

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def compare(draw, forward, backward, theirs, *, cases):
    """Compare that many random cases; return how many were compared, and how often each condition was met.

    ``draw(rng)`` returns arrays, options and the conditions that the case meets. The first one or two arrays
    are what backward takes after y_bar; the third is the bias, or None.
    """
    seen = Counter()
    for seed in range(cases):
        rng = np.random.default_rng(seed)
        arrays, options, conditions = draw(rng)
        assert_agree(forward, backward, theirs, arrays, options, rng)
        seen.update({"compared", *conditions})
    return seen


def assert_agree(forward, backward, theirs, arrays, options, rng=None):
    """Compare value and gradients of one case, for a random gradient of the value."""
    given = [array for array in arrays if array is not None]
    y = forward(*given, **options)
    with np.errstate(all="ignore"):
        value, y_bar, expected = torchs(theirs, arrays, options, rng or np.random.default_rng(0))
    gradients = backward(y_bar, *given[:2], **options)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    case = f"{[array.shape for array in given]}, {options}"
    for got, wanted in zip([y, *gradients], [value, *expected], strict=True):
        assert isinstance(got, np.ndarray), case
        assert got.dtype == wanted.dtype, case
        assert got.shape == wanted.shape, case
        np.testing.assert_allclose(got, wanted, **CLOSE, err_msg=case)


def torchs(theirs, arrays, options, rng):
    """Return PyTorch's value, a random gradient of it, and the gradients of all arrays and of the bias."""
    tensors = [None if array is None else torch.tensor(array, requires_grad=True) for array in arrays]
    y = theirs(*tensors, **options)
    y_bar = rng.standard_normal(tuple(y.shape)).astype(arrays[0].dtype)
    y.backward(torch.from_numpy(y_bar))
    b_bar = y_bar.sum(axis=(0, *range(2, y_bar.ndim)))
    gradients = [b_bar if tensor is None else tensor.grad.numpy() for tensor in tensors]
    return y.detach().numpy(), y_bar, gradients


def option(rng, values):
    """Return an option as one integer, if that says the same, as a list or as a pair."""
    if len(set(values)) == 1 and rng.random() < 0.7:
        return values[0]
    return tuple(values) if rng.random() < 0.8 else list(values)


def integers(rng, low, high, axes):
    """Draw one integer an axis; three in ten times they are equal."""
    if rng.random() < 0.3:
        return [int(rng.integers(low, high + 1))] * axes
    return [int(value) for value in rng.integers(low, high + 1, axes)]


def draw_channels(rng):
    """Draw the number of groups, and the channels into and out of each; one in five layers is depthwise."""
    groups, into, out = (int(value) for value in rng.integers(1, 4, 3))
    return groups, 1 if rng.random() < 0.2 else into, out


def draw_convolution(axes, rng):
    """Draw the arrays and options of conv1d, conv2d or conv3d."""
    groups, into, out = draw_channels(rng)
    kernels, strides = integers(rng, 1, 5 - axes // 2, axes), integers(rng, 1, 3, axes)
    dilations, paddings = integers(rng, 1, 2, axes), integers(rng, 0, 3, axes)
    padding = option(rng, paddings)
    if rng.random() < 0.15:
        padding, paddings = "valid", [0] * axes
    elif rng.random() < 0.15:
        padding, paddings = "same", [d * (k - 1) // 2 for k, d in zip(kernels, dilations, strict=True)]
        strides = [1] * axes
    sizes = [
        max(1, d * (k - 1) + 1 - 2 * p) + int(rng.integers(0, 6))
        for k, d, p in zip(kernels, dilations, paddings, strict=True)
    ]
    batch = int(rng.integers(1, 4))
    x = rng.standard_normal((batch, groups * into, *sizes))
    W = rng.standard_normal((groups * out, into, *kernels))
    b = rng.standard_normal(groups * out) if rng.random() < 0.5 else None
    options = {
        "stride": option(rng, strides),
        "padding": padding,
        "dilation": option(rng, dilations),
        "groups": groups,
    }
    depthwise = groups > 1 and into == 1
    conditions = {
        *conditions_met(batch, sizes, kernels, strides, dilations),
        *(f"padding {p}" for p in ([] if isinstance(padding, str) else paddings)),
        *([f"padding {padding}"] if isinstance(padding, str) else []),
        *(["even same"] if padding == "same" and any(k % 2 == 0 for k in kernels) else []),
        *(["groups"] if groups > 1 else []),
        *(["depthwise"] if depthwise else []),
        *(["depthwise, several out"] if depthwise and out > 1 else []),
        "no bias" if b is None else "bias",
    }
    return (x, W, b), options, conditions


def conditions_met(batch, sizes, kernels, strides, dilations):
    """Name what a case tries of what every layer has."""
    return {
        *(f"stride {s}" for s in strides),
        *(f"dilation {d}" for d in dilations),
        *(["batch 1"] if batch == 1 else []),
        *(["height != width"] if len(set(sizes)) > 1 else []),
        *(["kernel_height != kernel_width"] if len(set(kernels)) > 1 else []),
        *(["stride differs by axis"] if len(set(strides)) > 1 else []),
        *(["windows overlap"] if any(s < k for s, k in zip(strides, kernels, strict=True)) else []),
    }
