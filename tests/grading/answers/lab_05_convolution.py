"""Wrong and right answers to the tasks of lab 05, as students write them."""

# Several answers to a task have the same name, that of the task.

import math

import numpy as np
from curated import right, wrong
from numpy.lib.stride_tricks import sliding_window_view

LAB = "05_convolution"


# --------------------------------------------------------------------------------------------- scaled_copies


@right("scaled_copies", "a table of zeros, filled row by row")
def scaled_copies(a, b):
    table = np.zeros((len(a), len(a) + len(b) - 1), np.result_type(a, b))
    for i in range(len(a)):
        table[i, i : i + len(b)] = a[i] * b
    return table


@right("scaled_copies", "two loops over entries")
def scaled_copies(a, b):
    table = np.zeros((len(a), len(a) + len(b) - 1), np.result_type(a, b))
    for i, value in enumerate(a):
        for k, other in enumerate(b):
            table[i, i + k] = value * other
    return table


@right("scaled_copies", "rolled copies of b, filled up with zeros")
def scaled_copies(a, b):
    long = np.concatenate([b, np.zeros(len(a) - 1, b.dtype)])
    return np.stack([value * np.roll(long, i) for i, value in enumerate(a)])


@wrong("scaled_copies", "zeros of the right shape")
def scaled_copies(a, b):
    return np.zeros((len(a), len(a) + len(b) - 1))


@wrong("scaled_copies", "moved but not scaled")
def scaled_copies(a, b):
    return np.array([np.pad(b, (i, len(a) - 1 - i)) for i in range(len(a))])


@wrong("scaled_copies", "scaled but not moved")
def scaled_copies(a, b):
    return np.pad(np.outer(a, b), ((0, 0), (0, len(a) - 1)))


@wrong("scaled_copies", "moved to the left")
def scaled_copies(a, b):
    return np.array([np.pad(copy, (len(a) - 1 - i, i)) for i, copy in enumerate(np.outer(a, b))])


@wrong("scaled_copies", "b is flipped")
def scaled_copies(a, b):
    return np.array([np.pad(copy, (i, len(a) - 1 - i)) for i, copy in enumerate(np.outer(a, b[::-1]))])


@wrong("scaled_copies", "copies of a, one for each entry of b")
def scaled_copies(a, b):
    return np.array([np.pad(copy, (i, len(b) - 1 - i)) for i, copy in enumerate(np.outer(b, a))])


@wrong("scaled_copies", "the column sums")
def scaled_copies(a, b):
    return np.convolve(a, b)


@wrong("scaled_copies", "both signals have one length")
def scaled_copies(a, b):
    table = np.zeros((len(a), 2 * len(a) - 1), np.result_type(a, b))
    for i in range(len(a)):
        table[i, i : i + len(a)] = a[i] * b
    return table


@wrong("scaled_copies", "one column too many")
def scaled_copies(a, b):
    table = np.zeros((len(a), len(a) + len(b)), np.result_type(a, b))
    for i in range(len(a)):
        table[i, i : i + len(b)] = a[i] * b
    return table


@wrong("scaled_copies", "float64 always")
def scaled_copies(a, b):
    table = np.zeros((len(a), len(a) + len(b) - 1))
    for i in range(len(a)):
        table[i, i : i + len(b)] = a[i] * b
    return table


@right("scaled_copies", "windows of b between zeros, from the last one to the first")
def scaled_copies(a, b):
    wide = np.pad(b, len(a) - 1)
    return sliding_window_view(wide, len(a) + len(b) - 1)[::-1] * a[:, None]


@wrong("scaled_copies", "the dtype of a: the fractions of b are cut off")
def scaled_copies(a, b):
    table = np.zeros((len(a), len(a) + len(b) - 1), a.dtype)
    for i in range(len(a)):
        table[i, i : i + len(b)] = a[i] * b
    return table


# ------------------------------------------------------------------------------------------- filter_products


@right("filter_products", "windows of NumPy's own")
def filter_products(a, b, mode="full"):
    padded = np.pad(a, len(b) - 1) if mode == "full" else a
    if len(padded) < len(b):
        return np.zeros((0, len(b)))
    return sliding_window_view(padded, len(b)) * np.flip(b)


