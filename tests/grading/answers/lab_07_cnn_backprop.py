"""Wrong and right answers to the tasks of lab 07, as students write them."""

# Several answers to a task have the same name, that of the task.

import itertools

import numpy as np
from curated import right, wrong
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

LAB = "07_cnn_backprop"


# --------------------------------------------------------------------------------------------------- windows


def padded(x, padding):
    p, q = padding
    return np.pad(x, [(0, 0), (0, 0), (p, p), (q, q)])


def taken(x, kernel, stride=(1, 1), padding=(0, 0)):
    every = sliding_window_view(padded(x, padding), kernel, axis=(2, 3))
    return every[:, :, :: stride[0], :: stride[1]]


@right("windows", "NumPy's view of all windows, every so many of them")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    wide = np.pad(x, ((0, 0), (0, 0), (p, p), (q, q)))
    return sliding_window_view(wide, kernel, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]


@right("windows", "a loop over the windows")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    (kh, kw), (down, across), (p, q) = kernel, stride, padding
    batch, channels, height, width = x.shape
    wide = np.zeros((batch, channels, height + 2 * p, width + 2 * q), dtype=x.dtype)
    wide[:, :, p : p + height, q : q + width] = x
    tops = range(0, height + 2 * p - kh + 1, down)
    lefts = range(0, width + 2 * q - kw + 1, across)
    rows = [np.stack([wide[:, :, r : r + kh, s : s + kw] for s in lefts], axis=2) for r in tops]
    return np.stack(rows, axis=2)


@right("windows", "indices of all entries at once")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    wide = padded(x, padding)
    tops = np.arange(0, wide.shape[2] - kernel[0] + 1, stride[0])
    lefts = np.arange(0, wide.shape[3] - kernel[1] + 1, stride[1])
    rows = tops[:, None, None, None] + np.arange(kernel[0])[:, None]
    return wide[:, :, rows, lefts[:, None, None] + np.arange(kernel[1])]


@wrong("windows", "height and width of the kernel exchanged")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, kernel[::-1], stride, padding)


@wrong("windows", "square kernels only")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, (kernel[0], kernel[0]), stride, padding)


@wrong("windows", "steps down and across exchanged")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, kernel, stride[::-1], padding)


@wrong("windows", "one step for both ways")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, kernel, (stride[0], stride[0]), padding)


@wrong("windows", "the stride is ignored")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, kernel, (1, 1), padding)


@wrong("windows", "the stride in the size only: the windows are neighbours")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    right_ones = taken(x, kernel, stride, padding)
    return taken(x, kernel, (1, 1), padding)[:, :, : right_ones.shape[2], : right_ones.shape[3]]


@wrong("windows", "padding above and left only")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return taken(np.pad(x, [(0, 0), (0, 0), (p, 0), (q, 0)]), kernel, stride)


@wrong("windows", "padding below and right only")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return taken(np.pad(x, [(0, 0), (0, 0), (0, p), (0, q)]), kernel, stride)


@wrong("windows", "padding of rows and columns exchanged")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, kernel, stride, padding[::-1])


@wrong("windows", "padded with the nearest pixel")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return taken(np.pad(x, [(0, 0), (0, 0), (p, p), (q, q)], mode="edge"), kernel, stride)


@wrong("windows", "windows that reach beyond the border are filled up with zeros")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    wide = padded(x, padding)
    rest = [(-(wide.shape[a + 2] - kernel[a])) % stride[a] for a in (0, 1)]
    return taken(np.pad(wide, [(0, 0), (0, 0), (0, rest[0]), (0, rest[1])]), kernel, stride)


@wrong("windows", "the last window is missing")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    wide = padded(x, padding)
    return sliding_window_view(wide, kernel, axis=(2, 3))[:, :, : -1 : stride[0], : -1 : stride[1]]


@wrong("windows", "the window's own axes come before its place")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return np.moveaxis(taken(x, kernel, stride, padding), (4, 5), (2, 3))


@wrong("windows", "always floats")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x.astype(float), kernel, stride, padding)


@wrong("windows", "side by side if no stride is given")
def windows(x, kernel, stride=None, padding=(0, 0)):
    return taken(x, kernel, stride or kernel, padding)


@wrong("windows", "height and width swapped in each window")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(x, kernel, stride, padding).swapaxes(4, 5)


@wrong("windows", "the stride takes pixels away before the windows are laid")
def windows(x, kernel, stride=(1, 1), padding=(0, 0)):
    return taken(padded(x, padding)[:, :, :: stride[0], :: stride[1]], kernel)


# ------------------------------------------------------------------------------------------ windows_backward


def returned(y_bar, x, stride=(1, 1), padding=(0, 0)):
    """Add up through the places that the windows take out of an array of numbers."""
    places = np.arange(x.size).reshape(x.shape) + 1  # 0 is the padding
    sums = np.zeros(x.size + 1, y_bar.dtype)
    np.add.at(sums, taken(places, y_bar.shape[4:], stride, padding), y_bar)
    return sums[1:].reshape(x.shape)


def grown(x, padding, dtype):
    return np.zeros((*x.shape[:2], *(n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True))), dtype)


@right("windows_backward", "a loop over the windows")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    x_bar = grown(x, padding, y_bar.dtype)
    for r, s in np.ndindex(y_bar.shape[2:4]):
        top, left = r * stride[0], s * stride[1]
        x_bar[:, :, top : top + kernel[0], left : left + kernel[1]] += y_bar[:, :, r, s]
    p, q = padding
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]].copy()


@right("windows_backward", "windows of the places, and np.add.at")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar, x, stride, padding)


@right("windows_backward", "slices for each entry of the kernel, cut from the end too")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    (down, across), (p, q) = stride, padding
    x_bar = grown(x, padding, y_bar.dtype)
    height, width = x_bar.shape[2:]
    for i, j in itertools.product(*map(range, kernel)):
        part = x_bar[:, :, i::down, j::across]
        part[:, :, : y_bar.shape[2], : y_bar.shape[3]] += y_bar[:, :, :, :, i, j]
    return x_bar[:, :, p : height - p, q : width - q]


@wrong("windows_backward", "overwritten, not added, in a loop over the kernel")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    (down, across), (p, q) = stride, padding
    rows, columns = y_bar.shape[2:4]
    x_bar = grown(x, padding, y_bar.dtype)
    for i, j in np.ndindex(*kernel):
        x_bar[:, :, i : i + down * rows : down, j : j + across * columns : across] = y_bar[..., i, j]
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("windows_backward", "overwritten, not added, in a loop over the windows")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    x_bar, (p, q) = grown(x, padding, y_bar.dtype), padding
    for r, s in np.ndindex(y_bar.shape[2:4]):
        top, left = r * stride[0], s * stride[1]
        x_bar[:, :, top : top + kernel[0], left : left + kernel[1]] = y_bar[:, :, r, s]
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("windows_backward", "added through indices with +=, which counts a repeated one once")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    places = taken(np.arange(x.size).reshape(x.shape) + 1, kernel, stride, padding)
    sums = np.zeros(x.size + 1, y_bar.dtype)
    sums[places] += y_bar
    return sums[1:].reshape(x.shape)


