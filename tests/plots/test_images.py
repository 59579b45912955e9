from typing import Any

import numpy as np
import pytest

from course_utils import plots


@pytest.mark.parametrize(
    ("kind", "map_name"), [("grey", "gray"), ("weights", "RdBu_r"), ("magnitude", "viridis")]
)
def test_each_kind_has_its_map(kind: str, map_name: str) -> None:
    fig = plots.image_grid(np.ones((2, 3, 3)), kind=kind)
    assert {image.get_cmap().name for ax in fig.axes[:2] for image in ax.images} == {map_name}
    assert len(fig.axes) == (2 if kind == "grey" else 3)


def test_weights_share_one_scale_centred_on_zero() -> None:
    W = np.stack([np.full((4, 5), 0.5), np.full((4, 5), -2.0), np.zeros((4, 5))])
    fig = plots.image_grid(W, kind="weights")
    assert [ax.images[0].get_clim() for ax in fig.axes[:3]] == [(-2.0, 2.0)] * 3
    assert fig.axes[3].get_ylabel() == "weight"


@pytest.mark.parametrize(
    ("images", "kind", "limits"),
    [
        (np.full((1, 2, 2), 7, np.uint8), "grey", (0, 255)),
        (np.full((1, 2, 2), 0.4), "grey", (0, 1)),
        (np.array([[[-3.0, 5.0]]]), "grey", (-3, 5)),
        (np.array([[[1.0, 5.0]]]), "magnitude", (0, 5)),
        (np.array([[[-1.0, 5.0]]]), "magnitude", (-1, 5)),
        (np.zeros((1, 2, 2)), "magnitude", (0, 1)),
        (np.zeros((1, 2, 2)), "weights", (-1, 1)),
    ],
)
def test_limits_fit_the_kind(images: Any, kind: str, limits: tuple[float, float]) -> None:
    assert plots.image_grid(images, kind=kind).axes[0].images[0].get_clim() == limits


def test_titles_pixels_and_labels() -> None:
    images = np.arange(24).reshape(2, 3, 4)
    fig = plots.image_grid(
        images, titles=["a", "b"], kind="magnitude", bar_label="contrast (cd/m²)", title="Two images"
    )
    assert [ax.get_title() for ax in fig.axes[:2]] == ["a", "b"]
    np.testing.assert_array_equal(fig.axes[1].images[0].get_array(), images[1])
    assert fig.axes[2].get_ylabel() == "contrast (cd/m²)"
    assert fig.get_suptitle() == "Two images"
    assert not fig.axes[0].axison


@pytest.mark.parametrize(
    ("count", "columns", "across"), [(3, None, 3), (10, None, 5), (20, None, 7), (6, 2, 2), (2, 9, 2)]
)
def test_columns(count: int, columns: int | None, across: int) -> None:
    fig = plots.image_grid(np.zeros((count, 2, 2)), columns=columns)
    spec = fig.axes[0].get_subplotspec()
    assert spec is not None
    assert spec.get_gridspec().ncols == across


def test_colour_bar_can_be_forced_and_left_out() -> None:
    assert len(plots.image_grid(np.zeros((1, 2, 2)), colour_bar=True).axes) == 2
    assert len(plots.image_grid(np.zeros((1, 2, 2)), kind="weights", colour_bar=False).axes) == 1


def test_photographs_of_several_sizes_and_in_colour() -> None:
    fig = plots.image_grid([np.zeros((4, 6), np.uint8), np.zeros((5, 3, 3), np.uint8)])
    assert [ax.images[0].get_size() for ax in fig.axes] == [(4, 6), (5, 3)]


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (np.zeros((0, 2, 2)), {}, "images is empty but a grid needs at least one image"),
        ([], {}, "images is empty"),
        (np.zeros((1, 0, 2)), {}, "image 0 is empty"),
        (
            np.zeros((2, 9)),
            {},
            r"image 0 has shape \(9,\) but must be \(height, width\) or \(height, width, 3\)",
        ),
        (
            np.zeros((1, 2, 2, 3)),
            {"kind": "weights"},
            r"image 0 has shape \(2, 2, 3\) but must be \(height, width\);",
        ),
        ([np.zeros((2, 2)), np.full((2, 2), np.nan)], {}, "image 1 has 4 values that are NaN"),
        (np.zeros((1, 2, 2)), {"kind": "gray"}, "kind is 'gray' but must be one of grey, weights, magnitude"),
        (np.zeros((2, 2, 2)), {"titles": ["a"]}, "titles has 1 entries but there are 2 images"),
        (np.zeros((2, 2, 2)), {"columns": -1}, "columns is -1 but must be a whole number of at least 1"),
    ],
)
def test_image_grid_refuses_what_it_cannot_draw(images: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.image_grid(images, **options)
