"""Labelled claims: DIR/images and DIR/detections.csv with the columns `image,x,y,width,height,score,label`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.commands.tables import read_rows
from app.core.geometry import contains, iou
from app.core.types import Box
from app.sources.content import PICTURE_SUFFIXES
from app.sources.folder import natural_key
from models.errors import InputError

LABELS = ("face", "depiction", "animal", "none")
"""Content of a claim: a person's face, a drawn, printed or modelled one, an animal, or none of these."""

_COLUMNS = ("image", "x", "y", "width", "height", "label")
_SAME_IOU = 0.3


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """What an annotator saw in a box: one of `LABELS`."""

    box: Box
    label: str


def pictures_of(folder: Path) -> tuple[Path, ...]:
    """The pictures of DIR/images, or of DIR itself where it has no such folder, in natural order of their names.

    Raises:
        InputError: If there are none.
    """
    place = folder / "images" if (folder / "images").is_dir() else folder
    try:
        files = [file for file in place.iterdir() if file.suffix.lower() in PICTURE_SUFFIXES and file.name[0] != "."]
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror}; name a folder of pictures.") from error
    if not files:
        raise InputError(f"{place} has no pictures.")
    return tuple(sorted(files, key=lambda file: natural_key(file.name)))


def read_detections(path: Path) -> Mapping[str, Sequence[LabelledBox]]:
    """Read detections.csv: name of a picture -> what was seen in its boxes.

    Raises:
        InputError: If it cannot be read, lacks a column, or a row cannot be used; names file and line.
    """
    seen: dict[str, list[LabelledBox]] = {}
    for place, row in read_rows(path, _COLUMNS):
        seen.setdefault(row["image"], []).append(_row(row, place))
    return seen


def _row(row: Mapping[str, str], place: str) -> LabelledBox:
    label = row["label"].lower()
    if label not in LABELS:
        raise InputError(f"{place}: {row['label']!r} is not one of {', '.join(LABELS)}.")
    try:
        box = Box(*(float(row[name]) for name in ("x", "y", "width", "height")))
    except ValueError as error:
        raise InputError(f"{place}: a cell of the box is not a number.") from error
    return LabelledBox(box, label)


def overlapping(box: Box, labelled: Sequence[LabelledBox]) -> LabelledBox | None:
    """The labelled box that overlaps most, if by more than an IoU of 0.3."""
    same = [one for one in labelled if iou(one.box, box) > _SAME_IOU]
    return max(same, key=lambda one: iou(one.box, box), default=None)


def is_of(box: Box, labelled: LabelledBox) -> bool:
    """Whether a shown box shows what is labelled: they overlap (IoU over 0.3), or its centre is inside."""
    return iou(labelled.box, box) > _SAME_IOU or contains(labelled.box, box.center)


def matching(box: Box, labelled: Sequence[LabelledBox]) -> LabelledBox | None:
    """The labelled box that a shown box shows; among several, the one that overlaps most."""
    same = [one for one in labelled if is_of(box, one)]
    return max(same, key=lambda one: iou(one.box, box), default=None)
