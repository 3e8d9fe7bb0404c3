"""The queue of pictures for the encoder, which never blocks the camera."""

import threading
from collections import deque
from dataclasses import dataclass

from app.core.types import Image

_MOST_BYTES = 48 * 2**20
_LEAST = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that will be in the video.

    Attributes:
        image: As the source gave it.
        time_s: Seconds from the recording's first picture.
    """

    image: Image
    time_s: float


class FrameQueue:
    """A queue bounded by the bytes of its pictures. A picture that does not fit is refused; those already accepted are
    never dropped.

    Args:
        most_bytes: Limit for the sum of the pictures; eight are accepted in any case.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._frames: deque[Waiting] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, frame: Waiting, *, wait: bool = False) -> bool:
        """Take a picture; False if there is no room, or the queue is closed.

        Args:
            frame: The picture.
            wait: Wait for room, for sources that can wait.
        """
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._closed or self._has_room(frame))
            if self._closed or not self._has_room(frame):
                return False
            self._frames.append(frame)
            self._bytes += frame.image.nbytes
            self._changed.notify_all()
            return True

    def take(self) -> Waiting | None:
        """Wait for the next picture; None once the queue is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._frames))
            if not self._frames:
                return None
            frame = self._frames.popleft()
            self._bytes -= frame.image.nbytes
            self._changed.notify_all()
            return frame

    def close(self, *, discard: bool = False) -> None:
        """Accept no more pictures. May be called twice.

        Args:
            discard: Also drop those in the queue.
        """
        with self._changed:
            self._closed = True
            if discard:
                self._frames.clear()
            self._changed.notify_all()

    def _has_room(self, frame: Waiting) -> bool:
        return len(self._frames) < _LEAST or self._bytes + frame.image.nbytes <= self._most_bytes
