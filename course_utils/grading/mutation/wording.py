"""Say in one line what a mutant changed, from the two syntax trees alone."""

from __future__ import annotations

import ast
from typing import Any

Pair = tuple[ast.AST, ast.AST]
PLACES = (ast.expr, ast.stmt, ast.keyword, ast.arguments, ast.comprehension)


def descriptions(reference: ast.AST, mutant: ast.AST, *, origin: int) -> list[str]:
    """Describe the one difference of two trees, first as narrowly as it can be read, then ever wider.

    Args:
        reference: The tree of the reference.
        mutant: The tree of the mutant.
        origin: Number of the line before the solution's first one, so that lines are counted from there.

    Returns:
        For example "line 3: W_next @ W -> W @ W_next"; the widest one tells the statement and its column.
    """
    pairs = _narrow(reference, mutant)
    number = 0
    texts: list[str] = []
    for one, other in pairs:
        number = getattr(one, "lineno", number)
        text = _describe(one, other)
        if text:
            line = f"line {number - origin}: " if number > origin else ""
            texts.append(f"{'' if isinstance(one, ast.arguments) else line}{text}")
    if len(pairs) > 1 and len(texts) > 1 and _is_bare(*pairs[-2:]):
        texts.pop()  # "1 -> 2" says less than the expression around it
    column = getattr(pairs[-1][0], "col_offset", 0)
    return [*texts[::-1], f"{texts[-1]} (column {column})"]


def _narrow(one: ast.AST, other: ast.AST) -> list[Pair]:
    pairs = [(one, other)]
    while inner := _only_difference(*pairs[-1]):
        pairs.append(inner)
    return pairs


def _only_difference(one: ast.AST, other: ast.AST) -> Pair | None:
    """Find the one child in which two nodes differ, if that is all and it can be written down alone."""
    if type(one) is not type(other) or isinstance(one, ast.arguments):
        return None
    found: list[tuple[Any, Any]] = []
    for name in one._fields:
        a, b = getattr(one, name, None), getattr(other, name, None)
        pairs = [(a, b)]
        if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            pairs = list(zip(a, b, strict=True))
        found += [pair for pair in pairs if not same(*pair)]
    if len(found) != 1:
        return None
    first, second = found[0]
    return (first, second) if isinstance(first, PLACES) and isinstance(second, PLACES) else None


def same(one: Any, other: Any) -> bool:
    """Tell whether two trees, lists of trees or plain values of a tree are the same code.

    Args:
        one: A node, a list of nodes, or a plain value.
        other: The same.

    Returns:
        Whether they are the same but for their places in the text.
    """
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return ast.dump(one) == ast.dump(other)
    return type(one) is type(other) and bool(one == other)


def _is_bare(outer: Pair, inner: Pair) -> bool:
    leaf = isinstance(inner[0], ast.Constant | ast.Name)
    return leaf and isinstance(outer[0], ast.expr | ast.keyword) and not isinstance(outer[0], ast.Dict)


def _describe(one: ast.AST, other: ast.AST) -> str:
    if isinstance(one, ast.Module | ast.ClassDef):
        return ""
    if isinstance(one, ast.arguments):
        return f"signature: ({ast.unparse(one)}) -> ({ast.unparse(other)})"
    if not same(getattr(one, "body", None), getattr(other, "body", None)) and isinstance(one, ast.stmt):
        return _describe_block(one, other)
    if isinstance(one, ast.FunctionDef):
        return ""
    return f"{_text(one)} -> {_text(other)}"


def _describe_block(one: Any, other: Any) -> str:
    """Describe a block that lost, got or exchanged statements."""
    before, after = getattr(one, "body", []), getattr(other, "body", [one])
    if type(one) is not type(other) or not isinstance(before, list):
        return f"{_text(one)} -> {_text(other)}"
    start = next((i for i, pair in enumerate(zip(before, after, strict=False)) if not same(*pair)), None)
    if start is None:
        return f"{_text(one)}: {_text(after[-1])} added at the end"
    if len(after) == len(before) + 1 and same(before[start:], after[start + 1 :]):
        return f"{_text(one)}: {_text(after[start])} added before {_text(before[start])}"
    return f"body -> {'; '.join(_text(statement) for statement in after)}" if len(after) == 1 else ""


def _text(node: ast.AST) -> str:
    """Write a node in one line; of a statement with a body, its head."""
    lines = ast.unparse(node).strip().splitlines()
    return lines[0] if len(lines) == 1 else f"{lines[0]} ..."
