"""A folder of pictures: the frames of a recording, or pictures that stand alone."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from app.core.types import Frame, Image, SourceInfo
from app.sources.content import PICTURE_SUFFIXES
from app.sources.images import read_picture
from app.sources.recording import Recording
from models.errors import InputError

_FPS = 30.0
"""Pictures per second of a recording that does not say its own."""

_PAIRS = 4
"""Pairs of neighbours, spread over a folder, that tell whether it is a recording."""

_SIDE, _ALIKE, _CONTRAST = 32, 0.75, 2.0
"""Side in pixels of the thumbnails that are compared, their least correlation within a recording, and the standard
deviation in gray levels below which one shows nothing that could be compared."""


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which `face2` comes before `face10`.

    >>> sorted(["b1", "face10", "face2"], key=natural_key)
    ['b1', 'face2', 'face10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return tuple((0, int(part), part) if part[0] in "0123456789" else (1, 0, part) for part in parts)


class PictureFolder(Recording):
    """The pictures of a folder, one sequence in natural name order; their sizes may differ.

    They are either the frames of a recording or pictures that stand alone (`Frame.still`), such as photos of different
    people. Files that do not have a picture's suffix, hidden files and folders within are ignored.

    Args:
        path: The folder.
        fps: Pictures per second of a recording, or 0 for pictures that stand alone. By default `is_recording` tells
            which it is, at 30 a second.

    Attributes:
        apart: Whether each picture stands alone.

    Raises:
        InputError: If there is no picture, or none that can be read. While iterating: after all the good ones, if some
            could not be read; the sentence names the first of them.
    """

    def __init__(self, path: str | Path, fps: float | None = None) -> None:
        super().__init__()
        if fps is not None and fps < 0:
            raise InputError(f"{fps} pictures per second is no rate for {path}; give 0 or more")
        self._folder = Path(path)
        self._paths = self._listing()
        self._damaged: list[InputError] = []
        self._waiting = iter(self._paths)
        self._first = self._next_good()
        if self._first is None:
            raise self._damaged[0]
        self.apart = not is_recording(self._paths) if fps is None else fps == 0
        height, width = self._first[1].shape[:2]
        self.info = SourceInfo(str(path), width, height, fps or _FPS, len(self._paths), live=False)

    def _listing(self) -> list[Path]:
        try:
            entries = sorted(self._folder.iterdir(), key=lambda entry: (natural_key(entry.name), entry.name))
        except OSError as error:
            raise InputError(f"{self._folder} cannot be listed: {error.strerror}; name a folder of pictures") from error
        paths = [
            entry
            for entry in entries
            if entry.suffix.lower() in PICTURE_SUFFIXES and not entry.name.startswith(".") and entry.is_file()
        ]
        if not paths:
            raise InputError(f"{self._folder} contains no picture; put JPEG or PNG files there or name another folder")
        return paths

    def _next_good(self) -> tuple[str, Image] | None:
        for path in self._waiting:
            try:
                return path.name, read_picture(path)
            except InputError as error:
                self._damaged.append(error)
        return None

    def _frames(self) -> Iterator[Frame]:
        fps = self.info.fps or _FPS
        index = 0
        good, self._first = self._first, None
        while good is not None:
            name, image = good
            yield Frame(index, index / fps, image, still=self.apart, name=name)
            index += 1
            good = self._next_good()
        if self._damaged:
            more = len(self._damaged) - 1
            others = f" ({more} more {'picture' if more == 1 else 'pictures'} beside it failed)" if more else ""
            raise InputError(f"{self._damaged[0]}{others}; the other {index} of {len(self._paths)} pictures were read")


def is_recording(paths: Sequence[Path]) -> bool:
    """Whether pictures look like the frames of one recording: most neighbours have one size and are alike as a whole.

    Up to four pairs, spread evenly, are looked at; those that cannot be read or show nothing do not count. Among the
    photos of docs/photos.txt 2 of the 508 neighbours of one size are alike; of the demo clip's frames 496 of 499.

    Args:
        paths: The pictures in order.
    """
    if len(paths) < 2:
        return False
    starts = {i * (len(paths) - 2) // (_PAIRS - 1) for i in range(_PAIRS)}
    votes = [vote for start in sorted(starts) if (vote := _are_alike(*paths[start : start + 2])) is not None]
    return 2 * sum(votes) >= len(votes)


def _are_alike(first: Path, second: Path) -> bool | None:
    try:
        images = read_picture(first), read_picture(second)
    except InputError:
        return None  # said when its turn comes
    if images[0].shape != images[1].shape:
        return False
    a, b = map(_thumbnail, images)
    if min(a.std(), b.std()) < _CONTRAST:
        return None
    return bool((a * b).mean() > _ALIKE * a.std() * b.std())


def _thumbnail(image: Image) -> np.ndarray:
    """Gray levels about their mean, float64 (32, 32)."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    levels = np.asarray(cv2.resize(gray, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float64)
    return levels - levels.mean()
