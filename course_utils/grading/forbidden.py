"""Find what a solution uses although its lab does not allow it.

These are reminders for the honest; who hides an import is stopped elsewhere.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from course_utils.grading.tasks import Lab


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
            used |= set(_imports(code))
            for name in code.co_names:
                value = current.__globals__.get(name)
                own = getattr(value, "__globals__", None) is current.__globals__
                waiting += [value] if own else []
                used |= set() if own else {_home(value)}
    return _among(used, lab)


def _imports(code: CodeType) -> Iterator[str]:
    """Yield the modules that a function imports itself, and what it takes from them."""
    module = ""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "IMPORT_NAME":
            module = str(instruction.argval)
            yield module
        if instruction.opname == "IMPORT_FROM":
            yield f"{module}.{instruction.argval}"


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
