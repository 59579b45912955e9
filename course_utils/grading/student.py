"""A student's function as a check sees it: plain values in, a plain value out, or one clear sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.grading.failures import CheckFailed, TaskOpen

PRINTED_UP_TO = 400  # characters of a student's own prints that a report shows


@dataclass(frozen=True)
class Outcome:
    """What one call of a student's function did; a remote worker can send it too."""

    value: Any = None
    printed: str = ""
    warned: str = ""
    changed: tuple[int | str, ...] = ()  # arguments changed in place, by position or keyword
    error: str = ""
    open: str = ""
    out_of_time: bool = False
    not_called: bool = False  # its signature is wrong, or it is no function
    seconds: float = 0.0


Run = Callable[[tuple[Any, ...], dict[str, Any], float], Outcome]


class Student:
    """A student's function as a check sees it: plain values in, a plain value out.

    Args:
        name: Name of the task.
        arguments: Names of the function's arguments, in order.
        seconds: Time limit in seconds for all calls together.
        run: Makes one call (arguments, keyword arguments, seconds left); runs here or in a sandbox.
    """

    def __init__(self, name: str, arguments: tuple[str, ...], seconds: float, run: Run) -> None:
        self.name, self.arguments, self.seconds, self.run = name, arguments, seconds, run
        self.left = seconds
        self.given: Mapping[str, Any] = {}
        self.warned = ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function on copies of the arguments.

        Args:
            *args: Positional arguments.
            **kwargs: Keyword arguments.

        Returns:
            What the function returned.

        Raises:
            CheckFailed: It returned nothing, changed an argument, raised an exception or never ended.
            TaskOpen: It is not written yet.
        """
        if self.left <= 0:
            raise CheckFailed("not tried: the time for this task was over")
        names = [*self.arguments, *(f"argument {i + 1}" for i in range(len(self.arguments), len(args)))]
        self.given = dict(zip(names, args, strict=False)) | kwargs
        outcome = self.run(args, kwargs, self.left)
        self.given = {} if outcome.not_called else self.given
        self.left = 0.0 if outcome.out_of_time else self.left - outcome.seconds
        self.warned = outcome.warned
        self._refuse(outcome)
        return outcome.value

    def _refuse(self, outcome: Outcome) -> None:
        if outcome.open:
            raise TaskOpen(outcome.open)
        if outcome.out_of_time:
            raise CheckFailed(
                f"{self.name} did not end within {self.seconds:g} seconds: "
                "look for a loop whose condition never becomes false, "
                "or work that is repeated for every value"
            )
        if outcome.error:
            raise CheckFailed(outcome.error)
        if outcome.changed:
            raise CheckFailed(self._name_changed(outcome.changed))
        if outcome.value is None:
            raise CheckFailed(_explain_none(self.name, outcome.printed))

    def _name_changed(self, changed: tuple[int | str, ...]) -> str:
        names = list(self.given)
        which = " and ".join(names[key] if isinstance(key, int) else key for key in changed)
        return (
            f"{self.name} changed its argument {which} in place: work on a copy, "
            f"for example z = z + b in place of z += b"
        )


def _explain_none(name: str, printed: str) -> str:
    if not printed.strip():
        return f"{name} returned None: it has no `return`, or a `return` without a value"
    shown = printed.strip()
    shown = shown if len(shown) <= PRINTED_UP_TO else shown[:PRINTED_UP_TO] + " ..."
    return (
        f"{name} printed its result in place of returning it: write `return`, not `print`\nprinted   {shown}"
    )
