"""Each rule over notebooks catches the fault it is for, and lets the clean notebook pass."""

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import rules


def code(source, cell_id="a-cell", outputs=(), count=1, **metadata):
    """Make an executed code cell."""
    return new_code_cell(source, id=cell_id, outputs=list(outputs), execution_count=count, metadata=metadata)


def prose(source, cell_id="a-text", slide="slide"):
    """Make a markdown cell with a slide mark."""
    return new_markdown_cell(
        source, id=cell_id, metadata={"slideshow": {"slide_type": slide}} if slide else {}
    )


def figure(html, png="iVBOR"):
    """Make the output of a figure."""
    return new_output("display_data", {"image/png": png, "text/html": html})


def faults(rule, *cells):
    """List what a rule says about a notebook of these cells."""
    return list(rule(NotebookNode(new_notebook(), cells=list(cells))))


GOOD_HTML = '<figure><img alt="The loss falls from 0.7 to 0.1" src="data:image/png;base64,iVBOR"></figure>'
FIFTEEN, SIXTEEN = "\n".join(["x = 1"] * 15), "\n".join(["x = 1"] * 16)

CAUGHT = [
    (rules.ids, [prose("a", "xor"), code("1", "xor")], "occurs twice"),
    (rules.ids, [code("1", "a1b2c3d4")], "is random"),
    (rules.ids, [code("1", "Cell_3")], "not a slug"),
    (rules.lengths, [code(SIXTEEN)], "16 lines of code"),
    (rules.lengths, [prose("word " * 121)], "121 words"),
    (rules.lengths, [code("1", f"c{n}-x") for n in range(3)], "third code cell"),
    (rules.slides, [prose("a", slide=None)], "no slide mark"),
    (rules.code, [code("plt.plot([1])")], "boilerplate"),
    (rules.code, [code("!pip install x")], "shell or magic"),
    (rules.code, [code("%matplotlib inline")], "shell or magic"),
    (rules.code, [code("from numpy import *")], "star import"),
    (rules.code, [code("open('/etc/hosts')")], "absolute path"),
    (rules.code, [code("import warnings\nwarnings.simplefilter('ignore')")], "silenced warning"),
    (rules.code, [code("def f():\n    global x\n    x = 1")], "global"),
    (rules.code, [code("interact(f, x=3)")], "interact"),
    (rules.code, [code("out = widgets.Output()")], "Output widget"),
    (rules.code, [code("fig.savefig('a.svg')")], "another way than plots.show"),
    (rules.code, [code("def f():\n" + "\n".join(["    x = 1"] * 10))], "over 10 lines"),
    (rules.names, [code("x = 1", "a-x"), code("x = 2", "b-x", count=2)], "bound in a-x already"),
    (rules.names, [code("w = 1\ndef f(x):\n    return w * x")], "notebook's global w"),
    (
        rules.names,
        [code("w = 1\ndef f(x):\n    return [w * y for y in x]")],
        "f uses the notebook's global w",
    ),
    (rules.executed, [code("1", count=None)], "execution count None"),
    (rules.executed, [code("1", "a-x", count=1), code("2", "b-x", count=3)], "execution count 3"),
    (
        rules.executed,
        [code("1/0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])])],
        "stored error",
    ),
    (rules.executed, [code("1", outputs=[new_output("stream", name="stderr", text="Warning")])], "stderr"),
    (rules.figures, [code("1", outputs=[figure("<figure><img src='x'></figure>")])], "without alt text"),
    (rules.figures, [code("1", outputs=[figure('<img alt="A plot">')])], "without alt text"),
    (rules.figures, [code("1", outputs=[figure(GOOD_HTML, png="A" * 90_000)])], "67 KB"),
    (rules.claims, [code("assert x == 1", claims=["Z99"])], "no claim of the ledger"),
    (rules.claims, [code("print(1)", claims=["A01"])], "asserts nothing"),
    (rules.claims, [code("assert 1 == 1", claims=["A01"])], "asserts nothing"),
    (rules.claims, [code("assert x == 1", claims=["A01"], tags=[rules.IGNORED])], "not compared"),
    (rules.shape, [prose("# 01")], "no title"),
    (rules.shape, [prose("# 01  A neuron draws a line")], "'Exercises' is missing"),
    (rules.shape, [prose("# 01  A neuron draws a line\n\n## One\n\n## Two")], "2 sections"),
    (rules.shape, [prose("# 01  A neuron draws a line\n\n## A\n\n## B\n\n## C\n\n## D")], "0 questions"),
    (rules.shape, [prose("# 01  A neuron draws a line\n\n## A\n\n## B\n\n## C\n\n## D")], "0 checkpoints"),
]


@pytest.mark.parametrize(
    ("rule", "cells", "sentence"), CAUGHT, ids=[f"{c[0].__name__}: {c[2]}" for c in CAUGHT]
)
def test_a_rule_catches_its_fault(rule, cells, sentence):
    assert any(sentence in fault for fault in faults(rule, *cells)), faults(rule, *cells)


@pytest.mark.parametrize("rule", [rule for rule in rules.LECTURE_RULES if rule is not rules.shape])
def test_a_clean_notebook_passes(rule):
    cells = [
        prose("word " * 120, "long-text"),
        code(FIFTEEN, "set-up", count=1),
        prose("## Next", "next-section"),
        prose("Comprehensions and lambdas beside functions are free.", "free-text"),
        code(
            "x = 2\ny = [x for _ in range(3)]\ndef f(w):\n    return abs(w)\nassert f(x) == 2",
            "claim-run",
            [figure(GOOD_HTML)],
            2,
            claims=["A01"],
        ),
    ]
    assert faults(rule, *cells) == []


def test_the_share_of_ignored_outputs_is_counted():
    cells = [code("1", "a-x", tags=[rules.IGNORED]), code("2", "b-x"), code("3", "c-x"), code("4", "d-x")]
    assert rules.ignored_share([new_notebook(cells=cells)]) == 0.25


def test_an_unexecuted_cell_covers_no_claim():
    cell = code("assert x == 1", claims=["A01"])
    assert rules.covered(new_notebook(cells=[cell])) == {"A01"}
    cell.execution_count = None
    assert rules.covered(new_notebook(cells=[cell])) == set()


def test_formulas_and_links_are_not_words():
    assert rules.words("one [two three](http://a.b/c) $x + y$ $$z \n = 2$$ <b>four</b>") == 6


def test_notebooks_are_read_as_version_four(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=[code("1")]), path)
    assert rules.read(path).nbformat == 4
