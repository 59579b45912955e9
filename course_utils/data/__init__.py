"""Data of the course as NumPy arrays: toy sets, bundled real images, and downloads with checksums."""

from course_utils.data.bundled import PHOTOGRAPHS, digits, photograph
from course_utils.data.datasets import DATASETS, Dataset, fetch, is_available
from course_utils.data.downloads import DataCorruptError, DataUnavailableError
from course_utils.data.handwriting import handwritten_digits, mnist
from course_utils.data.images import LabelledImages, as_features, enlarge, split
from course_utils.data.toys import circles, sine, spirals, truth_table, two_clusters, xor

__all__ = [
    "DATASETS",
    "PHOTOGRAPHS",
    "DataCorruptError",
    "DataUnavailableError",
    "Dataset",
    "LabelledImages",
    "as_features",
    "circles",
    "digits",
    "enlarge",
    "fetch",
    "handwritten_digits",
    "is_available",
    "mnist",
    "photograph",
    "sine",
    "spirals",
    "split",
    "truth_table",
    "two_clusters",
    "xor",
]
