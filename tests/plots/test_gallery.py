from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from course_utils import plots

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(20, 30))
MAPS = [np.full((18, 28), 0.5), np.full((18, 28), -2.0), np.full((9, 14), 1.0)]
KERNELS = [np.eye(3), [[1, -1]], np.ones((2, 2)) / 4]


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def images(fig: Figure) -> list[AxesImage]:
    return list(fig.axes[0].images)


def size(image: AxesImage) -> tuple[float, float]:
    left, right, bottom, top = image.get_extent()
    return right - left, bottom - top


def test_input_arrow_maps_titles_and_kernels_are_there() -> None:
    fig = plots.feature_maps(X, MAPS, titles=["a", "b", "c"], kernels=KERNELS, x_title="photo", title="Maps")
    np.testing.assert_array_equal(images(fig)[0].get_array(), X)
    for image, expected in zip(images(fig)[1:], MAPS, strict=True):
        np.testing.assert_array_equal(image.get_array(), expected)
    shown = texts(fig)
    assert {"Maps", "photo", "→", "a", "b", "c", "−1", "0.25"} <= set(shown)
    cells = [p for p in fig.axes[0].patches if isinstance(p, Rectangle) and p.get_zorder() == 1]
    assert len(cells) == 9 + 2 + 4


def test_maps_share_one_scale_centred_on_zero_and_the_input_has_its_own() -> None:
    fig = plots.feature_maps(X, MAPS)
    assert images(fig)[0].get_clim() == (0, 1)
    assert images(fig)[0].get_cmap().name == "gray"
    assert [image.get_clim() for image in images(fig)[1:]] == [(-2, 2)] * 3
    assert {image.get_cmap().name for image in images(fig)[1:]} == {"RdBu_r"}
    assert fig.axes[1].get_ylim() == (-2, 2)
    assert fig.axes[1].get_ylabel() == "response (signed)"


def test_each_kind_has_one_scale_and_one_bar() -> None:
    fig = plots.feature_maps(X, MAPS, kind=["weights", "weights", "magnitude"])
    assert [image.get_clim() for image in images(fig)[1:]] == [(-2, 2), (-2, 2), (0, 1)]
    assert [ax.get_ylabel() for ax in fig.axes[1:]] == ["response (signed)", "magnitude"]
    assert len(plots.feature_maps(X, MAPS, kind="grey").axes) == 1


def test_a_scale_of_its_own_is_written_below_each_map() -> None:
    fig = plots.feature_maps(X, MAPS, shared_scale=False)
    assert [image.get_clim()[1] for image in images(fig)[1:]] == [0.5, 2, 1]
    assert texts(fig)[-3:] == ["−0.5 to 0.5", "−2 to 2", "−1 to 1"]
    assert len(fig.axes) == 1


def test_images_are_drawn_at_whole_multiples_of_their_pixels() -> None:
    fig = plots.feature_maps(X, MAPS)
    for image in images(fig)[:3]:
        height, width = np.shape(image.get_array())
        across, down = (100 * side for side in size(image))
        assert across / width == pytest.approx(round(across / width))
        assert across / width == pytest.approx(down / height)


def test_many_maps_are_drawn_small_rather_than_refused() -> None:
    maps = [np.ones((18, 28))] * 56
    small, few = (size(images(plots.feature_maps(X, some, columns=8))[0])[0] for some in (maps, maps[:2]))
    assert 0.7 <= small < 1.1 < few


def test_a_tiny_map_is_drawn_larger_and_a_pooled_one_is_not() -> None:
    fig = plots.feature_maps(np.ones((24, 24)), [np.ones((12, 12)), np.ones((4, 4))], kind="grey")
    whole, pooled, tiny = (size(image)[0] for image in images(fig))
    assert pooled == pytest.approx(whole / 2)
    assert tiny == pytest.approx(whole)


def test_a_kernel_too_wide_for_its_numbers_keeps_its_colours() -> None:
    fig = plots.feature_maps(X, MAPS[:1], kernels=[RNG.normal(size=(9, 9))])
    cells = [p for p in fig.axes[0].patches if isinstance(p, Rectangle) and p.get_zorder() == 1]
    assert len(cells) == 81
    assert texts(fig) == ["input", "→"]


def test_rows_of_maps_are_of_one_length_if_possible() -> None:
    fig = plots.feature_maps(X, [MAPS[0]] * 6, columns=4)
    tops = [round(image.get_extent()[3], 3) for image in images(fig)[1:]]
    assert [tops.count(top) for top in sorted(set(tops))] == [3, 3]


def test_a_colour_photograph_is_an_input() -> None:
    photo = RNG.integers(0, 256, (8, 8, 3)).astype(np.uint8)
    image = images(plots.feature_maps(photo, [photo[..., 0]], kind="grey"))[0]
    np.testing.assert_array_equal(image.get_array(), photo)


@pytest.mark.parametrize(
    ("x", "maps", "options", "message"),
    [
        (X[0], MAPS, {}, r"x has shape \(30,\) but must be \(height, width\) or \(height, width, 3\)"),
        (X, [], {}, "maps is empty but the figure needs at least one map"),
        (X, [X[0]], {}, r"map 0 has shape \(30,\) but must be \(height, width\);"),
        (X, [np.full((2, 2), np.nan)], {}, "map 0 has 4 values that are NaN"),
        (X, MAPS, {"kind": "gray"}, "kind is 'gray' but must be one of grey, weights, magnitude"),
        (X, MAPS, {"kind": ["grey"]}, "kind has 1 entries but there are 3 maps"),
        (X, MAPS, {"titles": ["a"]}, "titles has 1 entries but there are 3 maps"),
        (X, MAPS, {"kernels": [[[1]]]}, "kernels has 1 entries but there are 3 maps"),
        (X, MAPS[:1], {"kernels": [np.ones((1, 1, 1))]}, r"kernel 0 has shape \(1, 1, 1\)"),
        (X, MAPS, {"columns": 0}, "columns is 0 but must be a whole number of at least 1"),
        (X, [X] * 90, {}, "90 maps do not fit a page"),
    ],
)
def test_feature_maps_refuses_what_it_cannot_draw(x: Any, maps: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.feature_maps(x, maps, **options)
