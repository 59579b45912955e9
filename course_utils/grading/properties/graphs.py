"""Properties of a topological order: parents before children, nothing twice, nothing that is not needed."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.grading.authoring import CheckFailed, Student, expect
from course_utils.grading.values import describe, name_type

Random = np.random.Generator
Parents = dict[str, tuple[str, ...]]


def _draw_names(rng: Random, count: int) -> list[str]:
    """Draw different letters, in no order."""
    letters = "abcdefghijkmnpqrsuvwz"
    return [letters[place] for place in rng.permutation(len(letters))[:count]]


def _needed(parents: Parents, output: str) -> set[str]:
    found, edge = {output}, {output}
    while edge:
        edge = {parent for name in edge for parent in parents[name]} - found
        found |= edge
    return found


def _expect_order(student: Student, parents: Parents, output: str) -> None:
    got = student(parents, output)
    expect(type(got) is list, f"the result must be a list of names, {name_type(got)} came")
    expect(all(type(name) is str for name in got), f"the list must hold names, {describe(got)} came")
    needed, shown = _needed(parents, output), describe(got)
    expect(output in got, f"{output!r} itself belongs to the list: {shown}")
    twice = sorted({name for name in got if got.count(name) > 1}) if len(got) < 1000 else []
    expect(len(set(got)) == len(got), f"{_few(twice)} stands more than once in {shown}")
    missing, extra = sorted(needed - set(got)), sorted(set(got) - needed)
    expect(not missing, f"{output!r} depends on {_few(missing)}, which {shown} leaves out")
    expect(not extra, f"{output!r} does not depend on {_few(extra)}, which {shown} holds")
    place = {name: index for index, name in enumerate(got)}
    late = [(name, parent) for name in got for parent in parents[name] if place[parent] > place[name]]
    if late:
        cause = "\ncause     children come first: turn the order round" if _turned(got, parents) else ""
        expect(False, f"{late[0][0]!r} comes before its parent {late[0][1]!r} in {shown}{cause}")


def _few(names: list[str]) -> str:
    return ", ".join(map(repr, names[:3])) + (", ..." if len(names) > 3 else "") if names else "a name"


def _turned(order: list[str], parents: Parents) -> bool:
    place = {name: index for index, name in enumerate(order)}
    return all(place[parent] > place[name] for name in order for parent in parents[name])


def _shuffled(parents: Parents, rng: Random) -> Parents:
    items = list(parents.items())
    return {items[i][0]: items[i][1] for i in rng.permutation(len(items))}


def _draw_graph(rng: Random, size: int, at_least: int) -> Parents:
    """Draw a graph in which each value but the first few has up to three parents, some of them twice."""
    names, parents = _draw_names(rng, size), Parents()
    for index, name in enumerate(names):
        count = 0 if index < 2 else int(rng.integers(at_least, 4))
        parents[name] = tuple(names[int(i)] for i in rng.integers(max(index, 1), size=count))
    return parents


# Task 11: topological_order


def orders_a_chain(student: Student, rng: Random) -> None:
    """puts a chain in order, and takes an output that depends on nothing"""
    for length in (4, 7):
        names = _draw_names(rng, length)
        chain: Parents = {names[0]: ()}
        chain |= {name: (before,) for before, name in itertools.pairwise(names)}
        for parents in (chain, _shuffled(chain, rng)):
            _expect_order(student, parents, names[-1])
    _expect_order(student, {"x": ()}, "x")


def orders_graphs_with_fan_out(student: Student, rng: Random) -> None:
    """puts parents first where values are used several times, on short and on long ways"""
    skip: Parents = {"y": ("x", "z"), "z": ("h",), "h": ("x",), "x": ()}
    square: Parents = {"L": ("s", "x"), "s": ("x", "x"), "x": ()}
    both: Parents = {"J": ("L", "R"), "R": ("w",), "L": ("z",), "z": ("w", "x"), "w": (), "x": ()}
    for parents, output in ((skip, "y"), (square, "L"), (both, "J")):
        turned = {name: above[::-1] for name, above in reversed(parents.items())}
        for graph in (parents, turned):
            _expect_order(student, graph, output)
    for size in (6, 10, 15):
        parents = _draw_graph(rng, size, at_least=1)
        _expect_order(student, _shuffled(parents, rng), list(parents)[-1])


def leaves_out_what_is_not_needed(student: Student, rng: Random) -> None:
    """leaves out what the output does not depend on, its children too"""
    parents: Parents = {"x": (), "w": (), "z": ("w", "x"), "y": ("z",), "R": ("w",), "J": ("y", "R")}
    for output in ("y", "R", "z"):
        _expect_order(student, parents, output)
    for size in (8, 12):
        graph = _draw_graph(rng, size, at_least=0)
        for output in list(graph)[size // 2 :]:
            _expect_order(student, _shuffled(graph, rng), output)


def stands_ten_thousand_values(student: Student, rng: Random) -> None:
    """takes a chain of 10,000 values, 30,000 uses of one value, and more ways than could ever be walked"""
    chain: Parents = {f"v_{i}": (f"v_{i - 1}",) if i else () for i in range(10_000)}
    _expect_order(student, chain, "v_9999")
    ladder: Parents = {"l_0": (), "r_0": ()}
    for i in range(1, 80):
        ladder |= {f"l_{i}": (f"l_{i - 1}", f"r_{i - 1}"), f"r_{i}": (f"r_{i - 1}", f"l_{i - 1}")}
    _expect_order(student, _shuffled(ladder, rng), "l_79")
    _expect_order(student, {"y": ("x",) * 30_000, "x": ()}, "y")  # much may wait where there is no cycle


def refuses_a_cycle(student: Student, rng: Random) -> None:
    """raises ValueError where a value depends on itself"""
    cycles: list[Parents] = [
        {"x": (), "a": ("x", "b"), "b": ("a",), "y": ("b", "x")},
        {"x": (), "h": ("h", "x"), "y": ("h",)},
        {"y": ("a", "x"), "a": ("b",), "b": ("c",), "c": ("x", "y"), "x": ()},
    ]
    for parents in cycles:
        problem = _came_instead(student, _shuffled(parents, rng), "y")
        expect(
            not problem, f"the graph has a cycle, so that no order is right; expected ValueError, {problem}"
        )
    for parents in (_draw_graph(rng, 9, at_least=1), {"y": ("x", "x"), "x": ()}):
        _expect_order(student, parents, list(parents)[-1] if len(parents) > 2 else "y")


def _came_instead(student: Student, parents: Parents, output: str) -> Any:
    try:
        got = student(parents, output)
    except CheckFailed as error:
        first = str(error).splitlines()[0]
        return "" if first.startswith(f"{student.name} raised ValueError") else f"but {first}"
    return f"but {describe(got)} came"
