"""Learning curves: loss and metric of one training run, or of several, epoch by epoch."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_utils.plots.histories import History, Run, read_runs
from course_utils.plots.inputs import drawable
from course_utils.plots.line_ends import Ending, draw_with_gaps, gap_handle, label_ends, number_axis
from course_utils.plots.style import BLACK, CLASS_COLOURS, MARKERS, panels, series_look, style

PARTS = ("train", "validation")
RUN_COLOURS = (*CLASS_COLOURS, BLACK)
RUN_MARKERS = (*MARKERS, "v")
DARK = "#4D4D4D"  # of a legend that speaks of all colours
LABELS = {"loss": "loss (mean per example)", "accuracy": "accuracy (share of examples)"}


@style()
def learning_curves(
    history: History | Mapping[str, History],
    *,
    metric: str | None = "accuracy",
    log: bool = False,
    title: str | None = None,
) -> Figure:
    """Draw the loss and a metric of a training run against epochs, or those of several runs.

    A value that is NaN or infinite leaves a grey gap with a cross. With several runs a colour is a run, and
    train and validation differ by their dashes.

    Args:
        history: Mapping of columns of one length, an entry an epoch: "epoch", "train_loss",
            "train_accuracy", and if they were measured "validation_loss", "validation_accuracy"; or name of
            a run to such a mapping, at most five.
        metric: Name of the metric after "train_" and "validation_", or None to draw the loss alone.
        log: True for a logarithmic axis of the loss.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        TypeError: If `history` is not a mapping of columns of numbers.
        ValueError: If a history is empty, lacks a column, has columns of different lengths, has epochs that
            do not increase, a loss that is not positive on a logarithmic axis, or there are too many runs.
    """
    runs = read_runs(history, metric)
    if log:
        _check_log(runs)
    drawn = ["loss", *([metric] if metric else [])]
    width, height = (8.0, 3.4) if "" in runs else (9.0, 4.2)  # several names need more room
    fig, axes = panels(1, len(drawn), height=height, width=width)
    endings = []
    for ax, quantity in zip(axes, drawn, strict=True):
        ax.set_yscale("log" if log and quantity == "loss" else "linear")
        endings.append((ax, _draw(ax, runs, quantity)))
        ax.set(xlabel="epoch", ylabel=LABELS.get(quantity, quantity), xlim=_reach(runs))
        number_axis(ax.xaxis)
    if title:
        fig.suptitle(title)
    _legend(fig, runs)
    label_ends(fig, endings)
    return fig


def _check_log(runs: Mapping[str, Run]) -> None:
    for run in runs.values():
        for name, values in run.columns.items():
            if name.endswith("_loss"):
                drawable(values[np.isfinite(values)], name, "log")


def _reach(runs: Mapping[str, Run]) -> tuple[float, float]:
    epochs = np.concatenate([run.epochs for run in runs.values()])
    margin = max(0.5, 0.03 * float(np.ptp(epochs)))
    return float(epochs.min()) - min(margin, 0.9), float(epochs.max()) + margin


def _draw(ax: Axes, runs: Mapping[str, Run], quantity: str) -> list[Ending]:
    endings = []
    for number, (name, run) in enumerate(runs.items()):
        found = [part for part in PARTS if f"{part}_{quantity}" in run.columns]
        for place, part in enumerate(found):
            colour, dashes = series_look(place, part)
            marker = MARKERS[place]
            if name:
                colour, marker = RUN_COLOURS[number], RUN_MARKERS[number]
            end = draw_with_gaps(
                ax,
                run.epochs,
                run.columns[f"{part}_{quantity}"],
                name=name or part,
                look=(colour, dashes, marker),
                level=len(PARTS) * number + place,
            )
            if not name or part == found[-1]:
                endings.append(end)
    return endings


def _legend(fig: Figure, runs: Mapping[str, Run]) -> None:
    """Say what the dashes of several runs mean, and the crosses."""
    columns = [(name, values) for run in runs.values() for name, values in run.columns.items()]
    handles: list[Line2D] = []
    if "" not in runs:
        measured = [part for part in PARTS if any(name.startswith(part) for name, _ in columns)]
        for part in measured:
            handles.append(Line2D([], [], color=DARK, label=part))
            handles[-1].set(linestyle=series_look(0, part)[1])
    if not all(np.isfinite(values).all() for _, values in columns):
        handles.append(gap_handle("not a finite number"))
    if handles:
        fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
