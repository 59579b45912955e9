"""The filters of the decks, by name."""

from dataclasses import dataclass

Kernel = tuple[tuple[float, ...], ...]
DISPLAYS = {
    "clipped": "clipped: 0 and below is black, 255 and above is white",
    "signed": "signed: 0 is mid-grey, negative is darker, positive is lighter",
    "stretched": "stretched: the lowest number is black, the highest is white",
}


@dataclass(frozen=True)
class Filter:
    """A kernel as a deck writes it: numbers in front of which stands one over a number.

    Args:
        title: What it is called in the list.
        kernel: Its numbers, shape (size, size).
        divisor: The sum of products is divided by it.
        display: How the output is best shown at first, one of `DISPLAYS`.
    """

    title: str
    kernel: Kernel
    divisor: float = 1
    display: str = "clipped"


BINOMIAL = (1, 4, 6, 4, 1)

FILTERS = {
    "identity": Filter("Yale: identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),
    "edges_1": Filter("Yale: edge detection 1", ((1, 0, -1), (0, 0, 0), (-1, 0, 1)), display="signed"),
    "edges_2": Filter("Yale: edge detection 2", ((0, 1, 0), (1, -4, 1), (0, 1, 0)), display="signed"),
    "edges_3": Filter("Yale: edge detection 3", ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)), display="signed"),
    "sharpen": Filter("Yale: sharpen", ((0, -1, 0), (-1, 5, -1), (0, -1, 0))),
    "box_blur": Filter("Yale: box blur", ((1, 1, 1), (1, 1, 1), (1, 1, 1)), 9),
    "gaussian_blur": Filter("Yale: Gaussian blur", ((1, 2, 1), (2, 4, 2), (1, 2, 1)), 16),
    "gaussian_blur_5": Filter(
        "Gaussian blur, 5 × 5", tuple(tuple(u * v for v in BINOMIAL) for u in BINOMIAL), 256
    ),
    "toronto_1": Filter("Toronto: filter 1", ((0, 1, 0), (1, 4, 1), (0, 1, 0)), display="stretched"),
    "toronto_2": Filter("Toronto: filter 2", ((0, -1, 0), (-1, 8, -1), (0, -1, 0)), display="stretched"),
    "toronto_3": Filter("Toronto: filter 3", ((0, -1, 0), (-1, 4, -1), (0, -1, 0)), display="signed"),
    "toronto_4": Filter("Toronto: filter 4", ((1, 0, -1), (2, 0, -2), (1, 0, -1)), display="signed"),
}
OWN = "own"  # what a kernel is called that is none of these


def name_of(kernel: Kernel, divisor: float) -> str:
    """Name a kernel.

    Args:
        kernel: Its numbers.
        divisor: What the sum of products is divided by.

    Returns:
        Its key in `FILTERS`, or "own".
    """
    same = (name for name, known in FILTERS.items() if (known.kernel, known.divisor) == (kernel, divisor))
    return next(same, OWN)
