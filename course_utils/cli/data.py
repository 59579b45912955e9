"""List the course's data sets and fetch those that are not bundled."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from course_utils.cli.outcome import BadArgumentError, FailedError

if TYPE_CHECKING:
    from course_utils.data import Dataset


def datasets() -> "dict[str, Dataset]":
    """Return the registry of data sets.

    Returns:
        Data set by name, in the registry's order.
    """
    from course_utils.data import DATASETS

    return dict(DATASETS)


def list_data() -> int:
    """Print a table of the data sets.

    Returns:
        0.
    """
    from course_utils.data import is_available
    from course_utils.data.downloads import cache_folder

    rows = Table()
    for name in ("Data set", "What", "MB", "State", "Where"):
        rows.add_column(name, justify="right" if name == "MB" else "left")
    for name, entry in datasets().items():
        state = "bundled" if entry.bundled else "cached" if is_available(name) else "absent"
        where = {"bundled": "in the environment", "absent": f"course data fetch {name}"}
        rows.add_row(
            name, entry.sentence, f"{entry.megabytes:g}", state, where.get(state) or str(cache_folder(name))
        )
    Console().print(rows)
    return 0


def fetch_data(name: str | None) -> int:
    """Fetch one data set into the cache.

    Args:
        name: the data set's name.

    Returns:
        0 when it is there.

    Raises:
        BadArgumentError: no name, or an unknown one.
        FailedError: it could not be fetched.
    """
    known = datasets()
    if name not in known:
        given = f"Unknown data set {name}" if name else "course data fetch takes a name"
        raise BadArgumentError(f"{given}: the data sets are {', '.join(known)}.")
    if known[name].bundled:
        print(f"{name} is bundled: there is nothing to fetch.")
        return 0
    from course_utils.data import fetch

    try:
        fetch(name)
    except (RuntimeError, OSError) as error:
        raise FailedError(str(error)) from error
    print(f"{name} is in the cache.")
    return 0
