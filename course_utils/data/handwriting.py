"""Handwritten digits: MNIST where it is at hand, and a small bundled set where it is not."""

from typing import Literal

import numpy as np

from course_utils.data.bundled import digits
from course_utils.data.downloads import RemoteFile, find, load
from course_utils.data.idx import parse_idx
from course_utils.data.images import LabelledImages, select
from course_utils.data.images import split as divide

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FILES = {  # split: images, labels
    "train": (
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            md5="f68b3c2dcbeaaa9fbdd348bbdeb94873",
            unpacked_md5="6bbc9ace898e44ae57da46a324031adb",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            md5="d53e105ee54ea40749a09fcbcd1e9432",
            unpacked_md5="a25bea736e30d166cdddb491f175f624",
        ),
    ),
    "test": (
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            md5="9fb629c4189551a2d022fa330f9573f3",
            unpacked_md5="2646ac647ad5339dbf082846283269ea",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            md5="ec29112dd5afa0611ce80d1b7f02629c",
            unpacked_md5="27ae3e4e09519cfbb04c329615203637",
        ),
    ),
}


def mnist(split: Literal["train", "test"] = "train") -> LabelledImages:
    """Load MNIST, fetching it into the cache if it is not on this machine.

    The files come from the folder that COURSE_DATA names, if that is set, and otherwise from the cache. Their
    published checksums are verified each time.

    Args:
        split: ``"train"`` for the 60000 training images, ``"test"`` for the 10000 test images.

    Returns:
        Images of shape (count, 28, 28) and labels from 0 to 9.

    Raises:
        ValueError: If the split has another name.
        DataUnavailableError: If a file is not on this machine and cannot be fetched.
        DataCorruptError: If a file was altered or cut short.

    Source:
        LeCun, Bottou, Bengio and Haffner (1998), Gradient-Based Learning Applied to Document Recognition.
    """
    _check_split(split)
    return _mnist_part(split, MIRRORS)


def mnist_is_here() -> bool:
    """Tell whether all files of MNIST are on this machine; their checksums are verified when they are loaded.

    Returns:
        True if ``mnist`` needs no network.

    Raises:
        DataUnavailableError: If COURSE_DATA names a folder that does not exist.
    """
    return all(find(file, "mnist") is not None for files in FILES.values() for file in files)


def handwritten_digits(
    split: Literal["train", "test"] = "train", *, limit: int | None = None
) -> LabelledImages:
    """Load handwritten digits without ever fetching any.

    MNIST, if all of it is in COURSE_DATA or in the cache, and otherwise the bundled digits, divided once and
    for all into 1347 to train on and 450 to test on. The attribute ``source`` says which.

    Args:
        split: ``"train"`` or ``"test"``.
        limit: Largest number of images to return, the first ones; None returns all.

    Returns:
        Images of shape (count, 28, 28) or (count, 8, 8), and labels from 0 to 9.

    Raises:
        ValueError: If the split has another name or the limit is smaller than 1.
        DataUnavailableError: If COURSE_DATA names a folder that does not exist.
        DataCorruptError: If a file of MNIST was altered or cut short.
    """
    _check_split(split)
    if limit is not None and limit < 1:
        raise ValueError(f"limit={limit} leaves no image; give at least 1, or leave it out for all")
    images = _mnist_part(split, ()) if mnist_is_here() else _bundled_part(split)
    return select(images, slice(limit))


def _mnist_part(split: Literal["train", "test"], mirrors: tuple[str, ...]) -> LabelledImages:
    """Return one part of MNIST, fetched from the mirrors if there are any."""
    images, labels = (parse_idx(load(file, "mnist", mirrors), file.name) for file in FILES[split])
    return LabelledImages(images, labels.astype(np.int64), f"MNIST, {split} images")


def _bundled_part(split: Literal["train", "test"]) -> LabelledImages:
    """Return one part of the bundled digits, the same images every time."""
    train, test = divide(digits(), rng=np.random.default_rng(0))
    return train if split == "train" else test


def _check_split(split: str) -> None:
    """Raise a ValueError for a part that the set does not have."""
    if split not in FILES:
        raise ValueError(f"unknown split {split!r}; the known ones are {', '.join(FILES)}")
