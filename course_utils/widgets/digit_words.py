"""What the draw-a-digit explorer says, in the browser's very words: the tests hold both equal."""

from collections.abc import Sequence

import numpy as np

from course_utils.widgets.digit_network import Numbers

EMPTY = "Nothing is drawn yet, so nothing is predicted. Draw one digit, large, on the dark field."


def prediction_words(p: Numbers | None, classes: Sequence[str]) -> str:
    """Say what the network predicts.

    Args:
        p: Probabilities, shape (classes,); None if nothing is drawn.
        classes: What each is called.

    Returns:
        Two short sentences, or what to do.
    """
    if p is None:
        return EMPTY
    best, second, *_ = ranked(p)
    return (
        f"Prediction: {classes[best]}, with probability {probability(p[best])}. "
        f"Second best: {classes[second]}, with {probability(p[second])}."
    )


def ranked(p: Numbers) -> list[int]:
    """Order the classes, the likeliest first and the first of equals.

    Args:
        p: Probabilities, shape (classes,).

    Returns:
        Their places in `p`.
    """
    return [int(place) for place in np.argsort(-p, kind="stable")]


def probability(p: float) -> str:
    """Write a probability with two decimals, and never as certain or impossible.

    Args:
        p: From 0 to 1.

    Returns:
        Such as "0.35", "over 0.99" or "under 0.01".
    """
    if p >= 0.995:
        return "over 0.99"
    return "under 0.01" if p < 0.005 else f"{p:.2f}"
