"""The two ways in which a self-check ends badly, shown short in a notebook."""


class _Short:
    """Show an exception in Jupyter as its message, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class CheckFailed(_Short, AssertionError):  # noqa: N818
    """Say that a student's function is wrong, and in what."""


class TaskOpen(_Short, NotImplementedError):  # noqa: N818
    """Say that a task has not been started: its stub still stands."""