@wrong("windows_backward", "the mean over the windows")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    count = returned(np.ones_like(y_bar), x, stride, padding)
    return returned(y_bar, x, stride, padding) / np.maximum(count, 1)


@wrong("windows_backward", "the stride is ignored on the way back")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    x_bar, (p, q) = grown(x, padding, y_bar.dtype), padding
    for r, s in np.ndindex(y_bar.shape[2:4]):
        x_bar[:, :, r : r + kernel[0], s : s + kernel[1]] += y_bar[:, :, r, s]
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("windows_backward", "the padding is not cut off")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar, padded(x, padding), stride)


@wrong("windows_backward", "the padding is cut off above and left only")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar, padded(x, padding), stride)[:, :, padding[0] :, padding[1] :]


@wrong("windows_backward", "the padding is cut off below and right only")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar, padded(x, padding), stride)[:, :, : x.shape[2], : x.shape[3]]


@wrong("windows_backward", "cut with p:-p, which is empty for 0")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return returned(y_bar, padded(x, padding), stride)[:, :, p:-p, q:-q]


@wrong("windows_backward", "padding of rows and columns exchanged")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    wide = returned(y_bar, padded(x, padding), stride)
    q, p = padding
    return wide[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("windows_backward", "the border that no window takes is lost")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    used = [(y_bar.shape[a + 2] - 1) * stride[a] + kernel[a] - padding[a] for a in (0, 1)]
    return returned(y_bar, x, stride, padding)[:, :, : used[0], : used[1]]


@wrong("windows_backward", "of the type of x: integers cut the fractions off")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar, x, stride, padding).astype(x.dtype)


@wrong("windows_backward", "always float64")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar.astype(float), x, stride, padding)


@wrong("windows_backward", "each window turned round")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    return returned(y_bar[..., ::-1, ::-1], x, stride, padding)


@wrong("windows_backward", "steps down and across exchanged")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    x_bar, (across, down), (p, q) = grown(x, padding, y_bar.dtype), stride, padding
    for r, s in np.ndindex(y_bar.shape[2:4]):
        rows = slice(r * down, r * down + kernel[0])
        columns = slice(s * across, s * across + kernel[1])
        x_bar[:, :, rows, columns] += y_bar[:, :, r, s]
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("windows_backward", "square only: the step down for both ways")
def windows_backward(y_bar, x, kernel, stride=(1, 1), padding=(0, 0)):
    x_bar, (p, q), (rows, columns) = grown(x, padding, y_bar.dtype), padding, y_bar.shape[2:4]
    for i, j in np.ndindex(*kernel):
        step = stride[0]
        x_bar[:, :, i : i + step * rows : step, j : j + step * columns : step] += y_bar[..., i, j]
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


# ---------------------------------------------------------------------------------------------------- conv2d


def output(x, W, b, stride=(1, 1), padding=(0, 0)):
    parts = taken(x, W.shape[2:], stride, padding)
    return np.tensordot(parts, W, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + b[:, None, None]


@right("conv2d", "tensordot over the windows")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    every = sliding_window_view(padded(x, padding), W.shape[2:], axis=(2, 3))
    parts = every[:, :, :: stride[0], :: stride[1]]
    y = np.tensordot(parts, W, axes=((1, 4, 5), (1, 2, 3)))
    return np.moveaxis(y, 3, 1) + b.reshape(1, -1, 1, 1)


@right("conv2d", "a loop over the output's places, one product each")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    wide, (kh, kw) = padded(x, padding), W.shape[2:]
    rows = (wide.shape[2] - kh) // stride[0] + 1
    columns = (wide.shape[3] - kw) // stride[1] + 1
    y = np.zeros((len(x), len(W), rows, columns), np.result_type(x, W))
    for r, s in np.ndindex(rows, columns):
        top, left = r * stride[0], s * stride[1]
        part = wide[:, :, top : top + kh, left : left + kw].reshape(len(x), -1)
        y[:, :, r, s] = part @ W.reshape(len(W), -1).T + b
    return y


@right("conv2d", "a loop over the kernel's entries, the whole output at once")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    wide, (kh, kw) = padded(x, padding), W.shape[2:]
    rows = (wide.shape[2] - kh) // stride[0] + 1
    columns = (wide.shape[3] - kw) // stride[1] + 1
    y = b[:, None, None]
    for i, j in np.ndindex(kh, kw):
        part = wide[:, :, i :: stride[0], j :: stride[1]][:, :, :rows, :columns]
        y = y + np.einsum("nchw,oc->nohw", part, W[:, :, i, j])
    return y


@wrong("conv2d", "the kernel flipped, as scipy's convolve2d does")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W[:, :, ::-1, ::-1], b, stride, padding)


@wrong("conv2d", "the kernel turned upside down only")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W[:, :, ::-1], b, stride, padding)


@wrong("conv2d", "the kernel turned from left to right only")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W[..., ::-1], b, stride, padding)


@wrong("conv2d", "height and width swapped: the kernel transposed")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W.swapaxes(2, 3), b, stride, padding)


@wrong("conv2d", "the bias forgotten")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W, 0 * b, stride, padding)


@wrong("conv2d", "the bias added along the columns")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W, 0 * b, stride, padding) + b


@wrong("conv2d", "the bias added once for each input channel")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    channels = range(x.shape[1])
    return sum(output(x[:, c : c + 1], W[:, c : c + 1], b, stride, padding) for c in channels)


@wrong("conv2d", "the first input channel only")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x[:, :1], W[:, :1], b, stride, padding)


@wrong("conv2d", "square kernels only: the height stands for both")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    k = W.shape[2]
    return np.einsum("ncrsij,ocij->nors", taken(x, (k, k), stride, padding), W) + b[:, None, None]


@wrong("conv2d", "steps down and across exchanged")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W, b, stride[::-1], padding)


@wrong("conv2d", "the step down for both")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x, W, b, (stride[0], stride[0]), padding)


@wrong("conv2d", "padding above and left only")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return output(np.pad(x, [(0, 0), (0, 0), (p, 0), (q, 0)]), W, b, stride)


@wrong("conv2d", "padding of one side only, below and right")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return output(np.pad(x, [(0, 0), (0, 0), (0, p), (0, q)]), W, b, stride)


@wrong("conv2d", "the stride in the size only")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    size = output(x, W, b, stride, padding).shape[2:]
    return output(x, W, b, (1, 1), padding)[:, :, : size[0], : size[1]]


