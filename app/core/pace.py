"""Measures the frame rate."""

import time


class Pace:
    """Counts frames and measures the time from the first to the newest one, without start-up and shutdown.

    Written by one thread; others may read it.
    """

    def __init__(self) -> None:
        self._first_s = 0.0
        self._seen = (0, 0.0)

    def add(self) -> None:
        """Count a frame now."""
        now_s = time.perf_counter()
        count = self._seen[0] + 1
        if count == 1:
            self._first_s = now_s
        self._seen = count, now_s - self._first_s

    @property
    def frames(self) -> int:
        """Number of frames so far."""
        return self._seen[0]

    @property
    def fps(self) -> float | None:
        """Frames per second; None before the second frame."""
        count, seconds = self._seen
        return (count - 1) / seconds if count > 1 and seconds > 0 else None
