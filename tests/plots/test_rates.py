from typing import Any

import numpy as np
import pytest

from course_utils import plots
from course_utils.plots.rates import range_test

RATES = np.geomspace(1e-5, 10, 121)
FALL = 2.3 - 1.6 / (1 + (0.01 / RATES) ** 2)  # steepest in the logarithm of the rate at 0.01
LOSSES = np.where(RATES > 0.5, FALL + 3 * np.log(RATES / 0.5) ** 2, FALL)


def legend_texts(fig: Any) -> list[str]:
    return [text.get_text() for text in fig.legends[0].get_texts()]


def test_the_loss_falls_fastest_where_its_slope_is_steepest_and_diverges_above_its_start() -> None:
    test = range_test(RATES, LOSSES)
    assert RATES[test.fastest] == pytest.approx(0.01, rel=0.15)  # type: ignore[index]
    first = RATES[np.flatnonzero((RATES > 0.5) & (LOSSES > 1.1 * 2.3))[0]]
    assert RATES[test.diverging] == pytest.approx(first, rel=0.3)  # type: ignore[index]


def test_noise_moves_the_steepest_place_little() -> None:
    noisy = LOSSES + 0.05 * np.random.default_rng(0).normal(size=len(RATES))
    fastest = range_test(RATES, noisy).fastest
    assert 0.004 < RATES[fastest] < 0.025  # type: ignore[index]


def test_a_loss_that_explodes_moves_nothing_before_it() -> None:
    exploding = np.where(RATES > 5, 1e12, LOSSES)
    calm, wild = range_test(RATES, LOSSES), range_test(RATES, exploding)
    assert (wild.fastest, wild.diverging) == (calm.fastest, calm.diverging)
    np.testing.assert_allclose(wild.smoothed[:90], calm.smoothed[:90])


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_training_has_diverged_where_the_loss_stops_being_finite(lost: float) -> None:
    measured = FALL.copy()
    measured[100:] = lost
    test = range_test(RATES, measured)
    assert test.diverging == 100
    assert len(test.smoothed) == 100


def test_a_loss_that_hardly_falls_has_no_steepest_place_and_one_that_only_falls_does_not_diverge() -> None:
    assert range_test(RATES, np.full(121, 2.3)).fastest is None
    assert range_test(RATES, np.full(121, 2.3)).diverging is None
    assert range_test(RATES, 2.3 - 0.01 * (RATES > 1)).fastest is None
    assert range_test(RATES, FALL).diverging is None


def test_the_figure_marks_what_was_found_and_what_was_chosen() -> None:
    fig = plots.learning_rate_plot(RATES, LOSSES, chosen=0.003, title="A test")
    (ax,) = fig.axes
    assert ax.get_xscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("learning rate", "loss (mean per example)")
    assert ax.get_title() == "A test"
    test = range_test(RATES, LOSSES)
    fastest, diverging = RATES[test.fastest], RATES[test.diverging]  # type: ignore[index]
    assert legend_texts(fig) == [
        "loss of one step",
        "smoothed loss",
        f"falls fastest at {fastest:.2g}",
        f"diverges from {diverging:.2g}",
        "chosen: 0.003",
    ]
    upright = {line.get_label(): line for line in ax.lines if line.get_transform() != ax.transData}
    assert [line.get_xdata()[0] for line in upright.values()] == pytest.approx([fastest, diverging, 0.003])
    assert len({line.get_linestyle() for line in upright.values()}) == 3
    low, high = ax.get_ylim()
    assert low < LOSSES.min()
    assert high < 3.5  # what comes after is out of the picture


def test_without_divergence_and_choice_neither_is_named() -> None:
    assert len(legend_texts(plots.learning_rate_plot(RATES, FALL))) == 3
    assert legend_texts(plots.learning_rate_plot(RATES, np.ones(121))) == [
        "loss of one step",
        "smoothed loss",
    ]


def test_five_steps_are_enough_and_are_not_smoothed() -> None:
    losses = [2.3, 2.2, 1.0, 0.9, 3.0]
    fig = plots.learning_rate_plot([1e-3, 1e-2, 0.1, 1, 10], losses)
    np.testing.assert_array_equal(fig.axes[0].lines[1].get_ydata(), losses)


@pytest.mark.parametrize(
    ("rates", "losses", "options", "message"),
    [
        ([], [], {}, "rates is empty"),
        ([1, 2, 3, 4], [1] * 4, {}, "rates has 4 entries but a curve needs at least 5; take more steps"),
        ([1, 2, 3, 4, 5], [1] * 4, {}, r"one length, but rates.shape=\(5,\) and losses.shape=\(4,\)"),
        ([1, 2, 2, 4, 5], [1] * 5, {}, "rates must be positive and increase from one step to the next; sort"),
        ([0, 1, 2, 4, 5], [1] * 5, {}, "rates must be positive and increase"),
        ([1, 2, 3, 4, np.nan], [1] * 5, {}, "rates has 1 values that are NaN"),
        (
            [1, 2, 3, 4, 5],
            [np.nan] * 5,
            {},
            "the first loss is nan but must be finite; start at a lower learn",
        ),
        (RATES, LOSSES, {"chosen": 0.0}, "chosen is 0.0 but must be a positive learning rate; choose one of"),
        (RATES, LOSSES, {"chosen": np.nan}, "chosen is nan but must be a positive learning rate"),
    ],
)
def test_learning_rate_plot_refuses_what_it_cannot_draw(
    rates: Any, losses: Any, options: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plots.learning_rate_plot(rates, losses, **options)
