from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from course_utils import plots
from course_utils.plots.traces import crossovers

SIZES = np.array([1.0, 10.0, 100.0])


def test_signals_stand_above_one_another_on_one_axis_and_one_scale() -> None:
    t = np.linspace(0, 1, 5)
    fig = plots.signals({"x_1": (t, t), "flat": [0, 0, 0]}, x_label="time (s)", y_label="volts", title="Two")
    above, below = fig.axes
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["$x_{1}$", "flat"]
    assert above.get_xlim() == below.get_xlim()
    assert above.get_ylim() == below.get_ylim()
    assert below.get_xlabel() == "time (s)"
    assert fig.get_supylabel() == "volts"
    assert fig.get_suptitle() == "Two"
    np.testing.assert_array_equal(above.lines[0].get_xdata(), t)
    np.testing.assert_array_equal(below.lines[0].get_xdata(), [0, 1, 2])


def test_no_sample_is_cut_off_by_a_shorter_signal() -> None:
    fig = plots.signals({"a": [2, -1, 1], "a * b": [2, 1, 4, -1, 2]}, stems=True)
    for ax in fig.axes:
        assert ax.get_xlim()[0] < 0
        assert ax.get_xlim()[1] > 4
        assert ax.get_ylim()[0] < -1
        assert ax.get_ylim()[1] > 4


def test_stems_reach_from_zero_to_each_sample() -> None:
    (ax,) = plots.signals({"a": [2, -1]}, stems=True).axes
    (stems,) = [item for item in ax.collections if isinstance(item, LineCollection)]
    np.testing.assert_array_equal(stems.get_segments(), [[[0, 0], [0, 2]], [[1, 0], [1, -1]]])
    assert np.equal(np.mod(ax.get_yticks(), 1), 0).all()


def test_limits_cut_all_signals_alike() -> None:
    fig = plots.signals({"a": np.arange(9), "b": np.arange(5)}, limits=(2, 4))
    assert [ax.get_xlim() for ax in fig.axes] == [(2, 4)] * 2


def test_lines_cross_where_logarithms_are_equal() -> None:
    found = crossovers(SIZES, {"slope one": SIZES, "constant": [30.0, 30.0, 30.0]})
    assert [(round(place, 6), name) for place, name in found] == [(30.0, "constant")]


def test_every_change_of_the_fastest_method_is_found() -> None:
    times = {"direct": SIZES**2, "matrix": 5 * SIZES, "FFT": np.full(3, 250.0)}
    found = crossovers(SIZES, times)
    assert [(round(place, 6), name) for place, name in found] == [(5.0, "matrix"), (50.0, "FFT")]
    fig = plots.time_curves(SIZES, times, x_label="kernel (pixels)", title="Measured")
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "direct",
        "matrix",
        "FFT",
        "matrix is fastest\nfrom about 5.0",
        "FFT is fastest\nfrom about 50",
    ]
    marks = fig.axes[0].lines[3:]
    assert [float(np.asarray(mark.get_xdata())[0]) for mark in marks] == pytest.approx([5, 50])
    assert marks[0].get_linestyle() != marks[1].get_linestyle()
    assert fig.axes[0].get_xscale() == fig.axes[0].get_yscale() == "log"
    assert fig.axes[0].get_ylabel() == "time (ms)"


def test_one_method_that_is_always_fastest_has_no_mark() -> None:
    assert crossovers(SIZES, {"a": [1, 2, 3], "b": [2, 3, 4]}) == []
    fig = plots.time_curves(SIZES, {"a": [1, 2, 3]}, x_label="size")
    assert len(fig.axes[0].lines) == 1
    assert fig.legends == []


@pytest.mark.parametrize(
    ("traces", "options", "message"),
    [
        ({}, {}, "traces is empty but a figure needs at least one"),
        ({str(k): [1, 2] for k in range(7)}, {}, "traces has 7 entries but 6 fit a page"),
        ({"a": [[1]]}, {}, r"a must have one axis, \(count,\), but has shape \(1, 1\)"),
        ({"a": ([1, 2], [1])}, {}, "x and a must have one length"),
        ({"a": [np.nan]}, {}, "a has 1 values that are NaN"),
        ({"a": np.ones(81)}, {"stems": True}, "a has 81 samples, too many for stems; use stems=False"),
        ({"a": [1, 2]}, {"limits": (1, 0)}, r"limits must be \(low, high\) with low below high"),
    ],
)
def test_signals_refuses_what_it_cannot_draw(traces: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.signals(traces, **options)


@pytest.mark.parametrize(
    ("x", "times", "message"),
    [
        ([1, 1], {"a": [1, 2]}, r"x must increase from one size to the next, but is \[1.0, 1.0\]; sort it"),
        ([1, 2], {"a": [1, 2, 3]}, "x and a must have one length"),
        ([1, 2], {"a": [0, 1]}, "a has the value 0 but sizes and times must be positive"),
        ([0, 2], {"a": [1, 1]}, "x has the value 0 but sizes and times must be positive"),
        ([1, 2], {}, "times is empty but a figure needs at least one"),
    ],
)
def test_time_curves_refuses_what_it_cannot_draw(x: Any, times: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.time_curves(x, times, x_label="size")
