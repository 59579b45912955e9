"""Properties of the geometry of a layer: the places of a kernel, and the zeros around an image."""

from __future__ import annotations

import math

import numpy as np

from course_utils.grading.authoring import Student
from course_utils.grading.properties.whole_numbers import (
    call_what_fits,
    expect_int,
    expect_refusal,
    expect_whole,
    expect_wholes,
)

Random = np.random.Generator


def places(size: int, kernel: int, stride: int = 1, padding: tuple[int, int] = (0, 0), gap: int = 1) -> int:
    """Count the places of a kernel by putting it down at each of them.

    Args:
        size: Entries of the input along one axis.
        kernel: Entries of the kernel.
        stride: Steps between two places.
        padding: Zeros before and after the input.
        gap: Distance between two entries of the kernel, its dilation.

    Returns:
        How many places there are.
    """
    before, after = padding
    last = [gap * tap for tap in range(kernel)][-1]
    return sum(start + last < size + after for start in range(-before, size + after, stride))


# Task 1: output_size


def _causes_of_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> dict[str, int]:
    both, free = (padding, padding), size + 2 * padding - dilation * (kernel - 1) - 1
    right = places(size, kernel, stride, both, dilation)
    causes = {
        "the padding was left out": places(size, kernel, stride, (0, 0), dilation),
        "the padding comes on both sides: it counts twice": places(
            size, kernel, stride, (0, padding), dilation
        ),
        "the dilation was left out": places(size, kernel, stride, both),
        "a spread kernel covers dilation * (kernel - 1) + 1 entries, not dilation * kernel": places(
            size, dilation * kernel, stride, both
        ),
        "the size came back as it was": size,
    }
    if stride == 1:
        missing = "one place is missing: a kernel that just fits has one, and each entry of the room adds one"
        return causes | {missing: right - 1}
    return causes | {
        "the stride was left out": places(size, kernel, 1, both, dilation),
        "the last step does not fit: round down, not up": math.ceil(free / stride) + 1,
        "the 1 counts the first place, whatever the stride: add it after the division": (free + 1) // stride,
        "the whole size was divided by the stride": size // stride,
    }


def _causes_of_defaults(size: int, kernel: int, given: dict[str, int]) -> dict[str, int]:
    """Work out what other defaults give."""
    options = {"stride": 1, "padding": 0, "dilation": 1} | given
    causes = {}
    for name, value, other in (("stride", 1, 2), ("padding", 0, 1), ("dilation", 1, 2)):
        changed = options | {name: other}
        padding = (changed["padding"], changed["padding"])
        if name not in given:
            words = f"the {name} is {other} where it is left out; it should be {value}"
            causes[words] = places(size, kernel, changed["stride"], padding, changed["dilation"])
    return causes


def _expect_size(student: Student, size: int, kernel: int, **given: int) -> None:
    options = {"stride": 1, "padding": 0, "dilation": 1} | given
    stride, padding, dilation = options["stride"], options["padding"], options["dilation"]
    want = places(size, kernel, stride, (padding, padding), dilation)
    covered, padded = dilation * (kernel - 1) + 1, size + 2 * padding
    why = (
        f"this kernel fits: it covers {covered} entries, and with the zeros of both sides there are {padded}"
    )
    got = call_what_fits(student, size, kernel, why=why, **given)
    got = int(got) if isinstance(got, float | np.floating) and float(got).is_integer() else got
    causes = _causes_of_size(size, kernel, **options)
    if not given:
        causes |= _causes_of_defaults(size, kernel, given)
    expect_whole(got, want, what="the output size", causes=causes)


def counts_places(student: Student, rng: Random) -> None:
    """counts the places of a kernel, with zeros on both sides, at stride 1"""
    for size, kernel in ((32, 5), (7, 3), (28, 5), (5, 5), (6, 1), (11, 4)):
        _expect_size(student, size, kernel)
    for size, kernel, padding in ((28, 5, 2), (7, 3, 1), (9, 4, 3), (4, 6, 1)):
        _expect_size(student, size, kernel, padding=padding)
    size, kernel, padding = (int(rng.integers(low, high)) for low, high in ((20, 90), (2, 12), (1, 9)))
    _expect_size(student, size, kernel, padding=padding)


def takes_steps(student: Student, rng: Random) -> None:
    """takes steps of the stride, and no last step that does not fit"""
    for size, kernel, stride in ((7, 3, 2), (11, 4, 3), (8, 3, 2), (227, 11, 4), (10, 2, 3), (12, 2, 5)):
        _expect_size(student, size, kernel, stride=stride)
    for size, kernel, stride, padding in ((10, 3, 2, 1), (13, 5, 3, 2), (224, 11, 4, 2)):
        _expect_size(student, size, kernel, stride=stride, padding=padding)
    size, kernel, stride = (int(rng.integers(low, high)) for low, high in ((30, 90), (2, 12), (2, 7)))
    _expect_size(student, size, kernel, stride=stride, padding=1)


