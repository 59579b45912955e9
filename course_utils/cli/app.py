"""The verbs of the `course` command and their options; each imports what it needs when it runs."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from course_utils.cli.outcome import BadArgumentError, FailedError

STOPPED = 130  # what a shell calls a program that Ctrl-C ended
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback()
def course() -> None:
    """Work with the course: open it, check it, make its labs."""


@app.command()
def lab(
    path: Annotated[str, typer.Argument(help="notebook or folder to open")] = "start.ipynb",
    port: Annotated[str | None, typer.Option(help="port of the server", metavar="N")] = None,
    browser: Annotated[bool, typer.Option(help="open a browser")] = True,
) -> int:
    """Open JupyterLab on the start page."""
    from course_utils.cli.lab import open_lab

    return open_lab(path, port=None if port is None else port_number(port), browser=browser)


@app.command()
def test() -> int:
    """Run every check that CI runs."""
    from course_utils.cli.verify import run_everything

    return run_everything()


@app.command()
def check() -> int:
    """Run the fast subset: lint, types, import contract, unit tests."""
    from course_utils.cli.verify import run_fast

    return run_fast()


@app.command()
def notebooks(
    paths: Annotated[list[Path] | None, typer.Argument(help="notebooks; all but the labs by default")] = None,
) -> int:
    """Execute notebooks again and store their outputs."""
    from course_utils.cli.notebooks import execute_all

    return execute_all(paths or [])


@app.command()
def release() -> int:
    """Make labs/ from solutions/."""
    from course_utils.cli.release import release_labs

    return release_labs()


@app.command()
def doctor() -> int:
    """Say what works on this machine and what to do about the rest."""
    from course_utils.cli.doctor import examine

    return examine()


@app.command()
def progress(
    lab: Annotated[str | None, typer.Argument(help="a lab's name, number or notebook")] = None,
) -> int:
    """Show which tasks of the labs are solved."""
    from course_utils.cli.progress import show_progress

    return show_progress(lab)


@app.command()
def data(
    action: Annotated[str | None, typer.Argument(help="fetch")] = None,
    name: Annotated[str | None, typer.Argument(help="data set to fetch")] = None,
) -> int:
    """List the data sets, or fetch one: `course data fetch NAME`."""
    from course_utils.cli.data import fetch_data, list_data

    if action is None:
        return list_data()
    if action != "fetch":
        raise BadArgumentError(
            f"Unknown action {action}: course data lists the sets, course data fetch NAME fetches one."
        )
    return fetch_data(name)


@app.command()
def mutate(
    lab: Annotated[str | None, typer.Argument(help="a lab; all NumPy labs by default")] = None,
    task: Annotated[str | None, typer.Option(help="a task of the lab; all by default")] = None,
    jobs: Annotated[str | None, typer.Option(help="processes at a time", metavar="N")] = None,
) -> int:
    """Break the solutions on purpose and show whether the checks notice."""
    from course_utils.cli.mutate import mutate as mutate_solutions

    return mutate_solutions(lab, task=task, jobs=jobs)


@app.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="a minute instead of a quarter of an hour")] = False,
    write: Annotated[bool, typer.Option("--write", help="store benchmarks/RESULTS.md")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="one side, beside the bare loop", metavar="NAME")
    ] = None,
    workers: Annotated[str | None, typer.Option(help="processes of a DataLoader", metavar="N")] = None,
    peak_tflops: Annotated[str | None, typer.Option(help="the GPU's bf16 peak", metavar="T")] = None,
) -> int:
    """Time training beside what one would use instead."""
    from course_utils.cli.bench import bench as run_benchmark

    return run_benchmark(quick=quick, write=write, only=only or [], workers=workers, peak=peak_tflops)


@app.command()
def soak(
    kills: Annotated[str, typer.Option(help="how many kills", metavar="N")] = "500",
    seed: Annotated[str, typer.Option(help="decides the moments", metavar="N")] = "0",
) -> int:
    """Kill training at random moments and resume it: does it end as if nobody had?"""
    from course_utils.cli.soak import soak as kill_and_resume

    return kill_and_resume(kills, seed=seed)


def port_number(given: str) -> int:
    """Read the number of a port.

    Args:
        given: the option's word.

    Returns:
        The number; whether there is such a port is checked where it is used.

    Raises:
        BadArgumentError: it is no number.
    """
    try:
        return int(given)
    except ValueError:
        raise BadArgumentError(f"--port takes a number from 1 to 65535, and {given} was given.") from None


def verbs() -> list[str]:
    """List the verbs.

    Returns:
        Names in the order of the help text.
    """
    return [command.callback.__name__ for command in app.registered_commands if command.callback]


def one_sentence(message: str) -> str:
    """Make one line of a message, with a full stop.

    Args:
        message: text that may run over lines.

    Returns:
        The sentence.
    """
    line = " ".join(message.split())
    return line if line.endswith((".", "!", "?")) else line + "."


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; every failure ends as a sentence on stderr.

    Args:
        arguments: words after `course`; those of the command line by default.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        if not given[0].startswith("-") and given[0] not in verbs():
            raise BadArgumentError(f"Unknown verb {given[0]}: the verbs are {', '.join(verbs())}.")
        code = typer.main.get_command(app).main(given, prog_name="course", standalone_mode=False)
    except (BadArgumentError, FailedError) as error:
        print(one_sentence(str(error)), file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except Exception as error:
        if not hasattr(error, "format_message"):  # not one of the parser's own
            raise
        print(one_sentence(error.format_message()), file=sys.stderr)
        return 2
    if code == STOPPED:
        print("Stopped.", file=sys.stderr)
    return code if isinstance(code, int) else 0
