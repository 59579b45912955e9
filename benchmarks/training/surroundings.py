"""On what and with what a run was made, in words."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

PACKAGES = ("torch", "numpy", "lightning", "accelerate", "skorch", "keras")


def processor() -> str:
    """Return the processor's name, its kind and how many cores there are."""
    name = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        lines = listed.read_text(encoding="utf-8").splitlines()
        name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), name)
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{name} ({platform.machine()}, {capability}), {os.cpu_count()} cores"


def accelerator() -> str:
    """Return the name of the GPU, or an empty string where there is none."""
    if not torch.accelerator.is_available():
        return ""
    device = torch.accelerator.current_accelerator()
    if device is not None and device.type == "cuda":
        return torch.cuda.get_device_name()
    return str(device)


def versions() -> str:
    """Return the versions of Python and of the installed packages."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
