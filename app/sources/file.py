"""Video files, decoded by OpenCV's FFmpeg."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import cv2

import app.quiet  # noqa: F401  (before the first capture)
from app.core.types import Frame, Image, SourceInfo
from app.sources.content import head_of, is_cut_short, is_text, picture_kind
from app.sources.recording import Recording
from models.errors import InputError


class VideoFile(Recording):
    """A video file: every frame once, with its presentation time.

    Rotation in the metadata is honoured. Times are the container's, in seconds from its start; where they are missing
    or stand still, the frame rate counts on from the last good one, so times always increase.

    Args:
        path: The file.
        name: What to call it in messages and results; the path by default.

    Raises:
        InputError: If the file is missing, empty, unreadable, a picture, a text, or no frame of it can be decoded.
            While iterating: if the file breaks off, after every frame that could be read.
    """

    def __init__(self, path: str | Path, name: str | None = None) -> None:
        super().__init__()
        self._path = Path(path)
        self._name = name or str(path)
        _refuse_other_content(self._path)
        self._capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        first = _read(self._capture) if self._capture.isOpened() else None
        if first is None:
            self._capture.release()
            raise InputError(
                f"{self._path} is not a video that can be played: it is damaged, incomplete or of an unknown kind; "
                "get the file again or convert it to MP4"
            )
        self._first: Image | None = first
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.info = SourceInfo(
            name=self._name,
            width=first.shape[1],
            height=first.shape[0],
            fps=sane_fps(self._capture.get(cv2.CAP_PROP_FPS)),
            frame_count=int(count) if 0 < count < 1e9 else None,
            live=False,
        )

    def _frames(self) -> Iterator[Frame]:
        step_s = 1 / (self.info.fps or 30.0)
        index, time_s = 0, -step_s
        image, self._first = self._first, None
        while image is not None:
            shown_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            good = math.isfinite(shown_s) and shown_s > max(time_s, -1e-9)
            time_s = shown_s if good else time_s + step_s
            yield Frame(index, time_s, image)
            index += 1
            image = _read(self._capture)
        self._refuse_break(index, time_s + step_s)

    def _refuse_break(self, frames: int, end_s: float) -> None:
        """Raise if the frames ended before the file should.

        A container whose sizes reach beyond the end of the file is surely cut: one missing frame is enough. Otherwise
        the declared count is only a hint (an estimate from duration and rate in MKV, WebM and TS; sound may outlast the
        picture; an edit list hides up to a group of pictures), so a second or 5 % is forgiven, in frames and in time.
        """
        declared = self.info.frame_count
        try:
            cut = is_cut_short(self._path)
        except OSError:  # the file or its drive has gone since; whether frames are missing, the count tells
            cut = False
        if declared is None:
            if cut:
                raise InputError(f"{self._path} breaks off after {frames} frames; {_KEPT}")
            return
        fps = self.info.fps or 30.0
        forgiven = 0.0 if cut else max(fps, 0.05 * declared)
        late = cut or end_s < (declared - forgiven) / fps
        if declared - frames > forgiven and late:
            raise InputError(f"{self._path} breaks off after {frames} of {declared} frames; {_KEPT}")

    def _release(self) -> None:
        self._first = None
        self._capture.release()


_KEPT = "what was read is kept, get the file again for the rest"


def sane_fps(fps: float) -> float | None:
    """Return a frame rate that can be true, else None: OpenCV says 0, -1 or 90,000 where it does not know."""
    return float(fps) if math.isfinite(fps) and 0 < fps <= 1000 else None


def _refuse_other_content(path: Path) -> None:
    """Raise if the file is a still picture or a text, which FFmpeg may well open as a video."""
    head = head_of(path)
    kind = picture_kind(head)
    if kind and not (kind == "a GIF picture" and path.suffix.lower() == ".gif"):
        raise InputError(f"{path} is {kind}, not a video; give it a picture's suffix to analyse it as a picture")
    if is_text(head):
        raise InputError(f"{path} is a text, not a video; name a video file")


def _read(capture: cv2.VideoCapture) -> Image | None:
    """Decode the next frame, or None where there is none; a decoder that gives up counts as the end."""
    try:
        good, image = capture.read()
    except cv2.error:
        return None
    return cast(Image, image) if good and image is not None else None