@right("filter_products", "entry by entry, with a question for the ends")
def filter_products(a, b, mode="full"):
    rows = []
    for t in range(len(a) + len(b) - 1):
        places = [t - len(b) + 1 + k for k in range(len(b))]
        row = [a[p] * b[t - p] if 0 <= p < len(a) else 0 * b[0] for p in places]
        if mode == "full" or (places[0] >= 0 and places[-1] < len(a)):
            rows.append(row)
    return np.array(rows, np.result_type(a, b)).reshape(len(rows), len(b))


@wrong("filter_products", "the kernel is not flipped")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "flipped once too often: the rows, too")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    rows = [a[t : t + len(b)][::-1] * b for t in range(len(a) - len(b) + 1)]
    return np.reshape(rows, (-1, len(b)))


@wrong("filter_products", "a is flipped")
def filter_products(a, b, mode="full"):
    a = (np.pad(a, len(b) - 1) if mode == "full" else a)[::-1]
    return np.reshape([a[t : t + len(b)] * b for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "padding of one side only")
def filter_products(a, b, mode="full"):
    a = np.pad(a, (len(b) - 1, 0)) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "padding behind only")
def filter_products(a, b, mode="full"):
    a = np.pad(a, (0, len(b) - 1)) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "the other end of a stands beyond its ends")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1, mode="wrap") if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "the last window is missing")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b))], (-1, len(b)))


@wrong("filter_products", "valid where no mode is given")
def filter_products(a, b, mode="valid"):
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "the mode is ignored")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1)
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "exchanges a and b where b is longer, as np.convolve does")
def filter_products(a, b, mode="full"):
    if len(b) > len(a):
        a, b = b, a
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "the sums of the rows")
def filter_products(a, b, mode="full"):
    return np.convolve(a, b, mode)


@wrong("filter_products", "a zero too many on each side")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b)) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "a zero too few on each side")
def filter_products(a, b, mode="full"):
    a = np.pad(a, max(len(b) - 2, 0)) if mode == "full" else a
    return np.reshape([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)], (-1, len(b)))


@wrong("filter_products", "an empty list without a width")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    return np.array([a[t : t + len(b)] * b[::-1] for t in range(len(a) - len(b) + 1)])


@wrong("filter_products", "the dtype of a: the fractions of b are cut off")
def filter_products(a, b, mode="full"):
    a = np.pad(a, len(b) - 1) if mode == "full" else a
    table = np.zeros((max(len(a) - len(b) + 1, 0), len(b)), a.dtype)
    for t in range(len(table)):
        table[t] = a[t : t + len(b)] * b[::-1]
    return table


# -------------------------------------------------------------------------------------------------- toeplitz


@right("toeplitz", "zeros, filled column by column")
def toeplitz(a, length):
    matrix = np.zeros((len(a) + length - 1, length), a.dtype)
    for j in range(length):
        matrix[j : j + len(a), j] = a
    return matrix


@right("toeplitz", "each column is the convolution with a single 1")
def toeplitz(a, length):
    return np.column_stack([np.convolve(a, one) for one in np.eye(length, dtype=a.dtype)])


@right("toeplitz", "a sum of shifted unit matrices")
def toeplitz(a, length):
    rows = len(a) + length - 1
    return sum(value * np.eye(rows, length, -i, dtype=a.dtype) for i, value in enumerate(a))


@wrong("toeplitz", "zeros of the right shape")
def toeplitz(a, length):
    return np.zeros((len(a) + length - 1, length))


@wrong("toeplitz", "a is flipped in each column: this matrix correlates")
def toeplitz(a, length):
    return np.array([np.pad(a[::-1], (j, length - 1 - j)) for j in range(length)]).T


@wrong("toeplitz", "transposed")
def toeplitz(a, length):
    return np.array([np.pad(a, (j, length - 1 - j)) for j in range(length)])


@wrong("toeplitz", "circular: what leaves below comes in again above")
def toeplitz(a, length):
    padded = np.pad(a, (0, max(length - len(a), 0)))
    return np.array([np.roll(padded, j) for j in range(length)]).T


@wrong("toeplitz", "square: the last rows are cut off")
def toeplitz(a, length):
    return np.array([np.pad(a, (j, length - 1 - j)) for j in range(length)]).T[:length]


@wrong("toeplitz", "valid: only the rows where all of a takes part")
def toeplitz(a, length):
    return np.array([np.pad(a, (j, length - 1 - j)) for j in range(length)]).T[len(a) - 1 : length]


