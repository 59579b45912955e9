"""Find what a solution uses although its lab does not allow it.

These are reminders for the honest; who hides an import is stopped elsewhere.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from course_utils.grading.tasks import Lab


def forbidden_imports(source: str, lab: Lab) -> list[str]:
    """List the forbidden libraries that a cell imports.

    Args:
        source: Text of a code cell.
        lab: The lab, whose `forbidden` names libraries such as "torch".

    Returns:
        Their names, sorted; none where the source is no Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    return _among({name for node in ast.walk(tree) for name in _imported(node)}, lab)


def forbidden_uses(function: Any, lab: Lab) -> list[str]:
    """List the forbidden libraries that a function uses, and the functions of the same notebook it calls.

    Args:
        function: A student's function.
        lab: The lab, whose `forbidden` names libraries such as "torch".

    Returns:
        Their names, sorted; none for what is no plain function.
    """
    used: set[str] = set()
    waiting, seen = [function], set()
    while waiting:
        current = waiting.pop()
        if not isinstance(current, FunctionType) or current in seen:
            continue
        seen.add(current)
        for code in _codes(current.__code__):
            used |= {str(i.argval) for i in dis.get_instructions(code) if i.opname == "IMPORT_NAME"}
            for name in code.co_names:
                value = current.__globals__.get(name)
                own = getattr(value, "__globals__", None) is current.__globals__
                waiting += [value] if own else []
                used |= set() if own else {_home(value)}
    return _among(used, lab)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code and that of the functions and comprehensions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _home(value: Any) -> str:
    """Name the module that a value is, or comes from."""
    if isinstance(value, ModuleType):
        return value.__name__
    return str(getattr(value, "__module__", None) or "")


def _among(names: set[str], lab: Lab) -> list[str]:
    return sorted({bad for bad in lab.forbidden for name in names if f"{name}.".startswith(f"{bad}.")})


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        module = node.module or ""
        return [module, *(f"{module}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return [str(node.args[0].value)] if name in ("__import__", "import_module") else []
    return []
