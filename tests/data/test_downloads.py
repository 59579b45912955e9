import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np
import pooch
import pytest

from course_utils.data import (
    DataCorruptError,
    DataUnavailableError,
    downloads,
    handwriting,
    handwritten_digits,
    is_available,
    mnist,
)

LABELS = "t10k-labels-idx1-ubyte.gz"
IMAGES = "t10k-images-idx3-ubyte.gz"


def md5(content):
    return hashlib.md5(content).hexdigest()


def spoil(path):
    """Change one bit of a file, and return the checksum that it now has."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    return md5(content)


def test_the_first_mirror_is_asked_and_the_cache_after_that(mirrors, own_cache):
    test = mnist("test")
    assert test.images.shape == (3, 4, 3)
    assert mirrors.asked == [f"/first/{IMAGES}", f"/first/{LABELS}"]
    assert sorted(path.name for path in own_cache.iterdir()) == [IMAGES, LABELS]
    np.testing.assert_array_equal(mnist("test").images, test.images)
    assert len(mirrors.asked) == 2


@pytest.mark.parametrize("broken", [404, 500, b"not the file", b""])
def test_the_next_mirror_is_asked_when_one_fails(mirrors, own_cache, broken):
    mirrors.answers[f"/first/{LABELS}"] = broken
    assert list(mnist("test").labels) == [0, 1, 2]
    assert mirrors.asked[-2:] == [f"/first/{LABELS}", f"/second/{LABELS}"]
    assert sorted(path.name for path in own_cache.iterdir()) == [IMAGES, LABELS]


def test_a_connection_that_breaks_off_leaves_nothing(mirrors, contents, own_cache):
    def break_off(handler):
        content = contents[IMAGES]
        handler.send(content[:20], len(content))

    mirrors.answers[f"/first/{IMAGES}"] = mirrors.answers[f"/second/{IMAGES}"] = break_off
    with pytest.raises(DataUnavailableError, match=f"{IMAGES} could not be fetched"):
        mnist("test")
    assert list(own_cache.iterdir()) == []


def test_all_mirrors_failing_says_why_and_what_to_do(mirrors, own_cache):
    mirrors.answers[f"/first/{IMAGES}"] = 404
    mirrors.answers[f"/second/{IMAGES}"] = b"altered"
    sentence = (
        f"^{IMAGES} could not be fetched "
        r"\(http://.*/first/ answered 404; http://.*/second/ sent a file with a wrong checksum\); "
        r"connect to the network and run this again, or set COURSE_DATA .* data\.digits\(\) stands in$"
    )
    with pytest.raises(DataUnavailableError, match=sentence):
        mnist("test")
    assert list(own_cache.iterdir()) == []


@pytest.mark.usefixtures("no_network")
def test_no_network_says_so():
    with pytest.raises(
        DataUnavailableError, match=r"amazonaws.* could not be reached; .*data\.digits\(\) stands in"
    ):
        mnist("train")


@pytest.mark.usefixtures("no_network")
def test_no_network_is_needed_once_the_files_are_here(filled_cache):
    assert list(mnist("train").labels) == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("load", [mnist, handwritten_digits])
def test_an_altered_file_in_the_cache_is_named_with_both_checksums(filled_cache, contents, load):
    found = spoil(filled_cache / LABELS)
    sentence = (
        f"{LABELS} was altered or cut short: its MD5 is {found}, "
        f"the published one is {md5(contents[LABELS])}; delete the file and fetch it again"
    )
    with pytest.raises(DataCorruptError, match=sentence):
        announce_nothing_unless_fetching(load)


def announce_nothing_unless_fetching(load):
    """Load the test part; ``mnist`` announces that it tries to fetch the file again."""
    if load is mnist:
        with pytest.warns(UserWarning, match="The course is fetching it again"):
            load("test")
    else:
        load("test")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("length", [0, 1, 10])
def test_a_file_cut_short_is_never_used(filled_cache, length):
    (filled_cache / IMAGES).write_bytes((filled_cache / IMAGES).read_bytes()[:length])
    with pytest.raises(DataCorruptError, match=f"{IMAGES} was altered or cut short"):
        handwritten_digits("test")


def test_an_altered_file_in_the_cache_is_fetched_again_after_saying_so(mirrors, filled_cache, contents):
    spoil(filled_cache / LABELS)
    with pytest.warns(UserWarning, match=f"{LABELS} was altered .* The course is fetching it again"):
        assert list(mnist("test").labels) == [0, 1, 2]
    assert (filled_cache / LABELS).read_bytes() == contents[LABELS]
    assert mirrors.asked == [f"/first/{LABELS}"]


@pytest.mark.filterwarnings("error::UserWarning")
def test_handwritten_digits_never_fetches_or_says_so(mirrors, filled_cache):
    spoil(filled_cache / LABELS)
    with pytest.raises(DataCorruptError, match=LABELS):
        handwritten_digits("test")
    (filled_cache / LABELS).unlink()
    assert "scikit-learn" in handwritten_digits("test").source
    assert mirrors.asked == []


def test_a_cache_that_is_a_file_says_what_to_do(mirrors, tmp_path, monkeypatch):
    (tmp_path / "occupied").touch()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "occupied"))
    with pytest.raises(
        DataUnavailableError, match=r"cannot be stored in the cache folder .*; set COURSE_CACHE to"
    ):
        mnist("test")


def refuse_to_write(*arguments, **options):
    raise PermissionError(13, "Permission denied")


def test_a_cache_that_is_read_only_says_what_to_do(mirrors, monkeypatch):
    monkeypatch.setattr(tempfile, "mkdtemp", refuse_to_write)
    with pytest.raises(
        DataUnavailableError, match=r"cannot be stored .* \(Permission denied\); set COURSE_CACHE"
    ):
        mnist("test")


def test_a_cache_that_is_read_only_can_be_read(filled_cache, monkeypatch):
    monkeypatch.setattr(tempfile, "mkdtemp", refuse_to_write)
    assert len(mnist("test")) == 3


def test_an_altered_file_in_a_read_only_cache_is_reported_as_altered(mirrors, filled_cache, monkeypatch):
    monkeypatch.setattr(tempfile, "mkdtemp", refuse_to_write)
    spoil(filled_cache / LABELS)
    with (
        pytest.warns(UserWarning, match="fetching it again"),
        pytest.raises(DataCorruptError, match=f"{LABELS} was altered"),
    ):
        mnist("test")


def test_a_file_that_cannot_be_read_says_so(filled_cache, monkeypatch):
    monkeypatch.setattr(downloads.Path, "read_bytes", refuse_to_write)
    with pytest.raises(
        DataUnavailableError, match=r"cannot be read \(Permission denied\); change its permissions"
    ):
        mnist("test")


@pytest.mark.parametrize("already_there", [True, False])
def test_windows_refuses_to_replace_a_file_that_is_being_read(
    mirrors, own_cache, contents, monkeypatch, already_there
):
    def another_process_was_first(arrived, path):
        if already_there:
            path.write_bytes(contents[path.name])
        refuse_to_write()

    monkeypatch.setattr(os, "replace", another_process_was_first)
    if already_there:
        assert len(mnist("test")) == 3
    else:
        with pytest.raises(DataUnavailableError, match="cannot be stored"):
            mnist("test")


@pytest.mark.parametrize("terminal", [True, False])
def test_a_progress_bar_is_for_terminals_and_pooch_is_quiet(mirrors, capfd, monkeypatch, terminal):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    mnist("test")
    written = capfd.readouterr()
    assert ("100%" in written.err) is terminal
    assert "Downloading" not in written.out + written.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_files_in_the_cache_can_be_read_by_others(mirrors, own_cache):
    mnist("test")
    assert {path.stat().st_mode & 0o777 for path in own_cache.iterdir()} == {0o644}


def test_the_cache_is_the_users_unless_course_cache_names_another(monkeypatch, tmp_path):
    assert downloads.cache_folder("mnist") == tmp_path / "cache" / "mnist"
    monkeypatch.delenv("COURSE_CACHE")
    assert downloads.cache_folder("mnist") == pooch.os_cache("neural-networks-course") / "mnist"


FETCH = """
import sys
from course_utils.data.downloads import RemoteFile, load
name, md5, unpacked_md5, mirror = sys.argv[1:]
content = load(RemoteFile(name, md5, unpacked_md5), "mnist", (mirror,))
print(len(content))
"""


def start_fetching(file, mirror):
    command = [sys.executable, "-c", FETCH, file.name, file.md5, file.unpacked_md5, mirror]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_fetching_at_once_leave_one_complete_file(server, contents, own_cache):
    file, _ = handwriting.FILES["test"]
    content = contents[file.name]
    both_are_here = threading.Barrier(2)

    def send_in_two_parts(handler):
        both_are_here.wait(timeout=60)
        handler.send(content[:10], len(content))
        both_are_here.wait(timeout=60)
        handler.wfile.write(content[10:])

    server.answers[f"/one/{file.name}"] = send_in_two_parts
    processes = [start_fetching(file, server.url("one")) for _ in range(2)]
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
        assert int(output) == 16 + 3 * 4 * 3
    assert len(server.asked) == 2
    assert [path.name for path in own_cache.iterdir()] == [file.name]
    assert (own_cache / file.name).read_bytes() == content


def test_a_process_killed_while_fetching_leaves_nothing_that_looks_complete(mirrors, contents, own_cache):
    file, _ = handwriting.FILES["test"]
    content = contents[file.name]
    half_sent, go_on = threading.Event(), threading.Event()

    def stop_halfway(handler):
        handler.send(content[:10], len(content))
        half_sent.set()
        go_on.wait(timeout=60)

    mirrors.answers[f"/slow/{file.name}"] = stop_halfway
    process = start_fetching(file, mirrors.url("slow"))
    assert half_sent.wait(timeout=60)
    process.kill()
    process.communicate(timeout=60)
    go_on.set()
    (leftover,) = own_cache.iterdir()
    assert leftover.name.startswith(".fetching-")
    assert not is_available("mnist")

    a_week_ago = time.time() - 7 * 24 * 60 * 60
    mnist("train")
    assert leftover.exists()  # it might belong to a process that is still fetching
    os.utime(leftover, (a_week_ago, a_week_ago))
    mnist("test")
    assert sorted(path.name for path in own_cache.iterdir()) == sorted(contents)
