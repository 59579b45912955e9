"""What data sets there are, and which of them are on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from course_utils.data.downloads import DataUnavailableError
from course_utils.data.handwriting import mnist, mnist_is_here


@dataclass(frozen=True)
class Dataset:
    """Describe a data set of the course.

    Attributes:
        name: Name by which it is fetched.
        sentence: What it is.
        megabytes: Size of the download, 0 for what is bundled.
        bundled: Whether it comes with the installed packages, so that nothing is ever fetched.
    """

    name: str
    sentence: str
    megabytes: float
    bundled: bool


_DATASETS = (
    Dataset("digits", "1797 handwritten digits of 8 x 8 pixels, from scikit-learn.", 0, bundled=True),
    Dataset("photographs", "Photographs, grey and in colour, from scikit-image.", 0, bundled=True),
    Dataset("mnist", "70000 handwritten digits of 28 x 28 pixels.", 11.6, bundled=False),
)
DATASETS: Mapping[str, Dataset] = MappingProxyType({each.name: each for each in _DATASETS})


def is_available(name: str) -> bool:
    """Tell whether a data set is on this machine.

    Args:
        name: One of the names in ``DATASETS``.

    Returns:
        True if it can be loaded without a network; checksums are verified when it is loaded, not here.

    Raises:
        ValueError: If there is no data set of that name.
    """
    if _dataset(name).bundled:
        return True
    try:
        return mnist_is_here()
    except DataUnavailableError:  # COURSE_DATA names a folder that does not exist
        return False


def fetch(name: str) -> None:
    """Bring a data set to this machine, and verify all of its files.

    Args:
        name: One of the names in ``DATASETS``; for a bundled one there is nothing to do.

    Raises:
        ValueError: If there is no data set of that name.
        DataUnavailableError: If a file is not on this machine and cannot be fetched.
        DataCorruptError: If a file was altered or cut short.
    """
    if not _dataset(name).bundled:
        mnist("train")
        mnist("test")


def _dataset(name: str) -> Dataset:
    """Look a data set up by its name."""
    if name not in DATASETS:
        raise ValueError(f"unknown data set {name!r}; the known ones are {', '.join(DATASETS)}")
    return DATASETS[name]