def spreads_the_kernel(student: Student, rng: Random) -> None:
    """spreads the kernel's entries by the dilation"""
    for size, kernel, dilation in ((16, 3, 4), (9, 3, 2), (15, 2, 5), (8, 1, 3)):
        _expect_size(student, size, kernel, dilation=dilation)
    kernel, dilation, padding = (int(rng.integers(low, high)) for low, high in ((2, 6), (2, 5), (1, 4)))
    _expect_size(student, 41, kernel, padding=padding, dilation=dilation)


def gives_an_int(student: Student, rng: Random) -> None:
    """gives an int, not a float"""
    for size, kernel, options in ((7, 3, {}), (8, 3, {"stride": 2}), (9, 2, {"padding": 1, "dilation": 3})):
        expect_int(student(size, kernel, **options), "the output size")
    got = student(int(rng.integers(30, 60)), 4, 3, 2, 2)
    expect_int(got, "the output size")


def refuses_what_does_not_fit(student: Student, rng: Random) -> None:
    """raises ValueError for a kernel that does not fit and for a stride below 1"""
    fits: tuple[tuple[int, int, dict[str, int]], ...] = (
        (5, 5, {}),
        (3, 5, {"padding": 1, "stride": 3}),
        (7, 3, {"dilation": 3, "stride": 2}),
    )
    for size, kernel, options in fits:
        expect_int(student(size, kernel, **options), "the output size of a kernel that just fits")
    small = int(rng.integers(2, 9))
    for size, kernel, options in (
        (small, small + 1, {}),
        (4, 5, {"stride": 2}),
        (2, 9, {"stride": 3, "padding": 1}),
        (6, 3, {"dilation": 3, "stride": 4}),
    ):
        padded = size + 2 * options.get("padding", 0)
        spread = options.get("dilation", 1) * (kernel - 1) + 1
        why = f"a kernel that covers {spread} entries does not fit into {padded}"
        expect_refusal(student, size, kernel, why=why, **options)
    for stride in (0, -1, -2):
        expect_refusal(student, 7, 3, why=f"there is no stride of {stride}", stride=stride)


# Task 2: same_padding


def _split(kernel: int, dilation: int) -> tuple[int, int]:
    """Put zeros at the end and at the start by turns until the output is as large as the input."""
    size, before, after = dilation * kernel + 1, 0, 0
    while places(size, kernel, 1, (before, after), dilation) < size:
        before, after = (before, after + 1) if before == after else (before + 1, after)
    return before, after


def _expect_split(student: Student, kernel: int, **given: int) -> None:
    dilation = given.get("dilation", 1)
    want, total, half = _split(kernel, dilation), sum(_split(kernel, dilation)), kernel // 2
    wide = dilation * kernel - 1
    causes = {
        "a spread kernel covers dilation * (kernel - 1) + 1 entries, not dilation * kernel": (
            wide // 2,
            wide - wide // 2,
        ),
        "the extra zero belongs at the end": want[::-1],
        "this is the total for each side: split it": (total, total),
        "all zeros are on one side": (0, total),
        "all zeros are at the start": (total, 0),
        "the dilation was left out": _split(kernel, 1) if given else (),
        "the dilation is 2 where it is left out; it should be 1": () if given else _split(kernel, 2),
        "kernel // 2 on both sides: one zero too many for an even kernel": () if given else (half, half),
        "one zero is missing: an odd total has one more at the end": (total // 2, total // 2),
        "multiply by the dilation first, then split the total": (
            dilation * ((kernel - 1) // 2),
            dilation * (kernel // 2),
        ),
    }
    what = f"(before, after) for a kernel of {kernel}" + (f" with dilation {dilation}" if given else "")
    expect_wholes(student(kernel, **given), want, what=what, causes=causes)


def splits_evenly(student: Student, rng: Random) -> None:
    """puts as many zeros before as after for an odd kernel"""
    for kernel in (1, 5, 3, 11, 2 * int(rng.integers(6, 30)) + 1):
        _expect_split(student, kernel)


def puts_the_extra_zero_at_the_end(student: Student, rng: Random) -> None:
    """puts the extra zero at the end for an even kernel"""
    for kernel in (4, 2, 10, 2 * int(rng.integers(6, 30))):
        _expect_split(student, kernel)


def pads_for_the_dilation(student: Student, rng: Random) -> None:
    """pads for the dilation too"""
    for kernel, dilation in ((5, 3), (4, 3), (3, 2), (2, 2), (2, 5), (1, 4), (6, int(rng.integers(2, 9)))):
        _expect_split(student, kernel, dilation=dilation)
