"""What every convolution and pooling layer refuses, in one sentence: what came, what fits, the remedy."""

import numpy as np
import pytest

from tests.reference.layer_examples import EXAMPLES
from tests.reference.refusals import refuses

every_layer = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
STRIDED = {name: example for name, example in EXAMPLES.items() if "stride" in example.options}
with_a_stride = pytest.mark.parametrize("example", STRIDED.values(), ids=STRIDED)


@every_layer
def test_an_empty_batch(example):
    images, *others = example.arrays()
    refuses(
        example, ValueError, r"^x is empty \(x\.shape=\(0, .*; give at least one entry", [images[:0], *others]
    )


@every_layer
def test_an_image_without_a_batch_axis(example):
    images, *others = example.arrays()
    sentence = (
        rf"^x must have {images.ndim} axes \(batch, .*x\.shape=\(\d.*; reshape it, for example x\[None, :\]"
    )
    refuses(example, ValueError, sentence, [images[0], *others])


@every_layer
@pytest.mark.parametrize("axes", [-2, 1])
def test_another_number_of_axes(example, axes):
    images, *others = example.arrays()
    wrong = images[None] if axes == 1 else images[0, 0]
    refuses(
        example, ValueError, rf"^x must have {images.ndim} axes \(batch, .*; reshape it$", [wrong, *others]
    )


@every_layer
@pytest.mark.parametrize("dtype", [complex, str, bool, object])
def test_what_is_not_real_numbers(example, dtype):
    arrays = example.arrays()
    for place in range(example.used if example.used < 3 else 2):
        wrong = [array.astype(dtype) if i == place else array for i, array in enumerate(arrays)]
        name = "xW"[place]
        refuses(
            example,
            TypeError,
            rf"^{name} must hold real numbers, but its dtype is .*; convert it with {name}",
            wrong,
        )
    y_bar = np.ones_like(example.forward(*arrays, **example.options)).astype(dtype)
    with pytest.raises(TypeError, match=r"^y_bar must hold real numbers, but its dtype is"):
        example.backward(y_bar, *arrays[: example.used], **example.options)


@every_layer
def test_a_gradient_of_another_shape(example):
    arrays = example.arrays()
    y = example.forward(*arrays, **example.options)
    for y_bar in (y[:1], y[:, :1], y[..., :1], y[..., 1:, :], y[0], y.T):
        with pytest.raises(
            ValueError, match=r"^y_bar must have the shape of the layer's output, but y_bar\.shape="
        ) as caught:
            example.backward(y_bar, *arrays[: example.used], **example.options)
        assert f"y_bar.shape={y_bar.shape} and the output has shape {y.shape}; give the options" in str(
            caught.value
        )


@with_a_stride
@pytest.mark.parametrize("stride", [0, -1])
def test_a_stride_below_one(example, stride):
    refuses(
        example,
        ValueError,
        rf"^stride={stride} but a layer needs at least 1; give a positive integer",
        stride=stride,
    )
    pair = (*[2] * (len(example.shapes[0]) - 3), stride)
    refuses(example, ValueError, rf"^stride={stride} but a layer needs at least 1", stride=pair)


@with_a_stride
@pytest.mark.parametrize("stride", [1.0, np.float64(2), True, np.True_, "fast", {1}])
def test_a_stride_that_is_no_integer(example, stride):
    if isinstance(stride, str):
        refuses(
            example, ValueError, r"^stride must be an integer or one for each of \d axes, but", stride=stride
        )
        return
    refuses(
        example, TypeError, r"^stride must be an integer, but stride=.*; give a whole number", stride=stride
    )


@with_a_stride
@pytest.mark.parametrize("entry", [None, 1.0, True, "a"])
def test_a_stride_with_an_entry_that_is_no_integer(example, entry):
    pair = (*[2] * (len(example.shapes[0]) - 3), entry)
    refuses(
        example, TypeError, r"^stride must be an integer, but stride=.*; give a whole number", stride=pair
    )


OPTIONS = ("stride", "padding", "dilation", "output_padding", "kernel_size", "output_size")


@every_layer
@pytest.mark.parametrize("length", [0, 4])
def test_a_pair_of_another_length(example, length):
    axes = len(example.shapes[0]) - 2
    for name in OPTIONS:
        if name in example.options:
            sentence = rf"^{name} must be an integer or one for each of {axes} axes, but .*; give {axes}"
            refuses(example, ValueError, sentence, **{name: (1,) * length})
            with pytest.raises(ValueError, match=rf"^{name} must be an integer or one for each of {axes}"):
                example.forward(*example.arrays(), **example.options | {name: b"ab"})


@every_layer
def test_options_below_their_least_and_options_that_are_no_integers(example):
    for name in OPTIONS:
        if name not in example.options:
            continue
        least = 0 if "padding" in name else 1
        needs = rf"^{name}=\(?{least - 1}.* but an? \w+ needs at least "
        refuses(example, ValueError, needs, **{name: least - 1})
        for value in (0.5, True, {2}):
            refuses(
                example,
                TypeError,
                rf"^{name} must be an integer, but {name}=.*; give a whole",
                **{name: value},
            )


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv3d", "conv_transpose2d"])
def test_groups(name):
    example = EXAMPLES[name]
    refuses(example, ValueError, r"^groups=0 but a layer needs at least 1; give a positive integer", groups=0)
    refuses(example, ValueError, r"^groups=-2 but a layer needs at least 1", groups=-2)
    for groups in (1.0, True, None, "2", (2, 2)):
        refuses(
            example,
            TypeError,
            r"^groups must be an integer, but groups=.*; give a whole number",
            groups=groups,
        )
    refuses(example, ValueError, r"^groups=3 does not divide 4 input .*W\.shape=.*; take a divisor", groups=3)
