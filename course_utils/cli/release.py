"""Make labs/ from solutions/."""

from course_utils.cli.outcome import FailedError
from course_utils.cli.repository import root


def release_labs() -> int:
    """Generate every lab from its solution with nbgrader.

    Returns:
        0 when all labs were made.

    Raises:
        FailedError: a solution could not be released; the reason in one sentence.
    """
    from course_utils.grading.release import generate

    folder = root()
    try:
        made = generate(folder, folder / "labs")
    except (RuntimeError, ValueError, OSError) as error:
        raise FailedError(f"The labs were not released: {error}") from error
    for path in made:
        print(path.relative_to(folder).as_posix())
    return 0
