"""Draw layers of PyTorch with random options, each with an input; some of them do not fit."""

import random

import torch
from torch import nn


def options(draw, axes, **ranges):
    """Draw an int or one entry an axis for each option."""
    return {
        name: draw.randint(low, high)
        if draw.random() < 0.5
        else tuple(draw.randint(low, high) for _ in range(axes))
        for name, (low, high) in ranges.items()
    }


def conv(draw, axes, channels):
    groups = draw.choice([1, 1, channels])
    chosen = options(draw, axes, kernel_size=(1, 4), stride=(1, 3), padding=(0, 3), dilation=(1, 2))
    if draw.random() < 0.2:
        chosen |= {"padding": draw.choice(["valid", "same"]), "stride": 1}
    layer = getattr(nn, f"Conv{axes}d")
    return layer(channels, groups * draw.randint(1, 3), groups=groups, bias=draw.random() < 0.5, **chosen)


def conv_transpose(draw, axes, channels):
    groups = draw.choice([1, 1, channels])
    chosen = options(
        draw, axes, kernel_size=(1, 4), stride=(1, 3), padding=(0, 2), output_padding=(0, 1), dilation=(1, 2)
    )
    layer = getattr(nn, f"ConvTranspose{axes}d")
    return layer(channels, groups * draw.randint(1, 3), groups=groups, bias=draw.random() < 0.5, **chosen)


def max_pool(draw, axes, channels):
    chosen = options(draw, axes, kernel_size=(1, 4), stride=(1, 3), padding=(0, 2), dilation=(1, 2))
    if draw.random() < 0.3:
        del chosen["stride"]
    if chosen["dilation"] != 1:  # versions of PyTorch differ in how much padding they allow a dilated window
        chosen["padding"] = 0
    return getattr(nn, f"MaxPool{axes}d")(ceil_mode=draw.random() < 0.5, **chosen)


def average_pool(draw, axes, channels):
    chosen = options(draw, axes, kernel_size=(1, 4), stride=(1, 3), padding=(0, 2))
    return getattr(nn, f"AvgPool{axes}d")(ceil_mode=draw.random() < 0.5, **chosen)


def lp_pool(draw, axes, channels):
    return getattr(nn, f"LPPool{axes}d")(2, draw.randint(1, 4), stride=draw.randint(1, 3))


def adaptive_pool(draw, axes, channels):
    name = draw.choice([f"AdaptiveAvgPool{axes}d", f"AdaptiveMaxPool{axes}d"])
    return getattr(nn, name)(
        draw.randint(1, 6) if axes == 1 else tuple(draw.randint(1, 6) for _ in range(axes))
    )


def dense(draw, axes, channels):
    return nn.Linear(channels, draw.randint(1, 9), bias=draw.random() < 0.5)


FAMILIES = {
    "conv": conv,
    "conv_transpose": conv_transpose,
    "max_pool": max_pool,
    "average_pool": average_pool,
    "lp_pool": lp_pool,
    "adaptive_pool": adaptive_pool,
    "dense": dense,
}


def drawn(family, seed):
    """Return a layer and an input of two examples for it."""
    draw = random.Random(f"{family} {seed}")
    axes, channels = draw.randint(1, 3), draw.randint(1, 3)
    layer = FAMILIES[family](draw, axes, channels).double()
    least = (
        4 if family == "average_pool" else 2
    )  # AvgPool3d refuses a kernel that only the padding makes room for
    sizes = () if family == "dense" else tuple(draw.randint(least, 9) for _ in range(axes))
    return layer, torch.ones((2, channels, *sizes), dtype=torch.float64)
