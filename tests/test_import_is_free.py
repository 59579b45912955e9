"""Importing the package costs nothing, and NumPy lectures never load torch."""

import subprocess
import sys

import pytest


def modules_loaded_by(statement):
    command = [sys.executable, "-X", "importtime", "-c", statement]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    lines = [line for line in finished.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


def test_importing_the_package_loads_no_library():
    loaded = modules_loaded_by("import course_utils")
    assert "course_utils" in loaded
    assert loaded.isdisjoint({"numpy", "torch", "matplotlib"})


def test_shapes_need_no_library():
    assert modules_loaded_by("import course_utils.shapes").isdisjoint({"numpy", "torch", "matplotlib"})


@pytest.mark.parametrize("module", ["checks", "reference", "data"])
def test_numpy_modules_load_no_torch(module):
    loaded = modules_loaded_by(f"import course_utils.{module}")
    assert "numpy" in loaded
    assert loaded.isdisjoint({"torch", "matplotlib", "sklearn", "skimage", "pooch"})