@wrong("toeplitz", "square-only: a and b have one length")
def toeplitz(a, length):
    return np.array([np.pad(a, (j, len(a) - 1 - j)) for j in range(len(a))]).T


@wrong("toeplitz", "negative indices count from the end of a")
def toeplitz(a, length):
    matrix = np.zeros((len(a) + length - 1, length), a.dtype)
    for i, j in np.ndindex(matrix.shape):
        if -len(a) <= i - j < len(a):
            matrix[i, j] = a[i - j]
    return matrix


@wrong("toeplitz", "symmetric, as the word is used for a first column alone")
def toeplitz(a, length):
    matrix = np.zeros((len(a) + length - 1, length), a.dtype)
    for i, j in np.ndindex(matrix.shape):
        if abs(i - j) < len(a):
            matrix[i, j] = a[abs(i - j)]
    return matrix


@wrong("toeplitz", "float64 always")
def toeplitz(a, length):
    matrix = np.zeros((len(a) + length - 1, length))
    for j in range(length):
        matrix[j : j + len(a), j] = a
    return matrix


@wrong("toeplitz", "the length is taken for that of the result")
def toeplitz(a, length):
    columns = max(length - len(a) + 1, 1)
    return np.array([np.pad(a, (j, columns - 1 - j)) for j in range(columns)]).T


# ----------------------------------------------------------------------------------------------- correlate2d


@right("correlate2d", "window by window")
def correlate2d(x, W):
    height, width = W.shape
    shape = (x.shape[0] - height + 1, x.shape[1] - width + 1)
    y = np.zeros(shape, np.result_type(x, W))
    for i in range(shape[0]):
        for j in range(shape[1]):
            y[i, j] = np.sum(x[i : i + height, j : j + width] * W)
    return y


@right("correlate2d", "all windows at once, with einsum")
def correlate2d(x, W):
    return np.einsum("ijpq,pq->ij", sliding_window_view(x, W.shape), W)


@right("correlate2d", "four loops, in float64 until the end")
def correlate2d(x, W):
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            for p in range(W.shape[0]):
                for q in range(W.shape[1]):
                    y[i, j] += float(W[p, q]) * float(x[i + p, j + q])
    return y.astype(np.result_type(x, W))


@right("correlate2d", "a matrix product of windows as rows")
def correlate2d(x, W):
    windows = sliding_window_view(x, W.shape)
    return windows.reshape(-1, W.size).dot(W.ravel()).reshape(windows.shape[:2])


@wrong("correlate2d", "zeros")
def correlate2d(x, W):
    return np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))


@wrong("correlate2d", "the kernel is flipped: a convolution")
def correlate2d(x, W):
    return np.einsum("ijpq,pq->ij", sliding_window_view(x, W.shape), W[::-1, ::-1])


@wrong("correlate2d", "the kernel is flipped along one axis")
def correlate2d(x, W):
    return np.einsum("ijpq,pq->ij", sliding_window_view(x, W.shape), W[:, ::-1])


@wrong("correlate2d", "height and width swapped in the kernel")
def correlate2d(x, W):
    return np.einsum("ijpq,qp->ij", sliding_window_view(x, W.T.shape), W)


@wrong("correlate2d", "height and width swapped in the map")
def correlate2d(x, W):
    height, width = W.shape
    y = np.zeros((x.shape[1] - width + 1, x.shape[0] - height + 1), np.result_type(x, W))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[j : j + height, i : i + width] * W)
    return y


@wrong("correlate2d", "square-only: the kernel's height counts for both axes")
def correlate2d(x, W):
    size = len(W)
    y = np.zeros((x.shape[0] - size + 1, x.shape[1] - size + 1), np.result_type(x, W))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + size, j : j + size] * W)
    return y


@wrong("correlate2d", "square-only: the image's height counts for both axes")
def correlate2d(x, W):
    y = np.zeros((len(x) - W.shape[0] + 1, len(x) - W.shape[1] + 1), np.result_type(x, W))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y


@wrong("correlate2d", "the last row and column of windows are missing")
def correlate2d(x, W):
    return np.einsum("ijpq,pq->ij", sliding_window_view(x, W.shape), W)[:-1, :-1]


@wrong("correlate2d", "the sum of each window, without the kernel")
def correlate2d(x, W):
    return sliding_window_view(x, W.shape).sum(axis=(2, 3)).astype(W.dtype)


@wrong("correlate2d", "the map has the dtype of the image, so photographs overflow")
def correlate2d(x, W):
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1), x.dtype)
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y


