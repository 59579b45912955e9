"""Keep a process that uses PyTorch fit to be forked: one thread, and no graphics card."""

from __future__ import annotations

import ast
import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

ALONE: Mapping[str, str] = MappingProxyType(
    {
        "OMP_NUM_THREADS": "1",  # a process that is spawned reads it when it loads PyTorch
        "CUDA_VISIBLE_DEVICES": "",
        "HIP_VISIBLE_DEVICES": "",
    }
)


def imports_torch(text: str) -> bool:
    """Tell whether code imports PyTorch.

    Args:
        text: Text of a cell.

    Returns:
        True where an import in it names torch or a part of it.
    """
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return any(name.split(".")[0] == "torch" for name in names)


@contextlib.contextmanager
def forkable(texts: Iterable[str]) -> Iterator[None]:
    """Load PyTorch, where code imports it, so that processes forked meanwhile can use it at once.

    A pool of threads does not survive a fork: the first operation that is shared out would wait for ever.
    Nor do the threads that PyTorch starts for gradients where it finds a graphics card.

    Args:
        texts: The code that will run.

    Yields:
        Nothing; afterwards the number of threads and the environment are what they were.
    """
    if not any(map(imports_torch, texts)):
        yield
        return
    before = {name: os.environ.get(name) for name in ALONE}
    os.environ.update(ALONE)
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        _restore(before)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
