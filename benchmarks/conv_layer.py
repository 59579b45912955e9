"""Time the package's convolution layer as a ratio to PyTorch's and to the definition in loops.

Run `python benchmarks/conv_layer.py [--runs N]`. The layer is 64 images of 16 channels and 28 x 28 pixels, 32
kernels of 5 x 5, float32, on two threads. The libraries take turns; their results must agree; the ratio is
that of the least times, which other programs disturb least. The four loops (image, kernel, row, column; each
window times its kernel at once) take one image, and their time counts 64 times. Memory is the peak above what
stood there before; allowed are three outputs and one im2col table of one block of images.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from course_utils.reference import conv2d, conv2d_backward
from course_utils.reference.geometry import read_geometry

BATCH, IN_CHANNELS, SIZE, OUT_CHANNELS, KERNEL = 64, 16, 28, 32, 5
GOAL_TORCH, GOAL_LOOPS, GOAL_OUTPUTS = 3, 200, 3
THREADS, WARM = 2, 3


@dataclass(frozen=True)
class Layer:
    """The images, kernels and the gradient that all sides get."""

    x: np.ndarray
    W: np.ndarray
    y_bar: np.ndarray


@dataclass(frozen=True)
class Seconds:
    """The least seconds of each side, forward and backward."""

    ours: tuple[float, float]
    torch: tuple[float, float]


def make_layer(rng: np.random.Generator, batch: int = BATCH) -> Layer:
    out = SIZE - KERNEL + 1
    shapes = (
        (batch, IN_CHANNELS, SIZE, SIZE),
        (OUT_CHANNELS, IN_CHANNELS, KERNEL, KERNEL),
        (batch, OUT_CHANNELS, out, out),
    )
    return Layer(*(rng.standard_normal(shape, dtype=np.float32) for shape in shapes))


def loops(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    kernel_height, kernel_width = W.shape[2:]
    y = np.zeros((len(x), len(W), x.shape[2] - kernel_height + 1, x.shape[3] - kernel_width + 1), x.dtype)
    for n, o, i, j in np.ndindex(y.shape):
        y[n, o, i, j] = (x[n, :, i : i + kernel_height, j : j + kernel_width] * W[o]).sum()
    return y


def loops_backward(y_bar: np.ndarray, x: np.ndarray, W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x_bar, W_bar = np.zeros_like(x), np.zeros_like(W)
    kernel_height, kernel_width = W.shape[2:]
    for n, o, i, j in np.ndindex(y_bar.shape):
        window = np.s_[n, :, i : i + kernel_height, j : j + kernel_width]
        x_bar[window] += W[o] * y_bar[n, o, i, j]
        W_bar[o] += x[window] * y_bar[n, o, i, j]
    return x_bar, W_bar


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def check(layer: Layer) -> None:
    """Raise a RuntimeError unless both libraries compute the same: else the times mean nothing."""
    x, W = (torch.tensor(array, requires_grad=True) for array in (layer.x, layer.W))
    y = torch.nn.functional.conv2d(x, W)
    y.backward(torch.tensor(layer.y_bar))
    x_bar, W_bar, _ = conv2d_backward(layer.y_bar, layer.x, layer.W)
    pairs = ((conv2d(layer.x, layer.W), y.detach()), (x_bar, x.grad), (W_bar, W.grad))
    for got, right in ((got, np.asarray(right)) for got, right in pairs):
        if not np.allclose(got, right, atol=1e-4 * float(np.abs(right).max())):
            raise RuntimeError("the package and PyTorch differ, so the times mean nothing")


def compare(runs: int, *, threads: int = THREADS, clock: Callable[[], float] = time.perf_counter) -> Seconds:
    """Return the least seconds of the package and of PyTorch, which take turns."""
    layer = make_layer(np.random.default_rng(0))
    check(layer)
    x, W, y_bar = (torch.from_numpy(array) for array in (layer.x, layer.W, layer.y_bar))
    options = ([OUT_CHANNELS], [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [True, True, True])
    sides: list[Callable[[], object]] = [
        lambda: conv2d(layer.x, layer.W),
        lambda: torch.nn.functional.conv2d(x, W),
        lambda: conv2d_backward(layer.y_bar, layer.x, layer.W),
        lambda: torch.ops.aten.convolution_backward(y_bar, x, W, *options),  # the three gradients, no graph
    ]
    before = torch.get_num_threads()
    with threadpool_limits(threads):
        torch.set_num_threads(threads)
        seconds = np.array([[timed(side, clock) for side in sides] for _ in range(runs + WARM)])
        torch.set_num_threads(before)
    ours, theirs, ours_back, theirs_back = (float(least) for least in seconds[WARM:].min(axis=0))
    return Seconds((ours, ours_back), (theirs, theirs_back))


def time_loops(clock: Callable[[], float] = time.perf_counter) -> tuple[float, float]:
    """Return the seconds of the loops for one image, forward and backward."""
    layer = make_layer(np.random.default_rng(0), batch=1)
    return (
        min(timed(lambda: loops(layer.x, layer.W), clock) for _ in range(2)),
        min(timed(lambda: loops_backward(layer.y_bar, layer.x, layer.W), clock) for _ in range(2)),
    )


def memory() -> tuple[int, int]:
    """Return the peak bytes of a forward pass, and how many are allowed."""
    layer = make_layer(np.random.default_rng(0))
    tracemalloc.start()
    y = conv2d(layer.x, layer.W)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size, kernel = (SIZE, SIZE), (KERNEL, KERNEL)
    geometry = read_geometry(size, kernel, stride=1, padding=0, dilation=1)
    block = geometry.blocks(BATCH, IN_CHANNELS, layer.x.itemsize)[0]
    table = (block.stop - block.start) * IN_CHANNELS * KERNEL**2 * y.shape[2] * y.shape[3] * y.itemsize
    return peak, GOAL_OUTPUTS * y.nbytes + table


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=60, help="runs of each side")
    seconds = compare(parser.parse_args().runs)
    failed = False
    print(f"{'':9}{'package':>10}{'PyTorch':>10}{'ratio':>8}{'loops':>12}{'times as fast':>15}")
    for name, ours, theirs, slow in zip(
        ("forward", "backward"), seconds.ours, seconds.torch, time_loops(), strict=True
    ):
        gain = BATCH * slow / ours
        row = f"{1e3 * ours:7.2f} ms{1e3 * theirs:7.2f} ms{ours / theirs:8.2f}{1e3 * BATCH * slow:9.0f} ms"
        print(f"{name:9}{row}{gain:15,.0f}")
        failed |= ours > GOAL_TORCH * theirs or gain < GOAL_LOOPS
    peak, allowed = memory()
    print(f"goals: a ratio under {GOAL_TORCH}, over {GOAL_LOOPS} times as fast as loops")
    print(f"memory: {peak / 1e6:.1f} MB at most, {allowed / 1e6:.1f} MB allowed")
    return int(failed or peak > allowed)


if __name__ == "__main__":
    raise SystemExit(main())
