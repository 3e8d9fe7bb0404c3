"""The base of recorded sources: frames wait until they are taken, and none is dropped."""

import threading
import time
from collections.abc import Iterator
from typing import Self

from app.core.types import Damage, Frame, SourceInfo

_PATIENCE_S = 2.0


def nothing_in(name: str, start_s: float | None, end_s: float, next_s: float) -> str:
    """The sentence for a part of a recording without any frame.

    Args:
        name: The recording.
        start_s, end_s: The part in seconds; it has no start if it begins with the recording.
        next_s: The time of the first frame after it.
    """
    part = f"before {end_s:g} s" if start_s is None else f"from {start_s:g} to {end_s:g} s"
    return f"{name} has no frame {part}; the next one is at {next_s:.2f} s, choose an end after it"


class Recording:
    """Base of the sources that deliver every frame: video files and pictures.

    A subclass sets `info` in its constructor, reads in `_frames` and frees what it holds in `_release`. Both run under
    `_lock`, so that a close from another thread never frees a decoder in the middle of a read.
    """

    info: SourceInfo

    def __init__(self) -> None:
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._entered_s = 0.0

    @property
    def dropped(self) -> int:
        return 0

    @property
    def damage(self) -> Damage:
        return Damage()

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the user about problems of the source; complete once the iteration has ended."""
        return ()

    @property
    def silent_s(self) -> float:
        """For how many seconds a read has made no progress; 0 while nothing is being read."""
        return time.monotonic() - max(self._entered_s, self._alive_s) if self._lock.locked() else 0.0

    @property
    def _alive_s(self) -> float:
        """Time of the last sign of progress, on the monotonic clock; each read starts with one."""
        return self._entered_s

    def __iter__(self) -> Iterator[Frame]:
        frames = self._frames()
        while True:
            with self._lock:
                self._entered_s = time.monotonic()
                if self._closed.is_set():
                    return
                frame = next(frames, None)
            if frame is None:
                return
            yield frame

    def close(self) -> None:
        self._closed.set()
        if self._lock.acquire(timeout=_PATIENCE_S):
            try:
                self._release()
            finally:
                self._lock.release()
        else:  # the reading thread may be inside a library that hangs
            threading.Thread(target=self._release_later, name="closing", daemon=True).start()

    def _release_later(self) -> None:
        with self._lock:
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _frames(self) -> Iterator[Frame]:
        raise TypeError(f"{type(self).__name__} does not say how it reads frames")

    def _release(self) -> None:
        """Release the source's resources; called with the lock held, possibly twice."""
