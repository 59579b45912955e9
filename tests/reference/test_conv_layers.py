"""conv1d, conv2d and conv3d against PyTorch, on random cases and at the corners."""

from functools import partial

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_utils.checks import assert_gradients_match
from course_utils.reference import conv1d, conv2d, conv2d_backward, conv3d, convolve, geometry, im2col
from tests.reference import against_torch
from tests.reference.against_torch import assert_agree
from tests.reference.layer_examples import EXAMPLES

LAYERS = {
    name: (example.forward, example.backward, getattr(functional, name))
    for name, example in EXAMPLES.items()
    if name in ("conv1d", "conv2d", "conv3d")
}
OFTEN = {
    *(f"stride {s}" for s in (1, 2, 3)),
    *(f"padding {p}" for p in (0, 1, 2, 3, "same", "valid")),
    *("dilation 1", "dilation 2", "batch 1", "groups", "depthwise", "depthwise, several out"),
    *("bias", "no bias", "even same", "windows overlap"),
}
WITH_AXES = {"height != width", "kernel_height != kernel_width", "stride differs by axis"}


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize(("name", "cases"), [("conv1d", 250), ("conv2d", 600), ("conv3d", 250)])
def test_values_and_all_gradients_are_those_of_torch(name, cases):
    axes = int(name[4])
    seen = against_torch.compare(partial(against_torch.draw_convolution, axes), *LAYERS[name], cases=cases)
    assert seen["compared"] == cases
    assert min(seen[condition] for condition in OFTEN | (WITH_AXES if axes > 1 else set())) >= 8, seen


def test_the_issue_asks_for_five_hundred_cases_and_conv2d_alone_has_them():
    """The draws do not repeat each other: as many different cases as are compared."""
    drawn = set()
    for seed in range(600):
        arrays, options, _ = against_torch.draw_convolution(2, np.random.default_rng(seed))
        drawn.add((str([None if array is None else array.shape for array in arrays]), str(options)))
    assert len(drawn) >= 500


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_are_those_of_central_differences(name):
    example = EXAMPLES[name]
    forward, backward = (
        partial(example.forward, **example.options),
        partial(example.backward, **example.options),
    )
    assert_gradients_match(
        forward,
        lambda y_bar, *arrays: backward(y_bar, *arrays[:2]),
        *example.arrays(),
        rng=np.random.default_rng(0),
        tolerance=1e-5,
    )


CORNERS = {
    "a kernel as large as the image": ((1, 1, 4, 5), (2, 1, 4, 5), {}),
    "a kernel as large as the padded image": ((1, 1, 1, 2), (2, 1, 3, 6), {"padding": (1, 2)}),
    "one channel and one pixel": ((1, 1, 1, 1), (1, 1, 1, 1), {}),
    "kernels of one weight": ((2, 3, 4, 5), (4, 3, 1, 1), {}),
    "kernels of one weight, padded and strided": (
        (2, 3, 4, 5),
        (4, 3, 1, 1),
        {"padding": 3, "stride": (2, 3)},
    ),
    "stride far beyond the image": ((2, 3, 4, 5), (4, 3, 2, 2), {"stride": (1000, 10**12)}),
    "stride beyond the kernel": ((2, 3, 9, 11), (4, 3, 2, 2), {"stride": (4, 5)}),
    "dilation as large as fits": ((1, 2, 9, 7), (1, 2, 2, 2), {"dilation": (8, 6)}),
    "inputs at the end that no window reads": ((1, 1, 10, 8), (1, 1, 2, 3), {"stride": 3}),
    "depthwise": ((2, 4, 5, 6), (4, 1, 3, 2), {"groups": 4}),
    "depthwise, three kernels a channel": ((2, 4, 5, 6), (12, 1, 3, 2), {"groups": 4}),
    "a column": ((2, 3, 7, 5), (2, 3, 4, 1), {"stride": (1, 2)}),
    "a row": ((2, 3, 7, 5), (2, 3, 1, 4), {"stride": (2, 1)}),
    "many channels": ((1, 20, 3, 3), (30, 20, 2, 2), {}),
}


@pytest.mark.parametrize(("image", "kernels", "options"), CORNERS.values(), ids=CORNERS)
def test_corners_are_those_of_torch(image, kernels, options):
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape) for shape in (image, kernels, kernels[0])]
    assert_agree(*LAYERS["conv2d"], arrays, options, rng)


CUTS = {"one at a time": [1] * 7, "a last one alone": [3, 3, 1], "a last one that is larger": [1, 2, 4]}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("name", [*LAYERS, "conv_transpose2d"])
def test_a_batch_of_several_blocks_gives_the_same(monkeypatch, name, cut):
    example, rng = EXAMPLES[name], np.random.default_rng(0)
    images, *others = example.shapes
    arrays = [rng.standard_normal(shape) for shape in [(7, *images[1:]), *others]]
    at_once = example.run(arrays)
    ends = np.cumsum(cut)
    blocks = [slice(end - size, end) for end, size in zip(ends, cut, strict=True)]
    monkeypatch.setattr(geometry.Geometry, "blocks", lambda *_: blocks)
    for got, wanted in zip(example.run(arrays), at_once, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


def test_a_small_cache_gives_the_same(monkeypatch):
    example = EXAMPLES["conv2d"]
    at_once = example.run(example.arrays())
    monkeypatch.setattr(geometry, "BLOCK_BYTES", 1)
    for got, wanted in zip(example.run(example.arrays()), at_once, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("images", range(1, 8))
@pytest.mark.parametrize("batch", [1, 2, 7, 12])
def test_blocks_cover_the_batch_and_fit_into_the_cache(monkeypatch, batch, images):
    read = geometry.read_geometry((6, 7), (3, 2), stride=1, padding=1, dilation=1)
    image = 4 * 5 * 8 * 8 * 2  # itemsize, channels, padded rows, output columns, kernel columns
    monkeypatch.setattr(geometry, "BLOCK_BYTES", images * image + image - 1)
    blocks = read.blocks(batch, 5, 4)
    assert [place for block in blocks for place in range(block.start, block.stop)] == list(range(batch))
    assert max(block.stop - block.start for block in blocks) <= images
    assert len(blocks) == -(-batch // images)


def test_the_binary_image_of_the_deck():
    x = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    y = conv2d([[x]], [[[[1, 0, 1], [0, 1, 0], [1, 0, 1]]]])
    np.testing.assert_array_equal(y, [[[[4, 3, 4], [2, 4, 3], [2, 3, 4]]]])


def test_sizes_of_the_decks():
    assert conv2d(np.ones((1, 3, 32, 32)), np.ones((6, 3, 5, 5))).shape == (1, 6, 28, 28)
    assert conv2d(np.ones((1, 3, 32, 32)), np.ones((1, 3, 5, 5)))[0, 0, 0, 0] == 75
    assert conv2d(np.ones((1, 1, 7, 7)), np.ones((1, 1, 3, 3))).shape == (1, 1, 5, 5)
    assert conv2d(np.ones((1, 1, 7, 7)), np.ones((1, 1, 3, 3)), stride=2).shape == (1, 1, 3, 3)
    assert conv2d(np.ones((1, 1, 7, 7)), np.ones((1, 1, 3, 3)), padding="same").shape == (1, 1, 7, 7)


def test_the_kernel_is_not_flipped():
    x, W = np.zeros((1, 1, 3, 3)), np.arange(9.0).reshape(1, 1, 3, 3)
    x[0, 0, 1, 1] = 1
    np.testing.assert_array_equal(conv2d(x, W, padding=1)[0, 0], np.flip(W[0, 0]))


def test_the_gradient_of_the_image_is_the_full_convolution_of_the_output_s_gradient():
    rng = np.random.default_rng(0)
    y_bar, W = rng.standard_normal((4, 3)), rng.standard_normal((2, 3))
    x_bar, _, _ = conv2d_backward(y_bar[None, None], np.ones((1, 1, 5, 5)), W[None, None])
    np.testing.assert_allclose(x_bar[0, 0], convolve(y_bar, W), atol=1e-12)


def test_one_dimension_is_a_flat_image_and_a_flat_volume():
    rng = np.random.default_rng(0)
    x, W, b = (rng.standard_normal(shape) for shape in [(2, 4, 9), (6, 2, 3), 6])
    y = conv1d(x, W, b, stride=2, padding=1, groups=2)
    flat = conv2d(x[:, :, None], W[:, :, None], b, stride=(1, 2), padding=(0, 1), groups=2)
    volume = conv3d(x[..., None, None], W[..., None, None], b, stride=(2, 1, 1), padding=(1, 0, 0), groups=2)
    np.testing.assert_allclose(flat[:, :, 0], y, atol=1e-12)
    np.testing.assert_allclose(volume[..., 0, 0], y, atol=1e-12)


def test_a_layer_is_the_matrix_product_of_im2col():
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((6, 7)), rng.standard_normal((4, 1, 3, 2))
    product = W.reshape(4, -1) @ im2col(x, (3, 2))
    np.testing.assert_allclose(conv2d(x[None, None], W), product.reshape(1, 4, 4, 6), atol=1e-12)


def test_an_even_kernel_with_same_padding_gets_the_odd_zero_at_the_bottom_and_the_right():
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    y = conv2d(x, [[[[0.0, 0.0], [0.0, 1.0]]]], padding="same")
    np.testing.assert_array_equal(y[0, 0], [[5, 6, 0], [8, 9, 0], [0, 0, 0]])


@pytest.mark.parametrize("place", ["x", "W"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": (2, 3), "padding": (2, 1)},
        {"padding": "same"},  # one zero more at the end: the kernels are even
        {"dilation": 2, "groups": 2},
        {"stride": 2, "dilation": 3},
    ],
)
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_not_a_number_and_infinity_reach_what_they_reach_in_torch(place, value, options):
    rng = np.random.default_rng(0)
    groups = options.get("groups", 1)
    arrays = [rng.standard_normal(shape) for shape in [(3, 2, 9, 8), (2, 2 // groups, 2, 3), 2]]
    arrays[place == "W"][(1, 0, 1, 1) if place == "W" else (1, 0, 2, 3)] = value
    value_and_gradients = against_torch.torchs(functional.conv2d, arrays, options, rng)
    assert sum(np.isfinite(each).sum() for each in value_and_gradients[2]) > 100
    assert not all(np.isfinite(each).all() for each in [value_and_gradients[0], *value_and_gradients[2]])
    with np.errstate(invalid="ignore"):  # matrix products warn of zeros that they put beside their blocks
        assert_agree(*LAYERS["conv2d"], arrays, options, np.random.default_rng(1))


def test_an_infinite_gradient_passes_as_in_torch():
    rng = np.random.default_rng(0)
    x, W = rng.standard_normal((2, 2, 6, 5)), rng.standard_normal((3, 2, 3, 2))
    y_bar = rng.standard_normal((2, 3, 2, 4))
    y_bar[0, 1, 0, 2] = np.inf
    tensors = [torch.tensor(value, requires_grad=True) for value in (x, W, np.zeros(3))]
    functional.conv2d(*tensors, stride=(2, 1)).backward(torch.tensor(y_bar))
    with np.errstate(invalid="ignore"):
        gradients = conv2d_backward(y_bar, x, W, stride=(2, 1))
    for got, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(got, tensor.grad, atol=1e-10)
