"""Take from a lab's notebook what its functions need, and build one of them, also with its cell exchanged."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from course_utils.grading.notebooks import is_test

CHECK = "check"  # what a lab's notebook calls its check


@dataclass(frozen=True)
class TaskCode:
    """The code that a task's function needs: imports, given definitions, and the solutions of all tasks.

    Attributes:
        pieces: Texts to run one after another.
        own: Which of them is the task's own solution cell.
        function: What the notebook hands to the check, such as "dense".
    """

    pieces: tuple[str, ...]
    own: int
    function: str

    @property
    def cell(self) -> str:
        """Text of the task's own solution cell."""
        return self.pieces[self.own]

    def build(self, cell: str | None = None) -> Any:
        """Run the pieces in a namespace of their own.

        Args:
            cell: What stands in the place of the task's own cell; its own text by default.

        Returns:
            The function that the check is given.
        """
        namespace: dict[str, Any] = {"__name__": "lab"}
        for number, piece in enumerate(self.pieces):
            text = cell if number == self.own and cell is not None else piece
            exec(_compiled(text, f"<cell {number}>"), namespace)
        return eval(self.function, namespace)


@functools.lru_cache(maxsize=256)
def _compiled(text: str, name: str) -> CodeType:
    """Compile a cell once for all processes that are forked later."""
    return compile(text, name, "exec")


def task_codes(notebook: Any) -> dict[str, TaskCode]:
    """Read the code of every task of a lab; checks are not in it, nor what only shows something.

    Args:
        notebook: The instructor's notebook, with the solutions.

    Returns:
        The code by the task's name.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    solutions = {number for number, cell in enumerate(code) if _is_solution(cell)}
    pieces, places = _pieces(
        [cell.source for cell in code], solutions, {n for n, c in enumerate(code) if is_test(c)}
    )
    codes = {}
    for number, cell in enumerate(code):
        before = [solution for solution in solutions if solution < number]
        if is_test(cell) and before:
            for task, function in _checked(cell.source):
                codes[task] = TaskCode(pieces, places[max(before)], function)
    return codes


def _is_solution(cell: Any) -> bool:
    entry = cell.metadata.get("nbgrader")
    return isinstance(entry, dict) and bool(entry.get("solution")) and not entry.get("grade")


def _checked(source: str) -> Iterator[tuple[str, str]]:
    """Yield the tasks that a cell checks, and what it hands over for them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == CHECK and len(node.args) == 2:
            task, function = node.args
            if isinstance(task, ast.Constant) and isinstance(task.value, str):
                yield task.value, ast.unparse(function)


def _pieces(cells: list[str], solutions: set[int], tests: set[int]) -> tuple[tuple[str, ...], dict[int, int]]:
    """Keep the solutions, and those given statements that bind a name which is needed."""
    needed = set().union(*(_names_read(cells[number]) for number in solutions))
    given = {n: _statements(text) for n, text in enumerate(cells) if n not in solutions and n not in tests}
    kept: set[int] = set()
    while found := [
        node
        for nodes in given.values()
        for node in nodes
        if id(node) not in kept and _names_bound(node) & needed
    ]:
        for node in found:
            kept.add(id(node))
            needed |= _names_read(ast.unparse(node))
    texts = {
        n: "\n".join(ast.unparse(node) for node in nodes if id(node) in kept) for n, nodes in given.items()
    }
    texts |= {number: cells[number] for number in solutions}
    order = sorted(number for number, text in texts.items() if text)
    return tuple(texts[number] for number in order), {number: place for place, number in enumerate(order)}


def _statements(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError:  # a cell with a magic command of Jupyter
        return []


def _names_bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return {
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
    return set()


def _names_read(text: str) -> set[str]:
    return {name for code in _codes(compile(text, "<cell>", "exec")) for name in code.co_names}


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
