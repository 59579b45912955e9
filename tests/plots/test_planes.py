from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from course_utils import plots

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
T = np.array([0, 1, 1, 0])
NAMES = ["00", "01", "10", "11"]
OR = ([1.0, 1.0], -0.5, "OR")
AND = ([1.0, 1.0], -1.5, "AND")


def legend_texts(fig: Figure) -> list[str]:
    return [text.get_text() for legend in fig.legends for text in legend.get_texts()]


def scatters(ax: Axes) -> dict[str, PathCollection]:
    return {str(c.get_label()): c for c in ax.collections if isinstance(c, PathCollection)}


def written(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def arrows(ax: Axes) -> list[np.ndarray]:
    marks = [t for t in ax.texts if isinstance(t, Annotation) and t.arrow_patch and not t.get_text()]
    return [np.subtract(mark.xy, mark.xyann) for mark in marks]


def drawn_line(ax: Axes, label: str) -> Line2D:
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line


def fills(ax: Axes) -> list[ContourSet]:
    return [c for c in ax.collections if isinstance(c, ContourSet)]


def test_points_of_each_class_have_their_colour_and_marker() -> None:
    fig = plots.points(X, T, title="XOR", labels=("x_1", "voltage (V)"))
    (ax,) = fig.axes
    marks = scatters(ax)
    np.testing.assert_array_equal(marks["class 0"].get_offsets(), X[T == 0])
    np.testing.assert_array_equal(marks["class 1"].get_offsets(), X[T == 1])
    assert not np.array_equal(marks["class 0"].get_facecolor(), marks["class 1"].get_facecolor())
    shapes = [len(marks[name].get_paths()[0].vertices) for name in ("class 0", "class 1")]
    assert shapes == [26, 4]  # a circle of Bezier curves and a triangle
    assert legend_texts(fig) == ["class 0", "class 1"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("$x_{1}$", "voltage (V)", "XOR")


def test_points_leave_room_around_the_data_and_keep_angles() -> None:
    (ax,) = plots.points(X, T).axes
    assert ax.get_xlim() == (-0.25, 1.25)
    assert ax.get_ylim() == (-0.25, 1.25)
    assert ax.get_aspect() == 1


def test_a_single_point_still_has_a_plane_around_it() -> None:
    (ax,) = plots.points([[2, 3]], [0]).axes
    assert ax.get_xlim() == (1.5, 2.5)


def test_very_different_ranges_give_up_the_common_scale() -> None:
    (ax,) = plots.points(X, T, limits=((0, 100), (0, 1))).axes
    assert ax.get_aspect() == "auto"
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 100), (0, 1))


def test_names_stand_beside_the_points_and_coinciding_points_share_one() -> None:
    (ax,) = plots.points([[0, 0], [1, 0], [1, 0.001], [1, 1]], T, names=NAMES).axes
    assert written(ax) == ["00", "01, 10", "11"]


def test_coinciding_points_of_two_classes_are_both_seen() -> None:
    (apart,) = plots.points([[0, 0], [1, 1]], [0, 1]).axes
    (together,) = plots.points([[1, 1], [1, 1], [0, 0]], [0, 1, 1]).axes
    circle = [scatters(ax)["class 0"].get_sizes()[0] for ax in (apart, together)]
    assert circle[1] > 2 * circle[0]
    assert scatters(together)["class 1"].get_zorder() > scatters(together)["class 0"].get_zorder()


@pytest.mark.parametrize(("count", "largest"), [(4, 130), (60, 45), (500, 18)])
def test_many_points_are_drawn_smaller(count: int, largest: float) -> None:
    (ax,) = plots.points(np.random.default_rng(0).normal(size=(count, 2)), np.zeros(count, int)).axes
    assert scatters(ax)["class 0"].get_sizes()[0] == largest


def test_three_named_classes() -> None:
    fig = plots.points([[0, 0], [1, 1], [2, 2]], [0, 1, 2], classes=("cat", "dog", "bird"))
    assert legend_texts(fig) == ["cat", "dog", "bird"]


