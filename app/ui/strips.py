"""Strips of label colours over time, one row per face, built by lookup instead of scanning the readings."""

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
    """The strips of a time range.

    Attributes:
        faces: The faces that have a row, by id.
        more: Number of faces left out beyond `MOST_ROWS`.
        image: One row of pixels per face, one column per time step; transparent where the face is absent.
        nobody: Half-open ranges of time steps in which nobody is seen.
        covered: Number of time steps that have been analysed.
    """

    faces: tuple[FaceSpan, ...]
    more: int
    image: QImage
    nobody: tuple[tuple[int, int], ...]
    covered: int


def rows_of(
    faces: tuple[FaceSpan, ...], start_s: float, end_s: float, chosen: int | None = None, most: int = MOST_ROWS
) -> tuple[FaceSpan, ...]:
    """The faces that have a row in a time range of a film, in the order of their ids.

    The chosen face has priority, then the faces seen longest in the range, then those seen longest elsewhere. The
    number of rows is the same in every range, so that nothing moves when the bar follows a film.
    """

    def rank(face: FaceSpan) -> tuple[bool, float, int]:
        lasts_s = face.last_s - face.first_s
        seen_s = min(face.last_s, end_s) - max(face.first_s, start_s)
        share = min(max(seen_s / lasts_s, 0.0), 1.0) if lasts_s > 0 else float(seen_s >= 0)
        return face.track_id != chosen, -share * face.frames, -face.frames

    return tuple(sorted(sorted(faces, key=rank)[:most], key=lambda face: face.track_id))


def strips(store: ReadingStore, start_s: float, end_s: float, width: int, chosen: int | None = None) -> Strips:
    """The strips of a time range of a film.

    Args:
        store: The readings so far.
        start_s, end_s: The range in seconds, not empty.
        width: Number of time steps, one per pixel.
        chosen: A face that always has a row.
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
    """One face's labels, one pixel per step between `edges_s` (in seconds); transparent where the face is absent."""
    pixels = _colours(readings.names)[readings.strip(track_id, edges_s)]
    return QImage(pixels.data, len(pixels), 1, pixels.nbytes, QImage.Format.Format_ARGB32).copy()


def _colours(names: tuple[str, ...]) -> NDArray[np.uint32]:
    """0xAARRGGBB of every label's code; the last one, which `NONE` indexes, is transparent."""
    values = [color_of(name) for name in names]
    return np.array([0xFF000000 | r << 16 | g << 8 | b for r, g, b in values] + [0], np.uint32)


def _stretches(true: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """The runs of true values, as half-open ranges."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    return tuple((int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True))