@wrong("conv2d", "stride and padding in another order")
def conv2d(x, W, b, padding=(0, 0), stride=(1, 1)):
    return output(x, W, b, stride, padding)


@wrong("conv2d", "stride of 2 by default")
def conv2d(x, W, b, stride=(2, 2), padding=(0, 0)):
    return output(x, W, b, stride, padding)


@wrong("conv2d", "always float64")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    return output(x.astype(float), W, b, stride, padding)


@wrong("conv2d", "the input is padded with its own edge")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return output(np.pad(x, [(0, 0), (0, 0), (p, p), (q, q)], mode="edge"), W, b, stride)


@wrong("conv2d", "square kernels only: a loop over the height for both")
def conv2d(x, W, b, stride=(1, 1), padding=(0, 0)):
    wide, size = padded(x, padding), W.shape[2]
    rows = (wide.shape[2] - size) // stride[0] + 1
    columns = (wide.shape[3] - size) // stride[1] + 1
    y = np.zeros((len(x), len(W), rows, columns), W.dtype) + b[:, None, None]
    for i, j in np.ndindex(size, size):
        part = wide[:, :, i :: stride[0], j :: stride[1]][:, :, :rows, :columns]
        y += np.einsum("nchw,oc->nohw", part, W[:, :, i, j])
    return y


# ------------------------------------------------------------------------------------------ kernel_gradients


def to_kernels(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    parts = taken(x, W.shape[2:], stride, padding)[:, :, : y_bar.shape[2], : y_bar.shape[3]]
    return np.tensordot(y_bar, parts, axes=((0, 2, 3), (0, 2, 3)))


@right("kernel_gradients", "tensordot, and a sum")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x, W, stride, padding), y_bar.sum((0, 2, 3))


@right("kernel_gradients", "a loop over the kernel's entries")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, W_bar, (rows, columns) = padded(x, padding), np.zeros_like(W), y_bar.shape[2:]
    for i, j in np.ndindex(W.shape[2:]):
        part = wide[:, :, i :: stride[0], j :: stride[1]][:, :, :rows, :columns]
        W_bar[:, :, i, j] = np.einsum("nohw,nchw->oc", y_bar, part)
    return W_bar, np.einsum("nohw->o", y_bar)


@right("kernel_gradients", "a loop over the windows, as a list of two")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, W_bar, (kh, kw) = padded(x, padding), np.zeros_like(W), W.shape[2:]
    for n, r, s in np.ndindex(len(x), *y_bar.shape[2:]):
        top, left = r * stride[0], s * stride[1]
        part = wide[n, :, top : top + kh, left : left + kw]
        W_bar += y_bar[n, :, r, s][:, None, None, None] * part
    return [W_bar, y_bar.sum(axis=3).sum(axis=2).sum(axis=0)]


@wrong("kernel_gradients", "flipped once too often")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    W_bar = to_kernels(y_bar, x, W, stride, padding)
    return W_bar[:, :, ::-1, ::-1].copy(), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "y_bar is turned round")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar[..., ::-1, ::-1], x, W, stride, padding), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "the stride is ignored on the way back")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x, W, (1, 1), padding), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "the padding is forgotten")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    wide = np.pad(x, [(0, 0), (0, 0), (0, 2 * p), (0, 2 * q)])
    return to_kernels(y_bar, wide, W, stride), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "padding of rows and columns exchanged")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide = np.pad(padded(x, padding[::-1]), [(0, 0), (0, 0), (0, 9), (0, 9)])
    return to_kernels(y_bar, wide, W, stride), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "steps down and across exchanged")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide = np.pad(padded(x, padding), [(0, 0), (0, 0), (0, 30), (0, 30)])
    return to_kernels(y_bar, wide, W, stride[::-1]), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "the mean over the batch")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    W_bar = to_kernels(y_bar, x, W, stride, padding)
    return W_bar / len(x), y_bar.sum(axis=(0, 2, 3)) / len(x)


@wrong("kernel_gradients", "the bias's gradient is a mean")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x, W, stride, padding), y_bar.mean(axis=(0, 2, 3))


@wrong("kernel_gradients", "the bias's gradient is one number")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x, W, stride, padding), y_bar.sum()


@wrong("kernel_gradients", "the bias's gradient is not summed over the batch")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x, W, stride, padding), y_bar.sum(axis=(2, 3))


@wrong("kernel_gradients", "the last image overwrites the others")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    for n in range(len(x)):
        W_bar = to_kernels(y_bar[n : n + 1], x[n : n + 1], W, stride, padding)
    return W_bar, y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "the axes of output and input channels exchanged")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x, W, stride, padding).swapaxes(0, 1), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "the input channels are added up")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    W_bar = to_kernels(y_bar, x, W, stride, padding)
    return 0 * W_bar + W_bar.sum(axis=1, keepdims=True), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "y_bar counts as 1")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(np.ones_like(y_bar), x, W, stride, padding), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "zeros")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return np.zeros_like(W), np.zeros(len(W), W.dtype)


@wrong("kernel_gradients", "exchanged")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return y_bar.sum(axis=(0, 2, 3)), to_kernels(y_bar, x, W, stride, padding)


@wrong("kernel_gradients", "float64")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_kernels(y_bar, x.astype(float), W, stride, padding), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "padding of one side only, above and left")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    wide = np.pad(x, [(0, 0), (0, 0), (2 * p, 0), (2 * q, 0)])
    return to_kernels(y_bar, wide, W, stride), y_bar.sum(axis=(0, 2, 3))


