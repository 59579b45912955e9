"""Every notebook of the course keeps the rules of the house (rules.py), and the course is whole."""

import re

import pytest

from tests.notebooks import rules

PAIRS = [(path, rule) for path in rules.LECTURES for rule in rules.LECTURE_RULES]
PAIRS += [(path, rule) for path in [rules.START, *rules.SOLUTIONS] for rule in rules.LAB_RULES]


@pytest.mark.parametrize(("path", "rule"), PAIRS, ids=[f"{rules.name_of(p)}-{r.__name__}" for p, r in PAIRS])
def test_the_rules_hold(path, rule):
    assert list(rule(rules.read(path))) == []


def test_there_are_notebooks():
    assert [path.stem for path in rules.LECTURES][:2] == ["01_neurons", "02_xor"]
    assert [path.stem for path in rules.SOLUTIONS] == [path.stem for path in rules.LABS]


def test_few_outputs_are_left_uncompared():
    share = rules.ignored_share([rules.read(path) for path in rules.STORED])
    assert share < 0.10


def test_every_claim_of_a_lecture_is_covered():
    lectures = {path.stem for path in rules.LECTURES}
    due = {claim for claim, row in rules.LEDGER.items() if row["lecture"] in lectures}
    covered = set().union(*(rules.covered(rules.read(path)) for path in [*rules.LECTURES, *rules.SOLUTIONS]))
    assert due - covered == set()


@pytest.mark.parametrize("path", rules.LECTURES, ids=rules.name_of)
def test_a_lecture_covers_its_own_claims(path):
    due = {claim for claim, row in rules.LEDGER.items() if row["lecture"] == path.stem}
    assert due - rules.covered(rules.read(path)) == set()


@pytest.mark.parametrize("page", ["README.md", "start.ipynb"])
def test_the_pages_link_every_lecture_and_lab_and_only_files_that_exist(page):
    path = rules.ROOT / page
    text = path.read_text(encoding="utf-8")
    text = text if page.endswith(".md") else "\n".join(cell.source for cell in rules.read(path).cells)
    links = set(re.findall(r"\]\(([^)#:]+)\)", text))
    wanted = {p.relative_to(rules.ROOT).as_posix() for p in [*rules.LECTURES, *rules.LABS]}
    assert wanted - links == set()
    assert [link for link in links if not (rules.ROOT / link).exists()] == []
