"""The benchmark of the ways to convolve: they agree, and what it says about them follows from the times."""

import numpy as np
import pytest

from benchmarks import convolution_ways


@pytest.mark.parametrize(
    "ways",
    [convolution_ways.of_a_picture, convolution_ways.of_a_layer, convolution_ways.of_a_separable_kernel],
)
def test_the_ways_agree_and_are_timed(ways):
    found = convolution_ways.milliseconds(ways(np.random.default_rng(0), 4), runs=1)
    assert all(0 < time < np.inf for time in found.values())


def test_ways_that_disagree_are_refused():
    with pytest.raises(RuntimeError, match="the ways disagree"):
        convolution_ways.milliseconds({"one": lambda: np.zeros(3), "other": lambda: np.ones(3)}, runs=1)


def test_crossings_are_named():
    rows = {3: {"direct": 1.0, "FFT": 2.0}, 5: {"direct": 3.0, "FFT": 2.0}, 7: {"direct": 4.0, "FFT": 2.0}}
    assert convolution_ways.changes(rows) == ["FFT is fastest from 5 on, direct up to 3"]
    assert convolution_ways.changes({3: {"direct": 1.0, "FFT": 2.0}}) == ["direct is fastest throughout"]