@wrong("correlate2d", "float64 always")
def correlate2d(x, W):
    y = np.zeros((x.shape[0] - W.shape[0] + 1, x.shape[1] - W.shape[1] + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return y


@wrong("correlate2d", "padded to the size of the image")
def correlate2d(x, W):
    up, left = W.shape[0] // 2, W.shape[1] // 2
    x = np.pad(x, ((up, W.shape[0] - 1 - up), (left, W.shape[1] - 1 - left)))
    return np.einsum("ijpq,pq->ij", sliding_window_view(x, W.shape), W)


@wrong("correlate2d", "the dtype of the kernel: a kernel of integers cuts the fractions off")
def correlate2d(x, W):
    height, width = np.subtract(x.shape, W.shape) + 1
    y = np.zeros((height, width), W.dtype)
    for i, j in np.ndindex(height, width):
        y[i, j] = np.sum(W * x[i : i + W.shape[0], j : j + W.shape[1]])
    return y


@wrong("correlate2d", "the image is made of integers")
def correlate2d(x, W):
    windows = sliding_window_view(x.astype(int), W.shape)
    return np.trunc(np.tensordot(windows, W, 2)).astype(int)


# ------------------------------------------------------------------------------------------------ convolve2d


@right("convolve2d", "translate and scale, then cut")
def convolve2d(x, W, mode="full"):
    y = np.zeros((x.shape[0] + W.shape[0] - 1, x.shape[1] + W.shape[1] - 1), np.result_type(x, W))
    for p in range(W.shape[0]):
        for q in range(W.shape[1]):
            y[p : p + x.shape[0], q : q + x.shape[1]] += W[p, q] * x
    if mode == "full":
        return y
    up, left = (n // 2 for n in W.shape) if mode == "same" else (n - 1 for n in W.shape)
    return y[up : y.shape[0] - up, left : y.shape[1] - left]


@right("convolve2d", "windows of the padded image and a flipped kernel")
def convolve2d(x, W, mode="full"):
    share = {"full": 1, "same": 0.5, "valid": 0}[mode]
    pad = [(int(share * (n - 1)), int(share * (n - 1))) for n in W.shape]
    windows = sliding_window_view(np.pad(x, pad), W.shape)
    return np.tensordot(windows, np.flip(W), axes=2)


@right("convolve2d", "row by row with np.convolve")
def convolve2d(x, W, mode="full"):
    y = np.zeros((x.shape[0] + W.shape[0] - 1, x.shape[1] + W.shape[1] - 1), np.result_type(x, W))
    for i, row in enumerate(x):
        for p, weights in enumerate(W):
            y[i + p] += np.convolve(row, weights)
    up, left = {"full": (0, 0), "same": (len(W) // 2, len(W[0]) // 2)}.get(mode, np.subtract(W.shape, 1))
    return y[up : len(y) - up, left : len(y[0]) - left]


def correlation(x, W):
    return np.einsum("ijpq,pq->ij", sliding_window_view(x, W.shape), W)


def padding(W, mode):
    size = {"full": np.subtract(W.shape, 1), "same": np.array(W.shape) // 2, "valid": np.zeros(2, int)}[mode]
    return [(int(n), int(n)) for n in size]


@wrong("convolve2d", "the kernel is not flipped")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)), W)


@wrong("convolve2d", "flipped once too often")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)), W[::-1, ::-1][::-1, ::-1])


@wrong("convolve2d", "only the rows are flipped")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)), W[::-1])


@wrong("convolve2d", "only the columns are flipped")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)), W[:, ::-1])


@wrong("convolve2d", "transposed in place of flipped")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W.T, mode)), W.T)


@wrong("convolve2d", "padding of one side only")
def convolve2d(x, W, mode="full"):
    pad = [(before, 0) for before, _ in padding(W, mode)]
    return correlation(np.pad(x, pad), W[::-1, ::-1])


@wrong("convolve2d", "only above and below")
def convolve2d(x, W, mode="full"):
    pad = [padding(W, mode)[0], (0, 0)]
    return correlation(np.pad(x, pad), W[::-1, ::-1])


@wrong("convolve2d", "height and width swapped in the padding")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)[::-1]), W[::-1, ::-1])


@wrong("convolve2d", "square-only: the kernel's height counts for both axes")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)[0]), W[::-1, ::-1])


