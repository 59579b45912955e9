"""Checkpoints: written whole or not at all, opened without running any code, and refused in one sentence."""

import os
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from course_utils.training.failures import CheckpointError

FORMAT = "course_utils.training checkpoint"
VERSION = 1


@dataclass(frozen=True)
class Checkpoint:
    """Say where a run is kept, and whether an earlier one is gone on from.

    Attributes:
        path: the file.
        every_steps: steps between two writings within an epoch; None writes at the end of each epoch only.
        resume: ``"auto"`` goes on if the file is there, ``"must"`` demands it, ``"never"`` begins anew and
            overwrites it.

    Raises:
        ValueError: If the steps are below 1 or the word is another one.
    """

    path: str | Path
    every_steps: int | None = None
    resume: Literal["auto", "must", "never"] = "auto"

    def __post_init__(self) -> None:
        if self.every_steps is not None and self.every_steps < 1:
            raise ValueError(
                f"every_steps={self.every_steps} must be at least 1; leave it out for once an epoch"
            )
        if self.resume not in ("auto", "must", "never"):
            raise ValueError(f"resume={self.resume!r} is unknown; give auto, must or never")

    def earlier(self) -> dict[str, Any] | None:
        """Read the run that is to be gone on from.

        Returns:
            What was saved, or None to begin anew.

        Raises:
            CheckpointError: If the file is demanded and not there, or cannot be gone on from.
        """
        if self.resume == "never" or (self.resume == "auto" and not Path(self.path).exists()):
            return None
        return load(self.path)


def save(state: Mapping[str, Any], path: str | Path) -> None:
    """Write a checkpoint in one go: a process killed at any moment leaves the old file or the new one.

    Args:
        state: tensors and plain values.
        path: the file; its folder is made if need be.

    Raises:
        OSError: If it cannot be written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with open(unfinished, "wb") as file:
            torch.save({"format": FORMAT, "version": VERSION, **state}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def remove_unfinished(path: str | Path) -> None:
    """Delete what killed processes have left beside a checkpoint.

    Args:
        path: the checkpoint.
    """
    path = Path(path)
    for each in path.parent.glob(f".{path.name}.*.unfinished"):
        each.unlink(missing_ok=True)


def load(path: str | Path) -> dict[str, Any]:
    """Read a checkpoint. Only tensors and plain values are read; nothing in the file is run.

    Args:
        path: the file.

    Returns:
        What was saved, its tensors on the CPU.

    Raises:
        CheckpointError: If it is not there, cut short, altered, not ours, or of another version.
    """
    path = Path(path)
    if not path.is_file():
        raise CheckpointError(
            f'there is no checkpoint {path}; give resume="auto" to begin anew where there is none'
        )
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise zipfile.BadZipFile(damaged)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path} holds more than tensors and plain values, so it was not opened; give a checkpoint "
            "of this course"
        ) from error
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"{path} is damaged or no checkpoint at all ({_first_line(error)}); delete it to begin anew, or "
            "put a copy in its place"
        ) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise CheckpointError(f"{path} is a PyTorch file but no checkpoint of this course; give another path")
    if state["version"] != VERSION:
        older = "an older" if state["version"] < VERSION else "a newer"
        raise CheckpointError(
            f"{path} was written by {older} version of this course (format {state['version']}, "
            f"here {VERSION}); finish it with that version, or delete it to begin anew"
        )
    return state


def compare(saved: Mapping[str, Any], here: Mapping[str, Any], path: str | Path) -> None:
    """Make sure that a checkpoint belongs to the run that is about to go on.

    Args:
        saved: what describes the run in the file: names and plain values.
        here: the same of the run that is about to go on.
        path: the file, for the sentence.

    Raises:
        CheckpointError: If they differ, naming the first difference.
    """
    for name, value in here.items():
        if saved.get(name) != value:
            raise CheckpointError(
                f"{path} belongs to another run: its {name} is {saved.get(name)}, here it is {value}; give "
                'another path, or resume="never" to begin anew and overwrite it'
            )


def compare_shapes(saved: Mapping[str, Any], model: torch.nn.Module, path: str | Path) -> None:
    """Make sure that saved weights fit a model.

    Args:
        saved: name to tensor.
        model: the model.
        path: the file, for the sentence.

    Raises:
        CheckpointError: If a tensor is missing, left over or of another shape, naming the first.
    """
    here = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    there = {name: tuple(value.shape) for name, value in saved.items()}
    for name in sorted({*here, *there}):
        if here.get(name) != there.get(name):
            raise CheckpointError(
                f"{path} holds another network: {name} has shape {there.get(name, 'none')} in "
                f"the file and {here.get(name, 'none')} in the model; build the same network, or give "
                "another path"
            )


def _first_line(error: BaseException) -> str:
    """Return the first line of an error's text, without the full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _flush_folder(folder: Path) -> None:
    """Make a renaming last through a power cut, where a system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
