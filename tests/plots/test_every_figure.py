"""Every public figure, on realistic data: it fits the page, it is small, and nothing of it is cut off."""

import io
import warnings
from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from sklearn.datasets import load_digits

from course_utils import plots
from course_utils.plots.show import LARGEST_PNG, png
from tests.plots.graphs_of_the_deck import regularised

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
T = np.array([0, 1, 1, 0])
NAMES = ["00", "01", "10", "11"]
LINES = [([1.0, 1.0], -0.5, "$h_1$ (OR)"), ([1.0, 1.0], -1.5, "$h_2$ (AND)")]
RNG = np.random.default_rng(0)
CLOUD = np.concatenate([RNG.normal(-1, 0.6, (60, 2)), RNG.normal(1, 0.6, (60, 2))])
DIGITS = load_digits()
WEIGHTS = np.stack([DIGITS.images[DIGITS.target == k].mean(axis=0) for k in range(10)])
WEIGHTS = (WEIGHTS - WEIGHTS.mean(axis=0)) / 16

A, B = np.array([[1, 3, 1], [0, -1, 1], [2, 2, -1]]), np.array([[1, 2], [0, -1]])
BINARY = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
SHIFTS = ((0, 0), (0, 1), (1, 1))
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
CONVOLUTION = np.stack([np.roll([1, 2, 3, 0, 0, 0, 0], row) for row in range(5)])
UNSHARED = (CONVOLUTION > 0) * np.arange(1, 36).reshape(5, 7)
PHOTO = DIGITS.images[3].repeat(12, axis=0).repeat(12, axis=1) / 16 + 0.02 * RNG.normal(size=(96, 96))
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])

EPOCHS = np.arange(1, 31)
HISTORY = {
    "epoch": EPOCHS,
    "train_loss": 2.3 * np.exp(-EPOCHS / 8),
    "train_accuracy": 1 - 0.9 * np.exp(-EPOCHS / 5),
    "validation_loss": 0.2 + 2.3 * np.exp(-EPOCHS / 8) + 0.02 * RNG.normal(size=30),
    "validation_accuracy": 0.95 - 0.85 * np.exp(-EPOCHS / 5),
}
BROKEN = HISTORY | {"train_loss": np.where(EPOCHS < 20, HISTORY["train_loss"], np.nan)}
RATES = np.geomspace(1e-5, 10, 100)
SHIFTED = np.array([0.99, 0.97, 0.9, 0.7, 0.5])
CONFUSIONS = RNG.integers(0, 60, (10, 10)) + 9000 * np.eye(10, dtype=int)
KERNELS = RNG.normal(size=(6, 5, 5))

NO_FIGURES = {  # what a widget draws a graph from, and what counts
    "confusion_counts",
    "graph_steps",
    "place_nodes",
    "read_graph",
    "route_edges",
}


def logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def xor(q: Any) -> Any:
    return (q.sum(axis=1) > 0.5) * 1.0 - (q.sum(axis=1) > 1.5)