@wrong("convolve2d", "valid where no mode is given")
def convolve2d(x, W, mode="valid"):
    return correlation(np.pad(x, padding(W, mode)), W[::-1, ::-1])


@wrong("convolve2d", "the mode is ignored")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, "full")), W[::-1, ::-1])


@wrong("convolve2d", "the edge is continued in place of zeros")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode), mode="edge"), W[::-1, ::-1])


@wrong("convolve2d", "the image is flipped")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode))[::-1, ::-1], W)


@wrong("convolve2d", "height and width of the kernel are exchanged")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W.T, mode)), W.T[::-1, ::-1])


@wrong("convolve2d", "np.rot90 once, a quarter of a turn")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)), np.rot90(W))


@wrong("convolve2d", "the corner of the full result in place of its middle")
def convolve2d(x, W, mode="full"):
    if mode == "same":
        return correlation(np.pad(x, padding(W, "full")), W[::-1, ::-1])[: x.shape[0], : x.shape[1]]
    return correlation(np.pad(x, padding(W, mode)), W[::-1, ::-1])


@wrong("convolve2d", "the dtype of the image: the fractions of the kernel are cut off")
def convolve2d(x, W, mode="full"):
    return correlation(np.pad(x, padding(W, mode)), W[::-1, ::-1]).astype(x.dtype)


# ---------------------------------------------------------------------------------------------------- im2col


@right("im2col", "NumPy's windows, their axes put in order")
def im2col(x, height, width):
    windows = sliding_window_view(x, (height, width), axis=(1, 2))  # channels, places, window
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * height * width, -1)


@right("im2col", "one row of the matrix for each entry of a window")
def im2col(x, height, width):
    down, across = x.shape[1] - height + 1, x.shape[2] - width + 1
    rows = []
    for channel in x:
        for p in range(height):
            for q in range(width):
                rows.append(channel[p : p + down, q : q + across].ravel())
    return np.stack(rows)


@right("im2col", "columns filled one after another")
def im2col(x, height, width):
    down, across = x.shape[1] - height + 1, x.shape[2] - width + 1
    matrix = np.empty((x.shape[0] * height * width, down * across), x.dtype)
    for place in range(down * across):
        i, j = divmod(place, across)
        matrix[:, place] = x[:, i : i + height, j : j + width].flatten()
    return matrix


def windows_of(x, height, width):
    return sliding_window_view(x, (height, width), axis=(1, 2))  # channels, places (2), window (2)


@wrong("im2col", "zeros of the right shape")
def im2col(x, height, width):
    return np.zeros((len(x) * height * width, (x.shape[1] - height + 1) * (x.shape[2] - width + 1)))


@wrong("im2col", "each window a row")
def im2col(x, height, width):
    return windows_of(x, height, width).transpose(1, 2, 0, 3, 4).reshape(-1, len(x) * height * width)


@wrong("im2col", "the rows are reshaped in place of transposed")
def im2col(x, height, width):
    rows = windows_of(x, height, width).transpose(1, 2, 0, 3, 4)
    return rows.reshape(len(x) * height * width, -1)


@wrong("im2col", "the places column by column")
def im2col(x, height, width):
    return windows_of(x, height, width).transpose(0, 3, 4, 2, 1).reshape(len(x) * height * width, -1)


@wrong("im2col", "each window column by column")
def im2col(x, height, width):
    return windows_of(x, height, width).transpose(0, 4, 3, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "the channels of a pixel together")
def im2col(x, height, width):
    return windows_of(x, height, width).transpose(3, 4, 0, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "height and width swapped")
def im2col(x, height, width):
    return windows_of(x, width, height).transpose(0, 3, 4, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "square-only: the height counts for both axes")
def im2col(x, height, width):
    return windows_of(x, height, height).transpose(0, 3, 4, 1, 2).reshape(len(x) * height * height, -1)


@wrong("im2col", "windows side by side")
def im2col(x, height, width):
    windows = windows_of(x, height, width)[:, ::height, ::width]
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "only the first channel")
def im2col(x, height, width):
    return windows_of(x[:1], height, width).transpose(0, 3, 4, 1, 2).reshape(height * width, -1)


@wrong("im2col", "the windows are flipped")
def im2col(x, height, width):
    windows = windows_of(x, height, width)[..., ::-1, ::-1]
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "float64 always")
def im2col(x, height, width):
    windows = windows_of(x.astype(float), height, width)
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "the last window of each row is missing")
def im2col(x, height, width):
    windows = windows_of(x, height, width)[:, :, :-1]
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * height * width, -1)


