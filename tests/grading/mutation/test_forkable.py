"""A process that has used PyTorch can be forked while `forkable` holds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from course_utils.grading.mutation.forkable import ALONE, forkable, imports_torch
from course_utils.grading.mutation.processes import start_method

SCRIPT = """
import torch
from torch import nn
from course_utils.grading.mutation.forkable import forkable
from course_utils.grading.mutation.processes import Processes

torch.set_num_threads(2)
network = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.Flatten(), nn.Linear(4704, 10))
x, t = torch.rand(200, 1, 28, 28), torch.randint(10, (200,))

def loss(number):
    value = nn.functional.cross_entropy(network(x), t)
    value.backward()
    return torch.get_num_threads(), value.item()

with forkable(["import torch"]):
    loss(0)
    replies = Processes(workers=2).call(loss, [1, 2, 3], seconds=[60] * 3)
print([reply.value[0] if reply.value else reply.problem for reply in replies], torch.get_num_threads())
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import torch", True),
        ("import numpy as np\nfrom torch import nn", True),
        ("import torch.nn.functional as F", True),
        ("def f():\n    import torch", True),
        ("import torchvision", False),
        ("torch = 1", False),
        ("from . import torch", False),
    ],
)
def test_import_of_pytorch_is_seen(text: str, found: bool) -> None:
    assert imports_torch(text) is found


@pytest.mark.skipif(start_method() != "fork", reason="processes are not forked here")
def test_gradients_are_found_in_forked_processes_after_some_in_the_parent() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=240)
    assert done.stdout == "[1, 1, 1] 2\n", done.stderr


def test_environment_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    with forkable(["import numpy", "import torch"]):
        assert {name: os.environ[name] for name in ALONE} == dict(ALONE)
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "CUDA_VISIBLE_DEVICES" not in os.environ


def test_code_without_pytorch_loads_none() -> None:
    script = (
        "import sys; from course_utils.grading.mutation.forkable import forkable\n"
        "with forkable(['import numpy']): print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "False\n"
