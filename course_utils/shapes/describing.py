"""Describe a live layer of PyTorch by its class and its attributes, without importing PyTorch."""

from collections.abc import Callable
from typing import Any

from course_utils.shapes.convolutions import Conv
from course_utils.shapes.layers import Layer
from course_utils.shapes.pools import AdaptivePool, Pool
from course_utils.shapes.transposed import ConvTranspose
from course_utils.shapes.windowless import Activation, Dense, Flatten, Normalisation

IN_PLACE = ("torch.nn.modules.activation", "torch.nn.modules.dropout")  # modules that work on each unit alone


def describe(module: Any) -> Layer | None:
    """Describe a layer of PyTorch.

    Args:
        module: Any torch module; a class that is derived from one of PyTorch's layers counts as that layer.

    Returns:
        The description, or None if the module is no layer that the course knows.

    Raises:
        ValueError: If it pools or pads in a way that has no description here.
    """
    classes = [each for each in type(module).__mro__ if each.__module__.startswith("torch.nn.")]
    for each in classes:
        if each.__name__ in DESCRIPTIONS:
            return DESCRIPTIONS[each.__name__](module)
        if each.__module__ in IN_PLACE and not own_parameters(module):
            return Activation(each.__name__.lower())
    return None


def own_parameters(module: Any) -> dict[str, Any]:
    """Return the parameters that a module holds itself, without those of the modules inside it."""
    return dict(module.named_parameters(recurse=False))


def _conv(module: Any) -> Layer:
    return Conv(
        module.out_channels,
        module.kernel_size,
        stride=module.stride,
        padding=module.padding,
        dilation=module.dilation,
        groups=module.groups,
        bias=module.bias is not None,
    )


def _conv_transpose(module: Any) -> Layer:
    return ConvTranspose(
        module.out_channels,
        module.kernel_size,
        stride=module.stride,
        padding=module.padding,
        output_padding=module.output_padding,
        dilation=module.dilation,
        groups=module.groups,
        bias=module.bias is not None,
    )


def _max_pool(module: Any) -> Layer:
    return Pool(
        module.kernel_size,
        stride=module.stride,
        padding=module.padding,
        dilation=module.dilation,
        ceil_mode=module.ceil_mode,
    )


def _average_pool(module: Any) -> Layer:
    return Pool(
        module.kernel_size,
        stride=module.stride,
        padding=module.padding,
        ceil_mode=module.ceil_mode,
        kind="average",
    )


def _lp_pool(module: Any) -> Layer:
    if module.norm_type != 2:
        raise ValueError(f"norm_type={module.norm_type} but only 2 (L2 pooling) is counted; use norm_type=2")
    return Pool(module.kernel_size, stride=module.stride, ceil_mode=module.ceil_mode, kind="l2")


def _flatten(module: Any) -> Layer:
    if (module.start_dim, module.end_dim) != (1, -1):
        raise ValueError(
            f"start_dim={module.start_dim} and end_dim={module.end_dim} but only a flatten from axis 1 to "
            "the last is known; use nn.Flatten()"
        )
    return Flatten()


DESCRIPTIONS: dict[str, Callable[[Any], Layer]] = {
    "Linear": lambda module: Dense(module.out_features, bias=module.bias is not None),
    "LocalResponseNorm": lambda _: Activation("local response normalisation"),
    "Identity": lambda _: Activation("identity"),
    "Flatten": _flatten,
    **{f"Conv{axes}d": _conv for axes in (1, 2, 3)},
    **{f"ConvTranspose{axes}d": _conv_transpose for axes in (1, 2, 3)},
    **{f"MaxPool{axes}d": _max_pool for axes in (1, 2, 3)},
    **{f"AvgPool{axes}d": _average_pool for axes in (1, 2, 3)},
    **{f"LPPool{axes}d": _lp_pool for axes in (1, 2, 3)},
    **{f"AdaptiveAvgPool{axes}d": lambda module: AdaptivePool(module.output_size) for axes in (1, 2, 3)},
    **{
        f"AdaptiveMaxPool{axes}d": lambda module: AdaptivePool(module.output_size, kind="max")
        for axes in (1, 2, 3)
    },
    **{f"BatchNorm{axes}d": lambda module: Normalisation(affine=module.affine) for axes in (1, 2, 3)},
}
