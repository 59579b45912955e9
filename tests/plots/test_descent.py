from typing import Any

import numpy as np
import pytest

from course_utils import plots
from course_utils.plots.descent import levels_of
from course_utils.plots.show import LARGEST_PNG, png

RANGES: dict[str, Any] = {"x_range": (-5, 5), "y_range": (-2, 2)}


def ravine(w: Any) -> Any:
    return 0.5 * (w[..., 0] ** 2 + 25 * w[..., 1] ** 2)


def saddle(w: Any) -> Any:
    return w[..., 0] ** 2 - w[..., 1] ** 2


def descent(rate: float, steps: int, start: tuple[float, float] = (-4.0, 1.5)) -> Any:
    return np.array(start) * (1 - rate * np.array([1.0, 25.0])) ** np.arange(steps + 1)[:, None]


def drawn(fig: Any) -> dict[str, Any]:
    return {line.get_label(): line for line in fig.axes[0].lines if not str(line.get_label()).startswith("_")}


def legend_texts(fig: Any) -> list[str]:
    return [text.get_text() for text in fig.legends[0].get_texts()]


def test_each_optimiser_has_a_path_of_its_own_look_from_start_to_end() -> None:
    paths = {"slow": descent(0.01, 40), "fast": descent(0.07, 300)}
    fig = plots.descent_paths(ravine, paths, minimum=(0, 0), title="A ravine", **RANGES)
    ax = fig.axes[0]
    lines = drawn(fig)
    assert legend_texts(fig) == ["slow", "fast", "minimum"]
    for name, path in paths.items():
        np.testing.assert_allclose(lines[name].get_xydata(), path)
        assert len(path[:: lines[name].get_markevery()]) <= 33
    looks = [(line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines.values()]
    assert all(len(set(part)) >= 2 for part in zip(*looks[:2], strict=True))
    ends = [line.get_xydata()[0].tolist() for line in ax.lines if len(line.get_xydata()) == 1]
    for place in ((-4, 1.5), paths["slow"][-1], paths["fast"][-1], (0, 0)):
        assert np.isclose(ends, place).all(axis=1).any()
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_title()) == ((-5, 5), (-2, 2), "A ravine")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w_{1}$", "$w_{2}$")
    assert fig.legends[0].get_title().get_text() == "white circle: start; large marker: end"


def test_five_that_end_in_one_place_have_ends_of_different_sizes() -> None:
    fig = plots.descent_paths(ravine, {str(n): descent(0.02, 400 + n) for n in range(5)}, **RANGES)
    ends = [line for line in fig.axes[0].lines if len(line.get_xydata()) == 1 and line.get_zorder() == 4]
    sizes = [line.get_markersize() for line in ends]
    assert sizes == sorted(set(sizes), reverse=True)
    assert len(sizes) == 5
    assert min(sizes) > 4.5


def test_a_grid_shows_the_same_surface_as_its_function() -> None:
    x, y = np.meshgrid(np.linspace(-5, 5, 161), np.linspace(-2, 2, 161))
    path = {"a": descent(0.02, 5)}
    from_grid = plots.descent_paths(ravine(np.stack([x, y], axis=-1)), path, **RANGES)
    assert png(from_grid) == png(plots.descent_paths(ravine, path, **RANGES))


def test_a_grid_has_its_first_row_at_the_low_end() -> None:
    grid = np.linspace(0, 1, 30)[:, None] * np.ones(20)
    filled = plots.descent_paths(grid, {"a": [(0, 0)]}, **RANGES).axes[0].collections[0]
    heights = [path.vertices[:, 1].mean() for path in filled.get_paths() if len(path.vertices)]
    assert heights == sorted(heights)


def test_a_path_that_leaves_for_good_is_cut_and_says_so() -> None:
    path = descent(0.09, 300)
    fig = plots.descent_paths(ravine, {"too fast": path}, **RANGES)
    left = int(np.flatnonzero(np.abs(path[:, 1]) > 2)[0])
    assert legend_texts(fig) == [f"too fast (leaves at step {left})"]
    (line,) = drawn(fig).values()
    assert len(line.get_xydata()) == left + 1
    assert len(png(fig)) <= LARGEST_PNG


