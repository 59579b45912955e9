"""Properties of the sweep backwards over a tape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect, expect_array, expect_close
from course_utils.grading.properties.complex_step import complex_gradient
from course_utils.grading.properties.formulas import Formula
from course_utils.grading.values import name_type

Array = NDArray[Any]
Random = np.random.Generator
Step = tuple[str, str, tuple[str, ...]]
Values = dict[str, Any]

FORWARD: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "tanh": np.tanh,
    "mul_add": lambda a, b, c: a * b + c,
    "select": lambda x, labels: x * (labels > 0),
    "sum": np.sum,
}
RULES = {
    "add": Formula("lambda y_bar, a, b: (y_bar, y_bar)"),  # one array for both, as an honest rule may give
    "mul": Formula("lambda y_bar, a, b: (y_bar * b, y_bar * a)"),
    "tanh": Formula("lambda y_bar, x: (y_bar * (1 - np.tanh(x) ** 2),)"),
    "mul_add": Formula("lambda y_bar, a, b, c: (y_bar * b, y_bar * a, y_bar)"),
    "select": Formula("lambda y_bar, x, labels: (y_bar * (labels > 0), None)"),
    "sum": Formula("lambda y_bar, x: (y_bar * np.ones_like(x),)"),
}
NAMES = "Lshvzabxwpqucydm"  # each of them stands on some tape below, whatever is drawn
WITHOUT_GRADIENT = {("select", 1)}  # an operation and the place of an argument that gets None


def _run(tape: list[Step], leaves: Values, name: str = "", value: Any = None) -> Values:
    """Compute every value of a tape; where a name is given, with this value in place of its own."""
    values = leaves | ({name: value} if name in leaves else {})
    for target, operation, arguments in tape:
        computed = FORWARD[operation](*(values[argument] for argument in arguments))
        values[target] = value if target == name else computed
    return values


def _reached(tape: list[Step]) -> list[str]:
    """List the names that the output depends on, the output first."""
    found = [tape[-1][0]]
    for target, operation, arguments in tape[::-1]:
        links = [a for i, a in enumerate(arguments) if (operation, i) not in WITHOUT_GRADIENT]
        found += [a for a in dict.fromkeys(links) if target in found and a not in found]
    return found


def _expect_bars(
    student: Student, tape: list[Step], leaves: Values, causes: Mapping[str, Mapping[str, Any]] | None = None
) -> Values:
    """Compare with the derivative by each name: the tape is run again with this value moved."""
    values = _run(tape, leaves)
    got = student(tape, values, RULES)
    output, reached = tape[-1][0], _reached(tape)
    _expect_names(got, reached, output)
    for name in reached:
        right = complex_gradient(
            lambda value, name=name: _run(tape, leaves, name, value)[output],  # type: ignore[misc]
            np.asarray(values[name]),
        )
        expect_close(got[name], right, what=f'bars["{name}"]', causes=(causes or {}).get(name, {}))
    return dict(got)


def _expect_names(got: Any, reached: list[str], output: str) -> None:
    expect(isinstance(got, dict), f"backward must return a dict of gradients, {name_type(got)} came")
    missing = [name for name in reached if name not in got]
    sentence = f"{missing[:3]} have no gradient: {output!r} depends on them" if missing else ""
    expect(not missing, sentence)
    extra = sorted(map(str, got.keys() - set(reached)))
    sentence = f"{extra[:3]} have an entry, but no gradient reaches them from {output!r}"
    expect(not extra, sentence + " (None counts as nothing, and dead ends are left out)")


# Task 12: backward


def goes_back_through_a_chain(student: Student, rng: Random) -> None:
    """goes back through a chain, rule by rule, and keeps float32"""
    for shape, dtype in (((3,), np.float64), ((2, 3), np.float64), ((2, 2), np.float32)):
        tape: list[Step] = [
            ("a", "mul", ("x", "w")),
            ("z", "add", ("a", "b")),
            ("h", "tanh", ("z",)),
            ("s", "mul", ("h", "v")),
            ("L", "sum", ("s",)),
        ]
        leaves = {name: rng.normal(size=shape).astype(dtype) for name in "xwbv"}
        got = _expect_bars(student, tape, leaves)
        for name in "zbx":
            expect_array(got[name], kind=np.dtype(dtype).name, what=f'bars["{name}"]')


def adds_over_several_uses(student: Student, rng: Random) -> None:
    """adds what arrives where several steps use a value"""
    tape: list[Step] = [("p", "mul", ("u", "x")), ("q", "mul", ("x", "v")), ("L", "add", ("p", "q"))]
    leaves = {name: np.float64(rng.normal()) for name in "uvx"}
    u, v = leaves["u"], leaves["v"]
    over, first = (
        "one contribution overwrote the other: add them",
        "only the first contribution came in: add both",
    )
    _expect_bars(student, tape, leaves, {"x": {over: u, first: v}})
    _expect_bars(student, [tape[1], tape[0], tape[2]], leaves, {"x": {over: v, first: u}})
    _expect_bars(student, *_shared_arrays(rng))
    for shape in ((), (2,), (3, 2)):
        for size in (5, 9):
            _expect_bars(student, *_draw_tape(rng, size, shape, twice=False))


def _shared_arrays(rng: Random) -> tuple[list[Step], Values, dict[str, dict[str, Any]]]:
    """Make a tape on which adding in place changes bars that are complete, since rules may share an array."""
    leaves = {name: rng.normal(size=2) for name in "xyc"}
    tape: list[Step] = [
        ("m", "mul", ("y", "c")),
        ("s", "add", ("x", "y")),
        ("k", "add", ("s", "m")),
        ("L", "sum", ("k",)),
    ]
    cause = "a bar was added in place, with +=, to an array that another name shares: write bars[name] + new"
    return tape, leaves, {"k": {cause: 1 + leaves["c"]}}


def _draw_tape(rng: Random, size: int, shape: tuple[int, ...], *, twice: bool) -> tuple[list[Step], Values]:
    """Draw a tape whose steps take any of the four values before them; some are dead ends."""
    names = [NAMES[place] for place in rng.permutation(len(NAMES))[: size + 4]]
    leaves: Values = {name: np.asarray(rng.uniform(-0.8, 0.8, size=shape)) for name in names[:3]}
    tape: list[Step] = []
    for index, name in enumerate(names[3:-1], start=3):
        operation, count = [("add", 2), ("mul", 2), ("tanh", 1), ("mul_add", 3)][rng.integers(4)]
        recent = names[max(index - 4, 0) : index]
        taken = rng.choice(len(recent), size=count, replace=twice)
        tape.append((name, operation, tuple(recent[int(i)] for i in taken)))
    return [*tape, (names[-1], "sum", (names[-2],))], leaves


def adds_within_one_step(student: Student, rng: Random) -> None:
    """adds where one step uses a value twice, as in x * x"""
    x = np.float64(rng.uniform(1, 2))
    leaves = {"x": x, "c": np.float64(rng.normal())}
    once = "a step that uses a value twice gives it two contributions: add both"
    square: list[Step] = [("s", "mul", ("x", "x")), ("y", "add", ("s", "c"))]
    _expect_bars(student, square, leaves, {"x": {once: x}})
    double: list[Step] = [("s", "add", ("x", "x")), ("y", "mul", ("s", "c"))]
    _expect_bars(student, double, leaves, {"x": {once: leaves["c"]}})
    for shape in ((2,), (2, 3)):
        long: list[Step] = [
            ("s", "mul_add", ("x", "x", "x")),
            ("d", "add", ("s", "s")),
            ("m", "add", ("d", "s")),
        ]
        arrays = {"x": rng.uniform(-1, 1, size=shape)}
        _expect_bars(student, [*long, ("L", "sum", ("m",))], arrays)
        _expect_bars(student, *_draw_tape(rng, 8, shape, twice=True))


def gives_nothing_to_dead_ends(student: Student, rng: Random) -> None:
    """gives nothing to steps that the output does not depend on, nor where a rule gives None"""
    tape: list[Step] = [
        ("z", "mul", ("x", "w")),
        ("report", "tanh", ("z",)),
        ("other", "mul", ("report", "w")),
        ("k", "select", ("z", "labels")),
        ("shown", "add", ("k", "w")),
        ("L", "sum", ("k",)),
    ]
    leaves = {"x": rng.normal(size=4), "w": rng.normal(size=4), "labels": np.array([1, 0, 0, 1])}
    _expect_bars(student, tape, leaves)
    _expect_bars(student, [*tape[:2], ("k", "select", ("w", "labels")), ("L", "sum", ("k",))], leaves)


def stands_long_tapes(student: Student, rng: Random) -> None:
    """takes 10,000 steps, and a ladder with more ways than could ever be walked"""
    chain: list[Step] = [(f"v_{i + 1}", "mul", (f"v_{i}", "c")) for i in range(9_999)]
    c = np.float64(1 + rng.uniform(1e-5, 1e-4))
    values: Values = {"v_0": np.float64(1.0), "c": c} | {f"v_{i + 1}": c ** (i + 1) for i in range(9_999)}
    got = student(chain, values, RULES)
    _expect_names(got, [f"v_{i}" for i in range(10_000)] + ["c"], "v_9999")
    _expect_column(got, c ** np.arange(9_999, -1, -1))
    expect_close(got["c"], 9_999 * float(c) ** 9_998, what='bars["c"]', rtol=1e-9)
    ladder: list[Step] = [(f"v_{i + 1}", "add", (f"v_{i}", f"v_{i}")) for i in range(60)]
    got = student(ladder, {f"v_{i}": np.float64(2.0**i) for i in range(61)}, RULES)
    _expect_names(got, [f"v_{i}" for i in range(61)], "v_60")
    _expect_column(got, 2.0 ** np.arange(60, -1, -1))


def _expect_column(got: Values, want: Array) -> None:
    """Compare the bars of v_0, v_1 and so on."""
    bars = [got[f"v_{i}"] for i in range(len(want))]
    expect(
        all(np.shape(bar) == () for bar in bars), "every value of this tape is a number, and so is its bar"
    )
    expect_close(np.array(bars), want, what="the bars of v_0, v_1, v_2 ...", rtol=1e-9)
