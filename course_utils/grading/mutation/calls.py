"""Edits of calls: arguments, keywords, axes, and one function for another."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from types import MappingProxyType

EXCHANGED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "max": ("min", "mean"), "amax": ("amin",), "min": ("max",), "amin": ("amax",),
        "sum": ("mean", "prod"), "mean": ("sum", "max"), "prod": ("sum",), "std": ("var",), "var": ("std",),
        "exp": ("abs", "expm1"), "abs": ("exp",), "log": ("log2", "log1p"), "log1p": ("log",),
        "sqrt": ("square",), "square": ("abs",), "sin": ("cos",), "cos": ("sin",),
        "zeros": ("ones",), "ones": ("zeros",), "zeros_like": ("ones_like",), "ones_like": ("zeros_like",),
        "maximum": ("minimum",), "minimum": ("maximum",), "argmax": ("argmin",), "argmin": ("argmax",),
        "tanh": ("exp", "sin"), "cosh": ("sinh",), "sinh": ("cosh",), "sign": ("abs",),
        "dot": ("multiply",), "outer": ("multiply",), "matmul": ("multiply",), "multiply": ("add",),
        "cumsum": ("cumprod",), "any": ("all",), "all": ("any",), "floor": ("ceil",), "ceil": ("floor",),
        "logical_and": ("logical_or",), "logical_or": ("logical_and",), "eye": ("ones",),
        "append": ("extend",), "isfinite": ("isnan",),
    }
)  # fmt: skip
REDUCING = frozenset({"sum", "mean", "max", "min", "amax", "amin", "prod", "std", "var"})
ORDERED = frozenset({"argsort", "sort", "sorted"})
BUILT_IN = frozenset({"max", "min", "sum", "abs", "any", "all"})
BOTH_WAYS = frozenset({"add", "logical_and", "logical_or", "maximum", "minimum", "multiply"})
AXES = (0, 1, -1, None)


def edit_arguments(node: ast.AST) -> Iterator[ast.AST]:
    """Swap neighbouring arguments or items, drop a keyword, or drop the call around its first argument.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Call):
        for place in range(len(node.args) - 1 if _name(node) not in BOTH_WAYS else 0):
            yield _with(node, args=_swapped(node.args, place))
        for place in range(len(node.keywords)):
            yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
        literal = node.args and isinstance(node.args[0], ast.List | ast.Tuple)  # a list in place of an array
        yield from [] if literal else node.args[:1]
        if isinstance(node.func, ast.Attribute) and not node.args:
            yield node.func.value
    if isinstance(node, ast.Tuple | ast.List):
        for place in range(len(node.elts) - 1):
            yield type(node)(_swapped(node.elts, place), node.ctx)


def _swapped(items: list[ast.expr], place: int) -> list[ast.expr]:
    return [*items[:place], items[place + 1], items[place], *items[place + 2 :]]


def _with(node: ast.Call, **fields: object) -> ast.Call:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def edit_axes(node: ast.AST) -> Iterator[ast.AST]:
    """Change the axis of a call, and keep or drop it.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Call) and _name(node) is not None:
        for place, keyword in enumerate(node.keywords):
            if keyword.arg in ("axis", "dim"):
                for axis in _other_axes(keyword.value):
                    changed = ast.keyword(keyword.arg, axis)
                    yield _with(node, keywords=[*node.keywords[:place], changed, *node.keywords[place + 1 :]])
        second = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        if _name(node) in REDUCING and second and len(node.args) == 2:
            for axis in _other_axes(node.args[1]):
                yield _with(node, args=[node.args[0], axis])
        yield from _keep_axes(node)


def _other_axes(given: ast.expr) -> Iterator[ast.expr]:
    for axis in AXES:
        text = "None" if axis is None else str(axis)
        if ast.unparse(given) != text:
            yield ast.parse(text, mode="eval").body


def _keep_axes(node: ast.Call) -> Iterator[ast.AST]:
    names = {keyword.arg for keyword in node.keywords}
    for axis, keep in (("axis", "keepdims"), ("dim", "keepdim")):
        if _name(node) in REDUCING and axis in names and keep not in names:
            yield _with(node, keywords=[*node.keywords, ast.keyword(keep, ast.Constant(True))])


def edit_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Take one function for another, turn an order round, and drop or add a transposition.

    Args:
        node: Any node.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        for name in EXCHANGED.get(node.attr, ()):
            yield ast.Attribute(node.value, name, node.ctx)
        if node.attr == "T":
            yield node.value
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in BUILT_IN:
            for name in EXCHANGED[node.func.id]:
                yield _with(node, func=ast.Name(name, ast.Load()))
        if _name(node) in ORDERED:
            backwards = ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))
            yield ast.Subscript(node, backwards, ast.Load())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for side in ("left", "right"):
            changed, item = copy.copy(node), getattr(node, side)
            if isinstance(item, ast.Name) and item.id[0].isupper():  # a matrix, by the course's symbols
                setattr(changed, side, ast.Attribute(item, "T", ast.Load()))
                yield changed


def _name(node: ast.Call) -> str | None:
    """Return the last part of the name that a call is written with."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None


def edit_names(node: ast.AST, names: tuple[str, ...]) -> Iterator[ast.AST]:
    """Take another argument or variable of the same solution for one of them.

    Args:
        node: Any node.
        names: The names of the solution's arguments and variables, sorted.

    Yields:
        What stands in the node's place.
    """
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and len(names) > 1:
        yield ast.Name(names[(names.index(node.id) + 1) % len(names)], ast.Load())


def edit_texts(node: ast.AST, texts: tuple[str, ...]) -> Iterator[ast.AST]:
    """Take another text of the same solution for a text.

    Args:
        node: Any node.
        texts: The texts of the solution, sorted.

    Yields:
        What stands in the node's place.
    """
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in texts
        and len(texts) > 1
    ):
        yield ast.Constant(texts[(texts.index(node.value) + 1) % len(texts)])
