"""Output sizes along one axis, against positions that are counted one by one and against PyTorch."""

from itertools import product

import pytest
import torch
from torch.nn import functional

from course_utils.shapes import (
    conv_output_size,
    conv_transpose_output_size,
    kernel_span,
    padding_pair,
    pool_output_size,
    same_padding,
)


def windows(size, kernel_size, stride, before, after, dilation):
    """Count the starts, stride apart, from which a kernel does not leave the padded input."""
    padded, count, start = before + size + after, 0, 0
    while start + dilation * (kernel_size - 1) < padded:
        count, start = count + 1, start + stride
    return count


def test_convolution_counts_every_window_that_fits():
    grid = product(range(1, 8), range(1, 5), range(1, 4), range(3), range(3), range(1, 3))
    for size, kernel_size, stride, before, after, dilation in grid:
        expected = windows(size, kernel_size, stride, before, after, dilation)
        if expected:
            given = {"stride": stride, "padding": (before, after), "dilation": dilation}
            assert conv_output_size(size, kernel_size, **given) == expected, (size, kernel_size, given)


def test_the_sizes_of_the_decks():
    assert [conv_output_size(7, 3, stride=stride) for stride in (1, 2)] == [5, 3]  # C12
    assert conv_output_size(32, 5) == 28  # C11
    assert conv_output_size(7, 3, stride=3) == 2  # one input is left over
    width, kernel = 10, 4
    assert conv_output_size(width, kernel) == width - kernel + 1  # C10
    assert conv_output_size(7, 3, padding="valid") == 5
    assert conv_output_size(7, 3, padding="same") == 7


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4, 5])
def test_same_padding_stands_where_torch_puts_it(kernel_size, dilation):
    """Kernels with a single 1 show which input each output reads."""
    x = torch.arange(1.0, 8.0)[None, None]
    weights = torch.eye(kernel_size)[:, None]
    same = functional.conv1d(x, weights, padding="same", dilation=dilation)
    before_and_after = same_padding(kernel_size, dilation=dilation)
    by_hand = functional.conv1d(functional.pad(x, before_and_after), weights, dilation=dilation)
    assert torch.equal(same, by_hand)
    assert conv_output_size(7, kernel_size, padding="same", dilation=dilation) == 7
    assert sum(before_and_after) == kernel_span(kernel_size, dilation=dilation) - 1


def test_an_odd_zero_of_same_padding_goes_to_the_end():
    assert same_padding(4) == (1, 2)
    assert same_padding(5) == (2, 2)


def test_padding_may_be_a_number_a_pair_or_a_word():
    given = [3, (1, 2), [1, 2], "valid", "same"]
    assert [padding_pair(padding, 4) for padding in given] == [(3, 3), (1, 2), (1, 2), (0, 0), (1, 2)]


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_pooling_counts_the_windows_of_torch(ceil_mode):
    tried = 0
    for size, kernel_size, stride, padding in product(range(1, 9), range(1, 5), (None, 1, 2, 3), range(3)):
        options = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
        try:
            expected = functional.max_pool1d(torch.ones(1, 1, size), kernel_size, **options).shape[-1]
        except RuntimeError:
            with pytest.raises(ValueError, match=r"take (less padding|a smaller window|a smaller kernel)"):
                pool_output_size(size, kernel_size, **options)
            continue
        tried += 1
        assert pool_output_size(size, kernel_size, **options) == expected, (size, kernel_size, options)
    assert tried > 200


def test_dilated_pooling_counts_the_windows_of_torch():
    for size, stride, ceil_mode in product(range(5, 12), (1, 2, 3), (False, True)):
        options = {"stride": stride, "dilation": 2, "padding": 1, "ceil_mode": ceil_mode}
        expected = functional.max_pool1d(torch.ones(1, 1, size), 3, **options).shape[-1]
        assert pool_output_size(size, 3, **options) == expected