def test_a_path_that_comes_back_is_drawn_whole() -> None:
    path = [(0, 0), (9, 0), (1, 1)]
    fig = plots.descent_paths(ravine, {"overshoots": path}, **RANGES)
    np.testing.assert_array_equal(drawn(fig)["overshoots"].get_xydata(), path)


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_path_that_stops_being_finite_says_when(lost: float) -> None:
    fig = plots.descent_paths(ravine, {"a": [(0, 0), (1, 1), (lost, 0), (0, 0)]}, **RANGES)
    assert legend_texts(fig) == ["a (not finite at step 2)"]
    np.testing.assert_array_equal(next(iter(drawn(fig).values())).get_xydata(), [(0, 0), (1, 1)])


def test_a_jump_far_away_is_drawn_towards_there() -> None:
    fig = plots.descent_paths(ravine, {"a": [(0, 0), (1e300, 0)]}, **RANGES)
    end = next(iter(drawn(fig).values())).get_xydata()[-1]
    assert np.isfinite(end).all()
    assert 5 < end[0] < 1e6
    assert end[1] == 0


def test_the_levels_of_a_valley_lie_closer_at_its_floor_and_those_of_a_saddle_do_not() -> None:
    w = np.stack(np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-2, 2, 61)), axis=-1)
    levels = levels_of(ravine(w))
    shares = [(ravine(w) <= level).mean() for level in levels]
    np.testing.assert_allclose(shares, np.linspace(0, 1, len(levels)) ** 2, atol=0.02)
    even = [(saddle(w) <= level).mean() for level in levels_of(saddle(w))]
    np.testing.assert_allclose(even, np.linspace(0, 1, len(even)), atol=0.05)


def test_a_flat_surface_can_be_drawn() -> None:
    fig = plots.descent_paths(lambda w: 0 * w[:, 0] + 3, {"a": [(0, 0)]}, **RANGES)
    assert levels_of(np.full((4, 4), 3.0)).tolist() == [2.5, 3.5]
    assert len(png(fig)) <= LARGEST_PNG


def test_the_scale_names_its_levels_and_what_they_are() -> None:
    fig = plots.descent_paths(lambda w: 1000 * ravine(w), {"a": [(0, 0)]}, bar_label="loss (nats)", **RANGES)
    fig.draw_without_rendering()
    bar = fig.axes[0].child_axes[0]
    labels = [text.get_text() for text in bar.get_yticklabels()]
    assert bar.get_ylabel() == "loss (nats)"
    assert labels[0] == "0"
    assert labels[-1] == "62,500"


def test_a_plane_of_unlike_ranges_keeps_a_readable_shape() -> None:
    fig = plots.descent_paths(ravine, {"a": [(0, 0)]}, x_range=(-100, 100), y_range=(-1, 1))
    assert fig.axes[0].get_aspect() == "auto"
    assert plots.descent_paths(ravine, {"a": [(0, 0)]}, **RANGES).axes[0].get_aspect() == 1


@pytest.mark.parametrize(
    ("value", "paths", "options", "message"),
    [
        (ravine, {}, {}, "paths is empty but a figure needs at least one"),
        (
            ravine,
            {str(n): [(0, 0)] for n in range(6)},
            {},
            "paths has 6 entries but 5 can be told apart; draw several figures",
        ),
        (
            ravine,
            {"a": [0, 1]},
            {},
            r"the path 'a' must be \(steps \+ 1, 2\), the start first, but has shape \(2,\)",
        ),
        (ravine, {"a": np.zeros((0, 2))}, {}, r"the path 'a' must be .* but has shape \(0, 2\)"),
        (
            ravine,
            {"a": [(6, 0)]},
            {},
            r"the path 'a' starts at \[6.0, 0.0\], outside x_range=\(-5.0, 5.0\) and y_range=.*widen the",
        ),
        (ravine, {"a": [(np.nan, 0)]}, {}, "the path 'a' starts at"),
        (lambda w: w, {"a": [(0, 0)]}, {}, "value must return one value for each row"),
        (lambda w: w[:, 0] / 0 * 0, {"a": [(0, 0)]}, {}, "value has .* NaN or infinite"),
        (
            np.zeros(4),
            {"a": [(0, 0)]},
            {},
            r"value must be a function or a grid \(rows, columns\) of at least 2 x 2, but has shape \(4,\)",
        ),
        (ravine, {"a": [(0, 0)]}, {"minimum": 0}, r"minimum must be \(2,\), a place .* has shape \(\); give"),
        (ravine, {"a": [(0, 0)]}, {"x_range": (1, -1)}, r"x_range must be \(low, high\) with low below high"),
    ],
)
def test_descent_paths_refuse_what_they_cannot_draw(
    value: Any, paths: Any, options: Any, message: str
) -> None:
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        plots.descent_paths(value, paths, **(RANGES | options))
