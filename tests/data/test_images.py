import numpy as np
import pytest
from skimage.transform import resize
from sklearn.datasets import load_digits

from course_utils.data import (
    PHOTOGRAPHS,
    DataUnavailableError,
    LabelledImages,
    as_features,
    digits,
    enlarge,
    photograph,
    split,
)


def numbered(count):
    """Make images that tell their own label."""
    labels = np.arange(count)
    return LabelledImages(np.tile(labels.astype(np.uint8)[:, None, None], (1, 2, 3)), labels, "counted")


def test_the_bundled_digits_are_scikit_learns():
    bundled, original = digits(), load_digits()
    assert len(bundled) == 1797
    assert bundled.images.dtype == np.uint8
    assert bundled.labels.dtype == np.int64
    assert (bundled.images.min(), bundled.images.max()) == (0, 255)
    np.testing.assert_array_equal(np.rint(bundled.images / 255 * 16), original.images)
    np.testing.assert_array_equal(bundled.labels, original.target)


def test_features_are_rows_between_0_and_1():
    images = np.zeros((2, 2, 3), np.uint8)
    images[1, 1, 0] = 255
    x = as_features(LabelledImages(images, np.array([0, 1]), "by hand"))
    assert x.dtype == np.float64
    np.testing.assert_array_equal(x, [[0] * 6, [0, 0, 0, 1, 0, 0]])


def test_a_split_keeps_every_image_once_with_its_label():
    train, test = split(numbered(10), test_fraction=0.25, rng=np.random.default_rng(0))
    assert (len(train), len(test)) == (7, 3)
    assert sorted([*train.labels, *test.labels]) == list(range(10))
    for part in (train, test):
        np.testing.assert_array_equal(part.images[:, 0, 0], part.labels)
        assert part.source == "counted"


def test_a_generator_fixes_the_split():
    def test_labels(seed):
        return split(numbered(50), rng=np.random.default_rng(seed))[1].labels.tolist()

    assert test_labels(1) == test_labels(1)
    assert test_labels(1) != test_labels(2)
    assert len(test_labels(1)) == 13  # a quarter, rounded up


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, 0.99, np.nan])
def test_a_split_leaves_no_part_empty(fraction):
    with pytest.raises(ValueError, match=rf"test_fraction={fraction} of 5 images leaves one part empty"):
        split(numbered(5), test_fraction=fraction, rng=np.random.default_rng(0))


def test_images_and_labels_must_fit():
    images, labels = np.zeros((3, 2, 2), np.uint8), np.zeros(3, np.int64)
    with pytest.raises(
        TypeError, match="images must be uint8 and labels int64, but they are float64 and int64"
    ):
        LabelledImages(images / 1, labels, "")
    with pytest.raises(TypeError, match="they are uint8 and float64"):
        LabelledImages(images, labels / 1, "")
    with pytest.raises(
        ValueError, match=r"images\.shape=\(3, 2, 2\) and labels\.shape=\(2,\); give each image one"
    ):
        LabelledImages(images, labels[:2], "")
    with pytest.raises(ValueError, match=r"images\.shape=\(3, 2\) and labels\.shape=\(3,\)"):
        LabelledImages(images[:, 0], labels, "")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_need_no_network(name):
    image = photograph(name)
    assert image.dtype == np.uint8
    assert image.ndim == 2 or image.shape[2:] == (3,)
    assert image.min() < 64
    assert image.max() > 192
    image[0, 0] = 0  # it can be written to


def test_known_photographs_have_known_shapes():
    assert photograph("camera").shape == (512, 512)
    assert photograph("astronaut").shape == (512, 512, 3)
    assert set(np.unique(photograph("horse"))) == {0, 255}


def test_an_unknown_photograph_lists_the_known_ones():
    with pytest.raises(
        ValueError, match=f"unknown photograph 'lena'; the known ones are {', '.join(PHOTOGRAPHS)}"
    ):
        photograph("lena")


def test_a_photograph_that_was_not_installed_says_what_to_do(monkeypatch):
    def missing():
        raise OSError("no such file")

    monkeypatch.setattr("skimage.data.camera", missing)
    with pytest.raises(DataUnavailableError, match=r"'camera' is not in the .* \(no such file\); reinstall"):
        photograph("camera")


def test_a_seed_in_the_place_of_a_generator_is_refused():
    with pytest.raises(TypeError, match="rng must be a generator, but rng=0"):
        split(digits(), rng=0)


def test_enlarged_images_are_scikit_images_bilinear_ones():
    old = LabelledImages(
        np.random.default_rng(0).integers(0, 256, (3, 8, 6)).astype(np.uint8), np.arange(3), "made"
    )
    new = enlarge(old, (28, 12))
    for each, expected in zip(new.images, old.images, strict=True):
        finer = resize(expected.astype(float), (28, 12), order=1, mode="edge", anti_aliasing=False)
        np.testing.assert_allclose(each, finer, atol=0.501)
    np.testing.assert_array_equal(new.labels, old.labels)
    assert new.images.dtype == np.uint8
    assert new.source == "made, enlarged to 28x12"


def test_enlarging_to_the_same_size_changes_nothing_and_twice_the_size_keeps_the_corners():
    old = digits()
    np.testing.assert_array_equal(enlarge(old, (8, 8)).images, old.images)
    corners = enlarge(old, (16, 16)).images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    np.testing.assert_array_equal(corners, old.images[:, [0, 0, -1, -1], [0, -1, 0, -1]])


def test_enlarging_refuses_a_smaller_size():
    with pytest.raises(ValueError, match=r"images of 8x8 pixels cannot be enlarged to \(28, 7\)"):
        enlarge(digits(), (28, 7))
