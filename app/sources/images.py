"""Pictures: one, or a folder of them as a sequence in name order."""

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from app.core.types import Frame, Image, SourceInfo
from app.quiet import quiet_stderr
from app.sources.content import PICTURE_SUFFIXES, head_of, is_text, picture_kind
from app.sources.recording import Recording
from models.errors import InputError

_NEUTRAL = 128.0
"""The gray behind transparent pixels: what they hide is often black or garbage, and gray favours neither edge."""

_FPS = 30.0
"""Pictures per second of a folder that holds a recording."""

_SIDE = 32
_ALIKE = 0.75
"""Side in pixels of the thumbnails that tell whether two pictures are neighbours, and their least correlation then."""


def read_picture(path: str | Path) -> Image:
    """Read one picture of any size and depth.

    Gray becomes three equal channels, 16 bits become 8 (the upper ones), transparency is laid over neutral gray, and
    the EXIF orientation is honoured (pictures with transparency are taken as stored). Of an animation, the first
    picture.

    Args:
        path: The file; any characters.

    Returns:
        BGR uint8, shape (H, W, 3).

    Raises:
        InputError: If the file is missing, empty, unreadable, no picture, damaged, or larger than OpenCV's pixel limit.
    """
    path = Path(path)
    head = head_of(path)
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
    kind = picture_kind(head)
    try:
        image = _decode(data) if kind == "a JPEG picture" else _decode_with_alpha(data)
    except (cv2.error, MemoryError) as error:
        size = "pixels <= CV_IO_MAX" in str(error) or isinstance(error, MemoryError)
        reason = "has too many pixels" if size else "cannot be decoded"
        raise InputError(f"{path} {reason}; save it smaller, as JPEG or PNG") from error
    if image is None:
        what = f"is {kind} that is damaged, incomplete or too large" if kind else "is no picture"
        what = "is a text, not a picture" if is_text(head) else what
        raise InputError(f"{path} {what}; save it again as JPEG or PNG")
    return image


def _decode(data: np.ndarray) -> Image | None:
    image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)


def _decode_with_alpha(data: np.ndarray) -> Image | None:
    """Decode a format that may carry transparency."""
    with quiet_stderr():  # libpng reports damage there
        full = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
        if full is None or full.ndim != 3 or full.shape[2] != 4 or full.dtype not in (np.uint8, np.uint16):
            return _decode(data)
    top = 255.0 if full.dtype == np.uint8 else 65535.0
    alpha = full[..., 3:].astype(np.float32) / top
    colour = full[..., :3].astype(np.float32) * (255 / top)
    return np.rint(colour * alpha + _NEUTRAL * (1 - alpha)).astype(np.uint8)


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which `face2` comes before `face10`.

    >>> sorted(["b1", "face10", "face2"], key=natural_key)
    ['b1', 'face2', 'face10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return tuple((0, int(part), part) if part[0] in "0123456789" else (1, 0, part) for part in parts)


class Picture(Recording):
    """A single picture as a source of one frame.

    Raises:
        InputError: As `read_picture` does.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._image = read_picture(path)
        height, width = self._image.shape[:2]
        self.info = SourceInfo(str(path), width, height, fps=None, frame_count=1, live=False)

    def _frames(self) -> Iterator[Frame]:
        yield Frame(0, 0.0, self._image, still=True)


class PictureFolder(Recording):
    """The pictures of a folder, one sequence in natural name order; their sizes may differ.

    They are either the frames of a recording or pictures that stand alone (`Frame.still`), such as photos of different
    people. Files that do not have a picture's suffix, hidden files and folders within are ignored.

    Args:
        path: The folder.
        fps: Pictures per second of a recording. By default the first two pictures tell what the folder is: a recording
            of 30 a second where they are alike, as neighbouring frames are.

    Attributes:
        apart: Whether each picture stands alone.

    Raises:
        InputError: If there is no picture, or none that can be read. While iterating: after all the good ones, if some
            could not be read; the sentence names the first of them.
    """

    def __init__(self, path: str | Path, fps: float | None = None) -> None:
        super().__init__()
        if fps is not None and fps <= 0:
            raise InputError(f"{fps} pictures per second is no rate for {path}; give a number above 0")
        self._folder = Path(path)
        self._paths = self._listing()
        self._damaged: list[InputError] = []
        self._waiting = iter(self._paths)
        first = self._next_good()
        if first is None:
            raise self._damaged[0]
        second = self._next_good()
        self.apart = fps is None and (second is None or not _are_neighbours(first, second))
        self._begun = [image for image in (first, second) if image is not None]
        height, width = first.shape[:2]
        self.info = SourceInfo(str(path), width, height, float(fps or _FPS), len(self._paths), live=False)

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

    def _next_good(self) -> Image | None:
        for path in self._waiting:
            try:
                return read_picture(path)
            except InputError as error:
                self._damaged.append(error)
        return None

    def _frames(self) -> Iterator[Frame]:
        fps = self.info.fps or _FPS
        index = 0
        while (image := self._begun.pop(0) if self._begun else self._next_good()) is not None:
            yield Frame(index, index / fps, image, still=self.apart)
            index += 1
        if self._damaged:
            more = len(self._damaged) - 1
            others = f" ({more} more {'picture' if more == 1 else 'pictures'} beside it failed)" if more else ""
            raise InputError(f"{self._damaged[0]}{others}; the other {index} of {len(self._paths)} pictures were read")


def _are_neighbours(first: Image, second: Image) -> bool:
    """Whether two pictures look like neighbouring frames of one recording: of one size, and alike as a whole.

    Among the photos of docs/photos.txt 2 of the 508 neighbours of one size pass for a recording; of the demo clip's
    frames 496 of 499 do.
    """
    if first.shape != second.shape:
        return False
    a, b = _thumbnail(first), _thumbnail(second)
    spread = a.std() * b.std()
    # Without any contrast there is nothing that tells them apart.
    return bool(spread == 0 or (a * b).mean() > _ALIKE * spread)


def _thumbnail(image: Image) -> np.ndarray:
    """Gray levels about their mean, float64 (32, 32)."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    levels = np.asarray(cv2.resize(gray, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float64)
    return levels - levels.mean()
