from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from course_utils import plots


def legend_texts(fig: Figure) -> list[str]:
    return [text.get_text() for legend in fig.legends for text in legend.get_texts()]


def relu(z: Any) -> Any:
    return np.maximum(z, 0)


def step(z: Any) -> Any:
    return (np.asarray(z) > 0).astype(float)


def test_function_curves_evaluate_each_function_over_the_limits() -> None:
    fig = plots.function_curves(
        {"ReLU": relu, "step": step}, limits=(-2, 3), x_label="z", y_label="h (V)", title="Two"
    )
    (ax,) = fig.axes
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("z", "h (V)", "Two")
    assert ax.get_xlim() == (-2, 3)
    x, y = ax.lines[0].get_data()
    np.testing.assert_array_equal(y, relu(x))
    assert (np.min(x), np.max(x)) == (-2, 3)
    assert legend_texts(fig) == ["ReLU", "step"]
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_a_single_curve_needs_no_legend() -> None:
    fig = plots.function_curves({"ReLU": relu}, limits=(-1, 1), x_label="z", y_label="h")
    assert fig.legends == []


def test_function_curves_take_arrays_truth_data_and_y_limits() -> None:
    x = np.linspace(0, 1, 5)
    fig = plots.function_curves(
        {"network": (x, x**2)},
        limits=(0, 1),
        x_label="x_1",
        y_label="y",
        truth=np.sqrt,
        data=(x, x + 0.1),
        y_limits=(-1, 2),
    )
    (ax,) = fig.axes
    looks = {line.get_label(): line for line in ax.lines}
    assert list(looks) == ["data", "truth", "network"]
    assert to_hex(looks["truth"].get_color()) == "#000000"
    assert looks["data"].get_linestyle() == "None"
    assert looks["data"].get_marker() == "o"
    np.testing.assert_array_equal(looks["network"].get_ydata(), x**2)
    assert ax.get_ylim() == (-1, 2)
    assert ax.get_xlabel() == "$x_{1}$"


@pytest.mark.parametrize(
    ("curves", "limits", "message"),
    [
        ({}, (0, 1), "curves is empty but a figure needs at least one"),
        ({"f": relu}, (1, 1), r"limits must be \(low, high\) with low below high, but is \(1, 1\)"),
        ({"f": relu}, (0, np.nan), "limits has 1 values that are NaN"),
        ({"f": lambda z: z[:3]}, (0, 1), r"f must return one value for each row, shape \(801,\), .*\(3,\)"),
        ({"f": lambda z: z * np.nan}, (0, 1), "f has 801 values that are NaN or infinite"),
        ({"f": ([0, 1], [0, 1, 2])}, (0, 1), r"x\.shape=\(2,\) and f\.shape=\(3,\)"),
        ({"f": ([], [])}, (0, 1), r"x is empty \(x\.shape=\(0,\)\)"),
        ({"f": ([[0, 1]], [0, 1])}, (0, 1), r"x must have one axis, \(count,\), but has shape \(1, 2\)"),
    ],
)
def test_function_curves_refuse_what_they_cannot_draw(curves: Any, limits: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.function_curves(curves, limits=limits, x_label="z", y_label="h")


def test_curve_grid_draws_function_and_derivative_on_one_scale() -> None:
    functions = dict.fromkeys(("a", "b", "c", "d"), (relu, step))
    fig = plots.curve_grid(functions, limits=(-3, 3), title="Four", x_label="z_1")
    assert [ax.get_title() for ax in fig.axes] == ["a", "b", "c", "d"]
    assert len({ax.get_ylim() for ax in fig.axes}) == 1
    assert legend_texts(fig) == ["function", "derivative"]
    assert fig.get_suptitle() == "Four"
    assert fig.get_supxlabel() == "$z_{1}$"
    for ax in fig.axes:
        z, h = ax.lines[0].get_data()
        np.testing.assert_array_equal(h, relu(z))
        np.testing.assert_array_equal(ax.lines[1].get_ydata(), step(z))
        assert ax.lines[1].get_linestyle() == "--"


def test_curve_grid_numbers_the_axes_above_an_empty_place() -> None:
    fig = plots.curve_grid(dict.fromkeys("abcd", (relu, step)), limits=(-3, 3))
    fig.draw_without_rendering()
    numbered = [any(tick.label1.get_visible() for tick in ax.xaxis.get_major_ticks()) for ax in fig.axes]
    assert numbered == [False, True, True, True]


@pytest.mark.parametrize("columns", [0, -1, 1.5])
def test_curve_grid_needs_a_whole_number_of_columns(columns: Any) -> None:
    with pytest.raises(ValueError, match=r"columns is .* but must be a whole number of at least 1"):
        plots.curve_grid({"a": (relu, step)}, limits=(-1, 1), columns=columns)


def test_curve_grid_needs_a_function() -> None:
    with pytest.raises(ValueError, match="functions is empty"):
        plots.curve_grid({}, limits=(-1, 1))


@pytest.mark.parametrize(
    ("log", "scales"),
    [
        (True, ("log", "log")),
        ("x", ("log", "linear")),
        ("y", ("linear", "log")),
        (False, ("linear", "linear")),
    ],
)
def test_error_curves_scale_the_axes_as_asked(log: Any, scales: tuple[str, str]) -> None:
    fig = plots.error_curves(
        [1, 2, 4], {"a": [4, 2, 1], "b": [1, 1, 1]}, x_label="steepness", y_label="error (V)", log=log
    )
    (ax,) = fig.axes
    assert (ax.get_xscale(), ax.get_yscale()) == scales
    assert ax.get_ylabel() == "error (V)"
    assert legend_texts(fig) == ["a", "b"]
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1, 4], [2, 2], [4, 1]])