@pytest.mark.parametrize(
    ("w", "b"), [((1.0, 1.0), -0.5), ((2.0, -1.0), 0.2), ((0.0, 3.0), -1.0), ((-1.0, 0.0), 0.5)]
)
def test_a_line_lies_where_the_unit_is_at_zero_and_its_arrow_points_to_the_on_side(w: Any, b: float) -> None:
    fig = plots.points(X, T, lines=[(w, b, "unit")])
    (ax,) = fig.axes
    ends = np.asarray(drawn_line(ax, "unit").get_xydata())
    np.testing.assert_allclose(ends @ np.array(w) + b, 0, atol=1e-12)
    assert np.all(ends >= -0.25 - 1e-12)
    assert np.all(ends <= 1.25 + 1e-12)
    (arrow,) = arrows(ax)
    direction = np.array(w) / np.linalg.norm(w)
    np.testing.assert_allclose(arrow / np.linalg.norm(arrow), direction, atol=1e-12)
    legend_title = fig.legends[0].get_title().get_text()
    assert legend_title == "arrow: side where the unit is on"


def test_two_lines_differ_without_colour() -> None:
    (ax,) = plots.points(X, T, lines=[OR, AND]).axes
    assert drawn_line(ax, "OR").get_linestyle() != drawn_line(ax, "AND").get_linestyle()


@pytest.mark.parametrize(
    ("line", "label"),
    [
        (([1, 0], -9, "far"), "far (outside)"),
        (([0, 1], -9, "far"), "far (outside)"),
        (([1, 1], -9, "far"), "far (outside)"),
        (([0, 0], 1, "dead"), "dead (no line: w = 0)"),
    ],
)
def test_a_line_that_is_not_in_the_plane_is_named_and_not_drawn(line: Any, label: str) -> None:
    fig = plots.points(X, T, lines=[line])
    assert label in legend_texts(fig)
    assert arrows(fig.axes[0]) == []
    assert len(np.asarray(drawn_line(fig.axes[0], label).get_xdata())) == 0


@pytest.mark.parametrize(
    ("x", "t", "options", "message"),
    [
        (X, T[:3], {}, r"x must be \(batch, 2\) and t \(batch,\), but x\.shape=\(4, 2\) and t\.shape=\(3,\)"),
        (np.ones((4, 3)), T, {}, r"x\.shape=\(4, 3\) and t\.shape=\(4,\)"),
        (np.ones(4), T, {}, r"x\.shape=\(4,\)"),
        (np.ones((0, 2)), [], {}, r"x is empty \(x\.shape=\(0, 2\)\)"),
        (X * np.nan, T, {}, "x has 8 values that are NaN or infinite"),
        (X, [0, 1, 2, 0], {}, "t has the label 2 but the labels here are 0 to 1; recode t"),
        (X, [0, 1, 0.5, 0], {}, "t has the label 0.5"),
        (X, [0, 1, -1, 0], {}, "t has the label -1"),
        (X, T, {"names": ["a"]}, "names has 1 entries but there are 4 points; give one for each"),
        (X, T, {"limits": (1, 0)}, r"limits must be \(low, high\), or one such pair for each axis.*\(1, 0\)"),
        (X, T, {"limits": (1, 2, 3)}, r"limits must be \(low, high\), or one such pair"),
        (X, T, {"lines": [([1, 2, 3], 0, "h")]}, r"the line 'h' needs w of shape \(2,\).*w\.shape=\(3,\)"),
        (X, T, {"lines": [([1, 2], [0, 1], "h")]}, r"and one b, but w\.shape=\(2,\) and b\.shape=\(2,\)"),
        (X, T, {"lines": [([1, np.nan], 0, "h")]}, "w has 1 values that are NaN"),
    ],
)
def test_points_refuse_what_they_cannot_draw(x: Any, t: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.points(x, t, **options)


def test_decision_region_fills_both_sides_of_the_level() -> None:
    fig = plots.decision_region(lambda q: q[:, 0], X, T, title="by x_1", level=0.25, lines=[OR], names=NAMES)
    (ax,) = fig.axes
    area, boundary = fills(ax)
    assert area.filled
    assert area.hatches == ["", "//"]
    np.testing.assert_allclose(boundary.get_paths()[0].vertices[:, 0], 0.25)
    assert legend_texts(fig) == ["class 0", "class 1", "decision boundary", "OR"]
    assert ax.get_title() == "by x_1"
    assert written(ax) == NAMES


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_classifier_that_never_decides_has_no_boundary(score: float) -> None:
    fig = plots.decision_region(lambda q: np.full(len(q), score), X, T)
    assert [area.filled for area in fills(fig.axes[0])] == [True]
    assert "decision boundary" not in legend_texts(fig)


def test_decision_region_takes_booleans() -> None:
    fig = plots.decision_region(lambda q: q.sum(axis=1) > 0.7, X, T)
    assert "decision boundary" in legend_texts(fig)


def test_decision_regions_share_one_scale_and_one_legend() -> None:
    predicts = {f"start {k}": (lambda q, k=k: q[:, 0] - 0.1 * k) for k in range(4)}
    fig = plots.decision_regions(predicts, X, T, title="Four starts")
    assert [ax.get_title() for ax in fig.axes] == list(predicts)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in fig.axes}) == 1
    assert legend_texts(fig) == ["class 0", "class 1", "decision boundary"]
    assert fig.get_suptitle() == "Four starts"


