"""The list of equivalents: read as a person reads it, and each mistake in it one sentence with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_utils.grading.mutation import Equivalent, EquivalentsError, read_equivalents

GOOD = """# remark
[01_neurons: logistic]
line 2: z >= 0 -> z > 0
    same: at z = 0 both give 1 / 2

result: doubled
    also right: why: because
[02_xor: detector]
line 2: z >= 0 -> z > 0
    same: another task
"""
BAD = {
    "line 1: x -> y\n    same: why\n": "line 1: expected a header such as [01_neurons: logistic], 'li",
    "[01_neurons logistic]\n": "line 1: expected a header such as [01_neurons: logistic], '[01",
    "[a: b]\nx -> y\n": "line 2: 'x -> y' has no reason; write '    same: why' or '    also right: why'",
    "[a: b]\nx -> y\n[a: c]\n": "line 2: 'x -> y' has no reason",
    "[a: b]\nx -> y\nz -> y\n    same: why\n": "line 2: 'x -> y' has no reason",
    "[a: b]\nx -> y\n    because\n": "line 3: expected an indented reason such as '    same: why'",
    "[a: b]\nx -> y\n    same:\n": "line 3: expected an indented reason",
    "[a: b]\nx -> y\n    similar: why\n": "line 3: expected an indented reason",
    "[a: b]\n    same: why\n": "line 2: a reason without a mutant; put the mutant's",
    "[a: b]\nx -> y\n    same: why\n    same: again\n": "line 4: a reason without a mutant",
    "[a: b]\nx -> y\n    same: why\nx -> y\n    same: why\n": "line 4: this mutant stands in line 2 already",
}


def write(folder: Path, text: str) -> Path:
    path = folder / "equivalents.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_entries(tmp_path: Path) -> None:
    assert read_equivalents(write(tmp_path, GOOD)) == [
        Equivalent(
            "01_neurons", "logistic", "line 2: z >= 0 -> z > 0", "same", "at z = 0 both give 1 / 2", 3
        ),
        Equivalent("01_neurons", "logistic", "result: doubled", "also right", "why: because", 6),
        Equivalent("02_xor", "detector", "line 2: z >= 0 -> z > 0", "same", "another task", 9),
    ]


@pytest.mark.parametrize("text", BAD)
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(EquivalentsError) as caught:
        read_equivalents(write(tmp_path, text))
    assert str(caught.value).startswith(f"equivalents.txt, {BAD[text]}")
    assert "\n" not in str(caught.value)


def test_a_list_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(
        EquivalentsError, match=r"equivalents.txt cannot be read .*; restore it from the repository"
    ):
        read_equivalents(tmp_path / "equivalents.txt")
    (tmp_path / "equivalents.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EquivalentsError, match="cannot be read"):
        read_equivalents(tmp_path / "equivalents.txt")
