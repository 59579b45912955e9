"""Functions that a check hands to a student, and that a report shows as they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Formula(str):
    """A function that is known by its text, so that a student can copy it from a report and try.

    It is a text because reports write texts as they are, where they give only the type of other objects.

    Args:
        text: A lambda expression, in which `np` and the constants may stand.
        **constants: Numbers and arrays that the text names.
    """

    def __new__(cls, text: str, **constants: float | NDArray[Any]) -> Formula:
        """Make the function from its text."""
        made = super().__new__(cls, text)
        code = compile(text, __file__, "eval")  # under this file's name: no line of it is a student's own
        made.function, made.constants = eval(code, {"np": np, **constants}), constants
        return made

    function: Any
    constants: dict[str, float | NDArray[Any]]

    def __call__(self, *arguments: Any) -> Any:
        """Call the function."""
        return self.function(*arguments)

    def __repr__(self) -> str:
        """Write the text, and each constant on a line of its own."""
        return "\n".join([self, *(f"{name} = {_write(value)}" for name, value in self.constants.items())])


def _write(value: float | NDArray[Any]) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else f"{value:g}"