@pytest.mark.parametrize(
    ("x", "errors", "log", "message"),
    [
        (
            [1, 2],
            {"a": [1, 0]},
            True,
            "a has the value 0, which a logarithmic axis cannot show; use log=False",
        ),
        ([-1, 2], {"a": [1, 1]}, "x", "x has the value -1, which a logarithmic axis"),
        ([1, 2], {"a": [1, 2, 3]}, True, r"x\.shape=\(2,\) and a\.shape=\(3,\)"),
        ([1, 2], {"a": [1, np.inf]}, True, "a has 1 values that are NaN or infinite"),
        ([1, 2], {}, True, "errors is empty"),
        ([1, 2], {"a": [1, 2]}, "z", "log is 'z' but must be True, False"),
    ],
)
def test_error_curves_refuse_what_they_cannot_draw(x: Any, errors: Any, log: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.error_curves(x, errors, x_label="x", y_label="error", log=log)


def test_loss_curves_start_at_epoch_zero_with_train_blue_and_validation_vermillion() -> None:
    fig = plots.loss_curves({"validation": [3.0, 2.0], "train": [2.0, 1.0]})
    (ax,) = fig.axes
    looks = {line.get_label(): (line.get_color(), line.get_linestyle()) for line in ax.lines}
    assert looks == {"validation": (plots.VERMILLION, "--"), "train": (plots.BLUE, "-")}
    assert list(ax.lines[0].get_xdata()) == [0, 1]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss (mean per example)")
    assert ax.get_yscale() == "linear"


def test_loss_curves_draw_several_runs_alike_with_one_legend_entry() -> None:
    fig = plots.loss_curves({"solved": np.ones((3, 5)), "stuck": np.full((2, 5), 0.5)}, log=True)
    (ax,) = fig.axes
    assert len(ax.lines) == 5
    assert legend_texts(fig) == ["solved", "stuck"]
    assert len({line.get_color() for line in ax.lines[:3]}) == 1
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize(
    ("losses", "log", "message"),
    [
        ({}, False, "losses is empty"),
        ({"a": [1, np.nan]}, False, "a has 1 values that are NaN"),
        ({"a": []}, False, "a is empty"),
        (
            {"a": np.ones((2, 2, 2))},
            False,
            r"a must be \(epochs,\) or \(runs, epochs\), but has shape \(2, 2, 2\)",
        ),
        ({"a": [1, 0]}, True, "a has the value 0, which a logarithmic axis"),
    ],
)
def test_loss_curves_refuse_what_they_cannot_draw(losses: Any, log: bool, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.loss_curves(losses, log=log)


def test_bars_write_each_value_above_its_bar() -> None:
    fig = plots.bars(
        ["a", "b", "c"], [1, 1024, 10240], y_label="weights (count)", title="Cost", x_label="layer"
    )
    (ax,) = fig.axes
    assert [text.get_text() for text in ax.texts] == ["1", "1,024", "10,240"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "c"]
    assert [patch.get_height() for patch in ax.patches] == [1, 1024, 10240]
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title()) == ("weights (count)", "layer", "Cost")
    assert fig.legends == []


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.9, 0.92], ["0.90", "0.92"]),
        ([0.12345, 1], ["0.123", "1.000"]),
        ([0.00012345, 1], ["0.00012", "1"]),
        ([0, -2], ["0", "-2"]),
    ],
)
def test_bars_write_as_many_decimals_as_are_needed(values: list[float], texts: list[str]) -> None:
    (ax,) = plots.bars(["a", "b"], values, y_label="y").axes
    assert [text.get_text() for text in ax.texts] == texts


