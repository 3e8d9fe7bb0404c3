"""What recorded videos have in common, on a disk or at an address: OpenCV's FFmpeg decodes them frame by frame."""

import math
from collections.abc import Iterator
from typing import cast

import cv2

import app.quiet  # noqa: F401  (before the first capture)
from app.core.types import Frame, Image, SourceInfo
from app.sources.recording import Recording
from models.errors import InputError


class RecordedVideo(Recording):
    """A video with an end: every frame once, with its presentation time.

    Rotation in the metadata is honoured. Times are the container's, in seconds from its start; where they are missing
    or stand still, the frame rate counts on from the last good one, so times always increase.

    Args:
        capture: Open or not; released at the end, and when this raises.
        name: What messages and results call it.
        refused: The sentence for when no frame can be decoded.

    Raises:
        InputError: As `refused`. While iterating: if the video breaks off, after every frame that could be read.
    """

    def __init__(self, capture: cv2.VideoCapture, name: str, *, refused: str) -> None:
        super().__init__()
        self._capture = capture
        first = _read(capture) if capture.isOpened() else None
        if first is None:
            capture.release()
            raise InputError(refused)
        self._first: Image | None = first
        self.info = SourceInfo(
            name=name,
            width=first.shape[1],
            height=first.shape[0],
            fps=sane_fps(capture.get(cv2.CAP_PROP_FPS)),
            frame_count=declared_frames(capture),
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
        cut = self._is_cut()
        if declared is None:
            if cut:
                raise InputError(f"{self.info.name} breaks off after {frames} frames; {_KEPT}")
            return
        fps = self.info.fps or 30.0
        forgiven = 0.0 if cut else max(fps, 0.05 * declared)
        late = cut or end_s < (declared - forgiven) / fps
        if declared - frames > forgiven and late:
            raise InputError(f"{self.info.name} breaks off after {frames} of {declared} frames; {_KEPT}")

    def _is_cut(self) -> bool:
        """Whether bytes are surely missing; a subclass may know."""
        return False

    def _release(self) -> None:
        self._first = None
        self._capture.release()


_KEPT = "what was read is kept, get the file again for the rest"


def declared_frames(capture: cv2.VideoCapture) -> int | None:
    """How many frames a container says it has; None where it does not say, as a live one."""
    count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    return int(count) if 0 < count < 1e9 else None


def sane_fps(fps: float) -> float | None:
    """Return a frame rate that can be true, else None: OpenCV says 0, -1 or 90,000 where it does not know."""
    return float(fps) if math.isfinite(fps) and 0 < fps <= 1000 else None


def _read(capture: cv2.VideoCapture) -> Image | None:
    """Decode the next frame, or None where there is none; a decoder that gives up counts as the end."""
    try:
        good, image = capture.read()
    except cv2.error:
        return None
    return cast(Image, image) if good and image is not None else None
