"""How a computation graph writes its numbers, its sums and its names."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[Any]

ROUNDING = 1e-12
ENTRIES = 4  # an array of at most so many entries is written out, a larger one as its shape
SYMBOL = re.compile(r"([^\W\d_])(?:_([^\W_]+))?(?:\^([^\W_]+))?")  # z, w_1, L_reg, x^2, x_1^2


def written_number(value: float, decimals: int | None = None) -> str:
    """Write a number short: two decimals, or two digits of a small one, without trailing zeros.

    What is left of rounding, below 1e-12, is written as 0.

    Args:
        value: The number.
        decimals: How many decimals to keep, at most, however small the number.

    Returns:
        Text such as "2", "−0.04" or "1.2e−07".
    """
    value = float(value) if abs(value) >= ROUNDING else 0.0
    size = abs(value)
    if decimals is None and size != 0 and not 1e-4 <= size < 1e5:
        return f"{value:.1e}".replace("-", "−")
    small = 0 < size < 0.095 and decimals is None
    text = np.format_float_positional(value, 2, fractional=False) if small else f"{value:.{decimals or 2}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def written(values: Values, entries: int = ENTRIES) -> str:
    """Write an array short: a number as it is, a few entries with their shape, many as their shape.

    Args:
        values: Numbers of any shape.
        entries: The most entries that are written out.

    Returns:
        Text such as "0.5", "(2,): [0.5, 1]" or "shape (128, 10)".
    """
    if values.ndim == 0:
        return written_number(values.item())
    if values.size > entries:
        return f"shape {values.shape}"
    return f"{values.shape}: {_rows(values)}"


def _rows(values: Values) -> str:
    if values.ndim == 0:
        return written_number(values.item())
    return f"[{', '.join(_rows(row) for row in values)}]"


def written_sum(parts: Sequence[Values], total: Values) -> str:
    """Write how contributions add up, with as many decimals as it takes for the written sum to be right.

    Args:
        parts: What is added.
        total: The sum.

    Returns:
        Text such as "0.3 + 0.2 = 0.5"; arrays are written only when they have one entry.
    """
    if total.size > 1:
        return f"sum of {len(parts)}: {written(total)}"
    numbers = [float(part.item()) for part in (*parts, total)]
    for decimals in range(2, 9):
        texts = [written_number(number, decimals) for number in numbers]
        read = [float(text.replace("−", "-")) for text in texts]
        lost = any(number != 0 and shown == 0 for number, shown in zip(numbers, read, strict=True))
        if not lost and abs(sum(read[:-1]) - read[-1]) < 10.0 ** -(decimals + 2):
            return f"{_added(texts[:-1])} = {texts[-1]}"
    *shown, last = [written_number(number) for number in numbers]
    return f"{_added(shown)} ≈ {last}"


def _added(texts: Sequence[str]) -> str:
    return " + ".join(texts).replace("+ −", "− ")


def symbol(name: str) -> str:
    r"""Set a name as mathematics where it is one letter, with or without an index and an exponent.

    Args:
        name: Name of a node, such as "z", "w_1", "L_reg" or "x^2"; another name stays as it is.

    Returns:
        The text for Matplotlib, such as "$w_{1}$".
    """
    inner = _mathematics(name)
    return f"${inner}$" if inner else name.replace("$", r"\$")


def bar(name: str) -> str:
    r"""Write the gradient of the output with respect to a node, :math:`\bar z`.

    Args:
        name: Name of the node.

    Returns:
        The text for Matplotlib, such as r"$\bar{z}$"; for a name that is a word "bar".
    """
    inner = _mathematics(name)
    if inner:
        return rf"$\bar{{{inner}}}$" if len(inner) == 1 else rf"$\overline{{{inner}}}$"
    return "bar"


def _mathematics(name: str) -> str:
    """Return a name as the inside of a formula, empty where it is not one."""
    if re.fullmatch(r"\$[^$]+\$", name):
        return name.strip("$")
    found = SYMBOL.fullmatch(name)
    if not found:
        return ""
    letter, index, power = found.groups()
    return letter + (f"_{{{index}}}" if index else "") + (f"^{{{power}}}" if power else "")
