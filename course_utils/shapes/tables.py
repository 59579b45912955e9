"""Write the rows of a network's counts as a table of text."""

from collections.abc import Iterable, Sequence

from course_utils.shapes.counts import LayerRow, total

HEADINGS = {
    "name": "layer",
    "kind": "kind",
    "output_shape": "output",
    "units": "units",
    "connections": "connections",
    "weights": "weights",
    "biases": "biases",
    "parameters": "parameters",
    "multiply_adds": "multiply-adds",
}
WORDS = ("name", "kind", "output_shape")  # columns that hold no number to add up
DEFAULT = ("name", "kind", "output_shape", "units", "connections", "weights", "biases", "multiply_adds")


def table(rows: Iterable[LayerRow], *, columns: Sequence[str] = DEFAULT, with_total: bool = True) -> str:
    """Write rows as a table with aligned columns and separated thousands.

    Args:
        rows: Rows from ``count_network`` or ``count_module``.
        columns: Names of what to show of each row, in this order.
        with_total: True for a last line with the sum of each column of numbers.

    Returns:
        The table, one line a row, for ``print``.

    Raises:
        ValueError: If a column is not known.
    """
    unknown = [column for column in columns if column not in HEADINGS]
    if unknown:
        raise ValueError(f"columns has {unknown[0]!r}, which is not known; choose from {', '.join(HEADINGS)}")
    rows = tuple(rows)
    lines = [[HEADINGS[column] for column in columns]]
    lines += [[_written(row, column) for column in columns] for row in rows]
    if with_total:
        last = total(rows)
        lines.append(["" if column in WORDS else f"{getattr(last, column):,}" for column in columns])
        lines[-1][0] = lines[-1][0] or "total"
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join(_aligned(line, widths, columns) for line in lines)


def _written(row: LayerRow, column: str) -> str:
    """Write one entry of a row."""
    if column == "output_shape":
        return " x ".join(map(str, row.output_shape))
    return str(getattr(row, column)) if column in WORDS else f"{getattr(row, column):,}"


def _aligned(line: Sequence[str], widths: Sequence[int], columns: Sequence[str]) -> str:
    """Fill the entries of a line up to their widths, words to the left and numbers to the right."""
    cells = (
        entry.ljust(width) if column in WORDS else entry.rjust(width)
        for entry, width, column in zip(line, widths, columns, strict=True)
    )
    return "  ".join(cells).rstrip()