@wrong("kernel_gradients", "square kernels only: the height stands for both")
def kernel_gradients(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    parts = taken(x, (W.shape[2], W.shape[2]), stride, padding)
    return np.einsum("nors,ncrsij->ocij", y_bar, parts), y_bar.sum(axis=(0, 2, 3))


# -------------------------------------------------------------------------------------------- input_gradient


def to_input(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return returned(np.einsum("nors,ocij->ncrsij", y_bar, W), x, stride, padding)


def spread(y_bar, stride):
    """Put zeros between the entries of y_bar."""
    rows, columns = ((n - 1) * step + 1 for n, step in zip(y_bar.shape[2:], stride, strict=True))
    wide = np.zeros((*y_bar.shape[:2], rows, columns), y_bar.dtype)
    wide[:, :, :: stride[0], :: stride[1]] = y_bar
    return wide


def full(wide, W):
    """Convolve fully, which flips the kernel, and sum over the output channels."""
    around = padded(wide, (W.shape[2] - 1, W.shape[3] - 1))
    return output(around, W[:, :, ::-1, ::-1].swapaxes(0, 1), np.zeros(W.shape[1], W.dtype))


@right("input_gradient", "a full convolution of y_bar, spread out by the stride, with the flipped kernel")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, (p, q) = full(spread(y_bar, stride), W), padding
    rest = [(0, max(0, x.shape[a + 2] + 2 * padding[a] - wide.shape[a + 2])) for a in (0, 1)]
    return np.pad(wide, [(0, 0), (0, 0), *rest])[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@right("input_gradient", "a loop over the kernel's entries")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    (down, across), (p, q), (rows, columns) = stride, padding, y_bar.shape[2:]
    x_bar = grown(x, padding, y_bar.dtype)
    for i, j in np.ndindex(W.shape[2:]):
        part = np.einsum("nohw,oc->nchw", y_bar, W[:, :, i, j])
        x_bar[:, :, i : i + down * rows : down, j : j + across * columns : across] += part
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@right("input_gradient", "a loop over the windows")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    x_bar, (kh, kw), (p, q) = grown(x, padding, y_bar.dtype), W.shape[2:], padding
    for r, s in np.ndindex(y_bar.shape[2:]):
        top, left = r * stride[0], s * stride[1]
        x_bar[:, :, top : top + kh, left : left + kw] += np.tensordot(y_bar[:, :, r, s], W, axes=1)
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "the kernel not flipped in the full convolution")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_input(y_bar, x, W[:, :, ::-1, ::-1], stride, padding)


@wrong("input_gradient", "flipped once too often: the flipped kernel in scipy's convolve2d, which flips too")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, (p, q) = spread(y_bar, stride), padding
    around = grown(x, padding, y_bar.dtype)
    for n, o, c in np.ndindex(len(x), *W.shape[:2]):
        part = signal.convolve2d(wide[n, o], W[o, c, ::-1, ::-1], mode="full")
        around[n, c, : part.shape[0], : part.shape[1]] += part
    return around[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "the stride is ignored on the way back")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, (p, q) = full(y_bar, W), padding
    around = grown(x, padding, y_bar.dtype)
    around[:, :, : wide.shape[2], : wide.shape[3]] = wide
    return around[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "overlapping windows overwrite each other")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    (down, across), (p, q), (rows, columns) = stride, padding, y_bar.shape[2:]
    x_bar = grown(x, padding, y_bar.dtype)
    for i, j in np.ndindex(W.shape[2:]):
        part = np.einsum("nohw,oc->nchw", y_bar, W[:, :, i, j])
        x_bar[:, :, i : i + down * rows : down, j : j + across * columns : across] = part
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "overwritten in a loop over the windows")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    x_bar, (kh, kw), (p, q) = grown(x, padding, y_bar.dtype), W.shape[2:], padding
    for r, s in np.ndindex(y_bar.shape[2:]):
        top, left = r * stride[0], s * stride[1]
        x_bar[:, :, top : top + kh, left : left + kw] = np.tensordot(y_bar[:, :, r, s], W, axes=1)
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "the padding is not cut off")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_input(y_bar, padded(x, padding), W, stride)


@wrong("input_gradient", "the padding is cut off on one side only")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_input(y_bar, padded(x, padding), W, stride)[:, :, : x.shape[2], : x.shape[3]]


@wrong("input_gradient", "padding of rows and columns exchanged")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, (q, p) = to_input(y_bar, padded(x, padding), W, stride), padding
    return wide[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "height and width of the kernel exchanged")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    x_bar, turned = grown(x, np.add(padding, 9), y_bar.dtype), W.swapaxes(2, 3)
    for (r, s), (i, j) in itertools.product(np.ndindex(y_bar.shape[2:]), np.ndindex(turned.shape[2:])):
        x_bar[:, :, r * stride[0] + i, s * stride[1] + j] += y_bar[:, :, r, s] @ turned[:, :, i, j]
    p, q = padding
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


@wrong("input_gradient", "one output channel only")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_input(y_bar[:, :1], x, W[:1], stride, padding)


@wrong("input_gradient", "the mean over the output channels")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_input(y_bar, x, W, stride, padding) / len(W)


@wrong("input_gradient", "the border that no window takes is lost")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    wide, (p, q) = full(spread(y_bar, stride), W), padding
    return wide[:, :, p : wide.shape[2] - p, q : wide.shape[3] - q]


@wrong("input_gradient", "zeros")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return np.zeros(x.shape, y_bar.dtype)


@wrong("input_gradient", "of the type of x")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    return to_input(y_bar, x, W, stride, padding).astype(x.dtype)


@wrong("input_gradient", "square kernels only: the height stands for both")
def input_gradient(y_bar, x, W, stride=(1, 1), padding=(0, 0)):
    x_bar, size, (p, q) = grown(x, padding, y_bar.dtype), W.shape[2], padding
    for r, s in np.ndindex(y_bar.shape[2:]):
        top, left = r * stride[0], s * stride[1]
        x_bar[:, :, top : top + size, left : left + size] += np.tensordot(y_bar[:, :, r, s], W, axes=1)
    return x_bar[:, :, p : p + x.shape[2], q : q + x.shape[3]]


# -------------------------------------------------------------------------------------------- grouped_conv2d


def each_group(x, W, b, groups, stride, padding):
    ins, outs = x.shape[1] // groups, len(W) // groups
    for g in range(groups):
        mine = slice(g * outs, (g + 1) * outs)
        yield output(x[:, g * ins : (g + 1) * ins], W[mine], b[mine], stride, padding)


@right("grouped_conv2d", "one layer for each group")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return np.concatenate(list(each_group(x, W, b, groups, stride, padding)), axis=1)


@right("grouped_conv2d", "one einsum with an axis for the groups")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    parts = taken(x, W.shape[2:], stride, padding)
    parts = parts.reshape(len(x), groups, -1, *parts.shape[2:])
    y = np.einsum("ngcrsij,gocij->ngors", parts, W.reshape(groups, -1, *W.shape[1:]))
    return y.reshape(len(x), len(W), *y.shape[3:]) + b[:, None, None]


@right("grouped_conv2d", "a dense layer whose weights between groups are zero")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    dense = np.zeros((len(W), x.shape[1], *W.shape[2:]), W.dtype)
    for o in range(len(W)):
        first = o // (len(W) // groups) * W.shape[1]
        dense[o, first : first + W.shape[1]] = W[o]
    return output(x, dense, b, stride, padding)


@wrong("grouped_conv2d", "groups ignored: the first channels for all kernels")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return output(x[:, : W.shape[1]], W, b, stride, padding)


@wrong("grouped_conv2d", "groups ignored: the kernels are repeated over all channels")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return output(x, np.tile(W, (1, groups, 1, 1)), b, stride, padding)


@wrong("grouped_conv2d", "groups ignored: the layer of task 3")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return output(x, W, b, stride, padding)


@wrong("grouped_conv2d", "channels dealt out in turn")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    dealt = np.concatenate([x[:, g::groups] for g in range(groups)], axis=1)
    return np.concatenate(list(each_group(dealt, W, b, groups, stride, padding)), axis=1)


