"""Plays a recorded source in real time."""

import threading
import time
from collections.abc import Iterator
from typing import Self

from app.core.stages import FrameSource
from app.core.types import STILL_S, Damage, Frame, SourceInfo

_LATE_S = 0.25


class Paced:
    """Delivers another source's frames when they are due, none before and none twice; can be paused.

    Pictures that stand alone follow each other after `STILL_S`, whatever their times say.

    A consumer that falls behind by more than a quarter of a second slows the playing down instead of being rushed. A
    live source paces itself and passes through.

    Args:
        source: The source to play; closed with this one.
    """

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._changed = threading.Condition()
        self._paused = False
        self._closed = False

    @property
    def info(self) -> SourceInfo:
        return self._source.info

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def damage(self) -> Damage:
        return self._source.damage

    @property
    def paused(self) -> bool:
        return self._paused

    def pause(self) -> None:
        """Hold the next frame back until `resume`."""
        self._set(paused=True)

    def resume(self) -> None:
        """Go on from where it was paused."""
        self._set(paused=False)

    def _set(self, *, paused: bool) -> None:
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Frame]:
        start_s: float | None = None
        shown_s = 0.0
        for frame in self._source:
            if start_s is None:
                start_s = time.monotonic() - frame.time_s
            elif frame.still:
                start_s = shown_s + STILL_S - frame.time_s
            held_s = self._wait(start_s + frame.time_s)
            if held_s is None:
                return
            start_s += held_s
            late_s = time.monotonic() - (start_s + frame.time_s)
            if late_s > _LATE_S:
                start_s += late_s
            shown_s = time.monotonic()
            yield frame

    def _wait(self, due_s: float) -> float | None:
        """Wait until a moment of the monotonic clock, longer while paused.

        Returns:
            The seconds spent in pause, by which everything later moves; None once closed.
        """
        held_s = 0.0
        with self._changed:
            while not self._closed:
                if self._paused:
                    began_s = time.monotonic()
                    self._changed.wait_for(lambda: self._closed or not self._paused)
                    held_s += time.monotonic() - began_s
                    continue
                left_s = due_s + held_s - time.monotonic()
                if left_s <= 0 or self.info.live:
                    return held_s
                self._changed.wait(left_s)
        return None

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
