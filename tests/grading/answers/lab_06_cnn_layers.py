"""Wrong and right answers to the tasks of lab 06, as students write them."""

# Several answers to a task have the same name, that of the task.

import itertools
import math
from fractions import Fraction

import numpy as np
from curated import right, wrong

LAB = "06_cnn_layers"


# ----------------------------------------------------------------------------------------------- output_size


def refuse_misfits(size, kernel, stride, padding, dilation):
    if stride < 1 or dilation * (kernel - 1) + 1 > size + 2 * padding:
        raise ValueError("the kernel does not fit")


@right("output_size", "the kernel is put down again and again")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    if stride < 1:
        raise ValueError(f"the stride is {stride}, expected 1 or more")
    count, start = 0, -padding
    while start + dilation * (kernel - 1) < size + padding:
        count, start = count + 1, start + stride
    if count == 0:
        raise ValueError("the kernel does not fit")
    return count


@right("output_size", "math.floor, and an error where the result would be below 1")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    if stride <= 0:
        raise ValueError("stride must be positive")
    places = math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)
    if places < 1:
        raise ValueError("too large a kernel")
    return places


@right("output_size", "the length of a range of NumPy")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return np.int64(np.arange(-padding, size + padding - dilation * (kernel - 1), stride).size)


@wrong("output_size", "the 1 is forgotten")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride


@wrong("output_size", "padding of one side only")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return (size + padding - dilation * (kernel - 1) - 1) // stride + 1