@wrong("grouped_conv2d", "kernels dealt out in turn")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    ins, y = x.shape[1] // groups, output(x[:, : W.shape[1]], W, b, stride, padding)
    for g in range(groups):
        y[:, g::groups] = output(x[:, g * ins : (g + 1) * ins], W[g::groups], b[g::groups], stride, padding)
    return y


@wrong("grouped_conv2d", "the groups' outputs are added")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return sum(each_group(x, W, b, groups, stride, padding))


@wrong("grouped_conv2d", "joined along the batch")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return np.concatenate(list(each_group(x, W, b, groups, stride, padding)))


@wrong("grouped_conv2d", "stride and padding not passed on")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return np.concatenate(list(each_group(x, W, b, groups, (1, 1), (0, 0))), axis=1)


@wrong("grouped_conv2d", "padding not passed on")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return np.concatenate(list(each_group(x, W, b, groups, stride, (0, 0))), axis=1)


@wrong("grouped_conv2d", "the first group's biases for all")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    first = np.tile(b[: len(b) // groups], groups)
    return np.concatenate(list(each_group(x, W, first, groups, stride, padding)), axis=1)


@wrong("grouped_conv2d", "as many groups as channels, always")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return np.concatenate(list(each_group(x, W[:, :1], b, x.shape[1], stride, padding)), axis=1)


@wrong("grouped_conv2d", "kernels flipped")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    return np.concatenate(list(each_group(x, W[..., ::-1, ::-1], b, groups, stride, padding)), axis=1)


@wrong("grouped_conv2d", "every g-th kernel for a group, and the outputs as they come")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    order = np.concatenate([np.arange(g, len(W), groups) for g in range(groups)])
    return np.concatenate(list(each_group(x, W[order], b[order], groups, stride, padding)), axis=1)


@wrong("grouped_conv2d", "the outputs joined in turn")
def grouped_conv2d(x, W, b, groups=1, stride=(1, 1), padding=(0, 0)):
    y = np.stack(list(each_group(x, W, b, groups, stride, padding)), axis=2)
    return y.reshape(len(x), len(W), *y.shape[3:])


# ---------------------------------------------------------------------------------------------------- pool2d


@right("pool2d", "reductions of a view")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel, kernel if stride is None else stride)
    return {"max": np.max, "average": np.mean}[kind](parts, axis=(-2, -1))


@right("pool2d", "a loop over the windows")
def pool2d(x, kernel, stride=None, kind="max"):
    (kh, kw), (down, across) = kernel, stride or kernel
    tops = range(0, x.shape[2] - kh + 1, down)
    lefts = range(0, x.shape[3] - kw + 1, across)
    parts = [[x[:, :, r : r + kh, s : s + kw].reshape(*x.shape[:2], -1) for s in lefts] for r in tops]
    pooled = [[part.max(-1) if kind == "max" else part.mean(-1) for part in row] for row in parts]
    return np.moveaxis(np.array(pooled), (0, 1), (2, 3))


@right("pool2d", "a running maximum or sum over the kernel's entries")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel, stride or kernel)
    y = parts[..., 0, 0] / 1 if kind == "average" else parts[..., 0, 0]
    for i, j in list(np.ndindex(*kernel))[1:]:
        y = y + parts[..., i, j] if kind == "average" else np.maximum(y, parts[..., i, j])
    return y / (kernel[0] * kernel[1]) if kind == "average" else y


@wrong("pool2d", "the mean always")
def pool2d(x, kernel, stride=None, kind="max"):
    return taken(x, kernel, stride or kernel).mean(axis=(4, 5))


@wrong("pool2d", "the largest always")
def pool2d(x, kernel, stride=None, kind="max"):
    return taken(x, kernel, stride or kernel).max(axis=(4, 5))


@wrong("pool2d", "steps of 1 if no stride is given")
def pool2d(x, kernel, stride=(1, 1), kind="max"):
    parts = taken(x, kernel, stride)
    return parts.max(axis=(4, 5)) if kind == "max" else parts.mean(axis=(4, 5))


@wrong("pool2d", "stride ignored: a reshape into blocks")
def pool2d(x, kernel, stride=None, kind="max"):
    (kh, kw), (rows, columns) = kernel, (x.shape[2] // kernel[0], x.shape[3] // kernel[1])
    blocks = x[:, :, : rows * kh, : columns * kw].reshape(*x.shape[:2], rows, kh, columns, kw)
    return blocks.max(axis=(3, 5)) if kind == "max" else blocks.mean(axis=(3, 5))


@wrong("pool2d", "height and width of the kernel exchanged")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel[::-1], stride or kernel)
    return parts.max(axis=(4, 5)) if kind == "max" else parts.mean(axis=(4, 5))


@wrong("pool2d", "steps down and across exchanged")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel, (stride or kernel)[::-1])
    return parts.max(axis=(4, 5)) if kind == "max" else parts.mean(axis=(4, 5))


@wrong("pool2d", "square only: the height stands for both")
def pool2d(x, kernel, stride=None, kind="max"):
    stride = stride or kernel
    parts = taken(x, (kernel[0],) * 2, (stride[0],) * 2)
    return parts.max(axis=(4, 5)) if kind == "max" else parts.mean(axis=(4, 5))


@wrong("pool2d", "the sum, not the mean")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel, stride or kernel)
    return parts.max(axis=(4, 5)) if kind == "max" else parts.sum(axis=(4, 5))


@wrong("pool2d", "a running maximum that begins at 0")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel, stride or kernel)
    return np.maximum(parts.max(axis=(4, 5)), 0) if kind == "max" else parts.mean(axis=(4, 5))


@wrong("pool2d", "what reaches beyond the border is pooled too")
def pool2d(x, kernel, stride=None, kind="max"):
    stride = stride or kernel
    rest = [(0, -(x.shape[a + 2] - kernel[a]) % stride[a]) for a in (0, 1)]
    parts = taken(np.pad(x, [(0, 0), (0, 0), *rest], mode="edge"), kernel, stride)
    return parts.max(axis=(4, 5)) if kind == "max" else parts.mean(axis=(4, 5))


@wrong("pool2d", "the channels are pooled, too")
def pool2d(x, kernel, stride=None, kind="max"):
    parts = taken(x, kernel, stride or kernel)
    return parts.max(axis=(1, 4, 5)) if kind == "max" else parts.mean(axis=(1, 4, 5))


# ---------------------------------------------------------------------- max_pool2d_backward, and avg_pool2d_


def flat_windows(x, kernel, stride):
    parts = taken(x, kernel, stride)
    return parts.reshape(*parts.shape[:4], -1)


def sent(y_bar, shares, x, kernel, stride):
    """Give each window's gradient back by shares, one row of shares for each window."""
    parts_bar = (y_bar[..., None] * shares).reshape(*y_bar.shape, *kernel)
    return returned(parts_bar.astype(y_bar.dtype), x, stride)


