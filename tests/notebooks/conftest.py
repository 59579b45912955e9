"""Print what the notebooks cover."""

from tests.notebooks import rules


def pytest_terminal_summary(terminalreporter) -> None:
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
