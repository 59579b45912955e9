"""Labelled images: what every image set of the course is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course_utils.data.generators import check_generator


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Hold grey images with their labels, and say where they came from.

    Attributes:
        images: Brightness from 0 (black) to 255 (white), uint8, shape (count, height, width).
        labels: Class of each image, int64, shape (count,).
        source: One sentence on where the images came from.

    Raises:
        TypeError: If the images are not uint8 or the labels not integers.
        ValueError: If the shapes do not fit.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    source: str

    def __post_init__(self) -> None:
        if self.images.dtype != np.uint8 or self.labels.dtype != np.int64:
            raise TypeError(
                "images must be uint8 and labels int64, but "
                f"they are {self.images.dtype} and {self.labels.dtype}; convert them with astype"
            )
        if self.images.ndim != 3 or self.labels.shape != self.images.shape[:1]:
            raise ValueError(
                "images must have shape (count, height, width) and labels (count,), but images.shape="
                f"{self.images.shape} and labels.shape={self.labels.shape}; give each image one label"
            )

    def __len__(self) -> int:
        return len(self.images)


def select(images: LabelledImages, rows: NDArray[np.int64] | slice) -> LabelledImages:
    """Take some of the images.

    Args:
        images: Images to take from.
        rows: Which ones, as an index of the first axis.

    Returns:
        Those images with their labels and the same source.
    """
    return LabelledImages(images.images[rows], images.labels[rows], images.source)


def split(
    images: LabelledImages, *, test_fraction: float = 0.25, rng: np.random.Generator
) -> tuple[LabelledImages, LabelledImages]:
    """Divide images at random into a part to train on and a part to test on.

    Args:
        images: Images to divide.
        test_fraction: Share of the images to test on, between 0 and 1, rounded up to whole images.
        rng: Draws which image goes where.

    Returns:
        The training images and the test images, each in random order.

    Raises:
        TypeError: If ``rng`` is not a generator.
        ValueError: If a part would be empty.
    """
    check_generator(rng)
    count = math.ceil(test_fraction * len(images)) if 0 < test_fraction < 1 else 0
    if not 0 < count < len(images):
        raise ValueError(
            f"test_fraction={test_fraction} of {len(images)} images leaves one part empty; "
            "give a fraction between 0 and 1 that leaves images in both"
        )
    order = rng.permutation(len(images))
    return select(images, order[count:]), select(images, order[:count])


def enlarge(images: LabelledImages, size: tuple[int, int]) -> LabelledImages:
    """Draw images on a finer grid, each new pixel mixed from the four old ones around it (bilinear).

    Args:
        images: Images of shape (count, height, width).
        size: New height and width in pixels, neither smaller than the old one.

    Returns:
        Images of shape (count, *size), rounded to whole brightnesses, with the same labels. Pixel centres are
        aligned: new row i lies at (i + 0.5) * height / size[0] - 0.5 of the old ones, kept inside the image.

    Raises:
        ValueError: If the new size is smaller than the old one.
    """
    old = images.images.shape[1:]
    if len(size) != 2 or size[0] < old[0] or size[1] < old[1]:
        raise ValueError(
            f"images of {old[0]}x{old[1]} pixels cannot be enlarged to {size}; give a size no smaller"
        )
    if tuple(size) == old:
        return images
    rows, columns = _mixing(old[0], size[0]), _mixing(old[1], size[1])
    finer = rows @ images.images @ columns.T
    return LabelledImages(
        np.rint(finer).astype(np.uint8), images.labels, f"{images.source}, enlarged to {size[0]}x{size[1]}"
    )


def _mixing(old: int, new: int) -> NDArray[np.float64]:
    """Return the shares, shape (new, old), in which old pixels make up new ones."""
    place = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    shares: NDArray[np.float64] = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(old)))
    return shares


def as_features(images: LabelledImages) -> NDArray[np.float64]:
    r"""Lay the pixels of each image out in one row, scaled to between 0 and 1.

    .. math:: x_{n,\, i \cdot \text{width} + j} = \frac{\text{image}_{n,i,j}}{255}

    Args:
        images: Images of shape (count, height, width).

    Returns:
        Features, shape (count, height * width); ``reshape(height, width)`` turns a row back into an image.
    """
    return images.images.reshape(len(images), -1) / 255
