"""Count a fully connected and a convolutional layer between the same maps, by the deck's formulas."""

from math import prod

from course_utils.shapes.counts import LayerCount, count_dense
from course_utils.shapes.numbers import per_axis, whole


def count_dense_maps(height: int, width: int, in_channels: int, out_channels: int) -> LayerCount:
    r"""Count a fully connected layer from maps to maps of the same height and width.

    .. math:: \text{units} = W H I, \qquad \text{weights} = \text{connections} = W^2 H^2 I J

    Here ``W`` and ``H`` are width and height, ``J`` the maps that come in and ``I`` those that go out.

    Args:
        height: Rows of each map.
        width: Columns of each map.
        in_channels: Number of maps that come in.
        out_channels: Number of maps that go out.

    Returns:
        The layer's count for one example, with a bias for each unit.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is smaller than 1.

    Source:
        Toronto CSC 2515, size of a conv net.
    """
    places = whole(height, "height") * whole(width, "width")
    return count_dense(
        places * whole(in_channels, "in_channels"), places * whole(out_channels, "out_channels")
    )


def count_conv_maps(
    height: int, width: int, in_channels: int, out_channels: int, kernel_size: int | tuple[int, int]
) -> LayerCount:
    r"""Count a convolutional layer whose maps go out with this height and width.

    .. math::
        \text{units} = W H I, \qquad \text{weights} = K^2 I J, \qquad \text{connections} = W H K^2 I J

    Here ``W`` and ``H`` are width and height, ``J`` the maps that come in, ``I`` those that go out and ``K``
    the kernel's size.

    Args:
        height: Rows of each map that goes out.
        width: Columns of each map that goes out.
        in_channels: Number of maps that come in.
        out_channels: Number of maps that go out.
        kernel_size: Rows and columns of a kernel: one number, or a pair.

    Returns:
        The layer's count for one example, with a bias for each map that goes out.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is smaller than 1, or ``kernel_size`` has more or fewer than two entries.

    Source:
        Toronto CSC 2515, size of a conv net.
    """
    places = whole(height, "height") * whole(width, "width")
    taps = prod(whole(size, "kernel_size") for size in per_axis(kernel_size, "kernel_size", 2))
    maps = whole(out_channels, "out_channels")
    weights = taps * whole(in_channels, "in_channels") * maps
    return LayerCount(units=places * maps, weights=weights, biases=maps, connections=places * weights)
