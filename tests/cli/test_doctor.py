"""`course doctor`: a line for each finding, and what to do about the ones that are not ok."""

import sys
from types import SimpleNamespace

import pytest

from course_utils.cli import doctor

LOCK = """\
numpy==2.4.6
torch==2.13.0
typing_extensions==4.16.0
# a comment
pywinpty==3.1.2 ; os_name == 'no such system'
"""
RIGHT = {"numpy": "2.4.6", "torch": "2.13.0+cpu", "typing_extensions": "4.16.0"}


def test_versions_agree_without_their_local_part_and_markers_count():
    finding = doctor.compare_with_lock(LOCK, RIGHT.get)
    assert finding == doctor.Finding("Packages", True, "all 3 as in requirements.lock")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"numpy": "2.4.5"}, "numpy is 2.4.5 instead of 2.4.6: run python course.py doctor"),
        ({"torch": None}, "torch is missing: run python course.py doctor"),
        ({"torch": "2.13.1+cpu"}, "torch is 2.13.1+cpu instead of 2.13.0"),
    ],
)
def test_a_package_that_differs_is_named_with_the_remedy(change, words):
    finding = doctor.compare_with_lock(LOCK, (RIGHT | change).get)
    assert not finding.ok
    assert finding.needed
    assert finding.text.startswith(words)


def test_many_packages_that_differ_are_counted():
    lock = "".join(f"package{number}==1\n" for number in range(5))
    assert "package2 is missing and 2 more: " in doctor.compare_with_lock(lock, {}.get).text


def test_a_python_that_is_too_old_is_broken(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 1))
    finding = doctor.examine_python()
    assert not finding.ok
    assert "the course needs 3.11 to 3.13" in finding.text


def test_this_pythons_kernel_is_recognised(monkeypatch):
    def find(program):
        spec = SimpleNamespace(argv=[program])
        monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec", lambda *_: spec)
        return doctor.examine_kernel()

    assert find(sys.executable).ok
    assert find("python").ok
    assert not find("/elsewhere/bin/python").ok
    assert "another environment's" in find("/elsewhere/bin/python").text


def test_a_kernel_that_is_not_registered_is_broken(monkeypatch):
    from jupyter_client.kernelspec import NoSuchKernel

    def none(_, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec", none)
    assert doctor.examine_kernel().text.startswith("python3 is not registered: run python course.py doctor")


@pytest.mark.parametrize(("available", "device"), [(True, "mps"), (False, "cpu")])
def test_the_device_is_the_accelerators_or_the_cpu(monkeypatch, available, device):
    accelerator = SimpleNamespace(
        is_available=lambda: available, current_accelerator=lambda: SimpleNamespace(type="mps")
    )
    torch = SimpleNamespace(
        __version__="2.13.0",
        accelerator=accelerator,
        cuda=SimpleNamespace(is_available=lambda: False),
        get_num_threads=lambda: 2,
    )
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert doctor.examine_torch().text == f"2.13.0 on {device}, 2 threads"


def test_a_torch_that_cannot_be_imported_is_broken(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    finding = doctor.examine_torch()
    assert not finding.ok
    assert "cannot be imported" in finding.text


def test_little_memory_is_a_note_and_little_disk_is_broken(monkeypatch, tmp_path):
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1e9, total=4e9))
    assert doctor.examine_memory() == doctor.Finding(
        "Memory", False, "1.0 of 4.0 GB free: a notebook may take 2 GB, so close other programs", False
    )
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=0.5e9))
    assert doctor.examine_disk(tmp_path) == doctor.Finding("Disk", False, "0.5 GB free: free at least 1 GB")


def test_the_cache_says_where_it_is_and_what_is_there(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    finding = doctor.examine_cache()
    assert finding.ok
    assert finding.text == f"{tmp_path / 'cache'} (there: nothing yet)"
    assert not (tmp_path / "cache").exists()
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert "cannot be written: set COURSE_CACHE" in doctor.examine_cache().text


def test_a_file_in_the_place_of_the_cache_is_a_note(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    (tmp_path / "file").touch()
    assert doctor.examine_cache() == doctor.Finding(
        "Data cache",
        False,
        f"{tmp_path / 'file'} cannot be written: set COURSE_CACHE to a folder that can",
        False,
    )


def test_the_users_own_folder_is_named_and_a_wrong_one_is_broken(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    finding = doctor.examine_cache()
    assert finding.ok
    assert finding.text == f"{tmp_path}, which COURSE_DATA names (there: nothing yet)"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    finding = doctor.examine_cache()
    assert finding.needed
    assert not finding.ok
    assert (
        finding.text == f"COURSE_DATA names {tmp_path / 'nowhere'}, which is no folder: correct or unset it"
    )


def test_missing_widget_parts_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.sys, "prefix", str(tmp_path))
    text = doctor.examine_widgets().text
    assert (
        "JupyterLab's extension anywidget, JupyterLab's extension @jupyter-widgets/jupyterlab-manager" in text
    )


def test_optional_programs_are_notes():
    there, absent = doctor.examine_optional(
        {"a": ("/bin/a", "x"), "b": (None, "tests are skipped without it")}
    )
    assert (there.ok, absent.ok, there.needed, absent.needed) == (True, False, False, False)
    assert absent.text == "not found: tests are skipped without it"


@pytest.mark.parametrize(("needed", "code", "state"), [(True, 1, "TO DO"), (False, 0, "note")])
def test_only_needed_findings_fail_and_each_is_a_line(monkeypatch, capsys, needed, code, state):
    fine = doctor.Finding("x", True, "fine")
    for name in ("python", "torch", "memory", "cache", "kernel", "widgets"):
        monkeypatch.setattr(doctor, f"examine_{name}", lambda: fine)
    monkeypatch.setattr(doctor, "examine_disk", lambda _: doctor.Finding("Disk", False, "full", needed))
    monkeypatch.setattr(doctor, "compare_with_lock", lambda _: fine)
    monkeypatch.setattr(doctor, "examine_optional", list)
    assert doctor.examine() == code
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert lines[4].split() == [*state.split(), "Disk", "full"]
