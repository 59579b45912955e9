"""Find what a solution imports although its lab does not allow it."""

from __future__ import annotations

import ast

from course_utils.grading.tasks import Lab


def forbidden_imports(source: str, lab: Lab) -> list[str]:
    """List the forbidden libraries that a cell imports.

    It reads the source and is a reminder for the honest; who hides an import is stopped elsewhere.

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
    imported = {name for node in ast.walk(tree) for name in _imported(node)}
    return sorted({bad for bad in lab.forbidden for name in imported if f"{name}.".startswith(f"{bad}.")})


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
