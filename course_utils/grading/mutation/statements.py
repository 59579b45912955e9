"""Edits of statements: dropped, cut short, replaced by a stub, and of a function's signature."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from course_utils.grading.mutation.arithmetic import BINARY, edit_constants

DROPPED = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Expr,
    ast.For,
    ast.While,
    ast.If,
    ast.Raise,
    ast.Assert,
)
STUBS = ("None", "0", "1", "{first}", "np.zeros_like({first})", "np.ones_like({first})")


def edit_statements(node: ast.AST) -> Iterator[ast.AST]:
    """Drop a statement, make `+=` a plain `=`, and exchange the operator of `+=`.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.AugAssign):
        yield ast.parse(f"{ast.unparse(node.target)} = {ast.unparse(node.value)}").body[0]
        for kind in BINARY.get(type(node.op), ()):
            yield ast.AugAssign(node.target, kind(), node.value)
    if isinstance(node, DROPPED):
        yield ast.Pass()
    if isinstance(node, ast.If):
        for place, statement in enumerate(node.body):
            if isinstance(statement, ast.Return):  # an early return falls through
                changed = copy.copy(node)
                changed.body = [*node.body[:place], ast.Pass()]
                yield changed


def edit_turns(node: ast.AST) -> Iterator[ast.AST]:
    """Cut a loop to one turn, and leave its later statements out.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.For | ast.While):
        yield _with_body(node, [*node.body, ast.Break()])
        for place in range(len(node.body)):
            yield _with_body(node, [*node.body[:place], ast.Continue(), *node.body[place:]])


def _with_body(node: ast.stmt, body: list[ast.stmt]) -> ast.stmt:
    changed = copy.copy(node)
    changed.body = body  # type: ignore[attr-defined]
    return changed


def edit_function(node: ast.FunctionDef) -> Iterator[ast.AST]:
    """Put stubs in a function's place, and change or drop the defaults of its signature.

    Args:
        node: A function that the student writes.

    Yields:
        What stands in the function's place.
    """
    names = [argument.arg for argument in node.args.args if argument.arg != "self"]
    for stub in STUBS:
        if names or "{first}" not in stub:
            yield _with_body(node, ast.parse(f"return {stub.format(first=names[0] if names else '')}").body)
    for arguments in _signatures(node):
        changed = copy.copy(node)
        changed.args = arguments
        yield changed


def _signatures(node: ast.FunctionDef) -> Iterator[ast.arguments]:
    texts = [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    given = node.args
    if given.defaults:
        yield _arguments(given, defaults=given.defaults[1:])  # only the leftmost can go alone
    for place, default in enumerate(given.defaults):
        for other in _other_defaults(default, texts):
            yield _arguments(given, defaults=[*given.defaults[:place], other, *given.defaults[place + 1 :]])
    for place, keyword in enumerate(given.kw_defaults):
        others: list[ast.expr | None] = [None, *_other_defaults(keyword, texts)] if keyword else []
        for another in others:
            changed = [*given.kw_defaults[:place], another, *given.kw_defaults[place + 1 :]]
            yield _arguments(given, kw_defaults=changed)


def _other_defaults(default: ast.expr, texts: list[str]) -> Iterator[ast.expr]:
    for changed in edit_constants(default):
        if isinstance(changed, ast.expr):
            yield changed
    if isinstance(default, ast.UnaryOp):
        yield default.operand
    if isinstance(default, ast.Constant) and isinstance(default.value, str):
        yield from (ast.Constant(text) for text in sorted({*texts, ""} - {default.value}))


def _arguments(given: ast.arguments, **fields: object) -> ast.arguments:
    changed = copy.copy(given)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
