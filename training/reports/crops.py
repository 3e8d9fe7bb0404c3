"""The curve of `python -m app calibrate`: accuracy on photos for each crop that was tried."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from models.bundle import CURVE_COLUMNS, CropGeometry
from models.errors import InputError
from training.reports.style import Theme, dress, new_figure

SPAN = 0.1
"""Range of accuracy below the best that the colours of `crop_map` cover."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One crop that was tried: side over the longer side of the box, shift downwards in box sides, accuracy 0..1."""

    scale: float
    dy: float
    accuracy: float


def read_curve(path: Path) -> Mapping[str, Sequence[Trial]]:
    """Read what `calibrate --curve FILE` wrote: detector -> trials in the order of the file.

    Raises:
        InputError: If it is missing, lacks a column, has no rows or has a cell that is not a number.
    """
    curves: dict[str, list[Trial]] = {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = [name for name in CURVE_COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"{path} has no column {', '.join(missing)}; write it with calibrate --curve.")
            for row in reader:
                try:
                    trial = Trial(float(row["scale"]), float(row["dy"]), float(row["accuracy"]))
                except (TypeError, ValueError) as error:
                    raise InputError(f"{path}, line {reader.line_num}: a cell is not a number ({error}).") from error
                curves.setdefault(row["detector"], []).append(trial)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if not curves:
        raise InputError(f"{path} has no rows; write it again with calibrate --curve.")
    return curves


def crop_map(detector: str, trials: Sequence[Trial], chosen: CropGeometry, theme: Theme) -> Figure:
    """Accuracy over scale and shift as coloured squares; a ring marks the geometry in the bundle.

    The colours span the best `SPAN` of accuracy, because differences far below the plateau do not matter.
    """
    figure = new_figure(theme, 4.4, f"Accuracy over the crop, {detector}")
    axes = figure.add_subplot()
    dress(axes, theme, "scale (side of the crop over the box)", "shift downwards (box sides)")
    accuracy = np.array([trial.accuracy for trial in trials])
    x, y = [trial.scale for trial in trials], [trial.dy for trial in trials]
    lowest = max(float(accuracy.min()), float(accuracy.max()) - SPAN)
    extend = "min" if lowest > accuracy.min() else "neither"
    squares = axes.scatter(x, y, c=accuracy, vmin=lowest, cmap=theme.scale, marker="s", s=150)
    squares.set(edgecolors=theme.faint, linewidths=0.4)
    ring = axes.scatter([chosen.scale], [chosen.dy], s=240, label="in the bundle")
    ring.set(facecolors="none", edgecolors=theme.series[1], linewidths=2)
    axes.invert_yaxis()
    figure.legend(loc="outside lower center", frameon=False, fontsize=9, labelcolor=theme.text)
    bar = figure.colorbar(squares, ax=axes, format=PercentFormatter(1, decimals=1), extend=extend)
    bar.ax.tick_params(colors=theme.text, labelsize=9, length=0)
    bar.outline.set_visible(False)
    return figure