@pytest.mark.parametrize(
    ("predicts", "t", "message"),
    [
        ({}, T, "predicts is empty"),
        ({"a": lambda q: q}, T, r"a must return one value for each row, shape \(44521,\).*\(44521, 2\)"),
        ({"a": lambda q: q[:, 0] * np.nan}, T, "a has 44521 values that are NaN"),
        ({"a": lambda q: q[:, 0]}, [0, 1, 2, 0], "t has the label 2"),
    ],
)
def test_decision_regions_refuse_what_they_cannot_draw(predicts: Any, t: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.decision_regions(predicts, X, t)


def test_response_surface_puts_low_values_at_the_bottom_left() -> None:
    fig = plots.response_surface(lambda q: q[:, 0] + 10 * q[:, 1], limits=((0, 1), (0, 2)), bar_label="z_1")
    (ax,) = fig.axes
    (bar,) = ax.child_axes
    (image,) = ax.images
    values = np.asarray(image.get_array())
    assert image.origin == "lower"
    assert image.get_extent() == [0, 1, 0, 2] or tuple(image.get_extent()) == (0, 1, 0, 2)
    np.testing.assert_allclose(values[0, 0], 0.5 / 211 + 10 / 211)
    assert values[0, -1] < values[-1, 0]
    assert image.get_cmap().name == "viridis"
    assert bar.get_ylabel() == "$z_{1}$"
    assert legend_texts(fig) == ["$z_{1}$ = 0.5"]


def test_response_surface_with_points_lines_and_a_fixed_scale() -> None:
    fig = plots.response_surface(
        lambda q: q[:, 0], limits=(-1, 2), lines=[OR, AND], x=X, t=T, names=NAMES, value_limits=(0, 1)
    )
    ax = fig.axes[0]
    assert ax.images[0].get_clim() == (0, 1)
    assert legend_texts(fig) == ["class 0", "class 1", "y = 0.5", "OR", "AND"]
    assert written(ax) == NAMES
    assert len(arrows(ax)) == 2
    white = [line for line in ax.lines if line.get_color() == "white"]
    assert len(white) == 2


def test_response_surface_that_stays_on_one_side_has_no_contour_and_points_need_no_labels() -> None:
    fig = plots.response_surface(lambda q: 0 * q[:, 0], limits=(0, 1), x=X)
    assert legend_texts(fig) == ["class 0"]
    bare = plots.response_surface(lambda q: 0 * q[:, 0], limits=(0, 1))
    assert bare.legends == []


def test_two_planes_hold_the_same_points_under_the_same_names() -> None:
    moved = np.array([[0, 0], [1, 0], [1, 0], [1, 1.0]])
    fig = plots.two_planes(
        (X, T, [OR, AND]),
        (moved, T, [([1, -1], -0.5, "y")]),
        names=NAMES,
        title="Moved",
        limits=(None, (-1, 2)),
    )
    left, right = fig.axes
    assert written(left) == NAMES
    assert written(right) == ["00", "01, 10", "11"]
    assert [ax.get_title() for ax in fig.axes] == ["input plane", "hidden plane"]
    assert (right.get_xlabel(), right.get_ylabel()) == ("$h_{1}$", "$h_{2}$")
    assert right.get_xlim() == (-1, 2)
    assert legend_texts(fig) == ["class 0", "class 1", "OR", "AND", "y"]
    looks = {
        (line.get_color(), line.get_linestyle())
        for line in (drawn_line(left, "OR"), drawn_line(left, "AND"), drawn_line(right, "y"))
    }
    assert len(looks) == 3
    assert fig.get_suptitle() == "Moved"


def test_two_planes_refuse_different_points() -> None:
    with pytest.raises(ValueError, match=r"left has shape \(4, 2\) and right \(2, 2\)"):
        plots.two_planes((X, T, None), (X[:2], T[:2], None))
