"""One small example of every convolution and pooling layer, for what is asked of all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from course_utils import reference


@dataclass(frozen=True)
class Example:
    """A layer, the shapes of its arrays, and options that all differ from the defaults.

    `used` counts the arrays that backward needs; a bias is none of them, except where it may be shared in
    several ways.
    """

    forward: Callable
    backward: Callable
    shapes: tuple[tuple[int, ...], ...]
    options: dict = field(default_factory=dict)
    used: int = 1

    def arrays(self, dtype=np.float64, seed=0):
        """Draw the arrays: floats near zero, or integers over the whole range of a byte."""
        rng = np.random.default_rng(seed)
        if np.issubdtype(dtype, np.integer):
            return [rng.integers(0, 256, shape).astype(dtype) for shape in self.shapes]
        return [rng.standard_normal(shape).astype(dtype) for shape in self.shapes]

    def run(self, arrays, y_bar=None):
        """Return the value and all gradients, for a gradient of the value that is given or drawn."""
        y = self.forward(*arrays, **self.options)
        if y_bar is None:
            y_bar = np.random.default_rng(1).standard_normal(y.shape).astype(y.dtype)
        gradients = self.backward(y_bar, *arrays[: self.used], **self.options)
        return [y, *(gradients if isinstance(gradients, tuple) else (gradients,))]


def _example(name, shapes, options, *, used=1):
    return Example(getattr(reference, name), getattr(reference, f"{name}_backward"), shapes, options, used)


BY_PLACE = {"stride": (2, 2), "padding": (1, 2), "dilation": (1, 2)}
EXAMPLES = {
    "conv1d": _example(
        "conv1d",
        ((2, 4, 9), (6, 2, 3), (6,)),
        {"stride": 2, "padding": 1, "dilation": 2, "groups": 2},
        used=2,
    ),
    "conv2d": _example(
        "conv2d",
        ((2, 4, 7, 9), (6, 2, 3, 2), (6,)),
        {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2), "groups": 2},
        used=2,
    ),
    "conv3d": _example(
        "conv3d",
        ((2, 4, 5, 6, 7), (2, 2, 2, 3, 2), (2,)),
        {"stride": (2, 1, 3), "padding": (0, 1, 2), "dilation": (1, 2, 1), "groups": 2},
        used=2,
    ),
    "conv_transpose2d": _example(
        "conv_transpose2d",
        ((2, 4, 3, 5), (4, 3, 3, 2), (6,)),
        {"stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2), "groups": 2, "dilation": (1, 2)},
        used=2,
    ),
    "locally_connected2d": _example(
        "locally_connected2d", ((2, 3, 6, 7), (4, 3, 5, 3, 3, 2), (4, 3, 5)), BY_PLACE, used=3
    ),
    "tiled_conv2d": _example("tiled_conv2d", ((2, 3, 6, 7), (4, 2, 3, 3, 3, 2), (4, 2, 3)), BY_PLACE, used=3),
    "max_pool2d": _example(
        "max_pool2d",
        ((2, 3, 8, 9),),
        {"kernel_size": (3, 2), "stride": (2, 1), "padding": 1, "dilation": (2, 1), "ceil_mode": True},
    ),
    "avg_pool2d": _example(
        "avg_pool2d",
        ((2, 3, 8, 9),),
        {
            "kernel_size": (3, 2),
            "stride": (2, 3),
            "padding": 1,
            "ceil_mode": True,
            "count_include_pad": False,
        },
    ),
    "l2_pool2d": _example(
        "l2_pool2d", ((2, 3, 8, 9),), {"kernel_size": (3, 2), "stride": (2, 3), "ceil_mode": True}
    ),
    "adaptive_avg_pool2d": _example("adaptive_avg_pool2d", ((2, 3, 8, 9),), {"output_size": (3, 4)}),
    "adaptive_max_pool2d": _example("adaptive_max_pool2d", ((2, 3, 8, 9),), {"output_size": (3, 4)}),
}
