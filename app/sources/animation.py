"""Animated pictures: which files are films, and a source for those that Pillow plays and FFmpeg does not."""

import threading
from collections.abc import Iterator
from pathlib import Path

import av.error

from app.core.types import Frame, Image, SourceInfo
from app.sources.container import open_container
from app.sources.content import GIF, HEIC, JPEG, JPEG_SUFFIXES, JXL, PNG, WEBP
from app.sources.decoder import StreamDecoder
from app.sources.pillow import PILLOW_ERRORS, bgr_of, opened
from app.sources.recording import Recording, nothing_in
from models.errors import InputError

PILLOW_PLAYS = frozenset((WEBP, JXL))
_LEAST_S, _USUAL_S = 0.011, 0.1
"""A picture with a shorter duration is shown for the default one, as in browsers."""
_ROUNDING_S = 1e-4


def is_animation(path: Path, kind: str) -> bool:
    """Whether a picture file is a film: two or more pictures in succession.

    A JPEG file with a JPEG suffix is a photo, even if previews and depth maps follow in it.

    Args:
        path: The file.
        kind: As `picture_kind` names it.
    """
    if kind in PILLOW_PLAYS:
        try:
            with opened(path) as file:
                return int(getattr(file, "n_frames", 1)) > 1
        except PILLOW_ERRORS:
            return False
    if kind in (GIF, HEIC, PNG) or (kind == JPEG and path.suffix.lower() not in JPEG_SUFFIXES):
        return has_two_packets(path)
    return False


def has_two_packets(path: Path) -> bool:
    """Whether FFmpeg finds two pictures or more in a file."""
    try:
        container = open_container(path, threading.Event())
    except (InputError, av.error.FFmpegError, OSError, ValueError):
        return False
    try:
        return StreamDecoder(container, careful=True).has_two()
    finally:
        container.close()


class Animation(Recording):
    """An animated WebP or JPEG XL: every picture once, at the time when the previous one ends.

    Args:
        path: The file.
        start_s: The first frame is the first one at or after this time.
        end_s: Frames from this time on are left out.

    Raises:
        InputError: If it is missing or damaged, or has no picture in the part. While iterating: if it breaks off, after
            every picture that could be read.
    """

    def __init__(self, path: str | Path, *, start_s: float | None = None, end_s: float | None = None) -> None:
        super().__init__()
        self._name = str(path)
        self._end_s = end_s
        try:
            self._file = opened(Path(path))
            first, duration_s = self._picture(0)
            count = int(getattr(self._file, "n_frames", 1))
        except PILLOW_ERRORS as error:
            raise InputError(f"{path} is damaged or incomplete; get the file again") from error
        height, width = first.shape[:2]
        self.info = SourceInfo(self._name, width, height, round(1 / duration_s, 3), count, live=False)
        try:
            self._index, self._time_s = self._start_of_part(start_s or 0.0)
            if end_s is not None and self._time_s >= end_s - _ROUNDING_S:
                raise InputError(nothing_in(self._name, start_s, end_s, self._time_s))
        except InputError:
            self._file.close()
            raise

    def _start_of_part(self, start_s: float) -> tuple[int, float]:
        """Number and time of the first picture at or after a time."""
        time_s = last_s = 0.0
        for index in range(self.info.frame_count or 0):
            if time_s >= start_s - _ROUNDING_S:
                return index, time_s
            last_s, time_s = time_s, time_s + self._timed(index)[1]
        raise InputError(f"{self._name} has its last frame at {last_s:.2f} s; start before it")

    def _picture(self, index: int) -> tuple[Image, float]:
        self._file.seek(index)
        image = bgr_of(self._file)
        duration_s = float(self._file.info.get("duration") or 0) / 1000
        return image, duration_s if duration_s >= _LEAST_S else _USUAL_S

    def _timed(self, index: int) -> tuple[Image, float]:
        """The picture at a place and its duration.

        Raises:
            InputError: If the file breaks off there.
        """
        try:
            return self._picture(index)
        except PILLOW_ERRORS as error:
            kept = "what was read is kept, get the file again for the rest"
            raise InputError(
                f"{self._name} breaks off after {index} of {self.info.frame_count} frames; {kept}"
            ) from error

    def _frames(self) -> Iterator[Frame]:
        time_s = self._time_s
        for index in range(self._index, self.info.frame_count or 0):
            if self._end_s is not None and time_s >= self._end_s - _ROUNDING_S:
                return
            image, duration_s = self._timed(index)
            yield Frame(index, time_s, image, duration_s=duration_s)
            time_s += duration_s

    def _release(self) -> None:
        self._file.close()
