"""Run the races that this machine allows, and print or store the page of results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import torch
from tqdm.auto import tqdm

from benchmarks.training import report, surroundings
from benchmarks.training.contenders import RESNET, Contender, choose
from benchmarks.training.imports import import_seconds
from benchmarks.training.race import BrokenError, race
from benchmarks.training.resnet import ResNet18, operations_an_image, peak_of
from benchmarks.training.task import Settings, make_task

RESULTS = Path(__file__).resolve().parents[1] / "RESULTS.md"
QUICK = Settings(images=6400, test_images=1000, epochs=2, warm=2, steps=18)
WHOLE = Settings()
COLOURS = replace(
    WHOLE, network="resnet18", images=390 * 128, test_images=1000, epochs=2
)  # no smaller batch:
# compile would have to compile once more for it


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}.", file=sys.stderr)
        raise SystemExit(2)


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="course bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a minute instead of a quarter of an hour")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="beside the bare loop, only it"
    )
    parser.add_argument("--write", action="store_true", help="store the page in benchmarks/RESULTS.md")
    parser.add_argument("--workers", type=int, default=0, help="processes of the frameworks' DataLoader")
    parser.add_argument("--peak-tflops", type=float, help="the card's dense bf16 peak")
    given = parser.parse_args(arguments)
    if given.write and (given.quick or given.only):
        parser.error("--write stores a whole run, so it goes without --quick and --only")
    if given.workers < 0:
        parser.error(f"--workers takes a number from 0 on, and {given.workers} was given")
    return given


def installed(contenders: Sequence[Contender]) -> tuple[Contender, ...]:
    """Return those that can take part, and say aloud who cannot."""
    missing = [each for each in contenders if not each.installed]
    if missing:
        names = ", ".join(each.name for each in missing)
        print(f"NOT INSTALLED, SO LEFT OUT: {names}; pip install -e .[bench] brings them.", file=sys.stderr)
    return tuple(each for each in contenders if each.installed)


def run(contenders: Sequence[Contender], settings: Settings) -> report.Heat:
    """Let them race; a line says so, and on a terminal there is a bar."""
    source, steps = make_task(settings).source, settings.epochs * settings.steps_an_epoch
    total = steps // (settings.warm + settings.steps) + 1
    bar = tqdm(
        total=total, desc=f"{settings.network}, {settings.device}", unit="round", leave=False, disable=None
    )
    print(f"{len(contenders)} sides train {settings.network} on {settings.device} in turns.", file=sys.stderr)
    with bar:
        return report.Heat(settings, source, contenders, race(contenders, settings, bar.update))


def gpu_sections(contenders: Sequence[Contender], settings: Settings, peak: float | None) -> list[str]:
    """Race on the GPU as well: LeNet, then ResNet-18."""
    device = str(torch.accelerator.current_accelerator())
    small = report.network(run(contenders, replace(settings, device=device)))
    shape = replace(COLOURS, device=device, workers=settings.workers)
    if settings.images < WHOLE.images:
        shape = replace(shape, images=settings.images, warm=settings.warm, steps=settings.steps)
    sides = tuple(each for each in RESNET if each.installed)
    operations = operations_an_image(ResNet18())
    known = peak or peak_of(surroundings.accelerator())
    return [small, report.residual(run(sides, shape), operations, known)]


def main(arguments: Sequence[str] | None = None) -> int:
    given = read(arguments)
    try:
        contenders = installed(choose(tuple(given.only)))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    settings = replace(QUICK if given.quick else WHOLE, workers=given.workers)
    try:
        sections = [report.network(run(contenders, settings))]
        if surroundings.accelerator():
            sections += gpu_sections(contenders, settings, given.peak_tflops)
    except BrokenError as error:
        print(f"The benchmark broke: {error}.", file=sys.stderr)
        return 1
    packages = dict.fromkeys(["torch", *(each.package for each in contenders)])
    seconds = import_seconds(list(packages), runs=1 if given.quick else 5)
    text = report.page(sections, seconds, settings, f"{date.today():%d %B %Y}")
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
