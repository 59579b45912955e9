import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from course_utils.data import (
    DATASETS,
    DataCorruptError,
    DataUnavailableError,
    fetch,
    handwriting,
    handwritten_digits,
    is_available,
    mnist,
)

MNIST = Path(__file__).parents[3] / "shared" / "data" / "mnist"
COUNTS = {  # images of each digit
    "train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "test": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}
real_mnist = pytest.mark.skipif(not MNIST.is_dir(), reason="the real MNIST files are not here")


def assert_is_mnist(part, split):
    assert part.images.shape == (sum(COUNTS[split]), 28, 28)
    assert part.images.dtype == np.uint8
    assert part.labels.dtype == np.int64
    assert np.bincount(part.labels).tolist() == COUNTS[split]
    assert part.source == f"MNIST, {split} images"


@real_mnist
@pytest.mark.parametrize("split", COUNTS)
@pytest.mark.parametrize("folder", [MNIST, MNIST.parent], ids=["the folder", "the folder above"])
def test_the_real_files_are_read_from_course_data(folder, split, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(folder))
    assert_is_mnist(mnist(split), split)
    assert_is_mnist(handwritten_digits(split), split)
    assert is_available("mnist")


@real_mnist
def test_the_real_files_are_read_without_gzip(tmp_path, monkeypatch):
    for path in MNIST.glob("*.gz"):
        (tmp_path / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    for split in COUNTS:
        assert_is_mnist(mnist(split), split)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(b"altered")
    with pytest.raises(
        DataCorruptError, match=r"t10k-labels-idx1-ubyte was altered .* 27ae3e4e09519cfbb04c329615203637"
    ):
        mnist("test")


@real_mnist
def test_the_first_real_images_are_the_known_ones(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(MNIST))
    train = handwritten_digits("train", limit=5)
    assert train.labels.tolist() == [5, 0, 4, 1, 9]
    assert 0.05 < train.images.mean() / 255 < 0.25  # white ink on black, rows not shuffled
    assert train.images[:, 0].max() == 0


@real_mnist
def test_an_altered_real_file_is_named_with_the_published_checksum(tmp_path, monkeypatch):
    shutil.copytree(MNIST, tmp_path / "given", copy_function=shutil.copyfile)
    path = tmp_path / "given" / "train-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-1])
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "given"))
    with pytest.raises(
        DataCorruptError, match=r"train-labels.*published one is d53e105ee54ea40749a09fcbcd1e9432"
    ):
        mnist("train")
    assert not (tmp_path / "cache").exists()


def test_a_folder_that_does_not_exist_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    for load in (mnist, handwritten_digits):
        with pytest.raises(
            DataUnavailableError, match=r"COURSE_DATA names the folder .*nowhere, which does not exist"
        ):
            load("train")
    assert not is_available("mnist")


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(DataUnavailableError, match=r"names the folder .*file, which is a file; correct it"):
        mnist("train")


def test_a_file_missing_from_the_folder_is_named_and_nothing_is_fetched(tmp_path, monkeypatch, mirrors):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    sentence = (
        "has neither train-images-idx3-ubyte.gz nor train-images-idx3-ubyte; put the file there, "
        r"or unset COURSE_DATA to fetch it; until then the bundled data\.digits\(\) stands in"
    )
    with pytest.raises(DataUnavailableError, match=sentence):
        mnist("train")
    assert mirrors.asked == []
    assert "scikit-learn" in handwritten_digits("train").source


@pytest.mark.usefixtures("no_network")
def test_the_bundled_digits_stand_in_with_a_fixed_split():
    train, test = handwritten_digits("train"), handwritten_digits("test")
    assert (len(train), len(test)) == (1347, 450)
    assert train.images.shape[1:] == (8, 8)
    assert train.source == test.source == "the 8 x 8 digits that come with scikit-learn"
    np.testing.assert_array_equal(train.images, handwritten_digits("train").images)
    np.testing.assert_array_equal(test.labels, handwritten_digits("test").labels)
    assert np.bincount(test.labels, minlength=10).min() > 30  # every digit is tested


def test_an_incomplete_mnist_is_not_mixed_with_the_bundled_digits(filled_cache):
    (filled_cache / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "scikit-learn" in handwritten_digits("train").source
    assert "scikit-learn" in handwritten_digits("test").source


def test_a_limit_takes_the_first_images(filled_cache):
    np.testing.assert_array_equal(handwritten_digits("train", limit=2).images, mnist("train").images[:2])
    assert len(handwritten_digits("train", limit=100)) == 5


@pytest.mark.parametrize("limit", [0, -3])
def test_a_limit_below_one_is_refused(limit):
    with pytest.raises(ValueError, match=f"limit={limit} leaves no image"):
        handwritten_digits("train", limit=limit)


@pytest.mark.parametrize("load", [mnist, handwritten_digits])
def test_an_unknown_split_lists_the_known_ones(load):
    with pytest.raises(ValueError, match="unknown split 'validation'; the known ones are train, test"):
        load("validation")


def test_images_can_be_written_to(filled_cache):
    images = mnist("train").images
    images[0] = 7
    assert images[0].max() == 7


def test_data_sets_are_listed():
    assert list(DATASETS) == ["digits", "photographs", "mnist"]
    for name, dataset in DATASETS.items():
        assert dataset.name == name
        assert dataset.sentence.endswith(".")
        assert (dataset.megabytes == 0) is dataset.bundled


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["digits", "photographs"])
def test_bundled_sets_are_always_here(name):
    assert is_available(name)
    assert fetch(name) is None


def test_fetching_makes_a_set_available(mirrors):
    assert not is_available("mnist")
    fetch("mnist")
    assert is_available("mnist")
    assert len(mirrors.asked) == 4
    fetch("mnist")
    assert len(mirrors.asked) == 4


@pytest.mark.parametrize("call", [fetch, is_available])
def test_an_unknown_data_set_lists_the_known_ones(call):
    with pytest.raises(
        ValueError, match="unknown data set 'imagenet'; the known ones are digits, photographs, mnist"
    ):
        call("imagenet")


def test_the_published_checksums_are_in_the_table():
    published = [file.md5 for files in handwriting.FILES.values() for file in files]
    assert published == [
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
    ]
    assert len(handwriting.MIRRORS) >= 2
