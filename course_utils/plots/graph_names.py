"""Which tensors of a graph are drawn, and under which names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.autograd import Tensor
from course_utils.plots.graph_words import written_number


def drawn_names(
    output: Tensor, order: Sequence[Tensor], names: Mapping[str, Tensor] | None
) -> dict[int, str]:
    """Return the name of each tensor that is drawn.

    Args:
        output: The tensor at the end of the graph.
        order: All tensors of the graph, parents before children.
        names: Name to tensor, or None to name every tensor by what it is.

    Returns:
        `id` of a tensor to its name.

    Raises:
        TypeError: If names holds anything but tensors under names that are text.
        ValueError: If a tensor is named twice, is not in the graph, or the output is not named.
    """
    if names is None:
        return _automatic(order)
    found: dict[int, str] = {}
    within = {id(tensor) for tensor in order}
    for name, tensor in _texts(names).items():
        if id(tensor) in found:
            raise ValueError(f"{found[id(tensor)]!r} and {name!r} name one tensor: give each tensor one name")
        if id(tensor) not in within:
            raise ValueError(
                f"the output was not computed from {name!r}, so the graph has no place for it: leave it out, "
                "or give what it was computed from requires_grad=True, without which nothing is recorded"
            )
        found[id(tensor)] = name
    if id(output) not in found:
        raise ValueError(f"names holds {', '.join(names) or 'nothing'} but not the output: name it too")
    return found


def _texts(names: Any) -> Mapping[str, Tensor]:
    if not isinstance(names, Mapping):
        raise TypeError(f"names is {type(names).__name__} but must be a dict, such as {{'w': w, 'L': L}}")
    for name, tensor in names.items():
        if not isinstance(name, str) or not name.strip():
            raise TypeError(f"names has the key {name!r} but a name must be text: write names={{'w': w}}")
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"names[{name!r}] is {type(tensor).__name__} but must be a Tensor of course_utils.autograd: "
                "make one, and compute with it"
            )
    return names


def _automatic(order: Sequence[Tensor]) -> dict[int, str]:
    """Name results by their operation, leaves that need a gradient by letters, constants by their value."""
    count: Counter[str] = Counter()
    found = {}
    for tensor in order:
        kind = _kind(tensor)
        count[kind] += 1
        found[id(tensor)] = _numbered(kind, count[kind])
    return found


def _kind(tensor: Tensor) -> str:
    if tensor.operation or tensor.requires_grad:
        return tensor.operation
    return "array" if tensor.ndim else written_number(tensor.item())


def _numbered(kind: str, count: int) -> str:
    """Tell apart what is of one kind: leaves a, b, ..., operations add, add 2, constants 0.5, 0.5 (2)."""
    if kind == "":
        letters = "abcdefghijklmnopqrstuvwxyz"
        index = "" if count <= len(letters) else f"_{(count - 1) // len(letters)}"
        return letters[(count - 1) % len(letters)] + index
    if count == 1:
        return kind
    return f"{kind} {count}" if kind[0].isalpha() else f"{kind} ({count})"
