"""Run the stages of `course check` and `course test`, one line each."""

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CLOSING = re.compile(
    r"^=+ (.*\d+ (?:passed|failed|error|skipped|deselected).*|no tests ran.*?) =+$", re.MULTILINE
)
REPORT = re.compile(r"^=+ report: (.*?) =+$\n((?:(?!=).*\n)*)", re.MULTILINE)
SKIPPED = re.compile(r"^SKIPPED \[\d+\] (.*)$", re.MULTILINE)
TAIL = 400


@dataclass(frozen=True)
class Stage:
    """A command with a name; `missing` says why it cannot run here, and it is skipped then."""

    name: str
    command: Sequence[str]
    missing: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    show: bool = False  # print the output of a stage that passed, too
    seconds: float = 1800  # longest time that it may take


@dataclass(frozen=True)
class Result:
    """What became of a stage: its closing line and the tests it skipped, if it ran pytest."""

    name: str
    passed: bool
    seconds: float
    closing: str
    skipped: tuple[str, ...]
    output: str


def run_stage(stage: Stage, *, cwd: Path, variables: Mapping[str, str]) -> Result:
    """Run a stage and keep its output.

    Args:
        stage: what to run.
        cwd: folder to run it in.
        variables: environment variables, all of them.

    Returns:
        The result; a stage that cannot run here passes, and says what it lacks.
    """
    if stage.missing:
        return Result(stage.name, True, 0.0, "", (f"{stage.name}: {stage.missing}",), "")
    start = time.monotonic()
    try:
        done = subprocess.run(
            list(stage.command), cwd=cwd, env={**variables, **stage.variables}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=stage.seconds,
        )  # fmt: skip
        passed, output = done.returncode == 0, done.stdout.decode("utf-8", errors="replace")
    except subprocess.TimeoutExpired as error:
        ending = f"\n{stage.name} was stopped after {stage.seconds:g} s."
        passed, output = False, (error.stdout or b"").decode("utf-8", errors="replace") + ending
    except OSError as error:
        passed, output = False, f"{stage.command[0]} could not be started: {error}"
    closings = CLOSING.findall(output)
    skipped = tuple(f"{stage.name}: {reason}" for reason in SKIPPED.findall(output))
    return Result(
        stage.name, passed, time.monotonic() - start, closings[-1] if closings else "", skipped, output
    )


def describe(result: Result) -> str:
    """Put a result in one line.

    Args:
        result: what became of a stage.

    Returns:
        State, time and, after tests, how many ran.
    """
    state = "SKIPPED" if result.skipped and not result.output else "ok" if result.passed else "FAILED"
    return f"{state:8}{result.seconds:6.1f} s  {result.closing}".rstrip()


def count(closings: str, words: str) -> int:
    """Add up the tests of one kind.

    Args:
        closings: pytest's closing lines.
        words: what stands behind the numbers, as an expression.

    Returns:
        Their sum.
    """
    return sum(int(number) for number in re.findall(rf"(\d+) (?:{words})\b", closings))


def print_reports(output: str) -> None:
    """Print the tables that tests put into sections called "report: ..." of pytest's summary.

    Args:
        output: what a stage printed.
    """
    for title, text in REPORT.findall(output):
        rows = "\n".join(f"    {line}" for line in text.rstrip().splitlines())
        print(f"  {title}\n{rows}", flush=True)


def run_stages(stages: Sequence[Stage], *, cwd: Path, variables: Mapping[str, str]) -> int:
    """Run stages one after another, print a line each, then a summary.

    Args:
        stages: what to run.
        cwd: folder to run them in.
        variables: environment variables, all of them.

    Returns:
        0 if every stage passed, else 1.
    """
    results = []
    for stage in stages:
        print(f"{stage.name:16}", end="", flush=True)
        results.append(run_stage(stage, cwd=cwd, variables=variables))
        print(describe(results[-1]), flush=True)
        if stage.show or not results[-1].passed:
            print("\n".join(results[-1].output.rstrip().splitlines()[-TAIL:]), flush=True)
        else:
            print_reports(results[-1].output)
    for reason in dict.fromkeys(reason for result in results for reason in result.skipped):
        print(f"SKIPPED: {reason}")
    failed = [result.name for result in results if not result.passed]
    total = sum(result.seconds for result in results)
    counts = " ".join(result.closing for result in results)
    passed, failures, skipped = (count(counts, words) for words in ("passed", "failed|errors?", "skipped"))
    print(f"tests: {passed} passed, {failures} failed, {skipped} skipped")
    verdict = f"FAILED: {', '.join(failed)}" if failed else "All stages passed"
    print(f"{verdict} ({len(results)} stages, {total:.0f} s).")
    sys.stdout.flush()
    return 1 if failed else 0
