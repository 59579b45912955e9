"""List the course's data sets and fetch those that are not bundled."""

import os
import sys
import warnings
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
    rows = Table()
    for name in ("Data set", "What", "MB", "State", "Where"):
        rows.add_column(name, justify="right" if name == "MB" else "left")
    for name, entry in datasets().items():
        rows.add_row(name, entry.sentence, f"{entry.megabytes:g}", *place_of(entry))
    Console().print(rows)
    return 0


def place_of(entry: "Dataset") -> tuple[str, str]:
    """Say whether a data set is on this machine, and where it is or how to get it.

    Args:
        entry: the data set.

    Returns:
        Its state in a word, and its place.
    """
    from course_utils.data import is_available
    from course_utils.data.downloads import cache_folder

    if entry.bundled:
        return "bundled", "in the environment"
    own = os.environ.get("COURSE_DATA")
    if is_available(entry.name):
        return ("yours", own) if own else ("cached", str(cache_folder(entry.name)))
    return "absent", f"not in COURSE_DATA, {own}" if own else f"course data fetch {entry.name}"


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
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = lambda message, *_, **__: print(message, file=sys.stderr)
            fetch(name)
    except (RuntimeError, OSError) as error:
        raise FailedError(str(error)) from error
    own = os.environ.get("COURSE_DATA")
    print(f"{name} is complete in {own}, so nothing was fetched." if own else f"{name} is in the cache.")
    return 0