def test_transposed_convolution_has_the_size_of_torch():
    tried = 0
    for size, kernel_size, stride, padding, dilation in product(
        (1, 2, 5), (1, 2, 4), (1, 2, 3), (0, 1), (1, 2)
    ):
        for output_padding in range(max(stride, dilation)):
            options = {
                "stride": stride,
                "padding": padding,
                "dilation": dilation,
                "output_padding": output_padding,
            }
            count = (
                (size - 1) * stride
                - 2 * padding
                + kernel_span(kernel_size, dilation=dilation)
                + output_padding
            )
            if count < 1:
                with pytest.raises(ValueError, match="cuts all outputs off"):
                    conv_transpose_output_size(size, kernel_size, **options)
                continue
            tried += 1
            weights = torch.ones(1, 1, kernel_size)
            expected = functional.conv_transpose1d(torch.ones(1, 1, size), weights, **options).shape[-1]
            assert conv_transpose_output_size(size, kernel_size, **options) == expected == count
    assert tried > 150


def test_a_transposed_convolution_undoes_the_size_of_a_convolution():
    for size, kernel_size, stride, padding in product(range(4, 12), (1, 2, 3), (1, 2, 3), (0, 1)):
        small = conv_output_size(size, kernel_size, stride=stride, padding=padding)
        left_over = (size + 2 * padding - kernel_size) % stride
        options = {"stride": stride, "padding": padding, "output_padding": left_over}
        assert conv_transpose_output_size(small, kernel_size, **options) == size


BAD = {
    "kernel too large": (lambda: conv_output_size(4, 7, padding=1), ValueError, r"covers 7 inputs .* has 6 "),
    "dilated kernel too large": (lambda: conv_output_size(4, 3, dilation=2), ValueError, "covers 5 inputs"),
    "stride 0": (
        lambda: conv_output_size(4, 3, stride=0),
        ValueError,
        "stride=0 but a layer needs at least 1",
    ),
    "stride -1": (lambda: conv_output_size(4, 3, stride=-1), ValueError, "stride=-1 but a layer needs"),
    "stride 1.0": (lambda: conv_output_size(4, 3, stride=1.0), TypeError, "stride must be an integer"),
    "size True": (lambda: conv_output_size(True, 1), TypeError, "size must be an integer, but size=True"),
    "kernel 0": (lambda: conv_output_size(4, 0), ValueError, "kernel_size=0 but a layer needs at least 1"),
    "kernel '3'": (lambda: conv_output_size(4, "3"), TypeError, "kernel_size must be an integer"),
    "dilation 0": (lambda: conv_output_size(4, 3, dilation=0), ValueError, "dilation=0 but a layer needs"),
    "padding -1": (lambda: conv_output_size(4, 3, padding=-1), ValueError, "padding=-1 but .* at least 0"),
    "padding of one end -1": (lambda: conv_output_size(4, 3, padding=(0, -1)), ValueError, "padding=-1 but"),
    "padding of three": (
        lambda: conv_output_size(4, 3, padding=(0, 1, 2)),
        TypeError,
        "padding must be an integer",
    ),
    "padding of a word": (lambda: conv_output_size(4, 3, padding="full"), ValueError, '"valid" or "same"'),
    "same with a stride": (
        lambda: conv_output_size(4, 3, padding="same", stride=2),
        ValueError,
        "only at stride 1, but stride=2",
    ),
    "pooling padded too far": (
        lambda: pool_output_size(9, 3, padding=2),
        ValueError,
        "padding=2 but a pooling window of kernel_size=3 takes at most 1",
    ),
    "window too large": (lambda: pool_output_size(2, 3), ValueError, "covers 3 inputs"),
    "window too large, rounded up": (
        lambda: pool_output_size(2, 9, stride=1, ceil_mode=True),
        ValueError,
        "the window covers 9 inputs but the padded input has 2",
    ),
    "output padding too large": (
        lambda: conv_transpose_output_size(3, 3, stride=2, output_padding=2),
        ValueError,
        "output_padding=2 but it must be smaller than the stride or the dilation",
    ),
    "output padding negative": (
        lambda: conv_transpose_output_size(3, 3, output_padding=-1),
        ValueError,
        "output_padding=-1 but",
    ),
    "nothing left": (lambda: conv_transpose_output_size(1, 2, padding=1), ValueError, "cuts all outputs off"),
}


@pytest.mark.parametrize(("compute", "error", "sentence"), BAD.values(), ids=BAD)
def test_what_makes_no_size_is_refused_in_a_sentence(compute, error, sentence):
    with pytest.raises(error, match=sentence):
        compute()
