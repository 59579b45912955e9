"""What likely mistakes give in a step of Adam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.properties.named_parts import Parts

Array = NDArray[Any]
State = tuple[Array, Array, int]


def mistakes_of_a_step(
    w: Array, w_bar: Array, state: State, options: Mapping[str, float]
) -> dict[str, Parts]:
    """Work out what likely mistakes give.

    Args:
        w: The weights.
        w_bar: Their gradient.
        state: m, v and step before this one; zeros before the first.
        options: learning_rate, beta_1, beta_2 and epsilon.

    Returns:
        A sentence for each mistake, and the parts (w, m, v, step) that it gives.
    """
    w, w_bar = np.asarray(w, dtype=float), np.asarray(w_bar, dtype=float)
    with np.errstate(all="ignore"):
        return {
            **_in_the_correction(w, w_bar, state, options),
            **_in_the_means(w, w_bar, state, options),
            **_in_the_step(w, w_bar, state, options),
        }


def _means(w_bar: Array, state: State, options: Mapping[str, float]) -> tuple[Array, Array, int]:
    (m, v, k), beta_1, beta_2 = state, options["beta_1"], options["beta_2"]
    return beta_1 * m + (1 - beta_1) * w_bar, beta_2 * v + (1 - beta_2) * w_bar**2, k + 1


def _moved(w: Array, m_hat: Any, v_hat: Any, options: Mapping[str, float]) -> Array:
    step = options["learning_rate"] * m_hat / (np.sqrt(v_hat) + options["epsilon"])
    return np.asarray(w - step)


def _in_the_correction(
    w: Array, w_bar: Array, state: State, options: Mapping[str, float]
) -> dict[str, Parts]:
    m, v, k = _means(w_bar, state, options)
    beta_1, beta_2 = options["beta_1"], options["beta_2"]
    m_hat, v_hat = m / (1 - beta_1**k), v / (1 - beta_2**k)

    def corrected_by(one: float, two: float) -> Array:
        return _moved(w, m / np.float64(one), v / np.float64(two), options)

    few, many = (corrected_by(1 - beta_1**n, 1 - beta_2**n) for n in (k - 1, k + 1))
    moves = {
        "the bias is not corrected: divide m and v by 1 - beta**step": _moved(w, m, v, options),
        "only m is corrected; v begins at 0, too": _moved(w, m_hat, v, options),
        "only v is corrected; m begins at 0, too": _moved(w, m, v_hat, options),
        "the correction counts one step too few: step is 1 in the first one": few,
        "the correction counts one step too many: step is 1 in the first one": many,
        "the correction is always that of the first step: beta needs the power step": corrected_by(
            1 - beta_1, 1 - beta_2
        ),
        "the correction has beta * step; it needs beta**step": corrected_by(1 - beta_1 * k, 1 - beta_2 * k),
        "m and v were multiplied by the correction; they are divided by it": _moved(
            w, m * (1 - beta_1**k), v * (1 - beta_2**k), options
        ),
        "beta_1 and beta_2 are exchanged in the correction": corrected_by(1 - beta_2**k, 1 - beta_1**k),
    }
    right = _moved(w, m_hat, v_hat, options)
    as_state = "the corrected means came as the state; the next step needs m and v themselves"
    either = f"(1 - beta_1) and (1 - beta_2) are missing; or {as_state}"  # the first step cannot tell
    return {words: (moved, m, v, k) for words, moved in moves.items()} | {
        "the correction counts one step too few, and so does the state": (few, m, v, k - 1),
        either if k == 1 else as_state: (right, m_hat, v_hat, k),
        "the state has the number of the step before": (right, m, v, k - 1),
        "the state came back as it was": (right, *state),
        "v stands before m in the state": (right, v, m, k),
    }


def _in_the_means(w: Array, w_bar: Array, state: State, options: Mapping[str, float]) -> dict[str, Parts]:
    (m_0, v_0, _), beta_1, beta_2 = state, options["beta_1"], options["beta_2"]
    m, v, k = _means(w_bar, state, options)
    m_whole, v_whole = beta_1 * m_0 + w_bar, beta_2 * v_0 + w_bar**2
    exchanged = dict(options) | {"beta_1": beta_2, "beta_2": beta_1}
    parts = {
        "(1 - beta_1) is missing before the gradient": (m_whole, v),
        "(1 - beta_2) is missing before the square": (m, v_whole),
        "(1 - beta_1) and (1 - beta_2) are missing": (m_whole, v_whole),
        "the gradient is not squared in v": (m, beta_2 * v_0 + (1 - beta_2) * w_bar),
        "v has the size of the gradient, not its square": (m, beta_2 * v_0 + (1 - beta_2) * np.abs(w_bar)),
        "(1 - beta_2) is squared, too: only the gradient is": (
            m,
            beta_2 * v_0 + ((1 - beta_2) * w_bar) ** 2,
        ),
        "v is one sum for all weights; each weight has the square of its own gradient": (
            m,
            beta_2 * v_0 + (1 - beta_2) * np.sum(w_bar**2),
        ),
        "m is not kept: it forgets all steps before": ((1 - beta_1) * w_bar, v),
        "v is not kept: it forgets all steps before": (m, (1 - beta_2) * w_bar**2),
        "v collects the square of m; it needs that of the gradient": (m, beta_2 * v_0 + (1 - beta_2) * m**2),
    }
    found = {
        words: (_moved(w, one / (1 - beta_1**k), two / (1 - beta_2**k), options), one, two, k)
        for words, (one, two) in parts.items()
    }
    one, two, _ = _means(w_bar, state, exchanged)
    moved = _moved(w, one / (1 - beta_2**k), two / (1 - beta_1**k), options)
    plain = {
        f"{words}, and the bias is not corrected": (_moved(w, *pair, options), *pair, k)
        for words, pair in list(parts.items())[:3]
    }
    return found | plain | {"beta_1 and beta_2 are exchanged": (moved, one, two, k)}


def _in_the_step(w: Array, w_bar: Array, state: State, options: Mapping[str, float]) -> dict[str, Parts]:
    m, v, k = _means(w_bar, state, options)
    m_hat, v_hat = m / (1 - options["beta_1"] ** k), v / (1 - options["beta_2"] ** k)
    rate, epsilon = options["learning_rate"], options["epsilon"]
    moves = {
        "epsilon stands under the root; it is added after the root": w
        - rate * m_hat / np.sqrt(v_hat + epsilon),
        "epsilon is missing": w - rate * m_hat / np.sqrt(v_hat),
        "epsilon is not used: it counts as 1e-8": w - rate * m_hat / (np.sqrt(v_hat) + 1e-8),
        "epsilon was added before the root of v was corrected": w
        - rate * m_hat / (np.sqrt(v) + epsilon) * np.sqrt(1 - options["beta_2"] ** k),
        "the root of v is missing": w - rate * m_hat / (v_hat + epsilon),
        "the weights moved along the gradient; m gives the direction": _moved(w, w_bar, v_hat, options),
        "the weights went uphill: subtract the step": 2 * w - _moved(w, m_hat, v_hat, options),
        "the learning rate is missing": w - m_hat / (np.sqrt(v_hat) + epsilon),
        "v is not used: this is momentum": w - rate * m_hat,
        "the weights did not move": w,
    }
    return {words: (moved, m, v, k) for words, moved in moves.items()}
