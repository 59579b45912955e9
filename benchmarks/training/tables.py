"""The tables of a run, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.training.arithmetic import (
    faster,
    ratio_by_rounds,
    ratio_of_best,
    reached,
    share_of_peak,
    spread,
)
from benchmarks.training.contenders import BASELINE, Contender
from benchmarks.training.watch import Outcome

GOAL_ACCURACY = 0.989
OURS = ("ours", "ours-channels-last")
AIMS = {  # how many times as fast ours is meant to be as the fastest of these
    ("bare", "bare-workers"): 1.25,
    ("lightning",): 1.5,
    ("keras", "keras-default"): 2.5,
}


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    rule = ["---"] + ["--:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (header, rule, *rows))


def speeds(contenders: Sequence[Contender], outcomes: dict[str, Outcome]) -> str:
    """Return images a second, the fastest side first, with their spread and the ratio to the bare loop."""
    header = (
        "",
        "median",
        "quartiles",
        "slowest piece",
        "fastest piece",
        "times the bare loop",
        "by the fastest",
    )
    rows = []
    for each in sorted(contenders, key=lambda one: -spread(outcomes[one.key]).median):
        own, base = outcomes[each.key], outcomes[BASELINE]
        s = spread(own)
        numbers = [
            f"{s.median:,.0f}",
            f"{s.lower:,.0f} to {s.upper:,.0f}",
            f"{s.least:,.0f}",
            f"{s.most:,.0f}",
        ]
        rows.append(
            [each.name, *numbers, f"{ratio_by_rounds(own, base):.2f}", f"{ratio_of_best(own, base):.2f}"]
        )
    return markdown(header, rows)


def aims(contenders: Sequence[Contender], outcomes: dict[str, Outcome]) -> str:
    """Return what was aimed at and what was reached, against the fastest way to write each rival."""
    names = {each.key: each.name for each in contenders}
    ours = [key for key in OURS if key in outcomes]
    rows = []
    for keys, aim in AIMS.items():
        rival = faster(outcomes, keys)
        if rival is not None:
            ratios = [ratio_by_rounds(outcomes[own], outcomes[rival]) for own in ours]
            rows.append([names[rival], f"{aim:g}", *(verdict(ratio, aim) for ratio in ratios)])
    return markdown(("times as fast as", "aim", *(names[key] for key in ours)), rows)


def verdict(ratio: float, aim: float) -> str:
    return f"{ratio:.2f}, {'reached' if ratio >= aim else 'missed'}"


def accuracies(contenders: Sequence[Contender], outcomes: dict[str, Outcome]) -> str:
    """Return the accuracy at the end, and when the goal was reached; seconds are of training alone."""
    header = ("", "accuracy at the end", f"epochs to {GOAL_ACCURACY:.1%}", "seconds", "peak memory in MB")
    rows = []
    for each in contenders:
        outcome = outcomes[each.key]
        epoch, seconds = reached(outcome, GOAL_ACCURACY) or (None, None)
        when = ["not reached", ""] if epoch is None else [f"{epoch}", f"{seconds:.1f}"]
        rows.append([each.name, f"{outcome.accuracies[-1]:.2%}", *when, f"{outcome.megabytes:,.0f}"])
    return markdown(header, rows)


def import_times(seconds: dict[str, list[float]]) -> str:
    rows = [[f"`{name}`", f"{min(each):.2f}", f"{np.median(each):.2f}"] for name, each in seconds.items()]
    return markdown(("import", "least seconds", "median"), rows)


def peaks(
    contenders: Sequence[Contender], outcomes: dict[str, Outcome], operations: float, peak: float | None
) -> str:
    """Return tera-operations a second and, for bf16, their share of the card's bf16 peak."""
    rows = []
    for each in contenders:
        outcome = outcomes[each.key]
        share = ""
        if peak and each.options.precision == "bf16":
            share = f"{share_of_peak(outcome, operations, peak):.1%}"
        rows.append([each.name, f"{spread(outcome).median * operations / 1e12:.2f}", share])
    return markdown(("", "tera-operations a second", "share of the bf16 peak"), rows)
