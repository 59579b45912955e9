from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from course_utils import plots

SMALL = [(1, 28, 28), (20, 24, 24), (20, 12, 12), (30,)]
STEPS = ["conv 5×5", "pool 2×2", "dense"]


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def fronts(fig: Figure) -> list[tuple[float, float]]:
    """Return thickness and height of the front of each box, in inches."""
    faces = [patch.get_xy() for patch in fig.axes[0].patches if isinstance(patch, Polygon)][::3]
    return [(float(np.ptp(face[:, 0])), float(np.ptp(face[:, 1]))) for face in faces]


def test_every_tensor_and_every_step_is_labelled() -> None:
    fig = plots.layer_sizes(SMALL, steps=STEPS, names=["x", "C1", "S2", "F3"], title="Sizes")
    shown = texts(fig)
    assert {"Sizes", "x", "C1", "S2", "F3", "1 of", "28 × 28", "30", "units", "dense"} <= set(shown)
    assert "conv 5×5" in shown
    assert len(fronts(fig)) == 4
    assert shown[-1].startswith("height and width to scale")


def test_heights_are_to_scale_and_thickness_is_the_square_root_of_the_maps() -> None:
    boxes = fronts(plots.layer_sizes([(4, 30, 30), (16, 15, 15), (36, 10, 10)]))
    thick, tall = np.array(boxes).T
    np.testing.assert_allclose(tall / tall[0], [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(thick / thick[0], [1, 2, 3])


def test_a_map_that_is_not_square_has_another_slant() -> None:
    patches = plots.layer_sizes([(1, 10, 20)]).axes[0].patches
    side = next(patch for patch in reversed(patches) if isinstance(patch, Polygon))
    corners = side.get_xy()
    assert np.ptp(corners[:, 0]) == pytest.approx(0.3 * 1.25)  # of the longer side, at SLANT
    assert fronts(plots.layer_sizes([(1, 10, 20)]))[0][1] == pytest.approx(1.25 / 2)


def test_boxes_run_from_left_to_right_and_long_networks_break() -> None:
    fig = plots.layer_sizes([(3, 8, 8)] * 14)
    faces = [patch.get_xy() for patch in fig.axes[0].patches if isinstance(patch, Polygon)][::3]
    tops = [round(float(face[:, 1].max()), 3) for face in faces]
    assert tops == sorted(tops)
    assert [tops.count(top) for top in sorted(set(tops))] == [7, 7]
    assert len([text for text in fig.axes[0].texts if text.get_text() == "3 of"]) == 14


@pytest.mark.parametrize(
    ("shapes", "options", "message"),
    [
        ([], {}, "shapes is empty but the figure needs at least one tensor"),
        ([(1, 2)], {}, r"shape 0 is \(1, 2\) but must be \(channels, height, width\) or \(units,\)"),
        ([(1, 2, 2), (0,)], {}, r"shape 1 is \(0,\) but must be"),
        (SMALL, {"steps": ["conv"]}, "steps has 1 entries but there are 3 changes of shape"),
        (SMALL, {"names": ["x"]}, "names has 1 entries but there are 4 shapes"),
        ([(64, 20, 20)] * 60, {}, "60 boxes do not fit a page; leave out steps that change no size"),
    ],
)
def test_layer_sizes_refuses_what_it_cannot_draw(shapes: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.layer_sizes(shapes, **options)
