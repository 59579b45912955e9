"""Labels: symbols become mathematics, counts get whole ticks."""

import numpy as np
import pytest

from course_utils import plots
from course_utils.plots.style import mathematical


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("x_1", "$x_{1}$"),
        ("h_2 = 0", "$h_{2}$ = 0"),
        ("loss", "loss"),
        ("$w_1$ kept", "$w_1$ kept"),
        ("learning_rate", "learning_rate"),
    ],
)
def test_symbols_with_an_index_become_mathematics(label, shown):
    assert mathematical(label) == shown


def test_a_units_name_is_mathematics_in_the_legend():
    fig = plots.points(np.eye(2), [0, 1], lines=[(np.ones(2), -0.5, "h_1")])
    assert "$h_{1}$" in [text.get_text() for text in fig.legends[0].get_texts()]


def test_counts_have_whole_ticks():
    bars = plots.bars(["1", "2"], [1, 3], y_label="starts that fail")
    curve = plots.error_curves([1, 2, 3], {"a": [0.5, 0.2, 0.1]}, x_label="units", y_label="error", log="y")
    for ticks in (bars.axes[0].get_yticks(), curve.axes[0].get_xticks()):
        assert np.equal(np.mod(ticks, 1), 0).all()


def test_fractions_keep_their_ticks():
    ticks = plots.bars(["1", "2"], [0.1, 0.25], y_label="error").axes[0].get_yticks()
    assert not np.equal(np.mod(ticks, 1), 0).all()