@right("max_pool2d_backward", "the place of each maximum, and np.add.at")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    stride, x_bar = stride or kernel, np.zeros(x.shape, y_bar.dtype)
    best = flat_windows(x, kernel, stride).argmax(axis=-1)
    n, c, r, s = np.indices(y_bar.shape)
    rows, columns = r * stride[0] + best // kernel[1], s * stride[1] + best % kernel[1]
    np.add.at(x_bar, (n, c, rows, columns), y_bar)
    return x_bar


@right("max_pool2d_backward", "a loop over every window")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, kw), (down, across) = kernel, stride or kernel
    x_bar = np.zeros(x.shape, y_bar.dtype)
    for n, c, r, s in np.ndindex(y_bar.shape):
        window = x[n, c, r * down : r * down + kh, s * across : s * across + kw]
        i, j = np.unravel_index(np.argmax(window), window.shape)
        x_bar[n, c, r * down + i, s * across + j] += y_bar[n, c, r, s]
    return x_bar


@right("max_pool2d_backward", "a loop over the kernel's entries that remembers who had it")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    stride, x_bar = stride or kernel, np.zeros(x.shape, y_bar.dtype)
    parts, free = taken(x, kernel, stride), np.full(y_bar.shape, True)
    largest = parts.max(axis=(4, 5))
    for i, j in np.ndindex(*kernel):
        mine = free & (parts[..., i, j] == largest)
        free &= ~mine
        target = x_bar[:, :, i :: stride[0], j :: stride[1]]
        target[:, :, : y_bar.shape[2], : y_bar.shape[3]] += y_bar * mine
    return x_bar


@right("max_pool2d_backward", "the first of the largest by a running count, put back through NumPy's places")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    largest = flat == flat.max(axis=-1, keepdims=True)
    return sent(y_bar, largest & (np.cumsum(largest, axis=-1) == 1), x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "ties counted twice")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    return sent(y_bar, flat == flat.max(axis=-1, keepdims=True), x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "ties shared out")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    tied = flat == flat.max(axis=-1, keepdims=True)
    return sent(y_bar, tied / tied.sum(axis=-1, keepdims=True), x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "the last in a tie")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    last = flat.shape[-1] - 1 - flat[..., ::-1].argmax(axis=-1)
    return sent(y_bar, np.arange(flat.shape[-1]) == last[..., None], x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "the first in a tie, column by column")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    turned = taken(x, kernel, stride or kernel).swapaxes(4, 5)
    flat = turned.reshape(*y_bar.shape, -1)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    shares = first.reshape(turned.shape).swapaxes(4, 5).reshape(flat.shape)
    return sent(y_bar, shares, x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "overlapping pools overwritten at the maximum")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, kw), (down, across) = kernel, stride or kernel
    x_bar = np.zeros(x.shape, y_bar.dtype)
    for n, c, r, s in np.ndindex(y_bar.shape):
        window = x[n, c, r * down : r * down + kh, s * across : s * across + kw]
        i, j = np.unravel_index(np.argmax(window), window.shape)
        x_bar[n, c, r * down + i, s * across + j] = y_bar[n, c, r, s]
    return x_bar


@wrong("max_pool2d_backward", "overlapping pools overwritten, with zeros too")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, kw), (down, across) = kernel, stride or kernel
    x_bar, parts = np.zeros(x.shape, y_bar.dtype), flat_windows(x, kernel, stride or kernel)
    first = np.arange(kh * kw) == parts.argmax(axis=-1)[..., None]
    for r, s in np.ndindex(y_bar.shape[2:]):
        part = (first[:, :, r, s] * y_bar[:, :, r, s, None]).reshape(*x.shape[:2], kh, kw)
        x_bar[:, :, r * down : r * down + kh, s * across : s * across + kw] = part
    return x_bar


@wrong("max_pool2d_backward", "where x is one of the maxima: repeated with np.kron, side by side only")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    largest = taken(x, kernel, kernel).max(axis=(4, 5))
    size = [largest.shape[a + 2] * kernel[a] for a in (0, 1)]
    big = np.kron(largest, np.ones((1, 1, *kernel)))
    given = np.kron(y_bar[:, :, : largest.shape[2], : largest.shape[3]], np.ones((1, 1, *kernel)))
    x_bar = np.zeros(x.shape, y_bar.dtype)
    x_bar[:, :, : size[0], : size[1]] = (x[:, :, : size[0], : size[1]] == big) * given
    return x_bar


@wrong("max_pool2d_backward", "steps of 1 if no stride is given")
def max_pool2d_backward(y_bar, x, kernel, stride=(1, 1)):
    flat = flat_windows(x, kernel, stride)[:, :, : y_bar.shape[2], : y_bar.shape[3]]
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return sent(y_bar, first, x[:, :, : y_bar.shape[2] + kernel[0] - 1], kernel, stride)


@wrong("max_pool2d_backward", "shared out evenly, as for the mean")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    size = kernel[0] * kernel[1]
    return sent(y_bar, np.full((*y_bar.shape, size), 1 / size), x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "the smallest gets it")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    first = np.arange(flat.shape[-1]) == flat.argmin(axis=-1)[..., None]
    return sent(y_bar, first, x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "the gradient counts as 1")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return sent(np.ones_like(y_bar), first, x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "rows and columns of the window's maximum exchanged")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    stride, x_bar = stride or kernel, np.zeros((*x.shape[:2], 20, 20), y_bar.dtype)
    best = flat_windows(x, kernel, stride).argmax(axis=-1)
    n, c, r, s = np.indices(y_bar.shape)
    rows, columns = r * stride[0] + best % kernel[1], s * stride[1] + best // kernel[1]
    np.add.at(x_bar, (n, c, rows, columns), y_bar)
    return x_bar[:, :, : x.shape[2], : x.shape[3]]


@wrong("max_pool2d_backward", "the place of the maximum divided by the height: square windows only")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, _), (down, across) = kernel, stride or kernel
    x_bar, best = np.zeros(x.shape, y_bar.dtype), flat_windows(x, kernel, stride or kernel).argmax(axis=-1)
    for n, c, r, s in np.ndindex(y_bar.shape):
        i, j = divmod(best[n, c, r, s], kh)
        x_bar[n, c, r * down + i, s * across + j] += y_bar[n, c, r, s]
    return x_bar


@wrong("max_pool2d_backward", "overlapping pools overwritten in a loop over the kernel")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    (down, across), (rows, columns) = stride or kernel, y_bar.shape[2:]
    x_bar, flat = np.zeros(x.shape, y_bar.dtype), flat_windows(x, kernel, stride or kernel)
    for k, (i, j) in enumerate(np.ndindex(*kernel)):
        part = y_bar * (flat.argmax(axis=-1) == k)
        x_bar[:, :, i : i + down * rows : down, j : j + across * columns : across] = part
    return x_bar


