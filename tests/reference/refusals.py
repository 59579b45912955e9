"""Whether forward and backward of a layer refuse the same, each in one sentence."""

import numpy as np
import pytest


def refuses(example, error, sentence, arrays=None, y_bar=None, **changes):
    """Assert that forward and backward both raise one sentence that holds what is searched for."""
    arrays = example.arrays() if arrays is None else arrays
    if y_bar is None:
        y_bar = np.ones_like(example.forward(*example.arrays(), **example.options))
    options = example.options | changes
    with pytest.raises(error, match=sentence) as caught:
        example.forward(*arrays, **options)
    assert_one_sentence(caught)
    with pytest.raises(error, match=sentence) as caught:
        example.backward(y_bar, *arrays[: example.used], **options)
    assert_one_sentence(caught)


def assert_one_sentence(caught):
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert ". " not in sentence
    assert "; " in sentence  # the remedy
