"""A pytest plugin beside nbval: time and peak memory of every notebook, in a table.

A notebook over 2 GB fails the run. One over 60 s is marked in the table and does not fail it: the same
notebook takes five times as long on a busy machine, so a test of time would not tell the truth.
"""

from collections import defaultdict

import pytest

from course_utils.cli.kernel import peak_megabytes

SECONDS, MEGABYTES = 60, 2000


class Budget:
    """Collect what every cell took; the workers of xdist send it along with their reports."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.megabytes: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item):
        """Note the kernel's peak memory after each cell."""
        result = yield
        kernel = getattr(item.parent, "kernel", None)
        if kernel is not None and kernel.is_alive():
            item.user_properties.append(("peak", peak_megabytes(kernel.km.provisioner.pid)))
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a cell's time and memory to its notebook's; the kernel's start belongs to the first cell."""
        notebook = report.nodeid.split("::")[0]
        if notebook.endswith(".ipynb"):
            self.seconds[notebook] += report.duration
            peaks = [value for key, value in report.user_properties if key == "peak"]
            self.megabytes[notebook] = max([self.megabytes[notebook], *peaks])

    def over_memory(self) -> list[str]:
        """Name the notebooks that took too much memory."""
        return [name for name, used in self.megabytes.items() if used > MEGABYTES]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run where a notebook took too much memory."""
        if self.over_memory() and not hasattr(session.config, "workerinput"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Print the table."""
        if not self.seconds:
            return
        terminalreporter.section(f"report: notebooks, at most {SECONDS} s and {MEGABYTES} MB each")
        for name in sorted(self.seconds):
            late = "  OVER ITS TIME" if self.seconds[name] > SECONDS else ""
            large = "  OVER ITS MEMORY" if name in self.over_memory() else ""
            row = f"{name:48s} {self.seconds[name]:6.1f} s {self.megabytes[name]:7.0f} MB{late}{large}"
            terminalreporter.write_line(row)


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.pluginmanager.register(Budget(), "notebook-budget")
