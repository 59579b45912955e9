"""The filter explorer: a window slides over a photograph, and a kernel makes one output pixel of it."""

from dataclasses import asdict
from functools import partial
from numbers import Integral
from typing import Any

import anywidget
import numpy as np
from numpy.typing import ArrayLike, NDArray
from traitlets import Bunch, Bytes, Dict, TraitError, observe, validate

from course_utils.reference import convolve, correlate
from course_utils.widgets.filter_words import kernel_words, window_words
from course_utils.widgets.filters import DISPLAYS, FILTERS, Kernel, name_of
from course_utils.widgets.photographs import CUTS, HEIGHT, WIDTH, small_photograph
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, number, one_of
from course_utils.widgets.terms import array_within, plain

OPERATIONS = ("convolution", "cross-correlation")
SIZES = ((3, 3), (5, 5))
SIZE = (HEIGHT, WIDTH)
START = (30, 50)
LARGEST, LARGEST_DIVISOR = 99.0, 999.0


def square_kernel(value: Any, *, name: str) -> Kernel:
    """Return a kernel as a tuple of rows.

    Args:
        value: Its numbers, shape (3, 3) or (5, 5).
        name: What it is called in the message.

    Returns:
        The rows.

    Raises:
        TraitError: If it is not 3 x 3 or 5 x 5 finite numbers from -99 to 99.
    """
    wanted = "3 rows of 3 numbers or 5 rows of 5"
    rows = array_within(value, name=name, fits=SIZES.__contains__, wanted=wanted, largest=LARGEST)
    return tuple(map(tuple, rows.tolist()))


def pixel(value: Any, *, name: str) -> tuple[int, int]:
    """Return a pixel's row and column.

    Args:
        value: The two, from the top left corner, counted from 0.
        name: What the pixel is called in the message.

    Returns:
        The row and the column.

    Raises:
        TraitError: If they are not two whole numbers.
    """
    pair = tuple(value) if isinstance(value, (tuple, list, np.ndarray)) else ()
    if len(pair) != 2 or not all(isinstance(part, Integral) for part in pair):
        raise TraitError(f"{name} is {value!r} but must be a row and a column; write two whole numbers")
    return int(pair[0]), int(pair[1])


class FilterExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Slide a window over a photograph and see how a kernel makes one output pixel of it.

    .. math:: y_{ij} = \frac{1}{d} \sum_s \sum_t k_{st} \, x_{i-s, j-t}
              \quad\text{(cross-correlation: } x_{i+s, j+t} \text{)},

    where s and t count from the kernel's middle. Only windows that lie wholly on the photograph are used. The
    mouse or the arrow keys move the window; the kernel's numbers can be rewritten.

    Args:
        kernel: Name of one of the decks' filters, such as "sharpen" or "toronto_4", or the numbers k, shape
            (3, 3) or (5, 5).
        divisor: d, from 1 to 999; left out, the named filter's own, or 1.
        photograph: "camera", "coins", "astronaut", "chelsea" or "brick", 96 rows of 128 pixels.
        operation: "convolution", which flips the kernel, or "cross-correlation", which does not.
        display: How the output is shown: "clipped" to 0..255, "signed" around mid-grey, or "stretched" from
            its lowest to its highest number; left out, what suits the named filter, or "clipped".
        position: Row and column of the window's middle.

    Raises:
        traitlets.TraitError: If a name is not known, a number is not allowed, or the window would not lie on
            the photograph; also on later assignment.

    Source:
        Toronto CSC 2515, "What does this filter do?"; Yale CPSC 452, the table of filters.
    """

    _esm = javascript("filter", "cells", "filter_maths", "filter_sheet")
    _css = stylesheet("cells")

    kernel = Checked(FILTERS["toronto_4"].kernel, square_kernel)
    divisor = Checked(1.0, partial(number, low=1, high=LARGEST_DIVISOR))
    photograph = Checked("camera", partial(one_of, known=CUTS)).tag(sync=True)
    operation = Checked(OPERATIONS[0], partial(one_of, known=OPERATIONS))
    display = Checked("clipped", partial(one_of, known=DISPLAYS))
    position = Checked(START, pixel)
    _pixels = Bytes().tag(sync=True)
    _filters = Dict().tag(sync=True)

    def __init__(
        self,
        kernel: str | ArrayLike = "toronto_4",
        *,
        divisor: float | None = None,
        photograph: str = "camera",
        operation: str = "convolution",
        display: str | None = None,
        position: tuple[int, int] = START,
    ) -> None:
        known = FILTERS[one_of(kernel, FILTERS, name="kernel")] if isinstance(kernel, str) else None
        super().__init__(
            kernel=known.kernel if known else kernel,
            divisor=divisor if divisor is not None else known.divisor if known else 1,
            photograph=photograph,
            operation=operation,
            display=display if display is not None else known.display if known else "clipped",
            position=position,
            _pixels=small_photograph(one_of(photograph, CUTS, name="photograph")).tobytes(),
            _filters={name: asdict(one) for name, one in FILTERS.items()},
        )

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The photograph x, brightness from 0 to 255, shape (96, 128)."""
        return small_photograph(self.photograph)

    def used(self) -> NDArray[np.float64]:
        """Return the kernel as it lies on the window.

        Returns:
            k flipped along both axes for a convolution, as it is for a cross-correlation, shape (size, size).
        """
        k = np.array(self.kernel)
        return k[::-1, ::-1] if self.operation == "convolution" else k

    def window(self) -> NDArray[np.uint8]:
        """Cut out the pixels under the window.

        Returns:
            Brightness from 0 to 255, shape (size, size).
        """
        (row, column), reach = self.position, len(self.kernel) // 2
        return self.pixels[row - reach : row + reach + 1, column - reach : column + reach + 1]

    def products(self) -> NDArray[np.float64]:
        """Multiply each pixel under the window by the number of the kernel that lies on it.

        Returns:
            The products, shape (size, size); their sum divided by the divisor is the output pixel.
        """
        return np.asarray(self.used() * self.window(), dtype=np.float64)

    def filtered(self) -> NDArray[np.float64]:
        """Filter the whole photograph.

        Returns:
            y, shape (97 - size, 129 - size): its first pixel is that of the window in the top left corner.
        """
        combine = convolve if self.operation == "convolution" else correlate
        y = combine(self.pixels.astype(np.float64), np.array(self.kernel), mode="valid")
        return np.asarray(y / self.divisor, dtype=np.float64)

    def output(self) -> float:
        """Compute the output pixel of the present window.

        Returns:
            Its number, before it is shown as a grey.
        """
        return float(self.products().sum() / self.divisor)

    def scale(self) -> tuple[float, float]:
        """Say which numbers are shown black and white.

        Returns:
            The two numbers; what lies between is grey in proportion, what lies beyond is clipped.
        """
        if self.display == "clipped":
            return 0.0, 255.0
        y = self.filtered()
        if self.display == "signed":
            largest = float(np.abs(y).max())
            return -largest, largest
        return float(y.min()), float(y.max())

    def words(self) -> str:
        """Say what the present window gives, as the read-out in the browser says it.

        Returns:
            A line on the present window, and one on the kernel and how the output is shown.
        """
        here = window_words(self.position, self.products(), self.divisor)
        return f"{here}\n{kernel_words(np.array(self.kernel), self.divisor, self.display)}"

    @validate("position")  # type: ignore[untyped-decorator]
    def _on_photograph(self, proposal: Bunch) -> tuple[int, int]:
        if proposal["value"] != self._nearest(proposal["value"]):
            (top, left), (bottom, right) = self._nearest((0, 0)), self._nearest((HEIGHT, WIDTH))
            raise TraitError(
                f"position is {proposal['value']} but the window must lie on the photograph; "
                f"choose a row from {top} to {bottom} and a column from {left} to {right}"
            )
        return (int(proposal["value"][0]), int(proposal["value"][1]))

    def _nearest(self, position: tuple[int, int]) -> tuple[int, int]:
        reach = len(self.kernel) // 2
        row, column = (
            min(max(part, reach), size - 1 - reach) for part, size in zip(position, SIZE, strict=True)
        )
        return row, column

    @observe("kernel")  # type: ignore[untyped-decorator]
    def _keep_on_photograph(self, _: Bunch) -> None:
        self.set_trait("position", self._nearest(self.position))

    @observe("photograph")  # type: ignore[untyped-decorator]
    def _send_pixels(self, _: Bunch) -> None:
        self.set_trait("_pixels", self.pixels.tobytes())

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        name = name_of(self.kernel, self.divisor)
        numbers = repr(name) if name in FILTERS else f"{plain(self.kernel)}, divisor={plain(self.divisor)}"
        elsewhere = f", photograph={self.photograph!r}" if self.photograph != "camera" else ""
        return (
            f"FilterExplorer({numbers}{elsewhere}, operation={self.operation!r}, display={self.display!r}, "
            f"position={self.position})"
        )
