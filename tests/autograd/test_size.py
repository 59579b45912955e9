"""The engine stays small enough to be read in one sitting, and loads nothing but NumPy."""

import inspect
import subprocess
import sys
from pathlib import Path

import course_utils.autograd as engine

FILES = sorted(Path(engine.__file__).parent.glob("*.py"))


def test_the_engine_has_fewer_than_400_lines():
    assert {"graph.py", "rules.py", "tensor.py"} <= {path.name for path in FILES}
    assert sum(len(path.read_text().splitlines()) for path in FILES) < 400


def test_importing_it_loads_numpy_and_nothing_else_of_size():
    command = [sys.executable, "-X", "importtime", "-c", "import course_utils.autograd"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    lines = [line for line in finished.stderr.splitlines() if line.startswith("import time:")]
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}
    assert "numpy" in loaded
    assert loaded.isdisjoint({"torch", "matplotlib", "scipy", "sklearn", "pooch"})


def test_every_public_name_is_there_and_explained():
    for name in engine.__all__:
        thing = getattr(engine, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing).splitlines()[0].endswith(".")
            assert not inspect.getdoc(thing).startswith(f"{name}(")  # what a dataclass writes by itself
