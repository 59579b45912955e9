"""Files from the network: mirrors, checksums on every load, and a cache that processes share.

A file is looked for in the folder that COURSE_DATA names, if it is set, and otherwise in the course's cache
(COURSE_CACHE, or the user's cache folder). It reaches the cache in one step, complete and verified.
"""

import contextlib
import gzip
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

_STAND_IN = "until then the bundled data.digits() stands in"
_TEMPORARY = ".fetching-"
_DAY = 24 * 60 * 60  # seconds


class DataUnavailableError(RuntimeError):
    """Data are neither on this machine nor to be had from the network."""


class DataCorruptError(RuntimeError):
    """A data file is not what was published."""


@dataclass(frozen=True)
class RemoteFile:
    """Describe a gzipped file that is published with its checksum.

    Attributes:
        name: File name, ending in .gz; the unpacked file has the name without it.
        md5: Published MD5 of the file.
        unpacked_md5: MD5 of the file without gzip.
    """

    name: str
    md5: str
    unpacked_md5: str

    @property
    def forms(self) -> dict[str, str]:
        """The names that the file may have on disk, each with its MD5."""
        return {self.name: self.md5, self.name.removesuffix(".gz"): self.unpacked_md5}


def cache_folder(dataset: str) -> Path:
    """Return the folder in which a data set's files are kept.

    Args:
        dataset: Name of the data set.

    Returns:
        A folder, which need not exist yet, in COURSE_CACHE or else in the user's cache.
    """
    import pooch  # type: ignore[import-untyped, unused-ignore]

    chosen = os.environ.get("COURSE_CACHE")
    return (Path(chosen).expanduser() if chosen else pooch.os_cache("neural-networks-course")) / dataset


def find(file: RemoteFile, dataset: str) -> Path | None:
    """Look for a file on this machine, without opening it.

    Args:
        file: File to look for.
        dataset: Name of its data set, which may also be a folder inside COURSE_DATA.

    Returns:
        Its path, or None if it is not there.

    Raises:
        DataUnavailableError: If COURSE_DATA names a folder that does not exist.
    """
    chosen = os.environ.get("COURSE_DATA")
    if not chosen:
        path = cache_folder(dataset) / file.name
        return path if path.is_file() else None
    folder = Path(chosen).expanduser()
    if not folder.is_dir():
        fault = "is a file" if folder.exists() else "does not exist"
        raise DataUnavailableError(
            f"COURSE_DATA names the folder {folder}, which {fault}; correct it, or unset it to use the cache"
        )
    candidates = [place / name for place in (folder, folder / dataset) for name in file.forms]
    return next((path for path in candidates if path.is_file()), None)


def load(file: RemoteFile, dataset: str, mirrors: tuple[str, ...]) -> bytes:
    """Read a file, fetching it where needed, and verify what was read.

    Args:
        file: File to read.
        dataset: Name of its data set.
        mirrors: Addresses of folders that have the file, in the order in which they are tried; none at all
            never fetches.

    Returns:
        The file's content, unpacked.

    Raises:
        DataUnavailableError: If the file is not there and cannot be fetched.
        DataCorruptError: If the file was altered or cut short, and cannot be fetched again.
    """
    path = find(file, dataset)
    if os.environ.get("COURSE_DATA"):  # the user's own folder: nothing is fetched for it or written to it
        if path is None:
            names = " nor ".join(file.forms)
            raise DataUnavailableError(
                f"COURSE_DATA names the folder {os.environ['COURSE_DATA']}, which has neither {names}; "
                f"put the file there, or unset COURSE_DATA to fetch it; {_STAND_IN}"
            )
        return read_verified(path, file)
    if path is None:
        return read_verified(fetch_file(file, dataset, mirrors), file)
    try:
        return read_verified(path, file)
    except DataCorruptError as error:
        if not mirrors:
            raise
        warnings.warn(f"{error} The course is fetching it again.", stacklevel=2)
        try:
            fetched = fetch_file(file, dataset, mirrors)
        except DataUnavailableError as unavailable:
            raise error from unavailable
    return read_verified(fetched, file)


