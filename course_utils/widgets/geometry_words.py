"""What the layer-geometry explorer says, in the browser's very words: the tests hold both equal."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from course_utils.widgets.windows import ConvStack, inside

DEEPEST = 4  # layers of which the receptive field is told


def cell_words(stack: ConvStack, cell: tuple[int, int]) -> str:
    """Say what one cell of the last output reads.

    Args:
        stack: The layers.
        cell: Row and column of the cell.

    Returns:
        One sentence; if there is no output it says why.
    """
    sizes = stack.sizes()
    if len(sizes) == 1:
        return trouble(stack)
    rows, columns = inside(stack.reads((cell[0],), (cell[1],))[0], stack.size)
    layers = len(sizes) - 1
    of = f" of layer {layers}" if layers > 1 else ""
    start = f"Output cell ({cell[0]}, {cell[1]}){of}"
    if not rows or not columns:
        return f"{start} reads nothing but padding."
    count = len(rows) * len(columns)
    padded = stack.kernel**2 - count
    zeros = f" and {padded} {plural('zero', padded)} of the padding" if layers == 1 and padded else ""
    verb = "reads" if layers == 1 else "depends on"
    cells = f"{count} input {plural('cell', count)}"
    return f"{start} {verb} {span('row', rows)} and {span('column', columns)}: {cells}{zeros}."


def facts(stack: ConvStack, channels: tuple[int, int]) -> tuple[str, ...]:
    """Say what holds for every cell: output size, cells no window reaches, receptive field, counts.

    Args:
        stack: The layers.
        channels: Channels of the input, and of the first layer's output.

    Returns:
        The sentences, a line each; the first two are left out if there is no output.
    """
    always = (field_words(stack), count_words(stack, channels))
    if len(stack.sizes()) == 1:
        return always
    return (size_words(stack), unread_words(stack), *always)


def size_words(stack: ConvStack) -> str:
    r"""Fill the formula of the output size in, \lfloor (n + p - span) / s \rfloor + 1.

    Args:
        stack: The layers, of which the first one has an output.

    Returns:
        The sentence, and for several layers all of their sizes.
    """
    sizes = stack.sizes()
    (height, width), (rows, columns) = sizes[:2]
    down, across = plural("row", rows), plural("column", columns)
    each = [f"{formula(stack, height)} = {rows} {down}"]
    if height == width:
        each[0] += f" and {across}"
    else:
        each.append(f"{formula(stack, width)} = {columns} {across}")
    said = f"Output {rows} × {columns}: {', '.join(each)}."
    if stack.depth > 1:
        said += f" Layer by layer: {' → '.join(f'{h} × {w}' for h, w in sizes)}."
    return said if len(sizes) > stack.depth else f"{said} {trouble(stack)}"


def formula(stack: ConvStack, length: int) -> str:
    """Write the formula of the output size along one axis, with its numbers.

    Args:
        stack: The layers.
        length: Size of the input along the axis.

    Returns:
        The formula without its result.
    """
    before, after = stack.zeros()
    zeros = f"2·{before}" if before == after else f"{before} + {after}"
    covered = str(stack.kernel)
    if stack.dilation > 1:
        covered = f"({stack.dilation}·({stack.kernel} − 1) + 1)"
    return f"⌊({length} + {zeros} − {covered}) / {stack.stride}⌋ + 1"


def trouble(stack: ConvStack) -> str:
    """Say why the stack has no further output.

    Args:
        stack: Layers of which one has no output.

    Returns:
        One sentence with the remedy.
    """
    sizes = stack.sizes()
    none = "No output" if len(sizes) == 1 else f"Layer {len(sizes)} has no output"
    if stack.padding == "same" and stack.stride != 1:
        return (
            f"{none}: padding “same” keeps the size only at stride 1, but the stride is {stack.stride}; "
            "give the zeros as a number."
        )
    covers, (height, width) = stack.span, sizes[-1]
    room, name = min((height, "rows"), (width, "columns"), key=lambda axis: axis[0])
    return (
        f"{none}: the kernel covers {covers} {name} but the padded input has {room + sum(stack.zeros())}; "
        "take a smaller kernel or more padding."
    )


def unread_words(stack: ConvStack) -> str:
    """Say which part of the input no window reaches.

    Args:
        stack: The layers, of which the first one has an output.

    Returns:
        One sentence.
    """
    (height, width), (rows, columns) = stack.size, stack.unread()[0]
    layers = len(stack.sizes()) - 1
    through = f"Through {layers} layers, no window" if layers > 1 else "No window"
    if not rows and not columns:
        return "Every input cell is read" + (f" through {layers} layers." if layers > 1 else ".")
    parts = [span(name, part) for name, part in (("row", rows), ("column", columns)) if part]
    lost = height * width - (height - len(rows)) * (width - len(columns))
    return (
        f"{through} reaches {' and '.join(parts)}: {lost:,} of {height * width:,} input cells are not read."
    )


def field_words(stack: ConvStack) -> str:
    """Say how much of the input a cell sees after one to four such layers, and how far apart the fields are.

    Args:
        stack: The layers.

    Returns:
        One sentence.
    """
    fields = stack.fields(DEEPEST)
    sizes = listed([f"{size:,} × {size:,}" for size, _ in fields], "cells")
    steps = listed([f"{step:,}" for _, step in fields], "apart")
    return f"Receptive field after 1 to 4 such layers: {sizes}; neighbours lie {steps}."


def count_words(stack: ConvStack, channels: tuple[int, int]) -> str:
    """Count what the first layer is made of.

    Args:
        stack: The layers.
        channels: Channels of the input, and of the layer's output.

    Returns:
        One sentence.
    """
    (before, after), sizes, kernel = channels, stack.sizes(), f"{stack.kernel}·{stack.kernel}"
    start = f"{before} {plural('channel', before)} in, {after} out"
    first = f"{start}, first layer" if stack.depth > 1 else start
    fitted = replace(stack, size=(stack.span, stack.span), padding=0).count(channels)
    weights, biases = fitted.weights, fitted.biases  # as many on any input
    shared = f"{after}·{before}·{kernel} = {weights:,} {plural('weight', weights)}"
    learned = f"{shared}, {biases:,} {plural('bias', biases)}"
    if len(sizes) == 1:
        return f"{first}: no units, {learned}."
    count = stack.count(channels)
    rows, columns = sizes[1]
    units = f"{after}·{rows}·{columns} = {count.units:,} {plural('unit', count.units)}"
    return (
        f"{first}: {units}, {learned}, {count.units:,}·{before}·{kernel} = {count.connections:,} connections."
    )


def span(name: str, places: Sequence[int]) -> str:
    """Write places along an axis as short as they can be said.

    Args:
        name: What one place is called, such as "row".
        places: The places, ascending, at least one.

    Returns:
        Such as "row 3", "rows 0 to 2", "rows 0 to 6 in steps of 2" or "5 of the rows 0 to 7".
    """
    first, last, gaps = places[0], places[-1], {b - a for a, b in pairwise(places)}
    if not gaps:
        return f"{name} {first}"
    if len(places) == 2:
        return f"{name}s {first} and {last}"
    if len(gaps) > 1:
        return f"{len(places)} of the {name}s {first} to {last}"
    step = gaps.pop()
    return f"{name}s {first} to {last}" + (f" in steps of {step}" if step > 1 else "")


def listed(parts: Sequence[str], after: str) -> str:
    """Join parts as in a sentence, and say parts that are all the same once.

    Args:
        parts: At least two.
        after: Word that follows them.

    Returns:
        Such as "1, 2 and 4 apart" or "1 apart".
    """
    if len(set(parts)) == 1:
        return f"{parts[0]} {after}"
    return f"{', '.join(parts[:-1])} and {parts[-1]} {after}"


def plural(word: str, count: int) -> str:
    """Put a word into the number that fits a count.

    Args:
        word: The word for one.
        count: How many there are.

    Returns:
        The word, with its ending if there is not just one.
    """
    return word if count == 1 else f"{word}{'es' if word.endswith('s') else 's'}"
