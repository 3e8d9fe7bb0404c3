"""Strips of colour over time: one row a face, made as one picture and looked up, never scanned."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.core.palette import color_of
from app.core.reading import FaceSpan
from app.core.store import NONE, ReadingStore
from app.player.player import Readings

MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Strips:
    """What a bar shows.

    Attributes:
        faces: Those with a row, by id.
        more: How many have none, because there are too many.
        image: One pixel high a face, one wide a stretch of time; transparent where the face is not.
        nobody: (start, end) in stretches of time in which nobody is seen.
        covered: Stretches that have been read.
    """

    faces: tuple[FaceSpan, ...]
    more: int
    image: QImage
    nobody: tuple[tuple[int, int], ...]
    covered: int


def rows_of(
    faces: tuple[FaceSpan, ...], start_s: float, end_s: float, chosen: int | None = None, most: int = MOST_ROWS
) -> tuple[FaceSpan, ...]:
    """The faces that have a row in a stretch of film, in the order of ids.

    First comes the chosen one, then those that are seen longest in the stretch, then those seen longest elsewhere: the
    number of rows is the same in every stretch, so that nothing moves when the bar follows a film.
    """

    def rank(face: FaceSpan) -> tuple[bool, float, int]:
        lasts_s = face.last_s - face.first_s
        seen_s = min(face.last_s, end_s) - max(face.first_s, start_s)
        share = min(max(seen_s / lasts_s, 0.0), 1.0) if lasts_s > 0 else float(seen_s >= 0)
        return face.track_id != chosen, -share * face.frames, -face.frames

    return tuple(sorted(sorted(faces, key=rank)[:most], key=lambda face: face.track_id))


def strips(store: ReadingStore, start_s: float, end_s: float, width: int, chosen: int | None = None) -> Strips:
    """The strips of a stretch of film.

    Args:
        store: What was read so far.
        start_s, end_s: The stretch in seconds, not empty.
        width: Stretches of time, one a pixel.
        chosen: A face that has a row in any case.
    """
    edges = np.linspace(start_s, end_s, width + 1)
    everybody = store.faces()
    faces = rows_of(everybody, start_s, end_s, chosen)
    colours = _colours(store.names)
    pixels = np.zeros((max(len(faces), 1), width), np.uint32)
    for row, face in enumerate(faces):
        pixels[row] = colours[store.strip(face.track_id, edges)]
    image = QImage(pixels.data, width, len(pixels), pixels.strides[0], QImage.Format.Format_ARGB32).copy()
    peopled = store.peopled(edges)
    covered = int(np.count_nonzero(peopled != NONE))
    return Strips(faces, len(everybody) - len(faces), image, _stretches(peopled == 0), covered)


def face_strip(readings: Readings, track_id: int, edges_s: NDArray[np.float64]) -> QImage:
    """One face's label over time, one pixel a stretch; transparent where the face is not."""
    pixels = _colours(readings.names)[readings.strip(track_id, edges_s)]
    return QImage(pixels.data, len(pixels), 1, pixels.nbytes, QImage.Format.Format_ARGB32).copy()


def _colours(names: tuple[str, ...]) -> NDArray[np.uint32]:
    """0xAARRGGBB of every label's code; the last one, which `NONE` finds, is transparent."""
    values = [color_of(name) for name in names]
    return np.array([0xFF000000 | r << 16 | g << 8 | b for r, g, b in values] + [0], np.uint32)


def _stretches(true: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """Where a row of flags is true: (first, one past the last) of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    return tuple((int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True))
