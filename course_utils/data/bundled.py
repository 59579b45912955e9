"""Real images that come with scikit-learn and scikit-image: nothing is ever fetched."""

import numpy as np
from numpy.typing import NDArray

from course_utils.data.downloads import DataUnavailableError
from course_utils.data.images import LabelledImages

PHOTOGRAPHS = (
    "astronaut",
    "brick",
    "camera",
    "cell",
    "chelsea",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "horse",
    "hubble_deep_field",
    "immunohistochemistry",
    "moon",
    "page",
    "retina",
    "rocket",
    "text",
)


def digits() -> LabelledImages:
    """Load the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.

    Returns:
        Images of shape (1797, 8, 8), their 17 grey levels spread over 0 to 255, and labels from 0 to 9.

    Source:
        Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI, the test part.
    """
    from sklearn.datasets import load_digits  # takes a second to import, so only where it is used

    bunch = load_digits()
    images = np.rint(bunch.images * (255 / 16)).astype(np.uint8)
    return LabelledImages(
        images, bunch.target.astype(np.int64), "the 8 x 8 digits that come with scikit-learn"
    )


def photograph(name: str) -> NDArray[np.uint8]:
    """Load one of the photographs that come with scikit-image.

    Args:
        name: One of the names in ``PHOTOGRAPHS``.

    Returns:
        Brightness from 0 to 255, shape (height, width) if grey, (height, width, 3) for red, green and blue.

    Raises:
        ValueError: If there is no photograph of that name.
        DataUnavailableError: If the installed scikit-image came without it.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"unknown photograph {name!r}; the known ones are {', '.join(PHOTOGRAPHS)}")
    from skimage import data  # takes a second to import, so only where it is used

    try:
        image = getattr(data, name)()
    except (OSError, ValueError, ImportError) as error:
        raise DataUnavailableError(
            f"the photograph {name!r} is not in the installed scikit-image ({error}); reinstall scikit-image"
        ) from error
    scaled = image * np.uint8(255) if image.dtype == bool else image  # the horse is black and white
    return np.array(scaled, dtype=np.uint8)
