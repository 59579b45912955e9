"""What is no plain YAML, or no file, is refused with its place; and opening a file runs no code."""

import pytest

from tests.models.refusals import IMAGE, VALID, refused


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            IMAGE + "  - conv: {maps: 2, kernel: 3\n",
            r"the text, line 4, column 1: .*expected ',' or '}'.*; correct",
        ),
        (IMAGE + "\t- flatten\n", r"line 3, column 1: .*'\\t' that cannot start any token; indent by spaces"),
        ("input: 3: 4\n", "line 1, column 9: mapping values are not allowed here; correct"),
        ("input: 3\nlayers: *these\n", "line 2, column 9: found undefined alias 'these'; correct"),
        (
            "input: 3\n---\ninput: 4\n",
            "line 2, column 1: expected a single document .* another document; correct",
        ),
        (
            "input: 3\nlayers: \x07\n",
            r"line 2, column 9: the character '\\x07' is not allowed in YAML; delete",
        ),
        ("\x00", r"line 1, column 1: the character '\\x00' is not allowed"),
        (
            "input: 3\nlayers:\n  - {dense: 3, dense: 4}\n",
            "line 3, column 16: the key 'dense' stands in line 3 al",
        ),
        (
            "input: 3\nlayers: [flatten]\ninput: 4\n",
            "line 3, column 1: the key 'input' stands in line 1 already",
        ),
        ("input: 3\n3: 4\n", "line 2, column 1: a key must be a word, but this one is '3'"),
        ("input: 3\n? [a]\n: 4\n", "line 2, column 3: a key must be a word"),
        ("input: 010\n", "line 1, column 8: '010' is not written as a plain int; give a decimal number"),
        ("input: 1:30\n", "'1:30' is not written as a plain int"),
        ("input: 1_000\n", "'1_000' is not written as a plain int"),
        ("input: 0x10\n", "'0x10' is not written as a plain int"),
        ("input: " + "9" * 5000, "is not written as a plain int"),
        ("input: .inf\n", "'.inf' is not written as a plain float"),
        ("input: !!bool perhaps\n", "'perhaps' is not written as a plain bool"),
        ("input: !!int one\n", "'one' is not written as a plain int"),
        ("input: 2001-99-99\n", "line 1, column 8: a value of the kind !!timestamp is not allowed"),
        ("input: !!set {a, b}\n", "a value of the kind !!set is not allowed"),
        ("input: !!seq words\n", "a value of the kind !!seq is not allowed"),
        ("input: !shape [1, 2]\n", "a value of the kind !shape is not allowed, and it was not made"),
        ("&all [*all]\n", "but a mapping with input and layers is expected"),
        ("[" * 1100, "the text nests lists and mappings too deep"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(text, sentence):
    refused(text, TypeError if text.startswith("&all") else ValueError, sentence)


def test_lists_that_double_forty_times_are_refused_at_once():
    doubling = "".join(f"  - &l{place} [*l{place - 1}, *l{place - 1}]\n" for place in range(1, 40))
    entries = f"  - &l0 [a, a]\n{doubling}"
    refused(entries, TypeError, "but a mapping with input and layers is expected")
    refused(f"layers:\n  - dense: 3\ninput:\n  channels:\n{entries}", TypeError, "input={'channels': .* but")


@pytest.mark.parametrize(
    "attack",
    [
        "!!python/object/apply:os.mkdir ['{made}']",
        "!!python/object/new:os.mkdir ['{made}']",
        "!!python/name:os.mkdir",
        "!!python/module:antigravity",
        "{{maps: 3, kernel: !!python/object/apply:os.mkdir ['{made}']}}",
    ],
)
def test_opening_a_file_runs_no_code(tmp_path, attack):
    made = tmp_path / "made"
    path = tmp_path / "network.yaml"
    path.write_text(f"{IMAGE}  - conv: {attack.format(made=made)}\n", encoding="utf-8")
    refused(
        path,
        ValueError,
        r"network.yaml, line 3, .* of the kind !!python/.* is not allowed, and it was not made",
    )
    assert not made.exists()


def test_a_mistake_in_a_file_names_the_file(tmp_path):
    path = tmp_path / "network.yaml"
    path.write_text(VALID.replace("maps: 10", "maps: 0"), encoding="utf-8")
    refused(path, ValueError, r"network.yaml: layer 1 \(conv\): maps=0")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    refused("nowhere/network.yaml", ValueError, "the file .*network.yaml does not exist; give the path")
    folder, encoded = tmp_path / "folder.yaml", tmp_path / "encoded.yml"
    folder.mkdir()
    refused(folder, ValueError, "folder.yaml is a folder; give the path")
    encoded.write_bytes("input: 3  # gr\u00f6\u00dfe".encode("latin-1"))
    refused(str(encoded), ValueError, "encoded.yml cannot be read .* save it as UTF-8")
    encoded.write_text("", encoding="utf-8")
    refused(str(encoded), ValueError, "encoded.yml is empty")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    def closed(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "closed.yaml"
    path.write_text(VALID, encoding="utf-8")
    monkeypatch.setattr(type(path), "read_text", closed)
    refused(path, ValueError, r"closed.yaml cannot be read \(.*Permission denied\)")


@pytest.mark.parametrize("source", [b"input: 3", None, 3, ["input: 3"]])
def test_only_text_and_paths_are_read(source):
    refused(
        source, TypeError, f"text_or_path is of type {type(source).__name__} but a text or a path is expected"
    )
