"""Time the ways to convolve as the kernel grows, and say where the fastest one changes.

Run `python benchmarks/convolution_ways.py [--runs N]`. Three tables, in milliseconds, each the least of
several runs in which the ways take turns, on one thread: one picture of 128 x 128 with one kernel (scaled
copies, im2col and a product, FFT); a layer of 16 maps in and 32 out (the package's conv2d, FFT); one picture
with a kernel of rank 1 (as it is, or as its column and its row).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from course_utils import reference

SIZES = (3, 5, 7, 9, 11, 15, 21, 31)
PICTURE, MAPS, OUT_CHANNELS = (128, 128), (4, 16, 48, 48), 32
Ways = Mapping[str, Callable[[], np.ndarray]]


def of_a_picture(rng: np.random.Generator, size: int) -> Ways:
    x, kernel = rng.normal(size=PICTURE), rng.normal(size=(size, size))
    return {
        "direct": lambda: reference.convolve(x, kernel),
        "matrix": lambda: reference.convolve_by_im2col(x, kernel),
        "FFT": lambda: reference.convolve_by_fft(x, kernel),
    }


def of_a_layer(rng: np.random.Generator, size: int) -> Ways:
    x, W = rng.normal(size=MAPS), rng.normal(size=(OUT_CHANNELS, MAPS[1], size, size))
    return {"matrix": lambda: reference.conv2d(x, W), "FFT": lambda: layer_by_fft(x, W)}


def of_a_separable_kernel(rng: np.random.Generator, size: int) -> Ways:
    x, (column, row) = rng.normal(size=PICTURE), rng.normal(size=(2, size))
    kernel = np.outer(column, row)
    return {
        "k x k": lambda: reference.convolve(x, kernel),
        "column, row": lambda: reference.convolve_separable(x, column, row),
    }


def layer_by_fft(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    height, width = x.shape[2:]
    X = np.fft.rfft2(x).transpose(2, 3, 0, 1)  # a matrix (batch, in) for each frequency
    K = np.fft.rfft2(W, (height, width)).conj().transpose(2, 3, 1, 0)  # conj: the kernels are not flipped
    y = np.fft.irfft2((X @ K).transpose(2, 3, 0, 1), (height, width))
    return y[:, :, : height - W.shape[2] + 1, : width - W.shape[3] + 1]


def milliseconds(ways: Ways, runs: int) -> dict[str, float]:
    """Return the least time of each way; they take turns, and a RuntimeError says when they disagree."""
    results, least = [way() for way in ways.values()], dict.fromkeys(ways, np.inf)
    if not all(np.allclose(result, results[0], atol=1e-8) for result in results):
        raise RuntimeError("the ways disagree, so the times mean nothing")
    for _ in range(runs):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            least[name] = min(least[name], 1e3 * (time.perf_counter() - start))
    return least


def changes(rows: Mapping[int, Mapping[str, float]]) -> list[str]:
    """Say from which kernel size on another way is the fastest."""
    fastest = {size: min(row, key=lambda name, row=row: row[name]) for size, row in rows.items()}
    sizes, said = list(fastest), []
    for before, size in pairwise(sizes):
        if fastest[size] != fastest[before]:
            said.append(f"{fastest[size]} is fastest from {size} on, {fastest[before]} up to {before}")
    return said or [f"{fastest[sizes[0]]} is fastest throughout"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=7, help="runs of each way and size")
    runs, rng = parser.parse_args().runs, np.random.default_rng(0)
    tables = {"one picture": of_a_picture, "a layer": of_a_layer, "rank 1": of_a_separable_kernel}
    with threadpool_limits(1):
        for title, ways in tables.items():
            rows = {size: milliseconds(ways(rng, size), runs) for size in SIZES}
            print(f"{title:14}" + "".join(f"{size:>9}" for size in SIZES))
            for name in rows[SIZES[0]]:
                print(f"{name:14}" + "".join(f"{row[name]:9.2f}" for row in rows.values()))
            print("; ".join(changes(rows)), end="\n\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
