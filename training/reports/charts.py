"""Charts of training and evaluation: each function takes figures and a theme and returns a Matplotlib figure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from models.emotions import SETS
from training.metrics import ReliabilityBin
from training.reports.model import History
from training.reports.style import Theme, dress, legend, new_figure

LEAST_IN_BIN = 5
"""Pictures below which a bin's accuracy says nothing."""

LOSSES = {"loss": "Training", "val_loss": "Validation"}


def heads_of(history: History) -> tuple[str, ...]:
    """The label sets whose accuracies a history contains."""
    columns = {name for row in history for name in row}
    return tuple(name for name in SETS if {f"{name}_accuracy", f"val_{name}"} & columns)


def accuracy_curves(history: History, theme: Theme) -> Figure:
    """Accuracy over the epochs: solid lines for validation, dashed ones for training, one colour per head."""
    figure = new_figure(theme, 3.4, "Accuracy over the epochs")
    axes = figure.add_subplot()
    for head, colour in zip(heads_of(history), theme.series, strict=False):
        _line(axes, history, f"val_{head}", f"{head}, validation", color=colour)
        _line(axes, history, f"{head}_accuracy", f"{head}, training (augmented)", color=colour, linestyle="--")
    _over_epochs(axes, theme, "accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=None))
    legend(axes, theme)
    return figure


def loss_curves(history: History, theme: Theme) -> Figure:
    """Training loss over the epochs and, where it was measured, validation loss."""
    figure = new_figure(theme, 3.0, "Loss over the epochs")
    axes = figure.add_subplot()
    for (column, label), colour in zip(LOSSES.items(), theme.series, strict=False):
        _line(axes, history, column, label, color=colour)
    _over_epochs(axes, theme, "loss")
    legend(axes, theme)
    return figure


def confusion(matrix: NDArray[np.integer], labels: Sequence[str], theme: Theme, *, by_rows: bool) -> Figure:
    """Confusion matrix, rows = ground truth, coloured by the share of the row.

    Args:
        matrix: Counts, int (k, k).
        labels: Name of each class.
        theme: Of the chart.
        by_rows: Print row percentages instead of counts.
    """
    k = len(labels)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    title = "Confusion matrix, per cent of each row" if by_rows else "Confusion matrix, counts"
    figure = new_figure(theme, 4.6, title)
    axes = figure.add_subplot()
    dress(axes, theme, "read as", "labelled")
    axes.grid(visible=False)
    axes.imshow(shares, cmap=theme.scale, vmin=0, vmax=1)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks(range(k), labels, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(k), labels)
    for row in range(k):
        for column in range(k):
            share = shares[row, column]
            text = f"{100 * share:.0f}" if by_rows else f"{matrix[row, column]}"
            axes.text(column, row, text, ha="center", va="center", fontsize=9, color=theme.ink_on(share))
    return figure


def class_bars(per_class: Mapping[str, Mapping[str, float]], theme: Theme) -> Figure:
    """Bars of precision, recall and F1 of each class, labelled with its name and number of pictures."""
    labels = [f"{name}\n{figures['n']:,}" for name, figures in per_class.items()]
    figure = new_figure(theme, 0.62 * len(labels) + 1.2, "Precision, recall and F1 of each class")
    axes = figure.add_subplot()
    dress(axes, theme, "per cent", "")
    axes.grid(visible=False, axis="y")
    middle = np.arange(len(labels))
    for offset, (key, name), colour in zip(
        (-0.27, 0.0, 0.27), (("precision", "precision"), ("recall", "recall"), ("f1", "F1")), theme.series, strict=True
    ):
        values = [100 * figures[key] for figures in per_class.values()]
        bars = axes.barh(middle + offset, values, height=0.25, color=colour, label=name)
        axes.bar_label(bars, fmt="%.0f", padding=2, fontsize=7.5, color=theme.text)
    axes.set_yticks(middle, labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 108)
    axes.set_xticks(range(0, 101, 20))
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9, labelcolor=theme.text)
    return figure


def reliability_diagram(before: Sequence[ReliabilityBin], after: Sequence[ReliabilityBin], theme: Theme) -> Figure:
    """Reliability diagram without and with the temperature, above a histogram of the confidence."""
    figure = new_figure(theme, 4.6, "Reliability")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    dress(upper, theme, "", "accuracy")
    dress(lower, theme, "confidence (probability of the label given)", "pictures")
    upper.plot((0, 1), (0, 1), color=theme.text, linewidth=1, linestyle=":", label="as right as it is sure")
    styles = ((before, "without temperature", "--", "s"), (after, "with temperature", "-", "o"))
    for (bins, label, line, marker), colour in zip(styles, (theme.series[1], theme.series[0]), strict=True):
        x, n = [b.confidence for b in bins], [b.n for b in bins]
        upper.plot(x, [b.accuracy for b in bins], line, color=colour, marker=marker, markersize=4, label=label)
        lower.plot(x, n, line, color=colour, marker=marker, markersize=3)
    upper.set_ylim(0, 1.02)
    lower.set_xlim(0, 1.02)
    lower.set_ylim(bottom=0)
    for axis in (upper.yaxis, lower.xaxis):
        axis.set_major_formatter(PercentFormatter(1))
    legend(upper, theme, loc="upper left")
    return figure


def reliability_curves(sets: Mapping[str, Sequence[ReliabilityBin]], theme: Theme) -> Figure:
    """Accuracy over confidence, a line per data set (at most three), through the bins of at least `LEAST_IN_BIN`
    pictures; the larger the bin, the larger its mark."""
    figure = new_figure(theme, 3.8, "Reliability of what is shown")
    axes = figure.add_subplot()
    dress(axes, theme, "shown probability", "right")
    axes.plot((0, 1), (0, 1), color=theme.text, linewidth=1, linestyle=":", label="as right as it is sure")
    for (name, bins), colour in zip(sets.items(), theme.series, strict=False):
        total, drawn = sum(b.n for b in bins), [b for b in bins if b.n >= LEAST_IN_BIN]
        x, y = [b.confidence for b in drawn], [b.accuracy for b in drawn]
        axes.plot(x, y, color=colour, linewidth=1.6, label=name)
        axes.scatter(x, y, [6 + 300 * b.n / total for b in drawn], color=colour, linewidths=0)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    legend(axes, theme, loc="lower right")
    return figure


def _line(axes: Axes, history: History, column: str, label: str, **style: Any) -> None:
    """One column over the epochs; draws nothing if the history lacks it."""
    points = [(row["epoch"], row[column]) for row in history if column in row]
    if points:
        x, y = zip(*points, strict=True)
        marker = "o" if len(points) < 15 else ""
        axes.plot(x, y, marker=marker, markersize=4, linewidth=1.6, label=label, **style)


def _over_epochs(axes: Axes, theme: Theme, y: str) -> None:
    dress(axes, theme, "epoch", y)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