@wrong("im2col", "NumPy's windows, reshaped without bringing the channels to them")
def im2col(x, height, width):
    windows = sliding_window_view(x, (height, width), axis=(1, 2))
    return windows.reshape(-1, len(x) * height * width).T


# ---------------------------------------------------------------------------------------------- convolve_fft


@right("convolve_fft", "transforms of real numbers")
def convolve_fft(a, b):
    shape = [m + n - 1 for m, n in zip(a.shape, b.shape, strict=True)]
    axes = tuple(range(a.ndim))
    return np.fft.irfftn(np.fft.rfftn(a, shape, axes) * np.fft.rfftn(b, shape, axes), shape, axes)


@right("convolve_fft", "one axis after the other, with more zeros than needed")
def convolve_fft(a, b):
    A, B = a, b
    shape = np.add(a.shape, b.shape) - 1
    for axis, n in enumerate(shape):
        size = 2 ** math.ceil(math.log2(n)) if n > 1 else 1
        A, B = np.fft.fft(A, size, axis), np.fft.fft(B, size, axis)
    y = A * B
    for axis in range(a.ndim):
        y = np.fft.ifft(y, axis=axis)
    return y.real[tuple(slice(n) for n in shape)]


@right("convolve_fft", "fft for signals and fft2 for images, filled up by hand")
def convolve_fft(a, b):
    forth, back = (np.fft.fft, np.fft.ifft) if a.ndim == 1 else (np.fft.fft2, np.fft.ifft2)
    long_a = np.pad(a, [(0, n - 1) for n in b.shape])
    long_b = np.pad(b, [(0, n - 1) for n in a.shape])
    return np.real(back(forth(long_a) * forth(long_b)))


@wrong("convolve_fft", "zeros")
def convolve_fft(a, b):
    return np.zeros(np.add(a.shape, b.shape) - 1)


@wrong("convolve_fft", "circular: no zeros beyond the longer of the two")
def convolve_fft(a, b):
    shape, axes = np.maximum(a.shape, b.shape), range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)).real


@wrong("convolve_fft", "one zero too few")
def convolve_fft(a, b):
    shape, axes = np.maximum(np.add(a.shape, b.shape) - 2, 1), range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)).real


@wrong("convolve_fft", "one zero too many, left in the result")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape), range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)).real


@wrong("convolve_fft", "complex numbers")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes))


@wrong("convolve_fft", "sizes in place of real parts")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    return np.abs(np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)))


@wrong("convolve_fft", "flipped once too often: the transform flips already")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(np.flip(b), shape, axes)).real


@wrong("convolve_fft", "a correlation: the conjugate of one transform")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.conj(np.fft.fftn(b, shape, axes))).real


@wrong("convolve_fft", "transforms the last axis only")
def convolve_fft(a, b):
    shape = np.add(a.shape, b.shape) - 1
    long_a = np.pad(a, [(0, n - m) for n, m in zip(shape, a.shape, strict=True)])
    long_b = np.pad(b, [(0, n - m) for n, m in zip(shape, b.shape, strict=True)])
    return np.fft.ifft(np.fft.fft(long_a) * np.fft.fft(long_b)).real


@wrong("convolve_fft", "forward again in place of back")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    return np.fft.fftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)).real


@wrong("convolve_fft", "height and width swapped in the zeros")
def convolve_fft(a, b):
    shape, axes = (np.add(a.shape, b.shape) - 1)[::-1], range(a.ndim)
    return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)).real


@wrong("convolve_fft", "right but slow: every product, one after another")
def convolve_fft(a, b):
    y = np.zeros(np.add(a.shape, b.shape) - 1, np.result_type(a, b, np.float32))
    for place in np.ndindex(b.shape):
        part = tuple(slice(p, p + n) for p, n in zip(place, a.shape, strict=True))
        y[part] += float(b[place]) * a
    return y


@wrong("convolve_fft", "irfft without the length: an odd number of entries is lost")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    waves = np.fft.rfftn(a, shape, axes) * np.fft.rfftn(b, shape, axes)
    return np.fft.irfftn(waves, axes=axes) if shape[-1] > 1 else waves.real


@wrong("convolve_fft", "without the way back")
def convolve_fft(a, b):
    shape, axes = np.add(a.shape, b.shape) - 1, range(a.ndim)
    return (np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes)).real