def test_bars_of_several_series_stand_apart_and_differ_without_colour() -> None:
    fig = plots.bars(["a", "b"], {"units": [1, 2], "weights": [3, 4]}, y_label="count", log=True)
    (ax,) = fig.axes
    assert legend_texts(fig) == ["units", "weights"]
    edges = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches)
    assert all(left[1] < right[0] for left, right in pairwise(edges))
    assert ax.patches[0].get_hatch() != ax.patches[2].get_hatch()
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize(
    ("names", "values", "log", "message"),
    [
        (["a"], [1, 2], False, "names has 1 entries but there are 2 values"),
        (["a"], {}, False, "values is empty"),
        ([], [], False, "values is empty"),
        (["a"], [np.nan], False, "values has 1 values that are NaN"),
        (["a"], [0], True, "values has the value 0, which a logarithmic axis"),
    ],
)
def test_bars_refuse_what_they_cannot_draw(names: Any, values: Any, log: bool, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.bars(names, values, y_label="y", log=log)


def tick_labels(axis: Any) -> list[str]:
    axis.figure.draw_without_rendering()
    low, high = sorted(axis.get_view_interval())
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    inside = [tick.label1.get_text() for tick in ticks if low <= tick.get_loc() <= high]
    return [label for label in inside if label]


def log_axes(x: Any, y: Any) -> Any:
    (ax,) = plots.error_curves(x, {"time": y}, x_label="units", y_label="time (ms)").axes
    return ax


def test_few_settings_of_a_logarithmic_axis_are_labelled_one_by_one() -> None:
    units = 2 ** np.arange(4, 10)
    ax = log_axes(units, units**1.5)
    assert tick_labels(ax.xaxis) == ["16", "32", "64", "128", "256", "512"]
    assert all("10^" in label for label in tick_labels(ax.yaxis))


@pytest.mark.parametrize("x", [np.arange(1, 21), np.array([1, 1.01, 30])])
def test_many_or_close_settings_are_labelled_by_powers_of_ten(x: Any) -> None:
    labels = tick_labels(log_axes(x, x**2.0).xaxis)
    assert labels
    assert all("times" not in label for label in labels)


def test_less_than_a_decade_keeps_its_minor_labels() -> None:
    y = np.linspace(2, 5, 4)
    assert any("times" in label for label in tick_labels(log_axes(np.arange(1.0, 5.0), y).yaxis))
