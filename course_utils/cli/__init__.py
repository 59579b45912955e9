"""The `course` command."""

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `course` command and return its exit code.

    Args:
        arguments: words after `course`; those of the command line by default.

    Returns:
        0 when all is well, 1 when something failed, 2 for bad arguments, 130 after Ctrl-C.
    """
    from course_utils.cli.app import run

    return run(arguments)
