from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils import plots

A, B = [2, -1, 1], [1, 1, 2]  # the deck's signals, whose convolution is (2, 1, 4, -1, 2)


def rows(fig: Figure) -> list[list[str]]:
    """Return the numbers in the cells, row by row."""
    ax = fig.axes[0]
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_zorder() == 1]
    found: dict[float, list[tuple[float, str]]] = {}
    for cell in cells:
        (text,) = [text for text in ax.texts if text.get_position() == pytest.approx(cell.get_center())]
        found.setdefault(round(cell.get_y(), 4), []).append((cell.get_x(), text.get_text()))
    return [[text for _, text in sorted(found[y])] for y in sorted(found)]


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def test_translate_and_scale_stacks_the_copies_and_their_sum() -> None:
    fig = plots.signal_steps(A, B, title="By hand")
    assert rows(fig) == [
        ["2", "−1", "1"],
        ["1", "1", "2"],
        ["2", "2", "4"],
        ["−1", "−1", "−2"],
        ["1", "1", "2"],
        ["2", "1", "4", "−1", "2"],
    ]
    assert {"By hand", "2 × b, moved by 0", "+ (−1) × b, moved by 1", "+ 1 × b, moved by 2"} <= set(
        texts(fig)
    )


def test_each_copy_has_the_look_of_its_scale_and_stands_at_its_place() -> None:
    fig = plots.signal_steps(A, B)
    marks = [p for p in fig.axes[0].patches if isinstance(p, Rectangle) and p.get_zorder() == 3]
    looks = [(mark.get_edgecolor(), mark.get_linestyle()) for mark in marks]
    assert looks[:3] == looks[3:]
    assert len(set(looks)) == 3
    side = marks[4].get_x() - marks[3].get_x()
    assert marks[5].get_x() - marks[4].get_x() == pytest.approx(side)
    assert marks[3].get_width() == pytest.approx(marks[0].get_width() + 2 * side)


def test_flip_and_filter_reverses_b_and_writes_the_sums() -> None:
    fig = plots.signal_steps(A, B, method="flip and filter")
    assert rows(fig) == [["2", "−1", "1"], *[["2", "1", "1"]] * 5, ["2", "1", "4", "−1", "2"]]
    sums = [text for text in texts(fig) if "·" in text]
    assert sums == [
        "2·1 = 2",
        "2·1 + (−1)·1 = 1",
        "2·2 + (−1)·1 + 1·1 = 4",
        "(−1)·2 + 1·1 = −1",
        "1·2 = 2",
    ]


def test_each_result_stands_under_the_last_cell_of_its_row() -> None:
    ax = plots.signal_steps(A, B, method="flip and filter").axes[0]
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_zorder() == 1]
    last = [max(cell.get_x() for cell in cells[3 + 3 * t : 6 + 3 * t]) for t in range(5)]
    assert [cell.get_x() for cell in cells[18:]] == pytest.approx(last)


def test_names_and_signals_of_other_lengths() -> None:
    fig = plots.signal_steps([1, 0, 2, 0], [0.5], names=("x", "w"), method="flip and filter")
    assert rows(fig)[-1] == ["0.5", "0", "1", "0"]
    assert {"x", "x ∗ w", "w reversed, t = 3"} <= set(texts(fig))


@pytest.mark.parametrize(
    ("a", "b", "options", "message"),
    [
        ([[1]], B, {}, r"a must have one axis, \(count,\), but has shape \(1, 1\)"),
        (A, [], {}, "b is empty"),
        (A, [np.nan], {}, "b has 1 values that are NaN"),
        (A, B, {"method": "fft"}, "method is 'fft' but must be one of translate and scale, flip and filter"),
        (np.ones(40), B, {}, "a has 40 entries and b has 3, too many for one page"),
    ],
)
def test_signal_steps_refuses_what_it_cannot_draw(a: Any, b: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.signal_steps(a, b, **options)
