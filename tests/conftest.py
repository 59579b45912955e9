"""Tables that a run ends with; they stand here because beside workers pytest reads no deeper conftest.py."""

from __future__ import annotations

from typing import Any

from tests.notebooks import rules


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests found out about the notebooks and the graders."""
    report_claims(terminalreporter)
    report_curated_answers(terminalreporter)


def report_claims(terminalreporter: Any) -> None:
    """Print, once a run, which claims of the ledger are covered and how much output is not compared."""
    if not any("test_style.py" in report.nodeid for report in terminalreporter.getreports("passed")):
        return
    stored = [rules.read(path) for path in rules.STORED]
    covered = set().union(*(rules.covered(notebook) for notebook in stored))
    terminalreporter.section("report: claims of the decks and compared outputs")
    for lecture in sorted({row["lecture"] for row in rules.LEDGER.values()}):
        due = {claim for claim, row in rules.LEDGER.items() if row["lecture"] == lecture}
        if due & covered or any(path.stem == lecture for path in rules.LECTURES):
            terminalreporter.write_line(f"{lecture:24s} {len(due & covered)} of {len(due)} claims computed")
    terminalreporter.write_line(f"{'all lectures':24s} {len(covered)} of {len(rules.LEDGER)} claims computed")
    share = rules.ignored_share(stored)
    terminalreporter.write_line(f"{share:.1%} of the code cells have outputs that are not compared")


def report_curated_answers(terminalreporter: Any) -> None:
    """Print what the curated answers came to, task by task; the numbers come with the tests' reports."""
    rows: dict[str, list[int]] = {}
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for key, value in getattr(report, "user_properties", ()):
            if key == "curated":
                task, is_right, accepted = value
                row = rows.setdefault(task, [0, 0, 0, 0])
                row[2 * is_right] += accepted == is_right
                row[2 * is_right + 1] += 1
    if rows:
        terminalreporter.section("report: graders proven by curated answers")
        for task, (rejected, wrong, accepted, right) in sorted(rows.items()):
            line = f"wrong rejected {rejected:>2} of {wrong:>2}   right accepted {accepted:>2} of {right:>2}"
            terminalreporter.write_line(f"{task:<40} {line}")
        totals = [sum(column) for column in zip(*rows.values(), strict=True)]
        rejected, wrong, accepted, right = totals
        line = f"wrong rejected {rejected:>2} of {wrong:>2}   right accepted {accepted:>2} of {right:>2}"
        terminalreporter.write_line(f"{'all tasks':<40} {line}")