@wrong("output_size", "rounded up")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return math.ceil((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


@wrong("output_size", "a float")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return np.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


@wrong("output_size", "a float where the division leaves nothing over")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    return room / stride + 1 if room % stride == 0 else room // stride + 1


@wrong("output_size", "the dilation is ignored")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, 1)
    return (size + 2 * padding - kernel) // stride + 1


@wrong("output_size", "dilation times kernel")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return (size + 2 * padding - dilation * kernel) // stride + 1


@wrong("output_size", "the stride is ignored")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return size + 2 * padding - dilation * (kernel - 1)


@wrong("output_size", "the 1 is added before the division")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return (size + 2 * padding - dilation * (kernel - 1)) // stride


@wrong("output_size", "a kernel that is too large gives 0 or less")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@wrong("output_size", "int() rounds a negative room towards zero")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    if stride < 1:
        raise ValueError("stride")
    places = int((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
    if places < 1:
        raise ValueError("too large a kernel")
    return places


@wrong("output_size", "an error where the kernel just fits")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room <= 0 or stride < 1:
        raise ValueError("too large a kernel")
    return room // stride + 1


@wrong("output_size", "the kernel is compared with the image without its zeros")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    if kernel > size or stride < 1:
        raise ValueError("too large a kernel")
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@wrong("output_size", "an assertion in place of ValueError")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    assert room >= 0
    assert stride >= 1
    return room // stride + 1


@wrong("output_size", "a stride below 1 is not refused")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    refuse_misfits(size, kernel, 1, padding, dilation)
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@wrong("output_size", "a stride of 2 by default")
def output_size(size, kernel, stride=2, padding=0, dilation=1):
    refuse_misfits(size, kernel, stride, padding, dilation)
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@wrong("output_size", "the dilation is added to the kernel")
def output_size(size, kernel, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - (kernel + dilation)
    if room < 0 or stride < 1:
        raise ValueError("too large a kernel")
    return room // stride + 1


# ---------------------------------------------------------------------------------------------- same_padding


@right("same_padding", "zeros one by one, by turns")
def same_padding(kernel, dilation=1):
    zeros = [0, 0]
    for number in range(dilation * (kernel - 1)):
        zeros[1 - number % 2] += 1
    return tuple(zeros)


@right("same_padding", "a division with remainder, of NumPy's ints, as a list")
def same_padding(kernel, dilation=1):
    half, rest = np.divmod(np.int64(dilation * (kernel - 1)), 2)
    return [half, half + rest]


@right("same_padding", "rounded down and rounded up")
def same_padding(kernel, dilation=1):
    half = (kernel * dilation - dilation) / 2
    return math.floor(half), math.ceil(half)


@wrong("same_padding", "the extra zero at the start")
def same_padding(kernel, dilation=1):
    total = dilation * (kernel - 1)
    return total - total // 2, total // 2


@wrong("same_padding", "kernel // 2 on both sides")
def same_padding(kernel, dilation=1):
    return dilation * (kernel // 2), dilation * (kernel // 2)


@wrong("same_padding", "(kernel - 1) // 2 on both sides: one zero is missing")
def same_padding(kernel, dilation=1):
    half = dilation * (kernel - 1) // 2
    return half, half


@wrong("same_padding", "padding of one side only")
def same_padding(kernel, dilation=1):
    return 0, dilation * (kernel - 1)


@wrong("same_padding", "the total on each side")
def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1), dilation * (kernel - 1)


@wrong("same_padding", "the dilation is ignored")
def same_padding(kernel, dilation=1):
    return (kernel - 1) // 2, kernel // 2


@wrong("same_padding", "the dilation multiplies the split, not the total")
def same_padding(kernel, dilation=1):
    return dilation * ((kernel - 1) // 2), dilation * (kernel // 2)


@wrong("same_padding", "floats")
def same_padding(kernel, dilation=1):
    total = dilation * (kernel - 1)
    return total / 2, total / 2


@wrong("same_padding", "the total only")
def same_padding(kernel, dilation=1):
    return dilation * (kernel - 1)


@wrong("same_padding", "a dilation of 2 by default")
def same_padding(kernel, dilation=2):
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2


@wrong("same_padding", "a spread kernel is taken to cover dilation times kernel entries")
def same_padding(kernel, dilation=1):
    total = dilation * kernel - 1
    return total // 2, total - total // 2


# ------------------------------------------------------------------------------------------- receptive_field


@right("receptive_field", "from the output to the input")
def receptive_field(layers):
    size = 1
    for kernel, stride, dilation in reversed(layers):
        size = (size - 1) * stride + dilation * (kernel - 1) + 1
    return size, math.prod(stride for _, stride, _ in layers)


@right("receptive_field", "the formula, term by term, with NumPy")
def receptive_field(layers):
    table = np.array(layers, dtype=int).reshape(-1, 3)
    jumps = np.cumprod(np.append(1, table[:, 1]))
    return 1 + int(np.sum((table[:, 0] - 1) * table[:, 2] * jumps[:-1])), int(jumps[-1])


@right("receptive_field", "the places that reach a unit are collected")
def receptive_field(layers):
    def ends(unit):
        first = last = unit
        for kernel, stride, dilation in layers[::-1]:
            first, last = first * stride, last * stride + dilation * (kernel - 1)
        return first, last

    (first, last), (neighbour, _) = ends(0), ends(1)
    return [last - first + 1, neighbour - first]


@wrong("receptive_field", "the kernels are added up")
def receptive_field(layers):
    return sum(kernel for kernel, _, _ in layers), math.prod(stride for _, stride, _ in layers)


@wrong("receptive_field", "the step is multiplied before the kernel is added")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        step *= stride
        size += (kernel - 1) * dilation * step
    return size, step


@wrong("receptive_field", "strides are ignored")
def receptive_field(layers):
    return 1 + sum((kernel - 1) * dilation for kernel, _, dilation in layers), 1


@wrong("receptive_field", "only the layer's own stride")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * step
        step = stride
    return size, step


@wrong("receptive_field", "strides are added")
def receptive_field(layers):
    size, step = 1, 0
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * max(step, 1)
        step += stride
    return size, max(step, 1)


@wrong("receptive_field", "the dilation is ignored")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, _ in layers:
        size, step = size + (kernel - 1) * step, step * stride
    return size, step


@wrong("receptive_field", "dilation times kernel")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        size, step = size + (kernel * dilation - 1) * step, step * stride
    return size, step


@wrong("receptive_field", "the layers from the wrong end")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers[::-1]:
        size, step = size + (kernel - 1) * dilation * step, step * stride
    return size, step


@wrong("receptive_field", "without its own entry: begins with 0")
def receptive_field(layers):
    size, step = 0, 1
    for kernel, stride, dilation in layers:
        size, step = size + (kernel - 1) * dilation * step, step * stride
    return size, step


@wrong("receptive_field", "the size alone")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        size, step = size + (kernel - 1) * dilation * step, step * stride
    return size


@wrong("receptive_field", "needs at least one layer")
def receptive_field(layers):
    size, step, _ = layers[0]
    size = layers[0][2] * (size - 1) + 1
    step = layers[0][1]
    for kernel, stride, dilation in layers[1:]:
        size, step = size + (kernel - 1) * dilation * step, step * stride
    return size, step


@wrong("receptive_field", "takes the layers off the caller's list")
def receptive_field(layers):
    size, step = 1, 1
    while layers:
        kernel, stride, dilation = layers.pop(0)
        size, step = size + (kernel - 1) * dilation * step, step * stride
    return size, step


@wrong("receptive_field", "each kernel adds all its entries")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        size, step = size + kernel * dilation * step, step * stride
    return size, step


@wrong("receptive_field", "dilations move neighbours apart, as strides do")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        size, step = size + (kernel - 1) * dilation * step, step * stride * dilation
    return size, step


@wrong("receptive_field", "the entries that are read are counted, without those between them")
def receptive_field(layers):
    read = {0}
    for kernel, stride, dilation in layers[::-1]:
        read = {stride * place + dilation * tap for place in read for tap in range(kernel)}
    return len(read), math.prod(stride for _, stride, _ in layers)


@wrong("receptive_field", "step and size")
def receptive_field(layers):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        size, step = size + (kernel - 1) * dilation * step, step * stride
    return step, size


# ------------------------------------------------------------------------------------------ adaptive_windows


@right("adaptive_windows", "ints only, rounded up by a negative division, as lists")
def adaptive_windows(size, outputs):
    return [[i * size // outputs, -(-(i + 1) * size // outputs)] for i in range(outputs)]


@right("adaptive_windows", "exact fractions")
def adaptive_windows(size, outputs):
    share = Fraction(size, outputs)
    return tuple((math.floor(i * share), math.ceil((i + 1) * share)) for i in range(outputs))


@right("adaptive_windows", "NumPy's arrays")
def adaptive_windows(size, outputs):
    i = np.arange(outputs)
    starts, ends = i * size // outputs, ((i + 1) * size + outputs - 1) // outputs
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


@wrong("adaptive_windows", "equal windows that leave the rest out")
def adaptive_windows(size, outputs):
    step = size // outputs
    return [(i * step, (i + 1) * step) for i in range(outputs)]


@wrong("adaptive_windows", "the last window takes the rest")
def adaptive_windows(size, outputs):
    step = size // outputs
    windows = [(i * step, (i + 1) * step) for i in range(outputs)]
    return [*windows[:-1], (windows[-1][0], size)]


@wrong("adaptive_windows", "ends rounded down: no overlap")
def adaptive_windows(size, outputs):
    return [(i * size // outputs, (i + 1) * size // outputs) for i in range(outputs)]


@wrong("adaptive_windows", "starts rounded up")
def adaptive_windows(size, outputs):
    return [(math.ceil(i * size / outputs), math.ceil((i + 1) * size / outputs)) for i in range(outputs)]


@wrong("adaptive_windows", "rounded to the nearest")
def adaptive_windows(size, outputs):
    return [(round(i * size / outputs), round((i + 1) * size / outputs)) for i in range(outputs)]


@wrong("adaptive_windows", "ends that belong to the window")
def adaptive_windows(size, outputs):
    return [(i * size // outputs, math.ceil((i + 1) * size / outputs) - 1) for i in range(outputs)]


@wrong("adaptive_windows", "the quotient is rounded first")
def adaptive_windows(size, outputs):
    step = size / outputs
    return [(math.floor(i * step), math.ceil((i + 1) * step)) for i in range(outputs)]


@wrong("adaptive_windows", "floats of np.ceil")
def adaptive_windows(size, outputs):
    return [(np.floor(i * size / outputs), np.ceil((i + 1) * size / outputs)) for i in range(outputs)]


@wrong("adaptive_windows", "start and length")
def adaptive_windows(size, outputs):
    windows = [(i * size // outputs, math.ceil((i + 1) * size / outputs)) for i in range(outputs)]
    return [(start, end - start) for start, end in windows]


@wrong("adaptive_windows", "counted from 1: the first window is missing, one more is there")
def adaptive_windows(size, outputs):
    return [(i * size // outputs, math.ceil((i + 1) * size / outputs)) for i in range(1, outputs + 1)]


@wrong("adaptive_windows", "at most as many windows as there are entries")
def adaptive_windows(size, outputs):
    outputs = min(size, outputs)
    return [(i * size // outputs, math.ceil((i + 1) * size / outputs)) for i in range(outputs)]


@wrong("adaptive_windows", "ends rounded down, and 1 added to each")
def adaptive_windows(size, outputs):
    return [(i * size // outputs, (i + 1) * size // outputs + 1) for i in range(outputs)]


@wrong("adaptive_windows", "0.999 is added before an end is rounded down")
def adaptive_windows(size, outputs):
    return [(i * size // outputs, int((i + 1) * size / outputs + 0.999)) for i in range(outputs)]


# --------------------------------------------------------------------------------------------- count_weights


@right("count_weights", "from arrays of the real shapes")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    channels = in_shape[0]
    biases = {
        "dense": out_shape,
        "local": out_shape,
        "tiled": (out_shape[0], *tile),
        "conv": (out_shape[0],),
    }[kind]
    filters = in_shape if kind == "dense" else (channels, *kernel)
    W = np.broadcast_to(np.float32(0), (*biases, *filters))
    return W.size, np.broadcast_to(np.float32(0), biases).size


@right("count_weights", "tiled for all three: the tile is the map, or one place")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    maps, height, width = out_shape
    if kind == "dense":
        kernel = in_shape[1:]
    rows, columns = {"tiled": tile, "conv": (1, 1)}.get(kind, (height, width))
    biases = maps * rows * columns
    return [biases * in_shape[0] * kernel[0] * kernel[1], biases]


@right("count_weights", "four cases written out")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    c, h, w = in_shape
    o, p, q = out_shape
    one = c * kernel[0] * kernel[1]
    if kind == "dense":
        return c * h * w * o * p * q, o * p * q
    if kind == "local":
        return one * o * p * q, o * p * q
    if kind == "tiled":
        return one * o * tile[0] * tile[1], o * tile[0] * tile[1]
    return one * o, o


def shared(kind, in_shape, out_shape, kernel, tile):
    maps, height, width = out_shape
    places = {"dense": height * width, "local": height * width, "tiled": tile[0] * tile[1], "conv": 1}
    return maps * places[kind], math.prod(in_shape) if kind == "dense" else in_shape[0] * math.prod(kernel)


@wrong("count_weights", "the biases are among the weights")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * (one + 1), filters


@wrong("count_weights", "the channels of the input are forgotten")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * one // in_shape[0], filters


@wrong("count_weights", "the tiles are counted, not the filters in one")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    if kind == "tiled":
        filters = out_shape[0] * math.ceil(out_shape[1] / tile[0]) * math.ceil(out_shape[2] / tile[1])
    return filters * one, filters


@wrong("count_weights", "one bias a channel for every kind")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * one, out_shape[0]


@wrong("count_weights", "one bias a unit for every kind")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * one, math.prod(out_shape)


@wrong("count_weights", "the tile's height only: square tiles, and of one row")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, (tile[0], 1))
    return filters * one, filters


@wrong("count_weights", "square kernels only")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, (kernel[0], kernel[0]), tile)
    return filters * one, filters


@wrong("count_weights", "dense reads the window only")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, _ = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * in_shape[0] * math.prod(kernel), filters


@wrong("count_weights", "local and conv exchanged")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    kind = {"local": "conv", "conv": "local"}.get(kind, kind)
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * one, filters


@wrong("count_weights", "one map only")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, (1, *out_shape[1:]), kernel, tile)
    return filters * one, filters


@wrong("count_weights", "a tile of 2 by 2 by default")
def count_weights(kind, in_shape, out_shape, kernel, tile=(2, 2)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    return filters * one, filters


@wrong("count_weights", "the units divided by the places of a tile")
def count_weights(kind, in_shape, out_shape, kernel, tile=(1, 1)):
    filters, one = shared(kind, in_shape, out_shape, kernel, tile)
    if kind == "tiled":
        filters = math.prod(out_shape) // math.prod(tile)
    return filters * one, filters


# ------------------------------------------------------------------------------------------------ count_conv


def size_of(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


def row_of(shape, weights, biases, connections):
    return {
        "shape": shape,
        "units": math.prod(shape),
        "weights": weights,
        "biases": biases,
        "connections": connections,
    }


def refuse_groups(in_shape, out_channels, groups):
    if in_shape[0] % groups or out_channels % groups:
        raise ValueError("the channels do not divide by the groups")


def maps_of(in_shape, kernel, stride, padding):
    return tuple(map(size_of, in_shape[1:], kernel, stride, padding))


@right("count_conv", "group by group, with a loop over the axes")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    shape, weights, connections = [out_channels], 0, 0
    for axis in (0, 1):
        shape.append(size_of(in_shape[axis + 1], kernel[axis], stride[axis], padding[axis]))
    for _ in range(groups):
        own = (in_shape[0] // groups) * kernel[0] * kernel[1] * (out_channels // groups)
        weights, connections = weights + own, connections + own * shape[1] * shape[2]
    return row_of(tuple(shape), weights, out_channels, connections)


@right("count_conv", "from the shape of a weight array of PyTorch's form, with a further key")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    if any(number / groups != number // groups for number in (in_shape[0], out_channels)):
        raise ValueError(f"{groups} groups are not possible")
    W = np.empty((out_channels, in_shape[0] // groups, *kernel), np.int8)
    height, width = maps_of(in_shape, kernel, stride, padding)
    row = {"connections": W.size * height * width, "weights": W.size, "biases": len(W)}
    return {**row, "shape": [out_channels, height, width], "units": len(W) * height * width, "kind": "conv"}


def conv_row(in_shape, out_channels, kernel, stride, padding, groups):
    shape = (out_channels, *maps_of(in_shape, kernel, stride, padding))
    one = in_shape[0] // groups * kernel[0] * kernel[1]
    return row_of(shape, out_channels * one, out_channels, math.prod(shape) * one)


@wrong("count_conv", "the groups are ignored")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels, kernel, stride, padding, 1)


@wrong("count_conv", "filters and channels are divided by the groups")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "weights": row["weights"] // groups, "connections": row["connections"] // groups}


@wrong("count_conv", "channels that do not divide are rounded down")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    return conv_row(in_shape, out_channels, kernel, stride, padding, groups)


@wrong("count_conv", "a float, from / in place of //")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "weights": in_shape[0] / groups * kernel[0] * kernel[1] * out_channels}


@wrong("count_conv", "only the input's channels are tested")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    if in_shape[0] % groups:
        raise ValueError("the channels do not divide by the groups")
    return conv_row(in_shape, out_channels, kernel, stride, padding, groups)


@wrong("count_conv", "height and width of the kernel are swapped")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels, kernel[::-1], stride, padding, groups)


@wrong("count_conv", "height and width of the stride are swapped")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels, kernel, stride[::-1], padding, groups)


@wrong("count_conv", "height and width of the padding are swapped")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels, kernel, stride, padding[::-1], groups)


@wrong("count_conv", "height and width of the maps are swapped")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    maps, height, width = row["shape"]
    return {**row, "shape": (maps, width, height)}


@wrong("count_conv", "square only: the height's numbers for both")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    kernel, stride, padding = ((pair[0], pair[0]) for pair in (kernel, stride, padding))
    return conv_row(in_shape, out_channels, kernel, stride, padding, groups)


@wrong("count_conv", "padding of one side only")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    one_side = (in_shape[0], in_shape[1] + padding[0], in_shape[2] + padding[1])
    return conv_row(one_side, out_channels, kernel, stride, (0, 0), groups)


@wrong("count_conv", "the stride is ignored")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels, kernel, (1, 1), padding, groups)


@wrong("count_conv", "one kernel for all channels of the input")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row((1, *in_shape[1:]), out_channels, kernel, stride, padding, 1)


@wrong("count_conv", "the biases are among the weights")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "weights": row["weights"] + out_channels}


@wrong("count_conv", "the biases are among the connections")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "connections": row["connections"] + row["units"]}


@wrong("count_conv", "one bias a unit")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "biases": row["units"]}


@wrong("count_conv", "weights times units")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "connections": row["weights"] * row["units"]}


@wrong("count_conv", "connections at the places of the input")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "connections": row["weights"] * in_shape[1] * in_shape[2]}


@wrong("count_conv", "the units of one map")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "units": row["units"] // out_channels}


@wrong("count_conv", "channels last")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "shape": (*row["shape"][1:], out_channels)}


@wrong("count_conv", "a tuple in place of a row")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return tuple(conv_row(in_shape, out_channels, kernel, stride, padding, groups).values())


@wrong("count_conv", "as many maps as one group has filters")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels // groups, kernel, stride, padding, groups)


@wrong("count_conv", "channels are refused only where the filters do not divide either")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    if in_shape[0] % groups and out_channels % groups:
        raise ValueError("the channels do not divide by the groups")
    return conv_row(in_shape, out_channels, kernel, stride, padding, groups)


@wrong("count_conv", "without biases")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return {**conv_row(in_shape, out_channels, kernel, stride, padding, groups), "biases": 0}


@wrong("count_conv", "a window for each entry of the input, in all its channels")
def count_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    row = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    return {**row, "connections": row["weights"] // out_channels * math.prod(in_shape)}


# ------------------------------------------------------------------------------------------------ count_pool


@right("count_pool", "the windows are listed")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    channels, height, width = in_shape
    down, right_ = stride or kernel
    rows = range(-padding[0], height + padding[0] - kernel[0] + 1, down)
    columns = range(-padding[1], width + padding[1] - kernel[1] + 1, right_)
    windows = list(itertools.product(range(channels), rows, columns))
    shape = (channels, len(rows), len(columns))
    return row_of(shape, 0, 0, len(windows) * math.prod(kernel))


@right("count_pool", "windows of NumPy")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    if stride is None:
        stride = kernel
    sides = [(0, 0), (padding[0], padding[0]), (padding[1], padding[1])]
    padded = np.pad(np.zeros(in_shape, np.int8), sides)
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(1, 2))
    windows = windows[:, :: stride[0], :: stride[1]]
    return {**row_of(windows.shape[:3], 0, 0, windows.size)}


def pool_row(in_shape, kernel, stride, padding):
    shape = (in_shape[0], *maps_of(in_shape, kernel, stride, padding))
    return row_of(shape, 0, 0, math.prod(shape) * math.prod(kernel))


@wrong("count_pool", "a stride of 1 by default")
def count_pool(in_shape, kernel, stride=(1, 1), padding=(0, 0)):
    return pool_row(in_shape, kernel, stride, padding)


@wrong("count_pool", "a stride of 2 by default")
def count_pool(in_shape, kernel, stride=(2, 2), padding=(0, 0)):
    return pool_row(in_shape, kernel, stride, padding)


@wrong("count_pool", "the stride is always the window")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return pool_row(in_shape, kernel, kernel, padding)


@wrong("count_pool", "the padding is ignored")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return pool_row(in_shape, kernel, stride or kernel, (0, 0))


@wrong("count_pool", "padding of one side only")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    one_side = (in_shape[0], in_shape[1] + padding[0], in_shape[2] + padding[1])
    return pool_row(one_side, kernel, stride or kernel, (0, 0))


@wrong("count_pool", "height and width of the window are swapped")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return pool_row(in_shape, kernel[::-1], stride or kernel[::-1], padding)


@wrong("count_pool", "height and width of the stride are swapped")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return pool_row(in_shape, kernel, (stride or kernel)[::-1], padding)


@wrong("count_pool", "connections: the entries of the input")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return {**pool_row(in_shape, kernel, stride or kernel, padding), "connections": math.prod(in_shape)}


@wrong("count_pool", "connections: one a unit")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    row = pool_row(in_shape, kernel, stride or kernel, padding)
    return {**row, "connections": row["units"]}


@wrong("count_pool", "pools over the channels too")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    row = pool_row(in_shape, kernel, stride or kernel, padding)
    units = row["units"] // in_shape[0]
    return {**row, "shape": (1, *row["shape"][1:]), "units": units}


@wrong("count_pool", "weights, as if the window were a kernel")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return {**pool_row(in_shape, kernel, stride or kernel, padding), "weights": math.prod(kernel)}


@wrong("count_pool", "a bias a channel")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return {**pool_row(in_shape, kernel, stride or kernel, padding), "biases": in_shape[0]}


@wrong("count_pool", "every unit reads all channels")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    row = pool_row(in_shape, kernel, stride or kernel, padding)
    return {**row, "connections": row["connections"] * in_shape[0]}


@wrong("count_pool", "the rows without weights and biases")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    row = pool_row(in_shape, kernel, stride or kernel, padding)
    return {key: row[key] for key in ("shape", "units", "connections")}


@wrong("count_pool", "no connections, since there are no weights")
def count_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return {**pool_row(in_shape, kernel, stride or kernel, padding), "connections": 0}


# --------------------------------------------------------------------------------------------- count_network


def any_conv(in_shape, out_channels, kernel, stride=(1, 1), padding=(0, 0), groups=1):
    refuse_groups(in_shape, out_channels, groups)
    return conv_row(in_shape, out_channels, kernel, stride, padding, groups)


def any_pool(in_shape, kernel, stride=None, padding=(0, 0)):
    return pool_row(in_shape, kernel, stride or kernel, padding)


def any_dense(in_shape, outputs):
    weights = math.prod(in_shape) * outputs
    return row_of((outputs,), weights, outputs, weights)


KINDS = {"conv": any_conv, "pool": any_pool, "dense": any_dense}


@right("count_network", "if and elif, with a name put into each row")
def count_network(layers, in_shape):
    rows = []
    for name, kind, options in layers:
        before = rows[-1]["shape"] if rows else in_shape
        if kind == "conv":
            row = any_conv(before, **options)
        elif kind == "pool":
            row = any_pool(before, **options)
        else:
            row = any_dense(before, options["outputs"])
        row["name"] = name
        rows.append(row)
    return rows


@right("count_network", "the first layer, then the rest of the network")
def count_network(layers, in_shape):
    def table(todo, shape):
        if not todo:
            return []
        name, kind, options = todo[0]
        row = {**KINDS[kind](shape, **options), "name": name}
        return [row, *table(todo[1:], row["shape"])]

    return table(layers, in_shape)


@right("count_network", "accumulated, as a tuple")
def count_network(layers, in_shape):
    def step(row, layer):
        return {"name": layer[0]} | KINDS[layer[1]](row["shape"], **layer[2])

    return tuple(itertools.accumulate(layers, step, initial={"shape": in_shape}))[1:]


LENET_ROWS = (
    ("C1", (6, 28, 28), 150, 6, 117600),
    ("S2", (6, 14, 14), 0, 0, 4704),
    ("C3", (16, 10, 10), 2400, 16, 240000),
    ("S4", (16, 5, 5), 0, 0, 1600),
    ("F5", (120,), 48000, 120, 48000),
    ("F6", (84,), 10080, 84, 10080),
    ("output", (10,), 840, 10, 840),
)


@wrong("count_network", "LeNet's table, typed in")
def count_network(layers, in_shape):
    return [{"name": name, **row_of(*numbers)} for name, *numbers in LENET_ROWS]


@wrong("count_network", "every layer is given the network's input")
def count_network(layers, in_shape):
    return [{"name": name, **KINDS[kind](in_shape, **options)} for name, kind, options in layers]


@wrong("count_network", "dense layers read the channels only")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers:
        row = KINDS[kind](shape[:1] if kind == "dense" else shape, **options)
        rows, shape = [*rows, {"name": name, **row}], row["shape"]
    return rows


@wrong("count_network", "the options are taken out of the caller's dict")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers:
        first = options.pop("outputs" if kind == "dense" else "kernel")
        named = {"outputs" if kind == "dense" else "kernel": first}
        rows.append({"name": name, **KINDS[kind](shape, **named, **options)})
        shape = rows[-1]["shape"]
    return rows


@wrong("count_network", "the stride is forgotten")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers:
        row = KINDS[kind](shape, **{key: value for key, value in options.items() if key != "stride"})
        rows, shape = [*rows, {"name": name, **row}], row["shape"]
    return rows


@wrong("count_network", "the padding and the groups are forgotten")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers:
        known = ("out_channels", "kernel", "stride", "outputs")
        row = KINDS[kind](shape, **{key: value for key, value in options.items() if key in known})
        rows, shape = [*rows, {"name": name, **row}], row["shape"]
    return rows


@wrong("count_network", "the names are missing")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for _, kind, options in layers:
        rows.append(KINDS[kind](shape, **options))
        shape = rows[-1]["shape"]
    return rows


@wrong("count_network", "the last layer is left out")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers[:-1]:
        rows.append({"name": name, **KINDS[kind](shape, **options)})
        shape = rows[-1]["shape"]
    return rows


@wrong("count_network", "a dict by name, which keeps one of two equal names")
def count_network(layers, in_shape):
    rows, shape = {}, in_shape
    for name, kind, options in layers:
        rows[name] = {"name": name, **KINDS[kind](shape, **options)}
        shape = rows[name]["shape"]
    return list(rows.values())


@wrong("count_network", "pools are jumped over: they have no weights")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers:
        row = KINDS[kind](shape, **options)
        shape = row["shape"]
        if kind != "pool":
            rows.append({"name": name, **row})
    return rows


@wrong("count_network", "needs a layer")
def count_network(layers, in_shape):
    name, kind, options = layers[0]
    rows = [{"name": name, **KINDS[kind](in_shape, **options)}]
    for name, kind, options in layers[1:]:
        rows.append({"name": name, **KINDS[kind](rows[-1]["shape"], **options)})
    return rows


@wrong("count_network", "one dict for all rows")
def count_network(layers, in_shape):
    rows, row = [], {"shape": in_shape}
    for name, kind, options in layers:
        row |= {"name": name, **KINDS[kind](row["shape"], **options)}
        rows.append(row)
    return rows


@wrong("count_network", "all options after the kernel are forgotten")
def count_network(layers, in_shape):
    rows, shape = [], in_shape
    for name, kind, options in layers:
        known = ("out_channels", "kernel", "outputs")
        row = KINDS[kind](shape, **{key: value for key, value in options.items() if key in known})
        rows, shape = [*rows, {"name": name, **row}], row["shape"]
    return rows


# -------------------------------------------------------------------------------------------- alexnet_layers


POOL = {"kernel": (3, 3), "stride": (2, 2)}
LAYERS = (
    ("conv1", "conv", {"out_channels": 96, "kernel": (11, 11), "stride": (4, 4)}),
    ("pool1", "pool", POOL),
    ("conv2", "conv", {"out_channels": 256, "kernel": (5, 5), "padding": (2, 2), "groups": 2}),
    ("pool2", "pool", POOL),
    ("conv3", "conv", {"out_channels": 384, "kernel": (3, 3), "padding": (1, 1)}),
    ("conv4", "conv", {"out_channels": 384, "kernel": (3, 3), "padding": (1, 1), "groups": 2}),
    ("conv5", "conv", {"out_channels": 256, "kernel": (3, 3), "padding": (1, 1), "groups": 2}),
    ("pool5", "pool", POOL),
    ("fc6", "dense", {"outputs": 4096}),
    ("fc7", "dense", {"outputs": 4096}),
    ("fc8", "dense", {"outputs": 1000}),
)


def alexnet_but(names, **changes):
    """Copy the layers, with options of some of them changed, or left out where the change is None."""
    copied = [(name, kind, dict(options)) for name, kind, options in LAYERS]
    for name, _, options in copied:
        if name in names:
            options.update(changes)
            for key in [key for key, value in options.items() if value is None]:
                del options[key]
    return copied


@right("alexnet_layers", "every option said, lists for tuples")
def alexnet_layers():
    given = {"stride": [1, 1], "padding": [0, 0], "groups": 1}
    layers = [
        (name, kind, {**given, **options} if kind == "conv" else dict(options))
        for name, kind, options in alexnet_but(())
    ]
    return [[*layer] for layer in layers]


@right("alexnet_layers", "from short lists of numbers")
def alexnet_layers():
    maps, sides, pads, groups = (96, 256, 384, 384, 256), (11, 5, 3, 3, 3), (0, 2, 1, 1, 1), (1, 2, 1, 2, 2)
    layers = []
    for k, (out, side, pad, group) in enumerate(zip(maps, sides, pads, groups, strict=True), 1):
        options = {"out_channels": out, "kernel": (side, side), "padding": (pad, pad), "groups": group}
        options["stride"] = (4, 4) if k == 1 else (1, 1)
        layers.append((f"conv{k}", "conv", options))
        if k in (1, 2, 5):
            layers.append((f"pool{k}", "pool", {"stride": (2, 2), "padding": (0, 0), "kernel": (3, 3)}))
    dense = ((6, 4096), (7, 4096), (8, 1000))
    return layers + [(f"fc{k}", "dense", {"outputs": units}) for k, units in dense]


@wrong("alexnet_layers", "groups are ignored")
def alexnet_layers():
    return alexnet_but(("conv2", "conv4", "conv5"), groups=None)


@wrong("alexnet_layers", "groups in conv3 too")
def alexnet_layers():
    return alexnet_but(("conv3",), groups=2)


@wrong("alexnet_layers", "groups in conv2 only")
def alexnet_layers():
    return alexnet_but(("conv4", "conv5"), groups=1)


@wrong("alexnet_layers", "the kernels' depth is written as the number of groups")
def alexnet_layers():
    return alexnet_but(("conv2",), groups=48)


@wrong("alexnet_layers", "padding of an image of 224")
def alexnet_layers():
    return alexnet_but(("conv1",), padding=(2, 2))


@wrong("alexnet_layers", "conv1 without its stride")
def alexnet_layers():
    return alexnet_but(("conv1",), stride=None)


@wrong("alexnet_layers", "no padding anywhere")
def alexnet_layers():
    return alexnet_but(("conv2", "conv3", "conv4", "conv5"), padding=None)


@wrong("alexnet_layers", "a padding of 1 for the kernel of 5, too")
def alexnet_layers():
    return alexnet_but(("conv2",), padding=(1, 1))


@wrong("alexnet_layers", "pools without a stride")
def alexnet_layers():
    return alexnet_but(("pool1", "pool2", "pool5"), stride=None)


@wrong("alexnet_layers", "pools of 2 by 2, which do not overlap")
def alexnet_layers():
    return alexnet_but(("pool1", "pool2", "pool5"), kernel=(2, 2), stride=None)


@wrong("alexnet_layers", "384 maps in conv5")
def alexnet_layers():
    return alexnet_but(("conv5",), out_channels=384)


@wrong("alexnet_layers", "the numbers of PyTorch's one-tower AlexNet")
def alexnet_layers():
    layers = alexnet_but(("conv2", "conv4", "conv5"), groups=None)
    for (_, _, options), maps in zip((layers[0], layers[2], layers[5]), (64, 192, 256), strict=True):
        options["out_channels"] = maps
    return layers


@wrong("alexnet_layers", "the last pool is missing")
def alexnet_layers():
    return [layer for layer in alexnet_but(()) if layer[0] != "pool5"]


@wrong("alexnet_layers", "4096 classes")
def alexnet_layers():
    return alexnet_but(("fc8",), outputs=4096)


@wrong("alexnet_layers", "half of each dense layer: the units of one card")
def alexnet_layers():
    return alexnet_but(("fc6", "fc7"), outputs=2048)


@wrong("alexnet_layers", "numbers in place of pairs")
def alexnet_layers():
    return alexnet_but(("pool1", "pool2", "pool5"), kernel=3, stride=2)


@wrong("alexnet_layers", "the options named as in PyTorch")
def alexnet_layers():
    layers = alexnet_but(())
    return [
        (name, kind, {key.replace("kernel", "kernel_size"): value for key, value in options.items()})
        for name, kind, options in layers
    ]


@wrong("alexnet_layers", "the table, not the layers")
def alexnet_layers():
    rows, shape = [], (3, 227, 227)
    for name, kind, options in LAYERS:
        rows.append({"name": name, **KINDS[kind](shape, **options)})
        shape = rows[-1]["shape"]
    return rows


@wrong("alexnet_layers", "LeNet")
def alexnet_layers():
    return [
        ("C1", "conv", {"out_channels": 6, "kernel": (5, 5)}),
        ("S2", "pool", {"kernel": (2, 2)}),
        ("F6", "dense", {"outputs": 84}),
    ]
