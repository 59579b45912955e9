"""List the mutants of a solution's text, each once, with a description that depends on no order."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course_utils.grading.mutation import arithmetic, calls, places, statements
from course_utils.grading.mutation.wording import descriptions

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
EDITS = (
    arithmetic.edit_operators,
    arithmetic.edit_comparisons,
    arithmetic.edit_constants,
    arithmetic.edit_signs,
    arithmetic.edit_conditions,
    calls.edit_arguments,
    calls.edit_axes,
    calls.edit_functions,
    places.edit_indices,
    places.edit_ranges,
    places.edit_loops,
    statements.edit_statements,
    statements.edit_turns,
)


@dataclass(frozen=True)
class SourceMutant:
    """A solution with one thing changed: what, and the whole text of the cell."""

    description: str
    code: str


@dataclass(frozen=True)
class Site:
    """Where a node hangs in its tree: so it can be exchanged, and put back."""

    parent: ast.AST
    field: str
    place: int | None
    node: ast.AST

    def hang(self, node: ast.AST) -> None:
        """Hang a node here.

        Args:
            node: The node.
        """
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


def source_mutants(cell: str) -> list[SourceMutant]:
    """List the mutants of a solution cell: of what stands between its markers, and of the signature above.

    Args:
        cell: Text of the cell; without markers all of it is the solution.

    Returns:
        The mutants, sorted by line; no two have the same code, and none the code of the cell.
    """
    begin, end = _region(cell)
    tree = _without_docstrings(ast.parse(cell))
    texts, names = _texts(tree), _names(tree)
    codes = dict.fromkeys(
        code
        for site in _sites(tree, begin, end, inside=False)
        for new in _edits(site.node, begin, end, texts, names)
        if (code := _code_with(tree, site, new))
    )
    codes.pop(ast.unparse(tree), None)
    origin = begin if BEGIN in cell else 0
    worded = {code: descriptions(tree, ast.parse(code), origin=origin) for code in codes}
    return sorted((SourceMutant(text, code) for code, text in _unlike(worded).items()), key=_by_line)


def _region(cell: str) -> tuple[int, int]:
    """Return the numbers of the lines between which the solution stands."""
    lines = [line.strip() for line in cell.splitlines()]
    begin = lines.index(BEGIN) + 1 if BEGIN in lines else 0
    ends = [number for number, line in enumerate(lines, 1) if line == END]
    return begin, ends[-1] if ends else len(lines) + 1


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _texts(tree: ast.AST) -> tuple[str, ...]:
    found = {
        item.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.Dict | ast.Call | ast.Subscript)
        for item in ast.iter_child_nodes(node)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    }
    return tuple(sorted(found))


def _names(tree: ast.AST) -> tuple[str, ...]:
    """List the arguments and variables of the functions in a cell."""
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return tuple(sorted(found | {node.id for node in stored if isinstance(node.ctx, ast.Store)}))


def _sites(node: ast.AST, begin: int, end: int, *, inside: bool) -> Iterator[Site]:
    """Yield the places of a tree that can be changed; a sentence that an error says is none."""
    for field, value in ast.iter_fields(node):
        pairs: list[tuple[int | None, Any]] = (
            list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        )
        for place, child in pairs:
            if not isinstance(child, ast.AST):
                continue
            here = begin < child.lineno < end if hasattr(child, "lineno") else inside
            if here or isinstance(child, ast.FunctionDef):
                yield Site(node, field, place, child)
            if not isinstance(child, ast.Raise | ast.JoinedStr):
                yield from _sites(child, begin, end, inside=here)


def _edits(
    node: ast.AST, begin: int, end: int, texts: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef):
        last = node.end_lineno or node.lineno
        if begin < last and node.lineno < end:
            yield from statements.edit_function(node)
        return
    for edit in EDITS:
        yield from edit(node)
    yield from calls.edit_texts(node, texts)
    yield from calls.edit_names(node, names)


def _code_with(tree: ast.Module, site: Site, new: ast.AST) -> str:
    """Write the tree with another node in one place; nothing where that is no Python."""
    site.hang(new)
    try:
        code = ast.unparse(tree)
        compile(code, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return ""
    finally:
        site.hang(site.node)
    return ast.unparse(ast.parse(code))


def _unlike(worded: dict[str, list[str]]) -> dict[str, str]:
    """Choose for each code the narrowest description that no other has; those alike widen together."""
    level = dict.fromkeys(worded, 0)
    while True:
        chosen = {code: texts[min(level[code], len(texts) - 1)] for code, texts in worded.items()}
        counts = Counter(chosen.values())
        alike = [
            code for code, text in chosen.items() if counts[text] > 1 and level[code] < len(worded[code])
        ]
        if not alike:
            return chosen
        for code in alike:
            level[code] += 1


def _by_line(mutant: SourceMutant) -> tuple[int, str]:
    head = mutant.description.split(":")[0].removeprefix("line ")
    return (int(head) if head.isdigit() else 0, mutant.description)