# -------------------------------------------------------------------------------------------------- separate


@right("separate", "the singular value decomposition")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    if len(s) > 1 and s[1] > 1e-6 * s[0]:
        raise ValueError(f"the kernel has rank 2 or more: {s}")
    return U[:, 0] * np.sqrt(s[0]), V[0] * np.sqrt(s[0])


@right("separate", "the rank from NumPy, then projections onto the longest row")
def separate(kernel):
    if np.linalg.matrix_rank(kernel, rtol=1e-6) > 1:
        raise ValueError("not separable")
    row = kernel[np.argmax((np.asarray(kernel, float) ** 2).sum(axis=1))] / 1.0
    return kernel @ row / (row @ row), row


@right("separate", "all minors of 2 by 2 with the largest entry")
def separate(kernel):
    place = max(np.ndindex(kernel.shape), key=lambda at: abs(kernel[at]))
    top = float(kernel[place])
    column, row = [float(v) for v in kernel[:, place[1]]], [float(v) / top for v in kernel[place[0]]]
    for p, q in np.ndindex(kernel.shape):
        if abs(column[p] * row[q] - kernel[p, q]) > 1e-6 * abs(top):
            raise ValueError(f"entry {p}, {q} does not fit")
    return np.array(column), np.array(row)


@wrong("separate", "zeros")
def separate(kernel):
    return np.zeros(kernel.shape[0]), np.zeros(kernel.shape[1])


@wrong("separate", "nothing is refused")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    return U[:, 0] * s[0], V[0]


@wrong("separate", "everything is refused")
def separate(kernel):
    raise ValueError("not separable")


@wrong("separate", "refused with an error of another kind")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    assert len(s) == 1 or s[1] <= 1e-6 * s[0]
    return U[:, 0] * s[0], V[0]


@wrong("separate", "None in place of an error")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    return None if len(s) > 1 and s[1] > 1e-6 * s[0] else (U[:, 0] * s[0], V[0])


@wrong("separate", "the first row and the first column, which may hold zeros")
def separate(kernel):
    column, row = kernel[:, 0], kernel[0] / kernel[0, 0]
    if not np.allclose(np.outer(column, row), kernel, rtol=1e-5, atol=0):
        raise ValueError("not separable")
    return column, row


@wrong("separate", "not divided by the entry where they meet")
def separate(kernel):
    i, j = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    column, row = kernel[:, j], kernel[i]
    if not np.allclose(np.outer(column, row), kernel * kernel[i, j], rtol=1e-5, atol=0):
        raise ValueError("not separable")
    return column, row


@wrong("separate", "(row, column): height and width swapped")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    if len(s) > 1 and s[1] > 1e-6 * s[0]:
        raise ValueError("not separable")
    return V[0], U[:, 0] * s[0]


@wrong("separate", "an absolute limit")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    if len(s) > 1 and s[1] > 1e-6:
        raise ValueError("not separable")
    return U[:, 0] * s[0], V[0]


@wrong("separate", "no rounding is allowed")
def separate(kernel):
    i, j = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    column, row = kernel[:, j], kernel[i] / kernel[i, j]
    if (np.outer(column, row) != kernel).any():
        raise ValueError("not separable")
    return column, row


@wrong("separate", "the largest entry, not the one of largest size")
def separate(kernel):
    i, j = np.unravel_index(kernel.argmax(), kernel.shape)
    column, row = kernel[:, j], kernel[i] / kernel[i, j]
    if np.abs(kernel - np.outer(column, row)).max() > 1e-6 * abs(kernel[i, j]):
        raise ValueError("not separable")
    return column, row


@wrong("separate", "square-only: refused by the determinant")
def separate(kernel):
    if abs(np.linalg.det(kernel)) > 1e-9:
        raise ValueError("not separable")
    U, s, V = np.linalg.svd(kernel)
    return U[:, 0] * s[0], V[0]


@wrong("separate", "the singular value is forgotten")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    if len(s) > 1 and s[1] > 1e-6 * s[0]:
        raise ValueError("not separable")
    return U[:, 0], V[0]


@wrong("separate", "sizes: the signs are lost")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    if len(s) > 1 and s[1] > 1e-6 * s[0]:
        raise ValueError("not separable")
    return np.abs(U[:, 0] * s[0]), np.abs(V[0])


