"""`quality`: accuracy on photos that are degraded step by step: smaller, darker, more blurred and so on."""

import argparse
import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import cv2
import numpy as np

from app.commands.photos import PhotoFace, find_faces, read_labels
from app.commands.score import seven
from app.core.crop import crop_faces
from app.core.quality import BLURRED, COVERED, CUT, TOO_BRIGHT, TOO_DARK, TOO_SMALL, TURNED_AWAY, assess, measure
from app.core.types import Box, Detection, Image
from app.headless.parts import OpenedParts, opened
from app.options import Options, add_options
from app.sinks.output import writing
from models.errors import InputError

COLUMNS = ("way", "level", "measure", "accuracy", "marked", "photos")
"""What was done to the photos and how much, the median of what `app.core.quality` measures for it, the accuracy, the
share of the photos that get the reason, and their number. `turned away` has the photos as they are, by the measure."""

_PARTS = 10
"""Number of equal groups into which the photos are divided by how far their faces are turned away."""


class Row(NamedTuple):
    """One row of the table, see `COLUMNS`."""

    way: str
    level: float
    measure: np.floating
    accuracy: np.floating
    marked: np.floating
    photos: int


@dataclass(frozen=True, slots=True)
class Degradation:
    """A degradation: its reason, its measure, its levels, and the function that applies it."""

    reason: str
    measure: str
    levels: tuple[float, ...]
    spoil: Callable[[Image, Detection, float], tuple[Image, Detection]]


def add_parser(subparsers: Any) -> None:
    """Add `quality` to the commands."""
    parser = subparsers.add_parser(
        "quality",
        help="measure the accuracy on photos that are degraded step by step",
        description="Takes the largest face of each photo of DIR (as `score` does), makes it small, dark, bright, "
        "blurred, cut or covered, and prints how often it is still read correctly and how often it gets the reason.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with images and labels.csv")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="write the table too")
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, print and write.

    Raises:
        InputError: If the labels, a photo, the model, the detector or the file cannot be used.
    """
    photos = read_labels(args.folder)
    if args.out is not None and not args.out.parent.is_dir():
        raise InputError(f"{args.out} cannot be written: there is no folder {args.out.parent}.")
    with opened(Options.of(args)) as parts:
        faces = find_faces(parts, photos)
        if not faces:
            raise InputError(f"No face was found on the photos of {args.folder}.")
        rows = table(parts, faces)
    for row in rows:
        print(f"{row.way:<20}{row.level:>8g}{row.measure:>10.3f}{row.accuracy:>9.1%}{row.marked:>9.1%}{row.photos:>6}")
    if args.out is not None:
        with writing(args.out), args.out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((way, f"{level:g}", *(f"{x:.4f}" for x in shares), n) for way, level, *shares, n in rows)
    return 0


def table(parts: OpenedParts, faces: Sequence[PhotoFace]) -> list[Row]:
    """One row per degradation and level."""
    rows = []
    for name, way in DEGRADATIONS.items():
        for level in way.levels:
            spoiled = [way.spoil(one.image, one.face, level) for one in faces]
            right = _right(parts, faces, spoiled)
            values = [getattr(measure(*each), way.measure) for each in spoiled]
            marked = [way.reason in assess(*each) for each in spoiled]
            rows.append(Row(name, level, np.median(values), np.mean(right), np.mean(marked), len(faces)))
    plain = [(one.image, one.face) for one in faces]
    right = _right(parts, faces, plain)
    turn = np.array([measure(*each).turn for each in plain])
    away = np.array([TURNED_AWAY in assess(*each) for each in plain])
    for members in np.array_split(np.argsort(turn, kind="stable"), min(_PARTS, len(faces))):
        shares = np.median(turn[members]), np.mean(right[members]), np.mean(away[members])
        rows.append(Row(TURNED_AWAY, 0.0, *shares, len(members)))
    return rows


def _right(parts: OpenedParts, faces: Sequence[PhotoFace], pictures: Sequence[tuple[Image, Detection]]) -> np.ndarray:
    geometry = parts.classifier.bundle.crop(parts.detector.name)
    crops = np.concatenate([crop_faces(image, [face], geometry=geometry) for image, face in pictures])
    read = seven(parts, parts.classifier.probabilities(crops)).argmax(axis=1)
    return np.asarray(read == [one.truth for one in faces])


def _small(image: Image, face: Detection, level: float) -> tuple[Image, Detection]:
    scale = min(1.0, level / max(face.box.w, face.box.h))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    box, points = face.box, face.keypoints
    smaller = Detection(
        Box(box.x * scale, box.y * scale, box.w * scale, box.h * scale),
        face.score,
        None if points is None else points * np.float32(scale),
    )
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), smaller


def _gain(image: Image, face: Detection, level: float) -> tuple[Image, Detection]:
    return np.clip(np.rint(image * float(level)), 0, 255).astype(np.uint8), face


def _blurred(image: Image, face: Detection, level: float) -> tuple[Image, Detection]:
    sigma = level * max(face.box.w, face.box.h)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8), face


def _cut(image: Image, face: Detection, level: float) -> tuple[Image, Detection]:
    left = min(max(0, round(face.box.x + level * face.box.w)), image.shape[1] - 1)
    return image[:, left:], face.moved(-left, 0)


def _band(start: float) -> Callable[[Image, Detection, float], tuple[Image, Detection]]:
    """Cover a part of the face from `start` of its height on; the level is its share of the height."""

    def spoil(image: Image, face: Detection, level: float) -> tuple[Image, Detection]:
        box, covered = face.box, image.copy()
        top, left = max(0, round(box.y + start * box.h)), max(0, round(box.x - 0.1 * box.w))
        rows = slice(top, max(top, round(box.y + (start + level) * box.h)))
        covered[rows, left : max(left, round(box.x + 1.1 * box.w))] = (60, 60, 60)
        return covered, face

    return spoil


DEGRADATIONS: Mapping[str, Degradation] = MappingProxyType(
    {
        TOO_SMALL: Degradation(TOO_SMALL, "side", (96, 64, 48, 32, 24, 20, 16, 12, 8), _small),
        TOO_DARK: Degradation(TOO_DARK, "level", (1, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015), _gain),
        TOO_BRIGHT: Degradation(TOO_BRIGHT, "burnt", (1, 1.5, 2, 3, 4, 6), _gain),
        BLURRED: Degradation(BLURRED, "sharpness", (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.14), _blurred),
        CUT: Degradation(CUT, "outside", (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6), _cut),
        f"{COVERED}: eyes": Degradation(COVERED, "eyes", (0.1, 0.2, 0.3, 0.4), _band(0.1)),
        f"{COVERED}: mouth": Degradation(COVERED, "mouth", (0.1, 0.2, 0.3, 0.4), _band(0.6)),
    }
)
"""The degradations, by name."""
