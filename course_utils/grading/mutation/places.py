"""Edits of indices, slices and ranges: off by one."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

RANGES = ("range", "arange")


def edit_indices(node: ast.AST) -> Iterator[ast.AST]:
    """Move an index, or an end of a slice, by one; drop a slice's step.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for place, part in enumerate(parts):
            for moved in _moved(part):
                changed = copy.copy(node)
                items = [*parts[:place], moved, *parts[place + 1 :]]
                changed.slice = (
                    ast.Tuple(items, ast.Load()) if isinstance(node.slice, ast.Tuple) else items[0]
                )
                yield changed


def _moved(part: ast.expr) -> Iterator[ast.expr]:
    if isinstance(part, ast.Slice):
        lower = _shifted(part.lower) if part.lower else iter([ast.Constant(1)])
        yield from (ast.Slice(new, part.upper, part.step) for new in lower)
        upper = _shifted(part.upper) if part.upper else iter([ast.UnaryOp(ast.USub(), ast.Constant(1))])
        yield from (ast.Slice(part.lower, new, part.step) for new in upper)
        if part.step is not None:
            yield ast.Slice(part.lower, part.upper, None)
    elif isinstance(part, ast.Name | ast.BinOp):
        yield from _shifted(part)


def _shifted(node: ast.expr) -> Iterator[ast.expr]:
    """Yield an expression plus one and minus one; a constant's own edits are those of any constant."""
    if not isinstance(node, ast.Constant):
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def edit_ranges(node: ast.AST) -> Iterator[ast.AST]:
    """Begin a range one later, and end it one earlier.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Call) and node.args:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in RANGES:
            end = 0 if len(node.args) == 1 else 1
            less = ast.BinOp(node.args[end], ast.Sub(), ast.Constant(1))
            yield _call(node, [*node.args[:end], less, *node.args[end + 1 :]])
            if len(node.args) == 1:
                yield _call(node, [ast.Constant(1), node.args[0]])


def _call(node: ast.Call, arguments: list[ast.expr]) -> ast.Call:
    changed = copy.copy(node)
    changed.args = arguments
    return changed


def edit_loops(node: ast.AST) -> Iterator[ast.AST]:
    """Go through a loop's items from the last one, without the first, or without the last.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.For):
        for order in ("[::-1]", "[1:]", "[:-1]"):
            changed = copy.copy(node)
            changed.iter = ast.parse(f"list({ast.unparse(node.iter)}){order}", mode="eval").body
            yield changed