@wrong("separate", "np.allclose, whose absolute tolerance hides small kernels")
def separate(kernel):
    U, s, V = np.linalg.svd(kernel)
    if not np.allclose(np.outer(U[:, 0] * s[0], V[0]), kernel):
        raise ValueError("not separable")
    return U[:, 0] * s[0], V[0]


@wrong("separate", "the rank, by which a ten-millionth is no rounding error")
def separate(kernel):
    if np.linalg.matrix_rank(kernel) != 1:
        raise ValueError("not separable")
    U, s, V = np.linalg.svd(kernel)
    return U[:, 0] * s[0], V[0]


# ------------------------------------------------------------------------------------------- separable_terms


@right("separable_terms", "one term more until it is enough")
def separable_terms(kernel, error):
    U, s, V = np.linalg.svd(kernel, full_matrices=False)
    terms = 1
    while np.linalg.norm(kernel - (U[:, :terms] * s[:terms]) @ V[:terms]) > error * np.linalg.norm(kernel):
        terms += 1
    return (U[:, :terms] * s[:terms]).T, V[:terms]


@right("separable_terms", "the kernel transposed, and the root of each singular value on both sides")
def separable_terms(kernel, error):
    U, s, V = np.linalg.svd(kernel.T)
    rest = [
        math.sqrt(sum(value**2 for value in s[n:]) / sum(value**2 for value in s)) for n in range(len(s) + 1)
    ]
    terms = next(n for n, left in enumerate(rest) if left <= error)
    return V[:terms] * np.sqrt(s[:terms])[:, None], U.T[:terms] * np.sqrt(s[:terms])[:, None]


@right("separable_terms", "lists of the terms, taken off the kernel one after another")
def separable_terms(kernel, error):
    rest, columns, rows = np.array(kernel, dtype=float), [], []
    while np.linalg.norm(rest) > error * np.linalg.norm(kernel):
        U, s, V = np.linalg.svd(rest)
        columns.append(-s[0] * U[:, 0])
        rows.append(-V[0])
        rest = rest - np.outer(columns[-1], rows[-1])
    return columns, rows


def parts(kernel):
    return np.linalg.svd(kernel, full_matrices=False)


@wrong("separable_terms", "all the terms")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    return U.T * s[:, None], V


@wrong("separable_terms", "always one term")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    return U.T[:1] * s[:1, None], V[:1]


@wrong("separable_terms", "the singular values are forgotten")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return U.T[:terms], V[:terms]


@wrong("separable_terms", "the singular values on both sides")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return U.T[:terms] * s[:terms, None], V[:terms] * s[:terms, None]


@wrong("separable_terms", "rows of U in place of its columns")
def separable_terms(kernel, error):
    U, s, V = np.linalg.svd(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return U[:terms] * s[:terms, None], V[:terms]


@wrong("separable_terms", "columns of V in place of its rows")
def separable_terms(kernel, error):
    U, s, V = np.linalg.svd(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return U.T[:terms] * s[:terms, None], V.T[:terms]


@wrong("separable_terms", "(rows, columns): height and width swapped")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return V[:terms], U.T[:terms] * s[:terms, None]


@wrong("separable_terms", "an absolute error")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error)
    return U.T[:terms] * s[:terms, None], V[:terms]


@wrong("separable_terms", "the sum of the singular values in place of the root of their squares")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if s[n:].sum() <= error * s.sum())
    return U.T[:terms] * s[:terms, None], V[:terms]


@wrong("separable_terms", "the squares without the root")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if np.sum(s[n:] ** 2) <= error * np.sum(s**2))
    return U.T[:terms] * s[:terms, None], V[:terms]


@wrong("separable_terms", "the next singular value against the largest one")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = np.count_nonzero(s > error * s[0])
    return U.T[:terms] * s[:terms, None], V[:terms]


@wrong("separable_terms", "one term too many")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = 1 + next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return U.T[:terms] * s[:terms, None], V[:terms]


@wrong("separable_terms", "rows of the kernel itself as terms")
def separable_terms(kernel, error):
    return np.eye(len(kernel)), kernel


@wrong("separable_terms", "the terms as columns of the first array")
def separable_terms(kernel, error):
    U, s, V = parts(kernel)
    terms = next(n for n in range(len(s) + 1) if np.linalg.norm(s[n:]) <= error * np.linalg.norm(s))
    return U[:, :terms] * s[:terms], V[:terms]
