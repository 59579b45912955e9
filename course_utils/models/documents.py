"""Read YAML text into plain lists and mappings; nothing in it can run code, and no key can hide another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

STANDARD = "tag:yaml.org,2002:"
TEXT = "the text"  # what is named in a sentence where there is no file
SCALARS = {  # what a plain value looks like: YAML would read 010 as 8 and 1:30 as 90
    "str": re.compile(r"(?s:.*)"),
    "null": re.compile(r"(?s:.*)"),
    "bool": re.compile(r"(?i:true|false|yes|no|on|off)"),
    "int": re.compile(r"[-+]?(0|[1-9][0-9]{0,17})"),
    "float": re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"),
}


def yaml_text(source: str | Path) -> tuple[str, str]:
    """Return the text of a description, and the words that name where it comes from.

    Args:
        source: A path, a file name that ends in .yaml or .yml, or the text itself.

    Returns:
        The text, and its name for sentences.

    Raises:
        TypeError: If it is neither text nor a path.
        ValueError: If the file does not exist, or cannot be read as text.
    """
    if not isinstance(source, str | Path):
        raise TypeError(
            f"text_or_path is of type {type(source).__name__} but a text or a path is expected; "
            "decode bytes first, and describe a network in Python by describe_network"
        )
    if isinstance(source, str) and ("\n" in source or not source.endswith((".yaml", ".yml"))):
        return source, TEXT
    path = Path(source)
    if not path.is_file():
        fault = "is a folder" if path.is_dir() else "does not exist"
        raise ValueError(f"the file {path} {fault}; give the path of a YAML file that does")
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the file {path} cannot be read ({error}); save it as UTF-8 text") from None


def load_document(text: str, where: str) -> Any:
    """Load YAML text of lists, mappings, numbers and words; what it holds is checked before it is made.

    Args:
        text: The text.
        where: Where it comes from, for the sentence.

    Returns:
        What it holds; None if it is empty.

    Raises:
        ValueError: If it is no YAML, has a key twice in one mapping, or holds anything but lists, mappings,
            decimal numbers, words, true and false.
    """
    with _broken_yaml_refused(text, where):
        root = yaml.compose(text, Loader=yaml.SafeLoader)  # nodes with their places; makes no object
    for node in _nodes(root):
        _check_plain(node, where)
        if isinstance(node, yaml.MappingNode):
            _check_keys(node, where)
    with _broken_yaml_refused(text, where):
        return yaml.safe_load(text)


@contextmanager
def _broken_yaml_refused(text: str, where: str) -> Iterator[None]:
    """Turn what YAML raises into one sentence with the line and the column."""
    try:
        yield
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise ValueError(
            f"{where}, line {line}, column {column}: the character {chr(error.character)!r} is not allowed "
            "in YAML; delete it"
        ) from None
    except yaml.MarkedYAMLError as error:
        said = ", ".join(each for each in (error.context, error.problem) if each)
        remedy = "indent by spaces" if "'\\t'" in said else "correct the YAML there"
        raise ValueError(f"{where}, {_place(error.problem_mark)}: {said}; {remedy}") from None
    except RecursionError:
        raise ValueError(
            f"{where} nests lists and mappings too deep to be read; a network needs three levels"
        ) from None


def _nodes(root: Any) -> Iterator[Any]:
    """Go through the nodes of a document, each once even where an alias repeats it or it contains itself."""
    waiting, seen = [] if root is None else [root], set[int]()
    while waiting:
        node = waiting.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]


def _check_plain(node: Any, where: str) -> None:
    """Raise a ValueError unless a node is a list, a mapping, a decimal number, a word, true or false."""
    name = node.tag.removeprefix(STANDARD)
    kinds = {yaml.SequenceNode: "seq", yaml.MappingNode: "map"}
    if name == kinds.get(type(node)):
        return
    if name not in SCALARS or not isinstance(node, yaml.ScalarNode):
        shown = f"!!{name}" if node.tag.startswith(STANDARD) else name
        raise ValueError(
            f"{where}, {_place(node.start_mark)}: a value of the kind {shown:.60} is not allowed, and it was "
            "not made; write lists, mappings, numbers and words"
        )
    if not SCALARS[name].fullmatch(node.value):
        raise ValueError(
            f"{where}, {_place(node.start_mark)}: {node.value!r:.40} is not written as a plain {name}; "
            "give a decimal number of at most 18 digits, true or false"
        )


def _check_keys(node: Any, where: str) -> None:
    """Raise a ValueError if a key is no word, or stands twice: YAML would keep the last without a word."""
    lines: dict[str, int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag != f"{STANDARD}str":
            raise ValueError(
                f"{where}, {_place(key.start_mark)}: a key must be a word, but this one is "
                f"{getattr(key, 'value', '')!r:.40}; write the name of an option or of a layer"
            )
        if key.value in lines:
            raise ValueError(
                f"{where}, {_place(key.start_mark)}: the key {key.value!r:.40} stands in line "
                f"{lines[key.value]} already; keep one of them"
            )
        lines[key.value] = key.start_mark.line + 1


def _place(mark: Any) -> str:
    """Return the line and the column of a mark, counted from 1."""
    return f"line {mark.line + 1}, column {mark.column + 1}"
