"""Hold the survivors against the list of equivalents: what is confirmed, and what is wrong with the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from course_utils.grading.mutation.confirmation import SECONDS, Confirmation, confirm, judged, load_judges
from course_utils.grading.mutation.equivalents import Equivalent
from course_utils.grading.mutation.processes import Processes
from course_utils.grading.mutation.trials import Mutant, Trial

Key = tuple[str, str]  # the task and the mutant's description
Entries = Mapping[Key, Equivalent]
NO_JUDGES = Path("judges.py")


def key(trial: Trial) -> Key:
    """Name a mutant as the list does.

    Args:
        trial: The mutant with its task.

    Returns:
        Task and description.
    """
    return (trial.task.name, trial.mutant.description)


def refute(
    survivors: Sequence[Trial], entries: Entries, judges: Path | None, processes: Processes
) -> dict[Key, str]:
    """Confirm the survivors that are listed.

    Args:
        survivors: Mutants that got full marks.
        entries: The list.
        judges: Module with the judges of those that are "also right".
        processes: How processes are started.

    Returns:
        What speaks against a mutant, for those that are not confirmed.
    """
    asked = [trial for trial in survivors if key(trial) in entries]
    requests = [_request(trial, entries[key(trial)], judges or NO_JUDGES) for trial in asked]
    biased = _biased_judges(requests)
    replies = processes.call(confirm, requests, seconds=[2 * SECONDS] * len(requests))
    found = {key(trial): reply.problem or reply.value for trial, reply in zip(asked, replies, strict=True)}
    for request in requests:
        if request.judges and request.task.name in biased:
            found[request.task.name, request.mutant.description] = biased[request.task.name]
    return {which: text for which, text in found.items() if text}


def _request(trial: Trial, entry: Equivalent, judges: Path) -> Confirmation:
    path = judges if entry.kind == "also right" else None
    return Confirmation(trial.mutant, trial.code, trial.task, path)


def _biased_judges(requests: Sequence[Confirmation]) -> dict[str, str]:
    """Find the judges that refuse the reference; they run here, which also loads what processes need."""
    found = {}
    for request in {each.task.name: each for each in requests if each.judges}.values():
        judge = load_judges(request.judges or NO_JUDGES).get(request.task.name)
        reference = Mutant(request.task.name, "the reference")
        if judge and (text := judged(judge, Confirmation(reference, request.code, request.task))):
            found[request.task.name] = f"the judge refuses the reference, too ({text})"
    return found


def find_problems(
    entries: Entries, known: Collection[Key], survived: Collection[Key], refuted: Mapping[Key, str]
) -> tuple[str, ...]:
    """Say what is wrong with the list: entries of no mutant, of a killed one, and of one that is not right.

    Args:
        entries: The list.
        known: All mutants.
        survived: Those that got full marks.
        refuted: What speaks against a mutant.

    Returns:
        One sentence for each entry that must go, with its line.
    """
    problems = []
    for which, entry in entries.items():
        where = f"line {entry.line}: {entry.lab} {entry.task}: {entry.description}"
        if which not in known:
            problems.append(
                f"{where}: there is no such mutant any more; delete the entry or describe it anew"
            )
        elif which not in survived:
            problems.append(f"{where}: this mutant is killed now; delete the entry")
        elif which in refuted:
            problems.append(f"{where}: this mutant is not '{entry.kind}': {refuted[which]}")
    return tuple(problems)
