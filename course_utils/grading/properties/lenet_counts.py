"""Properties of LeNet's table for any image and any numbers of maps and units."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.network_tables import LENET_TABLE
from course_utils.grading.properties.table_rows import Layer, Row, Shape, table_of
from course_utils.grading.properties.whole_numbers import expect_wholes
from course_utils.grading.values import name_type

Random = np.random.Generator
Counts = tuple[int, int, int]
MAPS, DENSE = ("C1", "S2", "C3", "S4"), ("F5", "F6", "output")


def _layers(
    maps: tuple[int, int], units: tuple[int, int], classes: int, *, padding: int = 2, inner: int = 0
) -> list[Layer]:
    """Describe LeNet; the padding of C1 and of C3 may be a mistaken one."""
    layers: list[Layer] = [
        ("C1", "conv", {"out_channels": maps[0], "kernel": (5, 5), "padding": (padding, padding)}),
        ("S2", "pool", {"kernel": (2, 2)}),
        ("C3", "conv", {"out_channels": maps[1], "kernel": (5, 5), "padding": (inner, inner)}),
        ("S4", "pool", {"kernel": (2, 2)}),
    ]
    outputs = zip(DENSE, (*units, classes), strict=True)
    return layers + [(name, "dense", {"outputs": number}) for name, number in outputs]


def _counts(row: Row, *, biases: bool = False, turned: bool = False) -> Counts:
    """Read units, connections and weights off a row, perhaps as a mistake gives them."""
    extra = row["biases"] if biases else 0
    counts = (row["units"], row["connections"], row["weights"] + extra)
    return (counts[0], counts[2], counts[1]) if turned else counts


def _causes(name: str, size: Shape, options: dict[str, Any]) -> dict[str, Counts]:
    maps, units, classes = options["maps"], options["units"], options["classes"]
    place = [*MAPS, *DENSE].index(name)

    def row(layers: list[Layer], in_size: Shape = size) -> Row:
        return table_of(layers, (1, *in_size))[place]

    right = _layers(maps, units, classes)
    causes = {
        "weights and connections are exchanged": _counts(row(right), turned=True),
        "the biases are counted as weights; the table leaves them out": _counts(row(right), biases=True),
        "height and width are taken as equal": _counts(row(right, size[:1] * 2)),
        "C3 is counted as if it were padded, too": _counts(row(_layers(maps, units, classes, inner=2))),
        "this is the row of the table for 28 x 28; other sizes have other rows": LENET_TABLE[name],
    }
    if min(size) >= 16:  # smaller images leave no window of C3 then
        bare = row(_layers(maps, units, classes, padding=0))
        causes["C1 is counted without its padding of 2"] = _counts(bare)
    number, connections, weights = _counts(row(right))
    if name in ("S2", "S4"):
        causes["a pooling layer has no weights: it takes means"] = (number, connections, 4)
        causes["pooling leaves out a row or column that is left over; here it was counted"] = _rounded_up(
            name, size, maps
        )
        causes["each unit of a pooling layer reads four entries"] = (number, number, 0)
    if name == "C3":
        causes["each map of C3 reads all maps of S2, not one"] = (
            number,
            connections // maps[0],
            weights // maps[0],
        )
    if name in ("C1", "C3"):
        causes["the same weights serve the whole map: connections are many more than weights"] = (
            number,
            weights,
            weights,
        )
    return {sentence: value for sentence, value in causes.items() if value != (number, connections, weights)}


def _rounded_up(name: str, size: Shape, maps: tuple[int, int]) -> Counts:
    """Count a pooling layer whose windows reach beyond the last row and column."""
    height, width = (-(-length // 2) for length in size)
    if name == "S4":
        height, width = (-(-(length - 4) // 2) for length in (height, width))
    units = maps[name == "S4"] * height * width
    return units, 4 * units, 0


def _table(got: Any) -> dict[Any, Any]:
    expect(isinstance(got, dict), f"the table must be a dict, layer -> counts; {name_type(got)} came")
    names = [*MAPS, *DENSE]
    expect(set(got) == set(names), f"the layers must be {names}; {list(got)} came")
    return dict(got)


def _expect_rows(student: Student, names: tuple[str, ...], size: Shape, **options: Any) -> None:
    full: dict[str, Any] = {"maps": (6, 16), "units": (120, 84), "classes": 10} | options
    got = _table(student(*size, **options))
    want = table_of(_layers(**full), (1, *size))
    for name, row in zip([*MAPS, *DENSE], want, strict=True):
        if name in names:
            causes = _causes(name, size, full)
            expect_wholes(
                got[name], _counts(row), what=f"(units, connections, weights) of {name}", causes=causes
            )


def _draw(rng: Random, low: int, high: int) -> tuple[int, int]:
    one, other = rng.choice(np.arange(low, high), size=2, replace=False)
    return int(one), int(other)


# Task 2: count_lenet


def counts_the_first_layers(student: Student, rng: Random) -> None:
    """counts C1 and S2, for images of any height and width"""
    for _ in range(3):
        height, width = _draw(rng, 7, 25)
        _expect_rows(student, ("C1", "S2"), (2 * height, 2 * width), maps=_draw(rng, 2, 20))


def counts_the_second_layers(student: Student, rng: Random) -> None:
    """counts C3 and S4, each map of C3 reading all maps of S2"""
    for _ in range(3):
        height, width = _draw(rng, 4, 12)
        _expect_rows(student, ("C3", "S4"), (4 * height, 4 * width), maps=_draw(rng, 2, 20))


def counts_the_dense_layers(student: Student, rng: Random) -> None:
    """counts F5, F6 and the output, for any numbers of units and classes"""
    for _ in range(3):
        height, width = _draw(rng, 4, 9)
        options = {"maps": _draw(rng, 2, 9), "units": _draw(rng, 11, 90), "classes": int(rng.integers(2, 10))}
        _expect_rows(student, DENSE, (4 * height, 4 * width), **options)


def cuts_off_what_pooling_leaves(student: Student, rng: Random) -> None:
    """leaves out the last row or column where 2 x 2 does not fit"""
    _expect_rows(student, (*MAPS, *DENSE), (2 * int(rng.integers(7, 15)) + 1, 20), maps=_draw(rng, 2, 9))
    _expect_rows(student, (*MAPS, *DENSE), (28, 4 * int(rng.integers(4, 9)) + 2), maps=_draw(rng, 2, 9))
    _expect_rows(student, (*MAPS, *DENSE), (12, 15), units=_draw(rng, 11, 90))


def gives_the_decks_table(student: Student, rng: Random) -> None:
    """gives LeNet's own table where nothing else is asked for"""
    table = _table(student())
    for name, want in LENET_TABLE.items():
        expect_wholes(table[name], want, what=f"(units, connections, weights) of {name}, by default")
    height, width = _draw(rng, 13, 30)
    _expect_rows(student, (*MAPS, *DENSE), (height, width))
