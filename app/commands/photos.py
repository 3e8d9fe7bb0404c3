"""Labelled photos: DIR/images and DIR/labels.csv with the columns `image,emotion`."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.types import Detection
from models.emotions import FER2013, canonical
from models.errors import InputError


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and what its face expresses: one of FER2013's seven."""

    path: Path
    emotion: str


def read_labels(folder: Path) -> tuple[Photo, ...]:
    """Read labels.csv and see that every photo is there.

    Raises:
        InputError: If labels.csv is missing, empty or not a table, or a row of it cannot be used; names file and line.
    """
    labels = folder / "labels.csv"
    try:
        with labels.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            if not {"image", "emotion"} <= set(reader.fieldnames or ()):
                raise InputError(f"{labels} has no header with the columns image and emotion.")
            photos = tuple(_photo(folder, f"{labels}, line {reader.line_num}", row) for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{labels} cannot be read: {reason}; it lists image,emotion for DIR/images.") from error
    if not photos:
        raise InputError(f"{labels} lists no photo.")
    return photos


def _photo(folder: Path, place: str, row: dict[str, str | None]) -> Photo:
    name, word = (row["image"] or "").strip(), (row["emotion"] or "").strip()
    emotion = canonical(word)
    if emotion not in FER2013:
        raise InputError(f"{place}: {word!r} is none of {', '.join(FER2013)}.")
    path = folder / "images" / name
    if not name or not path.is_file():
        raise InputError(f"{place}: there is no photo {path}.")
    return Photo(path, emotion)


def largest(faces: Sequence[Detection]) -> Detection | None:
    """The face with the largest box, or None if there is none."""
    return max(faces, key=lambda found: found.box.area, default=None)


def batches(count: int, size: int) -> Iterator[slice]:
    """Cut `count` items into slices of at most `size`.

    >>> list(batches(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
