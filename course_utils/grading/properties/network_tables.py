"""Properties of the table of a described network: a row for each layer, each fed with the one before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.grading.authoring import Student, expect
from course_utils.grading.properties.table_rows import KEYS, Layer, Row, Shape, expect_row, row_of, table_of
from course_utils.grading.values import describe, name_type

Random = np.random.Generator

LENET: list[Layer] = [
    ("C1", "conv", {"out_channels": 6, "kernel": (5, 5)}),
    ("S2", "pool", {"kernel": (2, 2)}),
    ("C3", "conv", {"out_channels": 16, "kernel": (5, 5)}),
    ("S4", "pool", {"kernel": (2, 2)}),
    ("F5", "dense", {"outputs": 120}),
    ("F6", "dense", {"outputs": 84}),
    ("output", "dense", {"outputs": 10}),
]
LENET_TABLE = {  # units, connections, weights: the deck's own numbers
    "C1": (4704, 117_600, 150),
    "S2": (1176, 4704, 0),
    "C3": (1600, 240_000, 2400),
    "S4": (400, 1600, 0),
    "F5": (120, 48_000, 48_000),
    "F6": (84, 10_080, 10_080),
    "output": (10, 840, 840),
}


DECK = ("units", "connections", "weights")


# Task 8: count_network


def _row_of_lenet(name: str) -> Row:
    return dict(zip(DECK, LENET_TABLE[name], strict=True))


def _listed(got: Any, layers: list[Layer]) -> list[Any]:
    """Read a list of rows, one for each layer, with the layers' names."""
    expect(isinstance(got, list | tuple), f"the table must be a list of rows, {name_type(got)} came")
    expect(len(got) == len(layers), f"{len(layers)} rows were expected, one a layer; {len(got)} came")
    for row in got:
        expect(isinstance(row, dict), f"each row must be a dict, {name_type(row)} came")
    bare = next((number for number, row in enumerate(got) if "name" not in row), None)
    expect(bare is None, f"row {bare} has no entry 'name' with the layer's name")
    names = [row["name"] for row in got]
    wanted = [name for name, *_ in layers]
    one_dict = len(wanted) > 1 and names == wanted[-1:] * len(wanted) != wanted
    cause = "\ncause     the same dict was appended each time: make a new one for each layer" * one_dict
    problem = f"the rows must have the layers' names {wanted} under 'name', {describe(names)} came"
    expect(names == wanted, problem + cause)
    return list(got)


def _causes(layers: list[Layer], in_shape: Shape, place: int, want: list[Row]) -> dict[str, Row]:
    """Work out a layer's row as the likely mistakes give it."""
    name, kind, options = layers[place]
    before = want[place - 1]["shape"] if place else in_shape
    causes: dict[str, Row] = {}
    if layers is not LENET and name in LENET_TABLE:
        causes["this is the row of LeNet's own table; another network has other rows"] = table_of(
            LENET, (1, 32, 32)
        )[list(LENET_TABLE).index(name)]
    if place and (kind == "dense" or len(in_shape) == 3 == len(before)):
        causes["each layer was given the network's input; give it the shape that the layer before gave"] = (
            row_of(kind, in_shape, options)
        )
    if kind == "dense" and len(before) == 3:
        causes["a dense layer reads all entries of the maps: channels times height times width"] = row_of(
            kind, before[:1], options
        )
    if kind != "dense":
        for option in sorted(options.keys() - {"out_channels", "kernel"}):
            kept = {key: value for key, value in options.items() if key != option}
            causes[f"the option {option!r} was not passed on"] = row_of(kind, before, kept)
        needed = {key: value for key, value in options.items() if key in ("out_channels", "kernel")}
        causes["stride, padding and groups were not passed on"] = row_of(kind, before, needed)
    if kind == "pool" and "stride" not in options:
        given = {**options, "stride": (1, 1)}
        causes["a pool without a stride takes steps as long as its window"] = row_of(kind, before, given)
    return causes


