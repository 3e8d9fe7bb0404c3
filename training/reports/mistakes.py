"""The most confident mistakes as a contact sheet, and a check that keeps pictures of people out of git."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from models.errors import InputError
from training.reports.predictions import Predictions
from training.reports.style import WIDTH_IN, Theme, new_figure

COLUMNS, ROWS = 4, 6
_SIDE = 48
_CELL = (52, 62)
"""Width and height of a cell of the contact sheet, in picture pixels, with room for two lines of text."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture, uint8 (48, 48), its label, what it was read as, and the probability 0..1 of that prediction."""

    image: NDArray[np.uint8]
    labelled: str
    read: str
    confidence: float


def most_confident(predicted: Predictions, most: int = COLUMNS * ROWS) -> tuple[Mistake, ...]:
    """The wrong answers with the highest calibrated confidence, highest first; at most `most` of them."""
    probabilities = predicted.calibrated
    guess, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(guess != predicted.truth)
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")][:most]
    labels = predicted.head.labels
    return tuple(
        Mistake(predicted.images[i, :, :, 0], labels[predicted.truth[i]], labels[guess[i]], float(confidence[i]))
        for i in chosen
    )


def contact_sheet(mistakes: Sequence[Mistake], title: str, theme: Theme) -> Figure:
    """The pictures in rows, most confident first, each with its label, its prediction and the confidence."""
    rows = max(1, -(-len(mistakes) // COLUMNS))
    figure = new_figure(theme, 0.35 + WIDTH_IN * rows * _CELL[1] / (COLUMNS * _CELL[0]), title)
    axes = figure.add_subplot()  # one for all: laying out two dozen axes takes seconds
    axes.set_axis_off()
    for number, mistake in enumerate(mistakes):
        row, column = divmod(number, COLUMNS)
        x, y = column * _CELL[0], row * _CELL[1]
        height, width = mistake.image.shape
        place = (x, x + width, y + height, y)
        axes.imshow(mistake.image, cmap="gray", vmin=0, vmax=255, interpolation="bilinear", extent=place)
        text = f"labelled {mistake.labelled}\nread {mistake.read}, {100 * mistake.confidence:.0f} %"
        axes.text(x + width / 2, y - 1.5, text, ha="center", va="bottom", fontsize=7, color=theme.text)
    axes.set_xlim(_SIDE - _CELL[0], COLUMNS * _CELL[0])
    axes.set_ylim(rows * _CELL[1] - (_CELL[1] - _SIDE), _SIDE - _CELL[1])
    return figure


def refuse_if_kept_by_git(folder: Path) -> None:
    """Check that pictures written into a folder (which need not exist yet) cannot be committed by accident.

    Raises:
        InputError: If the folder lies in a git working tree and is not ignored there, or git is not installed.
    """
    folder = folder.resolve()
    if not any((place / ".git").exists() for place in (folder, *folder.parents)):
        return
    existing = next(place for place in (folder, *folder.parents) if place.is_dir())
    git = shutil.which("git")
    if git is not None:
        asked = subprocess.run(
            [git, "check-ignore", str(folder / "mistakes.png")], cwd=existing, capture_output=True, timeout=60
        )
        if asked.returncode == 0:
            return
    raise InputError(
        f"{folder} lies in a git repository that does not ignore it, and the files show people from the data; "
        "name a folder outside it, or one under runs/, with --out."
    )
