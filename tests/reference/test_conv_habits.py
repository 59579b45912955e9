"""What every convolution and pooling layer keeps to: kinds of numbers, arguments left alone, options."""

import numpy as np
import pytest

from tests.reference.layer_examples import EXAMPLES

every_layer = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


@every_layer
def test_float32_stays_float32_forward_and_backward(example):
    singles = example.arrays(np.float32)
    results = example.run(singles)
    assert [each.dtype for each in results] == [np.float32] * len(results)
    doubles = example.run(
        [array.astype(float) for array in singles],
        np.random.default_rng(1).standard_normal(results[0].shape).astype(np.float32).astype(float),
    )
    for single, double in zip(results, doubles, strict=True):
        np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4)


@every_layer
def test_bytes_become_float64_without_overflow(example):
    images = example.arrays(np.uint8)
    results = example.run(images)
    assert [each.dtype for each in results] == [np.float64] * len(results)
    for got, wanted in zip(results, example.run([image.astype(float) for image in images]), strict=True):
        np.testing.assert_array_equal(got, wanted)
    assert results[0].max() > 128


@every_layer
def test_lists_are_arrays(example):
    arrays = example.arrays()
    for got, wanted in zip(
        example.run([array.tolist() for array in arrays]), example.run(arrays), strict=True
    ):
        np.testing.assert_array_equal(got, wanted)


@every_layer
def test_arguments_are_never_changed_and_results_are_not_parts_of_them(example):
    arrays = example.arrays()
    y_bar = np.ones_like(example.forward(*arrays, **example.options))
    results = example.run(arrays, y_bar)
    for result in results:
        result[...] = 7
    for array, kept in zip([*arrays, y_bar], [*example.arrays(), np.ones_like(y_bar)], strict=True):
        np.testing.assert_array_equal(array, kept)


LAYOUTS = {
    "read-only": np.copy,
    "Fortran order": np.asfortranarray,
    "every second entry": lambda array: np.repeat(array, 2, axis=-1)[..., ::2],
    "backwards": lambda array: np.flip(np.flip(array).copy()),
    "channels last": lambda array: np.moveaxis(
        np.moveaxis(array, 1 % array.ndim, -1).copy(), -1, 1 % array.ndim
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@every_layer
def test_arrays_may_lie_anyhow_in_memory(example, layout):
    arrays = example.arrays()
    expected = example.run(arrays)
    y_bar = np.random.default_rng(1).standard_normal(expected[0].shape)
    laid_out = [layout(array) for array in [*arrays, y_bar]]
    for array in laid_out:
        array.flags.writeable = False
    for got, wanted in zip(example.run(laid_out[:-1], laid_out[-1]), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


@every_layer
def test_a_repeated_image_without_memory_of_its_own(example):
    images, *others = example.arrays()
    repeated = np.broadcast_to(images[:1], (3, *images.shape[1:]))
    y = example.forward(repeated, *others, **example.options)
    expected = example.forward(images[:1], *others, **example.options)
    for each in y:
        np.testing.assert_allclose(each, expected[0], rtol=1e-12, atol=1e-12)


@every_layer
def test_a_batch_is_its_images_one_after_the_other(example):
    images, *others = example.arrays()
    at_once = example.run([images, *others])
    y_bar = np.random.default_rng(1).standard_normal(at_once[0].shape)
    one_by_one = [example.run([images[i : i + 1], *others], y_bar[i : i + 1]) for i in range(len(images))]
    for i, results in enumerate(one_by_one):
        np.testing.assert_allclose(results[0][0], at_once[0][i], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(results[1][0], at_once[1][i], rtol=1e-12, atol=1e-12)
    for place in range(2, len(at_once)):
        total = sum(results[place] for results in one_by_one)
        np.testing.assert_allclose(total, at_once[place], rtol=1e-12, atol=1e-12)


KINDS = {
    "NumPy integers": lambda value: tuple(np.int64(each) for each in value),
    "small NumPy integers": lambda value: [np.uint8(each) for each in value],
    "an array": np.array,
    "an array of bytes": lambda value: np.array(value, dtype=np.uint8),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@every_layer
def test_options_may_be_any_kind_of_integer(example, kind):
    arrays = example.arrays()
    expected = example.run(arrays)
    options = {
        name: kind(value) if isinstance(value, tuple) else np.uint8(value) if type(value) is int else value
        for name, value in example.options.items()
    }
    y = example.forward(*arrays, **options)
    np.testing.assert_array_equal(y, expected[0])
    y_bar = np.random.default_rng(1).standard_normal(y.shape)
    gradients = example.backward(y_bar, *arrays[: example.used], **options)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    for got, wanted in zip(gradients, expected[1:], strict=True):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("name", ["conv2d", "max_pool2d", "avg_pool2d", "l2_pool2d", "conv_transpose2d"])
def test_a_stride_in_bytes_does_not_overflow_on_a_large_image(name):
    example = EXAMPLES[name]
    images = np.ones((1, 1, 1, 300))
    arrays = [images, np.ones((1, 1, 1, 1))] if "conv" in name else [images]
    options = {} if "conv" in name else {"kernel_size": np.uint8(1)}
    y = example.forward(*arrays, **options, stride=np.uint8(2))
    np.testing.assert_array_equal(y, example.forward(*arrays, **options, stride=2))
    assert y.shape[-1] in (150, 599)
    x_bar = example.backward(np.ones_like(y), *arrays, **options, stride=np.uint8(2))
    x_bar = x_bar[0] if isinstance(x_bar, tuple) else x_bar
    assert x_bar.sum() == (300 if name == "conv_transpose2d" else 150)


def test_groups_in_bytes_do_not_overflow_on_many_channels():
    for name in ("conv2d", "conv_transpose2d"):
        example = EXAMPLES[name]
        x, W = np.ones((1, 400, 1, 1)), np.ones((400, 200, 1, 1))
        y = example.forward(x, W, groups=np.uint8(2))
        np.testing.assert_array_equal(y, np.full((1, 400, 1, 1), 200))
        assert example.backward(y, x, W, groups=np.uint8(2))[0].shape == x.shape
