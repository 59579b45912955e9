import subprocess
import sys

import matplotlib as mpl
import pytest

from course_utils import plots
from course_utils.plots.style import DPI, mathematical, panels, series_look


def test_palette_is_the_house_palette() -> None:
    assert (plots.BLUE, plots.VERMILLION, plots.GREEN, plots.PURPLE, plots.BLACK) == (
        "#0072B2",
        "#D55E00",
        "#009E73",
        "#CC79A7",
        "#000000",
    )


def test_style_ends_with_its_block() -> None:
    before = dict(mpl.rcParams)
    with plots.style():
        assert mpl.rcParams["font.size"] == 11
        assert mpl.rcParams["font.size"] != before["font.size"]
    assert dict(mpl.rcParams) == before


def test_style_ignores_what_the_reader_set() -> None:
    with mpl.rc_context({"lines.linewidth": 9, "axes.facecolor": "yellow"}):
        with plots.style():
            assert mpl.rcParams["lines.linewidth"] == 2
            assert mpl.rcParams["axes.facecolor"] == "white"
        assert mpl.rcParams["lines.linewidth"] == 9


def test_figures_leave_the_global_settings_alone() -> None:
    before = dict(mpl.rcParams)
    plots.function_curves({"ReLU": abs}, limits=(-1, 1), x_label="z", y_label="h")
    assert dict(mpl.rcParams) == before


def test_pyplot_and_torch_stay_unloaded() -> None:
    code = (
        "import sys, course_utils.plots as p; p.bars(['a'], [1], y_label='count');"
        "print([m for m in ('matplotlib.pyplot', 'torch', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("train", (plots.BLUE, "-")),
        ("validation", (plots.VERMILLION, "--")),
        ("truth", (plots.BLACK, "-")),
    ],
)
def test_named_series_keep_their_look_wherever_they_stand(name: str, look: tuple[str, str]) -> None:
    assert series_look(3, name) == look


def test_sixteen_series_look_different_and_four_differ_without_colour() -> None:
    looks = [series_look(index) for index in range(16)]
    assert len(set(looks)) == 16
    assert len({dashes for _, dashes in looks[:4]}) == 4


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("x_1", "$x_{1}$"),
        ("W_12", "$W_{12}$"),
        ("loss", "loss"),
        ("time (s)", "time (s)"),
        ("$z_1$", "$z_1$"),
    ],
)
def test_indexed_symbols_are_set_as_mathematics(label: str, shown: str) -> None:
    assert mathematical(label) == shown


def test_panels_come_row_by_row_at_the_course_resolution() -> None:
    fig, axes = panels(2, 3, height=4.0)
    assert len(axes) == 6
    assert fig.dpi == DPI
    assert axes[1].get_subplotspec().colspan.start == 1  # type: ignore[union-attr]
