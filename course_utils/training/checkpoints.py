"""Checkpoints: written whole or not at all, opened without running any code, and refused in one sentence."""

import copy
import glob
import os
import pickle
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from course_utils.training.failures import CheckpointError, whole_number

FORMAT = "course_utils.training checkpoint"
VERSION = 1
PLAIN = (torch.Tensor, str, bytes, int, float, bool, type(None), torch.dtype, torch.device)


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
        TypeError: If the steps are no whole number.
    """

    path: str | Path
    every_steps: int | None = None
    resume: Literal["auto", "must", "never"] = "auto"

    def __post_init__(self) -> None:
        if self.every_steps is not None:
            whole_number("every_steps", self.every_steps, 1, "leave it out for once an epoch")
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
        OSError: If it cannot be written; the old file is whole.
        CheckpointError: If there is more in it than tensors and plain values.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished, content = _unfinished(path), plain({"format": FORMAT, "version": VERSION, **state})
    try:
        with open(unfinished, "wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        raise OSError(
            f"{path} could not be written ({_first_line(error)}); what it held before is whole, so make room "
            "on the disk and run the same again"
        ) from error
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def prepare(path: str | Path) -> None:
    """See that a checkpoint can be written, and delete what killed processes have left beside it.

    Args:
        path: the checkpoint; its folder is made if need be.

    Raises:
        CheckpointError: If it is a folder, or lies where nothing can be written.
    """
    path = Path(path)
    if path.is_dir():
        raise CheckpointError(f"{path} is a folder, but expected is a file; give {path / 'run.pt'}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_unfinished(path)
        _unfinished(path).touch()
        _unfinished(path).unlink()
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be written ({_first_line(error)}); give a path in a folder of your own"
        ) from error


def plain(value: Any) -> Any:
    """Make sure that a checkpoint will open again, which is done without running any code.

    Args:
        value: tensors and plain values, in dicts, lists and tuples.

    Returns:
        The same, NumPy's numbers turned into Python's.

    Raises:
        CheckpointError: If there is something else in it.
    """
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        kept = copy.copy(value)  # with what PyTorch notes beside the entries
        kept.update({name: plain(each) for name, each in value.items()})
        return kept
    if type(value) in (list, tuple):
        return type(value)(plain(each) for each in value)
    if isinstance(value, PLAIN):
        return value
    raise CheckpointError(
        f"the model or its optimizer keeps a {type(value).__name__} in its state, but a checkpoint holds "
        "only tensors and plain values; turn it into a tensor, or leave checkpoint out"
    )


def _unfinished(path: Path) -> Path:
    """Return the file that this process writes before it takes the checkpoint's place."""
    return path.with_name(f".{path.name}.{os.getpid()}.unfinished")


def remove_unfinished(path: str | Path) -> None:
    """Delete what killed processes have left beside a checkpoint.

    Args:
        path: the checkpoint.
    """
    path = Path(path)
    for each in path.parent.glob(f".{glob.escape(path.name)}.*.unfinished"):
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
    if path.exists() and not os.access(path, os.R_OK):
        raise CheckpointError(f"{path} may not be read by you; change its permissions, or give another path")
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
    version = state.get("version")
    if version != VERSION:
        newer = "a newer" if isinstance(version, int) and version > VERSION else "an older"
        raise CheckpointError(
            f"{path} was written by {newer} version of this course (format {version}, "
            f"here {VERSION}); finish it with that version, or delete it to begin anew"
        )
    return state


def _first_line(error: BaseException) -> str:
    """Return the first line of an error's text, without the full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _flush_folder(folder: Path) -> None:
    """Make a renaming last through a power cut, where a system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network disks cannot
            os.fsync(handle)
    finally:
        os.close(handle)
