"""Read the list of mutants that no check can find out, because they are right.

The list is a text for people. A header names the task; then come, for each mutant, a line with its
description and an indented line with the kind of entry and the reason:

    [01_neurons: logistic]
    line 2: z >= 0 -> z > 0
        same: at z = 0 both branches give 1 / 2

`same` is compared with the reference on random inputs; `also right` is another right answer, and is judged by
what the task promises. A line that begins with # is a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("same", "also right")
HEADER = re.compile(r"^\[(\S+): (\S+)\]$")
REASON = re.compile(r"^\s+(same|also right): (\S.*)$")


class EquivalentsError(ValueError):
    """Say in one sentence what is wrong with a line of the list."""


@dataclass(frozen=True)
class Equivalent:
    """One entry of the list.

    Attributes:
        lab: Name of the lab.
        task: Name of the task.
        description: The mutant's description.
        kind: "same" or "also right".
        reason: Why no check can find it out.
        line: Number of the line in the list, from 1.
    """

    lab: str
    task: str
    description: str
    kind: str
    reason: str
    line: int


def read_equivalents(path: Path) -> list[Equivalent]:
    """Read the list.

    Args:
        path: The file.

    Returns:
        Its entries, in order.

    Raises:
        EquivalentsError: A line is malformed, or a mutant stands there twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EquivalentsError(
            f"{path.name} cannot be read ({error}); restore it from the repository"
        ) from error
    entries: dict[tuple[str, str, str], Equivalent] = {}
    for entry in _entries(text.splitlines(), path.name):
        key = (entry.lab, entry.task, entry.description)
        if key in entries:
            first = entries[key].line
            raise EquivalentsError(
                f"{path.name}, line {entry.line}: this mutant stands in line {first} already"
            )
        entries[key] = entry
    return list(entries.values())


def _entries(lines: list[str], name: str) -> Iterator[Equivalent]:
    """Read line after line: a header, then descriptions, each with its reason below it."""
    lab = task = ""
    described: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        here = f"{name}, line {number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            found = REASON.match(line)
            if not found or not described:
                raise EquivalentsError(_misplaced(here, alone=found is not None))
            yield Equivalent(lab, task, described[1], found[1], found[2].strip(), described[0])
            described = None
            continue
        _refuse_unexplained(described, name)
        if header := HEADER.match(line):
            lab, task, described = header[1], header[2], None
        elif not task or line.startswith("["):
            raise EquivalentsError(f"{here}: expected a header such as [01_neurons: logistic], {line!r} came")
        else:
            described = (number, line.strip())
    _refuse_unexplained(described, name)


def _misplaced(here: str, *, alone: bool) -> str:
    if alone:
        return f"{here}: a reason without a mutant; put the mutant's description in the line above"
    return f"{here}: expected an indented reason such as '    same: why', or '    also right: why'"


def _refuse_unexplained(described: tuple[int, str] | None, name: str) -> None:
    if described:
        raise EquivalentsError(
            f"{name}, line {described[0]}: {described[1]!r} has no reason; "
            "write '    same: why' or '    also right: why' in the line below"
        )
