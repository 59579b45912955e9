"""A self-check refuses a function that leans on a forbidden library, however it is reached."""

import numpy as np
import pytest

from course_utils.grading.authoring import CheckFailed, Lab
from course_utils.grading.forbidden import forbidden_uses
from course_utils.grading.selfcheck import open_lab

LAB = Lab("any", tasks=(), forbidden=("scipy", "course_utils.reference"))


def defined(source: str, name: str = "dense"):
    """Define functions as a notebook does, in one namespace."""
    namespace: dict[str, object] = {"__name__": "__main__", "np": np}
    exec(source, namespace)
    return namespace[name]


USES = [
    (
        "from course_utils.reference import dense as d\ndef dense(x, W, b): return d(x, W, b)",
        "reference",
    ),
    ("from course_utils import reference\ndef dense(x, W, b): return reference.dense(x, W, b)", "reference"),
    ("import scipy.special as sp\ndef dense(x, W, b): return sp.expit(x)", "scipy"),
    ("def dense(x, W, b):\n    from scipy.special import expit\n    return expit(x)", "scipy"),
    (
        "def dense(x, W, b):\n    from course_utils import reference\n    return reference.dense(x, W, b)",
        "reference",
    ),
    ("def dense(x, W, b):\n    import scipy\n    return scipy.special.expit(x)", "scipy"),
    ("import scipy\ndef dense(x, W, b): return [scipy.special.expit(row) for row in x]", "scipy"),
    ("import scipy\ndef mine(x): return scipy.special.expit(x)\ndef dense(x, W, b): return mine(x)", "scipy"),
]


@pytest.mark.parametrize(("source", "library"), USES)
def test_a_forbidden_library_is_found(source, library):
    assert [name for name in forbidden_uses(defined(source), LAB) if library in name]


ALLOWED = [
    "def dense(x, W, b): return x @ W.T + b",
    "import scipy\ndef dense(x, W, b): return np.einsum('bi,oi->bo', x, W) + b",  # imported, not used
    "def mine(x): return dense\ndef dense(x, W, b): return mine(x)",  # functions that call each other
    "import math\ndef dense(x, W, b): return math.fsum(x)",
]


@pytest.mark.parametrize("source", ALLOWED)
def test_what_is_allowed_is_left_alone(source):
    assert forbidden_uses(defined(source), LAB) == []


@pytest.mark.parametrize("what", [None, 3, len, np.sum])
def test_what_is_no_plain_function_uses_nothing(what):
    assert forbidden_uses(what, LAB) == []


@pytest.mark.parametrize("execution", [None, "autograde"])
def test_the_check_refuses_it_in_the_notebook_and_while_grading(monkeypatch, execution):
    if execution:
        monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    check = open_lab("01_neurons")
    with pytest.raises(CheckFailed, match=r"dense uses course_utils.reference, which this lab forbids"):
        check("dense", defined(USES[0][0]))
