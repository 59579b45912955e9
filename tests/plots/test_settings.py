from typing import Any

import numpy as np
import pytest

from course_utils import plots


def names(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_setting_curves_name_their_lines_at_the_ends_and_shade_their_spread() -> None:
    fig = plots.setting_curves(
        [0, 1, 2],
        {"LeNet": [0.9, 0.8, 0.7], "perceptron": [0.9, 0.5, 0.1]},
        x_label="shift (pixels)",
        y_label="accuracy",
        spread={"perceptron": ([0.8, 0.4, 0.0], [1.0, 0.6, 0.2])},
        title="Shifts",
    )
    (ax,) = fig.axes
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("shift (pixels)", "accuracy", "Shifts")
    assert sorted(names(ax)) == ["LeNet", "perceptron"]
    assert fig.legends == []
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    assert {(0.0, 0.8), (1.0, 0.6), (2.0, 0.0), (2.0, 0.2)} <= {tuple(corner) for corner in corners.tolist()}
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), [0.9, 0.5, 0.1])
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()


def test_setting_curves_scale_their_axes_as_asked() -> None:
    (ax,) = plots.setting_curves(
        [100, 1000, 10000], {"a": [0.5, 0.6, 0.7]}, x_label="images", y_label="accuracy", log="x"
    ).axes
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")


def test_one_setting_can_be_drawn() -> None:
    (ax,) = plots.setting_curves([1], {"a": [0.5]}, x_label="images", y_label="accuracy").axes
    assert names(ax) == ["a"]


@pytest.mark.parametrize(
    ("x", "curves", "options", "message"),
    [
        (
            [1, 1],
            {"a": [1, 2]},
            {},
            r"x must increase from one setting to the next, but is \[1.0, 1.0\]; sort",
        ),
        ([[1, 2]], {"a": [1, 2]}, {}, "x must increase from one setting to the next"),
        ([1, 2], {}, {}, "curves is empty but a figure needs at least one"),
        ([1, 2], {"a": [1]}, {}, "x and a must have one length"),
        ([1, 2], {"a": [1, np.nan]}, {}, "a has 1 values that are NaN"),
        (
            [1, 2],
            {str(n): [1, 2] for n in range(7)},
            {},
            "there are 7 curves but 6 names are readable at their ends; draw several figures",
        ),
        (
            [1, 2],
            {"a": [1, 2]},
            {"spread": {"b": ([0, 1], [2, 3])}},
            "spread has 'b' but the curves are 'a'; name one of them",
        ),
        (
            [1, 2],
            {"a": [1, 2]},
            {"spread": {"a": [[0, 1]]}},
            r"spread\['a'\] has 1 entries but must be two arrays, \(low, high\)",
        ),
        (
            [1, 2],
            {"a": [1, 2]},
            {"spread": {"a": ([0, 1], [2])}},
            "x and the high end of a must have one length",
        ),
        (
            [1, 2],
            {"a": [1, 2]},
            {"spread": {"a": ([0, 3], [2, 1])}},
            r"the band of a has its low end 3 above its high end 1; give \(low, high\)",
        ),
        ([0, 2], {"a": [1, 2]}, {"log": "x"}, "x has the value 0, which a logarithmic axis"),
    ],
)
def test_setting_curves_refuse_what_they_cannot_draw(x: Any, curves: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.setting_curves(x, curves, x_label="x", y_label="y", **options)


def test_schedules_are_drawn_over_the_whole_training() -> None:
    fig = plots.schedule_curves(
        {"constant": lambda _: 1.0, "halved": lambda time: 0.5 ** (time // 10)}, epochs=30, title="Two"
    )
    (ax,) = fig.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (epochs)", "factor on the learning rate")
    assert ax.get_title() == "Two"
    assert ax.get_xlim() == (0, 30)
    assert ax.get_ylim()[0] == 0
    x, y = ax.lines[1].get_data()
    np.testing.assert_array_equal(y, 0.5 ** (np.asarray(x) // 10))
    assert sorted(names(ax)) == ["constant", "halved"]
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_a_schedule_is_called_with_one_time_after_another() -> None:
    times: list[Any] = []

    def schedule(time: float) -> float:
        times.append(time)
        return 1.0 if time < 1 else 0.1

    plots.schedule_curves({"a": schedule}, epochs=2)
    assert all(type(time) is float for time in times)
    assert (times[0], times[-1]) == (0, 2)


@pytest.mark.parametrize(
    ("schedules", "epochs", "message"),
    [
        ({}, 1, "schedules is empty but a figure needs at least one"),
        ({"a": lambda _: 1.0}, 0, "epochs is 0 but must be a whole number of at least 1"),
        ({"a": lambda _: np.nan}, 1, "a has 801 values that are NaN or infinite"),
        ({str(n): lambda _: 1.0 for n in range(7)}, 1, "there are 7 curves but 6 names are readable"),
    ],
)
def test_schedule_curves_refuse_what_they_cannot_draw(schedules: Any, epochs: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.schedule_curves(schedules, epochs=epochs)


def test_a_schedule_must_be_a_function() -> None:
    with pytest.raises(
        TypeError, match="the schedule 'a' is float but must be a function from a time in epo"
    ):
        plots.schedule_curves({"a": 0.5}, epochs=1)  # type: ignore[dict-item]


def test_layer_profile_numbers_layers_from_one_on_a_logarithmic_axis() -> None:
    sizes = {"logistic": 10.0 ** -np.arange(10), "ReLU": np.ones(10), "short": [1, 2]}
    fig = plots.layer_profile(sizes, y_label="gradient (rms)", title="Ten layers")
    (ax,) = fig.axes
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("layer", "gradient (rms)", "Ten layers")
    assert sorted(names(ax)) == ["ReLU", "logistic", "short"]
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), np.arange(1, 11))
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), sizes["logistic"])
    assert len({(line.get_linestyle(), line.get_marker()) for line in ax.lines[:3]}) == 3
    assert fig.legends == []


def test_layer_profile_marks_a_size_that_has_no_place_on_its_axis() -> None:
    fig = plots.layer_profile({"a": [1, 0, np.nan, 1]}, y_label="y")
    (ax,) = fig.axes
    (span,) = ax.patches
    assert (span.get_x(), span.get_width()) == (1.5, 2)
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["zero or not a finite number"]


def test_layer_profile_of_one_layer_and_of_nothing_but_zeros() -> None:
    (ax,) = plots.layer_profile({"a": [0.3]}, y_label="y").axes
    low, high = ax.get_xlim()
    assert [tick for tick in ax.get_xticks() if low <= tick <= high] == [1]
    assert names(plots.layer_profile({"dead": [0, 0]}, y_label="y").axes[0]) == ["dead: none"]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({}, "sizes is empty but a figure needs at least one"),
        ({str(n): [1] for n in range(6)}, "sizes has 6 curves but 5 can be told apart; draw several figures"),
        ({"a": []}, r"a must be \(layers,\), a size for each layer, but has shape \(0,\); ravel it first"),
        ({"a": [[1]]}, r"a must be \(layers,\), a size for each layer, but has shape \(1, 1\)"),
        ({"a": [1, -2]}, "a has the value -2 but a size is not negative; take its magnitude"),
    ],
)
def test_layer_profile_refuses_what_it_cannot_draw(sizes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.layer_profile(sizes, y_label="y")