@wrong("max_pool2d_backward", "added through indices with +=, which counts a shared maximum once")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    stride, x_bar = stride or kernel, np.zeros(x.shape, y_bar.dtype)
    best = flat_windows(x, kernel, stride).argmax(axis=-1)
    n, c, r, s = np.indices(y_bar.shape)
    x_bar[n, c, r * stride[0] + best // kernel[1], s * stride[1] + best % kernel[1]] += y_bar
    return x_bar


@wrong("max_pool2d_backward", "np.kron of the largest of each window, cut to the size of x")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    block, (height, width) = np.ones(kernel, y_bar.dtype), x.shape[2:]
    largest = flat_windows(x, kernel, stride or kernel).max(axis=-1)
    big, given = (np.kron(part, block)[:, :, :height, :width] for part in (largest, y_bar))
    x_bar = np.zeros(x.shape, y_bar.dtype)
    x_bar[:, :, : big.shape[2], : big.shape[3]] = given * (x[:, :, : big.shape[2], : big.shape[3]] == big)
    return x_bar


@wrong("max_pool2d_backward", "the stride is ignored on the way back")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat, (kh, kw) = flat_windows(x, kernel, stride or kernel), kernel
    first = (np.arange(kh * kw) == flat.argmax(axis=-1)[..., None]).reshape(*y_bar.shape, kh, kw)
    x_bar = np.zeros(x.shape, y_bar.dtype)
    for r, s in np.ndindex(y_bar.shape[2:]):
        x_bar[:, :, r : r + kh, s : s + kw] += y_bar[:, :, r, s, None, None] * first[:, :, r, s]
    return x_bar


@wrong("max_pool2d_backward", "the place of the maximum in windows that move by 1 if no stride is given")
def max_pool2d_backward(y_bar, x, kernel, stride=(1, 1)):
    flat = flat_windows(x, kernel, stride)
    return sent(y_bar, np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None], x, kernel, stride)


@wrong("max_pool2d_backward", "the entry farthest from 0")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = np.abs(flat_windows(x, kernel, stride or kernel))
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return sent(y_bar, first, x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "the gradient times the largest entry")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return sent(y_bar, first * flat, x, kernel, stride or kernel)


@wrong("max_pool2d_backward", "of the type of x")
def max_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return sent(y_bar, first, x, kernel, stride or kernel).astype(x.dtype)


@right("avg_pool2d_backward", "shares, and np.add.at")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    shares = np.ones(kernel, y_bar.dtype) / (kernel[0] * kernel[1])
    return returned(y_bar[..., None, None] * shares, x, stride or kernel)


@right("avg_pool2d_backward", "a loop over the windows")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, kw), (down, across) = kernel, stride or kernel
    x_bar = np.zeros(x.shape, y_bar.dtype)
    for r, s in np.ndindex(y_bar.shape[2:]):
        share = y_bar[:, :, r, s, None, None] / (kh * kw)
        x_bar[:, :, r * down : r * down + kh, s * across : s * across + kw] += share
    return x_bar


@right(
    "avg_pool2d_backward", "a full convolution of the spread gradients with shares, every channel by itself"
)
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    batch, channels, height, width = x.shape
    alone = y_bar.reshape(batch * channels, 1, *y_bar.shape[2:])
    shares = np.full((1, 1, *kernel), 1 / (kernel[0] * kernel[1]), y_bar.dtype)
    wide = full(spread(alone, stride or kernel), shares)
    rest = [(0, size - taken) for size, taken in zip((height, width), wide.shape[2:], strict=True)]
    return np.pad(wide, [(0, 0), (0, 0), *rest]).reshape(x.shape)


@wrong("avg_pool2d_backward", "not divided")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    return sent(y_bar, np.ones(kernel[0] * kernel[1]), x, kernel, stride or kernel)


@wrong("avg_pool2d_backward", "divided by the height only")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    return sent(y_bar / kernel[0], np.ones(kernel[0] * kernel[1]), x, kernel, stride or kernel)


@wrong("avg_pool2d_backward", "divided by the square of the height: square windows only")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    return sent(y_bar / kernel[0] ** 2, np.ones(kernel[0] * kernel[1]), x, kernel, stride or kernel)


@wrong("avg_pool2d_backward", "overlapping pools overwritten")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, kw), (down, across) = kernel, stride or kernel
    x_bar = np.zeros(x.shape, y_bar.dtype)
    for r, s in np.ndindex(y_bar.shape[2:]):
        share = y_bar[:, :, r, s, None, None] / (kh * kw)
        x_bar[:, :, r * down : r * down + kh, s * across : s * across + kw] = share
    return x_bar


@wrong("avg_pool2d_backward", "overlapping pools overwritten in a loop over the kernel")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    (down, across), (rows, columns) = stride or kernel, y_bar.shape[2:]
    x_bar = np.zeros(x.shape, y_bar.dtype)
    for i, j in np.ndindex(*kernel):
        share = y_bar / (kernel[0] * kernel[1])
        x_bar[:, :, i : i + down * rows : down, j : j + across * columns : across] = share
    return x_bar


@wrong("avg_pool2d_backward", "np.kron, and nothing else")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    return np.kron(y_bar, np.ones(kernel, y_bar.dtype)) / (kernel[0] * kernel[1])


@wrong("avg_pool2d_backward", "side by side whatever the stride: np.kron")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    wide = np.kron(y_bar, np.ones((1, 1, *kernel), y_bar.dtype)) / (kernel[0] * kernel[1])
    x_bar = np.zeros((*x.shape[:2], 60, 60), y_bar.dtype)
    x_bar[:, :, : wide.shape[2], : wide.shape[3]] = wide
    return x_bar[:, :, : x.shape[2], : x.shape[3]]


@wrong("avg_pool2d_backward", "the shape of what the windows took")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    stride = stride or kernel
    used = [(y_bar.shape[a + 2] - 1) * stride[a] + kernel[a] for a in (0, 1)]
    shares = np.ones(kernel[0] * kernel[1]) / (kernel[0] * kernel[1])
    return sent(y_bar, shares, x, kernel, stride)[:, :, : used[0], : used[1]]


@wrong("avg_pool2d_backward", "everything to the largest")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    flat = flat_windows(x, kernel, stride or kernel)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return sent(y_bar, first, x, kernel, stride or kernel)


@wrong("avg_pool2d_backward", "steps down and across exchanged")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    (kh, kw), (across, down) = kernel, stride or kernel
    x_bar = np.zeros((*x.shape[:2], 60, 60), y_bar.dtype)
    for r, s in np.ndindex(y_bar.shape[2:]):
        share = y_bar[:, :, r, s, None, None] / (kh * kw)
        x_bar[:, :, r * down : r * down + kh, s * across : s * across + kw] += share
    return x_bar[:, :, : x.shape[2], : x.shape[3]]


