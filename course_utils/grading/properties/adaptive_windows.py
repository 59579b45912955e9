"""Properties of the windows of adaptive pooling: as many as are asked for, whatever the size of the input."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_utils.grading.authoring import Student, expect, expect_equal
from course_utils.grading.properties.whole_numbers import expect_int, explain_exactly
from course_utils.grading.values import name_type

Random = np.random.Generator
Windows = list[tuple[int, int]]


# Task 4: adaptive_windows


def _windows(size: int, outputs: int) -> Windows:
    """Give each output the entries of which its share of the input holds a part, however small.

    The input is cut into size * outputs small pieces: an entry has `outputs` of them, a share has `size`.
    """
    found = []
    for share in range(outputs):
        low, high = share * size, (share + 1) * size
        held = [entry for entry in range(size) if entry * outputs < high and (entry + 1) * outputs > low]
        found.append((held[0], held[-1] + 1))
    return found


def _causes(size: int, outputs: int) -> dict[str, Windows]:
    ends = [(share * size / outputs, (share + 1) * size / outputs) for share in range(outputs)]
    step, long, right = size // outputs, math.ceil(size / outputs), _windows(size, outputs)
    return {
        "the ends are rounded down; they are rounded up, so that windows may overlap": [
            (int(low), int(high)) for low, high in ends
        ],
        "the starts are rounded up; they are rounded down": [
            (math.ceil(low), math.ceil(high)) for low, high in ends
        ],
        "1 was added to an end that is a whole number already; math.ceil leaves it as it is": [
            (int(low), int(high) + 1) for low, high in ends if size % outputs == 0
        ],
        "the ends are rounded down and the starts up": [(math.ceil(low), int(high)) for low, high in ends],
        "starts and ends are rounded to the nearest": [(round(low), round(high)) for low, high in ends],
        "all windows are size // outputs long, so that entries at the end are in none": [
            (share * step, share * step + step) for share in range(outputs)
        ],
        "all windows are equally long and the last one is cut off": [
            (share * long, min(share * long + long, size)) for share in range(outputs)
        ],
        "the last window takes what is left over": [
            *((share * step, share * step + step) for share in range(outputs - 1)),
            (step * (outputs - 1), size),
        ],
        "an end is one entry too far in front: the entry at `end` is no longer in the window": [
            (start, end - 1) for start, end in right
        ],
        "outputs are counted from 0: the first window is missing": [
            (int(low), math.ceil(high)) for low, high in [*ends[1:], (size, size + size / outputs)]
        ],
        "(start, length) came; (start, end) is wanted": [(start, end - start) for start, end in right],
        "size / outputs was rounded before it was multiplied: multiply first, then divide": [
            (math.floor(share * (size / outputs)), math.ceil((share + 1) * (size / outputs)))
            for share in range(outputs)
        ],
    }


def _expect_windows(student: Student, size: int, outputs: int) -> None:
    came = _pairs(student(size, outputs))
    want = _windows(size, outputs)
    expect(len(came) == outputs, f"{outputs} windows were expected, {len(came)} came: {came[:8]}")
    causes = explain_exactly(came, _causes(size, outputs))
    what = f"the windows of {outputs} outputs over {size} entries"
    wrong = next((n for n, pair in enumerate(came) if pair != want[n]), 0)
    one = dict.fromkeys(causes, came[wrong])
    expect_equal(came[wrong], want[wrong], what=f"window {wrong} of {what}", causes=one)


def _pairs(got: Any) -> Windows:
    """Read a list of pairs, written as tuples or as lists."""
    listed = isinstance(got, tuple | list) and all(isinstance(e, tuple | list) and len(e) == 2 for e in got)
    expect(listed, f"adaptive_windows must return a list of pairs (start, end), {name_type(got)} came")
    for number, pair in enumerate(got):
        expect_int(pair[0], f"the start of window {number}")
        expect_int(pair[1], f"the end of window {number}")
    return [(int(start), int(end)) for start, end in got]


def cuts_evenly(student: Student, rng: Random) -> None:
    """cuts the input into equal windows where it can be divided"""
    outputs, long = (int(number) for number in rng.integers(2, 9, size=2))
    for size, count in ((8, 2), (6, 3), (5, 1), (7, 7), (outputs * long, outputs)):
        _expect_windows(student, size, count)


def overlaps_where_it_must(student: Student, rng: Random) -> None:
    """lets windows overlap where it cannot"""
    for size, outputs in ((14, 4), (7, 3), (5, 2), (13, 6), (10, 4), (11, int(rng.integers(2, 11)))):
        _expect_windows(student, size, outputs)


def repeats_entries(student: Student, rng: Random) -> None:
    """gives more outputs than there are entries, each a window that is not empty"""
    size = int(rng.integers(2, 6))
    for entries, outputs in ((3, 5), (1, 4), (2, 3), (4, 7), (size, size + 4)):
        _expect_windows(student, entries, outputs)


def rounds_at_the_end_only(student: Student, rng: Random) -> None:
    """is exact for sizes whose quotient is no finite binary number"""
    for size, outputs in ((29, 7), (25, 11), (26, 46), (7, 1200), (int(rng.integers(30, 60)), 13)):
        _expect_windows(student, size, outputs)
