"""The clean video of a recording: the original pictures with their times."""

import os
from contextlib import suppress
from pathlib import Path

from av.packet import Packet
from av.video.stream import VideoStream

from app.core.types import Image
from app.sessions.encoders import Encoder, add_stream, encodable
from app.sinks.mp4 import TICKS, Mp4
from app.sinks.video import letterboxed, video_size

_FRAGMENT_S = 0.1
_OVERHEAD = 100
"""Least bytes that a fragment has beyond its pictures."""


class CleanVideo:
    """Writes an mp4 that can be played at any moment from its first fragment on, even if the program is killed.

    The first picture fixes the size; pictures of another size are fitted into it on black. Sides become even.

    Args:
        path: The file.
        encoder: The encoder.
        fps: Approximate frames per second.

    Attributes:
        on_disk: How many pictures are safely in the file.

    Raises:
        OSError, ValueError: From any method, if the encoder or the file fails. The part on disk stays readable.
    """

    def __init__(self, path: Path, encoder: Encoder, fps: float) -> None:
        self.path = path
        self.on_disk = 0
        self._encoder = encoder
        self._fps = fps
        self._mp4 = Mp4(path, _FRAGMENT_S)
        self._stream: VideoStream | None = None
        self._last_pts = -1
        self._muxed = 0
        self._size = self._waiting = 0

    def add(self, image: Image, time_s: float) -> None:
        """Encode the next picture, shown at `time_s` seconds from the first one."""
        if self._stream is None:
            high, wide = image.shape[:2]
            self._stream = add_stream(self._mp4.container, self._encoder, *video_size(wide, high), self._fps)
        # players refuse times that do not increase
        self._last_pts = max(self._last_pts + 1, round(time_s * TICKS))
        image = letterboxed(image, (self._stream.width, self._stream.height))
        self._mux(self._stream.encode(encodable(image, self._last_pts)))

    def sync(self) -> None:
        """Sync the file to disk, against power cuts. May be called from another thread."""
        with suppress(OSError):  # the next write will report it
            handle = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def close(self) -> None:
        """Turn it into an ordinary mp4. After a failure it stays fragmented, or is empty if no fragment is complete."""
        whole = False
        try:
            if self._stream is not None:
                self._mux(self._stream.encode(None))
            whole = True
        finally:
            self._mp4.close()
            if whole:
                self.on_disk = self._muxed

    def _mux(self, packets: list[Packet]) -> None:
        for packet in packets:
            length = packet.size
            self._mp4.mux(packet)
            size = self.path.stat().st_size
            # A fragment is written when the next one starts; the first bytes of the file are not a fragment.
            if size >= self._size + self._waiting + _OVERHEAD:
                self.on_disk, self._size, self._waiting = self._muxed, size, 0
            self._muxed += 1
            self._waiting += length
