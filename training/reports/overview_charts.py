"""Charts of a data set: class frequencies, and a sheet of samples."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.errors import InputError
from training.datasets.faceset import SPLITS, FaceSet
from training.datasets.labels import LabelSet, truth
from training.reports.mistakes import refuse_if_kept_by_git
from training.reports.style import LIGHT, WIDTH_IN, Theme, dress, new_figure, to_png

SAMPLES = 8
"""Number of pictures per class on the sheet."""

SIDE, GAP = 48, 2


def draw(faces: FaceSet, found: Mapping[str, Any], labels: LabelSet, out: Path, seed: int = 1) -> tuple[Path, Path]:
    """Write `classes.png` and `samples.png`.

    Args:
        faces: All rows.
        found: What `overview.survey` returned.
        labels: The set whose classes are drawn.
        out: The folder; created if it is missing.
        seed: Of the random choice of samples.

    Returns:
        The two files.

    Raises:
        InputError: If the folder cannot be written to, or git does not ignore it: the samples show people.
    """
    refuse_if_kept_by_git(out)
    chart, sheet = out / "classes.png", out / "samples.png"
    try:
        out.mkdir(parents=True, exist_ok=True)
        chart.write_bytes(to_png(class_chart(found["classes"][labels.name], LIGHT)))
        sheet.write_bytes(to_png(sample_sheet(faces, labels, LIGHT, seed)))
    except OSError as error:
        raise InputError(f"{out} cannot be written to ({error}); name another folder with --out.") from error
    return chart, sheet


def class_chart(classes: Mapping[str, Mapping[str, int]], theme: Theme) -> Figure:
    """Bars of the number of pictures of each class, one bar per split that has pictures.

    Args:
        classes: {label: {split: n}}.
        theme: Of the chart.
    """
    splits = [usage for usage in SPLITS if any(counts[usage] for counts in classes.values())]
    figure = new_figure(theme, 0.62 * len(classes) + 1.2, "Pictures of each class")
    axes = figure.add_subplot()
    dress(axes, theme, "pictures", "")
    axes.grid(visible=False, axis="y")
    middle, height = np.arange(len(classes)), 0.8 / max(len(splits), 1)
    for number, (usage, colour) in enumerate(zip(splits, theme.series, strict=False)):
        values = [counts[usage] for counts in classes.values()]
        place = middle + (number - (len(splits) - 1) / 2) * height
        bars = axes.barh(place, values, height=0.9 * height, color=colour, label=usage)
        axes.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize=7.5, color=theme.text)
    axes.set_yticks(middle, list(classes))
    axes.invert_yaxis()
    axes.margins(x=0.12, y=0.02)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9, labelcolor=theme.text)
    return figure


def sample_sheet(faces: FaceSet, labels: LabelSet, theme: Theme, seed: int = 1) -> Figure:
    """A row of `SAMPLES` random Training pictures per class; fewer where a class has fewer."""
    counts, label = truth(faces, labels)
    counts &= faces.usage == "Training"
    random = np.random.default_rng(seed)
    step = SIDE + GAP
    sheet = np.full((len(labels.labels) * step, SAMPLES * step), 255, np.uint8)
    for row in range(len(labels.labels)):
        members = np.flatnonzero(counts & (label == row))
        for column, member in enumerate(random.permutation(members)[:SAMPLES]):
            y, x = row * step, column * step
            sheet[y : y + SIDE, x : x + SIDE] = faces.images[member, :, :, 0]
    figure = new_figure(theme, 0.4 + 0.78 * WIDTH_IN * sheet.shape[0] / sheet.shape[1], "Random training pictures")
    axes = figure.add_subplot()
    axes.imshow(sheet, cmap="gray", vmin=0, vmax=255)
    axes.set_xticks([])
    axes.set_yticks(np.arange(len(labels.labels)) * step + SIDE / 2, labels.labels)
    axes.tick_params(colors=theme.text, labelsize=9, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure
