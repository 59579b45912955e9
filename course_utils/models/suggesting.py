"""Suggest the name that somebody probably meant."""

import difflib
from collections.abc import Iterable, Mapping


def nearest(given: object, known: Iterable[str], others: Mapping[str, str] | None = None) -> str:
    """Say which known name is nearest to a wrong one, and which names there are.

    Args:
        given: The wrong name, of any type.
        known: The names that are known.
        others: Names that other libraries use, each with the known one.

    Returns:
        The end of a sentence: what to write instead.
    """
    names = list(known)
    word = str(given).lower()
    near = [(others or {}).get(word, ""), *difflib.get_close_matches(word, names, n=1, cutoff=0.5)]
    meant = next((name for name in near if name), "")
    choice = f"the known ones are {', '.join(names)}"
    return f"did you mean {meant} ({choice})" if meant else f"give one that is known ({choice})"
