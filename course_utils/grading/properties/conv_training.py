"""Properties of one step of training a small convolutional network, and of several of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils import data
from course_utils.grading.authoring import CheckFailed, Student, expect, expect_array, expect_close
from course_utils.grading.properties.conv_connections import ONE, Connections, connect, count_windows
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
Weights = dict[str, Array]
Batch = tuple[Array, Array]
STEP = 1e-30  # of a complex step, which loses no digits however small it is
CAUSE = "\ncause     "  # how a report's row with the cause begins
OTHER_CAUSE = "no usual mistake of train_step; maybe an earlier task is wrong: check tasks 1 to 9 first"
DIGITS = 5  # classes of the last property: the digits 0 to 4


@lru_cache(maxsize=32)
def _wired(x_shape: tuple[int, ...], W_shape: tuple[int, ...]) -> Connections:
    return connect(x_shape, W_shape, count_windows(x_shape, W_shape[2:], ONE, ONE), ONE, ONE)


def _pre_activations(x: Array, W_1: Array, b_1: Array) -> Array:
    """Compute z; several sets of kernels count as further output channels."""
    bank = W_1.reshape(-1, *W_1.shape[-3:])
    z = _wired(x.shape, bank.shape).forward(x, bank, np.zeros(len(bank)))
    several = z.reshape(len(x), *W_1.shape[:-3], *z.shape[2:])
    return np.asarray((several.swapaxes(0, 1) if W_1.ndim == 5 else several) + b_1[..., None, :, None, None])


def _pool(h: Array, send: str) -> Array:
    """Take the largest real part of 2 x 2; what goes back may go to "all" four, or be shared out "even"."""
    rows, columns = h.shape[-2] // 2, h.shape[-1] // 2
    parts = h[..., : 2 * rows, : 2 * columns].reshape(*h.shape[:-2], rows, 2, columns, 2)
    parts = np.swapaxes(parts, -3, -2).reshape(*h.shape[:-2], rows, columns, 4)
    first = parts.real.argmax(axis=-1)[..., None]
    largest = np.take_along_axis(parts, first, axis=-1)[..., 0]
    other = {"all": parts.imag.sum(axis=-1), "even": parts.imag.mean(axis=-1)}
    return np.asarray(largest.real + 1j * other.get(send, largest.imag))


def _scores(
    x: Array, weights: Weights, *, gate: str = "above 0", send: str = "", W_2: Array | None = None
) -> Array:
    """Compute the scores of the classes; one of the weights may be stacked along a further axis in front.

    Imaginary parts are derivatives. They go another way, as a likely mistake lets them, where the options say
    so: past the gate of ReLU, to other entries of a pooling window, or through other weights W_2.
    """
    z = _pre_activations(x, weights["W_1"], weights["b_1"])
    passes = {"above 0": z.real > 0, "from 0": z.real >= 0, "always": z.real == z.real}[gate]
    h = np.where(z.real > 0, z.real, 0) + 1j * np.where(passes, z.imag, 0)
    flat = _pool(h, send)
    flat = flat.reshape(*flat.shape[:-3], -1)
    y = np.einsum("...nf,...kf->...nk", flat, weights["W_2"]) + weights["b_2"][..., None, :]
    if W_2 is not None:
        y = y + 1j * np.einsum("...nf,...kf->...nk", flat.imag, W_2 - weights["W_2"].real)
    return np.asarray(y)


def _gradients(weights: Weights, batch: Batch, **mistake: Any) -> Weights:
    """Differentiate the mean loss: each entry of a weight takes a complex step of its own."""
    x, t = batch
    bars = {}
    for name, W in weights.items():
        stepped = W + 1j * STEP * np.eye(W.size).reshape(W.size, *W.shape)
        y = _scores(x, weights | {name: stepped}, **mistake)
        losses = np.log(np.exp(y).sum(axis=-1)) - y[..., np.arange(len(t)), t]
        bars[name] = losses.mean(axis=-1).imag.reshape(W.shape) / STEP
    return bars


def _move(weights: Weights, bars: Weights, learning_rate: float) -> Weights:
    return {name: W - learning_rate * bars[name] for name, W in weights.items()}


def _draw(rng: Random) -> tuple[Batch, Weights]:
    """Draw images of two channels, 6 high and 5 wide, and weights for two kernels and three classes.

    A corner of every image is empty, and the first kernel has no bias: there, z is exactly 0.
    """
    x, t = rng.normal(size=(5, 2, 6, 5)), rng.integers(3, size=5)
    x[:, :, :3, :3] = 0
    shapes = {"W_1": (2, 2, 3, 3), "W_2": (3, 2 * 3 * 2), "b_2": (3,)}
    weights = {name: 0.5 * rng.normal(size=shape) for name, shape in shapes.items()}
    return (x, t), weights | {"b_1": np.array([0, rng.uniform(-0.6, -0.2)])}


def _expect_weights(
    got: Any, want: Weights, names: tuple[str, ...], mistakes: Callable[[], Mapping[str, Weights]]
) -> None:
    """Fail unless some of the weights are right; what likely mistakes give is worked out only then."""
    expect(isinstance(got, dict), f"train_step must return a dict of weights, {name_type(got)} came")
    expect(set(got) == set(want), f"the names must be {sorted(want)}, {sorted(map(str, got))} came")
    for name in names:
        try:
            expect_close(got[name], want[name])
        except CheckFailed:
            causes = {words: weights[name] for words, weights in mistakes().items()}
            _explain(got[name], want[name], name, causes)


def _explain(got: Any, want: Array, name: str, causes: Mapping[str, Array]) -> None:
    causes = {words: value for words, value in causes.items() if not np.allclose(value, want)}
    try:
        expect_close(got, want, what=f'weights["{name}"]', causes=causes)
    except CheckFailed as error:
        known = CAUSE in str(error)
        raise CheckFailed(f"{error}" if known else f"{error}{CAUSE}{OTHER_CAUSE}") from None


def _wrong_gradients(weights: Weights, batch: Batch, bars: Weights, W_2: Array) -> dict[str, Weights]:
    ways: dict[str, dict[str, Any]] = {
        "the gate of ReLU is missing: nothing goes back where z is negative": {"gate": "always"},
        "ReLU let pass what came where z is 0; there, too, nothing goes back": {"gate": "from 0"},
        "every entry of a pooling window got the whole gradient": {"send": "all"},
        "every entry of a pooling window got a share; the largest one gets all": {"send": "even"},
        "W_2 had moved already when the gradient went back through it": {"W_2": W_2},
    }
    found = {words: _gradients(weights, batch, **how) for words, how in ways.items()}
    rows = len(batch[1])
    turned = {"W_1": bars["W_1"][..., ::-1, ::-1]}
    return found | {
        "the kernels' gradient was turned round": bars | turned,
        "divided by the number of images again; cross_entropy does it": _scale(bars, 1 / rows),
        "the sum over the images was taken; cross_entropy gives their mean": _scale(bars, rows),
    }


def _scale(bars: Weights, factor: float) -> Weights:
    return {name: factor * bar for name, bar in bars.items()}


def _mistakes(weights: Weights, batch: Batch, learning_rate: float) -> dict[str, Weights]:
    bars = _gradients(weights, batch)
    moved = _move(weights, bars, learning_rate)
    wrong = _wrong_gradients(weights, batch, bars, moved["W_2"])
    return {
        "it did not move": weights,
        "the weights went uphill: subtract the gradient": _move(weights, bars, -learning_rate),
        "the gradient came, not the weights that it moved": bars,
        "the learning rate is not used: it counts as 1": _move(weights, bars, 1.0),
        "the learning rate is not used: it is 0.1": _move(weights, bars, 0.1),
        "a second step was taken": _move(moved, _gradients(moved, batch), learning_rate),
        **{words: _move(weights, others, learning_rate) for words, others in wrong.items()},
    }


# Task 10: train_step


def moves_the_dense_layer(student: Student, rng: Random) -> None:
    """moves the weights and biases of the dense layer by one exact step"""
    for learning_rate in (0.4, 0.03):
        batch, weights = _draw(rng)
        got = student(*batch, weights, learning_rate=learning_rate)
        want = _move(weights, _gradients(weights, batch), learning_rate)
        _expect_weights(got, want, ("b_2", "W_2"), partial(_mistakes, weights, batch, learning_rate))


def moves_the_kernels(student: Student, rng: Random) -> None:
    """moves the kernels and their biases by one exact step"""
    for learning_rate in (0.4, 0.03):
        batch, weights = _draw(rng)
        got = student(*batch, weights, learning_rate=learning_rate)
        want = _move(weights, _gradients(weights, batch), learning_rate)
        _expect_weights(got, want, ("b_1", "W_1"), partial(_mistakes, weights, batch, learning_rate))


def steps_have_their_default(student: Student, rng: Random) -> None:
    """has a learning rate of 0.1 if none is given, takes one image alone, and keeps float32"""
    (x, t), weights = _draw(rng)
    batch = (x[:1].astype(np.float32), t[:1])
    weights = {name: W.astype(np.float32) for name, W in weights.items()}
    got = student(*batch, weights)
    expect(isinstance(got, dict), f"train_step must return a dict of weights, {name_type(got)} came")
    for name in sorted(weights.keys() & got.keys()):
        expect_array(got[name], kind="float32", what=f'weights["{name}"]')
    wide = {name: W.astype(float) for name, W in weights.items()}
    bars = _gradients(wide, batch)
    _expect_weights(
        got,
        _move(wide, bars, 0.1),
        ("b_2", "W_2", "b_1", "W_1"),
        lambda: (
            {
                f"the learning rate is {rate:g} if it is left out": _move(wide, bars, rate)
                for rate in (1.0, 0.01, 0.5, 0.3)
            }
            | _mistakes(wide, batch, 0.1)
        ),
    )


def learns_to_read(student: Student, rng: Random) -> None:
    """learns to read digits that it has not seen, in forty steps"""
    digits = data.digits()
    chosen = rng.permutation(np.flatnonzero(digits.labels < DIGITS))[:300]
    x, t = digits.images[chosen][:, None] / 255, digits.labels[chosen]
    weights = {"b_1": np.zeros(8), "b_2": np.zeros(DIGITS)}
    weights |= {"W_1": 0.3 * rng.normal(size=(8, 1, 3, 3)), "W_2": 0.1 * rng.normal(size=(DIGITS, 8 * 16))}
    shapes = {name: W.shape for name, W in weights.items()}
    for step in range(40):
        part = slice(20 * (step % 5), 20 * (step % 5) + 20)
        weights = student(x[part], t[part], weights, learning_rate=0.3)
        expect(
            isinstance(weights, dict) and set(weights) == set(shapes), f"the names must be {sorted(shapes)}"
        )
    for name, shape in shapes.items():
        W = expect_array(weights[name], shape=shape, kind="f", what=f'weights["{name}"]')
        expect(bool(np.isfinite(W).all()), f'there are infinite numbers or NaN in weights["{name}"]')
    right = int((_scores(x[100:], weights).real.argmax(axis=1) == t[100:]).sum())
    sentence = f"after 40 steps your weights read {right} of 200 digits right that were not trained on"
    expect(right >= 130, f"{sentence}, 130 are wanted")