def read_verified(path: Path, file: RemoteFile) -> bytes:
    """Read a file and compare its checksum with the published one.

    Args:
        path: File on this machine, gzipped or not.
        file: What it should be.

    Returns:
        The file's content, unpacked.

    Raises:
        DataCorruptError: If the checksum differs.
        DataUnavailableError: If the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataUnavailableError(
            f"{path} cannot be read ({error.strerror}); change its permissions"
        ) from error
    expected = file.forms[path.name]
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != expected:
        raise DataCorruptError(
            f"{path} was altered or cut short: its MD5 is {found}, the published one is {expected}; "
            "delete the file and fetch it again."
        )
    return gzip.decompress(content) if path.suffix == ".gz" else content


def fetch_file(file: RemoteFile, dataset: str, mirrors: tuple[str, ...]) -> Path:
    """Fetch a file into the cache, from the first mirror that has it.

    Args:
        file: File to fetch.
        dataset: Name of its data set.
        mirrors: Addresses of folders that have the file, in the order in which they are tried.

    Returns:
        The path of the file in the cache, complete and verified.

    Raises:
        DataUnavailableError: If no mirror gives the right file, or the cache cannot be written to.
    """
    folder = cache_folder(dataset)
    path = folder / file.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        # A private folder for each process: two that fetch at once never write to one file.
        with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=folder) as temporary:
            _move_into_place(_from_mirrors(file, mirrors, Path(temporary)), path, file)
    except OSError as error:
        raise DataUnavailableError(
            f"{file.name} cannot be stored in the cache folder {folder} ({error.strerror or error}); "
            "set COURSE_CACHE to a folder that you can write to"
        ) from error
    return path


def _from_mirrors(file: RemoteFile, mirrors: tuple[str, ...], folder: Path) -> Path:
    """Fetch a file into a folder, trying one mirror after the other."""
    import pooch
    import requests

    progress = sys.stderr is not None and sys.stderr.isatty()
    downloader = pooch.HTTPDownloader(progressbar=progress, timeout=30, chunk_size=2**16)
    pooch.get_logger().setLevel(logging.WARNING)  # errors are reported below, in a sentence
    failures = []
    for mirror in mirrors:
        try:
            url = mirror + file.name
            return Path(pooch.retrieve(url, f"md5:{file.md5}", file.name, folder, downloader=downloader))
        except requests.RequestException as error:
            failures.append(f"{mirror} {_reason(error)}")
        except ValueError:  # what pooch raises for a checksum that differs
            failures.append(f"{mirror} sent a file with a wrong checksum")
    raise DataUnavailableError(
        f"{file.name} could not be fetched ({'; '.join(failures)}); connect to the network and run this "
        f"again, or set COURSE_DATA to a folder that has the file; {_STAND_IN}"
    )


def _reason(error: Exception) -> str:
    """Say in a few words why a mirror gave no file."""
    response = getattr(error, "response", None)
    return "could not be reached" if response is None else f"answered {response.status_code}"


def _move_into_place(arrived: Path, path: Path, file: RemoteFile) -> None:
    """Let a complete file appear in the cache in one step."""
    arrived.chmod(0o644)  # temporary files are private, a cache may be shared
    try:
        os.replace(arrived, path)
    except PermissionError:  # Windows, while another process reads the file that it has just fetched
        if not path.is_file():
            raise
        read_verified(path, file)


def _remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed while fetching left behind a day ago or earlier."""
    for leftover in folder.glob(_TEMPORARY + "*"):
        with contextlib.suppress(OSError):  # another process may be removing it too
            if time.time() - leftover.stat().st_mtime > _DAY:
                shutil.rmtree(leftover)
