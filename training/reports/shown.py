"""What a shown probability was worth: how often the strongest emotion was right, on FER2013, FER+ and photos."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.bundle import PHOTO_COLUMNS
from models.emotions import MIXTURE, canonical
from models.engines import Classifier
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.datasets.labels import label_set, truth
from training.metrics import bins_of_confidence, bootstrap_interval, calibration_error
from training.reports.charts import reliability_curves
from training.reports.page import Section, draw, joined, paragraph, percent, picture, side_by_side, table

FIVE = ("anger", "happiness", "sadness", "surprise", "neutral")
"""Of the photos' labels, those that can be trusted: most photos labelled disgust show none, and none shows fear."""

NEAR_80 = (0.75, 0.85)
BATCH = 256


@dataclass(frozen=True, slots=True)
class Shown:
    """The strongest emotion that the program shows for each picture of a set, and whether it is the label.

    Attributes:
        name: Of the set.
        confidence: Its probability, 0..1, float (n,).
        right: bool (n,).
    """

    name: str
    confidence: NDArray[np.floating]
    right: NDArray[np.bool_]

    def near_80(self) -> NDArray[np.bool_]:
        """Whether each picture that is shown with a probability within `NEAR_80` is right."""
        low, high = NEAR_80
        return self.right[(self.confidence >= low) & (self.confidence <= high)]

    def sentence(self) -> str:
        """What a shown 80 % was worth on this set."""
        right = self.near_80()
        if not len(right):
            return f"{self.name}: no picture is shown with 75 to 85 %."
        low, high = bootstrap_interval(right)
        return (
            f"{self.name}: of the {len(right):,} pictures shown with 75 to 85 %, {100 * right.mean():.0f} % are right "
            f"({100 * low:.0f} to {100 * high:.0f})."
        )


def shown_on(classifier: Classifier, faces: FaceSet, split: str) -> list[Shown]:
    """The shown head on FER2013's labels and on FER+'s majority votes, each picture read with its mirror image.

    Args:
        classifier: A bundle in an engine.
        faces: All rows; those of `split` are read.
        split: One of `training.datasets.faceset.SPLITS`.

    Returns:
        One entry for each kind of label that the rows have and the head knows; none for a head of other emotions.
    """
    chosen, head = faces.split(split), classifier.bundle.head()
    parts = (chosen.images[at : at + BATCH] for at in range(0, len(chosen), BATCH))
    probabilities = np.concatenate([classifier.probabilities(part, mirrored=True) for part in parts])
    result = []
    for name, title in (("fer2013", f"FER2013 {split}"), ("ferplus", f"FER+ {split}")):
        if head.name not in (name, MIXTURE) or (name == "ferplus" and faces.votes is None):
            continue
        labels = label_set(name)
        rows, label = truth(chosen, labels)
        if rows.any():
            wanted = np.array(labels.labels)[label[rows]]
            result.append(_shown(title, probabilities[rows], head.labels, wanted))
    return result


def read_photos(path: Path) -> Shown:
    """Read what `python -m app score --probabilities FILE` wrote, for the photos labelled with one of `FIVE`.

    Photos without a face show no probability and are left out.

    Raises:
        InputError: If the file cannot be read, has other columns, no such photo, or a cell that is not a probability.
    """
    wanted: list[str] = []
    values: list[list[float]] = []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file, strict=True)
            columns = list(reader.fieldnames or ())
            emotions = columns[len(PHOTO_COLUMNS) :]
            if tuple(columns[: len(PHOTO_COLUMNS)]) != PHOTO_COLUMNS or not emotions:
                raise InputError(f"{path} has other columns; write it with `python -m app score --probabilities FILE`.")
            for row in reader:
                cells = [row[name] for name in emotions]
                if canonical(row["label"] or "") not in FIVE or not any(cells):
                    continue
                try:
                    values.append(_probabilities(cells))
                except (TypeError, ValueError) as error:
                    raise InputError(
                        f"{path}, line {reader.line_num}: a cell is not a probability ({error})."
                    ) from error
                wanted.append(str(canonical(row["label"])))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if not wanted:
        raise InputError(f"{path} has no photo of {', '.join(FIVE)} with a face; write it again.")
    return _shown("photos, five emotions", np.array(values), emotions, np.array(wanted))


def _probabilities(cells: Sequence[str | None]) -> list[float]:
    values = [float(cell) for cell in cells if cell is not None]
    if len(values) != len(cells) or not all(0 <= value <= 1 for value in values):
        raise ValueError(f"{cells} are not all from 0 to 1")
    return values


def _shown(name: str, probabilities: NDArray[np.floating], emotions: Sequence[str], wanted: NDArray[np.str_]) -> Shown:
    strongest = np.array(emotions)[probabilities.argmax(axis=1)]
    return Shown(name, probabilities.max(axis=1), strongest == wanted)


def shown_section(sets: Sequence[Shown]) -> Section:
    """Reliability curves of what is shown on each set, and in one sentence each what 80 % was worth."""
    names = ", ".join(each.name for each in sets)
    curves = {each.name: bins_of_confidence(each.confidence, each.right) for each in sets}
    alt = f"Accuracy over the shown probability on {names}; the table below has the figures."
    drawn = draw("reliability-shown", alt, partial(reliability_curves, curves))
    rows = [
        [
            each.name,
            f"{len(each.right):,}",
            percent(float(each.confidence.mean())),
            percent(float(each.right.mean())),
            percent(calibration_error(curves[each.name])),
        ]
        for each in sets
    ]
    header = ("data", "N", "mean probability", "right", "expected calibration error")
    lead = "The strongest emotion as the program shows it, each picture read together with its mirror image."
    content = joined(map(paragraph, (lead, *(each.sentence() for each in sets))))
    content += side_by_side([picture(drawn)]) + table("The strongest emotion and its probability", header, rows)
    return Section("shown", "What a shown probability was worth", content, (drawn,))
