"""The layer-geometry explorer: size, kernel, stride, padding and dilation, and what comes of them."""

from functools import partial

import anywidget
from traitlets import Bunch, Dict, TraitError, validate

from course_utils.shapes import LayerCount
from course_utils.widgets.geometry_settings import BASIC, LIMITS, PRESETS, as_lists, pair, whole, zeros
from course_utils.widgets.geometry_words import cell_words, facts
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, one_of, whole_number
from course_utils.widgets.windows import Cells, ConvStack


class GeometryExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Set a convolution layer's geometry and see its windows, its output and what follows from them.

    .. math:: \text{output} = \left\lfloor \frac{n + p - d (k - 1) - 1}{s} \right\rfloor + 1

    The browser draws the input with its padding, the window of one output cell, and the output; of several
    equal layers all of them. Arrow keys go from output cell to output cell; lists and number fields set the
    rest. A kernel larger than the padded input is said and drawn, and nothing is lost by it.

    Args:
        size: Rows and columns of the input, a pair, or one number for both; up to 64.
        kernel: Weights along each axis.
        stride: Cells between neighbouring windows.
        padding: Zeros at each end of each axis, or "same", or "valid" for none.
        dilation: Cells between neighbouring weights.
        depth: Number of such layers, one upon the other.
        channels: Channels of the input and of the output, for the counts.
        cell: Row and column of the chosen output cell, from 0.

    Raises:
        traitlets.TraitError: If a value is not accepted; also on later assignment.

    Source:
        DGIST and Yale decks: 7 x 7 input, 3 x 3 filter, stride 1 and 2.
        Virginia deck: 32 x 32 x 3 image, 5 x 5 x 3 filter.
    """

    _esm = javascript("geometry", "cells", "grids", "geometry_maths")
    _css = stylesheet("cells", "layers")

    size = Checked((7, 7), pair)
    kernel = Checked(3, whole)
    stride = Checked(1, whole)
    padding = Checked(0, zeros)
    dilation = Checked(1, whole)
    depth = Checked(1, whole)
    channels = Checked((1, 1), pair)
    cell = Checked((0, 0), partial(pair, check=whole_number))
    _presets = Dict().tag(sync=True)
    _limits = Dict().tag(sync=True)

    def __init__(
        self,
        *,
        size: int | tuple[int, int] = (7, 7),
        kernel: int = 3,
        stride: int = 1,
        padding: int | str = 0,
        dilation: int = 1,
        depth: int = 1,
        channels: int | tuple[int, int] = (1, 1),
        cell: tuple[int, int] = (0, 0),
    ) -> None:
        super().__init__(
            size=size,
            kernel=kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            depth=depth,
            channels=channels,
            cell=cell,
            _presets={name: as_lists({**BASIC, **differs}) for name, differs in PRESETS.items()},
            _limits=as_lists(LIMITS),
        )

    @classmethod
    def preset(cls, name: str) -> "GeometryExplorer":
        """Start from one of the cases in the browser's list.

        Args:
            name: Its name in the list.

        Returns:
            An explorer set to it.

        Raises:
            traitlets.TraitError: If there is no such case.
        """
        return cls(**PRESETS[one_of(name, PRESETS, name="preset")])

    @property
    def stack(self) -> ConvStack:
        """The layers that are shown."""
        return ConvStack(self.size, self.kernel, self.stride, self.padding, self.dilation, self.depth)

    @property
    def chosen(self) -> tuple[int, int]:
        """Row and column of the output cell whose window is shown: `cell`, kept within the last output."""
        rows, columns = self.stack.sizes()[-1]
        return min(self.cell[0], rows - 1), min(self.cell[1], columns - 1)

    def output_size(self) -> tuple[int, int]:
        r"""Compute the output size of one layer, \lfloor (n + p - d (k - 1) - 1) / s \rfloor + 1.

        Returns:
            Rows and columns.

        Raises:
            ValueError: If the kernel is larger than the padded input, or "same" comes with a stride above 1.
        """
        return self.stack.output_size(self.size)

    def window(self) -> Cells:
        """List what the chosen cell depends on.

        Returns:
            Rows and columns of the input; below zero or beyond its end lies the padding.
        """
        return self.stack.reads(*((place,) for place in self.chosen))[0]

    def unread(self) -> Cells:
        """List what no window reaches.

        Returns:
            Rows and columns of the input on which no cell of the last output depends.
        """
        return self.stack.unread()[0]

    def receptive_field(self) -> tuple[int, int]:
        """Compute how much of the input a cell of the last output sees, along one axis.

        Returns:
            Size of the receptive field, and the step between the fields of neighbouring cells, in cells.
        """
        return self.stack.fields(self.depth)[-1]

    def count(self) -> LayerCount:
        """Count what the first layer is made of, with the channels that are set.

        Returns:
            Units, weights, biases and connections.

        Raises:
            ValueError: If the layer has no output.
        """
        return self.stack.count(self.channels)

    def words(self) -> str:
        """Say what the chosen cell reads, as the read-out in the browser says it.

        Returns:
            One sentence.
        """
        return cell_words(self.stack, self.chosen)

    def facts(self) -> tuple[str, ...]:
        """Say what holds for every cell, as the lines under the picture say it.

        Returns:
            Output size, cells no window reaches, receptive field and counts, a line each.
        """
        return facts(self.stack, self.channels)

    @validate("cell")  # type: ignore[untyped-decorator]
    def _within(self, proposal: Bunch) -> tuple[int, int]:
        row, column = proposal["value"]
        sizes = self.stack.sizes()
        if len(sizes) > 1 and not (row < sizes[-1][0] and column < sizes[-1][1]):
            rows, columns = sizes[-1]
            raise TraitError(
                f"cell is {(row, column)} but the output is {rows} × {columns}; "
                f"choose a row from 0 to {rows - 1} and a column from 0 to {columns - 1}"
            )
        return row, column

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run: the size, the kernel, and what is set."""
        shown = {"size": self.size, "kernel": self.kernel}
        more = {name: getattr(self, name) for name in BASIC if name not in shown}
        shown |= {name: value for name, value in more.items() if value != BASIC[name]}
        cell = {"cell": self.chosen} if any(self.chosen) else {}
        return f"GeometryExplorer({', '.join(f'{name}={value!r}' for name, value in (shown | cell).items())})"
