"""Decides whether pictures are frames of one recording or single pictures, by names, times and similarity."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.types import Image
from app.sources.images import read_picture
from models.errors import InputError

_PAIRS = 8
"""Pairs of pictures, spread over a folder, that are compared."""

_SIDE, _ALIKE, _CONTRAST = 32, 0.75, 2.0
"""Side in pixels of the thumbnails that are compared, their least correlation within a recording, and the standard
deviation in gray levels below which one shows nothing that could be compared."""

_FINE_SIDE, _FINE_SIGMA = 64, 2.0
"""Side of the thumbnails whose details are compared, and the blur that is subtracted to isolate details."""

_ONE_SCENE, _STANDS, _NEARER = 0.6, 0.93, 0.1
"""Mean of both correlations of neighbours: the minimum within a scene; the value that only the same scene reaches; the
margin over pictures far apart, for scenes with movement."""

_FRAME_WORDS = re.compile(r"(?<![a-z])(frames?|frm|stills?|shots?|seq|video|vid|clip|timelapse|lapse|capture)[^a-z]*\d")
_NUMBER = re.compile(r"\d+")
_SERIES = 0.8
"""Least share of names that differ only in their numbers."""

_EXIF_HEAD = 1 << 17
_EXIF_TIME = re.compile(rb"(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)\0")
_STEADY_S, _STEADY = 2.0, 0.2
"""Tolerance for the intervals of a time-lapse series, in seconds or as a share."""

_Likeness = tuple[float, float]


def is_recording(paths: Sequence[Path]) -> bool:
    """Whether pictures are the frames of one recording, or a time-lapse series of one scene.

    Pictures are single if their names differ in more than numbers, or if they were not taken in the order of their
    names. If the names suggest frames, or the times that cameras write into pictures are evenly spaced, it suffices
    that most neighbours are similar overall. Otherwise they must also share their details, which portraits cropped in
    the same way do not, and must either be nearly identical or be more similar than pictures far apart. Pictures that
    cannot be read or show nothing are ignored.

    Measured on neighbours: the mean of both correlations has the median 0.61 among 150 faces cut from the photos of
    docs/photos.txt onto one gray ground, no higher than far apart, and 0.99 among the demo clip's frames.

    Args:
        paths: The pictures in order.
    """
    if len(paths) < 2 or not _are_a_series(paths):
        return False
    starts = _spread(len(paths) - 1)
    steady = _are_steady([(_taken(paths[i]), _taken(paths[i + 1])) for i in starts])
    if steady is False:
        return False
    near = _likenesses((paths[i], paths[i + 1]) for i in starts)
    if steady or _FRAME_WORDS.search(paths[0].name.casefold()):
        return 2 * sum(whole > _ALIKE for whole, _ in near) >= len(near)
    if not near:
        return True
    closeness = median(map(_mean, near))
    if closeness < _ONE_SCENE or 2 * sum(whole > _ALIKE for whole, _ in near) < len(near):
        return False
    if closeness > _STANDS:
        return True
    apart = max(2, len(paths) // 2)
    far = _likenesses((paths[i], paths[i + apart]) for i in _spread(len(paths) - apart))
    return not far or closeness - median(map(_mean, far)) > _NEARER


def _are_a_series(paths: Sequence[Path]) -> bool:
    shapes = [_NUMBER.sub("#", path.stem.casefold()) for path in paths]
    commonest = max(set(shapes), key=shapes.count)
    return "#" in commonest and shapes.count(commonest) >= _SERIES * len(shapes)


def _spread(count: int) -> list[int]:
    """Up to `_PAIRS` of the numbers below `count`, evenly spread."""
    return sorted({i * (count - 1) // (_PAIRS - 1) for i in range(_PAIRS)}) if count > 0 else []


def _taken(path: Path) -> datetime | None:
    """When a camera took a picture: the earliest time in the beginning of its file; None if there is none."""
    try:
        with path.open("rb") as file:
            found = _EXIF_TIME.findall(file.read(_EXIF_HEAD))
        return min((datetime.strptime(stamp.decode(), "%Y:%m:%d %H:%M:%S") for stamp in found), default=None)
    except (OSError, ValueError):
        return None


def _are_steady(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> bool | None:
    """Whether neighbours were taken at even intervals; False if not in their order, None if that says nothing."""
    known = [(first, second) for first, second in pairs if first is not None and second is not None]
    if not known:
        return None
    steps_s = [(second - first).total_seconds() for first, second in known]
    if min(steps_s) < 0:
        return False
    typical_s = median(steps_s)
    return True if max(abs(s - typical_s) for s in steps_s) <= max(_STEADY_S, _STEADY * typical_s) else None


def _likenesses(pairs: Iterable[tuple[Path, Path]]) -> list[_Likeness]:
    found = (_likeness(*pair) for pair in pairs)
    return [likeness for likeness in found if likeness is not None]


def _likeness(first: Path, second: Path) -> _Likeness | None:
    """Correlation of two pictures as a whole and of their details; None if nothing can be compared."""
    try:
        images = read_picture(first), read_picture(second)
    except InputError:
        return None  # reported when it is read
    if images[0].shape != images[1].shape:
        return 0.0, 0.0
    a, b = (_thumbnail(image, _SIDE) for image in images)
    if min(a.std(), b.std()) < _CONTRAST:
        return None
    return _correlation(a, b), _correlation(*(_details(_thumbnail(image, _FINE_SIDE)) for image in images))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).mean() / max(a.std() * b.std(), 1e-9))


def _details(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    return levels - np.asarray(cv2.GaussianBlur(levels, (0, 0), _FINE_SIGMA), np.float64)


def _thumbnail(image: Image, side: int) -> NDArray[np.float64]:
    """Gray levels, float64 (side, side)."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(gray, (side, side), interpolation=cv2.INTER_AREA), np.float64)


def _mean(likeness: _Likeness) -> float:
    return sum(likeness) / 2