FIGURES: dict[str, Callable[[], Figure]] = {
    "function_curves": lambda: plots.function_curves(
        {f"$\\sigma({k}z)$": (lambda z, k=k: logistic(k * z)) for k in (1, 2, 5)},
        limits=(-4, 4),
        x_label="z",
        y_label="output",
        title="Steeper logistic functions",
        truth=lambda z: (z > 0) * 1.0,
    ),
    "curve_grid": lambda: plots.curve_grid(
        {
            name: (logistic, lambda z: logistic(z) * (1 - logistic(z)))
            for name in ("identity", "ReLU", "soft ReLU", "hard threshold", "logistic", "tanh")
        },
        limits=(-4, 4),
        title="Six activation functions",
    ),
    "error_curves": lambda: plots.error_curves(
        [1, 10, 100],
        {"ReLU": [1, 0.1, 0.01], "logistic": [0.3, 0.03, 0.003]},
        x_label="steepness",
        y_label="largest error outside the ramps",
    ),
    "loss_curves": lambda: plots.loss_curves(
        {"train": 1 / (1 + np.arange(50)), "validation": np.full(50, 0.4)}
    ),
    "bars": lambda: plots.bars(
        ["D=2", "D=3", "D=10"],
        {"hidden units": [4, 8, 1024], "weights": [8, 24, 10240]},
        y_label="count",
        log=True,
    ),
    "points": lambda: plots.points(X, T, names=NAMES, lines=LINES, title="Four points and two lines"),
    "decision_region": lambda: plots.decision_region(
        lambda q: logistic(q.sum(axis=1)), CLOUD, np.repeat([0, 1], 60), title="Logistic regression"
    ),
    "decision_regions": lambda: plots.decision_regions(
        {"start 1": xor, "start 2": lambda q: q[:, 0], "start 3: stuck": lambda q: 0 * q[:, 0]},
        X,
        T,
        names=NAMES,
    ),
    "response_surface": lambda: plots.response_surface(
        lambda q: logistic(8 * (xor(q) - 0.5)), limits=(-0.5, 1.5), lines=LINES, x=X, t=T, names=NAMES
    ),
    "two_planes": lambda: plots.two_planes(
        (X, T, LINES),
        (np.array([[0, 0], [1, 0], [1, 0], [1, 1]]), T, [([1, -1], -0.5, "y")]),
        names=NAMES,
    ),
    "image_grid": lambda: plots.image_grid(
        WEIGHTS, titles=[f"digit {k}" for k in range(10)], kind="weights", title="First-layer weights"
    ),
    "computation_graph": lambda: plots.computation_graph(
        *regularised(), title="Logistic least squares, regularised"
    ),
    "number_grids": lambda: plots.number_grids(
        [A, B, *[np.pad(1.0 * A, [(i, 1 - i), (j, 1 - j)], constant_values=np.nan) for i, j in SHIFTS], A],
        between=["∗", "= 1 ×", "+ 2 ×", "− 1 ×", "="],
        titles=["A", "B", "", "", "", "sum"],
        marked=[{0: np.s_[0:2, 0:2], 5: (0, 0)}, {0: np.s_[1:3, 1:3], 5: (2, 2)}],
        title="Translate and scale",
    ),
    "window_steps": lambda: plots.window_steps(BINARY, CROSS, title="The window slides"),
    "signal_steps": lambda: plots.signal_steps([2, -1, 1], [1, 1, 2], method="flip and filter"),
    "matrix_plot": lambda: plots.matrix_plot(
        {"shared": CONVOLUTION, "unshared": UNSHARED, "dense": np.arange(1, 36).reshape(5, 7)},
        kind="shared",
        title="Five outputs of seven inputs",
    ),
    "connection_diagram": lambda: plots.connection_diagram(
        {"convolution": [CONVOLUTION], "fully connected": [np.arange(1, 36).reshape(5, 7)]},
        reach_of=(0, 3),
        names=["x", "h"],
        title="Sparse and dense",
    ),
    "feature_maps": lambda: plots.feature_maps(
        PHOTO,
        [np.gradient(PHOTO, axis=0), np.gradient(PHOTO, axis=1), PHOTO[::2, ::2]],
        kernels=[SOBEL.T, SOBEL, np.ones((2, 2)) / 4],
        titles=["horizontal edges", "vertical edges", "half as large"],
        title="Three maps of one image",
    ),
    "signals": lambda: plots.signals(
        {"signal": RNG.normal(size=200), "smoothed": RNG.normal(size=190) / 3}, x_label="time (ms)"
    ),
    "time_curves": lambda: plots.time_curves(
        [3, 5, 9, 17, 33],
        {"direct": [0.1, 0.3, 0.9, 3, 12], "matrix": [0.2, 0.4, 0.8, 2, 7], "FFT": [3, 3, 3, 3, 3.1]},
        x_label="kernel size (pixels)",
    ),
    "layer_sizes": lambda: plots.layer_sizes(
        [(1, 32, 32), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (84,), (10,)],
        steps=["conv 5×5", "pool 2×2", "conv 5×5", "pool 2×2", "conv 5×5", "dense", "dense"],
        names=["input", "C1", "S2", "C3", "S4", "C5", "F6", "output"],
    ),
    "network_diagram": lambda: plots.network_diagram(
        [64, 16, 10],
        names=["pixels", "hidden units", "digits"],
        weights=[RNG.normal(size=(16, 64)), RNG.normal(size=(10, 16))],
    ),
    "learning_curves": lambda: plots.learning_curves(
        {"SGD": HISTORY, "momentum 0.9 with Nesterov": BROKEN, "Adam": HISTORY}, title="Three optimisers"
    ),
    "descent_paths": lambda: plots.descent_paths(
        lambda w: 0.5 * (w[:, 0] ** 2 + 25 * w[:, 1] ** 2),
        {
            name: np.array([-4, 1.5]) * (1 - rate * np.array([1, 25])) ** np.arange(301)[:, None]
            for name, rate in {"slow": 0.01, "fast": 0.07, "too fast": 0.09}.items()
        },
        minimum=(0, 0),
        x_range=(-5, 5),
        y_range=(-2, 2),
        title="A ravine",
    ),
    "learning_rate_plot": lambda: plots.learning_rate_plot(
        RATES, 2.3 - 1.6 / (1 + 0.02 / RATES) + (RATES > 0.5) * 8 * RATES, chosen=0.01, title="A range test"
    ),
    "layer_profile": lambda: plots.layer_profile(
        {"logistic": 10.0 ** -np.arange(10), "tanh": 0.9 ** np.arange(10), "ReLU": np.r_[np.ones(9), 0]},
        y_label="gradient (root mean square)",
        title="Ten layers",
    ),
    "schedule_curves": lambda: plots.schedule_curves(
        {
            "constant": lambda _: 1.0,
            "halved every ten epochs": lambda time: 0.5 ** (time // 10),
            "cosine": lambda time: 0.5 * (1 + np.cos(np.pi * time / 30)),
        },
        epochs=30,
        title="Three schedules",
    ),
    "setting_curves": lambda: plots.setting_curves(
        [0, 1, 2, 3, 4],
        {"LeNet": SHIFTED, "multilayer perceptron": SHIFTED**2},
        x_label="shift (pixels)",
        y_label="accuracy (share of images)",
        spread={"LeNet": (SHIFTED - 0.02, SHIFTED + 0.01)},
        title="Shifted digits",
    ),
    "confusion_matrix": lambda: plots.confusion_matrix(CONFUSIONS, title="Ten digits"),
    "labelled_images": lambda: plots.labelled_images(
        DIGITS.images[:40] / 16,
        DIGITS.target[:40],
        (DIGITS.target[:40] * 3) % 10,
        probabilities=np.linspace(0.3, 1, 40),
        title="Forty digits",
    ),
    "filter_pairs": lambda: plots.filter_pairs(
        KERNELS,
        KERNELS / 9,
        names=["learned filters of the first layer", "Gabor filters fitted to them"],
        titles=[f"r = 0.{number}" for number in range(90, 96)],
        title="Learned and fitted",
    ),
}


def test_the_list_holds_every_public_figure() -> None:
    functions = {name for name in plots.__all__ if name.islower()} - {"show", "style"}
    assert functions - NO_FIGURES == set(FIGURES)


@cache
def drawn(name: str) -> tuple[Figure, bytes]:
    """Make a figure and its picture once; a warning on the way is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig = FIGURES[name]()
        return fig, png(fig)


@pytest.mark.parametrize("name", FIGURES)
def test_the_picture_is_small_and_has_the_width_of_a_cell(name: str) -> None:
    fig, data = drawn(name)
    assert isinstance(fig, Figure)
    assert len(data) <= LARGEST_PNG
    width, height = Image.open(io.BytesIO(data)).size
    assert 500 <= width <= 900
    assert height <= 650


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_cut_off_and_every_text_is_readable(name: str) -> None:
    fig, _ = drawn(name)
    everything, page = fig.get_tightbbox(), fig.bbox_inches
    slack = 1e-6  # inches: a page that is drawn on whole rounds differently from its own bounds
    assert page.x0 - slack <= everything.x0 <= everything.x1 <= page.x1 + slack
    assert page.y0 - slack <= everything.y0 <= everything.y1 <= page.y1 + slack
    sizes = [text.get_fontsize() for text in fig.findobj(Text) if isinstance(text, Text) and text.get_text()]
    assert min(sizes) >= 9


DRAWN_IN_INCHES = (
    "number_grids",
    "window_steps",
    "signal_steps",
    "matrix_plot",
    "connection_diagram",
    "feature_maps",
    "layer_sizes",
    "filter_pairs",
)


@pytest.mark.parametrize("name", DRAWN_IN_INCHES)
def test_no_text_lies_on_another(name: str) -> None:
    fig, _ = drawn(name)
    boxes = [text.get_window_extent() for text in fig.axes[0].texts if text.get_text()]
    inks = [(box.x0, box.x1, box.y0 + 0.2 * box.height, box.y1 - 0.2 * box.height) for box in boxes]
    for (left, right, bottom, top), other in combinations(inks, 2):
        assert right <= other[0] or other[1] <= left or top <= other[2] or other[3] <= bottom


@pytest.mark.parametrize(
    "name",
    [
        *("bars", "decision_region", "response_surface", "image_grid", *DRAWN_IN_INCHES, "time_curves"),
        *("learning_curves", "descent_paths", "setting_curves", "confusion_matrix", "labelled_images"),
    ],
)
def test_the_same_input_gives_the_same_picture(name: str) -> None:
    assert png(FIGURES[name]()) == drawn(name)[1]
