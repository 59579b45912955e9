"""Edits of operators, signs, comparisons, constants and truth values."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from types import MappingProxyType

BINARY: Mapping[type[ast.operator], tuple[type[ast.operator], ...]] = MappingProxyType(
    {
        ast.Add: (ast.Sub, ast.Mult),
        ast.Sub: (ast.Add,),
        ast.Mult: (ast.Div, ast.Add),
        ast.Div: (ast.Mult,),
        ast.MatMult: (ast.Mult,),
        ast.FloorDiv: (ast.Div, ast.Mult),
        ast.Mod: (ast.FloorDiv,),
        ast.Pow: (ast.Mult, ast.Div),
        ast.BitAnd: (ast.BitOr,),
        ast.BitOr: (ast.BitAnd,),
        ast.BitXor: (ast.BitOr, ast.BitAnd),
    }
)
COMPARED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = (
    MappingProxyType(  # the boundary first, then the negation
        {
            ast.Lt: (ast.LtE, ast.GtE),
            ast.LtE: (ast.Lt, ast.Gt),
            ast.Gt: (ast.GtE, ast.LtE),
            ast.GtE: (ast.Gt, ast.Lt),
            ast.Eq: (ast.NotEq,),
            ast.NotEq: (ast.Eq,),
            ast.In: (ast.NotIn,),
            ast.NotIn: (ast.In,),
            ast.Is: (ast.IsNot,),
            ast.IsNot: (ast.Is,),
        }
    )
)
ONE_WAY = (ast.MatMult, ast.Sub, ast.Div, ast.Pow, ast.Mod, ast.FloorDiv)  # a op b is not b op a
DIGITS = 12  # so that 1.2 - 1 reads 0.2
SIGNED = (ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.BinOp)
EVEN = frozenset({"abs", "cos", "cosh", "square", "len", "shape"})  # f(-z) is f(z)
TYPES = frozenset({"bool", "float", "int"})


def edit_operators(node: ast.AST) -> Iterator[ast.AST]:
    """Exchange an operator or its operands, or drop one operand.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.BinOp):
        for kind in BINARY.get(type(node.op), ()):
            yield ast.BinOp(node.left, kind(), node.right)
        if isinstance(node.op, ONE_WAY):
            yield ast.BinOp(node.right, node.op, node.left)
        yield from (node.left, node.right)
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield from node.values


def edit_comparisons(node: ast.AST) -> Iterator[ast.AST]:
    """Move a comparison's boundary, and turn it round.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for kind in COMPARED[type(operator)]:
                changed = copy.copy(node)
                changed.ops = [*node.ops[:place], kind(), *node.ops[place + 1 :]]
                yield changed


def edit_constants(node: ast.AST) -> Iterator[ast.AST]:
    """Change a number by one or to zero, and a truth value to the other one.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield ast.Constant(not value)
        elif isinstance(value, int | float):
            yield from (_number(round(other, DIGITS)) for other in (value + 1, value - 1, value * 0))


def _number(value: float) -> ast.expr:
    """Write a number, with its sign as the operator that it is in Python's syntax."""
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def edit_signs(node: ast.AST) -> Iterator[ast.AST]:
    """Drop a minus, `not` or `~`, and put a minus where there is none: before factors, results, arguments.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Sub):
        for side in ("left", "right"):
            yield from _negated(node, side)
    if isinstance(node, ast.Return | ast.Assign | ast.AugAssign):
        yield from _negated(node, "value")
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for place, item in enumerate(node.elts):
            if isinstance(item, SIGNED):
                yield ast.Tuple([*node.elts[:place], _minus(item), *node.elts[place + 1 :]], node.ctx)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) not in EVEN:
        for place, item in enumerate(node.args):
            if isinstance(item, SIGNED) and ast.unparse(item) not in TYPES:
                changed = copy.copy(node)
                changed.args = [*node.args[:place], _minus(item), *node.args[place + 1 :]]
                yield changed


def _negated(node: ast.AST, field: str) -> Iterator[ast.AST]:
    if isinstance(getattr(node, field), SIGNED):
        changed = copy.copy(node)
        setattr(changed, field, _minus(getattr(node, field)))
        yield changed


def _minus(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), node)


def edit_conditions(node: ast.AST) -> Iterator[ast.AST]:
    """Force the condition of `if`, `while`, `a if c else b`, or of a comprehension to True and to False.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for value in (True, False):
            changed = copy.copy(node)
            changed.test = ast.Constant(value)
            yield changed
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        for number, generator in enumerate(node.generators):
            for place in range(len(generator.ifs)):
                part = copy.copy(generator)
                part.ifs = [*generator.ifs[:place], *generator.ifs[place + 1 :]]
                changed_node = copy.copy(node)
                changed_node.generators = [*node.generators[:number], part, *node.generators[number + 1 :]]
                yield changed_node
