"""The thread that encodes a recording's pictures, so that nothing else waits for the encoder or the disk."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.types import Box, FaceResult, Image
from app.sessions.blur import Faces, blurred
from app.sessions.clean_video import CleanVideo
from app.sessions.encoders import Encoder
from app.sessions.frames import FrameQueue, Waiting

_PATIENCE_S = 2.0
"""A picture to be blurred waits this long for its faces; then it is blurred completely."""

_JOIN_S = 30.0


class VideoWriter:
    """Numbers pictures and writes them in its own thread, started by `start`. Until then they are queued.

    Args:
        encoder: What encodes.
        fps: Frames per second, about.
        faces: The places of faces to blur; None writes the pictures unchanged.
        failed: Called with the error of the encoder or the file, in the thread; no picture is written after that.

    Attributes:
        ended: Whether no further picture will be written.
    """

    def __init__(self, encoder: Encoder, fps: float, faces: Faces | None, failed: Callable[[Exception], None]) -> None:
        self.ended = False
        self._encoder = encoder
        self._fps = fps
        self._faces = faces
        self._failed = failed
        self._seen = threading.Condition()
        self._closing = False
        self._queue = FrameQueue()
        self._video: CleanVideo | None = None
        self._thread: threading.Thread | None = None
        self._numbered = 0

    @property
    def on_disk(self) -> int:
        """Number of pictures that are safely in the file; all of them once it has `ended`."""
        return 0 if self._video is None else self._video.on_disk

    def start(self, path: Path) -> None:
        """Start writing into a file."""
        self._thread = threading.Thread(target=self._work, args=(path,), name="encoder", daemon=True)
        self._thread.start()

    def put(self, image: Image, time_s: float, *, wait: bool = False) -> int | None:
        """Take the next picture.

        Args:
            image: As the source gave it.
            time_s: Seconds from the recording's first picture.
            wait: Wait for room instead of leaving it out.

        Returns:
            Its number in the video, counted from 0, or None if it is left out.
        """
        if self.ended or not self._queue.put(Waiting(image, time_s), wait=wait):
            return None
        self._numbered += 1
        return self._numbered - 1

    def see(self, time_s: float, faces: Sequence[FaceResult]) -> None:
        """Add the faces of the next reading, for blurring."""
        if self._faces is not None:
            with self._seen:
                self._faces.add(time_s, faces)
                self._seen.notify_all()

    def sync(self) -> None:
        """Take what was written to the disk itself."""
        if self._video is not None and not self.ended:
            self._video.sync()

    def close(self) -> bool:
        """Write the queued pictures and finish the file; False if that takes too long."""
        self._queue.close()
        with self._seen:
            self._closing = True
            self._seen.notify_all()
        if self._thread is not None:
            self._thread.join(_JOIN_S)
        return self._thread is None or not self._thread.is_alive()

    def _work(self, path: Path) -> None:
        try:
            self._video = CleanVideo(path, self._encoder, self._fps)
            try:
                while (frame := self._queue.take()) is not None:
                    self._video.add(self._hidden(frame), frame.time_s)
            finally:
                self._video.close()
        except Exception as error:
            self._queue.close(discard=True)
            self.ended = True
            self._failed(error)
        finally:
            self.ended = True

    def _hidden(self, frame: Waiting) -> Image:
        """The picture, blurred if required."""
        if self._faces is None:
            return frame.image
        with self._seen:
            known = self._seen.wait_for(lambda: self._closing or self._faces_known(frame.time_s), _PATIENCE_S)
            boxes = self._faces.at(frame.time_s)
            known = known and self._faces_known(frame.time_s)
        if not known:
            height, width = frame.image.shape[:2]
            boxes = (Box(0, 0, width, height),)
        return blurred(frame.image, boxes)

    def _faces_known(self, time_s: float) -> bool:
        return self._faces is not None and self._faces.until_s >= time_s
