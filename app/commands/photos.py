"""Labelled photos: DIR/images and DIR/labels.csv with the columns `image,emotion`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.commands.tables import read_rows
from app.core.types import Detection, Image
from app.headless.parts import OpenedParts
from app.sources.images import read_picture
from models.emotions import FER2013, canonical
from models.errors import InputError

_REACH = 3.2
"""Side of the part kept of a photo, in longer sides of the face's box: more than any crop needs, even a rotated one."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and what its face expresses: one of FER2013's seven."""

    path: Path
    emotion: str


@dataclass(frozen=True, slots=True)
class PhotoFace:
    """The largest face of a photo.

    Attributes:
        image: The face with its surroundings, BGR uint8.
        face: The face, in pixels of that image.
        truth: Its label, a position in FER2013's seven.
    """

    image: Image
    face: Detection
    truth: int


def read_labels(folder: Path) -> tuple[Photo, ...]:
    """Read labels.csv and check that every photo exists.

    Raises:
        InputError: If labels.csv is missing, empty or not a table, or a row of it cannot be used; names file and line.
    """
    labels = folder / "labels.csv"
    photos = tuple(_photo(folder, *row) for row in read_rows(labels, ("image", "emotion")))
    if not photos:
        raise InputError(f"{labels} lists no photo.")
    return photos


def _photo(folder: Path, place: str, row: dict[str, str]) -> Photo:
    name, word = row["image"], row["emotion"]
    emotion = canonical(word)
    if emotion not in FER2013:
        raise InputError(f"{place}: {word!r} is not one of {', '.join(FER2013)}.")
    path = folder / "images" / name
    if not name or not path.is_file():
        raise InputError(f"{place}: there is no photo {path}.")
    return Photo(path, emotion)


def find_faces(parts: OpenedParts, photos: Sequence[Photo]) -> tuple[PhotoFace, ...]:
    """The largest verified face of each photo that has one, with its surroundings.

    Raises:
        InputError: If a photo cannot be read.
    """
    faces = []
    for photo in photos:
        image = read_picture(photo.path)
        face = largest(parts.faces(image))
        if face is not None:
            faces.append(_around(image, face, FER2013.index(photo.emotion)))
    return tuple(faces)


def _around(image: Image, face: Detection, truth: int) -> PhotoFace:
    box = face.box
    height, width = image.shape[:2]
    reach = max(box.w, box.h) * _REACH / 2
    left, top = (int(min(max(c - reach, 0), size - 1)) for c, size in zip(box.center, (width, height), strict=True))
    right, bottom = (int(np.ceil(c + reach)) for c in box.center)
    part = image[top : max(bottom, top + 1), left : max(right, left + 1)].copy()
    return PhotoFace(part, face.moved(-left, -top), truth)


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