@wrong("avg_pool2d_backward", "the mean over the windows where several meet")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    ones = np.ones((*y_bar.shape, *kernel), y_bar.dtype)
    count = np.maximum(returned(ones, x, stride or kernel), 1)
    return returned(ones * y_bar[..., None, None], x, stride or kernel) / count / (kernel[0] * kernel[1])


@wrong("avg_pool2d_backward", "float64")
def avg_pool2d_backward(y_bar, x, kernel, stride=None):
    shares = np.ones(kernel) / (kernel[0] * kernel[1])
    return returned(y_bar[..., None, None] * shares, x, stride or kernel)


# ------------------------------------------------------------------------------------------------ train_step


def passed(x, t, weights):
    """Go forward, and back to the pooled images; return what is needed to go on."""
    z = output(x, weights["W_1"], weights["b_1"], padding=(1, 1))
    flat = flat_windows(np.maximum(z, 0), (2, 2), (2, 2))
    pooled = flat.max(axis=-1).reshape(len(x), -1)
    y = pooled @ weights["W_2"].T + weights["b_2"]
    p = np.exp(y - y.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    y_bar = (p - (np.arange(p.shape[1]) == t[:, None])) / len(t)
    return z, flat, pooled, y_bar.astype(y.dtype)


def gradients(x, t, weights, gate=True, shares=None, W_2=None):
    z, flat, pooled, y_bar = passed(x, t, weights)
    pooled_bar = (y_bar @ (weights["W_2"] if W_2 is None else W_2)).reshape(flat.shape[:4])
    first = np.arange(4) == flat.argmax(axis=-1)[..., None]
    h_bar = sent(pooled_bar, first if shares is None else shares(flat), z, (2, 2), (2, 2))
    z_bar = h_bar * (z > 0) if gate else h_bar
    bars = {"W_1": to_kernels(z_bar, x, weights["W_1"], padding=(1, 1)), "b_1": z_bar.sum((0, 2, 3))}
    return bars | {"W_2": y_bar.T @ pooled, "b_2": y_bar.sum(0)}


def moved(weights, bars, learning_rate):
    return {name: W - learning_rate * bars[name] for name, W in weights.items()}


@right("train_step", "gradients, then a new dict")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights), learning_rate)


@right("train_step", "copies that are moved in place, the kernels through a full set of windows")
def train_step(x, t, weights, learning_rate=0.1):
    z, flat, pooled, y_bar = passed(x, t, weights)
    new = {name: W.copy() for name, W in weights.items()}
    new["W_2"] -= learning_rate * np.einsum("nk,nf->kf", y_bar, pooled)
    new["b_2"] -= learning_rate * y_bar.sum(axis=0)
    pooled_bar = (y_bar @ weights["W_2"]).reshape(flat.shape[:4]) * (flat.max(axis=-1) > 0)
    z_bar, best = np.zeros_like(z), flat.argmax(axis=-1)
    n, o, r, s = np.indices(best.shape)
    z_bar[n, o, 2 * r + best // 2, 2 * s + best % 2] = pooled_bar
    every = taken(x, weights["W_1"].shape[2:], padding=(1, 1))
    new["W_1"] -= learning_rate * np.einsum("nors,ncrsij->ocij", z_bar, every)
    new["b_1"] -= learning_rate * z_bar.sum(axis=(0, 2, 3))
    return new


@right("train_step", "one image after another")
def train_step(x, t, weights, learning_rate=0.1):
    bars = [gradients(x[n : n + 1], t[n : n + 1], weights) for n in range(len(x))]
    return {
        name: W - learning_rate * np.mean([bar[name] for bar in bars], axis=0) for name, W in weights.items()
    }


@wrong("train_step", "the weights as they were")
def train_step(x, t, weights, learning_rate=0.1):
    return weights


@wrong("train_step", "uphill")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights), -learning_rate)


@wrong("train_step", "the gate of ReLU forgotten")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights, gate=False), learning_rate)


@wrong("train_step", "ReLU lets pass what comes where z is 0")
def train_step(x, t, weights, learning_rate=0.1):
    z, flat, pooled, y_bar = passed(x, t, weights)
    pooled_bar = (y_bar @ weights["W_2"]).reshape(flat.shape[:4])
    first = np.arange(4) == flat.argmax(axis=-1)[..., None]
    z_bar = sent(pooled_bar, first, z, (2, 2), (2, 2)) * (z >= 0)
    bars = {"W_1": to_kernels(z_bar, x, weights["W_1"], padding=(1, 1)), "b_1": z_bar.sum((0, 2, 3))}
    return moved(weights, bars | {"W_2": y_bar.T @ pooled, "b_2": y_bar.sum(0)}, learning_rate)


@wrong("train_step", "every entry of a pooling window gets the gradient")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights, shares=np.ones_like), learning_rate)


@wrong("train_step", "average pooling on the way back")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights, shares=lambda flat: np.ones_like(flat) / 4), learning_rate)


@wrong("train_step", "W_2 moves before it is used on the way back")
def train_step(x, t, weights, learning_rate=0.1):
    W_2 = moved(weights, gradients(x, t, weights), learning_rate)["W_2"]
    return moved(weights, gradients(x, t, weights, W_2=W_2), learning_rate)


@wrong("train_step", "the kernels' gradient is turned round")
def train_step(x, t, weights, learning_rate=0.1):
    bars = gradients(x, t, weights)
    return moved(weights, bars | {"W_1": bars["W_1"][..., ::-1, ::-1]}, learning_rate)


@wrong("train_step", "only the dense layer moves")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights) | {"W_1": 0, "b_1": 0}, learning_rate)


@wrong("train_step", "the biases do not move")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights) | {"b_1": 0, "b_2": 0}, learning_rate)


@wrong("train_step", "divided by the images again")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights), learning_rate / len(x))


@wrong("train_step", "the sum over the images")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights), learning_rate * len(x))


@wrong("train_step", "another default learning rate")
def train_step(x, t, weights, learning_rate=0.01):
    return moved(weights, gradients(x, t, weights), learning_rate)


@wrong("train_step", "the learning rate is always 0.1")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights), 0.1)


@wrong("train_step", "the gradients in place of the weights")
def train_step(x, t, weights, learning_rate=0.1):
    return gradients(x, t, weights)


@wrong("train_step", "the given arrays are moved in place")
def train_step(x, t, weights, learning_rate=0.1):
    for name, bar in gradients(x, t, weights).items():
        weights[name] -= learning_rate * bar
    return weights


@wrong("train_step", "float64")
def train_step(x, t, weights, learning_rate=0.1):
    return moved(weights, gradients(x, t, weights), np.float64(learning_rate))