def _expect_table(student: Student, layers: list[Layer], in_shape: Shape) -> None:
    rows, want = _listed(student(layers, in_shape), layers), table_of(layers, in_shape)
    for place, (row, right) in enumerate(zip(rows, want, strict=True)):
        causes = _causes(layers, in_shape, place, want)
        expect_row(row, right, keys=KEYS, of=f" of {right['name']}", causes=causes)


def _draw(rng: Random, low: int, high: int) -> int:
    return int(rng.integers(low, high))


def gives_lenets_table(student: Student, rng: Random) -> None:
    """gives LeNet's table to the unit, and that of a LeNet with other numbers"""
    rows, want = _listed(student(LENET, (1, 32, 32)), LENET), table_of(LENET, (1, 32, 32))
    for place, (row, name) in enumerate(zip(rows, LENET_TABLE, strict=True)):
        causes = _causes(LENET, (1, 32, 32), place, want)
        expect_row(row, _row_of_lenet(name), keys=DECK, of=f" of {name}", causes=causes)
    other = [*LENET]
    other[0] = ("C1", "conv", {"out_channels": _draw(rng, 7, 12), "kernel": (3, 5)})
    other[4] = ("F5", "dense", {"outputs": _draw(rng, 20, 90)})
    _expect_table(student, other, (1, 30, 38))


def feeds_maps_to_the_next_layer(student: Student, rng: Random) -> None:
    """gives each convolution the maps of the layer before it"""
    first, second = _draw(rng, 3, 6), _draw(rng, 6, 9)
    layers: list[Layer] = [
        ("a", "conv", {"out_channels": first, "kernel": (3, 2)}),
        ("b", "conv", {"out_channels": second, "kernel": (1, 4)}),
        ("c", "conv", {"out_channels": 2, "kernel": (2, 2)}),
    ]
    _expect_table(student, layers, (2, 9, 13))
    _expect_table(student, layers[:1], (3, 5, 4))


def flattens_maps_for_dense_layers(student: Student, rng: Random) -> None:
    """gives a dense layer all entries of what comes before it: an image, maps, or units"""
    outputs = _draw(rng, 5, 30)
    layers: list[Layer] = [("one", "dense", {"outputs": outputs}), ("two", "dense", {"outputs": 3})]
    _expect_table(student, layers, (2, 5, 7))
    _expect_table(student, layers, (11,))
    maps: list[Layer] = [("maps", "conv", {"out_channels": 4, "kernel": (3, 2)}), *layers]
    _expect_table(student, maps, (1, 6, 9))


def passes_options_on(student: Student, rng: Random) -> None:
    """passes stride, padding and groups on, and lets them be left out"""
    groups = _draw(rng, 2, 4)
    layers: list[Layer] = [
        ("x", "conv", {"out_channels": 2 * groups, "kernel": (3, 3), "stride": (2, 1), "padding": (1, 2)}),
        ("y", "pool", {"kernel": (3, 2), "stride": (2, 3), "padding": (1, 0)}),
        ("z", "conv", {"out_channels": 3 * groups, "kernel": (2, 1), "groups": groups, "padding": (0, 1)}),
        ("v", "pool", {"kernel": (2, 1)}),
        ("u", "pool", {"kernel": (2, 2), "stride": (1, 1)}),
    ]
    _expect_table(student, layers, (3, 35, 41))  # large enough for a student who drops an option


def takes_any_list(student: Student, rng: Random) -> None:
    """gives one row for each layer under its name, for no layer, one, or many"""
    expect(not _listed(student([], (1, 4, 4)), []), "a network without layers has a table without rows")
    many: list[Layer] = [(f"p{n}", "pool", {"kernel": (1, 2), "stride": (1, 1)}) for n in range(12)]
    _expect_table(student, many, (2, 3, 20))
    twice: list[Layer] = [("same", "dense", {"outputs": _draw(rng, 2, 9)}), ("same", "dense", {"outputs": 4})]
    _expect_table(student, twice, (5,))
