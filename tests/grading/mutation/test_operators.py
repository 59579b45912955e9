"""Every operator of mutation does what it says, on an example as small as can be."""

from __future__ import annotations

import pytest

from course_utils.grading.mutation.sources import source_mutants

EXPRESSIONS = {  # what a function of x, W and b returns, and what becomes of it
    "x + b": ["x - b", "x * b", "x", "b", "-(x + b)"],
    "x - b": ["x + b", "b - x"],
    "x * b": ["x / b", "x + b", "-x * b", "x * -b"],
    "x / b": ["x * b", "b / x"],
    "x // b": ["x / b", "x * b", "b // x"],
    "x % b": ["x // b"],
    "x ** 2": ["x * 2", "x ** 3", "x ** 1", "x ** 0", "x"],
    "W @ x": ["x @ W", "W * x", "W.T @ x", "W", "x"],
    "W.T": ["W"],
    "x > 0": ["x >= 0", "x <= 0", "x > 1", "x > -1"],
    "x >= b": ["x > b", "x < b"],
    "x < b": ["x <= b", "x >= b"],
    "x <= b": ["x < b", "x > b"],
    "x == b": ["x != b"],
    "x in b": ["x not in b"],
    "x is None": ["x is not None"],
    "x and b": ["x or b", "x", "b"],
    "not x": ["x"],
    "-x": ["x"],
    "1.2": ["2.2", "0.2", "0.0"],
    "7": ["8", "6", "0"],
    "True": ["False"],
    "x & b": ["x | b"],
    "(x, b)": ["(b, x)", "(-x, b)", "(x, -b)"],
    "np.subtract(x, b)": ["np.subtract(b, x)", "np.subtract(-x, b)", "x"],
    "np.max(x, axis=0)": [
        "np.max(x, axis=1)",
        "np.max(x, axis=-1)",
        "np.max(x, axis=None)",
        "np.max(x)",
        "np.max(x, axis=0, keepdims=True)",
        "x",
    ],
    "x.sum(axis=1, keepdims=True)": [
        "x.sum(axis=1, keepdims=False)",
        "x.sum(axis=1)",
        "x.sum(keepdims=True)",
    ],
    "np.sum(x, 0)": ["np.sum(x, 1)", "np.sum(x, None)"],
    "x.item()": ["x"],
    "np.argsort(x)": ["np.argsort(x)[::-1]", "np.argsort(-x)"],
    "x[1:]": ["x[2:]", "x[0:]", "x[1:-1]"],
    "x[:b]": ["x[:b + 1]", "x[:b - 1]", "x[1:b]"],
    "x[b]": ["x[b + 1]", "x[b - 1]"],
    "x[::2]": ["x[:]", "x[::3]"],
    "x[0, 1]": ["x[1, 1]", "x[0, 2]", "x[0, 0]"],
    "range(b)": ["range(b - 1)", "range(1, b)"],
    "x if b else W": ["x if True else W", "x if False else W"],
    "[c for c in x if c > b]": ["[c for c in x]"],
    "sum(x)": ["x"],
    "x == 'relu' or x == 'tanh'": ["x == 'tanh' or x == 'tanh'"],
}
SWAPS = ["max->min", "min->max", "sum->mean", "sum->prod", "mean->sum", "exp->abs", "abs->exp", "zeros->ones",
         "ones->zeros", "maximum->minimum", "minimum->maximum", "tanh->exp", "argmax->argmin"]  # fmt: skip
STATEMENTS = {  # the body of a function of x and b, and what becomes of it
    "x += b\nreturn x": ["line 1: x += b -> x = b", "line 1: x += b -> x -= b", "line 1: x += b -> pass"],
    "x *= b\nreturn x": ["line 1: x *= b -> x = b", "line 1: x *= b -> x /= b"],
    "for c in b:\n    x = x + c\nreturn x": [
        "line 1: for c in b: ...: break added at the end",
        "line 1: for c in b: ...: continue added before x = x + c",
        "line 1: for c in b: ... -> pass",
        "line 1: b -> list(b)[::-1]",
        "line 1: b -> list(b)[1:]",
        "line 1: b -> list(b)[:-1]",
        "line 2: x = x + c -> pass",
    ],
    "if b:\n    return x\nreturn b": ["line 1: b -> True", "line 1: b -> False", "line 2: return x -> pass"],
    "while b:\n    b = b - x\nreturn b": ["line 1: b -> False"],
    "if b:\n    raise ValueError('b is set')\nreturn x": ["line 1: if b: ... -> pass"],
    "x = x * b\nreturn x": [
        f"body -> return {stub}" for stub in ("None", "0", "1", "x", "np.zeros_like(x)", "np.ones_like(x)")
    ],
    "h, k = x\nreturn h - k": ["line 1: (h, k) -> (k, h)", "line 2: h - k -> k - k"],
}
SIGNATURES = {
    "x, b=0.0": ["x, b=1.0", "x, b=-1.0", "x, b"],
    "x, b=True": ["x, b=False", "x, b"],
    "x, b='tanh'": ["x, b='relu'", "x, b=''", "x, b"],
    "x, *, b=2": ["x, *, b=3", "x, *, b=1", "x, *, b=0", "x, *, b"],
    "x, b=-1": ["x, b=1", "x, b"],
}


def changes(cell: str) -> list[str]:
    return [mutant.description for mutant in source_mutants(cell)]


@pytest.mark.parametrize("before", EXPRESSIONS)
def test_expressions(before: str) -> None:
    cell = f"def f(x, W, b):\n    return {before}"
    codes = {mutant.code for mutant in source_mutants(cell)}
    missing = [after for after in EXPRESSIONS[before] if f"def f(x, W, b):\n    return {after}" not in codes]
    assert not missing, sorted(code.split("return ")[1] for code in codes if "return " in code)


@pytest.mark.parametrize("swap", SWAPS)
def test_functions_are_exchanged(swap: str) -> None:
    before, after = swap.split("->")
    assert f"line 2: np.{before} -> np.{after}" in changes(f"def f(x):\n    return np.{before}(x)")


def test_built_in_functions_are_exchanged() -> None:
    assert "line 2: max(x) -> min(x)" in changes("def f(x):\n    return max(x)")


@pytest.mark.parametrize("body", STATEMENTS)
def test_statements(body: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    found = changes(f"def f(x, b):\n    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION")
    assert set(STATEMENTS[body]) <= set(found), found


@pytest.mark.parametrize("signature", SIGNATURES)
def test_defaults(signature: str) -> None:
    found = changes(f"def f({signature}):\n    return x if b == 'relu' else b")
    wanted = {f"signature: ({signature}) -> ({after})" for after in SIGNATURES[signature]}
    assert wanted <= set(found), found


def test_the_left_default_only_can_go() -> None:
    found = changes("def f(x, a=1, b=2):\n    return x")
    assert "signature: (x, a=1, b=2) -> (x, a, b=2)" in found
    assert "signature: (x, a=1, b=2) -> (x, a=1, b)" not in found


@pytest.mark.parametrize("call", ["np.maximum(x, b)", "np.minimum(x, b)", "np.abs(x)", "np.cosh(x)"])
def test_a_change_that_changes_nothing_is_not_made(call: str) -> None:
    codes = {
        mutant.code.split("return ")[-1] for mutant in source_mutants(f"def f(x, b):\n    return {call}")
    }
    name = call.split("(")[0]
    assert not codes & {f"{name}(b, x)", f"{name}(-x)"}
